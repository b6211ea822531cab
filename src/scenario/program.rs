//! Whole programs that a step can run, with their parameters. What they do is in `crate::program`.

use super::{Arg, Named};

/// A program with its parameters decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Program {
    /// Answers each request of one client in upper case, until the client leaves.
    Serve {
        /// Longest request that is accepted, in bytes.
        limit: u32,
    },
    /// Sends one request and reads the answer. The connection stays.
    Ask {
        /// The request.
        text: String,
    },
    /// Reads this endpoint and another one of the same thread to their ends, whichever has something.
    ReadBoth {
        /// Index of the other endpoint.
        with: usize,
    },
}

/// A program as the file describes it: parameters may come from knobs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WrittenProgram {
    /// [`Program::Serve`].
    Serve {
        /// Longest request that is accepted, in bytes.
        limit: Arg<u64>,
    },
    /// [`Program::Ask`].
    Ask {
        /// The request.
        text: Arg<String>,
    },
    /// [`Program::ReadBoth`].
    ReadBoth {
        /// Index of the other endpoint.
        with: usize,
    },
}

/// What a file calls a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProgramName {
    /// [`Program::Serve`].
    Serve,
    /// [`Program::Ask`].
    Ask,
    /// [`Program::ReadBoth`].
    ReadBoth,
}

impl Named for ProgramName {
    const NAMES: &'static [(&'static str, Self)] = &[
        ("serve", Self::Serve),
        ("ask", Self::Ask),
        ("read-both", Self::ReadBoth),
    ];
}

/// What a program sends, as far as it is known before it runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sends {
    /// So many messages, of so many bytes in all.
    Known {
        /// Messages; a frame is one.
        messages: usize,
        /// Bytes, headers included.
        bytes: u64,
    },
    /// That depends on what it reads.
    Depends,
}

impl Sends {
    /// It sends nothing.
    pub const NOTHING: Self = Self::Known { messages: 0, bytes: 0 };
}

impl WrittenProgram {
    /// Which program it is.
    #[must_use]
    pub fn name(&self) -> ProgramName {
        match self {
            Self::Serve { .. } => ProgramName::Serve,
            Self::Ask { .. } => ProgramName::Ask,
            Self::ReadBoth { .. } => ProgramName::ReadBoth,
        }
    }
}

impl Program {
    /// Which program it is.
    #[must_use]
    pub fn name(&self) -> ProgramName {
        match self {
            Self::Serve { .. } => ProgramName::Serve,
            Self::Ask { .. } => ProgramName::Ask,
            Self::ReadBoth { .. } => ProgramName::ReadBoth,
        }
    }

    /// What it sends.
    #[must_use]
    pub fn sends(&self) -> Sends {
        match self {
            Self::Serve { .. } => Sends::Depends,
            Self::Ask { text } => Sends::Known {
                messages: 1,
                bytes: (crate::framing::HEADER + text.len()) as u64,
            },
            Self::ReadBoth { .. } => Sends::NOTHING,
        }
    }

    /// Whether it reads.
    #[must_use]
    pub fn reads(&self) -> bool {
        match self {
            Self::Serve { .. } | Self::Ask { .. } | Self::ReadBoth { .. } => true,
        }
    }
}

impl ProgramName {
    /// The notes that it can make.
    #[must_use]
    pub fn notes(self) -> &'static [&'static str] {
        match self {
            Self::Serve => &["served", "client-left"],
            Self::Ask => &["asks", "answered"],
            Self::ReadBoth => &["waits-for-either"],
        }
    }
}

/// Longest answer that [`Program::Ask`] accepts, in bytes.
pub const LONGEST_ANSWER: u32 = 1 << 20;
