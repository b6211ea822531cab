//! One program, run to its end: both its streams are read as it prints, and neither it nor its output can go on for ever.

use std::io::{self, Read};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, Signal, kill_process_group};

use super::find;
use crate::endpoint::{Stopped, nap};
use crate::scenario::program::commands::FOLDERS;

/// What a program printed, and how it ended.
#[derive(Debug, PartialEq, Eq)]
pub struct Printed {
    /// On standard output.
    pub out: Vec<u8>,
    /// On standard error.
    pub err: Vec<u8>,
    /// What it returned; 128 and the signal's number if a signal ended it, as a shell says it.
    pub status: i32,
    /// Why it was killed, if it was.
    pub killed: Option<Excess>,
}

/// Why a program was killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Excess {
    /// It took longer than it may.
    Time,
    /// It printed more than it may.
    Output,
}

/// How much a program may take.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Bytes on each of its streams.
    pub limit: u64,
    /// From its start to its end.
    pub deadline: Duration,
}

/// Why nothing is known of a program's end.
#[derive(Debug)]
pub enum ChildError {
    /// The run is over; the program is, too.
    Stopped(Stopped),
    /// It could not be started, or not be read from.
    Failed(io::Error),
}

/// Runs a program in a folder, with nothing on standard input and next to nothing in its environment.
pub fn run(words: &[String], folder: &Path, bounds: Bounds, stop: BorrowedFd<'_>) -> Result<Printed, ChildError> {
    let mut running = Running(start(words, folder).map_err(ChildError::Failed)?);
    let ends = Instant::now() + bounds.deadline;
    let mut streams = Streams {
        out: Stream::of(running.0.stdout.take()),
        err: Stream::of(running.0.stderr.take()),
        limit: bounds.limit,
    };
    let mut killed = streams.read_to_end(ends, stop)?;
    if killed.is_none() && !running.ends_by(ends, stop)? {
        killed = Some(Excess::Time);
    }
    let status = if killed.is_some() {
        running.kill()
    } else {
        running.0.wait()
    };
    Ok(Printed {
        out: streams.out.bytes,
        err: streams.err.bytes,
        status: status_of(status.map_err(ChildError::Failed)?),
        killed,
    })
}

fn start(words: &[String], folder: &Path) -> io::Result<Child> {
    let program = words.first().map_or("", String::as_str);
    let path = find(program).ok_or(io::ErrorKind::NotFound)?;
    let mut command = Command::new(path);
    crate::sys::process::live_apart(&mut command);
    command
        // It speaks of itself by this name.
        .arg0(program)
        .args(words.iter().skip(1))
        .env_clear()
        .env("LC_ALL", "C")
        .env("PATH", FOLDERS.join(":"))
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
}

fn status_of(status: ExitStatus) -> i32 {
    status
        .code()
        .or(status.signal().map(|signal| 128 + signal))
        .unwrap_or(-1)
}

/// A program that runs. However its end is not waited for, it does not outlive this.
struct Running(Child);

impl Running {
    /// Whether it has ended when the time is over. It may close its streams and go on.
    fn ends_by(&mut self, ends: Instant, stop: BorrowedFd<'_>) -> Result<bool, ChildError> {
        let mut looks = 0;
        while self.0.try_wait().map_err(ChildError::Failed)?.is_none() {
            if Instant::now() >= ends {
                return Ok(false);
            }
            nap(stop, looks).map_err(ChildError::Stopped)?;
            looks += 1;
        }
        Ok(true)
    }

    fn kill(&mut self) -> io::Result<ExitStatus> {
        // It leads a group of its own, with whatever it has started; it may have ended this very moment.
        let group = i32::try_from(self.0.id()).ok().and_then(Pid::from_raw);
        let _ = group.map(|group| kill_process_group(group, Signal::KILL));
        let _ = self.0.kill();
        self.0.wait()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if !matches!(self.0.try_wait(), Ok(Some(_))) {
            // Nobody is left who could be told.
            let _ = self.kill();
        }
    }
}

/// One stream of a program, and what has come of it.
struct Stream<R> {
    /// Nothing once it has ended.
    from: Option<R>,
    bytes: Vec<u8>,
}

/// Both streams.
struct Streams<O, E> {
    out: Stream<O>,
    err: Stream<E>,
    limit: u64,
}

impl<O: Read + AsFd, E: Read + AsFd> Streams<O, E> {
    /// Reads both until both have ended, whichever has something. A program that fills one pipe while its reader waits at
    /// the other would never end.
    fn read_to_end(&mut self, ends: Instant, stop: BorrowedFd<'_>) -> Result<Option<Excess>, ChildError> {
        while self.out.from.is_some() || self.err.from.is_some() {
            let Some(left) = ends
                .checked_duration_since(Instant::now())
                .filter(|left| !left.is_zero())
            else {
                return Ok(Some(Excess::Time));
            };
            let [out, err] = self.wait(left, stop)?;
            let read = |error| ChildError::Failed(error);
            let fits = (!out || self.out.read(self.limit).map_err(read)?)
                && (!err || self.err.read(self.limit).map_err(read)?);
            if !fits {
                return Ok(Some(Excess::Output));
            }
        }
        Ok(None)
    }

    /// Waits until one of them can be read; which can.
    fn wait(&self, left: Duration, stop: BorrowedFd<'_>) -> Result<[bool; 2], ChildError> {
        let ends = [self.out.fd(), self.err.fd()];
        let mut fds = vec![PollFd::from_borrowed_fd(stop, PollFlags::IN)];
        fds.extend(
            ends.into_iter()
                .flatten()
                .map(|fd| PollFd::from_borrowed_fd(fd, PollFlags::IN)),
        );
        match poll(&mut fds, Timespec::try_from(left).ok().as_ref()) {
            Err(rustix::io::Errno::INTR) => return Ok([false; 2]),
            polled => polled.map_err(|error| ChildError::Failed(error.into()))?,
        };
        let mut ready = fds.iter().map(|fd| !fd.revents().is_empty());
        if ready.next() == Some(true) {
            return Err(ChildError::Stopped(Stopped));
        }
        Ok(ends.map(|end| end.is_some() && ready.next() == Some(true)))
    }
}

impl<R: Read + AsFd> Stream<R> {
    fn of(from: Option<R>) -> Self {
        let bytes = Vec::new();
        Self { from, bytes }
    }

    fn fd(&self) -> Option<BorrowedFd<'_>> {
        self.from.as_ref().map(AsFd::as_fd)
    }

    /// Reads what is there; whether it is no more than may be kept.
    fn read(&mut self, limit: u64) -> io::Result<bool> {
        let Some(from) = &mut self.from else { return Ok(true) };
        let mut piece = [0; PIECE];
        let got = match from.read(&mut piece) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => return Ok(true),
            got => got?,
        };
        if got == 0 {
            self.from = None;
        }
        let room = usize::try_from(limit).unwrap_or(usize::MAX) - self.bytes.len();
        self.bytes.extend_from_slice(&piece[..got.min(room)]);
        Ok(got <= room)
    }
}

/// Bytes that are read at once.
const PIECE: usize = 8192;

#[cfg(test)]
mod tests;
