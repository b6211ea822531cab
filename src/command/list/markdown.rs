//! The list as a page for teachers: what each scenario shows, asks and lets one change.

use std::fmt::Write as _;

use crate::scenario::catalogue::heading;
use crate::scenario::{Group, Knob, Named, Prediction, Scenario, Settings, Wording};
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
                &format!(
                    "- [`{0}`](#{0}): {1}",
                    scenario.id,
                    scenario.title.under(&scenario.defaults()).get(lang)
                ),
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
    for (text, under) in said(scenario, &scenario.title, lang) {
        line(page, &format!("**{text}**{under}\n"));
    }
    if let Some(covers) = &scenario.covers {
        line(page, &format!("{} {}\n", words::covers(lang), covers.get(lang)));
    }
    for (text, under) in said(scenario, &scenario.sees, lang) {
        line(page, &format!("{}{under} {text}\n", words::watch(lang)));
    }
    for (text, under) in said(scenario, &scenario.why, lang) {
        // Its paragraphs are Markdown's.
        let text = text.replace('\n', "\n\n");
        line(page, &format!("{}{under} {text}\n", words::why(lang)));
    }
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
        let (settings, under) = under(scenario, |settings| stop.when.holds(settings), lang);
        line(page, &format!("- {}{}", stop.look.under(&settings).get(lang), under));
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
    let mut label = knob.label.get(lang).to_owned();
    for value in knob.values() {
        if let Some(meaning) = knob.meaning(&value) {
            let _ = write!(label, "<br>`{value}`: {}", meaning.get(lang));
        }
    }
    let allowed = names(lang, &knob.allowed());
    format!("| `{}` | {} | {allowed} | {label} |", knob.name, knob.default())
}

/// A question with its answers, and what is said to those who pick a wrong one.
fn question(page: &mut String, scenario: &Scenario, prediction: &Prediction<Wording>, lang: Lang) {
    let (settings, under) = under(scenario, |settings| prediction.when.holds(settings), lang);
    line(
        page,
        &format!(
            "{}{under} {}\n",
            words::asks(lang),
            prediction.ask.under(&settings).get(lang)
        ),
    );
    for (index, option) in prediction.options.iter().enumerate() {
        let belief = option
            .belief
            .as_ref()
            .map(|belief| format!(" *{}*", belief.under(&settings).get(lang)));
        let text = option.text.under(&settings);
        let text = text.get(lang);
        line(
            page,
            &format!("- {}) {text}{}", letter(index), belief.unwrap_or_default()),
        );
    }
    line(page, "");
}

/// The settings with one knob or more turned: what is checked, and what else can be reached in one turn.
fn others(scenario: &Scenario) -> Vec<Settings> {
    let mut all = scenario.contrasts.clone();
    all.extend(scenario.turned());
    all
}

/// The settings under which something applies, and which they are, if not the defaults.
fn under(scenario: &Scenario, holds: impl Fn(&Settings) -> bool, lang: Lang) -> (Settings, String) {
    let defaults = scenario.defaults();
    if holds(&defaults) {
        return (defaults, String::new());
    }
    let first = others(scenario).into_iter().find(|settings| holds(settings));
    first.map_or((defaults, String::new()), |settings| {
        let named = words::under(lang, &changed(scenario, &settings, ""));
        (settings, named)
    })
}

/// What is said in one place: under the defaults, and what else where the knobs are turned, with where.
fn said(scenario: &Scenario, wording: &Wording, lang: Lang) -> Vec<(String, String)> {
    let first = |settings: &Settings| wording.0.iter().position(|worded| worded.when.holds(settings));
    let usual = first(&scenario.defaults());
    let rest = (0..wording.0.len()).filter(|index| Some(*index) != usual);
    usual
        .into_iter()
        .chain(rest)
        .map(|index| {
            let (settings, under) = under(scenario, |settings| first(settings) == Some(index), lang);
            (wording.under(&settings).get(lang).to_owned(), under)
        })
        .collect()
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
