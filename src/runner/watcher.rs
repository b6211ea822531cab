//! Waits for the end of a run and, where it does not come, brings it about.

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::hand::Hand;
use super::turns::Turns;
use super::wiring::Wiring;
use crate::endpoint::Endpoint;
use crate::endpoint::recorder::Recorder;
use crate::scenario::plan::Plan;
use crate::trace::Ending;

/// What the watcher looks at.
pub struct Watcher<'a> {
    pub plan: &'a Plan,
    pub turns: &'a Turns,
    /// The run's wire, if it has one.
    pub wiring: Option<&'a Wiring>,
    pub recorder: &'a Recorder,
    /// Through which the kernel is asked while the run is held.
    pub endpoints: &'a [Endpoint<'a>],
    pub interrupt: Option<BorrowedFd<'a>>,
    /// Who may hold the run's wire.
    pub hand: Option<&'a Hand>,
}

impl Watcher<'_> {
    /// Watches until the run is over, says so to everybody, and returns how it ended.
    pub fn watch(&self, stopper: OwnedFd) -> Ending {
        let ending = self.wait_for_end();
        self.turns.stop();
        release(stopper);
        ending
    }

    fn wait_for_end(&self) -> Ending {
        // How many events there were when something happened last, and for how long nothing has since.
        let mut progress = (self.recorder.count(), Duration::ZERO);
        let mut suspect = None;
        let mut held = false;
        let mut looked = Instant::now();
        loop {
            let moment = if held { ASK_EVERY } else { LOOK_EVERY };
            if let Some(ending) = self.turns.wait_for_end(moment) {
                return ending;
            }
            if self.interrupt.is_some_and(is_readable) {
                return Ending::Interrupted;
            }
            if let Some(why) = self.wiring.and_then(Wiring::failure) {
                return super::wire_failed(why);
            }
            let by_hand = self.hand.is_some_and(Hand::holds);
            held = self.turns.while_held(by_hand, || {
                one_end_each(self.endpoints).for_each(Endpoint::observe_again);
            });
            let since = std::mem::replace(&mut looked, Instant::now());
            if held || by_hand {
                self.turns.was_held(looked.duration_since(since));
            }
            let count = self.recorder.count();
            // While this look was late, the others did not run either: that time is nobody's.
            progress.1 += looked.duration_since(since).min(2 * moment);
            // Who waits for a person is not late.
            if held || by_hand || count != progress.0 {
                progress = (count, Duration::ZERO);
            }
            // What a hand holds is still to come.
            if by_hand {
                suspect = None;
                continue;
            }
            // Twice the same standstill, with nothing recorded in between, is one that lasts.
            match self.turns.standstill() {
                Some((endpoint, waiting)) if suspect == Some(count) => return Ending::Hang { endpoint, waiting },
                Some(_) => suspect = Some(count),
                None => suspect = None,
            }
            if progress.1 >= self.plan.deadline {
                return self.deadline();
            }
        }
    }

    fn deadline(&self) -> Ending {
        let (endpoint, waiting) = self.turns.who_waits();
        Ending::Deadline {
            endpoint,
            waiting,
            after_ms: u64::try_from(self.plan.deadline.as_millis()).unwrap_or(u64::MAX),
        }
    }
}

/// One end of each connection: whoever asks through it asks about both.
pub fn one_end_each<'e, 'a>(endpoints: &'e [Endpoint<'a>]) -> impl Iterator<Item = &'e Endpoint<'a>> {
    endpoints.iter().step_by(2)
}

/// How often the watcher looks for a standstill. It decides only how soon a hang is named.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// How often the kernel is asked while the run is held. It decides only how soon is seen what its timers did.
const ASK_EVERY: Duration = Duration::from_millis(10);

/// Wakes everybody who polls the stop pipe: that its other end is closed is seen by all who look, and cannot fail.
pub fn release(stopper: OwnedFd) {
    drop(stopper);
}

/// Whether a descriptor, as the one that tells of Ctrl-C, has become readable.
#[must_use]
pub fn is_readable(fd: BorrowedFd<'_>) -> bool {
    let mut fds = [PollFd::from_borrowed_fd(fd.as_fd(), PollFlags::IN)];
    poll(&mut fds, Some(&Timespec { tv_sec: 0, tv_nsec: 0 })).is_ok_and(|ready| ready > 0)
}
