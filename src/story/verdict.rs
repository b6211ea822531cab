//! Whether what had to be seen was seen, and why one may say so.

mod calls;
mod decide;
mod limits;
mod made;
mod notes;
mod packets;
mod replies;
mod upset;

use super::departures::Departures;
use super::lateness::Lateness;
use super::packets::Packets;
use super::pieces::Flows;
use super::reads::Read;
use super::sends::Sends;
use crate::scenario::claim::packets::PacketName;
use crate::scenario::{Answer, CallKind, Claim, NoteName, PackFaultName, PieceRef, Plan, Prediction, Reading};
use crate::trace::{Call, Ending, EndpointId, Event, FrameFault, PackFault, Trace, What};
pub use limits::Added;
pub use replies::{Share, Taken};
pub use upset::Upset;

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
    /// The sends.
    pub sends: &'a Sends,
    /// The packets on the wire.
    pub packets: &'a Packets,
    /// The departures.
    pub departures: &'a Departures,
    /// When the lab itself was late.
    pub lateness: &'a Lateness,
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
    /// Read `number` returned bytes that the trace does not keep.
    NotKept(usize),
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
    /// Only so many bytes of this message were unsent when its send had returned.
    PartlyHeld {
        /// The message.
        message: u32,
        /// Bytes unsent.
        unsent: u64,
        /// Bytes of the send.
        of: u64,
    },
    /// The acknowledgement came before this message was sent, so it could not be held: the machine was too slow.
    AckCameFirst {
        /// The message.
        message: u32,
        /// The one that was acknowledged.
        until: u32,
    },
    /// The acknowledgement came before the lab had asked what was unsent of this message: the machine was too slow.
    AskedTooLate {
        /// The message.
        message: u32,
        /// The one that was acknowledged.
        until: u32,
    },
    /// The acknowledgement came before this message was sent, though the lab did not dawdle: there was nothing to wait
    /// for.
    NothingToWaitFor {
        /// The message.
        message: u32,
        /// The one that was acknowledged.
        until: u32,
    },
    /// This was seen, but something stood in the way of what was to be seen.
    Upset {
        /// What.
        by: Upset,
        /// What was seen.
        seen: Box<Because>,
    },
    /// These two messages were not sent by the same endpoint.
    OtherFlow(u32, u32),
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
    /// The message was acknowledged so many nanoseconds after it left.
    Acked {
        /// The message.
        message: u32,
        /// Nanoseconds.
        after: u64,
        /// Milliseconds allowed.
        within_ms: Option<u64>,
        /// Milliseconds wanted.
        at_least_ms: Option<u64>,
        /// What the wire adds to what is allowed.
        added: Added,
    },
    /// So many bytes of datagrams were cut off.
    Lost(u64),
    /// The kernel dropped so many datagrams.
    Dropped(u64),
    /// So many bytes of the messages were read; whether that is all.
    Arrived {
        /// Bytes read.
        read: u64,
        /// Bytes of all messages.
        of: u64,
        /// Everything was read.
        all: bool,
    },
    /// This endpoint sent so many segments with data.
    Segments(EndpointId, u64),
    /// This call waited in the kernel, or did not.
    Blocks {
        /// Of which kind.
        call: CallKind,
        /// The read's number, or that of the message.
        number: u32,
        /// It waited.
        blocked: bool,
    },
    /// Of many calls of this kind that are told together some waited.
    BulkBlocks(CallKind),
    /// No call of this kind waited.
    NothingBlocks(CallKind),
    /// There is no such call.
    NoSuchCall(CallKind, u32),
    /// These calls failed, each told once.
    Errors(Vec<(EndpointId, Call, String)>),
    /// The reader of texts made this of its reads.
    Texts(Vec<String>),
    /// The reader of texts met so many places that it could not decode.
    Malformed(u64),
    /// The system does not count what it takes to tell.
    NotCounted,
    /// The framing reader delivered this.
    Frames(Vec<Option<Vec<u8>>>),
    /// The framing reader of this endpoint gave up, or did not.
    Fault(EndpointId, Option<FrameFault>),
    /// The programs of this endpoint noted this, in this order.
    Notes(EndpointId, Vec<&'static str>),
    /// Of the notes that count these were made, by these endpoints and in this order.
    NotesOfAll(Vec<(EndpointId, &'static str)>),
    /// This endpoint made this note, or did not.
    Noted(EndpointId, NoteName),
    /// In the middle of so many of its messages this endpoint waited for the other one's word.
    RoundTrips(EndpointId, u64),
    /// This was unpacked.
    Values(Vec<String>),
    /// The program of this endpoint gave up in packing or unpacking, or did not.
    PackFault(EndpointId, Option<Box<PackFault>>),
    /// This endpoint waits in a call that never returns, because nobody can go on; or it does not.
    Hangs(EndpointId, bool),
    /// What this client took for the reply to each of its commands.
    Replies(EndpointId, Vec<Taken>),
    /// So many packets of this endpoint were of a kind.
    Packets {
        /// Who sent them.
        from: EndpointId,
        /// Of which kind.
        are: PacketName,
        /// How many.
        count: u64,
    },
    /// From the first call to the last thing seen so many nanoseconds went by.
    Lasted(u64),
    /// The run was made without a wire.
    NoWire,
    /// The run ended like this.
    Ended(Ending),
    /// These options of a question were right.
    Answers(Vec<usize>),
    /// A range of so many bytes is more than a segment: only when its last byte left is known.
    MoreThanASegment(u64),
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
    if evidence.trace.ending == Ending::Running {
        // What has not been seen may still come.
        let answers = vec![Vec::new(); evidence.plan.predictions.len()];
        return Verdict {
            findings: Vec::new(),
            answers,
        };
    }
    let claims = &evidence.plan.claims;
    let mut findings: Vec<Finding> = evidence.ending().into_iter().collect();
    if shows_nothing(&evidence.trace.ending) {
        // What was not shown was not refuted either.
        let answers = vec![Vec::new(); evidence.plan.predictions.len()];
        return Verdict { findings, answers };
    }
    for claim in claims {
        let (outcome, because) = evidence.decide_as_run(claim);
        findings.push(Finding {
            subject: Subject::Claim(claim.clone()),
            outcome,
            because,
        });
    }
    if findings.iter().any(|finding| {
        matches!(
            finding.because,
            Because::AckCameFirst { .. } | Because::AskedTooLate { .. }
        )
    }) {
        // The stage was lost: what then left apart says nothing about what would have left together.
        let apart = findings
            .iter_mut()
            .filter(|finding| matches!(finding.because, Because::Apart(..)));
        apart.for_each(|finding| finding.outcome = Outcome::NotMeasured);
    }
    let mut answers = Vec::new();
    let finished = evidence.trace.ending == Ending::Finished || evidence.hangs_as_expected();
    for (index, prediction) in evidence.plan.predictions.iter().enumerate() {
        if !finished {
            // What did not run to its end answers no question.
            answers.push(Vec::new());
            continue;
        }
        let (finding, right) = evidence.answer(index, prediction);
        findings.push(finding);
        answers.push(right);
    }
    Verdict { findings, answers }
}

impl Evidence<'_> {
    /// Decides a claim. In a stepped run a person's pauses decide with: what left apart might have left together, and
    /// what was not held might have been. So a claim about time is not refuted there, and that nothing was held is not
    /// shown either. And where a person has done something to the packets, nothing is refuted: it was not the scenario.
    fn decide_as_run(&self, claim: &Claim) -> (Outcome, Because) {
        let (outcome, because) = self.decide(claim);
        if outcome == Outcome::Failed && self.was_reached_into() {
            return (Outcome::NotMeasured, because);
        }
        let about_the_plan = matches!(because, Because::NoMessage(_) | Because::OtherFlow(..));
        let seen = outcome == Outcome::Held && *claim != Claim::NothingHeld;
        if self.trace.head.stepped && is_timed(claim) && !about_the_plan && !seen {
            return (Outcome::NotMeasured, because);
        }
        match self.upset(claim, &because).filter(|_| outcome == Outcome::Failed) {
            Some(by) if !about_the_plan => upset::undecided(by, because),
            _ => (outcome, because),
        }
    }

    /// Whether a person has done something to the packets of the run.
    fn was_reached_into(&self) -> bool {
        let by_hand = |event: &Event| matches!(event.what, What::Wire { by_hand: true, .. });
        self.trace.events.iter().any(by_hand)
    }

    /// Whether the run came to its end, or hung where it was to hang.
    fn is_as_planned(&self) -> bool {
        self.trace.ending == Ending::Finished || self.hangs_as_expected()
    }

    /// A finding if the run did not come to its end, or somebody gave up whom nobody expected to.
    fn ending(&self) -> Option<Finding> {
        let because = if self.is_as_planned() {
            let expected = |endpoint: EndpointId, fault: FrameFault| {
                self.plan.claims.iter().any(|claim| match claim {
                    Claim::Fails {
                        endpoint: index,
                        reason,
                    } => *index == usize::from(endpoint.0) && reason.to_string() == name_of(fault),
                    _ => false,
                })
            };
            let packing_expected = |endpoint: EndpointId, fault: &PackFault| {
                self.plan.claims.iter().any(|claim| match claim {
                    Claim::PackFails {
                        endpoint: index,
                        reason,
                    } => *index == usize::from(endpoint.0) && *reason == pack_fault_name(fault),
                    _ => false,
                })
            };
            let framing = self.faults().find(|(endpoint, fault)| !expected(*endpoint, *fault));
            let packing = self
                .pack_faults()
                .find(|(endpoint, fault)| !packing_expected(*endpoint, fault));
            match (framing, packing, self.unexpected_error()) {
                (Some((endpoint, fault)), ..) => Because::Fault(endpoint, Some(fault)),
                (_, Some((endpoint, fault)), _) => Because::PackFault(endpoint, Some(Box::new(fault.clone()))),
                (None, None, Some(error)) => Because::Errors(vec![error]),
                (None, None, None) => return None,
            }
        } else {
            Because::Ended(self.trace.ending.clone())
        };
        let outcome = match self.trace.ending {
            ref ending if shows_nothing(ending) => Outcome::NotMeasured,
            // Where the system cannot tell a standstill, the deadline ends it.
            Ending::Deadline { .. } if self.is_to_hang() && !self.tells_a_standstill() => Outcome::NotMeasured,
            _ => Outcome::Failed,
        };
        let (outcome, because) = match self.run_upset().filter(|_| outcome == Outcome::Failed) {
            Some(by) => upset::undecided(by, because),
            None => (outcome, because),
        };
        Some(Finding {
            subject: Subject::Ending,
            outcome,
            because,
        })
    }

    fn is_to_hang(&self) -> bool {
        let hangs = |claim: &Claim| matches!(claim, Claim::Hangs { .. });
        self.plan.claims.iter().any(hangs)
    }

    /// Whether the run hung where it was to hang.
    fn hangs_as_expected(&self) -> bool {
        let expected = |claim: &Claim| matches!(claim, Claim::Hangs { endpoint } if self.hangs(*endpoint));
        self.plan.claims.iter().any(expected)
    }

    /// A call that failed although nothing is said of calls that fail.
    fn unexpected_error(&self) -> Option<(EndpointId, Call, String)> {
        let is_expected = self.plan.claims.iter().any(|claim| matches!(claim, Claim::Errors(_)));
        self.errors().into_iter().find(|_| !is_expected)
    }

    fn answer(&self, index: usize, prediction: &Prediction) -> (Finding, Vec<usize>) {
        let mut decided: Vec<(Outcome, Because)> = prediction
            .options
            .iter()
            .map(|option| self.decide_as_run(&option.claim))
            .collect();
        // What came true, and not because the lab was late, leaves no room for what only being late kept from being
        // refuted.
        let is_proof = |(option, decided): (&Answer, &(Outcome, Because))| {
            decided.0 == Outcome::Held && !upset::comes_true_by_being_late(&option.claim)
        };
        if prediction.options.iter().zip(&decided).any(is_proof) {
            for (outcome, because) in &mut decided {
                if matches!(because, Because::Upset { by: Upset::Late(_), .. }) {
                    *outcome = Outcome::Failed;
                }
            }
        }
        let decided: Vec<Outcome> = decided.into_iter().map(|(outcome, _)| outcome).collect();
        // An option that came true in a person's pauses would not come true without them.
        let by_pauses = self.trace.head.stepped && prediction.options.iter().any(|option| is_timed(&option.claim));
        let by_pauses = by_pauses || self.was_reached_into();
        let right: Vec<usize> = (0..decided.len())
            .filter(|option| decided[*option] == Outcome::Held)
            .collect();
        let outcome = match right.len() {
            _ if by_pauses => Outcome::NotMeasured,
            0 | 1 if decided.contains(&Outcome::NotMeasured) => Outcome::NotMeasured,
            1 => Outcome::Held,
            _ => Outcome::Failed,
        };
        // An answer is given only if it is known to be the only one.
        let right = if outcome == Outcome::NotMeasured {
            Vec::new()
        } else {
            right
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
}

/// Whether the run ended because this machine, or a person, kept it from going on: the scenario is not to blame.
fn shows_nothing(ending: &Ending) -> bool {
    matches!(
        ending,
        Ending::Unmeasured { .. } | Ending::Interrupted | Ending::Broken { .. }
    )
}

/// Whether it is about when something left or was acknowledged.
fn is_timed(claim: &Claim) -> bool {
    match claim {
        Claim::Left(_)
        | Claim::Held { .. }
        | Claim::NothingHeld
        | Claim::Together { .. }
        | Claim::Acked { .. }
        | Claim::Segments { .. }
        | Claim::Packets(_)
        | Claim::Lasts { .. } => true,
        Claim::Reads(_)
        | Claim::Read { .. }
        | Claim::Readings(_)
        | Claim::Lost(_)
        | Claim::Dropped(_)
        | Claim::Arrived(_)
        | Claim::Blocks { .. }
        | Claim::Errors(_)
        | Claim::Texts(_)
        | Claim::Malformed(_)
        | Claim::Frames(_)
        | Claim::Values(_)
        | Claim::PackFails { .. }
        | Claim::Notes { .. }
        | Claim::NotesOfAll(_)
        | Claim::Noted { .. }
        | Claim::Fails { .. }
        | Claim::Hangs { .. }
        | Claim::Replies { .. }
        | Claim::RoundTrips { .. } => false,
    }
}

/// The fault's name in scenario files.
fn pack_fault_name(fault: &PackFault) -> PackFaultName {
    match fault {
        PackFault::OutOfRange { .. } => PackFaultName::OutOfRange,
        PackFault::ShortBytes { .. } => PackFaultName::ShortBytes,
    }
}

/// The fault's name in scenario files.
fn name_of(fault: FrameFault) -> &'static str {
    match fault {
        FrameFault::ShortHeader { .. } => "short-header",
        FrameFault::ShortBody { .. } => "short-body",
        FrameFault::OverLimit { .. } => "over-limit",
        FrameFault::EndOfStream => "end-of-stream",
        FrameFault::ShortLine { .. } => "short-line",
        FrameFault::Negative { .. } => "negative",
        FrameFault::NotANumber { .. } => "not-a-number",
        FrameFault::TooManyDigits { .. } => "too-many-digits",
        FrameFault::BadJson => "bad-json",
        FrameFault::MissingField => "missing-field",
        FrameFault::BadSize => "bad-size",
        FrameFault::LineTooLong { .. } => "line-too-long",
        FrameFault::BadEscape => "bad-escape",
        FrameFault::TimedOut { .. } => "timed-out",
        FrameFault::NotReady => "not-ready",
    }
}
