//! One direction of a wire: what is under way in it, what is held, and what becomes of the next packet.

use std::collections::VecDeque;
use std::fs::File;
use std::io::Write;
use std::time::{Duration, Instant};

use super::super::conditions::{Chance, Conditions};
use super::{Came, Cause, Fate, How, Lot, Rule, State, Went};
use crate::packet::Packet;

/// What one end has sent.
pub struct Lane {
    /// Whether packets that come are held.
    pub holding: bool,
    /// Whether a person has taken it over.
    pub in_hand: bool,
    /// Those that wait to be let go, in the order in which they will go.
    pub held: VecDeque<Waiting>,
    /// What is to be lost.
    pub rules: Vec<Rule>,
    /// Under way, by when they arrive.
    flying: VecDeque<Flying>,
    chance: Chance,
    /// When the wire is done with the packet before.
    free: Option<Instant>,
}

/// A packet on the wire.
#[derive(Debug, Clone)]
pub struct Waiting {
    pub number: u32,
    pub connection: usize,
    pub bytes: Vec<u8>,
}

/// A packet that is handed over. One that passes at once is never copied.
#[derive(Debug, Clone, Copy)]
pub struct Passing<'a> {
    pub number: u32,
    pub connection: usize,
    pub bytes: &'a [u8],
}

struct Flying {
    due: Instant,
    how: How,
    packet: Waiting,
    /// It lets the packet behind it go first.
    late: bool,
}

/// How long a packet that lets another one go first waits for it.
const PATIENCE: Duration = Duration::from_millis(10);

impl Waiting {
    /// To be handed over.
    pub fn passing(&self) -> Passing<'_> {
        Passing {
            number: self.number,
            connection: self.connection,
            bytes: &self.bytes,
        }
    }
}

impl Lane {
    pub fn new(seed: u64, from: usize) -> Self {
        Self {
            holding: false,
            in_hand: false,
            held: VecDeque::new(),
            rules: Vec::new(),
            flying: VecDeque::new(),
            chance: Chance::new(seed, from),
            free: None,
        }
    }

    /// What becomes of a packet that comes.
    fn fate(&mut self, packet: &Packet, conditions: &Conditions, open: bool) -> Fate {
        // Drawn for each, so that a held packet does not shift the lots of those behind it.
        let lot = if open {
            self.chance.draw(conditions)
        } else {
            Lot::Passes
        };
        if self.is_to_be_lost(packet) {
            return Fate::Lost(Cause::Rule);
        }
        let takes_time = conditions.delay > Duration::ZERO || conditions.rate.is_some();
        match lot {
            _ if self.holding => Fate::Held,
            Lot::Lost => Fate::Lost(Cause::Chance),
            Lot::Twice => Fate::Duplicated,
            Lot::Late => Fate::Late,
            Lot::Passes if takes_time || !self.flying.is_empty() => Fate::Delayed,
            Lot::Passes => Fate::Passed,
        }
    }

    /// Counts the packet in the rules that mean it; whether one of them has come to its packet.
    fn is_to_be_lost(&mut self, packet: &Packet) -> bool {
        let data = packet.carries_data();
        let mut lost = false;
        for rule in self.rules.iter_mut().filter(|rule| data || !rule.data) {
            rule.nth -= 1;
            lost |= rule.nth == 0;
        }
        self.rules.retain(|rule| rule.nth > 0);
        lost
    }

    /// When a packet that comes now will arrive.
    fn arrival(&mut self, bytes: usize, conditions: &Conditions) -> Instant {
        let now = Instant::now();
        let begins = self.free.map_or(now, |free| free.max(now));
        let done = begins + conditions.busy(bytes);
        self.free = Some(done);
        done + conditions.delay
    }

    fn is_due(&self, now: Instant) -> bool {
        self.flying.front().is_some_and(|flying| flying.due <= now)
    }

    fn fly(&mut self, due: Instant, packet: Waiting, fate: Fate) {
        let late = fate == Fate::Late;
        // Whoever has let this one go first goes right behind it.
        let behind = (!late)
            .then(|| self.flying.iter().position(|other| other.late))
            .flatten();
        let behind = behind.and_then(|at| self.flying.remove(at));
        let again = (fate == Fate::Duplicated).then(|| packet.clone());
        let due = if late { due + PATIENCE } else { due };
        let mut put = |due, how, packet, late| {
            let at = self.flying.partition_point(|other| other.due <= due);
            let flying = Flying { due, how, packet, late };
            self.flying.insert(at, flying);
        };
        put(due, How::Whole, packet, late);
        if let Some(again) = again {
            put(due, How::Again, again, false);
        }
        if let Some(behind) = behind {
            put(due, behind.how, behind.packet, false);
        }
    }
}

impl State {
    /// When the next packet arrives that is under way.
    pub fn next_due(&self) -> Option<Instant> {
        let first = |lane: &Lane| lane.flying.front().map(|flying| flying.due);
        self.lanes.iter().filter_map(first).min()
    }

    /// An end has sent something. What is no IPv4 packet of a connection does not interest: IPv6 looks for neighbours.
    pub fn came(&mut self, devices: &[File; 2], from: usize, bytes: &[u8]) {
        let Some(packet) = Packet::read(bytes) else { return };
        let Some(place) = self.ledger.came(from, &packet) else {
            return;
        };
        let fate = self.lanes[from].fate(&packet, &self.conditions, self.open);
        self.last += 1;
        let (number, connection) = (self.last, place.connection);
        self.observer.came(&Came {
            number,
            from,
            connection,
            datagram: place.datagram,
            bytes,
            packet: &packet,
            fate,
        });
        let passing = Passing {
            number,
            connection,
            bytes,
        };
        let waiting = || Waiting {
            number,
            connection,
            bytes: bytes.to_vec(),
        };
        match fate {
            Fate::Passed => self.hand_over(devices, from, passing, How::Whole),
            Fate::Held => self.lanes[from].held.push_back(waiting()),
            Fate::Lost(_) => self.ledger.lost(from, connection, bytes),
            Fate::Delayed | Fate::Duplicated | Fate::Late => {
                let twice = fate == Fate::Duplicated;
                self.ledger.takes_off(from, connection, 1 + u32::from(twice));
                if twice {
                    self.ledger.again(from, connection, bytes);
                }
                let due = self.lanes[from].arrival(bytes.len(), &self.conditions);
                self.lanes[from].fly(due, waiting(), fate);
            }
        }
    }

    /// Hands over what has arrived.
    pub fn deliver_due(&mut self, devices: &[File; 2]) {
        let now = Instant::now();
        for from in 0..2 {
            while self.lanes[from].is_due(now)
                && let Some(flying) = self.lanes[from].flying.pop_front()
            {
                self.hand_over(devices, from, flying.packet.passing(), flying.how);
                self.ledger.lands(from, flying.packet.connection);
            }
        }
    }

    /// Hands a packet to the other end. It is told before, so that whatever the other end makes of it is told after.
    pub fn hand_over(&mut self, devices: &[File; 2], from: usize, packet: Passing<'_>, how: How) {
        self.observer.goes(&Went {
            number: packet.number,
            from,
            connection: packet.connection,
            how,
            bytes: packet.bytes,
        });
        // A device takes a packet whole or not at all.
        if (&devices[1 - from]).write_all(packet.bytes).is_ok() {
            self.ledger.went(from, packet.connection, packet.bytes);
        } else {
            self.ledger.lost(from, packet.connection, packet.bytes);
            self.observer
                .lost(packet.number, from, packet.connection, Cause::Refused);
        }
    }
}
