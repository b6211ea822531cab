//! The names of what a program can say of itself, as claims and stops use them.

use super::Named;

/// The name of a note, as in the trace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoteName(&'static str);

/// The table, one name a note of the trace.
macro_rules! names {
    ($($name:literal),* $(,)?) => {
        impl Named for NoteName {
            const NAMES: &'static [(&'static str, Self)] = &[$(($name, Self($name))),*];
        }
    };
}

names![
    "runs",
    "ended",
    "not-found",
    "killed",
    "over-limit",
    "takes",
    "reply",
    "asks",
    "answered",
    "hashing",
    "sends-file",
    "flips",
    "file-shrank",
    "file-grew",
    "header-says",
    "name-refused",
    "command-refused",
    "no-room",
    "cannot-write",
    "progress",
    "took-too-much",
    "digest-equal",
    "digest-differs",
    "not-hashed",
    "kept",
    "not-kept",
    "cost",
    "puts",
    "dies",
    "is-silent",
    "unanswered",
    "folder-holds",
    "served",
    "client-left",
    "waits-for-either",
    "challenge-sent",
    "mac-equal",
    "mac-differs",
    "other-challenge",
    "answered-before",
    "unknown-challenge",
    "answers-with-key",
    "guesses-key",
    "answers-with-text",
    "replays",
    "forges",
    "was-accepted",
    "was-refused",
];
