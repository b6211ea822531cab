//! Whether what had to be seen was seen, and why one may say so.

use super::departures::{Departure, acknowledged_at, departure_of};
use super::pieces::{Flows, Message, Piece};
use super::reads::Read;
use crate::scenario::{Claim, PieceRef, Plan, Prediction, Reading};
use crate::trace::{Ending, EndpointId, Event, FrameFault, Trace, What};

/// What the judge looks at.
#[derive(Debug, Clone, Copy)]
pub struct Evidence<'a> {
    /// What happened.
    pub trace: &'a Trace,
    /// What was to be done, and what must be seen.
    pub plan: &'a Plan,
    /// The messages.
    pub flows: &'a Flows,
    /// The reads.
    pub reads: &'a [Read],
    /// The departures.
    pub departures: &'a [Departure],
}

/// The judgement on a run.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// One finding for each expectation that applies, for the ending, and for each question.
    pub findings: Vec<Finding>,
    /// For each question of the plan, the options that were right.
    pub answers: Vec<Vec<usize>>,
}

/// What was found about one expectation.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// What had to be seen.
    pub subject: Subject,
    /// Whether it was.
    pub outcome: Outcome,
    /// What was seen.
    pub because: Because,
}

/// What a finding is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// An expectation of the scenario.
    Claim(Claim),
    /// Every run must come to its end, and no program may give up unless that is expected.
    Ending,
    /// Exactly one option of a question must be right; the index is the question's.
    Prediction(usize),
}

/// Whether an expectation was met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was.
    Held,
    /// Something else was seen.
    Failed,
    /// This machine could not measure what it takes to tell.
    NotMeasured,
}

/// What was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Because {
    /// The reads returned this; `None` where the trace keeps only a part of the bytes.
    Reads(Vec<Option<Vec<u8>>>),
    /// The reads were this.
    Readings(Vec<Reading>),
    /// Read `number` returned this, if there was such a read.
    Read(usize, Option<Vec<u8>>),
    /// This left together, departure by departure.
    Departures(Vec<Vec<PieceRef>>),
    /// These messages were held until message `until` was acknowledged, `after` nanoseconds after it left.
    HeldUntilAck {
        /// The held messages.
        messages: Vec<u32>,
        /// The message whose acknowledgement released them.
        until: u32,
        /// From that message's departure to its acknowledgement, in nanoseconds.
        after: u64,
        /// What was expected at least, in milliseconds.
        at_least_ms: u64,
    },
    /// This message was not held: nothing of it was unsent after its send.
    NotHeld(u32),
    /// This message left before the acknowledgement it was said to wait for.
    LeftBeforeAck {
        /// The message.
        message: u32,
        /// The one whose acknowledgement it should have waited for.
        until: u32,
    },
    /// After no send was anything unsent.
    NothingHeld,
    /// After this message's send so many bytes were unsent.
    Unsent(u32, u64),
    /// These messages left in one departure of so many bytes.
    Together(Vec<u32>, u64),
    /// These messages left in so many departures.
    Apart(Vec<u32>, usize),
    /// The message was acknowledged so many nanoseconds after it left; so many milliseconds were allowed.
    Acked {
        /// The message.
        message: u32,
        /// Nanoseconds.
        after: u64,
        /// Milliseconds.
        within_ms: u64,
    },
    /// So many bytes of datagrams were cut off.
    Lost(u64),
    /// The framing reader delivered this.
    Frames(Vec<Option<Vec<u8>>>),
    /// The framing reader of this endpoint gave up, or did not.
    Fault(EndpointId, Option<FrameFault>),
    /// The run ended like this.
    Ended(Ending),
    /// These options of a question were right.
    Answers(Vec<usize>),
    /// There is no such message.
    NoMessage(u32),
    /// The system does not tell what lies unsent in the send queue.
    NoQueues,
    /// The system stamps no departures and acknowledgements, or these were not.
    NoStamps,
}

impl Verdict {
    /// Everything that had to be seen was seen.
    #[must_use]
    pub fn held(&self) -> bool {
        self.findings.iter().all(|finding| finding.outcome == Outcome::Held)
    }

    /// Something else was seen.
    #[must_use]
    pub fn failed(&self) -> bool {
        self.findings.iter().any(|finding| finding.outcome == Outcome::Failed)
    }
}

/// Judges a run.
#[must_use]
pub fn judge(evidence: &Evidence<'_>) -> Verdict {
    let claims = &evidence.plan.claims;
    let mut findings: Vec<Finding> = Vec::new();
    if let Some(finding) = evidence.ending() {
        findings.push(finding);
    }
    for claim in claims {
        let (outcome, because) = evidence.decide(claim);
        findings.push(Finding {
            subject: Subject::Claim(claim.clone()),
            outcome,
            because,
        });
    }
    let mut answers = Vec::new();
    for (index, prediction) in evidence.plan.predictions.iter().enumerate() {
        let (finding, right) = evidence.answer(index, prediction);
        findings.push(finding);
        answers.push(right);
    }
    Verdict { findings, answers }
}

type Decision = (Outcome, Because);

impl Evidence<'_> {
    /// A finding if the run did not come to its end, or somebody gave up whom nobody expected to.
    fn ending(&self) -> Option<Finding> {
        let because = if self.trace.ending == Ending::Finished {
            let expected = |endpoint: EndpointId, fault: FrameFault| {
                self.plan.claims.iter().any(|claim| match claim {
                    Claim::Fails {
                        endpoint: index,
                        reason,
                    } => *index == usize::from(endpoint.0) && reason.to_string() == name_of(fault),
                    _ => false,
                })
            };
            let (endpoint, fault) = self.faults().find(|(endpoint, fault)| !expected(*endpoint, *fault))?;
            Because::Fault(endpoint, Some(fault))
        } else {
            Because::Ended(self.trace.ending.clone())
        };
        Some(Finding {
            subject: Subject::Ending,
            outcome: Outcome::Failed,
            because,
        })
    }

    fn answer(&self, index: usize, prediction: &Prediction) -> (Finding, Vec<usize>) {
        let decided: Vec<Outcome> = prediction
            .options
            .iter()
            .map(|option| self.decide(&option.claim).0)
            .collect();
        let right: Vec<usize> = (0..decided.len())
            .filter(|option| decided[*option] == Outcome::Held)
            .collect();
        let outcome = match right.len() {
            1 => Outcome::Held,
            0 if decided.contains(&Outcome::NotMeasured) => Outcome::NotMeasured,
            _ => Outcome::Failed,
        };
        let because = Because::Answers(right.clone());
        (
            Finding {
                subject: Subject::Prediction(index),
                outcome,
                because,
            },
            right,
        )
    }

    fn decide(&self, claim: &Claim) -> Decision {
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
                super::peer(read.endpoint),
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

    fn faults(&self) -> impl Iterator<Item = (EndpointId, FrameFault)> {
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

/// The fault's name in scenario files.
fn name_of(fault: FrameFault) -> &'static str {
    match fault {
        FrameFault::ShortHeader { .. } => "short-header",
        FrameFault::ShortBody { .. } => "short-body",
        FrameFault::OverLimit { .. } => "over-limit",
    }
}
