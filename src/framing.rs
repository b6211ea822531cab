//! How a program marks where its messages end: bytes in, frames out. No sockets, no clock.
//!
//! A [`Codec`] is one way to do it: a length in front (one digit, decimal digits and a newline, four bytes, four bytes
//! and a JSON header), or a newline behind. [`Codec::frame`] writes. A [`Decoder`] reads: it says how many bytes may be
//! asked for ([`Decoder::asks`]), takes whatever arrived ([`Decoder::push`]), and hands out whole bodies or the one
//! [`Fault`] for which the stream cannot be read on, however it was cut on the way. Every length is checked against
//! its limit before any memory is taken for it.

mod decimal;
mod decoder;
mod delimiter;
mod fault;
mod file_header;
mod json;
mod length;
#[cfg(test)]
mod tests;

pub use decoder::{Asks, Decoded, Decoder};
pub use fault::{Fault, FaultName};
pub use file_header::FileHeader;
pub use length::{ByteOrder, Counts, HEADER};

/// One way to frame messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Codec {
    /// Where it says how long a body is, or where it ends.
    pub kind: Kind,
    /// Longest body accepted, in bytes; of a line the bytes as they are sent. More is refused.
    pub limit: u64,
}

/// Where a frame says how long its body is, or where it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One ASCII digit, then the body: bodies of 0 to 9 bytes.
    Digit,
    /// A decimal number that a newline ends, then the body.
    Decimal {
        /// Most digits accepted.
        digits: usize,
        /// Nothing comes behind the newline until the reader has asked for it, so it may ask for more than it needs.
        paced: bool,
    },
    /// Four bytes of length, then the body.
    Length {
        /// Byte order of the length.
        order: ByteOrder,
        /// The reader takes it for a signed number (two's complement).
        signed: bool,
    },
    /// Four bytes of length, a JSON object of that length, whose `size` is the length of the body, then the body.
    Json {
        /// Byte order of the first length.
        order: ByteOrder,
        /// The reader takes the first length for a signed number.
        signed: bool,
        /// Longest JSON header accepted, in bytes.
        header_limit: u64,
    },
    /// The body, then a newline.
    Delimiter {
        /// A newline inside the body is written as `\n`, a backslash as `\\`. Without it such a body is two.
        escape: bool,
    },
}

/// A frame as it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// All of it.
    pub bytes: Vec<u8>,
    /// How many bytes at its front are a length.
    pub header: usize,
    /// How many bytes behind those are a JSON header.
    pub json: usize,
    /// How many bytes at its end are a delimiter.
    pub delimiter: usize,
}

impl Codec {
    /// Four bytes of length in network order, unsigned: what a program uses that has no lesson to teach.
    #[must_use]
    pub fn network(limit: u64) -> Self {
        let (order, signed) = (ByteOrder::Big, false);
        let kind = Kind::Length { order, signed };
        Self { kind, limit }
    }

    /// A body as one buffer with what marks its end, so that one `send` can take it all. `says` is the length that it
    /// announces: a number that is not the body's is written all the same, because such senders are a subject here.
    /// `name` goes into a JSON header, if there is one.
    #[must_use]
    pub fn frame(&self, body: &[u8], says: i64, name: Option<&str>) -> Frame {
        let (mut bytes, json) = match self.kind {
            Kind::Digit => (says.to_string().into_bytes(), Vec::new()),
            Kind::Decimal { .. } => (format!("{says}\n").into_bytes(), Vec::new()),
            Kind::Length { order, .. } => (order.bytes(says).to_vec(), Vec::new()),
            Kind::Json { order, .. } => {
                let json = json::write(name, says);
                let length = i64::try_from(json.len()).unwrap_or(i64::MAX);
                (order.bytes(length).to_vec(), json)
            }
            Kind::Delimiter { escape } => {
                let line = if escape { delimiter::escape(body) } else { body.to_vec() };
                return delimiter::frame(line);
            }
        };
        let (header, json_length) = (bytes.len(), json.len());
        bytes.extend_from_slice(&json);
        bytes.extend_from_slice(body);
        Frame {
            bytes,
            header,
            json: json_length,
            delimiter: 0,
        }
    }

    /// What a reader makes of a header that it takes to be whole, because one `recv` returned it: how many bytes
    /// follow.
    ///
    /// # Errors
    /// If it is refused, or too short to be one.
    pub fn believe(&self, header: &[u8]) -> Result<u64, Fault> {
        let length = match self.kind {
            Kind::Digit => match header {
                [] => return Err(Fault::EndOfStream),
                [first, ..] => decimal::digit(*first)?,
            },
            // As `int()` of most languages does, with or without the newline.
            Kind::Decimal { digits, .. } => decimal::whole(header.strip_suffix(b"\n").unwrap_or(header), digits)?,
            Kind::Length { order, signed } => length::read(header, order, signed)?,
            Kind::Json {
                order,
                signed,
                header_limit,
            } => return fault::within(length::read(header, order, signed)?, header_limit),
            Kind::Delimiter { .. } => header.len() as u64,
        };
        fault::within(length, self.limit)
    }

    /// What follows from a whole JSON header: how long the body is.
    ///
    /// # Errors
    /// If it is no such header, or the length is refused.
    pub fn size_in(&self, json: &[u8]) -> Result<u64, Fault> {
        fault::within(json::size(json)?, self.limit)
    }
}
