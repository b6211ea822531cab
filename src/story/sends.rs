//! What each send left unsent: the kernel's count right after the call.

use std::collections::HashMap;
use std::ops::Deref;

use super::picture::counted::counted;
use crate::trace::{EndpointId, Trace, What};

/// All sends of a trace, in order.
#[derive(Debug, Clone, Default)]
pub struct Sends {
    all: Vec<Sent>,
    /// The first send that ends at a place of an endpoint's flow.
    by_end: HashMap<(EndpointId, u64), usize>,
    /// When the first call for a message began, in nanoseconds of the run.
    called: HashMap<u32, u64>,
    /// Of each endpoint the ends of those sends after which nothing is known to have been unsent, ascending.
    sent_on: Vec<Vec<u64>>,
}

/// A send that returned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sent {
    /// Who sent.
    pub endpoint: EndpointId,
    /// First byte, in the sender's flow.
    pub start: u64,
    /// The byte after the last.
    pub end: u64,
    /// Bytes unsent in the send queue when the call had returned; `None` if the kernel was not asked before somebody
    /// made the next call (as in a bulk transfer), or could not tell.
    pub unsent: Option<u64>,
}

impl Sends {
    /// The sends of a trace.
    #[must_use]
    pub fn of(trace: &Trace) -> Self {
        let all = sends(trace);
        let mut sends = Self {
            sent_on: vec![Vec::new(); trace.head.endpoints.len()],
            ..Self::default()
        };
        for (index, sent) in all.iter().enumerate() {
            sends.by_end.entry((sent.endpoint, sent.end)).or_insert(index);
            if let Some(ends) = sends.sent_on.get_mut(usize::from(sent.endpoint.0))
                && sent.unsent.is_none_or(|unsent| unsent == 0)
            {
                ends.push(sent.end);
            }
        }
        for ends in &mut sends.sent_on {
            ends.sort_unstable();
        }
        for event in &trace.events {
            if let What::SendCall { message, .. } = event.what {
                sends.called.entry(message).or_insert(event.at);
            }
        }
        Self { all, ..sends }
    }

    /// The send that ends where this byte ends: of a message in several sends the last one.
    #[must_use]
    pub fn up_to(&self, endpoint: EndpointId, end: u64) -> Option<&Sent> {
        self.by_end.get(&(endpoint, end)).map(|index| &self.all[*index])
    }

    /// When the first call for a message began, in nanoseconds of the run.
    #[must_use]
    pub fn called_at(&self, message: u32) -> Option<u64> {
        self.called.get(&message).copied()
    }

    /// Whether every send that ended inside this range, and not at its end, left something unsent.
    #[must_use]
    pub fn all_waited(&self, endpoint: EndpointId, start: u64, end: u64) -> bool {
        let ends = self.sent_on.get(usize::from(endpoint.0)).map_or(&[][..], Vec::as_slice);
        let first = ends.partition_point(|sent| *sent <= start);
        ends.get(first).is_none_or(|sent| *sent >= end)
    }
}

impl Deref for Sends {
    type Target = [Sent];

    fn deref(&self) -> &[Sent] {
        &self.all
    }
}

fn sends(trace: &Trace) -> Vec<Sent> {
    let mut sends: Vec<Sent> = Vec::new();
    let mut asked = true;
    for event in &trace.events {
        match event.what {
            What::Send { start, returned, .. } => {
                sends.push(Sent {
                    endpoint: event.endpoint,
                    start,
                    end: start + returned,
                    unsent: None,
                });
                asked = false;
            }
            // The first answer after the call, and before anybody went on, is about that call.
            What::Queues { .. } if !asked => {
                if let Some(last) = sends.last_mut().filter(|last| last.endpoint == event.endpoint) {
                    // No program sends behind its own FIN.
                    let queue = counted(&event.what, false, false);
                    last.unsent = queue
                        .filter(|queue| queue.thrown_away.is_none())
                        .and_then(|queue| queue.unsent);
                    asked = true;
                }
            }
            What::Calls { .. }
            | What::SendCall { .. }
            | What::RecvCall { .. }
            | What::Recv { .. }
            | What::Wait { .. }
            | What::Waited { .. }
            | What::Failed { .. }
            | What::Closed => asked = true,
            _ => {}
        }
    }
    sends
}
