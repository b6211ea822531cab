//! Claims: what `[[expect]]` and the answers of `[[predict]]` say of a run.

use std::ops::Range;

use toml::de::DeValue;

use super::endpoints::not_over;
use super::fields::{Fields, Notes, Value, owned};
use super::steps::{Surroundings, endpoint};
use crate::framing::FaultName;
use crate::scenario::claim::{Claim, PieceRef};
use crate::scenario::problem::{ClaimProblem, StepProblem, Wanted};
use crate::scenario::{Named, PackFaultName, Reading, Transport};

/// Every claim.
pub(super) const CLAIMS: [&str; 11] = [
    "reads", "read", "readings", "left", "held", "together", "acked", "lost", "frames", "fails", "values",
];
/// Claims about what datagrams do not have.
const TCP_ONLY: [&str; 6] = ["held", "together", "acked", "frames", "fails", "values"];

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
    match around.transport {
        Some(Transport::Udp) if TCP_ONLY.contains(&key) => not_over(key, span.clone(), Transport::Udp, notes),
        Some(Transport::Tcp) if key == "lost" => not_over(key, span.clone(), Transport::Tcp, notes),
        _ if key == "frames" && !around.has_framing => {
            let key = key.to_owned();
            notes.note::<()>(span.clone(), StepProblem::NoFraming { key });
        }
        _ => {}
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
        "frames" => Claim::Frames(byte_lists(value, notes)?),
        "values" => Claim::Values(unpacked(value, notes)?),
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
    let mut fields = Fields::open(value, &["from", "until_ack_of", "at_least_ms"], Wanted::Held, notes)?;
    let from = message(&mut fields, "from", messages, notes);
    let until_ack_of = message(&mut fields, "until_ack_of", messages, notes);
    let at_least_ms = milliseconds(&mut fields, "at_least_ms", notes);
    fields.close(notes);
    let (from, until_ack_of) = (from?, until_ack_of?);
    if from <= until_ack_of {
        return notes.note(value.span(), ClaimProblem::HeldByItself { from, until_ack_of });
    }
    Some(Claim::Held {
        from,
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
    let mut fields = Fields::open(value, &["message", "within_ms"], Wanted::Table, notes)?;
    let message = message(&mut fields, "message", messages, notes);
    let within_ms = milliseconds(&mut fields, "within_ms", notes);
    fields.close(notes);
    Some(Claim::Acked {
        message: message?,
        within_ms: within_ms?,
    })
}

fn fails(value: &Value<'_>, span: Range<usize>, around: Surroundings<'_>, notes: &mut Notes<'_>) -> Option<Claim> {
    let mut fields = Fields::open(value, &["endpoint", "reason"], Wanted::Table, notes)?;
    let who = fields.need("endpoint").and_then(|value| {
        let name = notes.string(value, Wanted::String)?;
        endpoint(name, value.span(), around.endpoints.names.as_ref()?, notes)
    });
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
            if !around.has_framing && around.transport != Some(Transport::Udp) {
                let key = "fails".to_owned();
                notes.note::<()>(span, StepProblem::NoFraming { key });
            }
            Claim::Fails { endpoint, reason }
        }
        Reason::Packing(reason) => Claim::PackFails { endpoint, reason },
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
