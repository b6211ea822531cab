//! What the class predicts: votes for the options of a question, a second vote after the discussion, and when the
//! answer may be shown.

/// The votes of a class on one question.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Votes {
    /// Votes for each option, first round and second.
    rounds: Vec<Vec<u32>>,
    /// The class has committed itself, or the teacher has passed over the question.
    pub commitment: Commitment,
    /// The option the cursor is at.
    pub cursor: usize,
    /// The last key was a digit: the next one goes behind it.
    typing: bool,
}

/// Whether the class has said what it expects.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Commitment {
    /// Not yet: the answer is not shown.
    #[default]
    Open,
    /// It has.
    Made,
    /// The teacher has passed over the question.
    Skipped,
}

/// More votes than this a class does not have.
const MOST_VOTES: u32 = 9999;

impl Votes {
    /// No votes for this many options.
    #[must_use]
    pub fn none(options: usize) -> Self {
        Self {
            rounds: vec![vec![0; options]],
            ..Self::default()
        }
    }

    /// How many options there are.
    #[must_use]
    pub fn options(&self) -> usize {
        self.rounds.first().map_or(0, Vec::len)
    }

    /// The votes of a round, the first being 0.
    #[must_use]
    pub fn round(&self, round: usize) -> Option<&[u32]> {
        self.rounds.get(round).map(Vec::as_slice)
    }

    /// How many rounds there were.
    #[must_use]
    pub fn rounds(&self) -> usize {
        self.rounds.len()
    }

    /// One vote more for an option, in this round.
    pub fn add(&mut self, option: usize) {
        self.change(option, |votes| votes.saturating_add(1).min(MOST_VOTES));
    }

    /// One vote less.
    pub fn take_back(&mut self, option: usize) {
        self.change(option, |votes| votes.saturating_sub(1));
    }

    /// A digit of the number of votes: hands are counted and the number is typed. The first digit begins it anew.
    pub fn type_digit(&mut self, option: usize, digit: u32) {
        let typing = self.typing;
        self.change(option, |votes| {
            let typed = votes.saturating_mul(10).saturating_add(digit);
            if !typing || typed > MOST_VOTES { digit } else { typed }
        });
        self.typing = true;
    }

    /// Moves the cursor.
    pub fn move_to(&mut self, option: usize) {
        self.cursor = option.min(self.options().saturating_sub(1));
        self.typing = false;
    }

    /// The last digit goes.
    pub fn delete_digit(&mut self, option: usize) {
        self.change(option, |votes| votes / 10);
        self.typing = true;
    }

    fn change(&mut self, option: usize, change: impl Fn(u32) -> u32) {
        if let Some(votes) = self.rounds.last_mut().and_then(|round| round.get_mut(option)) {
            *votes = change(*votes);
        }
        self.move_to(option);
    }

    /// Whether anybody has voted in this round.
    #[must_use]
    pub fn any(&self) -> bool {
        self.rounds
            .last()
            .is_some_and(|round| round.iter().any(|votes| *votes > 0))
    }

    /// A second vote, after the discussion; the first is kept beside it. A third replaces the second.
    pub fn vote_again(&mut self) {
        let none = vec![0; self.options()];
        self.rounds.truncate(1);
        self.rounds.push(none);
        self.commitment = Commitment::Open;
    }
}

#[cfg(test)]
mod tests;
