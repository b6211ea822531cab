//! The files that a run receives: in a temporary folder of its own, which goes with the run.
//!
//! A file is written under a name of the lab's own and gets the one that was asked for only when it is whole. A name
//! that comes from a peer is one plain component or it is refused; files are opened relative to the folder (openat(2)),
//! never by a path that was put together from texts.

use std::fs::{File, Permissions};
use std::io::{self, Write};
use std::os::fd::OwnedFd;
use std::os::unix::fs::PermissionsExt as _;
use std::sync::atomic::{AtomicU32, Ordering};

use rustix::fs::{AtFlags, CWD, Mode, OFlags, fstatvfs, mkdirat, openat, renameat, unlinkat};
use tempfile::TempDir;

use crate::trace::note::NameFault;

/// The folder of a run. It is removed, with all that is in it, when this is dropped.
#[derive(Debug)]
pub struct Folder {
    /// What is being received.
    incoming: OwnedFd,
    /// What is whole.
    kept: OwnedFd,
    parts: AtomicU32,
    path: TempDir,
}

/// A file that is being received. If it is not kept, it is removed.
#[derive(Debug)]
pub struct Part<'f> {
    folder: &'f Folder,
    name: String,
    file: File,
}

/// Longest name of a file, in bytes (NAME_MAX, limits.h).
pub const LONGEST_NAME: usize = 255;

/// Whether a name is one plain component of a path.
///
/// # Errors
/// Why it is none.
pub fn check_name(name: &str) -> Result<(), NameFault> {
    Err(match name {
        "" => NameFault::Empty,
        "." => NameFault::Itself,
        ".." => NameFault::Above,
        _ if name.starts_with('/') => NameFault::Absolute,
        // Windows takes a backslash for a separator; a name that is plain is so everywhere.
        _ if name.split(['/', '\\']).any(|part| part == "..") => NameFault::Above,
        _ if name.contains(['/', '\\']) => NameFault::Nested,
        _ if name.chars().any(char::is_control) => NameFault::Control,
        _ if name.len() > LONGEST_NAME => NameFault::TooLong,
        _ => return Ok(()),
    })
}

/// A new, empty folder where temporary files belong (TMPDIR), that nobody else may enter, whatever the umask. It goes with
/// what is in it when this is dropped.
///
/// # Errors
/// If it cannot be made.
pub fn private_folder() -> io::Result<TempDir> {
    let nobody_else = Permissions::from_mode(0o700);
    tempfile::Builder::new()
        .prefix("lab-")
        .permissions(nobody_else)
        .tempdir()
}

impl Folder {
    /// A new, empty folder, where temporary files belong (TMPDIR), that nobody else may enter.
    ///
    /// # Errors
    /// If it cannot be made.
    pub fn new() -> io::Result<Self> {
        let path = private_folder()?;
        let all = OFlags::DIRECTORY | OFlags::CLOEXEC;
        let root = openat(CWD, path.path(), all, Mode::empty())?;
        let inside = |name: &str| -> io::Result<OwnedFd> {
            mkdirat(&root, name, Mode::RWXU)?;
            Ok(openat(&root, name, all | OFlags::NOFOLLOW, Mode::empty())?)
        };
        Ok(Self {
            incoming: inside("incoming")?,
            kept: inside("kept")?,
            parts: AtomicU32::new(0),
            path,
        })
    }

    /// How many bytes there is room for (statvfs(3)).
    ///
    /// # Errors
    /// If the system does not tell.
    pub fn room(&self) -> io::Result<u64> {
        let system = fstatvfs(&self.kept)?;
        Ok(system.f_bavail.saturating_mul(system.f_frsize))
    }

    /// Begins a file.
    ///
    /// # Errors
    /// If it cannot be made.
    pub fn begin(&self) -> io::Result<Part<'_>> {
        let name = self.parts.fetch_add(1, Ordering::Relaxed).to_string();
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let file = openat(&self.incoming, &name, flags, Mode::RUSR | Mode::WUSR)?;
        Ok(Part {
            folder: self,
            name,
            file: file.into(),
        })
    }

    /// The names of the files that were kept, in order.
    ///
    /// # Errors
    /// If the folder cannot be read.
    pub fn names(&self) -> io::Result<Vec<String>> {
        let entries = std::fs::read_dir(self.path.path().join("kept"))?;
        let names = entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
        let mut names = names.collect::<io::Result<Vec<String>>>()?;
        names.sort();
        Ok(names)
    }
}

impl Part<'_> {
    /// Gives it its name, in place of a file that has that name already.
    ///
    /// # Errors
    /// If the system refuses, or the name is none (see [`check_name`]).
    pub fn keep(self, name: &str) -> io::Result<()> {
        if check_name(name).is_err() {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        Ok(renameat(&self.folder.incoming, &self.name, &self.folder.kept, name)?)
    }
}

impl Write for Part<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for Part<'_> {
    fn drop(&mut self) {
        // It is not there any more if it was kept.
        let _ = unlinkat(&self.folder.incoming, &self.name, AtFlags::empty());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_there_only_when_it_is_whole() {
        let folder = Folder::new().expect("a folder");
        let path = folder.path.path().to_owned();
        let mode = std::fs::metadata(&path).expect("it is there").permissions().mode();
        assert_eq!(mode & 0o777, 0o700, "nobody else may enter it");
        let mut part = folder.begin().expect("a file");
        part.write_all(b"half").expect("write");
        assert_eq!(folder.names().expect("names"), Vec::<String>::new());
        drop(part);
        assert_eq!(std::fs::read_dir(path.join("incoming")).expect("read").count(), 0);
        for text in [&b"first"[..], b"second"] {
            let mut part = folder.begin().expect("a file");
            part.write_all(text).expect("write");
            part.keep("a.txt").expect("keep");
        }
        assert_eq!(folder.names().expect("names"), ["a.txt"]);
        assert_eq!(std::fs::read(path.join("kept/a.txt")).expect("read"), b"second");
        assert!(folder.room().expect("room") > 0);
        drop(folder);
        assert!(!path.exists());
    }

    #[test]
    fn a_name_is_one_plain_component() {
        let long = "x".repeat(256);
        for (name, because) in [
            ("", NameFault::Empty),
            (".", NameFault::Itself),
            ("..", NameFault::Above),
            ("../x", NameFault::Above),
            ("a/../../x", NameFault::Above),
            ("..\\x", NameFault::Above),
            ("/etc/x", NameFault::Absolute),
            ("a/b", NameFault::Nested),
            ("a.txt\0.png", NameFault::Control),
            ("\u{1b}[2J", NameFault::Control),
            (long.as_str(), NameFault::TooLong),
        ] {
            assert_eq!(check_name(name), Err(because), "{name:?}");
            let folder = Folder::new().expect("a folder");
            assert!(folder.begin().expect("a file").keep(name).is_err());
        }
        for name in ["a.txt", "粘包.txt", "...", ".hidden", &long[1..]] {
            assert_eq!(check_name(name), Ok(()), "{name:?}");
        }
    }
}
