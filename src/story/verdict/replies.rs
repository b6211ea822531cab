//! Decides to which commands the bytes belong that a client takes for a reply.

use std::collections::HashMap;

use super::super::peer;
use super::decide::{Decision, held_if};
use super::{Because, Evidence};
use crate::trace::{EndpointId, Note, What};

/// What a client read between one of its commands and the next: what it takes for the reply.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Taken {
    /// The command.
    pub command: String,
    /// Of which commands' replies, in the order in which it was read.
    pub of: Vec<Share>,
}

/// Bytes of the reply to one command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// To which, counted from 1.
    pub command: usize,
    /// How many.
    pub bytes: u64,
}

impl Evidence<'_> {
    /// Of which commands' replies is what this client takes for the reply to each.
    pub(super) fn replies_are(&self, endpoint: EndpointId, expected: &[Vec<u32>]) -> Decision {
        let seen = self.taken(endpoint);
        let same = seen.len() == expected.len()
            && seen.iter().zip(expected).all(|(seen, expected)| {
                let of = seen.of.iter().map(|share| share.command as u64);
                of.eq(expected.iter().map(|command| u64::from(*command)))
            });
        (held_if(same), Because::Replies(endpoint, seen))
    }

    /// A message of the server belongs to the command that it took up last.
    fn taken(&self, client: EndpointId) -> Vec<Taken> {
        let server = peer(client);
        let mut taken: Vec<Taken> = Vec::new();
        let mut command_of = HashMap::new();
        let mut command = 0;
        for event in &self.trace.events {
            match &event.what {
                What::Note { note } if event.endpoint == server => {
                    command += usize::from(matches!(note, Note::Runs { .. } | Note::NotFound { .. }));
                }
                What::Message { message, .. } if event.endpoint == server => {
                    command_of.insert(*message, command);
                }
                What::Note {
                    note: Note::Asks { text },
                } if event.endpoint == client => taken.push(Taken {
                    command: text.as_str().to_owned(),
                    of: Vec::new(),
                }),
                What::Recv {
                    start,
                    returned,
                    message,
                    ..
                } if event.endpoint == client => {
                    let Some(last) = taken.last_mut() else { continue };
                    let pieces = self.flows.pieces(server, *start, start + returned);
                    let read = pieces.iter().map(|piece| (piece.message, piece.to - piece.from));
                    // An empty datagram is of a command, too.
                    let empty = message.filter(|_| *returned == 0).map(|message| (message, 0));
                    for (message, bytes) in read.chain(empty) {
                        last.add(command_of.get(&message).copied().unwrap_or_default(), bytes);
                    }
                }
                _ => {}
            }
        }
        taken
    }
}

impl Taken {
    fn add(&mut self, command: usize, bytes: u64) {
        match self.of.last_mut().filter(|share| share.command == command) {
            Some(share) => share.bytes += bytes,
            None => self.of.push(Share { command, bytes }),
        }
    }
}
