//! A scenario under given settings: no knob left, only what applies. This is what the runner does.

use std::time::Duration;

use super::{Action, Arg, Claim, Family, FrameOrder, Named, Payload, Prediction, Queued, Reader, Scenario, Setting};
use super::{PackedFormat, Settings, Stop, Transport, Writes};
use crate::framing::{ByteOrder, Counts, LengthPrefix};
use crate::pack::Format;

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
    SendFrames {
        /// Each body with the number the sender writes before it.
        frames: Vec<(u32, Vec<u8>)>,
        /// Byte order of the header.
        order: ByteOrder,
        /// Into how many `send` calls each goes.
        writes: Writes,
    },
    /// Frames to read.
    ReadFrames {
        /// How many.
        count: usize,
        /// Byte order and limit.
        prefix: LengthPrefix,
        /// How they are read.
        reader: Reader,
    },
    /// Values to pack, and to send in one `send` call.
    SendPacked(PackedFormat),
    /// As many bytes as the format takes, to be read and unpacked.
    ReadPacked(Format),
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
            Action::SendPacked(name) => self.packed(name, scenario).map_or(Task::Close, Task::SendPacked),
            Action::ReadPacked(name) => {
                let packed = self.packed(name, scenario);
                packed.map_or(Task::Close, |packed| Task::ReadPacked(packed.reading().clone()))
            }
            Action::SendFrames(texts) => self.send_frames(texts, scenario),
            Action::ReadFrames(count) => {
                let (order, reader) = scenario
                    .framing
                    .as_ref()
                    .map_or((ByteOrder::Big, Reader::Exact), |framing| {
                        let order = match self.choice(&framing.order) {
                            FrameOrder::Both(order) => order,
                            FrameOrder::Mixed => ByteOrder::Big,
                        };
                        (order, self.choice(&framing.reader))
                    });
                let limit = scenario.framing.as_ref().map_or(0, |framing| framing.limit);
                Task::ReadFrames {
                    count: self.size(count),
                    prefix: LengthPrefix { order, limit },
                    reader,
                }
            }
        }
    }

    /// The format of this name. The reader has checked that there is one.
    fn packed(&self, name: &Arg<String>, scenario: &Scenario) -> Option<PackedFormat> {
        let word = match name.knob().and_then(|knob| self.0.get(knob)) {
            Some(Setting::Choice(word)) => Some(word.as_str()),
            _ => None,
        };
        PackedFormat::named(&scenario.formats, name, word).cloned()
    }

    fn send_frames(&self, texts: &[String], scenario: &Scenario) -> Task {
        let (order, counts, writes) =
            scenario
                .framing
                .as_ref()
                .map_or((ByteOrder::Big, Counts::Bytes, Writes::One), |framing| {
                    let order = match self.choice(&framing.order) {
                        FrameOrder::Both(order) => order,
                        FrameOrder::Mixed => ByteOrder::Little,
                    };
                    (order, self.choice(&framing.counts), self.choice(&framing.writes))
                });
        let frames = texts
            .iter()
            .map(|text| (counts.of(text), text.clone().into_bytes()))
            .collect();
        Task::SendFrames { frames, order, writes }
    }
}

/// `abc…zabc…`, copied a row at a time: a message can have a million of them.
fn letters(count: usize) -> Vec<u8> {
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
