//! A scenario under given settings: no knob left, only what applies. This is what the runner does.

mod frames;

use std::time::Duration;

use super::{Action, Arg, Claim, Family, Named, Payload, Prediction, Queued, Scenario, Setting};
use super::{Settings, Stop, Transport};
pub use frames::{OutFrame, READY, ReadFrames, SendFrames};

/// What to do, step by step.
#[derive(Debug, Clone)]
pub struct Plan {
    /// What joins the endpoints.
    pub transport: Transport,
    /// Which loopback address.
    pub family: Family,
    /// How long a call may take.
    pub deadline: Duration,
    /// Who takes part.
    pub endpoints: Vec<PlannedEndpoint>,
    /// What happens, in this order.
    pub steps: Vec<PlannedStep>,
    /// What must be seen.
    pub claims: Vec<Claim>,
    /// Questions to the class.
    pub predictions: Vec<Prediction>,
    /// Where playback halts.
    pub stops: Vec<Stop>,
}

/// An endpoint with its socket options decided.
#[derive(Debug, Clone, Default)]
pub struct PlannedEndpoint {
    /// The name that the steps use.
    pub name: String,
    /// It listens and accepts; the other one connects.
    pub listens: bool,
    /// TCP_NODELAY.
    pub nodelay: Option<bool>,
    /// TCP_QUICKACK, set again before each step.
    pub quickack: Option<bool>,
    /// TCP_MAXSEG in bytes.
    pub mss: Option<u32>,
    /// SO_RCVBUF in bytes.
    pub receive_buffer: Option<usize>,
    /// SO_SNDBUF in bytes.
    pub send_buffer: Option<usize>,
}

/// A step with its figures decided.
#[derive(Debug, Clone)]
pub struct PlannedStep {
    /// Index into [`Plan::endpoints`].
    pub endpoint: usize,
    /// What it does.
    pub task: Task,
}

/// What a step does.
#[derive(Debug, Clone)]
pub enum Task {
    /// One `send` call: one message.
    Send(Vec<u8>),
    /// One `recv` call for at most this many bytes.
    Recv(usize),
    /// Frames to write.
    SendFrames(SendFrames),
    /// Frames to read.
    ReadFrames(ReadFrames),
    /// Wait until everything sent to this endpoint lies in its receive queue.
    UntilAllQueued,
    /// Wait until so many bytes (TCP) or datagrams (UDP) lie in the receive queue.
    UntilQueued(u64),
    /// Wait until everything sent is acknowledged.
    UntilAcked,
    /// Close the socket.
    Close,
}

impl Plan {
    /// Decides a scenario under these settings.
    #[must_use]
    pub fn new(scenario: &Scenario, settings: &Settings) -> Self {
        let decide = Decide(settings);
        let endpoints = scenario
            .endpoints
            .iter()
            .map(|endpoint| PlannedEndpoint {
                name: endpoint.name.clone(),
                listens: endpoint.listens,
                nodelay: endpoint.nodelay.as_ref().map(|arg| decide.toggle(arg)),
                quickack: endpoint.quickack.as_ref().map(|arg| decide.toggle(arg)),
                mss: endpoint
                    .mss
                    .as_ref()
                    .map(|arg| u32::try_from(decide.number(arg)).unwrap_or(u32::MAX)),
                receive_buffer: endpoint.receive_buffer.as_ref().map(|arg| decide.size(arg)),
                send_buffer: endpoint.send_buffer.as_ref().map(|arg| decide.size(arg)),
            })
            .collect();
        let steps = scenario
            .steps
            .iter()
            .filter(|step| step.when.holds(settings))
            .map(|step| PlannedStep {
                endpoint: step.endpoint,
                task: decide.task(&step.action, scenario),
            })
            .collect();
        let claims = scenario.expects.iter().filter(|expect| expect.when.holds(settings));
        let predictions = scenario
            .predictions
            .iter()
            .filter(|prediction| prediction.when.holds(settings));
        let halts = scenario.stops.iter().filter(|stop| stop.when.holds(settings));
        Self {
            transport: scenario.transport,
            family: scenario.family,
            deadline: scenario.deadline,
            endpoints,
            steps,
            claims: claims.map(|expect| expect.claim.clone()).collect(),
            predictions: predictions.cloned().collect(),
            stops: halts.cloned().collect(),
        }
    }
}

/// Replaces knobs by their values. The reader has checked that every knob exists and has the right kind, so the
/// fallbacks below are never seen.
struct Decide<'a>(&'a Settings);

impl Decide<'_> {
    fn toggle(&self, arg: &Arg<bool>) -> bool {
        match arg {
            Arg::Fixed(on) => *on,
            Arg::Knob(name) => matches!(self.0.get(name), Some(Setting::Toggle(true))),
        }
    }

    fn number(&self, arg: &Arg<u64>) -> u64 {
        match (arg, arg.knob().and_then(|name| self.0.get(name))) {
            (Arg::Fixed(n), _) | (_, Some(Setting::Number(n))) => *n,
            _ => 0,
        }
    }

    fn size(&self, arg: &Arg<u64>) -> usize {
        usize::try_from(self.number(arg)).unwrap_or(usize::MAX)
    }

    fn choice<T: Named>(&self, arg: &Arg<T>) -> T {
        let (_, first) = T::NAMES[0];
        match (arg, arg.knob().and_then(|name| self.0.get(name))) {
            (Arg::Fixed(value), _) => *value,
            (_, Some(Setting::Choice(word))) => T::NAMES
                .iter()
                .find(|(name, _)| name == word)
                .map_or(first, |(_, value)| *value),
            _ => first,
        }
    }

    fn task(&self, action: &Action, scenario: &Scenario) -> Task {
        match action {
            Action::Send(Payload::Bytes(bytes)) => Task::Send(bytes.clone()),
            Action::Send(Payload::Letters(count)) => Task::Send(letters(self.size(count))),
            Action::Recv(asked) => Task::Recv(self.size(asked)),
            Action::UntilQueued(Queued::All) => Task::UntilAllQueued,
            Action::UntilQueued(Queued::AtLeast(count)) => Task::UntilQueued(self.number(count)),
            Action::UntilAcked => Task::UntilAcked,
            Action::Close => Task::Close,
            // The reader has seen to it that whoever speaks of frames says how they are framed.
            Action::SendFrames(texts) => match &scenario.framing {
                Some(framing) => Task::SendFrames(self.send_frames(texts, framing)),
                None => Task::Send(Vec::new()),
            },
            Action::ReadFrames(count) => match &scenario.framing {
                Some(framing) => Task::ReadFrames(self.read_frames(self.size(count), framing)),
                None => Task::Recv(self.size(count)),
            },
        }
    }
}

/// `abc…zabc…`, copied a row at a time: a message can have a million of them.
pub(super) fn letters(count: usize) -> Vec<u8> {
    let mut bytes = b"abcdefghijklmnopqrstuvwxyz".repeat(count.div_ceil(26));
    bytes.truncate(count);
    bytes
}

impl<T> Arg<T> {
    /// The knob's name, if it comes from one.
    #[must_use]
    pub fn knob(&self) -> Option<&str> {
        match self {
            Self::Fixed(_) => None,
            Self::Knob(name) => Some(name),
        }
    }
}
