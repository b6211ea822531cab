//! Departures and acknowledgements, as the kernel stamped them.

use super::Endpoint;
use super::clock::Offset;
use super::flow::Flow;
use super::side::Side;
use crate::sys::{self, StampKind};
use crate::trace::{Evidence, What};

impl Endpoint<'_> {
    /// Records the stamps that wait in the error queues of both sides.
    pub(super) fn drain_stamps(&self) {
        for side in [&self.own, &self.peer] {
            if *side.stamped() {
                self.drain(side);
            }
        }
    }

    /// Empties the own error queue, and records the stamps that were in it; returns how many there were.
    ///
    /// Also after stamping has ended: what was under way then is stamped all the same, and raises ERR until it is
    /// taken.
    pub(super) fn drain_own_stamps(&self) -> usize {
        self.drain(&self.own)
    }

    fn drain(&self, side: &Side) -> usize {
        let mut stamped = side.stamped();
        let offset = Offset::now();
        let mut count = 0;
        while let Some(stamp) = side.ask(|socket| sys::next_stamp(socket)).flatten() {
            count += 1;
            if !*stamped {
                continue;
            }
            let at = self.recorder.clock.at_realtime(offset, stamp.realtime);
            let what = side.flow().stamped(stamp, side.is_stream());
            if let Some(what) = what {
                self.recorder.at(at, side.id, Evidence::Measured, what);
            }
        }
        if *stamped && side.is_bulk() {
            *stamped = false;
            side.ask(|socket| sys::stamp_nothing(socket));
            self.recorder.now(side.id, Evidence::Measured, What::StampsEnd);
        }
        count
    }
}

impl Flow {
    /// Where a stamp points in the flow.
    fn stamped(&mut self, stamp: sys::Stamp, stream: bool) -> Option<What> {
        if !stream {
            let (start, end) = self.datagram(stamp.id)?;
            return (stamp.kind == StampKind::Left).then_some(What::Left { start, end });
        }
        // The id is the offset of the last byte, modulo 2³²; stamps end long before the flow is that long.
        let end = u64::from(stamp.id) + 1;
        match stamp.kind {
            StampKind::Left if end > self.left => {
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
