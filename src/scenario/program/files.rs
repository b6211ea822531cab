//! What the programs that send and receive files can be told.

use std::time::Duration;

use super::super::Named;
use crate::digest::Algorithm;

/// How [`Program::SendFile`](super::Program::SendFile) sends a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SendFile {
    /// Which file.
    pub source: Source,
    /// Bytes of one `send` call.
    pub chunk: usize,
    /// Which digest the header has.
    pub hash: Algorithm,
    /// One byte is another one when it is sent.
    pub flip: bool,
}

/// How [`Program::ReceiveFile`](super::Program::ReceiveFile) receives one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReceiveFile {
    /// Most bytes of one `recv` call.
    pub chunk: usize,
    /// Longest file that is accepted, in bytes.
    pub limit: u64,
    /// Gives up when nothing has come for so long.
    pub patience: Option<Duration>,
}

/// What [`Program::Put`](super::Program::Put) puts, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Put {
    /// The files.
    pub files: Vec<SmallFile>,
    /// What the first one is called instead.
    pub name: NameGiven,
    /// The command.
    pub command: String,
    /// All of them in one go, before the first answer.
    pub pipelined: bool,
    /// Where the client is gone in the middle of the last one.
    pub dies: Dies,
}

/// What [`Program::ServePuts`](super::Program::ServePuts) accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServePuts {
    /// Longest file that is accepted, in bytes.
    pub limit: u64,
    /// How it reads bodies.
    pub reader: BodyReader,
    /// Gives up when nothing has come for so long.
    pub patience: Option<Duration>,
}

/// Where the bytes of a file come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// So many letters `abc…zabc…`, which the lab makes.
    Letters(u64),
    /// A file of the user's: its path as it was typed, or of a saved run its name.
    Path(String),
}

/// A file that is put, as the scenario writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SmallFile {
    /// Its name.
    pub name: String,
    /// Its bytes.
    pub text: String,
}

/// A name that a client gives the first of its files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameGiven {
    /// The one in the scenario.
    Plain,
    /// `../x`
    Above,
    /// `/etc/x`
    Absolute,
    /// `a/b`
    Nested,
    /// None.
    Empty,
    /// `.`
    Itself,
    /// `a.txt`, NUL, `.png`
    Nul,
    /// 300 letters.
    Long,
}

/// Where a client is gone in the middle of its last file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dies {
    /// It stays.
    No,
    /// Inside the header.
    Header,
    /// Inside the body.
    Body,
}

/// How a server reads the body of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyReader {
    /// Never asks for more than is missing.
    Exact,
    /// Asks for 8192 bytes each time, and takes for the file whatever comes.
    Fixed,
}

impl Named for Algorithm {
    const NAMES: &'static [(&'static str, Self)] = &Self::ALL;
}

impl Named for NameGiven {
    const NAMES: &'static [(&'static str, Self)] = &[
        ("plain", Self::Plain),
        ("above", Self::Above),
        ("absolute", Self::Absolute),
        ("nested", Self::Nested),
        ("empty", Self::Empty),
        ("dot", Self::Itself),
        ("nul", Self::Nul),
        ("long", Self::Long),
    ];
}

impl Named for Dies {
    const NAMES: &'static [(&'static str, Self)] = &[("no", Self::No), ("header", Self::Header), ("body", Self::Body)];
}

impl Named for BodyReader {
    const NAMES: &'static [(&'static str, Self)] = &[("exact", Self::Exact), ("fixed", Self::Fixed)];
}

impl NameGiven {
    /// The name that is sent for a file of this name.
    #[must_use]
    pub fn instead_of(self, name: &str) -> String {
        match self {
            Self::Plain => name.to_owned(),
            Self::Above => "../x".to_owned(),
            Self::Absolute => "/etc/x".to_owned(),
            Self::Nested => "a/b".to_owned(),
            Self::Empty => String::new(),
            Self::Itself => ".".to_owned(),
            Self::Nul => "a.txt\0.png".to_owned(),
            Self::Long => "x".repeat(300),
        }
    }
}

/// The name of the file that the lab makes.
pub const LETTERS_NAME: &str = "letters.txt";

/// Longest JSON header that a program accepts, in bytes.
pub const LONGEST_HEADER: u32 = 4096;

/// So many bytes the fixed reader asks for.
pub const FIXED: usize = 8192;

/// Longest file that a receiver accepts where the scenario does not say, in bytes: 1 TiB.
pub const LONGEST_FILE: u64 = 1 << 40;

/// Longest file that a server of `put` accepts where the scenario does not say, in bytes.
pub const LONGEST_PUT: u64 = 1 << 20;
