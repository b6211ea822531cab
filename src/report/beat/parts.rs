//! What a read is that returned not all of a message: its header, its body, or a part of one of them.

use super::super::Look;
use super::super::line::{Role, Span, span};
use crate::story::Story;
use crate::story::pieces::Piece;
use crate::story::reads::Read;
use crate::trace::What;
use crate::words::{self, telling};

/// Where the parts of a message end, counted from its first byte.
struct Ends {
    header: u64,
    /// Where the JSON header ends; where the length does, if there is none.
    head: u64,
    body: u64,
    all: u64,
}

/// What a piece that was read is of its message.
pub fn of_message(story: &Story, read: &Read, piece: &Piece, look: &Look) -> Span {
    let (lang, number) = (look.lang, piece.message);
    let got = piece.to - piece.from;
    let ends = ends(story, piece);
    let (from, to) = (piece.from, piece.to);
    let good = |text| span(Role::Good, text);
    let notable = |text| span(Role::Notable, text);
    // A piece that is exactly what a reader asks for.
    match () {
        () if ends.header > 0 && (from, to) == (0, ends.header) => return good(telling::reading_header(lang, number)),
        () if ends.head > ends.header && (from, to) == (ends.header, ends.head) => {
            return good(telling::reading_json(lang, number));
        }
        () if ends.head > ends.header && (from, to) == (0, ends.head) => {
            return good(telling::reading_whole_header(lang, number));
        }
        () if ends.head > 0 && (from, to) == (ends.head, ends.body) => {
            return good(telling::reading_body(lang, number));
        }
        () if ends.body < ends.all && (from, to) == (0, ends.body) => {
            return notable(telling::reading_line(lang, number));
        }
        () if ends.body < ends.all && from == ends.body => return notable(telling::reading_newline(lang, number)),
        () => {}
    }
    if to <= ends.header {
        return notable(telling::reading_part_of_header(lang, got, ends.header, number));
    }
    if from >= ends.header && to <= ends.head {
        return notable(telling::reading_part_of_json(
            lang,
            got,
            ends.head - ends.header,
            number,
        ));
    }
    if from == 0 && ends.header > 0 {
        let more = words::bytes(lang, to.saturating_sub(ends.header));
        return notable(telling::reading_too_much(lang, number, &more));
    }
    let got = words::grouped(got);
    if ends.head > 0 && from >= ends.head {
        let of = words::grouped(ends.body.saturating_sub(ends.head));
        return if ends.head > ends.header && is_share(story, read) {
            good(telling::reading_share_of_body(lang, &got, &of, number))
        } else {
            notable(telling::reading_part_of_body(lang, &got, &of, number))
        };
    }
    notable(telling::reading_partial(lang, &got, &words::grouped(piece.of)))
}

/// Whether a reader of frames, which has read how long what it asks for is, got just that: whoever
/// has read in a JSON header how long each share of the body is takes them one by one, and that is no flaw.
fn is_share(story: &Story, read: &Read) -> bool {
    let before = story.trace.events[..read.event].iter().rev();
    let mut own = before.filter(|event| event.endpoint == read.endpoint);
    read.returned == read.asked && own.any(|event| matches!(event.what, What::Header { .. }))
}

/// Whether a message is nothing but its length header: its body is empty.
pub fn is_header_only(story: &Story, piece: &Piece) -> bool {
    let ends = ends(story, piece);
    ends.header > 0 && ends.header == ends.all && piece.is_whole()
}

fn ends(story: &Story, piece: &Piece) -> Ends {
    let message = story.flows.message(piece.message);
    let (header, json, delimiter) = message.map_or((0, 0, 0), |(_, message)| {
        (message.header, message.json, message.delimiter)
    });
    Ends {
        header,
        head: header + json,
        body: piece.of.saturating_sub(delimiter),
        all: piece.of,
    }
}
