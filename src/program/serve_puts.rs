//! A server's side of one connection: files are put, and it keeps them, until the client leaves.
//!
//! Whatever a client does, the server is alive afterwards and can serve the next one: a stream that cannot be read on
//! is closed, and nothing of a file that is not whole is kept.

use super::incoming::{self, Fate, How, Spent};
use super::{Finish, frames, header};
use crate::endpoint::{Endpoint, EndpointError};
use crate::folder::Folder;
use crate::framing::{Codec, FileHeader};
use crate::scenario::program::{LONGEST_ANSWER, ServePuts};
use crate::trace::note::NoteText;
use crate::trace::{FrameFault, Note};

/// Serves one client to its end, and closes the connection.
///
/// # Errors
/// If a call fails or the run is over.
pub fn serve_puts(endpoint: &Endpoint<'_>, folder: &Folder, serving: ServePuts) -> Result<Finish, EndpointError> {
    let served = serve(endpoint, folder, serving);
    if let Err(error @ (EndpointError::Stopped(_) | EndpointError::Mismatch { .. })) = served {
        return Err(error);
    }
    let names = folder
        .names()
        .map_err(|error| endpoint.cannot("read the folder", error))?;
    endpoint.note(Note::FolderHolds {
        files: NoteText::new(&names.join(", ")),
    })?;
    endpoint.close()?;
    served.map(|()| Finish::Done)
}

fn serve(endpoint: &Endpoint<'_>, folder: &Folder, serving: ServePuts) -> Result<(), EndpointError> {
    let mut requests = 0;
    loop {
        let header = match header::read(endpoint, serving.patience)? {
            Ok(header) => header,
            Err(FrameFault::EndOfStream) => return endpoint.note(Note::ClientLeft { requests }),
            Err(fault) => {
                endpoint.give_up(fault);
                return Ok(());
            }
        };
        endpoint.note(Note::HeaderSays {
            name: NoteText::new(&header.name),
            size: header.size,
            digest: incoming::digest(&header),
        })?;
        let (length, limit) = (header.size, serving.limit);
        if length > limit {
            endpoint.give_up(FrameFault::OverLimit { length, limit });
            return Ok(());
        }
        let Some(answer) = one(endpoint, folder, serving, &header)? else {
            return Ok(());
        };
        let codec = Codec::network(LONGEST_ANSWER.into());
        frames::write_body(endpoint, codec, answer.text.as_bytes())?;
        if !answer.goes_on {
            return Ok(());
        }
        requests += 1;
    }
}

/// What a client is told, and whether the stream can be read on.
struct Answer {
    text: &'static str,
    goes_on: bool,
}

/// One request. The commands are a table, and a client's word only chooses a row of it.
fn one(
    endpoint: &Endpoint<'_>,
    folder: &Folder,
    serving: ServePuts,
    header: &FileHeader,
) -> Result<Option<Answer>, EndpointError> {
    let how = How {
        reader: serving.reader,
        chunk: CHUNK,
        patience: serving.patience,
        tells: false,
    };
    let refused = if header.command.as_deref() == Some("put") {
        None
    } else {
        endpoint.note(Note::CommandRefused)?;
        Some("refused: no such command")
    };
    let refused = match refused {
        None if !incoming::is_good_name(endpoint, &header.name)? => Some("refused: no such name for a file here"),
        refused => refused,
    };
    if let Some(text) = refused {
        return Ok(match incoming::skip(endpoint, header.size, how)? {
            Ok(()) => Some(Answer { text, goes_on: true }),
            Err(fault) => {
                endpoint.give_up(fault);
                None
            }
        });
    }
    let answer = |text, goes_on| Some(Answer { text, goes_on });
    Ok(
        match incoming::receive(endpoint, folder, header, how, &mut Spent::default())? {
            Fate::Kept => answer("kept", true),
            // Who reads past the end of a file does not know where the next header begins.
            Fate::Differs => answer("refused: the digest differs", false),
            Fate::Fault(_) => None,
        },
    )
}

/// Most bytes of one `recv` call.
const CHUNK: usize = 65_536;
