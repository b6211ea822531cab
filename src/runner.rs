//! Runs a plan on real sockets and hands back the trace.
//!
//! # Threads
//! One thread an endpoint makes that endpoint's calls, or one thread those of several endpoints, one step after another
//! (a serial server); the calling thread watches. They share the `Turns`, a mutex
//! with a condition variable, and nothing else that can be waited for.
//!
//! - **One call at a time.** An endpoint takes the turn, makes a call, asks the kernel what lies where, gives the turn
//!   back. So what is recorded after a call is what that call did, before anybody else moves.
//! - **A step starts when what it needs has happened**: every earlier step is done, or blocked with nothing on its way
//!   that could wake it, and no segment is under way on any connection ([`Pair::is_quiet`]); and, if the run is
//!   stepped, when it is permitted ([`Steps`]). No step sleeps to make something likely.
//! - **A call that blocks gives the turn back** while it waits, and takes it again before it goes on.
//! - **The watcher ends what cannot end itself**: everybody waits, the kernel has nothing more to send and nothing
//!   moved between two looks, so it is a hang, and it is named at once; or nothing moved for the plan's deadline; or
//!   Ctrl-C; or a program gave up on what it read, and the demonstration is over. It closes its end of the stop pipe,
//!   which wakes every poll(2) of the run.
//! - **While a step waits for its permit** no deadline runs, and the watcher asks the kernel again and again: its
//!   timers do not wait.
//!
//! [`Pair::is_quiet`]: crate::endpoint::Pair::is_quiet

pub mod capture;
mod control;
mod hand;
mod stage;
mod turns;
mod watcher;
mod wiring;

use std::io;
use std::os::fd::OwnedFd;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread;

use crate::endpoint::recorder::Recorder;
use crate::endpoint::{Endpoint, EndpointError, Gate};
use crate::folder::Folder;
use crate::link::LinkError;
use crate::program::{Finish, Routine, command};
use crate::scenario::Transport;
use crate::scenario::plan::{Plan, PlannedStep, Task};
use crate::scenario::program::commands::FOLDERS;
use crate::trace::{Ending, EndpointId, Event, Evidence, What};
use crate::wire::WireError;
pub use control::{Control, News, Steps};
pub use hand::Hand;
use turns::Turns;
use watcher::Watcher;
pub use watcher::is_readable;
use wiring::Wiring;

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
    /// There is no wire to join them by.
    #[error("make the wire: {0}")]
    Wire(#[from] WireError),
    /// The endpoints could not be joined.
    #[error("join the endpoints: {0}")]
    Link(#[from] LinkError),
    /// A command of the plan needs a program that is not here.
    #[error("the program {program} is needed, and it is not in {folders}")]
    NoProgram {
        /// Which.
        program: String,
        /// Where it was looked for.
        folders: String,
    },
    /// There is no folder for the files that the run receives.
    #[error("make a temporary folder: {0}")]
    Folder(#[source] io::Error),
    /// The stop pipe could not be made.
    #[error("make the stop pipe: {0}")]
    Start(#[source] io::Error),
    /// There is no thread for an endpoint's calls.
    #[error("{name}: start a thread: {source}")]
    Thread {
        /// Whose.
        name: String,
        /// Why.
        source: io::Error,
    },
}

/// Runs a plan to its end, and tells and asks on the way what `control` wants.
///
/// # Errors
/// If the run could not begin. What goes wrong later is told by [`Outcome::ending`].
pub fn run(plan: &Plan, control: &Control<'_>) -> Result<Outcome, RunError> {
    if let Some(program) = command::missing(plan) {
        let (program, folders) = (program.to_owned(), FOLDERS.join(", "));
        return Err(RunError::NoProgram { program, folders });
    }
    let folder = folder(plan)?;
    let ends = plan
        .wire
        .map(|planned| Ok((planned, wiring::ends(plan, &planned, control.program)?)));
    let ends = match ends.transpose() {
        // Who pressed Ctrl-C is not told of a wire that there is not.
        Err(_) if control.interrupt.is_some_and(is_readable) => {
            return Ok(Outcome {
                events: Vec::new(),
                ending: Ending::Interrupted,
            });
        }
        made => made.map_err(RunError::Wire)?,
    };
    // The run begins when there is a wire.
    let recorder = Arc::new(record(control));
    let wiring = ends.map(|(planned, ends)| wiring::carry(plan, &planned, ends, (&recorder, control.capture.clone())));
    let mut wiring = wiring.transpose()?;
    let pairs = stage::join(plan, wiring.as_mut())?;
    // Not before the connections are made: whoever held the handshake would hold the run before it has begun.
    let held = control.hand.as_deref().map(|hand| {
        let wire = wiring.as_ref().map(|wiring| Arc::clone(&wiring.wire));
        hand.take_hold(wire, &recorder)
    });
    let (stop, stopper) = io::pipe().map_err(RunError::Start)?;
    let (stop, stopper) = (OwnedFd::from(stop), OwnedFd::from(stopper));
    let turns = Turns::new(plan, pairs.clone(), stop, control);
    let ends = pairs.iter().flat_map(|pair| [(pair, 0), (pair, 1)]);
    let endpoints: Vec<Endpoint<'_>> = ends
        .map(|(pair, end)| Endpoint::new(pair, end, &recorder, &turns))
        .collect();
    for (endpoint, planned) in endpoints.iter().zip(&plan.endpoints) {
        if let Err(error) = stage::set_up(endpoint, planned, plan.transport) {
            return Ok(Outcome {
                events: recorder.take(),
                ending: broken(&error),
            });
        }
    }
    if let (Some(endpoint), true) = (
        endpoints.first(),
        plan.transport == Transport::Tcp && wiring.as_ref().is_some_and(|wiring| wiring.tail_probes_off),
    ) {
        endpoint.staged(TAIL_PROBES, 0);
    }
    let watcher = Watcher {
        plan,
        wiring: wiring.as_ref(),
        turns: &turns,
        recorder: &recorder,
        endpoints: &endpoints,
        interrupt: control.interrupt,
        hand: control.hand.as_deref(),
    };
    let ending = thread::scope(|scope| -> Result<Ending, RunError> {
        for (thread, served) in plan.threads().into_iter().enumerate() {
            let name = name_of(plan, &served);
            let (turns, endpoints, folder) = (&turns, &endpoints, folder.as_ref());
            let work = move || turns.finish(thread, perform(plan, &served, endpoints, (turns, folder)));
            if let Err(source) = thread::Builder::new().name(name.clone()).spawn_scoped(scope, work) {
                watcher::release(stopper);
                turns.stop();
                return Err(RunError::Thread { name, source });
            }
        }
        Ok(watcher.watch(stopper))
    })?;
    drop(held);
    let ending = wiring
        .as_ref()
        .and_then(Wiring::failure)
        .filter(|_| ending != Ending::Interrupted)
        .map_or(ending.clone(), wire_failed);
    // Whoever has pressed Ctrl-C does not wait for what is under way.
    if let Some(wiring) = wiring.as_ref().filter(|_| ending != Ending::Interrupted) {
        wiring.settle(plan.deadline);
    }
    watcher::one_end_each(&endpoints).for_each(Endpoint::observe);
    drop(wiring);
    Ok(Outcome {
        events: recorder.take(),
        ending,
    })
}

/// The setting by which a network sends tail loss probes or not (net.ipv4.tcp_early_retrans).
const TAIL_PROBES: &str = "tcp_early_retrans";

fn id(index: usize) -> EndpointId {
    EndpointId(u8::try_from(index).unwrap_or(u8::MAX))
}

fn record(control: &Control<'_>) -> Recorder {
    match control.feed.clone() {
        None => Recorder::start(),
        // Who does not listen any more misses nothing that the outcome does not tell.
        Some(feed) => Recorder::feeding(move |event| drop(feed.send(News::Event(event)))),
    }
}

/// What a thread is called: as it is named, or as the one endpoint that it serves.
fn name_of(plan: &Plan, served: &[usize]) -> String {
    let first = served.first().and_then(|first| plan.endpoints.get(*first));
    let name = first.map(|first| first.thread.as_ref().unwrap_or(&first.name));
    name.cloned().unwrap_or_default()
}

/// The folder of the run, if a program keeps files.
fn folder(plan: &Plan) -> Result<Option<Folder>, RunError> {
    let keeps = |step: &PlannedStep| matches!(&step.task, Task::Run(program) if program.keeps_files());
    let wanted = plan.steps.iter().any(keeps);
    wanted.then(Folder::new).transpose().map_err(RunError::Folder)
}

/// Does all steps of the endpoints that a thread serves; returns the run's ending if it is one.
fn perform(
    plan: &Plan,
    served: &[usize],
    endpoints: &[Endpoint<'_>],
    shared: (&Turns, Option<&Folder>),
) -> Option<Ending> {
    // A panic must reach the user as a message, and must not leave the others waiting.
    let worked = catch_unwind(AssertUnwindSafe(|| perform_steps(plan, served, endpoints, shared)));
    match worked {
        Ok(Ok(()) | Err(EndpointError::Stopped(_))) => None,
        Ok(Err(EndpointError::Unmeasured { side, until })) => Some(Ending::Unmeasured { endpoint: side, until }),
        Ok(Err(error)) => Some(broken(&error)),
        Err(_) => {
            let error = format!("{}: the endpoint's thread panicked", name_of(plan, served));
            Some(Ending::Broken { error })
        }
    }
}

fn perform_steps(
    plan: &Plan,
    served: &[usize],
    endpoints: &[Endpoint<'_>],
    (turns, folder): (&Turns, Option<&Folder>),
) -> Result<(), EndpointError> {
    let mut routine = Routine::new(folder);
    let steps = plan.steps.iter().enumerate();
    for (number, step) in steps.filter(|(_, step)| served.contains(&step.endpoint)) {
        let (who, endpoint) = (id(step.endpoint), &endpoints[step.endpoint]);
        turns.begin_step(who, number)?;
        let step_number = u32::try_from(number).unwrap_or(u32::MAX);
        endpoint.record(Evidence::Staged, What::Step { step: step_number });
        match routine.perform(&step.task, step.endpoint, endpoints) {
            // What comes of a call that fails is for the next steps to show; whether it was to fail, for the verdict.
            Ok(Finish::Done) | Err(EndpointError::Failed { .. }) => {}
            Ok(Finish::GaveUp) => {
                turns.give_up();
                break;
            }
            Err(error) => return Err(error),
        }
        // A step that made no call still has the turn.
        turns.leave(who);
    }
    Ok(())
}

/// The wire, which nobody sees but the lab, does not do its work.
fn wire_failed(why: &str) -> Ending {
    Ending::Broken {
        error: format!("wire: {why}"),
    }
}

fn broken(error: &EndpointError) -> Ending {
    Ending::Broken {
        error: error.to_string(),
    }
}
