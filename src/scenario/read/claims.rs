//! Claims: what `[[expect]]` and the answers of `[[predict]]` say of a run.

mod notes;

use std::ops::Range;

use toml::de::DeValue;

use super::endpoints::offered;
use super::fields::{Fields, Notes, Value, owned};
use super::steps::{Surroundings, endpoint};
use super::{LONGEST_BODY, MOST_FRAMES};
use crate::framing::FaultName;
use crate::scenario::claim::packets::PacketClaim;
use crate::scenario::claim::{Amount, CallError, CallKind, Claim, PieceRef};
use crate::scenario::plan::letters;
use crate::scenario::problem::{ClaimProblem, StepProblem, Wanted};
use crate::scenario::{Named, PackFaultName, Reading, Transport};

/// Every claim.
pub(super) const CLAIMS: [&str; 25] = [
    "reads",
    "read",
    "readings",
    "left",
    "held",
    "together",
    "acked",
    "segments",
    "blocks",
    "lost",
    "dropped",
    "arrived",
    "errors",
    "frames",
    "fails",
    "round_trips",
    "values",
    "texts",
    "malformed",
    "notes",
    "noted",
    "hangs",
    "replies",
    "packets",
    "lasts",
];

/// A claim, and where it names what may not be there.
pub(super) struct Placed {
    pub(super) claim: Claim,
    /// Where the claim stands.
    pub(super) span: Range<usize>,
    /// Each message number with its place.
    pub(super) messages: Vec<(u32, Range<usize>)>,
}

/// The one claim among these fields.
pub(super) fn claim(fields: &Fields<'_, '_>, around: Surroundings<'_>, notes: &mut Notes<'_>) -> Option<Placed> {
    let given: Vec<_> = CLAIMS
        .iter()
        .filter_map(|key| Some((*key, fields.key_span(key)?, fields.get(key)?)))
        .collect();
    let mut by_place = given.clone();
    by_place.sort_by_key(|(_, span, _)| span.start);
    match by_place.as_slice() {
        [] if fields.has_slip(&CLAIMS) => return None,
        [] => {
            let known = owned(&CLAIMS);
            return notes.note(fields.span(), ClaimProblem::Nothing { known });
        }
        [_, (_, second, _), ..] => {
            let keys = by_place.iter().map(|(key, ..)| (*key).to_owned()).collect();
            notes.note::<()>(second.clone(), ClaimProblem::Several { keys });
        }
        [_] => {}
    }
    let placed: Vec<_> = by_place
        .into_iter()
        .map(|(key, span, value)| one(key, span, value, around, notes))
        .collect();
    placed.into_iter().next().flatten()
}

fn one(
    key: &str,
    span: Range<usize>,
    value: &Value<'_>,
    around: Surroundings<'_>,
    notes: &mut Notes<'_>,
) -> Option<Placed> {
    if !offered(key, span.clone(), around.transport, notes) {
        // Told.
    } else if matches!(key, "frames" | "round_trips") && !around.has_framing {
        let key = key.to_owned();
        notes.note::<()>(span.clone(), StepProblem::NoFraming { key });
    } else if matches!(key, "texts" | "malformed") && !around.has_text {
        let key = key.to_owned();
        notes.note::<()>(span.clone(), StepProblem::NoText { key });
    }
    let mut messages = Vec::new();
    let claim = match key {
        "reads" => Claim::Reads(byte_lists(value, notes)?),
        "read" => read(value, notes)?,
        "readings" => Claim::Readings(readings(value, notes)?),
        "left" => Claim::Left(left(value, &mut messages, notes)?),
        "held" => held(value, &mut messages, notes)?,
        "together" => together(value, &mut messages, notes)?,
        "acked" => acked(value, &mut messages, notes)?,
        "lost" => Claim::Lost(notes.number(value, &(0..=u64::from(u32::MAX)), Wanted::Number)?),
        "dropped" => Claim::Dropped(amount(value, notes)?),
        "arrived" => Claim::Arrived(arrived(value, notes)?),
        "segments" => segments(value, around, notes)?,
        "blocks" => blocks(value, &mut messages, notes)?,
        "errors" => Claim::Errors(errors(value, around, notes)?),
        "texts" => Claim::Texts(texts(value, notes)?),
        "malformed" => Claim::Malformed(amount(value, notes)?),
        "frames" => Claim::Frames(bodies(value, notes)?),
        "values" => Claim::Values(unpacked(value, notes)?),
        "round_trips" => round_trips(value, around, notes)?,
        "packets" => packets(value, around, notes)?,
        "lasts" => lasts(value, notes)?,
        "replies" => replies(value, around, notes)?,
        "notes" => notes::made(value, around, notes)?,
        "noted" => notes::noted(value, around, notes)?,
        "hangs" => {
            let name = notes.string(value, Wanted::String)?;
            let endpoint = endpoint(name, value.span(), around.endpoints.names.as_ref()?, notes)?;
            Claim::Hangs { endpoint }
        }
        _ => fails(value, span, around, notes)?,
    };
    Some(Placed {
        claim,
        span: value.span(),
        messages,
    })
}

fn byte_lists(value: &Value<'_>, notes: &mut Notes<'_>) -> Option<Vec<Vec<u8>>> {
    let all: Vec<_> = notes.items(value)?.iter().map(|item| notes.bytes(item)).collect();
    all.into_iter().collect()
}

/// The bodies of frames: bytes, or `{ letters = 3000 }`.
fn bodies(value: &Value<'_>, notes: &mut Notes<'_>) -> Option<Vec<Vec<u8>>> {
    let body = |item: &Value<'_>, notes: &mut Notes<'_>| {
        let Some(count) = item.get_ref().get("letters").filter(|_| item.get_ref().is_table()) else {
            return notes.bytes(item);
        };
        Fields::open(item, &["letters"], Wanted::Bytes, notes)?;
        let count = notes.number(count, &(0..=LONGEST_BODY), Wanted::Number)?;
        Some(letters(usize::try_from(count).ok()?))
    };
    let all: Vec<_> = notes.items(value)?.iter().map(|item| body(item, notes)).collect();
    all.into_iter().collect()
}

/// `read = { number = 1, text = "he" }`, or with `hex`.
fn read(value: &Value<'_>, notes: &mut Notes<'_>) -> Option<Claim> {
    let mut fields = Fields::open(value, &["number", "text", "hex"], Wanted::Table, notes)?;
    let number = fields.need("number").and_then(|value| notes.ordinal(value));
    let bytes = match (fields.get("text"), fields.get("hex")) {
        (Some(text), None) => notes.string(text, Wanted::String).map(|text| text.as_bytes().to_vec()),
        (None, Some(hex)) => notes.hex(hex),
        _ => notes.not_exactly_one(value.span(), &["text", "hex"]),
    };
    fields.close(notes);
    Some(Claim::Read {
        number: usize::try_from(number?).ok()?,
        bytes: bytes?,
    })
}

fn readings(value: &Value<'_>, notes: &mut Notes<'_>) -> Option<Vec<Reading>> {
    let all: Vec<_> = notes
        .items(value)?
        .iter()
        .map(|item| {
            let word = notes.string(item, Wanted::String)?;
            notes.among(word, item.span(), Reading::NAMES)
        })
        .collect();
    all.into_iter().collect()
}

/// `left = ["m1", "m2+m3:0-4"]`.
fn left(
    value: &Value<'_>,
    messages: &mut Vec<(u32, Range<usize>)>,
    notes: &mut Notes<'_>,
) -> Option<Vec<Vec<PieceRef>>> {
    let mut departures = Vec::new();
    for item in notes.items(value)? {
        let text = notes.string(item, Wanted::String);
        departures.push(text.and_then(|text| departure(text, item.span(), messages, notes)));
    }
    departures.into_iter().collect()
}

fn departure(
    text: &str,
    span: Range<usize>,
    messages: &mut Vec<(u32, Range<usize>)>,
    notes: &mut Notes<'_>,
) -> Option<Vec<PieceRef>> {
    let offset = notes.offset(&span, text);
    let mut from = 0;
    let mut pieces = Vec::new();
    for part in text.split('+') {
        // An empty part has no place of its own.
        let place = match offset {
            Some(offset) if !part.is_empty() => offset + from..offset + from + part.len(),
            _ => span.clone(),
        };
        from += part.len() + 1;
        if let Some(piece) = piece(part.trim()) {
            messages.push((piece.message, place));
            pieces.push(Some(piece));
        } else {
            let piece = part.trim().to_owned();
            pieces.push(notes.note(place, ClaimProblem::BadPiece { piece }));
        }
    }
    pieces.into_iter().collect()
}

/// `m2`, or `m2:0-4`.
fn piece(text: &str) -> Option<PieceRef> {
    // Rust reads "+2" as a number; a file that says m+2 is wrong all the same.
    let number = |text: &str| {
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse::<u64>().ok().filter(|_| digits)
    };
    let text = text.strip_prefix('m')?;
    let (message, part) = match text.split_once(':') {
        None => (text, None),
        Some((message, part)) => {
            let (from, to) = part.split_once('-')?;
            let part = (number(from)?, number(to)?);
            (message, Some(part).filter(|(from, to)| from < to))
        }
    };
    if part.is_none() && text.contains(':') {
        return None;
    }
    let message = u32::try_from(number(message)?).ok().filter(|message| *message > 0)?;
    Some(PieceRef { message, part })
}

/// `held = { from = 2, until_ack_of = 1, at_least_ms = 30 }`, or `"none"`.
fn held(value: &Value<'_>, messages: &mut Vec<(u32, Range<usize>)>, notes: &mut Notes<'_>) -> Option<Claim> {
    match value.get_ref() {
        DeValue::String(word) if word == "none" => return Some(Claim::NothingHeld),
        DeValue::Table(_) => {}
        _ => return notes.wrong_type(value, Wanted::Held),
    }
    let mut fields = Fields::open(
        value,
        &["from", "to", "until_ack_of", "at_least_ms"],
        Wanted::Held,
        notes,
    )?;
    let from = message(&mut fields, "from", messages, notes);
    let to = match fields.get("to") {
        None => Some(None),
        Some(value) => notes.ordinal(value).map(|number| {
            messages.push((number, value.span()));
            Some(number)
        }),
    };
    let until_ack_of = message(&mut fields, "until_ack_of", messages, notes);
    let at_least_ms = milliseconds(&mut fields, "at_least_ms", notes);
    fields.close(notes);
    let (from, until_ack_of) = (from?, until_ack_of?);
    if from <= until_ack_of {
        return notes.note(value.span(), ClaimProblem::HeldByItself { from, until_ack_of });
    }
    Some(Claim::Held {
        from,
        to: to?,
        until_ack_of,
        at_least_ms: at_least_ms?,
    })
}

fn together(value: &Value<'_>, messages: &mut Vec<(u32, Range<usize>)>, notes: &mut Notes<'_>) -> Option<Claim> {
    let mut fields = Fields::open(value, &["from"], Wanted::Table, notes)?;
    let from = message(&mut fields, "from", messages, notes);
    fields.close(notes);
    Some(Claim::Together { from: from? })
}

fn acked(value: &Value<'_>, messages: &mut Vec<(u32, Range<usize>)>, notes: &mut Notes<'_>) -> Option<Claim> {
    let mut fields = Fields::open(value, &["message", "within_ms", "at_least_ms"], Wanted::Table, notes)?;
    let message = message(&mut fields, "message", messages, notes);
    let mut bound = |key| match fields.get(key) {
        None => Some(None),
        Some(value) => notes.number(value, &(0..=60_000), Wanted::Number).map(Some),
    };
    let (within_ms, at_least_ms) = (bound("within_ms"), bound("at_least_ms"));
    if within_ms == Some(None) && at_least_ms == Some(None) && !fields.has_slip(&["within_ms", "at_least_ms"]) {
        return notes.not_exactly_one(value.span(), &["within_ms", "at_least_ms"]);
    }
    fields.close(notes);
    Some(Claim::Acked {
        message: message?,
        within_ms: within_ms?,
        at_least_ms: at_least_ms?,
    })
}

/// `3`, `{ at_least = 3 }` or `{ at_most = 3 }`.
fn amount(value: &Value<'_>, notes: &mut Notes<'_>) -> Option<Amount> {
    if !value.get_ref().is_table() {
        let number = notes.number(value, &(0..=u64::from(u32::MAX)), Wanted::Amount)?;
        return Some(Amount::Exactly(number));
    }
    let fields = Fields::open(value, &["at_least", "at_most"], Wanted::Amount, notes)?;
    bounds(&fields, notes)
}

/// `at_least` or `at_most`.
fn bounds(fields: &Fields<'_, '_>, notes: &mut Notes<'_>) -> Option<Amount> {
    let mut number = |value| notes.number(value, &(0..=u64::from(u32::MAX)), Wanted::Number);
    match (fields.get("at_least"), fields.get("at_most")) {
        (Some(least), None) => number(least).map(Amount::AtLeast),
        (None, Some(most)) => number(most).map(Amount::AtMost),
        (None, None) if fields.has_slip(&["at_least", "at_most"]) => None,
        _ => notes.not_exactly_one(fields.span(), &["at_least", "at_most"]),
    }
}

/// `segments = { endpoint = "sender", at_least = 8 }`.
fn segments(value: &Value<'_>, around: Surroundings<'_>, notes: &mut Notes<'_>) -> Option<Claim> {
    let mut fields = Fields::open(value, &["endpoint", "at_least", "at_most"], Wanted::Table, notes)?;
    let endpoint = named_endpoint(&mut fields, around, notes);
    let amount = bounds(&fields, notes);
    fields.close(notes);
    Some(Claim::Segments {
        endpoint: endpoint?,
        amount: amount?,
    })
}

/// `packets = { from = "sender", are = "retransmission", at_least = 1 }`; with `count` just so many.
fn packets(value: &Value<'_>, around: Surroundings<'_>, notes: &mut Notes<'_>) -> Option<Claim> {
    let keys = ["from", "are", "count", "at_least", "at_most"];
    let mut fields = Fields::open(value, &keys, Wanted::Table, notes)?;
    let from = fields.need("from").and_then(|value| {
        let name = notes.string(value, Wanted::String)?;
        endpoint(name, value.span(), around.endpoints.names.as_ref()?, notes)
    });
    let are = fields.need("are").and_then(|value| notes.named(value));
    let amount = match fields.get("count") {
        Some(value) => notes
            .number(value, &(0..=u64::from(u32::MAX)), Wanted::Number)
            .map(Amount::Exactly),
        None => bounds(&fields, notes),
    };
    fields.close(notes);
    Some(Claim::Packets(PacketClaim {
        from: from?,
        are: are?,
        amount: amount?,
    }))
}

/// `lasts = { at_least_ms = 300 }`.
fn lasts(value: &Value<'_>, notes: &mut Notes<'_>) -> Option<Claim> {
    let mut fields = Fields::open(value, &["at_least_ms"], Wanted::Table, notes)?;
    let least = fields.need("at_least_ms");
    let at_least_ms = least.and_then(|value| notes.number(value, &(1..=60_000), Wanted::Number));
    fields.close(notes);
    at_least_ms.map(|at_least_ms| Claim::Lasts { at_least_ms })
}

/// `arrived = "all"`, or `"not-all"`.
fn arrived(value: &Value<'_>, notes: &mut Notes<'_>) -> Option<bool> {
    let word = notes.string(value, Wanted::String)?;
    notes.among(word, value.span(), &[("all", true), ("not-all", false)])
}

/// `blocks = { read = 1 }`, or `{ send = 2 }`; `blocks = "send"`: some send.
fn blocks(value: &Value<'_>, messages: &mut Vec<(u32, Range<usize>)>, notes: &mut Notes<'_>) -> Option<Claim> {
    if let DeValue::String(word) = value.get_ref() {
        let call = notes.among(
            word,
            value.span(),
            &[("read", CallKind::Recv), ("send", CallKind::Send)],
        )?;
        return Some(Claim::Blocks { call, number: None });
    }
    let fields = Fields::open(value, &["read", "send"], Wanted::Blocks, notes)?;
    let (call, number) = match (fields.get("read"), fields.get("send")) {
        (Some(read), None) => (CallKind::Recv, notes.ordinal(read)?),
        (None, Some(send)) => {
            let number = notes.ordinal(send)?;
            messages.push((number, send.span()));
            (CallKind::Send, number)
        }
        (None, None) if fields.has_slip(&["read", "send"]) => return None,
        _ => return notes.not_exactly_one(value.span(), &["read", "send"]),
    };
    Some(Claim::Blocks {
        call,
        number: Some(number),
    })
}

/// `errors = [{ endpoint = "sender", call = "send", error = "EMSGSIZE" }]`.
fn errors(value: &Value<'_>, around: Surroundings<'_>, notes: &mut Notes<'_>) -> Option<Vec<CallError>> {
    let items = notes.items(value)?;
    let errors: Vec<_> = items.iter().map(|item| call_error(item, around, notes)).collect();
    errors.into_iter().collect()
}

fn call_error(value: &Value<'_>, around: Surroundings<'_>, notes: &mut Notes<'_>) -> Option<CallError> {
    let mut fields = Fields::open(value, &["endpoint", "call", "error"], Wanted::Table, notes)?;
    let endpoint = named_endpoint(&mut fields, around, notes);
    let call = fields.need("call").and_then(|value| notes.named(value));
    let error = fields.need("error").and_then(|value| notes.named(value));
    fields.close(notes);
    Some(CallError {
        endpoint: endpoint?,
        call: call?,
        error: error?,
    })
}

fn texts(value: &Value<'_>, notes: &mut Notes<'_>) -> Option<Vec<String>> {
    let items = notes.items(value)?;
    let texts: Vec<_> = items
        .iter()
        .map(|item| notes.string(item, Wanted::String).map(str::to_owned))
        .collect();
    texts.into_iter().collect()
}

fn fails(value: &Value<'_>, span: Range<usize>, around: Surroundings<'_>, notes: &mut Notes<'_>) -> Option<Claim> {
    let mut fields = Fields::open(value, &["endpoint", "reason"], Wanted::Table, notes)?;
    let who = named_endpoint(&mut fields, around, notes);
    let reason = fields.need("reason").and_then(|value| {
        let word = notes.string(value, Wanted::String)?;
        let framing = FaultName::ALL
            .iter()
            .map(|(name, reason)| (*name, Reason::Framing(*reason)));
        let packing = PackFaultName::NAMES
            .iter()
            .map(|(name, reason)| (*name, Reason::Packing(*reason)));
        notes.among(word, value.span(), &framing.chain(packing).collect::<Vec<_>>())
    });
    fields.close(notes);
    let (endpoint, reason) = (who?, reason?);
    Some(match reason {
        Reason::Framing(reason) => {
            if !around.has_framing && !around.has_programs && around.transport.is_none_or(Transport::is_stream) {
                let key = "fails".to_owned();
                notes.note::<()>(span, StepProblem::NoFraming { key });
            }
            Claim::Fails { endpoint, reason }
        }
        Reason::Packing(reason) => Claim::PackFails { endpoint, reason },
    })
}

/// `replies = { endpoint = "client", of = [[1], [1, 2]] }`.
fn replies(value: &Value<'_>, around: Surroundings<'_>, notes: &mut Notes<'_>) -> Option<Claim> {
    let mut fields = Fields::open(value, &["endpoint", "of"], Wanted::Table, notes)?;
    let who = named_endpoint(&mut fields, around, notes);
    let of = fields.need("of").and_then(|value| {
        let all: Vec<_> = notes.items(value)?.iter().map(|item| ordinals(item, notes)).collect();
        all.into_iter().collect::<Option<_>>()
    });
    fields.close(notes);
    Some(Claim::Replies {
        endpoint: who?,
        of: of?,
    })
}

fn ordinals(value: &Value<'_>, notes: &mut Notes<'_>) -> Option<Vec<u32>> {
    let all: Vec<_> = notes.items(value)?.iter().map(|item| notes.ordinal(item)).collect();
    all.into_iter().collect()
}

/// The endpoint that `endpoint` names.
fn named_endpoint(fields: &mut Fields<'_, '_>, around: Surroundings<'_>, notes: &mut Notes<'_>) -> Option<usize> {
    let value = fields.need("endpoint")?;
    let name = notes.string(value, Wanted::String)?;
    endpoint(name, value.span(), around.endpoints.names.as_ref()?, notes)
}

/// `round_trips = { endpoint = "sender", times = 2 }`.
fn round_trips(value: &Value<'_>, around: Surroundings<'_>, notes: &mut Notes<'_>) -> Option<Claim> {
    let mut fields = Fields::open(value, &["endpoint", "times"], Wanted::Table, notes)?;
    let who = named_endpoint(&mut fields, around, notes);
    let times = fields
        .need("times")
        .and_then(|value| notes.number(value, &(0..=MOST_FRAMES), Wanted::Number));
    fields.close(notes);
    Some(Claim::RoundTrips {
        endpoint: who?,
        times: times?,
    })
}

/// Why a program is said to give up.
#[derive(Clone, Copy)]
enum Reason {
    Framing(FaultName),
    Packing(PackFaultName),
}

/// `values = [1000000, "abc"]`: numbers as they are written.
fn unpacked(value: &Value<'_>, notes: &mut Notes<'_>) -> Option<Vec<String>> {
    let one = |item: &Value<'_>, notes: &mut Notes<'_>| match item.get_ref() {
        DeValue::String(text) => Some(text.clone().into_owned()),
        DeValue::Integer(number) => Some(number.to_string()),
        DeValue::Float(number) => Some(number.to_string()),
        _ => notes.wrong_type(item, Wanted::PackedValue),
    };
    let all: Vec<_> = notes.items(value)?.iter().map(|item| one(item, notes)).collect();
    all.into_iter().collect()
}

/// The number of a message, with its place kept.
fn message(
    fields: &mut Fields<'_, '_>,
    key: &'static str,
    messages: &mut Vec<(u32, Range<usize>)>,
    notes: &mut Notes<'_>,
) -> Option<u32> {
    let value = fields.need(key)?;
    let number = notes.ordinal(value)?;
    messages.push((number, value.span()));
    Some(number)
}

fn milliseconds(fields: &mut Fields<'_, '_>, key: &'static str, notes: &mut Notes<'_>) -> Option<u64> {
    notes.number(fields.need(key)?, &(0..=60_000), Wanted::Number)
}
