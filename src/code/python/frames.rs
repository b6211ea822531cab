//! Frames in Python: a length in front, and the loop that reads until it has everything.

use super::super::draft::Draft;
use super::super::endpoint::counted;
use super::super::literal::{self, Content};
use super::super::{Language, Part};
use crate::framing::{ByteOrder, Counts, HEADER};
use crate::scenario::{Reader, Writes};
use crate::words::{Lang, code as say};

/// The function that asks again; its lines are lit during `step`.
pub(super) fn recv_exactly(step: usize, draft: &mut Draft) {
    draft.code("def recv_exactly(sock, n):");
    draft.deeper(|draft| {
        draft.code("data = b\"\"");
        draft.code("while len(data) < n:");
        draft.deeper(|draft| {
            draft.call(step, Part::Recv, "chunk = sock.recv(n - len(data))");
            draft.code("if not chunk:");
            draft.deeper(|draft| draft.call(step, Part::Short, "raise EOFError(\"stream ended\")"));
            draft.code("data += chunk");
        });
        draft.code("return data");
    });
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
                    // `ljust` counts characters; what it adds has one byte each.
                    let length = length - part.len() + part.chars().count();
                    format!("{}.ljust({length}, \".\")", literal::text(Language::Python, &part))
                }
                _ => literal::text(Language::Python, &text),
            }
        });
        let texts: Vec<String> = texts.collect();
        if shortened {
            draft.comment(say::shortened(lang));
        }
        if let [text] = &texts[..] {
            draft.code(format!("text = {text}"));
            self.one(counts, lang, draft);
        } else {
            draft.list("for text in [", &texts, "]:");
            draft.deeper(|draft| self.one(counts, lang, draft));
        }
    }

    /// One frame, with its text in `text`.
    fn one(&self, counts: Counts, lang: Lang, draft: &mut Draft) {
        let counted = match counts {
            Counts::Bytes => "body",
            Counts::Characters => "text",
        };
        draft.code("body = text.encode()");
        if counts == Counts::Characters {
            draft.comment(say::counts_characters(lang));
        }
        match self.misread_as {
            Some(ByteOrder::Big) => draft.comment(say::read_big_endian(lang)),
            Some(ByteOrder::Little) => draft.comment(say::read_little_endian(lang)),
            None => {}
        }
        let format = format(self.order);
        draft.code(format!("header = struct.pack(\"{format}\", len({counted}))"));
        let step = self.step;
        match self.writes {
            Writes::One => draft.call(step, Part::Send, "sock.sendall(header + body)"),
            Writes::Two => {
                draft.call(step, Part::SendHeader, "sock.sendall(header)");
                draft.call(step, Part::SendBody, "sock.sendall(body)");
            }
            Writes::CutHeader => {
                let cut = HEADER / 2;
                draft.call(step, Part::SendHeader, format!("sock.sendall(header[:{cut}])"));
                draft.comment(say::rest_when_read(lang));
                draft.call(step, Part::SendBody, format!("sock.sendall(header[{cut}:] + body)"));
            }
            Writes::Bytes => {
                draft.code("for byte in header + body:");
                draft.deeper(|draft| {
                    draft.call(step, Part::Send, "sock.sendall(bytes([byte]))");
                    draft.comment(say::next_when_read(lang));
                });
            }
        }
    }
}

/// Reads frames and prints their bodies.
pub(super) fn read(step: usize, count: usize, order: ByteOrder, reader: Reader, lang: Lang, draft: &mut Draft) {
    let one = |draft: &mut Draft| {
        let unpack = format!("(length,) = struct.unpack(\"{}\", header)", format(order));
        match reader {
            Reader::Exact => {
                let header = format!("header = recv_exactly(sock, {HEADER})");
                draft.call(step, Part::RecvHeader, header);
                draft.code(unpack);
            }
            Reader::SingleRecv => {
                draft.comment(say::may_be_short(lang, HEADER));
                draft.call(step, Part::RecvHeader, format!("header = sock.recv({HEADER})"));
                draft.call(step, Part::Short, unpack);
            }
        }
        draft.code("if length > LIMIT:");
        draft.deeper(|draft| draft.call(step, Part::Refuse, "raise ValueError(\"over limit\")"));
        match reader {
            Reader::Exact => draft.call(step, Part::RecvBody, "body = recv_exactly(sock, length)"),
            Reader::SingleRecv => {
                draft.comment(say::body_may_be_short(lang));
                draft.call(step, Part::RecvBody, "body = sock.recv(length)");
            }
        }
        draft.call(step, Part::Deliver, "print(body)");
    };
    if count == 1 {
        one(draft);
    } else {
        draft.code(format!("for _ in range({count}):"));
        draft.deeper(one);
    }
}

fn format(order: ByteOrder) -> &'static str {
    match order {
        ByteOrder::Big => "!I",
        ByteOrder::Little => "<I",
    }
}
