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
            Self::Served { .. } => "served",
            Self::ClientLeft { .. } => "client-left",
            Self::WaitsForEither { .. } => "waits-for-either",
            Self::ChallengeSent { .. } => "challenge-sent",
            Self::MacEqual { .. } => "mac-equal",
            Self::MacDiffers { .. } => "mac-differs",
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
