//! Lines of styled text, and how they become bytes for a terminal or a pipe.

use std::fmt::Write;

use anstyle::{AnsiColor, Style};
use unicode_width::UnicodeWidthStr;

/// What a piece of text is; how that looks is decided when it is painted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Role {
    /// Ordinary text.
    #[default]
    Plain,
    /// A title.
    Title,
    /// Beside the point.
    Faint,
    /// A message, by number: it keeps its colour everywhere.
    Message(u32),
    /// As it should be.
    Good,
    /// Not as it should be.
    Bad,
    /// Worth a look.
    Notable,
}

/// A piece of text in one role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// The text.
    pub text: String,
    /// What it is.
    pub role: Role,
}

/// A line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line(pub Vec<Span>);

/// Text in a role, [tamed](tame).
pub fn span(role: Role, text: impl Into<String>) -> Span {
    Span {
        text: tame(text.into()),
        role,
    }
}

/// Text whose control characters, which could steer a terminal, are question marks: files and peers are not trusted
/// with the screen.
#[must_use]
pub fn tame(text: String) -> String {
    if text.chars().any(char::is_control) {
        text.chars().map(|c| if c.is_control() { '?' } else { c }).collect()
    } else {
        text
    }
}

/// Ordinary text.
pub fn plain(text: impl Into<String>) -> Span {
    span(Role::Plain, text)
}

impl Line {
    /// An empty line.
    #[must_use]
    pub fn blank() -> Self {
        Self::default()
    }

    /// Width in terminal cells.
    #[must_use]
    pub fn width(&self) -> usize {
        self.0.iter().map(|span| span.text.width()).sum()
    }

    /// The text without its roles, without blanks at the end.
    #[must_use]
    pub fn plain(&self) -> String {
        let text: String = self.0.iter().map(|span| span.text.as_str()).collect();
        text.trim_end().to_owned()
    }

    /// The text with escape sequences for colour.
    #[must_use]
    pub fn colored(&self) -> String {
        let mut out = String::new();
        for span in &self.0 {
            let style = style(span.role);
            // Writing into a string cannot fail.
            let _ = write!(out, "{style}{}{style:#}", span.text);
        }
        out
    }
}

/// The message colours: none that says good or bad, and told apart by colour-blind readers too. They repeat from the
/// fifth message on; the label stands beside every colour.
const MESSAGE_COLORS: [AnsiColor; 4] = [
    AnsiColor::Cyan,
    AnsiColor::Yellow,
    AnsiColor::Magenta,
    AnsiColor::BrightBlue,
];

fn style(role: Role) -> Style {
    match role {
        Role::Plain => Style::new(),
        Role::Title | Role::Notable => Style::new().bold(),
        Role::Faint => Style::new().dimmed(),
        Role::Message(number) => {
            let index = usize::try_from(number).unwrap_or(0).saturating_sub(1) % MESSAGE_COLORS.len();
            MESSAGE_COLORS[index].on_default()
        }
        Role::Good => AnsiColor::Green.on_default().bold(),
        Role::Bad => AnsiColor::Red.on_default().bold(),
    }
}

/// Puts spans into lines no wider than `width`. The first line begins with `first`, the others with as many blanks.
/// Breaks where Unicode allows it (UAX #14), so Chinese is broken where Chinese may be.
#[must_use]
pub fn wrap(first: Line, spans: &[Span], width: usize) -> Vec<Line> {
    let indent = first.width();
    let mut lines = vec![first];
    let mut used = indent;
    for (role, chunk) in chunks(spans) {
        let wide = chunk.trim_end().width();
        if used > indent && used + wide > width {
            trim_end(&mut lines);
            lines.push(Line(vec![plain(" ".repeat(indent))]));
            used = indent;
        }
        for piece in fold(&chunk, width.saturating_sub(indent).max(1)) {
            if used > indent && used + piece.trim_end().width() > width {
                trim_end(&mut lines);
                lines.push(Line(vec![plain(" ".repeat(indent))]));
                used = indent;
            }
            used += piece.width();
            if let Some(line) = lines.last_mut() {
                // A blank that may not be broken at has done its duty.
                line.0.push(span(role, piece.replace('\u{a0}', " ")));
            }
        }
    }
    trim_end(&mut lines);
    lines
}

/// The text cut where lines may break; each chunk keeps its blanks at the end.
fn chunks(spans: &[Span]) -> Vec<(Role, String)> {
    let mut chunks = Vec::new();
    for span in spans {
        let mut start = 0;
        for (end, _) in unicode_linebreak::linebreaks(&span.text) {
            chunks.push((span.role, span.text[start..end].replace('\n', " ")));
            start = end;
        }
    }
    chunks
}

/// A chunk that is wider than a line, cut into pieces that are not.
fn fold(chunk: &str, width: usize) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let mut used = 0;
    for c in chunk.chars() {
        let wide = unicode_width::UnicodeWidthChar::width(c).unwrap_or(0);
        if used + wide > width && used > 0 && c != ' ' {
            pieces.push(String::new());
            used = 0;
        }
        if let Some(piece) = pieces.last_mut() {
            piece.push(c);
        }
        used += wide;
    }
    pieces
}

fn trim_end(lines: &mut [Line]) {
    if let Some(span) = lines.last_mut().and_then(|line| line.0.last_mut()) {
        span.text.truncate(span.text.trim_end().len());
    }
}

/// A text cut to `width` cells; where something is cut off, `ellipsis` stands for it.
#[must_use]
pub fn elide(text: &str, width: usize, ellipsis: &str) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let room = width.saturating_sub(ellipsis.width());
    let mut out = String::new();
    let mut used = 0;
    for c in text.chars() {
        used += unicode_width::UnicodeWidthChar::width(c).unwrap_or(0);
        if used > room {
            break;
        }
        out.push(c);
    }
    out + ellipsis
}
