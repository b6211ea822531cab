//! Wherever the playhead of a stream stands, every byte that was handed over and not read lies in some queue, and the
//! queues do not speak of bytes that nobody sent.

use lab::runner::run;
use lab::scenario::catalogue::embedded;
use lab::scenario::read::read;
use lab::scenario::{Named, Plan, Scenario, Settings, Transport};
use lab::story::beats::{BeatKind, CallOutcome};
use lab::story::picture::Held;
use lab::story::{Story, peer};
use lab::trace::{EndpointId, Head, Link, Trace, file};

use super::support::{measures_everything, not_run, root};

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
            let spans = [span(&other.waiting)?, span(&own.in_flight)?, span(&own.unsent)?];
            let lies = |byte: u64| spans.iter().any(|(start, end)| (*start..*end).contains(&byte));
            let missing = (taken..handed).find(|byte| !lies(*byte));
            let invented = spans.iter().find(|(start, end)| start < end && *end > handed);
            let again = (0..taken).find(|byte| (spans[0].0..spans[0].1).contains(byte));
            (missing.is_some() || invented.is_some() || again.is_some()).then(|| {
                format!("at {position}: {flow:?} handed {handed}, read {taken}: waiting, in flight, unsent {spans:?}")
            })
        })
    })
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
        if let lab::trace::What::Queues {
            waiting: Some(waiting), ..
        } = &mut event.what
        {
            *waiting = waiting.saturating_sub(1);
        }
    }
    let story = Story::tell(trace).expect("it can be told");
    assert!(fault(&story).is_some());
}
