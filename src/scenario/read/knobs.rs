//! `[knobs.…]` and `[[contrast]]`.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::fields::{Fields, Notes, Value, entries};
use super::{LONGEST_LETTERS, MOST_CHOICES, MOST_CONTRASTS, MOST_KNOBS};
use crate::scenario::condition::KnownKnob;
use crate::scenario::problem::{Counted, KnobProblem, Role, ShapeProblem, Wanted};
use crate::scenario::{Knob, KnobKind, Setting, Settings, Text};

/// The knobs of a file. One whose declaration is broken keeps its name, so that its uses are not reported as well.
#[derive(Default)]
pub(super) struct Knobs {
    declared: Vec<Declared>,
    /// One that the file has without declaring it.
    implied: Option<Declared>,
}

/// A knob as the file declares it.
pub(super) struct Declared {
    name: String,
    /// Where it is declared.
    place: Range<usize>,
    knob: Option<Knob>,
    /// Where each choice stands.
    choices: Vec<Range<usize>>,
}

impl Knobs {
    pub(super) fn find(&self, name: &str) -> Option<&Declared> {
        let mut all = self.declared.iter().chain(&self.implied);
        all.find(|declared| declared.name == name)
    }

    /// Adds a knob that the file has without declaring it.
    pub(super) fn imply(&mut self, knob: Knob) {
        self.implied = Some(Declared {
            name: knob.name.clone(),
            place: 0..0,
            knob: Some(knob),
            choices: Vec::new(),
        });
    }

    pub(super) fn names(&self) -> Vec<String> {
        self.declared.iter().map(|declared| declared.name.clone()).collect()
    }

    /// For the parser of conditions.
    pub(super) fn known(&self) -> Vec<KnownKnob<'_>> {
        let all = self.declared.iter().chain(&self.implied);
        all.map(|declared| (declared.name.as_str(), declared.kind())).collect()
    }

    /// Where a knob's choice stands.
    pub(super) fn choice_span(&self, name: &str, at: usize) -> Option<Range<usize>> {
        self.find(name)?.choices.get(at).cloned()
    }

    /// All of them, unless it is not known of one what it can be. A label that is missing has been noted.
    pub(super) fn complete(&self) -> Option<Vec<Knob>> {
        self.declared.iter().map(|declared| declared.knob.clone()).collect()
    }

    /// Notes the knobs that nothing in the file depends on. Where something else is wrong, the use may be what could not be read.
    pub(super) fn are_used(&self, notes: &mut Notes<'_>) {
        if !notes.list.iter().all(|problem| problem.what.is_about_texts()) {
            return;
        }
        for declared in self.declared.iter().filter(|declared| declared.knob.is_some()) {
            let name = &declared.name;
            if !notes.used.contains(name) {
                notes.note::<()>(declared.place.clone(), KnobProblem::Unused { name: name.clone() });
            }
        }
    }
}

impl Declared {
    /// What the knob can be, unless its declaration is broken.
    pub(super) fn kind(&self) -> Option<&KnobKind> {
        self.knob.as_ref().map(|knob| &knob.kind)
    }
}

/// Reads `[knobs]`.
pub(super) fn knobs(value: Option<&Value<'_>>, notes: &mut Notes<'_>) -> Knobs {
    let Some(value) = value else {
        return Knobs::default();
    };
    let DeValue::Table(table) = value.get_ref() else {
        notes.wrong_type::<()>(value, Wanted::Table);
        return Knobs::default();
    };
    let mut entries = entries(table);
    entries.retain(|(name, span, value)| !notes.is_misplaced((name, span.clone()), value));
    if let Some((_, span, _)) = entries.get(MOST_KNOBS) {
        let wrong = ShapeProblem::WrongLength {
            of: Counted::Knobs,
            found: entries.len(),
            min: 0,
            max: MOST_KNOBS,
        };
        notes.note::<()>(span.clone(), wrong);
    }
    let names: Vec<&str> = entries.iter().map(|(name, ..)| *name).collect();
    // Far beyond the limit it does not matter any more what they are.
    let declared = entries
        .iter()
        .take(4 * MOST_KNOBS)
        .map(|(name, span, value)| declared(name, span.clone(), value, &names, notes))
        .collect();
    Knobs {
        declared,
        implied: None,
    }
}

fn declared(name: &str, span: Range<usize>, value: &Value<'_>, names: &[&str], notes: &mut Notes<'_>) -> Declared {
    let mut choices = Vec::new();
    let place = span.clone();
    let usable = notes.name(name, span, Role::Knob);
    let knob = Fields::open(
        value,
        &["default", "range", "choices", "label", "labels"],
        Wanted::Table,
        notes,
    )
    .and_then(|mut fields| {
        let label = fields.need("label").and_then(|value| notes.translated(value));
        let kind = kind(&mut fields, names, &mut choices, notes);
        let labels = labels(fields.get("labels"), kind.as_ref(), notes);
        fields.close(notes);
        Some(Knob {
            name: usable?,
            label: label.unwrap_or_else(Text::nothing),
            labels: labels.unwrap_or_default(),
            kind: kind?,
        })
    });
    Declared {
        name: name.to_owned(),
        place,
        knob,
        choices,
    }
}

/// What each choice means; of a toggle, `true` and `false`.
fn labels(value: Option<&Value<'_>>, kind: Option<&KnobKind>, notes: &mut Notes<'_>) -> Option<BTreeMap<String, Text>> {
    let (Some(value), Some(kind)) = (value, kind) else {
        return Some(BTreeMap::new());
    };
    let known: Vec<&str> = match kind {
        KnobKind::Toggle { .. } => vec!["true", "false"],
        KnobKind::Choice { options, .. } => options.iter().map(String::as_str).collect(),
        KnobKind::Number { .. } | KnobKind::File { .. } => vec![],
    };
    let fields = Fields::open(value, &known, Wanted::Table, notes)?;
    let given = known.iter().filter_map(|choice| Some((*choice, fields.get(choice)?)));
    given
        .map(|(choice, value)| Some((choice.to_owned(), notes.translated(value)?)))
        .collect()
}

/// The default says what kind of knob it is; `range` or `choices` must fit it.
fn kind(
    fields: &mut Fields<'_, '_>,
    names: &[&str],
    choices: &mut Vec<Range<usize>>,
    notes: &mut Notes<'_>,
) -> Option<KnobKind> {
    let default = fields.need("default")?;
    let range = fields.get("range");
    let options = fields.get("choices");
    if let (Some(_), Some(second)) = (range, fields.key_span("choices").filter(|_| options.is_some())) {
        return notes.note(second, KnobProblem::TwoKinds);
    }
    match default.get_ref() {
        DeValue::Integer(_) if options.is_none() => {
            let number = notes.number(default, &(0..=u64::MAX), Wanted::Number);
            let (min, max) = bounds(fields.need("range")?, notes)?;
            let default_span = default.span();
            let default = number?;
            let kind = KnobKind::Number { default, min, max };
            fits(kind, default_span, &default.to_string(), notes)
        }
        DeValue::String(word) if range.is_none() => {
            let options = self::choices(fields.need("choices")?, names, choices, notes)?;
            let kind = KnobKind::Choice {
                default: word.clone().into_owned(),
                options,
            };
            fits(kind, default.span(), word, notes)
        }
        DeValue::Boolean(default) if range.is_none() && options.is_none() => {
            Some(KnobKind::Toggle { default: *default })
        }
        DeValue::Table(_) if range.is_none() && options.is_none() => {
            let mut made = Fields::open(default, &["letters"], Wanted::Default, notes)?;
            let letters = made.need("letters");
            let letters = letters.and_then(|value| notes.number(value, &(0..=LONGEST_LETTERS), Wanted::Number));
            made.close(notes);
            Some(KnobKind::File { letters: letters? })
        }
        _ if range.is_some() => notes.wrong_type(default, Wanted::Number),
        _ if options.is_some() => notes.wrong_type(default, Wanted::String),
        _ => notes.wrong_type(default, Wanted::Default),
    }
}

/// A knob must allow its own default.
fn fits(kind: KnobKind, span: Range<usize>, default: &str, notes: &mut Notes<'_>) -> Option<KnobKind> {
    let (fits, allowed) = match &kind {
        KnobKind::Toggle { .. } | KnobKind::File { .. } => return Some(kind),
        KnobKind::Number { default, min, max } => ((min..=max).contains(&default), format!("{min}..{max}")),
        KnobKind::Choice { default, options } => (options.contains(default), options.join(", ")),
    };
    if fits {
        return Some(kind);
    }
    let default = default.to_owned();
    notes.note(span, KnobProblem::DefaultOutside { default, allowed })
}

fn bounds(value: &Value<'_>, notes: &mut Notes<'_>) -> Option<(u64, u64)> {
    let [min, max] = notes.items(value)? else {
        return notes.wrong_type(value, Wanted::Range);
    };
    let all = 0..=u64::MAX;
    let (min, max) = (
        notes.number(min, &all, Wanted::Number),
        notes.number(max, &all, Wanted::Number),
    );
    let (min, max) = (min?, max?);
    if min > max {
        return notes.note(value.span(), KnobProblem::EmptyRange { min, max });
    }
    Some((min, max))
}

fn choices(
    value: &Value<'_>,
    names: &[&str],
    spans: &mut Vec<Range<usize>>,
    notes: &mut Notes<'_>,
) -> Option<Vec<String>> {
    let items = notes.list(value, Counted::Choices, 1..=MOST_CHOICES)?;
    let mut options: Vec<Option<String>> = Vec::new();
    for item in items {
        spans.push(item.span());
        let word = notes.string(item, Wanted::String).and_then(|word| {
            if names.contains(&word) {
                // A condition could not tell the word from the knob.
                let name = word.to_owned();
                return notes.note(
                    item.span(),
                    ShapeProblem::BadName {
                        role: Role::Choice,
                        name,
                    },
                );
            }
            notes.name(word, item.span(), Role::Choice)
        });
        if word.is_some() && options.contains(&word) {
            let choice = word.clone().unwrap_or_default();
            notes.note::<()>(item.span(), KnobProblem::DuplicateChoice { choice });
            options.push(None);
            continue;
        }
        options.push(word);
    }
    // None or too many of them have been noted; the knob is broken then.
    if options.is_empty() || notes.items(value)?.len() != options.len() {
        return None;
    }
    options.into_iter().collect()
}

/// Reads `[[contrast]]`: those that are sound, and whether these are all.
pub(super) fn contrasts(value: Option<&Value<'_>>, knobs: &Knobs, notes: &mut Notes<'_>) -> (Vec<Settings>, bool) {
    let Some(value) = value else {
        return (Vec::new(), true);
    };
    let before = notes.list.len();
    let items = notes
        .list(value, Counted::Contrasts, 0..=MOST_CONTRASTS)
        .unwrap_or_default();
    let sound = items.iter().filter_map(|item| contrast(item, knobs, notes));
    let sound: Vec<_> = sound.collect();
    let all = notes.list.len() == before && sound.len() == items.len();
    (sound, all)
}

fn contrast(value: &Value<'_>, knobs: &Knobs, notes: &mut Notes<'_>) -> Option<Settings> {
    let DeValue::Table(table) = value.get_ref() else {
        return notes.wrong_type(value, Wanted::Table);
    };
    let changed = changes(table, value.span(), knobs, notes);
    let all = knobs.complete()?;
    let mut settings = Settings::defaults(&all);
    for (name, value) in changed? {
        settings.insert(&name, value);
    }
    if settings == Settings::defaults(&all) {
        return notes.note(value.span(), KnobProblem::ContrastIsDefaults);
    }
    Some(settings)
}

fn changes(
    table: &DeTable<'_>,
    header: Range<usize>,
    knobs: &Knobs,
    notes: &mut Notes<'_>,
) -> Option<Vec<(String, Setting)>> {
    let mut changes = Vec::new();
    for (name, span, value) in entries(table) {
        let Some(declared) = knobs.find(name) else {
            changes.push(unknown(name, span, header.clone(), knobs, notes));
            continue;
        };
        let setting = match value.get_ref() {
            DeValue::Boolean(on) => Some(Setting::Toggle(*on)),
            DeValue::String(word) => Some(Setting::Choice(word.clone().into_owned())),
            DeValue::Integer(_) => notes
                .number(value, &(0..=u64::MAX), Wanted::Number)
                .map(Setting::Number),
            _ => notes.wrong_type(value, Wanted::Setting),
        };
        let (Some(setting), Some(knob)) = (setting, &declared.knob) else {
            changes.push(None);
            continue;
        };
        if knob.allows(&setting) {
            changes.push(Some((name.to_owned(), setting)));
            continue;
        }
        let refused = KnobProblem::NotAllowed {
            name: name.to_owned(),
            value: setting.to_string(),
            allowed: knob.allowed(),
        };
        changes.push(notes.note(value.span(), refused));
    }
    changes.into_iter().collect()
}

/// A key of a contrast that is no knob: a slip, or a key that was meant for the top level.
fn unknown<T>(name: &str, span: Range<usize>, header: Range<usize>, knobs: &Knobs, notes: &mut Notes<'_>) -> Option<T> {
    if super::fields::TOP.contains(&name) {
        let names = knobs.names();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        notes.unknown_key((name, span), header, &names);
        return None;
    }
    let (name, known) = (name.to_owned(), knobs.names());
    notes.note(span, KnobProblem::Unknown { name, known })
}
