//! What can be claimed of a run. The story decides from the trace whether a claim holds.

pub mod packets;

use crate::framing::FaultName;

use super::{Named, NoteName};
use packets::PacketClaim;

/// A claim about what was observed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// The reads returned exactly these bytes, in this order (`reads = ["he", "llo egg"]`).
    Reads(Vec<Vec<u8>>),
    /// One read returned exactly these bytes; reads are numbered from 1 (`read = { number = 1, text = "he" }`).
    Read {
        /// Which read, from 1.
        number: usize,
        /// What it returned.
        bytes: Vec<u8>,
    },
    /// What the reads were, in this order (`readings = ["stuck"]`).
    Readings(Vec<Reading>),
    /// The departures, each with the messages or parts of messages that left together, as the kernel's
    /// timestamps tell (`left = ["m1", "m2+m3"]`, a part as `m1:0-4`).
    Left(Vec<Vec<PieceRef>>),
    /// Every message of this sender from `from` to `to` stayed unsent in the send queue until the acknowledgement of
    /// message `until_ack_of`, which took at least `at_least_ms`
    /// (`held = { from = 2, until_ack_of = 1, at_least_ms = 30 }`).
    Held {
        /// First held message.
        from: u32,
        /// Last held message; without it all that come.
        to: Option<u32>,
        /// The message whose acknowledgement released them.
        until_ack_of: u32,
        /// Least time between that message's departure and its acknowledgement, in milliseconds.
        at_least_ms: u64,
    },
    /// No message was held: after each send nothing was left unsent (`held = "none"`).
    NothingHeld,
    /// Every message from this one on left in one departure (`together = { from = 2 }`).
    Together {
        /// First of them.
        from: u32,
    },
    /// A message was acknowledged within so many milliseconds of its departure, or took at least so many
    /// (`acked = { message = 1, within_ms = 30 }`).
    Acked {
        /// Which message.
        message: u32,
        /// Milliseconds it may take at most.
        within_ms: Option<u64>,
        /// Milliseconds it must take at least.
        at_least_ms: Option<u64>,
    },
    /// So many bytes were cut off datagrams that did not fit the reader's buffer (`lost = 12`).
    Lost(u64),
    /// The kernel threw so many datagrams away because a receive queue was full (`dropped = { at_least = 1 }`).
    Dropped(Amount),
    /// Every byte of every message was read (`arrived = "all"`), or not (`arrived = "not-all"`).
    Arrived(bool),
    /// So many segments with data were sent (`segments = { endpoint = "sender", at_least = 8 }`).
    Segments {
        /// Index of the endpoint.
        endpoint: usize,
        /// How many.
        amount: Amount,
    },
    /// This call could not go on at once and waited in the kernel (`blocks = { read = 1 }`, `blocks = { send = 2 }`),
    /// or some call of that kind did (`blocks = "send"`).
    Blocks {
        /// Of which kind.
        call: CallKind,
        /// Which read, counted from 1 over both endpoints; or the send of which message. Without it any.
        number: Option<u32>,
    },
    /// These calls failed, each at least once, and no others (`errors = [{ endpoint = "sender", call = "send",
    /// error = "EMSGSIZE" }]`).
    Errors(Vec<CallError>),
    /// The reader of texts made exactly these of its reads (`texts = ["粘", "包"]`).
    Texts(Vec<String>),
    /// The reader of texts met so many places that it could not decode (`malformed = 0`).
    Malformed(Amount),
    /// The framing reader delivered exactly these bodies (`frames = ["hello", "world"]`).
    Frames(Vec<Vec<u8>>),
    /// The programs of this endpoint noted exactly this, in this order
    /// (`notes = { endpoint = "server", are = ["served", "served"] }`).
    Notes {
        /// Index of the endpoint.
        endpoint: usize,
        /// What they noted.
        are: Vec<NoteName>,
    },
    /// Of the notes with these names exactly these were made, by these endpoints and in this order; those with other
    /// names do not count (`notes = ["server-1 served", "server-2 served"]`).
    NotesOfAll(Vec<(usize, NoteName)>),
    /// A program of this endpoint noted this at least once
    /// (`noted = { endpoint = "client", note = "answered" }`).
    Noted {
        /// Index of the endpoint.
        endpoint: usize,
        /// What it noted.
        note: NoteName,
    },
    /// What was unpacked, all values in order (`values = [1000000, "abc"]`).
    Values(Vec<String>),
    /// The program of this endpoint gave up in packing or unpacking, for this reason
    /// (`fails = { endpoint = "sender", reason = "out-of-range" }`).
    PackFails {
        /// Index of the endpoint.
        endpoint: usize,
        /// Why.
        reason: PackFaultName,
    },
    /// The framing reader of this endpoint gave up for this reason
    /// (`fails = { endpoint = "receiver", reason = "short-header" }`).
    Fails {
        /// Index of the endpoint.
        endpoint: usize,
        /// Why.
        reason: FaultName,
    },
    /// The run hangs: nothing can go on, and this endpoint waits in a call that never returns (`hangs = "parent-out"`).
    /// Such a run is no failure then.
    Hangs {
        /// Index of the endpoint.
        endpoint: usize,
    },
    /// What this endpoint, a client that has commands run, takes for the reply to each of its commands belongs to these,
    /// counted from 1 (`replies = { endpoint = "client", of = [[1], [1, 2]] }`).
    Replies {
        /// Index of the endpoint.
        endpoint: usize,
        /// Of which commands, for each.
        of: Vec<Vec<u32>>,
    },
    /// In the middle of so many of its messages this endpoint had to wait for the other one's word
    /// (`round_trips = { endpoint = "sender", times = 2 }`).
    RoundTrips {
        /// Index of the endpoint.
        endpoint: usize,
        /// How many.
        times: u64,
    },
    /// So many packets on the wire were of a kind.
    Packets(PacketClaim),
    /// From the first call to the last thing that a program saw at least so many milliseconds went by
    /// (`lasts = { at_least_ms = 300 }`).
    Lasts {
        /// How many.
        at_least_ms: u64,
    },
}

/// How many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Amount {
    /// Just so many (`3`).
    Exactly(u64),
    /// So many or more (`{ at_least = 3 }`).
    AtLeast(u64),
    /// So many or fewer (`{ at_most = 3 }`).
    AtMost(u64),
}

/// A kind of call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallKind {
    /// send(2)
    Send,
    /// recv(2)
    Recv,
}

/// A call that fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallError {
    /// Index of the endpoint.
    pub endpoint: usize,
    /// Which call.
    pub call: CallKind,
    /// With which error.
    pub error: ErrorName,
}

/// An error that a call can meet, by its name in errno(3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorName {
    /// It would have to wait (EAGAIN).
    Again,
    /// The message is longer than any can be (EMSGSIZE).
    MessageSize,
    /// The other side has reset the connection (ECONNRESET).
    Reset,
    /// The other side reads no more (EPIPE).
    Pipe,
    /// Nobody listens there (ECONNREFUSED).
    Refused,
}

impl ErrorName {
    /// The name of an error number of this system (errno(3)), if it is one of these.
    #[must_use]
    pub fn of(errno: i32) -> Option<Self> {
        Some(match errno {
            libc::EAGAIN => Self::Again,
            libc::EMSGSIZE => Self::MessageSize,
            libc::ECONNRESET => Self::Reset,
            libc::EPIPE => Self::Pipe,
            libc::ECONNREFUSED => Self::Refused,
            _ => return None,
        })
    }
}

impl Amount {
    /// Whether a count is such an amount.
    #[must_use]
    pub fn allows(self, count: u64) -> bool {
        match self {
            Self::Exactly(wanted) => count == wanted,
            Self::AtLeast(least) => count >= least,
            Self::AtMost(most) => count <= most,
        }
    }
}

impl Named for CallKind {
    const NAMES: &'static [(&'static str, Self)] = &[("send", Self::Send), ("recv", Self::Recv)];
}

impl Named for ErrorName {
    const NAMES: &'static [(&'static str, Self)] = &[
        ("EAGAIN", Self::Again),
        ("EMSGSIZE", Self::MessageSize),
        ("ECONNRESET", Self::Reset),
        ("EPIPE", Self::Pipe),
        ("ECONNREFUSED", Self::Refused),
    ];
}

/// Why a program gave up in packing or unpacking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PackFaultName {
    /// A value is not in the range of its code.
    OutOfRange,
    /// The stream ended before there were as many bytes as the format takes.
    ShortBytes,
}

impl Named for PackFaultName {
    const NAMES: &'static [(&'static str, Self)] =
        &[("out-of-range", Self::OutOfRange), ("short-bytes", Self::ShortBytes)];
}

/// A message or a part of one: `m2`, or `m2:0-4` for its first four bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PieceRef {
    /// The message's number, from 1, in the order of sending.
    pub message: u32,
    /// First byte and the byte after the last; `None` is the whole message.
    pub part: Option<(u64, u64)>,
}

/// What a read returned, compared with what was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reading {
    /// Exactly one message.
    Whole,
    /// Bytes of more than one message: 粘包.
    Stuck,
    /// Not all of one message: 半包.
    Partial,
    /// A datagram whose tail did not fit and is gone.
    Truncated,
    /// A datagram without a byte.
    Empty,
    /// The other side has closed.
    EndOfStream,
}

impl Named for Reading {
    const NAMES: &'static [(&'static str, Self)] = &[
        ("whole", Self::Whole),
        ("stuck", Self::Stuck),
        ("partial", Self::Partial),
        ("truncated", Self::Truncated),
        ("empty", Self::Empty),
        ("end_of_stream", Self::EndOfStream),
    ];
}

impl Claim {
    /// The claim's key in scenario files.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Reads(_) => "reads",
            Self::Read { .. } => "read",
            Self::Readings(_) => "readings",
            Self::Left(_) => "left",
            Self::Held { .. } | Self::NothingHeld => "held",
            Self::Together { .. } => "together",
            Self::Acked { .. } => "acked",
            Self::Lost(_) => "lost",
            Self::Dropped(_) => "dropped",
            Self::Arrived(_) => "arrived",
            Self::Segments { .. } => "segments",
            Self::Blocks { .. } => "blocks",
            Self::Errors(_) => "errors",
            Self::Texts(_) => "texts",
            Self::Malformed(_) => "malformed",
            Self::Frames(_) => "frames",
            Self::Values(_) => "values",
            Self::Notes { .. } | Self::NotesOfAll(_) => "notes",
            Self::Noted { .. } => "noted",
            Self::Fails { .. } | Self::PackFails { .. } => "fails",
            Self::Replies { .. } => "replies",
            Self::RoundTrips { .. } => "round_trips",
            Self::Hangs { .. } => "hangs",
            Self::Packets(_) => "packets",
            Self::Lasts { .. } => "lasts",
        }
    }
}
