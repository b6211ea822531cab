//! What each read returned: of which messages, and what that makes it.

use super::peer;
use super::pieces::{Flows, Piece};
use crate::scenario::Reading;
use crate::trace::{EndpointId, Event, Trace, What};

/// A `recv` that returned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    /// Index of its event in the trace.
    pub event: usize,
    /// Who read.
    pub endpoint: EndpointId,
    /// Room in the buffer, in bytes.
    pub asked: u64,
    /// Bytes returned.
    pub returned: u64,
    /// Where the first lies in the other side's flow.
    pub start: u64,
    /// Of which messages.
    pub pieces: Vec<Piece>,
    /// What that makes it.
    pub reading: Reading,
    /// Bytes of the datagram that did not fit and are gone.
    pub lost: u64,
    /// All of it is of a file that a header before it has announced.
    pub of_file: bool,
}

/// All reads of a trace, in order.
#[must_use]
pub fn reads(trace: &Trace, flows: &Flows) -> Vec<Read> {
    let datagrams = !trace.head.is_stream();
    let read = |(index, event): (usize, &Event)| {
        let What::Recv {
            asked,
            returned,
            start,
            message,
            datagram,
        } = event.what
        else {
            return None;
        };
        let sender = peer(event.endpoint);
        let pieces = flows.pieces(sender, start, start + returned);
        // Where the system does not tell a datagram's length, the message that was sent does.
        let sent = message
            .and_then(|number| flows.message(number))
            .map(|(_, message)| message.bytes.len);
        let lost = datagram
            .or(sent)
            .filter(|_| datagrams)
            .unwrap_or(returned)
            .saturating_sub(returned);
        // An empty datagram is a message; that there will be none any more is not.
        let reading = classify(message.is_some(), returned, lost, &pieces);
        Some(Read {
            event: index,
            endpoint: event.endpoint,
            asked,
            returned,
            start,
            pieces,
            reading,
            lost,
            of_file: false,
        })
    };
    trace.events.iter().enumerate().filter_map(read).collect()
}

/// What a read is, from the pieces it returned.
#[must_use]
pub fn classify(is_message: bool, returned: u64, lost: u64, pieces: &[Piece]) -> Reading {
    match pieces {
        _ if lost > 0 => Reading::Truncated,
        [] if returned == 0 && is_message => Reading::Empty,
        [] if returned == 0 => Reading::EndOfStream,
        [piece] if piece.is_whole() => Reading::Whole,
        [_] | [] => Reading::Partial,
        _ => Reading::Stuck,
    }
}
