//! What a scenario is: who takes part, what they do step by step, what must be seen, and what a teacher may change.
//!
//! A [`Scenario`] is valid by construction: [`read`](read::read) reports everything that is wrong with a file, so
//! whoever holds one need not ask again. With a choice of knobs ([`Settings`]) it becomes a [`Plan`],
//! where no knob is left and only the steps and expectations that apply remain.

pub mod catalogue;
pub mod claim;
pub mod condition;
pub mod knob;
pub mod named;
pub mod nearest;
pub mod packed;
pub mod plan;
pub mod problem;
pub mod read;
pub mod stop;

use std::time::Duration;

pub use claim::{Claim, PackFaultName, PieceRef, Reading};
pub use condition::Condition;
pub use knob::{Knob, KnobKind, Setting, Settings};
pub use named::Named;
pub use packed::PackedFormat;
pub use plan::Plan;
pub use problem::{Problem, Problems};
pub use stop::{Mark, Stop};

use crate::framing::{ByteOrder, Counts};
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
    pub transport: Transport,
    /// Which loopback address is used.
    pub family: Family,
    /// One line: the point of the demonstration.
    pub title: Text,
    /// What to watch.
    pub sees: Text,
    /// The cause, to be told after the run.
    pub why: Text,
    /// How long a call may take before the run is ended and the hang named.
    pub deadline: Duration,
    /// What a teacher may change.
    pub knobs: Vec<Knob>,
    /// Settings other than the defaults under which the scenario is checked.
    pub contrasts: Vec<Settings>,
    /// Exactly two; one of them listens.
    pub endpoints: Vec<Endpoint>,
    /// How frames are written and read, for scenarios that have any.
    pub framing: Option<Framing>,
    /// What is packed, by name, for scenarios that pack anything.
    pub formats: Vec<PackedFormat>,
    /// What happens, in this order.
    pub steps: Vec<Step>,
    /// What must be seen.
    pub expects: Vec<Expect>,
    /// Questions to the class.
    pub predictions: Vec<Prediction>,
    /// Where playback halts.
    pub stops: Vec<Stop>,
    /// The file's text: a saved run carries it, so that it can be told again without the file.
    pub source: String,
}

/// A text in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// English.
    pub en: String,
    /// Chinese.
    pub zh: String,
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
}

/// What joins the endpoints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// A byte stream (RFC 9293).
    Tcp,
    /// Datagrams (RFC 768).
    Udp,
}

/// Which loopback address is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// 127.0.0.1.
    Ipv4,
    /// ::1.
    Ipv6,
}

/// One side of the connection. Options left out stay as the kernel sets them.
#[derive(Debug, Clone)]
pub struct Endpoint {
    /// The name that the steps use.
    pub name: String,
    /// It listens and accepts; the other one connects. (Over UDP both are bound and connected to each other.)
    pub listens: bool,
    /// TCP_NODELAY (tcp(7)).
    pub nodelay: Option<Arg<bool>>,
    /// TCP_QUICKACK (tcp(7)); set again before each step, because the kernel resets it.
    pub quickack: Option<Arg<bool>>,
    /// TCP_MAXSEG, in bytes, set before the connection is made.
    pub mss: Option<Arg<u64>>,
    /// SO_RCVBUF, in bytes, set before the connection is made. The kernel doubles it (socket(7)).
    pub receive_buffer: Option<Arg<u64>>,
    /// SO_SNDBUF, in bytes, set before the connection is made. The kernel doubles it (socket(7)).
    pub send_buffer: Option<Arg<u64>>,
}

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
    Send(Payload),
    /// One `recv` call that asks for at most this many bytes.
    Recv(Arg<u64>),
    /// Each text as one frame: header and body, written as [`Framing::writes`] says.
    SendFrames(Vec<String>),
    /// Packs the values of a format, by its name, and sends the bytes in one `send` call: one message.
    SendPacked(Arg<String>),
    /// Reads exactly as many bytes as that format's reader takes, and unpacks them.
    ReadPacked(Arg<String>),
    /// Reads this many frames, as [`Framing::reader`] says.
    ReadFrames(Arg<u64>),
    /// Waits until so much lies in this endpoint's receive queue.
    UntilQueued(Queued),
    /// Waits until everything this endpoint sent has been acknowledged (TCP).
    UntilAcked,
    /// Closes the socket.
    Close,
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

/// How frames are written and read: a 4-byte length, then the body ([`crate::framing`]).
#[derive(Debug, Clone)]
pub struct Framing {
    /// Byte order of the length.
    pub order: Arg<FrameOrder>,
    /// What the sender counts.
    pub counts: Arg<Counts>,
    /// Into how many `send` calls a frame goes.
    pub writes: Arg<Writes>,
    /// How the receiver reads.
    pub reader: Arg<Reader>,
    /// Longest body the reader accepts, in bytes.
    pub limit: u32,
}

/// The byte orders of the two sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FrameOrder {
    /// Both sides the same.
    Both(ByteOrder),
    /// The sender writes little-endian, the receiver reads big-endian.
    Mixed,
}

/// Into how many `send` calls a frame goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Writes {
    /// Header and body in one `send`.
    One,
    /// The header in one, the body in another.
    Two,
    /// Two bytes of the header; then the rest, once the receiver has taken those (a staged segmentation).
    CutHeader,
    /// Byte by byte, each once the receiver has taken the one before (a staged segmentation).
    Bytes,
}

/// How a program reads a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// Asks again until the header, then the body, is complete.
    Exact,
    /// One `recv(4)` for the header, one `recv(length)` for the body, and believes what they return.
    SingleRecv,
}

/// Something that must be seen.
#[derive(Debug, Clone)]
pub struct Expect {
    /// The expectation is left out where this does not hold.
    pub when: Condition,
    /// What must be seen.
    pub claim: Claim,
}

/// A question to the class before the run.
#[derive(Debug, Clone)]
pub struct Prediction {
    /// The question is left out where this does not hold.
    pub when: Condition,
    /// The question.
    pub ask: Text,
    /// Two to five answers. Which one is right is decided by the trace of the run, never by the file.
    pub options: Vec<Answer>,
}

/// One answer to choose.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The answer's text.
    pub text: Text,
    /// The answer is right if this was seen.
    pub claim: Claim,
    /// What somebody believes who picks it although it is wrong, answered.
    pub belief: Option<Text>,
}

impl Scenario {
    /// The defaults of all knobs.
    #[must_use]
    pub fn defaults(&self) -> Settings {
        Settings::defaults(&self.knobs)
    }
}

impl Text {
    /// The text in one language.
    #[must_use]
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::En => &self.en,
            Lang::Zh => &self.zh,
        }
    }
}
