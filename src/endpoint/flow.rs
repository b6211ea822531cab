//! What one side has sent: the messages, where each lies, and how far the other side has come in taking them.

use crate::trace::Excerpt;

/// All bytes one side has sent, counted from 0. Datagrams are laid end to end.
#[derive(Debug, Default)]
pub struct Flow {
    /// The messages, in order.
    messages: Vec<Sent>,
    /// Bytes of all messages announced so far, whether the kernel has taken them or not.
    announced: u64,
    /// Bytes the kernel has taken.
    pub sent: u64,
    /// Bytes the other side has read (datagrams: those of every datagram it has read, the cut-off tails too).
    pub taken: u64,
    /// Index of the first message that is not wholly read.
    unread: usize,
    /// Datagrams that were sent / read and had at least a byte.
    pub datagrams_sent: u64,
    /// See `datagrams_sent`.
    pub datagrams_taken: u64,
    /// Bytes known to have left the stack.
    pub left: u64,
    /// Bytes known to be acknowledged.
    pub acknowledged: u64,
    /// Datagrams: the flow's end after each send call, which the kernel's stamps count.
    pub datagram_ends: Vec<u64>,
}

#[derive(Debug)]
struct Sent {
    number: u32,
    start: u64,
    bytes: Excerpt,
    read: bool,
}

/// The bytes that came are not the ones that were sent there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the bytes read at offset {offset} of the flow are not the ones that were sent")]
pub struct Mismatch {
    /// Where, in the sender's flow.
    pub offset: u64,
}

impl Flow {
    /// Flows longer than this keep only the edges of further messages, and are observed now and then.
    pub const BULK: u64 = 1 << 20;

    /// Whether the flow is a bulk transfer by now.
    #[must_use]
    pub fn is_bulk(&self) -> bool {
        self.announced > Self::BULK
    }

    /// Adds a message; returns where it begins and what is kept of it.
    pub fn announce(&mut self, number: u32, bytes: &[u8]) -> (u64, Excerpt) {
        let keep = if self.is_bulk() { 64 } else { Excerpt::WHOLE };
        let kept = Excerpt::new(bytes, keep);
        let start = self.announced;
        self.messages.push(Sent {
            number,
            start,
            bytes: kept.clone(),
            read: false,
        });
        self.announced += bytes.len() as u64;
        (start, kept)
    }

    /// Takes bytes from a stream: checks them against what was sent and returns where they began.
    ///
    /// # Errors
    /// [`Mismatch`] if a stored byte differs.
    pub fn take_stream(&mut self, bytes: &[u8]) -> Result<u64, Mismatch> {
        let start = self.taken;
        let end = start + bytes.len() as u64;
        while let Some(message) = self.messages.get(self.unread) {
            if message.start >= end {
                break;
            }
            message.compare(start, bytes)?;
            if message.end() > end {
                break;
            }
            self.unread += 1;
        }
        if end > self.announced {
            return Err(Mismatch { offset: self.announced });
        }
        self.taken = end;
        Ok(start)
    }

    /// Finds the datagram whose beginning these bytes are; `whole` is its length, where it is known. Returns its
    /// number and where it begins. Datagrams may be lost, so earlier ones are passed over if they do not fit.
    ///
    /// # Errors
    /// [`Mismatch`] if none fits.
    pub fn take_datagram(&mut self, bytes: &[u8], whole: Option<u64>) -> Result<(u32, u64), Mismatch> {
        let fits = |message: &Sent| {
            let long_enough = message.bytes.len >= bytes.len() as u64;
            !message.read
                && whole.map_or(long_enough, |whole| whole == message.bytes.len)
                && message.compare(message.start, bytes).is_ok()
        };
        let unread = &mut self.messages[self.unread..];
        let Some(message) = unread.iter_mut().find(|message| fits(message)) else {
            return Err(Mismatch { offset: self.taken });
        };
        message.read = true;
        let found = (message.number, message.start);
        self.taken += message.bytes.len;
        self.datagrams_taken += u64::from(message.bytes.len > 0);
        while self.messages.get(self.unread).is_some_and(|message| message.read) {
            self.unread += 1;
        }
        Ok(found)
    }
}

impl Sent {
    fn end(&self) -> u64 {
        self.start + self.bytes.len
    }

    /// Compares the stored bytes with those that `bytes`, read at offset `at` of the flow, has in their place.
    fn compare(&self, at: u64, bytes: &[u8]) -> Result<(), Mismatch> {
        let read_end = at + bytes.len() as u64;
        for (offset, run) in self.bytes.runs() {
            let run_start = self.start + offset;
            let from = run_start.max(at);
            let to = (run_start + run.len() as u64).min(read_end);
            if from >= to {
                continue;
            }
            let span = |base: u64| index(from - base)..index(to - base);
            if run[span(run_start)] != bytes[span(at)] {
                return Err(Mismatch { offset: from });
            }
        }
        Ok(())
    }
}

/// An offset inside a slice that is in memory.
fn index(offset: u64) -> usize {
    usize::try_from(offset).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_that_was_not_sent_is_noticed() {
        let mut flow = Flow::default();
        flow.announce(1, b"hello");
        flow.announce(2, b"egg");
        assert_eq!(flow.take_stream(b"hel"), Ok(0));
        assert_eq!(flow.take_stream(b"loeg"), Ok(3));
        assert_eq!(flow.take_stream(b"x"), Err(Mismatch { offset: 7 }));
        assert_eq!(flow.take_stream(b"gg"), Err(Mismatch { offset: 8 }));
    }

    #[test]
    fn a_datagram_is_found_behind_lost_ones() {
        let mut flow = Flow::default();
        for (number, bytes) in [(1, &b"one"[..]), (2, b""), (3, b"three")] {
            flow.announce(number, bytes);
        }
        assert_eq!(flow.take_datagram(b"thr", Some(5)), Ok((3, 3)));
        assert_eq!(flow.take_datagram(b"", Some(0)), Ok((2, 3)));
        assert_eq!(flow.take_datagram(b"on", Some(2)), Err(Mismatch { offset: 5 }));
        assert_eq!(flow.take_datagram(b"one", Some(3)), Ok((1, 0)));
    }
}
