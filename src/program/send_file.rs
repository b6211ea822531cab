//! Sends one file: its digest first, then a header that says what comes, then the body in pieces.

use std::fs::File;
use std::io::{self, Read};
use std::time::Instant;

use super::incoming::nanos;
use super::{Finish, frames, header};
use crate::digest::{Algorithm, Hasher};
use crate::endpoint::{Endpoint, EndpointError};
use crate::framing::{Codec, FileHeader};
use crate::scenario::knob::file_name;
use crate::scenario::program::{LETTERS_NAME, LONGEST_ANSWER, SendFile, Source};
use crate::trace::Note;
use crate::trace::note::NoteText;

/// Sends a file and reads what became of it.
///
/// # Errors
/// If the file cannot be read, a call fails or the run is over.
pub fn send_file(endpoint: &Endpoint<'_>, sending: &SendFile) -> Result<Finish, EndpointError> {
    let began = endpoint.now();
    let (name, mut size) = measure(&sending.source).map_err(|error| endpoint.cannot("open the file", error))?;
    let mut hashing = 0;
    if sending.flip && size == 0 {
        let none = io::Error::new(io::ErrorKind::InvalidInput, "it has none");
        return Err(endpoint.cannot("change a byte of the file", none));
    }
    let digest = match sending.hash {
        Algorithm::None => None,
        hash => {
            let since = Instant::now();
            let digest = digest(endpoint, &sending.source, hash, &mut size)?;
            hashing = nanos(since.elapsed());
            Some(digest)
        }
    };
    let (sha256, md5) = match sending.hash {
        Algorithm::Sha256 => (digest.clone(), None),
        Algorithm::Md5 => (None, digest.clone()),
        Algorithm::None => (None, None),
    };
    endpoint.note(Note::SendsFile {
        name: NoteText::new(&name),
        size,
        digest: digest.map(|digest| NoteText::new(&format!("{} {digest}", sending.hash))),
    })?;
    let announced = FileHeader {
        command: None,
        name,
        size,
        sha256,
        md5,
    };
    header::write(endpoint, &announced, &[])?;
    if !body(endpoint, sending, size)? {
        // The other side waits for what cannot come; the end of the stream tells it so.
        endpoint.close()?;
        return Ok(Finish::Done);
    }
    match frames::read_exactly(endpoint, Codec::network(LONGEST_ANSWER.into()), None)? {
        Ok(answer) => endpoint.note(Note::Answered {
            text: NoteText::new(&String::from_utf8_lossy(&answer)),
        })?,
        Err(fault) => {
            endpoint.give_up(fault);
            return Ok(Finish::GaveUp);
        }
    }
    endpoint.note(Note::Cost {
        hashing_ns: hashing,
        telling_ns: 0,
        of_ns: endpoint.now() - began,
    })?;
    Ok(Finish::Done)
}

/// The file's name and length.
fn measure(source: &Source) -> io::Result<(String, u64)> {
    match source {
        Source::Letters(count) => Ok((LETTERS_NAME.to_owned(), *count)),
        Source::Path(path) => Ok((file_name(path), std::fs::metadata(path)?.len())),
    }
}

fn open(source: &Source) -> io::Result<Box<dyn Read>> {
    match source {
        Source::Letters(count) => Ok(Box::new(Letters::new().take(*count))),
        Source::Path(path) => Ok(Box::new(File::open(path)?)),
    }
}

/// The digest of the first `size` bytes. If the file has become shorter, `size` becomes what it has.
fn digest(endpoint: &Endpoint<'_>, source: &Source, hash: Algorithm, size: &mut u64) -> Result<String, EndpointError> {
    let failed = |error| endpoint.cannot("read the file", error);
    let mut file = open(source).map_err(failed)?.take(*size);
    let mut buffer = vec![0; HASHED_AT_ONCE];
    let mut hasher = Hasher::new(hash);
    let (mut done, mut told) = (0, 0);
    loop {
        let count = fill(&mut file, &mut buffer).map_err(failed)?;
        if count == 0 {
            break;
        }
        hasher.update(&buffer[..count]);
        done += count as u64;
        endpoint.go_on()?;
        // For who waits, and so that the run is seen to go on.
        if done - told >= TOLD_EVERY && done < *size {
            told = done;
            endpoint.note(Note::Hashing { done, of: *size })?;
        }
    }
    *size = done;
    Ok(hasher.finish())
}

/// Sends the body; whether all of it was there.
fn body(endpoint: &Endpoint<'_>, sending: &SendFile, size: u64) -> Result<bool, EndpointError> {
    let failed = |error| endpoint.cannot("read the file", error);
    let mut file = open(&sending.source).map_err(failed)?;
    let flipped = sending.flip.then_some(size / 2);
    if let Some(at) = flipped {
        endpoint.stage_note(Note::Flips { at })?;
    }
    let mut buffer = vec![0; sending.chunk];
    let mut folding = endpoint.folding(size);
    let mut sent = 0;
    while sent < size {
        let room = usize::try_from(size - sent).map_or(sending.chunk, |missing| missing.min(sending.chunk));
        let count = fill(&mut file, &mut buffer[..room]).map_err(failed)?;
        if count == 0 {
            folding.flush();
            endpoint.note(Note::FileShrank { sent, of: size })?;
            return Ok(false);
        }
        if let Some(at) = flipped.and_then(|at| at.checked_sub(sent))
            && let Some(byte) = usize::try_from(at).ok().and_then(|at| buffer[..count].get_mut(at))
        {
            *byte ^= FLIPPED;
        }
        folding.send(&buffer[..count])?;
        sent += count as u64;
    }
    drop(folding);
    if fill(&mut file, &mut buffer[..1]).map_err(failed)? > 0 {
        endpoint.note(Note::FileGrew { of: size })?;
    }
    Ok(true)
}

/// Reads until the buffer is full or the file ends.
fn fill(file: &mut dyn Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut got = 0;
    while got < buffer.len() {
        match file.read(&mut buffer[got..]) {
            Ok(0) => break,
            Ok(more) => got += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(got)
}

/// `abc…zabc…` without end.
struct Letters {
    row: Vec<u8>,
    at: usize,
}

impl Letters {
    fn new() -> Self {
        Self {
            row: b"abcdefghijklmnopqrstuvwxyz".repeat(1024),
            at: 0,
        }
    }
}

impl Read for Letters {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = buffer.len().min(self.row.len() - self.at);
        buffer[..count].copy_from_slice(&self.row[self.at..self.at + count]);
        self.at = (self.at + count) % self.row.len();
        Ok(count)
    }
}

/// The bit that becomes another one: a letter is another letter then.
const FLIPPED: u8 = 1;

/// Bytes that are read and hashed at once.
const HASHED_AT_ONCE: usize = 256 * 1024;

/// After so many bytes a sender says how far its hashing is.
const TOLD_EVERY: u64 = 64 << 20;
