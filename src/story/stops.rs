//! Where playback halts: the beats at which the scenario's stop points are reached.

use super::beats::{Beat, BeatKind, CallOutcome};
use super::departures::Departures;
use super::pieces::{Flows, Message};
use crate::scenario::Plan;
use crate::scenario::stop::Mark;
use crate::trace::{EndpointId, Trace, What};

/// A stop point that was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reached {
    /// So many beats are shown there.
    pub position: usize,
    /// Index into the plan's stops.
    pub stop: usize,
}

/// The stops that were reached, in the order of the run.
#[must_use]
pub fn stops(trace: &Trace, plan: &Plan, flows: &Flows, departures: &Departures, beats: &[Beat]) -> Vec<Reached> {
    let marks = plan
        .stops
        .iter()
        .map(|stop| place(stop.after, trace, flows, departures, beats));
    let reached = marks.enumerate().filter_map(|(stop, beat)| {
        let position = beat? + 1;
        Some(Reached { position, stop })
    });
    let mut reached: Vec<Reached> = reached.collect();
    reached.sort_by_key(|reached| reached.position);
    reached
}

/// The beat at which a mark is reached.
fn place(mark: Mark, trace: &Trace, flows: &Flows, departures: &Departures, beats: &[Beat]) -> Option<usize> {
    match mark {
        Mark::Send(number) => {
            let (endpoint, message) = flows.message(number)?;
            find(beats, endpoint, |beat| took_the_last_of(beat, message))
        }
        Mark::Left(number) => {
            let (endpoint, message) = flows.message(number)?;
            find(beats, endpoint, |beat| match beat.what {
                BeatKind::Left { departure } => departures.get(departure).is_some_and(|left| left.end >= message.end()),
                _ => false,
            })
        }
        Mark::Acked(number) => {
            let (endpoint, message) = flows.message(number)?;
            find(beats, endpoint, |beat| match beat.what {
                BeatKind::Acknowledged { end, .. } => end >= message.end(),
                _ => false,
            })
        }
        Mark::Read(number) => {
            let wanted = usize::try_from(number).ok()?.checked_sub(1)?;
            beats.iter().position(|beat| match beat.what {
                BeatKind::Recv { read, .. } => read == Some(wanted),
                BeatKind::RecvReturned { read, .. } => read == wanted,
                _ => false,
            })
        }
        Mark::Blocked(index) => {
            let blocks = |beat: &Beat| {
                let end = beat.end.min(trace.events.len());
                // It may block only after something else has been told.
                let told = trace.events.get(beat.event..end).unwrap_or(&[]);
                told.iter()
                    .any(|event| usize::from(event.endpoint.0) == index && matches!(event.what, What::Blocked { .. }))
            };
            beats.iter().position(blocks)
        }
    }
}

fn find(beats: &[Beat], endpoint: EndpointId, is_it: impl Fn(&Beat) -> bool) -> Option<usize> {
    beats.iter().position(|beat| beat.endpoint == endpoint && is_it(beat))
}

/// Whether a call took the last byte of a message and has returned.
fn took_the_last_of(beat: &Beat, message: &Message) -> bool {
    match beat.what {
        BeatKind::Send {
            message: number,
            start,
            end,
            outcome: CallOutcome::Returned(taken),
        } => number == message.number && start + taken >= message.end() && end >= message.end(),
        BeatKind::SendReturned {
            message: number, end, ..
        } => number == message.number && end >= message.end(),
        _ => false,
    }
}
