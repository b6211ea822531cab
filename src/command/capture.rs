//! `lab run --pcapng`: the packets of a run as a file for Wireshark.

use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use super::output::Output;
use super::{Failure, target};
use crate::cli::RunArgs;
use crate::pcapng::{Interface, Outbound, Writer, is_pcapng};
use crate::report::{Look, comment};
use crate::runner::capture::Capture;
use crate::scenario::{Plan, Scenario, Settings};
use crate::story::Story;
use crate::wire::ADDRESSES;
use crate::words::{self, Lang, capture as said};

/// Refuses what cannot come to anything, before anything is run. The scenario is linked already.
pub fn check(args: &RunArgs, scenario: &Scenario, settings: &Settings, output: &Output) -> Result<(), Failure> {
    let Some(path) = &args.pcapng else { return Ok(()) };
    let lang = output.lang();
    let name = path.display().to_string();
    if Plan::new(scenario, settings).wire.is_none() {
        let what = said::without_wire(lang, &scenario.id);
        return Err(if scenario.goes_over_wire() {
            Failure::with_help(what, said::add_wire(lang))
        } else {
            Failure::new(what)
        });
    }
    if args.save.as_ref().is_some_and(|save| target::is_same(save, path)) {
        return Err(Failure::new(said::same_file(lang, &name)));
    }
    let would_overwrite = || Failure::new(said::would_overwrite(lang, &name));
    target::check(
        path,
        &|start| start.is_empty() || is_pcapng(start),
        &would_overwrite,
        output,
    )
}

/// Where the packets are kept until the story is known.
pub fn spool() -> io::Result<Arc<Capture>> {
    Capture::new().map(Arc::new)
}

/// Writes the packets of a run, each with what the story says of it.
pub fn write(capture: &Capture, story: &Story, look: &Look, path: &Path) -> io::Result<()> {
    target::write_with(path, &mut |out| section(capture, story, look, out))
}

fn section(capture: &Capture, story: &Story, look: &Look, out: &mut dyn Write) -> io::Result<()> {
    let lang = look.lang;
    let scenario = &story.scenario;
    let application = format!("lab {}", env!("CARGO_PKG_VERSION"));
    let title = story.plan.texts.title.get(lang);
    let mut writer = Writer::begin(out, &application, &said::section(lang, &scenario.id, title))?;
    let mut interfaces = Vec::new();
    for end in 0..ADDRESSES.len() {
        interfaces.push(interface(&mut writer, story, end, lang)?);
    }
    capture.read(&mut |kept, bytes| {
        let comment = comment::comment(story, kept.number, look);
        writer.packet(&Outbound {
            interface: interfaces[usize::from(kept.from.0) % 2],
            at: kept.at,
            bytes,
            comment: comment.as_deref(),
        })
    })?;
    writer.finish().map(drop)
}

/// An end of the wire. Several endpoints may be at it, one a connection.
fn interface<W: Write>(writer: &mut Writer<W>, story: &Story, end: usize, lang: Lang) -> io::Result<Interface> {
    let names = || story.trace.head.endpoints.iter().skip(end).step_by(2);
    let who: Vec<String> = names().map(|name| words::endpoint(lang, name)).collect();
    let name = names().map(String::as_str).collect::<Vec<_>>().join("+");
    let description = said::interface(lang, &words::list(lang, &who), &ADDRESSES[end].to_string());
    writer.interface(&name, &description)
}
