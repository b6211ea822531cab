//! What an endpoint runs: the scenario's steps, one after the other. A step may be a whole program.

pub mod ask;
pub mod auth;
pub mod command;
pub mod frames;
mod nonblocking;
pub mod packed;
pub mod read_both;
pub mod serve;
mod text;

use std::collections::BTreeMap;

use crate::endpoint::{Endpoint, EndpointError, Message};
use crate::scenario::Program;
use crate::scenario::plan::Task;
use crate::trace::Until;
use command::server::Service;

/// How a program ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finish {
    /// It did everything.
    Done,
    /// It gave up on what it read, as the trace says.
    GaveUp,
}

/// What one thread does, task by task, and what it keeps between them.
#[derive(Debug, Default)]
pub struct Routine {
    /// For each endpoint, what was read and belongs to frames that no task has read yet.
    kept: BTreeMap<usize, Vec<u8>>,
    /// What it has heard, sent and accepted in exchanges of challenges.
    auth: auth::Memory,
}

impl Routine {
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
            Task::Close => endpoint.close()?,
            Task::SendFrames(step) => return frames::write(endpoint, step),
            Task::ReadFrames(step) => return frames::read(endpoint, step, self.kept.entry(who).or_default()),
            Task::SendPacked(packed) => return packed::send(endpoint, packed),
            Task::ReadPacked(format) => return packed::read(endpoint, format),
            Task::Run(Program::Challenge(wants)) => return auth::challenge(endpoint, wants, &mut self.auth),
            Task::Run(Program::Respond(how)) => return auth::respond(endpoint, how, &mut self.auth),
            Task::Run(program) => return run(program, endpoint, all),
        }
        Ok(Finish::Done)
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

/// Runs a program that needs nothing of what its thread has done before.
fn run(program: &Program, endpoint: &Endpoint<'_>, all: &[Endpoint<'_>]) -> Result<Finish, EndpointError> {
    match program {
        Program::CommandServer {
            commands,
            header,
            limit,
            deadline,
        } => {
            let (header, limit, deadline) = (*header, *limit, *deadline);
            command::server::serve(
                endpoint,
                &Service {
                    commands,
                    header,
                    limit,
                    deadline,
                },
            )
        }
        Program::CommandClient { command, header, reads } => command::client::ask(endpoint, command, *header, *reads),
        Program::Serve { limit } => serve::serve(endpoint, *limit),
        Program::Ask { text } => ask::ask(endpoint, text),
        Program::ReadBoth { with } => read_both::read_both(endpoint, &all[*with]),
        // These keep something for the connections that follow: the routine runs them.
        Program::Challenge(_) | Program::Respond(_) => Ok(Finish::Done),
    }
}
