//! A file that comes in: checked, written under a name of the lab's own, compared, and only then given its name.

use std::io::{self, Write as _};
use std::time::{Duration, Instant};

use super::header::timed_out;
use crate::digest::{Algorithm, Hasher};
use crate::endpoint::{Endpoint, EndpointError};
use crate::folder::{Folder, Part, check_name};
use crate::framing::FileHeader;
use crate::scenario::program::{BodyReader, FIXED};
use crate::trace::note::NoteText;
use crate::trace::{FrameFault, Note};

/// How a program receives files.
#[derive(Debug, Clone, Copy)]
pub struct How {
    /// How it reads bodies.
    pub reader: BodyReader,
    /// Most bytes of one `recv` call.
    pub chunk: usize,
    /// How long it waits for the next byte.
    pub patience: Option<Duration>,
    /// Whether it notes how far it is.
    pub tells: bool,
}

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It is whole and has its name.
    Kept,
    /// Its digest is not the announced one.
    Differs,
    /// The stream ended inside it, or nothing more came.
    Fault(FrameFault),
}

/// Where the time went, in nanoseconds.
#[derive(Debug, Clone, Copy, Default)]
pub struct Spent {
    pub hashing: u64,
    pub telling: u64,
}

/// Whether a name can be given to a file here; if not, that is noted.
///
/// # Errors
/// If the run is over.
pub fn is_good_name(endpoint: &Endpoint<'_>, name: &str) -> Result<bool, EndpointError> {
    let Err(because) = check_name(name) else {
        return Ok(true);
    };
    let name = NoteText::new(name);
    endpoint.note(Note::NameRefused { name, because })?;
    Ok(false)
}

/// Receives the body that a header has announced. The name has been checked, and the size is within the limit.
///
/// # Errors
/// If a call fails or the run is over.
pub fn receive(
    endpoint: &Endpoint<'_>,
    folder: &Folder,
    header: &FileHeader,
    how: How,
    spent: &mut Spent,
) -> Result<Fate, EndpointError> {
    let size = header.size;
    match folder.room() {
        Ok(free) if free < size => {
            endpoint.note(Note::NoRoom { size, free })?;
            return Err(endpoint.cannot(WRITE, io::ErrorKind::StorageFull.into()));
        }
        Ok(_) => {}
        Err(error) => return Err(cannot_write(endpoint, error, 0)),
    }
    let mut incoming = match folder.begin() {
        Ok(part) => Incoming {
            endpoint,
            how,
            part,
            hasher: Hasher::new(announced(header).map_or(Algorithm::None, |(algorithm, _)| algorithm)),
            hashes: announced(header).is_some(),
            got: 0,
            of: size,
            first: Vec::new(),
            spent: *spent,
        },
        Err(error) => return Err(cannot_write(endpoint, error, 0)),
    };
    let fate = incoming.take_all(&header.name);
    *spent = incoming.spent;
    match fate? {
        Some(fate) => Ok(fate),
        None => incoming.finish(header),
    }
}

/// Reads a body that nobody wants, so that the next header is where it should be.
///
/// # Errors
/// If a call fails or the run is over.
pub fn skip(endpoint: &Endpoint<'_>, size: u64, how: How) -> Result<Result<(), FrameFault>, EndpointError> {
    let mut buffer = vec![0; how.chunk];
    let mut got = 0;
    let mut folding = endpoint.folding(size);
    while got < size {
        let room = room(how.chunk, size - got);
        let until = how.patience.map(|patience| endpoint.deadline_clock() + patience);
        match folding.recv(&mut buffer[..room], until)? {
            None => return Ok(Err(timed_out(got, how.patience))),
            Some(0) => return Ok(Err(FrameFault::ShortBody { got, of: size })),
            Some(more) => got += more as u64,
        }
    }
    Ok(Ok(()))
}

/// A body that comes in.
struct Incoming<'i, 'e> {
    endpoint: &'i Endpoint<'e>,
    how: How,
    part: Part<'i>,
    hasher: Hasher,
    /// Whether there is anything to be compared in the end.
    hashes: bool,
    got: u64,
    of: u64,
    /// The first of its bytes, to be shown where they are too many.
    first: Vec<u8>,
    spent: Spent,
}

impl Incoming<'_, '_> {
    /// Reads and writes until everything is there; what became of the file if that does not come about.
    fn take_all(&mut self, name: &str) -> Result<Option<Fate>, EndpointError> {
        let fixed = self.how.reader == BodyReader::Fixed;
        let asked = if fixed { FIXED } else { self.how.chunk };
        let mut buffer = vec![0; asked];
        let mut folding = self.endpoint.folding(self.of);
        while self.got < self.of {
            // Never a byte more than is missing: it would belong to what comes next. The fixed reader does not care.
            let room = if fixed { asked } else { room(asked, self.of - self.got) };
            let until = self
                .how
                .patience
                .map(|patience| self.endpoint.deadline_clock() + patience);
            let fault = match folding.recv(&mut buffer[..room], until)? {
                None => timed_out(self.got, self.how.patience),
                Some(0) => FrameFault::ShortBody {
                    got: self.got,
                    of: self.of,
                },
                Some(count) => {
                    if let Err(error) = self.take(&buffer[..count]) {
                        folding.flush();
                        return Err(cannot_write(self.endpoint, error, self.got));
                    }
                    self.tell(count as u64)?;
                    continue;
                }
            };
            folding.flush();
            self.endpoint.give_up(fault);
            self.endpoint.note(Note::NotKept { got: self.got })?;
            return Ok(Some(Fate::Fault(fault)));
        }
        drop(folding);
        if self.got > self.of {
            self.endpoint.note(Note::TookTooMuch {
                name: NoteText::new(name),
                took: self.got,
                of: self.of,
                text: NoteText::new(&String::from_utf8_lossy(&self.first)),
            })?;
        }
        Ok(None)
    }

    fn take(&mut self, bytes: &[u8]) -> io::Result<()> {
        let missing = SHOWN.saturating_sub(self.first.len()).min(bytes.len());
        self.first.extend_from_slice(&bytes[..missing]);
        if self.hashes {
            let began = Instant::now();
            self.hasher.update(bytes);
            self.spent.hashing += nanos(began.elapsed());
        }
        self.part.write_all(bytes)?;
        self.got += bytes.len() as u64;
        Ok(())
    }

    /// Notes how far it is, at each quarter.
    fn tell(&mut self, more: u64) -> Result<(), EndpointError> {
        let quarters = |got: u64| u128::from(got) * 4 / u128::from(self.of.max(1));
        if self.how.tells && self.got < self.of && quarters(self.got) > quarters(self.got - more) {
            let (done, of) = (self.got, self.of);
            let took = self.endpoint.note_in_passing(Note::Progress { done, of })?;
            self.spent.telling += nanos(took);
        }
        Ok(())
    }

    /// Compares, and gives the file its name.
    fn finish(self, header: &FileHeader) -> Result<Fate, EndpointError> {
        let endpoint = self.endpoint;
        let found = self.hasher.finish();
        match announced(header) {
            None => endpoint.note(Note::NotHashed)?,
            Some((algorithm, said)) if said.eq_ignore_ascii_case(&found) => endpoint.note(Note::DigestEqual {
                digest: NoteText::new(&format!("{algorithm} {found}")),
            })?,
            Some((algorithm, said)) => {
                endpoint.note(Note::DigestDiffers {
                    said: NoteText::new(&format!("{algorithm} {said}")),
                    found: NoteText::new(&format!("{algorithm} {found}")),
                })?;
                drop(self.part);
                endpoint.note(Note::NotKept { got: self.got })?;
                return Ok(Fate::Differs);
            }
        }
        if let Err(error) = self.part.keep(&header.name) {
            return Err(cannot_write(endpoint, error, self.got));
        }
        let name = NoteText::new(&header.name);
        let size = self.got;
        endpoint.note(Note::Kept { name, size })?;
        Ok(Fate::Kept)
    }
}

/// The digest that a header announces.
fn announced(header: &FileHeader) -> Option<(Algorithm, &str)> {
    let sha256 = header.sha256.as_deref().map(|digest| (Algorithm::Sha256, digest));
    sha256.or_else(|| header.md5.as_deref().map(|digest| (Algorithm::Md5, digest)))
}

/// The digest that a header announces, as it is noted.
#[must_use]
pub fn digest(header: &FileHeader) -> Option<NoteText> {
    announced(header).map(|(algorithm, digest)| NoteText::new(&format!("{algorithm} {digest}")))
}

/// This machine cannot keep the file, so the run cannot show what becomes of it: that is noted, and ends it.
fn cannot_write(endpoint: &Endpoint<'_>, error: io::Error, got: u64) -> EndpointError {
    let said = NoteText::new(&error.to_string());
    let noted = endpoint
        .note(Note::CannotWrite { error: said })
        .and_then(|()| endpoint.note(Note::NotKept { got }));
    noted.err().unwrap_or_else(|| endpoint.cannot(WRITE, error))
}

/// What a run that receives a file needs of the machine.
const WRITE: &str = "write the file";

/// So much may be asked for.
fn room(chunk: usize, missing: u64) -> usize {
    usize::try_from(missing).map_or(chunk, |missing| missing.min(chunk))
}

/// A time in nanoseconds.
#[must_use]
pub fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

/// Bytes that are shown of a file that has become too long.
const SHOWN: usize = 40;
