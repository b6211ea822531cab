//! Whole programs that a step can run, with their parameters. What they do is in `crate::program`.

pub mod auth;
pub mod commands;
mod files;

use std::time::Duration;

use super::{Arg, Named};
use crate::digest::Algorithm;
use commands::{CommandServer, ReadsPerReply, ReplyHeader};
pub use files::{
    BodyReader, Dies, FIXED, LETTERS_NAME, LONGEST_FILE, LONGEST_HEADER, LONGEST_PUT, NameGiven, Put, ReceiveFile,
    SendFile, ServePuts, SmallFile, Source,
};

/// A program with its parameters decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Program {
    /// Runs the commands that a client names, and sends back what they print, until the client leaves.
    CommandServer(CommandServer),
    /// Names one command and reads the reply. The connection stays.
    CommandClient {
        /// What it sends.
        command: String,
        /// A second command that it names before it reads the first reply; then it reads both.
        also: Option<String>,
        /// How a reply shows where it ends.
        header: ReplyHeader,
        /// How often it reads, where nothing shows that.
        reads: ReadsPerReply,
    },
    /// Answers each request of one client in upper case, until the client leaves.
    Serve {
        /// Longest request that is accepted, in bytes.
        limit: u32,
        /// How long it waits for a whole request; without it as long as it takes.
        patience: Option<Duration>,
    },
    /// Sends a file behind a header with its name, its size and its digest, and reads what became of it.
    SendFile(SendFile),
    /// Receives one file and keeps it if it is whole and its digest is the announced one.
    ReceiveFile(ReceiveFile),
    /// Sends files, each behind a header with a command, and reads what became of them.
    Put(Put),
    /// Keeps the files that one client puts, until that one leaves; then it closes the connection.
    ServePuts(ServePuts),
    /// Sends one request and reads the answer. The connection stays.
    Ask {
        /// The request.
        text: String,
        /// How long it says nothing before.
        after: Duration,
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
        /// How long it waits for a whole request, in milliseconds.
        patience_ms: Option<u64>,
    },
    /// [`Program::CommandClient`].
    CommandClient {
        /// What it sends.
        command: Arg<String>,
        /// What it sends before it reads.
        also: Option<Arg<String>>,
        /// How a reply shows where it ends.
        header: Arg<ReplyHeader>,
        /// How often it reads, where nothing shows that.
        reads: Arg<ReadsPerReply>,
    },
    /// [`Program::Serve`].
    Serve {
        /// Longest request that is accepted, in bytes.
        limit: Arg<u64>,
        /// How long it waits for a whole request, in milliseconds.
        patience_ms: Option<u64>,
    },
    /// [`Program::SendFile`].
    SendFile {
        /// Which file: a number of letters, or a file knob with the letters that it has by default.
        source: (Arg<u64>, u64),
        /// Bytes of one `send` call.
        chunk: Arg<u64>,
        /// Which digest.
        hash: Arg<Algorithm>,
        /// Whether a byte is flipped.
        flip: Arg<bool>,
    },
    /// [`Program::ReceiveFile`].
    ReceiveFile {
        /// Most bytes of one `recv` call.
        chunk: Arg<u64>,
        /// Longest file, in bytes.
        limit: Arg<u64>,
        /// Patience, in milliseconds.
        patience_ms: Option<u64>,
    },
    /// [`Program::Put`].
    Put {
        /// The files.
        files: Vec<SmallFile>,
        /// What the first one is called instead.
        name: Arg<NameGiven>,
        /// The command.
        command: Arg<String>,
        /// All in one go.
        pipelined: Arg<bool>,
        /// Where the client is gone.
        dies: Arg<Dies>,
    },
    /// [`Program::ServePuts`].
    ServePuts {
        /// Longest file, in bytes.
        limit: Arg<u64>,
        /// How it reads bodies.
        reader: Arg<BodyReader>,
        /// Patience, in milliseconds.
        patience_ms: Option<u64>,
    },
    /// [`Program::Ask`].
    Ask {
        /// The request.
        text: Arg<String>,
        /// How long it says nothing before.
        after: Duration,
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
    /// [`Program::SendFile`].
    SendFile,
    /// [`Program::ReceiveFile`].
    ReceiveFile,
    /// [`Program::Put`].
    Put,
    /// [`Program::ServePuts`].
    ServePuts,
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
        ("send-file", Self::SendFile),
        ("receive-file", Self::ReceiveFile),
        ("put", Self::Put),
        ("serve-puts", Self::ServePuts),
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
            Self::SendFile { .. } => ProgramName::SendFile,
            Self::ReceiveFile { .. } => ProgramName::ReceiveFile,
            Self::Put { .. } => ProgramName::Put,
            Self::ServePuts { .. } => ProgramName::ServePuts,
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
            Self::CommandServer(_) => ProgramName::CommandServer,
            Self::CommandClient { .. } => ProgramName::CommandClient,
            Self::Serve { .. } => ProgramName::Serve,
            Self::SendFile(_) => ProgramName::SendFile,
            Self::ReceiveFile(_) => ProgramName::ReceiveFile,
            Self::Put(_) => ProgramName::Put,
            Self::ServePuts(_) => ProgramName::ServePuts,
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
            Self::CommandServer(_)
            | Self::Serve { .. }
            | Self::SendFile(_)
            | Self::ReceiveFile(_)
            | Self::Put(_)
            | Self::ServePuts(_)
            | Self::Challenge(_)
            | Self::Respond(_) => Sends::Depends,
            Self::CommandClient {
                command, also, header, ..
            } => {
                let commands = || std::iter::once(command).chain(also);
                let before_each = match header {
                    ReplyHeader::None => 0,
                    ReplyHeader::Length | ReplyHeader::Json => crate::framing::HEADER,
                };
                Sends::Known {
                    messages: commands().count(),
                    bytes: commands().map(|command| before_each + command.len()).sum::<usize>() as u64,
                }
            }
            Self::Ask { text, .. } => Sends::Known {
                messages: 1,
                bytes: (crate::framing::HEADER + text.len()) as u64,
            },
            Self::ReadBoth { .. } => Sends::NOTHING,
        }
    }

    /// Whether it reads JSON headers.
    #[must_use]
    pub fn reads_json(&self) -> bool {
        matches!(self, Self::ReceiveFile(_) | Self::ServePuts(_))
    }

    /// Whether it keeps files, and so needs a folder for them.
    #[must_use]
    pub fn keeps_files(&self) -> bool {
        matches!(self, Self::ReceiveFile(_) | Self::ServePuts(_))
    }

    /// Whether it closes its connection at the end.
    #[must_use]
    pub fn closes(&self) -> bool {
        match self {
            Self::ServePuts(_) => true,
            Self::Put(put) => put.dies != Dies::No,
            _ => false,
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
            Self::SendFile => &[
                "hashing",
                "sends-file",
                "flips",
                "file-shrank",
                "file-grew",
                "answered",
                "cost",
            ],
            Self::ReceiveFile => &[
                "header-says",
                "name-refused",
                "no-room",
                "cannot-write",
                "progress",
                "digest-equal",
                "digest-differs",
                "not-hashed",
                "kept",
                "not-kept",
                "cost",
            ],
            Self::Put => &["puts", "dies", "answered", "unanswered"],
            Self::ServePuts => &[
                "header-says",
                "name-refused",
                "command-refused",
                "no-room",
                "cannot-write",
                "took-too-much",
                "digest-equal",
                "digest-differs",
                "not-hashed",
                "kept",
                "not-kept",
                "client-left",
                "folder-holds",
            ],
            Self::Ask => &["is-silent", "asks", "answered"],
            Self::ReadBoth => &["waits-for-either"],
            Self::Challenge => &[
                "challenge-sent",
                "mac-equal",
                "mac-differs",
                "other-challenge",
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
