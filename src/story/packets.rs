//! What the packets on the wire mean: which is a retransmission, which ACK is a duplicate, where the window closes. The
//! events are gone through in their order, and each end knows what has reached it by then (`packets/views.rs`).

#[cfg(test)]
mod tests;
mod views;

use std::collections::{HashMap, HashSet};

use super::ends;
use crate::scenario::claim::packets::PacketName;
use crate::trace::packet::{Fate, Flag, Handing, Packet, Removal};
use crate::trace::{EndpointId, Trace, What};
use views::{Blocks, View, takes_up};

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
    /// The packets that first carried what this one carries again.
    pub repeats: Vec<u32>,
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
    /// Something of what it carries was on the wire before: [`Sighting::repeats`].
    Retransmission,
    /// It acknowledges what the other end was told before, the n-th time in a row, while more is under way (RFC 5681,
    /// section 2; with SACK blocks RFC 6675, section 2).
    DuplicateAck(u32),
    /// It acknowledges selectively (RFC 2018).
    Selective,
    /// It tells of bytes that came twice (D-SACK, RFC 2883).
    CameTwice,
    /// Its sender has no room.
    ZeroWindow,
    /// It says nothing but that its sender has more room than the other end was told.
    WindowUpdate {
        /// There was none.
        opens: bool,
    },
    /// With it its sender has filled the window that it knows of.
    WindowFull,
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
        let mut views = vec![View::default(); ends(trace)];
        let refused = refused(trace);
        for (event, happened) in trace.events.iter().enumerate() {
            match &happened.what {
                What::Packet(packet) => {
                    let own = usize::from(happened.endpoint.0);
                    let (kinds, repeats) = recognise(packet, own, &mut views);
                    packets.by_number.insert(packet.packet, packets.all.len());
                    packets.all.push(Sighting {
                        event,
                        from: happened.endpoint,
                        at: happened.at,
                        kinds,
                        repeats,
                        arrivals: Vec::new(),
                        removed: None,
                    });
                }
                What::Delivered { packet, how } => {
                    if let Some(sighting) = packets.find(*packet) {
                        sighting.arrivals.push((happened.at, *how));
                        if !refused.contains(packet) {
                            sighting.is_heard(trace, &mut views);
                        }
                    }
                }
                What::Removed { packet, why } => {
                    if let Some(sighting) = packets.find(*packet) {
                        sighting.removed = Some((happened.at, *why));
                        if *why == Removal::Refused {
                            // It was told to go, and did not.
                            sighting.arrivals.pop();
                        }
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

    /// It has reached the other end, which knows by now what it says.
    fn is_heard(&self, trace: &Trace, views: &mut [View]) {
        let Some((packet, segment)) = self
            .packet(trace)
            .and_then(|packet| Some((packet, packet.tcp.as_ref()?)))
        else {
            return;
        };
        let own = usize::from(self.from.0);
        if let Some(other) = views.get_mut(own ^ 1) {
            other.hears(segment);
        }
        // Of any other it was known that it will.
        if let Some(view) = views.get_mut(own).filter(|_| packet.fate == Fate::Held) {
            view.tells(segment);
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
            Self::Retransmission => PacketName::Retransmission,
            Self::DuplicateAck(_) => PacketName::DuplicateAck,
            Self::Selective => PacketName::Sack,
            Self::CameTwice => PacketName::DSack,
            Self::ZeroWindow => PacketName::ZeroWindow,
            Self::WindowUpdate { .. } => PacketName::WindowUpdate,
            Self::WindowFull => PacketName::WindowFull,
            Self::WindowProbe => PacketName::WindowProbe,
            Self::Fragment => PacketName::Fragment,
        }
    }
}

/// The packets that were told to go and that the other end did not take.
fn refused(trace: &Trace) -> HashSet<u32> {
    let refused = trace.events.iter().filter_map(|event| match event.what {
        What::Removed {
            packet,
            why: Removal::Refused,
        } => Some(packet),
        _ => None,
    });
    refused.collect()
}

fn recognise(packet: &Packet, own: usize, views: &mut [View]) -> (Vec<PacketKind>, Vec<u32>) {
    let mut kinds = Vec::new();
    if packet.fragment.is_some() {
        kinds.push(PacketKind::Fragment);
    }
    let Some(segment) = &packet.tcp else {
        if packet.payload > 0 || packet.datagram.is_some() {
            kinds.push(PacketKind::Data);
        }
        return (kinds, Vec::new());
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
    let blocks = Blocks::of(segment);
    let of_blocks = [
        (blocks.twice, PacketKind::CameTwice),
        (blocks.acknowledges(), PacketKind::Selective),
    ];
    kinds.extend(of_blocks.into_iter().filter_map(|(is, kind)| is.then_some(kind)));
    let peer_end = views.get(own ^ 1).map_or(0, View::end);
    let Some(view) = views.get_mut(own) else {
        return (kinds, Vec::new());
    };
    let repeats = view.repeats(packet, segment);
    if !repeats.is_empty() {
        kinds.push(PacketKind::Retransmission);
    }
    if view.fills(packet, segment) {
        kinds.push(PacketKind::WindowFull);
    }
    let alone = takes_up(packet, segment) == 0 && !segment.has(Flag::Rst) && segment.has(Flag::Ack);
    let mut again = None;
    if alone {
        kinds.push(PacketKind::Ack);
        kinds.extend(view.probes(segment).then_some(PacketKind::WindowProbe));
        again = view.says_again(segment, peer_end);
        kinds.extend(again);
    }
    if segment.window == 0 && !segment.has(Flag::Rst) {
        kinds.push(PacketKind::ZeroWindow);
    }
    // What is held tells nothing before it is let go, and what is lost never does.
    if !packet.fate.is_lost() && packet.fate != Fate::Held {
        if alone {
            view.told_again(matches!(again, Some(PacketKind::DuplicateAck(_))));
        }
        view.tells(segment);
    }
    (kinds, repeats)
}
