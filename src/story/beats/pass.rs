//! Goes through a trace once and finds its beats.

use super::super::departures::Departures;
use super::super::ends;
use super::super::pieces::Flows;
use super::{Beat, BeatKind, CallOutcome};
use crate::trace::packet::{Fate, Handing};
use crate::trace::{Call, Event, Trace, What};

/// The beats of a trace, in order.
#[must_use]
pub fn beats(trace: &Trace, flows: &Flows, departures: &Departures) -> Vec<Beat> {
    let mut pass = Pass {
        flows,
        departures,
        read: 0,
        departure: 0,
        passed: None,
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
    /// The packet that came last, if it passes at once.
    passed: Option<u32>,
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
    /// How much of its flow the kernel has taken.
    sent: u64,
    /// The last wait: its event, and when it began.
    wait: Option<(usize, u64)>,
    /// The step it is in.
    step: Option<u32>,
    /// Closing it breaks the connection off.
    resets: bool,
}

impl Pass<'_> {
    /// Takes in an event; what it is told as, if it is told by itself.
    fn follow(&mut self, index: usize, event: &Event) -> Option<BeatKind> {
        Some(match event.what {
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
                self.side(event).wait = Some((index, event.at));
                BeatKind::Wait(until)
            }
            What::Waited { until } => {
                let (began, since) = self.side(event).wait?;
                let after = event.at.saturating_sub(since);
                // Told only if something happened meanwhile.
                (began + 1 < index).then_some(BeatKind::Waited { until, after })?
            }
            What::Header { length, .. } => BeatKind::Header { length },
            What::Frame { .. } => BeatKind::Frame,
            What::FrameFault { fault } => BeatKind::Fault(fault),
            What::Calls { call, bytes, start, .. } => {
                let end = start + bytes;
                if call == Call::Send {
                    self.side(event).sent = end;
                }
                BeatKind::Calls { call, start, end }
            }
            What::Abandoned { message, end } => {
                let (_, begun) = self.flows.message(message)?;
                let handed = end.saturating_sub(begun.start);
                BeatKind::Abandoned { message, handed }
            }
            What::Text { .. } => BeatKind::Text,
            What::Corked { on } => BeatKind::Corked { on },
            What::Note { .. } => BeatKind::Note,
            What::Packed { .. } => BeatKind::Packed,
            What::Unpacked { .. } => BeatKind::Unpacked,
            What::PackFault { .. } => BeatKind::PackFault,
            What::StampsEnd => BeatKind::StampsEnd,
            What::Packet(ref packet) => {
                let number = packet.packet;
                if packet.fate == Fate::Passed {
                    self.passed = Some(number);
                }
                BeatKind::Packet { packet: number }
            }
            What::Delivered { packet, how } => {
                // One that passes at once is told where it comes.
                let told = how == Handing::Whole && self.passed == Some(packet);
                (!told).then_some(BeatKind::Arrives { packet, how })?
            }
            What::Removed { packet, why } => BeatKind::Removed { packet, why },
            What::PacketsEnd => BeatKind::PacketsEnd,
            What::Wire { act, by_hand } => BeatKind::Wire { act, by_hand },
            What::HalfClosed => BeatKind::HalfClosed,
            What::Closed => BeatKind::Closed {
                resets: self.side(event).resets,
            },
            What::OptionSet { ref option, value: 0 } if option == "SO_LINGER" => {
                self.side(event).resets = true;
                return None;
            }
            What::SendCall { .. }
            | What::RecvCall { .. }
            | What::Blocked { .. }
            | What::Send { .. }
            | What::Recv { .. }
            | What::Failed { .. } => self.call(event)?,
            What::Step { step } => {
                self.side(event).step = Some(step);
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

    /// The same for what belongs to a call.
    fn call(&mut self, event: &Event) -> Option<BeatKind> {
        match event.what {
            What::SendCall { message, asked, .. } => {
                self.calls(event);
                let (start, end) = self.about_to_send(event, message, asked);
                let outcome = CallOutcome::Never;
                Some(BeatKind::Send {
                    message,
                    start,
                    end,
                    outcome,
                })
            }
            What::RecvCall { asked } => {
                self.calls(event);
                let outcome = CallOutcome::Never;
                Some(BeatKind::Recv {
                    asked,
                    outcome,
                    read: None,
                })
            }
            What::Blocked { .. } => {
                self.side(event).blocked = true;
                if let Some(call) = self.side(event).call {
                    self.beats[call].what.ends(CallOutcome::Blocked);
                }
                None
            }
            What::Send {
                message,
                asked,
                returned,
                start,
            } => {
                if let Some(BeatKind::Send {
                    start: from, end: to, ..
                }) = self.returns(event, CallOutcome::Returned(returned))
                {
                    (*from, *to) = (start, start + asked);
                }
                self.side(event).sent = start + returned;
                let blocked = self.blocked(event)?;
                Some(BeatKind::SendReturned {
                    message,
                    start,
                    end: start + returned,
                    blocked,
                })
            }
            What::Recv { asked, returned, .. } => {
                let now = self.read;
                self.read += 1;
                let blocked = self.blocked(event);
                if let Some(BeatKind::Recv { read, .. }) = self.returns(event, CallOutcome::Returned(returned)) {
                    *read = blocked.is_none().then_some(now);
                }
                Some(BeatKind::RecvReturned {
                    asked,
                    read: now,
                    blocked: blocked?,
                })
            }
            What::Failed { call, .. } => {
                self.returns(event, CallOutcome::Failed);
                Some(BeatKind::Failed { call })
            }
            _ => None,
        }
    }

    /// What a call hands over that may never return: of its message what no call has taken yet.
    fn about_to_send(&mut self, event: &Event, message: u32, asked: u64) -> (u64, u64) {
        let Some((_, message)) = self.flows.message(message) else {
            return (0, 0);
        };
        let start = self.side(event).sent.clamp(message.start, message.end());
        (start, start.saturating_add(asked).min(message.end()))
    }

    fn side(&mut self, event: &Event) -> &mut Side {
        &mut self.sides[usize::from(event.endpoint.0)]
    }

    fn begin(&mut self, index: usize, event: &Event, what: BeatKind) {
        let step = self.side(event).step;
        self.beats.push(Beat {
            event: index,
            end: index + 1,
            at: event.at,
            endpoint: event.endpoint,
            step,
            what,
        });
    }

    /// A call begins, and will be the next beat.
    fn calls(&mut self, event: &Event) {
        let next = self.beats.len();
        let side = self.side(event);
        (side.call, side.since, side.blocked) = (Some(next), event.at, false);
    }

    /// The call that an endpoint is in ends; what it was told as.
    fn returns(&mut self, event: &Event, outcome: CallOutcome) -> Option<&mut BeatKind> {
        let side = self.side(event);
        let (call, blocked) = (side.call.take()?, side.blocked);
        let told = &mut self.beats[call].what;
        if !blocked {
            told.ends(outcome);
        }
        Some(told)
    }

    /// For how long the call that returns has blocked, if it has.
    fn blocked(&mut self, event: &Event) -> Option<u64> {
        let side = self.side(event);
        side.blocked.then(|| event.at.saturating_sub(side.since))
    }
}
