//! The buffers of one endpoint as numbers, and what can happen to them.

use super::Fin;
use super::counted::{Counted, counted};
use crate::scenario::claim::ErrorName;
use crate::trace::packet::Handing;
use crate::trace::{Event, What};

/// Where the bytes of a queue lie in their flow.
#[derive(Debug, Clone, Copy)]
pub(super) enum Lies {
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

/// What it takes to know the buffers of one endpoint: numbers only.
#[derive(Debug, Clone)]
pub(super) struct Side {
    /// Bytes this endpoint's calls have handed to the kernel.
    pub sent: u64,
    /// A send of it blocks: the kernel holds bytes of it that no event speaks of yet.
    pub send_blocks: bool,
    /// Bytes the other side has read of them.
    pub read: u64,
    pub unsent: Lies,
    pub in_flight: Lies,
    pub waiting: Lies,
    pub datagrams: Option<u64>,
    /// Datagrams came to it twice, or in another order than they were sent in; and the newest packet that has come.
    is_mixed: bool,
    newest: u32,
    pub dropped: Option<u64>,
    /// Its FIN, handed over and not acknowledged.
    pub fin: Option<Fin>,
    ended: Ended,
    /// Bytes of the send queue that went with the connection.
    pub thrown_away: u64,
    /// What lies behind a gap in the receive queue, and is not to be read before that is closed.
    apart: Vec<(u64, u64)>,
    /// Up to where it has told the other side that it has room.
    pub room: u64,
    /// What packets have told: up to where its flow has left, is acknowledged, and has come to the other side.
    pub told: Told,
    /// Its departures are not stamped any more.
    pub unstamped: bool,
    /// When the kernel was asked about them last.
    pub send_counted: u64,
    pub receive_counted: u64,
    /// The send queue, and the receive queue, are shown as they were then: what has moved since is not known.
    pub send_as_of: Option<u64>,
    pub receive_as_of: Option<u64>,
}

/// In which ways the connection has ended for an endpoint.
#[derive(Debug, Clone, Copy, Default)]
struct Ended {
    /// It has handed a FIN over.
    shut: bool,
    /// A call has told that the connection is broken.
    broken: bool,
}

/// Offsets of an endpoint's flow that no later count takes back: a packet is told just before it is handed over, and who
/// is asked at that moment does not know of it yet.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Told {
    pub left: u64,
    pub acknowledged: u64,
    pub arrived: u64,
    /// Its FIN is acknowledged.
    pub fin: bool,
}

impl Side {
    pub fn new(has_send_queue: bool) -> Self {
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
            is_mixed: false,
            newest: 0,
            fin: None,
            ended: Ended::default(),
            thrown_away: 0,
            apart: Vec::new(),
            room: 0,
            told: Told::default(),
            unstamped: false,
            send_counted: 0,
            receive_counted: 0,
            send_as_of: None,
            receive_as_of: None,
        }
    }

    /// A wire hands over a packet of a datagram.
    pub fn takes_a_datagram(&mut self, packet: u32, how: Handing) {
        self.is_mixed |= how == Handing::Again || packet < self.newest;
        self.newest = self.newest.max(packet);
    }

    /// What the kernel counts becomes what lies where.
    pub fn is_counted(&mut self, event: &Event, index: usize, read: u64, stream: bool) {
        let What::Queues {
            waiting,
            datagrams,
            dropped,
            ..
        } = event.what
        else {
            return;
        };
        (self.send_as_of, self.receive_as_of) = (None, None);
        (self.send_counted, self.receive_counted) = (event.at, event.at);
        match counted(&event.what, self.ended.shut, self.ended.broken) {
            Some(Counted {
                thrown_away: Some(bytes),
                ..
            }) => {
                self.thrown_away = bytes;
                self.is_emptied();
            }
            Some(counted) => {
                self.fin = counted.fin.filter(|_| !self.told.fin);
                self.in_flight = match (counted.unsent, counted.in_flight) {
                    (Some(unsent), Some(flying)) => self.last_sent(unsent, Some(flying)),
                    _ => Lies::NotMeasured,
                };
                self.unsent = self.last_sent(0, counted.unsent);
            }
            None => {}
        }
        self.waiting = match (waiting, dropped) {
            (None, _) => Lies::NotMeasured,
            // Once some are lost, which ones wait is not known.
            (Some(waiting), Some(1..)) => Lies::Count(waiting),
            (Some(waiting), _) if stream => Lies::Span {
                start: read,
                end: read + waiting,
            },
            // What came twice or overtook another one lies there in another order than it was sent in.
            (Some(waiting), _) if self.is_mixed => Lies::Count(waiting),
            (Some(bytes), _) => Lies::Unread { event: index, bytes },
        };
        self.datagrams = datagrams;
        self.dropped = dropped;
    }

    /// Up to where this endpoint's flow was handed over, as far as it is told.
    pub fn handed(&self) -> u64 {
        match self.unsent {
            Lies::Span { end, .. } => end.max(self.sent),
            _ => self.sent,
        }
    }

    /// Up to where the other side's flow has come without a gap.
    pub fn has_come_to(&self) -> Option<u64> {
        match self.waiting {
            Lies::Span { end, .. } => Some(end),
            _ => None,
        }
    }

    /// A call hands so many bytes over: they are unsent, until more is known.
    pub fn is_handed(&mut self, count: u64) {
        if self.send_as_of.is_none()
            && let Lies::Span { end, .. } = &mut self.unsent
            && *end == self.sent
        {
            *end = end.saturating_add(count);
        }
    }

    /// The kernel has taken everything up to `until`, and nothing beyond it.
    pub fn has_taken(&mut self, until: u64) {
        self.sent = until;
        self.send_blocks = false;
        if self.send_as_of.is_none()
            && let Lies::Span { start, end } = &mut self.unsent
        {
            *end = until.max(*start);
        }
    }

    /// Everything up to `until` has arrived here.
    pub fn has_arrived(&mut self, until: u64) {
        if self.receive_as_of.is_some() {
            return;
        }
        if let Lies::Span { end, .. } = &mut self.waiting {
            *end = until.max(*end);
            // What lay behind the gap that this closes can be read as well.
            while let Some(at) = self.apart.iter().position(|(from, _)| from <= end) {
                *end = self.apart.swap_remove(at).1.max(*end);
            }
        }
    }

    /// A segment with these bytes comes to the kernel here, which takes what it has said that it has room for.
    pub fn takes_in(&mut self, from: u64, until: u64) {
        if from >= until || until > self.room {
            return;
        }
        match self.has_come_to() {
            Some(end) if from <= end => self.has_arrived(until),
            Some(_) if !self.apart.contains(&(from, until)) => self.apart.push((from, until)),
            _ => {}
        }
    }

    /// Everything up to `until` was read from here.
    pub fn has_read(&mut self, until: u64) {
        if self.receive_as_of.is_some() {
            return;
        }
        if let Lies::Span { start, end } = &mut self.waiting {
            *start = until.max(*start);
            *end = (*end).max(*start);
        }
    }

    /// A call finds nothing to read.
    pub fn is_found_empty(&mut self, at: u64, read: u64) {
        self.waiting = Lies::Span { start: read, end: read };
        (self.receive_as_of, self.receive_counted) = (None, at);
    }

    /// What lay unsent up to `until` is in flight now.
    pub fn has_left(&mut self, until: u64) {
        if self.send_as_of.is_none()
            && let (Lies::Span { start, end }, Lies::Span { end: flying, .. }) = (&mut self.unsent, &mut self.in_flight)
            && *flying == *start
        {
            *start = until.clamp(*start, *end);
            *flying = *start;
        }
    }

    /// What was in flight up to `until` is so no longer.
    pub fn was_acknowledged(&mut self, until: u64) {
        // What is acknowledged has left.
        self.has_left(until);
        if self.send_as_of.is_none()
            && let Lies::Span { start, end } = &mut self.in_flight
        {
            *start = until.clamp(*start, *end);
        }
    }

    /// It sends no more: its FIN stands behind everything, and is unsent until more is known.
    pub fn shuts(&mut self) {
        if !self.ended.shut {
            (self.ended.shut, self.fin) = (true, Some(Fin::Unsent));
        }
    }

    /// Nobody can ask about its queues any more. Packets go on telling what becomes of what it has sent; where there are
    /// none, what was not acknowledged yet is shown as it was.
    pub fn closes(&mut self, at: u64, followed: bool) {
        let is_empty = |lies: Lies| matches!(lies, Lies::Span { start, end } if start == end);
        if followed {
            self.shuts();
        } else if !is_empty(self.unsent) || !is_empty(self.in_flight) || self.fin.is_some() {
            self.send_as_of = self.send_as_of.or(Some(at));
        }
        if !is_empty(self.waiting) {
            self.receive_as_of = self.receive_as_of.or(Some(at));
        }
    }

    /// A call fails: with some errors the connection is broken, and with it the send queue is gone.
    pub fn fails(&mut self, error: Option<ErrorName>) {
        let is_broken = match error {
            Some(ErrorName::Reset) => true,
            // After a FIN of its own that is what any send meets.
            Some(ErrorName::Pipe) => !self.ended.shut,
            _ => false,
        };
        if is_broken {
            self.ended.broken = true;
            self.is_thrown_away();
        }
    }

    /// The connection is broken off: what lay in the send queue never leaves.
    pub fn is_thrown_away(&mut self) {
        if self.send_as_of.is_some() {
            return;
        }
        if let (Lies::Span { end, .. }, Lies::Span { start, .. }) = (self.unsent, self.in_flight) {
            self.thrown_away += end - start.min(end);
        }
        self.is_emptied();
    }

    fn is_emptied(&mut self) {
        let empty = Lies::Span {
            start: self.sent,
            end: self.sent,
        };
        (self.fin, self.unsent, self.in_flight) = (None, empty, empty);
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
