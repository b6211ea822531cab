//! Decides one claim from the evidence.

use std::ops::RangeInclusive;

use super::super::departures::Departure;
use super::super::peer;
use super::super::picture::counted::counted;
use super::super::pieces::{Message, Piece};
use super::super::reads::Read;
use super::{Because, Evidence, Outcome};
use crate::scenario::{Claim, Named, PieceRef};
use crate::trace::{EndpointId, What};

pub(super) type Decision = (Outcome, Because);

impl Evidence<'_> {
    pub(super) fn decide(&self, claim: &Claim) -> Decision {
        match claim {
            Claim::Reads(expected) => {
                let seen: Vec<_> = self.reads.iter().map(|read| self.content(read)).collect();
                let same =
                    seen.len() == expected.len() && seen.iter().zip(expected).all(|(a, b)| a.as_ref() == Some(b));
                (kept_or(&seen, held_if(same)), Because::Reads(seen))
            }
            Claim::Read { number, bytes } => {
                let Some(read) = number.checked_sub(1).and_then(|index| self.reads.get(index)) else {
                    return (Outcome::Failed, Because::Read(*number, None));
                };
                let Some(seen) = self.content(read) else {
                    return (Outcome::NotMeasured, Because::NotKept(*number));
                };
                (held_if(seen == *bytes), Because::Read(*number, Some(seen)))
            }
            Claim::Readings(expected) => {
                let seen: Vec<_> = self.reads.iter().map(|read| read.reading).collect();
                (held_if(seen == *expected), Because::Readings(seen))
            }
            Claim::Lost(expected) => {
                let lost = self.reads.iter().map(|read| read.lost).sum();
                (held_if(lost == *expected), Because::Lost(lost))
            }
            Claim::Left(expected) => {
                if self.departures.is_empty() || !self.endpoints().all(|endpoint| self.all_stamped(endpoint)) {
                    return (Outcome::NotMeasured, Because::NoStamps);
                }
                if let Some(long) = self.departures.iter().find(|departure| !departure.at_once) {
                    return (Outcome::NotMeasured, Because::MoreThanASegment(long.end - long.start));
                }
                let references = |departure: &Departure| departure.pieces.iter().map(Piece::reference).collect();
                let seen: Vec<Vec<PieceRef>> = self.departures.iter().map(references).collect();
                (held_if(seen == *expected), Because::Departures(seen))
            }
            Claim::Held {
                from,
                to,
                until_ack_of,
                at_least_ms,
            } => self.held(*from..=to.unwrap_or(u32::MAX), *until_ack_of, *at_least_ms),
            Claim::NothingHeld => self.nothing_held(),
            Claim::Together { from } => self.together(*from),
            Claim::Acked {
                message,
                within_ms,
                at_least_ms,
            } => match self.acknowledged(*message) {
                Ok((acknowledged, after)) => {
                    let added = self.added(acknowledged.saturating_sub(after), acknowledged);
                    let because = Because::Acked {
                        message: *message,
                        after,
                        within_ms: *within_ms,
                        at_least_ms: *at_least_ms,
                        added,
                    };
                    let soon = self.limit(*message, &because).is_none_or(|most| after <= most);
                    let late = at_least_ms.is_none_or(|least| after >= least * 1_000_000);
                    (held_if(soon && late), because)
                }
                Err(because) => (undecided(&because), because),
            },
            Claim::Dropped(_)
            | Claim::Arrived(_)
            | Claim::Segments { .. }
            | Claim::Blocks { .. }
            | Claim::Errors(_)
            | Claim::Texts(_)
            | Claim::Malformed(_) => self.decide_calls(claim),
            Claim::Frames(_)
            | Claim::Values(_)
            | Claim::Fails { .. }
            | Claim::PackFails { .. }
            | Claim::RoundTrips { .. } => self.decide_made(claim),
            Claim::Notes { endpoint, are } => self.notes_are(id(*endpoint), are),
            Claim::NotesOfAll(expected) => self.notes_of_all(expected),
            Claim::Noted { endpoint, note } => {
                let endpoint = id(*endpoint);
                let seen = self.notes().any(|seen| seen == (endpoint, note.name()));
                (held_if(seen), Because::Noted(endpoint, *note))
            }
            Claim::Packets(packets) => self.decide_packets(packets),
            Claim::Lasts { at_least_ms } => self.decide_lasts(*at_least_ms),
            Claim::Hangs { endpoint } => self.decide_hang(*endpoint),
            Claim::Replies { endpoint, of } => self.replies_are(id(*endpoint), of),
        }
    }

    /// Held: when its send had returned, all of it lay unsent (the kernel's count), and it left no earlier than the
    /// acknowledgement (the kernel's stamps, both on one clock).
    fn held(&self, held: RangeInclusive<u32>, until: u32, at_least_ms: u64) -> Decision {
        let from = *held.start();
        let (acknowledged, after) = match self.acknowledged(until) {
            Ok(times) => times,
            Err(because) => return (undecided(&because), because),
        };
        let (Some((endpoint, _)), Some((other, _))) = (self.flows.message(until), self.flows.message(from)) else {
            return (Outcome::Failed, Because::NoMessage(from));
        };
        if endpoint != other {
            return (Outcome::Failed, Because::OtherFlow(from, until));
        }
        let mut messages = Vec::new();
        for message in self
            .flows
            .flow(endpoint)
            .iter()
            .filter(|message| held.contains(&message.number))
        {
            if let Err(because) = self.held_until(endpoint, message, until, acknowledged) {
                return (undecided(&because), because);
            }
            messages.push(message.number);
        }
        let long_enough = after >= at_least_ms * 1_000_000;
        (
            held_if(long_enough),
            Because::HeldUntilAck {
                messages,
                until,
                after,
                at_least_ms,
            },
        )
    }

    fn held_until(
        &self,
        endpoint: EndpointId,
        message: &Message,
        until: u32,
        acknowledged: u64,
    ) -> Result<(), Because> {
        let number = message.number;
        if let Some(called) = self.sends.called_at(number).filter(|called| *called > acknowledged) {
            // Had the lab not been late, it would have sent before.
            let late = self.trace.head.stepped || called - self.late_for(until, called) <= acknowledged;
            return Err(if late {
                Because::AckCameFirst { message: number, until }
            } else {
                Because::NothingToWaitFor { message: number, until }
            });
        }
        let sent = self.sends.up_to(endpoint, message.end()).ok_or(Because::NoQueues)?;
        let of = sent.end - sent.start;
        let left = self.departures.up_to(endpoint, message.end()).map(|left| left.at);
        let unsent = sent.unsent.ok_or(Because::NoQueues)?;
        // It left when it was let go, so it may have waited; only nobody has seen it wait.
        if unsent < of && left.is_some_and(|left| left + STAMPS_AGREE >= acknowledged) {
            return Err(Because::AskedTooLate { message: number, until });
        }
        match unsent {
            0 => return Err(Because::NotHeld(number)),
            unsent if unsent < of => {
                return Err(Because::PartlyHeld {
                    message: number,
                    unsent,
                    of,
                });
            }
            _ => {}
        }
        if left.ok_or(Because::NoStamps)? + STAMPS_AGREE < acknowledged {
            return Err(Because::LeftBeforeAck { message: number, until });
        }
        Ok(())
    }

    /// For how long the lab was late between the send of a message and a time.
    fn late_for(&self, message: u32, to: u64) -> u64 {
        let from = self.sends.called_at(message).unwrap_or(to);
        self.lateness.between(from, to)
    }

    fn nothing_held(&self) -> Decision {
        if self.sends.is_empty() {
            return (Outcome::Failed, Because::NoMessage(1));
        }
        for sent in self.sends.iter() {
            match sent.unsent {
                None => return (Outcome::NotMeasured, Because::NoQueues),
                Some(0) => {}
                Some(bytes) => {
                    let pieces = self.flows.pieces(sent.endpoint, sent.start, sent.end);
                    let message = pieces.last().map_or(1, |piece| piece.message);
                    return (Outcome::Failed, Because::Unsent(message, bytes));
                }
            }
        }
        (Outcome::Held, Because::NothingHeld)
    }

    /// Whether everything an endpoint sent has a stamp of its departure, or is known not to have left.
    fn all_stamped(&self, endpoint: EndpointId) -> bool {
        let sent = self.sends.iter().filter(|sent| sent.endpoint == endpoint);
        let left = self
            .departures
            .iter()
            .filter(|departure| departure.endpoint == endpoint);
        if !self.trace.head.is_stream() {
            return sent.count() == left.count();
        }
        let sent = sent.map(|sent| sent.end).max().unwrap_or(0);
        let left = left.map(|departure| departure.end).max().unwrap_or(0);
        let own = || {
            self.trace
                .events
                .iter()
                .rev()
                .filter(|event| event.endpoint == endpoint)
        };
        let shut = own().any(|event| event.what == What::HalfClosed);
        let last = own().find_map(|event| counted(&event.what, shut, false));
        let unsent = last
            .filter(|last| last.thrown_away.is_none())
            .map(|last| last.unsent.unwrap_or(0));
        let closed = own().any(|event| event.what == What::Closed);
        sent == left || (!closed && unsent == Some(sent - left.min(sent)))
    }

    fn together(&self, from: u32) -> Decision {
        let Some((endpoint, first)) = self.flows.message(from) else {
            return (Outcome::Failed, Because::NoMessage(from));
        };
        let messages: Vec<&Message> = self
            .flows
            .flow(endpoint)
            .iter()
            .filter(|message| message.number >= from)
            .collect();
        let end = messages.last().map_or(first.end(), |message| message.end());
        let Some(last) = self.departures.up_to(endpoint, end) else {
            return (Outcome::NotMeasured, Because::NoStamps);
        };
        let numbers = messages.iter().map(|message| message.number).collect();
        if last.start == first.start && !last.at_once {
            return (Outcome::NotMeasured, Because::MoreThanASegment(end - first.start));
        }
        if last.start == first.start {
            return (Outcome::Held, Because::Together(numbers, end - first.start));
        }
        let apart = self
            .departures
            .iter()
            .filter(|departure| departure.endpoint == endpoint && departure.end > first.start);
        (Outcome::Failed, Because::Apart(numbers, apart.count()))
    }

    /// When a message was acknowledged, and how long after it had left, in nanoseconds: both as the kernel stamped them.
    pub(super) fn acknowledged(&self, number: u32) -> Result<(u64, u64), Because> {
        let (endpoint, message) = self.flows.message(number).ok_or(Because::NoMessage(number))?;
        let left = self.departures.up_to(endpoint, message.end());
        // A stamp of more than this message tells of this message only if all of it left at once.
        let left = left
            .filter(|left| left.end == message.end() || left.at_once)
            .ok_or(Because::NoStamps)?;
        let acknowledged = left.acknowledged.ok_or(Because::NoStamps)?;
        Ok((acknowledged, acknowledged.saturating_sub(left.at)))
    }

    fn content(&self, read: &Read) -> Option<Vec<u8>> {
        self.flows
            .bytes(
                peer(read.endpoint),
                read.start,
                read.start + read.returned,
                MOST_COMPARED,
            )
            .whole()
    }

    fn endpoints(&self) -> impl Iterator<Item = EndpointId> + use<> {
        (0..self.trace.head.endpoints.len()).map(id)
    }
}

/// Stamps of one moment that were read at two may differ by so much, in nanoseconds: each time they are brought from the
/// realtime clock onto the run's anew.
const STAMPS_AGREE: u64 = 50_000;

/// Reads longer than this cannot be spelled out in an expectation.
const MOST_COMPARED: u64 = 1 << 20;

pub(super) fn id(endpoint: usize) -> EndpointId {
    EndpointId(u8::try_from(endpoint).unwrap_or(u8::MAX))
}

pub(super) fn held_if(seen: bool) -> Outcome {
    if seen { Outcome::Held } else { Outcome::Failed }
}

/// What was not kept cannot be compared.
pub(super) fn kept_or(seen: &[Option<Vec<u8>>], outcome: Outcome) -> Outcome {
    if outcome == Outcome::Failed && seen.contains(&None) {
        Outcome::NotMeasured
    } else {
        outcome
    }
}

fn undecided(because: &Because) -> Outcome {
    match because {
        Because::NoStamps | Because::NoQueues | Because::AckCameFirst { .. } | Because::AskedTooLate { .. } => {
            Outcome::NotMeasured
        }
        _ => Outcome::Failed,
    }
}
