//! Asking the kernel after a call what lies where.

use std::os::fd::AsFd;
use std::sync::PoisonError;
use std::sync::atomic::Ordering;

use super::Endpoint;
use super::side::MOST_DATAGRAMS;
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

    /// Asks the kernel about both sides, and records the answers that are new.
    pub(super) fn observe(&self) {
        self.drain_stamps();
        for side in [&self.own, &self.peer] {
            let Some((queues, info)) = side.ask(|socket| (queues(socket, side.stream), sys::tcp_info(socket))) else {
                continue;
            };
            let mut told = side.told.lock().unwrap_or_else(PoisonError::into_inner);
            self.record_news(side.id, &mut told.queues, queues);
            if let Some(info) = info.filter(|_| side.stream) {
                self.record_news(side.id, &mut told.segments, segments_event(info));
            }
        }
    }

    fn record_news(&self, id: EndpointId, told: &mut Option<What>, news: What) {
        if told.as_ref() != Some(&news) {
            self.recorder.now(id, Evidence::Measured, news.clone());
            *told = Some(news);
        }
    }
}

fn queues(socket: impl AsFd, stream: bool) -> What {
    if stream {
        let queued = sys::queued_bytes(socket.as_fd());
        // What is acknowledged between the two questions must not make the difference negative.
        let unsent = sys::unsent_bytes(socket.as_fd());
        let unacknowledged = queued.zip(unsent).map(|(queued, unsent)| queued.saturating_sub(unsent));
        let waiting = sys::waiting_bytes(socket.as_fd());
        return What::Queues {
            unsent,
            unacknowledged,
            waiting,
            datagrams: None,
            dropped: None,
        };
    }
    let waiting = sys::waiting_datagrams(socket.as_fd(), MOST_DATAGRAMS);
    What::Queues {
        unsent: None,
        unacknowledged: None,
        waiting: waiting.map(|waiting| waiting.bytes),
        datagrams: waiting.map(|waiting| waiting.datagrams),
        dropped: sys::dropped_datagrams(socket.as_fd()),
    }
}

fn segments_event(info: TcpInfo) -> What {
    What::Segments {
        sent: info.segments_out.into(),
        received: info.segments_in.into(),
        data_sent: info.data_segments_out.into(),
        mss: info.mss.into(),
    }
}
