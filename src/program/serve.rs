//! A server's side of one connection: each request gets its answer, until the client leaves.

use super::{Finish, frames};
use crate::endpoint::{Endpoint, EndpointError};
use crate::framing::Codec;
use crate::trace::note::NoteText;
use crate::trace::{FrameFault, Note};

/// Answers each request in upper case. Requests and answers are frames; a request longer than `limit` bytes is refused.
///
/// # Errors
/// If a call fails or the run is over.
pub fn serve(endpoint: &Endpoint<'_>, limit: u32) -> Result<Finish, EndpointError> {
    let codec = Codec::network(limit.into());
    let mut requests = 0;
    loop {
        let request = match frames::read_exactly(endpoint, codec, &mut Vec::new())? {
            Ok(request) => String::from_utf8_lossy(&request).into_owned(),
            Err(FrameFault::EndOfStream) => {
                endpoint.note(Note::ClientLeft { requests })?;
                return Ok(Finish::Done);
            }
            Err(fault) => {
                endpoint.give_up(fault);
                return Ok(Finish::GaveUp);
            }
        };
        let answer = request.to_uppercase();
        frames::write_body(endpoint, codec, answer.as_bytes())?;
        requests += 1;
        let text = NoteText::new(&request);
        endpoint.note(Note::Served {
            request: requests,
            text,
        })?;
    }
}
