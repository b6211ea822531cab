//! What can be wrong with a format, with values and with bytes.

use std::fmt;

use super::code::Code;

/// A place in a format: of which character, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place(pub usize);

/// Why a text is no format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FormatError {
    /// A character that means nothing.
    #[error("{at}: {found:?} is no code; the codes are b B h H i I q Q f d s x")]
    NoCode {
        /// Where.
        at: Place,
        /// Which.
        found: char,
    },
    /// A code that Python has and the lab has not.
    #[error("{at}: the code {found:?} of Python's struct is not among those of the lab: b B h H i I q Q f d s x")]
    OtherCode {
        /// Where.
        at: Place,
        /// Which.
        found: char,
    },
    /// An order mark behind the first place.
    #[error("{at}: the order mark {found:?} may stand at the very beginning only")]
    LateMark {
        /// Where.
        at: Place,
        /// Which.
        found: char,
    },
    /// A count that no code follows at once.
    #[error("{at}: a count without a code directly behind it")]
    CountAlone {
        /// Where the count begins.
        at: Place,
    },
    /// The text is longer than is read.
    #[error("the format has {bytes} bytes, at most {} are read", super::MOST)]
    TooLong {
        /// Its length in bytes.
        bytes: usize,
    },
    /// The result would be longer than is made.
    #[error("the result would have more than {} bytes", super::MOST)]
    TooLarge,
}

/// Why values cannot be packed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum PackError {
    /// Not one for each field.
    #[error("the format takes {wanted} values, {given} were given")]
    Count {
        /// Fields of the format.
        wanted: usize,
        /// Values that were given.
        given: usize,
    },
    /// One is not what its field takes.
    #[error("value {number}: {why}")]
    Value {
        /// The field, counted from 1.
        number: usize,
        /// Its code.
        code: Code,
        /// What is wrong.
        why: ValueError,
    },
}

/// Why a value is not what a code takes.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ValueError {
    /// An integer that the code does not hold.
    #[error("{number} is out of range: '{code}' format requires {smallest} <= number <= {largest}")]
    OutOfRange {
        /// The code.
        code: Code,
        /// The integer, as it was written: it may be longer than any number here.
        number: String,
        /// The smallest that the code holds.
        smallest: i128,
        /// The largest.
        largest: i128,
        /// The smallest code that would hold it.
        holding: Option<Code>,
    },
    /// Too far from 0 for a float of that many bytes.
    #[error("{number} is too large for '{code}'")]
    TooLarge {
        /// The code.
        code: Code,
        /// The number.
        number: String,
    },
    /// A code for integers was given something else.
    #[error("'{code}' takes an integer, not {found:?}")]
    NoInteger {
        /// The code.
        code: Code,
        /// What it was given.
        found: String,
    },
    /// A code for floats was given something else.
    #[error("'{code}' takes a number, not {found:?}")]
    NoNumber {
        /// The code.
        code: Code,
        /// What it was given.
        found: String,
    },
    /// `s` was given something else than bytes.
    #[error("'s' takes bytes, not the number {found}")]
    NoBytes {
        /// What it was given.
        found: String,
    },
    /// What begins like hex is none.
    #[error("{found:?} begins with 0x but is not pairs of hex digits")]
    NoHex {
        /// What was given.
        found: String,
    },
}

/// Why bytes cannot be unpacked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the format takes {wanted} bytes, {given} were given")]
pub struct UnpackError {
    /// Bytes of the format.
    pub wanted: usize,
    /// Bytes that were given.
    pub given: usize,
}

impl FormatError {
    /// Where it is wrong; `None` if it is the whole.
    #[must_use]
    pub fn place(self) -> Option<Place> {
        match self {
            Self::NoCode { at, .. }
            | Self::OtherCode { at, .. }
            | Self::LateMark { at, .. }
            | Self::CountAlone { at } => Some(at),
            Self::TooLong { .. } | Self::TooLarge => None,
        }
    }
}

impl Place {
    /// The place of a byte offset.
    pub(super) fn of(text: &str, offset: usize) -> Self {
        Self(text[..offset].chars().count() + 1)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "character {}", self.0)
    }
}
