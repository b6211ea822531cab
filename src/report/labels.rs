//! The names of messages and parts of them, each in its colour.

use super::Look;
use super::line::{Role, Span, plain, span};
use crate::story::pieces::{Overlap, Piece};
use crate::story::sentences;

/// Most messages named in one line.
pub const MOST: usize = 8;

/// `m2`, `m2:0-4`.
#[must_use]
pub fn label(piece: &Piece) -> String {
    sentences::piece(&piece.reference())
}

/// Pieces as they are named in a line: all of them, or of many the first and the last.
#[derive(Debug, Clone)]
pub struct Named {
    pieces: Vec<Piece>,
    is_all: bool,
}

impl Named {
    /// Pieces that are known.
    #[must_use]
    pub fn of(pieces: &[Piece]) -> Self {
        match pieces {
            [first, .., last] if pieces.len() > MOST => Self {
                pieces: vec![*first, *last],
                is_all: false,
            },
            _ => Self {
                pieces: pieces.to_vec(),
                is_all: true,
            },
        }
    }

    /// The pieces of a span, however many they are.
    #[must_use]
    pub fn overlapping(span: Overlap<'_>) -> Self {
        if span.len() <= MOST {
            return Self::of(&span.iter().collect::<Vec<_>>());
        }
        let mut pieces = span.iter();
        Self {
            pieces: pieces.next().into_iter().chain(pieces.next_back()).collect(),
            is_all: false,
        }
    }

    /// Whether there is nothing to name.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// The one message that is named, if it is one only.
    #[must_use]
    pub fn only(&self) -> Option<u32> {
        let first = self.pieces.first()?.message;
        self.pieces.iter().all(|piece| piece.message == first).then_some(first)
    }

    /// `m1+m2`.
    #[must_use]
    pub fn plain(&self, look: &Look) -> String {
        let mut names: Vec<String> = self.pieces.iter().map(label).collect();
        if !self.is_all {
            names.insert(1, look.glyphs.ellipsis.to_owned());
        }
        names.join("+")
    }

    /// The same, each in its colour.
    #[must_use]
    pub fn spans(&self, look: &Look) -> Vec<Span> {
        let mut spans = Vec::new();
        for (index, piece) in self.pieces.iter().enumerate() {
            if index > 0 {
                spans.push(plain("+"));
            }
            if index > 0 && !self.is_all {
                spans.push(plain(format!("{}+", look.glyphs.ellipsis)));
            }
            spans.push(span(Role::Message(piece.message), label(piece)));
        }
        spans
    }

    /// A sentence that says these names, with all of them in their colours.
    #[must_use]
    pub fn colored(&self, sentence: &str, role: Role, look: &Look) -> Vec<Span> {
        let names = self.plain(look);
        match sentence.split_once(&names).filter(|_| self.is_all && !names.is_empty()) {
            Some((before, after)) => [vec![span(role, before)], self.spans(look), vec![span(role, after)]].concat(),
            None => vec![span(role, sentence)],
        }
    }
}
