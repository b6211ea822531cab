//! What is shared about one side of a connection, and what anybody may ask the kernel about it.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use socket2::Socket;

use super::blocking::interest;
use super::flow::Flow;
use crate::sys::{self, TcpInfo};
use crate::trace::{Call, EndpointId, Until, What};

/// One side of a connection, seen by every thread of the run.
#[derive(Debug)]
pub struct Side {
    pub(super) id: EndpointId,
    pub(super) name: String,
    pub(super) stream: bool,
    /// TCP_QUICKACK is set anew before each call, because the kernel resets it (tcp(7)).
    quickack: Option<bool>,
    /// Written once, by the owner, when it closes. Everybody else only asks questions of it.
    pub(super) socket: RwLock<Option<Socket>>,
    flow: Mutex<Flow>,
    pub(super) told: Mutex<Told>,
    /// Whether departures are stamped. Locked while stamps are taken from the error queue, so that they are put down in
    /// the order in which they were made, whoever takes them.
    pub(super) stamped: Mutex<bool>,
    /// Whether the flow has become a bulk transfer; it never ceases to be one.
    pub(super) bulk: AtomicBool,
    pub(super) calls: AtomicU32,
}

/// What was recorded last about a side, so that only news is recorded.
#[derive(Debug, Default)]
pub(super) struct Told {
    pub(super) queues: Option<What>,
    pub(super) segments: Option<What>,
}

/// Looks at no more than this many datagrams in a receive queue: looking costs a call for each.
pub(super) const MOST_DATAGRAMS: u64 = 1024;

impl Side {
    /// Takes a connected socket, and has its departures stamped if the system can.
    #[must_use]
    pub fn new(id: EndpointId, name: &str, stream: bool, socket: Socket, quickack: Option<bool>) -> Self {
        let stamped = Mutex::new(sys::stamp_departures(&socket));
        Self {
            id,
            name: name.to_owned(),
            stream,
            quickack,
            socket: RwLock::new(Some(socket)),
            flow: Mutex::default(),
            told: Mutex::default(),
            stamped,
            bulk: AtomicBool::new(false),
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

    pub(super) fn ask<T>(&self, question: impl FnOnce(&Socket) -> T) -> Option<T> {
        let socket = self.socket.read().unwrap_or_else(PoisonError::into_inner);
        socket.as_ref().map(question)
    }

    pub(super) fn tcp_info(&self) -> Option<TcpInfo> {
        self.ask(|socket| sys::tcp_info(socket)).flatten()
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

    pub(super) fn has_received_from(&self, from: &Side) -> bool {
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

    pub(super) fn set_quickack(&self) {
        if let Some(on) = self.quickack {
            // A socket that is already closed has nothing to acknowledge.
            self.ask(|socket| socket.set_tcp_quickack(on));
        }
    }
}
