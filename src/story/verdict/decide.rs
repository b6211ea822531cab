//! Decides one claim from the evidence.

use super::super::departures::{Departure, acknowledged_at, departure_of};
use super::super::peer;
use super::super::pieces::{Message, Piece};
use super::super::reads::Read;
use super::{Because, Evidence, Outcome, name_of};
use crate::scenario::{Claim, PieceRef};
use crate::trace::{EndpointId, Event, FrameFault, What};

type Decision = (Outcome, Because);

impl Evidence<'_> {
    pub(super) fn decide(&self, claim: &Claim) -> Decision {
        match claim {
            Claim::Reads(expected) => {
                let seen: Vec<_> = self.reads.iter().map(|read| self.content(read)).collect();
                let same =
                    seen.len() == expected.len() && seen.iter().zip(expected).all(|(a, b)| a.as_ref() == Some(b));
                (held_if(same), Because::Reads(seen))
            }
            Claim::Read { number, bytes } => {
                let seen = number.checked_sub(1).and_then(|index| self.reads.get(index));
                let seen = seen.and_then(|read| self.content(read));
                (held_if(seen.as_ref() == Some(bytes)), Because::Read(*number, seen))
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
                if self.departures.is_empty() {
                    return (Outcome::NotMeasured, Because::NoStamps);
                }
                let references = |departure: &Departure| departure.pieces.iter().map(Piece::reference).collect();
                let seen: Vec<Vec<PieceRef>> = self.departures.iter().map(references).collect();
                (held_if(seen == *expected), Because::Departures(seen))
            }
            Claim::Held {
                from,
                until_ack_of,
                at_least_ms,
            } => self.held(*from, *until_ack_of, *at_least_ms),
            Claim::NothingHeld => self.nothing_held(),
            Claim::Together { from } => self.together(*from),
            Claim::Acked { message, within_ms } => match self.acknowledged_after(*message) {
                Ok(after) => {
                    let because = Because::Acked {
                        message: *message,
                        after,
                        within_ms: *within_ms,
                    };
                    (held_if(after <= *within_ms * 1_000_000), because)
                }
                Err(because) => (undecided(&because), because),
            },
            Claim::Frames(expected) => {
                let seen: Vec<Option<Vec<u8>>> = self.frames().collect();
                let same =
                    seen.len() == expected.len() && seen.iter().zip(expected).all(|(a, b)| a.as_ref() == Some(b));
                (held_if(same), Because::Frames(seen))
            }
            Claim::Fails { endpoint, reason } => {
                let endpoint = EndpointId(u8::try_from(*endpoint).unwrap_or(u8::MAX));
                let fault = self.faults().find(|(who, _)| *who == endpoint).map(|(_, fault)| fault);
                let same = fault.is_some_and(|fault| name_of(fault) == reason.to_string());
                (held_if(same), Because::Fault(endpoint, fault))
            }
        }
    }

    /// Held: after its send the message lay unsent (the kernel's count), and it left no earlier than the
    /// acknowledgement (the kernel's stamps, both on one clock).
    fn held(&self, from: u32, until: u32, at_least_ms: u64) -> Decision {
        let after = match self.acknowledged_after(until) {
            Ok(after) => after,
            Err(because) => return (undecided(&because), because),
        };
        let Some((endpoint, first)) = self.flows.message(until) else {
            return (Outcome::Failed, Because::NoMessage(until));
        };
        let acknowledged = acknowledged_at(self.trace, endpoint, first.end()).unwrap_or(u64::MAX);
        let mut messages = Vec::new();
        for message in self
            .flows
            .flow(endpoint)
            .iter()
            .filter(|message| message.number >= from)
        {
            match self.unsent_after(endpoint, message) {
                None => return (Outcome::NotMeasured, Because::NoQueues),
                Some(0) => return (Outcome::Failed, Because::NotHeld(message.number)),
                Some(_) => {}
            }
            match departure_of(self.departures, endpoint, message.end()) {
                None => return (Outcome::NotMeasured, Because::NoStamps),
                Some(departure) if departure.at < acknowledged => {
                    return (
                        Outcome::Failed,
                        Because::LeftBeforeAck {
                            message: message.number,
                            until,
                        },
                    );
                }
                Some(_) => messages.push(message.number),
            }
        }
        if messages.is_empty() {
            return (Outcome::Failed, Because::NoMessage(from));
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

    fn nothing_held(&self) -> Decision {
        for endpoint in self.endpoints() {
            for message in self.flows.flow(endpoint) {
                match self.unsent_after(endpoint, message) {
                    None => return (Outcome::NotMeasured, Because::NoQueues),
                    Some(0) => {}
                    Some(bytes) => return (Outcome::Failed, Because::Unsent(message.number, bytes)),
                }
            }
        }
        (Outcome::Held, Because::NothingHeld)
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
        let Some(last) = departure_of(self.departures, endpoint, end) else {
            return (Outcome::NotMeasured, Because::NoStamps);
        };
        let numbers = messages.iter().map(|message| message.number).collect();
        if last.start == first.start {
            return (Outcome::Held, Because::Together(numbers, end - first.start));
        }
        let apart = self
            .departures
            .iter()
            .filter(|departure| departure.endpoint == endpoint && departure.end > first.start);
        (Outcome::Failed, Because::Apart(numbers, apart.count()))
    }

    /// Nanoseconds from a message's departure to its acknowledgement, both as the kernel stamped them.
    fn acknowledged_after(&self, number: u32) -> Result<u64, Because> {
        let (endpoint, message) = self.flows.message(number).ok_or(Because::NoMessage(number))?;
        let left = departure_of(self.departures, endpoint, message.end()).ok_or(Because::NoStamps)?;
        let acknowledged = acknowledged_at(self.trace, endpoint, message.end()).ok_or(Because::NoStamps)?;
        Ok(acknowledged.saturating_sub(left.at))
    }

    /// Bytes that lay unsent in the send queue when the last send of a message had returned, before any other call.
    fn unsent_after(&self, endpoint: EndpointId, message: &Message) -> Option<u64> {
        let sent = |event: &Event| {
            event.endpoint == endpoint
                && matches!(event.what, What::Send { start, returned, .. } if start + returned == message.end())
        };
        let index = self.trace.events.iter().position(sent)?;
        // Only news is recorded, so the count that holds is the last one told until somebody does something else.
        let next_call = |event: &Event| {
            matches!(
                event.what,
                What::SendCall { .. } | What::RecvCall { .. } | What::Wait { .. }
            )
        };
        let after = &self.trace.events[index..];
        let until = index + after.iter().position(next_call).unwrap_or(after.len());
        let told = |event: &Event| match event.what {
            What::Queues { unsent, .. } if event.endpoint == endpoint => Some(unsent),
            _ => None,
        };
        self.trace.events[..until].iter().rev().find_map(told).flatten()
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

    fn frames(&self) -> impl Iterator<Item = Option<Vec<u8>>> {
        self.trace.events.iter().filter_map(|event| match &event.what {
            What::Frame { bytes } => Some(bytes.tail.is_empty().then(|| bytes.hex.clone())),
            _ => None,
        })
    }

    pub(super) fn faults(&self) -> impl Iterator<Item = (EndpointId, FrameFault)> {
        self.trace.events.iter().filter_map(|event| match event.what {
            What::FrameFault { fault } => Some((event.endpoint, fault)),
            _ => None,
        })
    }

    fn endpoints(&self) -> impl Iterator<Item = EndpointId> + use<> {
        (0..self.trace.head.endpoints.len()).map(|index| EndpointId(u8::try_from(index).unwrap_or(u8::MAX)))
    }
}

/// Reads longer than this cannot be spelled out in an expectation.
const MOST_COMPARED: u64 = 1 << 20;

fn held_if(seen: bool) -> Outcome {
    if seen { Outcome::Held } else { Outcome::Failed }
}

fn undecided(because: &Because) -> Outcome {
    match because {
        Because::NoStamps | Because::NoQueues => Outcome::NotMeasured,
        _ => Outcome::Failed,
    }
}
