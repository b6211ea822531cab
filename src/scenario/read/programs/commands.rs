//! The parameters of the programs that run commands and ask for them.

use std::time::Duration;

use super::super::LONGEST_BODY;
use super::super::endpoints::offered;
use super::super::fields::{Fields, Notes, Value};
use super::super::steps::Surroundings;
use crate::scenario::Arg;
use crate::scenario::problem::Wanted;
use crate::scenario::program::WrittenProgram;
use crate::scenario::program::commands::{ReadsPerReply, ReplyHeader};

pub(super) fn server(value: &Value<'_>, around: Surroundings<'_>, notes: &mut Notes<'_>) -> Option<WrittenProgram> {
    let known = ["program", "header", "limit", "deadline_ms", "patience_ms"];
    let fields = Fields::open(value, &known, Wanted::Program, notes)?;
    let header = header(&fields, around, notes);
    let patience_ms = super::patience(&fields, notes);
    let mut number = |key, range, default| match fields.get(key) {
        None => Some(default),
        Some(value) => notes.number(value, &range, Wanted::Number),
    };
    let limit = number("limit", 1..=LONGEST_BODY, LONGEST_BODY);
    let deadline = number("deadline_ms", 1..=60_000, DEADLINE_MS);
    Some(WrittenProgram::CommandServer {
        header: header?,
        limit: limit?,
        deadline: Duration::from_millis(deadline?),
        patience_ms: patience_ms?,
    })
}

pub(super) fn client(value: &Value<'_>, around: Surroundings<'_>, notes: &mut Notes<'_>) -> Option<WrittenProgram> {
    let known = ["program", "command", "also", "header", "reads"];
    let mut fields = Fields::open(value, &known, Wanted::Program, notes)?;
    let command = fields
        .need("command")
        .and_then(|value| notes.text_arg(value, around.knobs));
    let also = match fields.get("also") {
        None => Some(None),
        Some(value) => notes.text_arg(value, around.knobs).map(Some),
    };
    let header = header(&fields, around, notes);
    let reads = match fields.get("reads") {
        None => Some(Arg::Fixed(ReadsPerReply::One)),
        Some(value) => notes.named_arg("reads", value, around.knobs),
    };
    fields.close(notes);
    Some(WrittenProgram::CommandClient {
        command: command?,
        also: also?,
        header: header?,
        reads: reads?,
    })
}

/// `header = "length"`; a header tells nothing where messages are kept apart and may be cut.
fn header(fields: &Fields<'_, '_>, around: Surroundings<'_>, notes: &mut Notes<'_>) -> Option<Arg<ReplyHeader>> {
    let Some(value) = fields.get("header") else {
        return Some(Arg::Fixed(ReplyHeader::None));
    };
    let place = fields.key_span("header").unwrap_or(value.span());
    offered("header", place, around.transport, notes);
    notes.named_arg("header", value, around.knobs)
}

/// How long a command may take where the file does not say, in milliseconds.
const DEADLINE_MS: u64 = 2000;
