//! The model labels each byte with the number of its message and its place in it; whatever the story computes with
//! spans must be what is found by looking at the labels one by one.

use std::collections::BTreeMap;

use lab::scenario::Reading;
use lab::story::picture::{Held, Pictures};
use lab::story::pieces::{Flows, Piece};
use lab::story::reads::{classify, reads};
use lab::trace::{Call, Ending, EndpointId, Event, Evidence, Excerpt, Head, Trace, What};
use proptest::prelude::*;

const SENDER: EndpointId = EndpointId(0);
const RECEIVER: EndpointId = EndpointId(1);

/// A byte: of which message, where in it, and how long the message is.
type Label = (u32, u64, u64);

/// The pieces of a row of labels, found without any arithmetic on spans.
fn pieces_of(labels: &[Label]) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for &(message, place, of) in labels {
        match pieces.last_mut() {
            Some(piece) if piece.message == message => piece.to = place + 1,
            _ => pieces.push(Piece {
                message,
                from: place,
                to: place + 1,
                of,
            }),
        }
    }
    pieces
}

/// What a read of these labels is, found by counting.
fn reading_of(labels: &[Label]) -> Reading {
    let mut counts: BTreeMap<u32, (u64, u64)> = BTreeMap::new();
    for &(message, _, of) in labels {
        counts.entry(message).or_insert((0, of)).0 += 1;
    }
    match counts.into_values().collect::<Vec<_>>()[..] {
        [] => Reading::EndOfStream,
        [(count, of)] if count == of => Reading::Whole,
        [_] => Reading::Partial,
        _ => Reading::Stuck,
    }
}

/// The flow of messages of these sizes, byte by byte.
fn labels(sizes: &[u64]) -> Vec<Label> {
    let numbered = (1..).zip(sizes);
    numbered
        .flat_map(|(number, size)| (0..*size).map(move |place| (number, place, *size)))
        .collect()
}

/// The byte that a message has in a place: another one in every message and place.
fn byte(message: u32, place: u64) -> u8 {
    u8::try_from((u64::from(message) * 31 + place * 7) % 251).expect("less than a byte")
}

fn message(number: u32, start: u64, size: u64) -> What {
    let bytes: Vec<u8> = (0..size).map(|place| byte(number, place)).collect();
    What::Message {
        message: number,
        start,
        header: 0,
        json: 0,
        delimiter: 0,
        bytes: Excerpt::new(&bytes, Excerpt::WHOLE),
    }
}

fn trace(events: impl IntoIterator<Item = (EndpointId, What)>) -> Trace {
    let event = |(at, (endpoint, what))| Event {
        at,
        endpoint,
        evidence: Evidence::Measured,
        what,
    };
    Trace {
        head: Head {
            link: lab::trace::Link::Loopback,
            no_wire: None,
            lab: String::new(),
            system: String::new(),
            transport: "tcp".to_owned(),
            family: "ipv4".to_owned(),
            endpoints: vec!["sender".to_owned(), "receiver".to_owned()],
            file: String::new(),
            scenario: String::new(),
            knobs: BTreeMap::new(),
            stepped: false,
        },
        events: (0..).zip(events).map(event).collect(),
        ending: Ending::Finished,
    }
}

fn index(offset: u64) -> usize {
    usize::try_from(offset).expect("in memory")
}

/// One thing a model connection does.
#[derive(Debug, Clone)]
enum Do {
    /// The program sends a message of this size.
    Send(u64),
    /// The kernel lets this share of what is unsent leave.
    Leave(prop::sample::Index),
    /// This share of what left and has not arrived arrives.
    Arrive(prop::sample::Index),
    /// This share of what arrived is acknowledged.
    Acknowledge(prop::sample::Index),
    /// The program reads at most so many bytes.
    Read(u64),
}

fn doings() -> impl Strategy<Value = Vec<Do>> {
    let share = any::<prop::sample::Index>;
    let one = prop_oneof![
        4 => (0_u64..20).prop_map(Do::Send),
        2 => share().prop_map(Do::Leave),
        2 => share().prop_map(Do::Arrive),
        1 => share().prop_map(Do::Acknowledge),
        3 => (1_u64..30).prop_map(Do::Read),
    ];
    proptest::collection::vec(one, 0..40)
}

/// A byte stream between two kernels, as numbers of bytes: each no more than the one before.
#[derive(Debug, Default, Clone, Copy)]
struct Stream {
    sent: u64,
    left: u64,
    arrived: u64,
    acknowledged: u64,
    read: u64,
}

impl Stream {
    /// Does one thing; what the lab would record of it goes to `events`.
    fn perform(&mut self, doing: &Do, messages: &mut Vec<u64>, events: &mut Vec<(EndpointId, What)>) {
        let share = |share: &prop::sample::Index, of: u64| share.index(index(of) + 1) as u64;
        match doing {
            Do::Send(size) => {
                messages.push(*size);
                let number = u32::try_from(messages.len()).expect("few messages");
                events.push((SENDER, message(number, self.sent, *size)));
                let call = What::Send {
                    message: number,
                    asked: *size,
                    returned: *size,
                    start: self.sent,
                };
                events.push((SENDER, call));
                self.sent += size;
            }
            Do::Leave(of) => self.left += share(of, self.sent - self.left),
            Do::Arrive(of) => self.arrived += share(of, self.left - self.arrived),
            Do::Acknowledge(of) => self.acknowledged += share(of, self.arrived - self.acknowledged),
            Do::Read(most) => {
                let returned = (*most).min(self.arrived - self.read);
                // A read of nothing would wait.
                if returned > 0 {
                    let call = What::Recv {
                        asked: *most,
                        returned,
                        start: self.read,
                        message: None,
                        datagram: None,
                    };
                    events.push((RECEIVER, call));
                    self.read += returned;
                }
            }
        }
        events.push((SENDER, queues(self.sent - self.left, self.left - self.acknowledged, 0)));
        events.push((RECEIVER, queues(0, 0, self.arrived - self.read)));
    }
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

#[track_caller]
fn same(held: &Held, flows: &Flows, labels: &[Label], start: u64, end: u64) -> Result<(), TestCaseError> {
    let expected = Held::Span {
        flow: SENDER,
        start,
        end,
        bytes: end - start,
    };
    prop_assert_eq!(held, &expected);
    let pieces = pieces_of(&labels[index(start)..index(end)]);
    prop_assert_eq!(held.pieces(flows, usize::MAX), &pieces[..]);
    prop_assert_eq!(held.pieces(flows, 1), &pieces[..pieces.len().min(1)]);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_pieces_of_consecutive_reads_tile_the_flow(
        sizes in proptest::collection::vec(0_u64..20, 0..12),
        asked in proptest::collection::vec(1_u64..40, 1..40),
    ) {
        let labels = labels(&sizes);
        let mut events = Vec::new();
        let mut start = 0;
        for (number, size) in (1..).zip(&sizes) {
            events.push((SENDER, message(number, start, *size)));
            start += size;
        }
        let mut taken = 0;
        for asked in asked {
            let returned = asked.min(labels.len() as u64 - taken);
            let read = What::Recv { asked, returned, start: taken, message: None, datagram: None };
            events.push((RECEIVER, read));
            taken += returned;
        }
        let trace = trace(events);
        let flows = Flows::of(&trace);
        let mut tiled = Vec::new();
        for read in reads(&trace, &flows) {
            let end = read.start + read.returned;
            let under = &labels[index(read.start)..index(end)];
            prop_assert_eq!(&read.pieces, &pieces_of(under));
            prop_assert_eq!(read.reading, reading_of(under));
            prop_assert_eq!(read.lost, 0);
            let bytes: Vec<u8> = under.iter().map(|(message, place, _)| byte(*message, *place)).collect();
            prop_assert_eq!(flows.bytes(SENDER, read.start, end, 1000).whole(), Some(bytes));
            for piece in &read.pieces {
                tiled.extend((piece.from..piece.to).map(|place| (piece.message, place, piece.of)));
            }
        }
        prop_assert_eq!(&tiled[..], &labels[..index(taken)], "nothing twice, nothing left out");
    }

    #[test]
    fn any_span_is_cut_where_the_messages_meet(
        sizes in proptest::collection::vec(0_u64..20, 0..12),
        from in any::<prop::sample::Index>(),
        to in any::<prop::sample::Index>(),
        most in 2_u64..40,
    ) {
        let labels = labels(&sizes);
        let starts = sizes.iter().scan(0, |start, size| Some(std::mem::replace(start, *start + size)));
        let events = (1..).zip(sizes.iter().zip(starts)).map(|(number, (size, start))| (SENDER, message(number, start, *size)));
        let trace = trace(events);
        let flows = Flows::of(&trace);
        let (one, other) = (from.index(labels.len() + 1), to.index(labels.len() + 1));
        let (start, end) = (one.min(other), one.max(other));
        prop_assert_eq!(flows.pieces(SENDER, start as u64, end as u64), pieces_of(&labels[start..end]));
        prop_assert_eq!(flows.pieces(RECEIVER, start as u64, end as u64), []);
        // Beyond the end there is nothing.
        prop_assert_eq!(flows.pieces(SENDER, start as u64, labels.len() as u64 + 9), pieces_of(&labels[start..]));
        // Of many bytes the first and the last ones, and how many are between them.
        let bytes = flows.bytes(SENDER, start as u64, end as u64, most);
        prop_assert_eq!(bytes.bytes.len() as u64 + bytes.skipped, (end - start) as u64);
        let all: Vec<Option<u8>> = labels[start..end].iter().map(|(message, place, _)| Some(byte(*message, *place))).collect();
        if bytes.skipped == 0 {
            prop_assert_eq!(bytes.bytes, all);
        } else {
            let half = bytes.bytes.len() / 2;
            prop_assert_eq!(&bytes.bytes[..half], &all[..half]);
            prop_assert_eq!(&bytes.bytes[half..], &all[all.len() - half..]);
        }
    }

    #[test]
    fn the_queues_tile_what_was_sent_and_the_next_read_begins_what_waits(doings in doings()) {
        let (mut stream, mut messages, mut events) = (Stream::default(), Vec::new(), Vec::new());
        let mut states = Vec::new();
        for doing in &doings {
            stream.perform(doing, &mut messages, &mut events);
            states.push((events.len(), stream));
        }
        let trace = trace(events);
        let flows = Flows::of(&trace);
        let labels = labels(&messages);
        let pictures = Pictures::of(&trace, &flows);
        let mut following = pictures.at(&trace, &flows, 0);
        let mut followed = 0;
        for (until, state) in states {
            let picture = pictures.at(&trace, &flows, until);
            for event in &trace.events[followed..until] {
                following.follow(event);
            }
            followed = until;
            let (sender, receiver) = (picture.buffers(SENDER), picture.buffers(RECEIVER));
            prop_assert_eq!(&sender, &following.buffers(SENDER), "step by step is the same as at once");
            prop_assert_eq!(&receiver, &following.buffers(RECEIVER));
            // Acknowledged, in flight, unsent: end to end, all that was sent.
            same(&sender.in_flight, &flows, &labels, state.acknowledged, state.left)?;
            same(&sender.unsent, &flows, &labels, state.left, state.sent)?;
            same(&receiver.waiting, &flows, &labels, state.read, state.arrived)?;
        }
    }
}

#[test]
fn while_a_send_blocks_nobody_claims_to_know_which_bytes_are_unsent() {
    let send = |returned| What::Send {
        message: 1,
        asked: 10,
        returned,
        start: 0,
    };
    let events = [
        (SENDER, message(1, 0, 10)),
        (SENDER, send(10)),
        (SENDER, queues(4, 6, 0)),
        (SENDER, message(2, 10, 10)),
        (SENDER, What::Blocked { call: Call::Send }),
        // The kernel has taken some of the second message, and no event says how much.
        (SENDER, queues(8, 2, 0)),
    ];
    let trace = trace(events);
    let flows = Flows::of(&trace);
    let pictures = Pictures::of(&trace, &flows);
    let before = pictures.at(&trace, &flows, 3);
    assert!(matches!(
        before.buffers(SENDER).unsent,
        Held::Span { start: 6, end: 10, .. }
    ));
    let blocked = pictures.at(&trace, &flows, 6);
    assert_eq!(blocked.buffers(SENDER).unsent, Held::Count(8));
    assert_eq!(blocked.buffers(SENDER).in_flight, Held::Count(2));
}

#[test]
fn a_wrong_piece_would_be_noticed() {
    let labels = labels(&[3, 0, 5]);
    let right = pieces_of(&labels[1..6]);
    assert_eq!(right.len(), 2);
    let trace = trace([
        (SENDER, message(1, 0, 3)),
        (SENDER, message(2, 3, 0)),
        (SENDER, message(3, 3, 5)),
    ]);
    let flows = Flows::of(&trace);
    assert_eq!(flows.pieces(SENDER, 1, 6), right);
    assert_ne!(flows.pieces(SENDER, 0, 6), right);
    assert_ne!(flows.pieces(SENDER, 1, 7), right);
    assert_eq!(classify(false, 5, 0, &right), reading_of(&labels[1..6]));
    assert_ne!(classify(false, 5, 0, &right[..1]), reading_of(&labels[1..6]));
}
