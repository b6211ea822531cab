//! Frames in Rust, as they are read.

use super::super::Part;
use super::super::draft::Draft;
use super::super::endpoint::Endpoint;
use crate::framing::{ByteOrder, HEADER, Kind};
use crate::scenario::Reader;
use crate::scenario::plan::{ReadFrames, Task};
use crate::words::{Lang, code as say};

/// The functions that reading frames needs; the lines of the loop are lit during its first step.
pub(super) fn functions(endpoint: &Endpoint<'_>, lang: Lang, draft: &mut Draft) {
    let of_programs = ReadFrames::of_programs();
    let task = match endpoint.framed() {
        Some(task) => task,
        // Programs read their frames in one way.
        None if endpoint.framing_program().is_some() => &of_programs,
        None => return,
    };
    if task.deadline.is_some() {
        read_in_time(draft);
        draft.blank();
    }
    if let Some(step) = endpoint.reads_exactly() {
        read_exactly(step, task, draft);
        draft.blank();
    }
    match task.codec.kind {
        Kind::Json { .. } => {
            size_in(lang, draft);
            draft.blank();
        }
        Kind::Delimiter { escape } if task.reader == Reader::Exact => {
            let step = endpoint.steps().find(|(_, task)| matches!(task, Task::ReadFrames(_)));
            read_line(step.map_or(0, |(step, _)| step), task, draft);
            draft.blank();
            if escape {
                unescape(draft);
                draft.blank();
            }
        }
        _ => {}
    }
}

/// One `read` that does not wait beyond the frame's deadline: a timeout of the socket alone begins anew with each byte.
fn read_in_time(draft: &mut Draft) {
    draft.code("fn read(");
    draft.deeper(|draft| {
        draft.code("sock: &mut TcpStream,");
        draft.code("buf: &mut [u8],");
        draft.code("by: Instant,");
    });
    draft.code(") -> Result<usize, Box<dyn Error>> {");
    draft.deeper(|draft| {
        draft.code("let left = by - Instant::now();");
        draft.code("if left.is_zero() {");
        draft.deeper(|draft| draft.code("Err(\"timed out\")?;"));
        draft.code("}");
        draft.code("sock.set_read_timeout(Some(left))?;");
        draft.code("Ok(sock.read(buf)?)");
    });
    draft.code("}");
}

/// What `Read::read_exact` does inside, so that the loop is seen.
fn read_exactly(step: usize, task: &ReadFrames, draft: &mut Draft) {
    draft.code("fn read_exactly(");
    draft.deeper(|draft| {
        draft.code("sock: &mut TcpStream,");
        draft.code("buf: &mut [u8],");
        if task.deadline.is_some() {
            draft.code("by: Instant,");
        }
    });
    draft.code(") -> Result<(), Box<dyn Error>> {");
    draft.deeper(|draft| {
        draft.code("let mut got = 0;");
        draft.code("while got < buf.len() {");
        draft.deeper(|draft| {
            let call = if task.deadline.is_some() {
                draft.code("let rest = &mut buf[got..];");
                "read(sock, rest, by)?"
            } else {
                "sock.read(&mut buf[got..])?"
            };
            draft.call(step, Part::Recv, format!("match {call} {{"));
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

/// Reads a size that stands last in a header.
fn size_in(lang: Lang, draft: &mut Draft) {
    draft.comment(say::no_json_in_std(lang));
    draft.code("fn size_in(json: &[u8]) -> Option<i64> {");
    draft.deeper(|draft| {
        draft.code("let json = str::from_utf8(json).ok()?;");
        draft.code(r#"let mark = "\"size\":";"#);
        draft.code("let (_, size) = json.split_once(mark)?;");
        draft.code("size.trim_matches([' ', '}']).parse().ok()");
    });
    draft.code("}");
}

/// Reads until a newline is there; what is behind it is kept.
fn read_line(step: usize, task: &ReadFrames, draft: &mut Draft) {
    draft.code("fn read_line(");
    draft.deeper(|draft| {
        draft.code("sock: &mut TcpStream,");
        draft.code("rest: &mut Vec<u8>,");
        if task.deadline.is_some() {
            draft.code("by: Instant,");
        }
    });
    draft.code(") -> Result<Vec<u8>, Box<dyn Error>> {");
    draft.deeper(|draft| {
        draft.code(format!("let mut buf = [0; {PIECE}];"));
        draft.code("let is_end = |b: &u8| *b == b'\\n';");
        draft.code("let newline = loop {");
        draft.deeper(|draft| {
            draft.code("let at = rest.iter().position(is_end);");
            draft.code("if at.unwrap_or(rest.len()) > LIMIT {");
            draft.deeper(|draft| draft.call(step, Part::Refuse, "Err(\"over limit\")?;"));
            draft.code("}");
            draft.code("if let Some(at) = at {");
            draft.deeper(|draft| draft.code("break at;"));
            draft.code("}");
            let call = match task.deadline {
                Some(_) => "read(sock, &mut buf, by)?",
                None => "sock.read(&mut buf)?",
            };
            draft.call(step, Part::Recv, format!("let n = {call};"));
            draft.code("if n == 0 {");
            draft.deeper(|draft| draft.call(step, Part::Short, "Err(\"stream ended\")?;"));
            draft.code("}");
            draft.code("rest.extend(&buf[..n]);");
        });
        draft.code("};");
        draft.code("let after = rest.split_off(newline + 1);");
        draft.code("rest.pop();");
        draft.code("Ok(std::mem::replace(rest, after))");
    });
    draft.code("}");
}

fn unescape(draft: &mut Draft) {
    draft.code("fn unescape(line: &str) -> String {");
    draft.deeper(|draft| {
        draft.code(r#"let parts = line.split("\\\\");"#);
        draft.code("let parts: Vec<String> = parts");
        draft.deeper(|draft| {
            draft.code(r#".map(|part| part.replace("\\n", "\n"))"#);
            draft.code(".collect();");
        });
        draft.code(r#"parts.join("\\")"#);
    });
    draft.code("}");
}

/// Reads frames and prints their bodies.
pub(super) fn read(step: usize, task: &ReadFrames, lang: Lang, draft: &mut Draft) {
    if needs_buffer(task) {
        draft.code(format!("let mut buf = [0; {PIECE}];"));
    }
    let one = |draft: &mut Draft| {
        if let Some(patience) = task.deadline {
            draft.code("let by = Instant::now()");
            let millis = patience.as_millis();
            draft.deeper(|draft| draft.code(format!("+ Duration::from_millis({millis});")));
        }
        Frame { step, task, lang }.write(draft);
    };
    if task.count == 1 {
        one(draft);
    } else {
        draft.code(format!("for _ in 0..{} {{", task.count));
        draft.deeper(one);
        draft.code("}");
    }
}

/// Whether it reads into a buffer of its own, of which what came is taken.
fn needs_buffer(task: &ReadFrames) -> bool {
    match task.codec.kind {
        Kind::Decimal { paced, .. } => paced || task.reader != Reader::Exact,
        Kind::Delimiter { .. } => task.reader != Reader::Exact,
        _ => false,
    }
}

/// One frame.
struct Frame<'t> {
    step: usize,
    task: &'t ReadFrames,
    lang: Lang,
}

impl Frame<'_> {
    fn write(&self, draft: &mut Draft) {
        match self.task.codec.kind {
            Kind::Delimiter { escape } => return self.line(escape, draft),
            Kind::Digit => {
                draft.code("let mut header = [0; 1];");
                self.fill("header", Part::RecvHeader, draft);
                self.parse("header", draft);
            }
            Kind::Decimal { .. } => {
                self.digits(draft);
                self.refuse("LIMIT", false, draft);
            }
            Kind::Length { order, signed } => {
                self.length(order, signed, draft);
                self.refuse("LIMIT", signed, draft);
            }
            Kind::Json { order, signed, .. } => {
                self.length(order, signed, draft);
                self.refuse("HEADER_LIMIT", signed, draft);
                draft.code("let mut json = vec![0; len as usize];");
                self.fill("json", Part::RecvHeader, draft);
                draft.code("let size = size_in(&json);");
                draft.code("let len = size.ok_or(\"no size\")?;");
                self.refuse("LIMIT", true, draft);
            }
        }
        if self.task.handshake {
            draft.call(self.step, Part::Send, "sock.write_all(b\"ready\")?;");
        }
        self.body(draft);
        draft.call(self.step, Part::Deliver, "println!(\"{}\", body.escape_ascii());");
    }

    /// Fills a buffer that is as long as what is read.
    fn fill(&self, buffer: &str, part: Part, draft: &mut Draft) {
        let end = if self.task.deadline.is_some() { ", by" } else { "" };
        if self.task.reader == Reader::Exact {
            return draft.call(
                self.step,
                part,
                format!("read_exactly(&mut sock, &mut {buffer}{end})?;"),
            );
        }
        match (part, self.task.codec.kind) {
            (Part::RecvHeader, Kind::Length { .. } | Kind::Json { .. }) if buffer == "header" => {
                draft.comment(say::may_be_short(self.lang, HEADER));
            }
            _ => draft.comment(say::body_may_be_short(self.lang)),
        }
        let call = self.read(&format!("&mut {buffer}"));
        draft.call(self.step, part, format!("let n = {call};"));
        match buffer {
            "header" if self.task.codec.kind == Kind::Digit => draft.code("let header = &header[..n];"),
            "header" => draft.call(self.step, Part::Short, "let header = header[..n].try_into()?;"),
            _ => draft.code(format!("{buffer}.truncate(n);")),
        }
    }

    /// One call that reads.
    fn read(&self, buffer: &str) -> String {
        match self.task.deadline {
            Some(_) => format!("read(&mut sock, {buffer}, by)?"),
            None => format!("sock.read({buffer})?"),
        }
    }

    /// Four bytes of length, in `len`.
    fn length(&self, order: ByteOrder, signed: bool, draft: &mut Draft) {
        draft.code(format!("let mut header = [0; {HEADER}];"));
        self.fill("header", Part::RecvHeader, draft);
        let number = if signed { "i32" } else { "u32" };
        let from = match order {
            ByteOrder::Big => "from_be_bytes",
            ByteOrder::Little => "from_le_bytes",
            ByteOrder::Native => "from_ne_bytes",
        };
        draft.code(format!("let len = {number}::{from}(header);"));
    }

    fn refuse(&self, limit: &str, signed: bool, draft: &mut Draft) {
        if signed {
            draft.code(format!("if len < 0 || len > {limit} {{"));
        } else {
            draft.code(format!("if len > {limit} {{"));
        }
        draft.deeper(|draft| draft.call(self.step, Part::Refuse, "Err(\"over limit\")?;"));
        draft.code("}");
    }

    /// Digits, in `len`.
    fn parse(&self, digits: &str, draft: &mut Draft) {
        draft.code(format!("let text = str::from_utf8(&{digits})?;"));
        draft.code("let text = text.trim_end();");
        draft.call(self.step, Part::Refuse, "let len: u32 = text.parse()?;");
    }

    /// A decimal length with its newline.
    fn digits(&self, draft: &mut Draft) {
        let step = self.step;
        if self.task.reader != Reader::Exact {
            draft.comment(say::believes_one_recv(self.lang));
            let call = self.read("&mut buf");
            draft.call(step, Part::RecvHeader, format!("let n = {call};"));
            return self.parse("buf[..n]", draft);
        }
        let paced = matches!(self.task.codec.kind, Kind::Decimal { paced: true, .. });
        draft.code("let mut header = Vec::new();");
        if !paced {
            draft.code("let mut buf = [0; 1];");
        }
        draft.code("while !header.ends_with(b\"\\n\") {");
        draft.deeper(|draft| {
            draft.call(step, Part::RecvHeader, format!("let n = {};", self.read("&mut buf")));
            self.stream_ended(draft);
            draft.code("header.extend(&buf[..n]);");
            draft.code("if header.len() > DIGITS + 1 {");
            draft.deeper(|draft| draft.call(step, Part::Refuse, "Err(\"over limit\")?;"));
            draft.code("}");
        });
        draft.code("}");
        self.parse("header", draft);
    }

    fn stream_ended(&self, draft: &mut Draft) {
        draft.code("if n == 0 {");
        draft.deeper(|draft| draft.call(self.step, Part::Short, "Err(\"stream ended\")?;"));
        draft.code("}");
    }

    fn body(&self, draft: &mut Draft) {
        if self.task.reader != Reader::RunningTotal {
            draft.code("let mut body = vec![0; len as usize];");
            return self.fill("body", Part::RecvBody, draft);
        }
        draft.code("let mut body = Vec::new();");
        draft.code("let mut total = 0;");
        draft.code("while total < len as usize {");
        draft.deeper(|draft| {
            draft.code("let lacks = len as usize - total;");
            draft.code(format!("let most = lacks.min({PIECE});"));
            draft.code("let part = &mut buf[..most];");
            let call = self.read("part");
            draft.call(self.step, Part::RecvBody, format!("let n = {call};"));
            self.stream_ended(draft);
            draft.code("body.extend(&buf[..n]);");
            draft.comment(say::adds_all_again(self.lang));
            draft.code("total += body.len();");
        });
        draft.code("}");
    }

    /// A line, found in what was read.
    fn line(&self, escape: bool, draft: &mut Draft) {
        let step = self.step;
        if self.task.reader != Reader::Exact {
            draft.comment(say::believes_one_recv(self.lang));
            draft.call(step, Part::Recv, format!("let n = {};", self.read("&mut buf")));
            return draft.call(step, Part::Deliver, "println!(\"{}\", buf[..n].escape_ascii());");
        }
        let mut arguments = vec!["&mut sock".to_owned(), "&mut rest".to_owned()];
        arguments.extend(self.task.deadline.map(|_| "by".to_owned()));
        draft.list("let body = read_line(", &arguments, ")?;");
        if escape {
            draft.code("let body = String::from_utf8(body)?;");
            draft.code("let body = unescape(&body);");
            draft.code("let body = body.as_bytes();");
        }
        draft.call(step, Part::Deliver, "println!(\"{}\", body.escape_ascii());");
    }
}

/// Bytes that are asked for where any number may be.
const PIECE: usize = 1024;
