//! Any bytes as a stream of frames, under every codec, cut in any way: what is read must not depend on the cuts.
#![no_main]

use lab::framing::{ByteOrder, Codec, Decoded, Decoder, Fault, FileHeader, Kind};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Some((&[which, seed, limit], stream)) = bytes.split_first_chunk().map(|(front, rest)| (front, rest)) else {
        return;
    };
    let codec = codec(which, u64::from(limit) * 8);
    let whole = read(codec, stream, stream.len());
    for longest in [1, 2 + usize::from(seed % 7), 3 + usize::from(seed)] {
        assert_eq!(read(codec, stream, longest), whole, "{codec:?} in pieces of {longest}");
    }
    let _ = (codec.believe(stream), codec.size_in(stream));
    #[cfg(planted)]
    assert!(!matches!(whole.1, Err(Fault::TooManyDigits { .. })), "planted");

    // What is written is read again, as far as the codec can say how long it is.
    let frame = codec.frame(stream, i64::try_from(stream.len()).expect("short"), Some("x"));
    let (read, end) = read(codec, &frame.bytes, 1 + usize::from(seed));
    let bodies: Vec<&Vec<u8>> = read
        .iter()
        .filter_map(|one| match one {
            Decoded::Frame(body) => Some(body),
            Decoded::Header { .. } => None,
        })
        .collect();
    if let (Ok(()), [only]) = (&end, bodies.as_slice()) {
        assert!(*only == stream || matches!(codec.kind, Kind::Delimiter { escape: false } | Kind::Digit));
    }
    if let Ok(header) = FileHeader::read(stream) {
        assert_eq!(FileHeader::read(&header.write()).as_ref(), Ok(&header));
    }
});

fn codec(which: u8, limit: u64) -> Codec {
    let order = if which & 0x10 == 0 {
        ByteOrder::Big
    } else {
        ByteOrder::Little
    };
    let signed = which & 0x20 != 0;
    let other = which & 0x40 != 0;
    let kind = match which % 5 {
        0 => Kind::Digit,
        1 => Kind::Decimal {
            digits: if other { 3 } else { 20 },
            paced: signed,
        },
        2 => Kind::Length { order, signed },
        3 => Kind::Json {
            order,
            signed,
            header_limit: if other { 20 } else { 1000 },
        },
        _ => Kind::Delimiter { escape: other },
    };
    // Without a limit, too.
    let limit = if which & 0x80 == 0 { limit } else { u64::MAX };
    Codec { kind, limit }
}

/// What a reader makes of a stream that comes in pieces of at most so many bytes.
fn read(codec: Codec, stream: &[u8], longest: usize) -> (Vec<Decoded>, Result<(), Fault>) {
    let (mut decoder, mut all) = (Decoder::new(codec), Vec::new());
    for mut piece in stream.chunks(longest.max(1)) {
        while !piece.is_empty() {
            let _ = decoder.asks();
            match decoder.push(piece) {
                Err(fault) => return (all, Err(fault)),
                Ok((taken, decoded)) => {
                    assert!(
                        taken <= piece.len() && (taken > 0 || decoded.is_some()),
                        "it stands still"
                    );
                    piece = &piece[taken..];
                    all.extend(decoded);
                }
            }
        }
    }
    let end = decoder.finish();
    (all, end)
}
