//! Files that the user wants written: looked at before anything is run, so that a slip costs neither the run nor a file.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use signal_hook::consts::SIGXFSZ;

use super::output::Output;
use super::{Failure, open};
use crate::trace::{Trace, file};
use crate::tui::log;
use crate::words::commands as words;

/// Refuses to save a run where it cannot be saved, or over what is no saved run.
pub fn check_run(path: &Path, output: &Output) -> Result<(), Failure> {
    let is_run = |start: &[u8]| start.is_empty() || start.starts_with(RUN_BEGINS);
    let name = path.display().to_string();
    let refused = || Failure::new(words::would_overwrite(output.lang(), &name));
    check(path, &is_run, &refused, output)
}

/// Refuses to write over a file that does not begin as wanted. A device will do: it holds nothing.
pub fn check(
    path: &Path,
    wanted: &dyn Fn(&[u8]) -> bool,
    refused: &dyn Fn() -> Failure,
    output: &Output,
) -> Result<(), Failure> {
    let device = fs::metadata(path).is_ok_and(|about| is_device(&about));
    if device || start(path, output)?.is_none_or(|start| wanted(&start)) {
        return Ok(());
    }
    Err(refused())
}

/// Refuses to append to what is no log of the lab.
pub fn check_log(path: &Path, output: &Output) -> Result<(), Failure> {
    if start(path, output)?.is_none_or(|start| start.is_empty() || log::is_log(&start)) {
        return Ok(());
    }
    let name = path.display().to_string();
    Err(Failure::new(words::is_no_log(output.lang(), &name)))
}

/// Writes a trace to a file. What was there before is there until all of it is written.
pub fn write(trace: &Trace, path: &Path) -> io::Result<()> {
    write_with(path, &mut |mut out| file::write(trace, &mut out))
}

/// The same for whatever `content` writes.
pub fn write_with(path: &Path, content: &mut Content<'_>) -> io::Result<()> {
    // Beyond RLIMIT_FSIZE write(2) fails, if the signal does not end the program (setrlimit(2)).
    let caught = signal_hook::flag::register(SIGXFSZ, Arc::new(AtomicBool::new(false)))?;
    // A device cannot be replaced.
    let written = match fs::metadata(path) {
        Ok(about) if !about.is_file() => OpenOptions::new()
            .write(true)
            .open(path)
            .and_then(|device| fill(device, content)),
        _ => replace(path, content),
    };
    signal_hook::low_level::unregister(caught);
    written
}

/// Writes the content of a file.
type Content<'c> = dyn FnMut(&mut dyn Write) -> io::Result<()> + 'c;

fn replace(path: &Path, content: &mut Content<'_>) -> io::Result<()> {
    // A link stays one, and its file is replaced.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let beside = beside(&path);
    let written = write_new(&beside, &path, content).and_then(|()| fs::rename(&beside, &path));
    if written.is_err() {
        // What is wrong is told already.
        let _ = fs::remove_file(&beside);
    }
    written
}

fn write_new(new: &Path, old: &Path, content: &mut Content<'_>) -> io::Result<()> {
    let file = OpenOptions::new().write(true).create_new(true).open(new)?;
    if let Ok(about) = fs::metadata(old) {
        file.set_permissions(about.permissions())?;
    }
    fill(file, content)
}

fn fill(file: File, content: &mut Content<'_>) -> io::Result<()> {
    let mut out = BufWriter::new(file);
    content(&mut out)?;
    out.flush()
}

/// A name in the same folder, because files are not renamed from one file system to another.
fn beside(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.{}.part", std::process::id()))
}

/// The beginning of a file that is there; a failure if there could be none.
fn start(path: &Path, output: &Output) -> Result<Option<Vec<u8>>, Failure> {
    let lang = output.lang();
    let failed = |error: &io::Error| {
        Failure::new(words::cannot_write(
            lang,
            &path.display().to_string(),
            &open::why_unwritable(error, lang),
        ))
    };
    if fs::metadata(path).is_err_and(|error| error.kind() == io::ErrorKind::NotFound) {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        return match folder.filter(|folder| !folder.is_dir()) {
            Some(folder) => {
                let why = words::folder_is_missing(lang, &folder.display().to_string());
                Err(failed(&io::Error::other(why)))
            }
            None => Ok(None),
        };
    }
    let mut start = Vec::new();
    let file: File = open::regular(path, lang).map_err(|error| failed(&error))?;
    let read = file.take(LOOKED_AT).read_to_end(&mut start);
    read.map_err(|error| failed(&error))?;
    Ok(Some(start))
}

/// Whether it is one such as /dev/null. Not a pipe: to open it would be to wait for somebody at its other end.
fn is_device(about: &fs::Metadata) -> bool {
    use std::os::unix::fs::FileTypeExt as _;
    about.file_type().is_char_device()
}

/// What every saved run begins with.
const RUN_BEGINS: &[u8] = b"{\"trace\":";

/// Bytes that are enough to tell what a file is.
const LOOKED_AT: u64 = 256;
