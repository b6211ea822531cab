//! What an endpoint runs: the scenario's steps, one after the other.

pub mod frames;

use crate::endpoint::{Endpoint, EndpointError, Message};
use crate::scenario::plan::Task;
use crate::trace::Until;

/// How a program ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finish {
    /// It did everything.
    Done,
    /// It gave up on what it read, as the trace says.
    GaveUp,
}

/// The program of one endpoint, while it does its tasks one after the other.
#[derive(Debug, Default)]
pub struct Program {
    /// What was read and belongs to frames that no task has read yet.
    kept: Vec<u8>,
}

impl Program {
    /// Does one task.
    ///
    /// # Errors
    /// If a call fails or the run is over.
    pub fn perform(&mut self, task: &Task, endpoint: &Endpoint<'_>) -> Result<Finish, EndpointError> {
        match task {
            Task::Send(bytes) => endpoint.send(&mut Message::new(bytes, 0), bytes.len())?,
            Task::Recv(asked) => {
                endpoint.recv(&mut vec![0; *asked])?;
            }
            Task::UntilAllQueued => endpoint.wait(Endpoint::until_all_queued)?,
            Task::UntilQueued(count) => endpoint.wait(|endpoint| endpoint.until_queued(*count))?,
            Task::UntilAcked => endpoint.wait(|_| Until::Acknowledged)?,
            Task::Close => endpoint.close()?,
            Task::SendFrames(step) => return frames::write(endpoint, step),
            Task::ReadFrames(step) => return frames::read(endpoint, step, &mut self.kept),
        }
        Ok(Finish::Done)
    }
}
