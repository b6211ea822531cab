//! A client that has a command run on the other side and shows what comes back.

use super::super::{Finish, frames};
use super::reply;
use crate::endpoint::{Endpoint, EndpointError};
use crate::framing::Codec;
use crate::scenario::program::commands::{LONGEST_COMMAND, ONE_READ, ReadsPerReply, ReplyHeader};
use crate::trace::Note;
use crate::trace::note::NoteText;

/// Names a command, or two at once, and reads the reply to each. The connection stays, for the next one.
///
/// # Errors
/// If a call fails or the run is over.
pub fn ask(
    endpoint: &Endpoint<'_>,
    command: &str,
    also: Option<&str>,
    (header, reads): (ReplyHeader, ReadsPerReply),
) -> Result<Finish, EndpointError> {
    let commands = || std::iter::once(command).chain(also);
    for command in commands() {
        endpoint.note(Note::Asks {
            text: NoteText::new(command),
        })?;
        match header {
            ReplyHeader::None => reply::send_bare(endpoint, command.as_bytes())?,
            ReplyHeader::Length | ReplyHeader::Json => {
                frames::write_body(endpoint, Codec::network(LONGEST_COMMAND.into()), command.as_bytes())?;
            }
        }
    }
    for command in commands() {
        let name = NoteText::new(command);
        if header == ReplyHeader::None {
            take(endpoint, name, reads)?;
        } else if let Finish::GaveUp = read(endpoint, name, header)? {
            return Ok(Finish::GaveUp);
        }
    }
    Ok(Finish::Done)
}

/// Reads a reply of which each part says how long it is.
fn read(endpoint: &Endpoint<'_>, command: NoteText, header: ReplyHeader) -> Result<Finish, EndpointError> {
    match reply::read(endpoint, header)? {
        Ok(reply) => {
            endpoint.note(Note::Reply {
                command,
                status: reply.status,
                out: reply.out.len() as u64,
                err: reply.err.len() as u64,
            })?;
            Ok(Finish::Done)
        }
        Err(fault) => {
            endpoint.give_up(fault);
            Ok(Finish::GaveUp)
        }
    }
}

/// The mistake: whatever so many calls of `recv` return is taken for the reply, all of it and nothing else.
fn take(endpoint: &Endpoint<'_>, command: NoteText, reads: ReadsPerReply) -> Result<(), EndpointError> {
    let mut taken = Vec::new();
    let times = match reads {
        ReadsPerReply::One => 1,
        ReadsPerReply::Two => 2,
    };
    for _ in 0..times {
        let mut buffer = [0; ONE_READ];
        let got = endpoint.recv(&mut buffer)?;
        taken.extend_from_slice(&buffer[..got]);
    }
    endpoint.note(Note::Takes {
        command,
        bytes: taken.len() as u64,
        text: beginning(&taken),
    })
}

/// The beginning of a reply, short enough to be told in a sentence.
fn beginning(bytes: &[u8]) -> NoteText {
    let text = String::from_utf8_lossy(bytes);
    let shown: String = text.chars().take(SHOWN).collect();
    NoteText::new(&shown)
}

/// Characters of a reply that are told.
const SHOWN: usize = 32;
