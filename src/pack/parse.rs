//! A format's text becomes codes with counts.

use super::MOST;
use super::code::{Code, Mark};
use super::fault::{FormatError, Place};

/// The mark, and each code with its count.
pub fn parse(text: &str) -> Result<(Mark, Vec<(Code, usize)>), FormatError> {
    let given = text.chars().next().and_then(Mark::of);
    let mut rest = text.char_indices().skip(usize::from(given.is_some())).peekable();
    let mut counted = Vec::new();
    while let Some((offset, c)) = rest.next() {
        let place = |offset: usize| Place::of(text, offset);
        if is_blank(c) {
            continue;
        }
        let Some(digit) = digit(c) else {
            counted.push((code(c, place(offset))?, 1));
            continue;
        };
        let mut count = digit;
        while let Some(digit) = rest.peek().and_then(|(_, c)| self::digit(*c)) {
            rest.next();
            // A count that is too large stays so; how large it is does not matter.
            count = count.saturating_mul(10).saturating_add(digit);
        }
        let Some((after, c)) = rest.next() else {
            return Err(FormatError::CountAlone { at: place(offset) });
        };
        if is_blank(c) {
            return Err(FormatError::CountAlone { at: place(offset) });
        }
        let code = code(c, place(after))?;
        if count.saturating_mul(code.size()) > MOST {
            return Err(FormatError::TooLarge);
        }
        counted.push((code, count));
    }
    Ok((given.unwrap_or(Mark::Native), counted))
}

fn code(c: char, at: Place) -> Result<Code, FormatError> {
    if let Some(code) = Code::of_letter(c) {
        return Ok(code);
    }
    Err(if Mark::of(c).is_some() {
        FormatError::LateMark { at, found: c }
    } else if OTHERS.contains(c) {
        FormatError::OtherCode { at, found: c }
    } else {
        FormatError::NoCode { at, found: c }
    })
}

/// Codes of Python's that are not among ours: of these sizes only the machine knows (`l`, `n`, `P`), or they are other
/// ways to write what ours write.
const OTHERS: &str = "c?lLnNepP";

fn digit(c: char) -> Option<usize> {
    c.to_digit(10).map(|digit| digit as usize)
}

/// What C's isspace takes for blank.
fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{b}' | '\u{c}')
}
