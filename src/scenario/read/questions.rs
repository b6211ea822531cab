//! `[[expect]]` and `[[predict]]`.

use std::ops::Range;

use super::claims::{CLAIMS, Placed, claim};
use super::fields::{Fields, Notes, Value};
use super::steps::Surroundings;
use super::{MOST_EXPECTATIONS, MOST_QUESTIONS};
use crate::scenario::problem::{Counted, Wanted};
use crate::scenario::{Answer, Condition, Prediction, Wording};

/// An expectation with its places.
pub(super) struct PlacedExpect {
    pub(super) when: Condition,
    /// Where to point if it never applies.
    pub(super) place: Range<usize>,
    pub(super) claim: Placed,
}

/// Reads `[[expect]]`: those that are sound.
pub(super) fn expects(value: Option<&Value<'_>>, around: Surroundings<'_>, notes: &mut Notes<'_>) -> Vec<PlacedExpect> {
    let items = value.and_then(|value| notes.list(value, Counted::Expectations, 0..=MOST_EXPECTATIONS));
    let mut known = vec!["when"];
    known.extend(CLAIMS);
    let mut expects = Vec::new();
    for item in items.unwrap_or_default() {
        let Some(fields) = Fields::open(item, &known, Wanted::Table, notes) else {
            continue;
        };
        let when = notes.when(fields.get("when"), around.knobs);
        let claim = claim(&fields, around, notes);
        if let (Some(when), Some(claim)) = (when, claim) {
            expects.push(PlacedExpect {
                when,
                place: fields.get("when").map_or(fields.span(), Value::span),
                claim,
            });
        }
    }
    expects
}

/// Reads `[[predict]]`: those that are sound, each with the place of its `when`.
pub(super) fn predictions(
    value: Option<&Value<'_>>,
    around: Surroundings<'_>,
    notes: &mut Notes<'_>,
) -> Vec<(Prediction<Wording>, Range<usize>)> {
    let items = value.and_then(|value| notes.list(value, Counted::Questions, 0..=MOST_QUESTIONS));
    items
        .unwrap_or_default()
        .iter()
        .filter_map(|item| prediction(item, around, notes))
        .collect()
}

fn prediction(
    value: &Value<'_>,
    around: Surroundings<'_>,
    notes: &mut Notes<'_>,
) -> Option<(Prediction<Wording>, Range<usize>)> {
    let mut fields = Fields::open(value, &["when", "ask", "options"], Wanted::Table, notes)?;
    let when = notes.when(fields.get("when"), around.knobs);
    let ask = fields.need("ask").and_then(|value| notes.wording(value, around.knobs));
    let options = fields.need("options").and_then(|value| {
        let items = notes.list(value, Counted::Options, 2..=5)?;
        let answers: Vec<_> = items.iter().map(|item| answer(item, around, notes)).collect();
        answers.into_iter().collect::<Option<Vec<_>>>()
    });
    let place = fields.get("when").map_or(fields.span(), Value::span);
    fields.close(notes);
    let prediction = Prediction {
        when: when?,
        ask: ask?,
        options: options?,
    };
    Some((prediction, place))
}

fn answer(value: &Value<'_>, around: Surroundings<'_>, notes: &mut Notes<'_>) -> Option<Answer<Wording>> {
    let mut fields = Fields::open(value, &["text", "claim", "belief"], Wanted::Table, notes)?;
    let text = fields.need("text").and_then(|value| notes.wording(value, around.knobs));
    let claim = fields.need("claim").and_then(|value| {
        let fields = Fields::open(value, &CLAIMS, Wanted::Table, notes)?;
        claim(&fields, around, notes)
    });
    let belief = fields.get("belief").map(|value| notes.wording(value, around.knobs));
    fields.close(notes);
    Some(Answer {
        text: text?,
        claim: claim?.claim,
        belief: belief.flatten(),
    })
}
