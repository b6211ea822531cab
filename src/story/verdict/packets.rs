//! Decides claims about packets on a wire, and about how long a run took.

use super::decide::{Decision, held_if, id};
use super::upset::undecided;
use super::{Because, Evidence, Outcome};
use crate::scenario::claim::packets::PacketClaim;
use crate::trace::{Link, What};

impl Evidence<'_> {
    pub(super) fn decide_packets(&self, claim: &PacketClaim) -> Decision {
        if self.trace.head.link != Link::Wire {
            return (Outcome::NotMeasured, Because::NoWire);
        }
        let from = id(claim.from);
        let sent = self.packets.all().iter().filter(|sighting| sighting.from == from);
        let count = sent.filter(|sighting| sighting.is_a(claim.are, self.trace)).count() as u64;
        let because = Because::Packets {
            from,
            are: claim.are,
            count,
        };
        (held_if(claim.amount.allows(count)), because)
    }

    /// From the first call to the last thing that a program saw.
    pub(super) fn decide_lasts(&self, at_least_ms: u64) -> Decision {
        let call = |what: &What| matches!(what, What::SendCall { .. } | What::RecvCall { .. });
        let told = |what: &What| matches!(what, What::Send { .. } | What::Recv { .. } | What::Frame { .. });
        let mut events = self.trace.events.iter();
        let first = events.find(|event| call(&event.what)).map(|event| event.at);
        let last = events.rev().find(|event| told(&event.what)).map(|event| event.at);
        let (Some(first), Some(last)) = (first, last) else {
            return (Outcome::Failed, Because::Lasted(0));
        };
        let lasted = last.saturating_sub(first);
        if let Some(by) = self.lasts_by_being_late(at_least_ms, lasted) {
            return undecided(by, Because::Lasted(lasted));
        }
        (held_if(lasted >= at_least_ms * 1_000_000), Because::Lasted(lasted))
    }
}
