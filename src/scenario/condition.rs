//! When a step, an expectation or a question applies: `nodelay and count >= 3`.
//!
//! ```text
//! condition = test { "and" test }
//! test      = [ "not" ] knob                 a toggle
//!           | knob op value                  op: == != < <= > >=    value: number, word, true, false or another knob
//! ```

mod parse;

use std::cmp::Ordering;

pub(super) use parse::{KnownKnob, RESERVED, is_word, parse};

pub use parse::Fault;

use super::wire::LINK;
use super::{Knob, Setting, Settings};

/// All tests must hold; none at all always holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Condition(pub Vec<Test>);

/// One comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Test {
    /// The knob on the left.
    pub knob: String,
    /// How the sides compare.
    pub op: Op,
    /// What it is compared with.
    pub with: Operand,
}

/// How the two sides of a test compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Op {
    /// `==`
    Equal,
    /// `!=`
    Different,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    More,
    /// `>=`
    AtLeast,
}

/// The right side of a test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Operand {
    /// A value.
    Value(Setting),
    /// Another knob's value.
    Knob(String),
}

impl Condition {
    /// Reads a condition; knobs, kinds and values are checked.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn parse(text: &str, knobs: &[Knob]) -> Result<Self, Vec<Fault>> {
        let known: Vec<KnownKnob<'_>> = knobs
            .iter()
            .map(|knob| (knob.name.as_str(), Some(&knob.kind)))
            .collect();
        parse(text, &known)
    }

    /// Whether the condition holds under these settings.
    #[must_use]
    pub fn holds(&self, settings: &Settings) -> bool {
        self.0.iter().all(|test| test.holds(settings))
    }
}

impl Test {
    fn holds(&self, settings: &Settings) -> bool {
        // What joins the endpoints need not be set.
        let loopback = || (self.knob == LINK).then(|| Setting::Choice("loopback".to_owned()));
        let left = settings.get(&self.knob).cloned().or_else(loopback);
        let right = match &self.with {
            Operand::Value(value) => Some(value),
            Operand::Knob(name) => settings.get(name),
        };
        let (Some(left), Some(right)) = (left, right) else {
            return false;
        };
        let ordering = match (&left, right) {
            (Setting::Number(left), Setting::Number(right)) => left.cmp(right),
            (left, right) if left == right => Ordering::Equal,
            // Words and toggles have no order: they are the same or not.
            _ => return self.op == Op::Different,
        };
        match self.op {
            Op::Equal => ordering.is_eq(),
            Op::Different => ordering.is_ne(),
            Op::Less => ordering.is_lt(),
            Op::AtMost => ordering.is_le(),
            Op::More => ordering.is_gt(),
            Op::AtLeast => ordering.is_ge(),
        }
    }
}
