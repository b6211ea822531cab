//! How the frames of a scenario are written and read: a [`Codec`](crate::framing::Codec) with the mistakes that senders
//! and readers make.

use std::time::Duration;

use super::{Arg, Named};
use crate::framing::{ByteOrder, Counts};

/// `[framing]`. Keys that a kind does not have keep their defaults.
#[derive(Debug, Clone)]
pub struct Framing {
    /// Where a frame says how long it is, or where it ends.
    pub kind: FrameKind,
    /// Byte order of a length in four bytes.
    pub order: Arg<FrameOrder>,
    /// The reader takes a length in four bytes for a signed number.
    pub signed: Arg<bool>,
    /// What the sender counts.
    pub counts: Arg<Counts>,
    /// Into how many `send` calls a frame goes.
    pub writes: Arg<Writes>,
    /// How the receiver reads.
    pub reader: Arg<Reader>,
    /// After the header the sender waits for the word `ready`.
    pub handshake: Arg<bool>,
    /// A newline inside a line is escaped.
    pub escape: Arg<bool>,
    /// Most digits of a decimal length that the reader accepts.
    pub digits: u64,
    /// Longest body the reader accepts, in bytes.
    pub limit: Arg<u64>,
    /// Longest JSON header the reader accepts, in bytes.
    pub header_limit: u64,
    /// In which a whole frame must have come.
    pub deadline: Option<Duration>,
}

/// Where a frame says how long it is, or where it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FrameKind {
    /// Four bytes of length, then the body.
    Length,
    /// One digit, then the body.
    Digit,
    /// Decimal digits, a newline, then the body.
    Decimal,
    /// Four bytes of length, a JSON header, then the body.
    Json,
    /// The body, then a newline.
    Delimiter,
}

/// A frame that a step sends.
#[derive(Debug, Clone)]
pub struct FrameText {
    /// The body.
    pub body: Body,
    /// The name in a JSON header.
    pub name: Option<String>,
    /// What the sender does that it should not.
    pub fault: Option<SenderFault>,
}

/// The body of a frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// A text in UTF-8.
    Text(String),
    /// So many bytes of `abc…zabc…`.
    Letters(Arg<u64>),
}

/// What a sender does with a frame that it should not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SenderFault {
    /// It announces this length, whatever the body's is.
    Says(i64),
    /// It sends only so many bytes of the frame.
    StopsAfter(usize),
    /// It sends one byte, pauses for so long, sends the next: a peer that keeps a reader busy.
    Dribbles(Duration),
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
    /// Half of the header's bytes; then the rest, once the receiver has taken those (a staged segmentation).
    CutHeader,
    /// Byte by byte, each once the receiver has taken the one before (a staged segmentation).
    Bytes,
}

/// How a program reads a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// Asks again until the header, then the body, is complete.
    Exact,
    /// One `recv` for the header, one for the body, and believes what they return.
    SingleRecv,
    /// Believes the first `recv` to be the header. Then it asks for what its counter says is missing, at most 1024 bytes at
    /// a time, and adds to the counter the length of *all* it has.
    RunningTotal,
}

impl FrameKind {
    /// The keys of `[framing]` that this kind has, besides `kind`, `counts`, `reader` and `deadline_ms`, which all of them
    /// have that announce a length.
    #[must_use]
    pub fn keys(self) -> &'static [&'static str] {
        match self {
            Self::Length => &["order", "signed", "counts", "writes", "reader", "limit", "deadline_ms"],
            Self::Digit => &["counts", "writes", "reader", "deadline_ms"],
            Self::Decimal => &[
                "digits",
                "handshake",
                "counts",
                "writes",
                "reader",
                "limit",
                "deadline_ms",
            ],
            Self::Json => &[
                "order",
                "signed",
                "counts",
                "writes",
                "reader",
                "limit",
                "header_limit",
                "deadline_ms",
            ],
            Self::Delimiter => &["escape", "writes", "limit", "deadline_ms"],
        }
    }

    /// Whether a frame of this kind can be written so: there must be a header, or one that can be cut.
    #[must_use]
    pub fn can_write(self, writes: Writes) -> bool {
        match writes {
            Writes::One | Writes::Bytes => true,
            Writes::Two => self != Self::Delimiter,
            Writes::CutHeader => !matches!(self, Self::Delimiter | Self::Digit),
        }
    }

    /// Whether it can be read so.
    #[must_use]
    pub fn can_read(self, reader: Reader) -> bool {
        reader != Reader::RunningTotal || self == Self::Decimal
    }
}

impl Named for FrameKind {
    const NAMES: &'static [(&'static str, Self)] = &[
        ("length", Self::Length),
        ("digit", Self::Digit),
        ("decimal", Self::Decimal),
        ("json", Self::Json),
        ("delimiter", Self::Delimiter),
    ];
}

impl Named for FrameOrder {
    const NAMES: &'static [(&'static str, Self)] = &[
        ("big", Self::Both(ByteOrder::Big)),
        ("little", Self::Both(ByteOrder::Little)),
        ("native", Self::Both(ByteOrder::Native)),
        ("mixed", Self::Mixed),
    ];
}

impl Named for Counts {
    const NAMES: &'static [(&'static str, Self)] = &[("bytes", Self::Bytes), ("characters", Self::Characters)];
}

impl Named for Writes {
    const NAMES: &'static [(&'static str, Self)] = &[
        ("one", Self::One),
        ("two", Self::Two),
        ("cut-header", Self::CutHeader),
        ("bytes", Self::Bytes),
    ];
}

impl Named for Reader {
    const NAMES: &'static [(&'static str, Self)] = &[
        ("exact", Self::Exact),
        ("single-recv", Self::SingleRecv),
        ("running-total", Self::RunningTotal),
    ];
}
