use proptest::prelude::*;

use super::*;
use crate::trace::packet::Fate;
use crate::trace::{Ending, Event, Evidence, Head, Link};

/// A segment: who sends it, where it begins, how many bytes, what it acknowledges, and the window.
#[derive(Debug, Clone, Copy)]
struct Seg(u8, u64, u64, u64, u64);

fn event(number: u32, endpoint: u8, what: What) -> Event {
    Event {
        at: u64::from(number) * 1000,
        endpoint: EndpointId(endpoint),
        evidence: Evidence::Measured,
        what,
    }
}

fn packet(number: u32, Seg(from, sequence, payload, acknowledges, window): Seg, flags: &[Flag]) -> Event {
    let packet = Packet {
        packet: number,
        size: 52 + payload,
        payload,
        start: (payload > 0).then(|| sequence - 1),
        tcp: Some(Segment {
            sequence,
            acknowledges: Some(acknowledges),
            flags: [&[Flag::Ack], flags].concat(),
            window,
            mss: None,
            sack: Vec::new(),
        }),
        datagram: None,
        fragment: None,
        fate: Fate::Passed,
    };
    event(number, from, What::Packet(Box::new(packet)))
}

fn trace(events: Vec<Event>) -> Trace {
    Trace {
        head: Head {
            lab: String::new(),
            system: String::new(),
            transport: "tcp".to_owned(),
            family: "ipv4".to_owned(),
            endpoints: vec!["sender".to_owned(), "receiver".to_owned()],
            file: String::new(),
            link: Link::Wire,
            no_wire: None,
            scenario: String::new(),
            knobs: std::collections::BTreeMap::default(),
            stepped: false,
        },
        events,
        ending: Ending::Finished,
    }
}

/// What each of these segments is.
fn kinds(segments: &[Seg]) -> Vec<Vec<PacketKind>> {
    let events = (1..)
        .zip(segments)
        .map(|(number, segment)| packet(number, *segment, &[]));
    let packets = Packets::of(&trace(events.collect()));
    packets.all().iter().map(|sighting| sighting.kinds.clone()).collect()
}

use PacketKind::{Ack, Data, DuplicateAck, Retransmission, WindowProbe, WindowUpdate, ZeroWindow};

#[test]
fn bytes_that_were_on_the_wire_before_are_a_retransmission_of_the_packet_that_carried_them() {
    let seen = kinds(&[
        Seg(0, 1, 5, 1, 100),
        Seg(0, 6, 5, 1, 100),
        Seg(1, 1, 0, 6, 100),
        Seg(0, 6, 5, 1, 100),
        Seg(0, 11, 5, 1, 100),
    ]);
    assert_eq!(seen[3], [Data, Retransmission(2)]);
    assert_eq!(seen[4], [Data]);
}

#[test]
fn the_same_ack_again_while_more_is_under_way_is_a_duplicate_and_counted() {
    let seen = kinds(&[
        Seg(0, 1, 5, 1, 100),
        Seg(1, 1, 0, 6, 100),
        // Nothing is under way: this says nothing about a loss.
        Seg(1, 1, 0, 6, 100),
        Seg(0, 6, 5, 1, 100),
        Seg(0, 11, 5, 1, 100),
        Seg(1, 1, 0, 6, 100),
        Seg(1, 1, 0, 6, 100),
        Seg(1, 1, 0, 16, 100),
    ]);
    assert_eq!(seen[2], [Ack]);
    assert_eq!(seen[5], [Ack, DuplicateAck(1)]);
    assert_eq!(seen[6], [Ack, DuplicateAck(2)]);
    assert_eq!(seen[7], [Ack]);
}

#[test]
fn a_window_closes_is_probed_and_opens() {
    let seen = kinds(&[
        Seg(0, 1, 50, 1, 100),
        Seg(1, 1, 0, 51, 0),
        Seg(0, 50, 0, 1, 100),
        Seg(1, 1, 0, 51, 0),
        Seg(1, 1, 0, 51, 40),
        Seg(0, 51, 40, 1, 100),
    ]);
    assert_eq!(seen[1], [Ack, ZeroWindow]);
    assert_eq!(seen[2], [Ack, WindowProbe]);
    assert_eq!(seen[3], [Ack, ZeroWindow]);
    assert_eq!(seen[4], [Ack, WindowUpdate]);
    assert_eq!(seen[5], [Data]);
}

#[test]
fn what_became_of_a_packet_is_found_by_its_number() {
    let first = packet(1, Seg(0, 1, 5, 1, 100), &[]);
    let events = vec![
        first,
        event(
            2,
            1,
            What::Delivered {
                packet: 1,
                how: Handing::Acknowledgement,
            },
        ),
        event(
            3,
            0,
            What::Removed {
                packet: 1,
                why: Removal::Hand,
            },
        ),
    ];
    let trace = trace(events);
    let packets = Packets::of(&trace);
    let sighting = packets.get(1).expect("it came");
    assert_eq!(sighting.arrivals, [(2000, Handing::Acknowledgement)]);
    assert!(sighting.is_lost(&trace));
    assert_eq!(packets.get(2), None);
}

proptest! {
    /// Whatever comes, in whatever order: no panic, and a first transmission is never called a second one.
    #[test]
    fn only_what_was_sent_before_is_sent_again(
        all in proptest::collection::vec((0_u8..2, 1_u64..60, 0_u64..20, 1_u64..60, 0_u64..3), 0..60)
    ) {
        let segments: Vec<Seg> = all.iter().map(|(a, b, c, d, e)| Seg(*a, *b, *c, *d, *e)).collect();
        let seen = kinds(&segments);
        let mut reached = [0, 0];
        for (Seg(from, sequence, payload, ..), kinds) in segments.iter().zip(seen) {
            let again = kinds.iter().any(|kind| matches!(kind, Retransmission(_)));
            let end = &mut reached[usize::from(*from)];
            prop_assert_eq!(again, *payload > 0 && sequence + payload <= *end);
            if *payload > 0 {
                *end = (*end).max(sequence + payload);
            }
        }
    }
}
