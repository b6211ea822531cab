//! What is shared about one side of a connection, and what anybody may ask the kernel about it.

use std::io;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{OFlags, fcntl_getfl};
use socket2::Socket;

use super::blocking::interest;
use super::flow::Flow;
use crate::link::Carrier;
use crate::sys::{self, Glance, Received, TcpInfo, Waiting};
use crate::trace::state::TcpState;
use crate::trace::{Call, EndpointId, Until, What};
use crate::wire::carry::{Counts, Wire};

/// One side of a connection, seen by every thread of the run.
#[derive(Debug)]
pub struct Side {
    pub(super) id: EndpointId,
    pub(super) name: String,
    pub(super) carrier: Carrier,
    /// The wire that joins it to the other side, if one does, and which connection over it this is.
    cable: Option<Cable>,
    /// Whether it is the end of a pipe that writes, which shows what lies at the other end; `None` if the system does not
    /// tell.
    writes_only: Option<bool>,
    /// TCP_QUICKACK is set anew before each call, because the kernel resets it (tcp(7)).
    quickack: Option<bool>,
    /// Written once, by the owner, when it closes. Everybody else only asks questions of it.
    pub(super) socket: RwLock<Option<Socket>>,
    flow: Mutex<Flow>,
    pub(super) told: Mutex<Told>,
    /// Whether departures are stamped. Locked while stamps are taken from the error queue, so that they are put down in
    /// the order in which they were made, whoever takes them.
    pub(super) stamped: Mutex<bool>,
    /// What looking at the receive queue has changed in it. Locked while somebody looks: there is one place in the
    /// queue (SO_PEEK_OFF) for all threads together.
    glance: Mutex<Glance>,
    /// Whether the flow has become a bulk transfer; it never ceases to be one.
    pub(super) bulk: AtomicBool,
    /// It was closed with nothing unsent, so its FIN left at once.
    left: AtomicBool,
    pub(super) calls: AtomicU32,
    /// Datagrams it had dropped when somebody looked last.
    pub(super) dropped: AtomicU64,
}

/// One end of a wire, as a side knows it.
#[derive(Debug, Clone)]
pub struct Cable {
    /// The wire.
    pub wire: Arc<Wire>,
    /// Which connection.
    pub connection: usize,
    /// Which end.
    pub end: usize,
    /// Tail loss probes are switched off (net.ipv4.tcp_early_retrans, ip-sysctl).
    pub tail_probes_off: bool,
}

/// What was recorded last about a side, so that only news is recorded.
#[derive(Debug, Default)]
pub(super) struct Told {
    pub(super) queues: Option<What>,
    pub(super) segments: Option<What>,
    /// The state of the connection when somebody asked last. It begins established.
    pub(super) state: TcpState,
}

/// Looks at no more than this many new datagrams in a receive queue at a time.
const MOST_DATAGRAMS: u64 = 1 << 16;

/// Room for the longest message of a unix socket: what wmem_max allows on any common system, and more.
const LONGEST_UNIX: usize = 1 << 20;

impl Side {
    /// Takes a connected socket, and has its departures stamped if the system can.
    #[must_use]
    pub fn new(id: EndpointId, name: &str, carrier: Carrier, socket: Socket, quickack: Option<bool>) -> Self {
        let flags = (carrier == Carrier::Pipe).then(|| fcntl_getfl(&socket).map(|flags| flags & OFlags::RWMODE));
        let writes_only = match flags {
            None => Some(false),
            Some(mode) => mode.ok().map(|mode| mode == OFlags::WRONLY),
        };
        let stamped = Mutex::new(carrier.is_internet() && sys::stamp_departures(&socket));
        Self {
            id,
            name: name.to_owned(),
            carrier,
            cable: None,
            writes_only,
            quickack,
            socket: RwLock::new(Some(socket)),
            flow: Mutex::default(),
            told: Mutex::default(),
            stamped,
            glance: Mutex::default(),
            bulk: AtomicBool::new(false),
            left: AtomicBool::new(false),
            calls: AtomicU32::new(0),
            dropped: AtomicU64::new(0),
        }
    }

    /// The same at the end of a wire.
    #[must_use]
    pub fn on(self, cable: Option<Cable>) -> Self {
        self.flow().may_repeat = cable.is_some();
        Self { cable, ..self }
    }

    /// Whether a call that waits for this could go on now.
    #[must_use]
    pub fn is_ready(&self, call: Call) -> bool {
        let ready = self.ask(|socket| {
            let mut fds = [PollFd::new(socket, interest(call))];
            let now = Timespec { tv_sec: 0, tv_nsec: 0 };
            // A waiting stamp raises ERR; that is no readiness.
            poll(&mut fds, Some(&now)).is_ok() && fds[0].revents().intersects(interest(call) | PollFlags::HUP)
        });
        ready.unwrap_or(true) || self.has_error()
    }

    /// Whether the condition holds now; `None` where the system cannot tell.
    #[must_use]
    pub fn holds(&self, until: Until) -> Option<bool> {
        match until {
            Until::Queued(bytes) => self
                .ask(|socket| sys::waiting_bytes(socket))?
                .map(|waiting| waiting >= bytes),
            Until::DatagramsQueued(count) => self.waiting_datagrams().map(|waiting| waiting.datagrams >= count),
            Until::Acknowledged => self.ask(|socket| sys::queued_bytes(socket))?.map(|queued| queued == 0),
            Until::Held(count) => {
                let cable = self.cable.as_ref()?;
                // What a person holds is not the scenario's to wait for.
                Some(self.is_in_hand() || cable.wire.held(cable.end) as u64 >= count)
            }
        }
    }

    /// Whether the connection is over: what the kernel still counts in its send queue is thrown away and never leaves.
    #[must_use]
    pub fn is_over(&self) -> bool {
        let state = self.tcp_info().and_then(|info| TcpState::of_number(info.state));
        state == Some(TcpState::Closed)
    }

    /// Whether bytes may lie in the send queue, sent or not: they do, or the system does not tell.
    #[must_use]
    pub fn may_have_something_to_send(&self) -> bool {
        self.ask(|socket| sys::queued_bytes(socket)) != Some(Some(0)) && !self.is_closed() && !self.is_over()
    }

    pub(super) fn ask<T>(&self, question: impl FnOnce(&Socket) -> T) -> Option<T> {
        let socket = self.socket.read().unwrap_or_else(PoisonError::into_inner);
        socket.as_ref().map(question)
    }

    /// One attempt to send, that does not wait.
    pub(super) fn try_send(&self, bytes: &[u8]) -> io::Result<usize> {
        if let Some(error) = self.glance().error.take() {
            return Err(error);
        }
        // SIGPIPE is ignored from the start of every Rust program, so a closed peer is an error here and no signal.
        let sent = self.ask(|socket| match self.carrier {
            Carrier::Pipe => Ok(rustix::io::write(socket, bytes)?),
            _ => socket.send_with_flags(bytes, libc::MSG_DONTWAIT),
        });
        sent.unwrap_or_else(closed)
    }

    /// One attempt to receive, that does not wait. `may_be_empty`: an empty datagram may be in the queue.
    pub(super) fn try_receive(&self, buffer: &mut [u8], may_be_empty: bool) -> io::Result<Received> {
        if self.is_stream() {
            let returned = self.ask(|socket| match self.carrier {
                Carrier::Pipe => Ok(rustix::io::read(socket, &mut *buffer)?),
                _ => sys::receive_stream(socket, buffer),
            });
            return returned.unwrap_or_else(closed).map(|returned| Received {
                returned,
                datagram: None,
            });
        }
        let mut glance = self.glance();
        let received = self.ask(|socket| {
            if may_be_empty {
                // So that an empty datagram is never read before it was counted.
                self.look_at_datagrams(socket, &mut glance);
            }
            match glance.error.take() {
                Some(error) => Err(error),
                None => sys::receive_datagram(socket, buffer),
            }
        });
        let received = received.unwrap_or_else(closed)?;
        glance.is_read(received.datagram.unwrap_or(received.returned) as u64);
        Ok(received)
    }

    /// The datagrams that wait; `None` where the system cannot tell.
    pub(super) fn waiting_datagrams(&self) -> Option<Waiting> {
        let mut glance = self.glance();
        self.ask(|socket| self.look_at_datagrams(socket, &mut glance)).flatten()
    }

    fn look_at_datagrams(&self, socket: &Socket, glance: &mut Glance) -> Option<Waiting> {
        // Where no length is told without the bytes, there must be room for the longest.
        let room = if self.carrier == Carrier::Udp { 0 } else { LONGEST_UNIX };
        sys::waiting_datagrams(socket, MOST_DATAGRAMS, &mut vec![0; room], glance)
    }

    /// Whether looking has met an error that the next call has to report.
    pub(super) fn has_error(&self) -> bool {
        self.glance().error.is_some()
    }

    /// Whether it is one end of a stream.
    pub(super) fn is_stream(&self) -> bool {
        self.carrier.is_stream()
    }

    /// Whether it is known that it can be read from: only then is what it shows its own queue.
    pub(super) fn has_receive_queue(&self) -> bool {
        self.writes_only == Some(false)
    }

    fn glance(&self) -> MutexGuard<'_, Glance> {
        self.glance.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn tcp_info(&self) -> Option<TcpInfo> {
        let asked = (self.carrier == Carrier::Tcp).then(|| self.ask(|socket| sys::tcp_info(socket)));
        asked.flatten().flatten()
    }

    pub(super) fn flow(&self) -> MutexGuard<'_, Flow> {
        self.flow.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the flow is a bulk transfer by now. Only a hint for how often to ask, so it need not be exact.
    pub(super) fn is_bulk(&self) -> bool {
        self.bulk.load(Ordering::Relaxed)
    }

    pub(super) fn stamped(&self) -> MutexGuard<'_, bool> {
        self.stamped.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether every datagram of the other side is here, was read, or was dropped; `None` where the system cannot tell.
    pub(super) fn has_received_from(&self, from: &Side) -> Option<bool> {
        let (sent, taken) = {
            let flow = from.flow();
            (flow.datagrams_sent(), flow.datagrams_taken)
        };
        let arrives = match from.counts() {
            // What the wire has not seen is under way; what it keeps or has lost does not arrive by itself.
            Some(counts) if counts.datagrams_came < sent || counts.flying > 0 => return Some(false),
            Some(counts) => counts.datagrams_went,
            None => sent,
        };
        let waiting = self.waiting_datagrams();
        let dropped = self.ask(|socket| sys::dropped_datagrams(socket)).flatten();
        Some(waiting?.datagrams + dropped? + taken >= arrives)
    }

    /// What of that which this side sent has come onto the wire and gone from it; `None` without a wire.
    pub(super) fn counts(&self) -> Option<Counts> {
        let cable = self.cable.as_ref()?;
        Some(cable.wire.counts(cable.connection)[cable.end])
    }

    /// Where the datagram lies in its flow that was sent as the `number`-th, from 0.
    #[must_use]
    pub fn datagram_start(&self, number: u64) -> Option<u64> {
        let (start, _) = self.flow().datagram(u32::try_from(number).ok()?)?;
        Some(start)
    }

    /// Whether its program has closed it.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.ask(|_| ()).is_none()
    }

    pub(super) fn cable(&self) -> Option<&Cable> {
        self.cable.as_ref()
    }

    /// Its socket is about to be closed.
    pub(super) fn leave(&self) {
        let unsent = self.ask(|socket| sys::unsent_bytes(socket)).flatten();
        self.left.store(unsent == Some(0), Ordering::Relaxed);
    }

    /// Whether the end of this side's stream is still on its way to the other one: it was sent, and the other one, whose
    /// calls wait, does not see it yet.
    pub(super) fn is_leaving(&self, other: &Side) -> bool {
        if self.carrier != Carrier::Tcp || !self.left.load(Ordering::Relaxed) {
            return false;
        }
        // On a wire it may be held or lost: whether it is on its way is asked of the wire.
        self.cable.is_none() && !other.is_ready(Call::Recv)
    }

    pub(super) fn sets_quickack(&self) -> bool {
        self.quickack.is_some()
    }

    pub(super) fn set_quickack(&self) -> io::Result<()> {
        let Some(on) = self.quickack else { return Ok(()) };
        match self.ask(|socket| sys::set_quickack(socket, on)) {
            Some(Err(error)) if error.kind() != io::ErrorKind::Unsupported => Err(error),
            // A socket that is already closed has nothing to acknowledge.
            _ => Ok(()),
        }
    }
}

fn closed<T>() -> io::Result<T> {
    Err(io::ErrorKind::NotConnected.into())
}
