//! Bytes inside a line: a quoted text, or hex where they are none.

use unicode_width::UnicodeWidthStr;

use super::Look;
use super::line::elide;
use crate::story::pieces::Bytes;
use crate::story::sentences::escaped;

/// Most cells a payload takes inside a line.
pub const MOST_IN_LINE: usize = 30;

/// Most bytes looked at for a payload inside a line: more than fit.
pub const MOST_BYTES: u64 = 80;

/// The bytes in at most `room` cells: `"hello"`, or `00 00 00 05 "hello"` if the first `header` of them are a length.
#[must_use]
pub fn payload(bytes: &Bytes, header: usize, room: usize, look: &Look) -> String {
    let known: Vec<u8> = bytes.bytes.iter().map_while(|byte| *byte).collect();
    let complete = known.len() == bytes.bytes.len() && bytes.skipped == 0;
    let (head, body) = known.split_at(header.min(known.len()));
    let mut text = head_of(head);
    if !body.is_empty() {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(&quote(body, complete, look));
    }
    if text.is_empty() {
        text.push_str(if complete { "\"\"" } else { look.glyphs.ellipsis });
    }
    if text.width() <= room {
        return text;
    }
    // A cut in front of the text leaves whole bytes, and no quote.
    let prefix = head_of(head).width();
    if !is_text(head) && !head.is_empty() && room < prefix + 3 + look.glyphs.ellipsis.width() {
        let bytes = room.saturating_sub(look.glyphs.ellipsis.width()) / 3;
        return hex_of(&head[..bytes.min(head.len())]) + look.glyphs.ellipsis;
    }
    // The closing quote stays, so that the ellipsis is seen to stand for bytes of the text.
    let quoted = text.ends_with('"');
    let cut = elide(
        text.trim_end_matches('"'),
        room.saturating_sub(usize::from(quoted)),
        look.glyphs.ellipsis,
    );
    if quoted { cut + "\"" } else { cut }
}

/// A length: its digits where it has some, else hex.
fn head_of(head: &[u8]) -> String {
    match std::str::from_utf8(head).ok().and_then(escaped) {
        Some(digits) if is_text(head) => format!("\"{digits}\""),
        _ => hex_of(head),
    }
}

/// Whether a length is written in digits.
fn is_text(head: &[u8]) -> bool {
    !head.is_empty()
        && head
            .iter()
            .all(|byte| byte.is_ascii_digit() || matches!(byte, b'\n' | b'-'))
}

fn quote(bytes: &[u8], complete: bool, look: &Look) -> String {
    let more = if complete { "" } else { look.glyphs.ellipsis };
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => escaped(text),
        // A text that is only cut off inside a character is still a text.
        Err(error) if !complete && error.error_len().is_none() && error.valid_up_to() > 0 => {
            escaped(&String::from_utf8_lossy(&bytes[..error.valid_up_to()]))
        }
        Err(_) => None,
    };
    match text {
        Some(text) => format!("\"{text}{more}\""),
        None => hex_of(bytes) + more,
    }
}

fn hex_of(bytes: &[u8]) -> String {
    bytes
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect::<Vec<_>>()
        .join(" ")
}
