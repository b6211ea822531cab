//! Who may go on, and who waits for what cannot come: what the state of the threads and the kernel say, asked under the
//! lock.

use super::{At, Doing, State, Turns};
use crate::endpoint::Side;
use crate::trace::{Call, Until, Waiting};

impl Turns {
    /// Whether the kernel has nothing left that could wake anybody. Where the system cannot tell, the deadline has to do.
    pub(super) fn is_idle(&self, state: &State) -> bool {
        let awaited = |connection: usize| {
            let waits = |at: &At| matches!(at.doing, Doing::Parked(Waiting::Call(_) | Waiting::Until(_)));
            let on = |at: &At| {
                [Some(at.endpoint), at.or]
                    .map(|end| end.map(|end| end / 2))
                    .contains(&Some(connection))
            };
            state.at.iter().any(|at| waits(at) && on(at))
        };
        self.pairs.iter().enumerate().all(|(connection, pair)| {
            if awaited(connection) {
                pair.is_quiet() == Some(true) && pair.sides.iter().all(|side| side.has_sent_all() == Some(true))
            } else {
                // What still moves there wakes nobody, but who waits for a turn waits until it is over.
                pair.is_quiet() != Some(false)
            }
        })
    }

    /// The one whose step comes first: the others wait for it.
    pub(super) fn blame(&self, state: &State) -> (String, Waiting) {
        let waits = state.at.iter().filter(|at| at.doing != Doing::Finished);
        let first = waits.min_by_key(|at| at.step);
        let (who, waiting) = first.map_or((0, Waiting::Turn), |at| match at.doing {
            Doing::Parked(waiting) | Doing::Patient(waiting) => (at.endpoint, waiting),
            _ => (at.endpoint, Waiting::Turn),
        });
        (self.names.get(who).cloned().unwrap_or_default(), waiting)
    }

    pub(super) fn is_stuck(&self, state: &State, thread: usize) -> bool {
        let at = state.at[thread];
        let side = self.side(at.endpoint);
        match at.doing {
            // A deadline of its own is still to come.
            Doing::Working | Doing::Patient(_) => false,
            Doing::Finished => true,
            Doing::Parked(Waiting::Call(call)) => !self.is_ready(&at, call),
            // Behind a closed window the kernel probes from time to time (RFC 9293, section 3.8.6.1): a packet comes.
            Doing::Parked(Waiting::Until(Until::Held(_))) if side.may_have_something_to_send() => false,
            Doing::Parked(Waiting::Until(until)) => side.holds(until) == Some(false),
            // It may only not have been woken yet, on a busy machine; or not be permitted.
            Doing::Parked(Waiting::Turn) => !self.may_enter(state, thread),
        }
    }

    /// Whether a thread may call: it is next, and nothing is under way on any connection.
    pub(super) fn may_enter(&self, state: &State, thread: usize) -> bool {
        // What arrived while that was asked may have woken somebody whose step is earlier.
        self.is_next(state, thread) && self.is_quiet() && self.is_next(state, thread)
    }

    fn is_quiet(&self) -> bool {
        self.pairs.iter().all(|pair| pair.is_quiet() != Some(false))
    }

    /// Whether nothing is under way on a wire. Without one, what a call sends has arrived when it returns.
    fn wires_are_quiet(&self) -> bool {
        let mut over_wires = self.pairs.iter().filter(|pair| pair.is_over_wire());
        over_wires.all(|pair| pair.is_quiet() != Some(false))
    }

    /// Whether nobody is at a call, and every earlier step of another thread is done or cannot go on.
    pub(super) fn is_next(&self, state: &State, thread: usize) -> bool {
        let settled = |at: &At| match at.doing {
            Doing::Finished => true,
            Doing::Parked(Waiting::Call(call)) | Doing::Patient(Waiting::Call(call)) => !self.is_ready(at, call),
            Doing::Parked(_) | Doing::Patient(_) | Doing::Working => false,
        };
        state.turn.is_none() && earlier(state, thread).all(|(_, at)| settled(at))
    }

    /// Whether a call that has blocked, or a wait, may go on: nobody is at a call, and nobody could go on whose step is
    /// earlier. Who is at an earlier step but cannot go on may be waiting for this very call.
    pub(super) fn may_resume(&self, state: &State, thread: usize) -> bool {
        let could_go_on = |(other, at): (usize, &At)| match at.doing {
            Doing::Working => true,
            Doing::Parked(Waiting::Call(call)) | Doing::Patient(Waiting::Call(call)) => self.is_ready(at, call),
            Doing::Finished | Doing::Patient(_) => false,
            Doing::Parked(Waiting::Until(until)) => self.side(at.endpoint).holds(until) != Some(false),
            Doing::Parked(Waiting::Turn) => (at.begun || self.is_permitted(state)) && self.is_next(state, other),
        };
        let may = || state.turn.is_none() && !earlier(state, thread).any(could_go_on);
        // A call that has blocked is woken by the first packet of what one send has sent; it goes on when all is there.
        may() && self.wires_are_quiet() && may()
    }

    /// Whether the call that a thread waits in could go on.
    fn is_ready(&self, at: &At, call: Call) -> bool {
        let ends = [Some(at.endpoint), at.or];
        ends.into_iter().flatten().any(|end| self.side(end).is_ready(call))
    }

    fn side(&self, endpoint: usize) -> &Side {
        &self.pairs[endpoint / 2].sides[endpoint % 2]
    }
}

/// The other threads whose step is earlier.
fn earlier(state: &State, thread: usize) -> impl Iterator<Item = (usize, &At)> {
    let own = state.at[thread].step;
    let others = state.at.iter().enumerate();
    others.filter(move |(other, at)| *other != thread && at.step <= own)
}
