//! Bytes and texts as they are written in a program.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr;

use super::Language;
use crate::framing::Counts;

/// What the letters of a long message are taken from, again and again.
pub(super) const ALPHABET: &str = "abcdefghijklmnopqrstuvwxyz";

/// The name of a unix socket or a pipe.
pub(super) const PATH: &str = "lab.sock";

/// The bytes of a message, as a program can hold them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Content<'b> {
    /// Short enough to be written.
    Whole(&'b [u8]),
    /// So many letters of the alphabet, again and again.
    Letters(usize),
    /// Too long to be written: its beginning, and how long it is.
    Beginning(&'b [u8], usize),
}

/// How these bytes can be held.
pub(super) fn content(bytes: &[u8]) -> Content<'_> {
    if bytes.len() <= LONGEST && literal_width(bytes) <= WIDEST {
        return Content::Whole(bytes);
    }
    if bytes.iter().eq(ALPHABET.as_bytes().iter().cycle().take(bytes.len())) {
        return Content::Letters(bytes.len());
    }
    let (length, part) = (bytes.len(), beginning(bytes));
    Content::Beginning(part, length)
}

/// A text that is sent as a frame: all of it, or its beginning if that does not change what the header says.
pub(super) fn text_content(text: &str, counts: Counts) -> Content<'_> {
    match content(text.as_bytes()) {
        Content::Beginning(part, length) if counts == Counts::Bytes || text.is_ascii() => {
            Content::Beginning(part, length)
        }
        Content::Letters(length) => Content::Beginning(beginning(text.as_bytes()), length),
        _ => Content::Whole(text.as_bytes()),
    }
}

/// Bytes as an expression: `b"hello"`; `"粘包".encode()` in Python and `"粘包".as_bytes()` in Rust.
pub(super) fn bytes(language: Language, bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) if !text.is_ascii() => {
            let method = match language {
                Language::Python => "encode",
                Language::Rust => "as_bytes",
            };
            format!("{}.{method}()", self::text(language, text))
        }
        _ => byte_literal(bytes),
    }
}

/// A text in quotes.
pub(super) fn text(language: Language, text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            _ if c == '\'' || c.escape_debug().len() == 1 => quoted.push(c),
            // What cannot be seen, or changes how its neighbours are seen.
            _ => escape(&mut quoted, language, c),
        }
    }
    quoted + "\""
}

fn escape(quoted: &mut String, language: Language, c: char) {
    let code = u32::from(c);
    let written = match language {
        Language::Rust => write!(quoted, "\\u{{{code:x}}}"),
        Language::Python if code <= 0xffff => write!(quoted, "\\u{code:04x}"),
        Language::Python => write!(quoted, "\\U{code:08x}"),
    };
    debug_assert!(written.is_ok(), "a string takes everything");
}

/// `b"…"`, the same in both languages.
fn byte_literal(bytes: &[u8]) -> String {
    let mut quoted = String::from("b\"");
    for byte in bytes {
        match byte {
            b'\'' => quoted.push('\''),
            _ => quoted.extend(byte.escape_ascii().map(char::from)),
        }
    }
    quoted + "\""
}

fn literal_width(bytes: &[u8]) -> usize {
    self::bytes(Language::Python, bytes).width()
}

/// As much of it as leaves room for what is done with it; of a text whole characters.
fn beginning(bytes: &[u8]) -> &[u8] {
    let is_text = std::str::from_utf8(bytes).is_ok();
    let fits = |end: &usize| {
        let part = &bytes[..*end];
        let width = match std::str::from_utf8(part) {
            Ok(part) => text(Language::Rust, part).width(),
            Err(_) if is_text => return false,
            Err(_) => byte_literal(part).width(),
        };
        width <= SHORTENED
    };
    let end = (0..=bytes.len().min(SHORTENED)).rev().find(fits).unwrap_or(0);
    &bytes[..end]
}

/// Longest message that is written in full, in bytes.
const LONGEST: usize = 28;
/// Widest literal that is written in full, in columns: what a call of `sendall` has room for.
const WIDEST: usize = 31;
/// Widest beginning of a longer one, in columns.
const SHORTENED: usize = 14;
