//! What the packets of a run carried, by their numbers: what a packet does where it arrives is worked out there.

use std::collections::HashMap;

use crate::trace::packet::{Flag, Packet};
use crate::trace::{Link, Trace, What};

/// The TCP segments of a run.
#[derive(Debug, Clone, Default)]
pub(super) struct Carried {
    by_number: HashMap<u32, Segment>,
    /// Whether they tell of every byte that moves: there is a wire.
    pub over_wire: bool,
}

/// What a segment carries, in offsets of the flows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Segment {
    /// Where its bytes begin and end in its sender's flow; where it stands, if it has none.
    pub start: u64,
    pub end: u64,
    pub fin: bool,
    pub rst: bool,
    /// Up to where the other side's flow has come to its sender. A FIN counts as one more.
    pub acknowledges: Option<u64>,
    /// How much its sender has room for behind that.
    pub window: u64,
}

impl Carried {
    pub fn of(trace: &Trace) -> Self {
        let segments = trace.events.iter().filter_map(|event| match &event.what {
            What::Packet(packet) => Some((packet.packet, Segment::of(packet)?)),
            _ => None,
        });
        Self {
            by_number: segments.collect(),
            over_wire: trace.head.link == Link::Wire,
        }
    }

    pub fn get(&self, number: u32) -> Option<Segment> {
        self.by_number.get(&number).copied()
    }
}

impl Segment {
    /// Sequence numbers count from the SYN, which is 0: the first byte of a flow is 1.
    pub fn of(packet: &Packet) -> Option<Self> {
        let segment = packet.tcp.as_ref()?;
        let start = packet.start.unwrap_or(segment.sequence.saturating_sub(1));
        Some(Self {
            start,
            end: start.saturating_add(packet.payload),
            fin: segment.has(Flag::Fin),
            rst: segment.has(Flag::Rst),
            acknowledges: segment.acknowledges.map(|number| number.saturating_sub(1)),
            window: segment.window,
        })
    }
}
