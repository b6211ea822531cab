//! What is not TOML, and what no TOML parser should be given.

use std::ops::Range;

use toml::de::Error;
use toml_parser::Source;
use toml_parser::lexer::TokenKind;

use super::MOST_PARTS;
use crate::scenario::Problem;
use crate::scenario::problem::DocumentProblem;

/// The first dotted key of too many parts. The parser allows 80 parts, 80 tables deep, and dropping a table that is
/// 6400 deep overflows the stack; so such a file must not reach it.
pub(super) fn many_parts(text: &str) -> Option<Range<usize>> {
    let (mut start, mut dots, mut after_dot) = (0, 0, false);
    for token in Source::new(text).lex() {
        match token.kind() {
            TokenKind::Whitespace => {}
            TokenKind::Dot => {
                dots += 1;
                after_dot = true;
            }
            TokenKind::Atom
            | TokenKind::LiteralString
            | TokenKind::BasicString
            | TokenKind::MlLiteralString
            | TokenKind::MlBasicString
                if after_dot =>
            {
                after_dot = false;
            }
            // Whatever this is, it begins something new.
            _ => {
                start = token.span().start();
                dots = 0;
                after_dot = false;
            }
        }
        if dots >= MOST_PARTS {
            return Some(start..token.span().end());
        }
    }
    None
}

/// One slip of syntax can make the parser stumble several times and lose what follows. So: one problem a line, and
/// of the others only those above the first slip that need no other part of the file.
pub(super) fn with_syntax(text: &str, errors: &[Error], semantic: Vec<Problem>) -> Vec<Problem> {
    let mut list: Vec<Problem> = Vec::new();
    let mut errors: Vec<_> = errors
        .iter()
        .map(|error| (error.span().unwrap_or(0..0), error.message()))
        .collect();
    errors.sort_by_key(|(span, _)| span.start);
    let mut next_line = 0;
    for (span, message) in errors {
        if span.start < next_line {
            continue;
        }
        let rest = text.as_bytes().get(span.start..).unwrap_or_default();
        let line = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
        next_line = span.start + line + 1;
        // A header inside a list: the list was never closed, and the rest of the file is read as part of it.
        let runaway = message.contains("array") && rest.first() == Some(&b'[');
        let message = message.to_owned();
        let what = DocumentProblem::Syntax { message }.into();
        list.push(Problem { span, what });
        if runaway {
            break;
        }
    }
    let first = list.first().map_or(0, |problem| problem.span.start.min(text.len()));
    let line = text.as_bytes()[..first]
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(0, |at| at + 1);
    list.extend(
        semantic
            .into_iter()
            .filter(|problem| problem.span.end <= line && problem.what.is_certain()),
    );
    list
}
