//! What is said of a format, of values and of bytes that are refused, and what to do about it.

use super::super::Failure;
use super::{name, what};
use crate::pack::{Code, Format, FormatError, Mark, PackError, UnpackError, ValueError};
use crate::words::pack as text;
use crate::words::{self, Lang};

/// A text that is no format.
pub fn format(format: &str, why: &FormatError, lang: Lang) -> Failure {
    let quoted = |found: &char| format!("`{found}`");
    let format = &format!("`{format}`");
    let (message, help) = match why {
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
            let bytes = words::bytes(lang, *bytes as u64);
            (text::format_too_long(lang, &bytes), text::smaller_counts(lang))
        }
        FormatError::TooLarge => (text::result_too_large(lang), text::smaller_counts(lang)),
    };
    Failure::with_help(message, help)
}

/// Not one value for each field.
pub fn count(format: &Format, wanted: usize, given: usize, lang: Lang) -> Failure {
    let message = text::value_count(lang, format.text(), wanted, given);
    // Of very many fields the first say enough.
    let mut codes: Vec<String> = format.fields().take(MOST_NAMED).map(name).collect();
    if wanted > MOST_NAMED {
        codes.push("...".to_owned());
    }
    let help = match wanted {
        0 => text::takes_none(lang),
        _ => text::values_are(lang, &codes.join(" ")),
    };
    Failure::with_help(message, help)
}

/// Values that cannot be packed.
pub fn packing(format: &Format, why: &PackError, lang: Lang) -> Failure {
    match why {
        PackError::Count { wanted, given } => count(format, *wanted, *given, lang),
        PackError::Value { number, why, .. } => value(*number, why, lang),
    }
}

/// A value that its field does not take.
pub fn value(number: usize, why: &ValueError, lang: Lang) -> Failure {
    let (message, help) = match why {
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
            match code {
                Code::Float => would_hold(Code::Double, lang),
                _ => text::numbers_are(lang),
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
        ValueError::NoBytes { found } => (text::no_bytes(lang, number, found), text::hex_is(lang)),
        ValueError::NoHex { found } => (text::no_hex_value(lang, number, found), text::hex_is(lang)),
    };
    Failure::with_help(message, help)
}

/// Bytes of another length.
pub fn unpacking(format: &Format, why: UnpackError, lang: Lang) -> Failure {
    let [wanted, given] = [why.wanted, why.given].map(|count| words::bytes(lang, count as u64));
    let message = text::byte_count(lang, format.text(), &wanted, &given);
    let marks = [Mark::Native, Mark::NativeOrder, Mark::Network].into_iter();
    let others = marks.filter_map(|mark| format.under(mark).ok());
    let fitting = others.filter(|other| other.size() == why.given);
    let fitting: Vec<String> = fitting.map(|other| other.text().to_owned()).collect();
    Failure {
        message,
        help: (!fitting.is_empty()).then(|| text::take_as_many(lang, &words::list(lang, &fitting))),
        bare: false,
    }
}

/// The bytes that hex digits in one or several arguments stand for.
pub fn bytes(hex: &[String], lang: Lang) -> Result<Vec<u8>, Failure> {
    let digits: String = hex.concat().chars().filter(|c| !c.is_whitespace()).collect();
    if let Some(other) = digits.chars().find(|c| !c.is_ascii_hexdigit()) {
        let message = text::no_hex(lang, &format!("`{other}`"));
        return Err(Failure::with_help(message, text::hex_is(lang)));
    }
    hex::decode(&digits).map_err(|_| Failure::with_help(text::odd_hex(lang, digits.len()), text::hex_is(lang)))
}

fn would_hold(code: Code, lang: Lang) -> String {
    let size = words::bytes(lang, code.size() as u64);
    text::would_hold(lang, &code.to_string(), &what(code, &size, lang))
}

/// Most codes of a format that are named.
const MOST_NAMED: usize = 12;
