//! Steps that wait for what lies in the kernel's queues.

use super::{Endpoint, EndpointError, nap};
use crate::trace::packet::WireAct;
use crate::trace::{Evidence, Until, Waiting, What};

impl Endpoint<'_> {
    /// Waits until the condition holds. Which one it is, is decided when the turn has come.
    ///
    /// # Errors
    /// If the run is over, or this system cannot measure the condition.
    pub fn wait(&self, until: impl FnOnce(&Self) -> Until) -> Result<(), EndpointError> {
        self.begin()?;
        let until = until(self);
        self.record(Evidence::Staged, What::Wait { until });
        self.gate.park(self.own.id, Waiting::Until(until), None);
        let mut looks = 0_u32;
        loop {
            match self.own.holds(until) {
                Some(true) => break,
                Some(false) => {}
                None => {
                    return Err(EndpointError::Unmeasured {
                        side: self.own.name.clone(),
                        until,
                    });
                }
            }
            nap(self.gate.stop(), looks)?;
            looks += 1;
        }
        self.gate.resume(self.own.id)?;
        if matches!(until, Until::Held(_)) && self.own.is_in_hand() {
            let (act, by_hand) = (WireAct::LeftToHand, false);
            self.record(Evidence::Staged, What::Wire { act, by_hand });
        } else {
            self.record(Evidence::Measured, What::Waited { until });
        }
        self.end();
        Ok(())
    }

    /// Everything that was sent to this endpoint and that it has not read, as a condition.
    #[must_use]
    pub fn until_all_queued(&self) -> Until {
        let flow = self.peer.flow();
        if self.own.is_stream() {
            // Bytes can be read before the call that sends them has returned.
            Until::Queued(flow.sent.saturating_sub(flow.taken))
        } else {
            let sent = match self.peer.counts() {
                Some(counts) => counts.datagrams_came + counts.datagrams_extra - counts.datagrams_lost,
                None => flow.datagrams_sent(),
            };
            Until::DatagramsQueued(sent.saturating_sub(flow.datagrams_taken + flow.datagrams_lost))
        }
    }

    /// How many messages wait in the receive queue; nothing for a stream, which has none.
    ///
    /// # Errors
    /// If the run is over, or this system cannot measure it.
    pub fn messages_waiting(&self) -> Result<Option<u64>, EndpointError> {
        if self.own.is_stream() {
            return Ok(None);
        }
        self.begin()?;
        let waiting = self.own.waiting_datagrams();
        self.gate.leave(self.own.id);
        let unmeasured = EndpointError::Unmeasured {
            side: self.own.name.clone(),
            until: Until::DatagramsQueued(1),
        };
        waiting.map(|waiting| Some(waiting.datagrams)).ok_or(unmeasured)
    }

    /// So many bytes (stream) or datagrams in the receive queue, as a condition.
    #[must_use]
    pub fn until_queued(&self, count: u64) -> Until {
        if self.own.is_stream() {
            Until::Queued(count)
        } else {
            Until::DatagramsQueued(count)
        }
    }
}
