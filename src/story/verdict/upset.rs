//! What was refuted although it may be true: because the lab itself was late, or because of what was staged on the wire.
//!
//! Such a finding is undecided, and says so. What the kernel's own stamps refute stays refuted.

use super::{Because, Evidence, Outcome};
use crate::scenario::claim::packets::{PacketClaim, PacketName};
use crate::scenario::{Claim, Named, NoteName};
use crate::trace::packet::Fate;
use crate::trace::{EndpointId, FrameFault, Note, What};

/// What stood in the way of what was to be seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Upset {
    /// The lab itself was not let run for so long, in nanoseconds: the machine was too busy.
    Late(u64),
    /// What chance did to packets on the wire.
    Chance {
        /// So many were lost.
        lost: u64,
        /// So many came twice.
        twice: u64,
        /// So many were overtaken by the packet behind them.
        overtaken: u64,
    },
    /// A packet takes its time from one end to the other, and a program's patience was shorter.
    Slow {
        /// From one end to the other, in milliseconds.
        delay_ms: u64,
        /// Thousands of bits a second, if there is a limit.
        rate_kbit: Option<u64>,
    },
    /// A file could not be written, with the system's words, or found no room.
    NotWritten(Option<String>),
}

/// Being late for less than this, in nanoseconds, upsets nothing: the kernel's shortest timer here is a delayed
/// acknowledgement of some 40 ms.
const TOO_LATE: u64 = 30_000_000;

/// A program that reads a frame has to wait for so many ways over the wire at most: two parts of it, each after an
/// acknowledgement of the one before, and the question that it answers.
const WAYS: u64 = 6;

impl Evidence<'_> {
    /// Why what was refuted may be true all the same.
    pub(super) fn upset(&self, claim: &Claim, because: &Because) -> Option<Upset> {
        let timely = match claim {
            Claim::Together { from } => self.was_late_together(*from, because),
            Claim::Acked { within_ms, .. } => self.was_late_to_acknowledge(within_ms.is_some(), because),
            Claim::Left(_) => self.was_late_to_send(),
            Claim::Segments { .. } | Claim::Packets(_) | Claim::Blocks { .. } => self.was_late(0, u64::MAX),
            _ => None,
        };
        timely.or_else(|| self.run_upset())
    }

    /// Why the run did not come to its end, or a program gave up, or a stream was cut elsewhere, if that says nothing about
    /// the scenario.
    pub(super) fn run_upset(&self) -> Option<Upset> {
        let expected = |endpoint: EndpointId| {
            let timed_out = |claim: &Claim| match claim {
                Claim::Fails { endpoint: who, reason } => {
                    *who == usize::from(endpoint.0) && reason.to_string() == "timed-out"
                }
                _ => false,
            };
            self.plan.claims.iter().any(timed_out)
        };
        let impatient = self.trace.events.iter().find_map(|event| match event.what {
            What::FrameFault {
                fault: FrameFault::TimedOut { after_ms, .. },
            } if !expected(event.endpoint) => self.lost_patience(event.at, after_ms),
            _ => None,
        });
        // Where a packet is missing the bytes behind it wait, and what is read at once is another piece of the stream; and a
        // datagram that comes twice is read twice.
        self.not_written().or(impatient).or_else(|| self.by_chance(u64::MAX))
    }

    /// This machine did not take a file that the run receives, and nobody expects that.
    fn not_written(&self) -> Option<Upset> {
        let is_expected = |note: &Note| {
            let named = |name: &NoteName| name.name() == note.name();
            self.plan.claims.iter().any(|claim| match claim {
                Claim::Notes { are, .. } => are.iter().any(named),
                Claim::NotesOfAll(all) => all.iter().any(|(_, name)| named(name)),
                Claim::Noted { note, .. } => named(note),
                _ => false,
            })
        };
        self.trace.events.iter().find_map(|event| match &event.what {
            What::Note { note } if !is_expected(note) => match note {
                Note::NoRoom { .. } => Some(Upset::NotWritten(None)),
                Note::CannotWrite { error } => Some(Upset::NotWritten(Some(error.as_str().to_owned()))),
                _ => None,
            },
            _ => None,
        })
    }

    /// Why a program that had patience for so long lost it.
    fn lost_patience(&self, at: u64, after_ms: u64) -> Option<Upset> {
        let late = self.was_late(at.saturating_sub(after_ms.saturating_mul(1_000_000)), at);
        let slow = || {
            let wire = self.plan.wire?;
            let delay_ms = u64::try_from(wire.delay.as_millis()).unwrap_or(u64::MAX);
            let rate_kbit = wire.rate.map(|rate| rate / 1000);
            let busy = self.busy_ns(0, at) / 1_000_000;
            let takes = delay_ms.saturating_mul(WAYS).saturating_add(busy);
            (takes > after_ms / 2).then_some(Upset::Slow { delay_ms, rate_kbit })
        };
        late.or_else(|| self.by_chance(at)).or_else(slow)
    }

    /// Whether the lab was late for long enough between two times.
    fn was_late(&self, from: u64, to: u64) -> Option<Upset> {
        let late = self.lateness.between(from, to);
        (late >= TOO_LATE).then_some(Upset::Late(late))
    }

    /// Whether chance has hit packets until then.
    fn by_chance(&self, until: u64) -> Option<Upset> {
        let packets = || self.packets.all().iter().filter(|packet| packet.at <= until);
        let count = |fate: Fate| {
            let is = |fates: Option<Fate>| fates == Some(fate);
            let hit = packets().filter(|sighting| is(sighting.packet(self.trace).map(|packet| packet.fate)));
            hit.count() as u64
        };
        let (lost, twice, overtaken) = (count(Fate::LostByChance), count(Fate::Duplicated), count(Fate::Late));
        (lost + twice + overtaken > 0).then_some(Upset::Chance { lost, twice, overtaken })
    }

    /// The first of some messages left before the last of them was sent. It had waited for an acknowledgement, and that
    /// came while the lab was still at the sends.
    fn was_late_together(&self, from: u32, because: &Because) -> Option<Upset> {
        let Because::Apart(messages, _) = because else {
            return None;
        };
        let (endpoint, first) = self.flows.message(from)?;
        let left = self.departures.up_to(endpoint, first.end())?.at;
        let before = self
            .flows
            .flow(endpoint)
            .iter()
            .rev()
            .find(|other| other.end() <= first.start);
        let before = before.and_then(|before| Some((before.number, self.departures.up_to(endpoint, before.end())?)));
        // Nothing lets it go before the acknowledgement but that it was not held at all.
        let is_refuted = before.is_some_and(|(_, before)| before.acknowledged.is_none_or(|came| left < came));
        let began = self.sends.called_at(before.map_or(from, |(number, _)| number))?;
        let last = messages
            .iter()
            .filter_map(|message| self.sends.called_at(*message))
            .max()?;
        let late = self.lateness.between(began, last);
        // Had it not been late, all would have been sent before the first one left.
        (!is_refuted && last > left && last.saturating_sub(late) <= left).then_some(Upset::Late(late))
    }

    /// An acknowledgement that a wire carries comes as late as the lab hands it over.
    fn was_late_to_acknowledge(&self, is_limited: bool, because: &Because) -> Option<Upset> {
        // Without one the kernel acknowledges, whatever the lab is at.
        self.plan.wire?;
        let Because::Acked { message, after, .. } = because else {
            return None;
        };
        let (acknowledged, _) = self.acknowledged(*message).ok()?;
        let late = self.lateness.between(acknowledged.saturating_sub(*after), acknowledged);
        let most = self.limit(*message, because)?;
        (is_limited && *after > most && after.saturating_sub(late) <= most).then_some(Upset::Late(late))
    }

    fn was_late_to_send(&self) -> Option<Upset> {
        let is_send = |what: &What| matches!(what, What::SendCall { .. } | What::Send { .. } | What::Corked { .. });
        let mut sends = self
            .trace
            .events
            .iter()
            .filter(|event| is_send(&event.what))
            .map(|event| event.at);
        let first = sends.next()?;
        self.was_late(first, sends.next_back()?)
    }

    /// What lasted long enough only because the lab was late has not shown that it lasts.
    pub(super) fn lasts_by_being_late(&self, at_least_ms: u64, lasted: u64) -> Option<Upset> {
        let late = self.lateness.in_all();
        let least = at_least_ms.saturating_mul(1_000_000);
        (lasted >= least && lasted.saturating_sub(late) < least).then_some(Upset::Late(late))
    }
}

/// Whether a claim of this kind can come true because the lab was late: what is sent later is not held any more, and what
/// takes longer is acknowledged later, or is one more packet.
pub(super) fn comes_true_by_being_late(claim: &Claim) -> bool {
    matches!(
        claim,
        Claim::NothingHeld
            | Claim::Left(_)
            | Claim::Acked { .. }
            | Claim::Segments { .. }
            | Claim::Packets(PacketClaim {
                are: PacketName::Any
                    | PacketName::Ack
                    | PacketName::Data
                    | PacketName::DuplicateAck
                    | PacketName::Retransmission,
                ..
            })
            | Claim::Lasts { .. }
            | Claim::Blocks { .. }
            | Claim::Hangs { .. }
    )
}

/// A finding that is undecided because of that.
pub(super) fn undecided(by: Upset, seen: Because) -> (Outcome, Because) {
    (
        Outcome::NotMeasured,
        Because::Upset {
            by,
            seen: Box::new(seen),
        },
    )
}
