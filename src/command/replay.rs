//! `lab replay`: a saved run, told again.

use std::io::{BufReader, IsTerminal};

use indicatif::{ProgressBar, ProgressStyle};

use super::interrupt::Interrupt;
use super::output::Output;
use super::{Exit, Failure, open, run, why};
use crate::cli::ReplayArgs;
use crate::trace::{Trace, file};
use crate::words::commands as words;

/// Reads a trace and tells it.
pub fn replay(args: &ReplayArgs, output: &Output, interrupt: &Interrupt) -> Result<Exit, Failure> {
    let story = run::understand(read(args, output)?, output.lang())?;
    let shape = run::shape(args.format, args.ladder);
    run::tell(&story, shape, args.pace.unwrap_or_default(), output, interrupt)
}

/// Reads a trace.
pub fn read(args: &ReplayArgs, output: &Output) -> Result<Trace, Failure> {
    let lang = output.lang();
    let name = args.file.display().to_string();
    let file = open::regular(&args.file, lang)
        .map_err(|error| Failure::new(words::cannot_read(lang, &name, &open::why_unreadable(&error, lang))))?;
    let progress = progress(file.metadata().map_or(0, |about| about.len()));
    let read = file::read(&mut BufReader::new(progress.wrap_read(file)));
    progress.finish_and_clear();
    read.map_err(|error| {
        Failure::with_help(
            words::bad_trace(lang, &name, &why::trace(&error, lang)),
            words::bad_trace_help(lang),
        )
    })
}

/// A bar on standard error while a long file is read; on a terminal only.
fn progress(bytes: u64) -> ProgressBar {
    if bytes < LONG || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:30} {bytes}/{total_bytes}");
    ProgressBar::new(bytes).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

/// A file of so many bytes takes a moment to read.
const LONG: u64 = 4 << 20;
