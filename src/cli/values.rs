//! What the arguments may be.

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::builder::{OsStringValueParser, PossibleValue, StyledStr, TypedValueParser};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ColorChoice, Command, ValueEnum};

use crate::config::Theme;
use crate::words::Lang;

/// Which scenario is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// One that comes with the lab, if there is one of this id.
    Id(String),
    /// The one in this file.
    File(PathBuf),
}

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ColorWish {
    /// On a terminal, unless NO_COLOR is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// For whom a run is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For people.
    Text,
    /// For people who hear it: a line an event, and nothing drawn.
    Spoken,
    /// For programs.
    Json,
}

impl fmt::Display for Which {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => id.fmt(f),
            Self::File(path) => path.display().fmt(f),
        }
    }
}

impl From<OsString> for Which {
    fn from(typed: OsString) -> Self {
        let path = Path::new(&typed);
        // A name with nothing but itself in it has an empty parent; `./x` and `/x` have another, or none.
        let bare = path.parent() == Some(Path::new("")) && !typed.as_encoded_bytes().ends_with(b"/");
        if bare && path.extension() != Some(OsStr::new("toml")) {
            typed
                .into_string()
                .map_or_else(|typed| Self::File(typed.into()), Self::Id)
        } else {
            Self::File(typed.into())
        }
    }
}

impl From<ColorWish> for ColorChoice {
    fn from(wish: ColorWish) -> Self {
        match wish {
            ColorWish::Auto => Self::Auto,
            ColorWish::Always => Self::Always,
            ColorWish::Never => Self::Never,
        }
    }
}

// By hand, because what is derived would take the comments of the variants into the help, where Chinese has none.

impl ValueEnum for Lang {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::En, Self::Zh]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(name(*self)))
    }
}

impl ValueEnum for ColorWish {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::Auto, Self::Always, Self::Never]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(match self {
            Self::Auto => "auto",
            Self::Always => "always",
            Self::Never => "never",
        }))
    }
}

impl ValueEnum for Theme {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::Dark, Self::Light]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(match self {
            Self::Dark => "dark",
            Self::Light => "light",
        }))
    }
}

impl ValueEnum for Format {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::Text, Self::Spoken, Self::Json]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(match self {
            Self::Text => "text",
            Self::Spoken => "spoken",
            Self::Json => "json",
        }))
    }
}

pub fn name(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "en",
        Lang::Zh => "zh",
    }
}

pub fn which() -> impl TypedValueParser<Value = Which> {
    OsStringValueParser::new().map(Which::from)
}

/// `KNOB=VALUE`. clap's own error about bytes that are no text does not say which argument they stand in.
#[derive(Debug, Clone)]
pub struct KnobValue;

impl TypedValueParser for KnobValue {
    type Value = (String, String);

    fn parse_ref(&self, command: &Command, arg: Option<&Arg>, typed: &OsStr) -> Result<Self::Value, clap::Error> {
        if typed.to_str().is_some() {
            return knob_value.parse_ref(command, arg, typed);
        }
        let refuse = |_: &str| Err::<Self::Value, _>(NOT_UTF8);
        refuse.parse_ref(command, arg, OsStr::new(&*typed.to_string_lossy()))
    }
}

const NOT_UTF8: &str = "it is no UTF-8: give the file a name without such bytes, or copy it, and set that path";

fn knob_value(typed: &str) -> Result<(String, String), &'static str> {
    match typed.split_once('=') {
        Some((knob, value)) if !knob.is_empty() && !value.is_empty() => Ok((knob.to_owned(), value.to_owned())),
        _ => Err("KNOB=VALUE is wanted, for example count=5"),
    }
}

pub fn pace(typed: &str) -> Result<Duration, &'static str> {
    const WANTED: &str = "a number of seconds from 0 to 60 is wanted, for example 0.5";
    let seconds: f64 = typed.parse().map_err(|_| WANTED)?;
    // NaN is in no range.
    if (0.0..=60.0).contains(&seconds) {
        Duration::try_from_secs_f64(seconds).map_err(|_| WANTED)
    } else {
        Err(WANTED)
    }
}

/// The path of a file of one's own. A word that is no path was meant to be a command.
#[derive(Debug, Clone)]
pub struct OwnFile;

impl TypedValueParser for OwnFile {
    type Value = PathBuf;

    fn parse_ref(&self, command: &Command, _: Option<&Arg>, typed: &OsStr) -> Result<PathBuf, clap::Error> {
        match Which::from(typed.to_owned()) {
            Which::File(path) => Ok(path),
            Which::Id(word) if command.find_subcommand(&word).is_some() => Err(command_beside_files(command, &word)),
            Which::Id(word) => Err(no_command(command, word)),
        }
    }
}

/// Said when files are followed by a command.
pub fn command_beside_files(command: &Command, word: &str) -> clap::Error {
    let mut error = clap::Error::new(ErrorKind::ArgumentConflict).with_cmd(command);
    error.insert(ContextKind::InvalidSubcommand, ContextValue::String(word.to_owned()));
    let files = command.get_positionals().next().map(ToString::to_string);
    error.insert(ContextKind::PriorArg, ContextValue::String(files.unwrap_or_default()));
    with_usage(error, command)
}

/// What clap says itself where no file could stand.
fn no_command(command: &Command, word: String) -> clap::Error {
    let mut error = clap::Error::new(ErrorKind::InvalidSubcommand).with_cmd(command);
    let names = command.get_subcommands().map(Command::get_name);
    // The same measure that clap takes.
    let near = names
        .filter(|name| strsim::jaro(&word, name) > 0.7)
        .map(str::to_owned)
        .collect();
    error.insert(ContextKind::InvalidSubcommand, ContextValue::String(word));
    error.insert(ContextKind::SuggestedSubcommand, ContextValue::Strings(near));
    with_usage(error, command)
}

fn with_usage(mut error: clap::Error, command: &Command) -> clap::Error {
    let usage: StyledStr = command.clone().render_usage();
    error.insert(ContextKind::Usage, ContextValue::StyledStr(usage));
    error
}
