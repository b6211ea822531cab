//! Bytes inside a line: a quoted text, or hex where they are none.

use unicode_width::UnicodeWidthStr;

use super::Look;
use super::line::elide;
use crate::story::characters::quoted;
use crate::story::pieces::Bytes;

/// Most cells a payload takes inside a line.
pub const MOST_IN_LINE: usize = 30;

/// Most bytes looked at for a payload inside a line: more than fit.
pub const MOST_BYTES: u64 = 80;

/// The bytes in at most `room` cells: `"hello"`, or `00 00 00 05 "hello"` if the first `header` of them are a length.
#[must_use]
pub fn payload(bytes: &Bytes, header: usize, room: usize, look: &Look) -> String {
    let known: Vec<u8> = bytes.bytes.iter().map_while(|byte| *byte).collect();
    let complete = known.len() == bytes.bytes.len() && bytes.skipped == 0;
    let header = header.min(known.len());
    let (head, body) = known.split_at(header);
    let (head_parts, body_parts) = bytes.characters[..known.len()].split_at(header);
    let head_quoted = quoted(head_parts, "").filter(|_| !head.is_empty());
    let in_front = head_quoted.clone().unwrap_or_else(|| hex_of(head));
    let mut text = in_front.clone();
    if !body.is_empty() {
        if !text.is_empty() {
            text.push(' ');
        }
        let more = if complete { "" } else { look.glyphs.ellipsis };
        let shown = quoted(body_parts, more).unwrap_or_else(|| hex_of(body) + more);
        text.push_str(&shown);
    }
    if text.is_empty() {
        text.push_str(if complete { "\"\"" } else { look.glyphs.ellipsis });
    }
    if text.width() <= room {
        return text;
    }
    // A cut in front of the text leaves whole bytes, and no quote.
    let prefix = in_front.width();
    if head_quoted.is_none() && !head.is_empty() && room < prefix + 3 + look.glyphs.ellipsis.width() {
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

fn hex_of(bytes: &[u8]) -> String {
    bytes
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect::<Vec<_>>()
        .join(" ")
}
