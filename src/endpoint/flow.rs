//! What one side has sent: the messages, where each lies, and how far the other side has come in taking them.

use std::collections::VecDeque;

use crate::trace::Excerpt;

/// All bytes one side has sent, counted from 0. Datagrams are laid end to end.
#[derive(Debug, Default)]
pub struct Flow {
    /// The messages, in order. Of a stream only those that are not wholly read.
    messages: VecDeque<Sent>,
    /// Bytes of all messages announced so far, whether the kernel has taken them or not.
    announced: u64,
    /// Bytes the kernel has taken.
    pub sent: u64,
    /// Bytes the other side has read (datagrams: those of every datagram it has read, the cut-off tails too).
    pub taken: u64,
    /// The datagrams, in order; the kernel's stamps count them.
    datagrams: Vec<Datagram>,
    /// Number of the first datagram that is not read.
    unread: usize,
    /// Datagrams that were read.
    pub datagrams_taken: u64,
    /// Datagrams that are known to be lost.
    pub datagrams_lost: u64,
    /// Whether a datagram may come more than once: over a wire.
    pub may_repeat: bool,
    /// Whether an empty datagram was ever sent.
    pub has_empty: bool,
    /// Bytes known to have left the stack.
    pub left: u64,
    /// Bytes known to be acknowledged.
    pub acknowledged: u64,
}

#[derive(Debug)]
struct Sent {
    number: u32,
    start: u64,
    bytes: Excerpt,
}

/// What one `send` call made of a message, or of a part of it.
#[derive(Debug)]
struct Datagram {
    /// Index of its message.
    message: usize,
    start: u64,
    end: u64,
    read: bool,
    lost: bool,
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

    /// Bytes of all messages so far.
    #[must_use]
    pub fn announced(&self) -> u64 {
        self.announced
    }

    /// Adds a message; returns where it begins and what is kept of it.
    pub fn announce(&mut self, number: u32, bytes: &[u8]) -> (u64, Excerpt) {
        let keep = if self.is_bulk() { 64 } else { Excerpt::WHOLE };
        let kept = Excerpt::new(bytes, keep);
        let start = self.announced;
        self.messages.push_back(Sent {
            number,
            start,
            bytes: kept.clone(),
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
        while let Some(message) = self.messages.front().filter(|message| message.start < end) {
            message.compare(start, bytes)?;
            if message.end() > end {
                break;
            }
            self.messages.pop_front();
        }
        if end > self.announced {
            return Err(Mismatch { offset: self.announced });
        }
        self.taken = end;
        Ok(start)
    }

    /// The rest of the last message, from `end` of the flow on, will never be sent: the flow goes on there.
    pub fn abandon(&mut self, end: u64) {
        self.announced = end;
        if let Some(last) = self.messages.back_mut().filter(|last| last.start <= end) {
            last.bytes = last.bytes.cut(end - last.start);
        }
    }

    /// The bytes of the last message from `start` to `end` are about to be sent as one datagram.
    ///
    /// Said before the kernel is asked to send it, because it may be stamped and read by another thread before that
    /// call has returned.
    pub fn datagram_departs(&mut self, start: u64, end: u64) {
        self.has_empty |= start == end;
        self.datagrams.push(Datagram {
            message: self.messages.len().saturating_sub(1),
            start,
            end,
            read: false,
            lost: false,
        });
    }

    /// The kernel refused the datagram that was about to be sent.
    pub fn datagram_stays(&mut self) {
        self.datagrams.pop();
    }

    /// The datagram that was sent last is lost: the other side's queue had no room for it.
    pub fn lose_last(&mut self) {
        if let Some(last) = self.datagrams.last_mut().filter(|last| !last.read && !last.lost) {
            last.lost = true;
            self.datagrams_lost += 1;
        }
    }

    /// Where the datagram lies that the kernel counts as number `id`.
    #[must_use]
    pub fn datagram(&self, id: u32) -> Option<(u64, u64)> {
        let datagram = self.datagrams.get(usize::try_from(id).ok()?)?;
        Some((datagram.start, datagram.end))
    }

    /// Datagrams that were sent, the one included that is being sent.
    #[must_use]
    pub fn datagrams_sent(&self) -> u64 {
        self.datagrams.len() as u64
    }

    /// Finds the datagram whose beginning these bytes are; `whole` is its length, where it is known. Returns the
    /// number of its message and where it begins. Datagrams may be lost, so earlier ones are passed over if they do
    /// not fit. Of several that are alike the first is taken to be the one: nothing tells them apart.
    ///
    /// # Errors
    /// [`Mismatch`] if none fits.
    pub fn take_datagram(&mut self, bytes: &[u8], whole: Option<u64>) -> Result<(u32, u64), Mismatch> {
        let messages = &self.messages;
        let fits = |datagram: &Datagram| {
            let length = datagram.end - datagram.start;
            let long_enough = length >= bytes.len() as u64;
            !datagram.read
                && whole.map_or(long_enough, |whole| whole == length)
                && messages[datagram.message].compare(datagram.start, bytes).is_ok()
        };
        let unread = &mut self.datagrams[self.unread..];
        let found = unread.iter().position(|datagram| !datagram.lost && fits(datagram));
        // One that was given up for lost and arrives after all is better than none.
        let found = found.or_else(|| unread.iter().position(fits));
        let Some(datagram) = found.map(|index| &mut unread[index]) else {
            return self.take_again(bytes, whole);
        };
        if std::mem::take(&mut datagram.lost) {
            self.datagrams_lost -= 1;
        }
        datagram.read = true;
        let found = (messages[datagram.message].number, datagram.start);
        self.taken += datagram.end - datagram.start;
        self.datagrams_taken += 1;
        while self.datagrams.get(self.unread).is_some_and(|datagram| datagram.read) {
            self.unread += 1;
        }
        Ok(found)
    }

    /// A datagram that was read before has come once more, as one may (RFC 768); the last that fits is taken to be it.
    fn take_again(&mut self, bytes: &[u8], whole: Option<u64>) -> Result<(u32, u64), Mismatch> {
        let fits = |datagram: &&Datagram| {
            let length = datagram.end - datagram.start;
            whole.map_or(length >= bytes.len() as u64, |whole| whole == length)
                && self.messages[datagram.message].compare(datagram.start, bytes).is_ok()
        };
        let read = |datagram: &&Datagram| datagram.read && self.may_repeat;
        let found = self.datagrams.iter().rev().filter(read).find(fits);
        let datagram = found.ok_or(Mismatch { offset: self.taken })?;
        self.datagrams_taken += 1;
        Ok((self.messages[datagram.message].number, datagram.start))
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
            let (start, _) = flow.announce(number, bytes);
            flow.datagram_departs(start, start + bytes.len() as u64);
        }
        assert_eq!(flow.take_datagram(b"thr", Some(5)), Ok((3, 3)));
        assert_eq!(flow.take_datagram(b"", Some(0)), Ok((2, 3)));
        assert_eq!(flow.take_datagram(b"on", Some(2)), Err(Mismatch { offset: 5 }));
        assert_eq!(flow.take_datagram(b"one", Some(3)), Ok((1, 0)));
    }

    #[test]
    fn each_part_of_a_message_is_a_datagram_of_its_own() {
        let mut flow = Flow::default();
        flow.announce(1, b"headbody");
        flow.datagram_departs(0, 4);
        flow.datagram_departs(4, 8);
        assert_eq!(flow.take_datagram(b"body", Some(4)), Ok((1, 4)));
        assert_eq!(flow.take_datagram(b"head", Some(4)), Ok((1, 0)));
        assert_eq!(flow.taken, 8);
    }

    #[test]
    fn of_datagrams_that_are_alike_the_first_unread_one_is_taken() {
        let mut flow = Flow::default();
        for number in 1..=3 {
            let (start, _) = flow.announce(number, b"same");
            flow.datagram_departs(start, start + 4);
        }
        let taken = [(); 3].map(|()| flow.take_datagram(b"same", Some(4)));
        assert_eq!(taken, [Ok((1, 0)), Ok((2, 4)), Ok((3, 8))]);
        assert_eq!(flow.take_datagram(b"same", Some(4)), Err(Mismatch { offset: 12 }));
    }

    #[test]
    fn a_datagram_that_was_refused_is_not_found() {
        let mut flow = Flow::default();
        flow.announce(1, b"lost");
        flow.datagram_departs(0, 4);
        flow.datagram_stays();
        assert_eq!(flow.take_datagram(b"lost", Some(4)), Err(Mismatch { offset: 0 }));
    }

    #[test]
    fn in_bulk_the_edges_of_a_message_are_compared() {
        let mut flow = Flow::default();
        let mut bytes = vec![7; 1 << 20];
        flow.announce(1, &bytes);
        flow.announce(2, &bytes);
        flow.announce(3, &bytes);
        assert!(flow.is_bulk());
        assert_eq!(flow.take_stream(&bytes), Ok(0));
        assert_eq!(flow.take_stream(&bytes), Ok(1 << 20));
        bytes[(1 << 20) - 32] = 8;
        assert_eq!(flow.take_stream(&bytes), Err(Mismatch { offset: (3 << 20) - 32 }));
    }
}
