//! One run and a playhead over it. Nothing here depends on where the events came from.

use std::cell::{Ref, RefCell};
use std::sync::Arc;

use super::growth::Growth;
use super::marks::{Key, Marks};
use super::stage::{News, Refusal};
use crate::scenario::Scenario;
use crate::scenario::stop::Stop;
use crate::story::beats::Beat;
use crate::story::{Story, StoryError};
use crate::trace::{Ending, Trace};

/// A run in front of the class.
#[derive(Debug)]
pub struct Show {
    /// What it means, as far as it has come.
    pub story: Story,
    /// So many of the story's beats are shown.
    pub playhead: usize,
    /// What the playhead does by itself.
    motion: Motion,
    live: Option<Growth>,
    saved: bool,
    refusal: Option<Refusal>,
    /// It was shown to its end at least once.
    watched: bool,
    marks: RefCell<Marks>,
}

/// What a playhead does by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Motion {
    /// It stands.
    Stands,
    /// It moves on, beat by beat.
    Plays,
    /// It stays at the end while events come.
    Follows,
}

impl Show {
    /// A run that is over.
    ///
    /// # Errors
    /// If the trace cannot be told.
    pub fn saved(trace: Trace) -> Result<Self, Box<StoryError>> {
        Ok(Self::of(Story::tell(trace).map_err(Box::new)?))
    }

    /// A run that was told already.
    #[must_use]
    pub fn of(story: Story) -> Self {
        Self {
            story,
            playhead: 0,
            motion: Motion::Stands,
            live: None,
            saved: true,
            refusal: None,
            watched: false,
            marks: RefCell::default(),
        }
    }

    /// A run that begins; its events come as news.
    ///
    /// # Errors
    /// If the scenario does not fit the head.
    pub fn live(
        run: u64,
        scenario: Arc<Scenario>,
        head: crate::trace::Head,
        stepped: bool,
    ) -> Result<Self, Box<StoryError>> {
        let trace = Trace {
            head,
            events: Vec::new(),
            ending: Ending::Running,
        };
        Ok(Self {
            story: Story::with(scenario, trace).map_err(Box::new)?,
            playhead: 0,
            motion: if stepped { Motion::Follows } else { Motion::Plays },
            live: Some(Growth::of(run)),
            saved: false,
            refusal: None,
            watched: false,
            marks: RefCell::default(),
        })
    }

    /// Takes in news of its run.
    pub fn hear(&mut self, news: &News) {
        if let Some(live) = &mut self.live {
            live.hear(news);
        }
    }

    /// Whether settling tells more than is told already.
    #[must_use]
    pub fn will_grow(&self) -> bool {
        let known = self.story.trace.events.len();
        self.live.as_ref().is_some_and(|live| live.is_due(known))
    }

    /// Tells the story with what has come since.
    pub fn settle(&mut self) {
        if !self.will_grow() {
            return;
        }
        let Some((fresh, ended)) = self.live.as_mut().map(Growth::take) else {
            return;
        };
        let now = self.now();
        if ended.is_some() {
            self.refusal = self.live.take().and_then(Growth::refused);
        }
        self.story.grow(fresh, ended);
        // Stamps come late: what was shown stays shown, and what happened before it is shown as well.
        self.playhead = match now {
            _ if self.motion == Motion::Follows => self.last(),
            None => 0,
            Some(at) => self.story.position_at(at),
        };
        self.note_end();
    }

    /// Once everything has been shown, going back does not take that away.
    fn note_end(&mut self) {
        self.watched |= self.is_at_end();
    }

    /// Everything has been shown at least once: what came of it may be told.
    #[must_use]
    pub fn was_watched(&self) -> bool {
        self.watched
    }

    /// It was saved and is shown again.
    #[must_use]
    pub fn was_saved(&self) -> bool {
        self.saved
    }

    /// Why there is no run, or no more of it, if it could not begin or broke down.
    #[must_use]
    pub fn refusal(&self) -> Option<&Refusal> {
        self.refusal.as_ref()
    }

    /// It still goes on.
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.live.is_some()
    }

    /// Whether news with this number are for this show.
    #[must_use]
    pub fn is_run(&self, run: u64) -> bool {
        self.live.as_ref().is_some_and(|live| live.run == run)
    }

    /// The step that waits for a key, if the run is held.
    #[must_use]
    pub fn held(&self) -> Option<u32> {
        self.live.as_ref()?.held
    }

    /// The step that waited goes on, and the playhead with it.
    pub fn let_go(&mut self) {
        self.follow();
        if let Some(live) = &mut self.live {
            live.held = None;
        }
    }

    /// It stays at the end while events come.
    pub fn follow(&mut self) {
        self.go(self.last());
        self.motion = Motion::Follows;
    }

    /// The last position.
    #[must_use]
    pub fn last(&self) -> usize {
        self.story.beats.len()
    }

    /// Everything is shown, and nothing more will come.
    #[must_use]
    pub fn is_at_end(&self) -> bool {
        self.playhead == self.last() && !self.is_live()
    }

    /// The connection of the event at the playhead.
    #[must_use]
    pub fn connection_now(&self) -> Option<usize> {
        let beat = self.story.beats.get(self.playhead.checked_sub(1)?)?;
        Some(usize::from(beat.endpoint.0 / 2))
    }

    /// The time at the playhead, in nanoseconds of the run.
    #[must_use]
    pub fn now(&self) -> Option<u64> {
        Some(self.story.beats.get(self.playhead.checked_sub(1)?)?.at)
    }

    /// Goes to a position; playing stops.
    pub fn go(&mut self, position: usize) {
        self.motion = Motion::Stands;
        self.playhead = position.min(self.last());
        // Where nothing has happened yet, the end is not what was meant.
        if self.is_live() && self.playhead == self.last() && position > 0 {
            self.motion = Motion::Follows;
        }
        self.note_end();
    }

    /// The position after the last beat that happened until `at`; the first beat at least.
    pub fn go_to_time(&mut self, at: u64) {
        self.go(self.story.position_at(at).max(1));
    }

    /// The next position at which a message is sent or read.
    pub fn next_message(&mut self) {
        let beats = self.story.beats.iter().enumerate().skip(self.playhead);
        let next = beats.into_iter().find(|(_, beat)| beat.is_about_a_message());
        self.go(next.map_or(self.last(), |(index, _)| index + 1));
    }

    /// The one before.
    pub fn previous_message(&mut self) {
        let shown = &self.story.beats[..self.playhead.saturating_sub(1)];
        let before = shown.iter().rposition(Beat::is_about_a_message);
        self.go(before.map_or(0, |index| index + 1));
    }

    /// It moves on by itself.
    #[must_use]
    pub fn is_playing(&self) -> bool {
        self.motion == Motion::Plays
    }

    /// It begins to move on.
    pub fn play(&mut self) {
        self.motion = Motion::Plays;
    }

    /// Starts or stops moving; at the end it begins again.
    pub fn toggle_play(&mut self) {
        if self.is_playing() {
            self.motion = Motion::Stands;
        } else {
            if self.is_at_end() {
                self.playhead = 0;
            }
            self.play();
            // Whoever presses play sees that it does.
            self.play_on();
        }
    }

    /// One step of playing. Halts at the end and where the scenario says so.
    pub fn play_on(&mut self) {
        if !self.is_playing() {
            return;
        }
        if self.playhead < self.last() {
            self.playhead += 1;
        }
        if self.is_at_end() || self.is_at_stop() {
            self.motion = Motion::Stands;
        }
        self.note_end();
    }

    /// The stop points at the playhead: one event may be several.
    pub fn stops(&self) -> impl Iterator<Item = &Stop> {
        let here = self
            .story
            .stops
            .iter()
            .filter(|reached| reached.position == self.playhead);
        here.filter_map(|reached| self.story.plan.stops.get(reached.stop))
    }

    /// Playback halts here: the class has time to read.
    #[must_use]
    pub fn is_at_stop(&self) -> bool {
        self.stops().next().is_some()
    }

    /// The marks of a time strip, worked out anew only if it has another width or the run has grown.
    #[must_use]
    pub fn marks(&self, key: Key) -> Ref<'_, Marks> {
        if !self.marks.borrow().are_of(key) {
            *self.marks.borrow_mut() = Marks::new(&self.story, key);
        }
        self.marks.borrow()
    }

    /// The first moment and the last, in nanoseconds of the run.
    #[must_use]
    pub fn span(&self) -> (u64, u64) {
        let first = self.story.beats.first().map_or(0, |beat| beat.at);
        (first, self.story.beats.last().map_or(first, |beat| beat.at))
    }

    /// Goes to where `at` of `last` stands for: a moment of the run, or a beat if all have the same room.
    pub fn seek(&mut self, at: u64, last: u64, evenly: bool) {
        if evenly {
            let beats = self.last() as u64;
            self.go(usize::try_from(share(beats, at, last)).unwrap_or(usize::MAX));
        } else {
            let (first, end) = self.span();
            self.go_to_time(first + share(end - first, at, last));
        }
    }
}

/// `at` of `last`, as a part of a whole.
#[must_use]
pub fn share(whole: u64, at: u64, last: u64) -> u64 {
    let (at, last) = (at.min(last), last.max(1));
    if let Some(product) = whole.checked_mul(at) {
        return product / last;
    }
    let part = u128::from(whole) * u128::from(at) / u128::from(last);
    u64::try_from(part).unwrap_or(whole)
}
