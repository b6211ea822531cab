//! What can be claimed of a run. The story decides from the trace whether a claim holds.

use crate::framing::FaultName;

use super::Named;

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
    /// Every message from `from` on stayed unsent in the send queue until the acknowledgement of message
    /// `until_ack_of`, which took at least `at_least_ms` (`held = { from = 2, until_ack_of = 1, at_least_ms = 30 }`).
    Held {
        /// First held message.
        from: u32,
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
    /// A message was acknowledged within so many milliseconds of its departure
    /// (`acked = { message = 1, within_ms = 30 }`).
    Acked {
        /// Which message.
        message: u32,
        /// Milliseconds.
        within_ms: u64,
    },
    /// So many bytes were cut off datagrams that did not fit the reader's buffer (`lost = 12`).
    Lost(u64),
    /// The framing reader delivered exactly these bodies (`frames = ["hello", "world"]`).
    Frames(Vec<Vec<u8>>),
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
            Self::Frames(_) => "frames",
            Self::Values(_) => "values",
            Self::Fails { .. } | Self::PackFails { .. } => "fails",
        }
    }
}
