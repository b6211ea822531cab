//! Which beats are of which kind, for each endpoint: what a face looks up at a playhead, and between two times.

use super::beats::{Beat, BeatKind, CallOutcome};
use super::ends;
use super::reads::Read;
use crate::trace::{Call, EndpointId, Trace};

/// The beats of one endpoint, kind by kind: indices into the story's beats, ascending.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lane {
    /// Everything the program does: calls, returns, waits, and what it makes of what it reads.
    pub program: Vec<usize>,
    /// What becomes of packets on a wire: what this endpoint sends onto it, what reaches it, and what hands do to it.
    pub wire: Vec<usize>,
    /// Everything on the way: departures and acknowledgements.
    pub way: Vec<usize>,
    /// Calls that begin.
    pub calls: Vec<usize>,
    /// Those of them that are calls of `send`.
    pub send_calls: Vec<usize>,
    /// Departures.
    pub departures: Vec<usize>,
    /// Acknowledgements.
    pub acknowledgements: Vec<usize>,
    /// Reads that returned, where they are told: with the call, or where a call that blocked returns.
    pub reads: Vec<usize>,
    /// Calls of `send` that had blocked and returned.
    pub returned: Vec<usize>,
    /// Calls of `send` that handed bytes over, in the order of these bytes in the flow, not of time.
    pub(super) sends: Vec<usize>,
    /// Reads that took bytes, in the order of these bytes in the other side's flow: indices into the story's reads.
    pub(super) taken: Vec<usize>,
}

/// The lanes of a run, one for each endpoint.
#[must_use]
pub fn lanes(trace: &Trace, beats: &[Beat], reads: &[Read]) -> Vec<Lane> {
    let mut lanes = vec![Lane::default(); ends(trace)];
    for (index, beat) in beats.iter().enumerate() {
        let lane = &mut lanes[usize::from(beat.endpoint.0)];
        match beat.what {
            BeatKind::Left { .. } | BeatKind::Acknowledged { .. } => lane.way.push(index),
            BeatKind::Packet { .. }
            | BeatKind::Arrives { .. }
            | BeatKind::Removed { .. }
            | BeatKind::Wire { by_hand: true, .. }
            | BeatKind::PacketsEnd => lane.wire.push(index),
            _ => lane.program.push(index),
        }
        match beat.what {
            BeatKind::Send {
                start, end, outcome, ..
            } => {
                lane.calls.push(index);
                lane.send_calls.push(index);
                if start < end && outcome != CallOutcome::Failed {
                    lane.sends.push(index);
                }
            }
            BeatKind::Calls { call: Call::Send, .. } => lane.sends.push(index),
            BeatKind::SendReturned { .. } => lane.returned.push(index),
            BeatKind::Recv { read, .. } => {
                lane.calls.push(index);
                lane.reads.extend(read.map(|_| index));
            }
            BeatKind::RecvReturned { .. } => lane.reads.push(index),
            BeatKind::Left { .. } => lane.departures.push(index),
            BeatKind::Acknowledged { .. } => lane.acknowledgements.push(index),
            _ => {}
        }
    }
    for (index, read) in reads.iter().enumerate() {
        if read.returned + read.lost > 0 {
            lanes[usize::from(read.endpoint.0)].taken.push(index);
        }
    }
    let start = |beat: &usize| match beats[*beat].what {
        BeatKind::Send { start, .. } | BeatKind::Calls { start, .. } => start,
        _ => 0,
    };
    for lane in &mut lanes {
        lane.sends.sort_by_key(start);
        lane.taken.sort_by_key(|read| reads[*read].start);
    }
    lanes
}

/// Of some beats in order, those that have been told when the playhead stands behind `position` beats.
#[must_use]
pub fn told(of: &[usize], position: usize) -> &[usize] {
    &of[..of.partition_point(|beat| *beat < position)]
}

/// The last of them.
#[must_use]
pub fn last_told(of: &[usize], position: usize) -> Option<usize> {
    told(of, position).last().copied()
}

/// Of some beats in order, those from one time up to another, which is excluded; in nanoseconds of the run.
#[must_use]
pub fn between<'l>(of: &'l [usize], beats: &[Beat], from: u64, to: u64) -> &'l [usize] {
    let at = |beat: &usize| beats.get(*beat).map_or(u64::MAX, |beat| beat.at);
    let first = of.partition_point(|beat| at(beat) < from);
    let after = of.partition_point(|beat| at(beat) < to);
    of.get(first..after).unwrap_or(&[])
}

/// An endpoint's lane; none for an endpoint that is not in the run.
pub(super) fn lane(lanes: &[Lane], endpoint: EndpointId) -> &Lane {
    const NOTHING: &Lane = &Lane {
        program: Vec::new(),
        wire: Vec::new(),
        way: Vec::new(),
        calls: Vec::new(),
        send_calls: Vec::new(),
        departures: Vec::new(),
        acknowledgements: Vec::new(),
        reads: Vec::new(),
        returned: Vec::new(),
        sends: Vec::new(),
        taken: Vec::new(),
    };
    lanes.get(usize::from(endpoint.0)).unwrap_or(NOTHING)
}
