//! Why a stream of frames cannot be read on.

use std::fmt;

/// Why a stream of frames cannot be read on. Counts are in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The stream ended between two frames, and a further one was to come.
    #[error("the stream ended")]
    EndOfStream,
    /// The bytes at hand end inside the header.
    #[error("the header ends after {got} bytes")]
    ShortHeader {
        /// Bytes of it that arrived.
        got: u64,
        /// Bytes it has; 0 if only its end would tell.
        of: u64,
    },
    /// The bytes at hand end inside the body.
    #[error("the header says {of} bytes, {got} arrived")]
    ShortBody {
        /// Bytes of it that arrived.
        got: u64,
        /// Bytes that were announced.
        of: u64,
    },
    /// The bytes at hand end inside a line.
    #[error("the line ends after {got} bytes, without a newline")]
    ShortLine {
        /// Bytes of it that arrived.
        got: u64,
    },
    /// The header announces more than the reader is willing to take.
    #[error("the header says {length} bytes, the limit is {limit}")]
    OverLimit {
        /// What was announced.
        length: u64,
        /// The reader's limit.
        limit: u64,
    },
    /// The header announces less than nothing.
    #[error("the header says {length} bytes")]
    Negative {
        /// What was announced.
        length: i64,
    },
    /// Where a digit of the length belongs stands something else.
    #[error("a length has digits, this has the byte {found:#04x}")]
    NotANumber {
        /// The byte that is no digit.
        found: u8,
    },
    /// The length has more digits than the reader is willing to read.
    #[error("the length has more than {most} digits")]
    TooManyDigits {
        /// Most digits accepted.
        most: u64,
    },
    /// The JSON header is no JSON object.
    #[error("the header is no JSON object")]
    BadJson,
    /// The JSON header has no `size`.
    #[error("the header has no size")]
    MissingField,
    /// The `size` is no whole number of bytes.
    #[error("the size is no whole number")]
    BadSize,
    /// More bytes came without a newline than a line may have.
    #[error("the line is longer than {limit} bytes")]
    LineTooLong {
        /// The reader's limit.
        limit: u64,
    },
    /// A backslash is followed by neither `n` nor a backslash.
    #[error("a backslash that escapes nothing")]
    BadEscape,
}

/// The name of a reason to give up: what a scenario can expect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FaultName {
    /// [`Fault::EndOfStream`].
    EndOfStream,
    /// [`Fault::ShortHeader`].
    ShortHeader,
    /// [`Fault::ShortBody`].
    ShortBody,
    /// [`Fault::ShortLine`].
    ShortLine,
    /// [`Fault::OverLimit`].
    OverLimit,
    /// [`Fault::Negative`].
    Negative,
    /// [`Fault::NotANumber`].
    NotANumber,
    /// [`Fault::TooManyDigits`].
    TooManyDigits,
    /// [`Fault::BadJson`].
    BadJson,
    /// [`Fault::MissingField`].
    MissingField,
    /// [`Fault::BadSize`].
    BadSize,
    /// [`Fault::LineTooLong`].
    LineTooLong,
    /// [`Fault::BadEscape`].
    BadEscape,
    /// The frame was not whole when its deadline came. Only who has a clock can find that.
    TimedOut,
    /// The other side did not say that it is ready for the body. Only who has a socket can find that.
    NotReady,
}

/// A length that may be taken.
pub(super) fn within(length: u64, limit: u64) -> Result<u64, Fault> {
    if length > limit {
        return Err(Fault::OverLimit { length, limit });
    }
    Ok(length)
}

impl Fault {
    /// Its name.
    #[must_use]
    pub fn name(self) -> FaultName {
        match self {
            Self::EndOfStream => FaultName::EndOfStream,
            Self::ShortHeader { .. } => FaultName::ShortHeader,
            Self::ShortBody { .. } => FaultName::ShortBody,
            Self::ShortLine { .. } => FaultName::ShortLine,
            Self::OverLimit { .. } => FaultName::OverLimit,
            Self::Negative { .. } => FaultName::Negative,
            Self::NotANumber { .. } => FaultName::NotANumber,
            Self::TooManyDigits { .. } => FaultName::TooManyDigits,
            Self::BadJson => FaultName::BadJson,
            Self::MissingField => FaultName::MissingField,
            Self::BadSize => FaultName::BadSize,
            Self::LineTooLong { .. } => FaultName::LineTooLong,
            Self::BadEscape => FaultName::BadEscape,
        }
    }
}

impl FaultName {
    /// Every name, as scenario files write it.
    pub const ALL: [(&'static str, Self); 15] = [
        ("end-of-stream", Self::EndOfStream),
        ("short-header", Self::ShortHeader),
        ("short-body", Self::ShortBody),
        ("short-line", Self::ShortLine),
        ("over-limit", Self::OverLimit),
        ("negative", Self::Negative),
        ("not-a-number", Self::NotANumber),
        ("too-many-digits", Self::TooManyDigits),
        ("bad-json", Self::BadJson),
        ("missing-field", Self::MissingField),
        ("bad-size", Self::BadSize),
        ("line-too-long", Self::LineTooLong),
        ("bad-escape", Self::BadEscape),
        ("timed-out", Self::TimedOut),
        ("not-ready", Self::NotReady),
    ];
}

impl fmt::Display for FaultName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = Self::ALL
            .iter()
            .find(|(_, fault)| fault == self)
            .map_or("?", |(name, _)| name);
        f.write_str(name)
    }
}
