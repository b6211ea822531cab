//! When the next tick is due. It has no clock: whoever asks says what time it is.

use std::time::Duration;

/// A wait that goes on while other messages come in between.
#[derive(Debug, Default)]
pub struct Alarm {
    /// How long the app wants to wait.
    wait: Option<Duration>,
    /// Since when it does.
    since: Duration,
}

impl Alarm {
    /// What is left of the wait at `now`; nothing if there is none. The wait begins when the app names it: when it had
    /// named none, or another one, before.
    pub fn left(&mut self, now: Duration, wait: Option<Duration>) -> Option<Duration> {
        if wait != self.wait {
            (self.wait, self.since) = (wait, now);
        }
        Some((self.since + wait?).saturating_sub(now))
    }

    /// Begins the same wait anew, after its tick.
    pub fn again(&mut self, now: Duration) {
        self.since = now;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    #[test]
    fn a_wait_is_not_begun_anew_by_other_messages() {
        let mut alarm = Alarm::default();
        assert_eq!(alarm.left(10 * MS, None), None);
        assert_eq!(alarm.left(20 * MS, Some(5 * MS)), Some(5 * MS));
        assert_eq!(alarm.left(23 * MS, Some(5 * MS)), Some(2 * MS));
        assert_eq!(alarm.left(99 * MS, Some(5 * MS)), Some(Duration::ZERO));
    }

    #[test]
    fn after_a_tick_the_whole_wait_is_waited_however_late_the_tick_was() {
        let mut alarm = Alarm::default();
        alarm.left(Duration::ZERO, Some(5 * MS));
        alarm.again(50 * MS);
        assert_eq!(alarm.left(51 * MS, Some(5 * MS)), Some(4 * MS));
    }

    #[test]
    fn another_wait_begins_when_it_is_named() {
        let mut alarm = Alarm::default();
        alarm.left(Duration::ZERO, Some(5 * MS));
        assert_eq!(alarm.left(4 * MS, Some(8 * MS)), Some(8 * MS));
    }
}
