//! The diagnosis: what the screen went through, as lines in a file. Never what was typed, pasted or sent.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use thiserror::Error;
use tracing::Level;

/// Keeps the log; writes its last line when it is dropped.
#[derive(Debug)]
#[must_use = "the log ends when this is dropped"]
pub struct Guard {
    path: PathBuf,
    failed: Failed,
}

/// Why a line could not be written, the first time that one could not.
type Failed = Arc<Mutex<Option<io::Error>>>;

/// The file. A line that it does not take is lost without a word: the screen is open, and what stands on it stays.
#[derive(Debug)]
struct Diary {
    file: File,
    failed: Failed,
}

/// Why there is no log.
#[derive(Debug, Error)]
pub enum LogError {
    /// The file cannot be opened.
    #[error("open the log {}: {cause}", path.display())]
    Open {
        /// Which file.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// Not every line was written.
    #[error("write the log {}: {cause}", path.display())]
    Write {
        /// Which file.
        path: PathBuf,
        /// Why not, the first time.
        cause: io::Error,
    },
    /// There is one already.
    #[error("start the log: there is one already")]
    Twice,
}

/// Writes what happens from now on to a file, behind what is in it: a line an event, plain, each written at once, so
/// that the last line before a crash is there.
///
/// # Errors
/// If the file cannot be opened for appending, or there is a log already.
pub fn to(path: &Path) -> Result<Guard, LogError> {
    let opened = OpenOptions::new().create(true).append(true).open(path);
    let file: File = opened.map_err(|cause| LogError::Open {
        path: path.to_owned(),
        cause,
    })?;
    let failed = Failed::default();
    let diary = Diary {
        file,
        failed: Arc::clone(&failed),
    };
    let subscriber = tracing_subscriber::fmt()
        .with_ansi(false)
        .with_max_level(Level::INFO)
        .log_internal_errors(false)
        .with_writer(Mutex::new(diary))
        .finish();
    tracing::subscriber::set_global_default(subscriber).map_err(|_| LogError::Twice)?;
    tracing::info!(version = env!("CARGO_PKG_VERSION"), pid = std::process::id(), "start");
    Ok(Guard {
        path: path.to_owned(),
        failed,
    })
}

impl Guard {
    /// Writes the last line.
    ///
    /// # Errors
    /// If this line or one before it could not be written.
    pub fn end(self) -> Result<(), LogError> {
        let (path, failed) = (self.path.clone(), Arc::clone(&self.failed));
        drop(self);
        let cause = failed.lock().unwrap_or_else(PoisonError::into_inner).take();
        cause.map_or(Ok(()), |cause| Err(LogError::Write { path, cause }))
    }
}

impl Write for Diary {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Err(error) = self.file.write_all(bytes) {
            let mut failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
            failed.get_or_insert(error);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Whether a file that begins like this is a log: its first line is the one that is written first.
#[must_use]
pub fn is_log(start: &[u8]) -> bool {
    let text = String::from_utf8_lossy(start);
    text.lines().next().is_some_and(|line| line.contains(BEGINS))
}

/// What stands in the first line, behind the time.
const BEGINS: &str = concat!(" INFO ", module_path!(), ": start version=");

impl Drop for Guard {
    fn drop(&mut self) {
        tracing::info!("end");
    }
}
