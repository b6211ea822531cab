//! What left together, and when it was acknowledged, as the kernel stamped it.

use super::pieces::{Flows, Piece};
use crate::trace::{EndpointId, Trace, What};

/// A range of bytes that left the sender's stack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Departure {
    /// Index of its event in the trace.
    pub event: usize,
    /// When, in nanoseconds of the run.
    pub at: u64,
    /// Whose.
    pub endpoint: EndpointId,
    /// First byte of the sender's flow.
    pub start: u64,
    /// The byte after the last.
    pub end: u64,
    /// Of which messages.
    pub pieces: Vec<Piece>,
}

/// All departures of a trace, in order.
#[must_use]
pub fn departures(trace: &Trace, flows: &Flows) -> Vec<Departure> {
    let departure = |(event, found): (usize, &crate::trace::Event)| {
        let What::Left { start, end } = found.what else {
            return None;
        };
        let pieces = flows.pieces(found.endpoint, start, end);
        Some(Departure {
            event,
            at: found.at,
            endpoint: found.endpoint,
            start,
            end,
            pieces,
        })
    };
    trace.events.iter().enumerate().filter_map(departure).collect()
}

/// When everything up to `end` of an endpoint's flow had left, and its last byte with what else.
#[must_use]
pub fn departure_of(departures: &[Departure], endpoint: EndpointId, end: u64) -> Option<&Departure> {
    departures
        .iter()
        .find(|departure| departure.endpoint == endpoint && departure.end >= end)
}

/// When everything up to `end` of an endpoint's flow was acknowledged, in nanoseconds of the run.
#[must_use]
pub fn acknowledged_at(trace: &Trace, endpoint: EndpointId, up_to: u64) -> Option<u64> {
    trace.events.iter().find_map(|event| match event.what {
        What::Acknowledged { end, .. } if event.endpoint == endpoint && end >= up_to => Some(event.at),
        _ => None,
    })
}
