//! What every buffer holds at a moment, with the bytes: the kernel's counts laid over what we know was written.
//!
//! The counts are measured. Which bytes they are is derived: a send queue holds the last bytes written, a receive
//! queue the first ones not read. The two queues overlap while bytes have arrived and are not acknowledged, so they
//! are never added up. Between two counts the calls and the kernel's stamps say more: what a call hands over is unsent
//! until it has left; then it is in flight until it is acknowledged; and what was acknowledged lies in the other side's
//! receive queue until it is read. A connection begins with empty queues.
//!
//! Every so many events the numbers that this takes are kept, so a picture at any playhead costs the same. Which
//! messages lie in a queue is worked out when it is asked for.

#[cfg(test)]
mod tests;

use super::pieces::{Flows, Piece};
use super::unread::Unread;
use super::{ends, peer};
use crate::trace::{Call, EndpointId, Event, Trace, What};

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
    /// The sides after every `every` events, from none on.
    kept: Vec<Vec<Side>>,
    every: usize,
}

/// What every buffer holds at a playhead; follows a trace from there.
#[derive(Debug, Clone)]
pub struct Picture<'s> {
    flows: &'s Flows,
    unread: &'s Unread,
    stream: bool,
    sides: Vec<Side>,
    events: usize,
}

/// What it takes to know the buffers of one endpoint: numbers only.
#[derive(Debug, Clone, Copy)]
struct Side {
    /// Bytes this endpoint's calls have handed to the kernel.
    sent: u64,
    /// A send of it blocks: the kernel holds bytes of it that no event speaks of yet.
    send_blocks: bool,
    /// Bytes the other side has read of them.
    read: u64,
    unsent: Lies,
    in_flight: Lies,
    waiting: Lies,
    datagrams: Option<u64>,
    dropped: Option<u64>,
}

/// Where the bytes of a queue lie in their flow.
#[derive(Debug, Clone, Copy)]
enum Lies {
    NotMeasured,
    Span {
        start: u64,
        end: u64,
    },
    /// So many bytes of the first datagrams that were not read when this event came.
    Unread {
        event: usize,
        bytes: u64,
    },
    Count(u64),
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
            kept: Vec::new(),
            every,
        };
        let mut sides = vec![Side::new(trace.head.is_tcp()); ends(trace)];
        for (index, event) in trace.events.iter().enumerate() {
            if index % every == 0 {
                pictures.kept.push(sides.clone());
            }
            follow(&mut sides, trace.head.is_stream(), index, event);
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
            stream: trace.head.is_stream(),
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
        follow(&mut self.sides, self.stream, self.events, event);
        self.events += 1;
    }

    /// Takes in an event that comes later, because it is told already.
    pub(super) fn foresee(&mut self, event: &Event) {
        follow(&mut self.sides, self.stream, self.events, event);
    }

    /// What an endpoint's buffers hold.
    #[must_use]
    pub fn buffers(&self, endpoint: EndpointId) -> Buffers {
        let Some(side) = self.sides.get(usize::from(endpoint.0)) else {
            return Buffers::default();
        };
        Buffers {
            unsent: self.held(endpoint, side.unsent, None),
            in_flight: self.held(endpoint, side.in_flight, None),
            waiting: self.held(peer(endpoint), side.waiting, side.datagrams),
            datagrams: side.datagrams,
            dropped: side.dropped,
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

fn follow(sides: &mut [Side], stream: bool, index: usize, event: &Event) {
    let (own, other) = (usize::from(event.endpoint.0), usize::from(peer(event.endpoint).0));
    match event.what {
        What::SendCall { asked, .. } if stream => sides[own].is_handed(asked),
        What::Send { returned, start, .. } => sides[own].has_taken(start + returned),
        What::Blocked { call: Call::Send } => sides[own].send_blocks = true,
        What::Failed { call: Call::Send, .. } => {
            let sent = sides[own].sent;
            sides[own].has_taken(sent);
        }
        What::Left { end, .. } if stream => sides[own].has_left(end),
        What::Acknowledged { end, .. } if stream => {
            sides[own].was_acknowledged(end);
            sides[other].has_arrived(end);
        }
        What::Calls {
            call: Call::Send,
            bytes,
            start,
            ..
        } => sides[own].has_taken(start + bytes),
        What::Calls {
            call: Call::Recv,
            bytes: returned,
            start,
            ..
        }
        | What::Recv { returned, start, .. } => {
            sides[other].read = sides[other].read.max(start + returned);
            let read = sides[other].read;
            if stream {
                sides[own].has_read(read);
            }
        }
        What::Queues {
            unsent,
            unacknowledged,
            waiting,
            datagrams,
            dropped,
        } => {
            let read = sides[other].read;
            let side = &mut sides[own];
            side.in_flight = match (unsent, unacknowledged) {
                (Some(unsent), Some(flying)) => side.last_sent(unsent, Some(flying)),
                _ => Lies::NotMeasured,
            };
            side.unsent = side.last_sent(0, unsent);
            side.waiting = match (waiting, dropped) {
                (None, _) => Lies::NotMeasured,
                // Once some are lost, which ones wait is not known.
                (Some(waiting), Some(1..)) => Lies::Count(waiting),
                (Some(waiting), _) if stream => Lies::Span {
                    start: read,
                    end: read + waiting,
                },
                (Some(bytes), _) => Lies::Unread { event: index, bytes },
            };
            side.datagrams = datagrams;
            side.dropped = dropped;
        }
        _ => {}
    }
}

impl Side {
    /// Of a connection that was just made.
    fn new(has_send_queue: bool) -> Self {
        const EMPTY: Lies = Lies::Span { start: 0, end: 0 };
        let sending = if has_send_queue { EMPTY } else { Lies::NotMeasured };
        Self {
            sent: 0,
            send_blocks: false,
            read: 0,
            unsent: sending,
            in_flight: sending,
            waiting: EMPTY,
            datagrams: None,
            dropped: None,
        }
    }

    /// A call hands so many bytes over: they are unsent, until more is known.
    fn is_handed(&mut self, count: u64) {
        if let Lies::Span { end, .. } = &mut self.unsent
            && *end == self.sent
        {
            *end = end.saturating_add(count);
        }
    }

    /// The kernel has taken everything up to `until`, and nothing beyond it.
    fn has_taken(&mut self, until: u64) {
        self.sent = until;
        self.send_blocks = false;
        if let Lies::Span { start, end } = &mut self.unsent {
            *end = until.max(*start);
        }
    }

    /// Everything up to `until` has arrived here.
    fn has_arrived(&mut self, until: u64) {
        if let Lies::Span { end, .. } = &mut self.waiting {
            *end = until.max(*end);
        }
    }

    /// Everything up to `until` was read from here.
    fn has_read(&mut self, until: u64) {
        if let Lies::Span { start, end } = &mut self.waiting {
            *start = until.max(*start);
            *end = (*end).max(*start);
        }
    }

    /// What lay unsent up to `until` is in flight now.
    fn has_left(&mut self, until: u64) {
        if let (Lies::Span { start, end }, Lies::Span { end: flying, .. }) = (&mut self.unsent, &mut self.in_flight)
            && *flying == *start
        {
            *start = until.clamp(*start, *end);
            *flying = *start;
        }
    }

    /// What was in flight up to `until` is so no longer.
    fn was_acknowledged(&mut self, until: u64) {
        if let Lies::Span { start, end } = &mut self.in_flight {
            *start = until.clamp(*start, *end);
        }
    }

    /// The last `count` bytes before the last `after` of what this endpoint sent.
    fn last_sent(&self, after: u64, count: Option<u64>) -> Lies {
        let Some(count) = count else { return Lies::NotMeasured };
        let end = self.sent.checked_sub(after).filter(|_| !self.send_blocks);
        match end.and_then(|end| Some((end.checked_sub(count)?, end))) {
            Some((start, end)) => Lies::Span { start, end },
            None => Lies::Count(count),
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
