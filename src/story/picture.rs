//! What every buffer holds at a moment, with the bytes: the kernel's counts laid over what we know was written.
//!
//! The counts are measured. Which bytes they are is derived: a send queue holds the last bytes written, a receive
//! queue the first ones not read. The two queues overlap while bytes have arrived and are not acknowledged, so they
//! are never added up.

use std::collections::BTreeSet;

use super::peer;
use super::pieces::{Flows, Message, Piece};
use crate::trace::{Call, EndpointId, Trace, What};

/// What the buffers of one endpoint hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Buffers {
    /// In the send queue, not sent yet.
    pub unsent: Held,
    /// In the send queue, sent and not acknowledged.
    pub in_flight: Held,
    /// In the receive queue.
    pub waiting: Held,
    /// Datagrams in the receive queue, if that was measured.
    pub datagrams: Option<u64>,
    /// Datagrams that were thrown away because the receive queue was full.
    pub dropped: Option<u64>,
}

/// What a queue holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Held {
    /// The system does not tell.
    #[default]
    NotMeasured,
    /// A span of a flow.
    Span {
        /// Whose flow.
        flow: EndpointId,
        /// First byte.
        start: u64,
        /// The byte after the last.
        end: u64,
        /// Of which messages. Datagrams that wait need not lie next to each other in the flow.
        pieces: Vec<Piece>,
    },
    /// So many bytes; which ones is not known.
    Count(u64),
}

/// No more datagrams than this are ever looked at in a queue.
const MOST_DATAGRAMS: usize = 1024;

/// Follows a trace event by event.
#[derive(Debug)]
pub struct Picture<'f> {
    flows: &'f Flows,
    datagrams: bool,
    sides: Vec<Side>,
}

#[derive(Debug, Clone, Default)]
struct Side {
    /// Bytes this endpoint's calls have handed to the kernel.
    sent: u64,
    /// A send of it blocks: the kernel holds bytes of it that no event speaks of yet.
    send_blocks: bool,
    /// Bytes the other side has read of them.
    read: u64,
    /// Datagrams of this endpoint that were read, by number.
    datagrams_read: BTreeSet<u32>,
    buffers: Buffers,
}

impl<'f> Picture<'f> {
    /// The picture before the first event.
    #[must_use]
    pub fn new(trace: &Trace, flows: &'f Flows) -> Self {
        let sides = vec![Side::default(); trace.head.endpoints.len().max(2)];
        Self {
            flows,
            datagrams: trace.head.transport == "udp",
            sides,
        }
    }

    /// The picture at a playhead: after the first `events` events.
    #[must_use]
    pub fn at(trace: &Trace, flows: &'f Flows, events: usize) -> Self {
        let mut picture = Self::new(trace, flows);
        for event in trace.events.iter().take(events) {
            picture.follow(event.endpoint, &event.what);
        }
        picture
    }

    /// Takes in the next event.
    pub fn follow(&mut self, endpoint: EndpointId, what: &What) {
        let (own, other) = (usize::from(endpoint.0), usize::from(peer(endpoint).0));
        match *what {
            What::Send { returned, start, .. } => {
                self.sides[own].sent = start + returned;
                self.sides[own].send_blocks = false;
            }
            What::Blocked { call: Call::Send } => self.sides[own].send_blocks = true,
            What::Failed { call: Call::Send, .. } => self.sides[own].send_blocks = false,
            What::Recv {
                returned,
                start,
                message,
                ..
            } => {
                let side = &mut self.sides[other];
                side.read = side.read.max(start + returned);
                side.datagrams_read.extend(message);
            }
            What::Queues {
                unsent,
                unacknowledged,
                waiting,
                datagrams,
                dropped,
            } => {
                let buffers = Buffers {
                    unsent: self.last_sent(endpoint, 0, unsent),
                    in_flight: match (unsent, unacknowledged) {
                        (Some(unsent), Some(flying)) => self.last_sent(endpoint, unsent, Some(flying)),
                        _ => Held::NotMeasured,
                    },
                    // Once some are lost, which ones wait is not known.
                    waiting: match (waiting, dropped) {
                        (Some(waiting), Some(1..)) => Held::Count(waiting),
                        _ => self.first_unread(peer(endpoint), waiting, datagrams),
                    },
                    datagrams,
                    dropped,
                };
                self.sides[own].buffers = buffers;
            }
            _ => {}
        }
    }

    /// What an endpoint's buffers hold.
    #[must_use]
    pub fn buffers(&self, endpoint: EndpointId) -> &Buffers {
        &self.sides[usize::from(endpoint.0)].buffers
    }

    /// The last `count` bytes before the last `after` of what an endpoint sent.
    fn last_sent(&self, endpoint: EndpointId, after: u64, count: Option<u64>) -> Held {
        let Some(count) = count else { return Held::NotMeasured };
        let side = &self.sides[usize::from(endpoint.0)];
        let end = side.sent.checked_sub(after).filter(|_| !side.send_blocks);
        match end.and_then(|end| Some((end.checked_sub(count)?, end))) {
            Some((start, end)) => self.span(endpoint, start, end),
            None => Held::Count(count),
        }
    }

    /// The first `count` bytes of an endpoint's flow that the other side has not read; they are so many `datagrams`.
    fn first_unread(&self, sender: EndpointId, count: Option<u64>, datagrams: Option<u64>) -> Held {
        let Some(count) = count else { return Held::NotMeasured };
        let side = &self.sides[usize::from(sender.0)];
        if !self.datagrams {
            return self.span(sender, side.read, side.read + count);
        }
        let unread = |message: &&Message| !side.datagrams_read.contains(&message.number);
        let most = usize::try_from(datagrams.unwrap_or(0))
            .unwrap_or(usize::MAX)
            .min(MOST_DATAGRAMS);
        let waiting: Vec<&Message> = self.flows.flow(sender).iter().filter(unread).take(most).collect();
        let bytes: u64 = waiting.iter().map(|message| message.bytes.len).sum();
        if bytes != count {
            return Held::Count(count);
        }
        let whole = |message: &&Message| {
            let of = message.bytes.len;
            Piece {
                message: message.number,
                from: 0,
                to: of,
                of,
            }
        };
        let start = waiting.first().map_or(side.read, |message| message.start);
        let end = waiting.last().map_or(side.read, |message| message.end());
        Held::Span {
            flow: sender,
            start,
            end,
            pieces: waiting.iter().map(whole).collect(),
        }
    }

    fn span(&self, flow: EndpointId, start: u64, end: u64) -> Held {
        Held::Span {
            flow,
            start,
            end,
            pieces: self.flows.pieces(flow, start, end),
        }
    }
}

impl Held {
    /// How many bytes, if it was measured.
    #[must_use]
    pub fn bytes(&self) -> Option<u64> {
        match self {
            Self::NotMeasured => None,
            Self::Span { pieces, .. } => Some(pieces.iter().map(|piece| piece.to - piece.from).sum()),
            Self::Count(count) => Some(*count),
        }
    }
}
