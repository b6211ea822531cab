//! Asking the kernel after a call what lies where.

use std::sync::atomic::Ordering;
use std::sync::{MutexGuard, PoisonError};

use super::Endpoint;
use super::side::{Side, Told};
use crate::link::Carrier;
use crate::sys::{self, TcpInfo};
use crate::trace::{EndpointId, Evidence, What};

impl Endpoint<'_> {
    /// Asks after every call; in a bulk transfer after every 64th only, and once more when stamping has to end.
    pub(super) fn observe_unless_bulk(&self) {
        let bulk = self.own.is_bulk() || self.peer.is_bulk();
        let due = || self.own.calls.load(Ordering::Relaxed).is_multiple_of(64);
        let stamps_to_end = || self.own.is_bulk() && *self.own.stamped();
        if !bulk || due() || stamps_to_end() {
            self.observe();
        }
    }

    /// Asks the kernel about both sides, and records the answer about its own queues, and of the others what is new. So
    /// "nothing has changed since the call" and "nobody has asked" are told apart.
    pub fn observe(&self) {
        told(&self.own).queues = None;
        self.observe_news();
    }

    /// Asks about its own side alone: in a part whose calls are folded the other one goes on meanwhile.
    pub(super) fn observe_own(&self) {
        let asked = self.recorder.clock.now();
        if let Some(queues) = queues(&self.own) {
            self.recorder.at(asked, self.own.id, Evidence::Measured, queues.clone());
            told(&self.own).queues = Some(queues);
        }
    }

    /// Asks again although nobody has called, because the kernel's own timers may have moved something, and records
    /// what is new. To be done only while nobody has the turn.
    ///
    /// Not in a bulk transfer: there the kernel was not asked after every call, and this later answer would be taken
    /// for the one about the last call.
    pub fn observe_again(&self) {
        if !self.own.is_bulk() && !self.peer.is_bulk() {
            self.observe_news();
        }
    }

    fn observe_news(&self) {
        self.drain_stamps();
        // In the order of their ids, so that every observation reads the same way.
        let mut sides = [&self.own, &self.peer];
        sides.sort_by_key(|side| side.id);
        for side in sides {
            // The time before the question: what is acknowledged while it is answered comes after the count.
            let asked = self.recorder.clock.now();
            let Some(queues) = queues(side) else { continue };
            let mut told = told(side);
            self.record_news(asked, side.id, &mut told.queues, queues);
            let asked = self.recorder.clock.now();
            if let Some(info) = side.tcp_info() {
                self.record_news(asked, side.id, &mut told.segments, segments_event(info));
            }
        }
    }

    fn record_news(&self, asked: u64, id: EndpointId, told: &mut Option<What>, news: What) {
        if told.as_ref() != Some(&news) {
            self.recorder.at(asked, id, Evidence::Measured, news.clone());
            *told = Some(news);
        }
    }
}

fn told(side: &Side) -> MutexGuard<'_, Told> {
    side.told.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What lies where, as the kernel tells it; `None` if the socket is closed, or has no queue at all.
fn queues(side: &Side) -> Option<What> {
    match side.carrier {
        Carrier::Tcp => side.ask(|socket| {
            let queued = sys::queued_bytes(socket);
            // What is acknowledged between the two questions must not make the difference negative.
            let unsent = sys::unsent_bytes(socket);
            What::Queues {
                unsent,
                unacknowledged: queued.zip(unsent).map(|(queued, unsent)| queued.saturating_sub(unsent)),
                waiting: sys::waiting_bytes(socket),
                datagrams: None,
                dropped: None,
            }
        }),
        // What is sent lies at the other end at once: there is no send queue to ask about.
        Carrier::UnixStream | Carrier::Pipe if side.has_receive_queue() => side.ask(|socket| What::Queues {
            unsent: None,
            unacknowledged: None,
            waiting: sys::waiting_bytes(socket),
            datagrams: None,
            dropped: None,
        }),
        Carrier::UnixStream | Carrier::Pipe => None,
        Carrier::Udp | Carrier::UnixDatagram | Carrier::UnixSeqpacket => datagram_queue(side),
    }
}

fn datagram_queue(side: &Side) -> Option<What> {
    let dropped = side.ask(|socket| sys::dropped_datagrams(socket))?;
    let waiting = side.waiting_datagrams();
    Some(What::Queues {
        unsent: None,
        unacknowledged: None,
        waiting: waiting.map(|waiting| waiting.bytes),
        datagrams: waiting.map(|waiting| waiting.datagrams),
        dropped,
    })
}

fn segments_event(info: TcpInfo) -> What {
    What::Segments {
        sent: info.segments_out.into(),
        received: info.segments_in.into(),
        data_sent: info.data_segments_out.into(),
        mss: info.mss.into(),
    }
}
