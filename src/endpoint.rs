//! A traced socket: every call becomes an event, and after it the kernel is asked what lies where.
//!
//! A blocking call is made as the kernel makes it inside: try, wait until the socket is ready, try again. The first
//! try tells whether the call blocks, which is shown; the wait can be ended, by a deadline or by Ctrl-C; and between
//! readiness and the second try the [`Gate`] decides whose turn it is.
//!
//! Once a flow has become a bulk transfer ([`Flow::BULK`](flow::Flow::BULK)) the kernel is asked after every 64th call only, and
//! departures are not stamped any more, so that watching costs little.

mod blocking;
pub mod clock;
mod failure;
pub mod flow;
mod message;
mod observe;
mod pair;
pub mod recorder;
mod side;
mod stamps;
#[cfg(test)]
mod tests;
mod until;

use std::io;
use std::os::fd::BorrowedFd;
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use crate::sys;
use crate::trace::{Call, EndpointId, Evidence, Waiting, What};
pub use blocking::{nap, pause};
pub use failure::EndpointError;
pub use message::{Message, Parts};
pub use pair::Pair;
use recorder::Recorder;
pub use side::Side;

/// Decides when an endpoint may call the kernel.
pub trait Gate: Sync {
    /// Waits until `who` may make a call, and gives it the turn.
    ///
    /// # Errors
    /// [`Stopped`] if the run is over.
    fn enter(&self, who: EndpointId) -> Result<(), Stopped>;
    /// The call is made and observed: gives the turn back.
    fn leave(&self, who: EndpointId);
    /// The call blocks, or the step waits: gives the turn back until [`Gate::resume`]. A wait that has a deadline ends by
    /// itself, so it is no hang.
    fn park(&self, who: EndpointId, waiting: Waiting, deadline: Option<Instant>);
    /// What it waited for has come: takes the turn again.
    ///
    /// # Errors
    /// [`Stopped`] if the run is over.
    fn resume(&self, who: EndpointId) -> Result<(), Stopped>;
    /// Becomes readable when the run is over.
    fn stop(&self) -> BorrowedFd<'_>;
}

/// The run is over; whoever sees this goes home.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the run was stopped")]
pub struct Stopped;

/// A side, held by the one thread that makes its calls.
pub struct Endpoint<'a> {
    own: Arc<Side>,
    peer: Arc<Side>,
    recorder: &'a Recorder,
    gate: &'a dyn Gate,
}

impl<'a> Endpoint<'a> {
    /// Endpoint 0 or 1 of a pair.
    #[must_use]
    pub fn new(pair: &Pair, index: usize, recorder: &'a Recorder, gate: &'a dyn Gate) -> Self {
        let (own, peer) = (index & 1, 1 - (index & 1));
        Self {
            own: Arc::clone(&pair.sides[own]),
            peer: Arc::clone(&pair.sides[peer]),
            recorder,
            gate,
        }
    }

    /// Sets an option that stays, and records that it is staged.
    ///
    /// # Errors
    /// If the kernel refuses.
    pub fn set_nodelay(&self, on: bool) -> Result<(), EndpointError> {
        let set = self.own.ask(|socket| socket.set_tcp_nodelay(on)).unwrap_or(Ok(()));
        set.map_err(|source| self.error("set TCP_NODELAY", source))?;
        self.staged("TCP_NODELAY", on.into());
        Ok(())
    }

    /// Has TCP_QUICKACK set before each call, and records that it is staged, if this system has that option.
    pub fn set_quickack(&self, on: bool) {
        if self
            .own
            .ask(|socket| sys::set_quickack(socket, on))
            .is_some_and(|set| set.is_ok())
        {
            self.staged("TCP_QUICKACK", on.into());
        }
    }

    /// Records an option that is set elsewhere: before the connection was made, or before each call.
    pub fn staged(&self, option: &str, value: u64) {
        self.record(
            Evidence::Staged,
            What::OptionSet {
                option: option.to_owned(),
                value,
            },
        );
    }

    /// Records the addresses.
    pub fn opened(&self) {
        let addresses = self.own.ask(|socket| {
            let text = |address: io::Result<socket2::SockAddr>| {
                address
                    .ok()
                    .and_then(|address| address.as_socket())
                    .map_or("?".to_owned(), |address| address.to_string())
            };
            (text(socket.local_addr()), text(socket.peer_addr()))
        });
        if let Some((local, peer)) = addresses {
            self.record(Evidence::Measured, What::Opened { local, peer });
        }
    }

    /// Records what only the program knows, for example what a header says.
    pub fn record(&self, evidence: Evidence, what: What) {
        self.recorder.now(self.own.id, evidence, what);
    }

    /// One `send` call, with the bytes of the message up to `end`. Blocks until all are taken, as send(2) does.
    ///
    /// # Errors
    /// If the call fails or the run is over.
    pub fn send(&self, message: &mut Message<'_>, end: usize) -> Result<(), EndpointError> {
        self.begin()?;
        let (number, origin) = message.placed.unwrap_or_else(|| self.announce(message));
        message.placed = Some((number, origin));
        let bytes = &message.bytes[message.handed..end];
        let start = origin + message.handed as u64;
        message.handed = end;
        let asked = bytes.len() as u64;
        self.record(Evidence::Measured, What::SendCall { message: number, asked });
        if !self.own.stream {
            self.own.flow().datagram_departs(start, start + asked);
        }
        let mut taken = 0;
        let sent = self.send_all(bytes, &mut taken);
        if sent.is_err() && !self.own.stream {
            self.own.flow().datagram_stays();
        }
        // What was taken before an error is in the kernel's hands: it is told first, as send(2) returns it first.
        let refused = matches!(sent, Err(EndpointError::Call { .. }));
        if sent.is_ok() || (refused && taken > 0) {
            self.record(
                Evidence::Measured,
                What::Send {
                    message: number,
                    asked,
                    returned: taken as u64,
                    start,
                },
            );
        }
        sent.map_err(|error| self.failed(Call::Send, error))?;
        self.end();
        Ok(())
    }

    /// One `recv` call with room for `buffer.len()` bytes. Blocks until there is something, as recv(2) does.
    ///
    /// # Errors
    /// If the call fails or the run is over, or if the bytes are not the ones that were sent.
    pub fn recv(&self, buffer: &mut [u8]) -> Result<usize, EndpointError> {
        // Without a deadline it always returns something.
        self.recv_until(buffer, None).map(Option::unwrap_or_default)
    }

    /// The same, but the program has lost its patience at `deadline`: it gets nothing then, and the call has not
    /// returned.
    ///
    /// # Errors
    /// As [`Endpoint::recv`].
    pub fn recv_until(&self, buffer: &mut [u8], deadline: Option<Instant>) -> Result<Option<usize>, EndpointError> {
        self.begin()?;
        let asked = buffer.len() as u64;
        self.record(Evidence::Measured, What::RecvCall { asked });
        let received = self.receive(buffer, deadline);
        let Some(received) = received.map_err(|error| self.failed(Call::Recv, error))? else {
            self.end();
            return Ok(None);
        };
        let at = self.recorder.clock.now();
        let bytes = &buffer[..received.returned];
        let datagram = received.datagram.map(|length| length as u64);
        let taken = if self.own.stream {
            self.peer.flow().take_stream(bytes).map(|start| (None, start))
        } else {
            self.peer
                .flow()
                .take_datagram(bytes, datagram)
                .map(|(number, start)| (Some(number), start))
        };
        let (message, start) = taken.map_err(|source| EndpointError::Mismatch {
            side: self.own.name.clone(),
            source,
        })?;
        let what = What::Recv {
            asked,
            returned: bytes.len() as u64,
            start,
            message,
            datagram,
        };
        self.recorder.at(at, self.own.id, Evidence::Measured, what);
        self.end();
        Ok(Some(received.returned))
    }

    /// Does nothing for so long: a peer that takes its time. Nobody waits for it meanwhile who need not.
    ///
    /// # Errors
    /// If the run is over.
    pub fn dawdle(&self, moment: Duration) -> Result<(), EndpointError> {
        Ok(pause(self.gate.stop(), moment)?)
    }

    /// Closes the socket.
    ///
    /// # Errors
    /// If the run is over.
    pub fn close(&self) -> Result<(), EndpointError> {
        self.begin()?;
        self.drain_stamps();
        drop(self.own.socket.write().unwrap_or_else(PoisonError::into_inner).take());
        self.record(Evidence::Measured, What::Closed);
        self.end();
        Ok(())
    }

    /// Gives the message a number and a place in the flow.
    fn announce(&self, message: &Message<'_>) -> (u32, u64) {
        let number = self.recorder.number_message();
        let (start, bytes) = {
            let mut flow = self.own.flow();
            let announced = flow.announce(number, message.bytes);
            self.own.bulk.store(flow.is_bulk(), Ordering::Relaxed);
            announced
        };
        self.record(
            Evidence::Measured,
            What::Message {
                message: number,
                start,
                header: message.parts.header as u64,
                json: message.parts.json as u64,
                delimiter: message.parts.delimiter as u64,
                bytes,
            },
        );
        (number, start)
    }

    fn begin(&self) -> Result<(), Stopped> {
        self.gate.enter(self.own.id)?;
        self.own.set_quickack();
        self.peer.set_quickack();
        if !self.own.stream {
            self.note_losses();
        }
        Ok(())
    }

    /// Between two calls that take turns at most one datagram is sent, so a drop counter that rose by one tells which
    /// one was lost. A greater rise tells nothing.
    fn note_losses(&self) {
        for (from, to) in [(&self.own, &self.peer), (&self.peer, &self.own)] {
            let Some(dropped) = to.ask(|socket| sys::dropped_datagrams(socket)).flatten() else {
                continue;
            };
            if dropped == to.dropped.swap(dropped, Ordering::Relaxed) + 1 {
                from.flow().lose_last();
            }
        }
    }

    fn end(&self) {
        self.own.calls.fetch_add(1, Ordering::Relaxed);
        self.observe_unless_bulk();
        self.gate.leave(self.own.id);
    }
}
