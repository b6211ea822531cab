//! A scenario under given settings: no knob left, only what applies. This is what the runner does.

mod frames;

use std::time::Duration;

use super::knob::BUILT_IN;
use super::program::commands::CommandServer;
use super::program::{Program, Put, ReceiveFile, SendFile, Sends, ServePuts, Source, WrittenProgram};
use super::{
    Action, Arg, Claim, Encoding, Family, Framing, Named, OWN_THREAD, Payload, Prediction, Queued, Scenario, SendMode,
};
use super::{Link, PlannedWire, Released};
use super::{PackedFormat, Sending, Setting, Settings, Stop, TextDecoder, Texts, Transport};
use crate::pack::Format;
pub use frames::{OutFrame, READY, ReadFrames, SendFrames};

/// What to do, step by step.
#[derive(Debug, Clone)]
pub struct Plan {
    /// What joins the endpoints.
    pub transport: Transport,
    /// Which loopback address.
    pub family: Family,
    /// The wire between the endpoints, if there is one.
    pub wire: Option<PlannedWire>,
    /// How long a call may take.
    pub deadline: Duration,
    /// Title, what to watch, why.
    pub texts: Texts,
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
    /// The thread that it shares with others of this name; `None` is a thread of its own.
    pub thread: Option<String>,
    /// TCP_NODELAY.
    pub nodelay: Option<bool>,
    /// TCP_QUICKACK, set again before each step.
    pub quickack: Option<bool>,
    /// TCP_MAXSEG in bytes.
    pub mss: Option<u32>,
    /// SO_RCVBUF in bytes.
    pub receive_buffer: Option<usize>,
    /// SO_SNDBUF in bytes; of a pipe, how much it holds (F_SETPIPE_SZ).
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
    /// Several `send` calls with the same bytes, each a message.
    SendTimes {
        /// The bytes.
        bytes: Vec<u8>,
        /// How often.
        times: usize,
    },
    /// `send` calls that do not wait; `rest` says what becomes of what was not taken.
    TrySend {
        /// The bytes.
        bytes: Vec<u8>,
        /// What becomes of the rest.
        rest: SendMode,
    },
    /// One `send` call with a text.
    SendText {
        /// The text.
        text: String,
        /// How it becomes bytes.
        encoding: Encoding,
    },
    /// `recv` calls until the stream ends, each decoded.
    ReadText {
        /// Most bytes a call.
        asked: usize,
        /// How bytes become text.
        encoding: Encoding,
        /// What is done about characters that are cut.
        decoder: TextDecoder,
    },
    /// `recv` calls for at most so many bytes: of a stream until its end, of messages until none waits.
    Drain(usize),
    /// Switch TCP_CORK.
    Cork(bool),
    /// One `recv` call for at most this many bytes.
    Recv(usize),
    /// Frames to write.
    SendFrames(SendFrames),
    /// Frames to read.
    ReadFrames(ReadFrames),
    /// Values to pack, and to send in one `send` call.
    SendPacked(PackedFormat),
    /// As many bytes as the format takes, to be read and unpacked.
    ReadPacked(Format),
    /// Run a whole program.
    Run(Program),
    /// Wait until everything sent to this endpoint lies in its receive queue.
    UntilAllQueued,
    /// Wait until so many bytes (TCP) or datagrams (UDP) lie in the receive queue.
    UntilQueued(u64),
    /// Wait until everything sent is acknowledged.
    UntilAcked,
    /// Hold the packets that the endpoint sends.
    Hold,
    /// Let packets go that are held.
    Release(Releasing),
    /// Take the first packet that is held off the wire.
    DropHeld,
    /// Lose a packet that is to come.
    Lose {
        /// The how-manieth, from 1.
        nth: u32,
        /// Only packets that carry bytes of a program are counted.
        data: bool,
    },
    /// Wait until so many packets of the endpoint are held.
    UntilHeld(u64),
    /// Say that no more is sent.
    ShutDown,
    /// Break the connection off.
    Reset,
    /// Close the socket.
    Close,
}

/// Which packets that are held are let go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Releasing {
    /// All, and none is held any more.
    All,
    /// The same, the last one first.
    Reversed,
    /// So many.
    Next(usize),
}

impl Task {
    /// Whether it sends anything, or may.
    #[must_use]
    pub fn sends(&self) -> bool {
        match self {
            Self::Send(_)
            | Self::SendTimes { .. }
            | Self::TrySend { .. }
            | Self::SendText { .. }
            | Self::SendFrames(_)
            | Self::SendPacked(_) => true,
            // It says that it is ready.
            Self::ReadFrames(step) => step.handshake,
            Self::Run(program) => program.sends() != Sends::NOTHING,
            _ => false,
        }
    }
}

impl Plan {
    /// Decides a scenario under these settings.
    ///
    /// # Panics
    /// If the settings are not the scenario's, or it was not read by [`read`](super::read::read).
    #[must_use]
    pub fn new(scenario: &Scenario, settings: &Settings) -> Self {
        let decide = Decide(settings);
        let transport = decide.choice(&scenario.transport);
        let is_tcp = transport == Transport::Tcp;
        let has_receive_buffer = transport != Transport::Pipe;
        let endpoints = scenario
            .endpoints
            .iter()
            .map(|endpoint| PlannedEndpoint {
                name: endpoint.name.clone(),
                listens: endpoint.listens,
                // Where a knob may choose another transport, these are left out under it.
                nodelay: endpoint
                    .nodelay
                    .as_ref()
                    .filter(|_| is_tcp)
                    .map(|arg| decide.toggle(arg)),
                quickack: endpoint
                    .quickack
                    .as_ref()
                    .filter(|_| is_tcp)
                    .map(|arg| decide.toggle(arg)),
                thread: endpoint
                    .thread
                    .as_ref()
                    .map(|arg| decide.word(arg))
                    .filter(|name| name != OWN_THREAD),
                mss: endpoint.mss.as_ref().filter(|_| is_tcp).map(|arg| decide.small(arg)),
                receive_buffer: endpoint
                    .receive_buffer
                    .as_ref()
                    .filter(|_| has_receive_buffer)
                    .map(|arg| decide.size(arg)),
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
            transport,
            family: scenario.family,
            wire: (scenario.link(settings) == Link::Wire && transport.is_internet())
                .then(|| scenario.wire.decided(&decide)),
            deadline: scenario.deadline,
            texts: scenario.texts(settings),
            endpoints,
            steps,
            claims: claims.map(|expect| expect.claim.clone()).collect(),
            predictions: predictions.map(|prediction| prediction.under(settings)).collect(),
            stops: halts.map(|stop| stop.under(settings)).collect(),
        }
    }

    /// Which endpoints each thread serves, in the order of the endpoints.
    #[must_use]
    pub fn threads(&self) -> Vec<Vec<usize>> {
        let mut threads: Vec<Vec<usize>> = Vec::new();
        for (index, endpoint) in self.endpoints.iter().enumerate() {
            let shares = |thread: &&mut Vec<usize>| {
                let other = thread.first().and_then(|first| self.endpoints.get(*first));
                endpoint.thread.is_some() && other.is_some_and(|other| other.thread == endpoint.thread)
            };
            match threads.iter_mut().find(shares) {
                Some(thread) => thread.push(index),
                None => threads.push(vec![index]),
            }
        }
        threads
    }
}

/// Replaces knobs by their values. The reader has checked that every knob exists and has the right kind, and every setting
/// was asked of its knob: what is not so is a mistake of the lab, and a run that quietly does something else would be worse
/// than none.
pub(super) struct Decide<'a>(&'a Settings);

/// The lab itself has made a plan that cannot be.
#[track_caller]
fn unsound(what: &str, name: &str) -> ! {
    panic!("the reader let a scenario pass, or a setting, in which {what} {name:?} is not what it is used as")
}

impl Decide<'_> {
    /// What a knob is set to.
    #[track_caller]
    fn setting(&self, name: &str) -> &Setting {
        self.0.get(name).unwrap_or_else(|| unsound("the knob", name))
    }

    fn toggle(&self, arg: &Arg<bool>) -> bool {
        match arg {
            Arg::Fixed(on) => *on,
            Arg::Knob(name) => match self.setting(name) {
                Setting::Toggle(on) => *on,
                _ => unsound("the knob", name),
            },
        }
    }

    /// What a knob is set to that no file writes.
    pub(super) fn set_number(&self, name: &str) -> Option<u64> {
        match self.0.get(name) {
            Some(Setting::Number(number)) => Some(*number),
            _ => None,
        }
    }

    pub(super) fn number(&self, arg: &Arg<u64>) -> u64 {
        match arg {
            Arg::Fixed(number) => *number,
            Arg::Knob(name) => match self.setting(name) {
                Setting::Number(number) => *number,
                _ => unsound("the knob", name),
            },
        }
    }

    /// Where there are fewer addresses than numbers, no buffer is as large as was wanted: it fails where it is made.
    fn size(&self, arg: &Arg<u64>) -> usize {
        usize::try_from(self.number(arg)).unwrap_or(usize::MAX)
    }

    /// A number that the reader has bounded far below.
    fn small(&self, arg: &Arg<u64>) -> u32 {
        let number = self.number(arg);
        u32::try_from(number).unwrap_or_else(|_| unsound("the number", &number.to_string()))
    }

    fn word(&self, arg: &Arg<String>) -> String {
        match arg {
            Arg::Fixed(word) => word.clone(),
            Arg::Knob(name) => self.chosen(name).to_owned(),
        }
    }

    fn chosen(&self, name: &str) -> &str {
        match self.setting(name) {
            Setting::Choice(word) => word,
            _ => unsound("the knob", name),
        }
    }

    pub(super) fn choice<T: Named>(&self, arg: &Arg<T>) -> T {
        match arg {
            Arg::Fixed(value) => *value,
            Arg::Knob(name) => meaning(self.chosen(name)),
        }
    }

    /// What a knob is set to that no file writes: one of the names of `T`.
    pub(super) fn set_choice<T: Named>(&self, name: &str) -> Option<T> {
        match self.0.get(name) {
            Some(Setting::Choice(word)) => Some(meaning(word)),
            _ => None,
        }
    }

    fn task(&self, action: &Action, scenario: &Scenario) -> Task {
        match action {
            Action::Send(sending) => self.send(sending),
            Action::SendText(text) => Task::SendText {
                text: text.clone(),
                encoding: self.encoded(scenario).0,
            },
            Action::ReadText(asked) => {
                let (encoding, decoder) = self.encoded(scenario);
                Task::ReadText {
                    asked: self.size(asked),
                    encoding,
                    decoder,
                }
            }
            Action::Drain(asked) => Task::Drain(self.size(asked)),
            Action::Cork(on) => Task::Cork(self.toggle(on)),
            Action::Recv(asked) => Task::Recv(self.size(asked)),
            Action::UntilQueued(Queued::All) => Task::UntilAllQueued,
            Action::UntilQueued(Queued::AtLeast(count)) => Task::UntilQueued(self.number(count)),
            Action::UntilAcked => Task::UntilAcked,
            Action::Hold => Task::Hold,
            Action::Release(Released::All) => Task::Release(Releasing::All),
            Action::Release(Released::Reversed) => Task::Release(Releasing::Reversed),
            Action::Release(Released::Next(count)) => Task::Release(Releasing::Next(self.size(count))),
            Action::DropHeld => Task::DropHeld,
            Action::Lose(losing) => Task::Lose {
                nth: self.small(&losing.nth),
                data: losing.data,
            },
            Action::UntilHeld(count) => Task::UntilHeld(self.number(count)),
            Action::ShutDown => Task::ShutDown,
            Action::Reset => Task::Reset,
            Action::Close => Task::Close,
            Action::SendPacked(name) => Task::SendPacked(self.packed(name, scenario).clone()),
            Action::ReadPacked(name) => Task::ReadPacked(self.packed(name, scenario).reading().clone()),
            Action::Run(program) => Task::Run(self.program(program, scenario)),
            Action::SendFrames(texts) => Task::SendFrames(self.send_frames(texts, framing(scenario))),
            Action::ReadFrames(count) => Task::ReadFrames(self.read_frames(self.size(count), framing(scenario))),
        }
    }

    fn send(&self, sending: &Sending) -> Task {
        let bytes = match &sending.payload {
            Payload::Bytes(bytes) => bytes.clone(),
            Payload::Letters(count) => letters(self.size(count)),
        };
        let rest = self.choice(&sending.mode);
        match self.size(&sending.times) {
            _ if rest != SendMode::Blocking => Task::TrySend { bytes, rest },
            1 => Task::Send(bytes),
            times => Task::SendTimes { bytes, times },
        }
    }

    /// How texts are encoded and decoded.
    fn encoded(&self, scenario: &Scenario) -> (Encoding, TextDecoder) {
        let text = scenario.text.as_ref().unwrap_or_else(|| unsound("the table", "text"));
        (self.choice(&text.encoding), self.choice(&text.decoder))
    }

    /// A number of letters, or the file that a knob is set to.
    fn source(&self, (from, letters): &(Arg<u64>, u64)) -> Source {
        match (from, from.knob().and_then(|name| self.0.get(name))) {
            (_, Some(Setting::File(path))) if path != BUILT_IN => Source::Path(path.clone()),
            _ => Source::Letters(*letters),
        }
    }

    fn program(&self, program: &WrittenProgram, scenario: &Scenario) -> Program {
        match program {
            WrittenProgram::CommandServer {
                header,
                limit,
                deadline,
                patience_ms,
            } => Program::CommandServer(CommandServer {
                commands: scenario.commands.clone(),
                header: self.choice(header),
                limit: *limit,
                deadline: *deadline,
                patience: patience_ms.map(Duration::from_millis),
            }),
            WrittenProgram::CommandClient {
                command,
                also,
                header,
                reads,
            } => Program::CommandClient {
                command: self.word(command),
                also: also.as_ref().map(|also| self.word(also)),
                header: self.choice(header),
                reads: self.choice(reads),
            },
            WrittenProgram::Serve { limit, patience_ms } => Program::Serve {
                patience: patience_ms.map(Duration::from_millis),
                limit: self.small(limit),
            },
            WrittenProgram::SendFile {
                source,
                chunk,
                hash,
                flip,
            } => Program::SendFile(SendFile {
                source: self.source(source),
                chunk: self.size(chunk),
                hash: self.choice(hash),
                flip: self.toggle(flip),
            }),
            WrittenProgram::ReceiveFile {
                chunk,
                limit,
                patience_ms,
            } => Program::ReceiveFile(ReceiveFile {
                chunk: self.size(chunk),
                limit: self.number(limit),
                patience: patience_ms.map(Duration::from_millis),
            }),
            WrittenProgram::Put {
                files,
                name,
                command,
                pipelined,
                dies,
            } => Program::Put(Put {
                files: files.clone(),
                name: self.choice(name),
                command: self.word(command),
                pipelined: self.toggle(pipelined),
                dies: self.choice(dies),
            }),
            WrittenProgram::ServePuts {
                limit,
                reader,
                patience_ms,
            } => Program::ServePuts(ServePuts {
                limit: self.number(limit),
                reader: self.choice(reader),
                patience: patience_ms.map(Duration::from_millis),
            }),
            WrittenProgram::Ask { text, after } => Program::Ask {
                text: self.word(text),
                after: *after,
            },
            WrittenProgram::ReadBoth { with } => Program::ReadBoth { with: *with },
            WrittenProgram::Challenge(written) => Program::Challenge(written.decided(self)),
            WrittenProgram::Respond(written) => Program::Respond(written.decided(self)),
        }
    }

    /// The format of this name.
    fn packed<'s>(&self, name: &Arg<String>, scenario: &'s Scenario) -> &'s PackedFormat {
        let word = name.knob().map(|knob| self.chosen(knob));
        let found = PackedFormat::named(&scenario.formats, name, word);
        found.unwrap_or_else(|| unsound("the format", word.unwrap_or("written in a step")))
    }
}

/// What a word of a knob stands for.
fn meaning<T: Named>(word: &str) -> T {
    let found = T::NAMES.iter().find(|(name, _)| *name == word);
    found.map_or_else(|| unsound("the choice", word), |(_, value)| *value)
}

/// How frames are written and read.
fn framing(scenario: &Scenario) -> &Framing {
    let framing = scenario.framing.as_ref();
    framing.unwrap_or_else(|| unsound("the table", "framing"))
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
