//! A client that has a command run on the other side and shows what comes back.

use super::super::{Finish, frames};
use super::reply;
use crate::endpoint::{Endpoint, EndpointError};
use crate::framing::Codec;
use crate::scenario::program::commands::{LONGEST_COMMAND, ONE_READ, ReadsPerReply, ReplyHeader};
use crate::trace::Note;
use crate::trace::note::NoteText;

/// Names a command and reads the reply. The connection stays, for the next one.
///
/// # Errors
/// If a call fails or the run is over.
pub fn ask(
    endpoint: &Endpoint<'_>,
    command: &str,
    header: ReplyHeader,
    reads: ReadsPerReply,
) -> Result<Finish, EndpointError> {
    let name = NoteText::new(command);
    endpoint.note(Note::Asks { text: name.clone() })?;
    if header == ReplyHeader::None {
        reply::send_bare(endpoint, command.as_bytes())?;
        return take(endpoint, name, reads);
    }
    frames::write_body(endpoint, Codec::network(LONGEST_COMMAND.into()), command.as_bytes())?;
    match reply::read(endpoint, header)? {
        Ok(reply) => {
            endpoint.note(Note::Reply {
                command: name,
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
fn take(endpoint: &Endpoint<'_>, command: NoteText, reads: ReadsPerReply) -> Result<Finish, EndpointError> {
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
    })?;
    Ok(Finish::Done)
}

/// The beginning of a reply, short enough to be told in a sentence.
fn beginning(bytes: &[u8]) -> NoteText {
    let text = String::from_utf8_lossy(bytes);
    let shown: String = text.chars().take(SHOWN).collect();
    NoteText::new(&shown)
}

/// Characters of a reply that are told.
const SHOWN: usize = 32;
