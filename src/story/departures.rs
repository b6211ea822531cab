//! What left together, and when it was acknowledged, as the kernel stamped it.

use super::pieces::{Flows, Piece};
use super::sends::Sent;
use crate::trace::{EndpointId, Event, Trace, What};

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
    /// Whether all of it is known to have left in one segment or datagram. A stamp tells when the *last* byte of a range
    /// left. The rest left with it if the range fits into a segment and nothing in it had left when its own send had
    /// returned; else earlier parts may have left before, perhaps with a stamp that was lost.
    pub at_once: bool,
}

/// All departures of a trace, in order.
#[must_use]
pub fn departures(trace: &Trace, flows: &Flows, sends: &[Sent]) -> Vec<Departure> {
    let stream = trace.head.transport == "tcp";
    let mut departures: Vec<Departure> = Vec::new();
    for (index, event) in trace.events.iter().enumerate() {
        let What::Left { start, end } = event.what else {
            continue;
        };
        let endpoint = event.endpoint;
        let mut pieces = flows.pieces(endpoint, start, end);
        if start == end {
            // Of several empty datagrams at one place each leaves once.
            let earlier = departures
                .iter()
                .filter(|other| (other.endpoint, other.start, other.end) == (endpoint, start, end));
            pieces.extend(flows.empty(endpoint, start).nth(earlier.count()));
        }
        let inside = |sent: &&Sent| sent.endpoint == endpoint && sent.end > start && sent.end < end;
        let waited = sends
            .iter()
            .filter(inside)
            .all(|sent| sent.unsent.is_some_and(|unsent| unsent > 0));
        let at_once = !stream || (waited && mss(trace, index, endpoint).is_none_or(|mss| end - start <= mss));
        departures.push(Departure {
            event: index,
            at: event.at,
            endpoint,
            start,
            end,
            pieces,
            at_once,
        });
    }
    departures
}

/// The maximum segment size that was told last before an event, or first after it.
fn mss(trace: &Trace, index: usize, endpoint: EndpointId) -> Option<u64> {
    let told = |event: &Event| match event.what {
        What::Segments { mss, .. } if event.endpoint == endpoint => Some(mss),
        _ => None,
    };
    let (before, after) = trace.events.split_at(index);
    before
        .iter()
        .rev()
        .find_map(told)
        .or_else(|| after.iter().find_map(told))
}

/// When everything up to `end` of an endpoint's flow had left, and its last byte with what else.
#[must_use]
pub fn departure_of(departures: &[Departure], endpoint: EndpointId, end: u64) -> Option<&Departure> {
    departures
        .iter()
        .find(|departure| departure.endpoint == endpoint && departure.end >= end)
}

/// When what left in this departure was acknowledged, in nanoseconds of the run. Each departure's acknowledgement is
/// stamped for itself; a later one would tell a later time.
#[must_use]
pub fn acknowledged_at(trace: &Trace, departure: &Departure) -> Option<u64> {
    trace.events.iter().find_map(|event| match event.what {
        What::Acknowledged { end, .. } if event.endpoint == departure.endpoint && end == departure.end => {
            Some(event.at)
        }
        _ => None,
    })
}
