//! Texts in Rust: std encodes and decodes UTF-8 only.

use super::super::draft::Draft;
use super::super::endpoint::Endpoint;
use super::super::{Language, Part, literal};
use super::print;
use crate::scenario::{Encoding, TextDecoder};
use crate::words::{Lang, code as say};

/// Sends a text.
pub(super) fn send(
    endpoint: &Endpoint<'_>,
    step: usize,
    text: &str,
    encoding: Encoding,
    lang: Lang,
    draft: &mut Draft,
) {
    let call = if endpoint.is_stream() { "write_all" } else { "send" };
    let quoted = literal::text(Language::Rust, text);
    match encoding {
        Encoding::Utf8 => draft.call(step, Part::Send, format!("sock.{call}({quoted}.as_bytes())?;")),
        Encoding::Gbk => {
            draft.comment(say::encoded_text(lang, &quoted, "GBK"));
            draft.code(format!(
                "let text = b\"{}\";",
                encoding_rs::GBK.encode(text).0.escape_ascii()
            ));
            draft.call(step, Part::Send, format!("sock.{call}(text)?;"));
        }
    }
}

/// Reads texts until the stream ends.
pub(super) fn read(step: usize, encoding: Encoding, decoder: TextDecoder, lang: Lang, draft: &mut Draft) {
    let is_incremental = encoding == Encoding::Utf8 && decoder == TextDecoder::Incremental;
    if is_incremental {
        draft.code("let mut rest = Vec::new();");
    }
    draft.code("loop {");
    draft.deeper(|draft| {
        draft.call(step, Part::Recv, "let n = sock.read(&mut buf)?;");
        super::stop_at_the_end(draft);
        match (encoding, decoder) {
            (Encoding::Gbk, _) => {
                draft.comment(say::encoding_not_in_std(lang));
                print(draft);
            }
            (Encoding::Utf8, TextDecoder::EachRead) => {
                draft.comment(say::each_read_alone(lang));
                draft.code("let data = &buf[..n];");
                draft.code("let s = String::from_utf8_lossy(data);");
                draft.code("println!(\"{s}\");");
            }
            (Encoding::Utf8, TextDecoder::Incremental) => {
                draft.code("rest.extend_from_slice(&buf[..n]);");
                draft.code("let ok = match str::from_utf8(&rest) {");
                draft.deeper(|draft| {
                    draft.code("Ok(text) => text.len(),");
                    draft.code("Err(error) => error.valid_up_to(),");
                });
                draft.code("};");
                draft.code("let d: Vec<u8> =");
                draft.deeper(|draft| draft.code("rest.drain(..ok).collect();"));
                draft.code("let s = String::from_utf8_lossy(&d);");
                draft.code("println!(\"{s}\");");
            }
        }
    });
    draft.code("}");
}
