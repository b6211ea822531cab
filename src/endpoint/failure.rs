//! What goes wrong in a call, with the names a reader needs to find it.

use std::io;

use super::flow::Mismatch;
use super::{Endpoint, Stopped};
use crate::sys;
use crate::trace::{Call, Evidence, Until, What};

/// Why an endpoint cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum EndpointError {
    /// The run is over.
    #[error(transparent)]
    Stopped(#[from] Stopped),
    /// A call failed.
    #[error("{side}: {operation}: {source}")]
    Call {
        /// Whose.
        side: String,
        /// Which.
        operation: &'static str,
        /// The system's words.
        source: io::Error,
    },
    /// A call failed that its program made, and the trace says so: the program may go on, or not.
    #[error("{side}: {operation}: {source}")]
    Failed {
        /// Whose.
        side: String,
        /// Which.
        operation: &'static str,
        /// The system's words.
        source: io::Error,
    },
    /// The system cannot tell whether what a step waits for has come.
    #[error("{side}: this system cannot measure what the step waits for")]
    Unmeasured {
        /// Whose step.
        side: String,
        /// What it waits for.
        until: Until,
    },
    /// The kernel delivered something else than was sent: a fault in this program, never the kernel's.
    #[error("{side}: recv: {source}")]
    Mismatch {
        /// Whose.
        side: String,
        /// Where.
        source: Mismatch,
    },
}

/// The operation in which the lab waits for a call to go on; no call of a program's is called so.
pub(super) const POLL: &str = "poll";

impl Endpoint<'_> {
    /// Records that a call has failed, unless it was ended because the run is over. What the other side or the protocol
    /// brings about a program has to live with, and it may go on; where the machine refuses, nothing more can be shown.
    pub(super) fn failed(&self, call: Call, error: EndpointError) -> EndpointError {
        let EndpointError::Call {
            side,
            operation,
            source,
        } = error
        else {
            return error;
        };
        if operation == POLL {
            // The lab could not wait; the call itself has not failed.
            return EndpointError::Call {
                side,
                operation,
                source,
            };
        }
        let what = What::Failed {
            call,
            errno: source.raw_os_error().unwrap_or(0),
            error: source.to_string(),
        };
        self.record(Evidence::Measured, what);
        self.end();
        if !sys::is_answer(&source) {
            return EndpointError::Call {
                side,
                operation,
                source,
            };
        }
        EndpointError::Failed {
            side,
            operation,
            source,
        }
    }

    /// Something that its program does failed, and it cannot go on.
    #[must_use]
    pub fn error(&self, operation: &'static str, source: io::Error) -> EndpointError {
        EndpointError::Call {
            side: self.own.name.clone(),
            operation,
            source,
        }
    }
}
