//! What each event of a trace does to the buffers of the endpoints.

use super::carried::{Carried, Segment};
use super::side::Side;
use super::{Fin, peer};
use crate::scenario::claim::ErrorName;
use crate::trace::packet::Handing;
use crate::trace::{Call, Event, What};

/// What it takes to know the buffers of all endpoints.
#[derive(Debug, Clone)]
pub(super) struct Sides {
    pub all: Vec<Side>,
    stream: bool,
    tcp: bool,
    /// Packets are not recorded any more.
    packets_end: bool,
}

impl Sides {
    /// Of connections that were just made.
    pub fn new(ends: usize, stream: bool, tcp: bool) -> Self {
        Self {
            all: vec![Side::new(tcp); ends],
            stream,
            tcp,
            packets_end: false,
        }
    }

    pub fn follow(&mut self, index: usize, event: &Event, carried: &Carried) {
        let stream = self.stream;
        let (own, other) = (usize::from(event.endpoint.0), usize::from(peer(event.endpoint).0));
        if let What::Send { .. } | What::Recv { .. } | What::Calls { .. } = event.what {
            let flow = if is_recv(&event.what) { other } else { own };
            self.stand_still_unless_followed(flow, carried);
        }
        let sides = &mut self.all;
        match event.what {
            What::SendCall { asked, .. } if stream => sides[own].is_handed(asked),
            What::Send { returned, start, .. } => sides[own].has_taken(start + returned),
            What::Blocked { call: Call::Send } => sides[own].send_blocks = true,
            What::Blocked { call: Call::Recv } if stream => {
                let read = sides[other].read;
                sides[own].is_found_empty(event.at, read);
            }
            What::Failed { call, errno, .. } => {
                if call == Call::Send {
                    let sent = sides[own].sent;
                    sides[own].has_taken(sent);
                }
                if self.tcp {
                    sides[own].fails(ErrorName::of(errno));
                }
            }
            What::Left { end, .. } if stream => sides[own].has_left(end),
            What::Acknowledged { end, .. } if stream => {
                sides[own].was_acknowledged(end);
                sides[other].has_arrived(end);
            }
            What::Calls {
                call: Call::Send,
                bytes,
                start,
                ..
            } => sides[own].has_taken(start + bytes),
            What::Calls {
                call: Call::Recv,
                bytes: returned,
                start,
                ..
            }
            | What::Recv { returned, start, .. } => {
                sides[other].read = sides[other].read.max(start + returned);
                let read = sides[other].read;
                if stream {
                    sides[own].has_read(read);
                }
            }
            What::StampsEnd => sides[own].unstamped = true,
            What::PacketsEnd => self.packets_end = true,
            What::Packet(ref packet) if self.tcp => {
                if let Some(segment) = Segment::of(packet) {
                    self.comes_onto_wire(own, segment);
                }
            }
            What::Delivered { packet, how } if self.tcp => {
                if let Some(segment) = carried.get(packet) {
                    self.is_delivered(own, segment, how);
                }
            }
            What::Delivered { packet, how } if !stream => sides[own].takes_a_datagram(packet, how),
            What::HalfClosed if self.tcp => sides[own].shuts(),
            What::Closed if stream => {
                let followed = self.packets_tell(carried);
                self.all[own].closes(event.at, followed);
            }
            What::Queues { .. } => {
                let (read, arrived) = (sides[other].read, sides[other].told.arrived);
                let side = &mut sides[own];
                side.is_counted(event, index, read, stream);
                if stream {
                    side.has_left(side.told.left);
                    side.was_acknowledged(side.told.acknowledged);
                    side.has_arrived(arrived);
                }
            }
            _ => {}
        }
    }

    /// A segment of this endpoint comes onto the wire: what it carries has left, and what it acknowledges was here.
    fn comes_onto_wire(&mut self, own: usize, segment: Segment) {
        if segment.rst {
            return self.all[own].is_thrown_away();
        }
        let side = &mut self.all[own];
        side.told.left = side.told.left.max(segment.end);
        side.has_left(segment.end);
        if segment.fin {
            self.all[own].fin = self.all[own].fin.map(|_| Fin::InFlight);
        }
        if let Some(acknowledges) = segment.acknowledges {
            let other = &mut self.all[own ^ 1];
            let arrived = acknowledges.min(other.handed());
            other.told.arrived = other.told.arrived.max(arrived);
            let side = &mut self.all[own];
            side.has_arrived(arrived);
            side.room = side.room.max(acknowledges.saturating_add(segment.window));
        }
    }

    /// A segment is handed to this endpoint's kernel.
    fn is_delivered(&mut self, own: usize, segment: Segment, how: Handing) {
        if segment.rst {
            // Any other is not believed (RFC 5961, section 3.2).
            if self.all[own].has_come_to() == Some(segment.start) {
                self.all[own].is_thrown_away();
            }
            return;
        }
        if let Some(acknowledges) = segment.acknowledges {
            let side = &mut self.all[own];
            let handed = side.handed();
            let until = acknowledges.min(handed);
            side.told.acknowledged = side.told.acknowledged.max(until);
            side.was_acknowledged(until);
            self.all[own ^ 1].has_arrived(until);
            if acknowledges > handed {
                (self.all[own].fin, self.all[own].told.fin) = (None, true);
            }
        }
        if how != Handing::Acknowledgement {
            self.all[own].takes_in(segment.start, segment.end);
        }
    }

    /// Whether packets tell of every byte that moves.
    fn packets_tell(&self, carried: &Carried) -> bool {
        carried.over_wire && !self.packets_end
    }

    /// In a bulk transfer neither stamps nor packets tell what moves while calls are made, and the kernel is not asked
    /// after each: until it is asked again, the queues of a flow are shown as it said last.
    fn stand_still_unless_followed(&mut self, flow: usize, carried: &Carried) {
        if self.all[flow].unstamped && !self.packets_tell(carried) {
            let sender = &mut self.all[flow];
            sender.send_as_of = sender.send_as_of.or(Some(sender.send_counted));
            let reader = &mut self.all[flow ^ 1];
            reader.receive_as_of = reader.receive_as_of.or(Some(reader.receive_counted));
        }
    }
}

fn is_recv(what: &What) -> bool {
    matches!(what, What::Recv { .. } | What::Calls { call: Call::Recv, .. })
}
