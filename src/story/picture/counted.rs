//! What the kernel counts of a TCP send queue, made into bytes of the program: the one place where that is done.
//!
//! SIOCOUTQ is the difference of two sequence numbers (tcp(7), RFC 9293, section 3.4). So it counts the FIN, which takes
//! one as well and stands behind all bytes; and a reset throws the queue away and leaves the numbers as they were.

use super::Fin;
use crate::trace::What;
use crate::trace::state::TcpState;

/// What a send queue holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    /// Bytes that are not sent.
    pub unsent: Option<u64>,
    /// Bytes that are sent and not acknowledged.
    pub in_flight: Option<u64>,
    /// The FIN, while that is not acknowledged.
    pub fin: Option<Fin>,
    /// Bytes that were thrown away with the connection: what is counted lies nowhere any more.
    pub thrown_away: Option<u64>,
}

/// What the counts of an event mean. `shut`: the program had said that it sends no more; `broken`: a call had met that the
/// connection was reset. A trace of an older lab tells no more than that.
#[must_use]
pub fn counted(what: &What, shut: bool, broken: bool) -> Option<Counted> {
    let What::Queues {
        unsent,
        unacknowledged,
        state,
        send_memory,
        ..
    } = *what
    else {
        return None;
    };
    let total = unsent.zip(unacknowledged).map_or(0, |(one, other)| one + other);
    let is_gone = match state {
        Some(state) => state == TcpState::Closed && send_memory.unwrap_or(0) == 0,
        None => broken,
    };
    let has_fin = match state {
        Some(TcpState::Closed) | None => shut,
        Some(state) => state.awaits_ack_of_fin(),
    };
    if is_gone && total > 0 {
        return Some(Counted {
            unsent: Some(0),
            in_flight: Some(0),
            fin: None,
            thrown_away: Some(total - u64::from(has_fin)),
        });
    }
    let fin = (has_fin && total > 0).then_some(if unsent > Some(0) { Fin::Unsent } else { Fin::InFlight });
    let without = |count: Option<u64>, held: Fin| count.map(|count| count - u64::from(fin == Some(held)));
    Some(Counted {
        unsent: without(unsent, Fin::Unsent),
        in_flight: without(unacknowledged, Fin::InFlight),
        fin,
        thrown_away: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(unsent: u64, flying: u64, state: Option<TcpState>) -> What {
        What::Queues {
            unsent: Some(unsent),
            unacknowledged: Some(flying),
            waiting: Some(0),
            datagrams: None,
            dropped: None,
            state,
            send_memory: None,
        }
    }

    fn bytes(what: &What, shut: bool, broken: bool) -> (u64, u64, Option<Fin>, Option<u64>) {
        let counted = counted(what, shut, broken).expect("counts");
        (
            counted.unsent.expect("counted"),
            counted.in_flight.expect("counted"),
            counted.fin,
            counted.thrown_away,
        )
    }

    #[test]
    fn a_fin_is_the_last_of_what_is_counted_and_no_byte() {
        use TcpState::{CloseWait, Closing, Established, FinWait1, FinWait2, LastAck};
        for state in [Some(FinWait1), Some(Closing), Some(LastAck), None] {
            assert_eq!(bytes(&of(0, 1, state), true, false), (0, 0, Some(Fin::InFlight), None));
            assert_eq!(bytes(&of(0, 6, state), true, false), (0, 5, Some(Fin::InFlight), None));
            assert_eq!(bytes(&of(4, 6, state), true, false), (3, 6, Some(Fin::Unsent), None));
            assert_eq!(bytes(&of(1, 0, state), true, false), (0, 0, Some(Fin::Unsent), None));
        }
        // The state knows better than the program, which may be just about to say so.
        for state in [Established, CloseWait, FinWait2] {
            assert_eq!(bytes(&of(4, 6, Some(state)), true, false), (4, 6, None, None));
        }
        assert_eq!(bytes(&of(4, 6, None), false, false), (4, 6, None, None));
    }

    #[test]
    fn what_is_counted_behind_a_reset_lies_nowhere() {
        let closed = Some(TcpState::Closed);
        assert_eq!(bytes(&of(4, 6, closed), false, false), (0, 0, None, Some(10)));
        assert_eq!(bytes(&of(4, 6, closed), true, false), (0, 0, None, Some(9)));
        assert_eq!(bytes(&of(4, 6, None), false, true), (0, 0, None, Some(10)));
        assert_eq!(bytes(&of(0, 0, closed), true, false), (0, 0, None, None));
    }
}
