//! A traced socket: every call becomes an event, and after it the kernel is asked what lies where.
//!
//! A blocking call is made as the kernel makes it inside: try, wait until the socket is ready, try again. The first
//! try tells whether the call blocks, which is shown; the wait can be ended, by a deadline or by Ctrl-C; and between
//! readiness and the second try the [`Gate`] decides whose turn it is.
//!
//! Once a flow has become a bulk transfer ([`Flow::BULK`](flow::Flow::BULK)) the kernel is asked after every 64th call only, and
//! departures are not stamped any more, so that watching costs little.

mod blocking;
mod cable;
pub mod clock;
mod either;
mod failure;
pub mod flow;
mod folded;
mod message;
mod observe;
mod pair;
mod pending;
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

use crate::link::Carrier;
use crate::sys;
use crate::trace::{Call, EndpointId, Evidence, FrameFault, Note, Waiting, What};
pub use blocking::{nap, pause};
pub use failure::EndpointError;
pub use folded::Folding;
pub use message::{Message, Parts};
pub use pair::Pair;
use recorder::Recorder;
pub use side::{Cable, Side};

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
    /// The same for a wait in recv for whichever of two endpoints of one thread has something first.
    fn park_for_either(&self, who: EndpointId, other: EndpointId);
    /// What it waited for has come: takes the turn again.
    ///
    /// # Errors
    /// [`Stopped`] if the run is over.
    fn resume(&self, who: EndpointId) -> Result<(), Stopped>;
    /// Goes on without a turn, as in a bulk transfer whose calls are folded, also after a wait.
    ///
    /// # Errors
    /// [`Stopped`] if the run is over.
    fn pass(&self, who: EndpointId) -> Result<(), Stopped>;
    /// Becomes readable when the run is over.
    fn stop(&self) -> BorrowedFd<'_>;
    /// The time by which the deadlines of programs run: it stands still while a person holds the run.
    fn now(&self) -> Instant {
        Instant::now()
    }
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
    /// One end of a pair: the first for an even index, the second for an odd one.
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
    ///
    /// # Errors
    /// If the kernel refuses.
    pub fn set_quickack(&self, on: bool) -> Result<(), EndpointError> {
        let set = self.own.ask(|socket| sys::set_quickack(socket, on));
        if let Some(()) = self.unless_unsupported("set TCP_QUICKACK", set)? {
            self.staged("TCP_QUICKACK", on.into());
        }
        Ok(())
    }

    /// Sets how much a pipe holds, if this system can, and records what the kernel made of it.
    ///
    /// # Errors
    /// If the kernel refuses.
    pub fn set_pipe_capacity(&self, bytes: usize) -> Result<(), EndpointError> {
        let set = self.own.ask(|pipe| sys::set_pipe_capacity(pipe, bytes));
        if let Some(holds) = self.unless_unsupported("set F_SETPIPE_SZ", set)? {
            self.staged("F_SETPIPE_SZ", holds as u64);
        }
        Ok(())
    }

    /// What a system made of an option; nothing where it has none such. Without what a scenario stages it is another one,
    /// so a system that has it and refuses ends the run.
    fn unless_unsupported<T>(
        &self,
        operation: &'static str,
        set: Option<io::Result<T>>,
    ) -> Result<Option<T>, EndpointError> {
        match set {
            Some(Err(error)) if error.kind() != io::ErrorKind::Unsupported => Err(self.error(operation, error)),
            set => Ok(set.and_then(Result::ok)),
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

    /// Records the addresses; sockets of a pair and pipes have none. An address that the system does not tell is not
    /// measured.
    pub fn opened(&self) {
        let has_names = self.own.carrier.is_internet();
        let addresses = self.own.ask(|socket| {
            let text = |address: io::Result<socket2::SockAddr>| {
                let internet = address.ok().and_then(|address| address.as_socket());
                let named = internet.map(|address| address.to_string());
                named.or_else(|| (!has_names).then(|| "unnamed".to_owned()))
            };
            (text(socket.local_addr()), text(socket.peer_addr()))
        });
        if let Some((local, peer)) = addresses {
            self.record(Evidence::Measured, What::Opened { local, peer });
        }
    }

    /// The name that the scenario gives it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.own.name
    }

    /// Records what only the program knows, for example what a header says.
    pub fn record(&self, evidence: Evidence, what: What) {
        self.recorder.now(self.own.id, evidence, what);
    }

    /// Records what the program says of itself, when it has the turn: so its place among the calls of all is that of
    /// the program's next one.
    ///
    /// # Errors
    /// If the run is over.
    pub fn note(&self, note: Note) -> Result<(), EndpointError> {
        self.gate.enter(self.own.id)?;
        self.record(Evidence::Measured, What::Note { note });
        self.gate.leave(self.own.id);
        Ok(())
    }

    /// The same for what the program does because the scenario wants it so.
    ///
    /// # Errors
    /// If the run is over.
    pub fn stage_note(&self, note: Note) -> Result<(), EndpointError> {
        self.gate.enter(self.own.id)?;
        self.record(Evidence::Staged, What::Note { note });
        self.gate.leave(self.own.id);
        Ok(())
    }

    /// A note that is made while bytes flow; how long making it took. It takes no turn in a bulk transfer.
    ///
    /// # Errors
    /// If the run is over.
    pub fn note_in_passing(&self, note: Note) -> Result<Duration, EndpointError> {
        let turns = !(self.own.is_bulk() || self.peer.is_bulk());
        if turns {
            self.gate.enter(self.own.id)?;
        }
        let began = Instant::now();
        self.record(Evidence::Measured, What::Note { note });
        let took = began.elapsed();
        if turns {
            self.gate.leave(self.own.id);
        }
        Ok(took)
    }

    /// Whether the run is still on: for a program that works for long without a call.
    ///
    /// # Errors
    /// If it is over.
    pub fn go_on(&self) -> Result<(), EndpointError> {
        Ok(pause(self.gate.stop(), Duration::ZERO)?)
    }

    /// Nanoseconds since the run began.
    #[must_use]
    pub fn now(&self) -> u64 {
        self.recorder.clock.now()
    }

    /// Something that the program needs of the system beside its socket has failed.
    #[must_use]
    pub fn cannot(&self, operation: &'static str, source: io::Error) -> EndpointError {
        self.error(operation, source)
    }

    /// Records that the program gives up on what it read.
    pub fn give_up(&self, fault: FrameFault) {
        self.record(Evidence::Measured, What::FrameFault { fault });
    }

    /// One `send` call, with the bytes of the message up to `end`. Blocks until all are taken, as send(2) does.
    ///
    /// # Errors
    /// If the call fails or the run is over.
    pub fn send(&self, message: &mut Message<'_>, end: usize) -> Result<(), EndpointError> {
        let sent = self.send_as(message, end, false);
        if let Err(EndpointError::Failed { .. }) = sent {
            self.abandon(message);
        }
        sent.map(drop)
    }

    /// One `send` call that does not wait (MSG_DONTWAIT), with what is left of the message. Returns how many bytes were
    /// taken.
    ///
    /// # Errors
    /// If the call fails, because there is no room (EAGAIN) among others; or the run is over.
    pub fn try_send(&self, message: &mut Message<'_>) -> Result<usize, EndpointError> {
        self.send_as(message, message.bytes.len(), true)
    }

    /// The program does not send the rest of the message.
    pub fn abandon(&self, message: &Message<'_>) {
        let Some((number, origin)) = message.placed.filter(|_| message.handed < message.bytes.len()) else {
            return;
        };
        let end = origin + message.handed as u64;
        self.own.flow().abandon(end);
        self.record(Evidence::Measured, What::Abandoned { message: number, end });
    }

    /// Waits until a `send` can go on, as poll(2) does.
    ///
    /// # Errors
    /// If the run is over.
    pub fn wait_for_room(&self) -> Result<(), EndpointError> {
        self.begin()?;
        self.wait_ready(Call::Send, None)?;
        self.end();
        Ok(())
    }

    fn send_as(&self, message: &mut Message<'_>, end: usize, nonblocking: bool) -> Result<usize, EndpointError> {
        self.begin()?;
        let (number, origin) = message.placed.unwrap_or_else(|| self.announce(message));
        message.placed = Some((number, origin));
        let bytes = &message.bytes[message.handed..end];
        let start = origin + message.handed as u64;
        let asked = bytes.len() as u64;
        self.record(
            Evidence::Measured,
            What::SendCall {
                message: number,
                asked,
                nonblocking,
            },
        );
        if !self.own.is_stream() {
            self.own.flow().datagram_departs(start, start + asked);
        }
        let mut taken = 0;
        let sent = if nonblocking {
            self.send_once(bytes, &mut taken)
        } else {
            self.send_all(bytes, &mut taken)
        };
        message.handed += taken;
        if sent.is_err() && !self.own.is_stream() {
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
        if let Err(error) = sent {
            return Err(self.failed(Call::Send, error));
        }
        self.end();
        Ok(taken)
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
        let taken = if self.own.is_stream() || self.is_end_of_messages(bytes) {
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

    /// The time from which a program counts a deadline: no person who holds the run makes it pass.
    #[must_use]
    pub fn deadline_clock(&self) -> Instant {
        self.gate.now()
    }

    /// Becomes readable when the run is over: for a program that waits for something else than its socket.
    #[must_use]
    pub fn stop(&self) -> BorrowedFd<'_> {
        self.gate.stop()
    }

    /// Says that it sends no more, and can still read (shutdown(2), SHUT_WR).
    ///
    /// # Errors
    /// If the kernel refuses, or the run is over.
    pub fn shut_down(&self) -> Result<(), EndpointError> {
        self.begin()?;
        let at = self.recorder.clock.now();
        let shut = self.own.ask(|socket| socket.shutdown(std::net::Shutdown::Write));
        shut.unwrap_or(Ok(()))
            .map_err(|source| self.error("shutdown", source))?;
        self.recorder.at(at, self.own.id, Evidence::Measured, What::HalfClosed);
        self.end();
        Ok(())
    }

    /// Closes the socket so that the connection is broken off: what is unsent is thrown away and an RST leaves instead of
    /// a FIN (SO_LINGER of 0, socket(7)).
    ///
    /// # Errors
    /// If the kernel refuses, or the run is over.
    pub fn reset(&self) -> Result<(), EndpointError> {
        self.begin()?;
        let set = self.own.ask(|socket| socket.set_linger(Some(Duration::ZERO)));
        set.unwrap_or(Ok(()))
            .map_err(|source| self.error("set SO_LINGER", source))?;
        self.staged("SO_LINGER", 0);
        self.close()
    }

    /// Closes the socket.
    ///
    /// # Errors
    /// If the run is over.
    pub fn close(&self) -> Result<(), EndpointError> {
        self.begin()?;
        self.drain_stamps();
        self.own.leave();
        drop(self.own.socket.write().unwrap_or_else(PoisonError::into_inner).take());
        self.record(Evidence::Measured, What::Closed);
        self.end();
        Ok(())
    }

    /// Whether a read tells that no message will come any more. Between sockets that keep messages apart and have a
    /// connection, 0 is that, unless an empty message is on its way.
    fn is_end_of_messages(&self, bytes: &[u8]) -> bool {
        self.own.carrier == Carrier::UnixSeqpacket && bytes.is_empty() && !self.peer.flow().has_empty
    }

    /// Switches TCP_CORK: while it is on, only full segments leave (tcp(7)).
    ///
    /// # Errors
    /// If the kernel refuses, or the run is over.
    pub fn cork(&self, on: bool) -> Result<(), EndpointError> {
        self.begin()?;
        // What it lets go leaves within the call, so it is told before that.
        let at = self.recorder.clock.now();
        let set = self.own.ask(|socket| sys::set_cork(socket, on)).unwrap_or(Ok(()));
        set.map_err(|source| self.error("set TCP_CORK", source))?;
        self.recorder
            .at(at, self.own.id, Evidence::Measured, What::Corked { on });
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

    fn begin(&self) -> Result<(), EndpointError> {
        self.gate.enter(self.own.id)?;
        self.keep_quickack()?;
        self.settle()?;
        if !self.own.is_stream() {
            self.note_losses();
        }
        Ok(())
    }

    /// The kernel has gone back to its own judgement since the last call.
    fn keep_quickack(&self) -> Result<(), EndpointError> {
        for side in [&self.own, &self.peer] {
            side.set_quickack().map_err(|source| EndpointError::Call {
                side: side.name.clone(),
                operation: "set TCP_QUICKACK",
                source,
            })?;
        }
        Ok(())
    }

    /// Asking to acknowledge at once lets an ACK go that was kept back; over a wire it takes its time.
    fn settle(&self) -> Result<(), Stopped> {
        let Some(cable) = self
            .own
            .cable()
            .filter(|_| self.own.sets_quickack() || self.peer.sets_quickack())
        else {
            return Ok(());
        };
        let mut looks = 0;
        while !cable.wire.is_idle() {
            nap(self.gate.stop(), looks)?;
            looks += 1;
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
