//! The wire itself. One thread reads the packets of either end and decides what becomes of each; whoever holds the
//! [`Wire`] may hold packets and let them go. Both do it under one lock, and tell the observer under it, so what is told
//! is told in the order in which it happened.

mod counts;
mod lane;

use std::fs::File;
use std::io::{self, PipeReader, PipeWriter, Read};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::conditions::{Conditions, Lot};
use crate::packet::{Packet, acknowledgement_alone};
use counts::Ledger;
pub use counts::{Counts, FIRST_CONNECTING, FIRST_LISTENING};
use lane::Lane;

/// A wire between two ends. Packets flow while somebody is in [`Wire::carry`].
pub struct Wire {
    devices: [File; 2],
    state: Mutex<State>,
    /// Ends [`Wire::carry`] when its other end is closed, which cannot fail.
    stop: (PipeReader, Mutex<Option<PipeWriter>>),
}

/// The wire in somebody's grasp: what is done to its packets, and the time at which that was, is one moment.
pub struct Grasp<'w> {
    state: MutexGuard<'w, State>,
    devices: &'w [File; 2],
}

/// Is told what happens on a wire, under its lock.
pub trait Observer: Send {
    /// A packet came onto the wire.
    fn came(&mut self, came: &Came<'_>);
    /// A packet is handed to the other end, now.
    fn goes(&mut self, went: &Went<'_>);
    /// A packet that was held will not go.
    fn lost(&mut self, number: u32, from: usize, connection: usize, cause: Cause);
}

/// A packet that came onto the wire.
#[derive(Debug)]
pub struct Came<'a> {
    /// Its number on this wire, from 1.
    pub number: u32,
    /// The end that sent it.
    pub from: usize,
    /// Of which connection it is.
    pub connection: usize,
    /// UDP only: the how-manieth datagram of that end and connection it is, or is a fragment of, from 0.
    pub datagram: Option<u64>,
    /// All of it.
    pub bytes: &'a [u8],
    /// What stands in it.
    pub packet: &'a Packet,
    /// What becomes of it.
    pub fate: Fate,
}

/// A packet that is handed to the other end.
#[derive(Debug)]
pub struct Went<'a> {
    /// Its number.
    pub number: u32,
    /// The end that sent it.
    pub from: usize,
    /// Of which connection it is.
    pub connection: usize,
    /// In which way.
    pub how: How,
    /// What is handed over.
    pub bytes: &'a [u8],
}

/// In which way a packet is handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// As it came.
    Whole,
    /// Once more.
    Again,
    /// Its acknowledgement alone; the packet stays.
    Acknowledgement,
}

/// What becomes of a packet when it comes onto the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It goes on at once.
    Passed,
    /// It is under way for a while.
    Delayed,
    /// It is under way, and goes twice.
    Duplicated,
    /// It goes after the one behind it.
    Late,
    /// It waits until it is let go.
    Held,
    /// It is lost.
    Lost(Cause),
}

/// Why a packet is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// By chance.
    Chance,
    /// Because of a [`Rule`].
    Rule,
    /// Somebody has taken it off the wire.
    Hand,
    /// The other end did not take it.
    Refused,
}

/// A packet that is to be lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// The how-manieth from now on, from 1.
    pub nth: u32,
    /// Only packets that carry data are counted.
    pub data: bool,
}

/// Which of the packets that are held are let go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Release {
    /// So many, in the order in which they came; more that come are held.
    Next(usize),
    /// All, in this order, and from now on none is held.
    All,
    /// All, the last one first, and from now on none is held.
    Reversed,
}

impl std::fmt::Debug for Wire {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Wire")
            .field("devices", &self.devices)
            .finish_non_exhaustive()
    }
}

struct State {
    lanes: [Lane; 2],
    ledger: Ledger,
    conditions: Conditions,
    /// Chance may take packets: not before the connections are made.
    open: bool,
    last: u32,
    observer: Box<dyn Observer>,
}

/// Most packets that are taken from one end before the other has its turn.
const BATCH: usize = 64;

/// Longest IPv4 packet.
const LONGEST: usize = 65_535;

impl Wire {
    /// A wire between these ends; the sockets of [`Ends`](super::Ends) are left to the caller.
    ///
    /// # Errors
    /// If a descriptor cannot be made.
    pub fn new(ends: [File; 2], conditions: Conditions, observer: Box<dyn Observer>) -> io::Result<Self> {
        for device in &ends {
            rustix::io::ioctl_fionbio(device, true)?;
        }
        let (reads, writes) = io::pipe()?;
        Ok(Self {
            devices: ends,
            state: Mutex::new(State {
                lanes: [0, 1].map(|from| Lane::new(conditions.seed, from)),
                ledger: Ledger::default(),
                conditions,
                open: false,
                last: 0,
                observer,
            }),
            stop: (reads, Mutex::new(Some(writes))),
        })
    }

    /// Carries packets until [`Wire::stop`].
    ///
    /// # Errors
    /// If a device cannot be read.
    pub fn carry(&self) -> io::Result<()> {
        let mut buffer = vec![0; LONGEST];
        loop {
            let due = self.lock().next_due();
            let timeout = due.and_then(|due| Timespec::try_from(due.saturating_duration_since(Instant::now())).ok());
            let [one, two] = &self.devices;
            let mut fds = [
                PollFd::new(one, PollFlags::IN),
                PollFd::new(two, PollFlags::IN),
                PollFd::new(&self.stop.0, PollFlags::IN),
            ];
            match poll(&mut fds, timeout.as_ref()) {
                Err(rustix::io::Errno::INTR) => continue,
                other => other?,
            };
            let ready = fds.each_ref().map(|fd| !fd.revents().is_empty());
            if ready[2] {
                return Ok(());
            }
            for (from, _) in ready.iter().take(2).enumerate().filter(|(_, ready)| **ready) {
                self.take(from, &mut buffer)?;
            }
            self.lock().deliver_due(&self.devices);
        }
    }

    /// Ends [`Wire::carry`]; what is still under way is lost with the wire.
    pub fn stop(&self) {
        self.stop.1.lock().unwrap_or_else(PoisonError::into_inner).take();
    }

    /// The connections are made: from now on chance may take packets.
    pub fn open(&self) {
        self.lock().open = true;
    }

    /// What of a connection has come onto the wire and gone from it, for each direction.
    #[must_use]
    pub fn counts(&self, connection: usize) -> [Counts; 2] {
        self.lock().ledger.counts(connection)
    }

    /// Whether nothing is under way: no packet waits to be taken from an end, and none flies. What is held is not under
    /// way.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        // Under the lock, so that no packet is in between.
        let state = self.lock();
        let [one, two] = &self.devices;
        let mut fds = [PollFd::new(one, PollFlags::IN), PollFd::new(two, PollFlags::IN)];
        let now = Timespec { tv_sec: 0, tv_nsec: 0 };
        state.next_due().is_none() && poll(&mut fds, Some(&now)) == Ok(0)
    }

    /// Whether packets that end `from` sends are held.
    #[must_use]
    pub fn holds(&self, from: usize) -> bool {
        self.lock().lanes[from].holding
    }

    /// Whether a person has taken over what is done to the packets of an end.
    #[must_use]
    pub fn is_in_hand(&self, from: usize) -> bool {
        self.lock().lanes[from].in_hand
    }

    /// How many packets of an end are held.
    #[must_use]
    pub fn held(&self, from: usize) -> usize {
        self.lock().lanes[from].held.len()
    }

    /// Takes hold of the wire: until the grasp is dropped nothing comes and nothing goes but by it.
    #[must_use]
    pub fn grasp(&self) -> Grasp<'_> {
        Grasp {
            state: self.lock(),
            devices: &self.devices,
        }
    }

    /// Reads what an end has sent.
    fn take(&self, from: usize, buffer: &mut [u8]) -> io::Result<()> {
        let mut state = self.lock();
        for _ in 0..BATCH {
            match (&self.devices[from]).read(buffer) {
                Ok(length) => state.came(&self.devices, from, &buffer[..length]),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Grasp<'_> {
    /// From now on what is done to the packets of an end is a person's affair, and no longer the scenario's.
    pub fn take_over(&mut self, from: usize) {
        self.state.lanes[from].in_hand = true;
    }

    /// Whether it is.
    #[must_use]
    pub fn is_in_hand(&self, from: usize) -> bool {
        self.state.lanes[from].in_hand
    }

    /// Whether packets of an end are held.
    #[must_use]
    pub fn holds(&self, from: usize) -> bool {
        self.state.lanes[from].holding
    }

    /// From now on the packets that end `from` sends are held.
    pub fn hold(&mut self, from: usize) {
        self.state.lanes[from].holding = true;
    }

    /// Loses a packet that is to come from an end.
    pub fn lose(&mut self, from: usize, rule: Rule) {
        self.state.lanes[from].rules.push(rule);
    }

    /// Lets packets of an end go that are held; returns how many went.
    pub fn release(&mut self, from: usize, which: Release) -> usize {
        let state = &mut *self.state;
        let lane = &mut state.lanes[from];
        let count = match which {
            Release::Next(count) => count.min(lane.held.len()),
            Release::All | Release::Reversed => {
                lane.holding = false;
                lane.held.len()
            }
        };
        if which == Release::Reversed {
            lane.held.make_contiguous().reverse();
        }
        for _ in 0..count {
            if let Some(packet) = state.lanes[from].held.pop_front() {
                state.hand_over(self.devices, from, packet.passing(), How::Whole);
            }
        }
        count
    }

    /// Takes the first packet of an end that is held off the wire. Returns whether there was one.
    pub fn drop_next(&mut self, from: usize) -> bool {
        let state = &mut *self.state;
        let Some(packet) = state.lanes[from].held.pop_front() else {
            return false;
        };
        state.ledger.lost(from, packet.connection, &packet.bytes);
        state.observer.lost(packet.number, from, packet.connection, Cause::Hand);
        true
    }

    /// Sends the first packet of an end that is held on, and keeps it as well. Returns whether there was one.
    pub fn duplicate_next(&mut self, from: usize) -> bool {
        let state = &mut *self.state;
        let Some(packet) = state.lanes[from].held.front().cloned() else {
            return false;
        };
        state.ledger.again(from, packet.connection, &packet.bytes);
        state.hand_over(self.devices, from, packet.passing(), How::Again);
        true
    }

    /// Lets the first two packets of an end that are held change places. Returns whether there were two.
    pub fn swap_next(&mut self, from: usize) -> bool {
        let held = &mut self.state.lanes[from].held;
        if held.len() < 2 {
            return false;
        }
        held.swap(0, 1);
        true
    }

    /// Delivers the acknowledgement alone that is in the first packet of an end that is held and has one beside data.
    /// Returns whether there was one.
    pub fn acknowledge_alone(&mut self, from: usize) -> bool {
        let state = &mut *self.state;
        let found = state.lanes[from]
            .held
            .iter()
            .find_map(|packet| Some((packet.clone(), acknowledgement_alone(&packet.bytes)?)));
        let Some((mut packet, bytes)) = found else { return false };
        packet.bytes = bytes;
        state.hand_over(self.devices, from, packet.passing(), How::Acknowledgement);
        true
    }
}
