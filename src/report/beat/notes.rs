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
        Note::ChallengeSent { bytes, begins } => notes::challenge_sent(lang, *bytes, begins.as_str()),
        Note::DigestEqual { over, added: 0 } => notes::digest_equal(lang, *over),
        Note::DigestEqual { over, added } => notes::digest_equal_with_more(lang, *over, *added),
        Note::DigestDiffers { .. } => notes::digest_differs(lang),
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

fn quoted(text: &NoteText) -> String {
    format!("\"{}\"", text.as_str())
}
