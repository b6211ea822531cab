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
    /// What each of its values means, by the value as it is typed. One without a label speaks for itself.
    pub labels: BTreeMap<String, Text>,
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
    /// A file of the user's. The default is none of theirs: so many letters, which the lab makes ([`BUILT_IN`]).
    File {
        /// How many letters.
        letters: u64,
    },
}

/// The value of a file knob that is no path: the file that the lab makes.
pub const BUILT_IN: &str = "built-in";

/// The value of one knob.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Setting {
    /// On or off.
    Toggle(bool),
    /// A number.
    Number(u64),
    /// A word.
    Choice(String),
    /// The path of a file, as it was typed; or [`BUILT_IN`]. Of a saved run the file's name alone is kept.
    File(String),
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
            KnobKind::File { .. } => Setting::File(BUILT_IN.to_owned()),
        }
    }

    /// What a value means.
    #[must_use]
    pub fn meaning(&self, value: &Setting) -> Option<&Text> {
        self.labels.get(&value.to_string())
    }

    /// The values that can be named one by one: choices, on and off.
    #[must_use]
    pub fn values(&self) -> Vec<Setting> {
        match &self.kind {
            KnobKind::Toggle { .. } => vec![Setting::Toggle(false), Setting::Toggle(true)],
            KnobKind::Choice { options, .. } => options.iter().cloned().map(Setting::Choice).collect(),
            KnobKind::Number { .. } | KnobKind::File { .. } => vec![],
        }
    }

    /// Whether the knob may have this value.
    #[must_use]
    pub fn allows(&self, value: &Setting) -> bool {
        match (&self.kind, value) {
            (KnobKind::Toggle { .. }, Setting::Toggle(_)) => true,
            (KnobKind::Number { min, max, .. }, Setting::Number(n)) => (min..=max).contains(&n),
            (KnobKind::Choice { options, .. }, Setting::Choice(word)) => options.contains(word),
            // Whether there is such a file is for whoever reads it to say.
            (KnobKind::File { .. }, Setting::File(path)) => !path.is_empty(),
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
            KnobKind::File { .. } => format!("{BUILT_IN}, PATH"),
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
            KnobKind::File { .. } => Some(Setting::File(typed.to_owned())),
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

impl Setting {
    /// What a saved run keeps of it: of a path the file's name.
    #[must_use]
    pub fn kept(&self) -> String {
        match self {
            Self::File(path) if path != BUILT_IN => file_name(path),
            other => other.to_string(),
        }
    }
}

/// The name of the file that a path leads to.
#[must_use]
pub fn file_name(path: &str) -> String {
    let name = std::path::Path::new(path).file_name();
    name.map_or_else(|| path.to_owned(), |name| name.to_string_lossy().into_owned())
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Toggle(on) => on.fmt(f),
            Self::Number(n) => n.fmt(f),
            Self::Choice(word) | Self::File(word) => word.fmt(f),
        }
    }
}
