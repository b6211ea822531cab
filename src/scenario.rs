//! What a scenario is: who takes part, what they do step by step, what must be seen, and what a teacher may change.
//!
//! A [`Scenario`] is valid by construction: [`read`](read::read) reports everything that is wrong with a file, so
//! whoever holds one need not ask again. With a choice of knobs ([`Settings`]) it becomes a [`Plan`],
//! where no knob is left and only the steps and expectations that apply remain.

pub mod catalogue;
pub mod claim;
pub mod condition;
pub mod framing;
pub mod knob;
pub mod named;
pub mod nearest;
pub mod needs;
pub mod note;
pub mod packed;
pub mod plan;
pub mod problem;
pub mod program;
pub mod read;
pub mod search;
pub mod stop;
pub mod wire;
pub mod wording;

use std::time::Duration;

pub use claim::{Amount, CallError, CallKind, Claim, ErrorName, PackFaultName, PieceRef, Reading};
pub use condition::Condition;
pub use framing::{FrameKind, FrameOrder, FrameText, Framing, Reader, Writes};
pub use knob::{Knob, KnobKind, Setting, Settings};
pub use named::Named;
pub use note::NoteName;
pub use packed::PackedFormat;
pub use plan::Plan;
pub use problem::{Problem, Problems};
pub use program::Program;
pub use program::commands::Commands;
pub use stop::{Mark, Stop};
pub use wire::{Link, PlannedWire, WrittenWire};
pub use wording::{Texts, Worded, Wording};

use crate::words::Lang;

/// One demonstration, as a scenario file describes it.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// The name a teacher types.
    pub id: String,
    /// Place in the list; lower comes first.
    pub order: u32,
    /// What it is about. One without a group is somebody's own.
    pub group: Option<Group>,
    /// What joins the endpoints.
    pub transport: Arg<Transport>,
    /// What joins them below that, for TCP and UDP.
    pub link: Arg<Link>,
    /// What the wire is like, if they are joined by one.
    pub wire: WrittenWire,
    /// Which loopback address is used.
    pub family: Family,
    /// It is about this family: what it claims need not hold over the other one.
    pub only_family: bool,
    /// Which sections of the tutorials it covers.
    pub covers: Option<Text>,
    /// Words by which it is found, in whichever language, beside those that are told of it.
    pub words: Vec<String>,
    /// One line: the point of the demonstration.
    pub title: Wording,
    /// What to watch.
    pub sees: Wording,
    /// The cause, to be told after the run.
    pub why: Wording,
    /// How long a call may take before the run is ended and the hang named.
    pub deadline: Duration,
    /// What a teacher may change.
    pub knobs: Vec<Knob>,
    /// Settings other than the defaults under which the scenario is checked.
    pub contrasts: Vec<Settings>,
    /// An even number: 2k and 2k + 1 are the two ends of connection k, and one of them listens.
    pub endpoints: Vec<Endpoint>,
    /// How frames are written and read, for scenarios that have any.
    pub framing: Option<Framing>,
    /// How texts become bytes and bytes texts, for scenarios that send any.
    pub text: Option<Encoded>,
    /// What is packed, by name, for scenarios that pack anything.
    pub formats: Vec<PackedFormat>,
    /// Commands that a server may run.
    pub commands: Commands,
    /// What happens, in this order.
    pub steps: Vec<Step>,
    /// What must be seen.
    pub expects: Vec<Expect>,
    /// Questions to the class.
    pub predictions: Vec<Prediction<Wording>>,
    /// Where playback halts.
    pub stops: Vec<Stop<Wording>>,
    /// The file's text: a saved run carries it, so that it can be told again without the file.
    pub source: String,
}

/// A text in both languages.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text {
    /// English.
    pub en: String,
    /// Chinese.
    pub zh: String,
}

impl Text {
    /// What is said in both languages.
    pub fn of(say: impl Fn(Lang) -> String) -> Self {
        Self {
            en: say(Lang::En),
            zh: say(Lang::Zh),
        }
    }
}

/// What a scenario is about. The order is that of teaching.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// Where a message ends: what streams and datagrams do to it.
    Boundaries,
    /// How a program marks where its messages end.
    Framing,
    /// Whole programs.
    Programs,
    /// What goes over a wire: packets.
    Wire,
}

/// What joins the endpoints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// A byte stream (RFC 9293).
    Tcp,
    /// Datagrams (RFC 768).
    Udp,
    /// A byte stream inside this machine (unix(7)).
    UnixStream,
    /// Messages inside this machine.
    UnixDatagram,
    /// Messages inside this machine, over a connection.
    UnixSeqpacket,
    /// A byte stream inside this machine, in one direction (pipe(7)): who listens reads.
    Pipe,
}

/// Which loopback address is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// 127.0.0.1.
    Ipv4,
    /// ::1.
    Ipv6,
}

/// One side of a connection. Options left out stay as the kernel sets them.
#[derive(Debug, Clone)]
pub struct Endpoint {
    /// The name that the steps use.
    pub name: String,
    /// It listens and accepts; the other one connects. (Over UDP both are bound and connected to each other.)
    pub listens: bool,
    /// Endpoints of the same thread do their steps one after another; without one, or with [`OWN_THREAD`], it has a
    /// thread of its own.
    pub thread: Option<Arg<String>>,
    /// TCP_NODELAY (tcp(7)).
    pub nodelay: Option<Arg<bool>>,
    /// TCP_QUICKACK (tcp(7)); set again before each step, because the kernel resets it.
    pub quickack: Option<Arg<bool>>,
    /// TCP_MAXSEG, in bytes, set before the connection is made.
    pub mss: Option<Arg<u64>>,
    /// SO_RCVBUF, in bytes, set before the connection is made. The kernel doubles it (socket(7)).
    pub receive_buffer: Option<Arg<u64>>,
    /// SO_SNDBUF, in bytes, set before the connection is made. The kernel doubles it (socket(7)). Of a pipe, how many
    /// bytes it holds (F_SETPIPE_SZ, fcntl(2)).
    pub send_buffer: Option<Arg<u64>>,
}

/// The thread that is never shared, so that a knob can choose between one thread for all and a thread for each.
pub const OWN_THREAD: &str = "threaded";

/// A value written in the file, or the knob it comes from (`"$name"`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Arg<T> {
    /// Written in the file.
    Fixed(T),
    /// The knob of this name.
    Knob(String),
}

/// One thing that one endpoint does.
#[derive(Debug, Clone)]
pub struct Step {
    /// Index into [`Scenario::endpoints`].
    pub endpoint: usize,
    /// What it does.
    pub action: Action,
    /// The step is left out where this does not hold.
    pub when: Condition,
}

/// What a step does.
#[derive(Debug, Clone)]
pub enum Action {
    /// One `send` call with these bytes: one message.
    Send(Sending),
    /// One `recv` call that asks for at most this many bytes.
    Recv(Arg<u64>),
    /// Each as one frame, written as [`Framing`] says.
    SendFrames(Vec<FrameText>),
    /// Packs the values of a format, by its name, and sends the bytes in one `send` call: one message.
    SendPacked(Arg<String>),
    /// Reads exactly as many bytes as that format's reader takes, and unpacks them.
    ReadPacked(Arg<String>),
    /// Reads this many frames, as [`Framing::reader`] says.
    ReadFrames(Arg<u64>),
    /// Runs a whole program.
    Run(program::WrittenProgram),
    /// Waits until so much lies in this endpoint's receive queue.
    UntilQueued(Queued),
    /// Waits until everything this endpoint sent has been acknowledged (TCP).
    UntilAcked,
    /// `recv` calls of at most this many bytes: of a stream until its end, of messages until none waits.
    Drain(Arg<u64>),
    /// Switches TCP_CORK.
    Cork(Arg<bool>),
    /// One `send` call with a text, encoded as [`Encoded::encoding`] says.
    SendText(String),
    /// `recv` calls of at most this many bytes until the stream ends, each decoded as [`Encoded::decoder`] says.
    ReadText(Arg<u64>),
    /// From now on the packets that this endpoint sends are held on the wire.
    Hold,
    /// Lets packets go that are held.
    Release(Released),
    /// Takes the first packet that is held off the wire.
    DropHeld,
    /// Loses a packet that is still to come.
    Lose(Losing),
    /// Waits until so many of its packets are held.
    UntilHeld(Arg<u64>),
    /// Says that it sends no more, and can still read.
    ShutDown,
    /// Breaks the connection off.
    Reset,
    /// Closes the socket.
    Close,
}

/// Which of the packets that are held are let go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Released {
    /// All, and none is held any more.
    All,
    /// All, the last one first, and none is held any more.
    Reversed,
    /// So many; others that come are held.
    Next(Arg<u64>),
}

/// A packet that is to be lost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Losing {
    /// The how-manieth from now on, from 1.
    pub nth: Arg<u64>,
    /// Only packets that carry bytes of a program are counted.
    pub data: bool,
}

/// A message, how often it is sent, and what is done if the kernel does not take all of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sending {
    /// The bytes.
    pub payload: Payload,
    /// How often, each time as a message of its own.
    pub times: Arg<u64>,
    /// Whether the call waits, and what becomes of the rest.
    pub mode: Arg<SendMode>,
}

/// Whether `send` waits for room, and what a program does with the bytes that were not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SendMode {
    /// It waits until all is taken.
    Blocking,
    /// It does not wait, and what was not taken is forgotten: the count is ignored.
    Forget,
    /// It does not wait; the rest is tried again at once until there is no room at all (EAGAIN), and then given up.
    Retry,
    /// It does not wait; the program waits with poll(2) and sends the rest, until all is taken.
    Loop,
}

/// How texts become bytes and bytes texts.
#[derive(Debug, Clone)]
pub struct Encoded {
    /// What the sender encodes with, and the reader decodes with.
    pub encoding: Arg<Encoding>,
    /// How the reader decodes what it reads.
    pub decoder: Arg<TextDecoder>,
}

/// A character encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// One to four bytes a character (RFC 3629); Chinese characters mostly take three.
    Utf8,
    /// One or two bytes a character (GB/T 2312 and its extension).
    Gbk,
}

/// How a reader makes text of bytes that come in pieces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextDecoder {
    /// Each read by itself.
    EachRead,
    /// An incomplete character at the end of a read waits for the next one.
    Incremental,
}

/// The bytes of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Payload {
    /// A text in UTF-8, or bytes given as hex.
    Bytes(Vec<u8>),
    /// So many bytes of `abc…zabc…`: long messages whose bytes can be told apart.
    Letters(Arg<u64>),
}

/// How much must lie in a receive queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Queued {
    /// Everything the steps before this one sent to it and it has not read.
    All,
    /// At least so many bytes (TCP), or datagrams (UDP).
    AtLeast(Arg<u64>),
}

/// Something that must be seen.
#[derive(Debug, Clone)]
pub struct Expect {
    /// The expectation is left out where this does not hold.
    pub when: Condition,
    /// What must be seen.
    pub claim: Claim,
}

/// A question to the class before the run. Of a scenario its texts still depend on the knobs ([`Wording`]).
#[derive(Debug, Clone)]
pub struct Prediction<T = Text> {
    /// The question is left out where this does not hold.
    pub when: Condition,
    /// The question.
    pub ask: T,
    /// Two to five answers. Which one is right is decided by the trace of the run, never by the file.
    pub options: Vec<Answer<T>>,
}

/// One answer to choose.
#[derive(Debug, Clone)]
pub struct Answer<T = Text> {
    /// The answer's text.
    pub text: T,
    /// The answer is right if this was seen.
    pub claim: Claim,
    /// What somebody believes who picks it although it is wrong, answered.
    pub belief: Option<T>,
}

impl Scenario {
    /// The defaults of all knobs.
    #[must_use]
    pub fn defaults(&self) -> Settings {
        Settings::defaults(&self.knobs)
    }
}

impl Action {
    /// Whether it does something to the wire, so that there must be one.
    #[must_use]
    pub fn needs_wire(&self) -> bool {
        matches!(
            self,
            Self::Hold | Self::Release(_) | Self::DropHeld | Self::Lose(_) | Self::UntilHeld(_)
        )
    }

    /// The action's key in scenario files; of one that runs a program, the program's name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Send(_) => "send",
            Self::Recv(_) => "recv",
            Self::SendFrames(_) => "send_frames",
            Self::ReadFrames(_) => "read_frames",
            Self::SendPacked(_) => "send_packed",
            Self::ReadPacked(_) => "read_packed",
            Self::UntilQueued(_) => "until_queued",
            Self::UntilAcked => "until_acked",
            Self::Drain(_) => "drain",
            Self::Cork(_) => "cork",
            Self::SendText(_) => "send_text",
            Self::ReadText(_) => "read_text",
            Self::Run(program) => program.name().name(),
            Self::Hold => "hold",
            Self::Release(_) => "release",
            Self::DropHeld => "drop_held",
            Self::Lose(_) => "lose",
            Self::UntilHeld(_) => "until_held",
            Self::ShutDown => "shut_down",
            Self::Reset => "reset",
            Self::Close => "close",
        }
    }
}

impl Transport {
    /// Whether it carries a stream of bytes, in which no message has an end.
    #[must_use]
    pub fn is_stream(self) -> bool {
        matches!(self, Self::Tcp | Self::UnixStream | Self::Pipe)
    }

    /// Whether it goes over a loopback address.
    #[must_use]
    pub fn is_internet(self) -> bool {
        matches!(self, Self::Tcp | Self::Udp)
    }
}

impl Text {
    /// No text: in place of one that is missing.
    pub(crate) fn nothing() -> Self {
        Self {
            en: String::new(),
            zh: String::new(),
        }
    }

    /// The text in one language.
    #[must_use]
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::En => &self.en,
            Lang::Zh => &self.zh,
        }
    }
}
