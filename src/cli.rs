//! The command line: what can be typed, what it means, and the help, in English and in Chinese.
//!
//! Nothing is done here. [`parse`] turns arguments into [`Args`], and whoever called it acts on them. Usage errors and
//! help come back as a [`clap::Error`], which knows its text, its stream and its exit code.

mod chinese;
mod closing;
mod fold;
#[cfg(test)]
mod tests;
mod values;

use std::ffi::OsString;
use std::iter::once;
use std::path::PathBuf;
use std::time::Duration;

use clap::builder::{StyledStr, Styles};
use clap::{Arg, ArgAction, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum, ValueHint};
use clap_complete::Shell;

use crate::config::Theme;
use crate::words::Lang;
use crate::words::visible::{is_hidden, tame};

pub use values::{ColorWish, Format, Which};

use values::{KnobValue, OwnFile, command_beside_files, name, pace, which};

// The comments on the types below are the English help: first paragraph for -h, all for --help.

/// See what sockets do: which send each byte came from, in which buffer it lies, which recv took it
///
/// Runs small scenarios over real TCP and UDP sockets on the loopback of this machine. Shows which send each byte came
/// from, in which buffer it lies and which recv took it, and checks whether what must be seen was seen.
///
/// Without a command it opens the screen with the list of scenarios, which needs a terminal on standard input and
/// output.
#[derive(Debug, Clone, PartialEq, Parser)]
#[command(name = "lab", version, after_long_help = closing::LAB)]
#[command(
    disable_help_flag = true,
    disable_version_flag = true,
    disable_help_subcommand = true
)]
pub struct Args {
    /// Files of your own scenarios, to be listed too
    ///
    /// A path ends in .toml or contains a slash.
    #[arg(value_name = "FILE", value_parser = OwnFile, value_hint = ValueHint::FilePath)]
    pub files: Vec<PathBuf>,

    /// Language of everything that is printed; default: the locale's
    ///
    /// Without this option LAB_LANG decides, if it is set and not empty; then the configuration file; then the first of
    /// LC_ALL, LC_MESSAGES and LANG that is set and not empty. Of a variable: Chinese if it begins with zh, otherwise
    /// English.
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

    /// Colours of the screen, for a dark or a light background
    ///
    /// Without this option the configuration file decides.
    #[arg(long, global = true, value_name = "THEME", value_enum, help_heading = GLOBAL)]
    pub theme: Option<Theme>,

    /// Write a diagnosis of the screen to this file
    ///
    /// For finding out what went wrong in the screen. What is printed is not logged.
    #[arg(long, global = true, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = GLOBAL)]
    pub log: Option<PathBuf>,

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
    #[command(after_long_help = closing::LIST)]
    List {
        /// Print JSON instead of text
        #[arg(long)]
        json: bool,

        /// Print a page in Markdown instead of text, for teachers
        ///
        /// Of every scenario what to watch, why, the questions with their answers, the stops and the knobs.
        #[arg(long, conflicts_with = "json")]
        markdown: bool,

        /// Only those in which all of these words are found, in either language
        ///
        /// Ids, titles, sections of the tutorials, knobs, programs and search words. Exit code 1 if none is found.
        #[arg(long, value_name = "WORDS", num_args = 1.., conflicts_with = "markdown")]
        find: Vec<String>,
    },
    /// Run a scenario and tell what happened
    ///
    /// Opens the sockets, does the steps of the scenario one after another, and tells each event: which bytes a call
    /// sent or took, and what lay in which queue. At the end it says whether what must be seen was seen, and why.
    ///
    /// If standard input and output are terminals, all this is told in the screen.
    #[command(after_long_help = closing::RUN)]
    Run(RunArgs),
    /// Tell a saved run again
    ///
    /// Reads a file that `lab run --save` wrote and tells it as the run itself was told. No socket is opened and the
    /// scenario's file is not needed.
    ///
    /// If standard input and output are terminals, it is told in the screen.
    #[command(after_long_help = closing::REPLAY)]
    Replay(ReplayArgs),
    /// Run scenarios and say only whether what must be seen was seen
    ///
    /// Each scenario is run with the defaults of its knobs and with every contrast that it names.
    #[command(after_long_help = closing::CHECK)]
    Check(CheckArgs),
    /// Tell what this machine offers the lab and what is missing
    ///
    /// Looks at the kernel, the loopback addresses, the permissions and the terminal. For what is missing it says what
    /// cannot be shown without it and what to do about it.
    #[command(after_long_help = closing::DOCTOR)]
    Doctor,
    /// Pack values as Python's struct does, and show whose each byte is
    ///
    /// Shows the bytes in hex, under them the code of the format that each belongs to, and the padding that belongs to
    /// none; then the same values under another order mark, if that gives other bytes.
    ///
    /// An order mark may stand first: @ or none for this machine's byte order and alignment, = for its byte order
    /// without padding, < little-endian, > big-endian, ! network byte order, which is big-endian. Then codes: b B h H i
    /// I q Q for integers of 1, 2, 4 and 8 bytes, capital letters unsigned; f d for floating-point numbers of 4 and 8; s
    /// for text; x for a byte without a value. A number before a code repeats it; 3s is one text of 3 bytes. Put the
    /// format between single quotes: < > ! mean something to a shell.
    #[command(after_long_help = closing::PACK)]
    Pack(PackArgs),
    /// Unpack bytes as Python's struct does
    ///
    /// Shows which value each field holds. Takes the formats of `lab pack`. Then it shows what the same bytes are under another order mark, if that gives
    /// other values.
    #[command(after_long_help = closing::UNPACK)]
    Unpack(UnpackArgs),
    /// Tell size, times and digests of files
    ///
    /// Path, size, times, MD5 and SHA-256 of each file, so that two copies of a file can be compared. A file is read once
    /// and may be larger than the memory.
    #[command(after_long_help = closing::FINGERPRINT)]
    Fingerprint(FingerprintArgs),
    /// Print the completions for a shell
    ///
    /// Where the script belongs depends on the shell; the example is for bash.
    #[command(after_long_help = closing::COMPLETIONS)]
    Completions {
        /// The shell that is to complete the lab's arguments
        #[arg(value_name = "SHELL", value_enum)]
        shell: Shell,
    },
    /// Print the manual page
    ///
    /// In roff, as man(1) reads it.
    #[command(after_long_help = closing::MAN)]
    Man,
}

/// What `lab run` was given.
#[derive(Debug, Clone, PartialEq, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub struct RunArgs {
    /// Id of a scenario (see `lab list`), or the path of a .toml file
    ///
    /// What ends in .toml or contains a slash is a path; everything else is an id.
    #[arg(value_name = "SCENARIO", value_parser = which(), value_hint = ValueHint::FilePath)]
    pub scenario: Which,

    /// Print text instead of opening the screen
    ///
    /// The same as --format text. It is needed where standard input or output is no terminal: no screen can open there.
    #[arg(long)]
    pub no_tui: bool,

    /// Print the run as text, as text for a screen reader, or as JSON for programs
    ///
    /// spoken prints a line an event and draws nothing, for a voice that reads it aloud. json prints JSON lines: every
    /// event, and the verdict last. With this option the screen stays closed.
    #[arg(long, value_name = "FORMAT", value_enum)]
    pub format: Option<Format>,

    /// Change a knob; may be given more than once
    ///
    /// `lab list` shows the knobs of each scenario, their defaults and what else they may be. Of two values for one
    /// knob the last counts.
    #[arg(long = "set", value_name = "KNOB=VALUE", value_parser = KnobValue)]
    pub settings: Vec<(String, String)>,

    /// Save the run, to be told again by `lab replay`
    ///
    /// The file carries the scenario with it.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub save: Option<PathBuf>,

    /// Write the packets on the wire to a pcapng file, for Wireshark
    ///
    /// Each packet once, when it came onto the wire, with a comment: whose bytes it carries, what it means, what became of it. Needs
    /// --link wire.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub pcapng: Option<PathBuf>,

    /// Print text slowly, with so many seconds before each event
    ///
    /// A decimal number from 0 to 60, for example 0.5. The question comes first and has five times as long, the answer
    /// comes last. With this option the screen stays closed.
    #[arg(long, value_name = "SECONDS", value_parser = pace, allow_negative_numbers = true)]
    pub pace: Option<Duration>,

    /// Join the endpoints over this
    ///
    /// wire puts two private networks with a real TCP/IP stack each at both ends of a wire that the lab carries, so every
    /// packet is seen. For TCP and UDP, on Linux. Then --set wire.mtu=576 and other knobs say what the wire is like.
    #[arg(long, value_name = "LINK", value_enum)]
    pub link: Option<Link>,

    /// Print the packets as a sequence diagram in place of the timeline
    ///
    /// Time runs downwards, an arrow a packet, and at each end what the program does. For runs over a wire. With this
    /// option the screen stays closed.
    #[arg(long, conflicts_with = "format")]
    pub ladder: bool,

    /// Use ::1 instead of the address family that the scenario names
    #[arg(long)]
    pub ipv6: bool,

    /// In the screen, let each step wait for a key
    ///
    /// The steps are done one by one, while the class watches.
    #[arg(long, conflicts_with_all = ["no_tui", "format", "pace", "ladder"])]
    pub stepped: bool,
}

/// What joins the endpoints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Link {
    /// The kernel alone
    Loopback,
    /// A wire of the lab's own
    Wire,
}

/// What `lab replay` was given.
#[derive(Debug, Clone, PartialEq, clap::Args)]
pub struct ReplayArgs {
    /// A file that `lab run --save` wrote
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub file: PathBuf,

    /// Print the run as text, as text for a screen reader, or as JSON for programs
    ///
    /// spoken prints a line an event and draws nothing, for a voice that reads it aloud. json prints JSON lines: every
    /// event, and the verdict last. With this option the screen stays closed.
    #[arg(long, value_name = "FORMAT", value_enum)]
    pub format: Option<Format>,

    /// Print text slowly, with so many seconds before each event
    ///
    /// A decimal number from 0 to 60, for example 0.5. The question comes first and has five times as long, the answer
    /// comes last. With this option the screen stays closed.
    #[arg(long, value_name = "SECONDS", value_parser = pace, allow_negative_numbers = true)]
    pub pace: Option<Duration>,

    /// Print text instead of opening the screen
    ///
    /// The same as --format text. It is needed where standard input or output is no terminal: no screen can open there.
    #[arg(long)]
    pub no_tui: bool,

    /// Print the packets as a sequence diagram in place of the timeline
    ///
    /// Time runs downwards, an arrow a packet, and at each end what the program does. For runs over a wire. With this
    /// option the screen stays closed.
    #[arg(long, conflicts_with = "format")]
    pub ladder: bool,
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

    /// Join the endpoints over this
    ///
    /// wire puts two private networks with a real TCP/IP stack each at both ends of a wire that the lab carries, so every
    /// packet is seen. For TCP and UDP, on Linux. Then --set wire.mtu=576 and other knobs say what the wire is like.
    #[arg(long, value_name = "LINK", value_enum)]
    pub link: Option<Link>,

    /// Use ::1 instead of the address family that the scenario names
    #[arg(long)]
    pub ipv6: bool,
}

/// What `lab pack` was given.
#[derive(Debug, Clone, PartialEq, clap::Args)]
pub struct PackArgs {
    /// Order mark and codes, for example '!I3sf'
    #[arg(value_name = "FORMAT")]
    pub format: String,

    /// A value for each code that takes one
    ///
    /// Integers are decimal or begin with 0x. s takes text, as UTF-8, or bytes as 0x and hex digits.
    /// Behind -- nothing is taken for an option.
    #[arg(value_name = "VALUE", allow_negative_numbers = true)]
    pub values: Vec<String>,

    /// Print JSON instead of text
    #[arg(long)]
    pub json: bool,
}

/// What `lab unpack` was given.
#[derive(Debug, Clone, PartialEq, clap::Args)]
pub struct UnpackArgs {
    /// Order mark and codes, for example '!I3sf'
    #[arg(value_name = "FORMAT")]
    pub format: String,

    /// The bytes: two hex digits each, blanks as you like
    #[arg(value_name = "HEX")]
    pub hex: Vec<String>,

    /// Print JSON instead of text
    #[arg(long)]
    pub json: bool,
}

/// What `lab fingerprint` was given.
#[derive(Debug, Clone, PartialEq, clap::Args)]
pub struct FingerprintArgs {
    /// The files
    ///
    /// Regular files only: a folder, a pipe or a device has no content of its own that could be compared.
    #[arg(value_name = "FILE", required = true, value_hint = ValueHint::FilePath)]
    pub files: Vec<PathBuf>,

    /// Print JSON instead of text
    #[arg(long)]
    pub json: bool,
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
                .after_long_help(closing::HELP)
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

/// Reads the arguments; the first one is the program's name, as from [`std::env::args_os`]. `configured` is the
/// language of the user's configuration.
///
/// # Errors
/// A usage error, or the text of `--help` or `--version`. Whoever gets it prints it and exits with its
/// [`exit_code`](clap::Error::exit_code): 2 for a usage error, 0 for a text that was asked for. A usage error told in
/// Chinese has lost its [`kind`](clap::Error::kind), but not its stream and its exit code.
pub fn parse(
    args: impl IntoIterator<Item = OsString>,
    env: &dyn Fn(&str) -> Option<String>,
    configured: Option<Lang>,
) -> Result<Args, clap::Error> {
    let args: Vec<OsString> = args.into_iter().collect();
    let lang = language(&args, env, configured);
    let color = given::<ColorWish>(&args, "--color").unwrap_or_default().into();
    let command = command(lang).color(color);
    read(&command, args.clone()).map_err(|error| {
        let error = seen(&command, &args).unwrap_or(error);
        match lang {
            Lang::En => error,
            Lang::Zh => chinese::told(error, width(env), color),
        }
    })
}

/// The error that is told where the arguments have something in them that could steer a terminal or hide: clap repeats
/// them as they are, so it is asked again with that written out.
fn seen(command: &clap::Command, args: &[OsString]) -> Option<clap::Error> {
    let written = |arg: &OsString| {
        let text = arg.to_string_lossy();
        let is_hidden = text.chars().any(is_hidden);
        is_hidden.then(|| OsString::from(tame(text.into_owned())))
    };
    let all: Vec<Option<OsString>> = args.iter().map(written).collect();
    if all.iter().all(Option::is_none) {
        return None;
    }
    let args = all
        .into_iter()
        .zip(args)
        .map(|(seen, arg)| seen.unwrap_or_else(|| arg.clone()));
    // What is written out is longer, but no more right.
    let again = read(command, args.collect());
    Some(
        again
            .err()
            .unwrap_or_else(|| clap::Error::new(clap::error::ErrorKind::InvalidValue)),
    )
}

/// The language to speak: of `--lang`, also when the rest cannot be parsed; then of LAB_LANG; then the configured one;
/// then of the locale.
///
/// Of LC_ALL, LC_MESSAGES and LANG the first that is not empty counts (POSIX.1-2024, 8.2).
#[must_use]
pub fn language(args: &[OsString], env: &dyn Fn(&str) -> Option<String>, configured: Option<Lang>) -> Lang {
    let first = |names: &[&str]| {
        let value = names
            .iter()
            .filter_map(|name| env(name))
            .find(|value| !value.is_empty())?;
        let chinese = value.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("zh"));
        Some(if chinese { Lang::Zh } else { Lang::En })
    };
    given(args, "--lang")
        .or_else(|| first(&["LAB_LANG"]))
        .or(configured)
        .or_else(|| first(&["LC_ALL", "LC_MESSAGES", "LANG"]))
        .unwrap_or(Lang::En)
}

impl RunArgs {
    /// Whether the run is to be told in the screen, if there is a terminal for it.
    #[must_use]
    pub fn wants_screen(&self) -> bool {
        !self.no_tui && !self.ladder && self.format.is_none() && self.pace.is_none()
    }
}

impl ReplayArgs {
    /// Whether the run is to be told in the screen, if there is a terminal for it.
    #[must_use]
    pub fn wants_screen(&self) -> bool {
        !self.no_tui && !self.ladder && self.format.is_none() && self.pace.is_none()
    }
}

fn read(command: &clap::Command, args: Vec<OsString>) -> Result<Args, clap::Error> {
    let matches = command.clone().try_get_matches_from(args)?;
    if let (Some(word), Some(_)) = (matches.subcommand_name(), matches.get_many::<PathBuf>(FILES)) {
        let mut command = command.clone();
        command.build();
        return Err(command_beside_files(&command, word));
    }
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
const FILES: &str = "files";
const HELP: &str = "help";
const HELP_ABOUT: &str = "command";
