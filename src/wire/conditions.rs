//! What the wire is like: how long a packet takes, and by what chance it is lost, comes twice or comes late.

use std::time::Duration;

/// What the wire is like, in both directions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Conditions {
    /// How long each packet takes from one end to the other.
    pub delay: Duration,
    /// Bits a second that a direction can carry; `None`: as many as come.
    pub rate: Option<u64>,
    /// Of a hundred packets so many are lost.
    pub loss: u8,
    /// Of a hundred packets so many come twice.
    pub duplicate: u8,
    /// Of a hundred packets so many come after the one behind them.
    pub reorder: u8,
    /// What chance begins with: with the same seed it hits the same packets of a direction.
    pub seed: u64,
}

/// What chance has for one packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lot {
    /// Nothing.
    Passes,
    /// It is lost.
    Lost,
    /// It comes twice.
    Twice,
    /// It comes after the one behind it.
    Late,
}

/// The chances of one direction: the n-th packet always draws the n-th lot, whatever the other direction does.
#[derive(Debug)]
pub struct Chance(fastrand::Rng);

impl Conditions {
    /// How long the wire is busy with a packet of so many bytes.
    #[must_use]
    pub fn busy(&self, bytes: usize) -> Duration {
        let Some(rate) = self.rate.filter(|rate| *rate > 0) else {
            return Duration::ZERO;
        };
        let nanos = bytes as u128 * 8 * 1_000_000_000 / u128::from(rate);
        Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
    }
}

impl Chance {
    /// The chances of what end `from` sends.
    #[must_use]
    pub fn new(seed: u64, from: usize) -> Self {
        // Both directions from one seed, but not the same lots.
        Self(fastrand::Rng::with_seed(seed.wrapping_mul(2).wrapping_add(from as u64)))
    }

    /// The lot of the next packet. Always three draws, so that changing one chance does not shift the others.
    pub fn draw(&mut self, conditions: &Conditions) -> Lot {
        let mut hits = |percent: u8| self.0.u8(0..100) < percent;
        let (lost, twice, late) = (
            hits(conditions.loss),
            hits(conditions.duplicate),
            hits(conditions.reorder),
        );
        match (lost, twice, late) {
            (true, _, _) => Lot::Lost,
            (_, true, _) => Lot::Twice,
            (_, _, true) => Lot::Late,
            _ => Lot::Passes,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lots(conditions: &Conditions, from: usize) -> Vec<Lot> {
        let mut chance = Chance::new(conditions.seed, from);
        (0..1000).map(|_| chance.draw(conditions)).collect()
    }

    #[test]
    fn a_seed_repeats_itself_and_both_directions_differ() {
        let conditions = Conditions {
            loss: 10,
            seed: 7,
            ..Conditions::default()
        };
        assert_eq!(lots(&conditions, 0), lots(&conditions, 0));
        assert_ne!(lots(&conditions, 0), lots(&conditions, 1));
        assert_ne!(lots(&conditions, 0), lots(&Conditions { seed: 8, ..conditions }, 0));
    }

    #[test]
    fn nothing_happens_by_a_chance_of_0_and_always_by_one_of_100() {
        assert!(lots(&Conditions::default(), 0).iter().all(|lot| *lot == Lot::Passes));
        let all = |conditions: Conditions, lot: Lot| lots(&conditions, 1).iter().all(|drawn| *drawn == lot);
        let none = Conditions::default();
        assert!(all(Conditions { loss: 100, ..none }, Lot::Lost));
        assert!(all(Conditions { duplicate: 100, ..none }, Lot::Twice));
        assert!(all(Conditions { reorder: 100, ..none }, Lot::Late));
    }

    #[test]
    fn one_chance_does_not_shift_another() {
        let few = Conditions {
            loss: 10,
            ..Conditions::default()
        };
        let lost = |conditions: &Conditions| -> Vec<bool> {
            lots(conditions, 0).iter().map(|lot| *lot == Lot::Lost).collect()
        };
        assert_eq!(lost(&few), lost(&Conditions { reorder: 50, ..few }));
    }

    #[test]
    fn a_slow_wire_is_busy_with_each_packet() {
        let slow = Conditions {
            rate: Some(1_000_000),
            ..Conditions::default()
        };
        assert_eq!(slow.busy(1500), Duration::from_millis(12));
        assert_eq!(Conditions::default().busy(1500), Duration::ZERO);
    }
}
