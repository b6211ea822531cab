//! The wire of a run: made before the endpoints are joined, carried by a thread of its own, and every packet recorded.

use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, OnceLock, Weak};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use socket2::Socket;

use super::capture::Capture;
use super::id;
use crate::endpoint::recorder::Recorder;
use crate::endpoint::{Cable, Side};
use crate::link::Place;
use crate::packet::{Carried, Segment, UDP_HEADER};
use crate::scenario::plan::Plan;
use crate::scenario::{PlannedWire, Transport};
use crate::trace::packet::{Fate, Flag, Fragment, Handing, Packet, Removal};
use crate::trace::{self, Evidence, What};
use crate::wire::carry::{self, Came, Cause, FIRST_CONNECTING, FIRST_LISTENING, How, Observer, Went, Wire};
use crate::wire::conditions::Conditions;
use crate::wire::{ADDRESSES, Ends, Kind, Order, WireError};

/// A wire that is carried until this is dropped.
pub struct Wiring {
    /// The wire.
    pub wire: Arc<Wire>,
    sockets: [VecDeque<Socket>; 2],
    sides: Arc<OnceLock<Vec<Weak<Side>>>>,
    thread: Option<JoinHandle<()>>,
    /// No tail loss probes are sent in its networks.
    pub tail_probes_off: bool,
    failure: Arc<OnceLock<String>>,
}

/// Makes both ends of the wire that a plan wants.
pub fn ends(plan: &Plan, planned: &PlannedWire, program: Option<&Path>) -> Result<Ends, WireError> {
    let order = Order {
        kind: if plan.transport == Transport::Udp {
            Kind::Datagrams
        } else {
            Kind::Stream
        },
        connections: plan.endpoints.len() / 2,
        mtu: planned.mtu,
        rto_min_ms: planned.rto_min_ms,
    };
    Ends::make(order, program, MAKING)
}

/// Joins them, and has what happens recorded, and the packets' bytes kept if they are wanted.
pub fn carry(
    plan: &Plan,
    planned: &PlannedWire,
    ends: Ends,
    (recorder, capture): (&Arc<Recorder>, Option<Arc<Capture>>),
) -> Result<Wiring, WireError> {
    let sides = Arc::new(OnceLock::new());
    let failure = Arc::new(OnceLock::new());
    let clerk = Clerk {
        failure: Arc::clone(&failure),
        recorder: Arc::clone(recorder),
        capture,
        sides: Arc::clone(&sides),
        ways: vec![Way::default(); plan.endpoints.len()],
        packets: 0,
    };
    let wire = Wire::new(ends.devices, conditions(planned), Box::new(clerk)).map_err(WireError::Start)?;
    let wire = Arc::new(wire);
    let (carried, failed) = (Arc::clone(&wire), Arc::clone(&failure));
    let carry = move || {
        if let Err(error) = carried.carry() {
            // Said once: the first failure ends the run.
            let _ = failed.set(format!("carry packets: {error}"));
        }
    };
    let thread = thread::Builder::new().name("wire".to_owned()).spawn(carry);
    Ok(Wiring {
        wire,
        sockets: ends.sockets.map(VecDeque::from),
        sides,
        tail_probes_off: ends.tail_probes_off,
        thread: Some(thread.map_err(WireError::Start)?),
        failure,
    })
}

/// Making both networks takes some 10 ms; a machine may be busy.
const MAKING: Duration = Duration::from_secs(10);

impl Wiring {
    /// A socket in the network of the endpoint at `index`, with the address that it is to have.
    pub fn place(&mut self, index: usize, listens: bool) -> io::Result<Place> {
        let (end, connection) = (index % 2, u16::try_from(index / 2).unwrap_or(0));
        let first = if listens { FIRST_LISTENING } else { FIRST_CONNECTING };
        let socket = self.sockets[end].pop_front().ok_or(io::ErrorKind::NotFound)?;
        Ok(Place {
            socket,
            address: SocketAddr::from((ADDRESSES[end], first + connection)),
        })
    }

    /// How the endpoint at `index` is joined.
    pub fn cable(&self, index: usize) -> Cable {
        Cable {
            wire: Arc::clone(&self.wire),
            connection: index / 2,
            end: index % 2,
            tail_probes_off: self.tail_probes_off,
        }
    }

    /// All connections are made: from now on datagrams are found in the flows of these sides, and chance may hit.
    pub fn open(&self, sides: &[Arc<Side>]) {
        // Each of them has the wire; nothing must keep the other for ever.
        let sides = sides.iter().map(Arc::downgrade).collect();
        // Said once.
        let _ = self.sides.set(sides);
        self.wire.open();
    }

    /// Why the wire does not carry what it should, if it does not: a fault of the machine, and none of the scenario.
    pub fn failure(&self) -> Option<&str> {
        self.failure.get().map(String::as_str)
    }

    /// Waits until nothing is under way any more, but for what is held; no longer than `patience`.
    pub fn settle(&self, patience: Duration) {
        let until = Instant::now() + patience;
        while Instant::now() < until && !(self.wire.is_idle() && self.wire.is_idle()) {
            // A device tells nobody that it is empty, and the run's stop pipe is readable already.
            thread::sleep(Duration::from_micros(200));
        }
    }
}

impl Drop for Wiring {
    fn drop(&mut self) {
        self.wire.stop();
        if let Some(thread) = self.thread.take() {
            // A panic in it has been told by its own message.
            let _ = thread.join();
        }
    }
}

fn conditions(planned: &PlannedWire) -> Conditions {
    Conditions {
        delay: planned.delay,
        rate: planned.rate,
        loss: planned.loss,
        duplicate: planned.duplicate,
        reorder: planned.reorder,
        seed: planned.seed,
    }
}

/// Writes down what happens on the wire.
struct Clerk {
    /// What keeps the wire from being one.
    failure: Arc<OnceLock<String>>,
    recorder: Arc<Recorder>,
    /// Gets the bytes, also of packets that are not written down.
    capture: Option<Arc<Capture>>,
    /// Known once the connections are made; before that no datagram is on its way.
    sides: Arc<OnceLock<Vec<Weak<Side>>>>,
    /// What each endpoint sends.
    ways: Vec<Way>,
    packets: usize,
}

/// What is known of that which an endpoint sends over TCP.
#[derive(Debug, Clone, Copy, Default)]
struct Way {
    /// Its first sequence number.
    initial: Option<u32>,
    /// The sequence number, from the start, of the last packet.
    reached: u64,
    scale: Option<u8>,
}

/// More packets than these are carried and not written down: a class does not look at them, and they take memory.
const MOST_PACKETS: usize = 200_000;

impl Observer for Clerk {
    fn came(&mut self, came: &Came<'_>) {
        let own = 2 * came.connection + came.from;
        if let Some(capture) = &self.capture {
            capture.keep(came.number, id(own), came.bytes);
        }
        let tcp = came.packet.segment().map(|segment| self.relative(own, segment));
        self.packets += 1;
        if self.packets > MOST_PACKETS {
            if self.packets == MOST_PACKETS + 1 {
                self.recorder.now(id(own), Evidence::Measured, What::PacketsEnd);
            }
            return;
        }
        let header = match came.packet.carries {
            Carried::Udp(_) => UDP_HEADER,
            _ => 0,
        };
        let fragment = came.packet.fragment;
        let payload = match &came.packet.carries {
            Carried::Tcp(segment) => segment.payload,
            Carried::Udp(datagram) => fragment.map_or(datagram.length, |piece| piece.length.saturating_sub(header)),
            Carried::Rest => fragment.map_or(0, |piece| piece.length),
            Carried::Other(_) => 0,
        } as u64;
        let start = match &tcp {
            Some(segment) => segment.sequence.checked_sub(1),
            None => self.datagram_start(own, came.datagram).map(|start| {
                let offset = fragment.map_or(0, |piece| piece.offset.saturating_sub(UDP_HEADER));
                start + offset as u64
            }),
        };
        let packet = Packet {
            packet: came.number,
            size: came.packet.size as u64,
            payload,
            start: start.filter(|_| payload > 0),
            tcp,
            datagram: came.datagram,
            fragment: fragment.map(|piece| Fragment {
                offset: piece.offset as u64,
                more: piece.more,
            }),
            fate: fate(came.fate),
        };
        self.recorder
            .now(id(own), Evidence::Measured, What::Packet(Box::new(packet)));
    }

    fn goes(&mut self, went: &Went<'_>) {
        if went.number as usize > MOST_PACKETS {
            return;
        }
        let to = 2 * went.connection + 1 - went.from;
        let how = match went.how {
            How::Whole => Handing::Whole,
            How::Again => Handing::Again,
            How::Acknowledgement => Handing::Acknowledgement,
        };
        let packet = went.number;
        self.recorder
            .now(id(to), Evidence::Measured, What::Delivered { packet, how });
    }

    fn lost(&mut self, number: u32, from: usize, connection: usize, cause: Cause) {
        if cause == Cause::Refused {
            // Said once: the first failure ends the run.
            let _ = self.failure.set("hand a packet over: the kernel refuses it".to_owned());
        }
        let why = match cause {
            Cause::Refused => Removal::Refused,
            Cause::Hand | Cause::Chance | Cause::Rule => Removal::Hand,
        };
        let packet = number;
        self.recorder.now(
            id(2 * connection + from),
            Evidence::Measured,
            What::Removed { packet, why },
        );
    }
}

impl Clerk {
    /// Where a datagram begins in its sender's flow.
    fn datagram_start(&self, own: usize, datagram: Option<u64>) -> Option<u64> {
        let side = self.sides.get()?.get(own)?.upgrade()?;
        side.datagram_start(datagram?)
    }

    /// The header with numbers that count from the start of the connection.
    fn relative(&mut self, own: usize, segment: &Segment) -> trace::packet::Segment {
        if segment.flags.syn {
            let way = &mut self.ways[own];
            (way.initial, way.scale) = (Some(segment.sequence), segment.scale);
        }
        let scaled = self.ways[own].scale.and(self.ways[own ^ 1].scale).is_some();
        let shift = self.ways[own]
            .scale
            .filter(|_| scaled && !segment.flags.syn)
            .unwrap_or(0);
        let sequence = self.ways[own].unwrapped(segment.sequence);
        self.ways[own].reached = sequence;
        let other = self.ways[own ^ 1];
        let flags = [
            (segment.flags.syn, Flag::Syn),
            (segment.flags.fin, Flag::Fin),
            (segment.flags.rst, Flag::Rst),
            (segment.flags.psh, Flag::Psh),
            (segment.flags.ack, Flag::Ack),
        ];
        trace::packet::Segment {
            sequence,
            acknowledges: segment.acknowledges.map(|number| other.unwrapped(number)),
            flags: flags
                .into_iter()
                .filter_map(|(set, flag)| set.then_some(flag))
                .collect(),
            window: u64::from(segment.window) << shift.min(14),
            mss: segment.mss.map(u64::from),
            sack: segment
                .sack
                .iter()
                .map(|(from, to)| [other.unwrapped(*from), other.unwrapped(*to)])
                .collect(),
        }
    }
}

impl Way {
    /// A sequence number counted from the start; numbers come round after 2³² (RFC 9293, section 3.4).
    fn unwrapped(&self, number: u32) -> u64 {
        let offset = number.wrapping_sub(self.initial.unwrap_or(number));
        let near = self.reached;
        let base = near & !u64::from(u32::MAX);
        let candidates = [base.checked_sub(1 << 32), Some(base), base.checked_add(1 << 32)];
        let with = candidates.into_iter().flatten().map(|base| base + u64::from(offset));
        with.min_by_key(|candidate| candidate.abs_diff(near)).unwrap_or(0)
    }
}

fn fate(fate: carry::Fate) -> Fate {
    match fate {
        carry::Fate::Passed => Fate::Passed,
        carry::Fate::Delayed => Fate::Delayed,
        carry::Fate::Duplicated => Fate::Duplicated,
        carry::Fate::Late => Fate::Late,
        carry::Fate::Held => Fate::Held,
        carry::Fate::Lost(Cause::Rule) => Fate::LostByRule,
        carry::Fate::Lost(_) => Fate::LostByChance,
    }
}
