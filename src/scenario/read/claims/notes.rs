//! Claims about what programs note.

use toml::de::DeValue;

use super::super::MOST_NOTES;
use super::super::fields::{Fields, Notes, Value};
use super::super::steps::{Surroundings, endpoint};
use super::named_endpoint;
use crate::scenario::problem::{ClaimProblem, Counted, Wanted};
use crate::scenario::{Claim, Named, NoteName};

/// `notes = { endpoint = "server", are = ["served", "served"] }`, or `notes = ["server-1 served", "server-2 served"]`.
pub(super) fn made(value: &Value<'_>, around: Surroundings<'_>, notes: &mut Notes<'_>) -> Option<Claim> {
    match value.get_ref() {
        DeValue::Array(_) => {
            // Of no notes at all it could not be false.
            let items = notes.list(value, Counted::Notes, 1..=MOST_NOTES)?;
            let all: Vec<_> = items.iter().map(|item| note_of(item, around, notes)).collect();
            return Some(Claim::NotesOfAll(all.into_iter().collect::<Option<_>>()?));
        }
        DeValue::Table(_) => {}
        _ => return notes.wrong_type(value, Wanted::NotesMade),
    }
    let mut fields = Fields::open(value, &["endpoint", "are"], Wanted::NotesMade, notes)?;
    let who = named_endpoint(&mut fields, around, notes);
    let are = fields.need("are").and_then(|value| {
        let all: Vec<_> = notes.items(value)?.iter().map(|item| notes.named(item)).collect();
        all.into_iter().collect::<Option<_>>()
    });
    fields.close(notes);
    Some(Claim::Notes {
        endpoint: who?,
        are: are?,
    })
}

/// `"server-1 served"`.
fn note_of(value: &Value<'_>, around: Surroundings<'_>, notes: &mut Notes<'_>) -> Option<(usize, NoteName)> {
    let text = notes.string(value, Wanted::String)?;
    let Some((who, note)) = text.split_once(' ') else {
        let text = text.to_owned();
        return notes.note(value.span(), ClaimProblem::BadNote { text });
    };
    let (who_span, note_span) = match notes.offset(&value.span(), text) {
        Some(offset) => (offset..offset + who.len(), offset + who.len() + 1..offset + text.len()),
        None => (value.span(), value.span()),
    };
    let who = endpoint(who, who_span, around.endpoints.names.as_ref()?, notes);
    let note = notes.among(note, note_span, NoteName::NAMES);
    Some((who?, note?))
}

pub(super) fn noted(value: &Value<'_>, around: Surroundings<'_>, notes: &mut Notes<'_>) -> Option<Claim> {
    let mut fields = Fields::open(value, &["endpoint", "note"], Wanted::Table, notes)?;
    let who = named_endpoint(&mut fields, around, notes);
    let note = fields.need("note").and_then(|value| notes.named(value));
    fields.close(notes);
    Some(Claim::Noted {
        endpoint: who?,
        note: note?,
    })
}
