//! What lies in a queue: how much, of which messages, the bytes.

use super::Look;
use super::labels::{self, label};
use super::line::{Role, Span, plain, span, tied};
use super::payload::{MOST_BYTES, MOST_IN_LINE, payload};
use crate::story::Story;
use crate::story::picture::{Buffers, Held};
use crate::story::pieces::Piece;
use crate::words::{self, telling};

/// The parts of a send queue, each a text by itself: what is unsent, what is in flight. None if it is empty.
#[must_use]
pub fn send_queue(story: &Story, buffers: &Buffers, look: &Look) -> Vec<Vec<Span>> {
    let unsent = held(story, &buffers.unsent, telling::unsent, look);
    let in_flight = held(story, &buffers.in_flight, telling::in_flight, look);
    // What is not measured is not measured in both parts: it is said once.
    let in_flight = in_flight.filter(|part| Some(part) != unsent.as_ref());
    unsent.into_iter().chain(in_flight).collect()
}

/// The parts of a receive queue: what waits, and how much was dropped. None if it is empty.
#[must_use]
pub fn receive_queue(story: &Story, buffers: &Buffers, look: &Look) -> Vec<Vec<Span>> {
    let waiting = match buffers.datagrams {
        Some(count @ 1..) => Some(datagrams(story, &buffers.waiting, count, look)),
        _ => held(story, &buffers.waiting, telling::waiting, look),
    };
    let Some(dropped) = buffers.dropped.filter(|dropped| *dropped > 0) else {
        return waiting.into_iter().collect();
    };
    let dropped = span(Role::Bad, telling::dropped(look.lang, &words::grouped(dropped)));
    // The queue is not what was dropped: that nothing is left in it is said as well.
    vec![waiting.unwrap_or_else(|| vec![empty(look)]), vec![dropped]]
}

/// What an empty queue is called.
#[must_use]
pub fn empty(look: &Look) -> Span {
    span(Role::Faint, telling::empty(look.lang))
}

/// One part of a queue: how much, of which messages, the bytes. Nothing if it is empty.
fn held(story: &Story, held: &Held, say: fn(words::Lang, &str) -> String, look: &Look) -> Option<Vec<Span>> {
    let lang = look.lang;
    match held.bytes() {
        None => Some(vec![span(Role::Faint, telling::not_measured(lang))]),
        Some(0) => None,
        Some(bytes) => {
            let mut spans = vec![plain(say(lang, &words::bytes(lang, bytes)))];
            spans.extend(contents(story, held, look));
            Some(spans)
        }
    }
}

/// The receive queue of datagrams: how many, and which.
fn datagrams(story: &Story, held: &Held, count: u64, look: &Look) -> Vec<Span> {
    let lang = look.lang;
    let size = words::bytes(lang, held.bytes().unwrap_or(0));
    let text = telling::datagrams_waiting(lang, &words::datagrams(lang, count), &size);
    let mut spans = vec![plain(text)];
    spans.extend(contents(story, held, look));
    spans
}

/// Which messages, with their bytes, if that is known.
fn contents(story: &Story, held: &Held, look: &Look) -> Vec<Span> {
    let pieces = held.pieces(&story.flows, labels::MOST + 1);
    let mut spans = Vec::new();
    for (index, piece) in pieces.iter().take(labels::MOST).enumerate() {
        spans.push(plain(if index > 0 {
            telling::comma(look.lang)
        } else {
            telling::colon(look.lang)
        }));
        let text = format!("{} {}", label(piece), piece_payload(story, held, piece, look));
        spans.push(span(Role::Message(piece.message), tied(&text)));
    }
    if pieces.len() > labels::MOST {
        spans.push(span(Role::Faint, format!(" {}", look.glyphs.ellipsis)));
    }
    spans
}

fn piece_payload(story: &Story, held: &Held, piece: &Piece, look: &Look) -> String {
    let Some(flow) = held.flow() else {
        return String::new();
    };
    let message = story.flows.message(piece.message).map(|(_, message)| message);
    let start = message.map_or(0, |message| message.start);
    let bytes = story
        .flows
        .bytes(flow, start + piece.from, start + piece.to, MOST_BYTES);
    let header = message.map_or(0, |message| message.header.saturating_sub(piece.from));
    payload(&bytes, usize::try_from(header).unwrap_or(0), MOST_IN_LINE, look)
}
