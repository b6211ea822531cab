//! The command line: what can be typed, what it means, and the help, in English and in Chinese.
//!
//! Nothing is done here. [`parse`] turns arguments into [`Args`], and whoever called it acts on them. Usage errors and
//! help come back as a [`clap::Error`], which knows its text, its stream and its exit code.

mod chinese;
mod fold;
#[cfg(test)]
mod tests;

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::iter::once;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::builder::{OsStringValueParser, PossibleValue, StyledStr, Styles, TypedValueParser};
use clap::{Arg, ArgAction, ColorChoice, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum, ValueHint};
use clap_complete::Shell;

use crate::words::Lang;

// The comments on the types below, down to `Format`, are the English help: first paragraph for -h, all for --help.

/// See what sockets do: which send each byte came from, in which buffer it lies, which recv took it
///
/// Runs small scenarios over real TCP and UDP sockets on the loopback of this machine. Shows which send each byte came
/// from, in which buffer it lies and which recv took it, and checks whether what must be seen was seen.
#[derive(Debug, Clone, PartialEq, Parser)]
#[command(name = "lab", version, after_long_help = AFTER_LAB)]
#[command(
    disable_help_flag = true,
    disable_version_flag = true,
    disable_help_subcommand = true
)]
pub struct Args {
    /// Language of everything that is printed; default: the locale's
    ///
    /// Without this option the first of LAB_LANG, LC_ALL, LC_MESSAGES and LANG that is set and not empty decides:
    /// Chinese if it begins with zh, otherwise English.
    #[arg(long, global = true, value_name = "LANG", value_enum, default_value_t = Lang::En)]
    #[arg(hide_default_value = true, help_heading = GLOBAL)]
    pub lang: Lang,

    /// When to use colour
    ///
    /// auto uses colour on a terminal unless NO_COLOR is set; always and never mean what they say, whatever NO_COLOR
    /// is.
    #[arg(long, global = true, value_name = "WHEN", value_enum, default_value_t = ColorWish::Auto)]
    #[arg(help_heading = GLOBAL)]
    pub color: ColorWish,

    /// Draw with ASCII characters only
    ///
    /// For terminals and fonts without box-drawing characters. Texts and payloads are printed as they are.
    #[arg(long, global = true, help_heading = GLOBAL)]
    pub ascii: bool,

    /// What to do; nothing if only `lab` was typed.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What the lab is asked to do.
#[derive(Debug, Clone, PartialEq, Subcommand)]
pub enum Command {
    /// List the scenarios
    ///
    /// Each with its id, its point in one line, and its knobs with their defaults and what else they may be.
    #[command(after_long_help = AFTER_LIST)]
    List {
        /// Print JSON instead of text
        #[arg(long)]
        json: bool,
    },
    /// Run a scenario and tell what happened
    ///
    /// Opens the sockets, does the steps of the scenario one after another, and tells each event: which bytes a call
    /// sent or took, and what lay in which queue. At the end it says whether what must be seen was seen, and why.
    #[command(after_long_help = AFTER_RUN)]
    Run(RunArgs),
    /// Tell a saved run again
    ///
    /// Reads a file that `lab run --save` wrote and tells it as the run itself was told. No socket is opened and the
    /// scenario's file is not needed.
    #[command(after_long_help = AFTER_REPLAY)]
    Replay(ReplayArgs),
    /// Run scenarios and say only whether what must be seen was seen
    ///
    /// Each scenario is run with the defaults of its knobs and with every contrast that it names.
    #[command(after_long_help = AFTER_CHECK)]
    Check(CheckArgs),
    /// Tell what this machine offers the lab and what is missing
    ///
    /// Looks at the kernel, the loopback addresses, the permissions and the terminal. For what is missing it says what
    /// cannot be shown without it and what to do about it.
    #[command(after_long_help = AFTER_DOCTOR)]
    Doctor,
    /// Print the completions for a shell
    ///
    /// Where the script belongs depends on the shell; the example is for bash.
    #[command(after_long_help = AFTER_COMPLETIONS)]
    Completions {
        /// The shell that is to complete the lab's arguments
        #[arg(value_name = "SHELL", value_enum)]
        shell: Shell,
    },
    /// Print the manual page
    ///
    /// In roff, as man(1) reads it.
    #[command(after_long_help = AFTER_MAN)]
    Man,
}

/// What `lab run` was given.
#[derive(Debug, Clone, PartialEq, clap::Args)]
pub struct RunArgs {
    /// Id of a scenario (see `lab list`), or the path of a .toml file
    ///
    /// What ends in .toml or contains a slash is a path; everything else is an id.
    #[arg(value_name = "SCENARIO", value_parser = which(), value_hint = ValueHint::FilePath)]
    pub scenario: Which,

    /// Print text instead of opening the screen
    ///
    /// The same as --format text. Until the lab has a screen, text is printed with or without this option.
    #[arg(long)]
    pub no_tui: bool,

    /// Print the run as text, or as JSON for programs
    ///
    /// json prints JSON lines: every event, and the verdict last. Default: text, until the lab has a screen.
    #[arg(long, value_name = "FORMAT", value_enum)]
    pub format: Option<Format>,

    /// Change a knob; may be given more than once
    ///
    /// `lab list` shows the knobs of each scenario, their defaults and what else they may be. Of two values for one
    /// knob the last counts.
    #[arg(long = "set", value_name = "KNOB=VALUE", value_parser = knob_value)]
    pub settings: Vec<(String, String)>,

    /// Save the run, to be told again by `lab replay`
    ///
    /// The file carries the scenario with it.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub save: Option<PathBuf>,

    /// Seconds to leave between two lines, at least
    ///
    /// A decimal number from 0 to 60, for example 0.5.
    #[arg(long, value_name = "SECONDS", value_parser = pace, default_value = "0", allow_negative_numbers = true)]
    pub pace: Duration,

    /// Use ::1 instead of the address family that the scenario names
    #[arg(long)]
    pub ipv6: bool,
}

/// What `lab replay` was given.
#[derive(Debug, Clone, PartialEq, clap::Args)]
pub struct ReplayArgs {
    /// A file that `lab run --save` wrote
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub file: PathBuf,

    /// Print the run as text, or as JSON for programs
    ///
    /// json prints JSON lines: every event, and the verdict last. Default: text, until the lab has a screen.
    #[arg(long, value_name = "FORMAT", value_enum)]
    pub format: Option<Format>,

    /// Seconds to leave between two lines, at least
    ///
    /// A decimal number from 0 to 60, for example 0.5.
    #[arg(long, value_name = "SECONDS", value_parser = pace, default_value = "0", allow_negative_numbers = true)]
    pub pace: Duration,

    /// Print text instead of opening the screen
    ///
    /// The same as --format text. Until the lab has a screen, text is printed with or without this option.
    #[arg(long)]
    pub no_tui: bool,
}

/// What `lab check` was given.
#[derive(Debug, Clone, PartialEq, clap::Args)]
pub struct CheckArgs {
    /// Ids of scenarios, or paths of .toml files; default: every scenario that comes with the lab
    #[arg(value_name = "SCENARIO", value_parser = which(), value_hint = ValueHint::FilePath)]
    pub scenarios: Vec<Which>,

    /// How often to run each, from 1 to 1000000
    ///
    /// Says how often each held; one run that did not is told with its reason.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    #[arg(default_value_t = 1, allow_negative_numbers = true)]
    pub repeat: u32,

    /// Use ::1 instead of the address family that the scenario names
    #[arg(long)]
    pub ipv6: bool,
}

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
    /// For programs.
    Json,
}

/// The whole command with help in the language.
///
/// clap breaks lines at spaces, of which Chinese has few. So this command leaves the lines of its Chinese help whole,
/// and [`parse`] folds them to the terminal: to print help, parse `--help`.
#[must_use]
pub fn command(lang: Lang) -> clap::Command {
    let english = Args::command()
        .mut_arg("lang", |arg| arg.default_value(name(lang)))
        .arg(
            Arg::new("help")
                .short('h')
                .long("help")
                .global(true)
                .action(ArgAction::Help)
                .help_heading(GLOBAL)
                .help("Print a summary; --help prints everything, with examples")
                .long_help("Print all this; -h prints a summary"),
        )
        .arg(
            Arg::new("version")
                .short('V')
                .long("version")
                .action(ArgAction::Version)
                .help_heading(GLOBAL)
                .help("Print the version"),
        )
        .subcommand(
            clap::Command::new(HELP)
                .about("Print the help of the lab or of a command")
                .long_about("Print the help of the lab or of a command. The same as --help after the command.")
                .after_long_help(AFTER_HELP)
                .arg(
                    Arg::new(HELP_ABOUT)
                        .value_name("COMMAND")
                        .help("The command; default: the lab as a whole"),
                ),
        );
    headings_styled(match lang {
        Lang::En => english,
        Lang::Zh => chinese::translated(english),
    })
}

/// Reads the arguments; the first one is the program's name, as from [`std::env::args_os`].
///
/// # Errors
/// A usage error, or the text of `--help` or `--version`. Whoever gets it prints it and exits with its
/// [`exit_code`](clap::Error::exit_code): 2 for a usage error, 0 for a text that was asked for. A usage error told in
/// Chinese has lost its [`kind`](clap::Error::kind), but not its stream and its exit code.
pub fn parse(
    args: impl IntoIterator<Item = OsString>,
    env: &dyn Fn(&str) -> Option<String>,
) -> Result<Args, clap::Error> {
    let args: Vec<OsString> = args.into_iter().collect();
    let lang = language(&args, env);
    let color = given::<ColorWish>(&args, "--color").unwrap_or_default().into();
    let command = command(lang).color(color);
    match lang {
        Lang::En => read(&command, args),
        Lang::Zh => read(&command, args).map_err(|error| chinese::told(error, width(env), color)),
    }
}

/// The language to speak: of `--lang`, also when the rest cannot be parsed; then of LAB_LANG; then of the locale.
///
/// Of LC_ALL, LC_MESSAGES and LANG the first that is not empty counts (POSIX.1-2024, 8.2).
#[must_use]
pub fn language(args: &[OsString], env: &dyn Fn(&str) -> Option<String>) -> Lang {
    given(args, "--lang").unwrap_or_else(|| {
        let locale = ["LAB_LANG", "LC_ALL", "LC_MESSAGES", "LANG"]
            .into_iter()
            .filter_map(env)
            .find(|value| !value.is_empty());
        match locale {
            Some(locale) if locale.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("zh")) => Lang::Zh,
            _ => Lang::En,
        }
    })
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

impl ValueEnum for Format {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::Text, Self::Json]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(match self {
            Self::Text => "text",
            Self::Json => "json",
        }))
    }
}

fn name(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "en",
        Lang::Zh => "zh",
    }
}

fn read(command: &clap::Command, args: Vec<OsString>) -> Result<Args, clap::Error> {
    let matches = command.clone().try_get_matches_from(args)?;
    if let Some((HELP, asked)) = matches.subcommand() {
        // clap's own help command cannot be given a Chinese text. Here `help run` is read as `run --help`.
        let about = asked.get_one::<String>(HELP_ABOUT).map(String::as_str);
        let again = once("lab").chain(about).chain(once("--help"));
        command.clone().try_get_matches_from(again)?;
    }
    Args::from_arg_matches(&matches)
}

/// The value of an option in arguments that may not parse.
fn given<T: ValueEnum>(args: &[OsString], option: &str) -> Option<T> {
    let mut args = args.iter().map_while(|arg| (arg != "--").then(|| arg.to_str()));
    while let Some(arg) = args.next() {
        let value = match arg.and_then(|arg| arg.strip_prefix(option)) {
            Some("") => args.next().flatten(),
            Some(rest) => rest.strip_prefix('='),
            None => None,
        };
        if let Some(value) = value.and_then(|value| T::from_str(value, false).ok()) {
            return Some(value);
        }
    }
    None
}

/// How wide the terminal is, found as clap finds it for the English help.
fn width(env: &dyn Fn(&str) -> Option<String>) -> usize {
    terminal_size::terminal_size()
        .map(|(width, _)| width.0.into())
        .or_else(|| env("COLUMNS")?.parse().ok())
        .unwrap_or(100)
}

fn which() -> impl TypedValueParser<Value = Which> {
    OsStringValueParser::new().map(Which::from)
}

fn knob_value(typed: &str) -> Result<(String, String), &'static str> {
    match typed.split_once('=') {
        Some((knob, value)) if !knob.is_empty() && !value.is_empty() => Ok((knob.to_owned(), value.to_owned())),
        _ => Err("KNOB=VALUE is wanted, for example count=5"),
    }
}

fn pace(typed: &str) -> Result<Duration, &'static str> {
    const WANTED: &str = "a number of seconds from 0 to 60 is wanted, for example 0.5";
    let seconds: f64 = typed.parse().map_err(|_| WANTED)?;
    // NaN is in no range.
    if (0.0..=60.0).contains(&seconds) {
        Duration::try_from_secs_f64(seconds).map_err(|_| WANTED)
    } else {
        Err(WANTED)
    }
}

/// Gives the headings in the closing texts the look of clap's own headings.
fn headings_styled(command: clap::Command) -> clap::Command {
    let styles = Styles::default();
    let header = styles.get_header();
    let closing = command.get_after_long_help().map(|text| {
        let lines = text.to_string();
        let lines = lines.lines().map(|line| {
            if line.starts_with(|c: char| !c.is_whitespace()) && line.ends_with(':') {
                format!("{header}{line}{header:#}")
            } else {
                line.to_owned()
            }
        });
        StyledStr::from(lines.collect::<Vec<_>>().join("\n"))
    });
    match closing {
        Some(closing) => command.after_long_help(closing),
        None => command,
    }
    .mut_subcommands(headings_styled)
}

const GLOBAL: &str = "Global options";
const HELP: &str = "help";
const HELP_ABOUT: &str = "command";

const AFTER_LAB: &str = "\
Examples:
  lab list                           what there is to see
  lab run nagle                      run a scenario
  lab run nagle --set nodelay=true   the same with one knob changed
  lab run nagle --save nagle.run     keep the run
  lab replay nagle.run --pace 1      tell it again, a line a second
  lab check                          run everything and say only whether it held

Exit codes:
  0    everything expected was observed
  1    something else was observed
  2    it could not run or tell: usage, bad scenario, missing permission
  130  interrupted

Environment:
  LAB_LANG                   the language, if --lang is not given
  LC_ALL, LC_MESSAGES, LANG  the locale, if LAB_LANG is not set either
  NO_COLOR                   no colour, unless --color says always";

const AFTER_LIST: &str = "\
Example:
  lab list --json   every scenario with its knobs, for programs";

const AFTER_RUN: &str = "\
Examples:
  lab run short-recv                          with the defaults
  lab run nagle --set gap=ack --set count=5   with two knobs changed
  lab run ./mine.toml --pace 0.5              your own scenario, slowly
  lab run nagle --format json                 for programs

Exit codes:
  0    everything expected was observed
  1    something else was observed
  2    it could not run or tell: usage, bad scenario, missing permission
  130  interrupted";

const AFTER_REPLAY: &str = "\
Example:
  lab replay nagle.run --pace 1   a line a second

Exit codes:
  0    everything expected had been observed
  1    something else had been observed
  2    it could not be told: usage, unreadable file
  130  interrupted";

const AFTER_CHECK: &str = "\
Examples:
  lab check                      everything that comes with the lab, once
  lab check nagle --repeat 100   one scenario, a hundred times
  lab check ./mine.toml --ipv6   your own scenario, over ::1

Exit codes:
  0    everything expected was observed, every time
  1    something else was observed at least once
  2    it could not run or tell: usage, bad scenario, missing permission
  130  interrupted";

const AFTER_DOCTOR: &str = "\
Example:
  lab doctor";

const AFTER_COMPLETIONS: &str = "\
Example:
  lab completions bash > ~/.local/share/bash-completion/completions/lab";

const AFTER_MAN: &str = "\
Example:
  lab man | man -l -";

const AFTER_HELP: &str = "\
Example:
  lab help run";
