//! `[framing]`, and the frames of `send_frames`.

use std::ops::Range;
use std::time::Duration;

use toml::de::DeValue;

use super::fields::{Fields, Notes, Value};
use super::knobs::Knobs;
use super::{LONGEST_BODY, MOST_FRAMES};
use crate::scenario::framing::{Body, FrameKind, FrameText, SenderFault};
use crate::scenario::problem::{Counted, FramingProblem, Wanted};
use crate::scenario::{Arg, Framing, KnobKind, Named};

/// Every key of `[framing]`.
const KEYS: [&str; 12] = [
    "kind",
    "order",
    "signed",
    "counts",
    "writes",
    "reader",
    "handshake",
    "escape",
    "digits",
    "limit",
    "header_limit",
    "deadline_ms",
];

/// Every key of a frame that is a table.
const FRAME_KEYS: [&str; 6] = ["text", "letters", "name", "says", "stop_after", "every_ms"];

/// Most digits that a reader can be told to accept: as many as the largest number of 64 bits has.
const MOST_DIGITS: u64 = 20;

/// What frames need to know of the framing, and the framing itself if nothing is wrong with it.
pub(super) struct ReadFraming {
    pub(super) framing: Option<Framing>,
    /// Its kind, also if something else is wrong.
    pub(super) kind: Option<FrameKind>,
}

/// Reads `[framing]`.
pub(super) fn framing(value: &Value<'_>, knobs: &Knobs, run: Option<Duration>, notes: &mut Notes<'_>) -> ReadFraming {
    let nothing = ReadFraming {
        framing: None,
        kind: None,
    };
    let before = notes.list.len();
    let Some(fields) = Fields::open(value, &KEYS, Wanted::Table, notes) else {
        return nothing;
    };
    let kind = match fields.get("kind") {
        None => Some(FrameKind::Length),
        Some(value) => notes.named::<FrameKind>(value),
    };
    let Some(kind) = kind else { return nothing };
    for key in KEYS.iter().filter(|key| **key != "kind" && !kind.keys().contains(key)) {
        if let Some(span) = fields.key_span(key) {
            notes.note::<()>(span, FramingProblem::NotOfKind { key, kind });
        }
    }
    let framing = settings(&fields, kind, knobs, run, notes);
    ReadFraming {
        framing: framing.filter(|_| notes.list.len() == before),
        kind: Some(kind),
    }
}

fn settings(
    fields: &Fields<'_, '_>,
    kind: FrameKind,
    knobs: &Knobs,
    run: Option<Duration>,
    notes: &mut Notes<'_>,
) -> Option<Framing> {
    let order = choice(fields, "order", knobs, notes);
    let counts = choice(fields, "counts", knobs, notes);
    let writes = choice(fields, "writes", knobs, notes);
    let reader = choice(fields, "reader", knobs, notes);
    if let (Some(writes), Some(value)) = (&writes, fields.get("writes")) {
        possible(kind, writes, value.span(), knobs, FrameKind::can_write, notes);
    }
    if let (Some(reader), Some(value)) = (&reader, fields.get("reader")) {
        possible(kind, reader, value.span(), knobs, FrameKind::can_read, notes);
    }
    let mut toggle = |key: &str| match fields.get(key) {
        None => Some(Arg::Fixed(false)),
        Some(value) => notes.toggle_arg(value, knobs),
    };
    let (signed, handshake, escape) = (toggle("signed"), toggle("handshake"), toggle("escape"));
    let number = |key: &str, default: u64, most: u64, notes: &mut Notes<'_>| match fields.get(key) {
        None => Some(default),
        Some(value) => notes.number(value, &(1..=most), Wanted::Number),
    };
    let limit = match fields.get("limit") {
        None => Some(Arg::Fixed(LONGEST_BODY)),
        Some(value) => notes.number_arg(value, &(1..=LONGEST_BODY), Wanted::NumberOrKnob, knobs),
    };
    let digits = number("digits", DIGITS, MOST_DIGITS, notes);
    let header_limit = number("header_limit", HEADER_LIMIT, LONGEST_BODY, notes);
    let deadline = match fields.get("deadline_ms") {
        None => Some(None),
        Some(value) => deadline(value, run, notes).map(Some),
    };
    Some(Framing {
        kind,
        order: order?,
        signed: signed?,
        counts: counts?,
        writes: writes?,
        reader: reader?,
        handshake: handshake?,
        escape: escape?,
        digits: digits?,
        limit: limit?,
        header_limit: header_limit?,
        deadline: deadline?,
    })
}

/// Most digits of a decimal length, if the file does not say.
const DIGITS: u64 = 7;
/// Longest JSON header in bytes, if the file does not say.
const HEADER_LIMIT: u64 = 4096;

/// A frame's deadline.
fn deadline(value: &Value<'_>, run: Option<Duration>, notes: &mut Notes<'_>) -> Option<Duration> {
    within_the_run(value, 60_000, run, notes)
}

/// A time in milliseconds, at most `longest`. The run must not be ended first.
pub(super) fn within_the_run(
    value: &Value<'_>,
    longest: u64,
    run: Option<Duration>,
    notes: &mut Notes<'_>,
) -> Option<Duration> {
    let time = Duration::from_millis(notes.number(value, &(1..=longest), Wanted::Number)?);
    match run {
        Some(run) if time >= run => {
            let run_ms = u64::try_from(run.as_millis()).unwrap_or(u64::MAX);
            notes.note(value.span(), FramingProblem::AfterTheRun { run_ms })
        }
        _ => Some(time),
    }
}

/// A name or a knob; left out, the first name.
fn choice<T: Named>(fields: &Fields<'_, '_>, key: &str, knobs: &Knobs, notes: &mut Notes<'_>) -> Option<Arg<T>> {
    match fields.get(key) {
        None => T::NAMES.first().map(|(_, first)| Arg::Fixed(*first)),
        Some(value) => notes.named_arg(key, value, knobs),
    }
}

/// Notes each value that frames of this kind cannot have.
fn possible<T: Named + PartialEq>(
    kind: FrameKind,
    value: &Arg<T>,
    span: Range<usize>,
    knobs: &Knobs,
    can: fn(FrameKind, T) -> bool,
    notes: &mut Notes<'_>,
) {
    let named = |word: &str| T::NAMES.iter().find(|(name, _)| *name == word).map(|(_, value)| *value);
    let values: Vec<(T, Range<usize>)> = match value {
        Arg::Fixed(value) => vec![(*value, span)],
        Arg::Knob(knob) => match knobs.find(knob).and_then(super::knobs::Declared::kind) {
            Some(KnobKind::Choice { options, .. }) => {
                let places = options.iter().enumerate().filter_map(|(at, word)| {
                    let place = knobs.choice_span(knob, at).unwrap_or_else(|| span.clone());
                    Some((named(word)?, place))
                });
                places.collect()
            }
            _ => Vec::new(),
        },
    };
    for (value, place) in values.into_iter().filter(|(value, _)| !can(kind, *value)) {
        let word = value.name();
        notes.note::<()>(place, FramingProblem::NotPossible { word, kind });
    }
}

/// The frames of a step.
pub(super) fn frames(
    value: &Value<'_>,
    kind: Option<FrameKind>,
    knobs: &Knobs,
    notes: &mut Notes<'_>,
) -> Option<Vec<FrameText>> {
    let most = usize::try_from(MOST_FRAMES).unwrap_or(usize::MAX);
    let items = notes.list(value, Counted::Frames, 1..=most)?;
    let texts: Vec<_> = items.iter().map(|item| frame(item, kind, knobs, notes)).collect();
    texts.into_iter().collect()
}

fn frame(value: &Value<'_>, kind: Option<FrameKind>, knobs: &Knobs, notes: &mut Notes<'_>) -> Option<FrameText> {
    let DeValue::Table(_) = value.get_ref() else {
        let text = notes.string(value, Wanted::Frame)?;
        return Some(FrameText {
            body: Body::Text(text.to_owned()),
            name: None,
            fault: None,
        });
    };
    let fields = Fields::open(value, &FRAME_KEYS, Wanted::Frame, notes)?;
    let body = match (fields.get("text"), fields.get("letters")) {
        (Some(text), None) => notes
            .string(text, Wanted::String)
            .map(|text| Body::Text(text.to_owned())),
        (None, Some(count)) => {
            let count = notes.number_arg(count, &(0..=LONGEST_BODY), Wanted::NumberOrKnob, knobs);
            count.map(Body::Letters)
        }
        _ => notes.not_exactly_one(value.span(), &["text", "letters"]),
    };
    let not_of_kind = |key: &'static str, has: fn(FrameKind) -> bool, notes: &mut Notes<'_>| {
        if let (Some(span), Some(kind)) = (fields.key_span(key), kind.filter(|kind| !has(*kind))) {
            notes.note::<()>(span, FramingProblem::NotOfKind { key, kind });
        }
    };
    not_of_kind("name", |kind| kind == FrameKind::Json, notes);
    not_of_kind("says", |kind| kind != FrameKind::Delimiter, notes);
    let name = match fields.get("name") {
        None => Some(None),
        Some(value) => notes.string(value, Wanted::String).map(|name| Some(name.to_owned())),
    };
    let before = notes.list.len();
    let fault = fault(&fields, notes);
    let frame = FrameText {
        body: body?,
        name: name?,
        fault,
    };
    (notes.list.len() == before).then_some(frame)
}

/// What the sender does that it should not: at most one thing. Nothing too where it is written wrongly, which is noted.
fn fault(fields: &Fields<'_, '_>, notes: &mut Notes<'_>) -> Option<SenderFault> {
    let keys = ["says", "stop_after", "every_ms"];
    let given: Vec<_> = keys.iter().filter_map(|key| Some((*key, fields.get(key)?))).collect();
    match given[..] {
        [] => None,
        [("says", value)] => signed(value, notes).map(SenderFault::Says),
        [("stop_after", value)] => {
            let count = notes.number(value, &(1..=LONGEST_BODY), Wanted::Number)?;
            Some(SenderFault::StopsAfter(usize::try_from(count).ok()?))
        }
        [(_, value)] => {
            let pause = notes.number(value, &(1..=60_000), Wanted::Number)?;
            Some(SenderFault::Dribbles(Duration::from_millis(pause)))
        }
        _ => notes.note(fields.span(), FramingProblem::SeveralFaults),
    }
}

/// A length that may be negative.
fn signed(value: &Value<'_>, notes: &mut Notes<'_>) -> Option<i64> {
    let DeValue::Integer(number) = value.get_ref() else {
        return notes.wrong_type(value, Wanted::Number);
    };
    let range = -(1_i64 << 53)..=1 << 53;
    match i64::from_str_radix(number.as_str(), number.radix()) {
        Ok(number) if range.contains(&number) => Some(number),
        _ => notes.out_of_range(value, number.to_string(), range),
    }
}
