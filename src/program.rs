//! What an endpoint runs: the scenario's steps, one after the other. A step may be a whole program.

pub mod ask;
pub mod auth;
pub mod command;
pub mod frames;
mod header;
mod incoming;
mod nonblocking;
pub mod packed;
pub mod put;
pub mod read_both;
pub mod receive_file;
pub mod send_file;
pub mod serve;
pub mod serve_puts;
mod text;

use std::collections::BTreeMap;
use std::io;

use crate::endpoint::{Endpoint, EndpointError, Message};
use crate::folder::Folder;
use crate::scenario::Program;
use crate::scenario::plan::{Releasing, Task};
use crate::trace::Until;
use crate::wire::carry::{Release, Rule};

/// How a program ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finish {
    /// It did everything.
    Done,
    /// It gave up on what it read, as the trace says.
    GaveUp,
}

/// What one thread does, task by task, and what it keeps between them.
#[derive(Debug)]
pub struct Routine<'r> {
    /// For each endpoint, what was read and belongs to frames that no task has read yet.
    kept: BTreeMap<usize, Vec<u8>>,
    /// What it has heard, sent and accepted in exchanges of challenges.
    auth: auth::Memory,
    /// Where programs keep files, if any of the run does.
    folder: Option<&'r Folder>,
}

impl<'r> Routine<'r> {
    /// Nothing done yet.
    #[must_use]
    pub fn new(folder: Option<&'r Folder>) -> Self {
        Self {
            kept: BTreeMap::new(),
            auth: auth::Memory::default(),
            folder,
        }
    }

    /// Does one task of one of the endpoints.
    ///
    /// # Errors
    /// If a call fails or the run is over.
    pub fn perform(&mut self, task: &Task, who: usize, all: &[Endpoint<'_>]) -> Result<Finish, EndpointError> {
        let endpoint = &all[who];
        match task {
            Task::Send(bytes) => endpoint.send(&mut Message::new(bytes, 0), bytes.len())?,
            Task::SendTimes { bytes, times } => {
                for _ in 0..*times {
                    endpoint.send(&mut Message::new(bytes, 0), bytes.len())?;
                }
            }
            Task::TrySend { bytes, rest } => nonblocking::send(endpoint, bytes, *rest)?,
            Task::SendText { text, encoding } => {
                let bytes = text::encode(text, *encoding);
                endpoint.send(&mut Message::new(&bytes, 0), bytes.len())?;
            }
            Task::ReadText {
                asked,
                encoding,
                decoder,
            } => text::read(endpoint, *asked, *encoding, *decoder)?,
            Task::Drain(asked) => drain(endpoint, *asked)?,
            Task::Cork(on) => endpoint.cork(*on)?,
            Task::Recv(asked) => {
                endpoint.recv(&mut vec![0; *asked])?;
            }
            Task::UntilAllQueued => endpoint.wait(Endpoint::until_all_queued)?,
            Task::UntilQueued(count) => endpoint.wait(|endpoint| endpoint.until_queued(*count))?,
            Task::UntilAcked => endpoint.wait(|_| Until::Acknowledged)?,
            Task::Hold => endpoint.hold()?,
            Task::Release(which) => endpoint.release(match which {
                Releasing::All => Release::All,
                Releasing::Reversed => Release::Reversed,
                Releasing::Next(count) => Release::Next(*count),
            })?,
            Task::DropHeld => endpoint.drop_held()?,
            Task::Lose { nth, data } => endpoint.lose(Rule { nth: *nth, data: *data })?,
            Task::UntilHeld(count) => endpoint.until_held(*count)?,
            Task::ShutDown => endpoint.shut_down()?,
            Task::Reset => endpoint.reset()?,
            Task::Close => endpoint.close()?,
            Task::SendFrames(step) => return frames::write(endpoint, step),
            Task::ReadFrames(step) => return frames::read(endpoint, step, self.kept.entry(who).or_default()),
            Task::SendPacked(packed) => return packed::send(endpoint, packed),
            Task::ReadPacked(format) => return packed::read(endpoint, format),
            Task::Run(program) => return self.run(program, endpoint, all),
        }
        Ok(Finish::Done)
    }

    /// Runs a whole program.
    fn run(
        &mut self,
        program: &Program,
        endpoint: &Endpoint<'_>,
        all: &[Endpoint<'_>],
    ) -> Result<Finish, EndpointError> {
        let folder = || {
            self.folder
                .ok_or_else(|| endpoint.cannot("keep files", io::ErrorKind::NotFound.into()))
        };
        match program {
            Program::CommandServer(service) => command::server::serve(endpoint, service),
            Program::CommandClient {
                command,
                also,
                header,
                reads,
            } => command::client::ask(endpoint, command, also.as_deref(), (*header, *reads)),
            Program::Serve { limit, patience } => serve::serve(endpoint, *limit, *patience),
            Program::SendFile(sending) => send_file::send_file(endpoint, sending),
            Program::ReceiveFile(receiving) => receive_file::receive_file(endpoint, folder()?, *receiving),
            Program::Put(putting) => put::put(endpoint, putting),
            Program::ServePuts(serving) => serve_puts::serve_puts(endpoint, folder()?, *serving),
            Program::Ask { text, after } => ask::ask(endpoint, text, *after),
            Program::ReadBoth { with } => read_both::read_both(endpoint, &all[*with]),
            Program::Challenge(wants) => auth::challenge(endpoint, wants, &mut self.auth),
            Program::Respond(how) => auth::respond(endpoint, how, &mut self.auth),
        }
    }
}

/// Reads a stream to its end, or every message that waits now.
fn drain(endpoint: &Endpoint<'_>, asked: usize) -> Result<(), EndpointError> {
    let mut buffer = vec![0; asked];
    match endpoint.messages_waiting()? {
        Some(waiting) => {
            for _ in 0..waiting {
                endpoint.recv(&mut buffer)?;
            }
        }
        None => while endpoint.recv(&mut buffer)? > 0 {},
    }
    Ok(())
}
