//! What programs noted, in words.

use super::{claim, nothing_or};
use crate::scenario::{Claim, Named};
use crate::story::Story;
use crate::story::verdict::{Because, Finding, Outcome};
use crate::trace::EndpointId;
use crate::words::notes::short;
use crate::words::{self, Lang, findings};

/// What programs noted, or did not.
pub(super) fn sentence(story: &Story, finding: &Finding, lang: Lang) -> String {
    let met = finding.outcome == Outcome::Held;
    let name = |endpoint: EndpointId| words::subject(lang, story.name(endpoint));
    let of = |(endpoint, note): (EndpointId, &str)| {
        let (who, note) = (name(endpoint), short(lang, note));
        match lang {
            Lang::En => format!("{who}: {note}"),
            Lang::Zh => who + note,
        }
    };
    let id = |endpoint: usize| EndpointId(u8::try_from(endpoint).unwrap_or(u8::MAX));
    match (&finding.because, claim(finding)) {
        (Because::Notes(who, seen), Some(Claim::Notes { are, .. })) => {
            let seen = nothing_or(seen.iter().map(|note| short(lang, note).to_owned()), lang);
            let expected = nothing_or(are.iter().map(|note| short(lang, note.name()).to_owned()), lang);
            if met {
                findings::notes_were(lang, &name(*who), &seen)
            } else {
                findings::notes_were_not(lang, &name(*who), &seen, &expected)
            }
        }
        (Because::NotesOfAll(seen), Some(Claim::NotesOfAll(all))) => {
            let seen = nothing_or(seen.iter().map(|one| of(*one)), lang);
            let expected = all.iter().map(|(endpoint, note)| of((id(*endpoint), note.name())));
            if met {
                findings::notes_came(lang, &seen)
            } else {
                findings::notes_came_not(lang, &seen, &nothing_or(expected, lang))
            }
        }
        (Because::Noted(who, note), _) if met => findings::noted(lang, &name(*who), short(lang, note.name())),
        (Because::Noted(who, note), _) => findings::not_noted(lang, &name(*who), short(lang, note.name())),
        _ => String::new(),
    }
}
