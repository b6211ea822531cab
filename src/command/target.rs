//! Files that the user wants written: looked at before anything is run, so that a slip costs neither the run nor a file.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Read, Write};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use rustix::fs::{Access, access};
use tempfile::NamedTempFile;

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
    if device || start(path, Written::Anew, output)?.is_none_or(|start| wanted(&start)) {
        return Ok(());
    }
    Err(refused())
}

/// Refuses to append to what is no log of the lab.
pub fn check_log(path: &Path, output: &Output) -> Result<(), Failure> {
    if start(path, Written::Behind, output)?.is_none_or(|start| start.is_empty() || log::is_log(&start)) {
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
    // A device cannot be replaced.
    match fs::metadata(path) {
        Ok(about) if !about.is_file() => OpenOptions::new()
            .write(true)
            .open(path)
            .and_then(|device| fill(&device, content)),
        _ => replace(&meant(path), content),
    }
}

/// Writes the content of a file.
type Content<'c> = dyn FnMut(&mut dyn Write) -> io::Result<()> + 'c;

/// Writes beside the file first, under a name that nobody else has; what is not finished is removed, and nothing else.
fn replace(path: &Path, content: &mut Content<'_>) -> io::Result<()> {
    let mut new = tempfile::Builder::new();
    // As any file that a program makes; the umask takes from it what it takes (umask(2)).
    new.prefix(".lab-")
        .suffix(".part")
        .permissions(fs::Permissions::from_mode(0o666));
    let new: NamedTempFile = new.tempfile_in(folder_of(path))?;
    if let Ok(about) = fs::metadata(path) {
        new.as_file().set_permissions(about.permissions())?;
    }
    fill(new.as_file(), content)?;
    new.persist(path)?;
    Ok(())
}

fn fill(file: &File, content: &mut Content<'_>) -> io::Result<()> {
    let mut out = BufWriter::new(file);
    content(&mut out)?;
    out.flush()
}

/// The file that a path leads to, which need not be there: a link stays one, and its file is written.
pub fn meant(path: &Path) -> PathBuf {
    let mut path = path.to_owned();
    for _ in 0..MOST_LINKS {
        let Ok(target) = fs::read_link(&path) else { break };
        path = folder_of(&path).join(target);
    }
    path
}

/// Whether two paths lead to one file.
pub fn is_same(one: &Path, other: &Path) -> bool {
    let whole = |path: &Path| {
        let path = meant(path);
        let folder = fs::canonicalize(folder_of(&path)).unwrap_or_default();
        folder.join(path.file_name().unwrap_or_default())
    };
    whole(one) == whole(other)
}

/// So many links in a row lead to a file; the system gives up where there are more (path_resolution(7)).
const MOST_LINKS: usize = 40;

/// The folder of a file.
fn folder_of(path: &Path) -> &Path {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new("."))
}

/// How a file is to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Written {
    /// In place of what is there.
    Anew,
    /// Behind what is there.
    Behind,
}

/// The beginning of a file that is there; a failure if there could be none.
fn start(path: &Path, written: Written, output: &Output) -> Result<Option<Vec<u8>>, Failure> {
    let lang = output.lang();
    let failed = |error: &io::Error| {
        Failure::new(words::cannot_write(
            lang,
            &path.display().to_string(),
            &open::why_unwritable(error, lang),
        ))
    };
    let meant = meant(path);
    let folder = folder_of(&meant);
    let is_there = match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => false,
        Err(error) => return Err(failed(&error)),
        // What is no file is refused below.
        Ok(about) if !about.is_file() => {
            return open::regular(path, lang).map(|_| None).map_err(|error| failed(&error));
        }
        Ok(_) => true,
    };
    if !folder.is_dir() {
        let why = words::folder_is_missing(lang, &folder.display().to_string());
        return Err(failed(&io::Error::other(why)));
    }
    // What is written is written beside it first.
    if written == Written::Anew {
        access(folder, Access::WRITE_OK | Access::EXEC_OK).map_err(|error| failed(&error.into()))?;
    }
    if !is_there {
        return Ok(None);
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
