//! Decides claims about calls and counts: what failed, what waited, how much came.

use std::collections::{BTreeMap, HashSet};

use super::decide::{Decision, held_if, id};
use super::{Because, Evidence, Outcome};
use crate::scenario::{CallError, CallKind, Claim, ErrorName, Named, Transport};
use crate::trace::{Call, Ending, EndpointId, Event, Link, What};

impl Evidence<'_> {
    /// Decides a claim of these kinds; any other is none of this room's.
    pub(super) fn decide_calls(&self, claim: &Claim) -> Decision {
        match claim {
            Claim::Dropped(amount) => match self.dropped() {
                Some(dropped) => (held_if(amount.allows(dropped)), Because::Dropped(dropped)),
                None => (Outcome::NotMeasured, Because::NotCounted),
            },
            Claim::Arrived(wanted) => {
                let (read, of, all) = self.arrived();
                (held_if(all == *wanted), Because::Arrived { read, of, all })
            }
            Claim::Segments { endpoint, amount } => {
                let endpoint = id(*endpoint);
                match self.segments(endpoint) {
                    Some(count) => (held_if(amount.allows(count)), Because::Segments(endpoint, count)),
                    None => (Outcome::NotMeasured, Because::NotCounted),
                }
            }
            Claim::Blocks { call, number } => self.decide_blocks(*call, *number),
            Claim::Errors(expected) => {
                let seen = self.errors();
                let is_expected = |(endpoint, call, error): &(EndpointId, Call, String)| {
                    expected.iter().any(|one| is(one, *endpoint, *call, error))
                };
                let was_seen = |one: &CallError| {
                    seen.iter()
                        .any(|(endpoint, call, error)| is(one, *endpoint, *call, error))
                };
                let same = seen.iter().all(is_expected) && expected.iter().all(was_seen);
                (held_if(same), Because::Errors(seen))
            }
            Claim::Texts(expected) => {
                let seen: Vec<String> = self.texts().map(|(text, _)| text.clone()).collect();
                (held_if(seen == *expected), Because::Texts(seen))
            }
            Claim::Malformed(amount) => {
                let malformed = self.texts().map(|(_, malformed)| malformed).sum();
                (held_if(amount.allows(malformed)), Because::Malformed(malformed))
            }
            _ => (Outcome::NotMeasured, Because::NotCounted),
        }
    }

    /// Whether the run hung and this endpoint waits: it is the one that the ending names, or its last call has not
    /// returned. Of several who wait the ending names one.
    pub(super) fn hangs(&self, index: usize) -> bool {
        let Ending::Hang { endpoint: named, .. } = &self.trace.ending else {
            return false;
        };
        let own = self.trace.events.iter().filter(|event| event.endpoint == id(index));
        let last = own.rev().find_map(|event| match event.what {
            What::Blocked { .. } => Some(true),
            What::Recv { .. } | What::Send { .. } | What::Failed { .. } | What::Closed => Some(false),
            _ => None,
        });
        self.trace.head.endpoints.get(index) == Some(named) || last == Some(true)
    }

    /// Whether this system tells a standstill from what is still to come. If it does, a run that its deadline ended was
    /// none: the kernel would have sent something again by itself.
    pub(super) fn tells_a_standstill(&self) -> bool {
        let told = |is: fn(&What) -> bool| self.trace.events.iter().any(|event| is(&event.what));
        match self.plan.transport {
            // Of a closed socket the kernel tells nothing, and without a wire nobody else does.
            Transport::Tcp if self.trace.head.link != Link::Wire && told(|what| *what == What::Closed) => false,
            Transport::Tcp => told(|what| {
                matches!(
                    what,
                    What::Queues {
                        unacknowledged: Some(_),
                        ..
                    }
                )
            }),
            Transport::Udp => told(|what| matches!(what, What::Queues { dropped: Some(_), .. })),
            _ => true,
        }
    }

    /// The same as a claim. Where the system cannot tell a standstill, the run's deadline shows nothing.
    pub(super) fn decide_hang(&self, index: usize) -> Decision {
        let hangs = self.hangs(index);
        let outcome = match self.trace.ending {
            Ending::Deadline { .. } if !self.tells_a_standstill() => Outcome::NotMeasured,
            _ => held_if(hangs),
        };
        (outcome, Because::Hangs(id(index), hangs))
    }

    /// The calls that failed, each combination once, by the names of errno(3) where they have one.
    pub(super) fn errors(&self) -> Vec<(EndpointId, Call, String)> {
        let mut seen = Vec::new();
        for event in &self.trace.events {
            let What::Failed { call, errno, error } = &event.what else {
                continue;
            };
            let name = ErrorName::of(*errno).map_or_else(|| error.clone(), |name| name.name().to_owned());
            let one = (event.endpoint, *call, name);
            if !seen.contains(&one) {
                seen.push(one);
            }
        }
        seen
    }

    /// Datagrams that the kernel dropped, on all sockets; nothing if no count was made.
    fn dropped(&self) -> Option<u64> {
        let mut last: BTreeMap<EndpointId, u64> = BTreeMap::new();
        for event in &self.trace.events {
            if let What::Queues {
                dropped: Some(dropped), ..
            } = event.what
            {
                last.insert(event.endpoint, dropped);
            }
        }
        (!last.is_empty()).then(|| last.values().sum())
    }

    /// How many bytes were read, of how many, and whether that is everything: every message, the empty ones too.
    fn arrived(&self) -> (u64, u64, bool) {
        let read: u64 = self.reads.iter().map(|read| read.returned).sum();
        let sent = || self.trace.events.iter().filter_map(message);
        let of = sent().map(|(_, len)| len).sum();
        let stream = self.trace.head.is_stream();
        // An empty message leaves nothing in a stream that could be read.
        let taken: HashSet<u32> = self.trace.events.iter().filter_map(datagram_read).collect();
        let none_missing = stream || sent().all(|(number, _)| taken.contains(&number));
        (read, of, read == of && none_missing)
    }

    fn segments(&self, endpoint: EndpointId) -> Option<u64> {
        let own = self
            .trace
            .events
            .iter()
            .rev()
            .filter(|event| event.endpoint == endpoint);
        own.into_iter().find_map(|event| match event.what {
            What::Segments { data_sent, .. } => Some(data_sent),
            _ => None,
        })
    }

    /// Whether this call, or some call of that kind, waited in the kernel.
    fn decide_blocks(&self, call: CallKind, number: Option<u32>) -> Decision {
        let calls = self.calls(call);
        if number.is_none() && self.waited_in_bulk(call) {
            return (Outcome::Held, Because::BulkBlocks(call));
        }
        let told = match number {
            Some(number) => match calls.get(&number) {
                Some(blocked) => Some((number, *blocked)),
                None => return (Outcome::Failed, Because::NoSuchCall(call, number)),
            },
            None => calls.into_iter().find(|(_, blocked)| *blocked),
        };
        match told {
            Some((number, blocked)) => (held_if(blocked), Because::Blocks { call, number, blocked }),
            None => (Outcome::Failed, Because::NothingBlocks(call)),
        }
    }

    /// Whether one of the calls that are told together waited: which, nobody knows.
    fn waited_in_bulk(&self, kind: CallKind) -> bool {
        let told = |event: &Event| match event.what {
            What::Calls { call, blocked, .. } => blocked > 0 && is_kind(call, kind),
            _ => false,
        };
        self.trace.events.iter().any(told)
    }

    /// The reads by their numbers, or the sends by their messages', and whether each waited in the kernel.
    fn calls(&self, kind: CallKind) -> BTreeMap<u32, bool> {
        let mut waits: BTreeMap<EndpointId, bool> = BTreeMap::new();
        let mut sending: BTreeMap<EndpointId, u32> = BTreeMap::new();
        let (mut reads, mut sends) = (BTreeMap::new(), BTreeMap::new());
        for event in &self.trace.events {
            let endpoint = event.endpoint;
            match event.what {
                What::RecvCall { .. } => drop(waits.insert(endpoint, false)),
                What::SendCall { message, .. } => {
                    sending.insert(endpoint, message);
                    sends.entry(message).or_insert(false);
                }
                What::Blocked { call: Call::Recv } => drop(waits.insert(endpoint, true)),
                What::Blocked { call: Call::Send } => {
                    if let Some(message) = sending.get(&endpoint) {
                        sends.insert(*message, true);
                    }
                }
                What::Recv { .. } => {
                    let number = u32::try_from(reads.len() + 1).unwrap_or(u32::MAX);
                    reads.insert(number, waits.get(&endpoint).copied().unwrap_or(false));
                }
                _ => {}
            }
        }
        match kind {
            CallKind::Recv => reads,
            CallKind::Send => sends,
        }
    }

    fn texts(&self) -> impl Iterator<Item = (&String, u64)> {
        self.trace.events.iter().filter_map(|event| match &event.what {
            What::Text { text, malformed } => Some((text, *malformed)),
            _ => None,
        })
    }
}

fn is_kind(call: Call, kind: CallKind) -> bool {
    matches!(
        (call, kind),
        (Call::Send, CallKind::Send) | (Call::Recv, CallKind::Recv)
    )
}

fn message(event: &Event) -> Option<(u32, u64)> {
    match &event.what {
        What::Message { message, bytes, .. } => Some((*message, bytes.len)),
        _ => None,
    }
}

fn datagram_read(event: &Event) -> Option<u32> {
    match event.what {
        What::Recv { message, .. } => message,
        _ => None,
    }
}

fn is(expected: &CallError, endpoint: EndpointId, call: Call, error: &str) -> bool {
    id(expected.endpoint) == endpoint && is_kind(call, expected.call) && expected.error.name() == error
}
