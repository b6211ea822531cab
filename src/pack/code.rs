//! The codes and the order marks, and what they mean on this machine.

use std::ffi::{c_int, c_longlong, c_short};
use std::fmt;
use std::ops::RangeInclusive;

/// How one value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// `b`: 1 byte, signed.
    Int8,
    /// `B`: 1 byte, unsigned.
    Uint8,
    /// `h`: 2 bytes, signed.
    Int16,
    /// `H`: 2 bytes, unsigned.
    Uint16,
    /// `i`: 4 bytes, signed.
    Int32,
    /// `I`: 4 bytes, unsigned.
    Uint32,
    /// `q`: 8 bytes, signed.
    Int64,
    /// `Q`: 8 bytes, unsigned.
    Uint64,
    /// `f`: 4 bytes, IEEE 754 binary32.
    Float,
    /// `d`: 8 bytes, IEEE 754 binary64.
    Double,
    /// `s`: a text of as many bytes as the count says.
    Text,
    /// `x`: a byte that takes no value.
    Skip,
}

/// In which order bytes are written, and whether values are aligned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// `@`, or none: this machine's order and alignment.
    Native,
    /// `=`: this machine's order, no alignment.
    NativeOrder,
    /// `<`: least significant byte first, no alignment.
    Little,
    /// `>`: most significant byte first, no alignment.
    Big,
    /// `!`: the same as `>`, called network order (RFC 1700, "Data Notations").
    Network,
}

impl Code {
    /// Every code, with its letter.
    pub const ALL: [(char, Self); 12] = [
        ('b', Self::Int8),
        ('B', Self::Uint8),
        ('h', Self::Int16),
        ('H', Self::Uint16),
        ('i', Self::Int32),
        ('I', Self::Uint32),
        ('q', Self::Int64),
        ('Q', Self::Uint64),
        ('f', Self::Float),
        ('d', Self::Double),
        ('s', Self::Text),
        ('x', Self::Skip),
    ];

    /// The code of a letter.
    #[must_use]
    pub fn of_letter(letter: char) -> Option<Self> {
        let found = Self::ALL.into_iter().find(|(known, _)| *known == letter);
        found.map(|(_, code)| code)
    }

    /// Its letter.
    #[must_use]
    pub fn letter(self) -> char {
        let found = Self::ALL.into_iter().find(|(_, code)| *code == self);
        found.map_or('?', |(letter, _)| letter)
    }

    /// Bytes of one of them; of `s` and `x`, of one counted. The same under every mark: where an int had another size,
    /// native formats would be another matter.
    #[must_use]
    pub fn size(self) -> usize {
        match self {
            Self::Int8 | Self::Uint8 | Self::Text | Self::Skip => 1,
            Self::Int16 | Self::Uint16 => 2,
            Self::Int32 | Self::Uint32 | Self::Float => 4,
            Self::Int64 | Self::Uint64 | Self::Double => 8,
        }
    }

    /// The integers it holds; `None` if it holds none.
    #[must_use]
    pub fn range(self) -> Option<RangeInclusive<i128>> {
        let signed = match self {
            Self::Int8 | Self::Int16 | Self::Int32 | Self::Int64 => true,
            Self::Uint8 | Self::Uint16 | Self::Uint32 | Self::Uint64 => false,
            Self::Float | Self::Double | Self::Text | Self::Skip => return None,
        };
        let values = 1_i128 << (8 * self.size());
        Some(if signed {
            -values / 2..=values / 2 - 1
        } else {
            0..=values - 1
        })
    }

    /// The smallest code that holds the number, if any does; of the signed and the unsigned one the kind of this one, if
    /// both do.
    #[must_use]
    pub fn holding(self, number: i128) -> Option<Self> {
        let same_kind = |code: &Self| code.letter().is_ascii_uppercase() == self.letter().is_ascii_uppercase();
        let codes = Self::ALL.into_iter().map(|(_, code)| code);
        let holds = |code: &Self| code.range().is_some_and(|range| range.contains(&number));
        let mut fitting: Vec<Self> = codes.filter(holds).collect();
        fitting.sort_by_key(|code| (code.size(), !same_kind(code)));
        fitting.first().copied()
    }

    /// At a multiple of how many bytes a C compiler of this machine puts it.
    fn native_alignment(self) -> usize {
        match self {
            Self::Int8 | Self::Uint8 | Self::Text | Self::Skip => 1,
            Self::Int16 | Self::Uint16 => align_of::<c_short>(),
            Self::Int32 | Self::Uint32 => align_of::<c_int>(),
            Self::Int64 | Self::Uint64 => align_of::<c_longlong>(),
            Self::Float => align_of::<f32>(),
            Self::Double => align_of::<f64>(),
        }
    }
}

// A machine on which this does not hold packs other native formats than these.
const _: () = assert!(size_of::<c_short>() == 2 && size_of::<c_int>() == 4 && size_of::<c_longlong>() == 8);

impl Mark {
    /// Every mark, with its character.
    pub const ALL: [(char, Self); 5] = [
        ('@', Self::Native),
        ('=', Self::NativeOrder),
        ('<', Self::Little),
        ('>', Self::Big),
        ('!', Self::Network),
    ];

    /// The mark of a character.
    #[must_use]
    pub fn of(character: char) -> Option<Self> {
        let found = Self::ALL.into_iter().find(|(known, _)| *known == character);
        found.map(|(_, mark)| mark)
    }

    /// Whether the most significant byte comes first.
    #[must_use]
    pub fn is_big_endian(self) -> bool {
        match self {
            Self::Native | Self::NativeOrder => cfg!(target_endian = "big"),
            Self::Little => false,
            Self::Big | Self::Network => true,
        }
    }

    /// Whether what it gives depends on the machine.
    #[must_use]
    pub fn is_native(self) -> bool {
        matches!(self, Self::Native | Self::NativeOrder)
    }

    pub(super) fn is_mark(character: char) -> bool {
        Self::of(character).is_some()
    }

    /// At a multiple of how many bytes a value begins.
    #[must_use]
    pub fn alignment(self, code: Code) -> usize {
        match self {
            Self::Native => code.native_alignment(),
            _ => 1,
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.letter().fmt(f)
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let found = Self::ALL.into_iter().find(|(_, mark)| mark == self);
        found.map_or('?', |(character, _)| character).fmt(f)
    }
}
