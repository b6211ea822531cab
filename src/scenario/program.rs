//! Whole programs that a step can run, with their parameters. What they do is in `crate::program`.

pub mod auth;
pub mod commands;

use std::time::Duration;

use super::{Arg, Named};
use commands::{Commands, ReadsPerReply, ReplyHeader};

/// A program with its parameters decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Program {
    /// Runs the commands that a client names, and sends back what they print, until the client leaves.
    CommandServer {
        /// What may be run.
        commands: Commands,
        /// How a reply shows where it ends.
        header: ReplyHeader,
        /// Most bytes of output, and of errors, that a command may print.
        limit: u64,
        /// How long a command may take.
        deadline: Duration,
    },
    /// Names one command and reads the reply. The connection stays.
    CommandClient {
        /// What it sends.
        command: String,
        /// How a reply shows where it ends.
        header: ReplyHeader,
        /// How often it reads, where nothing shows that.
        reads: ReadsPerReply,
    },
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
    /// Sends a challenge and checks the answer.
    Challenge(auth::Challenge),
    /// Answers a challenge.
    Respond(auth::Respond),
}

/// A program as the file describes it: parameters may come from knobs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WrittenProgram {
    /// [`Program::CommandServer`]; the table is the scenario's.
    CommandServer {
        /// How a reply shows where it ends.
        header: Arg<ReplyHeader>,
        /// Most bytes of output, and of errors, that a command may print.
        limit: u64,
        /// How long a command may take.
        deadline: Duration,
    },
    /// [`Program::CommandClient`].
    CommandClient {
        /// What it sends.
        command: Arg<String>,
        /// How a reply shows where it ends.
        header: Arg<ReplyHeader>,
        /// How often it reads, where nothing shows that.
        reads: Arg<ReadsPerReply>,
    },
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
    /// [`Program::Challenge`].
    Challenge(auth::WrittenChallenge),
    /// [`Program::Respond`].
    Respond(auth::WrittenRespond),
}

/// What a file calls a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProgramName {
    /// [`Program::CommandServer`].
    CommandServer,
    /// [`Program::CommandClient`].
    CommandClient,
    /// [`Program::Serve`].
    Serve,
    /// [`Program::Ask`].
    Ask,
    /// [`Program::ReadBoth`].
    ReadBoth,
    /// [`Program::Challenge`].
    Challenge,
    /// [`Program::Respond`].
    Respond,
}

impl Named for ProgramName {
    const NAMES: &'static [(&'static str, Self)] = &[
        ("command-server", Self::CommandServer),
        ("command-client", Self::CommandClient),
        ("serve", Self::Serve),
        ("ask", Self::Ask),
        ("read-both", Self::ReadBoth),
        ("challenge", Self::Challenge),
        ("respond", Self::Respond),
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
            Self::CommandServer { .. } => ProgramName::CommandServer,
            Self::CommandClient { .. } => ProgramName::CommandClient,
            Self::Serve { .. } => ProgramName::Serve,
            Self::Ask { .. } => ProgramName::Ask,
            Self::ReadBoth { .. } => ProgramName::ReadBoth,
            Self::Challenge(_) => ProgramName::Challenge,
            Self::Respond(_) => ProgramName::Respond,
        }
    }
}

impl Program {
    /// Which program it is.
    #[must_use]
    pub fn name(&self) -> ProgramName {
        match self {
            Self::CommandServer { .. } => ProgramName::CommandServer,
            Self::CommandClient { .. } => ProgramName::CommandClient,
            Self::Serve { .. } => ProgramName::Serve,
            Self::Ask { .. } => ProgramName::Ask,
            Self::ReadBoth { .. } => ProgramName::ReadBoth,
            Self::Challenge(_) => ProgramName::Challenge,
            Self::Respond(_) => ProgramName::Respond,
        }
    }

    /// What it sends.
    #[must_use]
    pub fn sends(&self) -> Sends {
        match self {
            Self::CommandServer { .. } | Self::Serve { .. } | Self::Challenge(_) | Self::Respond(_) => Sends::Depends,
            Self::CommandClient { command, header, .. } => Sends::Known {
                messages: 1,
                bytes: match header {
                    ReplyHeader::None => command.len(),
                    ReplyHeader::Length | ReplyHeader::Json => crate::framing::HEADER + command.len(),
                } as u64,
            },
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
            Self::CommandServer { .. }
            | Self::CommandClient { .. }
            | Self::Serve { .. }
            | Self::Ask { .. }
            | Self::ReadBoth { .. }
            | Self::Challenge(_)
            | Self::Respond(_) => true,
        }
    }
}

impl ProgramName {
    /// The notes that it can make.
    #[must_use]
    pub fn notes(self) -> &'static [&'static str] {
        match self {
            Self::CommandServer => &["runs", "ended", "not-found", "killed", "over-limit", "client-left"],
            Self::CommandClient => &["asks", "takes", "reply"],
            Self::Serve => &["served", "client-left"],
            Self::Ask => &["asks", "answered"],
            Self::ReadBoth => &["waits-for-either"],
            Self::Challenge => &[
                "challenge-sent",
                "mac-equal",
                "mac-differs",
                "answered-before",
                "unknown-challenge",
            ],
            Self::Respond => &[
                "answers-with-key",
                "guesses-key",
                "answers-with-text",
                "replays",
                "forges",
                "was-accepted",
                "was-refused",
            ],
        }
    }
}

/// Longest answer that [`Program::Ask`] accepts, in bytes.
pub const LONGEST_ANSWER: u32 = 1 << 20;
