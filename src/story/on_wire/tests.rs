use super::*;
use crate::trace::packet::{Packet, Removal};
use crate::trace::{Ending, EndpointId, Event, Evidence, Head, Link};

fn trace(events: Vec<(u8, What)>) -> Trace {
    let events = events.into_iter().zip(0..).map(|((endpoint, what), at)| Event {
        at,
        endpoint: EndpointId(endpoint),
        evidence: Evidence::Measured,
        what,
    });
    Trace {
        head: Head {
            no_wire: None,
            lab: String::new(),
            system: String::new(),
            transport: "tcp".to_owned(),
            family: "ipv4".to_owned(),
            endpoints: ["a", "b"].map(str::to_owned).to_vec(),
            file: String::new(),
            link: Link::Wire,
            scenario: String::new(),
            knobs: std::collections::BTreeMap::default(),
            stepped: false,
        },
        events: events.collect(),
        ending: Ending::Finished,
    }
}

fn comes(number: u32, fate: Fate) -> What {
    What::Packet(Box::new(Packet {
        packet: number,
        size: 40,
        payload: 0,
        start: None,
        tcp: None,
        datagram: None,
        fragment: None,
        fate,
    }))
}

fn goes(packet: u32, how: Handing) -> What {
    What::Delivered { packet, how }
}

fn act(act: WireAct) -> What {
    What::Wire { act, by_hand: true }
}

/// The numbers on the wire, to the right and to the left, `!` behind those that are held.
fn shown(on_wire: &OnWire, events: usize) -> [String; 2] {
    on_wire.at(events).map(|direction| {
        let name = |aboard: &Aboard| format!("{}{}", aboard.packet, if aboard.held { "!" } else { "" });
        direction.packets.iter().map(name).collect::<Vec<_>>().join(" ")
    })
}

#[test]
fn packets_are_on_the_wire_until_they_have_arrived_or_are_removed() {
    let (why, packets) = (Removal::Hand, 1);
    let on_wire = OnWire::of(&trace(vec![
        (0, comes(1, Fate::Passed)),
        (1, goes(1, Handing::Whole)),
        (0, act(WireAct::Hold)),
        (0, comes(2, Fate::Held)),
        (0, comes(3, Fate::Held)),
        (0, comes(4, Fate::Held)),
        (1, comes(5, Fate::Duplicated)),
        (0, act(WireAct::Swap)),
        (0, act(WireAct::Duplicate)),
        (1, goes(3, Handing::Again)),
        (1, goes(2, Handing::Acknowledgement)),
        (0, goes(5, Handing::Whole)),
        (0, act(WireAct::Release { packets })),
        (1, goes(3, Handing::Whole)),
        (0, goes(5, Handing::Again)),
        (0, act(WireAct::Drop)),
        (0, What::Removed { packet: 2, why }),
        (0, act(WireAct::Open { packets })),
        (1, goes(4, Handing::Whole)),
    ]));
    let expected = [
        (2, ["", ""]),
        (6, ["2! 3! 4!", ""]),
        (7, ["2! 3! 4!", "5"]),
        (8, ["3! 2! 4!", "5"]),
        (10, ["3! 2! 4!", "5"]),
        (11, ["3! 2! 4!", "5"]),
        (12, ["3! 2! 4!", "5"]),
        (14, ["2! 4!", "5"]),
        (15, ["2! 4!", ""]),
        (17, ["4!", ""]),
        (19, ["", ""]),
    ];
    for (events, wanted) in expected {
        assert_eq!(shown(&on_wire, events), wanted, "after {events}");
    }
    assert!(on_wire.at(3)[0].holds && !on_wire.at(2)[0].holds);
    assert!(on_wire.at(17)[0].holds && !on_wire.at(18)[0].holds);
    assert!(!on_wire.at(10)[1].holds, "the other direction is not meant");
}

#[test]
fn what_is_on_the_wire_is_the_same_however_it_is_found() {
    let events: Vec<(u8, What)> = (1..2000)
        .flat_map(|number| {
            let left = number % 3 != 0;
            let comes = (0, comes(number, Fate::Delayed));
            [comes]
                .into_iter()
                .chain(left.then_some((1, goes(number, Handing::Whole))))
        })
        .collect();
    let on_wire = OnWire::of(&trace(events.clone()));
    let mut now = Vec::new();
    for (index, (_, what)) in events.iter().enumerate() {
        match what {
            What::Packet(packet) => now.push(packet.packet),
            What::Delivered { packet, .. } => now.retain(|number| number != packet),
            _ => unreachable!("no other is made above"),
        }
        if index % 97 == 0 {
            let found: Vec<u32> = on_wire.at(index + 1)[0].packets.iter().map(|one| one.packet).collect();
            assert_eq!(found, now, "after {index}");
        }
    }
    assert!(now.len() > 600);
}
