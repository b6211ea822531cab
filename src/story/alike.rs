//! Where the same happens over and over: hundreds of sends that are alike, of which a page needs the first few and the
//! last.

#[cfg(test)]
mod tests;

use std::cmp::Ordering;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::ops::Range;

use super::beats::{Beat, BeatKind, CallOutcome};
use super::pieces::Piece;
use super::{Story, peer};
use crate::scenario::Reading;
use crate::trace::{EndpointId, What};

/// A stretch of beats that repeats what stands before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alike {
    /// Which beats.
    pub beats: Range<usize>,
    /// How often the same happens in them.
    pub times: usize,
    /// The first and the last message that they are about.
    pub messages: Option<(u32, u32)>,
}

/// The repetitions of a run, in order. Of each the first rounds and the last are left out of it: they are to be told.
#[must_use]
pub fn alike(story: &Story) -> Vec<Alike> {
    let shapes = shapes(story);
    folds(&shapes)
        .into_iter()
        .map(|(beats, times)| Alike {
            messages: messages(story, &story.beats[beats.clone()]),
            beats,
            times,
        })
        .collect()
}

/// So many rounds are told before the rest is folded; behind it one.
const TOLD: usize = 3;

/// Fewer rounds than this are told one by one.
const FEWEST: usize = TOLD + 6;

/// Most beats of one round: a send leaves, is acknowledged, is read, and each may be told in two.
const LONGEST: usize = 8;

/// Where equal rounds follow each other often enough, and how many of them are folded.
fn folds<T: PartialEq>(shapes: &[T]) -> Vec<(Range<usize>, usize)> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < shapes.len() {
        // The shortest round that covers the most.
        let best = (1..=LONGEST)
            .map(|length| (length, rounds(&shapes[at..], length)))
            .filter(|(_, rounds)| *rounds >= FEWEST)
            .max_by(|one, other| (one.0 * one.1).cmp(&(other.0 * other.1)).then(other.0.cmp(&one.0)));
        let Some((length, rounds)) = best else {
            at += 1;
            continue;
        };
        let times = rounds - TOLD - 1;
        let from = at + TOLD * length;
        found.push((from..from + times * length, times));
        at += rounds * length;
    }
    found
}

/// How often the first `length` shapes follow one another from the beginning on.
fn rounds<T: PartialEq>(shapes: &[T], length: usize) -> usize {
    if shapes.len() < length {
        return 0;
    }
    let same = shapes
        .iter()
        .zip(&shapes[length..])
        .take_while(|(one, other)| one == other)
        .count();
    1 + same / length
}

/// What a beat is like, whatever message it is about and whenever it happens.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Shape {
    endpoint: EndpointId,
    what: Likeness,
    /// Which way each queue went, of which endpoint.
    queues: Vec<(EndpointId, [Ordering; 5])>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Likeness {
    Send(Content, CallOutcome),
    /// What was asked for; what came, of which parts of messages, and what it makes; what was lost.
    Recv(u64, CallOutcome, Option<(Content, Vec<Part>, Reading, u64)>),
    Left(Content),
    Acknowledged(u64),
    /// Whatever is rare is told each time: it is like nothing but itself.
    Alone(usize),
}

/// A hash of the bytes of a span: to keep the bytes of every beat would copy the run.
type Content = u64;

/// Which part of a message, and how long that is.
type Part = (u64, u64, u64);

/// Spans that are longer are told each time.
const LONGEST_CONTENT: u64 = 1024;

/// An ACK that took so long is told each time, in nanoseconds: a delayed one (40 ms) is no other's like.
const SLOW: u64 = 10_000_000;

fn shapes(story: &Story) -> Vec<Shape> {
    let mut last = vec![[0; 5]; story.trace.head.endpoints.len()];
    let shape = |(index, beat): (usize, &Beat)| Shape {
        endpoint: beat.endpoint,
        what: likeness(story, index, beat),
        queues: story.trace.events[beat.event..beat.end]
            .iter()
            .filter_map(|event| {
                let now = sizes(&event.what)?;
                let before = last.get_mut(usize::from(event.endpoint.0))?;
                let ways = std::array::from_fn(|queue| now[queue].cmp(&before[queue]));
                *before = now;
                Some((event.endpoint, ways))
            })
            .collect(),
    };
    story.beats.iter().enumerate().map(shape).collect()
}

fn sizes(what: &What) -> Option<[u64; 5]> {
    match *what {
        What::Queues {
            unsent,
            unacknowledged,
            waiting,
            datagrams,
            dropped,
            ..
        } => Some([unsent, unacknowledged, waiting, datagrams, dropped].map(Option::unwrap_or_default)),
        _ => None,
    }
}

fn likeness(story: &Story, index: usize, beat: &Beat) -> Likeness {
    let of = |endpoint, start, end| content(story, endpoint, start, end);
    let like = match beat.what {
        BeatKind::Send {
            start, end, outcome, ..
        } => of(beat.endpoint, start, end).map(|content| Likeness::Send(content, outcome)),
        BeatKind::Recv {
            asked,
            outcome,
            read: None,
        } => Some(Likeness::Recv(asked, outcome, None)),
        BeatKind::Recv {
            asked,
            outcome,
            read: Some(read),
        } => story.reads.get(read).and_then(|read| {
            let content = of(peer(beat.endpoint), read.start, read.start + read.returned)?;
            let parts = read.pieces.iter().map(|piece| (piece.from, piece.to, piece.of));
            let got = (content, parts.collect(), read.reading, read.lost);
            Some(Likeness::Recv(asked, outcome, Some(got)))
        }),
        BeatKind::Left { departure } => {
            let departure = &story.departures[departure];
            of(beat.endpoint, departure.start, departure.end).map(Likeness::Left)
        }
        BeatKind::Acknowledged { start, end, after } if after.is_none_or(|after| after < SLOW) => {
            Some(Likeness::Acknowledged(end - start))
        }
        _ => None,
    };
    like.unwrap_or(Likeness::Alone(index))
}

/// What lies there, if it is not too long to be compared.
fn content(story: &Story, endpoint: EndpointId, start: u64, end: u64) -> Option<Content> {
    (end - start <= LONGEST_CONTENT).then(|| {
        let mut hasher = DefaultHasher::new();
        let bytes = story.flows.bytes(endpoint, start, end, LONGEST_CONTENT).bytes;
        bytes.hash(&mut hasher);
        hasher.finish()
    })
}

/// The first and the last message that these beats are about.
fn messages(story: &Story, beats: &[Beat]) -> Option<(u32, u32)> {
    let of = |beat: &Beat| -> Vec<u32> {
        let named = |pieces: &[Piece]| pieces.iter().map(|piece| piece.message).collect();
        match beat.what {
            BeatKind::Send { message, .. } => vec![message],
            BeatKind::Recv { read: Some(read), .. } => {
                story.reads.get(read).map_or(Vec::new(), |read| named(&read.pieces))
            }
            BeatKind::Left { departure } => named(&story.departures[departure].pieces),
            BeatKind::Acknowledged { start, end, .. } => {
                let acknowledged = story.flows.pieces(beat.endpoint, start, end);
                named(&acknowledged)
            }
            _ => Vec::new(),
        }
    };
    let all: Vec<u32> = beats.iter().flat_map(of).collect();
    Some((*all.iter().min()?, *all.iter().max()?))
}
