//! Any bytes that come onto the wire.
#![no_main]

use lab::packet::{Carried, Packet, acknowledgement_alone};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let packet = Packet::read(bytes);
    if let Some(packet) = &packet {
        assert!(packet.size <= bytes.len(), "a packet longer than its bytes");
        let _ = (packet.carries_data(), packet.ports());
        if let Carried::Tcp(segment) = &packet.carries {
            let _ = segment.takes_up();
            assert!(segment.payload <= packet.size && segment.sack.len() <= 4);
            #[cfg(planted)]
            assert!(segment.sack.len() < 2 || segment.window != 0, "planted");
        }
    }
    if let Some(alone) = acknowledgement_alone(bytes) {
        let alone = Packet::read(&alone).expect("what the lab makes it can read");
        let segment = alone.segment().expect("an acknowledgement is a segment");
        assert!(!alone.carries_data() && !segment.flags.fin && segment.acknowledges.is_some());
    }
});
