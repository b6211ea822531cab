//! Where one byte went: from the call that handed it over to the call that took it.

use super::Story;
use super::beats::BeatKind;
use super::characters::Part;
use super::peer;
use super::picture::Held;
use super::pieces::Message;
use super::waits::{self, Missing};
use crate::scenario::Transport;
use crate::trace::{Call, EndpointId};

/// The way of one byte, as far as the whole trace tells. Beats are indices into the story's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Journey {
    /// Whose flow it is of.
    pub flow: EndpointId,
    /// Its place in the flow.
    pub offset: u64,
    /// Its message.
    pub message: u32,
    /// Its place in the message, from 0.
    pub place: u64,
    /// Length of the message.
    pub of: u64,
    /// The byte itself, if the trace keeps it.
    pub byte: Option<u8>,
    /// The character that it is a part of.
    pub part: Option<Part>,
    /// The call that handed it over, if there was one.
    pub sent: Option<Handed>,
    /// When it left, if that was stamped.
    pub left: Option<Known>,
    /// Whether it still lay unsent in the send queue when the run ended, by the kernel's last count.
    pub unsent: bool,
    /// Whether it was thrown away, unsent or unacknowledged, when the connection was broken off.
    pub thrown_away: bool,
    /// When it was acknowledged, if that was stamped. Datagrams are not acknowledged.
    pub acknowledged: Option<Known>,
    /// What became of it at the other side.
    pub fate: Fate,
}

/// A `send` call that handed a byte over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Handed {
    /// The beat of the call.
    pub beat: usize,
    /// The beat in which it is told to have returned. Without one nobody knows whether the byte was taken.
    pub returned: Option<usize>,
}

/// A moment that the kernel stamped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    /// The beat that tells it.
    pub beat: usize,
    /// Whether it is this byte's own moment. If not, it had happened by then, perhaps earlier: a stamp speaks of the
    /// last byte of a range, and another may have been lost.
    pub is_own: bool,
}

/// What became of a byte at the other side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// A read returned it.
    Taken {
        /// The beat that tells the read, if it is told.
        beat: Option<usize>,
        /// Index of the read.
        read: usize,
        /// Its place in what the read returned, from 0.
        place: u64,
    },
    /// It was in the tail of a datagram that did not fit into the reader's buffer (MSG_TRUNC, recv(2)).
    CutOff {
        /// The beat that tells the read, if it is told.
        beat: Option<usize>,
        /// Index of the read.
        read: usize,
    },
    /// One of many reads that are told in one returned it: the beat that tells them.
    TakenAmong {
        /// The beat.
        beat: usize,
    },
    /// It came onto the wire and has not arrived.
    NotArrived(Missing),
    /// No read returned it.
    NeverRead {
        /// Whether it still lay in the receive queue when the run ended, by the kernel's last count.
        waits: bool,
    },
}

/// The way of the byte at an offset of an endpoint's flow; `None` if no message has it.
#[must_use]
pub fn journey(story: &Story, flow: EndpointId, offset: u64) -> Option<Journey> {
    let message = story.flows.at(flow, offset)?;
    let place = offset - message.start;
    let sent = story.beat_of_send(flow, offset).map(|beat| Handed {
        beat,
        returned: story.beat_of_sent(flow, offset),
    });
    let departure = story.departures.up_to(flow, offset + 1);
    let is_own = departure.is_some_and(|left| left.at_once && left.start <= offset);
    let left = departure.and_then(|left| story.beat_of_event(left.event));
    let acknowledged = story.beat_of_acknowledgement(flow, offset + 1);
    // The stamp of what left with this byte, and not one for more than that.
    let is_own_ack =
        |beat: usize| is_own && departure.is_some_and(|left| left.acknowledged == Some(story.beats[beat].at));
    let last = story.picture_at(story.trace.events.len());
    Some(Journey {
        flow,
        offset,
        message: message.number,
        place,
        of: message.bytes.len,
        byte: message.told(place).map(|(byte, _)| byte),
        part: message.told(place).and_then(|(_, part)| part),
        sent,
        left: left.map(|beat| Known { beat, is_own }),
        unsent: holds(&last.buffers(flow).unsent, flow, offset, message),
        thrown_away: offset + last.buffers(flow).thrown_away >= end(story, flow),
        acknowledged: acknowledged
            .filter(|_| story.plan.transport == Transport::Tcp)
            .map(|beat| Known {
                beat,
                is_own: is_own_ack(beat),
            }),
        fate: fate(story, flow, offset)
            .or_else(|| waits::byte(story, flow, offset).map(Fate::NotArrived))
            .unwrap_or_else(|| Fate::NeverRead {
                waits: holds(&last.buffers(peer(flow)).waiting, flow, offset, message),
            }),
    })
}

/// Where a flow ends.
fn end(story: &Story, flow: EndpointId) -> u64 {
    story.flows.flow(flow).last().map_or(0, Message::end)
}

/// What the read did with it that came to it.
fn fate(story: &Story, flow: EndpointId, offset: u64) -> Option<Fate> {
    if let Some(beat) = among_many(story, flow, offset) {
        return Some(Fate::TakenAmong { beat });
    }
    let taken = &story.lane(peer(flow)).taken;
    let after = taken.partition_point(|read| story.reads[*read].start <= offset);
    let index = *taken.get(after.checked_sub(1)?)?;
    let read = &story.reads[index];
    let (beat, place) = (story.beat_of_read(index), offset - read.start);
    if place < read.returned {
        Some(Fate::Taken {
            beat,
            read: index,
            place,
        })
    } else {
        (place < read.returned + read.lost).then_some(Fate::CutOff { beat, read: index })
    }
}

/// The beat that tells many reads in one, if this byte is of one of them.
fn among_many(story: &Story, flow: EndpointId, offset: u64) -> Option<usize> {
    let holds = |beat: &&usize| match story.beats[**beat].what {
        BeatKind::Calls {
            call: Call::Recv,
            start,
            end,
        } => (start..end).contains(&offset),
        _ => false,
    };
    story.lane(peer(flow)).program.iter().find(holds).copied()
}

/// Whether a queue is known to hold a byte.
fn holds(held: &Held, flow: EndpointId, offset: u64, message: &Message) -> bool {
    match held {
        Held::Span { start, end, .. } => held.flow() == Some(flow) && (*start..*end).contains(&offset),
        Held::Datagrams { pieces, .. } => pieces.iter().any(|piece| piece.message == message.number),
        Held::NotMeasured | Held::Count(_) => false,
    }
}
