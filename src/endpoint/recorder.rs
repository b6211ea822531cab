//! Where the events of a run are gathered.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::clock::Clock;
use crate::trace::{EndpointId, Event, Evidence, What};

/// Gathers events from all threads of a run.
pub struct Recorder {
    /// The clock of the run.
    pub clock: Clock,
    events: Mutex<Vec<Event>>,
    feed: Option<Feed>,
    last_message: AtomicU32,
}

/// Gets every event at once, in the order in which they are recorded.
type Feed = Box<dyn Fn(Event) + Send + Sync>;

impl Recorder {
    /// An empty recorder whose clock starts now.
    #[must_use]
    pub fn start() -> Self {
        Self {
            clock: Clock::start(),
            events: Mutex::default(),
            feed: None,
            last_message: AtomicU32::new(0),
        }
    }

    /// The same, and each event is handed to `feed` as it is recorded. Kernel stamps come late, so the order is not yet
    /// that of time.
    #[must_use]
    pub fn feeding(feed: impl Fn(Event) + Send + Sync + 'static) -> Self {
        Self {
            feed: Some(Box::new(feed)),
            ..Self::start()
        }
    }

    /// Records what happened just now.
    pub fn now(&self, endpoint: EndpointId, evidence: Evidence, what: What) {
        self.at(self.clock.now(), endpoint, evidence, what);
    }

    /// Records what happened at a time.
    pub fn at(&self, at: u64, endpoint: EndpointId, evidence: Evidence, what: What) {
        let event = Event {
            at,
            endpoint,
            evidence,
            what,
        };
        let mut events = self.lock();
        if let Some(feed) = &self.feed {
            // Under the lock, so that both orders are the same.
            feed(event.clone());
        }
        events.push(event);
    }

    /// A number for the next message.
    pub fn number_message(&self) -> u32 {
        self.last_message.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// How many events there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.lock().len()
    }

    /// Takes all events, in the order of time. Kernel stamps are read some time after they were made; this puts them
    /// where they belong.
    #[must_use]
    pub fn take(&self) -> Vec<Event> {
        let mut events = std::mem::take(&mut *self.lock());
        events.sort_by_key(|event| event.at);
        events
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Event>> {
        // A thread that panicked while pushing leaves a whole list behind.
        self.events.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
