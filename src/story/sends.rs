//! What each send left unsent: the kernel's count right after the call.

use crate::trace::{EndpointId, Trace, What};

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

/// All sends of a trace, in order.
#[must_use]
pub fn sends(trace: &Trace) -> Vec<Sent> {
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
            What::Queues { unsent, .. } if !asked => {
                if let Some(last) = sends.last_mut().filter(|last| last.endpoint == event.endpoint) {
                    last.unsent = unsent;
                    asked = true;
                }
            }
            What::SendCall { .. }
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

/// The send that ends where this byte ends: of a message in several sends the last one.
#[must_use]
pub fn send_up_to(sends: &[Sent], endpoint: EndpointId, end: u64) -> Option<&Sent> {
    sends.iter().find(|sent| sent.endpoint == endpoint && sent.end == end)
}
