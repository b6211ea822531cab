//! What a time that is expected at most grows by over a wire: what is staged there takes its time, and no kernel and no
//! program can make up for it.

use super::{Because, Evidence};
use crate::trace::packet::Fate;

/// What the wire adds to a time limit, in nanoseconds each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Added {
    /// Its delay, there and back.
    pub delay: u64,
    /// What it takes to carry the packets, at its rate.
    pub rate: u64,
    /// How long packets were held on it, or let others go first.
    pub held: u64,
    /// How long it takes until what was lost is sent again.
    pub lost: u64,
}

/// The kernel's shortest retransmission timeout where nothing else is staged, in milliseconds (tcp(7)).
const RTO_MIN_MS: u32 = 200;

/// How long a packet that lets another one go first waits for it at most, in nanoseconds.
const LATE: u64 = 10_000_000;

impl Added {
    /// All of it.
    #[must_use]
    pub fn sum(self) -> u64 {
        [self.delay, self.rate, self.held, self.lost]
            .into_iter()
            .fold(0, u64::saturating_add)
    }
}

impl Evidence<'_> {
    /// What is staged on the wire between a message's departure and its acknowledgement.
    pub(super) fn added(&self, left: u64, acknowledged: u64) -> Added {
        let Some(wire) = self.plan.wire else {
            return Added::default();
        };
        let delay = u64::try_from(wire.delay.as_nanos()).unwrap_or(u64::MAX);
        let mut added = Added {
            delay: delay.saturating_mul(2),
            rate: self.busy_ns(left, acknowledged),
            ..Added::default()
        };
        let rto_min = u64::from(wire.rto_min_ms.unwrap_or(RTO_MIN_MS)).saturating_mul(1_000_000);
        let mut timeout = rto_min.saturating_add(added.delay);
        for sighting in self.packets.all() {
            let fate = sighting.packet(self.trace).map(|packet| packet.fate);
            let went = sighting
                .arrivals
                .first()
                .map_or(u64::MAX, |(at, _)| *at)
                .min(acknowledged);
            if sighting.at > acknowledged || went < left {
                continue;
            }
            match fate {
                Some(Fate::Held) => added.held = added.held.max(went - sighting.at.min(went)),
                Some(Fate::Late) => added.held = added.held.saturating_add(LATE),
                // Each time that it runs out it is twice as long (RFC 6298, section 5.5).
                Some(fate) if fate.is_lost() => {
                    added.lost = added.lost.saturating_add(timeout);
                    timeout = timeout.saturating_mul(2);
                }
                _ => {}
            }
        }
        added
    }

    /// How long the wire is busy with what is on it between two times, at its rate, in nanoseconds.
    pub(super) fn busy_ns(&self, from: u64, to: u64) -> u64 {
        let Some(rate) = self.plan.wire.and_then(|wire| wire.rate) else {
            return 0;
        };
        let is_on_it = |at: u64, gone: u64| at <= to && gone >= from;
        let sizes = self.packets.all().iter().filter_map(|sighting| {
            let gone = sighting.arrivals.last().map_or(u64::MAX, |(at, _)| *at);
            let packet = sighting.packet(self.trace)?;
            is_on_it(sighting.at, gone).then_some(packet.size)
        });
        let bits = sizes.fold(0_u64, u64::saturating_add).saturating_mul(8);
        u64::try_from(u128::from(bits) * 1_000_000_000 / u128::from(rate)).unwrap_or(u64::MAX)
    }

    /// How long the acknowledgement of a message may take, in nanoseconds.
    pub(super) fn limit(&self, message: u32, because: &Because) -> Option<u64> {
        let Because::Acked { within_ms, .. } = because else {
            return None;
        };
        let (acknowledged, after) = self.acknowledged(message).ok()?;
        let added = self.added(acknowledged.saturating_sub(after), acknowledged);
        Some((*within_ms)?.saturating_mul(1_000_000).saturating_add(added.sum()))
    }
}
