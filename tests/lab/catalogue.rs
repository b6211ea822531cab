//! The pages about the scenarios are the program's own. `LAB_BLESS=1 cargo test --test lab catalogue` writes them anew.

use lab::scenario::Group;

use super::golden::{difference, is_blessing};
use super::support::{cases, lab, root};

const PAGES: [(&str, &str); 2] = [("docs/catalogue.md", "en"), ("docs/catalogue.zh.md", "zh")];

fn printed(lang: &str) -> String {
    lab(["list", "--markdown", "--lang", lang]).exits(0).stdout
}

#[test]
fn the_pages_about_the_scenarios_are_as_the_program_prints_them() {
    for (name, lang) in PAGES {
        let (path, now) = (root(name), printed(lang));
        if is_blessing() {
            std::fs::write(&path, &now).expect("write the page");
        }
        let page = std::fs::read_to_string(&path).expect("read the page");
        if let Some(difference) = difference(&page, &now) {
            panic!("{name} is printed differently (LAB_BLESS=1 accepts it):\n{difference}");
        }
    }
}

#[test]
fn a_page_that_is_out_of_date_would_be_noticed() {
    let now = printed("en");
    assert!(difference(&now.replacen("sticky", "stuck", 1), &now).is_some());
    assert!(difference(&now, &now).is_none());
}

#[test]
fn the_pages_have_every_scenario_and_say_which_section_it_is_for() {
    for (_, lang) in PAGES {
        let page = printed(lang);
        for case in cases() {
            let command = format!("\nlab run {}\n", case.args());
            assert!(page.contains(&command), "{lang}: {command}");
            // The tutorials show no packets.
            if case.scenario.group == Some(Group::Wire) {
                continue;
            }
            let covers = case.scenario.covers.as_ref().expect("every scenario names its section");
            assert!(page.contains(if lang == "en" { &covers.en } else { &covers.zh }));
        }
    }
}
