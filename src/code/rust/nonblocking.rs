//! A message that is sent without waiting, in Rust.

use super::super::draft::Draft;
use super::super::literal::{self, Content};
use super::super::{Language, Part};
use crate::scenario::SendMode;
use crate::words::{Lang, code as say};

/// A message that is sent without waiting; `rest` says what becomes of what was not taken.
pub(super) fn send(step: usize, bytes: &[u8], rest: SendMode, lang: Lang, draft: &mut Draft) {
    let message = match literal::content(bytes) {
        Content::Letters(count) => format!("&letters[..{count}]"),
        _ => literal::bytes(Language::Rust, bytes),
    };
    draft.code("sock.set_nonblocking(true)?;");
    if rest == SendMode::Loop {
        draft.code(format!("let mut data = {message};"));
        draft.comment(say::waits_for_room(lang));
        draft.code("while !data.is_empty() {");
        draft.deeper(|draft| {
            draft.call(step, Part::Send, "match sock.write(data) {");
            draft.deeper(|draft| {
                draft.code("Ok(n) => data = &data[n..],");
                draft.code("Err(_) => continue,");
            });
            draft.code("}");
        });
        draft.code("}");
    } else if rest == SendMode::Retry {
        draft.code(format!("let mut data = {message};"));
        draft.call(step, Part::Send, "while let Ok(n) = sock.write(data) {");
        draft.deeper(|draft| draft.code("data = &data[n..];"));
        draft.code("}");
        draft.comment(say::gives_up(lang));
    } else {
        draft.code(format!("let data = {message};"));
        draft.call(step, Part::Send, "let _n = sock.write(data)?;");
        draft.comment(say::count_ignored(lang));
    }
    draft.code("sock.set_nonblocking(false)?;");
}
