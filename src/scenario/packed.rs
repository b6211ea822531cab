//! `[formats.NAME]`: values that a sender packs, and how the receiver unpacks them.

use std::ops::Range;

use super::Arg;
use crate::pack::{Code, Field, Format, FormatError, Value, ValueError};
use crate::words::{self, Lang, pack as text};

/// A format with values for it.
#[derive(Debug, Clone, PartialEq)]
pub struct PackedFormat {
    /// The name that steps and knobs use.
    pub name: String,
    /// How the sender packs.
    pub format: Format,
    /// What it packs: a value for each field, of the kind the field takes, but perhaps out of its range.
    pub values: Vec<Value>,
    /// How the receiver unpacks, if not in the same way.
    pub read_as: Option<Format>,
}

impl PackedFormat {
    /// How the receiver unpacks.
    #[must_use]
    pub fn reading(&self) -> &Format {
        self.read_as.as_ref().unwrap_or(&self.format)
    }

    /// Whether the values fit into the format.
    #[must_use]
    pub fn can_be_packed(&self) -> bool {
        self.format.pack(&self.values).is_ok()
    }

    /// Where in the packed bytes the text of each `s` lies.
    pub fn texts(&self) -> impl Iterator<Item = Range<usize>> {
        let texts = self.format.fields().filter(|field| field.code == Code::Text);
        texts.map(|field| field.at..field.at + field.size)
    }

    /// The format of this name, or of the name that the knob's word is.
    pub(super) fn named<'f>(formats: &'f [Self], name: &Arg<String>, word: Option<&str>) -> Option<&'f Self> {
        let name = match name {
            Arg::Fixed(name) => Some(name.as_str()),
            Arg::Knob(_) => word,
        };
        formats.iter().find(|format| Some(format.name.as_str()) == name)
    }
}

/// A field's code as a format writes it: `3s`.
#[must_use]
pub fn code_of(field: Field) -> String {
    match field.code {
        Code::Text => format!("{}s", field.size),
        code => code.to_string(),
    }
}

/// What a code is: `signed integer, 4 bytes`.
#[must_use]
pub fn about(code: Code, size: &str, lang: Lang) -> String {
    match code {
        Code::Float | Code::Double => text::float(lang, size),
        Code::Text | Code::Skip => text::text(lang, size),
        _ if code.range().is_some_and(|range| *range.start() < 0) => text::signed(lang, size),
        _ => text::unsigned(lang, size),
    }
}

/// Why a text is no format, and what to do about it.
#[must_use]
pub fn format_refused(format: &str, why: FormatError, lang: Lang) -> (String, String) {
    let quoted = |found: char| format!("`{found}`");
    let format = &format!("`{format}`");
    match why {
        FormatError::NoCode { at, found } => (text::no_code(lang, format, at.0, &quoted(found)), text::codes_are(lang)),
        FormatError::OtherCode { at, found } => (
            text::other_code(lang, format, at.0, &quoted(found)),
            text::codes_are(lang),
        ),
        FormatError::LateMark { at, found } => (
            text::late_mark(lang, format, at.0, &quoted(found)),
            text::marks_are(lang),
        ),
        FormatError::CountAlone { at } => (text::count_alone(lang, format, at.0), text::counts_are(lang)),
        FormatError::TooLong { bytes } => {
            let bytes = words::bytes(lang, bytes as u64);
            (text::format_too_long(lang, &bytes), text::smaller_counts(lang))
        }
        FormatError::TooLarge => (text::result_too_large(lang), text::smaller_counts(lang)),
    }
}

/// Why values are too many or too few for a format, and which it takes.
#[must_use]
pub fn count_refused(format: &Format, wanted: usize, given: usize, lang: Lang) -> (String, String) {
    let message = text::value_count(lang, format.text(), wanted, given);
    // Of very many fields the first say enough.
    let mut codes: Vec<String> = format.fields().take(MOST_NAMED).map(code_of).collect();
    if wanted > MOST_NAMED {
        codes.push("...".to_owned());
    }
    let help = match wanted {
        0 => text::takes_none(lang),
        _ => text::values_are(lang, &codes.join(" ")),
    };
    (message, help)
}

/// Why a value is not what its field takes, and what to do about it.
#[must_use]
pub fn value_refused(number: usize, why: &ValueError, lang: Lang) -> (String, String) {
    match why {
        ValueError::OutOfRange {
            code,
            number: value,
            smallest,
            largest,
            holding,
        } => {
            let [smallest, largest] = [smallest, largest].map(ToString::to_string);
            let help = holding.map_or(text::nothing_holds(lang), |code| would_hold(code, lang));
            let message = text::out_of_range(lang, number, value, &code.to_string(), &smallest, &largest);
            (message, help)
        }
        ValueError::TooLarge { code, number: value } => (
            text::too_large(lang, number, value, &code.to_string()),
            match value.parse::<f64>() {
                Ok(number) if *code == Code::Float && number.is_finite() => would_hold(Code::Double, lang),
                _ => text::no_float_holds(lang),
            },
        ),
        ValueError::NoInteger { code, found } => (
            text::no_integer(lang, number, found, &code.to_string()),
            text::integers_are(lang),
        ),
        ValueError::NoNumber { code, found } => (
            text::no_number(lang, number, found, &code.to_string()),
            text::numbers_are(lang),
        ),
        ValueError::NoBytes { found } => (text::no_bytes(lang, number, found), text::texts_are(lang)),
        ValueError::NoHex { found } => (text::no_hex_value(lang, number, found), text::texts_are(lang)),
    }
}

fn would_hold(code: Code, lang: Lang) -> String {
    let size = words::bytes(lang, code.size() as u64);
    text::would_hold(lang, &code.to_string(), &about(code, &size, lang))
}

/// Most codes of a format that are named.
const MOST_NAMED: usize = 12;
