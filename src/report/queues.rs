//! What lies in a queue: how much, of which messages, the bytes.

use super::Look;
use super::labels::{self, label};
use super::line::{Role, Span, plain, span, tied};
use super::payload::{MOST_BYTES, MOST_IN_LINE, payload};
use crate::story::Story;
use crate::story::picture::{Buffers, Fin, Held};
use crate::story::pieces::Piece;
use crate::words::{self, Lang, telling};

/// The parts of a send queue, each a text by itself: what is unsent, what is in flight, the FIN behind them, and what was
/// thrown away. None if it is empty.
#[must_use]
pub fn send_queue(story: &Story, buffers: &Buffers, look: &Look) -> Vec<Vec<Span>> {
    let lang = look.lang;
    let as_of = buffers.send_as_of;
    let unsent = held(story, (&buffers.unsent, as_of), telling::unsent, look);
    let in_flight = held(story, (&buffers.in_flight, as_of), telling::in_flight, look);
    // What is not measured is not measured in both parts: it is said once.
    let in_flight = in_flight.filter(|part| Some(part) != unsent.as_ref());
    let fin = buffers
        .fin
        .map(|fin| vec![plain(dated(lang, fin_text(lang, fin), as_of))]);
    let mut parts: Vec<Vec<Span>> = unsent.into_iter().chain(in_flight).chain(fin).collect();
    if parts.is_empty() && (as_of.is_some() || buffers.thrown_away > 0) {
        parts.push(vec![empty_as_of(look, as_of)]);
    }
    parts.extend(thrown_away(lang, buffers).map(|part| vec![part]));
    parts
}

/// The parts of a receive queue: what waits, and how much was dropped. None if it is empty.
#[must_use]
pub fn receive_queue(story: &Story, buffers: &Buffers, look: &Look) -> Vec<Vec<Span>> {
    let as_of = buffers.receive_as_of;
    let waiting = match buffers.datagrams {
        Some(count @ 1..) => Some(datagrams(story, &buffers.waiting, count, look)),
        _ => held(story, (&buffers.waiting, as_of), telling::waiting, look),
    };
    let waiting = waiting.or_else(|| as_of.map(|_| vec![empty_as_of(look, as_of)]));
    let Some(dropped) = buffers.dropped.filter(|dropped| *dropped > 0) else {
        return waiting.into_iter().collect();
    };
    let dropped = span(Role::Bad, telling::dropped(look.lang, &words::grouped(dropped)));
    // The queue is not what was dropped: that nothing is left in it is said as well.
    vec![waiting.unwrap_or_else(|| vec![empty(look)]), vec![dropped]]
}

/// What stands above the bytes in flight.
#[must_use]
pub fn in_flight_title(lang: Lang, buffers: &Buffers) -> Span {
    let fin = buffers.fin.filter(|fin| *fin == Fin::InFlight);
    title(lang, (&buffers.in_flight, buffers.send_as_of), fin, telling::in_flight)
}

/// What stands above the bytes that are unsent; that they were thrown away, if they were.
#[must_use]
pub fn unsent_title(lang: Lang, buffers: &Buffers) -> Span {
    let fin = buffers.fin.filter(|fin| *fin == Fin::Unsent);
    let title = || title(lang, (&buffers.unsent, buffers.send_as_of), fin, telling::unsent);
    thrown_away(lang, buffers).unwrap_or_else(title)
}

/// What stands above the bytes, or datagrams, that wait to be read.
#[must_use]
pub fn waiting_title(lang: Lang, buffers: &Buffers) -> Span {
    let waiting = (&buffers.waiting, buffers.receive_as_of);
    match buffers.datagrams {
        Some(count @ 1..) => title(lang, waiting, None, |lang, bytes| {
            telling::datagrams_waiting(lang, &words::datagrams(lang, count), bytes)
        }),
        _ => title(lang, waiting, None, telling::waiting),
    }
}

/// `3 bytes unsent`, `0 bytes unsent`, `not measured here`.
fn title(
    lang: Lang,
    (held, as_of): (&Held, Option<u64>),
    fin: Option<Fin>,
    say: impl Fn(Lang, &str) -> String,
) -> Span {
    let size = |count| say(lang, &words::bytes(lang, count));
    match (held.bytes(), fin) {
        (None, _) => span(Role::Faint, telling::not_measured(lang)),
        (Some(0), Some(fin)) => plain(dated(lang, fin_text(lang, fin), as_of)),
        (Some(0), None) => span(Role::Faint, dated(lang, size(0), as_of)),
        (Some(count), None) => plain(dated(lang, size(count), as_of)),
        (Some(count), Some(_)) => plain(dated(lang, telling::and_fin(lang, &size(count)), as_of)),
    }
}

fn fin_text(lang: Lang, fin: Fin) -> String {
    match fin {
        Fin::Unsent => telling::fin_unsent(lang),
        Fin::InFlight => telling::fin_in_flight(lang),
    }
}

fn thrown_away(lang: Lang, buffers: &Buffers) -> Option<Span> {
    let text = || telling::thrown_away(lang, &words::bytes(lang, buffers.thrown_away));
    (buffers.thrown_away > 0).then(|| span(Role::Bad, text()))
}

/// A figure, with its moment if that is not the one that is shown.
fn dated(lang: Lang, figure: String, as_of: Option<u64>) -> String {
    match as_of {
        Some(at) => telling::as_of(lang, &figure, &words::millis(at)),
        None => figure,
    }
}

fn empty_as_of(look: &Look, as_of: Option<u64>) -> Span {
    span(Role::Faint, dated(look.lang, telling::empty(look.lang), as_of))
}

/// What an empty queue is called.
#[must_use]
pub fn empty(look: &Look) -> Span {
    span(Role::Faint, telling::empty(look.lang))
}

/// One part of a queue: how much, of which messages, the bytes. Nothing if it is empty.
fn held(
    story: &Story,
    (held, as_of): (&Held, Option<u64>),
    say: fn(Lang, &str) -> String,
    look: &Look,
) -> Option<Vec<Span>> {
    let lang = look.lang;
    match held.bytes() {
        None => Some(vec![span(Role::Faint, telling::not_measured(lang))]),
        Some(0) => None,
        Some(bytes) => {
            let mut spans = vec![plain(dated(lang, say(lang, &words::bytes(lang, bytes)), as_of))];
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
