//! What can be wrong with a scenario file, and how it is shown: file, line, a caret, and what to do about it.

mod claims;
mod commands;
mod conditions;
mod document;
mod endpoints;
mod formats;
mod framing;
mod impossible;
mod knobs;
mod phrase;
mod shape;
mod steps;
mod wanted;

use std::fmt;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet, normalize_untrusted_str};

pub use claims::ClaimProblem;
pub use commands::CommandProblem;
pub use conditions::ConditionProblem;
pub use document::DocumentProblem;
pub(super) use document::meant_by;
pub use endpoints::EndpointProblem;
pub use formats::FormatProblem;
pub use framing::FramingProblem;
pub use impossible::Impossible;
pub use knobs::{KindName, KnobProblem};
pub use shape::{Counted, Role, ShapeProblem};
pub use steps::StepProblem;
pub use wanted::Wanted;

use super::Text;
use crate::words::Lang;
use crate::words::visible::{is_hidden, tame, tame_lines};

/// Problems shown at most; the rest is counted.
pub const SHOWN: usize = 50;

/// Everything that is wrong with a file, in the order of the file. Never empty.
#[derive(Debug, Clone)]
pub struct Problems {
    /// The file's name.
    pub name: String,
    /// The file's text.
    pub text: String,
    /// The problems, by place.
    pub list: Vec<Problem>,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where, in bytes of the file.
    pub span: Range<usize>,
    /// What.
    pub what: What,
}

/// What is wrong, by subject; each subject has one variant a kind of problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// The file is no TOML, or no file to read at all.
    Document(DocumentProblem),
    /// A key or a value does not have the form that belongs there.
    Shape(ShapeProblem),
    /// A knob, a use of one, or a contrast.
    Knob(KnobProblem),
    /// A `when`.
    Condition(ConditionProblem),
    /// Who takes part.
    Endpoint(EndpointProblem),
    /// A struct format, or the values for it.
    Format(FormatProblem),
    /// What happens.
    Step(StepProblem),
    /// How frames are written and read.
    Framing(FramingProblem),
    /// What may be run.
    Command(CommandProblem),
    /// What must be seen.
    Claim(ClaimProblem),
    /// Well formed, but it cannot happen when the scenario runs.
    Impossible(Impossible),
}

impl Problems {
    /// All problems as a person reads them, each with its line, a caret and, where there is one, a way out.
    #[must_use]
    pub fn render(&self, lang: Lang, color: bool) -> String {
        let renderer = if color { Renderer::styled() } else { Renderer::plain() };
        let mut shown: Vec<String> = self
            .list
            .iter()
            .take(SHOWN)
            .map(|problem| self.render_one(problem, lang, &renderer))
            .collect();
        let more = self.list.len().saturating_sub(SHOWN);
        if more > 0 {
            shown.push(match lang {
                Lang::En => format!("and {more} more"),
                Lang::Zh => format!("另外还有 {more} 处"),
            });
        }
        shown.join("\n\n") + "\n"
    }

    fn render_one(&self, problem: &Problem, lang: Lang, renderer: &Renderer) -> String {
        let (error, help) = match lang {
            Lang::En => ("error", "help"),
            Lang::Zh => ("错误", "建议"),
        };
        let (number, line, span) = self.line(&problem.span);
        let line = &visible(line);
        let snippet = Snippet::source(line)
            .path(normalize_untrusted_str(&tame(self.name.clone())))
            .line_start(number)
            .annotation(AnnotationKind::Primary.span(span));
        let title = problem.what.title();
        let mut group = Level::ERROR
            .with_name(error)
            .primary_title(tame(title.get(lang).to_owned()))
            .element(snippet);
        if let Some(text) = problem.what.help() {
            let text = normalize_untrusted_str(&tame_lines(text.get(lang).to_owned()));
            group = group.element(Level::HELP.with_name(help).message(text));
        }
        let text = renderer.render(&[group]);
        match lang {
            Lang::En => text,
            Lang::Zh => wide_colon(wide_colon(text, error), help),
        }
    }

    /// The line a span begins in: its number from 1, its text, and the part of the span that lies in it. One line is
    /// enough to find the place, and a table of many lines would bury the message.
    fn line(&self, span: &Range<usize>) -> (usize, &str, Range<usize>) {
        let text = self.text.as_str();
        let begin = boundary(text, span.start);
        let from = text[..begin].rfind('\n').map_or(0, |at| at + 1);
        let to = text[begin..].find('\n').map_or(text.len(), |at| begin + at);
        let line = text[from..to].trim_end_matches('\r');
        let number = text[..from].matches('\n').count() + 1;
        let start = (begin - from).min(line.len());
        let end = boundary(text, span.end).saturating_sub(from).clamp(start, line.len());
        // A caret needs something to stand under, unless the line ends here.
        let end = match line[start..].chars().next() {
            Some(first) => end.max(start + first.len_utf8()),
            None => end,
        };
        (number, line, start..end)
    }
}

/// The renderer puts the colon of English behind a label, with or without colour.
fn wide_colon(text: String, label: &str) -> String {
    let ends = ["", "\x1b[0m", "\x1b[0m\x1b[1m"];
    let found = ends.into_iter().find(|end| text.contains(&format!("{label}{end}: ")));
    match found {
        Some(end) => text.replacen(&format!("{label}{end}: "), &format!("{label}：{end}"), 1),
        None => text,
    }
}

/// A line in which what hides, or turns round what stands beside it, is seen, and every other character has its place.
fn visible(line: &str) -> String {
    let mut seen = String::with_capacity(line.len());
    for c in line.chars() {
        // The renderer has signs of its own for the control characters of ASCII.
        match c.len_utf8() {
            2 if is_hidden(c) => seen.push('·'),
            3 if is_hidden(c) => seen.push(char::REPLACEMENT_CHARACTER),
            4 if is_hidden(c) => seen.push_str("··"),
            _ => seen.push(c),
        }
    }
    seen
}

/// The nearest place at or before `at` where a character begins.
pub(super) fn boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(Lang::En, false))
    }
}

impl std::error::Error for Problems {}

impl What {
    /// What is wrong, in one line.
    #[must_use]
    pub fn title(&self) -> Text {
        match self {
            Self::Document(problem) => problem.title(),
            Self::Shape(problem) => problem.title(),
            Self::Knob(problem) => problem.title(),
            Self::Condition(problem) => problem.title(),
            Self::Endpoint(problem) => problem.title(),
            Self::Format(problem) => problem.title(),
            Self::Step(problem) => problem.title(),
            Self::Framing(problem) => problem.title(),
            Self::Command(problem) => problem.title(),
            Self::Claim(problem) => problem.title(),
            Self::Impossible(problem) => problem.title(),
        }
    }

    /// What to do about it, where that can be said.
    #[must_use]
    pub fn help(&self) -> Option<Text> {
        match self {
            Self::Document(problem) => problem.help(),
            Self::Shape(problem) => problem.help(),
            Self::Knob(problem) => problem.help(),
            Self::Condition(problem) => problem.help(),
            Self::Endpoint(problem) => problem.help(),
            Self::Format(problem) => problem.help(),
            Self::Step(problem) => problem.help(),
            Self::Framing(problem) => problem.help(),
            Self::Command(problem) => problem.help(),
            Self::Claim(problem) => problem.help(),
            Self::Impossible(problem) => problem.help(),
        }
    }

    /// Whether it is a text that is missing: nothing else depends on that.
    pub(super) fn is_about_texts(&self) -> bool {
        use ShapeProblem::{EmptyTranslation, MissingTranslation};
        matches!(self, Self::Shape(MissingTranslation { .. } | EmptyTranslation { .. }))
    }

    /// Whether it can be told from the place alone, so that it stands even if the rest of the file is unreadable.
    #[must_use]
    pub fn is_certain(&self) -> bool {
        match self {
            Self::Document(_) => true,
            Self::Shape(problem) => problem.is_certain(),
            _ => false,
        }
    }
}

/// Lets a problem of one subject be noted as it is.
macro_rules! subjects {
    ($($subject:ident($problem:ty)),* $(,)?) => {
        $(impl From<$problem> for What {
            fn from(problem: $problem) -> Self {
                Self::$subject(problem)
            }
        })*
    };
}

subjects! {
    Framing(FramingProblem),
    Format(FormatProblem),
    Document(DocumentProblem),
    Shape(ShapeProblem),
    Knob(KnobProblem),
    Condition(ConditionProblem),
    Endpoint(EndpointProblem),
    Step(StepProblem),
    Command(CommandProblem),
    Claim(ClaimProblem),
    Impossible(Impossible),
}
