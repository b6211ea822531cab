//! A traced socket: every call becomes an event, and after it the kernel is asked what lies where.
//!
//! A blocking call is made as the kernel makes it inside: try, wait until the socket is ready, try again. The first
//! try tells whether the call blocks, which is shown; the wait can be ended, by a deadline or by Ctrl-C; and between
//! readiness and the second try the [`Gate`] decides whose turn it is.
//!
//! Once a flow has become a bulk transfer ([`Flow::BULK`]) the kernel is asked after every 64th call only, and
//! departures are not stamped any more, so that watching costs little.

pub mod clock;
pub mod flow;
pub mod recorder;

use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use socket2::Socket;

use crate::sys::{self, StampKind, TcpInfo};
use crate::trace::{Call, EndpointId, Evidence, Until, Waiting, What};
use clock::Offset;
use flow::{Flow, Mismatch};
use recorder::Recorder;

/// Decides when an endpoint may call the kernel.
pub trait Gate: Sync {
    /// Waits until `who` may make a call, and gives it the turn.
    ///
    /// # Errors
    /// [`Stopped`] if the run is over.
    fn enter(&self, who: EndpointId) -> Result<(), Stopped>;
    /// The call is made and observed: gives the turn back.
    fn leave(&self, who: EndpointId);
    /// The call blocks, or the step waits: gives the turn back until [`Gate::resume`].
    fn park(&self, who: EndpointId, waiting: Waiting);
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

/// Why an endpoint cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum EndpointError {
    /// The run is over.
    #[error(transparent)]
    Stopped(#[from] Stopped),
    /// A call failed.
    #[error("{side}: {operation}: {source}")]
    Call {
        /// Whose.
        side: String,
        /// Which.
        operation: &'static str,
        /// The system's words.
        source: io::Error,
    },
    /// The kernel delivered something else than was sent: a fault in this program, never the kernel's.
    #[error("{side}: recv: {source}")]
    Mismatch {
        /// Whose.
        side: String,
        /// Where.
        source: Mismatch,
    },
}

/// One side of a connection, seen by every thread of the run.
#[derive(Debug)]
pub struct Side {
    id: EndpointId,
    name: String,
    stream: bool,
    /// TCP_QUICKACK is set anew before each call, because the kernel resets it (tcp(7)).
    quickack: Option<bool>,
    /// Written once, by the owner, when it closes. Everybody else only asks questions of it.
    socket: RwLock<Option<Socket>>,
    flow: Mutex<Flow>,
    told: Mutex<Told>,
    stamped: AtomicBool,
    calls: AtomicU32,
}

/// What was recorded last about a side, so that only news is recorded.
#[derive(Debug, Default)]
struct Told {
    queues: Option<What>,
    segments: Option<What>,
}

/// Both sides of a connection.
#[derive(Debug, Clone)]
pub struct Pair {
    /// In the order of their ids.
    pub sides: [Arc<Side>; 2],
    /// Segments that one side had sent and the other not counted when the connection was made (the handshake's).
    baseline: [u32; 2],
}

/// A side, held by the one thread that makes its calls.
pub struct Endpoint<'a> {
    own: Arc<Side>,
    peer: Arc<Side>,
    recorder: &'a Recorder,
    gate: &'a dyn Gate,
}

/// What a program has to send, as one unit of its own, in one `send` call or more.
#[derive(Debug)]
pub struct Message<'b> {
    bytes: &'b [u8],
    /// How many bytes at its front are a length header.
    header: usize,
    /// Its number in the run, from its first `send` on.
    number: Option<u32>,
    /// How many bytes have been handed to `send`.
    handed: usize,
}

impl<'b> Message<'b> {
    /// A message whose first `header` bytes are a length header.
    #[must_use]
    pub fn new(bytes: &'b [u8], header: usize) -> Self {
        Self {
            bytes,
            header,
            number: None,
            handed: 0,
        }
    }
}

impl Pair {
    /// Takes two connected sockets. The first belongs to endpoint 0.
    #[must_use]
    pub fn new(sides: [Side; 2]) -> Self {
        let sides = sides.map(Arc::new);
        let baseline = segments(&sides).unwrap_or_default();
        Self { sides, baseline }
    }

    /// Whether nothing is under way between the two sides: every segment that left one has been counted by the
    /// other (TCP), every datagram is read, waiting or dropped (UDP). `true` where the system cannot tell.
    ///
    /// Asked twice: a segment that arrives while the first question holds the socket is counted at once but
    /// processed, and answered, only when the question is over.
    #[must_use]
    pub fn is_quiet(&self) -> bool {
        self.looks_quiet() && self.looks_quiet()
    }

    fn looks_quiet(&self) -> bool {
        let [a, b] = &self.sides;
        if a.stream {
            segments(&self.sides).is_none_or(|now| now == self.baseline)
        } else {
            b.has_received_from(a) && a.has_received_from(b)
        }
    }
}

/// For each direction, the segments that are under way.
fn segments(sides: &[Arc<Side>; 2]) -> Option<[u32; 2]> {
    let [a, b] = [sides[0].tcp_info()?, sides[1].tcp_info()?];
    Some([
        a.segments_out.wrapping_sub(b.segments_in),
        b.segments_out.wrapping_sub(a.segments_in),
    ])
}

/// Looks at no more than this many datagrams in a receive queue: looking costs a call for each.
const MOST_DATAGRAMS: u64 = 1024;

impl Side {
    /// Takes a connected socket, and has its departures stamped if the system can.
    #[must_use]
    pub fn new(id: EndpointId, name: &str, stream: bool, socket: Socket, quickack: Option<bool>) -> Self {
        let stamped = AtomicBool::new(sys::stamp_departures(&socket));
        Self {
            id,
            name: name.to_owned(),
            stream,
            quickack,
            socket: RwLock::new(Some(socket)),
            flow: Mutex::default(),
            told: Mutex::default(),
            stamped,
            calls: AtomicU32::new(0),
        }
    }

    /// Whether a call that waits for this could go on now.
    #[must_use]
    pub fn is_ready(&self, call: Call) -> bool {
        self.ask(|socket| {
            let mut fds = [PollFd::new(socket, interest(call))];
            let now = Timespec { tv_sec: 0, tv_nsec: 0 };
            // A waiting stamp raises ERR; that is no readiness.
            poll(&mut fds, Some(&now)).is_ok() && fds[0].revents().intersects(interest(call) | PollFlags::HUP)
        })
        .unwrap_or(true)
    }

    /// Whether the condition holds now; `None` where the system cannot tell.
    #[must_use]
    pub fn holds(&self, until: Until) -> Option<bool> {
        match until {
            Until::Queued(bytes) => self
                .ask(|socket| sys::waiting_bytes(socket))?
                .map(|waiting| waiting >= bytes),
            Until::DatagramsQueued(count) => {
                let waiting = self.ask(|socket| sys::waiting_datagrams(socket, MOST_DATAGRAMS))?;
                waiting.map(|waiting| waiting.datagrams >= count)
            }
            Until::Acknowledged => self.ask(|socket| sys::queued_bytes(socket))?.map(|queued| queued == 0),
        }
    }

    /// Whether the send queue holds nothing that the kernel may still send or that may still be acknowledged.
    #[must_use]
    pub fn has_sent_all(&self) -> bool {
        !self.stream || self.ask(|socket| sys::queued_bytes(socket)).flatten().unwrap_or(0) == 0
    }

    fn ask<T>(&self, question: impl FnOnce(&Socket) -> T) -> Option<T> {
        let socket = self.socket.read().unwrap_or_else(PoisonError::into_inner);
        socket.as_ref().map(question)
    }

    fn tcp_info(&self) -> Option<TcpInfo> {
        self.ask(|socket| sys::tcp_info(socket)).flatten()
    }

    fn flow(&self) -> MutexGuard<'_, Flow> {
        self.flow.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn has_received_from(&self, from: &Side) -> bool {
        let (sent, taken) = {
            let flow = from.flow();
            (flow.datagrams_sent, flow.datagrams_taken)
        };
        let arrived = self.ask(|socket| {
            let waiting = sys::waiting_datagrams(socket, MOST_DATAGRAMS)?;
            Some(waiting.datagrams + sys::dropped_datagrams(socket)?)
        });
        arrived.flatten().is_none_or(|arrived| arrived + taken >= sent)
    }

    fn set_quickack(&self) {
        if let Some(on) = self.quickack {
            // A socket that is already closed has nothing to acknowledge.
            self.ask(|socket| socket.set_tcp_quickack(on));
        }
    }
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
        let number = message.number.unwrap_or_else(|| self.announce(message));
        message.number = Some(number);
        let bytes = &message.bytes[message.handed..end];
        message.handed = end;
        let asked = bytes.len() as u64;
        let start = self.own.flow().sent;
        self.record(Evidence::Measured, What::SendCall { message: number, asked });
        let (mut taken, mut blocked) = (0, false);
        loop {
            let attempt = self
                .own
                .ask(|socket| socket.send_with_flags(&bytes[taken..], DONT_WAIT))
                .unwrap_or_else(closed);
            match attempt {
                Ok(count) => {
                    taken += count;
                    self.own.flow().sent += count as u64;
                    if taken == bytes.len() {
                        break;
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => self.wait_in(Call::Send, &mut blocked)?,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(self.failed(Call::Send, error)),
            }
        }
        if !self.own.stream {
            let mut flow = self.own.flow();
            flow.datagrams_sent += u64::from(!bytes.is_empty());
            let end = flow.sent;
            flow.datagram_ends.push(end);
        }
        self.record(
            Evidence::Measured,
            What::Send {
                message: number,
                asked,
                returned: taken as u64,
                start,
            },
        );
        self.end();
        Ok(())
    }

    /// One `recv` call with room for `buffer.len()` bytes. Blocks until there is something, as recv(2) does.
    ///
    /// # Errors
    /// If the call fails or the run is over, or if the bytes are not the ones that were sent.
    pub fn recv(&self, buffer: &mut [u8]) -> Result<usize, EndpointError> {
        self.begin()?;
        let asked = buffer.len() as u64;
        self.record(Evidence::Measured, What::RecvCall { asked });
        let mut blocked = false;
        let received = loop {
            match self
                .own
                .ask(|socket| self.try_recv(socket, buffer))
                .unwrap_or_else(closed)
            {
                Ok(received) => break received,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => self.wait_in(Call::Recv, &mut blocked)?,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(self.failed(Call::Recv, error)),
            }
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
        Ok(received.returned)
    }

    /// Waits until the condition holds. Which one it is, is decided when the turn has come.
    ///
    /// # Errors
    /// If the run is over, or this system cannot measure the condition.
    pub fn wait(&self, until: impl FnOnce(&Self) -> Until) -> Result<(), EndpointError> {
        self.begin()?;
        let until = until(self);
        self.record(Evidence::Staged, What::Wait { until });
        self.gate.park(self.own.id, Waiting::Until(until));
        let mut looks = 0_u32;
        loop {
            match self.own.holds(until) {
                Some(true) => break,
                Some(false) => {}
                None => {
                    let source = io::Error::new(io::ErrorKind::Unsupported, "this system cannot measure that");
                    return Err(self.error("wait for the kernel's queues", source));
                }
            }
            nap(self.gate.stop(), looks)?;
            looks += 1;
        }
        self.gate.resume(self.own.id)?;
        self.record(Evidence::Measured, What::Waited { until });
        self.end();
        Ok(())
    }

    /// Everything that was sent to this endpoint and that it has not read, as a condition.
    #[must_use]
    pub fn until_all_queued(&self) -> Until {
        let flow = self.peer.flow();
        if self.own.stream {
            Until::Queued(flow.sent - flow.taken)
        } else {
            Until::DatagramsQueued(flow.datagrams_sent - flow.datagrams_taken)
        }
    }

    /// So many bytes (stream) or datagrams in the receive queue, as a condition.
    #[must_use]
    pub fn until_queued(&self, count: u64) -> Until {
        if self.own.stream {
            Until::Queued(count)
        } else {
            Until::DatagramsQueued(count)
        }
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

    /// Asks the kernel once more, when everything is done.
    pub fn look(&self) {
        self.observe();
    }

    /// Gives the message a number and a place in the flow.
    fn announce(&self, message: &Message<'_>) -> u32 {
        let number = self.recorder.number_message();
        let (start, bytes) = self.own.flow().announce(number, message.bytes);
        self.record(
            Evidence::Measured,
            What::Message {
                message: number,
                start,
                header: message.header as u64,
                bytes,
            },
        );
        number
    }

    fn begin(&self) -> Result<(), Stopped> {
        self.gate.enter(self.own.id)?;
        self.own.set_quickack();
        self.peer.set_quickack();
        Ok(())
    }

    fn end(&self) {
        let calls = self.own.calls.fetch_add(1, Ordering::Relaxed);
        if !self.is_bulk() || calls.is_multiple_of(64) {
            self.observe();
        }
        self.gate.leave(self.own.id);
    }

    fn is_bulk(&self) -> bool {
        self.own.flow().is_bulk() || self.peer.flow().is_bulk()
    }

    fn try_recv(&self, socket: &Socket, buffer: &mut [u8]) -> io::Result<sys::Received> {
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
    fn wait_in(&self, call: Call, blocked: &mut bool) -> Result<(), EndpointError> {
        if !std::mem::replace(blocked, true) {
            self.record(Evidence::Measured, What::Blocked { call });
            self.observe();
        }
        self.gate.park(self.own.id, Waiting::Call(call));
        loop {
            let events = self
                .own
                .ask(|socket| self.poll_once(socket, call))
                .unwrap_or(Ok(interest(call)))?;
            // A stamp in the error queue raises ERR until it is taken; an ERR that no stamp explains is an error, and
            // the call itself will tell which.
            let stamps = self.drain_stamps();
            if events.intersects(interest(call) | PollFlags::HUP) || (events.contains(PollFlags::ERR) && stamps == 0) {
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

    fn failed(&self, call: Call, error: io::Error) -> EndpointError {
        let errno = error.raw_os_error().unwrap_or(0);
        self.record(
            Evidence::Measured,
            What::Failed {
                call,
                errno,
                error: error.to_string(),
            },
        );
        self.end();
        let operation = match call {
            Call::Send => "send",
            Call::Recv => "recv",
        };
        self.error(operation, error)
    }

    fn error(&self, operation: &'static str, source: io::Error) -> EndpointError {
        EndpointError::Call {
            side: self.own.name.clone(),
            operation,
            source,
        }
    }

    /// Asks the kernel about both sides, and records the answers that are new.
    fn observe(&self) {
        self.drain_stamps();
        for side in [&self.own, &self.peer] {
            let Some((queues, info)) = side.ask(|socket| (queues(socket, side.stream), sys::tcp_info(socket))) else {
                continue;
            };
            let mut told = side.told.lock().unwrap_or_else(PoisonError::into_inner);
            self.record_news(side.id, &mut told.queues, queues);
            if let Some(info) = info.filter(|_| side.stream) {
                self.record_news(side.id, &mut told.segments, segments_event(info));
            }
        }
    }

    fn record_news(&self, id: EndpointId, told: &mut Option<What>, news: What) {
        if told.as_ref() != Some(&news) {
            self.recorder.now(id, Evidence::Measured, news.clone());
            *told = Some(news);
        }
    }

    /// Records the stamps that wait in the error queues; returns how many there were.
    fn drain_stamps(&self) -> usize {
        let mut count = 0;
        for side in [&self.own, &self.peer] {
            if !side.stamped.load(Ordering::Relaxed) {
                continue;
            }
            let offset = Offset::now();
            while let Some(stamp) = side.ask(|socket| sys::next_stamp(socket)).flatten() {
                count += 1;
                let at = self.recorder.clock.at_realtime(offset, stamp.realtime);
                let what = side.flow().stamped(stamp, side.stream);
                if let Some(what) = what {
                    self.recorder.at(at, side.id, Evidence::Measured, what);
                }
            }
            if side.stream && side.flow().is_bulk() && side.stamped.swap(false, Ordering::Relaxed) {
                side.ask(|socket| sys::stamp_nothing(socket));
                self.recorder.now(side.id, Evidence::Measured, What::StampsEnd);
            }
        }
        count
    }
}

impl Flow {
    /// Where a stamp points in the flow.
    fn stamped(&mut self, stamp: sys::Stamp, stream: bool) -> Option<What> {
        let end = if stream {
            // The id is the offset of the last byte, modulo 2³²; stamps end long before the flow is that long.
            u64::from(stamp.id) + 1
        } else {
            *self.datagram_ends.get(usize::try_from(stamp.id).ok()?)?
        };
        match stamp.kind {
            StampKind::Left if end > self.left || !stream => {
                let start = std::mem::replace(&mut self.left, end);
                Some(What::Left { start, end })
            }
            StampKind::Acknowledged if end > self.acknowledged => {
                let start = std::mem::replace(&mut self.acknowledged, end);
                Some(What::Acknowledged { start, end })
            }
            // A retransmission of what has left before.
            _ => None,
        }
    }
}

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

const DONT_WAIT: i32 = libc::MSG_DONTWAIT | libc::MSG_NOSIGNAL;

fn interest(call: Call) -> PollFlags {
    match call {
        Call::Send => PollFlags::OUT,
        Call::Recv => PollFlags::IN,
    }
}

fn closed<T>() -> io::Result<T> {
    Err(io::ErrorKind::NotConnected.into())
}

fn queues(socket: impl AsFd, stream: bool) -> What {
    if stream {
        let queued = sys::queued_bytes(socket.as_fd());
        // What is acknowledged between the two questions must not make the difference negative.
        let unsent = sys::unsent_bytes(socket.as_fd());
        let unacknowledged = queued.zip(unsent).map(|(queued, unsent)| queued.saturating_sub(unsent));
        let waiting = sys::waiting_bytes(socket.as_fd());
        return What::Queues {
            unsent,
            unacknowledged,
            waiting,
            datagrams: None,
            dropped: None,
        };
    }
    let waiting = sys::waiting_datagrams(socket.as_fd(), MOST_DATAGRAMS);
    What::Queues {
        unsent: None,
        unacknowledged: None,
        waiting: waiting.map(|waiting| waiting.bytes),
        datagrams: waiting.map(|waiting| waiting.datagrams),
        dropped: sys::dropped_datagrams(socket.as_fd()),
    }
}

fn segments_event(info: TcpInfo) -> What {
    What::Segments {
        sent: info.segments_out.into(),
        received: info.segments_in.into(),
        data_sent: info.data_segments_out.into(),
        mss: info.mss.into(),
    }
}
