//! What each command does: reads what it needs, runs, prints, and says with which code to exit.

mod capture;
mod check;
mod configuration;
mod doctor;
mod fingerprint;
mod interrupt;
mod list;
mod live;
mod no_wire;
mod open;
mod output;
mod pack;
mod progress;
mod replay;
mod run;
mod screen;
mod shell;
mod target;
mod why;

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::Arc;

use crate::cli::{self, Args, Command};
use crate::scenario::catalogue;
use crate::words::commands as words;
use crate::words::errors;
use crate::words::visible::{tame, tame_lines};
use configuration::Configuration;
use interrupt::Interrupt;
use output::Output;
use screen::Screen;

/// How a command ended, as an exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Everything expected was observed.
    Held = 0,
    /// Something else was.
    NotHeld = 1,
    /// It could not run, or not decide.
    CouldNotRun = 2,
    /// Ctrl-C.
    Interrupted = 130,
    /// SIGHUP, or a terminal that is gone.
    HungUp = 129,
    /// SIGQUIT.
    Quit = 131,
    /// SIGTERM.
    Terminated = 143,
}

/// Why a command could not do its work: a text for standard error.
#[derive(Debug)]
pub struct Failure {
    /// What went wrong.
    message: String,
    /// What to do about it.
    help: Option<String>,
    /// The message is complete as it is: no prefix is put before it.
    bare: bool,
    /// It is this machine that lacks something; elsewhere the same would work.
    is_about_this_machine: bool,
}

/// Runs the lab with these arguments, the program's name first.
#[must_use]
pub fn main(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let env = |name: &str| std::env::var(name).ok();
    let args: Vec<OsString> = args.into_iter().collect();
    if let Some(exit) = helper(&args) {
        return exit;
    }
    failing_writes_fail();
    let configuration = Configuration::load(&|name| std::env::var_os(name), cli::language(&args, &env, None));
    let configured = configuration.config.lang;
    let args = match cli::parse(args.clone(), &env, configured) {
        Ok(args) => args,
        Err(error) => {
            // A pipe that is closed early is no reason to complain.
            let _ = error.print();
            if let Some(id) = args.get(1).and_then(|arg| catalogue::find(arg.to_str()?)) {
                let meant = format!("lab run {}", id.id);
                let _ = writeln!(
                    io::stderr(),
                    "\n  {}",
                    words::did_you_mean(cli::language(&args, &env, configured), &meant)
                );
            }
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    let output = Output::new(&args, configuration.config.glyphs);
    let exit = match perform(&args, &configuration, &output) {
        Ok(exit) => exit,
        Err(failure) => {
            output.complain(&failure);
            Exit::CouldNotRun
        }
    };
    ExitCode::from(exit as u8)
}

/// Beyond RLIMIT_FSIZE write(2) fails with EFBIG, if SIGXFSZ does not end the program without a word (setrlimit(2)): so it
/// is caught from the start. A program that is started has it as ever.
fn failing_writes_fail() {
    // It can be caught on every system that has it.
    let _ = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, Arc::default());
}

/// This process is to be the helper that makes a wire's ends, and nothing else.
#[cfg(all(target_os = "linux", not(lab_portable)))]
fn helper(args: &[OsString]) -> Option<ExitCode> {
    use crate::wire::networks;
    let (first, rest) = args.get(1..)?.split_first()?;
    if first != networks::ARGUMENT {
        return None;
    }
    let rest: Vec<String> = rest.iter().map(|arg| arg.to_string_lossy().into_owned()).collect();
    // Whoever has started it is told through standard input, and not told if that is no lab.
    let code = match networks::run(&rest) {
        Ok(()) => Exit::Held,
        Err(_) => Exit::CouldNotRun,
    };
    Some(ExitCode::from(code as u8))
}

/// There is no wire on this system, and no helper.
#[cfg(not(all(target_os = "linux", not(lab_portable))))]
fn helper(_: &[OsString]) -> Option<ExitCode> {
    None
}

fn perform(args: &Args, configuration: &Configuration, output: &Output) -> Result<Exit, Failure> {
    let goes_on = matches!(
        args.command,
        Some(Command::Doctor | Command::Completions { .. } | Command::Man)
    );
    if !goes_on {
        configuration.demand(output)?;
    }
    if args.log.is_some() && !opens_screen(args) {
        return Err(Failure::new(words::log_without_screen(output.lang())));
    }
    let screen = Screen {
        args,
        configuration,
        output,
    };
    match &args.command {
        None => screen.pick(),
        Some(Command::List { markdown: true, .. }) => list::page(output),
        Some(Command::List { json: false, find, .. }) => list::list(find, output),
        Some(Command::List { json: true, find, .. }) => list::json(find, output),
        Some(Command::Run(run)) if run.wants_screen() => screen.run(run),
        Some(Command::Run(run)) => run::run(run, output, &Interrupt::catch(output.lang())?),
        Some(Command::Replay(replay)) if replay.wants_screen() => screen.replay(replay::read(replay, output)?),
        Some(Command::Replay(replay)) => replay::replay(replay, output, &Interrupt::catch(output.lang())?),
        Some(Command::Check(check)) => check::check(check, output, &Interrupt::catch(output.lang())?),
        Some(Command::Doctor) => doctor::doctor(configuration, output),
        Some(Command::Pack(args)) => pack::pack(args, output),
        Some(Command::Unpack(args)) => pack::unpack(args, output),
        Some(Command::Fingerprint(args)) => fingerprint::fingerprint(args, output, &Interrupt::catch(output.lang())?),
        Some(Command::Completions { shell }) => shell::completions(*shell, output),
        Some(Command::Man) => shell::man(output),
    }
}

/// Whether it is told in the screen, if there is a terminal for it.
fn opens_screen(args: &Args) -> bool {
    match &args.command {
        None => true,
        Some(Command::Run(run)) => run.wants_screen(),
        Some(Command::Replay(replay)) => replay.wants_screen(),
        Some(_) => false,
    }
}

impl Failure {
    fn new(message: String) -> Self {
        Self {
            message,
            help: None,
            bare: false,
            is_about_this_machine: false,
        }
    }

    fn with_help(message: String, help: String) -> Self {
        Self {
            message,
            help: Some(help),
            bare: false,
            is_about_this_machine: false,
        }
    }

    /// A text that already says where and what, as the scenario reader's.
    fn bare(message: String) -> Self {
        Self {
            message,
            help: None,
            bare: true,
            is_about_this_machine: false,
        }
    }

    fn printing(error: &io::Error, output: &Output) -> Self {
        Self::new(words::cannot_print(
            output.lang(),
            &errors::system(output.lang(), error),
        ))
    }

    fn print(&self, output: &Output) {
        let mut err = io::stderr().lock();
        // If standard error is gone there is nobody left to tell.
        // Names and values in it come from files and arguments; what ends its lines is its own. A text that says all by
        // itself has colours, and nothing else that is wild.
        let message = if self.bare {
            self.message.clone()
        } else {
            words::error(output.lang()) + &tame_lines(self.message.clone())
        };
        let _ = writeln!(err, "{}", message.trim_end());
        if let Some(help) = &self.help {
            let _ = writeln!(err, "  {}", tame(help.clone()));
        }
    }
}
