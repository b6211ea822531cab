use bytes::{Bytes, BytesMut};
use proptest::prelude::*;
use tokio_util::codec::{AnyDelimiterCodec, Encoder as _, LengthDelimitedCodec};

use super::*;

/// Frames, and how the stream ends.
type Read = (Vec<Vec<u8>>, Result<(), Fault>);

const LIMIT: u64 = 20;

fn codec(kind: Kind) -> Codec {
    Codec { kind, limit: LIMIT }
}

fn length(order: ByteOrder, signed: bool) -> Codec {
    codec(Kind::Length { order, signed })
}

fn json() -> Codec {
    codec(Kind::Json {
        order: ByteOrder::Big,
        signed: true,
        header_limit: 24,
    })
}

fn lines(escape: bool) -> Codec {
    codec(Kind::Delimiter { escape })
}

fn decimal(paced: bool) -> Codec {
    codec(Kind::Decimal { digits: 3, paced })
}

/// One of each, in every way it can be set.
fn codecs() -> Vec<Codec> {
    vec![
        codec(Kind::Digit),
        decimal(false),
        decimal(true),
        length(ByteOrder::Big, false),
        length(ByteOrder::Little, true),
        length(ByteOrder::Native, false),
        json(),
        lines(false),
        lines(true),
    ]
}

/// What a sender that makes no mistake sends.
fn frame(codec: Codec, body: &[u8]) -> Vec<u8> {
    let says = i64::try_from(body.len()).expect("short");
    codec.frame(body, says, None).bytes
}

/// Feeds pieces as they come, and checks on the way that never more is held than a frame may have.
fn decode<'b>(codec: Codec, pieces: impl IntoIterator<Item = &'b [u8]>) -> Read {
    let mut decoder = Decoder::new(codec);
    let mut frames = Vec::new();
    for mut piece in pieces {
        while !piece.is_empty() || decoder.asks() == Asks::AtMost(0) {
            match decoder.push(piece) {
                Err(fault) => return (frames, Err(fault)),
                Ok((taken, found)) => {
                    assert!(taken > 0 || found.is_some(), "it goes on");
                    piece = &piece[taken..];
                    if let Some(Decoded::Frame(body)) = found {
                        frames.push(body);
                    }
                }
            }
        }
    }
    (frames, decoder.finish())
}

/// Asks as a reader does: never for more than is allowed, of a stream that then ends.
fn read(codec: Codec, stream: &[u8]) -> Read {
    let mut decoder = Decoder::new(codec);
    let (mut frames, mut at, mut kept) = (Vec::new(), 0, 0);
    loop {
        // What was read and not taken is pushed before more is asked for.
        let more = match decoder.asks() {
            _ if kept > 0 => kept,
            Asks::AtMost(most) => most.min(stream.len() - at),
            Asks::Any => stream.len() - at,
        };
        if more == 0 && decoder.asks() != Asks::AtMost(0) {
            return (frames, decoder.finish());
        }
        match decoder.push(&stream[at..at + more]) {
            Err(fault) => return (frames, Err(fault)),
            Ok((taken, found)) => {
                let keeps = matches!(codec.kind, Kind::Decimal { paced: true, .. } | Kind::Delimiter { .. });
                assert!(keeps || taken == more, "nothing beyond the frame was asked for");
                (at, kept) = (at + taken, more - taken);
                if let Some(Decoded::Frame(body)) = found {
                    frames.push(body);
                }
            }
        }
    }
}

/// Every way to cut a stream reads as the whole of it.
#[track_caller]
fn every_cut(stream: &[u8], read: impl Fn(&[&[u8]]) -> Read) -> Read {
    assert!(stream.len() <= 13, "there are too many ways to cut {stream:?}");
    let whole = read(&[stream]);
    for cuts in 0..1_u32 << stream.len().saturating_sub(1) {
        let ends = (1..stream.len()).filter(|at| cuts & (1 << (at - 1)) != 0);
        let ends: Vec<usize> = ends.chain([stream.len()]).collect();
        let starts = std::iter::once(0).chain(ends.iter().copied());
        let pieces: Vec<&[u8]> = starts.zip(&ends).map(|(start, end)| &stream[start..*end]).collect();
        assert_eq!(read(&pieces), whole, "{stream:?}, cut at {ends:?}");
    }
    whole
}

#[track_caller]
fn the_same_however_it_is_cut(codec: Codec, stream: &[u8]) -> Read {
    let whole = every_cut(stream, |pieces| decode(codec, pieces.iter().copied()));
    assert_eq!(read(codec, stream), whole, "as a reader asks: {codec:?}");
    whole
}

#[test]
#[should_panic(expected = "cut at [1, ")]
fn a_decoder_that_forgets_would_be_noticed() {
    let each_piece_anew = |pieces: &[&[u8]]| {
        let last = pieces.last().expect("a piece");
        decode(lines(false), [*last])
    };
    assert_eq!(every_cut(b"hi\n", each_piece_anew).1, Ok(()));
}

fn bodies(texts: &[&str]) -> Vec<Vec<u8>> {
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}

#[test]
fn whole_frames_come_out_of_every_cut() {
    for codec in codecs() {
        let mut stream = Vec::new();
        let mut sent = Vec::new();
        for body in ["hi", "", "a"] {
            let frame = frame(codec, body.as_bytes());
            // A JSON header is long: one frame of those is enough.
            if stream.len() + frame.len() <= 13 {
                stream.extend(frame);
                sent.push(body);
            }
        }
        if sent.is_empty() {
            continue;
        }
        assert_eq!(the_same_however_it_is_cut(codec, &stream), (bodies(&sent), Ok(())));
    }
}

#[test]
fn a_stream_that_ends_anywhere_ends_the_same_way_in_every_cut() {
    for codec in codecs() {
        let stream = frame(codec, b"ham");
        for end in 0..stream.len().min(13) {
            let (frames, ending) = the_same_however_it_is_cut(codec, &stream[..end]);
            assert_eq!((frames, ending.is_ok()), (vec![], end == 0), "{codec:?} {end}");
        }
    }
}

#[test]
fn every_mistake_of_a_peer_has_its_name_in_every_cut() {
    let over = |length| Fault::OverLimit { length, limit: LIMIT };
    let header = |length| Fault::OverLimit { length, limit: 24 };
    let found = |found| Fault::NotANumber { found };
    let big = length(ByteOrder::Big, false);
    let signed = length(ByteOrder::Big, true);
    let little = length(ByteOrder::Little, false);
    let most = Fault::TooManyDigits { most: 3 };
    let cases: Vec<(Codec, &[u8], &[&str], Fault)> = vec![
        (big, b"\xff\xff\xff\xff", &[], over(4_294_967_295)),
        (signed, b"\xff\xff\xff\xff", &[], Fault::Negative { length: -1 }),
        (signed, b"\x7f\xff\xff\xff", &[], over(2_147_483_647)),
        (
            signed,
            b"\x80\x00\x00\x00",
            &[],
            Fault::Negative { length: -2_147_483_648 },
        ),
        (big, b"GET / HTTP/1.", &[], over(1_195_725_856)),
        (little, b"GET / HTTP/1.", &[], over(542_393_671)),
        (big, b"\0\0\0\x01a\0\0\0\x15", &["a"], over(21)),
        (codec(Kind::Digit), b"10helloworld", &["0"], found(b'h')),
        (codec(Kind::Digit), b"\xff", &[], found(0xff)),
        (decimal(false), b"13893\n", &[], most),
        (decimal(true), b"9999999999999", &[], most),
        (decimal(false), b"-1\n", &[], found(b'-')),
        (decimal(true), b"1a\n", &[], found(b'a')),
        (decimal(false), b"\n", &[], found(b'\n')),
        (decimal(true), b"1\nx\n", &["x"], found(b'\n')),
        (decimal(false), b"21\n", &[], over(21)),
        (decimal(false), b"999\n", &[], over(999)),
        (json(), b"\xff\xff\xff\xff", &[], Fault::Negative { length: -1 }),
        (json(), b"GET / HTTP/1.", &[], header(1_195_725_856)),
        (json(), b"\0\0\0\0", &[], Fault::BadJson),
        (json(), b"\0\0\0\x04null", &[], Fault::BadJson),
        (json(), b"\0\0\0\x06[\"\",1]", &[], Fault::BadJson),
        (json(), b"\0\0\0\x03{\"s", &[], Fault::BadJson),
        (json(), b"\0\0\0\x02{}", &[], Fault::MissingField),
        (lines(false), b"a\n123456789012", &["a"], Fault::ShortLine { got: 11 }),
        (lines(true), b"a\\n\nb\\c\n", &["a\n"], Fault::BadEscape),
        (lines(true), b"\\\n", &[], Fault::BadEscape),
        (
            Codec {
                limit: 4,
                ..lines(false)
            },
            b"egg\nhello\n",
            &["egg"],
            Fault::LineTooLong { limit: 4 },
        ),
        (
            Codec {
                limit: 4,
                ..lines(false)
            },
            b"hello",
            &[],
            Fault::LineTooLong { limit: 4 },
        ),
    ];
    for (codec, stream, delivered, fault) in cases {
        let stream = &stream[..stream.len().min(13)];
        let seen = the_same_however_it_is_cut(codec, stream);
        assert_eq!(
            seen,
            (bodies(delivered), Err(fault)),
            "{codec:?} {}",
            stream.escape_ascii()
        );
        assert!(FaultName::ALL.iter().any(|(_, name)| *name == fault.name()));
    }
}

#[test]
fn a_size_in_json_is_a_number_of_bytes_or_has_a_name() {
    let over = |length| Err(Fault::OverLimit { length, limit: LIMIT });
    let cases = [
        (r#"{"size":20}"#, Ok(20)),
        (r#" {"name":"a.txt","size":0,"more":[{}]} "#, Ok(0)),
        (r#"{"size":21}"#, over(21)),
        (r#"{"size":1000000000000}"#, over(1_000_000_000_000)),
        (r#"{"size":18446744073709551615}"#, over(u64::MAX)),
        (r#"{"size":-1}"#, Err(Fault::Negative { length: -1 })),
        (r#"{"size":18446744073709551616}"#, Err(Fault::BadSize)),
        (r#"{"size":1.5}"#, Err(Fault::BadSize)),
        (r#"{"size":"5"}"#, Err(Fault::BadSize)),
        (r#"{"size":null}"#, Err(Fault::BadSize)),
        (r#"{"name":"a"}"#, Err(Fault::MissingField)),
        // Two readers could choose differently.
        (r#"{"size":1,"size":2}"#, Err(Fault::BadJson)),
        (r#"{"size":1}{"#, Err(Fault::BadJson)),
        ("", Err(Fault::BadJson)),
    ];
    for (header, size) in cases {
        assert_eq!(json().size_in(header.as_bytes()), size, "{header}");
    }
    let deep = format!("{{\"size\":1,\"a\":{}", "[".repeat(100_000));
    assert_eq!(json().size_in(deep.as_bytes()), Err(Fault::BadJson));
}

#[test]
fn nothing_is_allocated_for_what_is_refused() {
    for (codec, stream) in [
        (length(ByteOrder::Big, false), &b"GET / HTTP/1.1"[..]),
        (json(), b"\x7f\xff\xff\xff"),
        (decimal(true), &[b'9'; 5000]),
        (lines(false), &[b'a'; 5000]),
    ] {
        let mut decoder = Decoder::new(codec);
        assert!(decoder.push(stream).is_err());
        assert!(
            decoder.got.capacity() <= 64,
            "{codec:?} holds {}",
            decoder.got.capacity()
        );
        // Byte by byte it holds what it may, and no more.
        let mut decoder = Decoder::new(codec);
        let refused = stream.iter().position(|byte| decoder.push(&[*byte]).is_err());
        assert!(
            refused.is_some() && decoder.got.capacity() <= 64,
            "{codec:?} holds {}",
            decoder.got.capacity()
        );
    }
}

#[test]
fn what_a_sender_says_is_written_even_if_it_is_wrong() {
    let says = |codec: Codec, says| codec.frame(b"hi", says, None).bytes;
    assert_eq!(says(length(ByteOrder::Big, true), -1), b"\xff\xff\xff\xffhi");
    assert_eq!(says(length(ByteOrder::Little, true), 2), b"\x02\0\0\0hi");
    assert_eq!(says(length(ByteOrder::Big, true), 1 << 40), b"\xff\xff\xff\xffhi");
    assert_eq!(says(codec(Kind::Digit), 10), b"10hi");
    assert_eq!(says(decimal(true), -1), b"-1\nhi");
    let frame = json().frame(b"hi", 1_000_000_000_000, Some("a.txt"));
    assert_eq!(
        frame.bytes,
        b"\0\0\0\x28{\"name\": \"a.txt\", \"size\": 1000000000000}hi"
    );
    assert_eq!((frame.header, frame.json, frame.delimiter), (4, 40, 0));
    assert_eq!(lines(true).frame(b"a\n\\", 0, None).bytes, b"a\\n\\\\\n");
    assert_eq!(lines(false).frame(b"a\n\\", 0, None).bytes, b"a\n\\\n");
}

#[test]
fn who_believes_one_recv_takes_what_it_returned_for_a_header() {
    let big = length(ByteOrder::Big, false);
    assert_eq!(big.believe(b"\0\0"), Err(Fault::ShortHeader { got: 2, of: 4 }));
    assert_eq!(big.believe(b""), Err(Fault::EndOfStream));
    // As `int()` does: half of the digits are a number too.
    assert_eq!(decimal(true).believe(b"13"), Ok(13));
    assert_eq!(
        decimal(true).believe(b"893\n"),
        Err(Fault::OverLimit {
            length: 893,
            limit: LIMIT
        })
    );
    assert_eq!(
        decimal(true).believe(b"46\n12"),
        Err(Fault::NotANumber { found: b'\n' })
    );
    assert_eq!(codec(Kind::Digit).believe(b""), Err(Fault::EndOfStream));
}

#[test]
fn characters_are_not_bytes() {
    assert_eq!((Counts::Bytes.of("粘包"), Counts::Characters.of("粘包")), (6, 2));
    assert_eq!((Counts::Bytes.of("hello"), Counts::Characters.of("hello")), (5, 5));
}

#[test]
fn a_machine_reads_its_own_order() {
    let native = if cfg!(target_endian = "big") {
        ByteOrder::Big
    } else {
        ByteOrder::Little
    };
    assert_eq!(ByteOrder::Native.bytes(5), native.bytes(5));
}

/// All frames an oracle finds, and whether it refused one.
fn asked(oracle: &mut impl tokio_util::codec::Decoder<Item: AsRef<[u8]>>, stream: &[u8]) -> (Vec<Vec<u8>>, bool) {
    let mut buffer = BytesMut::from(stream);
    let mut frames = Vec::new();
    loop {
        match oracle.decode(&mut buffer) {
            Ok(Some(frame)) => frames.push(frame.as_ref().to_vec()),
            Ok(None) => return (frames, false),
            Err(_) => return (frames, true),
        }
    }
}

/// The same of a codec here. A stream that ends inside a frame is one that may go on.
fn found((frames, ending): Read) -> (Vec<Vec<u8>>, bool) {
    let refused = |fault| matches!(fault, Fault::OverLimit { .. } | Fault::LineTooLong { .. });
    (frames, ending.is_err_and(refused))
}

fn with_length(order: ByteOrder) -> LengthDelimitedCodec {
    let mut builder = LengthDelimitedCodec::builder();
    builder.length_field_length(HEADER).max_frame_length(20);
    match order {
        ByteOrder::Big => builder.big_endian(),
        ByteOrder::Little => builder.little_endian(),
        ByteOrder::Native => builder.native_endian(),
    };
    builder.new_codec()
}

/// Cuts a stream into pieces of these sizes; the last one takes the rest.
fn cut<'b>(mut stream: &'b [u8], sizes: &[usize]) -> Vec<&'b [u8]> {
    let mut pieces = Vec::new();
    for size in sizes {
        let (piece, rest) = stream.split_at((*size).min(stream.len()));
        pieces.push(piece);
        stream = rest;
    }
    pieces.push(stream);
    pieces
}

fn any_codec() -> impl Strategy<Value = Codec> {
    prop::sample::select(codecs()).prop_map(|codec| Codec { limit: 300, ..codec })
}

fn order() -> impl Strategy<Value = ByteOrder> {
    prop::sample::select(vec![ByteOrder::Big, ByteOrder::Little, ByteOrder::Native])
}

/// Noise, and noise in which frames of every kind are found.
fn noise() -> impl Strategy<Value = Vec<u8>> {
    let likely = prop::sample::select(b"\0\0\0\0\0\x01\x02\x04\n\n0123\\n{}\"size:".to_vec());
    prop_oneof![
        prop::collection::vec(likely, 0..200),
        prop::collection::vec(any::<u8>(), 0..200),
    ]
}

fn sizes() -> impl Strategy<Value = Vec<usize>> {
    prop::collection::vec(1_usize..12, 0..80)
}

proptest! {
    #[test]
    fn frames_come_out_whole_however_a_long_stream_is_cut(
        codec in any_codec(),
        sent in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..60), 0..6),
        sizes in sizes(),
    ) {
        let fits = |body: &Vec<u8>| match codec.kind {
            Kind::Digit => body.len() < 10,
            Kind::Delimiter { escape: false } => !body.contains(&b'\n'),
            _ => true,
        };
        let sent: Vec<Vec<u8>> = sent.into_iter().filter(fits).collect();
        let stream: Vec<u8> = sent.iter().flat_map(|body| frame(codec, body)).collect();
        prop_assert_eq!(decode(codec, cut(&stream, &sizes)), (sent, Ok(())));
    }

    #[test]
    fn noise_reads_the_same_however_it_is_cut(codec in any_codec(), stream in noise(), sizes in sizes()) {
        let whole = decode(codec, [&stream[..]]);
        prop_assert_eq!(decode(codec, cut(&stream, &sizes)), whole.clone());
        prop_assert_eq!(read(codec, &stream), whole);
    }

    #[test]
    fn a_length_is_written_as_the_oracle_writes_it(order in order(), body in prop::collection::vec(any::<u8>(), 0..20)) {
        let mut wire = BytesMut::new();
        with_length(order).encode(Bytes::from(body.clone()), &mut wire).expect("under the limit");
        prop_assert_eq!(frame(length(order, false), &body), wire.to_vec());
    }

    #[test]
    fn lengths_read_as_the_oracle_reads_them(order in order(), stream in noise(), sizes in sizes()) {
        let seen = found(decode(length(order, false), cut(&stream, &sizes)));
        prop_assert_eq!(seen, asked(&mut with_length(order), &stream));
    }

    #[test]
    fn lines_read_as_the_oracle_reads_them(stream in noise(), sizes in sizes()) {
        let limit = usize::try_from(LIMIT).expect("small");
        let mut oracle = AnyDelimiterCodec::new_with_max_length(b"\n".to_vec(), b"\n".to_vec(), limit);
        let seen = found(decode(lines(false), cut(&stream, &sizes)));
        prop_assert_eq!(seen, asked(&mut oracle, &stream));
    }
}
