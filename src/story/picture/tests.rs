//! A picture at any playhead against a plain fold from the start that knows no checkpoint, no tree and no index.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;
use crate::trace::{Call, Ending, Evidence, Excerpt, Head, What};

/// What is known of one side when every event is looked at from the first one on.
#[derive(Debug, Clone, Default)]
struct Plain {
    sent: u64,
    send_blocks: bool,
    read: u64,
    datagrams_read: BTreeSet<u32>,
    buffers: Buffers,
}

fn folded(trace: &Trace, flows: &Flows, events: usize) -> Vec<Buffers> {
    let stream = trace.head.transport == "tcp";
    let mut sides = vec![Plain::default(); ends(trace)];
    for (end, side) in (0_u8..).zip(&mut sides) {
        // Nothing was sent yet, so nothing lies anywhere.
        let (own, other) = (EndpointId(end), peer(EndpointId(end)));
        side.buffers.waiting = spanned(flows, other, 0, 0);
        if stream {
            side.buffers.unsent = spanned(flows, own, 0, 0);
            side.buffers.in_flight = spanned(flows, own, 0, 0);
        }
    }
    for event in &trace.events[..events] {
        let (own, other) = (usize::from(event.endpoint.0), usize::from(peer(event.endpoint).0));
        match event.what {
            What::SendCall { asked, .. } if stream => {
                if let Some(unsent) = offsets(&sides[own].buffers.unsent)
                    && unsent.end == sides[own].sent
                {
                    sides[own].buffers.unsent = spanned(flows, event.endpoint, unsent.start, unsent.end + asked);
                }
            }
            What::Send { returned, start, .. } => {
                sides[own].sent = start + returned;
                sides[own].send_blocks = false;
                give_back(&mut sides[own], flows, event.endpoint);
            }
            What::Blocked { call: Call::Send } => sides[own].send_blocks = true,
            What::Failed { call: Call::Send, .. } => {
                sides[own].send_blocks = false;
                give_back(&mut sides[own], flows, event.endpoint);
            }
            What::Recv {
                returned,
                start,
                message,
                ..
            } => {
                sides[other].read = sides[other].read.max(start + returned);
                sides[other].datagrams_read.extend(message);
                let read = sides[other].read;
                if let Some(waiting) = stream.then(|| offsets(&sides[own].buffers.waiting)).flatten() {
                    let start = waiting.start.max(read);
                    let end = waiting.end.max(start);
                    sides[own].buffers.waiting = spanned(flows, peer(event.endpoint), start, end);
                }
            }
            What::Queues {
                unsent,
                unacknowledged,
                waiting,
                datagrams,
                dropped,
                ..
            } => {
                let flying = unsent.and(unacknowledged);
                sides[own].buffers = Buffers {
                    unsent: last_sent(&sides[own], flows, event.endpoint, 0, unsent),
                    in_flight: last_sent(&sides[own], flows, event.endpoint, unsent.unwrap_or(0), flying),
                    waiting: match (waiting, dropped) {
                        (Some(waiting), Some(1..)) => Held::Count(waiting),
                        (None, _) => Held::NotMeasured,
                        (Some(waiting), _) if trace.head.transport == "tcp" => {
                            let start = sides[other].read;
                            spanned(flows, peer(event.endpoint), start, start + waiting)
                        }
                        (Some(waiting), _) => {
                            first_unread(&sides[other], flows, peer(event.endpoint), waiting, datagrams)
                        }
                    },
                    datagrams,
                    dropped,
                    ..Buffers::default()
                };
            }
            What::Left { end, .. } if stream => leaves(&mut sides[own], flows, event.endpoint, end),
            What::Acknowledged { end, .. } if stream => {
                leaves(&mut sides[own], flows, event.endpoint, end);
                if let Some(flying) = offsets(&sides[own].buffers.in_flight) {
                    let gone = flying.clone().take_while(|byte| *byte < end).count() as u64;
                    sides[own].buffers.in_flight = spanned(flows, event.endpoint, flying.start + gone, flying.end);
                }
                if let Some(waiting) = offsets(&sides[other].buffers.waiting) {
                    let arrived = waiting.end.max(end);
                    sides[other].buffers.waiting = spanned(flows, event.endpoint, waiting.start, arrived);
                }
            }
            _ => {}
        }
    }
    sides.into_iter().map(|side| side.buffers).collect()
}

/// Byte by byte: what has left is in flight, the rest stays.
fn leaves(side: &mut Plain, flows: &Flows, flow: EndpointId, end: u64) {
    if let (Some(unsent), Some(flying)) = (offsets(&side.buffers.unsent), offsets(&side.buffers.in_flight))
        && flying.end == unsent.start
    {
        let left = unsent.clone().take_while(|byte| *byte < end).count() as u64;
        let border = unsent.start + left;
        side.buffers.unsent = spanned(flows, flow, border, unsent.end);
        side.buffers.in_flight = spanned(flows, flow, flying.start, border);
    }
}

/// What a call had handed over and the kernel has not taken is not in the queue.
fn give_back(side: &mut Plain, flows: &Flows, flow: EndpointId) {
    if let Some(unsent) = offsets(&side.buffers.unsent) {
        side.buffers.unsent = spanned(flows, flow, unsent.start, unsent.start.max(side.sent));
    }
}

/// The places of the bytes, where they are known.
fn offsets(held: &Held) -> Option<std::ops::Range<u64>> {
    match held {
        Held::Span { start, end, .. } => Some(*start..*end),
        _ => None,
    }
}

fn spanned(flows: &Flows, flow: EndpointId, start: u64, end: u64) -> Held {
    let bytes = flows
        .pieces(flow, start, end)
        .iter()
        .map(|piece| piece.to - piece.from)
        .sum();
    Held::Span {
        flow,
        start,
        end,
        bytes,
    }
}

fn last_sent(side: &Plain, flows: &Flows, flow: EndpointId, after: u64, count: Option<u64>) -> Held {
    let Some(count) = count else { return Held::NotMeasured };
    match side.sent.checked_sub(after + count) {
        Some(start) if !side.send_blocks => spanned(flows, flow, start, start + count),
        _ => Held::Count(count),
    }
}

fn first_unread(side: &Plain, flows: &Flows, flow: EndpointId, count: u64, datagrams: Option<u64>) -> Held {
    let messages = flows.flow(flow).iter();
    let unread = messages.filter(|message| !side.datagrams_read.contains(&message.number));
    let most = usize::try_from(datagrams.unwrap_or(0))
        .expect("few")
        .min(MOST_DATAGRAMS);
    let pieces: Vec<Piece> = unread.take(most).map(super::super::pieces::Message::whole).collect();
    if pieces.iter().map(|piece| piece.of).sum::<u64>() == count {
        Held::Datagrams { flow, pieces }
    } else {
        Held::Count(count)
    }
}

/// Events of any kind and in any order; messages lie end to end in their flows, as the reader of files has it.
fn traces() -> impl Strategy<Value = Trace> {
    let count = || proptest::option::weighted(0.9, 0_u64..12);
    let what = prop_oneof![
        3 => (0_u64..6).prop_map(|len| What::Message { message: 0, start: 0, header: 0, json: 0, delimiter: 0, bytes: Excerpt::new(&vec![7; usize::try_from(len).expect("small")], 4096) }),
        3 => (0_u64..6, 0_u64..30).prop_map(|(returned, start)| What::Send { message: 1, asked: 9, returned, start }),
        3 => (0_u64..6, 0_u64..30, proptest::option::of(1_u32..20))
            .prop_map(|(returned, start, message)| What::Recv { asked: 9, returned, start, message, datagram: None }),
        2 => (0_u64..6).prop_map(|asked| What::SendCall { message: 1, asked, nonblocking: false }),
        2 => (0_u64..30, 0_u64..30).prop_map(|(start, end)| What::Left { start, end }),
        2 => (0_u64..30, 0_u64..30).prop_map(|(start, end)| What::Acknowledged { start, end }),
        1 => Just(What::Blocked { call: Call::Send }),
        1 => Just(What::Failed { call: Call::Send, errno: 11, error: String::new() }),
        4 => (count(), count(), count(), proptest::option::of(0_u64..4), proptest::option::weighted(0.2, 0_u64..3)).prop_map(
            |(unsent, unacknowledged, waiting, datagrams, dropped)| What::Queues { unsent, unacknowledged, waiting, datagrams, dropped, state: None, send_memory: None }
        ),
    ];
    let events = proptest::collection::vec((0_u8..3, what), 0..60);
    (events, any::<bool>()).prop_map(|(events, stream)| trace(events, stream))
}

fn trace(events: Vec<(u8, What)>, stream: bool) -> Trace {
    let (mut sent, mut messages) = ([0; 3], 0);
    let place = |(index, (endpoint, mut what)): (usize, (u8, What))| {
        if let What::Message {
            message, start, bytes, ..
        } = &mut what
        {
            messages += 1;
            (*message, *start) = (messages, sent[usize::from(endpoint)]);
            sent[usize::from(endpoint)] += bytes.len;
        }
        Event {
            at: index as u64,
            endpoint: EndpointId(endpoint),
            evidence: Evidence::Measured,
            what,
        }
    };
    let events = events.into_iter().enumerate().map(place).collect();
    Trace {
        head: Head {
            link: crate::trace::Link::Loopback,
            no_wire: None,
            lab: String::new(),
            system: String::new(),
            transport: if stream { "tcp" } else { "udp" }.to_owned(),
            family: "ipv4".to_owned(),
            // An odd number: the peer of the last one is not in the list.
            endpoints: ["a", "b", "c"].map(str::to_owned).to_vec(),
            file: String::new(),
            scenario: String::new(),
            knobs: BTreeMap::new(),
            stepped: false,
        },
        events,
        ending: Ending::Finished,
    }
}

fn same_everywhere(trace: &Trace, pictures: &Pictures, flows: &Flows) -> Result<(), TestCaseError> {
    for events in 0..=trace.events.len() {
        let picture = pictures.at(trace, flows, events);
        prop_assert_eq!(picture.events(), events);
        for (endpoint, expected) in (0_u8..).zip(folded(trace, flows, events)) {
            prop_assert_eq!(
                picture.buffers(EndpointId(endpoint)),
                expected,
                "endpoint {} after {}",
                endpoint,
                events
            );
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_picture_anywhere_is_what_a_fold_from_the_start_gives(trace in traces(), every in 1_usize..20) {
        let flows = Flows::of(&trace);
        same_everywhere(&trace, &Pictures::kept_every(every, &trace, &flows), &flows)?;
    }
}

#[test]
fn a_checkpoint_of_another_place_would_be_noticed() {
    let send = |start| {
        (
            0,
            What::Send {
                message: 1,
                asked: 2,
                returned: 2,
                start,
            },
        )
    };
    let queues = What::Queues {
        unsent: Some(1),
        unacknowledged: Some(0),
        waiting: None,
        datagrams: None,
        dropped: None,
        state: None,
        send_memory: None,
    };
    let trace = trace(vec![send(0), send(2), (0, queues), send(4)], true);
    let flows = Flows::of(&trace);
    let mut pictures = Pictures::kept_every(1, &trace, &flows);
    same_everywhere(&trace, &pictures, &flows).expect("right");
    pictures.kept.swap(1, 3);
    same_everywhere(&trace, &pictures, &flows).expect_err("wrong");
}
