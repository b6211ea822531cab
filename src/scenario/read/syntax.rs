//! What is not TOML, and what no TOML parser should be given.

use std::ops::Range;

use toml::de::{DeTable, Error};
use toml_parser::Source;
use toml_parser::lexer::TokenKind;

use super::MOST_PARTS;
use crate::scenario::Problem;
use crate::scenario::problem::{DocumentProblem, SHOWN, boundary, meant_by};

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

/// One slip of syntax can make the parser stumble many times and lose what follows. So: one problem a slip, and of the
/// others only those above the first slip that need no other part of the file.
pub(super) fn with_syntax(text: &str, errors: &[Error], semantic: Vec<Problem>) -> Vec<Problem> {
    let mut list = slips(text, errors);
    let first = list.first().map_or(0, |problem| problem.span.start.min(text.len()));
    let line = text[..boundary(text, first)].rfind('\n').map_or(0, |at| at + 1);
    list.extend(
        semantic
            .into_iter()
            .filter(|problem| problem.span.end <= line && problem.what.is_certain()),
    );
    list
}

/// The errors that are no consequence of an earlier one. What is left open swallows all that stands below it, so behind
/// it the text is read afresh from the next table header: what is wrong there is wrong by itself.
fn slips(text: &str, errors: &[Error]) -> Vec<Problem> {
    let headers = headers(text);
    let (mut list, mut open) = errors_until_open(text, 0, errors, &headers);
    while let Some(at) = open {
        let next = headers.partition_point(|header| *header <= at);
        // Each time the rest is read again, and a file can have very many headers.
        let Some(from) = headers.get(next).copied().filter(|_| list.len() <= SHOWN) else {
            break;
        };
        let rest = &text[from..];
        // Beside an open string the parts of keys may have been counted wrongly.
        if many_parts(rest).is_some() {
            break;
        }
        let (_, errors) = DeTable::parse_recoverable(rest);
        let (more, still) = errors_until_open(text, from, &errors, &headers);
        list.extend(more);
        open = still;
    }
    list
}

/// One problem a line, of a text that was read from `from` on, up to one that leaves something open: the end of that
/// one's line comes second.
fn errors_until_open(text: &str, from: usize, errors: &[Error], headers: &[usize]) -> (Vec<Problem>, Option<usize>) {
    let mut errors: Vec<_> = errors
        .iter()
        .map(|error| (error.span().unwrap_or(0..0), error.message()))
        .map(|(span, message)| (span.start + from..span.end + from, message))
        .collect();
    errors.sort_by_key(|(span, _)| span.start);
    let mut list: Vec<Problem> = Vec::new();
    let mut next_line = from;
    for (span, message) in errors {
        if span.start < next_line {
            continue;
        }
        let rest = text.as_bytes().get(span.start..).unwrap_or_default();
        let line = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
        next_line = span.start + line + 1;
        let start = span.start;
        // What is wrong at a header, or in its name, is often that a list above it goes on.
        let at_header = headers
            .iter()
            .copied()
            .find(|header| [start, start.wrapping_sub(1)].contains(header));
        if let Some(header) = at_header.filter(|header| *header > from)
            && let Some(bracket) = open_list(text, from, header)
        {
            let what = DocumentProblem::OpenList {
                line: text[..header].matches('\n').count() + 1,
                header: text[header..].lines().next().unwrap_or_default().trim_end().to_owned(),
            };
            list.push(Problem {
                span: bracket..bracket + 1,
                what: what.into(),
            });
            return (list, Some(header - 1));
        }
        list.push(Problem {
            what: said(text, &span, message).into(),
            span,
        });
        let opens = rest[..line].trim_ascii_end().ends_with(b"[") || rest[..line].trim_ascii_end().ends_with(b"{");
        if opens || LEFT_OPEN.iter().any(|part| message.contains(part)) {
            // An error at a header: what stands above it is open, and the header itself may be sound.
            let header = rest.first() == Some(&b'[') && start > from;
            return (list, Some(if header { start - 1 } else { next_line - 1 }));
        }
    }
    (list, None)
}

/// What the parser stumbled over: a character that looks like another one and a word without quotes have names.
fn said(text: &str, span: &Range<usize>, message: &str) -> DocumentProblem {
    let found = text.get(span.clone()).unwrap_or_default();
    let first = text.get(span.start..).and_then(|rest| rest.chars().next());
    let in_key = message.starts_with("invalid unquoted key");
    match first {
        Some(found) if in_key || (!found.is_alphanumeric() && meant_by(found).is_some()) => {
            DocumentProblem::Character { found }
        }
        _ if ["invalid boolean", "invalid float"]
            .iter()
            .any(|start| message.starts_with(start)) =>
        {
            DocumentProblem::BareWord { word: found.to_owned() }
        }
        _ => DocumentProblem::Syntax {
            message: message.to_owned(),
        },
    }
}

/// Where a list begins that is still open at a place, read from another one on.
fn open_list(text: &str, from: usize, to: usize) -> Option<usize> {
    let mut open = Vec::new();
    for token in Source::new(text.get(from..to)?).lex() {
        match token.kind() {
            TokenKind::LeftSquareBracket | TokenKind::LeftCurlyBracket => {
                open.push((token.kind(), token.span().start()));
            }
            TokenKind::RightSquareBracket | TokenKind::RightCurlyBracket => drop(open.pop()),
            _ => {}
        }
    }
    let (kind, at) = open.pop()?;
    (kind == TokenKind::LeftSquareBracket).then_some(from + at)
}

/// Where lines begin that can be nothing but the header of a table: `[name]` or `[[name]]`, and no string around them.
fn headers(text: &str) -> Vec<usize> {
    let mut line_begins = true;
    let mut list = Vec::new();
    for token in Source::new(text).lex() {
        let at = token.span().start();
        if line_begins && token.kind() == TokenKind::LeftSquareBracket {
            let line = text[at..].lines().next().unwrap_or_default();
            let line = line.split('#').next().unwrap_or_default().trim_end();
            // A list in a list begins with a bracket too, but with a value in it.
            let name = line.trim_start_matches('[').trim_start();
            if name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.ends_with(']') && !name.contains(',') {
                list.push(at);
            }
        }
        line_begins = token.kind() == TokenKind::Newline;
    }
    list
}

/// What the parser speaks of when a string, a list or braces did not end where they should.
const LEFT_OPEN: [&str; 5] = ["string", "quot", "array", "inline table", "between key-value pairs"];
