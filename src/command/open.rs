//! Finds the scenario somebody named, and puts its knobs where they want them.

use std::fs::{File, FileType};
use std::io::{self, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use super::Failure;
use super::output::Output;
use crate::cli::{Link, Which};
use crate::folder::check_name;
use crate::report::beat::name_fault;
use crate::scenario::catalogue::{embedded, find};
use crate::scenario::knob::{BUILT_IN, SettingError, file_name};
use crate::scenario::nearest::nearest;
use crate::scenario::plan::Task;
use crate::scenario::program::{SendFile, Source};
use crate::scenario::read::{LONGEST_FILE, read};
use crate::scenario::{Arg, Family, Named, Plan, Program, Scenario, Setting, Settings};
use crate::words::commands as words;
use crate::words::{Lang, errors, grouped, names};

/// Reads the scenario; returns the name of its file too.
pub fn scenario(which: &Which, output: &Output) -> Result<(String, Scenario), Failure> {
    let lang = output.lang();
    let (name, text) = match which {
        Which::Id(id) => match find(id) {
            Some(embedded) => (embedded.file.to_owned(), embedded.text.to_owned()),
            None => return Err(unknown(id, output)),
        },
        Which::File(path) => {
            let name = path.display().to_string();
            let text = text(path, LONGEST_FILE, lang)
                .map_err(|error| Failure::new(words::cannot_read(lang, &name, &why_unreadable(&error, lang))))?;
            (name, text)
        }
    };
    match read(&name, &text) {
        Ok(scenario) => Ok((name, scenario)),
        Err(problems) => Err(Failure::bare(problems.render(lang, output.color()))),
    }
}

/// The scenario with what was asked for to join its endpoints.
pub fn linked(scenario: Scenario, link: Option<Link>, ipv6: bool, output: &Output) -> Result<Scenario, Failure> {
    let lang = output.lang();
    match link {
        Some(Link::Loopback) if scenario.link == Arg::Fixed(WIRE) => {
            Err(Failure::new(words::only_on_a_wire(lang, &scenario.id)))
        }
        None | Some(Link::Loopback) => Ok(scenario),
        Some(Link::Wire) if !scenario.goes_over_wire() || ipv6 => {
            Err(Failure::new(words::not_on_a_wire(lang, &scenario.id)))
        }
        Some(Link::Wire) => Ok(scenario.over_wire()),
    }
}

const WIRE: crate::scenario::Link = crate::scenario::Link::Wire;

/// The name of a scenario's file, as [`scenario`] returns it; `None` if there is no such scenario.
pub fn name(which: &Which) -> Option<String> {
    match which {
        Which::Id(id) => find(id).map(|embedded| embedded.file.to_owned()),
        Which::File(path) => Some(path.display().to_string()),
    }
}

/// Refuses ::1 for a scenario that is about the other family alone.
pub fn check_family(scenario: &Scenario, ipv6: bool, output: &Output) -> Result<(), Failure> {
    if ipv6 && is_other_family(scenario) {
        let family = scenario.family.name();
        return Err(Failure::new(words::only_its_family(
            output.lang(),
            &scenario.id,
            family,
        )));
    }
    Ok(())
}

/// Whether what it claims need not hold over ::1.
pub fn is_other_family(scenario: &Scenario) -> bool {
    scenario.only_family && scenario.family != Family::Ipv6
}

/// The defaults, with what was set on the command line.
pub fn settings(scenario: &Scenario, wishes: &[(String, String)], output: &Output) -> Result<Settings, Failure> {
    let lang = output.lang();
    let mut settings = scenario.defaults();
    let all = scenario.all_knobs();
    for (name, value) in wishes {
        settings.set(&all, name, value).map_err(|error| match error {
            SettingError::NoSuchKnob { name, known } => {
                // Those that no file writes are not offered first.
                let known: Vec<String> = known.into_iter().take(scenario.knobs.len()).collect();
                let near = nearest(&name, known.iter().map(String::as_str));
                let help = match near {
                    Some(near) => words::did_you_mean(lang, near),
                    None if known.is_empty() => words::no_knobs(lang),
                    None => words::knobs_are(lang, &names(lang, &known.join(", "))),
                };
                Failure::with_help(words::no_knob(lang, &name, &scenario.id), help)
            }
            SettingError::NotAllowed { name, value, allowed } => {
                Failure::new(words::knob_value(lang, &name, &value, &names(lang, &allowed)))
            }
        })?;
    }
    for (_, setting) in settings.iter() {
        if let Setting::File(path) = setting
            && path != BUILT_IN
        {
            check_file(Path::new(path), lang)?;
        }
    }
    check_sent(&Plan::new(scenario, &settings), lang).map_err(Failure::new)?;
    Ok(settings)
}

/// Refuses a file that is to be sent and that the other side could not keep, or that cannot be changed as is wanted.
pub fn check_sent(plan: &Plan, lang: Lang) -> Result<(), String> {
    for step in &plan.steps {
        let Task::Run(Program::SendFile(SendFile {
            source: Source::Path(path),
            flip,
            ..
        })) = &step.task
        else {
            continue;
        };
        if let Err(fault) = check_name(&file_name(path)) {
            let path = path.escape_debug().to_string();
            return Err(words::cannot_be_sent(lang, &path, &name_fault(fault, lang)));
        }
        if *flip && Path::new(path).metadata().is_ok_and(|file| file.len() == 0) {
            return Err(words::nothing_to_flip(lang, &path.escape_debug().to_string()));
        }
    }
    Ok(())
}

/// Refuses a file that could not be read, before anything runs.
fn check_file(path: &Path, lang: Lang) -> Result<(), Failure> {
    match regular(path, lang) {
        Ok(_) => Ok(()),
        Err(error) => {
            let name = path.display().to_string();
            Err(Failure::new(words::cannot_read(
                lang,
                &name,
                &why_unreadable(&error, lang),
            )))
        }
    }
}

fn unknown(id: &str, output: &Output) -> Failure {
    let lang = output.lang();
    let ids = embedded().iter().map(|embedded| embedded.id);
    // Somebody who types the name of a file in this folder without its ending means the file.
    let file = format!("{id}.toml");
    let help = match nearest(id, ids) {
        Some(near) => words::did_you_mean(lang, near),
        None if Path::new(&file).is_file() => words::did_you_mean(lang, &file),
        None => words::see_list(lang),
    };
    Failure::with_help(words::no_scenario(lang, id), help)
}

/// Opens a file for reading; a pipe or a device could keep the lab waiting without end.
pub fn regular(path: &Path, lang: Lang) -> io::Result<File> {
    // Looked at before it is opened, because opening a device can do something; and after, because another file may have
    // come into its place. Opening a pipe does not wait (open(2), O_NONBLOCK), and of a file that makes no difference.
    is_regular(path.metadata()?.file_type(), lang)?;
    let file = File::options().read(true).custom_flags(libc::O_NONBLOCK).open(path)?;
    is_regular(file.metadata()?.file_type(), lang)?;
    Ok(file)
}

fn is_regular(kind: FileType, lang: Lang) -> io::Result<()> {
    if kind.is_file() {
        return Ok(());
    }
    let why = if kind.is_dir() {
        words::is_a_folder(lang)
    } else {
        words::is_no_file(lang)
    };
    Err(io::Error::new(io::ErrorKind::InvalidInput, why))
}

/// Why a file cannot be read, in words where it is something that happens; else as the system says it.
pub fn why_unreadable(error: &io::Error, lang: Lang) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => words::no_such_file(lang),
        io::ErrorKind::PermissionDenied => words::not_permitted(lang),
        io::ErrorKind::IsADirectory => words::is_a_folder(lang),
        _ => errors::system(lang, error),
    }
}

/// Why a file cannot be written: one that is not there could be made, but not its folder.
pub fn why_unwritable(error: &io::Error, lang: Lang) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => words::no_such_folder(lang),
        _ => why_unreadable(error, lang),
    }
}

/// The text of a file of at most so many bytes. Of one that is longer only the length is looked at.
pub fn text(path: &Path, longest: usize, lang: Lang) -> io::Result<String> {
    let mut bytes = Vec::new();
    let file = regular(path, lang)?;
    let length = file.metadata()?.len();
    if length > longest as u64 {
        let why = words::too_long(lang, &grouped(length), longest / 1024);
        return Err(io::Error::new(io::ErrorKind::InvalidData, why));
    }
    file.take(longest as u64 + 1).read_to_end(&mut bytes)?;
    String::from_utf8(bytes).map_err(|_| io::Error::new(io::ErrorKind::InvalidData, words::not_utf8(lang)))
}
