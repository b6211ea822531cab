//! Waiting for whichever of two endpoints has something to read first.

use rustix::event::{PollFd, PollFlags, poll};

use super::blocking::interest;
use super::failure::POLL;
use super::{Endpoint, EndpointError, Stopped};
use crate::trace::{Call, Evidence, Note, What};

impl Endpoint<'_> {
    /// Waits until this endpoint or another one of the same thread has something to read, or has come to the end of its
    /// stream, in one poll(2) over both; returns which of them have. If nothing is there yet, it says so with `note`.
    ///
    /// # Errors
    /// If poll(2) fails, or the run is over.
    pub fn wait_for_either(&self, other: &Self, note: Note) -> Result<[bool; 2], EndpointError> {
        self.begin()?;
        let ready = || [self, other].map(|endpoint| endpoint.own.is_ready(Call::Recv));
        if ready() == [false; 2] {
            self.record(Evidence::Measured, What::Note { note });
            self.gate.park_for_either(self.own.id, other.own.id);
            while !self.poll_with(other)? {}
            self.gate.resume(self.own.id)?;
        }
        let found = ready();
        self.end();
        Ok(found)
    }

    /// One poll(2) over both and the stop pipe; whether one of both can be read.
    fn poll_with(&self, other: &Self) -> Result<bool, EndpointError> {
        let stop = self.gate.stop();
        let polled = self.own.ask(|one| {
            other.own.ask(|two| {
                let wanted = interest(Call::Recv);
                let mut fds = [
                    PollFd::new(one, wanted),
                    PollFd::new(two, wanted),
                    PollFd::from_borrowed_fd(stop, PollFlags::IN),
                ];
                poll(&mut fds, None).map(|_| fds.map(|fd| !fd.revents().is_empty()))
            })
        });
        match polled.flatten() {
            Some(Ok([_, _, true])) => Err(Stopped.into()),
            Some(Ok([one, two, _])) => Ok(one || two),
            Some(Err(rustix::io::Errno::INTR)) => Ok(false),
            Some(Err(error)) => Err(self.error(POLL, error.into())),
            // Nothing comes to a closed end, and its next call says so.
            None => Ok(true),
        }
    }
}
