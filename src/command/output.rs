//! Where text goes: a terminal with colour, or a pipe without.

use std::io::{self, IsTerminal, Write};
use std::os::fd::BorrowedFd;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::retry_on_intr;
use serde::Serialize;

use super::{Exit, Failure};
use crate::cli::{Args, ColorWish};
use crate::config::Glyphs;
use crate::report::Look;
use crate::report::line::{Line, tame};
use crate::report::text::Passage;
use crate::words::{Lang, visible};

/// Width of text that goes into a pipe, in cells: what every terminal can show.
const PIPE_WIDTH: usize = 80;

/// Standard output, and how text on it is to look.
#[derive(Debug)]
pub struct Output {
    look: Look,
    color: bool,
    terminal: bool,
}

impl Output {
    /// Decides from the arguments, the configured glyphs and the environment.
    pub fn new(args: &Args, glyphs: Option<Glyphs>) -> Self {
        let ascii = args.ascii || glyphs == Some(Glyphs::Ascii);
        let terminal = io::stdout().is_terminal();
        let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        let color = match args.color {
            ColorWish::Always => true,
            ColorWish::Never => false,
            ColorWish::Auto => terminal && !set("NO_COLOR") && !dumb,
        };
        let width = terminal_size::terminal_size()
            .filter(|_| terminal)
            .map(|(width, _)| usize::from(width.0));
        // A terminal that says 0 columns does not know. In a pipe, COLUMNS is a wish.
        let wished = || std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
        let width = width.or_else(wished).filter(|width| *width > 0).unwrap_or(PIPE_WIDTH);
        Self {
            look: Look::new(args.lang, ascii, width),
            color,
            terminal,
        }
    }

    /// The language.
    pub fn lang(&self) -> Lang {
        self.look.lang
    }

    /// How text is to look.
    pub fn look(&self) -> &Look {
        &self.look
    }

    /// Whether there is colour.
    pub fn color(&self) -> bool {
        self.color
    }

    /// Whether standard output is a terminal.
    pub fn is_terminal(&self) -> bool {
        self.terminal
    }

    /// Prints lines, at least `pace` apart. Ends early, without complaint, when nobody reads any more, and when
    /// `interrupt` becomes readable while it waits.
    pub fn lines(&self, lines: &[Line], pace: Duration, interrupt: Option<BorrowedFd<'_>>) -> Result<Printed, Failure> {
        let mut out = io::BufWriter::new(io::stdout().lock());
        for (index, line) in lines.iter().enumerate() {
            if index > 0 && !pace.is_zero() && wait(pace, interrupt) {
                return Ok(Printed::Interrupted);
            }
            let text = if self.color { line.colored() } else { line.plain() };
            let mut written = writeln!(out, "{}", text.trim_end());
            if !pace.is_zero() {
                written = written.and_then(|()| out.flush());
            }
            if let Some(end) = self.ended(written)? {
                return Ok(end);
            }
        }
        let flushed = out.flush();
        Ok(self.ended(flushed)?.unwrap_or(Printed::All))
    }

    /// Prints passages one after the other, with their pauses before them.
    pub fn passages(
        &self,
        passages: &[Passage],
        pace: Duration,
        interrupt: Option<BorrowedFd<'_>>,
    ) -> Result<Printed, Failure> {
        for passage in passages {
            let pause = pace.saturating_mul(passage.pauses);
            if !pause.is_zero() && wait(pause, interrupt) {
                return Ok(Printed::Interrupted);
            }
            match self.lines(&passage.lines, Duration::ZERO, None)? {
                Printed::All => {}
                end => return Ok(end),
            }
        }
        Ok(Printed::All)
    }

    /// Prints bytes.
    pub fn raw(&self, bytes: &[u8]) -> Result<Exit, Failure> {
        let mut out = io::stdout().lock();
        let written = out.write_all(bytes).and_then(|()| out.flush());
        self.ended(written)?;
        Ok(Exit::Held)
    }

    /// Prints JSON for people's eyes and for programs.
    pub fn json(&self, value: &impl Serialize) -> Result<Exit, Failure> {
        let text = serde_json::to_string_pretty(value).unwrap_or_default();
        self.raw(visible::json(text + "\n").as_bytes())
    }

    /// Says on standard error what went wrong.
    pub fn complain(&self, failure: &Failure) {
        failure.print(self);
    }

    /// Says on standard error what does not keep the lab from going on.
    pub fn warn(text: &str) {
        // If standard error is gone there is nobody left to tell.
        let _ = writeln!(io::stderr().lock(), "{}", tame(text.to_owned()));
    }

    /// A closed pipe is a quiet end; everything else is an error.
    fn ended(&self, written: io::Result<()>) -> Result<Option<Printed>, Failure> {
        match written {
            Ok(()) => Ok(None),
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(Some(Printed::NobodyReads)),
            Err(error) => Err(Failure::printing(&error, self)),
        }
    }
}

/// How far printing came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Printed {
    /// To the end.
    All,
    /// Until the reader closed the pipe.
    NobodyReads,
    /// Until Ctrl-C.
    Interrupted,
}

/// Waits for the pace of a recording; `true` if interrupted meanwhile.
fn wait(pace: Duration, interrupt: Option<BorrowedFd<'_>>) -> bool {
    let Ok(timeout) = Timespec::try_from(pace) else {
        return false;
    };
    let mut fds: Vec<PollFd<'_>> = interrupt
        .into_iter()
        .map(|fd| PollFd::from_borrowed_fd(fd, PollFlags::IN))
        .collect();
    // A signal interrupts poll(2) too. By then it has made the pipe readable, so the second look sees it.
    retry_on_intr(|| poll(&mut fds, Some(&timeout))).is_ok_and(|ready| ready > 0)
}
