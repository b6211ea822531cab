//! Departures and acknowledgements, as the kernel stamped them.

use std::sync::atomic::Ordering;

use super::Endpoint;
use super::clock::Offset;
use super::flow::Flow;
use crate::sys::{self, StampKind};
use crate::trace::{Evidence, What};

impl Endpoint<'_> {
    /// Records the stamps that wait in the error queues; returns how many there were.
    pub(super) fn drain_stamps(&self) -> usize {
        let mut count = 0;
        for side in [&self.own, &self.peer] {
            if !side.stamped.load(Ordering::Relaxed) {
                continue;
            }
            let offset = Offset::now();
            while let Some(stamp) = side.ask(|socket| sys::next_stamp(socket)).flatten() {
                count += 1;
                let at = self.recorder.clock.at_realtime(offset, stamp.realtime);
                let what = side.flow().stamped(stamp, side.stream);
                if let Some(what) = what {
                    self.recorder.at(at, side.id, Evidence::Measured, what);
                }
            }
            if side.stream && side.flow().is_bulk() && side.stamped.swap(false, Ordering::Relaxed) {
                side.ask(|socket| sys::stamp_nothing(socket));
                self.recorder.now(side.id, Evidence::Measured, What::StampsEnd);
            }
        }
        count
    }
}

impl Flow {
    /// Where a stamp points in the flow.
    fn stamped(&mut self, stamp: sys::Stamp, stream: bool) -> Option<What> {
        let end = if stream {
            // The id is the offset of the last byte, modulo 2³²; stamps end long before the flow is that long.
            u64::from(stamp.id) + 1
        } else {
            *self.datagram_ends.get(usize::try_from(stamp.id).ok()?)?
        };
        match stamp.kind {
            StampKind::Left if end > self.left || !stream => {
                let start = std::mem::replace(&mut self.left, end);
                Some(What::Left { start, end })
            }
            StampKind::Acknowledged if end > self.acknowledged => {
                let start = std::mem::replace(&mut self.acknowledged, end);
                Some(What::Acknowledged { start, end })
            }
            // A retransmission of what has left before.
            _ => None,
        }
    }
}
