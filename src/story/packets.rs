//! What the packets on the wire mean: which is a retransmission, which ACK is a duplicate, where the window closes.

#[cfg(test)]
mod tests;

use std::collections::HashMap;

use super::ends;
use crate::scenario::claim::packets::PacketName;
use crate::trace::packet::{Fate, Flag, Handing, Packet, Removal, Segment};
use crate::trace::{EndpointId, Trace, What};

/// A packet, and what it means among the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sighting {
    /// Its event.
    pub event: usize,
    /// Who sent it.
    pub from: EndpointId,
    /// When it came onto the wire, in nanoseconds of the run.
    pub at: u64,
    /// What it is; several can be true of one.
    pub kinds: Vec<PacketKind>,
    /// When and how it was handed to the other end: once, not at all, or more than once.
    pub arrivals: Vec<(u64, Handing)>,
    /// When and why it was taken off the wire.
    pub removed: Option<(u64, Removal)>,
}

/// What a packet is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PacketKind {
    /// It opens the connection.
    Syn,
    /// It ends the stream of its sender.
    Fin,
    /// It breaks the connection off.
    Rst,
    /// It carries nothing but an acknowledgement.
    Ack,
    /// It carries bytes of a program.
    Data,
    /// What it carries was on the wire before, in the packet of this number.
    Retransmission(u32),
    /// It acknowledges what was acknowledged before, the n-th time in a row, while more is under way (RFC 5681,
    /// section 2; with SACK blocks RFC 6675, section 2).
    DuplicateAck(u32),
    /// It acknowledges selectively (RFC 2018).
    Selective,
    /// Its sender has no room.
    ZeroWindow,
    /// It says nothing but that its sender has more room.
    WindowUpdate,
    /// It asks whether there is room again (RFC 9293, section 3.8.6.1).
    WindowProbe,
    /// It is a piece of a datagram.
    Fragment,
}

/// All packets of a trace, in the order in which they came.
#[derive(Debug, Clone, Default)]
pub struct Packets {
    all: Vec<Sighting>,
    by_number: HashMap<u32, usize>,
}

impl Packets {
    /// Finds them.
    #[must_use]
    pub fn of(trace: &Trace) -> Self {
        let mut packets = Self::default();
        let mut ways = vec![Way::default(); ends(trace)];
        for (event, happened) in trace.events.iter().enumerate() {
            match &happened.what {
                What::Packet(packet) => {
                    let own = usize::from(happened.endpoint.0);
                    let kinds = recognise(packet, own, &mut ways);
                    packets.by_number.insert(packet.packet, packets.all.len());
                    packets.all.push(Sighting {
                        event,
                        from: happened.endpoint,
                        at: happened.at,
                        kinds,
                        arrivals: Vec::new(),
                        removed: None,
                    });
                }
                What::Delivered { packet, how } => {
                    if let Some(sighting) = packets.find(*packet) {
                        sighting.arrivals.push((happened.at, *how));
                    }
                }
                What::Removed { packet, why } => {
                    if let Some(sighting) = packets.find(*packet) {
                        sighting.removed = Some((happened.at, *why));
                    }
                }
                _ => {}
            }
        }
        packets
    }

    /// All of them.
    #[must_use]
    pub fn all(&self) -> &[Sighting] {
        &self.all
    }

    /// The one of this number on the wire.
    #[must_use]
    pub fn get(&self, number: u32) -> Option<&Sighting> {
        self.all.get(*self.by_number.get(&number)?)
    }

    fn find(&mut self, number: u32) -> Option<&mut Sighting> {
        self.all.get_mut(*self.by_number.get(&number)?)
    }
}

impl Sighting {
    /// The packet itself.
    #[must_use]
    pub fn packet<'t>(&self, trace: &'t Trace) -> Option<&'t Packet> {
        match trace.events.get(self.event).map(|event| &event.what) {
            Some(What::Packet(packet)) => Some(packet),
            _ => None,
        }
    }

    /// Whether it is of a kind that a scenario names.
    #[must_use]
    pub fn is_a(&self, name: PacketName, trace: &Trace) -> bool {
        match name {
            PacketName::Any => true,
            PacketName::Lost => self.is_lost(trace),
            PacketName::Held => self.packet(trace).is_some_and(|packet| packet.fate == Fate::Held),
            name => self.kinds.iter().any(|kind| kind.name() == name),
        }
    }

    /// Whether it never arrives.
    #[must_use]
    pub fn is_lost(&self, trace: &Trace) -> bool {
        self.removed.is_some() || self.packet(trace).is_some_and(|packet| packet.fate.is_lost())
    }
}

impl PacketKind {
    fn name(self) -> PacketName {
        match self {
            Self::Syn => PacketName::Syn,
            Self::Fin => PacketName::Fin,
            Self::Rst => PacketName::Rst,
            Self::Ack => PacketName::Ack,
            Self::Data => PacketName::Data,
            Self::Retransmission(_) => PacketName::Retransmission,
            Self::DuplicateAck(_) => PacketName::DuplicateAck,
            Self::Selective => PacketName::Sack,
            Self::ZeroWindow => PacketName::ZeroWindow,
            Self::WindowUpdate => PacketName::WindowUpdate,
            Self::WindowProbe => PacketName::WindowProbe,
            Self::Fragment => PacketName::Fragment,
        }
    }
}

/// What one endpoint has sent so far.
#[derive(Debug, Clone, Default)]
struct Way {
    /// The sequence number behind everything it has sent.
    end: u64,
    /// What it said last: the acknowledgement number and the window.
    acknowledged: Option<(u64, u64)>,
    /// How often in a row it has said the same.
    same: u32,
    /// Which packet first carried what begins here.
    first: HashMap<u64, u32>,
}

fn recognise(packet: &Packet, own: usize, ways: &mut [Way]) -> Vec<PacketKind> {
    let mut kinds = Vec::new();
    if packet.fragment.is_some() {
        kinds.push(PacketKind::Fragment);
    }
    let Some(segment) = &packet.tcp else {
        if packet.payload > 0 || packet.datagram.is_some() {
            kinds.push(PacketKind::Data);
        }
        return kinds;
    };
    for (flag, kind) in [
        (Flag::Syn, PacketKind::Syn),
        (Flag::Fin, PacketKind::Fin),
        (Flag::Rst, PacketKind::Rst),
    ] {
        if segment.has(flag) {
            kinds.push(kind);
        }
    }
    if packet.payload > 0 {
        kinds.push(PacketKind::Data);
    }
    if !segment.sack.is_empty() {
        kinds.push(PacketKind::Selective);
    }
    let (peer_end, peer_says) = ways
        .get(own ^ 1)
        .map_or((0, None), |peer| (peer.end, peer.acknowledged));
    let Some(way) = ways.get_mut(own) else { return kinds };
    let takes_up = packet.payload + u64::from(segment.has(Flag::Syn)) + u64::from(segment.has(Flag::Fin));
    if takes_up > 0 {
        if segment.sequence + takes_up <= way.end {
            let first = way.first.get(&segment.sequence).copied();
            kinds.push(PacketKind::Retransmission(first.unwrap_or(packet.packet)));
        }
        way.first.entry(segment.sequence).or_insert(packet.packet);
        way.end = way.end.max(segment.sequence + takes_up);
    } else if !segment.has(Flag::Rst) && segment.has(Flag::Ack) {
        kinds.push(PacketKind::Ack);
        // A probe lies before what the other side has: it cannot but answer.
        if peer_says.is_some_and(|(has, window)| window == 0 && segment.sequence < has) {
            kinds.push(PacketKind::WindowProbe);
        }
        kinds.extend(way.says_again(segment, peer_end));
    }
    if segment.window == 0 && !segment.has(Flag::Rst) {
        kinds.push(PacketKind::ZeroWindow);
    }
    if let Some(acknowledges) = segment.acknowledges.filter(|_| !segment.has(Flag::Rst)) {
        way.acknowledged = Some((acknowledges, segment.window));
    }
    kinds
}

impl Way {
    /// An acknowledgement alone that says what was said before, or only that there is more room.
    fn says_again(&mut self, segment: &Segment, peer_end: u64) -> Option<PacketKind> {
        let now = (segment.acknowledges?, segment.window);
        let before = self.acknowledged?;
        // With blocks it is one whatever its window (RFC 6675, section 2).
        let alike = now.1 == before.1 || !segment.sack.is_empty();
        if now.0 == before.0 && alike && now.0 < peer_end && now.1 > 0 {
            self.same += 1;
            return Some(PacketKind::DuplicateAck(self.same));
        }
        self.same = 0;
        (now.0 == before.0 && now.1 > before.1).then_some(PacketKind::WindowUpdate)
    }
}
