//! `steps`.

use std::ops::Range;
use std::time::Duration;

use toml::de::{DeTable, DeValue};

use super::endpoints::{Endpoints, offered};
use super::fields::{Fields, Notes, Value, entries, owned};
use super::formats::{Formats, format_arg};
use super::framing::frames;
use super::knobs::{Declared, Knobs};
use super::programs;
use super::{LONGEST_LETTERS, LONGEST_PACKED, LONGEST_RECV, MOST_FRAMES, MOST_SENT, MOST_STEPS, MOST_TIMES};
use crate::scenario::framing::Body;
use crate::scenario::problem::{Counted, EndpointProblem, StepProblem, Wanted};
use crate::scenario::program::WrittenProgram;
use crate::scenario::{Action, Arg, FrameKind, KnobKind, Payload, Queued, SendMode, Sending, Step, Transport};
use crate::scenario::{Losing, Released};

/// Every action.
const ACTIONS: [&str; 21] = [
    "send",
    "recv",
    "drain",
    "send_frames",
    "read_frames",
    "send_text",
    "read_text",
    "send_packed",
    "read_packed",
    "run",
    "until_queued",
    "until_acked",
    "cork",
    "hold",
    "release",
    "drop_held",
    "lose",
    "until_held",
    "shut_down",
    "reset",
    "close",
];

/// What steps need to know of the rest of the file.
#[derive(Clone, Copy)]
pub(super) struct Surroundings<'s> {
    pub(super) knobs: &'s Knobs,
    pub(super) endpoints: &'s Endpoints,
    pub(super) transport: Option<Transport>,
    pub(super) formats: &'s Formats,
    /// When the run ends that does not go on, if that is known.
    pub(super) deadline: Option<Duration>,
    pub(super) has_framing: bool,
    pub(super) has_text: bool,
    /// Some step runs a program, which may give up as a reader of frames does.
    pub(super) has_programs: bool,
    /// The kind of the frames, if that is known.
    pub(super) frames: Option<FrameKind>,
}

/// The steps of a file.
#[derive(Default)]
pub(super) struct Steps {
    /// All of them, each with its place, if nothing is wrong with any.
    pub(super) all: Option<Vec<(Step, Range<usize>)>>,
    /// What is known of them. Nothing if it is not known how many there are, or they send too much.
    pub(super) sound: Option<Sound>,
    /// Some step sends or reads frames.
    pub(super) frames: bool,
    /// Some step sends or reads texts.
    pub(super) texts: bool,
    /// Some step runs commands.
    pub(super) runs_commands: bool,
}

/// The steps with which nothing is wrong, and whose step each other one is, where that can be told.
pub(super) struct Sound {
    pub(super) steps: Vec<(Step, Range<usize>)>,
    pub(super) unread: Vec<Option<usize>>,
}

/// Reads `steps`.
pub(super) fn steps(value: Option<&Value<'_>>, around: Surroundings<'_>, notes: &mut Notes<'_>) -> Steps {
    let mut read = Steps::default();
    let before = notes.list.len();
    let Some(items) = value.and_then(|value| notes.list(value, Counted::Steps, 1..=MOST_STEPS)) else {
        return read;
    };
    let mut all = Vec::new();
    let (mut sound, mut unread) = (Vec::new(), Vec::new());
    let whole = notes.list.len() == before;
    let mut sent = 0;
    for item in items {
        let so_far = notes.list.len();
        let step = step(item, around, &mut read, notes);
        read.runs_commands |= step
            .as_ref()
            .is_some_and(|step| matches!(step.action, Action::Run(WrittenProgram::CommandServer { .. })));
        let most = step.as_ref().map_or(0, |step| most_sent(&step.action, around.knobs));
        // Said once, at the step that is too much.
        if sent <= MOST_SENT && sent + most > MOST_SENT {
            notes.note::<()>(item.span(), StepProblem::TooMuchSent);
        }
        sent += most;
        match &step {
            Some(step) if notes.list.len() == so_far => sound.push((step.clone(), item.span())),
            _ => unread.push(whose(item, around)),
        }
        all.push(step.map(|step| (step, item.span())));
    }
    read.all = all.into_iter().collect::<Option<Vec<_>>>();
    if notes.list.len() > before {
        read.all = None;
    }
    read.sound = (whole && sent <= MOST_SENT).then_some(Sound { steps: sound, unread });
    read
}

/// Whose step this is, although something is wrong with it.
fn whose(value: &Value<'_>, around: Surroundings<'_>) -> Option<usize> {
    let names = around.endpoints.names.as_ref()?;
    let mut keys = value.get_ref().as_table()?.keys().filter(|key| key.get_ref() != "when");
    let (name, another) = (keys.next()?, keys.next());
    let found = names.iter().position(|known| known.as_str() == name.get_ref());
    found.filter(|_| another.is_none())
}

/// Whether some step runs a program, as far as that can be told before the steps are read.
pub(super) fn run_programs(steps: Option<&Value<'_>>) -> bool {
    let runs = |step: &Value<'_>| {
        let table = step.get_ref().as_table();
        table.is_some_and(|table| table.values().any(|actions| actions.get_ref().get("run").is_some()))
    };
    let items = steps.and_then(|steps| steps.get_ref().as_array());
    items.is_some_and(|items| items.iter().any(runs))
}

/// The most bytes that an action can send.
fn most_sent(action: &Action, knobs: &Knobs) -> u64 {
    match action {
        Action::Send(sending) => {
            let bytes = match &sending.payload {
                Payload::Bytes(bytes) => bytes.len() as u64,
                Payload::Letters(count) => most(count, knobs),
            };
            bytes.saturating_mul(most(&sending.times, knobs))
        }
        Action::SendText(text)
        | Action::Run(WrittenProgram::Ask {
            text: Arg::Fixed(text), ..
        }) => text.len() as u64,
        Action::Run(WrittenProgram::CommandClient { command, also, .. }) => {
            let fixed = std::iter::once(command).chain(also).filter_map(|text| match text {
                Arg::Fixed(text) => Some(text.len() as u64),
                Arg::Knob(_) => None,
            });
            fixed.sum()
        }
        Action::SendPacked(_) => LONGEST_PACKED as u64,
        Action::SendFrames(texts) => {
            let longest = texts.iter().map(|text| match &text.body {
                Body::Text(text) => text.len() as u64,
                Body::Letters(count) => most(count, knobs),
            });
            longest.sum()
        }
        _ => 0,
    }
}

/// The most that a number can be.
fn most(number: &Arg<u64>, knobs: &Knobs) -> u64 {
    match number {
        Arg::Fixed(number) => *number,
        Arg::Knob(name) => match knobs.find(name).and_then(Declared::kind) {
            Some(KnobKind::Number { max, .. }) => *max,
            _ => 0,
        },
    }
}

fn step(value: &Value<'_>, around: Surroundings<'_>, read: &mut Steps, notes: &mut Notes<'_>) -> Option<Step> {
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
        DeValue::Table(actions) if !ACTIONS.contains(&name) => one_action(actions, value, around, read, notes),
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
    read: &mut Steps,
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
    let key = || (*name).to_owned();
    let offered = offered(name, span.clone(), around.transport, notes);
    match *name {
        "send_frames" | "read_frames" if offered => {
            read.frames = true;
            if !around.has_framing {
                notes.note::<()>(span.clone(), StepProblem::NoFraming { key: key() });
            }
        }
        "send_text" | "read_text" if offered => {
            read.texts = true;
            if !around.has_text {
                notes.note::<()>(span.clone(), StepProblem::NoText { key: key() });
            }
        }
        _ => {}
    }
    action(name, value, around, notes)
}

fn action(name: &str, value: &Value<'_>, around: Surroundings<'_>, notes: &mut Notes<'_>) -> Option<Action> {
    let number =
        |most: u64, notes: &mut Notes<'_>| notes.number_arg(value, &(1..=most), Wanted::NumberOrKnob, around.knobs);
    Some(match name {
        "send" => Action::Send(sending(value, around, notes)?),
        "recv" => Action::Recv(number(LONGEST_RECV, notes)?),
        "drain" => Action::Drain(number(LONGEST_RECV, notes)?),
        "read_text" => Action::ReadText(number(LONGEST_RECV, notes)?),
        "send_text" => Action::SendText(notes.string(value, Wanted::String)?.to_owned()),
        "cork" => Action::Cork(notes.toggle_arg(value, around.knobs)?),
        "read_frames" => Action::ReadFrames(number(MOST_FRAMES, notes)?),
        "send_frames" => Action::SendFrames(frames(value, around.frames, around.knobs, notes)?),
        "send_packed" => Action::SendPacked(format_arg(name, value, around, notes)?),
        "read_packed" => Action::ReadPacked(format_arg(name, value, around, notes)?),
        "run" => Action::Run(programs::program(value, around, notes)?),
        "until_queued" => Action::UntilQueued(queued(value, around, notes)?),
        "until_acked" => {
            affirmed(value, notes)?;
            Action::UntilAcked
        }
        "release" => Action::Release(released(value, around, notes)?),
        "lose" => Action::Lose(losing(value, around, notes)?),
        "until_held" => Action::UntilHeld(number(MOST_HELD, notes)?),
        _ => {
            affirmed(value, notes)?;
            match name {
                "hold" => Action::Hold,
                "drop_held" => Action::DropHeld,
                "shut_down" => Action::ShutDown,
                "reset" => Action::Reset,
                _ => Action::Close,
            }
        }
    })
}

/// Most packets that a step waits for, lets go, or counts before it loses one.
const MOST_HELD: u64 = 1000;

fn released(value: &Value<'_>, around: Surroundings<'_>, notes: &mut Notes<'_>) -> Option<Released> {
    match value.get_ref() {
        DeValue::String(word) if word == "all" => Some(Released::All),
        DeValue::String(word) if word == "reversed" => Some(Released::Reversed),
        _ => notes
            .number_arg(value, &(1..=MOST_HELD), Wanted::Released, around.knobs)
            .map(Released::Next),
    }
}

/// `lose = 2` loses the second packet with data; `lose = { packet = 2 }` the second one of any kind.
fn losing(value: &Value<'_>, around: Surroundings<'_>, notes: &mut Notes<'_>) -> Option<Losing> {
    let data = !matches!(value.get_ref(), DeValue::Table(_));
    if data {
        let nth = notes.number_arg(value, &(1..=MOST_HELD), Wanted::NumberOrKnob, around.knobs);
        return nth.map(|nth| Losing { nth, data });
    }
    let mut fields = Fields::open(value, &["packet"], Wanted::NumberOrKnob, notes)?;
    let nth = fields.need("packet");
    let nth = nth.and_then(|value| notes.number_arg(value, &(1..=MOST_HELD), Wanted::NumberOrKnob, around.knobs));
    fields.close(notes);
    nth.map(|nth| Losing { nth, data })
}

/// `close = false` would be a step that does nothing.
fn affirmed(value: &Value<'_>, notes: &mut Notes<'_>) -> Option<()> {
    match value.get_ref() {
        DeValue::Boolean(true) => Some(()),
        _ => notes.wrong_type(value, Wanted::True),
    }
}

/// A string, or a table with the bytes and how they are sent.
fn sending(value: &Value<'_>, around: Surroundings<'_>, notes: &mut Notes<'_>) -> Option<Sending> {
    let plain = |payload| Sending {
        payload,
        times: Arg::Fixed(1),
        mode: Arg::Fixed(SendMode::Blocking),
    };
    match value.get_ref() {
        DeValue::String(text) => return Some(plain(Payload::Bytes(text.as_bytes().to_vec()))),
        DeValue::Table(_) => {}
        _ => return notes.wrong_type(value, Wanted::Message),
    }
    let fields = Fields::open(
        value,
        &["text", "hex", "letters", "times", "mode"],
        Wanted::Message,
        notes,
    )?;
    let payload = match (fields.get("text"), fields.get("hex"), fields.get("letters")) {
        (Some(text), None, None) => {
            let text = notes.string(text, Wanted::String);
            text.map(|text| Payload::Bytes(text.as_bytes().to_vec()))
        }
        (None, Some(hex), None) => notes.hex(hex).map(Payload::Bytes),
        (None, None, Some(count)) => {
            let range = 0..=LONGEST_LETTERS;
            let count = notes.number_arg(count, &range, Wanted::NumberOrKnob, around.knobs);
            count.map(Payload::Letters)
        }
        _ => notes.not_exactly_one(value.span(), &["text", "hex", "letters"]),
    };
    let times = match fields.get("times") {
        None => Some(Arg::Fixed(1)),
        Some(value) => notes.number_arg(value, &(1..=MOST_TIMES), Wanted::NumberOrKnob, around.knobs),
    };
    let mode = match fields.get("mode") {
        None => Some(Arg::Fixed(SendMode::Blocking)),
        Some(value) => notes.named_arg("mode", value, around.knobs),
    };
    let sending = Sending {
        payload: payload?,
        times: times?,
        mode: mode?,
    };
    if sending.times != Arg::Fixed(1) && sending.mode != Arg::Fixed(SendMode::Blocking) {
        let place = fields.key_span("times").unwrap_or(value.span());
        return notes.note(place, StepProblem::TimesAndMode);
    }
    Some(sending)
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
