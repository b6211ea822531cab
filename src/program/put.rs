//! A client that puts files: each behind a header with a command, one answer for each.

use super::{Finish, frames, header};
use crate::digest::{Algorithm, Hasher};
use crate::endpoint::{Endpoint, EndpointError, Message, Parts};
use crate::framing::{Codec, FileHeader, HEADER};
use crate::scenario::program::{Dies, LONGEST_ANSWER, NameGiven, Put, SmallFile};
use crate::trace::note::NoteText;
use crate::trace::{FrameFault, Note};

/// Puts files and reads the answers. The connection stays, unless the client is to be gone.
///
/// # Errors
/// If a call fails or the run is over.
pub fn put(endpoint: &Endpoint<'_>, putting: &Put) -> Result<Finish, EndpointError> {
    let last = putting.files.len().saturating_sub(1);
    let mut owed = 0;
    for (index, file) in putting.files.iter().enumerate() {
        let name = if index == 0 { putting.name } else { NameGiven::Plain };
        let is_last = index == last && putting.dies != Dies::No;
        send(endpoint, file, name, putting, is_last)?;
        owed += u32::from(!is_last);
        if !putting.pipelined
            && let Some(finish) = answers(endpoint, &mut owed)?
        {
            return Ok(finish);
        }
    }
    if let Some(finish) = answers(endpoint, &mut owed)? {
        return Ok(finish);
    }
    if putting.dies != Dies::No {
        endpoint.close()?;
    }
    Ok(Finish::Done)
}

/// Sends one file, or as much of it as is sent before the client is gone.
fn send(
    endpoint: &Endpoint<'_>,
    file: &SmallFile,
    name: NameGiven,
    putting: &Put,
    dies: bool,
) -> Result<(), EndpointError> {
    let mut hasher = Hasher::new(Algorithm::Sha256);
    hasher.update(file.text.as_bytes());
    let announced = FileHeader {
        command: Some(putting.command.clone()),
        name: name.instead_of(&file.name),
        size: file.text.len() as u64,
        sha256: Some(hasher.finish()),
        md5: None,
    };
    endpoint.note(Note::Puts {
        name: NoteText::new(&announced.name),
        size: announced.size,
    })?;
    let (mut bytes, json) = header::wire(&announced);
    let head = bytes.len();
    bytes.extend_from_slice(file.text.as_bytes());
    let parts = Parts {
        header: HEADER,
        json,
        delimiter: 0,
    };
    let mut message = Message::framed(&bytes, parts);
    if !dies {
        return endpoint.send(&mut message, bytes.len());
    }
    let end = match putting.dies {
        Dies::Header => head / 2,
        Dies::Body | Dies::No => head + file.text.len() / 2,
    };
    endpoint.send(&mut message, end)?;
    endpoint.abandon(&message);
    endpoint.stage_note(Note::Dies {
        sent: end as u64,
        of: bytes.len() as u64,
    })
}

/// Reads the answers that are owed; how it ends if it cannot go on.
fn answers(endpoint: &Endpoint<'_>, owed: &mut u32) -> Result<Option<Finish>, EndpointError> {
    while *owed > 0 {
        match frames::read_exactly(endpoint, Codec::network(LONGEST_ANSWER.into()), None)? {
            Ok(answer) => endpoint.note(Note::Answered {
                text: NoteText::new(&String::from_utf8_lossy(&answer)),
            })?,
            Err(FrameFault::EndOfStream) => {
                endpoint.note(Note::Unanswered { files: *owed })?;
                return Ok(Some(Finish::Done));
            }
            Err(fault) => {
                endpoint.give_up(fault);
                return Ok(Some(Finish::GaveUp));
            }
        }
        *owed -= 1;
    }
    Ok(None)
}
