//! The face that draws: one channel, one loop.
//!
//! Threads: the one that calls [`open`] owns the app and draws; one reads the terminal; one watches signals and whether
//! the terminal is still there; runs have their own. All they have in common is one channel of [`Message`]s. The loop
//! waits for a message, without end if the app waits for nothing; takes what else has come; and draws once, if anything
//! that can be seen has changed.

mod alarm;
pub mod app;
pub mod draw;
pub mod hits;
pub mod input;
pub mod keys;
pub mod log;
mod reader;
mod signals;
mod terminal;
pub mod theme;

use std::io;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use thiserror::Error;

use alarm::Alarm;
use app::App;
use input::{Ended, Message, Next};
use signals::Watch;
use terminal::Screen;

/// Why there is no screen, or not any more.
#[derive(Debug, Error)]
pub enum ScreenError {
    /// Standard input or output is no terminal, or one that can do nothing. Nothing was written to it.
    #[error("the screen needs a terminal on standard input and output")]
    NoTerminal,
    /// It cannot be taken over.
    #[error("take the terminal over: {0}")]
    Enter(io::Error),
    /// It cannot be written to.
    #[error("draw on the terminal: {0}")]
    Draw(io::Error),
    /// Signals cannot be caught.
    #[error("watch signals and the terminal: {0}")]
    Watch(io::Error),
    /// There can be no thread that reads it.
    #[error("read the terminal: {0}")]
    Read(io::Error),
}

/// Most messages that are taken in between two frames, so that a stream of them does not keep the screen from moving.
const BATCH: usize = 1024;

/// Shows the app until the user is done (`None`) or something ends the program. The terminal is given back in any case,
/// also if this panics. To be called once, at the end of the program: a thread that reads the terminal stays behind.
///
/// `sender` and `messages` are the two ends of the loop's channel; a run gets a clone of the sender.
///
/// # Errors
/// [`ScreenError::NoTerminal`] with nothing written; else what cannot be done with the terminal.
pub fn open(app: App, sender: Sender<Message>, messages: &Receiver<Message>) -> Result<Option<Ended>, ScreenError> {
    let outcome = show(app, sender, messages);
    terminal::tell_panics();
    match &outcome {
        Ok(ended) => tracing::info!(?ended, "screen closed"),
        Err(error) => tracing::error!(%error, "screen closed"),
    }
    outcome
}

fn show(app: App, sender: Sender<Message>, messages: &Receiver<Message>) -> Result<Option<Ended>, ScreenError> {
    terminal::check()?;
    let _watch = Watch::start(sender.clone()).map_err(ScreenError::Watch)?;
    let (go_on, goes_on) = mpsc::channel();
    let mut screen = Loop {
        app,
        go_on,
        messages,
        screen: Screen::open()?,
        alarm: Alarm::default(),
        began: Instant::now(),
        stopped: false,
        changed: false,
        faults: Faults::wanted(),
    };
    let (width, height) = terminal::size();
    tracing::info!(width, height, "screen opened");
    screen.paint()?;
    reader::start(sender, goes_on).map_err(ScreenError::Read)?;
    screen.run()
}

struct Loop<'m> {
    app: App,
    /// Says to the reader that a stop is over, or that there is none.
    go_on: Sender<()>,
    messages: &'m Receiver<Message>,
    screen: Screen,
    alarm: Alarm,
    began: Instant,
    /// The program is being stopped and has not been set going again: the terminal is somebody else's.
    stopped: bool,
    /// Something that can be seen has changed since the last frame.
    changed: bool,
    faults: Faults,
}

/// Whether the loop goes on after a message, or with what it ends.
enum Flow {
    On,
    End(Option<Ended>),
}

impl Loop<'_> {
    fn run(&mut self) -> Result<Option<Ended>, ScreenError> {
        match self.turns() {
            // Whatever failed, it failed because of that; the watcher may not have said so yet.
            Err(_) if terminal::is_gone() => Ok(Some(Ended::HungUp)),
            outcome => outcome,
        }
    }

    fn turns(&mut self) -> Result<Option<Ended>, ScreenError> {
        let messages = self.messages;
        loop {
            let first = match self.left() {
                None => self.messages.recv().map_err(|_| RecvTimeoutError::Disconnected),
                Some(left) => self.messages.recv_timeout(left),
            };
            let first = match first {
                Ok(message) => Some(message),
                Err(RecvTimeoutError::Timeout) => None,
                // Nobody can say anything any more; the watcher and the reader are gone.
                Err(RecvTimeoutError::Disconnected) => return Ok(Some(Ended::HungUp)),
            };
            let more = messages.try_iter().take(BATCH);
            for message in first.into_iter().chain(more) {
                if let Flow::End(ended) = self.take_in(message)? {
                    return Ok(ended);
                }
            }
            if self.left() == Some(Duration::ZERO) {
                self.alarm.again(self.began.elapsed());
                if let Flow::End(ended) = self.take_in(Message::Tick)? {
                    return Ok(ended);
                }
            }
            if self.changed && !self.stopped {
                self.paint()?;
            }
        }
    }

    /// What is left until the next tick.
    fn left(&mut self) -> Option<Duration> {
        let wait = self.app.wait().filter(|_| !self.stopped);
        self.alarm.left(self.began.elapsed(), wait)
    }

    fn take_in(&mut self, message: Message) -> Result<Flow, ScreenError> {
        self.faults.make(&message);
        let ends = match &message {
            Message::Signal(by) => Some(*by),
            Message::Vanished => Some(Ended::HungUp),
            _ => None,
        };
        let suspends = message == Message::Suspend;
        match message {
            Message::Resize { width, height } => {
                tracing::info!(width, height, "another size");
                self.screen.blank().map_err(ScreenError::Draw)?;
                self.changed = true;
            }
            Message::Resumed => {
                tracing::info!("resumed");
                self.screen.retake().map_err(ScreenError::Enter)?;
                (self.stopped, self.changed) = (false, true);
                self.let_read();
            }
            _ => {}
        }
        let next = self.app.update(message);
        if ends.is_some() || next == Next::Quit {
            return Ok(Flow::End(ends));
        }
        self.changed |= next == Next::Draw;
        if suspends {
            self.suspend()?;
        }
        Ok(Flow::On)
    }

    /// Stops the program. SIGCONT, which is caught, says when the terminal is the lab's again.
    fn suspend(&mut self) -> Result<(), ScreenError> {
        if self.stopped {
            return Ok(());
        }
        if signals::may_stop() {
            terminal::restore_all();
            self.stopped = signals::stop();
            if self.stopped {
                return Ok(());
            }
            self.screen.retake().map_err(ScreenError::Enter)?;
            self.changed = true;
        }
        self.let_read();
        Ok(())
    }

    fn let_read(&self) {
        // A reader that is gone has said so.
        let _ = self.go_on.send(());
    }

    fn paint(&mut self) -> Result<(), ScreenError> {
        self.app.settle();
        let hits = self.screen.draw(|frame| draw::draw(frame, &self.app));
        if let Some(hits) = hits.map_err(ScreenError::Draw)? {
            self.app.hits = hits;
        }
        self.changed = false;
        Ok(())
    }
}

/// Faults made on purpose, so that a test can see what becomes of the terminal: with LAB_TEST_FAULT set, the first key
/// has this thread panic (`ui`), another one (`worker`), or nothing move any more (`stuck`). Not in a release build.
struct Faults(Option<String>);

impl Faults {
    fn wanted() -> Self {
        Self(std::env::var("LAB_TEST_FAULT").ok().filter(|_| cfg!(debug_assertions)))
    }

    fn make(&mut self, message: &Message) {
        if !matches!(message, Message::Key(_)) {
            return;
        }
        match self.0.take().as_deref() {
            Some("ui") => panic!("a fault made on purpose"),
            Some("worker") => {
                let worker = std::thread::Builder::new().name("worker".to_owned());
                let worker = worker.spawn(|| panic!("a fault made on purpose"));
                // Waited for, so that what it does to the screen is done before the next frame.
                let _ = worker.map(std::thread::JoinHandle::join);
            }
            Some("stuck") => loop {
                std::thread::park();
            },
            _ => {}
        }
    }
}
