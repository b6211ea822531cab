use etherparse::{IpFragOffset, IpHeaders, PacketBuilder, TcpOptionElement};
use proptest::prelude::*;

use super::*;

const FROM: [u8; 4] = [10, 0, 0, 1];
const TO: [u8; 4] = [10, 0, 0, 2];

/// A segment from port 50001 to 7001.
fn segment(sequence: u32, acknowledges: Option<u32>, fin: bool, data: &[u8]) -> Vec<u8> {
    let mut builder = PacketBuilder::ipv4(FROM, TO, 64).tcp(50001, 7001, sequence, 512).psh();
    if let Some(number) = acknowledges {
        builder = builder.ack(number);
    }
    if fin {
        builder = builder.fin();
    }
    let mut bytes = Vec::new();
    builder.write(&mut bytes, data).expect("a Vec takes it");
    bytes
}

#[test]
fn a_segment_is_read_field_by_field() {
    let packet = Packet::read(&segment(1000, Some(77), false, b"hello")).expect("a packet");
    assert_eq!((packet.size, packet.fragment), (45, None));
    let segment = packet.segment().expect("a segment");
    assert_eq!(segment.ports, (50001, 7001));
    assert_eq!((segment.sequence, segment.acknowledges), (1000, Some(77)));
    assert_eq!((segment.window, segment.payload, segment.takes_up()), (512, 5, 5));
    assert!(segment.flags.ack && segment.flags.psh && !segment.flags.syn);
}

#[test]
fn the_options_of_a_syn_and_the_blocks_of_a_selective_acknowledgement_are_read() {
    let options = [
        TcpOptionElement::MaximumSegmentSize(1460),
        TcpOptionElement::Noop,
        TcpOptionElement::WindowScale(10),
        TcpOptionElement::SelectiveAcknowledgement((5, 9), [Some((20, 30)), None, None]),
    ];
    let builder = PacketBuilder::ipv4(FROM, TO, 64).tcp(1, 2, 3, 4).syn();
    let mut bytes = Vec::new();
    let builder = builder.options(&options).expect("they fit");
    builder.write(&mut bytes, &[]).expect("a Vec takes it");
    let packet = Packet::read(&bytes).expect("a packet");
    let segment = packet.segment().expect("a segment");
    assert_eq!((segment.mss, segment.scale), (Some(1460), Some(10)));
    assert_eq!(segment.sack, [(5, 9), (20, 30)]);
    assert_eq!(segment.takes_up(), 1);
}

#[test]
fn of_a_datagram_in_fragments_the_first_says_the_ports_and_the_length_of_the_whole() {
    let mut whole = Vec::new();
    let builder = PacketBuilder::ipv4(FROM, TO, 64).udp(9, 10);
    builder.write(&mut whole, &[7; 100]).expect("a Vec takes it");
    let fragment = |offset: u16, body: &[u8], more: bool| {
        let (mut ip, _) = Ipv4Header::from_slice(&whole).expect("its header");
        ip.dont_fragment = false;
        ip.more_fragments = more;
        ip.fragment_offset = IpFragOffset::try_new(offset / 8).expect("in range");
        ip.set_payload_len(body.len()).expect("in range");
        let mut bytes = Vec::new();
        IpHeaders::Ipv4(ip, etherparse::Ipv4Extensions::default())
            .write(&mut bytes)
            .expect("a Vec takes it");
        bytes.extend_from_slice(body);
        Packet::read(&bytes).expect("a packet")
    };
    let first = fragment(0, &whole[20..68], true);
    let ports = (9, 10);
    assert_eq!(first.carries, Carried::Udp(Datagram { ports, length: 100 }));
    let place = |offset, length, more| Some(Fragment { offset, length, more });
    assert_eq!(first.fragment, place(0, 48, true));
    let rest = fragment(48, &whole[68..], false);
    assert_eq!((rest.carries, rest.fragment), (Carried::Rest, place(48, 60, false)));
}

#[test]
fn the_acknowledgement_alone_has_no_data_and_whole_checksums() {
    let alone = acknowledgement_alone(&segment(1000, Some(77), true, b"hello")).expect("it acknowledges");
    let packet = Packet::read(&alone).expect("a packet");
    let tcp = packet.segment().expect("a segment");
    assert_eq!((packet.size, tcp.payload, tcp.takes_up()), (40, 0, 0));
    assert_eq!((tcp.sequence, tcp.acknowledges), (1000, Some(77)));
    let (ip, body) = Ipv4Header::from_slice(&alone).expect("its header");
    assert_eq!(ip.header_checksum, ip.calc_header_checksum());
    let slice = TcpSlice::from_slice(body).expect("a segment");
    assert_eq!(
        slice.checksum(),
        slice.calc_checksum_ipv4(FROM, TO).expect("short enough")
    );
    // Nothing to take out of one that is nothing else, or acknowledges nothing.
    assert_eq!(acknowledgement_alone(&alone), None);
    assert_eq!(acknowledgement_alone(&segment(1, None, false, b"x")), None);
    // What stands in a later piece of a packet is no header, and behind the first one more would follow.
    for flags_and_offset in [[0, 2], [0x20, 0], [0x20, 2]] {
        let mut piece = segment(1000, Some(77), true, b"hello");
        piece[6..8].copy_from_slice(&flags_and_offset);
        assert_eq!(acknowledgement_alone(&piece), None, "{flags_and_offset:?}");
    }
}

proptest! {
    #[test]
    fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = Packet::read(&bytes);
        let _ = acknowledgement_alone(&bytes);
    }

    #[test]
    fn a_packet_that_is_cut_anywhere_is_no_packet(cut in 0_usize..45) {
        prop_assert_eq!(Packet::read(&segment(1, Some(2), false, b"hello")[..cut]), None);
    }

    #[test]
    fn a_damaged_packet_is_read_or_refused(at in 0_usize..45, with in any::<u8>()) {
        let mut bytes = segment(1, Some(2), false, b"hello");
        bytes[at] = with;
        let _ = Packet::read(&bytes);
        let _ = acknowledgement_alone(&bytes);
    }
}
