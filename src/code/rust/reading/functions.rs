//! The functions that a program in Rust needs to read frames.

use super::super::super::Part;
use super::super::super::draft::Draft;
use super::PIECE;
use crate::scenario::plan::ReadFrames;
use crate::words::{Lang, code as say};

/// One `read` that does not wait beyond the frame's deadline: a timeout of the socket alone begins anew with each byte.
pub(super) fn read_in_time(draft: &mut Draft) {
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
pub(super) fn read_exactly(step: usize, task: &ReadFrames, draft: &mut Draft) {
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
pub(super) fn size_in(lang: Lang, draft: &mut Draft) {
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
pub(super) fn read_line(step: usize, task: &ReadFrames, draft: &mut Draft) {
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

pub(super) fn unescape(draft: &mut Draft) {
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
