//! A server's side of one connection: each request gets its answer, until the client leaves. Whatever a client does, the
//! server is alive afterwards and can serve the next one.

use std::time::Duration;

use super::{Finish, frames};
use crate::endpoint::{Endpoint, EndpointError};
use crate::framing::Codec;
use crate::trace::note::NoteText;
use crate::trace::{FrameFault, Note};

/// Answers each request in upper case. Requests and answers are frames; a request longer than `limit` bytes is refused,
/// and one that is not whole in time is given up.
///
/// # Errors
/// If a call fails or the run is over.
pub fn serve(endpoint: &Endpoint<'_>, limit: u32, patience: Option<Duration>) -> Result<Finish, EndpointError> {
    let codec = Codec::network(limit.into());
    let mut requests = 0;
    loop {
        let request = match frames::read_exactly(endpoint, codec, patience)? {
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

/// A server is done with its client: it has left, or what came is no request, and then the connection is closed.
pub(super) fn ends(endpoint: &Endpoint<'_>, fault: FrameFault, requests: u32) -> Result<Finish, EndpointError> {
    if fault == FrameFault::EndOfStream {
        endpoint.note(Note::ClientLeft { requests })?;
        return Ok(Finish::Done);
    }
    endpoint.give_up(fault);
    endpoint.close()?;
    Ok(Finish::Done)
}
