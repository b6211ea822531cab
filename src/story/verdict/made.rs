//! Decides claims about what programs make of the bytes they read: frames, structs, and why they gave up.

use super::decide::{Decision, held_if, id, kept_or};
use super::{Because, Evidence, Outcome, name_of, pack_fault_name};
use crate::scenario::Claim;
use crate::trace::{EndpointId, FrameFault, PackFault, PackedPart, What};

impl Evidence<'_> {
    /// Decides a claim of these kinds; any other is none of this room's.
    pub(super) fn decide_made(&self, claim: &Claim) -> Decision {
        match claim {
            Claim::Frames(expected) => {
                let seen: Vec<Option<Vec<u8>>> = self.frames().collect();
                let same =
                    seen.len() == expected.len() && seen.iter().zip(expected).all(|(a, b)| a.as_ref() == Some(b));
                (kept_or(&seen, held_if(same)), Because::Frames(seen))
            }
            Claim::Values(expected) => {
                let seen: Vec<&PackedPart> = self.unpacked().collect();
                let same = seen.len() == expected.len() && seen.iter().zip(expected).all(|(part, text)| is(part, text));
                let seen = seen.iter().filter_map(|part| part.value.clone()).collect();
                (held_if(same), Because::Values(seen))
            }
            Claim::PackFails { endpoint, reason } => {
                let endpoint = id(*endpoint);
                let fault = self.pack_faults().find(|(who, _)| *who == endpoint);
                let fault = fault.map(|(_, fault)| fault);
                let same = fault.is_some_and(|fault| pack_fault_name(fault) == *reason);
                (
                    held_if(same),
                    Because::PackFault(endpoint, fault.cloned().map(Box::new)),
                )
            }
            Claim::Fails { endpoint, reason } => {
                let endpoint = id(*endpoint);
                let fault = self.faults().find(|(who, _)| *who == endpoint).map(|(_, fault)| fault);
                let same = fault.is_some_and(|fault| name_of(fault) == reason.to_string());
                (held_if(same), Because::Fault(endpoint, fault))
            }
            Claim::RoundTrips { endpoint, times } => {
                let endpoint = id(*endpoint);
                let seen = self.round_trips(endpoint);
                (held_if(seen == *times), Because::RoundTrips(endpoint, seen))
            }
            _ => (Outcome::NotMeasured, Because::NotCounted),
        }
    }

    fn frames(&self) -> impl Iterator<Item = Option<Vec<u8>>> {
        self.trace.events.iter().filter_map(|event| match &event.what {
            What::Frame { bytes } => Some(bytes.tail.is_empty().then(|| bytes.hex.clone())),
            _ => None,
        })
    }

    /// In the middle of how many of its messages an endpoint read something: the other one's word, for which it had to
    /// wait before it could send the rest.
    fn round_trips(&self, endpoint: EndpointId) -> u64 {
        let mut trips = 0;
        // The message that is being sent, and whether something was read since its last `send`.
        let (mut sending, mut has_read) = (None, false);
        for event in self.trace.events.iter().filter(|event| event.endpoint == endpoint) {
            match event.what {
                What::SendCall { message, .. } => {
                    trips += u64::from(has_read && sending == Some(message));
                    (sending, has_read) = (Some(message), false);
                }
                What::Recv { returned, .. } => has_read |= returned > 0,
                _ => {}
            }
        }
        trips
    }

    /// Every value that was unpacked, in order.
    fn unpacked(&self) -> impl Iterator<Item = &PackedPart> {
        let packed = self.trace.events.iter().filter_map(|event| match &event.what {
            What::Unpacked { packed } => Some(packed),
            _ => None,
        });
        packed.flat_map(|packed| packed.layout.iter().filter(|part| part.value.is_some()))
    }

    pub(super) fn pack_faults(&self) -> impl Iterator<Item = (EndpointId, &PackFault)> {
        self.trace.events.iter().filter_map(|event| match &event.what {
            What::PackFault { fault } => Some((event.endpoint, fault)),
            _ => None,
        })
    }

    pub(super) fn faults(&self) -> impl Iterator<Item = (EndpointId, FrameFault)> {
        self.trace.events.iter().filter_map(|event| match event.what {
            What::FrameFault { fault } => Some((event.endpoint, fault)),
            _ => None,
        })
    }
}

/// Whether a part has this value: as it is written, or, a text, without its quotes.
fn is(part: &PackedPart, text: &str) -> bool {
    let (value, code) = (part.value.as_deref(), part.code.as_deref().unwrap_or_default());
    value == Some(text) || (code.ends_with('s') && value == Some(format!("\"{text}\"").as_str()))
}
