use proptest::prelude::*;

use super::*;
use crate::trace::packet::{Fate, Segment};
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

/// Packets with these fates, each delivered at once unless it is lost or held.
fn sent(segments: &[(Seg, Fate)]) -> Vec<Event> {
    let both = (1..).zip(segments).map(|(number, (segment, fate))| {
        let mut came = packet(number, *segment, &[]);
        let What::Packet(packet) = &mut came.what else {
            unreachable!()
        };
        packet.fate = *fate;
        let arrives = !fate.is_lost() && *fate != Fate::Held;
        [Some(came), arrives.then(|| goes(number, segment.0, number))]
    });
    both.flatten().flatten().collect()
}

/// A packet of this endpoint arrives, right behind the packet of that number.
fn goes(packet: u32, from: u8, behind: u32) -> Event {
    let how = Handing::Whole;
    event(behind, from ^ 1, What::Delivered { packet, how })
}

fn kinds_of(events: Vec<Event>) -> Vec<Vec<PacketKind>> {
    let packets = Packets::of(&trace(events));
    packets.all().iter().map(|sighting| sighting.kinds.clone()).collect()
}

/// What each of these segments is, if all of them arrive.
fn kinds(segments: &[Seg]) -> Vec<Vec<PacketKind>> {
    let all: Vec<_> = segments.iter().map(|segment| (*segment, Fate::Passed)).collect();
    kinds_of(sent(&all))
}

use PacketKind::{Ack, Data, DuplicateAck, Retransmission, WindowFull, WindowProbe, WindowUpdate, ZeroWindow};

const OPENS: PacketKind = WindowUpdate { opens: true };

#[test]
fn bytes_that_were_on_the_wire_before_are_a_retransmission_of_the_packet_that_carried_them() {
    let seen = kinds(&[
        Seg(0, 1, 5, 1, 100),
        Seg(0, 6, 5, 1, 100),
        Seg(1, 1, 0, 6, 100),
        Seg(0, 6, 5, 1, 100),
        Seg(0, 11, 5, 1, 100),
    ]);
    assert_eq!(seen[3], [Data, Retransmission]);
    assert_eq!(seen[4], [Data]);
}

#[test]
fn a_retransmission_names_every_packet_of_which_it_repeats_something() {
    let all = [
        Seg(0, 1, 5, 1, 100),
        Seg(0, 6, 5, 1, 100),
        Seg(0, 11, 5, 1, 100),
        Seg(0, 3, 10, 1, 100),
    ];
    let events = (1..).zip(all).map(|(number, segment)| packet(number, segment, &[]));
    let packets = Packets::of(&trace(events.chain([packet(5, Seg(0, 12, 8, 1, 100), &[])]).collect()));
    let repeats = |number: u32| packets.get(number).expect("it came").repeats.clone();
    assert_eq!(repeats(4), [1, 2, 3]);
    // The end of it is new, and still it carries something again.
    assert_eq!(repeats(5), [3]);
    assert!(repeats(3).is_empty());
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
    assert_eq!(seen[4], [Ack, OPENS]);
    assert_eq!(seen[5], [Data, WindowFull]);
}

#[test]
fn what_repeats_many_packets_stands_for_them_from_then_on() {
    let ones = (1..=40).map(|number| packet(number, Seg(0, u64::from(number), 1, 1, 100), &[]));
    let whole = [41, 42].map(|number| packet(number, Seg(0, 2, 38, 1, 100), &[]));
    let all = packet(43, Seg(0, 1, 50, 1, 100), &[]);
    let packets = Packets::of(&trace(ones.chain(whole).chain([all]).collect()));
    let repeats = |number: u32| packets.get(number).expect("it came").repeats.clone();
    assert_eq!(repeats(41), (2..=39).collect::<Vec<u32>>());
    assert_eq!(repeats(42), [41]);
    assert_eq!(repeats(43), [1, 41, 40]);
}

#[test]
fn a_lost_window_update_was_never_heard() {
    let (passed, lost) = (Fate::Passed, Fate::LostByRule);
    let seen = kinds_of(sent(&[
        (Seg(0, 1, 50, 1, 100), passed),
        (Seg(1, 1, 0, 51, 0), passed),
        (Seg(1, 1, 0, 51, 40), lost),
        // It knows of no room, so it asks.
        (Seg(0, 50, 0, 1, 100), passed),
        (Seg(1, 1, 0, 51, 40), passed),
        (Seg(1, 1, 0, 51, 80), passed),
        (Seg(0, 50, 0, 1, 100), passed),
    ]));
    assert_eq!(seen[2], [Ack, OPENS]);
    assert_eq!(seen[3], [Ack, WindowProbe]);
    assert_eq!(seen[4], [Ack, OPENS], "this is the one that opens the window");
    assert_eq!(seen[5], [Ack, WindowUpdate { opens: false }]);
    assert_eq!(seen[6], [Ack], "there is room");
}

#[test]
fn what_is_held_is_not_heard_before_it_is_let_go() {
    let closed = [
        (Seg(0, 1, 50, 1, 100), Fate::Passed),
        (Seg(1, 1, 0, 51, 0), Fate::Held),
        (Seg(0, 50, 0, 1, 100), Fate::Passed),
    ];
    let mut events = sent(&closed);
    assert_eq!(
        kinds_of(events.clone())[2],
        [Ack],
        "it has not heard of the zero window"
    );
    events.push(goes(2, 1, 3));
    events.extend([
        packet(4, Seg(0, 50, 0, 1, 100), &[]),
        packet(5, Seg(1, 1, 0, 51, 9), &[]),
    ]);
    let seen = kinds_of(events);
    assert_eq!(seen[3], [Ack, WindowProbe]);
    assert_eq!(seen[4], [Ack, OPENS]);
}

#[test]
fn a_duplicate_that_was_lost_is_not_counted_by_the_next_one() {
    let (passed, lost) = (Fate::Passed, Fate::LostByChance);
    let seen = kinds_of(sent(&[
        (Seg(0, 1, 5, 1, 100), passed),
        (Seg(1, 1, 0, 6, 100), passed),
        (Seg(0, 6, 5, 1, 100), lost),
        (Seg(1, 1, 0, 6, 100), lost),
        (Seg(1, 1, 0, 6, 100), passed),
        (Seg(1, 1, 0, 6, 100), passed),
    ]));
    let numbers: Vec<_> = seen[3..].iter().map(|kinds| kinds[1]).collect();
    assert_eq!(numbers, [DuplicateAck(1), DuplicateAck(1), DuplicateAck(2)]);
    // And an ACK of which the first copy was lost is none.
    let seen = kinds_of(sent(&[
        (Seg(0, 1, 5, 1, 100), passed),
        (Seg(0, 6, 5, 1, 100), passed),
        (Seg(1, 1, 0, 6, 100), lost),
        (Seg(1, 1, 0, 6, 100), passed),
    ]));
    assert_eq!(seen[3], [Ack]);
}

/// An ACK of 14 with these blocks, behind another one of 14, while 30 bytes are under way.
fn with_blocks(sack: &[[u64; 2]]) -> Vec<PacketKind> {
    let all = [Seg(0, 1, 43, 1, 100), Seg(1, 1, 0, 14, 100), Seg(1, 1, 0, 14, 100)];
    let mut events = sent(&all.map(|segment| (segment, Fate::Passed)));
    let last = events.iter_mut().rev().find_map(|event| match &mut event.what {
        What::Packet(packet) => packet.tcp.as_mut(),
        _ => None,
    });
    last.expect("a segment").sack = sack.to_vec();
    kinds_of(events).pop().expect("the last one")
}

#[test]
fn a_block_of_what_is_acknowledged_tells_of_bytes_that_came_twice() {
    use PacketKind::{CameTwice, Selective};
    assert_eq!(with_blocks(&[[20, 30]]), [Selective, Ack, DuplicateAck(1)]);
    assert_eq!(with_blocks(&[[1, 9]]), [CameTwice, Ack]);
    assert_eq!(
        with_blocks(&[[1, 9], [20, 30]]),
        [CameTwice, Selective, Ack, DuplicateAck(1)]
    );
    // Above the hole it stands in the second one (RFC 2883, section 4).
    assert_eq!(with_blocks(&[[22, 25], [20, 30]])[0], CameTwice);
    assert_eq!(with_blocks(&[[20, 30], [22, 25]])[0], Selective);
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
    /// Whatever comes, in whatever order: no panic, and it is a second transmission just where a byte was sent before.
    #[test]
    fn only_what_was_sent_before_is_sent_again(
        all in proptest::collection::vec((0_u8..2, 1_u64..60, 0_u64..20, 1_u64..60, 0_u64..3), 0..60)
    ) {
        let segments: Vec<Seg> = all.iter().map(|(a, b, c, d, e)| Seg(*a, *b, *c, *d, *e)).collect();
        let seen = kinds(&segments);
        let mut sent: [std::collections::BTreeSet<u64>; 2] = Default::default();
        for (Seg(from, sequence, payload, ..), kinds) in segments.iter().zip(seen) {
            let again = kinds.contains(&Retransmission);
            let sent = &mut sent[usize::from(*from)];
            let bytes = *sequence..*sequence + *payload;
            prop_assert_eq!(again, bytes.clone().any(|byte| sent.contains(&byte)));
            sent.extend(bytes);
        }
    }
}
