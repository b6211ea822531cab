//! What programs noted, in words.

use super::nothing_or;
use crate::scenario::{Claim, Named, NoteName};
use crate::story::Story;
use crate::trace::EndpointId;
use crate::words::notes::short;
use crate::words::{self, Lang, findings};

/// What the programs of an endpoint noted.
pub(super) fn notes(
    story: &Story,
    who: EndpointId,
    seen: &[&'static str],
    claim: Option<&Claim>,
    met: bool,
    lang: Lang,
) -> String {
    let who = name(story, who, lang);
    let seen = nothing_or(seen.iter().map(|note| short(lang, note).to_owned()), lang);
    match claim {
        Some(Claim::Notes { are, .. }) if !met => {
            let expected = nothing_or(are.iter().map(|note| short(lang, note.name()).to_owned()), lang);
            findings::notes_were_not(lang, &who, &seen, &expected)
        }
        _ => findings::notes_were(lang, &who, &seen),
    }
}

/// What all of them noted.
pub(super) fn notes_of_all(
    story: &Story,
    seen: &[(EndpointId, &'static str)],
    claim: Option<&Claim>,
    met: bool,
    lang: Lang,
) -> String {
    let of = |(endpoint, note): (EndpointId, &str)| {
        let (who, note) = (name(story, endpoint, lang), short(lang, note));
        match lang {
            Lang::En => format!("{who}: {note}"),
            Lang::Zh => who + note,
        }
    };
    let id = |endpoint: usize| EndpointId(u8::try_from(endpoint).unwrap_or(u8::MAX));
    let seen = nothing_or(seen.iter().map(|one| of(*one)), lang);
    match claim {
        Some(Claim::NotesOfAll(all)) if !met => {
            let expected = all.iter().map(|(endpoint, note)| of((id(*endpoint), note.name())));
            findings::notes_came_not(lang, &seen, &nothing_or(expected, lang))
        }
        _ => findings::notes_came(lang, &seen),
    }
}

/// An endpoint made a note, or did not.
pub(super) fn noted(story: &Story, who: EndpointId, note: NoteName, met: bool, lang: Lang) -> String {
    let (who, note) = (name(story, who, lang), short(lang, note.name()));
    if met {
        findings::noted(lang, &who, note)
    } else {
        findings::not_noted(lang, &who, note)
    }
}

fn name(story: &Story, endpoint: EndpointId, lang: Lang) -> String {
    words::subject(lang, story.name(endpoint))
}
