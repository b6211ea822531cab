//! What is said of a format, of values and of bytes that are refused, and what to do about it.

use super::super::Failure;
use crate::pack::{Format, FormatError, Mark, PackError, UnpackError, ValueError};
use crate::scenario::packed::{count_refused, format_refused, value_refused};
use crate::words::pack as text;
use crate::words::{self, Lang};

/// A text that is no format.
pub fn format(format: &str, why: FormatError, lang: Lang) -> Failure {
    failure(format_refused(format, why, lang))
}

/// Not one value for each field.
pub fn count(format: &Format, wanted: usize, given: usize, lang: Lang) -> Failure {
    failure(count_refused(format, wanted, given, lang))
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
    failure(value_refused(number, why, lang))
}

/// Bytes of another length.
pub fn unpacking(format: &Format, why: UnpackError, lang: Lang) -> Failure {
    let [wanted, given] = [why.wanted, why.given].map(|count| words::bytes(lang, count as u64));
    let message = text::byte_count(lang, format.text(), &wanted, &given);
    let marks = [Mark::Native, Mark::NativeOrder, Mark::Network].into_iter();
    let others = marks.filter_map(|mark| format.under(mark).ok());
    let fitting = others.filter(|other| other.size() == why.given);
    let fitting: Vec<String> = fitting.map(|other| other.text().to_owned()).collect();
    if fitting.is_empty() {
        return Failure::new(message);
    }
    Failure::with_help(message, text::take_as_many(lang, &words::list(lang, &fitting)))
}

/// The bytes that hex digits in one or several arguments stand for.
pub fn bytes(hex: &[String], lang: Lang) -> Result<Vec<u8>, Failure> {
    let words = hex.iter().flat_map(|word| word.split_whitespace());
    let digits: String = words.map(|word| word.strip_prefix("0x").unwrap_or(word)).collect();
    if let Some(other) = digits.chars().find(|c| !c.is_ascii_hexdigit()) {
        let message = text::no_hex(lang, &format!("`{other}`"));
        return Err(Failure::with_help(message, text::hex_is(lang)));
    }
    hex::decode(&digits).map_err(|_| Failure::with_help(text::odd_hex(lang, digits.len()), text::hex_is(lang)))
}

fn failure((message, help): (String, String)) -> Failure {
    Failure::with_help(message, help)
}
