//! The bytes of all packets of a run, kept in a file without a name while it goes on, so that memory stays small.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::trace::EndpointId;

/// Gathers the packets of one run, in the order in which they come onto the wire.
#[derive(Debug)]
pub struct Capture(Mutex<Spool>);

/// A packet that was kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    /// Its number on the wire, as in the trace.
    pub number: u32,
    /// Who sent it.
    pub from: EndpointId,
    /// When it came onto the wire, in nanoseconds since 1970-01-01 00:00 UTC by the realtime clock.
    pub at: u64,
    length: usize,
}

#[derive(Debug)]
struct Spool {
    file: BufWriter<File>,
    packets: Vec<Kept>,
    /// Why no more is kept.
    failed: Option<io::Error>,
}

impl Capture {
    /// Nothing is kept yet.
    ///
    /// # Errors
    /// If there can be no temporary file.
    pub fn new() -> io::Result<Self> {
        Ok(Self(Mutex::new(Spool {
            file: BufWriter::with_capacity(BUFFER, tempfile::tempfile()?),
            packets: Vec::new(),
            failed: None,
        })))
    }

    /// Keeps a packet that came onto the wire just now. A full disk does not disturb the run: it is told by
    /// [`Capture::read`].
    pub(super) fn keep(&self, number: u32, from: EndpointId, bytes: &[u8]) {
        let at = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let mut spool = self.lock();
        if spool.failed.is_some() {
            return;
        }
        match spool.file.write_all(bytes) {
            Ok(()) => spool.packets.push(Kept {
                number,
                from,
                at: u64::try_from(at.as_nanos()).unwrap_or(u64::MAX),
                length: bytes.len(),
            }),
            Err(error) => spool.failed = Some(error),
        }
    }

    /// Hands over one packet after the other, with its bytes.
    ///
    /// # Errors
    /// If not all packets could be kept, or `each` fails.
    pub fn read(&self, each: &mut dyn FnMut(&Kept, &[u8]) -> io::Result<()>) -> io::Result<()> {
        let mut spool = self.lock();
        if let Some(error) = spool.failed.take() {
            return Err(error);
        }
        spool.file.flush()?;
        spool.file.get_mut().rewind()?;
        let mut bytes = BufReader::with_capacity(BUFFER, spool.file.get_ref());
        let mut packet = Vec::new();
        for kept in &spool.packets {
            packet.resize(kept.length, 0);
            bytes.read_exact(&mut packet)?;
            each(kept, &packet)?;
        }
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, Spool> {
        // What a thread has kept that panicked later is kept.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Bytes that are written and read at once.
const BUFFER: usize = 256 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_comes_back_in_its_order_as_often_as_it_is_asked_for() {
        let capture = Capture::new().expect("there is a temporary folder");
        let packets: Vec<Vec<u8>> = (0..1000_u32)
            .map(|number| vec![number.to_le_bytes()[0]; number as usize])
            .collect();
        for (number, packet) in (1..).zip(&packets) {
            capture.keep(number, EndpointId(u8::from(number % 2 == 1)), packet);
        }
        for _ in 0..2 {
            let mut seen = Vec::new();
            let each = &mut |kept: &Kept, bytes: &[u8]| {
                assert_eq!(kept.number as usize, seen.len() + 1);
                assert_eq!(u32::from(kept.from.0), kept.number % 2);
                assert!(kept.at > 0);
                seen.push(bytes.to_vec());
                Ok(())
            };
            capture.read(each).expect("the file is whole");
            assert_eq!(seen, packets);
        }
    }
}
