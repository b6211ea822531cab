//! A client's exchange with a server: one request, one answer.

use std::time::Duration;

use super::{Finish, frames};
use crate::endpoint::{Endpoint, EndpointError};
use crate::framing::Codec;
use crate::scenario::program::LONGEST_ANSWER;
use crate::trace::Note;
use crate::trace::note::NoteText;

/// Sends a request, having said nothing for a while, and reads the answer; both are frames. The connection stays, for
/// the next request.
///
/// # Errors
/// If a call fails or the run is over.
pub fn ask(endpoint: &Endpoint<'_>, text: &str, after: Duration) -> Result<Finish, EndpointError> {
    if !after.is_zero() {
        endpoint.stage_note(Note::IsSilent {
            ms: u64::try_from(after.as_millis()).unwrap_or(u64::MAX),
        })?;
        endpoint.dawdle(after)?;
    }
    let codec = Codec::network(LONGEST_ANSWER.into());
    endpoint.note(Note::Asks {
        text: NoteText::new(text),
    })?;
    frames::write_body(endpoint, codec, text.as_bytes())?;
    match frames::read_exactly(endpoint, codec, None)? {
        Ok(answer) => {
            endpoint.note(Note::Answered {
                text: NoteText::new(&String::from_utf8_lossy(&answer)),
            })?;
            Ok(Finish::Done)
        }
        Err(fault) => {
            endpoint.give_up(fault);
            Ok(Finish::GaveUp)
        }
    }
}
