use std::collections::BTreeSet;

use lab::report::{Look, text as report};
use lab::scenario::stop::Stop;
use lab::story::Story;
use lab::tui::app::SPEEDS;
use lab::tui::app::lab::View;
use lab::tui::app::show::Show;
use lab::words::Lang;

use super::{BOTH, TRACES, drawn, saved, show_mut, show_of, text, watched};

/// Rows of the screen that are its own: the footer with the names of keys.
const OWN_ROWS: usize = 1;

/// What carries facts on a screen: everything with a digit in it, and the readings, which English writes in capitals.
fn facts(shown: &str) -> BTreeSet<String> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || "._:".contains(c);
    let tokens = shown
        .split(|c: char| !is_part(c))
        .map(|token| token.trim_matches(|c: char| "._:".contains(c)));
    let carries = |token: &&str| {
        let is_reading = token.len() > 2 && token.chars().all(|c| c.is_ascii_uppercase());
        is_reading || token.chars().any(|c| c.is_ascii_digit())
    };
    tokens.filter(carries).map(str::to_owned).collect()
}

/// What is quoted: what was sent, taken and delivered.
fn quoted(shown: &str) -> BTreeSet<String> {
    shown
        .lines()
        .flat_map(|line| line.split('"').skip(1).step_by(2).map(str::to_owned))
        .collect()
}

/// What the screen may say by itself, and why.
fn is_its_own(token: &str, shown: &str, position: usize, last: usize) -> bool {
    let speed = SPEEDS.iter().any(|(speed, _)| *speed == token);
    // Where the playhead is, 3/10, and how fast it goes.
    let place =
        shown.contains(&format!("{position}/{last}")) && (token == position.to_string() || token == last.to_string());
    // A queue that holds nothing has no line in the text; the screen says 0 bytes, for its place is always there.
    let empty = token == "0";
    // How the rows of the strip and the arrows are called; the text says acknowledged.
    let name = token == "ACK";
    speed || place || empty || name
}

/// The facts that are shown but not told.
fn untold(shown: &str, told: &str, position: usize, last: usize) -> Vec<String> {
    let rows: Vec<&str> = shown.lines().collect();
    let shown = rows[..rows.len() - OWN_ROWS].join("\n");
    let told_facts = facts(told);
    let told_words: String = told.split_whitespace().collect();
    let numbers = facts(&shown)
        .into_iter()
        .filter(|token| !told_facts.contains(token) && !is_its_own(token, &shown, position, last));
    let texts = quoted(&shown).into_iter().filter(|text| {
        let text: String = text.split_whitespace().collect();
        !told_words.contains(&text)
    });
    numbers.chain(texts).collect()
}

fn told(story: &Story, lang: Lang) -> String {
    let lines = report::tell(story, &Look::new(lang, false, Look::WIDEST));
    lines.iter().map(|line| line.plain() + "\n").collect()
}

#[test]
fn the_screen_shows_nothing_that_the_text_does_not_tell() {
    let mut looked_at = 0;
    for name in TRACES {
        for lang in BOTH {
            let story = Story::tell(saved(name)).expect("a run that can be told");
            let told = told(&story, lang);
            let mut app = watched(name, lang);
            let last = show_of(&app).last();
            for position in 0..=last {
                show_mut(&mut app).go(position);
                for (evenly, view, hex) in [
                    (false, View::Calls, false),
                    (true, View::Calls, true),
                    (false, View::Presenter, false),
                ] {
                    let lab = app.lab.as_mut().expect("a run");
                    (lab.evenly, lab.view, lab.hex) = (evenly, view, hex);
                    let shown = text(&drawn(&mut app, 200, 50));
                    let shown = without_question(&shown, show_of(&app), lang);
                    let untold = if hex {
                        untold(&without_bytes(&shown), &told, position, last)
                    } else {
                        untold(&shown, &told, position, last)
                    };
                    assert_eq!(untold, [""; 0], "{name} at {position}:\n{shown}");
                    looked_at += facts(&shown).len();
                }
            }
        }
    }
    assert!(looked_at > 4000, "{looked_at} facts");
}

/// What the class is asked at a stop was written by the scenario's author: it is no fact of the run.
fn without_question(shown: &str, show: &Show, lang: Lang) -> String {
    let without = |shown: String, stop: &Stop| shown.replace(stop.look.get(lang), "");
    show.stops().fold(shown.to_owned(), without)
}

/// Bytes in hex are another writing of what the text quotes; each is checked to be two digits and nothing more.
fn without_bytes(shown: &str) -> String {
    let is_byte = |token: &str| token.len() == 2 && token.chars().all(|c| c.is_ascii_hexdigit() && !c.is_uppercase());
    let line = |line: &str| {
        let kept: Vec<&str> = line.split(' ').filter(|token| !is_byte(token)).collect();
        kept.join(" ") + "\n"
    };
    shown.lines().map(line).collect()
}

#[test]
fn a_fact_of_the_screens_own_is_noticed() {
    let story = Story::tell(saved("nagle")).expect("a run that can be told");
    let told = told(&story, Lang::En);
    let mut app = watched("nagle", Lang::En);
    show_mut(&mut app).go(10);
    let shown = text(&drawn(&mut app, 200, 50));
    assert_eq!(untold(&shown, &told, 10, 10), [""; 0]);
    for (from, to) in [
        ("42.231", "42.232"),
        ("recv(1024)", "recv(1025)"),
        ("STUCK", "LOST"),
        ("m3", "m4"),
    ] {
        let wrong = shown.replace(from, to);
        assert_ne!(wrong, shown);
        assert_ne!(untold(&wrong, &told, 10, 10), [""; 0], "{to}");
    }
    let wrong = shown.replacen("saved run", "said \"jello\"", 1);
    assert_eq!(untold(&wrong, &told, 10, 10), ["jello"]);
}
