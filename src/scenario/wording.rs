//! Texts that know the knobs: what is said under given settings.
//!
//! ```toml
//! title = [
//!   { when = "lost == last", en = "…", zh = "…" },
//!   { en = "…", zh = "…" },              # otherwise
//! ]
//! ```
//!
//! `{size}` in a text is what the knob `size` is set to.

use super::{
    Answer, Arg, Condition, Knob, KnobKind, Link, Named, Plan, Prediction, Scenario, Setting, Settings, Stop, Text,
};
use crate::words;

/// A text that may be another one under other settings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wording(pub Vec<Worded>);

/// What is said where a condition holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Worded {
    /// Where it does not hold, the next one is asked.
    pub when: Condition,
    /// What is said.
    pub text: Text,
}

/// The texts of a whole scenario under given settings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Texts {
    /// One line: the point of the demonstration.
    pub title: Text,
    /// What to watch.
    pub sees: Text,
    /// The cause, to be told after the run.
    pub why: Text,
}

impl Wording {
    /// The first text whose condition holds; the reader has seen to it that one does.
    #[must_use]
    pub fn under(&self, settings: &Settings) -> Text {
        let said = self.0.iter().find(|worded| worded.when.holds(settings));
        said.map_or_else(Text::default, |worded| Text {
            en: filled(&worded.text.en, settings),
            zh: filled(&worded.text.zh, settings),
        })
    }
}

impl From<Text> for Wording {
    fn from(text: Text) -> Self {
        let when = Condition::default();
        Self(vec![Worded { when, text }])
    }
}

/// `{name}` of a number is replaced by what it is set to; all else stands as it is written.
fn filled(text: &str, settings: &Settings) -> String {
    let mut text = text.to_owned();
    for (name, value) in settings.iter() {
        if let Setting::Number(number) = value {
            text = text.replace(&format!("{{{name}}}"), &words::grouped(*number));
        }
    }
    text
}

/// The names in braces that could be meant for a knob: `{size}`. With where they begin, in bytes.
pub(super) fn braced(text: &str) -> Vec<(usize, &str)> {
    let name = |rest: &str| {
        let inner = rest.split_once('}')?.0.len();
        rest.get(..inner)
            .filter(|name| name.starts_with(|c: char| c.is_ascii_lowercase()))
            .filter(|name| {
                name.chars()
                    .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_.".contains(c))
            })
            .map(str::len)
    };
    text.match_indices('{')
        .filter_map(|(at, _)| {
            let rest = &text[at + 1..];
            Some((at, &rest[..name(rest)?]))
        })
        .collect()
}

impl Prediction<Wording> {
    pub(super) fn under(&self, settings: &Settings) -> Prediction {
        let options = self.options.iter().map(|option| Answer {
            text: option.text.under(settings),
            claim: option.claim.clone(),
            belief: option.belief.as_ref().map(|belief| belief.under(settings)),
        });
        Prediction {
            when: self.when.clone(),
            ask: self.ask.under(settings),
            options: options.collect(),
        }
    }
}

impl Stop<Wording> {
    pub(super) fn under(&self, settings: &Settings) -> Stop {
        Stop {
            when: self.when.clone(),
            after: self.after,
            look: self.look.under(settings),
        }
    }
}

impl Scenario {
    /// What is said of it under these settings.
    #[must_use]
    pub fn texts(&self, settings: &Settings) -> Texts {
        Texts {
            title: self.title.under(settings),
            sees: self.sees.under(settings),
            why: self.why.under(settings),
        }
    }

    /// Everything that is said of it under these settings, each with what it is.
    #[must_use]
    pub fn said(&self, settings: &Settings) -> Vec<(&'static str, Text)> {
        let plan = Plan::new(self, settings);
        let Texts { title, sees, why } = plan.texts;
        let mut said = vec![("title", title), ("sees", sees), ("why", why)];
        for prediction in plan.predictions {
            said.push(("ask", prediction.ask));
            for option in prediction.options {
                said.push(("option", option.text));
                said.extend(option.belief.map(|belief| ("belief", belief)));
            }
        }
        said.extend(plan.stops.into_iter().map(|stop| ("stop", stop.look)));
        said
    }

    /// The defaults with one knob turned: to each of its choices, and to both ends of its range. What joins the
    /// endpoints is such a knob where the file leaves it open.
    #[must_use]
    pub fn turned(&self) -> Vec<Settings> {
        let one = |knob: &Knob, value: Setting| {
            let mut settings = self.defaults();
            settings.insert(&knob.name, value);
            settings
        };
        let all = self.knobs.iter().flat_map(|knob| {
            let values = match &knob.kind {
                KnobKind::Toggle { default } => vec![Setting::Toggle(!default)],
                KnobKind::Number { min, max, .. } => vec![Setting::Number(*min), Setting::Number(*max)],
                KnobKind::Choice { options, .. } => options.iter().cloned().map(Setting::Choice).collect(),
                // Whose files there are, no scenario can know.
                KnobKind::File { .. } => vec![],
            };
            values.into_iter().map(move |value| one(knob, value))
        });
        let defaults = self.defaults();
        let mut turned: Vec<Settings> = all.filter(|settings| *settings != defaults).collect();
        if let (Arg::Knob(name), Arg::Fixed(_)) = (&self.link, &self.transport) {
            let mut settings = defaults;
            settings.insert(name, Setting::Choice(Link::Wire.name().to_owned()));
            turned.push(settings);
        }
        turned
    }
}
