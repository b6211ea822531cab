//! Runs a plan on real sockets and hands back the trace.
//!
//! # Threads
//! One thread an endpoint makes that endpoint's calls; the calling thread watches. They share the `Turns`, a mutex
//! with a condition variable, and nothing else that can be waited for.
//!
//! - **One call at a time.** An endpoint takes the turn, makes a call, asks the kernel what lies where, gives the turn
//!   back. So what is recorded after a call is what that call did, before anybody else moves.
//! - **A step starts when what it needs has happened**: every earlier step is done, or blocked with nothing on its way
//!   that could wake it, and no segment is under way between the endpoints ([`Pair::is_quiet`]). No step sleeps to
//!   make something likely.
//! - **A call that blocks gives the turn back** while it waits, and takes it again before it goes on.
//! - **The watcher ends what cannot end itself**: everybody waits, the kernel has nothing more to send and nothing
//!   moved between two looks, so it is a hang, and it is named at once; or nothing moved for the plan's deadline; or
//!   Ctrl-C; or a program gave up on what it read, and the demonstration is over. It writes one byte into the stop pipe, which wakes every poll(2) of the run.

mod turns;

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use crate::endpoint::recorder::Recorder;
use crate::endpoint::{Endpoint, EndpointError, Pair, Side};
use crate::link::{BeforeConnect, LinkError, Loopback};
use crate::program::{self, Finish};
use crate::scenario::plan::{Plan, PlannedEndpoint};
use crate::scenario::{Family, Transport};
use crate::trace::{Ending, EndpointId, Event};
use turns::Turns;

/// What a run yields: its events and how it ended.
#[derive(Debug)]
pub struct Outcome {
    /// What happened, ordered by time.
    pub events: Vec<Event>,
    /// How it ended.
    pub ending: Ending,
}

/// Why a run could not begin.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The endpoints could not be joined.
    #[error("join the endpoints over loopback: {0}")]
    Link(#[from] LinkError),
    /// The stop pipe could not be made, or a thread.
    #[error("start the run: {0}")]
    Start(#[from] io::Error),
}

/// Runs a plan. `interrupt` becomes readable when the user wants it to end (Ctrl-C).
///
/// # Errors
/// If the run could not begin. What goes wrong later is told by [`Outcome::ending`].
pub fn run(plan: &Plan, interrupt: Option<BorrowedFd<'_>>) -> Result<Outcome, RunError> {
    let recorder = Recorder::start();
    let pair = join(plan)?;
    let (stop, stopper) = io::pipe()?;
    let (stop, stopper) = (OwnedFd::from(stop), OwnedFd::from(stopper));
    let turns = Turns::new(plan, pair.clone(), stop);
    let endpoints = [
        Endpoint::new(&pair, 0, &recorder, &turns),
        Endpoint::new(&pair, 1, &recorder, &turns),
    ];
    for (endpoint, planned) in endpoints.iter().zip(&plan.endpoints) {
        if let Err(error) = set_up(endpoint, planned) {
            return Ok(Outcome {
                events: recorder.take(),
                ending: Ending::Broken {
                    error: error.to_string(),
                },
            });
        }
    }
    let [first, last] = &endpoints;
    let (turns, recorder_ref) = (&turns, &recorder);
    let ending = thread::scope(|scope| -> Result<Ending, io::Error> {
        for (index, endpoint) in [(0, first), (1, last)] {
            let name = plan.endpoints[index].name.clone();
            let work = move || {
                // A panic must reach the user as a message, and must not leave the others waiting.
                let worked = catch_unwind(AssertUnwindSafe(|| perform_steps(plan, index, endpoint, turns)));
                let broken = match worked {
                    Ok(Ok(()) | Err(EndpointError::Stopped(_))) => None,
                    Ok(Err(EndpointError::Unmeasured { side, until })) => {
                        Some(Ending::Unmeasured { endpoint: side, until })
                    }
                    Ok(Err(error)) => Some(Ending::Broken {
                        error: error.to_string(),
                    }),
                    Err(_) => {
                        let error = format!("{}: the endpoint's thread panicked", plan.endpoints[index].name);
                        Some(Ending::Broken { error })
                    }
                };
                turns.finish(id(index), broken);
            };
            if let Err(error) = thread::Builder::new().name(name).spawn_scoped(scope, work) {
                release(&stopper);
                return Err(error);
            }
        }
        Ok(watch(plan, turns, recorder_ref, interrupt, &stopper))
    })?;
    first.look();
    Ok(Outcome {
        events: recorder.take(),
        ending,
    })
}

fn id(index: usize) -> EndpointId {
    EndpointId(u8::try_from(index).unwrap_or(u8::MAX))
}

fn join(plan: &Plan) -> Result<Pair, LinkError> {
    let loopback = Loopback {
        ipv6: plan.family == Family::Ipv6,
        deadline: plan.deadline,
    };
    let before = |planned: &PlannedEndpoint| BeforeConnect {
        mss: planned.mss,
        receive_buffer: planned.receive_buffer,
        send_buffer: planned.send_buffer,
    };
    let [first, second] = [&plan.endpoints[0], &plan.endpoints[1]];
    let (listens, connects) = if first.listens {
        (first, second)
    } else {
        (second, first)
    };
    let stream = plan.transport == Transport::Tcp;
    let (accepted, connected) = if stream {
        loopback.stream(before(listens), before(connects))?
    } else {
        loopback.datagrams(before(listens), before(connects))?
    };
    let sockets = if first.listens {
        [accepted, connected]
    } else {
        [connected, accepted]
    };
    let [one, two] = sockets;
    let side = |index: usize, socket| {
        let planned = &plan.endpoints[index];
        Side::new(id(index), &planned.name, stream, socket, planned.quickack)
    };
    Ok(Pair::new([side(0, one), side(1, two)]))
}

/// Sets the options and records all that is staged.
fn set_up(endpoint: &Endpoint<'_>, planned: &PlannedEndpoint) -> Result<(), EndpointError> {
    endpoint.opened();
    if let Some(mss) = planned.mss {
        endpoint.staged("TCP_MAXSEG", mss.into());
    }
    if let Some(bytes) = planned.receive_buffer {
        endpoint.staged("SO_RCVBUF", bytes as u64);
    }
    if let Some(bytes) = planned.send_buffer {
        endpoint.staged("SO_SNDBUF", bytes as u64);
    }
    if let Some(on) = planned.nodelay {
        endpoint.set_nodelay(on)?;
    }
    if let Some(on) = planned.quickack {
        endpoint.set_quickack(on);
    }
    Ok(())
}

fn perform_steps(plan: &Plan, index: usize, endpoint: &Endpoint<'_>, turns: &Turns) -> Result<(), EndpointError> {
    for (number, step) in plan.steps.iter().enumerate().filter(|(_, step)| step.endpoint == index) {
        turns.begin_step(id(index), number);
        if program::perform(&step.task, endpoint)? == Finish::GaveUp {
            turns.give_up();
            break;
        }
    }
    Ok(())
}

/// Waits for the end and, where it does not come, brings it about.
fn watch(
    plan: &Plan,
    turns: &Turns,
    recorder: &Recorder,
    interrupt: Option<BorrowedFd<'_>>,
    stopper: &OwnedFd,
) -> Ending {
    let mut progress = (recorder.count(), Instant::now());
    let mut suspect = None;
    let ending = loop {
        if let Some(ending) = turns.wait_for_end(LOOK_EVERY) {
            break ending;
        }
        if interrupt.is_some_and(is_readable) {
            break Ending::Interrupted;
        }
        let count = recorder.count();
        if count != progress.0 {
            progress = (count, Instant::now());
        }
        // Twice the same standstill, with nothing recorded in between, is one that lasts.
        let standstill = turns.standstill();
        match standstill {
            Some((endpoint, waiting)) if suspect == Some(count) => break Ending::Hang { endpoint, waiting },
            Some(_) => suspect = Some(count),
            None => suspect = None,
        }
        if progress.1.elapsed() >= plan.deadline {
            let (endpoint, waiting) = turns.who_waits();
            let after_ms = u64::try_from(plan.deadline.as_millis()).unwrap_or(u64::MAX);
            break Ending::Deadline {
                endpoint,
                waiting,
                after_ms,
            };
        }
    };
    turns.stop();
    release(stopper);
    ending
}

/// How often the watcher looks for a standstill. It decides only how soon a hang is named.
const LOOK_EVERY: Duration = Duration::from_millis(20);

fn release(stopper: &OwnedFd) {
    // The pipe is empty, so one byte always fits; nobody reads it, so it wakes everyone who polls.
    let _ = rustix::io::write(stopper, &[0]);
}

/// Whether a descriptor, as the one that tells of Ctrl-C, has become readable.
#[must_use]
pub fn is_readable(fd: BorrowedFd<'_>) -> bool {
    let mut fds = [PollFd::from_borrowed_fd(fd.as_fd(), PollFlags::IN)];
    poll(&mut fds, Some(&Timespec { tv_sec: 0, tv_nsec: 0 })).is_ok_and(|ready| ready > 0)
}
