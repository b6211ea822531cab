//! What a program says of itself: what no call shows, because it is the program's own business.
//!
//! A note is typed, so that it can be claimed, looked for and told in both languages. Its figures are the program's.

use serde::{Deserialize, Serialize};

/// What a program says of itself. A server counts requests from 1 on each connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "note", rename_all = "kebab-case")]
pub enum Note {
    /// A server runs the program that a command selects.
    Runs {
        /// The command.
        command: NoteText,
        /// The program and its arguments.
        line: NoteText,
    },
    /// A command's program has ended.
    Ended {
        /// The command.
        command: NoteText,
        /// Its exit status; 128 and the signal's number if a signal ended it.
        status: i32,
        /// Bytes on standard output.
        out: u64,
        /// Bytes on standard error.
        err: u64,
    },
    /// What a client sent is the name of no command: nothing was run.
    NotFound {
        /// What it sent.
        command: NoteText,
    },
    /// A command's program took too long and was killed.
    Killed {
        /// The command.
        command: NoteText,
        /// Milliseconds that it had.
        after_ms: u64,
    },
    /// A command's program printed too much and was killed.
    OverLimit {
        /// The command.
        command: NoteText,
        /// Bytes that it may print on each stream.
        limit: u64,
    },
    /// A client takes what it has read for the reply to a command. It cannot know.
    Takes {
        /// The command.
        command: NoteText,
        /// How many bytes.
        bytes: u64,
        /// The first of them, as text.
        text: NoteText,
    },
    /// A client has a reply that showed where it ends.
    Reply {
        /// To which command.
        command: NoteText,
        /// The exit status.
        status: i32,
        /// Bytes of output.
        out: u64,
        /// Bytes of errors.
        err: u64,
    },
    /// A client is about to send a request.
    Asks {
        /// The request.
        text: NoteText,
    },
    /// A client has the answer.
    Answered {
        /// The answer.
        text: NoteText,
    },
    /// A sender has hashed so much of its file.
    Hashing {
        /// Bytes so far.
        done: u64,
        /// Bytes in all.
        of: u64,
    },
    /// A sender is about to send a file.
    SendsFile {
        /// Its name.
        name: NoteText,
        /// Its length in bytes.
        size: u64,
        /// Its digest and which one it is, if there is one.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        digest: Option<NoteText>,
    },
    /// A sender makes one byte another one before it sends it.
    Flips {
        /// Which, from 0.
        at: u64,
    },
    /// The file has fewer bytes than it had when the header was made.
    FileShrank {
        /// Bytes that were sent.
        sent: u64,
        /// Bytes that were announced.
        of: u64,
    },
    /// The file has more bytes than it had when the header was made.
    FileGrew {
        /// Bytes that were announced, and sent.
        of: u64,
    },
    /// A receiver has the header of a file.
    HeaderSays {
        /// The name it asks for.
        name: NoteText,
        /// The length it announces, in bytes.
        size: u64,
        /// The digest it announces and which one it is.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        digest: Option<NoteText>,
    },
    /// The name is not one plain component of a path.
    NameRefused {
        /// The name.
        name: NoteText,
        /// What it is.
        because: NameFault,
    },
    /// There is no such command.
    CommandRefused,
    /// There is no room for the file.
    NoRoom {
        /// Bytes it has.
        size: u64,
        /// Bytes there is room for.
        free: u64,
    },
    /// The file cannot be written.
    CannotWrite {
        /// The system's words.
        error: NoteText,
    },
    /// So much of the body has come.
    Progress {
        /// Bytes so far.
        done: u64,
        /// Bytes in all.
        of: u64,
    },
    /// A receiver took more for the file than belongs to it.
    TookTooMuch {
        /// The file.
        name: NoteText,
        /// Bytes that were taken for it.
        took: u64,
        /// Bytes that the header announced.
        of: u64,
        /// How what was taken begins.
        text: NoteText,
    },
    /// The digest of what came is the announced one.
    DigestEqual {
        /// Which.
        digest: NoteText,
    },
    /// It is another one.
    DigestDiffers {
        /// The announced one.
        said: NoteText,
        /// The one of what came.
        found: NoteText,
    },
    /// The header has no digest: nobody compares.
    NotHashed,
    /// The file has its name now.
    Kept {
        /// The name.
        name: NoteText,
        /// Its length in bytes.
        size: u64,
    },
    /// Nothing of the file is kept.
    NotKept {
        /// Bytes of it that had come.
        got: u64,
    },
    /// What hashing and telling how far it is have cost, in nanoseconds.
    Cost {
        /// Spent in hashing.
        hashing_ns: u64,
        /// Spent in telling how far it is.
        telling_ns: u64,
        /// Of so much in all.
        of_ns: u64,
    },
    /// A client is about to put a file.
    Puts {
        /// What it is called.
        name: NoteText,
        /// Its length in bytes.
        size: u64,
    },
    /// A client is gone in the middle of a file.
    Dies {
        /// Bytes of header and body that it sent.
        sent: u64,
        /// Bytes they have.
        of: u64,
    },
    /// A client says nothing for a while, although it could go on.
    IsSilent {
        /// For so many milliseconds.
        ms: u64,
    },
    /// The connection ended before everything was answered.
    Unanswered {
        /// Files without an answer.
        files: u32,
    },
    /// What lies in the server's folder.
    FolderHolds {
        /// The names of the files.
        files: NoteText,
    },
    /// A server has answered a request.
    Served {
        /// Which.
        request: u32,
        /// What it asked.
        text: NoteText,
    },
    /// A server has come to the end of a client's stream.
    ClientLeft {
        /// How many requests it has answered.
        requests: u32,
    },
    /// A program that reads two streams waits in poll(2) for whichever has something first.
    WaitsForEither {
        /// The endpoint that reads the other stream.
        other: NoteText,
    },
    /// A server is about to send a challenge that was never sent before.
    ChallengeSent {
        /// How many bytes it has.
        bytes: u32,
        /// Its first bytes, as hexadecimal digits.
        begins: NoteText,
    },
    /// A server has compared the digest, and accepts the answer.
    MacEqual {
        /// Bytes of the message that it is over.
        over: u32,
        /// How many of them are not the challenge.
        added: u32,
    },
    /// A server has compared the digest, and refuses the answer.
    MacDiffers {
        /// Bytes that were compared.
        bytes: u32,
    },
    /// A server refuses an answer to anything else than the challenge of this connection.
    OtherChallenge,
    /// A server refuses an answer that it has accepted before.
    AnsweredBefore,
    /// A server refuses an answer to a challenge that it never sent.
    UnknownChallenge,
    /// A client answers with the digest under the key.
    AnswersWithKey {
        /// How the digest is made.
        scheme: NoteText,
    },
    /// A client answers with the digest under a key that it guesses.
    GuessesKey {
        /// How the digest is made.
        scheme: NoteText,
    },
    /// A client that knows nothing of digests answers with a text.
    AnswersWithText {
        /// The text.
        text: NoteText,
    },
    /// A client answers with what it has heard another one answer.
    Replays,
    /// A client without the key goes on from a digest that it has heard.
    Forges {
        /// Bytes of the message that it has heard.
        heard: u32,
        /// What it adds.
        adds: NoteText,
    },
    /// A client has read that it is accepted.
    WasAccepted,
    /// A client has read that it is refused.
    WasRefused,
}

impl Note {
    /// The note's name in traces and in scenario files.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Runs { .. } => "runs",
            Self::Ended { .. } => "ended",
            Self::NotFound { .. } => "not-found",
            Self::Killed { .. } => "killed",
            Self::OverLimit { .. } => "over-limit",
            Self::Takes { .. } => "takes",
            Self::Reply { .. } => "reply",
            Self::Asks { .. } => "asks",
            Self::Answered { .. } => "answered",
            Self::Hashing { .. } => "hashing",
            Self::SendsFile { .. } => "sends-file",
            Self::Flips { .. } => "flips",
            Self::FileShrank { .. } => "file-shrank",
            Self::FileGrew { .. } => "file-grew",
            Self::HeaderSays { .. } => "header-says",
            Self::NameRefused { .. } => "name-refused",
            Self::CommandRefused => "command-refused",
            Self::NoRoom { .. } => "no-room",
            Self::CannotWrite { .. } => "cannot-write",
            Self::Progress { .. } => "progress",
            Self::TookTooMuch { .. } => "took-too-much",
            Self::DigestEqual { .. } => "digest-equal",
            Self::DigestDiffers { .. } => "digest-differs",
            Self::NotHashed => "not-hashed",
            Self::Kept { .. } => "kept",
            Self::NotKept { .. } => "not-kept",
            Self::Cost { .. } => "cost",
            Self::Puts { .. } => "puts",
            Self::Dies { .. } => "dies",
            Self::IsSilent { .. } => "is-silent",
            Self::Unanswered { .. } => "unanswered",
            Self::FolderHolds { .. } => "folder-holds",
            Self::Served { .. } => "served",
            Self::ClientLeft { .. } => "client-left",
            Self::WaitsForEither { .. } => "waits-for-either",
            Self::ChallengeSent { .. } => "challenge-sent",
            Self::MacEqual { .. } => "mac-equal",
            Self::MacDiffers { .. } => "mac-differs",
            Self::OtherChallenge => "other-challenge",
            Self::AnsweredBefore => "answered-before",
            Self::UnknownChallenge => "unknown-challenge",
            Self::AnswersWithKey { .. } => "answers-with-key",
            Self::GuessesKey { .. } => "guesses-key",
            Self::AnswersWithText { .. } => "answers-with-text",
            Self::Replays => "replays",
            Self::Forges { .. } => "forges",
            Self::WasAccepted => "was-accepted",
            Self::WasRefused => "was-refused",
        }
    }
}

/// Why a name from a peer is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NameFault {
    /// There is none.
    Empty,
    /// `.` is the folder itself.
    Itself,
    /// `..` is the folder above.
    Above,
    /// It begins at the root.
    Absolute,
    /// It leads through another folder.
    Nested,
    /// It has a control character, as NUL, at which the system would cut it off.
    Control,
    /// It is longer than a file's name may be.
    TooLong,
}

/// A text inside a note, of at most [`NoteText::LONGEST`] characters: what comes from a peer, or from a file, can be long.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct NoteText(String);

/// A text that is too long for a note.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a note's text is longer than {} characters", NoteText::LONGEST)]
pub struct TooLong;

impl NoteText {
    /// Most characters.
    pub const LONGEST: usize = 120;

    /// The text, or its beginning and an ellipsis.
    #[must_use]
    pub fn new(text: &str) -> Self {
        if text.chars().nth(Self::LONGEST).is_none() {
            return Self(text.to_owned());
        }
        let kept: String = text.chars().take(Self::LONGEST - 1).collect();
        Self(format!("{kept}…"))
    }

    /// As it is told.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for NoteText {
    type Error = TooLong;

    fn try_from(text: String) -> Result<Self, TooLong> {
        if text.chars().nth(Self::LONGEST).is_some() {
            return Err(TooLong);
        }
        Ok(Self(text))
    }
}

impl From<NoteText> for String {
    fn from(text: NoteText) -> Self {
        text.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_and_a_longer_one_is_not_read() {
        let long = "粘".repeat(NoteText::LONGEST);
        assert_eq!(NoteText::new(&long).as_str(), long);
        let cut = NoteText::new(&(long.clone() + "包"));
        assert_eq!(cut.as_str().chars().count(), NoteText::LONGEST);
        assert!(cut.as_str().ends_with("粘…"));
        assert_eq!(NoteText::try_from(long.clone() + "包"), Err(TooLong));
        assert_eq!(NoteText::try_from(String::from(cut.clone())), Ok(cut));
    }
}
