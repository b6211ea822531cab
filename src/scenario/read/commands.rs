//! `[commands.NAME]` and `[files]`: what a server may run, and where.

use toml::de::DeValue;

use super::fields::{Fields, Notes, Value, entries};
use super::steps::Steps;
use super::{LONGEST_STAGED, LONGEST_WORD, MOST_COMMANDS, MOST_WORDS};
use crate::scenario::Commands;
use crate::scenario::problem::{CommandProblem, Counted, Role, ShapeProblem, StepProblem, Wanted};
use crate::scenario::program::commands::{Command, StagedFile, harmless, stays_inside};

/// Reads both tables; without them nothing can be run. `None` if one is broken.
pub(super) fn commands(fields: &Fields<'_, '_>, notes: &mut Notes<'_>) -> Option<Commands> {
    let table = named(
        fields.get("commands"),
        Role::Command,
        Counted::Commands,
        notes,
        |name, value, notes| {
            let run = run(value, notes)?;
            Some(Command { name, run })
        },
    );
    let files = named(
        fields.get("files"),
        Role::File,
        Counted::Files,
        notes,
        |name, value, notes| {
            let text = notes.string(value, Wanted::String)?;
            if text.len() > LONGEST_STAGED {
                return notes.note(value.span(), CommandProblem::FileTooLong { bytes: text.len() });
            }
            let text = text.to_owned();
            Some(StagedFile { name, text })
        },
    );
    Some(Commands {
        table: table?,
        files: files?,
    })
}

/// Notes tables that no step has a use for.
pub(super) fn are_used(fields: &Fields<'_, '_>, steps: &Steps, notes: &mut Notes<'_>) {
    if steps.runs_commands || steps.all.is_none() {
        return;
    }
    for key in ["commands", "files"] {
        if let Some(place) = fields.key_span(key) {
            notes.note::<()>(place, StepProblem::NoCommands { key });
        }
    }
}

/// The entries of a table whose keys are names.
fn named<T>(
    value: Option<&Value<'_>>,
    role: Role,
    of: Counted,
    notes: &mut Notes<'_>,
    read: impl Fn(String, &Value<'_>, &mut Notes<'_>) -> Option<T>,
) -> Option<Vec<T>> {
    let Some(value) = value else {
        return Some(Vec::new());
    };
    let DeValue::Table(table) = value.get_ref() else {
        return notes.wrong_type(value, Wanted::Table);
    };
    let mut all = entries(table);
    all.retain(|(name, span, value)| !notes.is_misplaced((name, span.clone()), value));
    if let Some((_, span, _)) = all.get(MOST_COMMANDS) {
        let (found, min, max) = (all.len(), 0, MOST_COMMANDS);
        return notes.note(span.clone(), ShapeProblem::WrongLength { of, found, min, max });
    }
    let one = |(name, span, value): (&str, _, &Value<'_>)| {
        let name = notes.name(name, span, role);
        let read = read(name.clone().unwrap_or_default(), value, notes);
        name.and(read)
    };
    let all: Vec<Option<T>> = all.into_iter().map(one).collect();
    all.into_iter().collect()
}

/// `run = ["seq", "1", "300"]`.
fn run(value: &Value<'_>, notes: &mut Notes<'_>) -> Option<Vec<String>> {
    let mut fields = Fields::open(value, &["run"], Wanted::Table, notes)?;
    let words = fields.need("run").and_then(|value| {
        let words = notes.list(value, Counted::Words, 1..=MOST_WORDS)?;
        let words: Vec<_> = words.iter().map(|item| word(item, notes)).collect();
        let items = notes.items(value)?;
        if let Some((Some(program), item)) = words.first().zip(items.first()) {
            if harmless(program).is_none() {
                let program = program.clone();
                return notes.note(item.span(), CommandProblem::NotOffered { program });
            }
            for (argument, item) in words.iter().zip(items).skip(1) {
                if let Some(argument) = argument.clone().filter(|argument| !stays_inside(program, argument)) {
                    return notes.note(item.span(), CommandProblem::Outside { argument });
                }
            }
        }
        words.into_iter().collect::<Option<Vec<_>>>()
    });
    fields.close(notes);
    words
}

fn word(value: &Value<'_>, notes: &mut Notes<'_>) -> Option<String> {
    let word = notes.string(value, Wanted::String)?;
    if word.len() > LONGEST_WORD || word.contains('\0') {
        return notes.note(value.span(), CommandProblem::BadWord);
    }
    Some(word.to_owned())
}
