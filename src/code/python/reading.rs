//! Frames in Python, as they are read.

use super::super::Part;
use super::super::draft::Draft;
use super::super::endpoint::Endpoint;
use super::format;
use crate::framing::{HEADER, Kind};
use crate::scenario::Reader;
use crate::scenario::plan::ReadFrames;
use crate::words::{Lang, code as say};

/// The functions that reading frames needs; the lines of the loop are lit during its first step.
pub(super) fn functions(endpoint: &Endpoint<'_>, draft: &mut Draft) {
    let of_programs = ReadFrames::of_programs();
    let task = match endpoint.framed() {
        Some(task) => task,
        // Programs read their frames in one way.
        None if endpoint.framing_program().is_some() => &of_programs,
        None => return,
    };
    if task.deadline.is_some() {
        recv_in_time(draft);
        draft.blank();
    }
    if let Some(step) = endpoint.reads_exactly() {
        recv_exactly(step, task, draft);
        draft.blank();
    }
    if let Kind::Delimiter { escape: true } = task.codec.kind {
        unescape(draft);
        draft.blank();
    }
}

/// One `recv` that does not wait beyond the frame's deadline: a timeout of the socket alone begins anew with each byte.
fn recv_in_time(draft: &mut Draft) {
    draft.code("def recv(sock, n, end):");
    draft.deeper(|draft| {
        draft.code("left = end - time.monotonic()");
        draft.code("if left <= 0:");
        draft.deeper(|draft| draft.code("raise TimeoutError(\"timed out\")"));
        draft.code("sock.settimeout(left)");
        draft.code("return sock.recv(n)");
    });
}

/// The function that asks again.
fn recv_exactly(step: usize, task: &ReadFrames, draft: &mut Draft) {
    let end = if task.deadline.is_some() { ", end" } else { "" };
    draft.code(format!("def recv_exactly(sock, n{end}):"));
    draft.deeper(|draft| {
        draft.code("data = b\"\"");
        draft.code("while len(data) < n:");
        draft.deeper(|draft| {
            let call = recv(task, "n - len(data)");
            draft.call(step, Part::Recv, format!("chunk = {call}"));
            stream_ended("chunk", step, draft);
            draft.code("data += chunk");
        });
        draft.code("return data");
    });
}

fn stream_ended(read: &str, step: usize, draft: &mut Draft) {
    draft.code(format!("if not {read}:"));
    draft.deeper(|draft| draft.call(step, Part::Short, "raise EOFError(\"stream ended\")"));
}

fn unescape(draft: &mut Draft) {
    draft.code("def unescape(line):");
    draft.deeper(|draft| {
        draft.code(r#"return b"\\".join("#);
        draft.deeper(|draft| {
            draft.code(r#"part.replace(b"\\n", b"\n")"#);
            draft.code(r#"for part in line.split(b"\\\\")"#);
        });
        draft.code(")");
    });
}

/// One `recv` for so many bytes.
fn recv(task: &ReadFrames, count: &str) -> String {
    match task.deadline {
        Some(_) => format!("recv(sock, {count}, end)"),
        None => format!("sock.recv({count})"),
    }
}

/// Reads until it has so many bytes.
fn exactly(task: &ReadFrames, count: &str) -> String {
    let end = if task.deadline.is_some() { ", end" } else { "" };
    format!("recv_exactly(sock, {count}{end})")
}

/// Reads frames and prints their bodies.
pub(super) fn read(step: usize, task: &ReadFrames, lang: Lang, draft: &mut Draft) {
    let one = |draft: &mut Draft| {
        if let Some(patience) = task.deadline {
            draft.code(format!("end = time.monotonic() + {}", patience.as_secs_f64()));
        }
        Frame { step, task, lang }.write(draft);
    };
    if task.count == 1 {
        one(draft);
    } else {
        draft.code(format!("for _ in range({}):", task.count));
        draft.deeper(one);
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
                self.head("1", draft);
                draft.call(self.step, Part::Refuse, "length = int(header)");
            }
            Kind::Decimal { .. } => {
                self.digits(draft);
                draft.call(self.step, Part::Refuse, "length = int(header)");
                self.refuse("length", "LIMIT", false, draft);
            }
            Kind::Length { order, signed } => {
                self.head(&HEADER.to_string(), draft);
                self.unpack(format(order, signed), draft);
                self.refuse("length", "LIMIT", signed, draft);
            }
            Kind::Json { order, signed, .. } => {
                self.head(&HEADER.to_string(), draft);
                self.unpack(format(order, signed), draft);
                self.refuse("length", "HEADER_LIMIT", signed, draft);
                self.head("length", draft);
                draft.code("length = json.loads(header)[\"size\"]");
                self.refuse("length", "LIMIT", true, draft);
            }
        }
        if self.task.handshake {
            draft.call(self.step, Part::Send, "sock.sendall(b\"ready\")");
        }
        self.body(draft);
        draft.call(self.step, Part::Deliver, "print(body)");
    }

    /// So many bytes of a header.
    fn head(&self, count: &str, draft: &mut Draft) {
        if self.task.reader == Reader::Exact {
            let call = exactly(self.task, count);
            return draft.call(self.step, Part::RecvHeader, format!("header = {call}"));
        }
        match count.parse() {
            Ok(size) => draft.comment(say::may_be_short(self.lang, size)),
            Err(_) => draft.comment(say::body_may_be_short(self.lang)),
        }
        let call = recv(self.task, count);
        draft.call(self.step, Part::RecvHeader, format!("header = {call}"));
    }

    fn unpack(&self, format: &str, draft: &mut Draft) {
        let unpack = format!("(length,) = struct.unpack(\"{format}\", header)");
        match self.task.reader {
            Reader::Exact => draft.code(unpack),
            _ => draft.call(self.step, Part::Short, unpack),
        }
    }

    fn refuse(&self, length: &str, limit: &str, signed: bool, draft: &mut Draft) {
        if signed {
            draft.code(format!("if not 0 <= {length} <= {limit}:"));
        } else {
            draft.code(format!("if {length} > {limit}:"));
        }
        draft.deeper(|draft| draft.call(self.step, Part::Refuse, "raise ValueError(\"over limit\")"));
    }

    /// A decimal length with its newline.
    fn digits(&self, draft: &mut Draft) {
        if self.task.reader != Reader::Exact {
            draft.comment(say::believes_one_recv(self.lang));
            let call = recv(self.task, "1024");
            return draft.call(self.step, Part::RecvHeader, format!("header = {call}"));
        }
        draft.code("header = b\"\"");
        draft.code(r#"while not header.endswith(b"\n"):"#);
        draft.deeper(|draft| {
            let paced = matches!(self.task.codec.kind, Kind::Decimal { paced: true, .. });
            let call = recv(self.task, if paced { "1024" } else { "1" });
            draft.call(self.step, Part::RecvHeader, format!("chunk = {call}"));
            stream_ended("chunk", self.step, draft);
            draft.code("header += chunk");
            draft.code("if len(header.strip()) > DIGITS:");
            draft.deeper(|draft| draft.call(self.step, Part::Refuse, "raise ValueError(\"over limit\")"));
        });
    }

    fn body(&self, draft: &mut Draft) {
        let step = self.step;
        match self.task.reader {
            Reader::Exact => {
                let call = exactly(self.task, "length");
                draft.call(step, Part::RecvBody, format!("body = {call}"));
            }
            Reader::SingleRecv => {
                draft.comment(say::body_may_be_short(self.lang));
                let call = recv(self.task, "length");
                draft.call(step, Part::RecvBody, format!("body = {call}"));
            }
            Reader::RunningTotal => {
                draft.code("body, total = b\"\", 0");
                draft.code("while total < length:");
                draft.deeper(|draft| {
                    draft.code("missing = length - total");
                    let call = recv(self.task, "min(1024, missing)");
                    draft.call(step, Part::RecvBody, format!("chunk = {call}"));
                    stream_ended("chunk", step, draft);
                    draft.code("body += chunk");
                    draft.comment(say::adds_all_again(self.lang));
                    draft.code("total += len(body)");
                });
            }
        }
    }

    /// A line, found in what was read.
    fn line(&self, escape: bool, draft: &mut Draft) {
        let step = self.step;
        if self.task.reader == Reader::Exact {
            draft.code(r#"while b"\n" not in rest[:LIMIT + 1]:"#);
            draft.deeper(|draft| {
                draft.code("if len(rest) > LIMIT:");
                draft.deeper(|draft| draft.call(step, Part::Refuse, "raise ValueError(\"over limit\")"));
                draft.call(step, Part::Recv, format!("chunk = {}", recv(self.task, "1024")));
                stream_ended("chunk", step, draft);
                draft.code("rest += chunk");
            });
            draft.code(r#"body, _, rest = rest.partition(b"\n")"#);
            if escape {
                draft.code("body = unescape(body)");
            }
        } else {
            draft.comment(say::believes_one_recv(self.lang));
            draft.call(step, Part::Recv, format!("body = {}", recv(self.task, "1024")));
        }
        draft.call(step, Part::Deliver, "print(body)");
    }
}
