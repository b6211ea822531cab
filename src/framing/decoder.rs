//! Reads frames from a stream that arrives in pieces of any size.

use super::{Codec, Fault, HEADER, Kind, decimal, delimiter, length};

/// How many bytes may be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asks {
    /// At most so many: a byte more could belong to the frame after this one. 0: an empty body is complete, so nothing
    /// is asked for.
    AtMost(usize),
    /// Any number. What the decoder does not take is kept by the caller and pushed again.
    Any,
}

/// What [`Decoder::push`] found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decoded {
    /// A length is known: so many bytes follow. With a JSON header there are two, first that header's.
    Header {
        /// How many bytes follow.
        length: u64,
        /// The JSON header that says so.
        json: Option<Vec<u8>>,
    },
    /// A whole body.
    Frame(Vec<u8>),
}

/// Reads frames from a stream that arrives in pieces of any size.
#[derive(Debug, Clone)]
pub struct Decoder {
    codec: Codec,
    stage: Stage,
    /// What has arrived of the stage.
    pub(super) got: Vec<u8>,
}

/// What is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// A length, or a line.
    Head,
    /// A JSON header of so many bytes.
    Json(u64),
    /// A body of so many bytes.
    Body(u64),
}

impl Decoder {
    /// A decoder at the start of a stream.
    #[must_use]
    pub fn new(codec: Codec) -> Self {
        Self {
            codec,
            stage: Stage::Head,
            got: Vec::new(),
        }
    }

    /// How many bytes may be asked for next.
    #[must_use]
    pub fn asks(&self) -> Asks {
        match (self.stage, self.codec.kind) {
            (Stage::Head, Kind::Decimal { paced: true, .. } | Kind::Delimiter { .. }) => Asks::Any,
            // The shortest has a digit and the newline.
            (Stage::Head, Kind::Decimal { .. }) => Asks::AtMost(if self.got.is_empty() { 2 } else { 1 }),
            (Stage::Head, Kind::Digit) => Asks::AtMost(1),
            (Stage::Head, Kind::Length { .. } | Kind::Json { .. }) => Asks::AtMost(HEADER - self.got.len()),
            (Stage::Json(length) | Stage::Body(length), _) => Asks::AtMost(self.missing(length)),
        }
    }

    /// Whether no byte of a frame has been taken that is not complete.
    fn is_between_frames(&self) -> bool {
        self.stage == Stage::Head && self.got.is_empty()
    }

    /// Takes bytes until something is complete. Returns how many were taken and what was completed; call again with
    /// the rest. An empty body is complete without a byte: push an empty slice while [`asks`](Self::asks) says 0.
    ///
    /// # Errors
    /// A [`Fault`]: the stream cannot be read on. Nothing has been allocated for what was refused.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(usize, Option<Decoded>), Fault> {
        let (taken, complete) = match (self.stage, self.codec.kind) {
            (Stage::Head, Kind::Decimal { digits, .. }) => decimal::take(self.got.len(), bytes, digits)?,
            (Stage::Head, Kind::Delimiter { .. }) => delimiter::take(self.got.len(), bytes, self.codec.limit)?,
            (Stage::Head, Kind::Digit) => (bytes.len().min(1), !bytes.is_empty()),
            (Stage::Head, Kind::Length { .. } | Kind::Json { .. }) => {
                let missing = HEADER - self.got.len();
                (bytes.len().min(missing), bytes.len() >= missing)
            }
            (Stage::Json(length) | Stage::Body(length), _) => {
                let missing = self.missing(length);
                (bytes.len().min(missing), bytes.len() >= missing)
            }
        };
        self.got.extend_from_slice(&bytes[..taken]);
        if !complete {
            return Ok((taken, None));
        }
        Ok((taken, Some(self.complete()?)))
    }

    /// Says whether the stream may end here.
    ///
    /// # Errors
    /// A [`Fault`] that says inside of what it ended.
    pub fn finish(&self) -> Result<(), Fault> {
        if self.is_between_frames() {
            return Ok(());
        }
        let got = self.got.len() as u64;
        Err(match (self.stage, self.codec.kind) {
            (Stage::Head, Kind::Delimiter { .. }) => Fault::ShortLine { got },
            (Stage::Head, Kind::Decimal { .. } | Kind::Digit) => Fault::ShortHeader { got, of: 0 },
            (Stage::Head, Kind::Length { .. } | Kind::Json { .. }) => length::short(self.got.len()),
            (Stage::Json(of), _) => Fault::ShortHeader { got, of },
            (Stage::Body(of), _) => Fault::ShortBody { got, of },
        })
    }

    /// The stage is complete.
    fn complete(&mut self) -> Result<Decoded, Fault> {
        let mut got = std::mem::take(&mut self.got);
        let stage = std::mem::replace(&mut self.stage, Stage::Head);
        let codec = self.codec;
        match (stage, codec.kind) {
            (Stage::Head, Kind::Delimiter { escape }) => {
                got.pop();
                let body = if escape { delimiter::unescape(&got)? } else { got };
                return Ok(Decoded::Frame(body));
            }
            (Stage::Body(_), _) => return Ok(Decoded::Frame(got)),
            _ => {}
        }
        let (length, json) = match stage {
            Stage::Json(_) => (codec.size_in(&got)?, Some(got)),
            _ => (codec.believe(&got)?, None),
        };
        self.stage = match codec.kind {
            Kind::Json { .. } if json.is_none() => Stage::Json(length),
            _ => Stage::Body(length),
        };
        // Within the limit: that has been checked.
        self.got.reserve_exact(size(length));
        Ok(Decoded::Header { length, json })
    }

    fn missing(&self, length: u64) -> usize {
        size(length).saturating_sub(self.got.len())
    }
}

/// A length that is within a limit is one that memory can have.
fn size(length: u64) -> usize {
    usize::try_from(length).unwrap_or(usize::MAX)
}
