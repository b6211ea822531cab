//! Where playback halts: the beats at which the scenario's stop points are reached.

use super::Story;
use super::beats::{Beat, BeatKind};
use crate::scenario::stop::Mark;
use crate::trace::{EndpointId, Event, What};

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
pub fn stops(story: &Story) -> Vec<Reached> {
    let marks = story.plan.stops.iter().enumerate();
    let mut reached: Vec<Reached> = marks
        .filter_map(|(stop, told)| {
            let position = beat(story, told.after)? + 1;
            Some(Reached { position, stop })
        })
        .collect();
    reached.sort_by_key(|reached| reached.position);
    reached
}

/// The beat at which a mark is reached.
fn beat(story: &Story, mark: Mark) -> Option<usize> {
    match mark {
        Mark::Send(number) => {
            let (endpoint, message) = story.flows.message(number)?;
            let call = story.beat_of_sent(endpoint, message.end().checked_sub(1)?)?;
            // The call may have set off what is told before it returned; the queues are counted after.
            let from = story.beats[call].event;
            let is_return = |event: &Event| event.endpoint == endpoint && matches!(event.what, What::Send { .. });
            let returned = from + story.trace.events[from..].iter().position(is_return)?;
            story
                .beats
                .partition_point(|beat| beat.event <= returned)
                .checked_sub(1)
        }
        Mark::Left(number) => {
            let (endpoint, message) = story.flows.message(number)?;
            story.beat_of_departure(endpoint, message.end())
        }
        Mark::Acked(number) => {
            let (endpoint, message) = story.flows.message(number)?;
            story.beat_of_acknowledgement(endpoint, message.end())
        }
        Mark::Read(number) => story.beat_of_read(usize::try_from(number).ok()?.checked_sub(1)?),
        Mark::Packed(endpoint) => {
            let endpoint = EndpointId(u8::try_from(endpoint).ok()?);
            let packs = |beat: &&usize| matches!(story.beats[**beat].what, BeatKind::Packed | BeatKind::PackFault);
            story.lane(endpoint).program.iter().find(packs).copied()
        }
        Mark::Note(name) => story.first_note(name),
        Mark::Packet(name) => {
            let is_it = |beat: &Beat| match beat.what {
                BeatKind::Packet { packet } => {
                    let sighting = story.packets.get(packet);
                    sighting.is_some_and(|sighting| sighting.is_a(name, &story.trace))
                }
                _ => false,
            };
            story.beats.iter().position(is_it)
        }
        Mark::Blocked(endpoint) => story.first_blocked(EndpointId(u8::try_from(endpoint).ok()?)),
    }
}
