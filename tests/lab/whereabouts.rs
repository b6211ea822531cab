//! Wherever the playhead of a stream stands, every byte that was handed over and not read lies in some queue, and the
//! queues do not speak of bytes that nobody sent. Over a wire they agree with the packets.

use lab::runner::run;
use lab::scenario::catalogue::embedded;
use lab::scenario::read::read;
use lab::scenario::{Named, Plan, Scenario, Settings, Transport};
use lab::story::beats::{BeatKind, CallOutcome};
use lab::story::picture::Held;
use lab::story::{Story, peer};
use lab::trace::packet::Flag;
use lab::trace::{EndpointId, Head, Link, Trace, What, file};

use super::support::{measures_everything, no_wire, not_run, root, scenario};

/// From where to where the bytes of a queue lie; `None` where that is not known.
fn span(held: &Held) -> Option<(u64, u64)> {
    match held {
        Held::Span { start, end, .. } => Some((*start, *end)),
        _ => None,
    }
}

/// The first thing that is wrong at some playhead.
fn fault(story: &Story) -> Option<String> {
    (0..=story.beats.len()).find_map(|position| {
        let shown = story.picture_shown(position);
        let ends = u8::try_from(story.trace.head.endpoints.len()).unwrap_or(u8::MAX);
        (0..ends).map(EndpointId).find_map(|flow| {
            let (handed, taken) = told(story, flow, position);
            let own = shown.buffers(flow);
            let other = shown.buffers(peer(flow));
            if own.send_as_of.is_some() || other.receive_as_of.is_some() {
                return None; // it says that it is not of this moment
            }
            let spans = [span(&other.waiting)?, span(&own.in_flight)?, span(&own.unsent)?];
            let lies = |byte: u64| spans.iter().any(|(start, end)| (*start..*end).contains(&byte));
            // What was thrown away lies nowhere; nothing else is missing, and nothing of it is in the queue.
            let missing = (taken..handed).filter(|byte| !lies(*byte)).count() as u64;
            let missing = missing > own.thrown_away;
            let invented = spans.iter().any(|(start, end)| start < end && *end > handed);
            let again = (0..taken).any(|byte| (spans[0].0..spans[0].1).contains(&byte));
            let contradicted = contradicted_on_the_wire(story, flow, position, spans);
            (missing || invented || again || contradicted).then(|| {
                format!("at {position}: {flow:?} handed {handed}, read {taken}: waiting, in flight, unsent {spans:?}")
            })
        })
    })
}

/// Whether the packets up to a playhead say something else than the queues: that bytes have left that are shown as unsent,
/// that they are acknowledged and shown in flight, or that they have been acknowledged and neither wait nor were read.
fn contradicted_on_the_wire(story: &Story, flow: EndpointId, position: usize, spans: [(u64, u64); 3]) -> bool {
    let (mut left, mut acknowledged) = (0, 0);
    for event in &story.trace.events[..story.events_at(position)] {
        match &event.what {
            What::Packet(packet) if event.endpoint == flow => {
                left = left.max(packet.start.map_or(0, |start| start + packet.payload));
            }
            What::Delivered { packet, .. } if event.endpoint == flow => {
                let sighting = story.packets.get(*packet).expect("it came onto the wire");
                let segment = sighting.packet(&story.trace).and_then(|packet| packet.tcp.as_ref());
                let says = segment.filter(|segment| !segment.has(Flag::Rst));
                // The first byte has the number 1.
                let number = says.and_then(|segment| segment.acknowledges).unwrap_or(0);
                acknowledged = acknowledged.max(number.saturating_sub(1));
            }
            _ => {}
        }
    }
    let [waiting, in_flight, unsent] = spans;
    let is_left = |(start, end): (u64, u64)| start < end && start < left;
    let is_acknowledged = |(start, end): (u64, u64)| start < end && start < acknowledged;
    // A FIN takes a number as well, and is no byte of the flow.
    let (handed, _) = told(story, flow, position);
    is_left(unsent) || is_acknowledged(in_flight) || waiting.1 < acknowledged.min(handed)
}

/// How much of a flow was handed over and how much of it was read, as far as it is told.
fn told(story: &Story, flow: EndpointId, position: usize) -> (u64, u64) {
    let (mut handed, mut taken) = (0, 0);
    for beat in &story.beats[..position] {
        match beat.what {
            BeatKind::Send {
                start, end, outcome, ..
            } if beat.endpoint == flow => {
                // What a call does not take is handed over by a later one, or never.
                handed = handed.max(match outcome {
                    CallOutcome::Returned(taken) => start + taken,
                    CallOutcome::Failed => 0,
                    CallOutcome::Blocked | CallOutcome::Never => end,
                });
            }
            BeatKind::Recv { read: Some(read), .. } | BeatKind::RecvReturned { read, .. }
                if beat.endpoint == peer(flow) =>
            {
                let read = &story.reads[read];
                taken = taken.max(read.start + read.returned);
            }
            _ => {}
        }
    }
    (handed, taken)
}

fn saved(name: &str) -> Trace {
    let bytes = std::fs::read(root(&format!("tests/traces/{name}.jsonl"))).expect("read a saved run");
    file::read(&mut &bytes[..]).expect("a saved run")
}

#[test]
fn no_byte_of_a_saved_run_is_nowhere() {
    for name in [
        "nagle",
        "nagle-nodelay",
        "short-recv",
        "length-prefix",
        "length-prefix-cut-header",
        "length-prefix-characters",
        "threaded-server",
        "threaded-server-threaded",
        "hang",
    ] {
        let story = Story::tell(saved(name)).expect("it can be told");
        assert_eq!(fault(&story), None, "{name}");
    }
}

#[test]
fn no_byte_of_a_real_run_is_nowhere() {
    if !measures_everything() {
        return not_run(
            "no_byte_of_a_real_run_is_nowhere",
            "this system does not tell what lies in its queues",
        );
    }
    for embedded in embedded() {
        let scenario = read(embedded.file, embedded.text).unwrap_or_else(|problems| panic!("{problems}"));
        if Plan::new(&scenario, &scenario.defaults()).transport != Transport::Tcp {
            continue;
        }
        for settings in std::iter::once(&scenario.defaults()).chain(&scenario.contrasts) {
            let story = Story::tell(made(&scenario, settings)).expect("it can be told");
            assert_eq!(fault(&story), None, "{} {settings:?}", scenario.id);
        }
    }
}

/// Streams that end in every way, with bytes unsent, in flight, unread.
const ENDINGS: &[(&str, &str, [&str; 2])] = &[
    (
        "",
        "LETTERS, { sender.shut_down = true }, { receiver.drain = 65536 }",
        SMALL,
    ),
    (
        "",
        "LETTERS, { receiver.close = true }, { sender.recv = 10 }, { sender.recv = 10 }",
        SMALL,
    ),
    (
        "",
        "LETTERS, { sender.shut_down = true }, { receiver.close = true }, { sender.recv = 10 }",
        SMALL,
    ),
    (
        "",
        "{ receiver.send = \"unread\" }, LETTERS, { receiver.close = true }, { sender.recv = 10 }",
        SMALL,
    ),
    (
        "",
        "LETTERS, { sender.reset = true }, { receiver.recv = 10000 }, { receiver.recv = 10 }",
        SMALL,
    ),
    (
        "",
        "LETTERS, { sender.close = true }, { receiver.drain = 65536 }, { receiver.close = true }",
        SMALL,
    ),
    (
        "wire",
        "LETTERS, { sender.shut_down = true }, { receiver.drain = 65536 }",
        SMALL,
    ),
    (
        "wire",
        "LETTERS, { receiver.recv = 3000 }, { sender.close = true }, { receiver.drain = 65536 }",
        SMALL,
    ),
    (
        "wire",
        "{ sender.hold = true }, LETTERS, { sender.until_held = 3 }, { sender.shut_down = true },
         { sender.release = \"reversed\" }, { receiver.drain = 65536 }",
        ["send_buffer = 65536", "quickack = true"],
    ),
    (
        "wire",
        "{ receiver.hold = true }, { sender.send = \"hello\" }, { receiver.until_held = 1 }, { receiver.close = true },
         { receiver.until_held = 2 }, { receiver.release = \"all\" }, { sender.recv = 10 }",
        ["", "quickack = true"],
    ),
    (
        "wire",
        "LETTERS, { receiver.close = true }, { sender.recv = 10 }, { sender.recv = 10 }",
        SMALL,
    ),
    (
        "wire",
        "{ sender.lose = 2 }, LETTERS, { receiver.until_queued = 20000 }, { receiver.recv = 65536 }",
        ["send_buffer = 65536", "quickack = true"],
    ),
];

const SMALL: [&str; 2] = ["send_buffer = 65536", "receive_buffer = 4096"];

#[test]
fn no_byte_of_a_stream_that_ends_is_nowhere() {
    if !measures_everything() {
        return not_run("streams that end", "this system does not tell what lies in its queues");
    }
    for (link, steps, [sender, receiver]) in ENDINGS {
        if let Some(why) = no_wire().filter(|_| *link == "wire") {
            not_run(steps, why);
            continue;
        }
        let steps = steps.replace("LETTERS", "{ sender.send = { letters = 20000 } }");
        let link = if link.is_empty() {
            String::new()
        } else {
            format!("link = \"{link}\"\n")
        };
        let text = scenario("tcp", &format!("{link}steps = [{steps}]"))
            .replace("[endpoints.sender]", &format!("[endpoints.sender]\n{sender}"))
            .replace("listens = true", &format!("listens = true\n{receiver}"));
        let scenario = read("mine.toml", &text).unwrap_or_else(|problems| panic!("{problems}"));
        let story = Story::tell(made(&scenario, &scenario.defaults())).expect("it can be told");
        assert_eq!(fault(&story), None, "{steps}");
        assert_eq!(fault(&before_states(&story)), None, "{steps}, as it was saved before");
    }
}

/// The same without what the kernel says of the connection's state.
fn before_states(story: &Story) -> Story {
    let mut trace = story.trace.clone();
    for event in &mut trace.events {
        if let What::Queues { state, send_memory, .. } = &mut event.what {
            (*state, *send_memory) = (None, None);
        }
    }
    Story::tell(trace).expect("it can be told")
}

fn made(scenario: &Scenario, settings: &Settings) -> Trace {
    let plan = Plan::new(scenario, settings);
    let outcome = run(&plan, &crate::support::control()).expect("it begins");
    Trace {
        head: Head {
            link: plan.wire.map_or(Link::Loopback, |_| Link::Wire),
            no_wire: None,
            lab: String::new(),
            system: String::new(),
            transport: plan.transport.name().to_owned(),
            family: plan.family.name().to_owned(),
            endpoints: plan.endpoints.iter().map(|endpoint| endpoint.name.clone()).collect(),
            file: String::new(),
            scenario: scenario.source.clone(),
            knobs: settings
                .iter()
                .map(|(name, value)| (name.to_owned(), value.to_string()))
                .collect(),
            stepped: false,
        },
        events: outcome.events,
        ending: outcome.ending,
    }
}

#[test]
fn a_byte_that_is_nowhere_is_noticed() {
    let mut trace = saved("short-recv");
    // The bytes are acknowledged, but the receiver's kernel says that it has fewer.
    for event in &mut trace.events {
        if let What::Queues {
            waiting: Some(waiting), ..
        } = &mut event.what
        {
            *waiting = waiting.saturating_sub(1);
        }
    }
    let story = Story::tell(trace).expect("it can be told");
    assert!(fault(&story).is_some());
}
