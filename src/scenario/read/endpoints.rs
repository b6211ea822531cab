//! `[endpoints.…]`.

use std::ops::{Range, RangeInclusive};

use toml::de::DeValue;

use super::LONGEST_RECV;
use super::fields::{Fields, Notes, Value, entries};
use super::knobs::Knobs;
use crate::scenario::problem::{EndpointProblem, Role, ShapeProblem, Wanted};
use crate::scenario::{Endpoint, Transport};

const KEYS: [&str; 6] = ["listens", "nodelay", "quickack", "mss", "receive_buffer", "send_buffer"];
/// Options that datagrams do not have.
const TCP_ONLY: [&str; 3] = ["nodelay", "quickack", "mss"];
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
    let mut listening = Vec::new();
    for (name, span, value) in entries(table) {
        if notes.is_misplaced((name, span.clone()), value) {
            continue;
        }
        names.push((name.to_owned(), span.clone()));
        let (endpoint, listens) = endpoint(name, span, value, knobs, transport, notes);
        listening.extend(listens);
        read.push(endpoint);
    }
    count(&names, value.span(), notes);
    listeners(&names, &listening, notes.list.len() == before, notes);
    let all = read.into_iter().collect::<Option<Vec<_>>>();
    Endpoints {
        names: Some(names.into_iter().map(|(name, _)| name).collect()),
        all: all.filter(|_| notes.list.len() == before),
    }
}

fn count(names: &[(String, Range<usize>)], table: Range<usize>, notes: &mut Notes<'_>) {
    if names.len() == 2 {
        return;
    }
    // Point at the one too many, or at the lonely one.
    let place = names.get(2).or(names.first()).map_or(table, |(_, span)| span.clone());
    notes.note::<()>(place, EndpointProblem::NotTwo { found: names.len() });
}

fn listeners(names: &[(String, Range<usize>)], listening: &[Range<usize>], sound: bool, notes: &mut Notes<'_>) {
    match (listening, names) {
        // With a broken table nobody knows who was meant to listen.
        ([], [(_, first), ..]) if sound => {
            notes.note::<()>(first.clone(), EndpointProblem::NobodyListens);
        }
        ([_, second, ..], _) => {
            notes.note::<()>(second.clone(), EndpointProblem::BothListen);
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
    if transport == Some(Transport::Udp) {
        for key in TCP_ONLY {
            if let Some(span) = fields.key_span(key) {
                not_over(key, span, Transport::Udp, notes);
            }
        }
    }
    let listens = fields.get("listens").and_then(|value| notes.toggle(value)) == Some(true);
    let toggle = |key: &str, notes: &mut Notes<'_>| fields.get(key).and_then(|value| notes.toggle_arg(value, knobs));
    let bytes = |key: &str, range: RangeInclusive<u64>, notes: &mut Notes<'_>| {
        let value = fields.get(key)?;
        notes.number_arg(value, &range, Wanted::NumberOrKnob, knobs)
    };
    let endpoint = Endpoint {
        name: name.unwrap_or_default(),
        listens,
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

/// Notes something that the scenario's transport does not have.
pub(super) fn not_over(key: &str, span: Range<usize>, transport: Transport, notes: &mut Notes<'_>) {
    let key = key.to_owned();
    notes.note::<()>(span, ShapeProblem::NotOver { key, transport });
}
