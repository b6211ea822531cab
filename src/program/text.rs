//! Programs that send and read text: characters become bytes, and bytes that come in pieces become characters.

use encoding_rs::{DecoderResult, GBK, UTF_8};

use crate::endpoint::{Endpoint, EndpointError};
use crate::scenario::{Encoding, TextDecoder};
use crate::trace::{Evidence, What};

/// The bytes of a text.
#[must_use]
pub fn encode(text: &str, encoding: Encoding) -> Vec<u8> {
    table(encoding).encode(text).0.into_owned()
}

/// Reads until the stream ends, and tells after each read what it makes of the bytes.
///
/// # Errors
/// If a call fails or the run is over.
pub fn read(
    endpoint: &Endpoint<'_>,
    asked: usize,
    encoding: Encoding,
    decoder: TextDecoder,
) -> Result<(), EndpointError> {
    let mut buffer = vec![0; asked];
    let mut decoding = table(encoding).new_decoder_without_bom_handling();
    loop {
        let got = endpoint.recv(&mut buffer)?;
        let ends = got == 0;
        let (text, malformed) = decode(&mut decoding, &buffer[..got], ends || decoder == TextDecoder::EachRead);
        if !ends || malformed > 0 {
            endpoint.record(Evidence::Measured, What::Text { text, malformed });
        }
        if ends {
            return Ok(());
        }
        if decoder == TextDecoder::EachRead {
            decoding = table(encoding).new_decoder_without_bom_handling();
        }
    }
}

/// Decodes; each sequence that is none becomes U+FFFD and is counted.
fn decode(decoder: &mut encoding_rs::Decoder, bytes: &[u8], last: bool) -> (String, u64) {
    let mut text = String::new();
    let mut malformed = 0;
    let mut rest = bytes;
    loop {
        let most = decoder.max_utf8_buffer_length(rest.len()).unwrap_or(usize::MAX);
        text.reserve(most);
        let (result, taken) = decoder.decode_to_string_without_replacement(rest, &mut text, last);
        rest = &rest[taken..];
        match result {
            DecoderResult::InputEmpty => return (text, malformed),
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(..) => {
                text.push(char::REPLACEMENT_CHARACTER);
                malformed += 1;
            }
        }
    }
}

fn table(encoding: Encoding) -> &'static encoding_rs::Encoding {
    match encoding {
        Encoding::Utf8 => UTF_8,
        Encoding::Gbk => GBK,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_incremental_decoder_gives_the_same_text_however_the_bytes_are_cut() {
        for encoding in [Encoding::Utf8, Encoding::Gbk] {
            let bytes = encode("粘包 is 半包", encoding);
            for first in 0..=bytes.len() {
                for second in first..=bytes.len() {
                    let mut decoder = table(encoding).new_decoder_without_bom_handling();
                    let pieces = [&bytes[..first], &bytes[first..second], &bytes[second..]];
                    let texts = pieces.map(|piece| decode(&mut decoder, piece, false));
                    let (end, malformed) = decode(&mut decoder, b"", true);
                    assert_eq!(
                        texts.iter().map(|(text, _)| text.as_str()).collect::<String>() + &end,
                        "粘包 is 半包"
                    );
                    assert_eq!(texts.iter().map(|(_, malformed)| malformed).sum::<u64>() + malformed, 0);
                }
            }
        }
    }

    #[test]
    fn a_cut_character_is_malformed_for_whoever_decodes_each_piece_by_itself() {
        for (encoding, malformed) in [(Encoding::Utf8, [1, 2]), (Encoding::Gbk, [1, 1])] {
            let bytes = encode("粘", encoding);
            let pieces = [&bytes[..1], &bytes[1..]];
            let seen =
                pieces.map(|piece| decode(&mut table(encoding).new_decoder_without_bom_handling(), piece, true).1);
            assert_eq!(seen, malformed, "{encoding:?}");
        }
    }
}
