//! Texts that may depend on the knobs, and the words by which a scenario is found.

use toml::de::DeValue;

use super::fields::{Fields, Notes, Value};
use super::knobs::Knobs;
use super::{MOST_SEARCH_WORDS, MOST_WORDINGS};
use crate::scenario::problem::{Counted, Impossible, KnobProblem, ShapeProblem, Wanted};
use crate::scenario::wording::braced;
use crate::scenario::{KnobKind, Scenario, Text, Worded, Wording};
use crate::words::Lang;

impl Notes<'_> {
    /// A text in both languages; or a list of such texts, each with the condition under which it is said, and the last
    /// one without.
    pub(super) fn wording(&mut self, value: &Value<'_>, knobs: &Knobs) -> Option<Wording> {
        let DeValue::Array(_) = value.get_ref() else {
            let text = self.translated(value)?;
            self.inserted(&text, value, knobs);
            return Some(text.into());
        };
        let items = self.list(value, Counted::Wordings, 1..=MOST_WORDINGS)?;
        let (mut wording, mut places) = (Vec::new(), Vec::new());
        let mut in_order = true;
        for (index, item) in items.iter().enumerate() {
            let Some(fields) = Fields::open(item, &["when", "en", "zh"], Wanted::Translated, self) else {
                continue;
            };
            let given = fields.get("when");
            // The last one is said wherever no other is.
            let is_last = index + 1 == items.len();
            if is_last != given.is_none() {
                in_order = false;
                let place = given.map_or(item.span(), Value::span);
                self.note::<()>(place, KnobProblem::WordingOrder { is_last });
            }
            let when = self.when(given, knobs);
            let text = self.translation(&fields);
            if let (Some(when), Some(text)) = (when, text) {
                self.inserted(&text, item, knobs);
                wording.push(Worded { when, text });
                places.push(given.map_or(item.span(), Value::span));
            }
        }
        let wording = (in_order && wording.len() == items.len()).then_some(Wording(wording))?;
        self.wordings.push((wording.clone(), places));
        Some(wording)
    }

    /// What a text inserts must be a number that a knob has.
    fn inserted(&mut self, text: &Text, value: &Value<'_>, knobs: &Knobs) {
        for lang in [Lang::En, Lang::Zh] {
            for (_, name) in braced(text.get(lang)) {
                self.used.insert(name.to_owned());
                let is_number = |kind: &KnobKind| matches!(kind, KnobKind::Number { .. });
                // A knob whose declaration is broken has been reported there.
                let known = knobs.find(name).map(|knob| knob.kind().is_none_or(is_number));
                if known != Some(true) {
                    let place = self.place_in(value, &format!("{{{name}}}"));
                    let name = name.to_owned();
                    self.note::<()>(place, KnobProblem::NothingToInsert { name });
                }
            }
        }
    }

    /// Where a piece of a value's text stands, if it stands there as it is.
    fn place_in(&self, value: &Value<'_>, piece: &str) -> std::ops::Range<usize> {
        let span = value.span();
        let found = self.text.get(span.clone()).and_then(|text| text.find(piece));
        found.map_or(span.clone(), |at| span.start + at..span.start + at + piece.len())
    }
}

/// Notes the texts that are said neither under the defaults, nor under a contrast, nor with one knob turned.
pub(super) fn are_said(scenario: &Scenario, notes: &mut Notes<'_>) {
    let mut all = vec![scenario.defaults()];
    all.extend(scenario.contrasts.iter().cloned());
    all.extend(scenario.turned());
    for (wording, places) in std::mem::take(&mut notes.wordings) {
        for (index, place) in places.into_iter().enumerate() {
            let first = |settings| wording.0.iter().position(|worded| worded.when.holds(settings));
            if !all.iter().any(|settings| first(settings) == Some(index)) {
                notes.note::<()>(place, Impossible::NeverSaid);
            }
        }
    }
}

/// Reads `words`.
pub(super) fn search_words(value: Option<&Value<'_>>, notes: &mut Notes<'_>) -> Option<Vec<String>> {
    let Some(value) = value else {
        return Some(Vec::new());
    };
    let items = notes.list(value, Counted::SearchWords, 1..=MOST_SEARCH_WORDS)?;
    let mut words = Vec::new();
    for item in items {
        words.push(match notes.string(item, Wanted::String) {
            Some(word) if word.trim().is_empty() => notes.note(item.span(), ShapeProblem::Empty),
            word => word.map(str::to_owned),
        });
    }
    words.into_iter().collect()
}
