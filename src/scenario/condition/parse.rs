//! Reads a condition. Every test is read for itself, so one that is wrong does not hide the next.

use std::ops::Range;

use super::super::wire::LINK;
use super::{Condition, Op, Operand, Test};
use crate::scenario::knob::BUILT_IN;
use crate::scenario::problem::{ConditionProblem, KindName, KnobProblem, What};
use crate::scenario::{KnobKind, Setting};

/// Words of the condition language: no knob and no choice can be called so.
pub(in crate::scenario) const RESERVED: [&str; 5] = ["and", "or", "not", "true", "false"];

/// A knob's name and, unless its declaration is broken, what it can be.
pub(in crate::scenario) type KnownKnob<'k> = (&'k str, Option<&'k KnobKind>);

/// One thing that is wrong with a condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where, in bytes of the condition.
    pub span: Range<usize>,
    /// What.
    pub what: What,
}

/// Reads a condition. With a knob whose declaration is broken nothing can be checked: then there may be an error
/// without a fault, because the fault is elsewhere.
pub(in crate::scenario) fn parse(text: &str, knobs: &[KnownKnob<'_>]) -> Result<Condition, Vec<Fault>> {
    let tokens = tokens(text);
    let mut parser = Parser {
        knobs,
        faults: Vec::new(),
    };
    let mut tests = Vec::new();
    // Where to point if a test is missing: at the `and` before it, or at the whole condition.
    let mut before = 0..text.len();
    let mut from = 0;
    loop {
        let words = &tokens[from..];
        let and = words.iter().position(|token| token.text == "and");
        tests.push(parser.test(&words[..and.unwrap_or(words.len())], &before));
        let Some(and) = and else { break };
        before = words[and].span.clone();
        from += and + 1;
    }
    match tests.into_iter().collect() {
        Some(tests) if parser.faults.is_empty() => Ok(Condition(tests)),
        _ => Err(parser.faults),
    }
}

/// Whether this can be written as one word of a condition.
pub(in crate::scenario) fn is_word(text: &str) -> bool {
    !text.is_empty() && text.chars().all(in_word)
}

fn in_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '-'
}

struct Token<'t> {
    text: &'t str,
    span: Range<usize>,
}

impl Token<'_> {
    fn is_word(&self) -> bool {
        is_word(self.text)
    }
}

/// Words, runs of signs, and whatever else stands there, without the space between.
fn tokens(text: &str) -> Vec<Token<'_>> {
    let sign = |c: char| "=!<>&|".contains(c);
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let same = |c: char| {
            if in_word(first) {
                in_word(c)
            } else if sign(first) {
                sign(c)
            } else {
                !in_word(c) && !sign(c) && c.is_whitespace() == first.is_whitespace()
            }
        };
        let length = rest.find(|c| !same(c)).unwrap_or(rest.len());
        let start = text.len() - rest.len();
        if !first.is_whitespace() {
            tokens.push(Token {
                text: &rest[..length],
                span: start..start + length,
            });
        }
        rest = &rest[length..];
    }
    tokens
}

struct Parser<'k> {
    knobs: &'k [KnownKnob<'k>],
    faults: Vec<Fault>,
}

impl<'k> Parser<'k> {
    /// `None` if something is wrong, here or in the knob's declaration.
    fn test(&mut self, tokens: &[Token<'_>], before: &Range<usize>) -> Option<Test> {
        let (negated, tokens) = match tokens {
            [not, rest @ ..] if not.text == "not" => (true, rest),
            _ => (false, tokens),
        };
        let [knob, rest @ ..] = tokens else {
            self.fault(before.clone(), ConditionProblem::Nothing);
            return None;
        };
        let kind = self.knob(knob)?;
        let [op, rest @ ..] = rest else {
            return self.toggle(knob, kind, !negated);
        };
        let compares = op.text.contains(['=', '<', '>']);
        if negated || op.is_word() || !compares {
            return self.unexpected(op);
        }
        let Some(meaning) = operator(op.text) else {
            let op_said = op.text.to_owned();
            self.fault(op.span.clone(), ConditionProblem::UnknownOperator { op: op_said });
            return None;
        };
        match rest {
            [] => {
                self.fault(op.span.clone(), ConditionProblem::NothingToCompare);
                None
            }
            [value] if value.is_word() => self.comparison(knob, kind, (op, meaning), value),
            [value, extra, ..] if value.is_word() => self.unexpected(extra),
            [wrong, ..] => self.unexpected(wrong),
        }
    }

    /// The kind of the knob named here. A knob whose declaration is broken has none, and that is no fault of this place.
    fn knob(&mut self, token: &Token<'_>) -> Option<&'k KnobKind> {
        if !token.is_word() || RESERVED.contains(&token.text) {
            return self.unexpected(token);
        }
        let found = self.knobs.iter().find(|(name, _)| *name == token.text);
        if found.is_none() {
            let names = self.knobs.iter().map(|(name, _)| *name);
            let known = names.filter(|name| *name != LINK).map(str::to_owned).collect();
            let name = token.text.to_owned();
            self.fault(token.span.clone(), KnobProblem::Unknown { name, known });
        }
        found.and_then(|(_, kind)| *kind)
    }

    fn toggle(&mut self, knob: &Token<'_>, kind: &KnobKind, on: bool) -> Option<Test> {
        let name = knob.text.to_owned();
        if !matches!(kind, KnobKind::Toggle { .. }) {
            self.fault(knob.span.clone(), ConditionProblem::NotAToggle { knob: name });
            return None;
        }
        Some(Test {
            knob: name,
            op: Op::Equal,
            with: Operand::Value(Setting::Toggle(on)),
        })
    }

    fn comparison(
        &mut self,
        knob: &Token<'_>,
        kind: &KnobKind,
        (op, meaning): (&Token<'_>, Op),
        value: &Token<'_>,
    ) -> Option<Test> {
        let name = knob.text.to_owned();
        let is = KindName::from(kind);
        if is != KindName::Number && !matches!(meaning, Op::Equal | Op::Different) {
            self.fault(op.span.clone(), ConditionProblem::NoOrder { knob: name, is });
            return None;
        }
        let other = self.knobs.iter().find(|(name, _)| *name == value.text);
        let with = match other {
            Some((other, other_kind)) => {
                let other_is = KindName::from((*other_kind)?);
                if other_is != is {
                    let wrong = KnobProblem::WrongKind {
                        name: (*other).to_owned(),
                        is: other_is,
                        wanted: is,
                    };
                    self.fault(value.span.clone(), wrong);
                    return None;
                }
                Operand::Knob((*other).to_owned())
            }
            None => Operand::Value(self.value(&name, kind, value)?),
        };
        Some(Test {
            knob: name,
            op: meaning,
            with,
        })
    }

    fn value(&mut self, knob: &str, kind: &KnobKind, token: &Token<'_>) -> Option<Setting> {
        let value = token.text.to_owned();
        let knob = knob.to_owned();
        let is = KindName::from(kind);
        let wrong: What = match kind {
            KnobKind::Toggle { .. } => match value.parse() {
                Ok(on) => return Some(Setting::Toggle(on)),
                Err(_) => ConditionProblem::WrongValue { knob, is, value }.into(),
            },
            KnobKind::Number { .. } => match value.parse() {
                Ok(number) => return Some(Setting::Number(number)),
                Err(_) => ConditionProblem::WrongValue { knob, is, value }.into(),
            },
            KnobKind::Choice { options, .. } if options.contains(&value) => return Some(Setting::Choice(value)),
            // A path of somebody's own machine would mean nothing elsewhere.
            KnobKind::File { .. } if value == BUILT_IN => return Some(Setting::File(value)),
            KnobKind::File { .. } => {
                let choices = vec![BUILT_IN.to_owned()];
                ConditionProblem::NoSuchChoice { knob, value, choices }.into()
            }
            KnobKind::Choice { options, .. } => {
                let choices = options.clone();
                ConditionProblem::NoSuchChoice { knob, value, choices }.into()
            }
        };
        self.fault(token.span.clone(), wrong);
        None
    }

    fn unexpected<T>(&mut self, token: &Token<'_>) -> Option<T> {
        let found = token.text.to_owned();
        self.fault(token.span.clone(), ConditionProblem::Unexpected { found });
        None
    }

    fn fault(&mut self, span: Range<usize>, what: impl Into<What>) {
        self.faults.push(Fault {
            span,
            what: what.into(),
        });
    }
}

fn operator(signs: &str) -> Option<Op> {
    Some(match signs {
        "==" => Op::Equal,
        "!=" => Op::Different,
        "<" => Op::Less,
        "<=" => Op::AtMost,
        ">" => Op::More,
        ">=" => Op::AtLeast,
        _ => return None,
    })
}
