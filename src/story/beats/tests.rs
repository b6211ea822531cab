//! The one pass over a trace against a search from each event.

use proptest::prelude::*;

use super::super::departures::Departures;
use super::super::pieces::Flows;
use super::super::sends::Sends;
use super::*;
use crate::trace::{Ending, Event, Evidence, Excerpt, Head, Trace, What};

/// What ends the call that begins at `index`, and whether it blocked.
fn outcome(trace: &Trace, index: usize) -> CallOutcome {
    let own = |event: &&Event| event.endpoint == trace.events[index].endpoint;
    let mut blocked = false;
    for event in trace.events[index + 1..].iter().filter(own) {
        match event.what {
            What::Blocked { .. } => blocked = true,
            What::Send { .. } | What::Recv { .. } | What::Failed { .. } if blocked => return CallOutcome::Blocked,
            What::Send { returned, .. } | What::Recv { returned, .. } => return CallOutcome::Returned(returned),
            What::Failed { .. } => return CallOutcome::Failed,
            What::SendCall { .. } | What::RecvCall { .. } => break,
            _ => {}
        }
    }
    if blocked {
        CallOutcome::Blocked
    } else {
        CallOutcome::Never
    }
}

/// For how long the call that ends at `index` has blocked.
fn blocked(trace: &Trace, index: usize) -> Option<u64> {
    let own = |event: &&Event| event.endpoint == trace.events[index].endpoint;
    let mut blocked = false;
    for event in trace.events[..index].iter().rev().filter(own) {
        match event.what {
            What::Blocked { .. } => blocked = true,
            What::SendCall { .. } | What::RecvCall { .. } => {
                return blocked.then_some(trace.events[index].at - event.at);
            }
            _ => {}
        }
    }
    None
}

/// Whether an event is told by itself.
fn is_told(trace: &Trace, index: usize) -> bool {
    let event = &trace.events[index];
    match event.what {
        What::Send { .. } | What::Recv { .. } => blocked(trace, index).is_some(),
        What::Waited { .. } => {
            let waits = |other: &Event| other.endpoint == event.endpoint && matches!(other.what, What::Wait { .. });
            let began = trace.events[..index].iter().rposition(waits);
            began.is_some_and(|began| began + 1 < index)
        }
        What::Queues { .. } | What::Blocked { .. } | What::Message { .. } => false,
        _ => true,
    }
}

/// Calls that begin before they return; everything else in any order.
fn traces() -> impl Strategy<Value = Trace> {
    let any = prop_oneof![
        Just(What::SendCall {
            message: 1,
            asked: 2,
            nonblocking: false
        }),
        Just(What::RecvCall { asked: 5 }),
        Just(What::Blocked { call: Call::Recv }),
        Just(What::Failed {
            call: Call::Send,
            errno: 11,
            error: String::new()
        }),
        (0_u64..4).prop_map(|returned| What::Send {
            message: 1,
            asked: 4,
            returned,
            start: 0
        }),
        (0_u64..4).prop_map(|returned| What::Recv {
            asked: 5,
            returned,
            start: 0,
            message: None,
            datagram: None
        }),
        Just(What::Queues {
            unsent: Some(0),
            unacknowledged: Some(0),
            waiting: Some(0),
            datagrams: None,
            dropped: None,
            state: None,
            send_memory: None
        }),
        Just(What::Wait {
            until: Until::Acknowledged
        }),
        Just(What::Waited {
            until: Until::Acknowledged
        }),
        (0_u64..9).prop_map(|end| What::Left { start: 0, end }),
        (0_u64..9).prop_map(|end| What::Acknowledged { start: 0, end }),
        Just(What::Closed),
    ];
    proptest::collection::vec((0_u8..3, any), 0..50).prop_map(trace)
}

fn trace(events: Vec<(u8, What)>) -> Trace {
    let mut calls = [None; 3];
    let fits = |(endpoint, what): &(u8, What)| {
        let call = &mut calls[usize::from(*endpoint)];
        match what {
            What::SendCall { .. } => *call = Some(Call::Send),
            What::RecvCall { .. } => *call = Some(Call::Recv),
            What::Send { .. } => return call.take() == Some(Call::Send),
            What::Recv { .. } => return call.take() == Some(Call::Recv),
            What::Blocked { .. } => return call.is_some(),
            _ => {}
        }
        true
    };
    let events: Vec<(u8, What)> = events.into_iter().filter(fits).collect();
    let event = |(index, (endpoint, what))| Event {
        at: 3 * index as u64,
        endpoint: EndpointId(endpoint),
        evidence: Evidence::Measured,
        what,
    };
    Trace {
        head: Head {
            link: crate::trace::Link::Loopback,
            no_wire: None,
            lab: String::new(),
            system: String::new(),
            transport: "tcp".to_owned(),
            family: "ipv4".to_owned(),
            endpoints: ["a", "b", "c"].map(str::to_owned).to_vec(),
            file: String::new(),
            scenario: String::new(),
            knobs: std::collections::BTreeMap::new(),
            stepped: false,
        },
        events: events.into_iter().enumerate().map(event).collect(),
        ending: Ending::Finished,
    }
}

fn told(trace: &Trace) -> Vec<Beat> {
    let flows = Flows::of(trace);
    beats(trace, &flows, &Departures::of(trace, &flows, &Sends::of(trace)))
}

/// The beats are what searching says they are.
fn agree(trace: &Trace, beats: &[Beat]) -> Result<(), TestCaseError> {
    let expected: Vec<usize> = (0..trace.events.len()).filter(|index| is_told(trace, *index)).collect();
    let found: Vec<usize> = beats.iter().map(|beat| beat.event).collect();
    prop_assert_eq!(found, expected);
    let ends = beats.iter().skip(1).map(|beat| beat.event).chain([trace.events.len()]);
    let (mut reads, mut departures) = (0, 0);
    for (index, event) in trace.events.iter().enumerate() {
        let (read, departure) = (reads, departures);
        reads += usize::from(matches!(event.what, What::Recv { .. }));
        departures += usize::from(matches!(event.what, What::Left { .. }));
        let Some(beat) = beats.iter().find(|beat| beat.event == index) else {
            continue;
        };
        match beat.what {
            BeatKind::Send { outcome: of, .. } => prop_assert_eq!(of, outcome(trace, index)),
            BeatKind::Recv {
                outcome: of,
                read: returned,
                ..
            } => {
                prop_assert_eq!(of, outcome(trace, index));
                // The next read of this endpoint, and there is one.
                let is_read =
                    |event: &&Event| event.endpoint == beat.endpoint && matches!(event.what, What::Recv { .. });
                let next = trace.events[index..].iter().find(is_read);
                prop_assert_eq!(returned.is_some(), matches!(of, CallOutcome::Returned(_)));
                prop_assert!(returned.is_none() || next.is_some());
            }
            BeatKind::SendReturned { blocked: of, .. } => prop_assert_eq!(Some(of), blocked(trace, index)),
            BeatKind::RecvReturned {
                blocked: of,
                read: returned,
                ..
            } => {
                prop_assert_eq!((Some(of), returned), (blocked(trace, index), read));
            }
            BeatKind::Left { departure: of } => prop_assert_eq!(of, departure),
            _ => {}
        }
    }
    for (beat, end) in beats.iter().zip(ends) {
        prop_assert_eq!(beat.end, end, "every fact belongs to one beat");
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn one_pass_finds_what_a_search_from_each_event_finds(trace in traces()) {
        agree(&trace, &told(&trace))?;
    }
}

#[test]
fn two_endpoints_that_read_at_once_get_their_own_reads() {
    let recv = |returned| What::Recv {
        asked: 5,
        returned,
        start: 0,
        message: None,
        datagram: None,
    };
    let call = What::RecvCall { asked: 5 };
    let trace = trace(vec![(0, call.clone()), (1, call), (1, recv(2)), (0, recv(3))]);
    let read = |beat: &Beat| match beat.what {
        BeatKind::Recv { outcome, read, .. } => (beat.endpoint.0, outcome, read),
        _ => panic!("a read"),
    };
    let expected = [
        (0, CallOutcome::Returned(3), Some(1)),
        (1, CallOutcome::Returned(2), Some(0)),
    ];
    assert_eq!(told(&trace).iter().map(read).collect::<Vec<_>>(), expected);
}

#[test]
fn a_send_that_never_returned_tells_what_it_was_given() {
    let message = What::Message {
        message: 1,
        start: 0,
        header: 2,
        json: 0,
        delimiter: 0,
        bytes: Excerpt::new(b"__hello", 4096),
    };
    let call = |asked| What::SendCall {
        message: 1,
        asked,
        nonblocking: false,
    };
    let returned = What::Send {
        message: 1,
        asked: 2,
        returned: 2,
        start: 0,
    };
    let trace = trace(vec![(0, message), (0, call(2)), (0, returned), (0, call(5))]);
    let span = |beat: &Beat| match beat.what {
        BeatKind::Send {
            start, end, outcome, ..
        } => (start, end, outcome),
        _ => panic!("a send"),
    };
    let expected = [(0, 2, CallOutcome::Returned(2)), (2, 7, CallOutcome::Never)];
    assert_eq!(told(&trace).iter().map(span).collect::<Vec<_>>(), expected);
}

#[test]
fn a_wrong_beat_would_be_noticed() {
    let returned = What::Recv {
        asked: 5,
        returned: 2,
        start: 0,
        message: None,
        datagram: None,
    };
    let blocked = What::Blocked { call: Call::Recv };
    let trace = trace(vec![(0, What::RecvCall { asked: 5 }), (0, blocked), (0, returned)]);
    let right = told(&trace);
    agree(&trace, &right).expect("right");
    let mut wrong = right.clone();
    wrong[0].what.ends(CallOutcome::Returned(2));
    agree(&trace, &wrong).expect_err("an outcome");
    let mut wrong = right.clone();
    wrong[1].end -= 1;
    agree(&trace, &wrong).expect_err("an end");
    agree(&trace, &right[..1]).expect_err("one is missing");
}
