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
use crate::scenario::{Group, KnobKind, Named, Plan, Scenario, Text};
use crate::words::commands as words;
use crate::words::names;

/// Prints the list for people.
pub fn list(output: &Output) -> Result<Exit, Failure> {
    let (lang, look) = (output.lang(), output.look());
    let scenarios = scenarios(output)?;
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
    lines.extend(wrap(Line::blank(), &[plain(words::how_to_run(lang))], look.width));
    output.lines(&lines, Duration::ZERO, None)?;
    Ok(Exit::Held)
}

/// A scenario with its knobs.
fn entry(scenario: &Scenario, column: usize, output: &Output) -> Vec<Line> {
    let (lang, width) = (output.lang(), output.look().width);
    let id = format!("  {:<width$}", scenario.id, width = column - 2);
    let first = Line(vec![span(Role::Title, id)]);
    let mut lines = wrap(first, &[plain(scenario.title.get(lang))], width);
    for knob in &scenario.knobs {
        let margin = Line(vec![plain(" ".repeat(column + 2))]);
        let text = vec![
            span(Role::Notable, format!("{}={}", knob.name, knob.default())),
            span(Role::Faint, format!("  ({})  ", names(lang, &knob.allowed()))),
            plain(knob.label.get(lang)),
        ];
        lines.extend(wrap(margin, &text, width));
    }
    lines
}

/// Prints the list for programs: one JSON array.
pub fn json(output: &Output) -> Result<Exit, Failure> {
    let scenarios: Vec<Value> = scenarios(output)?.iter().map(describe).collect();
    output.json(&scenarios)
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
        if let (Value::Object(described), Value::Object(kind)) = (&mut described, kind) {
            described.extend(kind);
        }
        described
    });
    json!({
        "id": scenario.id,
        "order": scenario.order,
        "group": scenario.group.map(Named::name),
        "transport": Plan::new(scenario, &scenario.defaults()).transport.name(),
        "title": text(&scenario.title),
        "sees": text(&scenario.sees),
        "knobs": knobs.collect::<Vec<_>>(),
    })
}
