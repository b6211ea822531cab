//! `run = { program = "…", … }`: each program has parameters of its own.

mod auth;
mod commands;
mod files;

use std::time::Duration;

use toml::de::DeValue;

use super::LONGEST_BODY;
use super::endpoints::offered;
use super::fields::{Fields, Notes, Value};
use super::framing::within_the_run;
use super::steps::{Surroundings, endpoint};
use crate::scenario::problem::{ShapeProblem, Wanted};
use crate::scenario::program::{ProgramName, WrittenProgram};
use crate::scenario::{Arg, Named};

/// Reads a program with its parameters.
pub(super) fn program(value: &Value<'_>, around: Surroundings<'_>, notes: &mut Notes<'_>) -> Option<WrittenProgram> {
    let DeValue::Table(table) = value.get_ref() else {
        return notes.wrong_type(value, Wanted::Program);
    };
    let Some(named) = table.get("program") else {
        let keys = vec!["program".to_owned()];
        return notes.note(value.span(), ShapeProblem::MissingKeys { keys });
    };
    let name: ProgramName = notes.named(named)?;
    offered(name.name(), named.span(), around.transport, notes);
    match name {
        ProgramName::CommandServer => commands::server(value, around, notes),
        ProgramName::CommandClient => commands::client(value, around, notes),
        ProgramName::Serve => serve(value, around, notes),
        ProgramName::SendFile => files::send_file(value, around, notes),
        ProgramName::ReceiveFile => files::receive_file(value, around, notes),
        ProgramName::Put => files::put(value, around, notes),
        ProgramName::ServePuts => files::serve_puts(value, around, notes),
        ProgramName::Ask => ask(value, around, notes),
        ProgramName::ReadBoth => read_both(value, around, notes),
        ProgramName::Challenge => auth::challenge(value, around, notes).map(WrittenProgram::Challenge),
        ProgramName::Respond => auth::respond(value, around, notes).map(WrittenProgram::Respond),
    }
}

fn serve(value: &Value<'_>, around: Surroundings<'_>, notes: &mut Notes<'_>) -> Option<WrittenProgram> {
    let fields = Fields::open(value, &["program", "limit", "patience_ms"], Wanted::Program, notes)?;
    let patience_ms = patience(&fields, notes);
    let limit = match fields.get("limit") {
        None => Some(Arg::Fixed(DEFAULT_LIMIT)),
        Some(value) => notes.number_arg(value, &(1..=LONGEST_BODY), Wanted::NumberOrKnob, around.knobs),
    };
    Some(WrittenProgram::Serve {
        limit: limit?,
        patience_ms: patience_ms?,
    })
}

/// `patience_ms = 50`: how long a reader waits. The outer `None`: it is written wrongly.
#[expect(clippy::option_option, reason = "left out is not wrong")]
fn patience(fields: &Fields<'_, '_>, notes: &mut Notes<'_>) -> Option<Option<u64>> {
    match fields.get("patience_ms") {
        None => Some(None),
        Some(value) => notes.number(value, &(1..=MOST_PATIENCE), Wanted::Number).map(Some),
    }
}

fn ask(value: &Value<'_>, around: Surroundings<'_>, notes: &mut Notes<'_>) -> Option<WrittenProgram> {
    let mut fields = Fields::open(value, &["program", "text", "after_ms"], Wanted::Program, notes)?;
    let text = fields
        .need("text")
        .and_then(|value| notes.text_arg(value, around.knobs));
    let after = match fields.get("after_ms") {
        None => Some(Duration::ZERO),
        Some(value) => within_the_run(value, LONGEST_SILENCE, around.deadline, notes),
    };
    fields.close(notes);
    Some(WrittenProgram::Ask {
        text: text?,
        after: after?,
    })
}

fn read_both(value: &Value<'_>, around: Surroundings<'_>, notes: &mut Notes<'_>) -> Option<WrittenProgram> {
    let mut fields = Fields::open(value, &["program", "with"], Wanted::Program, notes)?;
    let with = fields.need("with").and_then(|value| {
        let name = notes.string(value, Wanted::String)?;
        endpoint(name, value.span(), around.endpoints.names.as_ref()?, notes)
    });
    fields.close(notes);
    Some(WrittenProgram::ReadBoth { with: with? })
}

/// Longest request where the file does not say, in bytes.
const DEFAULT_LIMIT: u64 = 1024;

/// Longest time for which a client says nothing, in milliseconds.
const LONGEST_SILENCE: u64 = 1000;

/// Most milliseconds of patience.
const MOST_PATIENCE: u64 = 60_000;
