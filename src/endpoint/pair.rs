//! Both sides of a connection, and whether anything is under way between them.

use std::sync::Arc;

use super::side::Side;
use crate::link::Carrier;

/// Both sides of a connection.
#[derive(Debug, Clone)]
pub struct Pair {
    /// In the order of their ids.
    pub sides: [Arc<Side>; 2],
    /// Segments that one side had sent and the other not counted when the connection was made (the handshake's); with a
    /// wire between them, those that it had not counted of either. `None` where the system did not tell: whether anything
    /// is under way is then not known for the whole run.
    baseline: Option<[u32; 4]>,
}

impl Pair {
    /// Takes two connected sockets, in the order of their ids.
    #[must_use]
    pub fn new(sides: [Side; 2]) -> Self {
        let sides = sides.map(Arc::new);
        let baseline = segments(&sides);
        Self { sides, baseline }
    }

    /// Whether a wire joins them.
    #[must_use]
    pub fn is_over_wire(&self) -> bool {
        self.sides[0].cable().is_some()
    }

    /// Whether nothing is under way between the two sides: every segment that left one has been counted by the
    /// other (TCP), every datagram is read, waiting or dropped (UDP). Between unix sockets and in a pipe nothing ever is:
    /// what a call hands over lies at the other end when it returns. `None` where the system cannot tell, as of a closed
    /// socket, of which is known only whether its end has reached the other side.
    ///
    /// Asked twice: a segment that arrives while the first question holds the socket is counted at once but
    /// processed, and answered, only when the question is over.
    #[must_use]
    pub fn is_quiet(&self) -> Option<bool> {
        Some(self.looks_quiet()? && self.looks_quiet()?)
    }

    fn looks_quiet(&self) -> Option<bool> {
        let [a, b] = &self.sides;
        if let Some(cable) = a.cable() {
            if !cable.wire.is_idle() {
                return Some(false);
            }
            // Of a socket that is closed only this can be told.
            if a.is_closed() || b.is_closed() {
                return Some(true);
            }
        }
        if a.is_leaving(b) || b.is_leaving(a) {
            return Some(false);
        }
        match a.carrier {
            Carrier::Tcp => Some(segments(&self.sides)? == self.baseline?),
            Carrier::Udp => Some(b.has_received_from(a)? && a.has_received_from(b)?),
            Carrier::UnixStream | Carrier::UnixDatagram | Carrier::UnixSeqpacket | Carrier::Pipe => Some(true),
        }
    }
}

/// For each direction, the segments that are under way; with a wire, to it and from it.
fn segments(sides: &[Arc<Side>; 2]) -> Option<[u32; 4]> {
    let [a, b] = [sides[0].tcp_info()?, sides[1].tcp_info()?];
    Some(match (sides[0].counts(), sides[1].counts()) {
        (Some(of_a), Some(of_b)) => [
            a.segments_out.wrapping_sub(of_a.came),
            of_a.went.wrapping_sub(b.segments_in),
            b.segments_out.wrapping_sub(of_b.came),
            of_b.went.wrapping_sub(a.segments_in),
        ],
        _ => [
            a.segments_out.wrapping_sub(b.segments_in),
            b.segments_out.wrapping_sub(a.segments_in),
            0,
            0,
        ],
    })
}
