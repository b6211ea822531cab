//! One scenario in front of the class: its knobs, its question, the run that is shown, and one to compare it with.

use std::collections::HashMap;
use std::sync::Arc;

use super::compare;
use super::knobs::KnobCursor;
use super::question::{Commitment, Votes};
use super::show::Show;
use crate::code::Language;
use crate::scenario::{Family, Plan, Prediction, Scenario, Setting, Settings};

/// One scenario in front of the class.
#[derive(Debug)]
pub struct Lab {
    /// Its file's name.
    pub file: String,
    /// The scenario.
    pub scenario: Arc<Scenario>,
    /// The knobs as the next run will have them.
    pub settings: Settings,
    /// The scenario under these knobs.
    pub plan: Plan,
    /// Over which loopback address it is run.
    pub family: Family,
    /// Where the cursor is among the knobs.
    pub cursor: KnobCursor,
    /// The run that is shown.
    pub show: Option<Show>,
    /// What it is compared with.
    pub comparison: Option<Comparison>,
    /// Votes, by the question's text.
    pub votes: HashMap<String, Votes>,
    /// A run waits for the question to be answered: whether it is a stepped one.
    pub awaited: Option<bool>,
    /// Bytes as text or as hex.
    pub hex: bool,
    /// What of a run is shown.
    pub view: View,
    /// The wire is in somebody's hand: the end (0 or 1) whose packets are chosen.
    pub hand: Option<usize>,
    /// The time strip gives every event the same room.
    pub evenly: bool,
    /// The connection that somebody wants to look at; without one it is that at which something happens.
    pub looked_at: Option<usize>,
    /// The byte whose journey is told: the flow's sender and the offset in the flow, and whether it belongs to the run
    /// that is compared.
    pub byte: Option<Byte>,
}

/// What of a run is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum View {
    /// Calls, queues, what is on the way.
    #[default]
    Calls,
    /// Instead of the calls: the equivalent code.
    Code(Language),
    /// Instead of calls and queues: the packets as a sequence diagram.
    Ladder,
    /// Large, for the last row.
    Presenter,
}

/// A byte somebody asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Byte {
    /// The flow's sender.
    pub flow: crate::trace::EndpointId,
    /// Its place in the flow.
    pub offset: u64,
    /// It belongs to the run that is compared.
    pub other: bool,
}

/// What a run is compared with.
#[derive(Debug)]
pub struct Comparison {
    /// The knob that differs.
    pub knob: String,
    /// The settings of the second run.
    pub settings: Settings,
    /// The second run, as soon as it has begun.
    pub show: Option<Show>,
    /// Both move on by themselves.
    pub playing: bool,
}

impl Lab {
    /// A scenario that has not been run.
    #[must_use]
    pub fn new(file: String, scenario: Arc<Scenario>, settings: Settings) -> Self {
        let plan = Plan::new(&scenario, &settings);
        Self {
            file,
            scenario,
            settings,
            family: plan.family,
            plan,
            cursor: KnobCursor::default(),
            show: None,
            comparison: None,
            votes: HashMap::new(),
            awaited: None,
            hex: false,
            view: View::default(),
            hand: None,
            evenly: false,
            looked_at: None,
            byte: None,
        }
    }

    /// Which connection of a run is shown.
    #[must_use]
    pub fn connection(&self, show: &Show) -> usize {
        self.looked_at.or(show.connection_now()).unwrap_or(0)
    }

    /// Which connection of two runs that are compared is shown: the same one of both.
    #[must_use]
    pub fn connection_compared(&self, one: &Show, other: &Show) -> usize {
        self.looked_at.or(compare::connection_now(one, other)).unwrap_or(0)
    }

    /// Looks at the next connection of the run, or of both runs that are compared.
    pub fn look_at_next(&mut self) {
        let Some(show) = &self.show else { return };
        let connections = self.plan.endpoints.len().div_ceil(2).max(1);
        let other = self.comparison.as_ref().and_then(|comparison| comparison.show.as_ref());
        let (shown, now) = match other {
            Some(other) => (
                self.connection_compared(show, other),
                compare::connection_now(show, other),
            ),
            None => (self.connection(show), show.connection_now()),
        };
        let next = (shown + 1) % connections;
        self.looked_at = (now != Some(next)).then_some(next);
    }

    /// Looks at a connection, whatever happens elsewhere; at the one at which something happens, it follows from now on.
    pub fn look_at(&mut self, connection: usize) {
        let now = self.show.as_ref().and_then(Show::connection_now);
        self.looked_at = (now != Some(connection)).then_some(connection);
    }

    /// Changes a knob for the next run.
    pub fn set(&mut self, name: &str, value: Setting) {
        self.settings.insert(name, value);
        self.decide();
    }

    /// What the knobs make of the scenario now.
    pub fn decide(&mut self) {
        self.plan = Plan::new(&self.scenario, &self.settings);
    }

    /// The question under the knobs as they are now.
    #[must_use]
    pub fn question(&self) -> Option<&Prediction> {
        self.plan.predictions.first()
    }

    /// The votes on that question.
    #[must_use]
    pub fn votes(&self) -> Option<&Votes> {
        self.votes.get(&self.question()?.ask.en)
    }

    /// The votes on that question, to be changed.
    pub fn votes_mut(&mut self) -> Option<&mut Votes> {
        let question = self.plan.predictions.first()?;
        let none = || Votes::none(question.options.len());
        Some(self.votes.entry(question.ask.en.clone()).or_insert_with(none))
    }

    /// The class has neither committed itself nor been let off.
    #[must_use]
    pub fn is_question_open(&self) -> bool {
        self.question().is_some() && self.votes().is_none_or(|votes| votes.commitment == Commitment::Open)
    }

    /// The option that came true in the run that is shown, if the answer may be told: the run is over, it has been
    /// watched to its end, it is a run of these knobs, and the class has committed itself.
    #[must_use]
    pub fn answer(&self) -> Option<&[usize]> {
        let show = self.show.as_ref().filter(|show| show.was_watched())?;
        let asked = show.story.plan.predictions.first()?;
        let same = self.question().is_some_and(|question| question.ask == asked.ask);
        let right = show.story.verdict.answers.first().map(Vec::as_slice);
        right.filter(|_| same && !self.is_question_open())
    }

    /// Nothing of a run has been shown yet.
    #[must_use]
    pub fn is_fresh(&self) -> bool {
        self.show
            .as_ref()
            .is_none_or(|show| show.playhead == 0 && !show.is_live())
    }

    /// The knobs are not those of the run that is shown.
    #[must_use]
    pub fn is_changed(&self) -> bool {
        let Some(show) = &self.show else { return false };
        let shown = &show.story.trace.head.knobs;
        self.settings
            .iter()
            .any(|(name, value)| shown.get(name) != Some(&value.kept()))
    }

    /// Both runs, if there are two.
    pub fn pair(&mut self) -> Option<compare::Pair<'_>> {
        let one = self.show.as_mut()?;
        let other = self.comparison.as_mut()?.show.as_mut()?;
        Some(compare::Pair { one, other })
    }

    /// The shows there are.
    pub fn shows_mut(&mut self) -> impl Iterator<Item = &mut Show> {
        let other = self.comparison.as_mut().and_then(|comparison| comparison.show.as_mut());
        self.show.as_mut().into_iter().chain(other)
    }

    /// A run goes on.
    #[must_use]
    pub fn is_running(&self) -> bool {
        let other = self.comparison.as_ref().and_then(|comparison| comparison.show.as_ref());
        self.show.iter().chain(other).any(Show::is_live)
    }
}
