//! Which beats are of which kind, for each endpoint: what a face looks up at a playhead, and between two times.

use super::beats::{Beat, BeatKind};
use super::ends;
use crate::trace::{EndpointId, Trace};

/// The beats of one endpoint, kind by kind: indices into the story's beats, ascending.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lane {
    /// Everything the program does: calls, returns, waits, and what it makes of what it reads.
    pub program: Vec<usize>,
    /// Everything on the way: departures and acknowledgements.
    pub way: Vec<usize>,
    /// Calls of `send` that begin.
    pub sends: Vec<usize>,
    /// Departures.
    pub departures: Vec<usize>,
    /// Acknowledgements.
    pub acknowledgements: Vec<usize>,
    /// Reads that returned, where they are told: with the call, or where a call that blocked returns.
    pub reads: Vec<usize>,
}

/// The lanes of a run, one for each endpoint.
#[must_use]
pub fn lanes(trace: &Trace, beats: &[Beat]) -> Vec<Lane> {
    let mut lanes = vec![Lane::default(); ends(trace)];
    for (index, beat) in beats.iter().enumerate() {
        let lane = &mut lanes[usize::from(beat.endpoint.0)];
        match beat.what {
            BeatKind::Left { .. } | BeatKind::Acknowledged { .. } => lane.way.push(index),
            _ => lane.program.push(index),
        }
        match beat.what {
            BeatKind::Send { .. } => lane.sends.push(index),
            BeatKind::Recv { read, .. } => lane.reads.extend(read.map(|_| index)),
            BeatKind::RecvReturned { .. } => lane.reads.push(index),
            BeatKind::Left { .. } => lane.departures.push(index),
            BeatKind::Acknowledged { .. } => lane.acknowledgements.push(index),
            _ => {}
        }
    }
    lanes
}

/// Of some beats in order, the last that has been told when the playhead stands behind `position` beats.
#[must_use]
pub fn last_told(of: &[usize], position: usize) -> Option<usize> {
    let told = of.partition_point(|beat| *beat < position);
    of[..told].last().copied()
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
        way: Vec::new(),
        sends: Vec::new(),
        departures: Vec::new(),
        acknowledgements: Vec::new(),
        reads: Vec::new(),
    };
    lanes.get(usize::from(endpoint.0)).unwrap_or(NOTHING)
}
