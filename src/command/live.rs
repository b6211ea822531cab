//! Runs for the screen: each on a thread of its own, its events sent into the screen's channel as they happen.

use std::io::{self, PipeReader, Write};
use std::os::fd::AsFd;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::thread::{self, JoinHandle};

use super::output::Output;
use super::{capture, no_wire, open, run, target, why};
use crate::cli::RunArgs;
use crate::report::Look;
use crate::runner::capture::Capture;
use crate::runner::{self, Control, Hand, RunError, Steps};
use crate::scenario::{Family, Plan, Text};
use crate::story::Story;
use crate::trace::{Ending, Head, Trace};
use crate::tui::app::stage::{Grip, News, NoGrip, Refusal, RunNews, Stage, Wanted};
use crate::tui::input::Message;
use crate::wire::WireError;
use crate::words::{Lang, errors};

/// Makes runs, one at a time.
pub struct Live {
    screen: Sender<Message>,
    ipv6: bool,
    look: Look,
    /// Where each run of the scenario that was named is written, over the one before.
    save: Option<Save>,
    now: Option<Now>,
}

/// What is to be saved.
struct Save {
    targets: Targets,
    /// The name of the scenario's file: others may be run from the list.
    file: String,
}

/// The files that a run is written to.
#[derive(Clone, Default)]
struct Targets {
    run: Option<PathBuf>,
    pcapng: Option<PathBuf>,
}

/// The run that goes on.
struct Now {
    steps: Option<Arc<Steps>>,
    hand: Arc<Hand>,
    /// A byte in it ends the run.
    interrupt: io::PipeWriter,
    thread: JoinHandle<()>,
}

impl Live {
    /// Runs that are told to the screen; `args` as `lab run` has them.
    pub fn new(screen: Sender<Message>, args: Option<&RunArgs>, output: &Output) -> Self {
        Self {
            screen,
            ipv6: args.is_some_and(|args| args.ipv6),
            look: *output.look(),
            save: args.and_then(|args| {
                Some(Save {
                    targets: Targets {
                        run: args.save.clone(),
                        pcapng: args.pcapng.clone(),
                    },
                    file: open::name(&args.scenario)?,
                })
            }),
            now: None,
        }
    }

    fn begin(&mut self, number: u64, plan: Plan, head: Head, wanted: &Wanted<'_>) -> io::Result<()> {
        let (interrupted, interrupt) = io::pipe()?;
        let steps = wanted.stepped.then(|| Arc::new(Steps::new()));
        let hand = Arc::new(Hand::new());
        let run = Run {
            hand: Arc::clone(&hand),
            number,
            plan,
            head,
            steps: steps.clone(),
            interrupted,
            screen: self.screen.clone(),
            targets: self.targets(wanted),
            look: self.look,
        };
        let thread = thread::Builder::new().name("run".to_owned()).spawn(|| run.tell_all())?;
        self.now = Some(Now {
            steps,
            hand,
            interrupt,
            thread,
        });
        Ok(())
    }

    /// Where a run is saved. One that is made beside another, or of another scenario, is not the one that was asked for.
    fn targets(&self, wanted: &Wanted<'_>) -> Targets {
        let save = self.save.as_ref();
        let save = save.filter(|save| !wanted.beside && wanted.file == save.file);
        save.map(|save| save.targets.clone()).unwrap_or_default()
    }
}

/// One run, on the thread that makes it.
struct Run {
    number: u64,
    plan: Plan,
    head: Head,
    steps: Option<Arc<Steps>>,
    hand: Arc<Hand>,
    /// Becomes readable when the run is to end.
    interrupted: PipeReader,
    screen: Sender<Message>,
    targets: Targets,
    look: Look,
}

impl Run {
    /// Makes the run and tells the screen of it; whatever happens, the last news are its end.
    fn tell_all(self) {
        let (number, screen) = (self.number, self.screen.clone());
        let made = catch_unwind(AssertUnwindSafe(|| self.make()));
        let last = match made {
            Ok(Ok(ending)) => News::Ended(ending),
            Ok(Err(error)) => News::Broke(refusal(&error)),
            Err(_) => News::Ended(Ending::Broken {
                error: "the run's thread panicked".to_owned(),
            }),
        };
        match &last {
            News::Ended(ending) => tracing::info!(run = number, ?ending, "run ended"),
            other => tracing::error!(run = number, ?other, "run did not begin"),
        }
        tell(&screen, number, last);
    }

    /// Makes the run, passing on its events as they come, and saves it.
    fn make(self) -> Result<Ending, RunError> {
        let capture = self.capture();
        let (feed, events) = channel();
        let outcome = thread::scope(|scope| {
            // Until the run has dropped its end of the channel, so before the run's end is told.
            scope.spawn(|| {
                for news in events {
                    let news = match news {
                        runner::News::Event(event) => News::Event(event),
                        runner::News::Waiting { step } => News::Waiting(step),
                    };
                    tell(&self.screen, self.number, news);
                }
            });
            fault();
            let control = Control {
                interrupt: Some(self.interrupted.as_fd()),
                feed: Some(feed),
                program: None,
                capture: capture.clone(),
                steps: self.steps.clone(),
                hand: Some(Arc::clone(&self.hand)),
            };
            runner::run(&self.plan, &control)
        })?;
        let ending = outcome.ending.clone();
        let trace = Trace {
            head: self.head.clone(),
            events: outcome.events,
            ending: outcome.ending,
        };
        if let Some(path) = &self.targets.run {
            self.told(path, target::write(&trace, path));
        }
        if let (Some(path), Some(capture)) = (&self.targets.pcapng, capture) {
            let story = Story::tell(trace).map_err(|error| io::Error::other(error.told(self.look.lang)));
            let written = story.and_then(|story| capture::write(&capture, &story, &self.look, path));
            self.told(path, written);
        }
        Ok(ending)
    }

    /// Keeps the packets, if they are wanted and there is a wire.
    fn capture(&self) -> Option<Arc<Capture>> {
        let path = self.targets.pcapng.as_ref().filter(|_| self.plan.wire.is_some())?;
        let made = capture::spool();
        made.map_err(|error| self.told(path, Err(error))).ok()
    }

    /// Tells the screen if a file was not written.
    fn told(&self, path: &Path, written: io::Result<()>) {
        if let Err(error) = written {
            let file = path.display().to_string();
            let told = |lang| errors::of(lang, &file, &open::why_unwritable(&error, lang));
            tell(&self.screen, self.number, News::NotSaved(Text::of(told)));
        }
    }
}

/// Why there is no run, and what to do.
fn refusal(error: &RunError) -> Refusal {
    let RunError::Wire(error) = error else {
        return Refusal::because(|lang| why::run(error, lang));
    };
    let both = |say: fn(&WireError, Lang) -> String| Text::of(|lang| say(error, lang));
    Refusal {
        why: both(no_wire::there_is_none),
        help: Some(both(no_wire::remedy)),
    }
}

/// Says something to the screen; if it is closed nobody need know.
fn tell(screen: &Sender<Message>, run: u64, news: News) {
    let _ = screen.send(Message::Run(RunNews { run, news }));
}

/// A fault made on purpose, so that a test can see what becomes of the screen: with LAB_TEST_FAULT=run the thread that
/// makes the run panics. Not in a release build.
fn fault() {
    let wanted = cfg!(debug_assertions) && std::env::var_os("LAB_TEST_FAULT").is_some_and(|fault| fault == "run");
    assert!(!wanted, "a fault made on purpose");
}

impl Stage for Live {
    fn start(&mut self, run: u64, wanted: &Wanted<'_>) -> Result<Head, Refusal> {
        self.stop();
        let mut plan = Plan::new(wanted.scenario, wanted.settings);
        // Others can be picked from the list than the one that was named.
        let moved = self.ipv6 && plan.wire.is_none() && !open::is_other_family(wanted.scenario);
        plan.family = if moved { Family::Ipv6 } else { wanted.family };
        let head = run::head(wanted.file, wanted.scenario, wanted.settings, &plan, wanted.stepped);
        let (scenario, stepped) = (&wanted.scenario.id, wanted.stepped);
        tracing::info!(run, ?scenario, stepped, "run begins");
        let begun = self.begin(run, plan, head.clone(), wanted);
        begun
            .map(|()| head)
            .map_err(|error| Refusal::because(|lang| why::doing("start the run", &error, lang)))
    }

    fn next_step(&mut self) {
        if let Some(steps) = self.now.as_ref().and_then(|now| now.steps.as_ref()) {
            steps.allow_next();
        }
    }

    fn all_steps(&mut self) {
        if let Some(steps) = self.now.as_ref().and_then(|now| now.steps.as_ref()) {
            steps.allow_all();
        }
    }

    fn grip(&mut self, end: usize, grip: Grip) -> Result<(), NoGrip> {
        let now = self.now.as_ref().ok_or(NoGrip::Over)?;
        now.hand.act(end, grip)
    }

    fn stop(&mut self) {
        let Some(mut now) = self.now.take() else { return };
        // If nobody reads it any more the run is over already.
        let _ = now.interrupt.write_all(&[0]);
        let _ = now.thread.join();
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        self.stop();
    }
}
