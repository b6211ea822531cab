//! The programs that send and receive files.

use toml::de::DeValue;

use super::super::fields::{Fields, Notes, Value};
use super::super::knobs::Knobs;
use super::super::steps::Surroundings;
use super::super::{LONGEST_LETTERS, LONGEST_RECV};
use crate::scenario::problem::{Counted, Wanted};
use crate::scenario::program::{LONGEST_FILE, LONGEST_PUT, SmallFile, WrittenProgram};
use crate::scenario::{Arg, Named};

pub(super) fn send_file(value: &Value<'_>, around: Surroundings<'_>, notes: &mut Notes<'_>) -> Option<WrittenProgram> {
    let keys = ["program", "file", "chunk", "hash", "flip"];
    let mut fields = Fields::open(value, &keys, Wanted::Program, notes)?;
    let source = fields.need("file").and_then(|value| source(value, around.knobs, notes));
    let chunk = chunk(&fields, around.knobs, notes);
    let hash = named(&fields, "hash", around.knobs, notes);
    let flip = toggle(&fields, "flip", around.knobs, notes);
    fields.close(notes);
    Some(WrittenProgram::SendFile {
        source: source?,
        chunk: chunk?,
        hash: hash?,
        flip: flip?,
    })
}

pub(super) fn receive_file(
    value: &Value<'_>,
    around: Surroundings<'_>,
    notes: &mut Notes<'_>,
) -> Option<WrittenProgram> {
    let keys = ["program", "chunk", "limit", "patience_ms"];
    let fields = Fields::open(value, &keys, Wanted::Program, notes)?;
    let chunk = chunk(&fields, around.knobs, notes);
    let limit = limit(&fields, LONGEST_FILE, around.knobs, notes);
    let patience_ms = super::patience(&fields, notes);
    Some(WrittenProgram::ReceiveFile {
        chunk: chunk?,
        limit: limit?,
        patience_ms: patience_ms?,
    })
}

pub(super) fn put(value: &Value<'_>, around: Surroundings<'_>, notes: &mut Notes<'_>) -> Option<WrittenProgram> {
    let keys = ["program", "files", "name", "command", "pipelined", "die"];
    let mut fields = Fields::open(value, &keys, Wanted::Program, notes)?;
    let files = fields.need("files").and_then(|value| files(value, notes));
    let name = named(&fields, "name", around.knobs, notes);
    let command = match fields.get("command") {
        None => Some(Arg::Fixed("put".to_owned())),
        Some(value) => notes.text_arg(value, around.knobs),
    };
    let pipelined = toggle(&fields, "pipelined", around.knobs, notes);
    let dies = named(&fields, "die", around.knobs, notes);
    fields.close(notes);
    Some(WrittenProgram::Put {
        files: files?,
        name: name?,
        command: command?,
        pipelined: pipelined?,
        dies: dies?,
    })
}

pub(super) fn serve_puts(value: &Value<'_>, around: Surroundings<'_>, notes: &mut Notes<'_>) -> Option<WrittenProgram> {
    let keys = ["program", "limit", "reader", "patience_ms"];
    let fields = Fields::open(value, &keys, Wanted::Program, notes)?;
    let limit = limit(&fields, LONGEST_PUT, around.knobs, notes);
    let reader = named(&fields, "reader", around.knobs, notes);
    let patience_ms = super::patience(&fields, notes);
    Some(WrittenProgram::ServePuts {
        limit: limit?,
        reader: reader?,
        patience_ms: patience_ms?,
    })
}

/// `"$file"`, or `{ letters = 100 }`.
fn source(value: &Value<'_>, knobs: &Knobs, notes: &mut Notes<'_>) -> Option<(Arg<u64>, u64)> {
    if let DeValue::String(_) = value.get_ref() {
        return notes.file_knob(value, knobs);
    }
    let mut fields = Fields::open(value, &["letters"], Wanted::FileOrKnob, notes)?;
    let letters = fields.need("letters");
    let letters = letters.and_then(|value| notes.number(value, &(0..=LONGEST_LETTERS), Wanted::Number));
    fields.close(notes);
    letters.map(|letters| (Arg::Fixed(letters), letters))
}

fn files(value: &Value<'_>, notes: &mut Notes<'_>) -> Option<Vec<SmallFile>> {
    let items = notes.list(value, Counted::Files, 1..=MOST_FILES)?;
    let files: Vec<_> = items.iter().map(|item| file(item, notes)).collect();
    files.into_iter().collect()
}

fn file(value: &Value<'_>, notes: &mut Notes<'_>) -> Option<SmallFile> {
    let mut fields = Fields::open(value, &["name", "text"], Wanted::Table, notes)?;
    let name = fields
        .need("name")
        .and_then(|value| notes.string(value, Wanted::String));
    let text = fields
        .need("text")
        .and_then(|value| notes.string(value, Wanted::String));
    let (name, text) = (name.map(str::to_owned), text.map(str::to_owned));
    fields.close(notes);
    Some(SmallFile {
        name: name?,
        text: text?,
    })
}

fn chunk(fields: &Fields<'_, '_>, knobs: &Knobs, notes: &mut Notes<'_>) -> Option<Arg<u64>> {
    match fields.get("chunk") {
        None => Some(Arg::Fixed(CHUNK)),
        Some(value) => notes.number_arg(value, &(1..=LONGEST_RECV), Wanted::NumberOrKnob, knobs),
    }
}

fn limit(fields: &Fields<'_, '_>, most: u64, knobs: &Knobs, notes: &mut Notes<'_>) -> Option<Arg<u64>> {
    match fields.get("limit") {
        None => Some(Arg::Fixed(most)),
        Some(value) => notes.number_arg(value, &(1..=LONGEST_FILE), Wanted::NumberOrKnob, knobs),
    }
}

fn toggle(fields: &Fields<'_, '_>, key: &str, knobs: &Knobs, notes: &mut Notes<'_>) -> Option<Arg<bool>> {
    match fields.get(key) {
        None => Some(Arg::Fixed(false)),
        Some(value) => notes.toggle_arg(value, knobs),
    }
}

/// A name or a knob; left out, the first name.
fn named<T: Named>(fields: &Fields<'_, '_>, key: &str, knobs: &Knobs, notes: &mut Notes<'_>) -> Option<Arg<T>> {
    match fields.get(key) {
        None => T::NAMES.first().map(|(_, first)| Arg::Fixed(*first)),
        Some(value) => notes.named_arg(key, value, knobs),
    }
}

/// Bytes of a chunk where the file does not say.
const CHUNK: u64 = 65_536;

/// Most files of one step.
const MOST_FILES: usize = 100;
