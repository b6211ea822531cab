//! `lab list`: the scenarios and their knobs.

mod markdown;

use std::time::Duration;

use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr;

use super::output::Output;
use super::{Exit, Failure};
use crate::report::line::{Line, Role, plain, span, wrap};
use crate::scenario::catalogue::{embedded, heading};
use crate::scenario::knob::BUILT_IN;
use crate::scenario::read::read;
use crate::scenario::{Group, Knob, KnobKind, Named, Plan, Scenario, Text};
use crate::words::commands;
use crate::words::names;

/// Prints the list for people.
pub fn list(words: &[String], output: &Output) -> Result<Exit, Failure> {
    let (lang, look) = (output.lang(), output.look());
    let scenarios = found(words, output)?;
    if scenarios.is_empty() {
        let nothing = wrap(Line::blank(), &[plain(commands::nothing_found(lang))], look.width);
        output.lines(&nothing, Duration::ZERO, None)?;
        return Ok(Exit::NotHeld);
    }
    let column = scenarios.iter().map(|scenario| scenario.id.width()).max().unwrap_or(0) + 4;
    let groups = Group::NAMES.iter().map(|(_, group)| Some(*group)).chain([None]);
    let mut lines = Vec::new();
    for group in groups {
        let members: Vec<&Scenario> = scenarios.iter().filter(|scenario| scenario.group == group).collect();
        if members.is_empty() {
            continue;
        }
        lines.push(Line(vec![span(Role::Title, heading(group, lang))]));
        lines.extend(members.iter().flat_map(|scenario| entry(scenario, column, output)));
        lines.push(Line::blank());
    }
    lines.extend(wrap(Line::blank(), &[plain(commands::how_to_run(lang))], look.width));
    output.lines(&lines, Duration::ZERO, None)?;
    Ok(Exit::Held)
}

/// A scenario with its knobs.
fn entry(scenario: &Scenario, column: usize, output: &Output) -> Vec<Line> {
    let (lang, width) = (output.lang(), output.look().width);
    let texts = scenario.texts(&scenario.defaults());
    let id = format!("  {:<width$}", scenario.id, width = column - 2);
    let first = Line(vec![span(Role::Title, id)]);
    let mut lines = wrap(first, &[plain(texts.title.get(lang))], width);
    for knob in &scenario.knobs {
        let margin = Line(vec![plain(" ".repeat(column + 2))]);
        // Values that stand below, each with what it means, need not be listed here as well.
        let all = knob.values();
        let told_below = !all.is_empty() && all.iter().all(|value| knob.meaning(value).is_some());
        let allowed = if told_below {
            "  ".to_owned()
        } else {
            format!("  ({})  ", names(lang, &knob.allowed()))
        };
        let text = vec![
            span(Role::Notable, format!("{}={}", knob.name, knob.default())),
            span(Role::Faint, allowed),
            plain(knob.label.get(lang)),
        ];
        lines.extend(wrap(margin, &text, width));
        lines.extend(meanings(knob, column + 4, output));
    }
    lines
}

/// A line for each value of a knob that has a label.
fn meanings(knob: &Knob, column: usize, output: &Output) -> Vec<Line> {
    let (lang, width) = (output.lang(), output.look().width);
    let values = knob.values();
    let widest = values.iter().map(|value| value.to_string().width()).max().unwrap_or(0);
    let labelled = values
        .iter()
        .filter_map(|value| Some((value.to_string(), knob.meaning(value)?)));
    labelled
        .flat_map(|(value, meaning)| {
            let margin = Line(vec![
                plain(" ".repeat(column)),
                span(Role::Faint, format!("{value:<widest$}  ")),
            ]);
            wrap(margin, &[plain(meaning.get(lang))], width)
        })
        .collect()
}

/// Prints the list for programs: one JSON array.
pub fn json(words: &[String], output: &Output) -> Result<Exit, Failure> {
    let scenarios: Vec<Value> = found(words, output)?.iter().map(describe).collect();
    let printed = output.json(&scenarios)?;
    Ok(if scenarios.is_empty() { Exit::NotHeld } else { printed })
}

/// The scenarios in which all of these words stand; without any word, all.
fn found(words: &[String], output: &Output) -> Result<Vec<Scenario>, Failure> {
    let mut scenarios = scenarios(output)?;
    scenarios.retain(|scenario| scenario.is_found_by(words.iter().flat_map(|words| words.split_whitespace())));
    Ok(scenarios)
}

/// Prints the list as a page for teachers.
pub fn page(output: &Output) -> Result<Exit, Failure> {
    output.raw(markdown::page(&scenarios(output)?, output.lang()).as_bytes())
}

fn scenarios(output: &Output) -> Result<Vec<Scenario>, Failure> {
    let read = |embedded: &crate::scenario::catalogue::Embedded| read(embedded.file, embedded.text);
    embedded()
        .iter()
        .map(read)
        .collect::<Result<_, _>>()
        .map_err(|problems| Failure::bare(problems.render(output.lang(), output.color())))
}

fn describe(scenario: &Scenario) -> Value {
    let text = |text: &Text| json!({ "en": text.en, "zh": text.zh });
    let knobs = scenario.knobs.iter().map(|knob| {
        let kind = match &knob.kind {
            KnobKind::Toggle { default } => json!({ "kind": "toggle", "default": default }),
            KnobKind::Number { default, min, max } => {
                json!({ "kind": "number", "default": default, "min": min, "max": max })
            }
            KnobKind::File { letters } => json!({ "kind": "file", "default": BUILT_IN, "letters": letters }),
            KnobKind::Choice { default, options } => {
                json!({ "kind": "choice", "default": default, "choices": options })
            }
        };
        let mut described = json!({ "name": knob.name, "label": text(&knob.label) });
        if !knob.labels.is_empty() {
            let labels = knob.labels.iter().map(|(value, label)| (value.clone(), text(label)));
            described["labels"] = Value::Object(labels.collect());
        }
        if let (Value::Object(described), Value::Object(kind)) = (&mut described, kind) {
            described.extend(kind);
        }
        described
    });
    let plan = Plan::new(scenario, &scenario.defaults());
    json!({
        "id": scenario.id,
        "order": scenario.order,
        "group": scenario.group.map(Named::name),
        "transport": plan.transport.name(),
        "title": text(&plan.texts.title),
        "sees": text(&plan.texts.sees),
        "covers": scenario.covers.as_ref().map(text),
        "words": scenario.words,
        "knobs": knobs.collect::<Vec<_>>(),
    })
}
