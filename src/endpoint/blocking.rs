//! Calls that wait: a try that does not block, then a poll(2) that can be ended, then another try.

use std::io;
use std::os::fd::BorrowedFd;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use socket2::Socket;

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
    let moment = Duration::from_micros(if looks < 500 { 50 } else { 500 });
    let mut fds = [PollFd::from_borrowed_fd(stop, PollFlags::IN)];
    match poll(&mut fds, Timespec::try_from(moment).ok().as_ref()) {
        Ok(1..) => Err(Stopped),
        _ => Ok(()),
    }
}

pub(super) const DONT_WAIT: i32 = libc::MSG_DONTWAIT | libc::MSG_NOSIGNAL;

impl Endpoint<'_> {
    pub(super) fn try_recv(&self, socket: &Socket, buffer: &mut [u8]) -> io::Result<sys::Received> {
        if self.own.stream {
            let returned = sys::receive_stream(socket, buffer)?;
            Ok(sys::Received {
                returned,
                datagram: None,
            })
        } else {
            sys::receive_datagram(socket, buffer)
        }
    }

    /// The call blocks: says so the first time, waits for readiness, and takes the turn again.
    pub(super) fn wait_in(&self, call: Call, blocked: &mut bool) -> Result<(), EndpointError> {
        if !std::mem::replace(blocked, true) {
            self.record(Evidence::Measured, What::Blocked { call });
            self.observe_unless_bulk();
        }
        self.gate.park(self.own.id, Waiting::Call(call));
        loop {
            let events = self
                .own
                .ask(|socket| self.poll_once(socket, call))
                .unwrap_or(Ok(interest(call)))?;
            // A stamp in the error queue raises ERR until it is taken; an ERR that no stamp explains is an error, and
            // the call itself will tell which.
            let explained = events.contains(PollFlags::ERR) && self.drain_own_stamps() > 0;
            if events.intersects(interest(call) | PollFlags::HUP) || (events.contains(PollFlags::ERR) && !explained) {
                break;
            }
        }
        self.gate.resume(self.own.id)?;
        self.own.set_quickack();
        self.peer.set_quickack();
        Ok(())
    }

    fn poll_once(&self, socket: &Socket, call: Call) -> Result<PollFlags, EndpointError> {
        let stop = self.gate.stop();
        let mut fds = [
            PollFd::new(socket, interest(call)),
            PollFd::from_borrowed_fd(stop, PollFlags::IN),
        ];
        match poll(&mut fds, None) {
            Ok(_) if !fds[1].revents().is_empty() => Err(Stopped.into()),
            Ok(_) => Ok(fds[0].revents()),
            Err(rustix::io::Errno::INTR) => Ok(PollFlags::empty()),
            Err(error) => Err(self.error("poll", error.into())),
        }
    }
}

pub(super) fn interest(call: Call) -> PollFlags {
    match call {
        Call::Send => PollFlags::OUT,
        Call::Recv => PollFlags::IN,
    }
}
