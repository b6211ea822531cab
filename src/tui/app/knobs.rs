//! Knobs, changed in place before the next run.

use super::super::keys::Action;
use super::App;
use crate::scenario::{Knob, KnobKind, Setting, Settings};

/// Where the cursor is, and what is being typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KnobCursor {
    /// Index of the knob.
    pub at: usize,
    /// Digits typed for a number that is not whole yet.
    pub typed: String,
}

/// The value before or after the one a knob has; numbers stop at their ends, words go round.
#[must_use]
pub fn turned(knob: &Knob, settings: &Settings, forwards: bool) -> Setting {
    let now = settings.get(&knob.name).cloned().unwrap_or_else(|| knob.default());
    match (&knob.kind, &now) {
        (KnobKind::Toggle { .. }, Setting::Toggle(on)) => Setting::Toggle(!on),
        (KnobKind::Number { min, max, .. }, Setting::Number(n)) => {
            let next = if forwards {
                n.saturating_add(1)
            } else {
                n.saturating_sub(1)
            };
            Setting::Number(next.clamp(*min, *max))
        }
        (KnobKind::Choice { options, .. }, Setting::Choice(word)) => {
            let at = options.iter().position(|option| option == word).unwrap_or(0);
            let step = if forwards { 1 } else { options.len().saturating_sub(1) };
            let next = options.get((at + step) % options.len().max(1));
            next.map_or(now, |word| Setting::Choice(word.clone()))
        }
        _ => now,
    }
}

impl KnobCursor {
    /// A digit for a number knob. The value follows as soon as what is typed is one that the knob may have.
    pub fn type_digit(&mut self, knob: &Knob, settings: &mut Settings, digit: char) {
        if !matches!(knob.kind, KnobKind::Number { .. }) || self.typed.len() >= 9 {
            return;
        }
        self.typed.push(digit);
        if let Ok(value) = knob.parse(&self.typed) {
            settings.insert(&knob.name, value);
        }
    }

    /// Whether what is typed is no value yet.
    #[must_use]
    pub fn is_unfinished(&self, knob: &Knob) -> bool {
        !self.typed.is_empty() && knob.parse(&self.typed).is_err()
    }

    /// Moves to another knob.
    pub fn move_by(&mut self, by: isize, knobs: usize) {
        self.typed.clear();
        self.at = self.at.saturating_add_signed(by).min(knobs.saturating_sub(1));
    }
}

impl App {
    /// What keys do to the knobs.
    pub(super) fn act_on_knobs(&mut self, action: Action) {
        let Some(lab) = &mut self.lab else { return };
        let knobs = lab.scenario.knobs.len();
        let Some(knob) = lab.scenario.knobs.get(lab.cursor.at).cloned() else {
            return;
        };
        match action {
            Action::Up => lab.cursor.move_by(-1, knobs),
            Action::Down => lab.cursor.move_by(1, knobs),
            Action::Less | Action::More => {
                lab.cursor.typed.clear();
                let value = turned(&knob, &lab.settings, action == Action::More);
                lab.set(&knob.name, value);
            }
            Action::Default => {
                lab.cursor.typed.clear();
                lab.set(&knob.name, knob.default());
            }
            Action::DeleteLast => {
                lab.cursor.typed.pop();
            }
            _ => {}
        }
    }
}

/// Settings that differ from these in one knob: what can be compared with them. Numbers offer what the scenario's
/// contrasts name, and their ends.
#[must_use]
pub fn variants(knobs: &[Knob], contrasts: &[Settings], now: &Settings) -> Vec<(String, Setting)> {
    let mut variants = Vec::new();
    for knob in knobs {
        let current = now.get(&knob.name).cloned().unwrap_or_else(|| knob.default());
        let mut values: Vec<Setting> = match &knob.kind {
            KnobKind::Toggle { .. } => vec![Setting::Toggle(true), Setting::Toggle(false)],
            KnobKind::Choice { options, .. } => options.iter().cloned().map(Setting::Choice).collect(),
            // Which files there are is not the screen's business; only back to the one that is always there.
            KnobKind::File { .. } => vec![knob.default()],
            KnobKind::Number { default, min, max } => {
                let named = contrasts.iter().filter_map(|contrast| match contrast.get(&knob.name) {
                    Some(Setting::Number(n)) => Some(*n),
                    _ => None,
                });
                let mut numbers: Vec<u64> = named.chain([*default, *min, *max]).collect();
                numbers.sort_unstable();
                numbers.dedup();
                numbers.into_iter().map(Setting::Number).collect()
            }
        };
        values.retain(|value| *value != current);
        variants.extend(values.into_iter().map(|value| (knob.name.clone(), value)));
    }
    variants
}

#[cfg(test)]
mod tests;
