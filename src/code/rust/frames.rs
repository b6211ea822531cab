//! Frames in Rust, as they are sent: what marks the end, and the body.

use super::super::draft::Draft;
use super::super::endpoint::counted;
use super::super::literal::{self, Content};
use super::super::{Language, Part};
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
        let is_plain = frames.iter().all(|frame| frame.fault.is_none());
        let loops = frames.len() > 1 && is_plain;
        let items: Vec<String> = frames
            .iter()
            .map(|frame| {
                let body = if as_bytes {
                    bytes(&frame.body)
                } else {
                    text(&frame.body, counts, loops, &mut shortened)
                };
                match &frame.name {
                    Some(name) if loops => format!("({}, {body})", literal::text(Language::Rust, name)),
                    _ => body,
                }
            })
            .collect();
        if shortened {
            draft.comment(say::shortened(lang));
        }
        let variable = if as_bytes { "body" } else { "text" };
        if loops {
            let pattern = match frames[0].name {
                Some(_) => format!("(name, {variable})"),
                None => variable.to_owned(),
            };
            draft.list(&format!("for {pattern} in ["), &items, "] {");
            draft.deeper(|draft| self.one(&frames[0], counts, as_bytes, lang, draft));
            return draft.code("}");
        }
        for (frame, item) in frames.iter().zip(items) {
            if let Some(name) = &frame.name {
                draft.code(format!("let name = {};", literal::text(Language::Rust, name)));
            }
            draft.code(format!("let {variable} = {item};"));
            self.one(frame, counts, as_bytes, lang, draft);
        }
    }

    /// One frame, with its text in `text`, or its bytes in `body`.
    fn one(&self, frame: &OutFrame, counts: Counts, as_bytes: bool, lang: Lang, draft: &mut Draft) {
        if let Kind::Delimiter { escape } = self.task.codec.kind {
            return self.line(frame, escape, as_bytes, lang, draft);
        }
        if !as_bytes {
            draft.code("let body = text.as_bytes();");
        }
        if counts == Counts::Characters {
            draft.comment(say::counts_characters(lang));
        }
        let length = match (frame.fault, counts) {
            (Some(SenderFault::Says(says)), _) => {
                draft.comment(say::says_wrongly(lang));
                says.to_string()
            }
            (_, Counts::Bytes) => "body.len()".to_owned(),
            (_, Counts::Characters) => "text.chars().count()".to_owned(),
        };
        self.header(frame, &length, lang, draft);
        self.send(frame, lang, draft);
    }

    /// The header, in `header`.
    fn header(&self, frame: &OutFrame, length: &str, lang: Lang, draft: &mut Draft) {
        let is_number = length.parse::<i64>().is_ok();
        let integer = |kind: &str| {
            if is_number {
                format!("let len: {kind} = {length};")
            } else {
                format!("let len = {length} as {kind};")
            }
        };
        match self.task.codec.kind {
            Kind::Length { order, .. } => {
                draft.code(integer(if frame.says < 0 { "i32" } else { "u32" }));
                self.misread(lang, draft);
                draft.code(format!("let header = len.{};", to_bytes(order)));
            }
            Kind::Json { order, .. } => {
                draft.code(integer(if is_number { "i64" } else { "u32" }));
                draft.code("let json = format!(");
                draft.deeper(|draft| {
                    if frame.name.is_some() {
                        draft.code(r##"r#"{{"name": "{}", "size": {}}}"#,"##);
                        draft.code("name, len,");
                    } else {
                        draft.code(r##"r#"{{"size": {}}}"#,"##);
                        draft.code("len,");
                    }
                });
                draft.code(");");
                self.misread(lang, draft);
                draft.code("let len = json.len() as u32;");
                draft.code(format!("let len = len.{};", to_bytes(order)));
                draft.code("let mut header = len.to_vec();");
                draft.code("header.extend(json.bytes());");
            }
            Kind::Digit => {
                draft.code(format!("let len = {length};"));
                draft.code("let header = len.to_string();");
            }
            Kind::Decimal { .. } => {
                draft.code(format!("let len = {length};"));
                draft.code("let header = format!(\"{len}\\n\");");
            }
            Kind::Delimiter { .. } => {}
        }
        if matches!(self.task.codec.kind, Kind::Digit | Kind::Decimal { .. }) {
            draft.code("let header = header.as_bytes();");
        }
    }

    fn misread(&self, lang: Lang, draft: &mut Draft) {
        match self.misread_as {
            Some(ByteOrder::Big) => draft.comment(say::read_big_endian(lang)),
            Some(ByteOrder::Little) => draft.comment(say::read_little_endian(lang)),
            Some(ByteOrder::Native) | None => {}
        }
    }

    fn line(&self, frame: &OutFrame, escape: bool, as_bytes: bool, lang: Lang, draft: &mut Draft) {
        match (escape, as_bytes) {
            (true, true) => {
                draft.code("let text = str::from_utf8(body).unwrap();");
                draft.code(r#"let text = text.replace("\\", "\\\\");"#);
            }
            (true, false) => draft.code(r#"let text = text.replace("\\", "\\\\");"#),
            (false, _) => {}
        }
        if escape {
            draft.code(r#"let text = text.replace("\n", "\\n");"#);
        }
        let variable = if as_bytes && !escape { "body" } else { "text" };
        draft.code(format!("let mut frame = Vec::from({variable});"));
        draft.code("frame.push(b'\\n');");
        self.calls(frame, lang, draft);
    }

    /// The calls for a frame with a header.
    fn send(&self, frame: &OutFrame, lang: Lang, draft: &mut Draft) {
        let apart = self.task.writes == Writes::Two || (self.task.handshake && self.task.writes == Writes::One);
        if apart && frame.fault.is_none() {
            self.write_all(Part::SendHeader, self.borrowed("header"), draft);
            self.wait(lang, draft);
            return self.write_all(Part::SendBody, "body", draft);
        }
        draft.code("let mut frame = header.to_vec();");
        draft.code("frame.extend_from_slice(body);");
        self.calls(frame, lang, draft);
    }

    /// The calls for a frame in `frame`.
    fn calls(&self, frame: &OutFrame, lang: Lang, draft: &mut Draft) {
        let step = self.step;
        match (frame.fault, self.task.writes) {
            (Some(SenderFault::StopsAfter(count)), _) => {
                draft.comment(say::stops_here(lang));
                self.write_all(Part::Send, &format!("&frame[..{count}]"), draft);
            }
            (Some(SenderFault::Dribbles(pause)), _) => {
                draft.code("for byte in frame {");
                draft.deeper(|draft| {
                    draft.call(step, Part::Send, "sock.write_all(&[byte])?;");
                    draft.code("thread::sleep(");
                    let millis = pause.as_millis();
                    draft.deeper(|draft| draft.code(format!("Duration::from_millis({millis}),")));
                    draft.code(");");
                });
                draft.code("}");
            }
            (_, Writes::One | Writes::Two) => self.write_all(Part::Send, "&frame", draft),
            (_, Writes::CutHeader) => {
                let cut = match self.task.codec.kind {
                    Kind::Decimal { .. } => {
                        draft.code("let cut = header.len() / 2;");
                        "cut".to_owned()
                    }
                    _ => (frame.wire.header / 2).to_string(),
                };
                self.write_all(Part::SendHeader, &format!("&frame[..{cut}]"), draft);
                draft.comment(say::rest_when_read(lang));
                if self.task.handshake {
                    self.write_all(Part::SendHeader, &format!("&header[{cut}..]"), draft);
                    self.wait(lang, draft);
                    self.write_all(Part::SendBody, "body", draft);
                } else {
                    self.write_all(Part::SendBody, &format!("&frame[{cut}..]"), draft);
                }
            }
            (_, Writes::Bytes) => {
                let parts = if self.task.handshake {
                    vec!["header.to_vec()", "body.to_vec()"]
                } else {
                    vec!["frame"]
                };
                for (number, part) in parts.into_iter().enumerate() {
                    if number > 0 {
                        self.wait(lang, draft);
                    }
                    draft.code(format!("for byte in {part} {{"));
                    draft.deeper(|draft| {
                        draft.call(step, Part::Send, "sock.write_all(&[byte])?;");
                        draft.comment(say::next_when_read(lang));
                    });
                    draft.code("}");
                }
            }
        }
    }

    fn write_all(&self, part: Part, what: &str, draft: &mut Draft) {
        draft.call(self.step, part, format!("sock.write_all({what})?;"));
    }

    /// A header that is an array or a vector is lent.
    fn borrowed(&self, header: &'static str) -> &'static str {
        match self.task.codec.kind {
            Kind::Length { .. } | Kind::Json { .. } => "&header",
            _ => header,
        }
    }

    fn wait(&self, lang: Lang, draft: &mut Draft) {
        if self.task.handshake {
            draft.comment(say::waits_until_ready(lang));
            let size = READY.len();
            draft.call(self.step, Part::Recv, format!("sock.read_exact(&mut [0; {size}])?;"));
        }
    }
}

fn to_bytes(order: ByteOrder) -> &'static str {
    match order {
        ByteOrder::Big => "to_be_bytes()",
        ByteOrder::Little => "to_le_bytes()",
        ByteOrder::Native => "to_ne_bytes()",
    }
}

/// A body that is bytes from the start.
fn bytes(body: &[u8]) -> String {
    if let Content::Letters(count) = literal::content(body) {
        return format!("&letters[..{count}]");
    }
    let bytes = literal::bytes(Language::Rust, body);
    if bytes.ends_with(')') {
        bytes
    } else {
        format!("&{bytes}[..]")
    }
}

/// A body that is a text, or its beginning; `borrowed` if it stands in a list.
fn text(body: &[u8], counts: Counts, borrowed: bool, shortened: &mut bool) -> String {
    let text = String::from_utf8_lossy(body);
    match literal::text_content(&text, counts) {
        Content::Beginning(part, length) => {
            *shortened = true;
            let part = String::from_utf8_lossy(part);
            // The width counts characters; what is filled in has one byte each.
            let width = length - part.len() + part.chars().count();
            let part = literal::text(Language::Rust, &part);
            let borrow = if borrowed { ".as_str()" } else { "" };
            format!("format!(\"{{:.<{width}}}\", {part}){borrow}")
        }
        _ => literal::text(Language::Rust, &text),
    }
}
