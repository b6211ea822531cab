use std::io::{ErrorKind, Read as _, Write as _};
use std::os::fd::AsFd as _;
use std::process::{Child, Command};
use std::sync::mpsc::{self, Receiver};
use std::thread;

use pty_process::Size;
use pty_process::blocking::{Pts, open};
use rustix::event::{PollFd, PollFlags, poll};

use super::support::{not_run, receive};

/// The side of a terminal that a terminal program holds. When it is dropped the terminal is gone.
pub struct Pty {
    master: std::sync::Arc<pty_process::blocking::Pty>,
    output: Receiver<Vec<u8>>,
    /// Closing it ends the reading thread, which would keep the terminal alive.
    reads: Option<std::io::PipeWriter>,
    reader: Option<thread::JoinHandle<()>>,
}

impl Pty {
    /// A terminal of this size; nothing if this system gives out none.
    pub fn open(rows: u16, columns: u16) -> Option<(Self, Pts)> {
        let opened = open().and_then(|(pty, pts)| pty.resize(Size::new(rows, columns)).map(|()| (pty, pts)));
        let (pty, pts) = match opened {
            Ok(opened) => opened,
            Err(error) => {
                not_run("a test in a terminal", &format!("there is none: {error}"));
                return None;
            }
        };
        let master = std::sync::Arc::new(pty);
        let (sender, output) = mpsc::channel();
        let (closed, reads) = std::io::pipe().expect("make a pipe");
        let reader = std::sync::Arc::clone(&master);
        let reader = thread::spawn(move || {
            let mut buffer = [0; 4096];
            loop {
                let mut fds = [
                    PollFd::new(&*reader, PollFlags::IN),
                    PollFd::new(&closed, PollFlags::IN),
                ];
                let _ = poll(&mut fds, None);
                if !fds[1].revents().is_empty() {
                    break;
                }
                match (&*reader).read(&mut buffer) {
                    Err(error) if error.kind() == ErrorKind::Interrupted => {}
                    // At the end Linux answers with EIO. A test that does not listen any more has its answer.
                    Ok(0) | Err(_) => break,
                    Ok(read) => {
                        if sender.send(buffer[..read].to_vec()).is_err() {
                            break;
                        }
                    }
                }
            }
        });
        let pty = Self {
            master,
            output,
            reads: Some(reads),
            reader: Some(reader),
        };
        Some((pty, pts))
    }

    /// What the program writes next; nothing if its side was closed, or if nothing comes within the deadline.
    pub fn more(&self) -> Option<Vec<u8>> {
        receive(&self.output)
    }

    /// What the program has written, without waiting for more.
    pub fn pending(&self) -> Vec<u8> {
        self.output.try_iter().flatten().collect()
    }

    pub fn type_bytes(&self, bytes: &[u8]) {
        (&*self.master).write_all(bytes).expect("type");
    }

    /// The modes of the terminal's line discipline (termios(3)), as something that can be compared.
    pub fn modes(&self) -> String {
        let modes = rustix::termios::tcgetattr(&*self.master);
        format!("{:?}", modes.expect("ask for the terminal's modes"))
    }

    pub fn resize(&self, rows: u16, columns: u16) {
        self.master
            .resize(Size::new(rows, columns))
            .expect("resize the terminal");
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        drop(self.reads.take());
        // It holds the terminal as well. If it panicked there is nothing it holds.
        let _ = self.reader.take().map(thread::JoinHandle::join);
    }
}

/// Starts a program in this terminal as its session's leader, as a terminal program starts a shell.
pub fn lead(command: Command, pts: Pts) -> Child {
    let command = pty_process::blocking::Command::from(command).stdin(copy(&pts));
    command.spawn(pts).expect("start the program")
}

/// Starts a program that has this terminal but is told nothing by it: no signal comes when it is gone.
pub fn guest(mut command: Command, pts: &Pts) -> Child {
    use std::os::unix::process::CommandExt as _;
    command.stdin(copy(pts)).stdout(copy(pts)).stderr(copy(pts));
    command.process_group(0).spawn().expect("start the program")
}

/// A further descriptor of a terminal.
fn copy(pts: &Pts) -> std::os::fd::OwnedFd {
    pts.as_fd().try_clone_to_owned().expect("duplicate a descriptor")
}
