//! Challenge and response: what the two programs need to know.

use std::time::Duration;

use crate::scenario::plan::Decide;
use crate::scenario::{Arg, Named};

/// How a digest is made of a key and a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// HMAC (RFC 2104) with SHA-256.
    HmacSha256,
    /// HMAC with MD5.
    HmacMd5,
    /// MD5 of the key with the message behind it: no authentication scheme, because who has one digest can go on from it.
    Md5SecretNonce,
}

impl Scheme {
    /// Bytes of a digest.
    #[must_use]
    pub fn size(self) -> usize {
        match self {
            Self::HmacSha256 => 32,
            Self::HmacMd5 | Self::Md5SecretNonce => 16,
        }
    }
}

/// How a client answers a challenge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answers {
    /// With the digest under the key.
    Legitimate,
    /// With a text: it knows nothing of digests.
    WithoutScheme,
    /// With the digest under a key that it guesses.
    OtherKey,
    /// With an answer that was heard before.
    Replay,
    /// With a longer message than was heard, whose digest it makes of the one that was heard, without the key.
    Forger,
    /// With bytes that are no frame.
    Noise,
    /// With half a header, and no more.
    Stops,
}

/// In how many sends an answer goes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// In one.
    Whole,
    /// In two, cut in the middle of the digest.
    InTwo,
}

/// How the server reads an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnswerReader {
    /// It asks until it has everything.
    Exact,
    /// It believes one `recv` for the length and one for the rest.
    SingleRecv,
}

/// Which challenge an answer must be to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Checks {
    /// The one that was sent on this connection, and nothing with it.
    Own,
    /// Any that this thread has sent, with anything behind it; the server takes it from the answer. A mistake.
    AnySent,
}

/// A server's side of one exchange.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Challenge {
    /// How digests are made.
    pub scheme: Scheme,
    /// The key.
    pub key: String,
    /// How the answer is read.
    pub reader: AnswerReader,
    /// Which challenge the answer must be to.
    pub checks: Checks,
    /// In which time a whole answer must have come.
    pub deadline: Duration,
}

/// A client's side of one exchange.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Respond {
    /// How it answers.
    pub answers: Answers,
    /// How digests are made.
    pub scheme: Scheme,
    /// The key.
    pub key: String,
    /// The key that somebody guesses who does not have it.
    pub guess: String,
    /// What a forger adds to the message.
    pub adds: String,
    /// In how many sends the answer goes out.
    pub cut: Cut,
}

/// [`Challenge`], as the file describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenChallenge {
    /// How digests are made.
    pub scheme: Arg<Scheme>,
    /// The key.
    pub key: String,
    /// How the answer is read.
    pub reader: Arg<AnswerReader>,
    /// Which challenge the answer must be to.
    pub checks: Arg<Checks>,
    /// In which time a whole answer must have come, in milliseconds.
    pub deadline_ms: u64,
}

/// [`Respond`], as the file describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenRespond {
    /// How it answers.
    pub answers: Arg<Answers>,
    /// How digests are made.
    pub scheme: Arg<Scheme>,
    /// The key.
    pub key: String,
    /// The key that somebody guesses who does not have it.
    pub guess: String,
    /// What a forger adds to the message.
    pub adds: String,
    /// In how many sends the answer goes out.
    pub cut: Arg<Cut>,
}

/// Bytes of a challenge.
pub const CHALLENGE: usize = 32;

/// Longest answer, in bytes: a challenge, what may be added to it, and a digest.
pub const LONGEST_ANSWER: u32 = 512;

/// Longest key and longest text that is added, in bytes.
pub const LONGEST_TEXT: usize = 64;

impl WrittenChallenge {
    /// Its parameters, decided.
    pub(in crate::scenario) fn decided(&self, decide: &Decide<'_>) -> Challenge {
        Challenge {
            scheme: decide.choice(&self.scheme),
            key: self.key.clone(),
            reader: decide.choice(&self.reader),
            checks: decide.choice(&self.checks),
            deadline: Duration::from_millis(self.deadline_ms),
        }
    }
}

impl WrittenRespond {
    /// Its parameters, decided.
    pub(in crate::scenario) fn decided(&self, decide: &Decide<'_>) -> Respond {
        Respond {
            answers: decide.choice(&self.answers),
            scheme: decide.choice(&self.scheme),
            key: self.key.clone(),
            guess: self.guess.clone(),
            adds: self.adds.clone(),
            cut: decide.choice(&self.cut),
        }
    }
}

impl Named for Scheme {
    const NAMES: &'static [(&'static str, Self)] = &[
        ("hmac-sha256", Self::HmacSha256),
        ("hmac-md5", Self::HmacMd5),
        ("md5-secret-nonce", Self::Md5SecretNonce),
    ];
}

impl Named for Answers {
    const NAMES: &'static [(&'static str, Self)] = &[
        ("legitimate", Self::Legitimate),
        ("without-scheme", Self::WithoutScheme),
        ("other-key", Self::OtherKey),
        ("replay", Self::Replay),
        ("forger", Self::Forger),
        ("noise", Self::Noise),
        ("stops", Self::Stops),
    ];
}

impl Named for Cut {
    const NAMES: &'static [(&'static str, Self)] = &[("whole", Self::Whole), ("in-two", Self::InTwo)];
}

impl Named for Checks {
    const NAMES: &'static [(&'static str, Self)] = &[("own", Self::Own), ("any-sent", Self::AnySent)];
}

impl Named for AnswerReader {
    const NAMES: &'static [(&'static str, Self)] = &[("exact", Self::Exact), ("single-recv", Self::SingleRecv)];
}
