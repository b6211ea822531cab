//! `[formats.…]`, and the steps' uses of them.

use std::ops::Range;

use toml::de::DeValue;

use super::fields::{Fields, Notes, Value, entries};
use super::knobs::{Declared, Knobs};
use super::steps::Surroundings;
use super::{LONGEST_PACKED, MOST_FORMATS, MOST_VALUES};
use crate::pack::{Code, Format, Value as Packed, ValueError};
use crate::scenario::packed::{count_refused, format_refused, value_refused};
use crate::scenario::problem::{Counted, FormatProblem, KindName, KnobProblem, Role, ShapeProblem, Wanted};
use crate::scenario::{Action, Arg, KnobKind, PackedFormat, Step};

/// The formats of a file. One whose declaration is broken keeps its name, so that its uses are not reported as well.
#[derive(Default)]
pub(super) struct Formats {
    names: Vec<(String, Range<usize>)>,
    /// All of them, if nothing is wrong with any.
    pub(super) all: Option<Vec<PackedFormat>>,
}

/// Reads `[formats]`.
pub(super) fn formats(value: Option<&Value<'_>>, notes: &mut Notes<'_>) -> Formats {
    let none = Formats {
        names: Vec::new(),
        all: Some(Vec::new()),
    };
    let Some(value) = value else { return none };
    let DeValue::Table(table) = value.get_ref() else {
        notes.wrong_type::<()>(value, Wanted::Table);
        return Formats::default();
    };
    let before = notes.list.len();
    let mut entries = entries(table);
    entries.retain(|(name, span, value)| !notes.is_misplaced((name, span.clone()), value));
    if let Some((_, span, _)) = entries.get(MOST_FORMATS) {
        let wrong = ShapeProblem::WrongLength {
            of: Counted::Formats,
            found: entries.len(),
            min: 0,
            max: MOST_FORMATS,
        };
        notes.note::<()>(span.clone(), wrong);
    }
    let read: Vec<_> = entries
        .iter()
        .take(MOST_FORMATS)
        .map(|(name, span, value)| one(name, span.clone(), value, notes))
        .collect();
    let all = read.into_iter().collect::<Option<Vec<_>>>();
    Formats {
        names: entries
            .iter()
            .map(|(name, span, _)| ((*name).to_owned(), span.clone()))
            .collect(),
        all: all.filter(|_| notes.list.len() == before),
    }
}

fn one(name: &str, span: Range<usize>, value: &Value<'_>, notes: &mut Notes<'_>) -> Option<PackedFormat> {
    let name = notes.name(name, span, Role::Format);
    let mut fields = Fields::open(value, &["format", "values", "read_as"], Wanted::Table, notes)?;
    let format = fields.need("format").and_then(|value| format(value, notes));
    let read_as = fields.get("read_as").map(|value| self::format(value, notes));
    let values = fields.need("values");
    fields.close(notes);
    let format = format?;
    let values = self::values(values?, &format, notes)?;
    Some(PackedFormat {
        name: name?,
        format,
        values,
        read_as: match read_as {
            Some(read_as) => Some(read_as?),
            None => None,
        },
    })
}

fn format(value: &Value<'_>, notes: &mut Notes<'_>) -> Option<Format> {
    let text = notes.string(value, Wanted::String)?;
    let format = match Format::parse(text) {
        Ok(format) => format,
        Err(why) => {
            let whole = value.span();
            let at = why.place().zip(notes.offset(&whole, text)).map(|(place, offset)| {
                let before: usize = text.chars().take(place.0 - 1).map(char::len_utf8).sum();
                let length = text[before..].chars().next().map_or(0, char::len_utf8);
                offset + before..offset + before + length
            });
            return notes.note(
                at.unwrap_or(whole),
                FormatProblem::refused(|lang| format_refused(text, why, lang)),
            );
        }
    };
    let (size, characters) = (format.size(), text.chars().count());
    if !(1..=LONGEST_PACKED).contains(&size) || characters > LONGEST_TEXT {
        return notes.note(value.span(), FormatProblem::WrongSize { size, characters });
    }
    Some(format)
}

fn values(value: &Value<'_>, format: &Format, notes: &mut Notes<'_>) -> Option<Vec<Packed>> {
    let items = notes.list(value, Counted::Values, 0..=MOST_VALUES)?;
    let wanted = format.fields().count();
    if items.len() != wanted {
        let problem = FormatProblem::refused(|lang| count_refused(format, wanted, items.len(), lang));
        return notes.note(value.span(), problem);
    }
    let values: Vec<_> = format
        .fields()
        .zip(items)
        .map(|(field, item)| match packed(field.code, item) {
            Some(Ok(value)) => Some(value),
            Some(Err(why)) => notes.note(
                item.span(),
                FormatProblem::refused(|lang| value_refused(field.number, &why, lang)),
            ),
            None => notes.wrong_type(item, Wanted::PackedValue),
        })
        .collect();
    values.into_iter().collect()
}

/// A value as it is written for a code; nothing if it is neither a text nor a number.
fn packed(code: Code, value: &Value<'_>) -> Option<Result<Packed, ValueError>> {
    match value.get_ref() {
        DeValue::String(text) => Some(Packed::typed(code, text)),
        DeValue::Integer(number) if code != Code::Text => {
            let known = i128::from_str_radix(number.as_str(), number.radix());
            let known = known.map_or_else(
                |_| Packed::typed(code, number.as_str()),
                |number| Ok(Packed::Integer(number)),
            );
            Some(known)
        }
        DeValue::Float(number) if code != Code::Text => Some(Packed::typed(code, number.as_str())),
        DeValue::Integer(number) => Some(Err(ValueError::NoBytes {
            found: number.to_string(),
        })),
        DeValue::Float(number) => Some(Err(ValueError::NoBytes {
            found: number.to_string(),
        })),
        _ => None,
    }
}

/// The name of a format, or `"$knob"` of a knob that offers nothing but such names.
pub(super) fn format_arg(
    key: &str,
    value: &Value<'_>,
    around: Surroundings<'_>,
    notes: &mut Notes<'_>,
) -> Option<Arg<String>> {
    let text = notes.string(value, Wanted::String)?;
    let known: Vec<String> = around.formats.names.iter().map(|(name, _)| name.clone()).collect();
    let Some(knob) = text.strip_prefix('$') else {
        if known.iter().any(|name| name == text) {
            return Some(Arg::Fixed(text.to_owned()));
        }
        let name = text.to_owned();
        return notes.note(value.span(), FormatProblem::Unknown { name, known });
    };
    let KnobKind::Choice { options, .. } = notes.knob(knob, value.span(), KindName::Choice, around.knobs)? else {
        return None;
    };
    let mut usable = true;
    for (at, choice) in options.iter().enumerate().filter(|(_, choice)| !known.contains(choice)) {
        usable = false;
        let unusable = KnobProblem::ChoiceUnusable {
            name: knob.to_owned(),
            choice: choice.clone(),
            key: key.to_owned(),
            allowed: known.clone(),
        };
        let place = around.knobs.choice_span(knob, at).unwrap_or_else(|| value.span());
        notes.note::<()>(place, unusable);
    }
    usable.then(|| Arg::Knob(knob.to_owned()))
}

/// Notes the formats that no step uses.
pub(super) fn are_used(formats: &Formats, steps: &[(Step, Range<usize>)], knobs: &Knobs, notes: &mut Notes<'_>) {
    if formats.all.is_none() {
        return;
    }
    let used = steps.iter().flat_map(|(step, _)| match &step.action {
        Action::SendPacked(Arg::Fixed(name)) | Action::ReadPacked(Arg::Fixed(name)) => vec![name.clone()],
        Action::SendPacked(Arg::Knob(knob)) | Action::ReadPacked(Arg::Knob(knob)) => {
            match knobs.find(knob).and_then(Declared::kind) {
                Some(KnobKind::Choice { options, .. }) => options.clone(),
                _ => Vec::new(),
            }
        }
        _ => Vec::new(),
    });
    let used: Vec<String> = used.collect();
    for (name, span) in formats.names.iter().filter(|(name, _)| !used.contains(name)) {
        notes.note::<()>(span.clone(), FormatProblem::Unused { name: name.clone() });
    }
}

/// Longest text of a format in a scenario, in characters: it stands in sentences and in programs.
const LONGEST_TEXT: usize = 40;
