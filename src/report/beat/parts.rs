//! What a read is that returned not all of a message: its header, its body, or a part of one of them.

use super::super::Look;
use super::super::line::{Role, Span, span};
use crate::story::Story;
use crate::story::pieces::Piece;
use crate::story::reads::Read;
use crate::trace::What;
use crate::words::{self, Lang, telling};

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
        let of = ends.header;
        return notable(match Part::of((from, to), (0, ends.header)) {
            Part::Begins => telling::reading_part_of_header(lang, got, of, number),
            Part::GoesOn => telling::reading_more_of_header(lang, got, of, number),
            Part::Ends => telling::reading_rest_of_header(lang, got, of, number),
        });
    }
    if from >= ends.header && to <= ends.head {
        let of = ends.head - ends.header;
        return notable(match Part::of((from, to), (ends.header, ends.head)) {
            Part::Begins => telling::reading_part_of_json(lang, got, of, number),
            Part::GoesOn => telling::reading_more_of_json(lang, got, of, number),
            Part::Ends => telling::reading_rest_of_json(lang, got, of, number),
        });
    }
    if from == 0 && ends.header > 0 {
        let more = words::bytes(lang, to.saturating_sub(ends.header));
        return notable(telling::reading_too_much(lang, number, &more));
    }
    let got = words::grouped(got);
    if ends.head > 0 && from >= ends.head {
        let of = words::grouped(ends.body.saturating_sub(ends.head));
        if ends.head > ends.header && is_share(story, read) {
            return good(telling::reading_share_of_body(lang, &got, &of, number));
        }
        return notable(match Part::of((from, to), (ends.head, ends.body)) {
            Part::Begins => telling::reading_part_of_body(lang, &got, &of, number),
            Part::GoesOn => telling::reading_more_of_body(lang, &got, &of, number),
            Part::Ends => telling::reading_rest_of_body(lang, &got, &of, number),
        });
    }
    let of = words::grouped(piece.of);
    notable(match Part::of((from, to), (0, piece.of)) {
        Part::Begins => telling::reading_partial(lang, &got, &of),
        Part::GoesOn => telling::reading_more(lang, &got, &of),
        Part::Ends => telling::reading_rest(lang, &got, &of, number),
    })
}

/// What a read that took not all of something is to it. The one that ends it is no half of anything any more.
enum Part {
    Begins,
    GoesOn,
    Ends,
}

impl Part {
    fn of((from, to): (u64, u64), (start, end): (u64, u64)) -> Self {
        match (from > start, to >= end) {
            (true, true) => Self::Ends,
            (true, false) => Self::GoesOn,
            (false, _) => Self::Begins,
        }
    }
}

/// What a read of bytes of several messages holds: a part of the first and of the last it may be, whole ones between.
pub fn stuck(pieces: &[Piece], lang: Lang) -> String {
    let end = pieces.first().filter(|piece| piece.from > 0);
    let beginning = pieces.last().filter(|piece| piece.to < piece.of);
    let whole = &pieces[usize::from(end.is_some())..pieces.len() - usize::from(beginning.is_some())];
    let whole = match whole {
        [] => None,
        [one] => Some(telling::stuck_whole(lang, one.message)),
        several => Some(telling::stuck_messages(lang, several.len())),
    };
    let end = end.map(|piece| telling::stuck_end(lang, piece.message));
    let beginning = beginning.map(|piece| telling::stuck_beginning(lang, piece.message));
    let held: Vec<String> = [end, whole, beginning].into_iter().flatten().collect();
    words::list(lang, &held)
}

/// Whether a reader of frames, which has read how long what it asks for is, got just that: whoever
/// has read in a JSON header how long each share of the body is takes them one by one, and that is no flaw.
fn is_share(story: &Story, read: &Read) -> bool {
    let before = story.trace.events[..read.event].iter().rev();
    let mut own = before.filter(|event| event.endpoint == read.endpoint);
    read.returned == read.asked && own.any(|event| matches!(event.what, What::Header { .. }))
}

/// Whether a piece is of a message that has no parts of its own: one of the sends that a file's bytes take, say.
pub fn is_plain(story: &Story, piece: &Piece) -> bool {
    let ends = ends(story, piece);
    ends.head == 0 && ends.body == ends.all
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
