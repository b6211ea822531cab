//! Calls of a bulk transfer, many in one event.
//!
//! A file of a gigabyte is a hundred thousand calls that are all alike. Once a flow is a bulk transfer, a program that
//! moves it may have them folded: of many calls one event tells how many there were, how many of them had to wait, and
//! which bytes they moved. Such calls take no turns either: with one call at a time on two threads, most of the time
//! would go into handing the turn over. So what two endpoints do in a folded part is in no order but that of the bytes.

use std::io;
use std::time::Instant;

use super::{Endpoint, EndpointError, Message};
use crate::trace::{Call, Evidence, Excerpt, What};

/// The calls of one endpoint that move one long body in one direction.
pub struct Folding<'f, 'e> {
    endpoint: &'f Endpoint<'e>,
    /// So many bytes become one event.
    every: u64,
    fold: Option<Fold>,
}

/// Calls that no event tells yet.
struct Fold {
    call: Call,
    /// Of sends: the message that they belong to, and its first and last bytes.
    message: Option<u32>,
    head: Vec<u8>,
    tail: Vec<u8>,
    began: u64,
    start: u64,
    bytes: u64,
    calls: u64,
    largest: u64,
    blocked: u64,
}

/// Of a long message so many bytes at each end are kept.
const EDGE: usize = 32;

/// Least and most bytes of one event.
const LEAST: u64 = 8 << 20;
const MOST: u64 = 256 << 20;

impl<'e> Endpoint<'e> {
    /// Calls for a body of so many bytes, folded once that is a bulk transfer.
    #[must_use]
    pub fn folding<'f>(&'f self, body: u64) -> Folding<'f, 'e> {
        Folding {
            endpoint: self,
            every: (body / 16).clamp(LEAST, MOST),
            fold: None,
        }
    }
}

impl Folding<'_, '_> {
    /// One `send` call that takes all of the bytes.
    ///
    /// # Errors
    /// If the call fails or the run is over.
    pub fn send(&mut self, bytes: &[u8]) -> Result<(), EndpointError> {
        let endpoint = self.endpoint;
        if !endpoint.own.is_bulk() {
            return endpoint.send(&mut Message::new(bytes, 0), bytes.len());
        }
        endpoint.gate.pass(endpoint.own.id)?;
        let fold = self.fold.get_or_insert_with(|| Fold::of_sends(endpoint));
        endpoint.own.flow().announce(fold.message.unwrap_or_default(), bytes);
        let (mut taken, mut blocked) = (0, false);
        let sent = send_all(endpoint, bytes, &mut taken, &mut blocked);
        fold.add(&bytes[..taken], bytes.len(), blocked);
        if sent.is_err() {
            let end = fold.start + fold.bytes;
            endpoint.own.flow().abandon(end);
        }
        if sent.is_err() || self.is_full() {
            self.flush();
        }
        sent.map_err(|error| endpoint.failed(Call::Send, error))
    }

    /// One `recv` call; nothing if the program has lost its patience at `deadline`.
    ///
    /// # Errors
    /// If the call fails, the run is over, or the bytes are not the ones that were sent.
    pub fn recv(&mut self, buffer: &mut [u8], deadline: Option<Instant>) -> Result<Option<usize>, EndpointError> {
        let endpoint = self.endpoint;
        if !endpoint.peer.is_bulk() {
            return endpoint.recv_until(buffer, deadline);
        }
        endpoint.gate.pass(endpoint.own.id)?;
        let began = endpoint.recorder.clock.now();
        let mut blocked = false;
        let received = receive(endpoint, buffer, deadline, &mut blocked);
        let Some(returned) = received.map_err(|error| {
            self.flush();
            endpoint.failed(Call::Recv, error)
        })?
        else {
            self.flush();
            return Ok(None);
        };
        let taken = endpoint.peer.flow().take_stream(&buffer[..returned]);
        let start = taken.map_err(|source| EndpointError::Mismatch {
            side: endpoint.own.name.clone(),
            source,
        })?;
        if returned == 0 {
            // The end of a stream is news.
            self.flush();
            let asked = buffer.len() as u64;
            endpoint
                .recorder
                .at(began, endpoint.own.id, Evidence::Measured, What::RecvCall { asked });
            let end = What::Recv {
                asked,
                returned: 0,
                start,
                message: None,
                datagram: None,
            };
            endpoint.record(Evidence::Measured, end);
            return Ok(Some(0));
        }
        let fold = self.fold.get_or_insert_with(|| Fold::new(Call::Recv, began, start));
        fold.add(&buffer[..returned], buffer.len(), blocked);
        if self.is_full() {
            self.flush();
        }
        Ok(Some(returned))
    }

    fn is_full(&self) -> bool {
        self.fold.as_ref().is_some_and(|fold| fold.bytes >= self.every)
    }

    /// Tells the calls that were not told yet.
    pub fn flush(&mut self) {
        let Some(fold) = self.fold.take() else { return };
        let endpoint = self.endpoint;
        let record = |at, what| endpoint.recorder.at(at, endpoint.own.id, Evidence::Measured, what);
        if let Some(message) = fold.message {
            record(fold.began, fold.as_message(message));
        }
        let what = What::Calls {
            call: fold.call,
            calls: fold.calls,
            largest: fold.largest,
            blocked: fold.blocked,
            bytes: fold.bytes,
            start: fold.start,
            since_ns: fold.began,
        };
        record(endpoint.recorder.clock.now(), what);
        // Of the other side only the other side knows how far it has come.
        endpoint.observe_own();
    }
}

impl Drop for Folding<'_, '_> {
    fn drop(&mut self) {
        self.flush();
    }
}

impl Fold {
    fn new(call: Call, began: u64, start: u64) -> Self {
        Self {
            call,
            message: None,
            head: Vec::new(),
            tail: Vec::new(),
            began,
            start,
            bytes: 0,
            calls: 0,
            largest: 0,
            blocked: 0,
        }
    }

    fn of_sends(endpoint: &Endpoint<'_>) -> Self {
        let start = endpoint.own.flow().announced();
        Self {
            message: Some(endpoint.recorder.number_message()),
            ..Self::new(Call::Send, endpoint.recorder.clock.now(), start)
        }
    }

    fn add(&mut self, bytes: &[u8], asked: usize, blocked: bool) {
        self.bytes += bytes.len() as u64;
        self.calls += 1;
        self.largest = self.largest.max(asked as u64);
        self.blocked += u64::from(blocked);
        if self.message.is_none() {
            return;
        }
        let missing = EDGE - self.head.len();
        let (first, rest) = bytes.split_at(missing.min(bytes.len()));
        self.head.extend_from_slice(first);
        self.tail.extend_from_slice(&rest[rest.len().saturating_sub(EDGE)..]);
        self.tail.drain(..self.tail.len().saturating_sub(EDGE));
    }

    fn as_message(&self, message: u32) -> What {
        let mut bytes = Excerpt {
            len: self.bytes,
            hex: self.head.clone(),
            tail: self.tail.clone(),
        };
        // What has no middle is kept whole.
        if bytes.len == (bytes.hex.len() + bytes.tail.len()) as u64 {
            bytes.hex.append(&mut bytes.tail);
        }
        What::Message {
            message,
            start: self.start,
            header: 0,
            json: 0,
            delimiter: 0,
            bytes,
        }
    }
}

fn send_all(endpoint: &Endpoint<'_>, bytes: &[u8], taken: &mut usize, blocked: &mut bool) -> Result<(), EndpointError> {
    while *taken < bytes.len() {
        match endpoint.own.try_send(&bytes[*taken..]) {
            Ok(count) => {
                *taken += count;
                endpoint.own.flow().sent += count as u64;
            }
            Err(error) => wait_out(endpoint, Call::Send, error, None, blocked)?,
        }
    }
    Ok(())
}

fn receive(
    endpoint: &Endpoint<'_>,
    buffer: &mut [u8],
    deadline: Option<Instant>,
    blocked: &mut bool,
) -> Result<Option<usize>, EndpointError> {
    loop {
        match endpoint.own.try_receive(buffer, false) {
            Ok(received) => return Ok(Some(received.returned)),
            Err(error) => {
                let is_over = *blocked && deadline.is_some_and(|deadline| deadline <= endpoint.deadline_clock());
                if is_over && error.kind() == io::ErrorKind::WouldBlock {
                    return Ok(None);
                }
                wait_out(endpoint, Call::Recv, error, deadline, blocked)?;
            }
        }
    }
}

fn wait_out(
    endpoint: &Endpoint<'_>,
    call: Call,
    error: io::Error,
    deadline: Option<Instant>,
    blocked: &mut bool,
) -> Result<(), EndpointError> {
    match error.kind() {
        io::ErrorKind::WouldBlock => {
            *blocked = true;
            endpoint.wait_until_ready(call, deadline)?;
            Ok(endpoint.gate.pass(endpoint.own.id)?)
        }
        io::ErrorKind::Interrupted => Ok(()),
        _ => Err(endpoint.error(if call == Call::Send { "send" } else { "recv" }, error)),
    }
}
