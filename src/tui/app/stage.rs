//! Where runs come from: the screen asks for one and gets its events through the same channel as everything else. So a
//! run that goes on and a saved one take the same path from here: events in, a playhead over them.

use crate::scenario::{Family, Scenario, Settings, Text};
pub use crate::trace::hand::{Grip, NoGrip};
use crate::trace::{Ending, Event, Head};
use crate::words::Lang;

/// Makes runs on real sockets. The screen knows nothing else about how they are made.
pub trait Stage {
    /// Starts a run; its news carry the number `run`.
    ///
    /// # Errors
    /// Why it could not begin.
    fn start(&mut self, run: u64, wanted: &Wanted<'_>) -> Result<Head, Refusal>;
    /// Lets the next step of a stepped run happen.
    fn next_step(&mut self);
    /// Lets all further steps of a stepped run happen.
    fn all_steps(&mut self);
    /// Does something to the packets that an end (0 or 1) of the connections sends, on the wire of the run that goes on.
    ///
    /// # Errors
    /// Why nothing was done.
    fn grip(&mut self, end: usize, grip: Grip) -> Result<(), NoGrip>;
    /// Ends the run that goes on, if one does.
    fn stop(&mut self);
}

/// What is to be run.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// The file's name, for the trace.
    pub file: &'a str,
    /// The scenario.
    pub scenario: &'a Scenario,
    /// Its knobs.
    pub settings: &'a Settings,
    /// Over which loopback address.
    pub family: Family,
    /// Each step waits until it is let go.
    pub stepped: bool,
    /// It is made to be compared with another.
    pub beside: bool,
}

/// News of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunNews {
    /// Of which run.
    pub run: u64,
    /// What is new.
    pub news: News,
}

/// What is new.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// Something happened. Events come in the order in which they were noticed; kernel stamps come late.
    Event(Event),
    /// This step, an index into the plan, waits until it is let go.
    Waiting(u32),
    /// It is over.
    Ended(Ending),
    /// It could not be saved where it should have been: where, and why.
    NotSaved(Text),
    /// It could not begin, or its thread broke down.
    Broke(Refusal),
}

/// Why there is no run. In both languages, because the screen changes its language at any moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Why.
    pub why: Text,
    /// What mends it, where that is known.
    pub help: Option<Text>,
}

impl Refusal {
    /// A reason for which there is no help.
    pub fn because(why: impl Fn(Lang) -> String) -> Self {
        Self {
            why: Text::of(why),
            help: None,
        }
    }
}
