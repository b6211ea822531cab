//! What a teacher may change before a run.

use std::collections::BTreeMap;
use std::fmt;

use super::Text;

/// One thing that can be changed.
#[derive(Debug, Clone)]
pub struct Knob {
    /// The name a teacher types after `--set`.
    pub name: String,
    /// What it does, in one line.
    pub label: Text,
    /// Its default and what else it may be.
    pub kind: KnobKind,
}

/// The default of a knob and what else it may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KnobKind {
    /// On or off.
    Toggle {
        /// The default.
        default: bool,
    },
    /// A whole number from `min` to `max`, both included.
    Number {
        /// The default.
        default: u64,
        /// Smallest value.
        min: u64,
        /// Largest value.
        max: u64,
    },
    /// One of these words.
    Choice {
        /// The default.
        default: String,
        /// All of them.
        options: Vec<String>,
    },
}

/// The value of one knob.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Setting {
    /// On or off.
    Toggle(bool),
    /// A number.
    Number(u64),
    /// A word.
    Choice(String),
}

/// A value for every knob of a scenario.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings(BTreeMap<String, Setting>);

/// Why a value cannot be given to a knob.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SettingError {
    /// There is no knob of this name.
    NoSuchKnob {
        /// What was asked for.
        name: String,
        /// The knobs there are.
        known: Vec<String>,
    },
    /// The knob cannot have this value.
    NotAllowed {
        /// The knob.
        name: String,
        /// What was asked for.
        value: String,
        /// What it may be, for example `1 to 1024` or `true, false`.
        allowed: String,
    },
}

impl Knob {
    /// The knob's default.
    #[must_use]
    pub fn default(&self) -> Setting {
        match &self.kind {
            KnobKind::Toggle { default } => Setting::Toggle(*default),
            KnobKind::Number { default, .. } => Setting::Number(*default),
            KnobKind::Choice { default, .. } => Setting::Choice(default.clone()),
        }
    }

    /// Whether the knob may have this value.
    #[must_use]
    pub fn allows(&self, value: &Setting) -> bool {
        match (&self.kind, value) {
            (KnobKind::Toggle { .. }, Setting::Toggle(_)) => true,
            (KnobKind::Number { min, max, .. }, Setting::Number(n)) => (min..=max).contains(&n),
            (KnobKind::Choice { options, .. }, Setting::Choice(word)) => options.contains(word),
            _ => false,
        }
    }

    /// What the knob may be, in words that need no translation.
    #[must_use]
    pub fn allowed(&self) -> String {
        match &self.kind {
            KnobKind::Toggle { .. } => "true, false".to_owned(),
            KnobKind::Number { min, max, .. } => format!("{min}..{max}"),
            KnobKind::Choice { options, .. } => options.join(", "),
        }
    }

    /// Reads a value as typed.
    ///
    /// # Errors
    /// [`SettingError::NotAllowed`] if the knob cannot have it.
    pub fn parse(&self, typed: &str) -> Result<Setting, SettingError> {
        let value = match &self.kind {
            KnobKind::Toggle { .. } => typed.parse().ok().map(Setting::Toggle),
            KnobKind::Number { .. } => typed.parse().ok().map(Setting::Number),
            KnobKind::Choice { .. } => Some(Setting::Choice(typed.to_owned())),
        };
        value
            .filter(|value| self.allows(value))
            .ok_or_else(|| SettingError::NotAllowed {
                name: self.name.clone(),
                value: typed.to_owned(),
                allowed: self.allowed(),
            })
    }
}

impl Settings {
    /// Every knob at its default.
    #[must_use]
    pub fn defaults(knobs: &[Knob]) -> Self {
        Self(knobs.iter().map(|knob| (knob.name.clone(), knob.default())).collect())
    }

    /// Changes one knob, with the value as a teacher types it.
    ///
    /// # Errors
    /// If there is no such knob or it cannot have the value.
    pub fn set(&mut self, knobs: &[Knob], name: &str, typed: &str) -> Result<(), SettingError> {
        let Some(knob) = knobs.iter().find(|knob| knob.name == name) else {
            let known = knobs.iter().map(|knob| knob.name.clone()).collect();
            return Err(SettingError::NoSuchKnob {
                name: name.to_owned(),
                known,
            });
        };
        self.0.insert(name.to_owned(), knob.parse(typed)?);
        Ok(())
    }

    /// Puts in a value that is known to be allowed.
    pub fn insert(&mut self, name: &str, value: Setting) {
        self.0.insert(name.to_owned(), value);
    }

    /// The value of a knob.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Setting> {
        self.0.get(name)
    }

    /// Names and values, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Setting)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Toggle(on) => on.fmt(f),
            Self::Number(n) => n.fmt(f),
            Self::Choice(word) => word.fmt(f),
        }
    }
}
