//! Reads two streams together, whichever has something: what a parent must do with both pipes of a child.

use super::Finish;
use crate::endpoint::{Endpoint, EndpointError};
use crate::trace::Note;
use crate::trace::note::NoteText;

/// Reads both to their ends. Whatever a poll(2) finds is read once; then it polls again.
///
/// # Errors
/// If a call fails or the run is over.
pub fn read_both(one: &Endpoint<'_>, other: &Endpoint<'_>) -> Result<Finish, EndpointError> {
    let mut buffer = vec![0; MOST];
    let mut open = [true; 2];
    while open == [true; 2] {
        let note = Note::WaitsForEither {
            other: NoteText::new(other.name()),
        };
        let ready = one.wait_for_either(other, note)?;
        for (index, endpoint) in [one, other].into_iter().enumerate() {
            if ready[index] && endpoint.recv(&mut buffer)? == 0 {
                open[index] = false;
            }
        }
    }
    // Of the two one is left, and a plain recv waits for it.
    for (_, endpoint) in [one, other].into_iter().enumerate().filter(|(index, _)| open[*index]) {
        while endpoint.recv(&mut buffer)? > 0 {}
    }
    Ok(Finish::Done)
}

/// Most bytes of one `recv`: what a pipe holds on most machines.
const MOST: usize = 65_536;
