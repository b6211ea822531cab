//! What an endpoint runs: the scenario's steps, one after the other.

pub mod frames;
pub mod packed;

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

/// Does one task.
///
/// # Errors
/// If a call fails or the run is over.
pub fn perform(task: &Task, endpoint: &Endpoint<'_>) -> Result<Finish, EndpointError> {
    match task {
        Task::Send(bytes) => endpoint.send(&mut Message::new(bytes, 0), bytes.len())?,
        Task::Recv(asked) => {
            endpoint.recv(&mut vec![0; *asked])?;
        }
        Task::UntilAllQueued => endpoint.wait(Endpoint::until_all_queued)?,
        Task::UntilQueued(count) => endpoint.wait(|endpoint| endpoint.until_queued(*count))?,
        Task::UntilAcked => endpoint.wait(|_| Until::Acknowledged)?,
        Task::Close => endpoint.close()?,
        Task::SendFrames { frames, order, writes } => {
            for (length, body) in frames {
                frames::write(endpoint, *order, *length, body, *writes)?;
            }
        }
        Task::SendPacked(packed) => return packed::send(endpoint, packed),
        Task::ReadPacked(format) => return packed::read(endpoint, format),
        Task::ReadFrames { count, prefix, reader } => return frames::read(endpoint, *prefix, *reader, *count),
    }
    Ok(Finish::Done)
}
