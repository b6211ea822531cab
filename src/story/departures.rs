//! What left together, and when it was acknowledged, as the kernel stamped it.

use std::collections::HashMap;
use std::ops::Deref;

use super::furthest::Furthest;
use super::pieces::{Flows, Piece};
use super::sends::Sends;
use crate::trace::{EndpointId, Trace, What};

/// All departures of a trace, in order.
#[derive(Debug, Clone, Default)]
pub struct Departures {
    all: Vec<Departure>,
    left: Furthest,
    acknowledged: Furthest,
}

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
    /// When what left here was acknowledged, in nanoseconds of the run. Each departure's acknowledgement is stamped for
    /// itself; a later one would tell a later time.
    pub acknowledged: Option<u64>,
}

impl Departures {
    /// The departures of a trace.
    #[must_use]
    pub fn of(trace: &Trace, flows: &Flows, sends: &Sends) -> Self {
        let stream = trace.head.is_stream();
        let sizes = SegmentSizes::of(trace);
        let mut departures = Self::default();
        let mut acknowledged: HashMap<(EndpointId, u64), u64> = HashMap::new();
        // How many empty datagrams have left at a place.
        let mut empty: HashMap<(EndpointId, u64), usize> = HashMap::new();
        for (index, event) in trace.events.iter().enumerate() {
            let endpoint = event.endpoint;
            let (start, end) = match event.what {
                What::Left { start, end } => (start, end),
                What::Acknowledged { end, .. } => {
                    acknowledged.entry((endpoint, end)).or_insert(event.at);
                    departures.acknowledged.push(endpoint, end, index);
                    continue;
                }
                _ => continue,
            };
            let mut pieces = flows.pieces(endpoint, start, end);
            if start == end {
                // Of several empty datagrams at one place each leaves once.
                let earlier = empty.entry((endpoint, start)).or_default();
                pieces.extend(flows.empty(endpoint, start).nth(*earlier));
                *earlier += 1;
            }
            let fits = || sizes.at(index, endpoint).is_none_or(|mss| end - start <= mss);
            departures.left.push(endpoint, end, departures.all.len());
            departures.all.push(Departure {
                event: index,
                at: event.at,
                endpoint,
                start,
                end,
                pieces,
                at_once: !stream || (sends.all_waited(endpoint, start, end) && fits()),
                acknowledged: None,
            });
        }
        for departure in &mut departures.all {
            departure.acknowledged = acknowledged.get(&(departure.endpoint, departure.end)).copied();
        }
        departures
    }

    /// The departure with which everything up to `end` of an endpoint's flow had left.
    #[must_use]
    pub fn up_to(&self, endpoint: EndpointId, end: u64) -> Option<&Departure> {
        self.index_up_to(endpoint, end).map(|index| &self.all[index])
    }

    /// Which departure that is.
    #[must_use]
    pub fn index_up_to(&self, endpoint: EndpointId, end: u64) -> Option<usize> {
        self.left.first(endpoint, end)
    }

    /// The first event that acknowledges everything up to `end` of an endpoint's flow.
    #[must_use]
    pub fn acknowledged_up_to(&self, endpoint: EndpointId, end: u64) -> Option<usize> {
        self.acknowledged.first(endpoint, end)
    }
}

impl Deref for Departures {
    type Target = [Departure];

    fn deref(&self) -> &[Departure] {
        &self.all
    }
}

/// The maximum segment sizes that each endpoint was told, each with the event that told it.
struct SegmentSizes(HashMap<EndpointId, Vec<(usize, u64)>>);

impl SegmentSizes {
    fn of(trace: &Trace) -> Self {
        let mut sizes: HashMap<EndpointId, Vec<(usize, u64)>> = HashMap::new();
        for (index, event) in trace.events.iter().enumerate() {
            if let What::Segments { mss, .. } = event.what {
                sizes.entry(event.endpoint).or_default().push((index, mss));
            }
        }
        Self(sizes)
    }

    /// The one that was told last before an event, or first after it.
    fn at(&self, index: usize, endpoint: EndpointId) -> Option<u64> {
        let told = self.0.get(&endpoint)?;
        let after = told.partition_point(|(event, _)| *event < index);
        told.get(after.saturating_sub(1)).map(|(_, mss)| *mss)
    }
}
