//! Long traces, made up over the scenario `nagle`.

use std::collections::BTreeMap;

use lab::scenario::Scenario;
use lab::trace::{Ending, EndpointId, Event, Evidence, Excerpt, Head, Trace, What};

pub const SENDER: EndpointId = EndpointId(0);
pub const RECEIVER: EndpointId = EndpointId(1);

/// Numbers that look random and are the same every time (splitmix64).
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        // The remainder is less than a `usize`.
        usize::try_from((mixed ^ (mixed >> 31)) % (most as u64)).unwrap_or(0)
    }
}

/// A trace as it grows.
struct Made<'s> {
    scenario: &'s Scenario,
    events: Vec<Event>,
    messages: u32,
    sent: u64,
    read: u64,
}

/// Messages of three bytes, each sent, gone, acknowledged and asked about; every fourth time a read takes what is there.
pub fn small_writes(scenario: &Scenario, events: usize) -> Trace {
    let mut made = Made::new(scenario);
    while made.events.len() < events {
        let start = made.sent;
        made.send(b"egg");
        made.add(SENDER, What::Left { start, end: start + 3 });
        made.add(SENDER, queues(0, 3, 0));
        made.add(SENDER, What::Acknowledged { start, end: start + 3 });
        made.add(RECEIVER, queues(0, 0, made.sent - made.read));
        if made.messages.is_multiple_of(4) {
            made.take();
            made.add(RECEIVER, queues(0, 0, 0));
        }
    }
    made.done(events)
}

/// Messages of one byte that nobody reads: the queues hold ever more of them.
pub fn growing(scenario: &Scenario, events: usize) -> Trace {
    let mut made = Made::new(scenario);
    while made.events.len() < events {
        made.send(b"x");
        made.add(SENDER, queues(made.sent / 2, made.sent / 2, 0));
        made.add(RECEIVER, queues(0, 0, made.sent / 2));
    }
    made.done(events)
}

/// Many empty messages at one place, and then departures and acknowledgements around it, forwards and backwards.
pub fn hostile(scenario: &Scenario, events: usize) -> Trace {
    let mut made = Made::new(scenario);
    made.send(b"a");
    while made.events.len() < events / 2 {
        made.send(b"");
    }
    made.send(&[b'z'; 4096]);
    let mut random = Random(3);
    while made.events.len() < events {
        let end = 2 + random.below(4000) as u64;
        made.add(SENDER, What::Left { start: 0, end });
        made.add(SENDER, What::Acknowledged { start: 0, end });
    }
    made.done(events)
}

fn queues(unsent: u64, unacknowledged: u64, waiting: u64) -> What {
    What::Queues {
        unsent: Some(unsent),
        unacknowledged: Some(unacknowledged),
        waiting: Some(waiting),
        datagrams: None,
        dropped: None,
        state: None,
        send_memory: None,
    }
}

impl<'s> Made<'s> {
    fn new(scenario: &'s Scenario) -> Self {
        Self {
            scenario,
            events: Vec::new(),
            messages: 0,
            sent: 0,
            read: 0,
        }
    }

    fn add(&mut self, endpoint: EndpointId, what: What) {
        self.events.push(Event {
            at: 1_000 * self.events.len() as u64,
            endpoint,
            evidence: Evidence::Measured,
            what,
        });
    }

    fn send(&mut self, bytes: &[u8]) {
        self.messages += 1;
        let (message, start, asked) = (self.messages, self.sent, bytes.len() as u64);
        let bytes = Excerpt::new(bytes, Excerpt::WHOLE);
        self.add(
            SENDER,
            What::Message {
                message,
                start,
                header: 0,
                json: 0,
                delimiter: 0,
                bytes,
            },
        );
        self.add(
            SENDER,
            What::SendCall {
                message,
                asked,
                nonblocking: false,
            },
        );
        self.add(
            SENDER,
            What::Send {
                message,
                asked,
                returned: asked,
                start,
            },
        );
        self.sent += asked;
    }

    fn take(&mut self) {
        self.add(RECEIVER, What::RecvCall { asked: 1024 });
        let (start, returned) = (self.read, self.sent - self.read);
        let recv = What::Recv {
            asked: 1024,
            returned,
            start,
            message: None,
            datagram: None,
        };
        self.add(RECEIVER, recv);
        self.read = self.sent;
    }

    fn done(mut self, events: usize) -> Trace {
        self.events.truncate(events);
        let settings = self.scenario.defaults();
        let knobs: BTreeMap<String, String> = settings
            .iter()
            .map(|(name, value)| (name.to_owned(), value.to_string()))
            .collect();
        Trace {
            head: Head {
                link: lab::trace::Link::Loopback,
                no_wire: None,
                lab: env!("CARGO_PKG_VERSION").to_owned(),
                system: String::new(),
                transport: "tcp".to_owned(),
                family: "ipv4".to_owned(),
                endpoints: self
                    .scenario
                    .endpoints
                    .iter()
                    .map(|endpoint| endpoint.name.clone())
                    .collect(),
                file: String::new(),
                scenario: self.scenario.source.clone(),
                knobs,
                stepped: false,
            },
            events: self.events,
            ending: Ending::Finished,
        }
    }
}
