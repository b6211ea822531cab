//! Programs of one machine, run for another: a server with a table of commands, and a client that names one.
//!
//! What arrives over the socket selects a row of the table and is never run, nor is any part of it. No shell is started.

mod child;
pub mod client;
pub mod reply;
pub mod server;

use std::path::{Path, PathBuf};

use rustix::fs::{Access, access};

use crate::scenario::plan::Task;
use crate::scenario::program::commands::FOLDERS;
use crate::scenario::{Plan, Program};

/// A program that a command of the plan needs and that this machine does not have, if there is one.
#[must_use]
pub fn missing(plan: &Plan) -> Option<&str> {
    let tables = plan.steps.iter().filter_map(|step| match &step.task {
        Task::Run(Program::CommandServer(server)) => Some(&server.commands.table),
        _ => None,
    });
    let programs = tables.flatten().filter_map(|row| row.run.first());
    programs.map(String::as_str).find(|program| find(program).is_none())
}

/// Where a program is: as it is written, or in one of the folders in which they are looked for.
fn find(program: &str) -> Option<PathBuf> {
    let is_there = |path: &PathBuf| access(path, Access::EXEC_OK).is_ok();
    if program.contains('/') {
        return Some(PathBuf::from(program)).filter(is_there);
    }
    let mut paths = FOLDERS.iter().map(|folder| Path::new(folder).join(program));
    paths.find(is_there)
}
