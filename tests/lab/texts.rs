//! What is said of every scenario: title, what to watch, why, questions with their answers, stops. Under the defaults,
//! and what differs under every contrast and with one knob turned to each of its choices or to an end of its range.
//! `LAB_BLESS=1 cargo test --test lab golden` writes `tests/golden/texts` anew; read them against the runs.

use std::fmt::Write as _;

use lab::scenario::catalogue::embedded;
use lab::scenario::read::read;
use lab::scenario::{Scenario, Settings};
use lab::words::Lang;

use super::golden::compare;

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

fn lines(scenario: &Scenario, settings: &Settings, lang: Lang) -> Vec<String> {
    let said = scenario.said(settings).into_iter();
    said.map(|(kind, text)| format!("{kind:<6} {}", text.get(lang)))
        .collect()
}

/// Everything that is said of a scenario; where a knob is turned, what is said instead.
fn all_that_is_said(scenario: &Scenario, lang: Lang) -> String {
    let usual = lines(scenario, &scenario.defaults(), lang);
    let mut page = usual.join("\n") + "\n";
    let mut unchanged = Vec::new();
    for settings in settings(scenario).iter().skip(1) {
        let now = lines(scenario, settings, lang);
        let gone = usual
            .iter()
            .filter(|line| !now.contains(line))
            .map(|line| format!("- {line}\n"));
        let new = now
            .iter()
            .filter(|line| !usual.contains(line))
            .map(|line| format!("+ {line}\n"));
        let differs: String = gone.chain(new).collect();
        if differs.is_empty() {
            unchanged.push(changed(scenario, settings));
        } else {
            // A string takes everything.
            let _ = write!(page, "\n[{}]\n{differs}", changed(scenario, settings));
        }
    }
    if !unchanged.is_empty() {
        let _ = writeln!(page, "\nThe same with: {}", unchanged.join("; "));
    }
    page
}

#[test]
fn the_golden_texts_of_every_scenario() {
    for scenario in scenarios() {
        for (lang, end) in [(Lang::En, "en"), (Lang::Zh, "zh")] {
            compare(
                &format!("texts/{}.{end}.txt", scenario.id),
                &all_that_is_said(&scenario, lang),
            );
        }
    }
}
