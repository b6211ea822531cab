//! Decides to which commands the bytes belong that a client takes for a reply.

use std::collections::HashMap;

use super::super::peer;
use super::super::pieces::Piece;
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
    /// How many of them are headers, which say how long what follows is.
    pub headers: u64,
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
        // Two may be asked for before the first is answered: what is read belongs to the first that is not.
        let mut answered = 0;
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
                What::Note {
                    note: Note::Takes { .. } | Note::Reply { .. },
                } if event.endpoint == client => answered += 1,
                What::Recv {
                    start,
                    returned,
                    message,
                    ..
                } if event.endpoint == client => {
                    let Some(now) = taken.get_mut(answered) else { continue };
                    let pieces = self.flows.pieces(server, *start, start + returned);
                    let read = pieces.iter().map(|piece| {
                        let bytes = piece.to - piece.from;
                        (piece.message, bytes, self.headers(piece))
                    });
                    // An empty datagram is of a command, too.
                    let empty = message.filter(|_| *returned == 0).map(|message| (message, 0, 0));
                    for (message, bytes, headers) in read.chain(empty) {
                        let command = command_of.get(&message).copied().unwrap_or_default();
                        now.add(Share {
                            command,
                            bytes,
                            headers,
                        });
                    }
                }
                _ => {}
            }
        }
        taken
    }

    /// How many bytes of a piece belong to the headers of its message.
    fn headers(&self, piece: &Piece) -> u64 {
        let message = self.flows.message(piece.message);
        let end = message.map_or(0, |(_, message)| message.header + message.json);
        piece.to.min(end).saturating_sub(piece.from)
    }
}

impl Taken {
    fn add(&mut self, more: Share) {
        match self.of.last_mut().filter(|share| share.command == more.command) {
            Some(share) => {
                share.bytes += more.bytes;
                share.headers += more.headers;
            }
            None => self.of.push(more),
        }
    }
}
