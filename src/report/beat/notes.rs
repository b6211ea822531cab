//! What a program says of itself, in words.

use super::super::Look;
use crate::story::sentences;
use crate::trace::Note;
use crate::trace::note::NoteText;
use crate::words::{self, notes};

/// A note, in one sentence.
pub fn sentence(note: &Note, look: &Look) -> String {
    let lang = look.lang;
    let size = |count: &u64| words::bytes(lang, *count);
    match note {
        Note::Runs { command, line } => notes::runs(lang, &quoted(command), &code(line)),
        Note::Ended {
            command,
            status,
            out,
            err,
        } => notes::ended(lang, &quoted(command), *status, &size(out), &size(err)),
        Note::NotFound { command } => notes::not_found(lang, &quoted(command)),
        Note::Killed { command, after_ms } => notes::killed(lang, &quoted(command), *after_ms),
        Note::OverLimit { command, limit } => notes::over_limit(lang, &quoted(command), &size(limit)),
        Note::Takes { command, bytes, text } => {
            let mut shown = sentences::quoted(text.as_str().as_bytes());
            if *bytes > text.as_str().len() as u64 {
                shown += look.glyphs.ellipsis;
            }
            notes::takes(lang, &quoted(command), &size(bytes), &shown)
        }
        Note::Reply {
            command,
            status,
            out,
            err,
        } => notes::reply(lang, &quoted(command), *status, &size(out), &size(err)),
        Note::Asks { text } => notes::asks(lang, &quoted(text)),
        Note::Answered { text } => notes::answered(lang, &quoted(text)),
        Note::Served { request, text } => notes::served(lang, *request, &quoted(text)),
        Note::ClientLeft { requests } => notes::client_left(lang, *requests),
        Note::ChallengeSent { bytes, begins } => notes::challenge_sent(lang, *bytes, begins.as_str()),
        Note::MacEqual { over, added: 0 } => notes::mac_equal(lang, *over),
        Note::MacEqual { over, added } => notes::mac_equal_with_more(lang, *over, *added),
        Note::MacDiffers { .. } => notes::mac_differs(lang),
        Note::AnsweredBefore => notes::answered_before(lang),
        Note::UnknownChallenge => notes::unknown_challenge(lang),
        Note::AnswersWithKey { scheme } => notes::answers_with_key(lang, scheme.as_str()),
        Note::GuessesKey { scheme } => notes::guesses_key(lang, scheme.as_str()),
        Note::AnswersWithText { text } => notes::answers_with_text(lang, &quoted(text)),
        Note::Replays => notes::replays(lang),
        Note::Forges { heard, adds } => notes::forges(lang, *heard, &quoted(adds)),
        Note::WasAccepted => notes::was_accepted(lang),
        Note::WasRefused => notes::was_refused(lang),
        Note::WaitsForEither { other } => notes::waits_for_either(lang, other.as_str()),
    }
}

/// Words of a program, set apart from the sentence.
fn code(text: &NoteText) -> String {
    format!("`{}`", text.as_str())
}

fn quoted(text: &NoteText) -> String {
    format!("\"{}\"", text.as_str())
}
