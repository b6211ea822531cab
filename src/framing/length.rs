//! A length in four bytes.

use super::Fault;

/// Length of the header, in bytes.
pub const HEADER: usize = 4;

/// Byte order of a number on the wire. Network order is [`ByteOrder::Big`] (RFC 1700, "Data Notations").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ByteOrder {
    /// Most significant byte first.
    Big,
    /// Least significant byte first.
    Little,
    /// As the machine keeps it: another one on another machine.
    Native,
}

/// What a sender counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counts {
    /// The number of bytes of the body, as the reader expects.
    Bytes,
    /// The number of characters (Unicode scalar values): wrong as soon as one takes more than a byte.
    Characters,
}

impl ByteOrder {
    /// The four bytes that say `length`. A negative one is in two's complement; one that does not fit becomes the
    /// largest that does.
    #[must_use]
    pub fn bytes(self, length: i64) -> [u8; HEADER] {
        let number = match i32::try_from(length) {
            Ok(small) => small.cast_unsigned(),
            Err(_) => u32::try_from(length).unwrap_or(u32::MAX),
        };
        match self {
            Self::Big => number.to_be_bytes(),
            Self::Little => number.to_le_bytes(),
            Self::Native => number.to_ne_bytes(),
        }
    }
}

impl Counts {
    /// What a sender that counts like this says is the length of `text`.
    #[must_use]
    pub fn of(self, text: &str) -> i64 {
        let count = match self {
            Self::Bytes => text.len(),
            Self::Characters => text.chars().count(),
        };
        i64::try_from(count).unwrap_or(i64::MAX)
    }
}

/// The length that a header says.
pub(super) fn read(bytes: &[u8], order: ByteOrder, signed: bool) -> Result<u64, Fault> {
    let Ok(header) = <[u8; HEADER]>::try_from(bytes) else {
        return Err(short(bytes.len()));
    };
    let number = match order {
        ByteOrder::Big => u32::from_be_bytes(header),
        ByteOrder::Little => u32::from_le_bytes(header),
        ByteOrder::Native => u32::from_ne_bytes(header),
    };
    let as_signed = number.cast_signed();
    if signed && as_signed < 0 {
        return Err(Fault::Negative {
            length: as_signed.into(),
        });
    }
    Ok(number.into())
}

/// The stream ended, or a single read did, inside the four bytes.
pub(super) fn short(got: usize) -> Fault {
    if got == 0 {
        return Fault::EndOfStream;
    }
    Fault::ShortHeader {
        got: got as u64,
        of: HEADER as u64,
    }
}
