//! Frames in Python, as they are sent: what marks the end, and the body.

use super::super::draft::Draft;
use super::super::endpoint::counted;
use super::super::literal::{self, Content};
use super::super::{Language, Part};
use super::format;
use crate::framing::{ByteOrder, Counts, Kind};
use crate::scenario::Writes;
use crate::scenario::framing::SenderFault;
use crate::scenario::plan::{OutFrame, READY, SendFrames};
use crate::words::{Lang, code as say};

/// A step that sends frames.
pub(super) struct Sending<'t> {
    pub(super) step: usize,
    pub(super) task: &'t SendFrames,
    pub(super) misread_as: Option<ByteOrder>,
}

impl Sending<'_> {
    /// Writes it.
    pub(super) fn write(&self, lang: Lang, draft: &mut Draft) {
        let counts = counted(self.task);
        let frames = &self.task.frames;
        let is_letters = |frame: &OutFrame| matches!(literal::content(&frame.body), Content::Letters(_));
        // Long letters are bytes already; a text has to become bytes.
        let as_bytes = counts == Counts::Bytes && frames.iter().any(is_letters);
        let mut shortened = false;
        let items: Vec<String> = frames
            .iter()
            .map(|frame| {
                let body = if as_bytes {
                    bytes(&frame.body)
                } else {
                    text(&frame.body, counts, &mut shortened)
                };
                match (&frame.name, frames.len()) {
                    (Some(name), 2..) => format!("({}, {body})", literal::text(Language::Python, name)),
                    _ => body,
                }
            })
            .collect();
        if shortened {
            draft.comment(say::shortened(lang));
        }
        let variable = if as_bytes { "body" } else { "text" };
        let is_plain = frames.iter().all(|frame| frame.fault.is_none());
        match frames.as_slice() {
            [_, _, ..] if is_plain => {
                let names = if frames[0].name.is_some() { "name, " } else { "" };
                draft.list(&format!("for {names}{variable} in ["), &items, "]:");
                draft.deeper(|draft| self.one(&frames[0], counts, as_bytes, lang, draft));
            }
            _ => {
                for (frame, item) in frames.iter().zip(items) {
                    if let Some(name) = &frame.name {
                        draft.code(format!("name = {}", literal::text(Language::Python, name)));
                    }
                    draft.code(format!("{variable} = {item}"));
                    self.one(frame, counts, as_bytes, lang, draft);
                }
            }
        }
    }

    /// One frame, with its text in `text`, or its bytes in `body`.
    fn one(&self, frame: &OutFrame, counts: Counts, as_bytes: bool, lang: Lang, draft: &mut Draft) {
        if !as_bytes {
            draft.code("body = text.encode()");
        }
        if let Kind::Delimiter { escape } = self.task.codec.kind {
            if escape {
                draft.code(r#"body = body.replace(b"\\", b"\\\\")"#);
                draft.code(r#"body = body.replace(b"\n", b"\\n")"#);
            }
            return self.send(frame, r#"body + b"\n""#, "", lang, draft);
        }
        if counts == Counts::Characters {
            draft.comment(say::counts_characters(lang));
        }
        match self.misread_as {
            Some(ByteOrder::Big) => draft.comment(say::read_big_endian(lang)),
            Some(ByteOrder::Little) => draft.comment(say::read_little_endian(lang)),
            Some(ByteOrder::Native) | None => {}
        }
        let length = match (frame.fault, counts) {
            (Some(SenderFault::Says(says)), _) => {
                draft.comment(say::says_wrongly(lang));
                says.to_string()
            }
            (_, Counts::Bytes) => "len(body)".to_owned(),
            (_, Counts::Characters) => "len(text)".to_owned(),
        };
        let negative = frame.says < 0;
        match self.task.codec.kind {
            Kind::Digit => draft.code(format!("header = str({length}).encode()")),
            Kind::Decimal { .. } => draft.code(format!("header = f\"{{{length}}}\\n\".encode()")),
            Kind::Json { order, .. } => {
                let name = if frame.name.is_some() { "\"name\": name, " } else { "" };
                draft.code(format!("fields = {{{name}\"size\": {length}}}"));
                draft.code("head = json.dumps(fields).encode()");
                let format = format(order, false);
                draft.code(format!("header = struct.pack(\"{format}\", len(head))"));
                draft.code("header += head");
            }
            Kind::Length { order, .. } => {
                let format = format(order, negative);
                draft.code(format!("header = struct.pack(\"{format}\", {length})"));
            }
            Kind::Delimiter { .. } => {}
        }
        self.send(frame, "header + body", "header", lang, draft);
    }

    /// The calls: `all` is the whole frame, `header` what stands before the body.
    fn send(&self, frame: &OutFrame, all: &str, header: &str, lang: Lang, draft: &mut Draft) {
        let step = self.step;
        let sendall = |draft: &mut Draft, part, what: &str| draft.call(step, part, format!("sock.sendall({what})"));
        match frame.fault {
            Some(SenderFault::StopsAfter(count)) => {
                draft.code(format!("frame = {all}"));
                draft.comment(say::stops_here(lang));
                return sendall(draft, Part::Send, &format!("frame[:{count}]"));
            }
            Some(SenderFault::Dribbles(pause)) => {
                draft.code(format!("for byte in {all}:"));
                return draft.deeper(|draft| {
                    sendall(draft, Part::Send, "bytes([byte])");
                    draft.code(format!("time.sleep({})", pause.as_secs_f64()));
                });
            }
            _ => {}
        }
        match self.task.writes {
            Writes::One if self.task.handshake => {
                sendall(draft, Part::SendHeader, header);
                self.wait(lang, draft);
                sendall(draft, Part::SendBody, "body");
            }
            Writes::One => sendall(draft, Part::Send, all),
            Writes::Two => {
                sendall(draft, Part::SendHeader, header);
                self.wait(lang, draft);
                sendall(draft, Part::SendBody, "body");
            }
            Writes::CutHeader => {
                let length = |part| self.cut(part);
                sendall(draft, Part::SendHeader, &format!("header[:{}]", length(frame)));
                draft.comment(say::rest_when_read(lang));
                if self.task.handshake {
                    sendall(draft, Part::SendHeader, &format!("header[{}:]", length(frame)));
                    self.wait(lang, draft);
                    sendall(draft, Part::SendBody, "body");
                } else {
                    sendall(draft, Part::SendBody, &format!("header[{}:] + body", length(frame)));
                }
            }
            Writes::Bytes => {
                let parts = if self.task.handshake {
                    vec![header, "body"]
                } else {
                    vec![all]
                };
                for (number, part) in parts.into_iter().enumerate() {
                    if number > 0 {
                        self.wait(lang, draft);
                    }
                    draft.code(format!("for byte in {part}:"));
                    draft.deeper(|draft| {
                        sendall(draft, Part::Send, "bytes([byte])");
                        draft.comment(say::next_when_read(lang));
                    });
                }
            }
        }
    }

    /// Where a header is cut: in a loop the frames may have headers of different lengths.
    fn cut(&self, frame: &OutFrame) -> String {
        match self.task.codec.kind {
            Kind::Decimal { .. } => "len(header) // 2".to_owned(),
            _ => (frame.wire.header / 2).to_string(),
        }
    }

    fn wait(&self, lang: Lang, draft: &mut Draft) {
        if self.task.handshake {
            draft.comment(say::waits_until_ready(lang));
            draft.call(self.step, Part::Recv, format!("sock.recv({})", READY.len()));
        }
    }
}

/// A body that is bytes from the start.
fn bytes(body: &[u8]) -> String {
    match literal::content(body) {
        Content::Letters(count) => format!("LETTERS[:{count}]"),
        _ => literal::bytes(Language::Python, body),
    }
}

/// A body that is a text, or its beginning.
fn text(body: &[u8], counts: Counts, shortened: &mut bool) -> String {
    let text = String::from_utf8_lossy(body);
    match literal::text_content(&text, counts) {
        Content::Beginning(part, length) => {
            *shortened = true;
            let part = String::from_utf8_lossy(part);
            // `ljust` counts characters; what it adds has one byte each.
            let length = length - part.len() + part.chars().count();
            format!("{}.ljust({length}, \".\")", literal::text(Language::Python, &part))
        }
        _ => literal::text(Language::Python, &text),
    }
}
