//! A server's side of one connection: each request gets its answer, until the client leaves.

use super::{Finish, frames};
use crate::endpoint::{Endpoint, EndpointError};
use crate::framing::{ByteOrder, Fault, LengthPrefix};
use crate::scenario::Writes;
use crate::trace::note::NoteText;
use crate::trace::{FrameFault, Note};

/// Answers each request in upper case. Requests and answers are frames; a request longer than `limit` bytes is refused.
///
/// # Errors
/// If a call fails or the run is over.
pub fn serve(endpoint: &Endpoint<'_>, limit: u32) -> Result<Finish, EndpointError> {
    let order = ByteOrder::Big;
    let mut requests = 0;
    loop {
        let request = match frames::read_exactly(endpoint, LengthPrefix { order, limit })? {
            Ok(request) => String::from_utf8_lossy(&request).into_owned(),
            Err(Fault::ShortHeader { got: 0 }) => {
                endpoint.note(Note::ClientLeft { requests })?;
                return Ok(Finish::Done);
            }
            Err(fault) => {
                endpoint.give_up(FrameFault::from(fault));
                return Ok(Finish::GaveUp);
            }
        };
        let answer = request.to_uppercase();
        frames::write_body(endpoint, order, answer.as_bytes(), Writes::One)?;
        requests += 1;
        let text = NoteText::new(&request);
        endpoint.note(Note::Served {
            request: requests,
            text,
        })?;
    }
}
