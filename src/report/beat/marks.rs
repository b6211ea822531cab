//! Departures, acknowledgements, waits and faults.

use super::super::Look;
use super::super::labels::Named;
use super::super::line::{Role, Span};
use crate::story::{Story, sentences};
use crate::trace::{FrameFault, Until};
use crate::words::{self, telling, wire};

/// A departure, by its index.
pub fn left(story: &Story, departure: usize, look: &Look) -> Vec<Span> {
    let Some(departure) = story.departures.get(departure) else {
        return Vec::new();
    };
    let lang = look.lang;
    let size = words::bytes(lang, departure.end - departure.start);
    let pieces = Named::of(&departure.pieces);
    let names = pieces.plain(look);
    let (text, role) = if !departure.at_once {
        (telling::left_by_now(lang, &names, &size), Role::Plain)
    } else if departure.pieces.len() > 1 {
        (telling::left_together(lang, &names, &size), Role::Notable)
    } else {
        (telling::left(lang, &names, &size), Role::Plain)
    };
    pieces.colored(&text, role, look)
}

/// An acknowledgement of these, so many nanoseconds after they left.
pub fn acknowledged(pieces: &Named, after: Option<u64>, look: &Look) -> Vec<Span> {
    let (lang, names) = (look.lang, pieces.plain(look));
    let text = match after {
        Some(after) => telling::acknowledged(lang, &names, &words::millis(after)),
        None => telling::acknowledged_plain(lang, &names),
    };
    pieces.colored(&text, Role::Plain, look)
}

/// A step begins to wait.
pub fn waits(until: Until, look: &Look) -> String {
    let lang = look.lang;
    match until {
        Until::Queued(bytes) => telling::waits_for_bytes(lang, &words::bytes(lang, bytes)),
        Until::DatagramsQueued(count) => telling::waits_for_datagrams(lang, &words::datagrams(lang, count)),
        Until::Acknowledged => telling::waits_for_ack(lang),
        Until::Held(count) => wire::waits_for_held(lang, &wire::packets(lang, count)),
    }
}

/// A step has waited so many nanoseconds.
pub fn waited(until: Until, after: u64, look: &Look) -> String {
    let (lang, after) = (look.lang, words::millis(after));
    match until {
        Until::Queued(bytes) => telling::waited_for(lang, &words::bytes(lang, bytes), &after),
        Until::DatagramsQueued(count) => telling::waited_for(lang, &words::datagrams(lang, count), &after),
        Until::Acknowledged => telling::waited_for_ack(lang, &after),
        Until::Held(count) => wire::waited_for_held(lang, &wire::packets(lang, count), &after),
    }
}

/// The framing reader gives up.
pub fn fault(fault: FrameFault, look: &Look) -> String {
    let lang = look.lang;
    let bytes = |count| words::bytes(lang, count);
    match fault {
        FrameFault::EndOfStream => telling::end_of_stream(lang),
        FrameFault::ShortHeader { got, of: 0 } => telling::short_open_header(lang, &words::bytes(lang, got)),
        FrameFault::ShortHeader { got, of } => telling::short_header(lang, got, of),
        FrameFault::ShortBody { got, of } => telling::short_body(lang, &bytes(got), &bytes(of)),
        FrameFault::ShortLine { got } => telling::short_line(lang, &bytes(got)),
        FrameFault::OverLimit { length, limit } => telling::over_limit(lang, &bytes(length), &bytes(limit)),
        FrameFault::Negative { length } => telling::negative(lang, &words::signed(lang, length)),
        FrameFault::NotANumber { found } => telling::not_a_number(lang, &sentences::quoted(&[found])),
        FrameFault::TooManyDigits { most } => telling::too_many_digits(lang, &words::digits(lang, most)),
        FrameFault::BadJson => telling::bad_json(lang),
        FrameFault::MissingField => telling::missing_field(lang),
        FrameFault::BadSize => telling::bad_size(lang),
        FrameFault::LineTooLong { limit } => telling::line_too_long(lang, &bytes(limit)),
        FrameFault::BadEscape => telling::bad_escape(lang),
        FrameFault::TimedOut { got, after_ms } => telling::timed_out(lang, &words::grouped(after_ms), &bytes(got)),
        FrameFault::NotReady => telling::not_ready(lang),
    }
}
