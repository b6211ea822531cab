//! Two runs of one scenario on one clock.

use super::show::Show;

/// Two runs side by side. Each run's clock begins with its own first call, because the time it takes to join two
/// sockets has nothing to do with the scenario.
#[derive(Debug)]
pub struct Pair<'a> {
    /// The run that was there.
    pub one: &'a mut Show,
    /// The one it is compared with.
    pub other: &'a mut Show,
}

/// When a show's first call was made: the zero of the common clock.
fn origin(show: &Show) -> u64 {
    show.story.beats.first().map_or(0, |beat| beat.at)
}

/// A time of a run, on the common clock.
#[must_use]
pub fn on_clock(show: &Show, at: u64) -> u64 {
    at.saturating_sub(origin(show))
}

/// How long the longer of two runs takes, on the common clock.
#[must_use]
pub fn length(one: &Show, other: &Show) -> u64 {
    let end = |show: &Show| on_clock(show, show.span().1);
    end(one).max(end(other))
}

/// When the beat at a position happened, on the common clock.
fn time_of(show: &Show, index: usize) -> Option<u64> {
    Some(on_clock(show, show.story.beats.get(index)?.at))
}

/// The connection of what happened last in either run.
#[must_use]
pub fn connection_now(one: &Show, other: &Show) -> Option<usize> {
    let now = |show: &Show| Some(on_clock(show, show.now()?));
    // A run in which nothing has happened comes before all others.
    let later = if now(one) >= now(other) { one } else { other };
    later.connection_now()
}

impl Pair<'_> {
    /// Goes to what happens next in either run; what happens at the same time happens together.
    pub fn forwards(&mut self) {
        let next = |show: &Show| time_of(show, show.playhead);
        let Some(time) = next(self.one).into_iter().chain(next(self.other)).min() else {
            return;
        };
        self.go_to(time);
    }

    /// Takes back what happened last.
    pub fn backwards(&mut self) {
        let last = |show: &Show| time_of(show, show.playhead.checked_sub(1)?);
        let Some(time) = last(self.one).into_iter().chain(last(self.other)).max() else {
            return;
        };
        for show in [&mut *self.one, &mut *self.other] {
            let from = origin(show) + time;
            show.go(show.story.beats.partition_point(|beat| beat.at < from));
        }
    }

    /// Both at a time of the common clock.
    pub fn go_to(&mut self, time: u64) {
        for show in [&mut *self.one, &mut *self.other] {
            let until = origin(show) + time;
            show.go(show.story.position_at(until));
        }
    }

    /// Everything that has happened in both.
    pub fn to_end(&mut self) {
        for show in [&mut *self.one, &mut *self.other] {
            show.go(show.last());
        }
    }

    /// Nothing more happens in either.
    #[must_use]
    pub fn is_at_end(&self) -> bool {
        self.one.playhead == self.one.last() && self.other.playhead == self.other.last()
    }
}
