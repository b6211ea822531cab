//! `[[stop]]`.

use std::ops::Range;

use super::MOST_STOPS;
use super::endpoints::offered;
use super::fields::{Fields, Notes, Value};
use super::steps::{Surroundings, endpoint};
use crate::scenario::problem::{Counted, Wanted};
use crate::scenario::{Mark, Stop, Wording};

/// Every mark.
const MARKS: [&str; 8] = ["send", "left", "acked", "read", "blocked", "packed", "note", "packet"];

/// A stop with its places.
pub(super) struct PlacedStop {
    pub(super) stop: Stop<Wording>,
    /// Where to point if it never applies.
    pub(super) place: Range<usize>,
    /// Where its mark stands.
    pub(super) mark: Range<usize>,
}

/// Reads `[[stop]]`: those that are sound.
pub(super) fn stops(value: Option<&Value<'_>>, around: Surroundings<'_>, notes: &mut Notes<'_>) -> Vec<PlacedStop> {
    let items = value.and_then(|value| notes.list(value, Counted::Stops, 0..=MOST_STOPS));
    items
        .unwrap_or_default()
        .iter()
        .filter_map(|item| stop(item, around, notes))
        .collect()
}

fn stop(value: &Value<'_>, around: Surroundings<'_>, notes: &mut Notes<'_>) -> Option<PlacedStop> {
    let mut fields = Fields::open(value, &["when", "after", "look"], Wanted::Table, notes)?;
    let when = notes.when(fields.get("when"), around.knobs);
    let after = fields.need("after").and_then(|value| mark(value, around, notes));
    let look = fields.need("look").and_then(|value| notes.wording(value, around.knobs));
    let place = fields.get("when").map_or(fields.span(), Value::span);
    fields.close(notes);
    let (after, mark) = after?;
    let stop = Stop {
        when: when?,
        after,
        look: look?,
    };
    Some(PlacedStop { stop, place, mark })
}

/// The one mark in `after`, and the place of its value.
fn mark(value: &Value<'_>, around: Surroundings<'_>, notes: &mut Notes<'_>) -> Option<(Mark, Range<usize>)> {
    let fields = Fields::open(value, &MARKS, Wanted::Mark, notes)?;
    let given: Vec<_> = MARKS
        .iter()
        .filter_map(|key| Some((*key, fields.key_span(key)?, fields.get(key)?)))
        .collect();
    let [(key, key_span, at)] = given.as_slice() else {
        if given.is_empty() && fields.has_slip(&MARKS) {
            return None;
        }
        return notes.not_exactly_one(fields.span(), &MARKS);
    };
    if !offered(key, key_span.clone(), around.transport, notes) {
        return None;
    }
    if matches!(*key, "blocked" | "packed") {
        let name = notes.string(at, Wanted::String)?;
        let who = endpoint(name, at.span(), around.endpoints.names.as_ref()?, notes)?;
        let mark = if *key == "blocked" { Mark::Blocked } else { Mark::Packed };
        return Some((mark(who), at.span()));
    }
    if *key == "note" {
        return Some((Mark::Note(notes.named(at)?), at.span()));
    }
    if *key == "packet" {
        return Some((Mark::Packet(notes.named(at)?), at.span()));
    }
    let number = notes.ordinal(at)?;
    let mark = match *key {
        "send" => Mark::Send(number),
        "left" => Mark::Left(number),
        "acked" => Mark::Acked(number),
        _ => Mark::Read(number),
    };
    Some((mark, at.span()))
}
