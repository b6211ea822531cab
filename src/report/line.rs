//! Lines of styled text, and how they become bytes for a terminal or a pipe.

use std::fmt::Write;

use anstyle::{AnsiColor, Style};
use unicode_width::UnicodeWidthStr;

pub use crate::words::visible::tame;

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

/// Text in a role, [tamed](tame): files and peers are not trusted with the screen.
pub fn span(role: Role, text: impl Into<String>) -> Span {
    Span {
        text: tame(text.into()),
        role,
    }
}

/// Keeps a line from breaking between two characters, as U+2060 (WORD JOINER) does. It is nobody's character, and as
/// long as that one: a joiner in a text of somebody else's is told from it.
const JOINER: char = '\u{2065}';

/// As Unicode knows it.
const WORD_JOINER: &str = "\u{2060}";

/// A text that [`wrap`] keeps on one line, if a line is long enough.
#[must_use]
pub fn tied(text: &str) -> String {
    let mut out = String::with_capacity(4 * text.len());
    for c in text.chars() {
        out.push(c);
        out.push(JOINER);
    }
    // Behind the text a line may break again.
    out.pop();
    out
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
        for same in self.0.chunk_by(|a, b| a.role == b.role) {
            let style = style(same[0].role);
            let text: String = same.iter().map(|span| span.text.as_str()).collect();
            // Writing into a string cannot fail.
            let _ = write!(out, "{style}{text}{style:#}");
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
    let room = width.saturating_sub(indent).max(1);
    let mut lines = vec![first];
    let mut used = indent;
    for chunk in chunks(spans) {
        let text: String = chunk.iter().map(|span| span.text.as_str()).collect();
        // What is wider than a line is broken anywhere.
        let parts = if text.trim_end().width() > room {
            characters(&chunk)
        } else {
            vec![chunk]
        };
        for part in parts {
            let text: String = part.iter().map(|span| span.text.as_str()).collect();
            if used > indent && used + text.trim_end().width() > width {
                lines.push(Line(vec![plain(" ".repeat(indent))]));
                used = indent;
            }
            used += text.width();
            if let Some(line) = lines.last_mut() {
                // The joiners have done their duty.
                line.0.extend(
                    part.into_iter()
                        .map(|part| span(part.role, part.text.replace(JOINER, ""))),
                );
            }
        }
    }
    for line in &mut lines {
        trim_end(line);
    }
    lines
}

/// The spans cut where lines may break. A chunk may consist of pieces of several spans; blanks stay at its end.
fn chunks(spans: &[Span]) -> Vec<Vec<Span>> {
    let all: String = spans.iter().map(|span| span.text.as_str()).collect();
    let all = all.replace(JOINER, WORD_JOINER);
    let mut breaks = unicode_linebreak::linebreaks(&all).map(|(end, _)| end).peekable();
    let mut chunks = vec![Vec::new()];
    let mut at = 0;
    for one in spans {
        let end = at + one.text.len();
        let mut start = at;
        while start < end {
            let next = breaks.peek().copied().unwrap_or(end);
            let stop = next.min(end);
            if let Some(chunk) = chunks.last_mut() {
                chunk.push(span(one.role, &one.text[start - at..stop - at]));
            }
            if next <= end {
                breaks.next();
                chunks.push(Vec::new());
            }
            start = stop;
        }
        at = end;
    }
    chunks
}

/// Every character as a part of its own.
fn characters(chunk: &[Span]) -> Vec<Vec<Span>> {
    let all = chunk
        .iter()
        .flat_map(|whole| whole.text.chars().map(|c| vec![span(whole.role, c)]));
    all.collect()
}

fn trim_end(line: &mut Line) {
    while let Some(last) = line.0.last_mut() {
        last.text.truncate(last.text.trim_end().len());
        if !last.text.is_empty() {
            break;
        }
        line.0.pop();
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

/// The first `most` of some lines that are no wider than `width`; where lines are cut off, `ellipsis` stands behind the
/// last one that is left.
pub fn cut(lines: &mut Vec<Line>, most: usize, width: usize, ellipsis: &str) {
    if lines.len() <= most {
        return;
    }
    lines.truncate(most);
    let Some(last) = lines.last_mut() else { return };
    while last.width() + ellipsis.width() > width {
        let Some(span) = last.0.last_mut() else { break };
        if span.text.pop().is_none() {
            last.0.pop();
        }
    }
    last.0.push(span(Role::Faint, ellipsis));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn texts(lines: &[Line]) -> Vec<String> {
        lines.iter().map(Line::plain).collect()
    }

    #[test]
    fn lines_break_between_words_and_no_comma_begins_one() {
        let spans = [plain("m1 \"hello\""), plain(", "), plain(tied("m2 \"an egg\""))];
        let lines = wrap(Line(vec![plain("> ")]), &spans, 17);
        assert_eq!(texts(&lines), ["> m1 \"hello\",", "  m2 \"an egg\""]);
    }

    #[test]
    fn chinese_breaks_between_characters_but_not_before_a_full_stop() {
        let lines = wrap(Line::blank(), &[plain("小消息在等一个确认。")], 18);
        assert_eq!(texts(&lines), ["小消息在等一个确", "认。"]);
    }

    #[test]
    fn control_characters_do_not_reach_the_terminal() {
        assert_eq!(plain("a\u{1b}[2Jb\u{7}\0").text, r"a\x1b[2Jb\x07\0");
        assert_eq!(plain("a\u{202e}b\u{2028}").text, r"a\u{202e}b\u{2028}");
    }

    #[test]
    fn lines_that_are_cut_off_leave_a_sign_and_no_line_is_too_wide() {
        let cut_to = |most, width| {
            let mut lines = wrap(Line::blank(), &[plain("小消息在等一个确认。")], 8);
            cut(&mut lines, most, width, "…");
            texts(&lines)
        };
        assert_eq!(cut_to(3, 8), ["小消息在", "等一个确", "认。"]);
        assert_eq!(cut_to(2, 9), ["小消息在", "等一个确…"]);
        assert_eq!(cut_to(2, 8), ["小消息在", "等一个…"]);
        assert_eq!(cut_to(1, 8), ["小消息…"]);
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_nothing_is_too_wide(
            texts in prop::collection::vec("[a-z 粘包，。\"0-9-]{0,12}", 0..12),
            indent in 0usize..8,
            width in 10usize..40,
        ) {
            let spans: Vec<Span> = texts.iter().map(|text| plain(text.as_str())).collect();
            let lines = wrap(Line(vec![plain("x".repeat(indent))]), &spans, width);
            let dense = |text: &str| text.chars().filter(|c| *c != ' ').collect::<String>();
            let all: String = lines.iter().map(Line::plain).collect();
            prop_assert_eq!(dense(&all), "x".repeat(indent) + &dense(&texts.concat()));
            for line in &lines {
                prop_assert!(line.width() <= width, "{:?}", line.plain());
            }
        }
    }
}
