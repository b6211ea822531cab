//! What stands where on the time strip. Worked out once for a width, because it does not depend on the playhead: a
//! million events cost no more than a thousand each time the strip is drawn.

use super::show::share;
use crate::story::Story;
use crate::story::beats::{Beat, BeatKind};
use crate::trace::EndpointId;

/// The marks of a strip: a row each for calls of `send`, departures, acknowledgements, and reads; of a run over a wire
/// the two rows in the middle are its packets, to the right and to the left.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Marks {
    /// Of what they were worked out, if they were.
    of: Option<Key>,
    /// The rows, each from left to right.
    pub rows: [Vec<Mark>; 4],
}

/// Some beats of a row at one column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Column, from 0.
    pub column: u16,
    /// The one message that they are about; none if it is several or no message.
    pub message: Option<u32>,
    /// From which message to which: `m1`, `m1-m3`.
    pub label: String,
    /// A packet among them was lost.
    pub lost: bool,
}

/// What marks depend on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// Columns of the strip.
    pub width: u16,
    /// Every beat has the same room.
    pub evenly: bool,
    /// The two ends of the connection.
    pub sides: [EndpointId; 2],
    /// Beats of the story: it grows while a run goes on.
    pub beats: usize,
}

impl Marks {
    /// The marks of a story.
    #[must_use]
    pub fn new(story: &Story, of: Key) -> Self {
        let lanes = of.sides.map(|side| story.lane(side));
        let row = |lane: usize, which: usize| -> &[usize] {
            match which {
                0 => &lanes[lane].send_calls,
                1 => &lanes[lane].departures,
                2 => &lanes[lane].acknowledgements,
                _ => &lanes[lane].reads,
            }
        };
        let wired = story.is_over_wire();
        let rows = [0, 1, 2, 3].map(|which| {
            if wired && (which == 1 || which == 2) {
                return marks(story, of, &packets(story, of.sides[which - 1]));
            }
            let mut marks = [marks(story, of, row(0, which)), marks(story, of, row(1, which))].concat();
            marks.sort_by_key(|mark| mark.column);
            marks
        });
        Self { of: Some(of), rows }
    }

    /// Whether they are the marks of this.
    #[must_use]
    pub fn are_of(&self, key: Key) -> bool {
        self.of == Some(key)
    }
}

/// Where a beat lies on a strip.
#[must_use]
pub fn column(story: &Story, of: Key, index: usize) -> u16 {
    let time = |beat: Option<&Beat>| beat.map_or(0, |beat| beat.at);
    let (part, whole) = if of.evenly {
        // A beat is shown at the position after it.
        (index as u64 + 1, story.beats.len() as u64)
    } else {
        let first = time(story.beats.first());
        let at = time(story.beats.get(index));
        (at.saturating_sub(first), time(story.beats.last()).saturating_sub(first))
    };
    u16::try_from(share(u64::from(of.width.saturating_sub(1)), part, whole)).unwrap_or(u16::MAX)
}

fn marks(story: &Story, of: Key, lane: &[usize]) -> Vec<Mark> {
    let places = places(story, of, lane);
    let mark = |(index, &(column, first, last)): (usize, &(u16, usize, usize))| {
        let next = places.get(index + 1).map_or(u16::MAX, |(next, ..)| *next);
        // Of many in one column, with no room beside it, nobody sees which they are.
        let is_told = first == last || next - column > 2;
        let messages = is_told
            .then(|| Some((messages(story, first)?.0, messages(story, last)?.1)))
            .flatten();
        Mark {
            column,
            lost: within(lane, first, last).iter().any(|beat| is_lost(story, *beat)),
            message: messages.filter(|(from, to)| from == to).map(|(one, _)| one),
            label: match messages {
                Some((from, to)) if from == to => format!("m{from}"),
                Some((from, to)) => format!("m{from}-m{to}"),
                None => String::new(),
            },
        }
    };
    places.iter().enumerate().map(mark).collect()
}

/// The beats at which packets of an endpoint come onto the wire.
fn packets(story: &Story, from: EndpointId) -> Vec<usize> {
    let comes = |beat: &&usize| matches!(story.beats[**beat].what, BeatKind::Packet { .. });
    story.lane(from).wire.iter().filter(comes).copied().collect()
}

/// Of a lane's beats those from one to another.
fn within(lane: &[usize], first: usize, last: usize) -> &[usize] {
    let from = lane.partition_point(|beat| *beat < first);
    &lane[from..lane.partition_point(|beat| *beat <= last)]
}

/// Whether a beat is a packet that never arrives.
fn is_lost(story: &Story, beat: usize) -> bool {
    match story.beats.get(beat).map(|beat| beat.what) {
        Some(BeatKind::Packet { packet }) => {
            let sighting = story.packets.get(packet);
            sighting.is_some_and(|sighting| sighting.is_lost(&story.trace))
        }
        _ => false,
    }
}

/// The columns of a lane that are not empty, each with its first beat and its last.
fn places(story: &Story, of: Key, lane: &[usize]) -> Vec<(u16, usize, usize)> {
    let mut places = Vec::new();
    let mut next = 0;
    while let Some(first) = lane.get(next) {
        let column = column(story, of, *first);
        // The rest of a column is jumped over.
        let rest = &lane[next..];
        let behind = next + rest.partition_point(|index| self::column(story, of, *index) <= column);
        let behind = behind.max(next + 1);
        places.push((column, *first, lane[behind - 1]));
        next = behind;
    }
    places
}

/// The first and the last message that a beat is about.
fn messages(story: &Story, index: usize) -> Option<(u32, u32)> {
    let beat = story.beats.get(index)?;
    if let BeatKind::Send { message, .. } = beat.what {
        return Some((message, message));
    }
    let (flow, start, end) = story.span_of(beat)?;
    let overlap = story.flows.overlap(flow, start, end);
    let mut pieces = overlap.iter();
    let first = pieces.next()?.message;
    Some((first, pieces.next_back().map_or(first, |last| last.message)))
}
