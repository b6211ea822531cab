//! What has come onto a wire and gone from it, connection by connection: with the counters of the kernel this tells
//! whether anything is under way.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::packet::{Carried, Packet};

/// What one end of a connection has sent, and what of it the wire has handed over.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Packets that came onto the wire.
    pub came: u32,
    /// Packets that were handed over; one that went twice counts twice.
    pub went: u32,
    /// Packets that are under way and will arrive by themselves.
    pub flying: u32,
    /// Datagrams that came onto the wire, whole or with their first fragment.
    pub datagrams_came: u64,
    /// Datagrams of which all is handed over.
    pub datagrams_went: u64,
    /// Datagrams of which something was lost on the wire.
    pub datagrams_lost: u64,
    /// Datagrams that go twice.
    pub datagrams_extra: u64,
}

/// The port of the listening end of the first connection; that of the next is one more.
pub const FIRST_LISTENING: u16 = 7001;
/// The port of the connecting end of the first connection.
pub const FIRST_CONNECTING: u16 = 50_001;

/// Where an IPv4 header says what it carries, and that it is UDP (RFC 791, section 3.1).
const PROTOCOL: usize = 9;
const UDP: u8 = 17;

/// The counts of all connections.
#[derive(Debug, Default)]
pub struct Ledger {
    counts: BTreeMap<usize, [Counts; 2]>,
    /// Which datagram has this identification, by end: for fragments, which do not say their ports.
    datagrams: HashMap<(usize, u16), Place>,
    /// What of a datagram in fragments was handed over: where pieces begin and end, and where the last one ends.
    pieces: HashMap<(usize, u16), Pieces>,
    /// Datagrams in fragments of which one was lost.
    broken: HashSet<(usize, u16)>,
}

/// Where a packet belongs.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    pub connection: usize,
    /// The how-manieth datagram of that end and connection.
    pub datagram: Option<u64>,
}

#[derive(Debug, Default)]
struct Pieces {
    spans: BTreeMap<usize, usize>,
    end: Option<usize>,
}

impl Ledger {
    pub fn counts(&self, connection: usize) -> [Counts; 2] {
        self.counts.get(&connection).copied().unwrap_or_default()
    }

    /// A packet came onto the wire; `None` if it is of no connection.
    pub fn came(&mut self, from: usize, packet: &Packet) -> Option<Place> {
        let place = match &packet.carries {
            Carried::Rest => *self.datagrams.get(&(from, packet.id))?,
            Carried::Tcp(segment) => Place {
                connection: connection(segment.ports)?,
                datagram: None,
            },
            Carried::Udp(datagram) => {
                let connection = connection(datagram.ports)?;
                let number = self.of(connection)[from].datagrams_came;
                let place = Place {
                    connection,
                    datagram: Some(number),
                };
                if packet.fragment.is_some() {
                    self.datagrams.insert((from, packet.id), place);
                }
                place
            }
            Carried::Other(_) => return None,
        };
        let counts = &mut self.of(place.connection)[from];
        counts.came = counts.came.wrapping_add(1);
        counts.datagrams_came += u64::from(matches!(packet.carries, Carried::Udp(_)));
        Some(place)
    }

    /// So many packets will arrive by themselves.
    pub fn takes_off(&mut self, from: usize, connection: usize, packets: u32) {
        self.of(connection)[from].flying += packets;
    }

    /// A packet goes once more.
    pub fn again(&mut self, from: usize, connection: usize, bytes: &[u8]) {
        let whole = Packet::read(bytes).is_some_and(|packet| packet.fragment.is_none() && packet.segment().is_none());
        self.of(connection)[from].datagrams_extra += u64::from(whole);
    }

    /// A packet never arrives. A datagram is lost with the first of its fragments.
    pub fn lost(&mut self, from: usize, connection: usize, bytes: &[u8]) {
        let Some(packet) = Packet::read(bytes).filter(|packet| packet.segment().is_none()) else {
            return;
        };
        if packet.fragment.is_none() || self.broken.insert((from, packet.id)) {
            self.of(connection)[from].datagrams_lost += 1;
        }
    }

    /// One of them has.
    pub fn lands(&mut self, from: usize, connection: usize) {
        self.of(connection)[from].flying -= 1;
    }

    /// A packet was handed over.
    pub fn went(&mut self, from: usize, connection: usize, bytes: &[u8]) {
        // Of TCP packets, of which there are many, nothing more need be known.
        let is_udp = bytes.get(PROTOCOL) == Some(&UDP);
        let whole = is_udp && Packet::read(bytes).is_some_and(|packet| self.completes(from, &packet));
        let counts = &mut self.of(connection)[from];
        counts.went = counts.went.wrapping_add(1);
        counts.datagrams_went += u64::from(whole);
    }

    /// Whether the other end has a whole datagram with this packet.
    fn completes(&mut self, from: usize, packet: &Packet) -> bool {
        let Some(fragment) = packet.fragment else {
            return matches!(packet.carries, Carried::Udp(_));
        };
        let pieces = self.pieces.entry((from, packet.id)).or_default();
        pieces.spans.insert(fragment.offset, fragment.offset + fragment.length);
        if !fragment.more {
            pieces.end = Some(fragment.offset + fragment.length);
        }
        let mut reached = 0;
        for (start, end) in &pieces.spans {
            if *start == reached {
                reached = *end;
            }
        }
        let whole = pieces.end == Some(reached);
        if whole {
            self.pieces.remove(&(from, packet.id));
        }
        whole
    }

    fn of(&mut self, connection: usize) -> &mut [Counts; 2] {
        self.counts.entry(connection).or_default()
    }
}

/// The connection between these ports.
fn connection(ports: (u16, u16)) -> Option<usize> {
    let listening = ports.0.min(ports.1);
    let number = listening.checked_sub(FIRST_LISTENING)?;
    (usize::from(number) < super::super::MOST_CONNECTIONS).then_some(usize::from(number))
}
