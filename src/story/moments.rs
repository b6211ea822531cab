//! In which beat something is told: a search in sorted lists each time. What follows a mark of the scenario (its stop
//! points) and what follows a byte both ask here.

use super::Story;
use super::beats::{Beat, BeatKind, CallOutcome};
use crate::scenario::{Named, NoteName};
use crate::trace::{EndpointId, What};

impl Story {
    /// The beat that tells an event of the trace by itself.
    #[must_use]
    pub fn beat_of_event(&self, event: usize) -> Option<usize> {
        self.beats.binary_search_by_key(&event, |beat| beat.event).ok()
    }

    /// How many beats have happened by a time, in nanoseconds of the run: where a playhead stands then.
    #[must_use]
    pub fn position_at(&self, at: u64) -> usize {
        self.beats.partition_point(|beat| beat.at <= at)
    }

    /// The beat that tells a read, by its index.
    #[must_use]
    pub fn beat_of_read(&self, read: usize) -> Option<usize> {
        let told = &self.lane(self.reads.get(read)?.endpoint).reads;
        let of = |beat: usize| match self.beats[beat].what {
            BeatKind::Recv { read, .. } => read,
            BeatKind::RecvReturned { read, .. } => Some(read),
            _ => None,
        };
        let place = told.binary_search_by_key(&Some(read), |beat| of(*beat)).ok()?;
        told.get(place).copied()
    }

    /// The beat of the `send` call in which a byte of an endpoint's flow was handed over.
    #[must_use]
    pub fn beat_of_send(&self, endpoint: EndpointId, offset: u64) -> Option<usize> {
        let sends = &self.lane(endpoint).sends;
        let span = |beat: usize| match self.beats[beat].what {
            BeatKind::Send { start, end, .. } | BeatKind::Calls { start, end, .. } => (start, end),
            _ => (0, 0),
        };
        let after = sends.partition_point(|beat| span(*beat).0 <= offset);
        let beat = *sends.get(after.checked_sub(1)?)?;
        (offset < span(beat).1).then_some(beat)
    }

    /// The beat in which that call is told to have returned with the byte taken: its own, or a later one if it blocked.
    #[must_use]
    pub fn beat_of_sent(&self, endpoint: EndpointId, offset: u64) -> Option<usize> {
        let call = self.beat_of_send(endpoint, offset)?;
        if let BeatKind::Send {
            start,
            outcome: CallOutcome::Returned(taken),
            ..
        } = self.beats[call].what
        {
            return (offset < start + taken).then_some(call);
        }
        if let BeatKind::Calls { .. } = self.beats[call].what {
            return Some(call);
        }
        let returned = &self.lane(endpoint).returned;
        let beat = *returned.get(returned.partition_point(|beat| *beat < call))?;
        let took = |what| matches!(what, BeatKind::SendReturned { start, end, .. } if (start..end).contains(&offset));
        took(self.beats[beat].what).then_some(beat)
    }

    /// The beat in which the last byte before `end` of an endpoint's flow left.
    #[must_use]
    pub fn beat_of_departure(&self, endpoint: EndpointId, end: u64) -> Option<usize> {
        self.beat_of_event(self.departures.up_to(endpoint, end)?.event)
    }

    /// The beat in which the last byte before `end` of an endpoint's flow was acknowledged.
    #[must_use]
    pub fn beat_of_acknowledgement(&self, endpoint: EndpointId, end: u64) -> Option<usize> {
        self.beat_of_event(self.departures.acknowledged_up_to(endpoint, end)?)
    }

    /// The first note of this name.
    #[must_use]
    pub fn first_note(&self, name: NoteName) -> Option<usize> {
        let is_it = |beat: &Beat| match &self.trace.events[beat.event].what {
            What::Note { note } => note.name() == name.name(),
            _ => false,
        };
        self.beats
            .iter()
            .position(|beat| beat.what == BeatKind::Note && is_it(beat))
    }

    /// The first call of an endpoint that blocks.
    #[must_use]
    pub fn first_blocked(&self, endpoint: EndpointId) -> Option<usize> {
        let blocks = |beat: &&usize| {
            matches!(
                self.beats[**beat].what,
                BeatKind::Send {
                    outcome: CallOutcome::Blocked,
                    ..
                } | BeatKind::Recv {
                    outcome: CallOutcome::Blocked,
                    ..
                }
            )
        };
        self.lane(endpoint).calls.iter().find(blocks).copied()
    }
}
