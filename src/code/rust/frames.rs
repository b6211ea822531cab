//! Frames in Rust: a length in front, and the loop that reads until it has everything.

use super::super::draft::Draft;
use super::super::endpoint::counted;
use super::super::literal::{self, Content};
use super::super::{Language, Part};
use crate::framing::{ByteOrder, Counts, HEADER};
use crate::scenario::{Reader, Writes};
use crate::words::{Lang, code as say};

/// What `Read::read_exact` does inside, so that the loop is seen; its lines are lit during `step`.
pub(super) fn read_exactly(step: usize, draft: &mut Draft) {
    draft.code("fn read_exactly(");
    draft.deeper(|draft| {
        draft.code("sock: &mut TcpStream,");
        draft.code("buf: &mut [u8],");
    });
    draft.code(") -> Result<(), Box<dyn Error>> {");
    draft.deeper(|draft| {
        draft.code("let mut got = 0;");
        draft.code("while got < buf.len() {");
        draft.deeper(|draft| {
            draft.call(step, Part::Recv, "match sock.read(&mut buf[got..])? {");
            draft.deeper(|draft| {
                draft.call(step, Part::Short, "0 => Err(\"stream ended\")?,");
                draft.code("n => got += n,");
            });
            draft.code("}");
        });
        draft.code("}");
        draft.code("Ok(())");
    });
    draft.code("}");
}

/// A step that sends frames.
pub(super) struct Sending<'t> {
    pub(super) step: usize,
    pub(super) frames: &'t [(u32, Vec<u8>)],
    pub(super) order: ByteOrder,
    pub(super) writes: Writes,
    pub(super) misread_as: Option<ByteOrder>,
}

impl Sending<'_> {
    /// Writes it.
    pub(super) fn write(&self, lang: Lang, draft: &mut Draft) {
        let counts = counted(self.frames);
        let mut shortened = false;
        let texts = self.frames.iter().map(|(_, body)| {
            let text = String::from_utf8_lossy(body);
            match literal::text_content(&text, counts) {
                Content::Beginning(part, length) => {
                    shortened = true;
                    let part = String::from_utf8_lossy(part);
                    // The width counts characters; what is filled in has one byte each.
                    let width = length - part.len() + part.chars().count();
                    let part = literal::text(Language::Rust, &part);
                    (format!("format!(\"{{:.<{width}}}\", {part})"), true)
                }
                _ => (literal::text(Language::Rust, &text), false),
            }
        });
        let texts: Vec<(String, bool)> = texts.collect();
        if shortened {
            draft.comment(say::shortened(lang));
        }
        if let [(text, _)] = &texts[..] {
            draft.code(format!("let text = {text};"));
            self.one(counts, lang, draft);
        } else {
            let borrowed = texts.into_iter().map(|(text, owned)| {
                let borrow = if owned { ".as_str()" } else { "" };
                format!("{text}{borrow}")
            });
            draft.list("for text in [", &borrowed.collect::<Vec<_>>(), "] {");
            draft.deeper(|draft| self.one(counts, lang, draft));
            draft.code("}");
        }
    }

    /// One frame, with its text in `text`.
    fn one(&self, counts: Counts, lang: Lang, draft: &mut Draft) {
        draft.code("let body = text.as_bytes();");
        if counts == Counts::Characters {
            draft.comment(say::counts_characters(lang));
        }
        draft.code(match counts {
            Counts::Bytes => "let len = body.len() as u32;",
            Counts::Characters => "let len = text.chars().count() as u32;",
        });
        match self.misread_as {
            Some(ByteOrder::Big) => draft.comment(say::read_big_endian(lang)),
            Some(ByteOrder::Little) => draft.comment(say::read_little_endian(lang)),
            None => {}
        }
        draft.code(match self.order {
            ByteOrder::Big => "let header = len.to_be_bytes();",
            ByteOrder::Little => "let header = len.to_le_bytes();",
        });
        let step = self.step;
        if self.writes == Writes::Two {
            draft.call(step, Part::SendHeader, "sock.write_all(&header)?;");
            draft.call(step, Part::SendBody, "sock.write_all(body)?;");
            return;
        }
        draft.code("let mut frame = header.to_vec();");
        draft.code("frame.extend_from_slice(body);");
        match self.writes {
            Writes::One | Writes::Two => draft.call(step, Part::Send, "sock.write_all(&frame)?;"),
            Writes::CutHeader => {
                let cut = HEADER / 2;
                draft.call(step, Part::SendHeader, format!("sock.write_all(&frame[..{cut}])?;"));
                draft.comment(say::rest_when_read(lang));
                draft.call(step, Part::SendBody, format!("sock.write_all(&frame[{cut}..])?;"));
            }
            Writes::Bytes => {
                draft.code("for byte in frame {");
                draft.deeper(|draft| {
                    draft.call(step, Part::Send, "sock.write_all(&[byte])?;");
                    draft.comment(say::next_when_read(lang));
                });
                draft.code("}");
            }
        }
    }
}

/// Reads frames and prints their bodies.
pub(super) fn read(step: usize, count: usize, order: ByteOrder, reader: Reader, lang: Lang, draft: &mut Draft) {
    let one = |draft: &mut Draft| {
        draft.code(format!("let mut header = [0; {HEADER}];"));
        match reader {
            Reader::Exact => {
                draft.call(step, Part::RecvHeader, "read_exactly(&mut sock, &mut header)?;");
            }
            Reader::SingleRecv => {
                draft.comment(say::may_be_short(lang, HEADER));
                draft.call(step, Part::RecvHeader, "let n = sock.read(&mut header)?;");
                draft.call(step, Part::Short, "let header = header[..n].try_into()?;");
            }
        }
        draft.code(match order {
            ByteOrder::Big => "let len = u32::from_be_bytes(header);",
            ByteOrder::Little => "let len = u32::from_le_bytes(header);",
        });
        draft.code("if len > LIMIT {");
        draft.deeper(|draft| draft.call(step, Part::Refuse, "return Err(\"over limit\".into());"));
        draft.code("}");
        draft.code("let mut body = vec![0; len as usize];");
        match reader {
            Reader::Exact => draft.call(step, Part::RecvBody, "read_exactly(&mut sock, &mut body)?;"),
            Reader::SingleRecv => {
                draft.comment(say::body_may_be_short(lang));
                draft.call(step, Part::RecvBody, "let n = sock.read(&mut body)?;");
                draft.code("body.truncate(n);");
            }
        }
        draft.call(step, Part::Deliver, "println!(\"{}\", body.escape_ascii());");
    };
    if count == 1 {
        one(draft);
    } else {
        draft.code(format!("for _ in 0..{count} {{"));
        draft.deeper(one);
        draft.code("}");
    }
}
