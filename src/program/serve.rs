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
            Err(fault) => return ends(endpoint, fault, requests),
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

/// A server ends: its client has left, or what came is no request.
pub(super) fn ends(endpoint: &Endpoint<'_>, fault: FrameFault, requests: u32) -> Result<Finish, EndpointError> {
    if fault == FrameFault::EndOfStream {
        endpoint.note(Note::ClientLeft { requests })?;
        return Ok(Finish::Done);
    }
    endpoint.give_up(fault);
    Ok(Finish::GaveUp)
}
