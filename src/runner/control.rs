//! How a run is watched while it goes on, and how it is held between its steps.

use std::os::fd::BorrowedFd;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, mpsc};

use super::capture::Capture;
use super::hand::Hand;
use crate::trace::Event;

/// What the caller of a run has in hand while it goes on. By default nothing: it runs to its end and is not watched.
#[derive(Debug, Clone, Default)]
pub struct Control<'a> {
    /// Becomes readable when the user wants the run to end (Ctrl-C).
    pub interrupt: Option<BorrowedFd<'a>>,
    /// Gets the news as it happens. That nobody receives any more does not disturb the run.
    pub feed: Option<mpsc::Sender<News>>,
    /// The lab's own program, which is started again as the helper that makes a wire; without it the file of this process.
    pub program: Option<&'a Path>,
    /// Keeps the bytes of every packet on the wire, if the run has one.
    pub capture: Option<Arc<Capture>>,
    /// Holds each step until it is permitted; without it nothing is held.
    pub steps: Option<Arc<Steps>>,
    /// Gets hold of the run's wire, if it has one, as long as the run goes on.
    pub hand: Option<Arc<Hand>>,
}

/// What is new in a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// This was recorded. Kernel stamps are read some time after they were made, so events come in the order in which
    /// they are recorded. Sorted by [`Event::at`], events of the same time left in their order, they are
    /// [`Outcome::events`](super::Outcome::events).
    Event(Event),
    /// The run is held: nothing goes on but the kernel's timers until this step is permitted. Told once, and again only
    /// if another step came between: a call of an earlier step that had blocked may go on meanwhile, and its endpoint
    /// then comes to a step that is before this one. If that one takes the permit that was meant for this, this step is
    /// told again.
    Waiting {
        /// An index into the plan's steps.
        step: u32,
    },
}

/// Permits for the steps of a run, counted: each lets one step begin, the one that is next. Any thread may give them,
/// also before they are needed.
#[derive(Debug, Default)]
pub struct Steps(AtomicU32);

impl Steps {
    /// No step is permitted.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Permits one step more.
    pub fn allow_next(&self) {
        // What is permitted without end stays so.
        let more = |permits: u32| permits.checked_add(1);
        // An error is that limit.
        let _ = self.0.fetch_update(Ordering::Release, Ordering::Relaxed, more);
    }

    /// Permits all steps that are still to come.
    pub fn allow_all(&self) {
        self.0.store(u32::MAX, Ordering::Release);
    }

    /// Whether one more may begin when so many have begun.
    pub(super) fn allow(&self, begun: u32) -> bool {
        self.0.load(Ordering::Acquire) > begun
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn permits_are_counted_and_all_is_more_than_any_number() {
        let steps = Steps::new();
        assert!(!steps.allow(0));
        steps.allow_next();
        steps.allow_next();
        assert!(steps.allow(1) && !steps.allow(2));
        steps.allow_all();
        steps.allow_next();
        assert!(steps.allow(u32::MAX - 1));
    }
}
