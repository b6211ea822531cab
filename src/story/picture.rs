//! What every buffer holds at a moment, with the bytes: the kernel's counts laid over what we know was written.
//!
//! The counts are measured. Which bytes they are is derived: a send queue holds the last bytes written, a receive
//! queue the first ones not read. The two queues overlap while bytes have arrived and are not acknowledged, so they
//! are never added up. Between two counts the calls and the kernel's stamps say more: what a call hands over is unsent
//! until it has left; then it is in flight until it is acknowledged; and what was acknowledged lies in the other side's
//! receive queue until it is read. Over a wire the packets say the same: what came onto it has left, and what was handed
//! to a kernel has arrived, or is acknowledged. A connection begins with empty queues.
//!
//! The kernel counts its FIN like a byte, and what a reset has thrown away as if it were still there; here, and nowhere
//! else, counts become bytes (`counted.rs`). Where nothing tells what has moved since a count, the queue says of which moment it is.
//!
//! Every so many events the numbers that this takes are kept, so a picture at any playhead costs the same. Which
//! messages lie in a queue is worked out when it is asked for.

mod carried;
pub mod counted;
mod side;
mod sides;
#[cfg(test)]
mod tests;

use carried::Carried;
use side::Lies;
use sides::Sides;

use super::pieces::{Flows, Piece};
use super::unread::Unread;
use super::{ends, peer};
use crate::trace::{EndpointId, Event, Trace};

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
    /// Its FIN, while that is not acknowledged: it stands behind all bytes and is none.
    pub fin: Option<Fin>,
    /// Bytes of the send queue that were thrown away when the connection was broken off.
    pub thrown_away: u64,
    /// The send queue is not of this moment but of that one, in nanoseconds of the run: nothing tells what has moved since.
    pub send_as_of: Option<u64>,
    /// The same of the receive queue.
    pub receive_as_of: Option<u64>,
}

/// Where a FIN is that is not acknowledged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fin {
    /// In the send queue, not sent yet.
    Unsent,
    /// Sent and not acknowledged.
    InFlight,
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
        /// How many bytes of messages lie in it.
        bytes: u64,
    },
    /// Datagrams. They need not lie next to each other in the flow.
    Datagrams {
        /// Whose flow.
        flow: EndpointId,
        /// Which, at most 1024.
        pieces: Vec<Piece>,
    },
    /// So many bytes; which ones is not known.
    Count(u64),
}

/// No more datagrams than this are ever looked at in a queue.
const MOST_DATAGRAMS: usize = 1024;

/// Pictures of a trace at any playhead.
#[derive(Debug, Clone)]
pub struct Pictures {
    unread: Unread,
    carried: Carried,
    /// The sides after every `every` events, from none on.
    kept: Vec<Sides>,
    every: usize,
}

/// What every buffer holds at a playhead; follows a trace from there.
#[derive(Debug, Clone)]
pub struct Picture<'s> {
    flows: &'s Flows,
    unread: &'s Unread,
    carried: &'s Carried,
    sides: Sides,
    events: usize,
}

impl Pictures {
    /// Goes through a trace once.
    #[must_use]
    pub fn of(trace: &Trace, flows: &Flows) -> Self {
        // To copy the sides should cost no more than to follow some events.
        Self::kept_every(EVENTS_A_SIDE * ends(trace).max(1), trace, flows)
    }

    fn kept_every(every: usize, trace: &Trace, flows: &Flows) -> Self {
        let mut pictures = Self {
            unread: Unread::of(trace, flows),
            carried: Carried::of(trace),
            kept: Vec::new(),
            every,
        };
        let mut sides = Sides::new(ends(trace), trace.head.is_stream(), trace.head.is_tcp());
        for (index, event) in trace.events.iter().enumerate() {
            if index % every == 0 {
                pictures.kept.push(sides.clone());
            }
            sides.follow(index, event, &pictures.carried);
        }
        if pictures.kept.is_empty() {
            pictures.kept.push(sides);
        }
        pictures
    }

    /// The picture after the first `events` events of that trace. Costs the same at every place.
    #[must_use]
    pub fn at<'s>(&'s self, trace: &Trace, flows: &'s Flows, events: usize) -> Picture<'s> {
        let events = events.min(trace.events.len());
        let kept = (events / self.every).min(self.kept.len() - 1);
        let mut picture = Picture {
            flows,
            unread: &self.unread,
            carried: &self.carried,
            sides: self.kept[kept].clone(),
            events: kept * self.every,
        };
        for event in &trace.events[picture.events..events] {
            picture.follow(event);
        }
        picture
    }
}

/// Numbers are kept once in so many events, for each endpoint of the run.
const EVENTS_A_SIDE: usize = 128;

impl Picture<'_> {
    /// How many events it has followed.
    #[must_use]
    pub fn events(&self) -> usize {
        self.events
    }

    /// Takes in the next event.
    pub fn follow(&mut self, event: &Event) {
        self.sides.follow(self.events, event, self.carried);
        self.events += 1;
    }

    /// Takes in an event that comes later, because it is told already.
    pub(super) fn foresee(&mut self, event: &Event) {
        self.sides.follow(self.events, event, self.carried);
    }

    /// What an endpoint's buffers hold.
    #[must_use]
    pub fn buffers(&self, endpoint: EndpointId) -> Buffers {
        let Some(side) = self.sides.all.get(usize::from(endpoint.0)) else {
            return Buffers::default();
        };
        Buffers {
            unsent: self.held(endpoint, side.unsent, None),
            in_flight: self.held(endpoint, side.in_flight, None),
            waiting: self.held(peer(endpoint), side.waiting, side.datagrams),
            datagrams: side.datagrams,
            dropped: side.dropped,
            fin: side.fin,
            thrown_away: side.thrown_away,
            send_as_of: side.send_as_of,
            receive_as_of: side.receive_as_of,
        }
    }

    fn held(&self, flow: EndpointId, lies: Lies, datagrams: Option<u64>) -> Held {
        match lies {
            Lies::NotMeasured => Held::NotMeasured,
            Lies::Count(count) => Held::Count(count),
            Lies::Span { start, end } => Held::Span {
                flow,
                start,
                end,
                bytes: self.flows.overlap(flow, start, end).bytes(),
            },
            Lies::Unread { event, bytes } => {
                let most = usize::try_from(datagrams.unwrap_or(0)).unwrap_or(usize::MAX);
                let messages = self.flows.flow(flow);
                let waiting = self.unread.at(flow, event).take(most.min(MOST_DATAGRAMS));
                let pieces: Vec<Piece> = waiting.map(|place| messages[place].whole()).collect();
                // If they are of another length, it is not these that wait.
                if pieces.iter().map(|piece| piece.of).sum::<u64>() == bytes {
                    Held::Datagrams { flow, pieces }
                } else {
                    Held::Count(bytes)
                }
            }
        }
    }
}

impl Held {
    /// How many bytes, if it was measured.
    #[must_use]
    pub fn bytes(&self) -> Option<u64> {
        match self {
            Self::NotMeasured => None,
            Self::Span { bytes, .. } => Some(*bytes),
            Self::Datagrams { pieces, .. } => Some(pieces.iter().map(|piece| piece.to - piece.from).sum()),
            Self::Count(count) => Some(*count),
        }
    }

    /// Of which messages, the first `most` of them; none where that is not known.
    #[must_use]
    pub fn pieces(&self, flows: &Flows, most: usize) -> Vec<Piece> {
        match self {
            Self::NotMeasured | Self::Count(_) => Vec::new(),
            Self::Span { flow, start, end, .. } => flows.overlap(*flow, *start, *end).iter().take(most).collect(),
            Self::Datagrams { pieces, .. } => pieces.iter().take(most).copied().collect(),
        }
    }

    /// Whose bytes they are, where that is known.
    #[must_use]
    pub fn flow(&self) -> Option<EndpointId> {
        match self {
            Self::Span { flow, .. } | Self::Datagrams { flow, .. } => Some(*flow),
            Self::NotMeasured | Self::Count(_) => None,
        }
    }
}
