//! Calls, what they returned, and what that makes a read.

use super::super::Look;
use super::super::labels::{Named, label};
use super::super::line::{Role, Span, plain, span, tied};
use super::super::payload::{MOST_BYTES, MOST_IN_LINE, payload};
use super::parts;
use crate::scenario::claim::ErrorName;
use crate::scenario::{Reading, Transport};
use crate::story::beats::{Beat, CallOutcome};
use crate::story::pieces::Piece;
use crate::story::reads::Read;
use crate::story::{Story, peer, sentences};
use crate::trace::{Call, Event, What};
use crate::words::{self, telling};

/// What stands beside a payload: a label, the call, the result.
const BESIDE: usize = 18;

/// A payload gets at least so many cells.
const SHORTEST: usize = 8;

/// `m1 send "hello" → 5`.
pub fn send(
    story: &Story,
    beat: &Beat,
    number: u32,
    (start, end): (u64, u64),
    outcome: CallOutcome,
    look: &Look,
) -> Vec<Span> {
    let message = story.flows.message(number);
    let header = message.map_or(0, |(_, message)| (message.start + message.header).saturating_sub(start));
    let header = usize::try_from(header).unwrap_or(0);
    let bytes = match message {
        // What the kernel did not take lies in no flow, but it is what the call was given.
        Some((_, message)) if message.is_cut() => {
            message.excerpt(start - message.start, asked(story, beat), MOST_BYTES)
        }
        _ => story.flows.bytes(beat.endpoint, start, end, MOST_BYTES),
    };
    let mut text = vec![
        span(Role::Message(number), given(story, beat, number, start)),
        plain(format!(" {} ", sentences::call_name(story, Call::Send))),
    ];
    // In a narrow pane the payload gives way, not the result.
    let room = MOST_IN_LINE.min(look.width.saturating_sub(BESIDE).max(SHORTEST));
    let shown = payload(&bytes, header, room, look);
    text.push(span(Role::Message(number), tied(&shown)));
    if matches!(call(story, beat), Some(What::SendCall { nonblocking: true, .. })) {
        text.push(span(Role::Faint, " MSG_DONTWAIT"));
    }
    text.push(plain(format!(" {} ", look.glyphs.arrow)));
    text.push(result(outcome, no_room(story, look), look));
    text
}

/// What a call was given: its message, or a part of it. What the kernel does not take of it is no part of any flow, so
/// what lies behind in the flow may be another message's.
fn given(story: &Story, beat: &Beat, message: u32, start: u64) -> String {
    let Some((_, told)) = story.flows.message(message) else {
        return format!("m{message}");
    };
    let from = start.saturating_sub(told.start);
    let of = told.bytes.len;
    let to = from.saturating_add(asked(story, beat)).min(of);
    label(&Piece { message, from, to, of })
}

/// Why a send waits. A pipe has one queue, not one at each end.
fn no_room(story: &Story, look: &Look) -> String {
    if story.plan.transport == Transport::Pipe {
        telling::blocked_write(look.lang)
    } else {
        telling::blocked_send(look.lang)
    }
}

fn call<'s>(story: &'s Story, beat: &Beat) -> Option<&'s What> {
    story.trace.events.get(beat.event).map(|event| &event.what)
}

/// How many bytes a call was given.
fn asked(story: &Story, beat: &Beat) -> u64 {
    match call(story, beat) {
        Some(What::SendCall { asked, .. }) => *asked,
        _ => 0,
    }
}

/// What stands beside a send that took less than it was given.
pub fn short(outcome: CallOutcome, asked: u64, look: &Look) -> Option<Span> {
    let CallOutcome::Returned(taken) = outcome else {
        return None;
    };
    let (taken, asked) = (taken < asked).then(|| (words::grouped(taken), words::grouped(asked)))?;
    Some(span(Role::Bad, telling::short_send(look.lang, &taken, &asked)))
}

/// The program does not send the rest of a message.
pub fn abandoned(story: &Story, message: u32, handed: u64, look: &Look) -> String {
    let of = story
        .flows
        .message(message)
        .map_or(handed, |(_, message)| message.bytes.len);
    if handed == 0 {
        return telling::abandoned_whole(look.lang, message);
    }
    let rest = words::bytes(look.lang, of.saturating_sub(handed));
    telling::abandoned(look.lang, message, &rest)
}

/// `recv(1024) → 13`.
pub fn recv(story: &Story, asked: u64, outcome: CallOutcome, look: &Look) -> Vec<Span> {
    let call = plain(format!(
        "{}({asked}) {} ",
        sentences::call_name(story, Call::Recv),
        look.glyphs.arrow
    ));
    vec![call, result(outcome, telling::blocked_recv(look.lang), look)]
}

/// A call that had blocked returns.
pub fn returned(call: &str, result: u64, blocked: u64, look: &Look) -> Vec<Span> {
    let after = telling::after_blocking(look.lang, &words::millis(blocked));
    let text = format!("{call} {} {result}  ", look.glyphs.arrow);
    vec![plain(text), span(Role::Faint, after)]
}

/// What a call returned, or that it blocks.
fn result(outcome: CallOutcome, blocked: String, look: &Look) -> Span {
    match outcome {
        CallOutcome::Returned(count) => plain(count.to_string()),
        CallOutcome::Failed => span(Role::Bad, "-1"),
        CallOutcome::Blocked => span(Role::Notable, blocked),
        CallOutcome::Never => span(Role::Notable, telling::never_returned(look.lang)),
    }
}

/// What a read is.
pub fn reading(story: &Story, read: &Read, look: &Look) -> Span {
    let lang = look.lang;
    match (read.reading, read.pieces.first()) {
        // How a program cuts a file into sends is nothing to whoever reads that: those are no messages.
        (Reading::Whole | Reading::Stuck | Reading::Partial, Some(_))
            if read.of_file && read.pieces.iter().all(|piece| parts::is_plain(story, piece)) =>
        {
            let size = words::bytes(lang, read.returned);
            span(Role::Good, telling::reading_of_file(lang, &size))
        }
        (Reading::Whole, Some(piece)) if parts::is_header_only(story, piece) => {
            span(Role::Good, telling::reading_header_only(lang, piece.message))
        }
        (Reading::Whole, _) => span(Role::Good, telling::reading_whole(lang)),
        (Reading::Stuck, _) => span(
            Role::Bad,
            telling::reading_stuck(lang, &parts::stuck(&read.pieces, lang)),
        ),
        (Reading::Partial, Some(piece)) => parts::of_message(story, read, piece, look),
        (Reading::Truncated, _) => {
            let lost = words::bytes(lang, read.lost);
            span(Role::Bad, telling::reading_truncated(lang, &lost))
        }
        (Reading::Empty, _) => span(Role::Notable, telling::reading_empty(lang)),
        // After it has told of the error once, the kernel returns 0.
        (Reading::EndOfStream, _) if is_broken(story, read) => span(Role::Bad, telling::reading_broken(lang)),
        (Reading::EndOfStream, _) => span(Role::Notable, telling::reading_end(lang)),
        (other, None) => span(Role::Notable, sentences::reading(other, lang)),
    }
}

/// Whether the connection had been broken off before a read: a call of its endpoint had met that.
fn is_broken(story: &Story, read: &Read) -> bool {
    let before = story.trace.events[..read.event].iter().rev();
    let errno = |event: &Event| match event.what {
        What::Failed { errno, .. } if event.endpoint == read.endpoint => ErrorName::of(errno),
        _ => None,
    };
    before.filter_map(errno).any(|error| error == ErrorName::Reset)
}

/// `512 more calls of send: 33,554,432 bytes in 21.3 ms`.
pub fn many(story: &Story, beat: &Beat, look: &Look) -> Vec<Span> {
    let Some(What::Calls {
        call,
        calls,
        bytes,
        start,
        since_ns,
        ..
    }) = self::call(story, beat)
    else {
        return Vec::new();
    };
    let name = sentences::call_name(story, *call);
    let flow = match call {
        Call::Send => beat.endpoint,
        Call::Recv => peer(beat.endpoint),
    };
    let mut text = Named::overlapping(story.flows.overlap(flow, *start, start + bytes)).spans(look);
    let took = words::millis(beat.at.saturating_sub(*since_ns));
    let size = words::bytes(look.lang, *bytes);
    let said = telling::many_calls(look.lang, name, &words::grouped(*calls), &size, &took);
    text.push(plain(format!(" {said}")));
    text
}

/// How many of them had to wait.
pub fn waited(story: &Story, beat: &Beat, look: &Look) -> Option<Span> {
    match self::call(story, beat) {
        Some(What::Calls { blocked: 0, .. }) | None => None,
        Some(What::Calls { blocked, .. }) => {
            let text = telling::of_them_waited(look.lang, &words::grouped(*blocked));
            Some(span(Role::Faint, text))
        }
        Some(_) => None,
    }
}
