//! Frames with nothing left to decide.

use std::time::Duration;

use super::{Decide, letters};
use crate::framing::{ByteOrder, Codec, Counts, Frame, Kind};
use crate::scenario::framing::{Body, FrameKind, FrameOrder, FrameText, Framing, Reader, SenderFault, Writes};

/// What a reader says when it has the header and wants the body.
pub const READY: &[u8] = b"ready";

/// A step that writes frames.
#[derive(Debug, Clone)]
pub struct SendFrames {
    /// What is written, one after the other.
    pub frames: Vec<OutFrame>,
    /// As what.
    pub codec: Codec,
    /// Into how many `send` calls each goes.
    pub writes: Writes,
    /// What is counted for the length.
    pub counts: Counts,
    /// After each header the sender waits until the reader says that it is ready.
    pub handshake: bool,
}

/// A frame to write.
#[derive(Debug, Clone)]
pub struct OutFrame {
    /// The body before it is framed.
    pub body: Vec<u8>,
    /// The name in a JSON header.
    pub name: Option<String>,
    /// The length that it announces.
    pub says: i64,
    /// All of its bytes.
    pub wire: Frame,
    /// How many of them are sent in which `send` call: where each call ends.
    pub ends: Vec<usize>,
    /// What the sender does that it should not.
    pub fault: Option<SenderFault>,
}

/// A step that reads frames.
#[derive(Debug, Clone)]
pub struct ReadFrames {
    /// How many.
    pub count: usize,
    /// As what.
    pub codec: Codec,
    /// How they are read.
    pub reader: Reader,
    /// After each header the reader says that it is ready for the body.
    pub handshake: bool,
    /// In which a whole frame must have come, from the beginning of its first `recv`.
    pub deadline: Option<Duration>,
}

impl Decide<'_> {
    pub(super) fn send_frames(&self, texts: &[FrameText], framing: &Framing) -> SendFrames {
        let order = match self.choice(&framing.order) {
            FrameOrder::Both(order) => order,
            FrameOrder::Mixed => ByteOrder::Little,
        };
        let codec = self.codec(framing, order);
        let counts = self.choice(&framing.counts);
        let handshake = self.toggle(&framing.handshake);
        let writes = self.choice(&framing.writes);
        let frames = texts.iter().map(|text| {
            let body = match &text.body {
                Body::Text(text) => text.clone().into_bytes(),
                Body::Letters(count) => letters(self.size(count)),
            };
            let says = match text.fault {
                Some(SenderFault::Says(says)) => says,
                _ => counts.of(&String::from_utf8_lossy(&body)),
            };
            let wire = codec.frame(&body, says, text.name.as_deref());
            OutFrame {
                ends: ends(&wire, writes, handshake, text.fault),
                body,
                name: text.name.clone(),
                says,
                wire,
                fault: text.fault,
            }
        });
        SendFrames {
            frames: frames.collect(),
            codec,
            writes,
            counts,
            handshake,
        }
    }

    pub(super) fn read_frames(&self, count: usize, framing: &Framing) -> ReadFrames {
        let order = match self.choice(&framing.order) {
            FrameOrder::Both(order) => order,
            FrameOrder::Mixed => ByteOrder::Big,
        };
        ReadFrames {
            count,
            codec: self.codec(framing, order),
            reader: self.choice(&framing.reader),
            handshake: self.toggle(&framing.handshake),
            deadline: framing.deadline,
        }
    }

    fn codec(&self, framing: &Framing, order: ByteOrder) -> Codec {
        let signed = self.toggle(&framing.signed);
        let kind = match framing.kind {
            FrameKind::Length => Kind::Length { order, signed },
            FrameKind::Digit => Kind::Digit,
            FrameKind::Decimal => Kind::Decimal {
                digits: usize::try_from(framing.digits).unwrap_or(usize::MAX),
                paced: self.toggle(&framing.handshake),
            },
            FrameKind::Json => Kind::Json {
                order,
                signed,
                header_limit: framing.header_limit,
            },
            FrameKind::Delimiter => Kind::Delimiter {
                escape: self.toggle(&framing.escape),
            },
        };
        Codec {
            kind,
            limit: self.number(&framing.limit),
        }
    }
}

impl ReadFrames {
    /// How a program reads that has no lesson to teach about framing.
    #[must_use]
    pub fn of_programs() -> Self {
        Self {
            count: 1,
            codec: Codec::network(0),
            reader: Reader::Exact,
            handshake: false,
            deadline: None,
        }
    }

    /// Whether what a length announces first is a JSON header.
    #[must_use]
    pub fn reads_json(&self) -> bool {
        matches!(self.codec.kind, Kind::Json { .. })
    }
}

impl OutFrame {
    /// How many bytes stand before the body.
    #[must_use]
    pub fn head(&self) -> usize {
        self.wire.header + self.wire.json
    }
}

/// Where each `send` call of a frame ends.
fn ends(wire: &Frame, writes: Writes, handshake: bool, fault: Option<SenderFault>) -> Vec<usize> {
    let (all, head) = (wire.bytes.len(), wire.header + wire.json);
    match fault {
        Some(SenderFault::StopsAfter(count)) => return vec![count.min(all)],
        Some(SenderFault::Dribbles(_)) => return (1..=all).collect(),
        _ => {}
    }
    let mut ends = match writes {
        Writes::One => Vec::new(),
        Writes::Two => vec![head],
        Writes::CutHeader => vec![wire.header / 2],
        Writes::Bytes => (1..all).collect(),
    };
    // What comes behind the header must wait for the reader.
    if handshake {
        ends.push(head);
    }
    ends.push(all);
    ends.sort_unstable();
    ends.dedup();
    ends.retain(|end| *end > 0);
    ends
}
