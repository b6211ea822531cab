//! The list as a page for teachers: what each scenario shows, asks and lets one change.

use std::fmt::Write as _;

use crate::scenario::catalogue::heading;
use crate::scenario::{Group, Knob, Named, Prediction, Scenario, Settings};
use crate::story::sentences::letter;
use crate::words::{Lang, catalogue as words, names};

/// All scenarios, group by group, as one Markdown text.
pub fn page(scenarios: &[Scenario], lang: Lang) -> String {
    let mut page = format!("# {}\n\n{}\n", words::title(lang), words::how_it_is_made(lang));
    for (_, group) in Group::NAMES {
        let members: Vec<&Scenario> = scenarios.iter().filter(|one| one.group == Some(*group)).collect();
        if members.is_empty() {
            continue;
        }
        line(&mut page, &format!("\n## {}\n", heading(Some(*group), lang)));
        for scenario in &members {
            line(
                &mut page,
                &format!("- [`{0}`](#{0}): {1}", scenario.id, scenario.title.get(lang)),
            );
        }
        for scenario in members {
            entry(&mut page, scenario, lang);
        }
    }
    page
}

/// What a teacher wants to know of one.
fn entry(page: &mut String, scenario: &Scenario, lang: Lang) {
    line(page, &format!("\n### {}\n", scenario.id));
    line(page, &format!("**{}**\n", scenario.title.get(lang)));
    if let Some(covers) = &scenario.covers {
        line(page, &format!("{} {}\n", words::covers(lang), covers.get(lang)));
    }
    line(page, &format!("{} {}\n", words::watch(lang), scenario.sees.get(lang)));
    line(page, &format!("{} {}\n", words::why(lang), scenario.why.get(lang)));
    if !scenario.knobs.is_empty() {
        line(page, &words::knobs_head(lang));
        line(page, "|---|---|---|---|");
        for knob in &scenario.knobs {
            line(page, &row(knob, lang));
        }
        line(page, "");
    }
    for prediction in &scenario.predictions {
        question(page, scenario, prediction, lang);
    }
    line(page, &format!("{}\n", words::halts(lang)));
    for stop in &scenario.stops {
        let under = under(scenario, |settings| stop.when.holds(settings), lang);
        line(page, &format!("- {}{}", stop.look.get(lang), under));
    }
    let checked = std::iter::once(command(scenario, &scenario.defaults()))
        .chain(scenario.contrasts.iter().map(|settings| command(scenario, settings)));
    line(page, &format!("\n{}\n\n```text", words::checked(lang)));
    for command in checked {
        line(page, &command);
    }
    line(page, "```");
}

fn row(knob: &Knob, lang: Lang) -> String {
    let allowed = names(lang, &knob.allowed());
    format!(
        "| `{}` | {} | {allowed} | {} |",
        knob.name,
        knob.default(),
        knob.label.get(lang)
    )
}

/// A question with its answers, and what is said to those who pick a wrong one.
fn question(page: &mut String, scenario: &Scenario, prediction: &Prediction, lang: Lang) {
    let under = under(scenario, |settings| prediction.when.holds(settings), lang);
    line(
        page,
        &format!("{}{under} {}\n", words::asks(lang), prediction.ask.get(lang)),
    );
    for (index, option) in prediction.options.iter().enumerate() {
        let belief = option.belief.as_ref().map(|belief| format!(" *{}*", belief.get(lang)));
        let text = option.text.get(lang);
        line(
            page,
            &format!("- {}) {text}{}", letter(index), belief.unwrap_or_default()),
        );
    }
    line(page, "");
}

/// Under which of the settings that are checked something applies, if not under the defaults.
fn under(scenario: &Scenario, holds: impl Fn(&Settings) -> bool, lang: Lang) -> String {
    if holds(&scenario.defaults()) {
        return String::new();
    }
    let first = scenario.contrasts.iter().find(|settings| holds(settings));
    first.map_or(String::new(), |settings| {
        words::under(lang, &changed(scenario, settings, ""))
    })
}

/// How a setting is typed.
fn command(scenario: &Scenario, settings: &Settings) -> String {
    format!("lab run {}{}", scenario.id, changed(scenario, settings, " --set "))
}

/// The knobs that are not at their defaults, each with something before it.
fn changed(scenario: &Scenario, settings: &Settings, before: &str) -> String {
    let defaults = scenario.defaults();
    let changed = settings
        .iter()
        .filter(|(name, value)| defaults.get(name) != Some(value));
    let changed: Vec<String> = changed.map(|(name, value)| format!("{before}{name}={value}")).collect();
    changed.join(if before.is_empty() { " " } else { "" })
}

fn line(page: &mut String, text: &str) {
    // A string takes everything.
    let _ = writeln!(page, "{text}");
}
