//! What the kernel still does by itself: whether anything of what was sent comes to the other side without another call.
//!
//! A packet that is lost comes again, because the retransmission timer is armed as long as something is unacknowledged; a
//! closed window is probed (RFC 9293, section 3.8.6.1). So what waits for these does not wait for ever. But while a
//! wire holds what a side sends, nothing of it arrives, whichever timer runs out: only who holds it can change that.

use super::pair::Pair;
use super::side::Side;
use crate::link::Carrier;
use crate::sys;

impl Pair {
    /// Whether the kernel has nothing left to do that could wake a call on either side. `None` where the system cannot
    /// tell.
    #[must_use]
    pub fn is_settled(&self) -> Option<bool> {
        let [a, b] = &self.sides;
        Some(!a.still_brings(b)? && !b.still_brings(a)?)
    }
}

impl Side {
    /// Whether what this side's kernel does by itself will change something: at the other side, or in its own queue
    /// because the other one answers.
    fn still_brings(&self, to: &Side) -> Option<bool> {
        if self.carrier != Carrier::Tcp || self.is_held() {
            return Some(false);
        }
        let Some((queued, unsent)) = self.ask(|socket| (sys::queued_bytes(socket), sys::unsent_bytes(socket))) else {
            // Its kernel goes on until everything has arrived, the end last.
            return Some(to.tcp_info().is_some_and(|info| !info.has_heard_the_end()));
        };
        let info = self.tcp_info()?;
        let (queued, unsent) = (queued?, unsent?);
        // A connection that was reset keeps the figure and not the queue.
        if info.is_over() || queued == 0 {
            return Some(false);
        }
        let answers = !to.is_held();
        if queued > unsent {
            // Either it has not arrived and comes again, or its acknowledgement does.
            return Some(answers || self.comes_again(to, unsent)? || self.probes_its_tail(unsent, info.backoff));
        }
        // Nothing is under way, and still it does not leave.
        let room = |window: Option<u32>| window.is_some_and(|window| window > 0);
        // Less room than a segment takes is used when a timer runs out (section 3.8.6.2.1), and a cork lets go (tcp(7)).
        if room(info.send_window) {
            return Some(true);
        }
        // The window is closed. It is probed, and the answer opens it if only the news of the room was lost.
        Some(answers && to.tcp_info().is_some_and(|other| room(other.receive_window)))
    }

    /// Whether something that was sent, of which no acknowledgement can arrive, has not arrived itself.
    fn comes_again(&self, to: &Side, unsent: u64) -> Option<bool> {
        let (sent, taken) = {
            let flow = self.flow();
            (flow.sent, flow.taken)
        };
        let waiting = to.ask(|socket| sys::waiting_bytes(socket)).flatten()?;
        let ends = self.tcp_info()?.has_its_end_under_way();
        let end_is_missing = ends && to.tcp_info().is_some_and(|info| !info.has_heard_the_end());
        Some(taken + waiting < sent.saturating_sub(unsent) || end_is_missing)
    }

    /// Whether the kernel will use unsent bytes as a tail loss probe (RFC 8985, section 7.3): once, before the
    /// retransmission timer runs out for the first time.
    fn probes_its_tail(&self, unsent: u64, backoff: u8) -> bool {
        let probes = self.cable().is_some_and(|cable| !cable.tail_probes_off);
        probes && unsent > 0 && backoff == 0
    }

    /// Whether a wire holds what it sends.
    pub(super) fn is_held(&self) -> bool {
        self.cable().is_some_and(|cable| cable.wire.holds(cable.end))
    }

    /// Whether a person has taken over what is done to the packets that it sends.
    pub(super) fn is_in_hand(&self) -> bool {
        self.cable().is_some_and(|cable| cable.wire.is_in_hand(cable.end))
    }

    /// Whether packets of it still come onto the wire by themselves: what it repeats, or what it answers to that which
    /// the other side repeats.
    #[must_use]
    pub fn will_be_seen(&self, other: &Side) -> bool {
        self.may_have_something_to_send() || (other.may_have_something_to_send() && !other.is_held())
    }
}
