//! Runs for the screen: each on a thread of its own, its events sent into the screen's channel as they happen.

use std::io::{self, Write};
use std::os::fd::AsFd;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::thread::{self, JoinHandle};

use super::run;
use crate::cli::RunArgs;
use crate::runner::{self, Control, Steps};
use crate::scenario::{Family, Plan};
use crate::trace::{Ending, Head, Trace};
use crate::tui::app::stage::{News, RunNews, Stage, Wanted};
use crate::tui::input::Message;

/// Makes runs, one at a time.
pub struct Live {
    screen: Sender<Message>,
    ipv6: bool,
    /// Where each run that is over is written, over the one before.
    save: Option<PathBuf>,
    now: Option<Now>,
}

/// The run that goes on.
struct Now {
    steps: Option<Arc<Steps>>,
    /// A byte in it ends the run.
    interrupt: io::PipeWriter,
    thread: JoinHandle<()>,
}

impl Live {
    /// Runs that are told to the screen; `args` as `lab run` has them.
    pub fn new(screen: Sender<Message>, args: Option<&RunArgs>) -> Self {
        Self {
            screen,
            ipv6: args.is_some_and(|args| args.ipv6),
            save: args.and_then(|args| args.save.clone()),
            now: None,
        }
    }

    fn begin(&mut self, run: u64, plan: Plan, head: Head, stepped: bool) -> io::Result<()> {
        let (reader, interrupt) = io::pipe()?;
        let steps = stepped.then(|| Arc::new(Steps::new()));
        let given = steps.clone();
        let (screen, save) = (self.screen.clone(), self.save.clone());
        let thread = thread::Builder::new().name("run".to_owned()).spawn(move || {
            let tell = |news: News| drop(screen.send(Message::Run(RunNews { run, news })));
            let (feed, events) = channel();
            // It passes the events on until the run has dropped its end of the channel.
            let passed = thread::scope(|scope| {
                let passing = scope.spawn(|| {
                    for news in events {
                        tell(match news {
                            runner::News::Event(event) => News::Event(event),
                            runner::News::Waiting { step } => News::Waiting(step),
                        });
                    }
                });
                let control = Control {
                    interrupt: Some(reader.as_fd()),
                    feed: Some(feed),
                    steps: given,
                };
                let outcome = runner::run(&plan, &control);
                drop(control);
                // Whether it panicked or not, it has told what there was.
                let _ = passing.join();
                outcome
            });
            match passed {
                Ok(outcome) => {
                    let ending = outcome.ending.clone();
                    if let Some(path) = save.filter(|_| ending != Ending::Interrupted) {
                        let trace = Trace {
                            head,
                            events: outcome.events,
                            ending: outcome.ending,
                        };
                        if let Err(error) = run::write(&trace, &path) {
                            tell(News::NotSaved(format!("{}: {error}", path.display())));
                        }
                    }
                    tell(News::Ended(ending));
                }
                Err(error) => tell(News::Broke(error.to_string())),
            }
        })?;
        self.now = Some(Now {
            steps,
            interrupt,
            thread,
        });
        Ok(())
    }
}

impl Stage for Live {
    fn start(&mut self, run: u64, wanted: &Wanted<'_>) -> Result<Head, String> {
        self.stop();
        let mut plan = Plan::new(wanted.scenario, wanted.settings);
        if self.ipv6 {
            plan.family = Family::Ipv6;
        }
        let head = run::head(wanted.file, wanted.scenario, wanted.settings, &plan, wanted.stepped);
        let begun = self.begin(run, plan, head.clone(), wanted.stepped);
        begun.map(|()| head).map_err(|error| error.to_string())
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
