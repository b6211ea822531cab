//! Receives one file: a header, then the body in pieces, then the comparison.

use super::incoming::{self, Fate, How, Spent};
use super::{Finish, frames, header};
use crate::endpoint::{Endpoint, EndpointError};
use crate::folder::Folder;
use crate::framing::Codec;
use crate::scenario::program::{BodyReader, LONGEST_ANSWER, ReceiveFile};
use crate::trace::note::NoteText;
use crate::trace::{FrameFault, Note};

/// Receives a file into the folder of the run, and says to the other side what became of it.
///
/// # Errors
/// If a call fails or the run is over.
pub fn receive_file(endpoint: &Endpoint<'_>, folder: &Folder, receiving: ReceiveFile) -> Result<Finish, EndpointError> {
    let began = endpoint.now();
    let header = match header::read(endpoint, receiving.patience)? {
        Ok(header) => header,
        Err(fault) => return Ok(gives_up(endpoint, fault)),
    };
    endpoint.note(Note::HeaderSays {
        name: NoteText::new(&header.name),
        size: header.size,
        digest: incoming::digest(&header),
    })?;
    if !incoming::is_good_name(endpoint, &header.name)? {
        return Ok(Finish::GaveUp);
    }
    let (length, limit) = (header.size, receiving.limit);
    if length > limit {
        return Ok(gives_up(endpoint, FrameFault::OverLimit { length, limit }));
    }
    let how = How {
        reader: BodyReader::Exact,
        chunk: receiving.chunk,
        patience: receiving.patience,
        tells: true,
    };
    let mut spent = Spent::default();
    let fate = incoming::receive(endpoint, folder, &header, how, &mut spent)?;
    let answer = match fate {
        Fate::Kept => "kept",
        Fate::Differs => "refused: the digest differs",
        Fate::Fault(_) => return Ok(Finish::GaveUp),
    };
    endpoint.note(Note::Cost {
        hashing_ns: spent.hashing,
        telling_ns: spent.telling,
        of_ns: endpoint.now() - began,
    })?;
    frames::write_body(endpoint, Codec::network(LONGEST_ANSWER.into()), answer.as_bytes())?;
    Ok(Finish::Done)
}

fn gives_up(endpoint: &Endpoint<'_>, fault: FrameFault) -> Finish {
    endpoint.give_up(fault);
    Finish::GaveUp
}
