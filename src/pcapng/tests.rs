use super::*;

fn written(comment: &str) -> Vec<u8> {
    let mut writer = Writer::begin(Vec::new(), "lab 0", "sticky").expect("memory takes it");
    let interface = writer.interface("client", "an end").expect("memory takes it");
    let packet = Outbound {
        interface,
        at: 0x0102_0304_0506_0708,
        bytes: &[0x45, 1, 2, 3, 4],
        comment: Some(comment),
    };
    writer.packet(&packet).expect("memory takes it");
    writer.finish().expect("memory takes it")
}

#[test]
fn a_packet_is_written_byte_for_byte_as_the_format_says() {
    let file = written("ab");
    let packet = [
        &[6, 0, 0, 0, 60, 0, 0, 0][..],
        &[0, 0, 0, 0, 4, 3, 2, 1, 8, 7, 6, 5],
        &[5, 0, 0, 0, 5, 0, 0, 0, 0x45, 1, 2, 3, 4, 0, 0, 0],
        &[1, 0, 2, 0, b'a', b'b', 0, 0],
        &[2, 0, 4, 0, 2, 0, 0, 0],
        &[0, 0, 0, 0, 60, 0, 0, 0],
    ];
    assert!(file.ends_with(&packet.concat()), "{file:02x?}");
    assert!(is_pcapng(&file));
}

#[test]
fn what_is_no_pcapng_is_not_taken_for_one() {
    let file = written("");
    for start in [
        &b""[..],
        b"{\"trace\":",
        &file[..11],
        &[0xD4, 0xC3, 0xB2, 0xA1, 2, 0, 4, 0, 0, 0, 0, 0],
    ] {
        assert!(!is_pcapng(start), "{start:02x?}");
    }
}

#[test]
fn a_comment_too_long_for_an_option_is_cut_between_two_characters() {
    let long = "线".repeat(30_000);
    assert_eq!(fitting(long.as_bytes()).len(), 65_535);
    let shifted = format!("a{long}");
    let cut = fitting(shifted.as_bytes());
    assert_eq!(cut.len(), 65_533);
    assert!(std::str::from_utf8(cut).is_ok());
}
