//! Length-prefix framing: bytes in, frames out. No sockets, no clock.
//!
//! A frame is a 4-byte header holding the length of the body in bytes, then the body. The reader asks for
//! exactly the bytes it still lacks ([`Decoder::wants`]), hands over whatever arrived ([`Decoder::push`]), and gets
//! whole bodies back, however the stream was cut on the way. A length is checked against the limit before any
//! memory is taken for it.

use std::fmt;

/// Length of the header, in bytes.
pub const HEADER: usize = 4;

/// Writes and reads 4-byte length headers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LengthPrefix {
    /// Byte order of the length.
    pub order: ByteOrder,
    /// Longest body accepted, in bytes. A header that says more is refused.
    pub limit: u32,
}

/// Byte order of a number on the wire. Network order is [`ByteOrder::Big`] (RFC 1700, "Data Notations").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ByteOrder {
    /// Most significant byte first.
    Big,
    /// Least significant byte first.
    Little,
}

/// What a sender writes into the header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counts {
    /// The number of bytes of the body, as the reader expects.
    Bytes,
    /// The number of characters (Unicode scalar values): wrong as soon as one takes more than a byte.
    Characters,
}

/// Why a stream of frames cannot be read on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The bytes at hand end inside the header.
    #[error("the header is {HEADER} bytes, {got} arrived")]
    ShortHeader {
        /// Bytes of the header that arrived, 0 to 3.
        got: usize,
    },
    /// The bytes at hand end inside the body.
    #[error("the header says {of} bytes, {got} arrived")]
    ShortBody {
        /// Bytes of the body that arrived.
        got: usize,
        /// Bytes that the header announced.
        of: u32,
    },
    /// The header announces more than the reader is willing to take.
    #[error("the header says {length} bytes, the limit is {limit}")]
    OverLimit {
        /// Length that the header announced, in bytes.
        length: u32,
        /// The reader's limit, in bytes.
        limit: u32,
    },
}

/// A [`Fault`] without its figures: what a scenario can expect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultName {
    /// [`Fault::ShortHeader`].
    ShortHeader,
    /// [`Fault::ShortBody`].
    ShortBody,
    /// [`Fault::OverLimit`].
    OverLimit,
}

/// What [`Decoder::push`] found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decoded {
    /// The header is complete: the body will have this many bytes.
    Header(u32),
    /// A whole body.
    Frame(Vec<u8>),
}

/// Reads frames from a stream that arrives in pieces of any size.
#[derive(Debug, Clone)]
pub struct Decoder {
    prefix: LengthPrefix,
    /// The header as far as it has arrived.
    header: Vec<u8>,
    /// The body as far as it has arrived, once its length is known.
    body: Option<(u32, Vec<u8>)>,
}

impl LengthPrefix {
    /// The header that announces `length` bytes.
    #[must_use]
    pub fn header(self, length: u32) -> [u8; HEADER] {
        match self.order {
            ByteOrder::Big => length.to_be_bytes(),
            ByteOrder::Little => length.to_le_bytes(),
        }
    }

    /// The length that a header announces.
    ///
    /// # Errors
    /// [`Fault::ShortHeader`] if `bytes` is not a whole header, [`Fault::OverLimit`] if the length is refused.
    pub fn length(self, bytes: &[u8]) -> Result<u32, Fault> {
        let Ok(header) = <[u8; HEADER]>::try_from(bytes) else {
            return Err(Fault::ShortHeader {
                got: bytes.len().min(HEADER),
            });
        };
        let length = match self.order {
            ByteOrder::Big => u32::from_be_bytes(header),
            ByteOrder::Little => u32::from_le_bytes(header),
        };
        if length > self.limit {
            return Err(Fault::OverLimit {
                length,
                limit: self.limit,
            });
        }
        Ok(length)
    }

    /// Header and body as one buffer, so that one `send` can take both.
    ///
    /// # Errors
    /// [`Fault::OverLimit`] if the body is longer than the reader would accept.
    pub fn frame(self, body: &[u8]) -> Result<Vec<u8>, Fault> {
        let length = u32::try_from(body.len()).unwrap_or(u32::MAX);
        if length > self.limit {
            return Err(Fault::OverLimit {
                length,
                limit: self.limit,
            });
        }
        Ok([&self.header(length)[..], body].concat())
    }
}

impl Counts {
    /// What a sender that counts like this writes into the header of `text`.
    #[must_use]
    pub fn of(self, text: &str) -> u32 {
        let count = match self {
            Self::Bytes => text.len(),
            Self::Characters => text.chars().count(),
        };
        u32::try_from(count).unwrap_or(u32::MAX)
    }
}

impl Decoder {
    /// A decoder at the start of a stream.
    #[must_use]
    pub fn new(prefix: LengthPrefix) -> Self {
        Self {
            prefix,
            header: Vec::with_capacity(HEADER),
            body: None,
        }
    }

    /// How many bytes are missing until the next [`Decoded`]: what a reader passes to `recv` so that it never
    /// takes a byte of the frame after this one.
    #[must_use]
    pub fn wants(&self) -> usize {
        match &self.body {
            None => HEADER - self.header.len(),
            Some((length, got)) => *length as usize - got.len(),
        }
    }

    /// Takes bytes until something is complete. Returns how many were taken and what was completed; call again
    /// with the rest. An empty body is complete without a byte: push an empty slice while [`wants`](Self::wants) is 0.
    ///
    /// # Errors
    /// [`Fault::OverLimit`] if the header is refused; nothing has been allocated for that body.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(usize, Option<Decoded>), Fault> {
        let taken = self.wants().min(bytes.len());
        let bytes = &bytes[..taken];
        match &mut self.body {
            None => {
                self.header.extend_from_slice(bytes);
                if self.header.len() < HEADER {
                    return Ok((taken, None));
                }
                let length = self.prefix.length(&self.header)?;
                self.body = Some((length, Vec::with_capacity(length as usize)));
                Ok((taken, Some(Decoded::Header(length))))
            }
            Some((_, body)) => {
                body.extend_from_slice(bytes);
                if self.wants() > 0 {
                    return Ok((taken, None));
                }
                self.header.clear();
                let frame = self.body.take().map(|(_, body)| Decoded::Frame(body));
                Ok((taken, frame))
            }
        }
    }

    /// Says whether the stream may end here.
    ///
    /// # Errors
    /// [`Fault::ShortHeader`] or [`Fault::ShortBody`] inside a frame.
    pub fn finish(&self) -> Result<(), Fault> {
        match &self.body {
            None if self.header.is_empty() => Ok(()),
            None => Err(Fault::ShortHeader { got: self.header.len() }),
            Some((of, body)) => Err(Fault::ShortBody {
                got: body.len(),
                of: *of,
            }),
        }
    }
}

impl FaultName {
    /// Every name, as scenario files write it.
    pub const ALL: [(&'static str, Self); 3] = [
        ("short-header", Self::ShortHeader),
        ("short-body", Self::ShortBody),
        ("over-limit", Self::OverLimit),
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

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::{Bytes, BytesMut};
    use proptest::prelude::*;
    use tokio_util::codec::{Decoder as _, Encoder as _, LengthDelimitedCodec};

    const NETWORK: LengthPrefix = LengthPrefix {
        order: ByteOrder::Big,
        limit: 1000,
    };

    fn oracle(order: ByteOrder) -> LengthDelimitedCodec {
        let mut builder = LengthDelimitedCodec::builder();
        builder.length_field_length(HEADER).max_frame_length(1000);
        match order {
            ByteOrder::Big => builder.big_endian(),
            ByteOrder::Little => builder.little_endian(),
        };
        builder.new_codec()
    }

    fn order() -> impl Strategy<Value = ByteOrder> {
        prop_oneof![Just(ByteOrder::Big), Just(ByteOrder::Little)]
    }

    /// Feeds `stream` in pieces of the given sizes (the last one takes the rest).
    fn decode(prefix: LengthPrefix, stream: &[u8], cuts: &[usize]) -> (Vec<Vec<u8>>, Result<(), Fault>) {
        let mut decoder = Decoder::new(prefix);
        let mut frames = Vec::new();
        let mut rest = stream;
        let mut cuts = cuts.iter();
        while !rest.is_empty() {
            let size = cuts.next().map_or(rest.len(), |cut| (*cut).min(rest.len()));
            let (mut piece, after) = rest.split_at(size);
            rest = after;
            while !piece.is_empty() || decoder.wants() == 0 {
                match decoder.push(piece) {
                    Err(fault) => return (frames, Err(fault)),
                    Ok((taken, found)) => {
                        piece = &piece[taken..];
                        if let Some(Decoded::Frame(body)) = found {
                            frames.push(body);
                        }
                    }
                }
            }
        }
        (frames, decoder.finish())
    }

    /// All frames the oracle finds, and whether it refused one or was left with half a frame. At the end it looks only
    /// at the bytes not yet taken, so a stream that ends right behind a header is clean to it.
    fn oracle_decode(order: ByteOrder, stream: &[u8]) -> (Vec<Vec<u8>>, bool) {
        let mut codec = oracle(order);
        let mut buffer = BytesMut::from(stream);
        let mut frames = Vec::new();
        loop {
            match codec.decode(&mut buffer) {
                Ok(Some(frame)) => frames.push(frame.to_vec()),
                Ok(None) => {
                    let clean = codec.decode_eof(&mut buffer).is_ok_and(|left| left.is_none());
                    return (frames, clean);
                }
                Err(_) => return (frames, false),
            }
        }
    }

    proptest! {
        #[test]
        fn frames_are_written_as_the_oracle_writes_them(order in order(), body in prop::collection::vec(any::<u8>(), 0..1000)) {
            let mut wire = BytesMut::new();
            oracle(order).encode(Bytes::from(body.clone()), &mut wire).expect("under the limit");
            prop_assert_eq!(LengthPrefix { order, ..NETWORK }.frame(&body).expect("under the limit"), wire.to_vec());
        }

        #[test]
        fn frames_come_out_whole_however_the_stream_is_cut(
            order in order(),
            bodies in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 0..6),
            cuts in prop::collection::vec(1usize..12, 0..80),
        ) {
            let prefix = LengthPrefix { order, ..NETWORK };
            let stream: Vec<u8> = bodies.iter().flat_map(|body| prefix.frame(body).expect("short")).collect();
            prop_assert_eq!(decode(prefix, &stream, &cuts), (bodies, Ok(())));
        }

        #[test]
        fn any_stream_reads_as_the_oracle_reads_it(
            order in order(),
            // Mostly small lengths, so that frames are found; and plain noise.
            stream in prop_oneof![
                prop::collection::vec(prop_oneof![4 => Just(0u8), 2 => 0u8..4, 1 => any::<u8>()], 0..60),
                prop::collection::vec(any::<u8>(), 0..60),
            ],
            cuts in prop::collection::vec(1usize..6, 0..60),
        ) {
            let (frames, end) = decode(LengthPrefix { order, ..NETWORK }, &stream, &cuts);
            let clean = matches!(end, Ok(()) | Err(Fault::ShortBody { got: 0, .. }));
            prop_assert_eq!((frames, clean), oracle_decode(order, &stream));
        }
    }

    #[test]
    fn a_length_over_the_limit_takes_no_memory() {
        let mut decoder = Decoder::new(NETWORK);
        let refused = decoder.push(b"GET / HTTP/1.1");
        assert_eq!(
            refused,
            Err(Fault::OverLimit {
                length: 1_195_725_856,
                limit: 1000
            })
        );
        assert!(decoder.body.is_none());
    }

    #[test]
    fn characters_are_not_bytes() {
        assert_eq!((Counts::Bytes.of("粘包"), Counts::Characters.of("粘包")), (6, 2));
        assert_eq!((Counts::Bytes.of("hello"), Counts::Characters.of("hello")), (5, 5));
    }

    #[test]
    fn the_end_of_the_stream_inside_a_frame_is_named() {
        let mut decoder = Decoder::new(NETWORK);
        assert_eq!(decoder.finish(), Ok(()));
        decoder.push(&[0, 0]).expect("two bytes of a header");
        assert_eq!(decoder.finish(), Err(Fault::ShortHeader { got: 2 }));
        decoder.push(&[0, 5]).expect("the other two");
        decoder.push(b"he").expect("two bytes of the body");
        assert_eq!(decoder.finish(), Err(Fault::ShortBody { got: 2, of: 5 }));
    }
}
