//! A program that does not wait for room: it calls `send` with MSG_DONTWAIT and has to look at the count.

use crate::endpoint::{Endpoint, EndpointError, Message};
use crate::scenario::SendMode;

/// Sends a message without waiting in the call; `rest` says what the program does with the bytes that were not taken.
///
/// # Errors
/// If the call fails with something else than EAGAIN, or the run is over.
pub fn send(endpoint: &Endpoint<'_>, bytes: &[u8], rest: SendMode) -> Result<(), EndpointError> {
    let mut message = Message::new(bytes, 0);
    while !message.is_handed_over() {
        let had_room = attempt(endpoint, &mut message)?;
        match rest {
            SendMode::Forget => break,
            SendMode::Retry if !had_room => break,
            SendMode::Loop if !had_room => endpoint.wait_for_room()?,
            _ => {}
        }
    }
    endpoint.abandon(&message);
    Ok(())
}

/// One call; whether there was room for anything. That there was none is an answer, which the trace has.
fn attempt(endpoint: &Endpoint<'_>, message: &mut Message<'_>) -> Result<bool, EndpointError> {
    match endpoint.try_send(message) {
        Err(EndpointError::Failed { source, .. }) if source.kind() == std::io::ErrorKind::WouldBlock => Ok(false),
        sent => sent.map(|taken| taken > 0),
    }
}
