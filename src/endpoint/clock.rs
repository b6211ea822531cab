//! The clock of a run: nanoseconds since it began.

use rustix::time::{ClockId, clock_gettime};

/// Counts from the moment it is made. Kernel stamps, which are on the realtime clock, are brought onto it.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    origin: u64,
}

/// The distance between the realtime and the monotonic clock, as it is now.
#[derive(Debug, Clone, Copy)]
pub struct Offset(i128);

impl Clock {
    /// A clock at 0.
    #[must_use]
    pub fn start() -> Self {
        Self {
            origin: nanos(ClockId::Monotonic),
        }
    }

    /// Nanoseconds since the start.
    #[must_use]
    pub fn now(&self) -> u64 {
        nanos(ClockId::Monotonic).saturating_sub(self.origin)
    }

    /// When a kernel stamp was taken, on this clock.
    #[must_use]
    pub fn at_realtime(&self, offset: Offset, realtime: u64) -> u64 {
        let monotonic = i128::from(realtime) - offset.0;
        u64::try_from(monotonic - i128::from(self.origin)).unwrap_or(0)
    }
}

impl Offset {
    /// Reads both clocks. Taken anew whenever stamps are read, so that a realtime clock that is being set right
    /// during the run shifts no stamp by more than it moved since.
    #[must_use]
    pub fn now() -> Self {
        // The realtime clock is read between two readings of the other; the tightest of three brackets wins.
        let bracket = || {
            let before = nanos(ClockId::Monotonic);
            let realtime = nanos(ClockId::Realtime);
            let after = nanos(ClockId::Monotonic);
            (
                after - before,
                i128::from(realtime) - i128::from(before + (after - before) / 2),
            )
        };
        let (_, offset) = [bracket(), bracket(), bracket()].into_iter().min().unwrap_or_default();
        Self(offset)
    }
}

fn nanos(clock: ClockId) -> u64 {
    let time = clock_gettime(clock);
    u64::try_from(time.tv_sec).unwrap_or(0) * 1_000_000_000 + u64::try_from(time.tv_nsec).unwrap_or(0)
}
