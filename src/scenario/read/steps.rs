//! `steps`.

use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::endpoints::{Endpoints, not_over};
use super::fields::{Fields, Notes, Value, entries, owned};
use super::formats::{Formats, format_arg};
use super::knobs::{Declared, Knobs};
use super::{LONGEST_BODY, LONGEST_PACKED, LONGEST_RECV, MOST_FRAMES, MOST_SENT, MOST_STEPS};
use crate::scenario::problem::{Counted, EndpointProblem, StepProblem, Wanted};
use crate::scenario::{Action, Arg, KnobKind, Payload, Queued, Step, Transport};

/// Every action.
const ACTIONS: [&str; 9] = [
    "send",
    "recv",
    "send_frames",
    "read_frames",
    "send_packed",
    "read_packed",
    "until_queued",
    "until_acked",
    "close",
];
/// Actions that datagrams do not have.
const TCP_ONLY: [&str; 5] = [
    "send_frames",
    "read_frames",
    "send_packed",
    "read_packed",
    "until_acked",
];

/// What steps need to know of the rest of the file.
#[derive(Clone, Copy)]
pub(super) struct Surroundings<'s> {
    pub(super) knobs: &'s Knobs,
    pub(super) endpoints: &'s Endpoints,
    pub(super) transport: Option<Transport>,
    pub(super) formats: &'s Formats,
    pub(super) has_framing: bool,
}

/// The steps of a file.
#[derive(Default)]
pub(super) struct Steps {
    /// All of them, each with its place, if nothing is wrong with any.
    pub(super) all: Option<Vec<(Step, Range<usize>)>>,
    /// Some step sends or reads frames.
    pub(super) frames: bool,
}

/// Reads `steps`.
pub(super) fn steps(value: Option<&Value<'_>>, around: Surroundings<'_>, notes: &mut Notes<'_>) -> Steps {
    let mut read = Steps::default();
    let before = notes.list.len();
    let Some(items) = value.and_then(|value| notes.list(value, Counted::Steps, 1..=MOST_STEPS)) else {
        return read;
    };
    let mut all = Vec::new();
    let mut sent = 0;
    for item in items {
        let step = step(item, around, &mut read.frames, notes);
        let most = step.as_ref().map_or(0, |step| most_sent(&step.action, around.knobs));
        // Said once, at the step that is too much.
        if sent <= MOST_SENT && sent + most > MOST_SENT {
            notes.note::<()>(item.span(), StepProblem::TooMuchSent);
        }
        sent += most;
        all.push(step.map(|step| (step, item.span())));
    }
    read.all = all.into_iter().collect::<Option<Vec<_>>>();
    if notes.list.len() > before {
        read.all = None;
    }
    read
}

/// The most bytes that an action can send.
fn most_sent(action: &Action, knobs: &Knobs) -> u64 {
    match action {
        Action::Send(Payload::Bytes(bytes)) => bytes.len() as u64,
        Action::Send(Payload::Letters(Arg::Fixed(count))) => *count,
        Action::Send(Payload::Letters(Arg::Knob(name))) => match knobs.find(name).and_then(Declared::kind) {
            Some(KnobKind::Number { max, .. }) => *max,
            _ => 0,
        },
        Action::SendPacked(_) => LONGEST_PACKED as u64,
        Action::SendFrames(texts) => texts.iter().map(|text| text.len() as u64).sum(),
        _ => 0,
    }
}

fn step(value: &Value<'_>, around: Surroundings<'_>, frames: &mut bool, notes: &mut Notes<'_>) -> Option<Step> {
    let DeValue::Table(table) = value.get_ref() else {
        return notes.wrong_type(value, Wanted::Action);
    };
    let when = notes.when(table.get("when"), around.knobs);
    let mut acts = entries(table).into_iter().filter(|(key, ..)| *key != "when");
    let Some((name, span, actions)) = acts.next() else {
        return notes.note(value.span(), StepProblem::NoAction);
    };
    let endpoint = actor(name, span, around, notes);
    let action = match actions.get_ref() {
        DeValue::Table(actions) if !ACTIONS.contains(&name) => one_action(actions, value, around, frames, notes),
        // `{ send = "hello" }` has been noted for its missing endpoint.
        _ if ACTIONS.contains(&name) => None,
        _ => notes.wrong_type(actions, Wanted::Action),
    };
    if let Some((_, second, _)) = acts.next() {
        notes.note::<()>(second, StepProblem::SeveralActions);
    }
    Some(Step {
        endpoint: endpoint?,
        action: action?,
        when: when?,
    })
}

/// The endpoint of this name.
fn actor(name: &str, span: Range<usize>, around: Surroundings<'_>, notes: &mut Notes<'_>) -> Option<usize> {
    let names = around.endpoints.names.as_ref();
    if ACTIONS.contains(&name) {
        let endpoint = names.and_then(|names| names.first()).map_or("sender", String::as_str);
        let nobody = StepProblem::NobodyActs {
            action: name.to_owned(),
            endpoint: endpoint.to_owned(),
        };
        return notes.note(span, nobody);
    }
    endpoint(name, span, names?, notes)
}

/// The place of a name among the endpoints.
pub(super) fn endpoint(name: &str, span: Range<usize>, names: &[String], notes: &mut Notes<'_>) -> Option<usize> {
    if let Some(at) = names.iter().position(|known| known == name) {
        return Some(at);
    }
    let name = name.to_owned();
    let known = names.iter().take(8).cloned().collect();
    notes.note(span, EndpointProblem::Unknown { name, known })
}

fn one_action(
    actions: &DeTable<'_>,
    step: &Value<'_>,
    around: Surroundings<'_>,
    frames: &mut bool,
    notes: &mut Notes<'_>,
) -> Option<Action> {
    let actions = entries(actions);
    let [(name, span, value), rest @ ..] = actions.as_slice() else {
        return notes.note(step.span(), StepProblem::NoAction);
    };
    if let Some((_, second, _)) = rest.first() {
        notes.note::<()>(second.clone(), StepProblem::SeveralActions);
    }
    if !ACTIONS.contains(name) {
        let name = (*name).to_owned();
        let known = owned(&ACTIONS);
        return notes.note(span.clone(), StepProblem::UnknownAction { name, known });
    }
    if around.transport == Some(Transport::Udp) && TCP_ONLY.contains(name) {
        not_over(name, span.clone(), Transport::Udp, notes);
    } else if matches!(*name, "send_frames" | "read_frames") {
        *frames = true;
        if !around.has_framing {
            let key = (*name).to_owned();
            notes.note::<()>(span.clone(), StepProblem::NoFraming { key });
        }
    }
    action(name, value, around, notes)
}

fn action(name: &str, value: &Value<'_>, around: Surroundings<'_>, notes: &mut Notes<'_>) -> Option<Action> {
    let number =
        |most: u64, notes: &mut Notes<'_>| notes.number_arg(value, &(1..=most), Wanted::NumberOrKnob, around.knobs);
    Some(match name {
        "send" => Action::Send(payload(value, around, notes)?),
        "recv" => Action::Recv(number(LONGEST_RECV, notes)?),
        "read_frames" => Action::ReadFrames(number(MOST_FRAMES, notes)?),
        "send_frames" => Action::SendFrames(bodies(value, notes)?),
        "send_packed" => Action::SendPacked(format_arg(name, value, around, notes)?),
        "read_packed" => Action::ReadPacked(format_arg(name, value, around, notes)?),
        "until_queued" => Action::UntilQueued(queued(value, around, notes)?),
        "until_acked" => {
            affirmed(value, notes)?;
            Action::UntilAcked
        }
        _ => {
            affirmed(value, notes)?;
            Action::Close
        }
    })
}

/// `close = false` would be a step that does nothing.
fn affirmed(value: &Value<'_>, notes: &mut Notes<'_>) -> Option<()> {
    match value.get_ref() {
        DeValue::Boolean(true) => Some(()),
        _ => notes.wrong_type(value, Wanted::True),
    }
}

fn payload(value: &Value<'_>, around: Surroundings<'_>, notes: &mut Notes<'_>) -> Option<Payload> {
    let bytes = match value.get_ref() {
        DeValue::String(text) => text.as_bytes().to_vec(),
        DeValue::Table(_) => {
            let fields = Fields::open(value, &["hex", "letters"], Wanted::Message, notes)?;
            match (fields.get("hex"), fields.get("letters")) {
                (Some(hex), None) => notes.hex(hex)?,
                (None, Some(count)) => {
                    // An empty datagram is a message; an empty TCP send is none.
                    let least = u64::from(around.transport != Some(Transport::Udp));
                    let range = least..=LONGEST_BODY;
                    let count = notes.number_arg(count, &range, Wanted::NumberOrKnob, around.knobs)?;
                    return Some(Payload::Letters(count));
                }
                _ => return notes.not_exactly_one(value.span(), &["hex", "letters"]),
            }
        }
        _ => return notes.wrong_type(value, Wanted::Message),
    };
    if bytes.is_empty() && around.transport == Some(Transport::Tcp) {
        return notes.note(value.span(), StepProblem::EmptySend);
    }
    Some(Payload::Bytes(bytes))
}

fn bodies(value: &Value<'_>, notes: &mut Notes<'_>) -> Option<Vec<String>> {
    let most = usize::try_from(MOST_FRAMES).unwrap_or(usize::MAX);
    let items = notes.list(value, Counted::Frames, 1..=most)?;
    let texts: Vec<_> = items
        .iter()
        .map(|item| notes.string(item, Wanted::String).map(str::to_owned))
        .collect();
    texts.into_iter().collect()
}

fn queued(value: &Value<'_>, around: Surroundings<'_>, notes: &mut Notes<'_>) -> Option<Queued> {
    match value.get_ref() {
        DeValue::String(word) if word == "all" => Some(Queued::All),
        DeValue::String(word) if !word.starts_with('$') => notes.wrong_type(value, Wanted::Queued),
        _ => {
            let least = notes.number_arg(value, &(1..=LONGEST_RECV), Wanted::Queued, around.knobs)?;
            Some(Queued::AtLeast(least))
        }
    }
}
