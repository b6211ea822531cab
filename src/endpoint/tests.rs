//! Endpoints on real sockets. What is asserted are relations between what was sent, what was read and what the kernel
//! tells; never a time, and never an exact count of segments.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod bulk;
mod carriers;
mod datagrams;
mod streams;

use std::cell::RefCell;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use socket2::Socket;

use super::recorder::Recorder;
use super::{Endpoint, EndpointError, Gate, Message, Pair, Side, Stopped, nap};
use crate::link::{self, BeforeConnect, Carrier, Loopback};
use crate::trace::{EndpointId, Event, Waiting, What};

/// A connection, what was recorded on it, and a gate that always says yes.
struct Bench {
    pair: Pair,
    recorder: Recorder,
    gate: Open,
    seen: RefCell<Vec<Event>>,
    /// Dropped when the test ends, which tells the watchdog to go.
    _watched: Sender<()>,
}

/// What has not come by then will not come.
const DEADLINE: Duration = Duration::from_secs(20);

struct Open {
    stop: OwnedFd,
    stopper: Arc<OwnedFd>,
    resumed: AtomicU32,
}

/// A bench for each family that this machine has.
fn on_each_family(stream: bool, test: impl Fn(&Bench)) {
    for ipv6 in [false, true] {
        if let Some(bench) = Bench::new(stream, ipv6, BeforeConnect::default()) {
            test(&bench);
        }
    }
}

impl Bench {
    fn new(stream: bool, ipv6: bool, options: BeforeConnect) -> Option<Self> {
        let loopback = Loopback {
            ipv6,
            deadline: Duration::from_secs(10),
        };
        let joined = if stream {
            loopback.stream(options, options)
        } else {
            loopback.datagrams(options, options)
        };
        let (first, second) = match joined {
            Ok(sockets) => sockets,
            Err(error) if ipv6 => {
                println!("not run, because ::1 cannot be used: {error}");
                return None;
            }
            Err(error) => panic!("join two sockets over 127.0.0.1: {error}"),
        };
        let carrier = if stream { Carrier::Tcp } else { Carrier::Udp };
        Some(Self::with(carrier, first, second))
    }

    /// What has no address.
    fn of(carrier: Carrier) -> Self {
        let joined = match carrier {
            Carrier::Pipe => link::pipe(),
            _ => link::unix_pair(carrier, [BeforeConnect::default(); 2]),
        };
        let (first, second) = joined.unwrap();
        Self::with(carrier, first, second)
    }

    fn with(carrier: Carrier, first: Socket, second: Socket) -> Self {
        let side = |id, name, socket| Side::new(EndpointId(id), name, carrier, socket, None);
        let (stop, stopper) = std::io::pipe().unwrap();
        let (stop, stopper) = (OwnedFd::from(stop), Arc::new(OwnedFd::from(stopper)));
        let watchdog = watch(Arc::clone(&stopper));
        Self {
            pair: Pair::new([side(0, "alice", first), side(1, "bob", second)]),
            recorder: Recorder::start(),
            gate: Open {
                stop,
                stopper,
                resumed: AtomicU32::new(0),
            },
            seen: RefCell::default(),
            _watched: watchdog,
        }
    }

    fn ends(&self) -> [Endpoint<'_>; 2] {
        [0, 1].map(|index| Endpoint::new(&self.pair, index, &self.recorder, &self.gate))
    }

    /// Everything recorded so far about one side, in the order of time.
    fn events(&self, side: u8) -> Vec<What> {
        let mut seen = self.seen.borrow_mut();
        seen.extend(self.recorder.take());
        seen.sort_by_key(|event| event.at);
        let of_side = seen.iter().filter(|event| event.endpoint == EndpointId(side));
        of_side.map(|event| event.what.clone()).collect()
    }

    /// What the kernel says about a side's receive queue now: bytes, datagrams, dropped datagrams.
    fn receive_queue(&self, side: u8) -> (Option<u64>, Option<u64>, Option<u64>) {
        self.ends()[0].observe();
        let queues = self.events(side).into_iter().rev().find_map(|what| match what {
            What::Queues {
                waiting,
                datagrams,
                dropped,
                ..
            } => Some((waiting, datagrams, dropped)),
            _ => None,
        });
        queues.expect("a look at open sockets records their queues")
    }

    /// The spans of a side's flow that are known to have left.
    fn departures(&self, side: u8) -> Vec<(u64, u64)> {
        let events = self.events(side).into_iter();
        events
            .filter_map(|what| match what {
                What::Left { start, end } => Some((start, end)),
                _ => None,
            })
            .collect()
    }

    fn is_stamped(&self, side: usize) -> bool {
        let stamped = *self.pair.sides[side].stamped();
        if !stamped {
            println!("not run, because this kernel stamps no departures (SO_TIMESTAMPING)");
        }
        stamped
    }

    fn has_blocked(&self, side: u8) -> bool {
        self.events(side)
            .iter()
            .any(|what| matches!(what, What::Blocked { .. }))
    }

    /// Waits until it is so; that it never comes is a failure.
    fn until(&self, what: &str, mut is_so: impl FnMut() -> bool) {
        let start = Instant::now();
        let mut looks = 0;
        while !is_so() {
            assert!(start.elapsed() < DEADLINE, "{what}: did not come");
            nap(self.gate.stop(), looks).unwrap();
            looks += 1;
        }
    }
}

/// Stops the run when the deadline has passed, so that a call that blocks for ever fails the test.
fn watch(stopper: Arc<OwnedFd>) -> Sender<()> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        if receiver.recv_timeout(DEADLINE) == Err(RecvTimeoutError::Timeout) {
            rustix::io::write(&*stopper, &[0]).unwrap();
        }
    });
    sender
}

impl Open {
    fn stop_the_run(&self) {
        rustix::io::write(&*self.stopper, &[0]).unwrap();
    }
}

impl Gate for Open {
    fn enter(&self, _: EndpointId) -> Result<(), Stopped> {
        Ok(())
    }
    fn leave(&self, _: EndpointId) {}
    fn park(&self, _: EndpointId, _: Waiting, _: Option<Instant>) {}
    fn park_for_either(&self, _: EndpointId, _: EndpointId) {}
    fn resume(&self, _: EndpointId) -> Result<(), Stopped> {
        self.resumed.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
    fn pass(&self, _: EndpointId) -> Result<(), Stopped> {
        Ok(())
    }
    fn stop(&self) -> BorrowedFd<'_> {
        self.stop.as_fd()
    }
}

fn send(from: &Endpoint<'_>, bytes: &[u8]) -> Result<(), EndpointError> {
    from.send(&mut Message::new(bytes, 0), bytes.len())
}

/// Asserts that the spans lie end to end and cover everything from 0 to `end`.
fn assert_tiles(mut spans: Vec<(u64, u64)>, end: u64) {
    spans.sort_unstable();
    let mut at = 0;
    for (start, stop) in &spans {
        assert_eq!(*start, at, "a gap or an overlap in {spans:?}");
        at = *stop;
    }
    assert_eq!(at, end, "{spans:?}");
}

fn errno(error: &EndpointError) -> Option<i32> {
    match error {
        EndpointError::Call { source, .. } | EndpointError::Failed { source, .. } => source.raw_os_error(),
        _ => None,
    }
}
