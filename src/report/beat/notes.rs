//! What a program says of itself, in words.

use super::super::Look;
use crate::trace::Note;
use crate::trace::note::NoteText;
use crate::words::notes;

/// A note, in one sentence.
pub fn sentence(note: &Note, look: &Look) -> String {
    let lang = look.lang;
    match note {
        Note::Asks { text } => notes::asks(lang, &quoted(text)),
        Note::Answered { text } => notes::answered(lang, &quoted(text)),
        Note::Served { request, text } => notes::served(lang, *request, &quoted(text)),
        Note::ClientLeft { requests } => notes::client_left(lang, *requests),
        Note::WaitsForEither { other } => notes::waits_for_either(lang, other.as_str()),
    }
}

fn quoted(text: &NoteText) -> String {
    format!("\"{}\"", text.as_str())
}
