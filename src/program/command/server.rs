//! A server that runs commands: what arrives selects a row of its table, and what the row's program prints is sent back.

use std::fs;
use std::io;

use tempfile::TempDir;

use super::super::serve::ends;
use super::super::{Finish, frames};
use super::child::{self, Bounds, ChildError, Excess};
use super::reply::{self, Reply};
use crate::endpoint::{Endpoint, EndpointError};
use crate::framing::Codec;
use crate::scenario::program::commands::{Command, CommandServer, LONGEST_COMMAND, ONE_READ, ReplyHeader, StagedFile};
use crate::trace::note::NoteText;
use crate::trace::{FrameFault, Note};

/// Runs the commands that a client names, one after another, until it leaves.
///
/// # Errors
/// If a call fails, the folder cannot be made, or the run is over.
pub fn serve(endpoint: &Endpoint<'_>, service: &CommandServer) -> Result<Finish, EndpointError> {
    let folder =
        stage(&service.commands.files).map_err(|error| endpoint.error("make the folder of the commands", error))?;
    let mut requests = 0;
    loop {
        let asked = match request(endpoint, service)? {
            Ok(asked) => asked,
            Err(fault) => return ends(endpoint, fault, requests),
        };
        let answer = match service.commands.row(&asked) {
            Some(row) => run(endpoint, row, &folder, service)?,
            None => not_found(endpoint, &asked)?,
        };
        reply::send(endpoint, &answer, service.header)?;
        requests += 1;
    }
}

/// The folder in which commands run. It goes away with the server.
fn stage(files: &[StagedFile]) -> io::Result<TempDir> {
    let folder = crate::folder::private_folder()?;
    for file in files {
        fs::write(folder.path().join(&file.name), &file.text)?;
    }
    Ok(folder)
}

/// What the client sent. Bare, the mistake: whatever one `recv` returns is taken for one command; an empty one for goodbye.
fn request(endpoint: &Endpoint<'_>, service: &CommandServer) -> Result<frames::Body, EndpointError> {
    if service.header != ReplyHeader::None {
        return frames::read_exactly(endpoint, Codec::network(LONGEST_COMMAND.into()), service.patience);
    }
    let mut asked = vec![0; ONE_READ];
    let got = endpoint.recv(&mut asked)?;
    asked.truncate(got);
    Ok(if got == 0 {
        Err(FrameFault::EndOfStream)
    } else {
        Ok(asked)
    })
}

/// Runs the program of a row.
fn run(
    endpoint: &Endpoint<'_>,
    row: &Command,
    folder: &TempDir,
    service: &CommandServer,
) -> Result<Reply, EndpointError> {
    let command = NoteText::new(&row.name);
    endpoint.note(Note::Runs {
        command: command.clone(),
        line: NoteText::new(&row.line()),
    })?;
    let (limit, deadline) = (service.limit, service.deadline);
    let printed = match child::run(&row.run, folder.path(), Bounds { limit, deadline }, endpoint.stop()) {
        Ok(printed) => printed,
        Err(ChildError::Stopped(stopped)) => return Err(stopped.into()),
        Err(ChildError::Failed(error)) => return Err(endpoint.error("run a command", error)),
    };
    let excess = printed.killed.map(|excess| match excess {
        Excess::Time => Note::Killed {
            command: command.clone(),
            after_ms: u64::try_from(deadline.as_millis()).unwrap_or(u64::MAX),
        },
        Excess::Output => Note::OverLimit {
            command: command.clone(),
            limit,
        },
    });
    if let Some(excess) = excess {
        endpoint.note(excess)?;
    }
    endpoint.note(Note::Ended {
        command,
        status: printed.status,
        out: printed.out.len() as u64,
        err: printed.err.len() as u64,
    })?;
    Ok(Reply {
        out: printed.out,
        err: printed.err,
        status: printed.status,
    })
}

/// What a shell says of a command that it does not know, where a shell says it.
fn not_found(endpoint: &Endpoint<'_>, asked: &[u8]) -> Result<Reply, EndpointError> {
    endpoint.note(Note::NotFound {
        command: NoteText::new(&String::from_utf8_lossy(asked)),
    })?;
    Ok(Reply {
        out: Vec::new(),
        err: [asked, b": command not found\n"].concat(),
        status: 127,
    })
}
