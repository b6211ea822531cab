//! Calls that wait: a try that does not block, then a poll(2) that can be ended, then another try.

use std::io;
use std::os::fd::BorrowedFd;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use socket2::Socket;

use super::failure::POLL;
use super::{Endpoint, EndpointError, Stopped};
use crate::sys;
use crate::trace::{Call, Evidence, Waiting, What};

/// Waits a moment, longer the more often it has been asked: a step that needs something looks again and again until
/// it is there. The moment decides nothing but how soon it is seen.
///
/// # Errors
/// [`Stopped`] if the run is over.
pub fn nap(stop: BorrowedFd<'_>, looks: u32) -> Result<(), Stopped> {
    if looks < 50 {
        std::thread::yield_now();
        return Ok(());
    }
    pause(stop, Duration::from_micros(if looks < 500 { 50 } else { 500 }))
}

/// Waits for so long, unless the run ends.
///
/// # Errors
/// [`Stopped`] if the run is over.
pub fn pause(stop: BorrowedFd<'_>, moment: Duration) -> Result<(), Stopped> {
    let mut fds = [PollFd::from_borrowed_fd(stop, PollFlags::IN)];
    match poll(&mut fds, Timespec::try_from(moment).ok().as_ref()) {
        Ok(1..) => Err(Stopped),
        _ => Ok(()),
    }
}

/// Longest time for which an error goes unnoticed that was met by another thread.
const LOOK_UP: Timespec = Timespec {
    tv_sec: 0,
    tv_nsec: 10_000_000,
};

/// No wait with a deadline is shorter.
const SHORTEST: Duration = Duration::from_millis(1);

impl Endpoint<'_> {
    /// Sends all of `bytes`, in as many attempts as it takes. `taken` counts along.
    pub(super) fn send_all(&self, bytes: &[u8], taken: &mut usize) -> Result<(), EndpointError> {
        let mut blocked = false;
        loop {
            match self.own.try_send(&bytes[*taken..]) {
                Ok(count) => {
                    *taken += count;
                    self.own.flow().sent += count as u64;
                    if *taken == bytes.len() {
                        return Ok(());
                    }
                }
                Err(error) => {
                    let at = self.recorder.clock.now();
                    self.wait_out(Call::Send, error, (&mut blocked, at), None)?;
                }
            }
        }
    }

    /// Sends what there is room for, in one attempt.
    pub(super) fn send_once(&self, bytes: &[u8], taken: &mut usize) -> Result<(), EndpointError> {
        loop {
            match self.own.try_send(bytes) {
                Ok(count) => {
                    *taken = count;
                    self.own.flow().sent += count as u64;
                    return Ok(());
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(self.error("send", error)),
            }
        }
    }

    /// Receives what is there, as soon as something is; nothing if that is not before the deadline.
    pub(super) fn receive(
        &self,
        buffer: &mut [u8],
        deadline: Option<Instant>,
    ) -> Result<Option<sys::Received>, EndpointError> {
        let mut blocked = false;
        loop {
            let may_be_empty = !self.own.is_stream() && self.peer.flow().has_empty;
            let at = self.recorder.clock.now();
            match self.own.try_receive(buffer, may_be_empty) {
                Ok(received) => return Ok(Some(received)),
                Err(error) => {
                    // What came at the last moment has been taken; only then is it too late.
                    let is_over = blocked && deadline.is_some_and(|deadline| deadline <= self.gate.now());
                    if is_over && error.kind() == io::ErrorKind::WouldBlock {
                        return Ok(None);
                    }
                    self.wait_out(Call::Recv, error, (&mut blocked, at), deadline)?;
                }
            }
        }
    }

    /// Waits, if that is what the error asks for.
    fn wait_out(
        &self,
        call: Call,
        error: io::Error,
        blocked: (&mut bool, u64),
        deadline: Option<Instant>,
    ) -> Result<(), EndpointError> {
        match error.kind() {
            io::ErrorKind::WouldBlock => self.wait_in(call, blocked, deadline),
            io::ErrorKind::Interrupted => Ok(()),
            _ => Err(self.error(
                match call {
                    Call::Send => "send",
                    Call::Recv => "recv",
                },
                error,
            )),
        }
    }

    /// The call blocks: says so the first time, waits for readiness or the deadline, and takes the turn again. A recv
    /// blocks from before it has looked on: the queue was empty then, and what a wire hands over meanwhile comes after.
    fn wait_in(
        &self,
        call: Call,
        (blocked, at): (&mut bool, u64),
        deadline: Option<Instant>,
    ) -> Result<(), EndpointError> {
        if !std::mem::replace(blocked, true) {
            self.recorder
                .at(at, self.own.id, Evidence::Measured, What::Blocked { call });
            self.observe_unless_bulk();
        }
        self.wait_ready(call, deadline)
    }

    /// Gives the turn back until the call can go on, or the deadline has passed.
    pub(super) fn wait_ready(&self, call: Call, deadline: Option<Instant>) -> Result<(), EndpointError> {
        self.wait_until_ready(call, deadline)?;
        self.gate.resume(self.own.id)?;
        self.keep_quickack()
    }

    /// The same, and the turn is not taken again.
    pub(super) fn wait_until_ready(&self, call: Call, deadline: Option<Instant>) -> Result<(), EndpointError> {
        self.gate.park(self.own.id, Waiting::Call(call), deadline);
        // An error that another thread has met while it looked is not in the kernel any more.
        while !self.own.has_error() {
            let events = self
                .own
                .ask(|socket| self.poll_once(socket, call, deadline))
                .unwrap_or(Ok(interest(call)))?;
            // A stamp in the error queue raises ERR until it is taken; an ERR that no stamp explains is an error, and
            // the call itself will tell which.
            let explained = events.contains(PollFlags::ERR) && self.drain_own_stamps() > 0;
            let is_over = deadline.is_some_and(|deadline| deadline <= self.gate.now());
            let is_error = events.contains(PollFlags::ERR) && !explained;
            if events.intersects(interest(call) | PollFlags::HUP) || is_error || is_over {
                break;
            }
        }
        Ok(())
    }

    fn poll_once(&self, socket: &Socket, call: Call, deadline: Option<Instant>) -> Result<PollFlags, EndpointError> {
        let stop = self.gate.stop();
        // Such an error would go unnoticed if another thread took it out of the kernel just before this waits; so it
        // looks up now and then. A stream's errors are met by nobody else.
        let timeout = match deadline {
            // While a person holds the run nothing of the remainder passes, however little it is.
            Some(deadline) => {
                Timespec::try_from(deadline.saturating_duration_since(self.gate.now()).max(SHORTEST)).ok()
            }
            None => (!self.own.is_stream()).then_some(LOOK_UP),
        };
        let mut fds = [
            PollFd::new(socket, interest(call)),
            PollFd::from_borrowed_fd(stop, PollFlags::IN),
        ];
        match poll(&mut fds, timeout.as_ref()) {
            Ok(_) if !fds[1].revents().is_empty() => Err(Stopped.into()),
            Ok(_) => Ok(fds[0].revents()),
            Err(rustix::io::Errno::INTR) => Ok(PollFlags::empty()),
            Err(error) => Err(self.error(POLL, error.into())),
        }
    }
}

pub(super) fn interest(call: Call) -> PollFlags {
    match call {
        Call::Send => PollFlags::OUT,
        Call::Recv => PollFlags::IN,
    }
}
