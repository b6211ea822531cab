//! A run as JSON lines: the events of the trace, each read with its bytes and what it was, and last the verdict.

use std::io::{self, Write};

use serde_json::{Value, json};

use crate::scenario::Named;

use crate::story::picture::{Buffers, Fin};
use crate::story::sentences;
use crate::story::verdict::{Finding, Outcome, Subject};
use crate::story::{Story, peer};
use crate::trace::file::event_value;
use crate::trace::{Ending, What};
use crate::words::{Lang, visible};

/// Most bytes of a read given in full; of a longer one the first and last half of that.
const MOST: u64 = 1 << 20;

/// Writes a run.
///
/// # Errors
/// If `out` cannot be written.
pub fn write(story: &Story, out: &mut impl Write) -> io::Result<()> {
    let mut reads = story.reads.iter().peekable();
    let mut picture = story.picture_at(0);
    for (index, event) in story.trace.events.iter().enumerate() {
        let mut value = event_value(&story.trace, event);
        picture.follow(event);
        if let (What::Queues { .. }, Value::Object(line)) = (&event.what, &mut value) {
            line.extend(beside_counts(&picture.buffers(event.endpoint)));
        }
        if let Some(read) = reads.next_if(|read| read.event == index)
            && let Value::Object(line) = &mut value
        {
            let bytes = story
                .flows
                .bytes(peer(read.endpoint), read.start, read.start + read.returned, MOST);
            if let Some(whole) = bytes.whole() {
                line.insert("hex".to_owned(), hex::encode(whole).into());
            } else {
                // Not all of the bytes are kept: `null` says so, and `pieces` still tells where they came from.
                line.insert("hex".to_owned(), Value::Null);
            }
            line.insert("reading".to_owned(), read.reading.name().into());
            line.insert("lost".to_owned(), read.lost.into());
            let pieces = read
                .pieces
                .iter()
                .map(|piece| json!({ "message": piece.message, "from": piece.from, "to": piece.to, "of": piece.of }));
            line.insert("pieces".to_owned(), pieces.collect());
        }
        line(&value, out)?;
    }
    line(&verdict(story), out)
}

/// What the counts of a send queue hold that is no byte waiting to go: the FIN, and what went with the connection.
fn beside_counts(buffers: &Buffers) -> impl Iterator<Item = (String, Value)> {
    let fin = buffers.fin.map(|fin| match fin {
        Fin::Unsent => "unsent",
        Fin::InFlight => "in-flight",
    });
    let thrown_away = (buffers.thrown_away > 0).then_some(buffers.thrown_away);
    let fin = fin.map(|fin| ("fin".to_owned(), fin.into()));
    fin.into_iter()
        .chain(thrown_away.map(|bytes| ("thrown_away".to_owned(), bytes.into())))
}

/// Writes a value as one line, in which nothing can steer a terminal or hide from a reader.
fn line(value: &Value, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{}", visible::json(value.to_string()))
}

fn verdict(story: &Story) -> Value {
    let expectations: Vec<Value> = story
        .verdict
        .findings
        .iter()
        .map(|finding| expectation(story, finding))
        .collect();
    let ending = serde_json::to_value(&story.trace.ending).unwrap_or_default();
    let mut line = json!({
        "event": "verdict",
        "scenario": story.scenario.id,
        "knobs": story.trace.head.knobs,
        "held": story.verdict.held(),
        "expectations": expectations,
    });
    // The ending's own fields, `ending` first among them, stand beside the others.
    if let (Value::Object(line), Value::Object(ending)) = (&mut line, ending) {
        if story.trace.ending == Ending::Finished {
            line.insert("ending".to_owned(), "finished".into());
        } else {
            line.extend(ending);
        }
    }
    line
}

fn expectation(story: &Story, finding: &Finding) -> Value {
    let kind = match &finding.subject {
        Subject::Claim(claim) => claim.name(),
        Subject::Ending => "ending",
        Subject::Prediction(_) => "predict",
    };
    let outcome = match finding.outcome {
        Outcome::Held => "held",
        Outcome::Failed => "failed",
        Outcome::NotMeasured => "not_measured",
    };
    json!({
        "expect": kind,
        "outcome": outcome,
        "why": { "en": sentences::finding(story, finding, Lang::En), "zh": sentences::finding(story, finding, Lang::Zh) },
    })
}
