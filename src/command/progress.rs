//! How far a long transfer is: a bar on standard error, on a terminal only, gone before the run is told.

use std::io::IsTerminal;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{self, JoinHandle};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::runner::News;
use crate::scenario::Plan;
use crate::scenario::plan::Task;
use crate::trace::{Call, EndpointId, Event, Note, What};
use crate::words::{Lang, commands as words};

/// Watches a run and draws how far it is.
pub struct Progress {
    feed: Sender<News>,
    draws: JoinHandle<()>,
}

/// Shorter ones are there before anybody has read a bar, in bytes.
const LEAST: u64 = 16 << 20;

impl Progress {
    /// A bar, if this run may be a long one and somebody can see it.
    pub fn of(plan: &Plan, lang: Lang) -> Option<Self> {
        let moves = |task: &Task| matches!(task, Task::Run(program) if program.keeps_files());
        if !std::io::stderr().is_terminal() || !plan.steps.iter().any(|step| moves(&step.task)) {
            return None;
        }
        let (feed, news) = channel();
        let draws = thread::Builder::new().name("progress".to_owned());
        // Without a thread there is no bar; the run is none the worse.
        let draws = draws.spawn(move || draw(&news, lang)).ok()?;
        Some(Self { feed, draws })
    }

    /// Where the run tells its news.
    pub fn feed(&self) -> Sender<News> {
        self.feed.clone()
    }

    /// Takes the bar away.
    pub fn clear(self) {
        drop(self.feed);
        let _ = self.draws.join();
    }
}

/// Draws until the run has told everything.
fn draw(news: &Receiver<News>, lang: Lang) {
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
    let style =
        ProgressStyle::with_template("{msg}  {bar:30} {binary_bytes}/{binary_total_bytes}  {binary_bytes_per_sec}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    let mut transfer = Transfer::default();
    for news in news {
        let News::Event(event) = news else { continue };
        let Some((what, done, of)) = transfer.follow(&event) else {
            continue;
        };
        if of < LEAST {
            continue;
        }
        if bar.is_hidden() {
            bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        bar.set_length(of);
        bar.set_message(match what {
            Phase::Hashing => words::hashing(lang),
            Phase::Receiving => words::receiving(lang),
        });
        bar.set_position(done);
    }
    bar.finish_and_clear();
}

/// What takes so long.
#[derive(Clone, Copy)]
enum Phase {
    Hashing,
    Receiving,
}

/// How much of the body has come, worked out from the events.
#[derive(Default)]
struct Transfer {
    /// Who reads, how much has come, and how much is to come.
    body: Option<(EndpointId, u64, u64)>,
}

impl Transfer {
    fn follow(&mut self, event: &Event) -> Option<(Phase, u64, u64)> {
        match &event.what {
            What::Note {
                note: Note::Hashing { done, of },
            } => return Some((Phase::Hashing, *done, *of)),
            What::Header { length, json: Some(_) } => self.body = Some((event.endpoint, 0, *length)),
            What::Recv { returned: bytes, .. }
            | What::Calls {
                call: Call::Recv,
                bytes,
                ..
            } => {
                let (reader, done, _) = self.body.as_mut()?;
                if *reader == event.endpoint {
                    *done += bytes;
                }
            }
            _ => return None,
        }
        let (_, done, of) = self.body?;
        Some((Phase::Receiving, done, of))
    }
}
