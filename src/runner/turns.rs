//! Whose turn it is: the order of the steps, kept without a clock.

mod rules;

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, mpsc};
use std::time::{Duration, Instant};

use super::control::{Control, News, Steps};
use crate::endpoint::{Gate, Pair, Stopped, nap, pause};
use crate::scenario::plan::Plan;
use crate::trace::{Call, Ending, EndpointId, Waiting};

/// Who does what, and who may go on.
pub struct Turns {
    pairs: Vec<Pair>,
    names: Vec<String>,
    /// Which thread makes the calls of each endpoint.
    thread_of: Vec<usize>,
    state: Mutex<State>,
    changed: Condvar,
    stop: OwnedFd,
    steps: Option<Arc<Steps>>,
    feed: Option<mpsc::Sender<News>>,
    /// How long a person has held the run, in nanoseconds.
    held_ns: AtomicU64,
}

struct State {
    /// The endpoint that has the turn.
    turn: Option<EndpointId>,
    /// What each thread is at.
    at: Vec<At>,
    /// How many steps have begun, and so used a permit.
    begun: u32,
    /// The step of which was told that the run is held there, since a step began.
    told: Option<usize>,
    stopped: bool,
    /// A program gave up on what it read: the demonstration is over.
    gave_up: bool,
    /// Why the run broke off, if it did.
    broken: Option<Ending>,
}

/// What a thread is at.
#[derive(Debug, Clone, Copy)]
struct At {
    /// The endpoint whose step it is, or through which it waits in a call.
    endpoint: usize,
    /// Another one of the thread, if it waits for whichever of both has something first.
    or: Option<usize>,
    /// The step it does, or does next: an index into the plan's steps.
    step: usize,
    /// Whether that step has begun.
    begun: bool,
    doing: Doing,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Doing {
    /// It computes, or makes a call.
    Working,
    /// It waits in something.
    Parked(Waiting),
    /// It waits in something, and will go on at its own deadline at the latest.
    Patient(Waiting),
    /// It will not call again.
    Finished,
}

impl Turns {
    /// Everybody before their first step. `stop` becomes readable when the run is over.
    pub fn new(plan: &Plan, pairs: Vec<Pair>, stop: OwnedFd, control: &Control<'_>) -> Self {
        let threads = plan.threads();
        let first_step = |served: &[usize]| plan.steps.iter().position(|step| served.contains(&step.endpoint));
        let at = threads.iter().map(|served| {
            let first = first_step(served);
            At {
                endpoint: first.map_or(served[0], |first| plan.steps[first].endpoint),
                or: None,
                step: first.unwrap_or(usize::MAX),
                begun: false,
                doing: Doing::Working,
            }
        });
        let at = at.collect();
        let thread = |endpoint| threads.iter().position(|served| served.contains(&endpoint));
        let thread_of = (0..plan.endpoints.len()).filter_map(thread).collect();
        Self {
            pairs,
            thread_of,
            names: plan.endpoints.iter().map(|endpoint| endpoint.name.clone()).collect(),
            state: Mutex::new(State {
                turn: None,
                at,
                begun: 0,
                told: None,
                stopped: false,
                gave_up: false,
                broken: None,
            }),
            changed: Condvar::new(),
            stop,
            steps: control.steps.clone(),
            feed: control.feed.clone(),
            held_ns: AtomicU64::new(0),
        }
    }

    /// An endpoint comes to a step, all earlier ones of its thread being done, and waits until that step may begin. It
    /// has the turn then, and its first call keeps it.
    pub fn begin_step(&self, who: EndpointId, step: usize) -> Result<(), Stopped> {
        let mut state = self.lock();
        let thread = self.thread(who);
        let at = &mut state.at[thread];
        (at.endpoint, at.step, at.begun) = (index(who), step, false);
        drop(state);
        self.changed.notify_all();
        self.take_turn(who, |state| self.is_permitted(state) && self.may_enter(state, thread))
    }

    /// A thread has made its last call; `broken` ends the run.
    pub fn finish(&self, thread: usize, broken: Option<Ending>) {
        let mut state = self.lock();
        state.at[thread].doing = Doing::Finished;
        if state.turn.is_some_and(|who| self.thread(who) == thread) {
            state.turn = None;
        }
        if state.broken.is_none() {
            state.broken = broken;
        }
        self.changed.notify_all();
    }

    /// A program gave up on what it read. What the others would still send to it shows nothing more.
    pub fn give_up(&self) {
        self.lock().gave_up = true;
        self.changed.notify_all();
    }

    /// Tells everybody that the run is over.
    pub fn stop(&self) {
        self.lock().stopped = true;
        self.changed.notify_all();
    }

    /// Waits for the end, but no longer than `moment`.
    pub fn wait_for_end(&self, moment: Duration) -> Option<Ending> {
        let running = |state: &mut State| {
            state.broken.is_none() && !state.gave_up && state.at.iter().any(|at| at.doing != Doing::Finished)
        };
        let waited = self.changed.wait_timeout_while(self.lock(), moment, running);
        let (mut state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        if running(&mut state) {
            return None;
        }
        Some(state.broken.take().unwrap_or(Ending::Finished))
    }

    /// If the run is held, or its wire is and nobody is at a call: does something about the sockets while nobody can take
    /// the turn. Returns whether it did.
    pub fn while_held(&self, by_hand: bool, observe: impl FnOnce()) -> bool {
        let state = self.lock();
        let held = self.held(&state).is_some() || (by_hand && state.turn.is_none());
        if held {
            observe();
        }
        held
    }

    /// A person has held the run for so long: no deadline of a program has come nearer meanwhile.
    pub fn was_held(&self, time: Duration) {
        let time = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        self.held_ns.fetch_add(time, Ordering::Relaxed);
    }

    /// Who waits for something that cannot come: nobody has the turn, everybody waits for what is not there, and the
    /// kernel has nothing left to deliver, to send or to acknowledge.
    pub fn standstill(&self) -> Option<(String, Waiting)> {
        let state = self.lock();
        if state.turn.is_some() || state.stopped {
            return None;
        }
        let stuck = (0..state.at.len()).all(|thread| self.is_stuck(&state, thread));
        if stuck && self.is_idle(&state) {
            Some(self.blame(&state))
        } else {
            None
        }
    }

    /// Somebody who waits, for a message about it.
    pub fn who_waits(&self) -> (String, Waiting) {
        self.blame(&self.lock())
    }

    /// Whether one more step may begin.
    fn is_permitted(&self, state: &State) -> bool {
        self.steps.as_ref().is_none_or(|steps| steps.allow(state.begun))
    }

    /// The step that would be next, if the run waits for its permit and for nothing else.
    fn held(&self, state: &State) -> Option<usize> {
        if self.is_permitted(state) {
            return None;
        }
        let waits = |at: &At| !at.begun && at.doing == Doing::Parked(Waiting::Turn);
        let mut all = state.at.iter().enumerate();
        let next = all.find(|(thread, at)| waits(at) && self.is_next(state, *thread));
        next.map(|(_, at)| at.step)
    }

    /// Whether the run is held, and that was told. Only what is quiet is told to be so.
    fn tell_held(&self, state: &mut State) -> bool {
        let Some(step) = self.held(state) else { return false };
        if state.told == Some(step) {
            return true;
        }
        if self.pairs.iter().any(|pair| pair.is_quiet() == Some(false)) {
            return false;
        }
        state.told = Some(step);
        if let Some(feed) = &self.feed {
            let step = u32::try_from(step).unwrap_or(u32::MAX);
            // Nobody need listen.
            let _ = feed.send(News::Waiting { step });
        }
        true
    }

    fn thread(&self, who: EndpointId) -> usize {
        self.thread_of[index(who)]
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until `may` says yes, then takes the turn.
    fn take_turn(&self, who: EndpointId, may: impl Fn(&State) -> bool) -> Result<(), Stopped> {
        let thread = self.thread(who);
        let mut looks = 0;
        loop {
            let mut state = self.lock();
            if state.stopped || state.gave_up {
                return Err(Stopped);
            }
            if may(&state) {
                state.turn = Some(who);
                let at = &mut state.at[thread];
                (at.doing, at.or) = (Doing::Working, None);
                if !std::mem::replace(&mut at.begun, true) {
                    state.begun += 1;
                    // It may have taken the permit that was given to another step, which is held anew then.
                    state.told = None;
                }
                return Ok(());
            }
            if state.at[thread].doing == Doing::Working {
                state.at[thread].doing = Doing::Parked(Waiting::Turn);
            }
            let held = self.tell_held(&mut state);
            drop(state);
            if held {
                pause(self.stop.as_fd(), UNHURRIED)?;
                looks = 0;
            } else {
                // The kernel's queues send no notification, so this looks again.
                nap(self.stop.as_fd(), looks)?;
                looks += 1;
            }
        }
    }
}

impl Gate for Turns {
    fn enter(&self, who: EndpointId) -> Result<(), Stopped> {
        self.take_turn(who, |state| {
            // The first call of a step has it already.
            state.turn == Some(who) || self.may_enter(state, self.thread(who))
        })
    }

    fn leave(&self, who: EndpointId) {
        let mut state = self.lock();
        if state.turn == Some(who) {
            state.turn = None;
        }
        self.changed.notify_all();
    }

    fn park(&self, who: EndpointId, waiting: Waiting, deadline: Option<Instant>) {
        let mut state = self.lock();
        let doing = if deadline.is_some() {
            Doing::Patient(waiting)
        } else {
            Doing::Parked(waiting)
        };
        // A program may call through another endpoint of its thread than the one whose step it is.
        let at = &mut state.at[self.thread(who)];
        (at.doing, at.endpoint) = (doing, index(who));
        // Who goes on without a turn has none to give back.
        if state.turn == Some(who) {
            state.turn = None;
        }
        self.changed.notify_all();
    }

    fn park_for_either(&self, who: EndpointId, other: EndpointId) {
        let mut state = self.lock();
        let at = &mut state.at[self.thread(who)];
        (at.doing, at.endpoint) = (Doing::Parked(Waiting::Call(Call::Recv)), index(who));
        at.or = Some(index(other));
        state.turn = None;
        self.changed.notify_all();
    }

    fn resume(&self, who: EndpointId) -> Result<(), Stopped> {
        self.take_turn(who, |state| self.may_resume(state, self.thread(who)))
    }

    fn pass(&self, who: EndpointId) -> Result<(), Stopped> {
        let mut state = self.lock();
        if state.stopped || state.gave_up {
            return Err(Stopped);
        }
        state.at[self.thread(who)].doing = Doing::Working;
        Ok(())
    }

    fn stop(&self) -> BorrowedFd<'_> {
        self.stop.as_fd()
    }

    fn now(&self) -> Instant {
        let now = Instant::now();
        let held = Duration::from_nanos(self.held_ns.load(Ordering::Relaxed));
        now.checked_sub(held).unwrap_or(now)
    }
}

/// How often a held step looks for its permit. A person who gives it does not notice.
const UNHURRIED: Duration = Duration::from_millis(10);

fn index(who: EndpointId) -> usize {
    usize::from(who.0)
}

#[cfg(test)]
mod tests;
