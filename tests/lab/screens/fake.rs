use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use lab::scenario::Settings;
use lab::trace::{Event, Head, Trace, What};
use lab::tui::app::App;
use lab::tui::app::stage::{Grip, News, NoGrip, Refusal, RunNews, Stage, Wanted};
use lab::tui::input::Message;

use super::saved;

/// A stage whose runs are saved ones, found by the scenario's text and the knobs. Their news come when the test says so.
#[derive(Clone, Default)]
pub struct Fake(Rc<RefCell<Asked>>);

/// What a fake stage has, and what was asked of it.
#[derive(Default)]
struct Asked {
    runs: Vec<Trace>,
    started: HashMap<u64, usize>,
    /// Everything that was asked, in order.
    log: Vec<String>,
    /// What it says to whoever would hold the wire.
    refuses: Option<NoGrip>,
}

impl Fake {
    /// A stage on which these saved runs can be made.
    pub fn with(names: &[&str]) -> Self {
        Self::of(names.iter().map(|name| saved(name)).collect())
    }

    /// A stage on which these runs can be made.
    pub fn of(runs: Vec<Trace>) -> Self {
        let asked = Asked {
            runs,
            ..Asked::default()
        };
        Self(Rc::new(RefCell::new(asked)))
    }

    /// What was asked of it since the last time somebody looked.
    pub fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.0.borrow_mut().log)
    }

    /// From now on nothing can be done to its wire.
    pub fn refuse(&self, why: NoGrip) {
        self.0.borrow_mut().refuses = Some(why);
    }

    /// The number of the last run that was started.
    pub fn last(&self) -> Option<u64> {
        self.0.borrow().started.keys().max().copied()
    }

    /// The trace of a run that was started.
    pub fn trace(&self, run: u64) -> Trace {
        let asked = self.0.borrow();
        asked.runs[asked.started[&run]].clone()
    }

    /// All news of a run, events in the order of time.
    pub fn news(&self, run: u64) -> Vec<News> {
        let trace = self.trace(run);
        let events = trace.events.into_iter().map(News::Event);
        events.chain([News::Ended(trace.ending)]).collect()
    }

    /// The app hears all of a run.
    pub fn finish(&self, app: &mut App, run: u64) {
        for news in self.news(run) {
            tell(app, run, news);
        }
        app.settle();
    }
}

/// The app hears something of a run.
pub fn tell(app: &mut App, run: u64, news: News) {
    app.update(Message::Run(RunNews { run, news }));
}

impl Stage for Fake {
    fn start(&mut self, run: u64, wanted: &Wanted<'_>) -> Result<Head, Refusal> {
        let mut asked = self.0.borrow_mut();
        let knobs = knobs(wanted.settings);
        let stepped = if wanted.stepped { " stepped" } else { "" };
        asked.log.push(format!("start {run}{stepped}"));
        let found = asked.runs.iter().position(|trace| {
            trace.head.file == wanted.file
                && trace
                    .head
                    .knobs
                    .iter()
                    .eq(knobs.iter().map(|(name, value)| (name, value)))
        });
        let found = found.ok_or_else(|| Refusal::because(|_| format!("no saved run has {knobs:?}")))?;
        asked.started.insert(run, found);
        Ok(asked.runs[found].head.clone())
    }

    fn next_step(&mut self) {
        self.0.borrow_mut().log.push("next step".to_owned());
    }

    fn all_steps(&mut self) {
        self.0.borrow_mut().log.push("all steps".to_owned());
    }

    fn grip(&mut self, end: usize, grip: Grip) -> Result<(), NoGrip> {
        let mut asked = self.0.borrow_mut();
        asked.log.push(format!("{grip:?} {end}"));
        asked.refuses.map_or(Ok(()), Err)
    }

    fn stop(&mut self) {
        self.0.borrow_mut().log.push("stop".to_owned());
    }
}

fn knobs(settings: &Settings) -> Vec<(String, String)> {
    let pairs = settings
        .iter()
        .map(|(name, value)| (name.to_owned(), value.to_string()));
    let mut pairs: Vec<_> = pairs.collect();
    pairs.sort();
    pairs
}

/// Whether an event is a stamp, which is read from the kernel some time after it was made.
fn is_stamp(event: &Event) -> bool {
    matches!(event.what, What::Left { .. } | What::Acknowledged { .. })
}

/// The events as a recorder might have noticed them: each stamp later by at most as many events as `late` says, going
/// round. Sorted by time, with events of one time left in order, they are what they were.
pub fn late(events: &[Event], late: &[usize]) -> Vec<Event> {
    let mut noticed = events.to_vec();
    let mut waits = late.iter().cycle();
    for index in (0..events.len()).rev() {
        if !is_stamp(&noticed[index]) {
            continue;
        }
        let wait = *waits.next().unwrap_or(&0);
        for at in index..index + wait {
            // Two events of one time stay in their order, and so do two stamps of one endpoint.
            let Some(next) = noticed.get(at + 1) else { break };
            let stamps = is_stamp(next) && next.endpoint == noticed[at].endpoint;
            if next.at == noticed[at].at || stamps {
                break;
            }
            noticed.swap(at, at + 1);
        }
    }
    noticed
}

#[test]
fn late_stamps_sorted_by_time_are_the_run() {
    let mut moved = 0;
    for name in super::TRACES {
        let events = saved(name).events;
        for delays in [&[0_usize][..], &[1], &[3, 0, 7], &[99]] {
            let mut noticed = late(&events, delays);
            moved += usize::from(noticed != events);
            noticed.sort_by_key(|event| event.at);
            assert_eq!(noticed, events, "{name}");
        }
    }
    assert!(moved > 15, "{moved}: hardly anything came late");
}
