//! A client's exchange with a server: one request, one answer.

use super::{Finish, frames};
use crate::endpoint::{Endpoint, EndpointError};
use crate::framing::{ByteOrder, LengthPrefix};
use crate::scenario::Writes;
use crate::scenario::program::LONGEST_ANSWER;
use crate::trace::note::NoteText;
use crate::trace::{FrameFault, Note};

/// Sends a request and reads the answer; both are frames. The connection stays, for the next request.
///
/// # Errors
/// If a call fails or the run is over.
pub fn ask(endpoint: &Endpoint<'_>, text: &str) -> Result<Finish, EndpointError> {
    let order = ByteOrder::Big;
    endpoint.note(Note::Asks {
        text: NoteText::new(text),
    })?;
    frames::write_body(endpoint, order, text.as_bytes(), Writes::One)?;
    let limit = LONGEST_ANSWER;
    match frames::read_exactly(endpoint, LengthPrefix { order, limit })? {
        Ok(answer) => {
            endpoint.note(Note::Answered {
                text: NoteText::new(&String::from_utf8_lossy(&answer)),
            })?;
            Ok(Finish::Done)
        }
        Err(fault) => {
            endpoint.give_up(FrameFault::from(fault));
            Ok(Finish::GaveUp)
        }
    }
}
