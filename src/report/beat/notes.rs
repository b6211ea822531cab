//! What a program says of itself, in words.

use super::super::Look;
use crate::story::sentences;
use crate::trace::Note;
use crate::trace::note::{NameFault, NoteText};
use crate::words::{self, Lang, errors, notes};

/// A note, in one sentence.
pub fn sentence(note: &Note, look: &Look) -> String {
    let lang = look.lang;
    let few = |count: u32| words::bytes(lang, count.into());
    let size = |count: &u64| size(lang, *count);
    let digest = |digest: &Option<NoteText>| {
        let short = digest.as_ref().map(|digest| short(digest, look));
        short.unwrap_or_else(|| notes::without_digest(lang))
    };
    match note {
        Note::Hashing { done, of } => notes::hashing(lang, &size(done), &size(of)),
        Note::SendsFile {
            name,
            size: length,
            digest: of,
        } => notes::sends_file(lang, &quoted(name, look), &size(length), &digest(of)),
        Note::Flips { at } => notes::flips(lang, &words::grouped(at.saturating_add(1))),
        Note::FileShrank { sent, of } => notes::file_shrank(lang, &size(sent), &size(of)),
        Note::FileGrew { of } => notes::file_grew(lang, &size(of)),
        Note::HeaderSays {
            name,
            size: length,
            digest: of,
        } => notes::header_says(lang, &quoted(name, look), &size(length), &digest(of)),
        Note::NameRefused { name, because } => {
            notes::name_refused(lang, &quoted(name, look), &name_fault(*because, lang))
        }
        Note::CommandRefused => notes::command_refused(lang),
        Note::NoRoom { size: length, free } => notes::no_room(lang, &size(length), &size(free)),
        Note::CannotWrite { error } => notes::cannot_write(lang, &errors::recorded(lang, error.as_str())),
        Note::Progress { done, of } => {
            let percent = done.saturating_mul(100) / (*of).max(1);
            notes::progress(lang, &size(done), &size(of), percent)
        }
        Note::TookTooMuch { name, took, of, text } => {
            notes::took_too_much(lang, &quoted(name, look), &size(took), &size(of), &quoted(text, look))
        }
        Note::DigestEqual { digest } => notes::digest_equal(lang, &short(digest, look)),
        Note::DigestDiffers { said, found } => notes::digest_differs(lang, &short(said, look), &short(found, look)),
        Note::NotHashed => notes::not_hashed(lang),
        Note::Kept { name, size: length } => notes::kept(lang, &quoted(name, look), &size(length)),
        Note::NotKept { got } => notes::not_kept(lang, &size(got)),
        // What a progress note takes is next to nothing, and what showing it takes is not measured: it is not told.
        Note::Cost { hashing_ns, of_ns, .. } => {
            let [hashing, of] = [hashing_ns, of_ns].map(|time| words::millis_or_under(lang, *time));
            match hashing_ns {
                0 => notes::cost_without_digest(lang, &of),
                _ => notes::cost(lang, &hashing, &of),
            }
        }
        Note::Puts { name, size: length } => notes::puts(lang, &quoted(name, look), &size(length)),
        Note::IsSilent { ms } => notes::is_silent(lang, &words::grouped(*ms)),
        Note::Dies { sent, of } => notes::dies(lang, &words::grouped(*sent), &size(of)),
        Note::Unanswered { files } => notes::unanswered(lang, *files),
        Note::FolderHolds { files } if files.as_str().is_empty() => notes::folder_empty(lang),
        Note::FolderHolds { files } => notes::folder_holds(lang, &words::names(lang, files.as_str())),
        Note::Runs { command, line } => notes::runs(lang, &quoted(command, look), &code(line)),
        Note::Ended {
            command,
            status,
            out,
            err,
        } => notes::ended(lang, &quoted(command, look), *status, &size(out), &size(err)),
        Note::NotFound { command } => notes::not_found(lang, &quoted(command, look)),
        Note::Killed { command, after_ms } => notes::killed(lang, &quoted(command, look), &words::grouped(*after_ms)),
        Note::OverLimit { command, limit } => notes::over_limit(lang, &quoted(command, look), &size(limit)),
        Note::Takes { command, bytes, text } => {
            let mut shown = sentences::quoted(text.as_str().as_bytes());
            if *bytes > text.as_str().len() as u64 {
                shown += look.glyphs.ellipsis;
            }
            notes::takes(lang, &quoted(command, look), &size(bytes), &shown)
        }
        Note::Reply {
            command,
            status,
            out,
            err,
        } => notes::reply(lang, &quoted(command, look), *status, &size(out), &size(err)),
        Note::Asks { text } => notes::asks(lang, &quoted(text, look)),
        Note::Answered { text } => notes::answered(lang, &quoted(text, look)),
        Note::Served { request, text } => notes::served(lang, *request, &quoted(text, look)),
        Note::ClientLeft { requests } => notes::client_left(lang, *requests),
        Note::ChallengeSent { bytes, begins } => {
            notes::challenge_sent(lang, *bytes, &format!("{}{}", begins.as_str(), look.glyphs.ellipsis))
        }
        Note::MacEqual { over, added: 0 } => notes::mac_equal(lang, &few(*over)),
        Note::MacEqual { over, added } => notes::mac_equal_with_more(lang, &few(*over), &few(*added)),
        Note::MacDiffers { .. } => notes::mac_differs(lang),
        Note::OtherChallenge => notes::other_challenge(lang),
        Note::AnsweredBefore => notes::answered_before(lang),
        Note::UnknownChallenge => notes::unknown_challenge(lang),
        Note::AnswersWithKey { scheme } => notes::answers_with_key(lang, scheme.as_str()),
        Note::GuessesKey { scheme } => notes::guesses_key(lang, scheme.as_str()),
        Note::AnswersWithText { text } => notes::answers_with_text(lang, &quoted(text, look)),
        Note::Replays => notes::replays(lang),
        Note::Forges { heard, adds } => notes::forges(lang, &few(*heard), &quoted(adds, look)),
        Note::WasAccepted => notes::was_accepted(lang),
        Note::WasRefused => notes::was_refused(lang),
        Note::WaitsForEither { other } => notes::waits_for_either(lang, &words::subject(lang, other.as_str())),
    }
}

/// Words of a program, set apart from the sentence.
fn code(text: &NoteText) -> String {
    format!("`{}`", text.as_str())
}

/// So many bytes; of many in MiB, so that two of them can be compared at a glance.
fn size(lang: Lang, count: u64) -> String {
    const MIB: u64 = 1 << 20;
    if count < 4 * MIB {
        return words::bytes(lang, count);
    }
    let tenths = (u128::from(count) * 10 + u128::from(MIB) / 2) / u128::from(MIB);
    let whole = u64::try_from(tenths / 10).unwrap_or(u64::MAX);
    format!("{}.{} MiB", words::grouped(whole), tenths % 10)
}

/// A digest and which one it is, as far as two people read it to each other.
fn short(digest: &NoteText, look: &Look) -> String {
    const SEEN: usize = 8;
    let (name, digits) = digest.as_str().split_once(' ').unwrap_or(("", digest.as_str()));
    let seen: String = digits.chars().take(SEEN).collect();
    let rest = digits.chars().count() > SEEN;
    let rest = if rest { look.glyphs.ellipsis } else { "" };
    format!("{name} {seen}{rest}")
}

/// Why a name is refused.
#[must_use]
pub fn name_fault(fault: NameFault, lang: Lang) -> String {
    match fault {
        NameFault::Empty => notes::name_empty(lang),
        NameFault::Itself => notes::name_itself(lang),
        NameFault::Above => notes::name_above(lang),
        NameFault::Absolute => notes::name_absolute(lang),
        NameFault::Nested => notes::name_nested(lang),
        NameFault::Control => notes::name_control(lang),
        NameFault::TooLong => notes::name_too_long(lang),
    }
}

fn quoted(text: &NoteText, look: &Look) -> String {
    // A text that was cut says so with a character that not every terminal has.
    match text.as_str().strip_suffix('…') {
        Some(kept) => format!("\"{kept}{}\"", look.glyphs.ellipsis),
        None => format!("\"{}\"", text.as_str()),
    }
}
