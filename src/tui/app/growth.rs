//! What has come of a run since its story was told last.

use super::stage::{News, Refusal};
use crate::trace::{Ending, Event, What};

/// A run that goes on.
#[derive(Debug)]
pub struct Growth {
    /// Its number: news of others are not for it.
    pub run: u64,
    /// The step that waits for a key.
    pub held: Option<u32>,
    /// Events that the story does not know yet.
    fresh: Vec<Event>,
    ended: Option<Ending>,
    refusal: Option<Refusal>,
}

/// Up to so many events the story is told anew whenever some have come; beyond that only when it has grown by an
/// eighth, so that a bulk transfer is not told a thousand times.
const TOLD_AT_ONCE: usize = 20_000;

impl Growth {
    /// A run of which nothing is known yet.
    #[must_use]
    pub fn of(run: u64) -> Self {
        Self {
            run,
            held: None,
            fresh: Vec::new(),
            ended: None,
            refusal: None,
        }
    }

    /// Takes in news.
    pub fn hear(&mut self, news: &News) {
        match news {
            News::Event(event) => {
                // A step that begins waits no longer, whoever let it go. What the kernel tells meanwhile lets nothing go.
                if matches!(event.what, What::Step { step } if self.held == Some(step)) {
                    self.held = None;
                }
                self.fresh.push(event.clone());
            }
            News::Waiting(step) => self.held = Some(*step),
            News::Ended(ending) => self.ended = Some(ending.clone()),
            News::Broke(refusal) => {
                let error = refusal.why.en.clone();
                self.ended = Some(Ending::Broken { error });
                self.refusal = Some(refusal.clone());
            }
            News::NotSaved(_) => {}
        }
    }

    /// Whether it is time to tell a story anew that knows so many events.
    #[must_use]
    pub fn is_due(&self, known: usize) -> bool {
        let enough = known < TOLD_AT_ONCE || self.fresh.len() > known / 8 || self.held.is_some();
        self.ended.is_some() || (enough && !self.fresh.is_empty())
    }

    /// Why there is no run, or no more of it, if that is known by now.
    #[must_use]
    pub fn refused(self) -> Option<Refusal> {
        self.refusal
    }

    /// What has come, and the ending if there is one by now.
    pub fn take(&mut self) -> (Vec<Event>, Option<Ending>) {
        (std::mem::take(&mut self.fresh), self.ended.take())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::{EndpointId, Evidence};

    fn event(what: What) -> News {
        News::Event(Event {
            at: 0,
            endpoint: EndpointId(0),
            evidence: Evidence::Measured,
            what,
        })
    }

    #[test]
    fn a_held_run_is_let_go_by_its_step_and_by_nothing_else() {
        let mut growth = Growth::of(1);
        growth.hear(&News::Waiting(4));
        growth.hear(&event(What::Acknowledged { start: 0, end: 5 }));
        growth.hear(&event(What::Step { step: 3 }));
        assert_eq!(growth.held, Some(4));
        growth.hear(&event(What::Step { step: 4 }));
        assert_eq!(growth.held, None);
    }

    #[test]
    fn a_long_story_is_told_anew_only_when_it_has_grown_by_an_eighth() {
        let mut growth = Growth::of(1);
        assert!(!growth.is_due(10), "nothing has come");
        growth.hear(&event(What::Closed));
        assert!(growth.is_due(10) && !growth.is_due(1_000_000));
        growth.hear(&News::Ended(Ending::Finished));
        assert!(growth.is_due(1_000_000), "the end is always told");
    }
}
