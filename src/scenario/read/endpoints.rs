//! `[endpoints.…]`.

use std::ops::{Range, RangeInclusive};

use toml::de::DeValue;

use super::fields::{Fields, Notes, Value, entries};
use super::knobs::Knobs;
use super::{LONGEST_RECV, MOST_ENDPOINTS};
use crate::scenario::problem::{Counted, EndpointProblem, Role, ShapeProblem, Wanted};
use crate::scenario::{Arg, Encoded, Encoding, Endpoint, TextDecoder, Transport};

const KEYS: [&str; 7] = [
    "listens",
    "thread",
    "nodelay",
    "quickack",
    "mss",
    "receive_buffer",
    "send_buffer",
];
/// What Linux takes for TCP_MAXSEG: TCP_MIN_MSS to MAX_TCP_WINDOW (tcp.h).
const MSS: RangeInclusive<u64> = 88..=32_767;

/// The endpoints of a file.
pub(super) struct Endpoints {
    /// Their names, also of those whose options are broken; `None` if there is no such table at all, and then no use
    /// of a name is reported.
    pub(super) names: Option<Vec<String>>,
    /// All of them, if nothing is wrong with any.
    pub(super) all: Option<Vec<Endpoint>>,
}

/// Reads `[endpoints]`.
pub(super) fn endpoints(
    value: Option<&Value<'_>>,
    knobs: &Knobs,
    transport: Option<Transport>,
    notes: &mut Notes<'_>,
) -> Endpoints {
    let nothing = Endpoints { names: None, all: None };
    let Some(value) = value else {
        return nothing;
    };
    let DeValue::Table(table) = value.get_ref() else {
        notes.wrong_type::<()>(value, Wanted::Table);
        return nothing;
    };
    let before = notes.list.len();
    let mut read = Vec::new();
    let mut names = Vec::new();
    for (name, span, value) in entries(table) {
        if notes.is_misplaced((name, span.clone()), value) {
            continue;
        }
        let (endpoint, listens) = endpoint(name, span.clone(), value, knobs, transport, notes);
        names.push(Declared {
            name: name.to_owned(),
            span,
            listens,
        });
        read.push(endpoint);
    }
    count(&names, value.span(), notes);
    let sound = notes.list.len() == before;
    for ends in names.chunks_exact(2) {
        listener(ends, sound, notes);
    }
    let all = read.into_iter().collect::<Option<Vec<_>>>();
    Endpoints {
        names: Some(names.into_iter().map(|declared| declared.name).collect()),
        all: all.filter(|_| notes.list.len() == before),
    }
}

/// A table with its name, and where it says that it listens.
struct Declared {
    name: String,
    span: Range<usize>,
    listens: Option<Range<usize>>,
}

fn count(names: &[Declared], table: Range<usize>, notes: &mut Notes<'_>) {
    if let Some(first) = names.get(MOST_ENDPOINTS) {
        let wrong = ShapeProblem::WrongLength {
            of: Counted::Endpoints,
            found: names.len(),
            min: 2,
            max: MOST_ENDPOINTS,
        };
        notes.note::<()>(first.span.clone(), wrong);
    } else if names.is_empty() || names.len() % 2 == 1 {
        // Point at the lonely one.
        let place = names.last().map_or(table, |last| last.span.clone());
        notes.note::<()>(place, EndpointProblem::NotPairs { found: names.len() });
    }
}

/// Exactly one end of a connection listens.
fn listener(ends: &[Declared], sound: bool, notes: &mut Notes<'_>) {
    let [one, other] = ends else { return };
    let names = [one.name.clone(), other.name.clone()];
    match (&one.listens, &other.listens) {
        // With a broken table nobody knows who was meant to listen.
        (None, None) if sound => {
            notes.note::<()>(one.span.clone(), EndpointProblem::NobodyListens { ends: names });
        }
        (Some(_), Some(second)) => {
            notes.note::<()>(second.clone(), EndpointProblem::BothListen { ends: names });
        }
        _ => {}
    }
}

/// The endpoint, and where it says that it listens.
fn endpoint(
    name: &str,
    span: Range<usize>,
    value: &Value<'_>,
    knobs: &Knobs,
    transport: Option<Transport>,
    notes: &mut Notes<'_>,
) -> (Option<Endpoint>, Option<Range<usize>>) {
    let before = notes.list.len();
    let name = notes.name(name, span, Role::Endpoint);
    let Some(fields) = Fields::open(value, &KEYS, Wanted::Table, notes) else {
        return (None, None);
    };
    for key in KEYS {
        if let Some(span) = fields.key_span(key) {
            offered(key, span, transport, notes);
        }
    }
    let listens = fields.get("listens").and_then(|value| notes.toggle(value)) == Some(true);
    let thread = fields
        .get("thread")
        .and_then(|value| notes.name_arg(value, Role::Thread, knobs));
    let toggle = |key: &str, notes: &mut Notes<'_>| fields.get(key).and_then(|value| notes.toggle_arg(value, knobs));
    let bytes = |key: &str, range: RangeInclusive<u64>, notes: &mut Notes<'_>| {
        let value = fields.get(key)?;
        notes.number_arg(value, &range, Wanted::NumberOrKnob, knobs)
    };
    let endpoint = Endpoint {
        name: name.unwrap_or_default(),
        listens,
        thread,
        nodelay: toggle("nodelay", notes),
        quickack: toggle("quickack", notes),
        mss: bytes("mss", MSS, notes),
        receive_buffer: bytes("receive_buffer", 1..=LONGEST_RECV, notes),
        send_buffer: bytes("send_buffer", 1..=LONGEST_RECV, notes),
    };
    let place = fields.key_span("listens").filter(|_| listens);
    // A knob whose declaration is broken leaves an option empty; it has been noted there, so the file fails anyway.
    let sound = notes.list.len() == before;
    (sound.then_some(endpoint), place)
}

/// Notes something that the scenario's transport does not have; whether it has it. Where a knob decides on the
/// transport, this is asked for each of its settings when the scenario is rehearsed.
pub(super) fn offered(key: &str, span: Range<usize>, transport: Option<Transport>, notes: &mut Notes<'_>) -> bool {
    let Some(problem) = transport.and_then(|transport| ShapeProblem::not_over(key, transport)) else {
        return true;
    };
    notes.note::<()>(span, problem);
    false
}

/// Reads `[text]`. `None` if it is broken.
pub(super) fn text(value: &Value<'_>, knobs: &Knobs, notes: &mut Notes<'_>) -> Option<Encoded> {
    let fields = Fields::open(value, &["encoding", "decoder"], Wanted::Table, notes)?;
    let encoding = match fields.get("encoding") {
        None => Some(Arg::Fixed(Encoding::Utf8)),
        Some(value) => notes.named_arg("encoding", value, knobs),
    };
    let decoder = match fields.get("decoder") {
        None => Some(Arg::Fixed(TextDecoder::Incremental)),
        Some(value) => notes.named_arg("decoder", value, knobs),
    };
    Some(Encoded {
        encoding: encoding?,
        decoder: decoder?,
    })
}
