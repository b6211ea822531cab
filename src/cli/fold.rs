//! Breaks lines of help to a width, also where Chinese is written without spaces.

use unicode_linebreak::linebreaks;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The text with every line at most so many columns wide, as far as it can be broken.
///
/// What goes on in a next line begins under the text: under the last column of a table, or else at the line's own
/// indentation. Escape sequences (colours) take no room and stay where they are.
pub fn folded(text: &str, width: usize) -> String {
    let lines = text.split('\n').map(|line| folded_line(line, width));
    lines.collect::<Vec<_>>().join("\n")
}

fn folded_line(line: &str, width: usize) -> String {
    let plain = without_escapes(line);
    if plain.trim_end().width() <= width {
        return line.to_owned();
    }
    let start = text_start(&plain);
    // On a narrow terminal a column far to the right would leave hardly any room.
    let hang = plain[..start].width().min(width / 2);
    let ends = linebreaks(&plain).map(|(end, _)| end);
    let ends = ends.filter(|&end| end > start && may_break(&plain, end));

    let mut out = Output::new(line);
    let mut begin = 0;
    let mut column = 0;
    for end in ends {
        let piece = &plain[begin..end];
        if begin > 0 && column + piece.trim_end().width() > width {
            out.break_line(hang);
            column = hang;
        }
        out.take(end - begin);
        column += piece.width();
        begin = end;
    }
    out.finish()
}

/// Copies a line that may hold escape sequences, counted in bytes of its plain text.
struct Output<'a> {
    rest: &'a str,
    text: String,
}

impl<'a> Output<'a> {
    fn new(rest: &'a str) -> Self {
        Self {
            rest,
            text: String::new(),
        }
    }

    fn take(&mut self, mut bytes: usize) {
        while bytes > 0 {
            let escape = escape_len(self.rest);
            let len = if escape > 0 {
                escape
            } else {
                let len = self.rest.chars().next().map_or(0, char::len_utf8);
                bytes = bytes.saturating_sub(len.max(1));
                len
            };
            let (done, rest) = self.rest.split_at(len);
            self.text.push_str(done);
            self.rest = rest;
        }
    }

    fn break_line(&mut self, indent: usize) {
        self.text.truncate(self.text.trim_end_matches(' ').len());
        self.text.push('\n');
        self.text.extend(std::iter::repeat_n(' ', indent));
    }

    fn finish(mut self) -> String {
        self.text.push_str(self.rest);
        self.text
    }
}

/// Where the text of a line begins: after the first gap of two spaces, or after the indentation.
fn text_start(plain: &str) -> usize {
    let indent = plain.len() - plain.trim_start().len();
    plain[indent..].find("  ").map_or(indent, |gap| {
        let gap = indent + gap;
        plain.len() - plain[gap..].trim_start().len()
    })
}

/// Whether a break that Unicode allows (UAX #14) is wanted: at a space, or beside a Chinese character. `--help` and
/// `en|zh` stay whole.
fn may_break(plain: &str, at: usize) -> bool {
    let wide = |c: Option<char>| c.and_then(UnicodeWidthChar::width) == Some(2);
    let before = plain[..at].chars().next_back();
    let after = plain[at..].chars().next();
    after.is_none() || before == Some(' ') || wide(before) || wide(after)
}

fn without_escapes(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(c) = rest.chars().next() {
        let escape = escape_len(rest);
        if escape > 0 {
            rest = &rest[escape..];
        } else {
            plain.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    plain
}

/// Length in bytes of the escape sequence that the text begins with. clap writes those of colours alone: `ESC [ … m`.
fn escape_len(text: &str) -> usize {
    if text.starts_with("\x1b[") {
        text.find('m').map_or(0, |end| end + 1)
    } else {
        0
    }
}
