//! The parameters of `challenge` and `respond`.

use super::super::fields::{Fields, Notes, Value};
use super::super::steps::Surroundings;
use crate::scenario::problem::{StepProblem, Wanted};
use crate::scenario::program::auth::{AnswerReader, Checks, Cut, LONGEST_TEXT, WrittenChallenge, WrittenRespond};
use crate::scenario::{Arg, Named};

pub(super) fn challenge(
    value: &Value<'_>,
    around: Surroundings<'_>,
    notes: &mut Notes<'_>,
) -> Option<WrittenChallenge> {
    let known = ["program", "scheme", "key", "reader", "checks", "deadline_ms"];
    let mut fields = Fields::open(value, &known, Wanted::Program, notes)?;
    let scheme = fields
        .need("scheme")
        .and_then(|value| notes.named_arg("scheme", value, around.knobs));
    let key = fields.need("key").and_then(|value| text(value, notes));
    let reader = chosen(&fields, "reader", AnswerReader::Exact, around, notes);
    let checks = chosen(&fields, "checks", Checks::Own, around, notes);
    let deadline_ms = match fields.get("deadline_ms") {
        None => Some(DEADLINE_MS),
        Some(value) => notes.number(value, &(1..=60_000), Wanted::Number),
    };
    fields.close(notes);
    Some(WrittenChallenge {
        scheme: scheme?,
        key: key?,
        reader: reader?,
        checks: checks?,
        deadline_ms: deadline_ms?,
    })
}

pub(super) fn respond(value: &Value<'_>, around: Surroundings<'_>, notes: &mut Notes<'_>) -> Option<WrittenRespond> {
    let known = ["program", "as", "scheme", "key", "guess", "adds", "cut"];
    let mut fields = Fields::open(value, &known, Wanted::Program, notes)?;
    let answers = fields
        .need("as")
        .and_then(|value| notes.named_arg("as", value, around.knobs));
    let scheme = fields
        .need("scheme")
        .and_then(|value| notes.named_arg("scheme", value, around.knobs));
    let key = fields.need("key").and_then(|value| text(value, notes));
    let mut other = |name| match fields.get(name) {
        None => Some(String::new()),
        Some(value) => text(value, notes),
    };
    let (guess, adds) = (other("guess"), other("adds"));
    let cut = chosen(&fields, "cut", Cut::Whole, around, notes);
    fields.close(notes);
    Some(WrittenRespond {
        answers: answers?,
        scheme: scheme?,
        key: key?,
        guess: guess?,
        adds: adds?,
        cut: cut?,
    })
}

/// A word, a knob, or what holds without it.
fn chosen<T: Named>(
    fields: &Fields<'_, '_>,
    key: &'static str,
    usual: T,
    around: Surroundings<'_>,
    notes: &mut Notes<'_>,
) -> Option<Arg<T>> {
    match fields.get(key) {
        None => Some(Arg::Fixed(usual)),
        Some(value) => notes.named_arg(key, value, around.knobs),
    }
}

/// A key, or what is added to a message.
fn text(value: &Value<'_>, notes: &mut Notes<'_>) -> Option<String> {
    let text = notes.string(value, Wanted::String)?;
    if text.len() > LONGEST_TEXT {
        let (found, most) = (text.len(), LONGEST_TEXT);
        return notes.note(value.span(), StepProblem::LongText { found, most });
    }
    Some(text.to_owned())
}

/// In which time a whole answer must have come where the file does not say, in milliseconds.
const DEADLINE_MS: u64 = 1000;
