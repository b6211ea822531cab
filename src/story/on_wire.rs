//! Which packets are on a wire at a moment: under way or held, in each direction in the order in which they will go on.

use crate::trace::packet::{Fate, Handing, WireAct};
use crate::trace::{Trace, What};

/// A packet that is on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Aboard {
    /// Its number.
    pub packet: u32,
    /// It waits until it is let go.
    pub held: bool,
    /// How often it will still arrive by itself.
    copies: u8,
}

/// One direction of a wire.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Direction {
    /// What is on it.
    pub packets: Vec<Aboard>,
    /// What comes onto it is held.
    pub holds: bool,
}

/// What is on the wire, at every moment of a run.
#[derive(Debug, Clone, Default)]
pub struct OnWire {
    /// What changes it, each behind its event.
    changes: Vec<(usize, usize, Change)>,
    /// What is on it before each [`EVERY`]th change.
    kept: Vec<[Direction; 2]>,
}

#[derive(Debug, Clone, Copy)]
enum Change {
    Comes(Aboard),
    Arrives(u32),
    Removed(u32),
    Act(WireAct),
}

/// So many changes are made at most to find out what is on the wire.
const EVERY: usize = 256;

impl OnWire {
    /// Goes through a trace.
    #[must_use]
    pub fn of(trace: &Trace) -> Self {
        let mut found = Self::default();
        let mut now: [Direction; 2] = Default::default();
        for (event, happened) in trace.events.iter().enumerate() {
            let own = usize::from(happened.endpoint.0 % 2);
            let (end, change) = match &happened.what {
                What::Packet(packet) => {
                    let copies = match packet.fate {
                        Fate::Delayed | Fate::Late | Fate::Held => 1,
                        Fate::Duplicated => 2,
                        Fate::Passed | Fate::LostByChance | Fate::LostByRule => continue,
                    };
                    let held = packet.fate == Fate::Held;
                    let packet = packet.packet;
                    (own, Change::Comes(Aboard { packet, held, copies }))
                }
                // Of a held one a copy goes, or its acknowledgement, and it stays.
                What::Delivered { packet, how } if *how != Handing::Acknowledgement => {
                    let stays = |one: &Aboard| one.packet == *packet && one.held && *how == Handing::Again;
                    if now[1 - own].packets.iter().any(stays) {
                        continue;
                    }
                    (1 - own, Change::Arrives(*packet))
                }
                What::Removed { packet, .. } => (own, Change::Removed(*packet)),
                What::Wire { act, .. } => (own, Change::Act(*act)),
                _ => continue,
            };
            if found.changes.len().is_multiple_of(EVERY) {
                found.kept.push(now.clone());
            }
            found.changes.push((event, end, change));
            now[end].take(change);
        }
        found
    }

    /// What is on the wire after the first `events` events: what end 0 of the connections sends, and what end 1 does.
    #[must_use]
    pub fn at(&self, events: usize) -> [Direction; 2] {
        let changes = self.changes.partition_point(|(event, ..)| *event < events);
        let Some(kept) = changes.checked_sub(1).map(|last| last / EVERY) else {
            return Default::default();
        };
        let mut now = self.kept.get(kept).cloned().unwrap_or_default();
        for (_, end, change) in &self.changes[kept * EVERY..changes] {
            now[*end].take(*change);
        }
        now
    }
}

impl Direction {
    fn take(&mut self, change: Change) {
        match change {
            Change::Comes(aboard) => self.packets.push(aboard),
            Change::Arrives(number) => {
                if let Some(at) = self.find(number) {
                    let aboard = &mut self.packets[at];
                    aboard.copies = aboard.copies.saturating_sub(1);
                    if aboard.copies == 0 {
                        self.packets.remove(at);
                    }
                }
            }
            Change::Removed(number) => {
                if let Some(at) = self.find(number) {
                    self.packets.remove(at);
                }
            }
            Change::Act(WireAct::Hold) => self.holds = true,
            Change::Act(WireAct::Open { .. } | WireAct::Reverse { .. }) => self.holds = false,
            Change::Act(WireAct::Swap) => {
                let mut held = (0..self.packets.len()).filter(|at| self.packets[*at].held);
                if let (Some(one), Some(other)) = (held.next(), held.next()) {
                    self.packets.swap(one, other);
                }
            }
            Change::Act(_) => {}
        }
    }

    fn find(&self, number: u32) -> Option<usize> {
        self.packets.iter().position(|aboard| aboard.packet == number)
    }

    /// Those that are held.
    pub fn held(&self) -> impl Iterator<Item = &Aboard> {
        self.packets.iter().filter(|aboard| aboard.held)
    }
}

#[cfg(test)]
mod tests;
