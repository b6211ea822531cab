//! The state of the screen, and how it changes: messages in, state out. Nothing here draws, and no clock is asked.

pub mod compare;
pub mod growth;
pub mod knobs;
pub mod lab;
pub mod marks;
pub mod picker;
pub mod question;
pub mod show;
pub mod sides;
pub mod stage;

mod act;
mod ballot;
mod hand;
mod link;
mod playback;
mod pointer;
mod runs;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use super::hits::Hits;
use super::input::{Key, Message, Next};
use super::keys::{self, Place};
use crate::config::Theme;
use crate::scenario::{Scenario, Settings};
use crate::trace::Trace;
use crate::words::Lang;
use lab::Lab;
use picker::Picker;
use show::Show;
use stage::{NoGrip, Refusal, Stage};

/// The state of the screen.
pub struct App {
    /// How things look.
    pub look: Appearance,
    /// The list of scenarios.
    pub picker: Picker,
    /// The scenario that is open.
    pub lab: Option<Lab>,
    /// What lies over the screen.
    pub popup: Option<Popup>,
    /// One line for whoever pressed the last key.
    pub notice: Option<Notice>,
    /// Ids of the scenarios that were run in this sitting.
    pub done: HashSet<String>,
    /// How fast playback goes: an index into [`SPEEDS`].
    pub speed: usize,
    /// What was drawn where.
    pub hits: Hits,
    /// Scenarios that were left, as they were left: their runs and votes stay for the sitting.
    pub(super) shelf: HashMap<String, Lab>,
    stage: Box<dyn Stage>,
    /// Number of the last run.
    last_run: u64,
    /// The mouse button went down on the time strip.
    dragging: bool,
}

/// How things look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Appearance {
    /// The language.
    pub lang: Lang,
    /// Light letters on a dark ground, or the other way round.
    pub theme: Theme,
    /// Colour, and how much of it.
    pub color: Palette,
    /// Drawn with ASCII only.
    pub ascii: bool,
}

/// How many colours there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Palette {
    /// None: NO_COLOR.
    None,
    /// The sixteen every terminal has.
    Sixteen,
    /// 256.
    #[default]
    Full,
}

/// What lies over the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Popup {
    /// The question, the votes, and the answer when it may be told.
    Question,
    /// The knobs.
    Knobs,
    /// What to compare with: the cursor.
    Variants(usize),
    /// A text, scrolled by so many lines.
    Text(Text, usize),
}

/// A text over the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Text {
    /// The keys of a place.
    Help(Place),
    /// What was found and why.
    Why,
    /// The journey of [`Lab::byte`].
    Journey,
    /// What is wrong with the chosen file.
    Mistakes,
}

/// One line for whoever pressed the last key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// A run could not begin.
    CannotRun(Refusal),
    /// There is a question to be answered first.
    QuestionFirst,
    /// Nobody has voted yet.
    NoVotes,
    /// What is typed is not a value of the knob.
    NotAllowed(String),
    /// A run could not be saved.
    NotSaved(crate::scenario::Text),
    /// There is nothing to compare: the scenario has no knobs.
    NoKnobs,
    /// A run goes on.
    StillRunning,
    /// Two files have the same id.
    SharedId {
        /// The id.
        id: String,
        /// The files.
        files: [String; 2],
    },
    /// The scenario cannot go over a wire.
    NotOverWire,
    /// It cannot do without one.
    OnlyOverWire,
    /// The run went over none: there are no packets.
    NoPackets,
    /// Nothing was done to the wire.
    NoGrip(NoGrip),
}

/// How fast playback may go: beats are shown for this many percent of [`BEAT`].
pub const SPEEDS: [(&str, u32); 6] = [("1/4", 400), ("1/2", 200), ("1", 100), ("2", 50), ("4", 25), ("8", 12)];

/// The index of the ordinary speed.
pub const ORDINARY: usize = 2;

/// How long a beat is shown at the ordinary speed: long enough to read its sentence.
pub const BEAT: Duration = Duration::from_millis(1600);

impl App {
    /// A screen with these scenarios to choose from.
    #[must_use]
    pub fn new(look: Appearance, picker: Picker, stage: Box<dyn Stage>) -> Self {
        Self {
            look,
            picker,
            lab: None,
            popup: None,
            notice: None,
            done: HashSet::new(),
            speed: ORDINARY,
            hits: Hits::default(),
            shelf: HashMap::new(),
            stage,
            last_run: 0,
            dragging: false,
        }
    }

    /// Opens a scenario at once, as `lab run` does.
    pub fn open(&mut self, file: String, scenario: Arc<Scenario>, settings: Settings, stepped: bool) {
        self.picker.choose(&file);
        let mut lab = Lab::new(file, scenario, settings);
        lab.awaited = lab.is_question_open().then_some(stepped);
        self.enter(lab);
    }

    /// A scenario is in front of the class: its question first, if it is open and nothing was shown yet.
    fn enter(&mut self, lab: Lab) {
        let asks = lab.is_fresh() && lab.is_question_open();
        self.popup = asks.then_some(Popup::Question);
        self.lab = Some(lab);
    }

    /// Opens a saved run, as `lab replay` does. Its question is asked as before the run: who watches it has not seen it.
    ///
    /// # Errors
    /// If the trace cannot be told.
    pub fn replay(&mut self, trace: Trace) -> Result<(), Box<crate::story::StoryError>> {
        let show = Show::saved(trace)?;
        let scenario = Arc::clone(&show.story.scenario);
        let settings = show.story.settings();
        let mut lab = Lab::new(show.story.trace.head.file.clone(), scenario, settings);
        lab.family = show.story.plan.family;
        lab.show = Some(show);
        self.picker.choose(&lab.file);
        self.enter(lab);
        Ok(())
    }

    /// Takes in what has happened.
    pub fn update(&mut self, message: Message) -> Next {
        match message {
            Message::Key(key) => self.key(key),
            Message::Mouse(mouse) => self.pointer(mouse),
            Message::Paste(text) => {
                if self.place() == Place::Picker {
                    self.picker.type_text(&text);
                }
                Next::Draw
            }
            Message::Run(news) => self.hear(&news),
            Message::Tick => self.tick(),
            Message::Resize { .. } | Message::Resumed => Next::Draw,
            Message::Focus(_) | Message::Suspend => Next::Nothing,
            Message::Signal(_) | Message::Vanished => {
                self.stage.stop();
                Next::Quit
            }
        }
    }

    /// How long until the next tick is due, if something moves.
    #[must_use]
    pub fn wait(&self) -> Option<Duration> {
        let lab = self.lab.as_ref()?;
        let moves = match &lab.comparison {
            Some(comparison) => comparison.playing,
            None => lab.show.as_ref().is_some_and(Show::is_playing),
        };
        // Behind a popup nothing moves on unseen.
        let (_, percent) = SPEEDS[self.speed.min(SPEEDS.len() - 1)];
        (moves && self.popup.is_none()).then(|| BEAT * percent / 100)
    }

    /// Where keys go now.
    #[must_use]
    pub fn place(&self) -> Place {
        match (&self.popup, &self.lab) {
            (Some(Popup::Question), _) => Place::Question,
            (Some(Popup::Knobs), _) => Place::Knobs,
            (Some(Popup::Variants(_)), _) => Place::Variants,
            (Some(Popup::Text(Text::Journey, _)), _) => Place::Journey,
            (Some(Popup::Text(..)), _) => Place::Text,
            (None, None) => Place::Picker,
            (None, Some(lab)) if lab.comparison.is_some() => Place::Compare,
            (None, Some(lab)) if lab.hand.is_some() && lab.show.is_some() => Place::Hold,
            // A saved run is not played before its question is answered.
            (None, Some(lab)) if lab.show.is_some() && !(lab.is_fresh() && lab.is_question_open()) => Place::Show,
            (None, Some(_)) => Place::Intro,
        }
    }

    /// What has come of the runs is told, before it is drawn.
    pub fn settle(&mut self) {
        if let Some(lab) = &mut self.lab {
            lab.shows_mut().for_each(Show::settle);
        }
    }

    fn key(&mut self, key: Key) -> Next {
        self.notice = None;
        match keys::action(self.place(), key) {
            Some(action) => self.act(action),
            None => self.typed(key),
        }
    }

    fn tick(&mut self) -> Next {
        let Some(lab) = &mut self.lab else { return Next::Nothing };
        if lab.comparison.is_some() {
            if let Some(mut pair) = lab.pair() {
                pair.forwards();
                let over = pair.is_at_end();
                if let Some(comparison) = lab.comparison.as_mut().filter(|_| over) {
                    comparison.playing = false;
                }
            }
        } else if let Some(show) = &mut lab.show {
            show.play_on();
        }
        Next::Draw
    }
}

/// The ordinary speed is one of the speeds.
const _: () = assert!(ORDINARY < SPEEDS.len());
