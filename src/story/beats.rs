//! The moments of a run that a face tells and a playhead steps through.

use super::departures::Departures;
use super::ends;
use super::pieces::Flows;
use crate::trace::{Call, EndpointId, Event, FrameFault, Trace, Until, What};

/// A moment that is told, with the silent events that follow it.
///
/// Events that are not told by themselves (what the kernel answered, a return that was not waited for) belong to the
/// beat before them; those before the first beat belong to the opening.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Beat {
    /// Index of the event that it tells.
    pub event: usize,
    /// Its facts are the events up to here: the index of the next beat's event.
    pub end: usize,
    /// When, in nanoseconds of the run.
    pub at: u64,
    /// Where.
    pub endpoint: EndpointId,
    /// In which step of the plan, if the trace tells.
    pub step: Option<u32>,
    /// What is told.
    pub what: BeatKind,
}

/// What a beat tells. Spans are of the endpoint's own flow, lengths are in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BeatKind {
    /// `send` is called, with this span of the flow.
    Send {
        /// The message.
        message: u32,
        /// First byte.
        start: u64,
        /// The byte after the last.
        end: u64,
        /// What came of it.
        outcome: CallOutcome,
    },
    /// `recv` is called.
    Recv {
        /// Room in the buffer.
        asked: u64,
        /// What came of it.
        outcome: CallOutcome,
        /// What it returned, if it did not block: an index into the story's reads.
        read: Option<usize>,
    },
    /// A `send` that had blocked returns.
    SendReturned {
        /// The message.
        message: u32,
        /// First byte that was taken.
        start: u64,
        /// The byte after the last that was taken.
        end: u64,
        /// Since the call began, in nanoseconds.
        blocked: u64,
    },
    /// A `recv` that had blocked returns.
    RecvReturned {
        /// Room in the buffer.
        asked: u64,
        /// What it returned: an index into the story's reads.
        read: usize,
        /// Since the call began, in nanoseconds.
        blocked: u64,
    },
    /// A call fails; the event has the system's words for it.
    Failed {
        /// Which call.
        call: Call,
    },
    /// Bytes left.
    Left {
        /// Index into the story's departures.
        departure: usize,
    },
    /// Bytes were acknowledged.
    Acknowledged {
        /// First byte that was not acknowledged before.
        start: u64,
        /// The byte after the last.
        end: u64,
        /// Since the last of them left, in nanoseconds, if that was stamped.
        after: Option<u64>,
    },
    /// A step begins to wait.
    Wait(Until),
    /// A step's wait is over, and something happened meanwhile.
    Waited {
        /// For what.
        until: Until,
        /// Since it began to wait, in nanoseconds.
        after: u64,
    },
    /// The framing reader has a whole header.
    Header {
        /// The length it announces.
        length: u32,
    },
    /// The framing reader delivers a body; the event has it.
    Frame,
    /// The framing reader gives up.
    Fault(FrameFault),
    /// From here on departures of this endpoint are not stamped.
    StampsEnd,
    /// The socket was closed.
    Closed,
}

/// What comes of a call, as far as it is told where the call begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallOutcome {
    /// It returns so many bytes.
    Returned(u64),
    /// It cannot go on yet.
    Blocked,
    /// It fails.
    Failed,
    /// It had not returned when the run ended.
    Never,
}

/// The beats of a trace, in order.
#[must_use]
pub fn beats(trace: &Trace, flows: &Flows, departures: &Departures) -> Vec<Beat> {
    let mut pass = Pass {
        flows,
        departures,
        read: 0,
        departure: 0,
        sides: vec![Side::default(); ends(trace)],
        beats: Vec::new(),
    };
    for (index, event) in trace.events.iter().enumerate() {
        if let Some(what) = pass.follow(index, event) {
            pass.begin(index, event, what);
        }
    }
    let mut end = trace.events.len();
    for beat in pass.beats.iter_mut().rev() {
        beat.end = end;
        end = beat.event;
    }
    pass.beats
}

/// Goes through a trace once.
struct Pass<'s> {
    flows: &'s Flows,
    departures: &'s Departures,
    /// Index of the read and of the departure that come next.
    read: usize,
    departure: usize,
    sides: Vec<Side>,
    beats: Vec<Beat>,
}

/// What an endpoint is at.
#[derive(Debug, Clone, Copy, Default)]
struct Side {
    /// The beat of the call that has not ended.
    call: Option<usize>,
    /// When its last call began, and whether that has blocked.
    since: u64,
    blocked: bool,
    /// The last wait: its event, and when it began.
    wait: Option<(usize, u64)>,
    /// The step it is in.
    step: Option<u32>,
}

impl Pass<'_> {
    /// Takes in an event; what it is told as, if it is told by itself.
    fn follow(&mut self, index: usize, event: &Event) -> Option<BeatKind> {
        let own = usize::from(event.endpoint.0);
        Some(match event.what {
            What::SendCall { message, .. } => {
                let place = self.flows.message(message);
                let (start, end) = place.map_or((0, 0), |(_, message)| (message.start, message.end()));
                self.call(
                    event,
                    BeatKind::Send {
                        message,
                        start,
                        end,
                        outcome: CallOutcome::Never,
                    },
                )
            }
            What::RecvCall { asked } => self.call(
                event,
                BeatKind::Recv {
                    asked,
                    outcome: CallOutcome::Never,
                    read: None,
                },
            ),
            What::Blocked { .. } => {
                self.sides[own].blocked = true;
                if let Some(call) = self.sides[own].call {
                    self.beats[call].what.ends(CallOutcome::Blocked);
                }
                return None;
            }
            What::Send {
                message,
                asked,
                returned,
                start,
            } => {
                if let Some(call) = self.returns(event, CallOutcome::Returned(returned))
                    && let BeatKind::Send {
                        start: from, end: to, ..
                    } = &mut self.beats[call].what
                {
                    (*from, *to) = (start, start + asked);
                }
                let blocked = self.blocked(event)?;
                BeatKind::SendReturned {
                    message,
                    start,
                    end: start + returned,
                    blocked,
                }
            }
            What::Recv { asked, returned, .. } => {
                let now = self.next_read();
                let blocked = self.blocked(event);
                if let Some(call) = self.returns(event, CallOutcome::Returned(returned))
                    && let BeatKind::Recv { read, .. } = &mut self.beats[call].what
                {
                    *read = Some(now).filter(|_| blocked.is_none());
                }
                BeatKind::RecvReturned {
                    asked,
                    read: now,
                    blocked: blocked?,
                }
            }
            What::Failed { call, .. } => {
                self.returns(event, CallOutcome::Failed);
                BeatKind::Failed { call }
            }
            What::Left { .. } => {
                self.departure += 1;
                BeatKind::Left {
                    departure: self.departure - 1,
                }
            }
            What::Acknowledged { start, end } => {
                let left = self.departures.up_to(event.endpoint, end);
                let after = left.and_then(|left| event.at.checked_sub(left.at));
                BeatKind::Acknowledged { start, end, after }
            }
            What::Wait { until } => {
                self.sides[own].wait = Some((index, event.at));
                BeatKind::Wait(until)
            }
            What::Waited { until } => {
                let (began, since) = self.sides[own].wait?;
                if began + 1 == index {
                    return None;
                }
                BeatKind::Waited {
                    until,
                    after: event.at.saturating_sub(since),
                }
            }
            What::Header { length } => BeatKind::Header { length },
            What::Frame { .. } => BeatKind::Frame,
            What::FrameFault { fault } => BeatKind::Fault(fault),
            What::StampsEnd => BeatKind::StampsEnd,
            What::Closed => BeatKind::Closed,
            What::Step { step } => {
                self.sides[own].step = Some(step);
                return None;
            }
            // Told in the head, with a call, with the queues, or at the end.
            What::Opened { .. }
            | What::OptionSet { .. }
            | What::Message { .. }
            | What::Queues { .. }
            | What::Segments { .. } => return None,
        })
    }

    fn begin(&mut self, index: usize, event: &Event, what: BeatKind) {
        self.beats.push(Beat {
            event: index,
            end: index + 1,
            at: event.at,
            endpoint: event.endpoint,
            step: self.sides[usize::from(event.endpoint.0)].step,
            what,
        });
    }

    /// A call begins.
    fn call(&mut self, event: &Event, what: BeatKind) -> BeatKind {
        let side = &mut self.sides[usize::from(event.endpoint.0)];
        (side.call, side.since, side.blocked) = (Some(self.beats.len()), event.at, false);
        what
    }

    /// The call that an endpoint is in ends: its beat.
    fn returns(&mut self, event: &Event, outcome: CallOutcome) -> Option<usize> {
        let side = &mut self.sides[usize::from(event.endpoint.0)];
        let call = side.call.take()?;
        if !side.blocked {
            self.beats[call].what.ends(outcome);
        }
        Some(call)
    }

    /// For how long the call that returns has blocked, if it has.
    fn blocked(&self, event: &Event) -> Option<u64> {
        let side = &self.sides[usize::from(event.endpoint.0)];
        side.blocked.then(|| event.at.saturating_sub(side.since))
    }

    /// The read that returns now.
    fn next_read(&mut self) -> usize {
        self.read += 1;
        self.read - 1
    }
}

impl Beat {
    /// It is a send or a read: what somebody steps through message by message.
    #[must_use]
    pub fn is_about_a_message(&self) -> bool {
        matches!(
            self.what,
            BeatKind::Send { .. } | BeatKind::Recv { read: Some(_), .. } | BeatKind::RecvReturned { .. }
        )
    }
}

impl BeatKind {
    /// A call is known to end like this.
    fn ends(&mut self, with: CallOutcome) {
        if let Self::Send { outcome, .. } | Self::Recv { outcome, .. } = self {
            *outcome = with;
        }
    }
}
