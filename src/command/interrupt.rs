//! Ctrl-C, SIGTERM and SIGHUP end a run instead of the process.

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::{flag, low_level::pipe};

use super::{Exit, Failure, why};
use crate::words::Lang;

/// Becomes readable at the first signal. The second ends the process at once.
#[derive(Debug)]
pub struct Interrupt(OwnedFd);

impl Interrupt {
    /// Catches the signals from here on.
    pub fn catch(lang: Lang) -> Result<Self, Failure> {
        let failed = |error: std::io::Error| Failure::new(why::doing("catch signals", &error, lang));
        let (read, write) = std::io::pipe().map_err(failed)?;
        let seen = Arc::new(AtomicBool::new(false));
        for signal in [SIGINT, SIGTERM, SIGHUP] {
            // The order matters: the shutdown looks at the flag before this signal sets it.
            flag::register_conditional_shutdown(signal, Exit::Interrupted as i32, Arc::clone(&seen)).map_err(failed)?;
            flag::register(signal, Arc::clone(&seen)).map_err(failed)?;
            let write = write.try_clone().map_err(failed)?;
            pipe::register(signal, write).map_err(failed)?;
        }
        Ok(Self(read.into()))
    }

    /// Readable once a signal came.
    pub fn fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}
