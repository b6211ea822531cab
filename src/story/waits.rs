//! Why what somebody waits for does not come. This is the one place that works it out: from what was sent, what of it is
//! known to have arrived, and what became of the packets that carried the rest. The sentences only say it.

use super::packets::Sighting;
use super::{Story, peer};
use crate::trace::packet::{Fate, Flag, Handing};
use crate::trace::{Call, EndpointId, Until, Waiting, What};

/// Why it does not come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// Nobody has sent it.
    NobodySent,
    /// It came, and the kernel had no room: so many datagrams.
    Dropped(u64),
    /// So many bytes of it have not left their sender.
    Unsent(u64),
    /// It is on the wire, or was.
    OnWire(Part, Missing),
    /// There is no room because so many bytes lie unread at the other side.
    Unread(u64),
    /// The trace does not tell.
    Untold,
}

/// What is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Bytes of a program, or whole datagrams.
    Bytes,
    /// The end of the stream.
    End,
    /// The acknowledgement of what has arrived.
    Acknowledgement,
}

/// Packets that have not arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// What became of them.
    pub where_to: WhereTo,
    /// Their numbers.
    pub packets: Vec<u32>,
}

/// What became of a packet that has not arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum WhereTo {
    /// It waits until somebody lets it go.
    Held,
    /// It is under way.
    Flies,
    /// It never arrives.
    Lost,
}

/// Why what an endpoint waits for does not come, as far as the whole trace tells.
#[must_use]
pub fn cause(story: &Story, endpoint: EndpointId, waiting: Waiting) -> Cause {
    match waiting {
        Waiting::Call(Call::Recv) | Waiting::Until(Until::Queued(_) | Until::DatagramsQueued(_)) => {
            incoming(story, endpoint)
        }
        Waiting::Call(Call::Send) => {
            let unread = buffers(story, peer(endpoint)).waiting.bytes().unwrap_or(0);
            if unread > 0 {
                Cause::Unread(unread)
            } else {
                outgoing(story, endpoint)
            }
        }
        Waiting::Until(Until::Acknowledged) => outgoing(story, endpoint),
        Waiting::Until(Until::Held(_)) | Waiting::Turn => Cause::Untold,
    }
}

/// What became of a byte on the wire that has not arrived.
#[must_use]
pub fn byte(story: &Story, flow: EndpointId, offset: u64) -> Option<Missing> {
    let has_it = |sighting: &&Sighting| {
        let packet = sighting.packet(&story.trace);
        let span = packet.and_then(|packet| Some((packet.start?, packet.payload)));
        span.is_some_and(|(start, payload)| start <= offset && offset - start < payload)
    };
    let carriers: Vec<&Sighting> = sent_by(story, flow).filter(has_it).collect();
    let arrived = carriers.iter().any(|sighting| sighting.has_arrived());
    (!arrived).then(|| missing(story, carriers.into_iter())).flatten()
}

/// Why nothing comes to an endpoint.
fn incoming(story: &Story, endpoint: EndpointId) -> Cause {
    let from = peer(endpoint);
    if let Some((part, missing)) = missing_of(story, from) {
        return Cause::OnWire(part, missing);
    }
    let dropped = buffers(story, endpoint).dropped.unwrap_or(0);
    let unsent = buffers(story, from).unsent.bytes().unwrap_or(0);
    match (dropped, unsent) {
        (1.., _) => Cause::Dropped(dropped),
        (_, 1..) => Cause::Unsent(unsent),
        _ => Cause::NobodySent,
    }
}

/// Why what an endpoint has sent is not acknowledged.
fn outgoing(story: &Story, endpoint: EndpointId) -> Cause {
    if let Some((part, missing)) = missing_of(story, endpoint) {
        return Cause::OnWire(part, missing);
    }
    let sequence = |sighting: &Sighting| {
        let packet = sighting.packet(&story.trace)?;
        let segment = packet.tcp.as_ref()?;
        let ends = u64::from(segment.has(Flag::Syn)) + u64::from(segment.has(Flag::Fin));
        Some(segment.sequence.saturating_add(packet.payload).saturating_add(ends))
    };
    let last = sent_by(story, endpoint).filter_map(sequence).max();
    let says = |sighting: &&Sighting| {
        let segment = sighting.packet(&story.trace).and_then(|packet| packet.tcp.as_ref());
        segment.and_then(|segment| segment.acknowledges) == last && last.is_some()
    };
    let answers: Vec<&Sighting> = sent_by(story, peer(endpoint)).filter(says).collect();
    // Its acknowledgement may arrive without its data.
    if answers.iter().all(|sighting| sighting.arrivals.is_empty())
        && let Some(missing) = missing(story, answers.into_iter())
    {
        return Cause::OnWire(Part::Acknowledgement, missing);
    }
    match buffers(story, endpoint).unsent.bytes() {
        Some(unsent @ 1..) => Cause::Unsent(unsent),
        _ => Cause::Untold,
    }
}

/// What of that which an endpoint has sent came onto the wire and has not arrived: the first that its reader would take.
fn missing_of(story: &Story, from: EndpointId) -> Option<(Part, Missing)> {
    if !story.is_over_wire() || story.trace.events.iter().any(|event| event.what == What::PacketsEnd) {
        return None;
    }
    if !story.trace.head.is_tcp() {
        let not_arrived = sent_by(story, from).filter(|sighting| !sighting.has_arrived());
        return missing(story, not_arrived).map(|missing| (Part::Bytes, missing));
    }
    let reached = reached(story, from);
    let lies_behind = |sighting: &&Sighting| {
        let packet = sighting.packet(&story.trace);
        let end = packet.and_then(|packet| Some(packet.start?.saturating_add(packet.payload)));
        !sighting.has_arrived() && end.is_some_and(|end| end > reached)
    };
    if let Some(missing) = missing(story, sent_by(story, from).filter(lies_behind)) {
        return Some((Part::Bytes, missing));
    }
    let ends = |sighting: &&Sighting| {
        let segment = sighting.packet(&story.trace).and_then(|packet| packet.tcp.as_ref());
        segment.is_some_and(|segment| segment.has(Flag::Fin))
    };
    let ends: Vec<&Sighting> = sent_by(story, from).filter(ends).collect();
    if ends.iter().any(|sighting| sighting.has_arrived()) {
        return None;
    }
    missing(story, ends.into_iter()).map(|missing| (Part::End, missing))
}

/// Up to where the flow of an endpoint has arrived without a gap.
fn reached(story: &Story, from: EndpointId) -> u64 {
    let arrived = sent_by(story, from).filter(|sighting| sighting.has_arrived());
    let span = |sighting: &Sighting| {
        let packet = sighting.packet(&story.trace)?;
        Some((packet.start?, packet.start?.saturating_add(packet.payload)))
    };
    let mut spans: Vec<(u64, u64)> = arrived.filter_map(span).collect();
    spans.sort_unstable();
    spans.into_iter().fold(
        0,
        |reached, (start, end)| {
            if start <= reached { reached.max(end) } else { reached }
        },
    )
}

/// Of these packets, none of which has arrived, those that may come the soonest.
fn missing<'s>(story: &Story, packets: impl Iterator<Item = &'s Sighting>) -> Option<Missing> {
    let with = |sighting: &Sighting| {
        let packet = sighting.packet(&story.trace)?;
        let where_to = match packet.fate {
            _ if sighting.is_lost(&story.trace) => WhereTo::Lost,
            Fate::Held => WhereTo::Held,
            _ => WhereTo::Flies,
        };
        Some((where_to, packet.packet))
    };
    let all: Vec<(WhereTo, u32)> = packets.filter_map(with).collect();
    let where_to = all.iter().map(|(where_to, _)| *where_to).min()?;
    let these = all.into_iter().filter(|(other, _)| *other == where_to);
    Some(Missing {
        where_to,
        packets: these.map(|(_, number)| number).collect(),
    })
}

fn sent_by(story: &Story, from: EndpointId) -> impl Iterator<Item = &Sighting> {
    story.packets.all().iter().filter(move |sighting| sighting.from == from)
}

fn buffers(story: &Story, endpoint: EndpointId) -> super::picture::Buffers {
    story.picture_at(story.trace.events.len()).buffers(endpoint)
}

impl Sighting {
    /// Whether the other end has it, with what it carries.
    #[must_use]
    pub fn has_arrived(&self) -> bool {
        self.arrivals.iter().any(|(_, how)| *how != Handing::Acknowledgement)
    }
}
