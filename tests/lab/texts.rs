//! What is said of every scenario: title, what to watch, why, questions with their answers, stops. Under the defaults,
//! and what differs under every contrast and with one knob turned to each of its choices or to an end of its range.
//! `LAB_BLESS=1 cargo test --test lab texts` writes `tests/golden/texts` anew; read them against the runs.

/// Texts that name what the knobs have changed.
mod numbers;

use std::fmt::Write as _;

use lab::scenario::catalogue::embedded;
use lab::scenario::read::read;
use lab::scenario::{Scenario, Settings};
use lab::words::Lang;

use super::golden::{compare, is_blessing, path};

fn scenarios() -> Vec<Scenario> {
    let all = embedded().iter();
    all.map(|embedded| read(embedded.file, embedded.text).expect("the scenarios read"))
        .collect()
}

/// The settings at which the texts are read, the defaults first.
fn settings(scenario: &Scenario) -> Vec<Settings> {
    let mut all = vec![scenario.defaults()];
    for settings in scenario.contrasts.iter().cloned().chain(scenario.turned()) {
        if !all.contains(&settings) {
            all.push(settings);
        }
    }
    all
}

/// The knobs that are not at their defaults.
fn changed(scenario: &Scenario, settings: &Settings) -> String {
    let defaults = scenario.defaults();
    let changed = settings
        .iter()
        .filter(|(name, value)| defaults.get(name) != Some(value));
    let changed: Vec<String> = changed.map(|(name, value)| format!("{name}={value}")).collect();
    changed.join(" ")
}

/// What is said in one place under these settings; a question with its answers is one.
fn units(scenario: &Scenario, settings: &Settings, lang: Lang) -> Vec<(usize, String)> {
    let kinds = ["title", "sees", "why", "ask", "stop"];
    let mut units: Vec<(usize, String)> = Vec::new();
    for (kind, text) in scenario.said(settings) {
        let line = format!("{kind:<6} {}", text.get(lang));
        match (kinds.iter().position(|one| *one == kind), units.last_mut()) {
            (Some(rank), _) => units.push((rank, line)),
            (None, Some((_, question))) => {
                question.push('\n');
                question.push_str(&line);
            }
            (None, None) => unreachable!("an answer belongs to a question"),
        }
    }
    units
}

/// Everything that is said of a scenario, each text once, below the settings under which it is said.
fn all_that_is_said(scenario: &Scenario, lang: Lang) -> String {
    let settings = settings(scenario);
    let mut all: Vec<(usize, String, Vec<usize>)> = Vec::new();
    for (index, settings) in settings.iter().enumerate() {
        for (rank, text) in units(scenario, settings, lang) {
            match all
                .iter_mut()
                .find(|(other, known, _)| (*other, known) == (rank, &text))
            {
                Some((.., under)) => under.push(index),
                None => all.push((rank, text, vec![index])),
            }
        }
    }
    all.sort_by_key(|(rank, ..)| *rank);
    let names: Vec<String> = settings.iter().map(|settings| changed(scenario, settings)).collect();
    let name = |index: usize| {
        if index == 0 {
            "the defaults"
        } else {
            names[index].as_str()
        }
    };
    let mut page = String::new();
    let mut before = None;
    for (_, text, under) in &all {
        if before != Some(under) {
            let but: Vec<usize> = (0..settings.len()).filter(|index| !under.contains(index)).collect();
            let joined = |indices: &[usize]| indices.iter().map(|index| name(*index)).collect::<Vec<_>>().join("; ");
            let place = match but.len() {
                0 => "always".to_owned(),
                few if few < under.len() => format!("not with {}", joined(&but)),
                _ => format!("with {}", joined(under)),
            };
            let blank = if before.is_none() { "" } else { "\n" };
            // A string takes everything.
            let _ = writeln!(page, "{blank}[{place}]");
        }
        let _ = writeln!(page, "{text}");
        before = Some(under);
    }
    let _ = writeln!(
        page,
        "\nSettings: {}",
        (0..settings.len()).map(name).collect::<Vec<_>>().join("; ")
    );
    page
}

#[test]
fn the_golden_texts_of_every_scenario() {
    let scenarios = scenarios();
    let files = std::fs::read_dir(path("texts"))
        .expect("the folder of the texts")
        .count();
    assert!(
        is_blessing() || files == 2 * scenarios.len(),
        "one file a scenario and language, and no other"
    );
    for scenario in scenarios {
        for (lang, end) in [(Lang::En, "en"), (Lang::Zh, "zh")] {
            compare(
                &format!("texts/{}.{end}.txt", scenario.id),
                &all_that_is_said(&scenario, lang),
            );
        }
    }
}
