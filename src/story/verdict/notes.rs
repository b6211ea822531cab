//! Decides claims about what programs noted.

use super::decide::{Decision, held_if, id};
use super::{Because, Evidence};
use crate::scenario::{Named, NoteName};
use crate::trace::{EndpointId, What};

impl Evidence<'_> {
    /// Exactly these notes by this endpoint.
    pub(super) fn notes_are(&self, endpoint: EndpointId, are: &[NoteName]) -> Decision {
        let own = self.notes().filter(|(who, _)| *who == endpoint);
        let seen: Vec<_> = own.map(|(_, note)| note).collect();
        let same = seen.iter().copied().eq(are.iter().map(|note| note.name()));
        (held_if(same), Because::Notes(endpoint, seen))
    }

    /// Of the notes with these names exactly these.
    pub(super) fn notes_of_all(&self, expected: &[(usize, NoteName)]) -> Decision {
        let counts = |note: &str| expected.iter().any(|(_, other)| other.name() == note);
        let seen: Vec<_> = self.notes().filter(|(_, note)| counts(note)).collect();
        let expected = expected.iter().map(|(endpoint, note)| (id(*endpoint), note.name()));
        (held_if(seen.iter().copied().eq(expected)), Because::NotesOfAll(seen))
    }

    /// Every note, with who made it.
    pub(super) fn notes(&self) -> impl Iterator<Item = (EndpointId, &'static str)> {
        self.trace.events.iter().filter_map(|event| match &event.what {
            What::Note { note } => Some((event.endpoint, note.name())),
            _ => None,
        })
    }
}
