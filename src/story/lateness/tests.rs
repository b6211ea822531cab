use proptest::prelude::*;

use super::*;
use crate::scenario::Claim;
use crate::story::Story;
use crate::story::verdict::{Because, Outcome, Subject};
use crate::trace::Until;
use crate::trace::file::read;

const NAGLE: &str = include_str!("../../../tests/traces/nagle.jsonl");
const PROMPT: [&str; 6] = [
    NAGLE,
    include_str!("../../../tests/traces/nagle-nodelay.jsonl"),
    include_str!("../../../tests/traces/nagle-wire.jsonl"),
    include_str!("../../../tests/traces/ready-handshake.jsonl"),
    include_str!("../../../tests/traces/length-prefix.jsonl"),
    include_str!("../../../tests/traces/threaded-server-threaded.jsonl"),
];

const MS: u64 = 1_000_000;
const SENDER: EndpointId = EndpointId(0);

fn trace(text: &str) -> Trace {
    read(&mut text.as_bytes()).expect("a trace")
}

fn is_stamp(what: &What) -> bool {
    matches!(what, What::Left { .. } | What::Acknowledged { .. })
}

/// When the delayed acknowledgement of `hello` came.
fn acknowledged(trace: &Trace) -> u64 {
    let ack = |event: &&Event| matches!(event.what, What::Acknowledged { .. });
    trace.events.iter().find(ack).expect("an ACK").at
}

/// The event behind the departure of `hello`.
fn after_hello(trace: &Trace) -> usize {
    let left = |event: &Event| matches!(event.what, What::Left { .. });
    trace.events.iter().position(left).expect("it left") + 1
}

/// The run of `nagle` as it would have been if the lab had stood still for so long, so many events after `hello` had left:
/// its own events come later, the kernel's timer does not wait, and what is sent only after the ACK leaves at once.
fn starved(after: usize, for_so_long: u64) -> Trace {
    let mut trace = trace(NAGLE);
    let ack = acknowledged(&trace);
    let before = after_hello(&trace) + after;
    for event in trace
        .events
        .iter_mut()
        .skip(before)
        .filter(|event| !is_stamp(&event.what))
    {
        event.at += for_so_long;
    }
    // When each send of the sender was called, and which bytes it handed over.
    let mut called = 0;
    let mut sends = Vec::new();
    for event in trace.events.iter().filter(|event| event.endpoint == SENDER) {
        match event.what {
            What::SendCall { .. } => called = event.at,
            What::Send { start, returned, .. } => sends.push((called, start, start + returned)),
            _ => {}
        }
    }
    let first = sends[0].2;
    let waits = |called: u64, start: u64| start >= first && called < ack;
    let together = sends
        .iter()
        .filter(|(called, start, _)| waits(*called, *start))
        .map(|(.., end)| *end)
        .max();
    let alone = sends
        .iter()
        .filter(|(called, start, _)| *start >= first && !waits(*called, *start));
    let left = |at: u64, start: u64, end: u64| Event {
        at,
        endpoint: SENDER,
        evidence: crate::trace::Evidence::Measured,
        what: What::Left { start, end },
    };
    let later: Vec<Event> = together
        .map(|end| left(ack + 1000, first, end))
        .into_iter()
        .chain(alone.map(|(called, start, end)| left(called + 1000, *start, *end)))
        .collect();
    trace
        .events
        .retain(|event| !matches!(event.what, What::Left { start, .. } if start >= first));
    trace.events.extend(later);
    trace.events.sort_by_key(|event| event.at);
    count_anew(&mut trace);
    trace
}

/// Puts into each answer of the sender's kernel what is unsent by the stamps.
fn count_anew(trace: &mut Trace) {
    let (mut sent, mut gone) = (0, 0);
    for event in trace.events.iter_mut().filter(|event| event.endpoint == SENDER) {
        match &mut event.what {
            What::Send { start, returned, .. } => sent = *start + *returned,
            What::Left { end, .. } => gone = gone.max(*end),
            What::Queues { unsent, .. } => *unsent = Some(sent.saturating_sub(gone)),
            _ => {}
        }
    }
}

/// What was found about the expectations that are about time.
fn outcomes(trace: Trace) -> Vec<(Outcome, Because)> {
    let story = Story::tell(trace).expect("a story");
    let findings = story.verdict.findings.iter();
    let timed = findings.filter(|finding| {
        matches!(
            finding.subject,
            Subject::Claim(Claim::Held { .. } | Claim::Together { .. }) | Subject::Prediction(_)
        )
    });
    timed
        .map(|finding| (finding.outcome, finding.because.clone()))
        .collect()
}

#[test]
fn a_prompt_run_is_not_late() {
    for text in PROMPT {
        let trace = trace(text);
        let story = Story::tell(trace.clone()).expect("a story");
        let late = Lateness::of(&trace, &story.plan);
        assert!(late.in_all() < 5 * MS, "{}: {:?}", trace.head.file, late.gaps);
    }
}

#[test]
fn who_waits_is_not_late_and_who_has_what_it_waited_for_is() {
    let mut trace = trace(NAGLE);
    let story = Story::tell(trace.clone()).expect("a story");
    let waited = trace.events.iter().position(|event| {
        matches!(
            event.what,
            What::Waited {
                until: Until::Queued(_)
            }
        )
    });
    let waited = waited.expect("the reader waits until everything is there");
    for event in &mut trace.events[waited..] {
        event.at += 70 * MS;
    }
    let late = Lateness::of(&trace, &story.plan).in_all();
    assert!((70 * MS..75 * MS).contains(&late), "{late}");
}

proptest! {
    #[test]
    fn a_lab_that_stood_still_refutes_nothing(after in 0_usize..50, ms in 0_u64..200) {
        for (outcome, because) in outcomes(starved(after, ms * MS)) {
            prop_assert!(outcome != Outcome::Failed, "{because:?}");
        }
    }

    #[test]
    fn what_left_before_the_ack_stays_refuted(before in 0_usize..60, ms in 0_u64..30) {
        // Nobody has held the messages: they left when they were sent, and the ACK came later.
        let mut trace = trace(NAGLE);
        let ack = acknowledged(&trace);
        let sends: Vec<(u64, u64, u64)> = trace
            .events
            .iter()
            .filter_map(|event| match event.what {
                What::Send { start, returned, .. } => Some((event.at, start, start + returned)),
                _ => None,
            })
            .collect();
        let first = sends[0].2;
        trace.events.retain(|event| !matches!(event.what, What::Left { start, .. } if start >= first));
        for (at, start, end) in sends.into_iter().filter(|(_, start, _)| *start >= first) {
            prop_assert!(at + ms * MS < ack);
            trace.events.push(Event {
                at: at - 1,
                endpoint: SENDER,
                evidence: crate::trace::Evidence::Measured,
                what: What::Left { start, end },
            });
        }
        trace.events.sort_by_key(|event| event.at);
        let events = trace.events.len();
        for event in trace.events.iter_mut().skip(before.min(events)).filter(|event| !matches!(event.what, What::Acknowledged { .. })) {
            event.at += ms * MS;
        }
        trace.events.sort_by_key(|event| event.at);
        count_anew(&mut trace);
        let found = outcomes(trace);
        prop_assert!(found.iter().filter(|(outcome, _)| *outcome == Outcome::Failed).count() >= 2, "{found:?}");
    }
}
