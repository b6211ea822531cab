//! `lab replay`: a saved run, told again.

use std::io::BufReader;

use super::interrupt::Interrupt;
use super::output::Output;
use super::{Exit, Failure, open, run};
use crate::cli::ReplayArgs;
use crate::trace::{Trace, file};
use crate::words::commands as words;

/// Reads a trace and tells it.
pub fn replay(args: &ReplayArgs, output: &Output, interrupt: &Interrupt) -> Result<Exit, Failure> {
    let trace = read(args, output)?;
    run::tell(trace, args.format, args.pace.unwrap_or_default(), output, interrupt)
}

/// Reads a trace.
pub fn read(args: &ReplayArgs, output: &Output) -> Result<Trace, Failure> {
    let lang = output.lang();
    let name = args.file.display().to_string();
    let file = open::regular(&args.file, lang)
        .map_err(|error| Failure::new(words::cannot_read(lang, &name, &error.to_string())))?;
    file::read(&mut BufReader::new(file)).map_err(|error| {
        Failure::with_help(
            words::bad_trace(lang, &name, &error.to_string()),
            words::bad_trace_help(lang),
        )
    })
}
