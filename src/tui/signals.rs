//! What comes from outside and not through the keyboard: signals, another size, a terminal that is gone.

use std::io::{self, PipeWriter, Read as _, Write as _};
use std::os::fd::AsFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::thread;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::retry_on_intr;
use rustix::process::{Signal, getpgrp, getsid, kill_current_process_group};
use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGWINCH};
use signal_hook::{flag, low_level::pipe};

use super::input::{Ended, Message};
use super::terminal;

/// Watches until it is dropped; from then on the signals do what they do by default.
#[derive(Debug)]
pub struct Watch {
    closed: Arc<AtomicBool>,
    wake: PipeWriter,
}

/// Longest time that the loop may take to end, in seconds. After that the terminal is given back without it: it may be
/// writing to a terminal that does not take anything.
const GRACE: i64 = 2;

/// The signals and what they are to the screen. What ends the program stands first, so that it is not kept from ending
/// by what it must not do in the background.
const SIGNALS: [(i32, fn() -> Message); 7] = [
    (SIGTERM, || Message::Signal(Ended::Terminated)),
    (SIGHUP, || Message::Signal(Ended::HungUp)),
    (SIGQUIT, || Message::Signal(Ended::Quit)),
    (SIGINT, || Message::Signal(Ended::Interrupted)),
    (SIGTSTP, || Message::Suspend),
    (SIGCONT, || Message::Resumed),
    (SIGWINCH, || {
        let (width, height) = terminal::size();
        Message::Resize { width, height }
    }),
];

impl Watch {
    /// Watches the signals and the terminal, and sends what happens.
    ///
    /// # Errors
    /// If a signal cannot be caught, or there can be no pipe or thread.
    pub fn start(sender: Sender<Message>) -> io::Result<Self> {
        let (mut woken, wake) = io::pipe()?;
        let closed = Arc::new(AtomicBool::new(false));
        let mut came = Vec::new();
        for (signal, message) in SIGNALS {
            let seen = Arc::new(AtomicBool::new(false));
            if ![SIGCONT, SIGWINCH].contains(&signal) {
                flag::register_conditional_default(signal, Arc::clone(&closed))?;
            }
            // Before the pipe: whoever is woken finds it set.
            flag::register(signal, Arc::clone(&seen))?;
            pipe::register(signal, wake.try_clone()?)?;
            came.push((seen, message));
        }
        let ends = Arc::clone(&closed);
        thread::Builder::new()
            .name("terminal watch".to_owned())
            .spawn(move || {
                let mut ended = None;
                while !ends.load(Ordering::SeqCst) {
                    match wait(&woken, ended.is_some()) {
                        Happened::Woken => {
                            // Only what woke it; how often it was woken says nothing.
                            let _ = woken.read(&mut [0; 512]);
                        }
                        Happened::Gone => {
                            tracing::info!("the terminal is gone");
                            ended = Some(Ended::HungUp);
                            let _ = sender.send(Message::Vanished);
                        }
                        Happened::Nothing => end(ended.unwrap_or(Ended::HungUp), &ends),
                    }
                    for (seen, message) in &came {
                        if seen.swap(false, Ordering::SeqCst) {
                            let message = message();
                            tracing::info!(?message, "signal");
                            if let Message::Signal(by) = message {
                                ended = ended.or(Some(by));
                            }
                            let _ = sender.send(message);
                        }
                    }
                }
            })?;
        Ok(Self { closed, wake })
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.closed.store(true, Ordering::SeqCst);
        // If the pipe is full it wakes the watcher anyway.
        let _ = self.wake.write(&[0]);
    }
}

/// Whether somebody could set the program going again after it was stopped.
///
/// In the group of the session's leader there is nobody who could set it going again: the program was started by the
/// terminal itself, and not from a shell. There the kernel passes over SIGTSTP (setpgid(2), orphaned process groups),
/// and so does the screen.
pub fn may_stop() -> bool {
    let may = getsid(None).is_ok_and(|session| session != getpgrp());
    if !may {
        tracing::info!("not suspended: there is no shell that could resume it");
    }
    may
}

/// Stops the program and everything that was started together with it, as Ctrl-Z does, until SIGCONT. Returns whether
/// it is going to be stopped. SIGSTOP and not SIGTSTP, because that one is caught here.
pub fn stop() -> bool {
    tracing::info!("suspended");
    kill_current_process_group(Signal::STOP)
        .inspect_err(|error| tracing::error!(%error, "cannot stop"))
        .is_ok()
}

enum Happened {
    Woken,
    Gone,
    Nothing,
}

/// Waits for a signal or for the end of the terminal; for not longer than the grace if there is one.
fn wait(woken: &impl AsFd, ending: bool) -> Happened {
    let stdin = io::stdin();
    let grace = ending.then_some(Timespec {
        tv_sec: GRACE,
        tv_nsec: 0,
    });
    // Without flags poll(2) tells of POLLHUP and POLLERR only. Once is enough.
    let mut fds = [
        PollFd::new(woken, PollFlags::IN),
        PollFd::new(&stdin, PollFlags::empty()),
    ];
    let watched = if ending { &mut fds[..1] } else { &mut fds[..] };
    match retry_on_intr(|| poll(watched, grace.as_ref())) {
        Ok(0) => Happened::Nothing,
        Ok(_) if !fds[0].revents().is_empty() => Happened::Woken,
        // Who cannot ask any more knows as little as one whose terminal is gone.
        Ok(_) | Err(_) => Happened::Gone,
    }
}

/// Ends the process, because the loop did not.
fn end(by: Ended, closed: &AtomicBool) {
    if !closed.load(Ordering::SeqCst) {
        tracing::error!("the screen did not end in {GRACE} s");
        terminal::restore_all();
        std::process::exit(by.code().into());
    }
}
