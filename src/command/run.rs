//! `lab run`: one run, told.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::interrupt::Interrupt;
use super::open;
use super::output::{Output, Printed};
use super::progress::Progress;
use super::{Exit, Failure, capture, no_wire, target, why};
use crate::cli::{Format, RunArgs};
use crate::report::line::{Line, plain};
use crate::report::text::Passage;
use crate::report::{Look, json, text};
use crate::runner::capture::Capture;
use crate::runner::{self, Control, RunError};
use crate::scenario::{Family, Named, Plan, Scenario, Settings};
use crate::story::Story;
use crate::trace::{Ending, Head, Link, Trace};
use crate::words::capture as said;
use crate::words::{Lang, commands as words, errors, wire};

/// Runs a scenario, saves it if wanted, and tells it.
pub fn run(args: &RunArgs, output: &Output, interrupt: &Interrupt) -> Result<Exit, Failure> {
    let (name, scenario) = open::scenario(&args.scenario, output)?;
    open::check_family(&scenario, args.ipv6, output)?;
    let scenario = open::linked(scenario, args.link, args.ipv6, output)?;
    let settings = open::settings(&scenario, &args.settings, output)?;
    if args.ladder && Plan::new(&scenario, &settings).wire.is_none() {
        return Err(no_packets(output));
    }
    if let Some(path) = &args.save {
        target::check_run(path, output)?;
    }
    capture::check(args, &scenario, &settings, output)?;
    let capture = args.pcapng.as_ref().map(|_| capture::spool()).transpose();
    let capture =
        capture.map_err(|error| Failure::new(said::no_room(output.lang(), &errors::system(output.lang(), &error))))?;
    let made = Made {
        name: &name,
        scenario: &scenario,
        settings: &settings,
        ipv6: args.ipv6,
        capture: capture.clone(),
    };
    let trace = trace_anyway(&made, output, interrupt)?;
    // Saved before it is printed, so that a reader who closes the pipe does not lose the file; but if that fails, the
    // run is told all the same.
    let saved = args.save.as_deref().map_or(Ok(()), |path| save(&trace, path, output));
    let story = understand(trace, output.lang())?;
    let captured = match (&capture, &args.pcapng) {
        (Some(capture), Some(path)) => written(capture::write(capture, &story, output.look(), path), path, output),
        _ => Ok(()),
    };
    let shape = shape(args.format, args.ladder);
    let exit = tell(&story, shape, args.pace.unwrap_or_default(), output, interrupt)?;
    saved.and(captured).map(|()| exit)
}

fn save(trace: &Trace, path: &Path, output: &Output) -> Result<(), Failure> {
    written(target::write(trace, path), path, output)
}

fn written(written: io::Result<()>, path: &Path, output: &Output) -> Result<(), Failure> {
    let name = path.display().to_string();
    written.map_err(|error| {
        Failure::new(words::cannot_write(
            output.lang(),
            &name,
            &open::why_unwritable(&error, output.lang()),
        ))
    })
}

/// What a run is made of.
pub struct Made<'a> {
    /// The scenario's file.
    pub name: &'a str,
    pub scenario: &'a Scenario,
    pub settings: &'a Settings,
    pub ipv6: bool,
    /// Keeps the packets, if they are wanted.
    pub capture: Option<Arc<Capture>>,
}

/// Does the scenario and keeps what happened.
pub fn trace(made: &Made<'_>, output: &Output, interrupt: &Interrupt) -> Result<Trace, Failure> {
    trace_of(made, output, interrupt).map_err(|error| not_run(&error, output))
}

/// The same; but where a wire is wanted, there is none, and the scenario shows its point over loopback too, that is
/// better than nothing, and is said.
fn trace_anyway(made: &Made<'_>, output: &Output, interrupt: &Interrupt) -> Result<Trace, Failure> {
    // What was asked for is packets.
    let instead = made
        .scenario
        .without_wire(made.settings)
        .filter(|_| made.capture.is_none());
    match (trace_of(made, output, interrupt), instead) {
        (Err(RunError::Wire(error)), Some(settings)) => {
            let alone = Made {
                settings: &settings,
                capture: None,
                ..*made
            };
            let mut trace = trace(&alone, output, interrupt)?;
            trace.head.no_wire = Some(error.to_string());
            Ok(trace)
        }
        (made, _) => made.map_err(|error| not_run(&error, output)),
    }
}

fn trace_of(made: &Made<'_>, output: &Output, interrupt: &Interrupt) -> Result<Trace, RunError> {
    let mut plan = Plan::new(made.scenario, made.settings);
    if made.ipv6 {
        plan.family = Family::Ipv6;
    }
    let progress = Progress::of(&plan, output.lang());
    let control = Control {
        interrupt: Some(interrupt.fd()),
        feed: progress.as_ref().map(Progress::feed),
        capture: made.capture.clone(),
        ..Control::default()
    };
    let outcome = runner::run(&plan, &control);
    drop(control);
    if let Some(progress) = progress {
        progress.clear();
    }
    let outcome = outcome?;
    let head = head(made.name, made.scenario, made.settings, &plan, false);
    Ok(Trace {
        head,
        events: outcome.events,
        ending: outcome.ending,
    })
}

/// Why there is no run, and what to do.
pub fn not_run(error: &RunError, output: &Output) -> Failure {
    let lang = output.lang();
    match error {
        RunError::Wire(error) => Failure {
            is_about_this_machine: true,
            ..Failure::with_help(
                words::no_wire(lang, &no_wire::why(error, lang)),
                no_wire::remedy(error, lang),
            )
        },
        error => Failure {
            is_about_this_machine: true,
            ..Failure::new(words::cannot_run(lang, &why::run(error, lang)))
        },
    }
}

/// Where a run is made and of what.
pub fn head(name: &str, scenario: &Scenario, settings: &Settings, plan: &Plan, stepped: bool) -> Head {
    let system = rustix::system::uname();
    let (system, release) = (system.sysname().to_string_lossy(), system.release().to_string_lossy());
    Head {
        lab: env!("CARGO_PKG_VERSION").to_owned(),
        system: format!("{system} {release}"),
        transport: plan.transport.name().to_owned(),
        family: plan.family.name().to_owned(),
        endpoints: plan.endpoints.iter().map(|endpoint| endpoint.name.clone()).collect(),
        file: name.to_owned(),
        no_wire: None,
        link: plan.wire.map_or(Link::Loopback, |_| Link::Wire),
        scenario: scenario.source.clone(),
        knobs: settings
            .iter()
            .map(|(name, value)| (name.to_owned(), value.kept()))
            .collect(),
        stepped,
    }
}

/// As what a run is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Lines to be read.
    Text,
    /// Lines to be heard.
    Spoken,
    /// The same with the packets as a sequence diagram.
    Ladder,
    /// JSON lines.
    Json,
}

/// What was asked for.
pub fn shape(format: Option<Format>, ladder: bool) -> Shape {
    match format {
        Some(Format::Json) => Shape::Json,
        Some(Format::Spoken) => Shape::Spoken,
        _ if ladder => Shape::Ladder,
        _ => Shape::Text,
    }
}

fn no_packets(output: &Output) -> Failure {
    let lang = output.lang();
    Failure::with_help(wire::no_packets(lang), wire::no_packets_help(lang))
}

/// Works out what a trace means.
pub fn understand(trace: Trace, lang: Lang) -> Result<Story, Failure> {
    Story::tell(trace).map_err(|error| Failure::new(error.told(lang)))
}

/// Tells a run, live or saved: this is the one path for both.
pub fn tell(
    story: &Story,
    shape: Shape,
    pace: Duration,
    output: &Output,
    interrupt: &Interrupt,
) -> Result<Exit, Failure> {
    let passages = match shape {
        Shape::Ladder if story.packets.all().is_empty() => return Err(no_packets(output)),
        Shape::Ladder => text::ladder_passages(story, output.look()),
        Shape::Text => text::passages(story, output.look()),
        Shape::Spoken => text::passages(story, &Look::spoken(output.lang())),
        Shape::Json => {
            let mut bytes = Vec::new();
            json::write(story, &mut bytes).map_err(|error| Failure::printing(&error, output))?;
            let text = String::from_utf8_lossy(&bytes);
            let line = |(index, line): (usize, &str)| Passage {
                pauses: u32::from(index > 0),
                lines: vec![Line(vec![plain(line)])],
            };
            text.lines().enumerate().map(line).collect()
        }
    };
    let printed = output.passages(&passages, pace, Some(interrupt.fd()))?;
    if printed == Printed::Interrupted || story.trace.ending == Ending::Interrupted {
        return Ok(Exit::Interrupted);
    }
    Ok(exit(story))
}

/// The exit code that a run deserves.
pub fn exit(story: &Story) -> Exit {
    if story.verdict.held() {
        Exit::Held
    } else if story.verdict.failed() {
        Exit::NotHeld
    } else {
        Exit::CouldNotRun
    }
}
