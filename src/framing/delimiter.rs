//! Lines: a newline ends a body.

use super::{Fault, Frame};

/// What ends a line.
pub(super) const NEWLINE: u8 = b'\n';

const BACKSLASH: u8 = b'\\';

/// A body without a newline in it: `\n` for a newline, `\\` for a backslash.
pub(super) fn escape(body: &[u8]) -> Vec<u8> {
    let mut line = Vec::with_capacity(body.len());
    for byte in body {
        match *byte {
            NEWLINE => line.extend_from_slice(b"\\n"),
            BACKSLASH => line.extend_from_slice(b"\\\\"),
            other => line.push(other),
        }
    }
    line
}

/// The body that was escaped so.
pub(super) fn unescape(line: &[u8]) -> Result<Vec<u8>, Fault> {
    let mut body = Vec::with_capacity(line.len());
    let mut bytes = line.iter();
    while let Some(byte) = bytes.next() {
        if *byte != BACKSLASH {
            body.push(*byte);
            continue;
        }
        match bytes.next() {
            Some(b'n') => body.push(NEWLINE),
            Some(&BACKSLASH) => body.push(BACKSLASH),
            _ => return Err(Fault::BadEscape),
        }
    }
    Ok(body)
}

/// A line with its newline.
pub(super) fn frame(mut line: Vec<u8>) -> Frame {
    line.push(NEWLINE);
    Frame {
        bytes: line,
        header: 0,
        json: 0,
        delimiter: 1,
    }
}

/// How many of these bytes belong to the line of which `before` bytes are known already, and whether that ends it.
pub(super) fn take(before: usize, bytes: &[u8], limit: u64) -> Result<(usize, bool), Fault> {
    let end = bytes.iter().position(|byte| *byte == NEWLINE);
    let line = before + end.unwrap_or(bytes.len());
    if line as u64 > limit {
        return Err(Fault::LineTooLong { limit });
    }
    Ok(end.map_or((bytes.len(), false), |end| (end + 1, true)))
}
