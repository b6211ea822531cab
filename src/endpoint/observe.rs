//! Asking the kernel after a call what lies where.

use std::sync::atomic::Ordering;
use std::sync::{MutexGuard, PoisonError};

use super::Endpoint;
use super::side::{Side, Told};
use crate::link::Carrier;
use crate::sys::{self, TcpInfo};
use crate::trace::state::TcpState;
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
        if self.own.is_bulk() || self.peer.is_bulk() {
            // There nothing else tells of when the other side's counts are.
            told(&self.peer).queues = None;
        }
        self.observe_news();
    }

    /// Asks about its own side alone: in a part whose calls are folded the other one goes on meanwhile.
    pub(super) fn observe_own(&self) {
        let mut told = told(&self.own);
        if let Some(seen) = self.look(&self.own, &mut told) {
            self.recorder
                .at(seen.asked, self.own.id, Evidence::Measured, seen.queues.clone());
            told.queues = Some(seen.queues);
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
            let mut told = told(side);
            let Some(seen) = self.look(side, &mut told) else {
                continue;
            };
            self.record_news(seen.asked, side.id, &mut told.queues, seen.queues);
            if let Some((asked, info)) = seen.info {
                self.record_news(asked, side.id, &mut told.segments, segments_event(info));
            }
        }
    }

    /// Asks the kernel about the queues of a side, and of TCP about the state of the connection to which they belong.
    ///
    /// SIOCOUTQ counts the FIN, so counts and state must be of one moment. A state is never come back to: if it is the
    /// same behind the counts as it was when somebody asked before them, it was the same while they were made.
    fn look(&self, side: &Side, told: &mut Told) -> Option<Seen> {
        loop {
            // The time before the question: what is acknowledged while it is answered comes after the count.
            let asked = self.recorder.clock.now();
            let mut queues = queues(side)?;
            let at = self.recorder.clock.now();
            let info = side.tcp_info();
            let now = info.and_then(|info| TcpState::of_number(info.state));
            if let Some(now) = now
                && std::mem::replace(&mut told.state, now) != now
            {
                continue;
            }
            if let What::Queues { state, send_memory, .. } = &mut queues {
                *state = now;
                if now == Some(TcpState::Closed) {
                    *send_memory = side.ask(|socket| sys::send_memory(socket)).flatten();
                }
            }
            let info = info.map(|info| (at, info));
            return Some(Seen { asked, queues, info });
        }
    }

    fn record_news(&self, asked: u64, id: EndpointId, told: &mut Option<What>, news: What) {
        if told.as_ref() != Some(&news) {
            self.recorder.at(asked, id, Evidence::Measured, news.clone());
            *told = Some(news);
        }
    }
}

/// An answer of the kernel about a side.
struct Seen {
    asked: u64,
    queues: What,
    /// The counters of a connection, and when they were asked for.
    info: Option<(u64, TcpInfo)>,
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
                state: None,
                send_memory: None,
            }
        }),
        // What is sent lies at the other end at once: there is no send queue to ask about.
        Carrier::UnixStream | Carrier::Pipe if side.has_receive_queue() => side.ask(|socket| What::Queues {
            unsent: None,
            unacknowledged: None,
            waiting: sys::waiting_bytes(socket),
            datagrams: None,
            dropped: None,
            state: None,
            send_memory: None,
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
        state: None,
        send_memory: None,
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
