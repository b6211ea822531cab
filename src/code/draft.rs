//! A program while it is written, line by line.

use unicode_width::UnicodeWidthStr;

use super::{Lights, Line, LineRole, Part};

/// Widest line, in terminal columns: a listing stands beside the lanes.
pub(super) const WIDTH: usize = 46;

/// The lines so far, and how deep the next one stands.
pub(super) struct Draft {
    comment: &'static str,
    depth: usize,
    lines: Vec<Line>,
}

impl Draft {
    /// Nothing yet; `comment` is what a comment begins with.
    pub(super) fn new(comment: &'static str) -> Self {
        Self {
            comment,
            depth: 0,
            lines: Vec::new(),
        }
    }

    /// A line that makes no call of a step.
    pub(super) fn code(&mut self, text: impl AsRef<str>) {
        self.line(text.as_ref(), LineRole::Code, None);
    }

    /// A line that is lit during a call.
    pub(super) fn call(&mut self, step: usize, call: Part, text: impl AsRef<str>) {
        self.line(text.as_ref(), LineRole::Code, Some(Lights { step, call }));
    }

    /// Lines that a program always has, four blanks a level; one that ends in `@` and a part is lit.
    pub(super) fn text(&mut self, step: usize, text: &str) {
        for line in text.lines() {
            match line.split_once(" @") {
                _ if line.is_empty() => self.blank(),
                None => self.code(line),
                Some((line, part)) => match part_of(part) {
                    Some(call) => self.call(step, call, line),
                    None => debug_assert!(false, "no part is called {part}"),
                },
            }
        }
    }

    /// A comment.
    pub(super) fn comment(&mut self, text: impl AsRef<str>) {
        let text = format!("{} {}", self.comment, text.as_ref());
        self.line(&text, LineRole::Comment, None);
    }

    /// A comment that is lit while the step waits.
    pub(super) fn wait(&mut self, step: usize, text: impl AsRef<str>) {
        self.wait_for(step, Part::Wait, text);
    }

    /// A comment that is lit during a call that the program cannot make.
    pub(super) fn wait_for(&mut self, step: usize, call: Part, text: impl AsRef<str>) {
        let text = format!("{} {}", self.comment, text.as_ref());
        self.line(&text, LineRole::Comment, Some(Lights { step, call }));
    }

    /// Sets parts apart.
    pub(super) fn blank(&mut self) {
        self.lines.push(Line {
            text: String::new(),
            role: LineRole::Code,
            lights: None,
        });
    }

    /// What `write` writes stands one level deeper.
    pub(super) fn deeper(&mut self, write: impl FnOnce(&mut Self)) {
        self.depth += 1;
        write(self);
        self.depth -= 1;
    }

    /// Whether this text still fits into a line.
    pub(super) fn fits(&self, text: &str) -> bool {
        INDENT * self.depth + text.width() <= WIDTH
    }

    /// `open`, the items and `close` on one line if they fit, else the items below, as many as fit on each line.
    pub(super) fn list(&mut self, open: &str, items: &[String], close: &str) {
        let whole = format!("{open}{}{close}", items.join(", "));
        if self.fits(&whole) {
            return self.code(whole);
        }
        self.code(open);
        self.deeper(|draft| {
            let mut row = String::new();
            for item in items {
                if !row.is_empty() && !draft.fits(&format!("{row} {item},")) {
                    draft.code(&row);
                    row.clear();
                }
                let gap = if row.is_empty() { "" } else { " " };
                row = format!("{row}{gap}{item},");
            }
            draft.code(row);
        });
        self.code(close);
    }

    /// The same for a call: each of its lines is lit.
    pub(super) fn call_list(&mut self, step: usize, call: Part, open: &str, items: &[String], close: &str) {
        let first = self.lines.len();
        self.list(open, items, close);
        for line in &mut self.lines[first..] {
            line.lights = Some(Lights { step, call });
        }
    }

    /// The program.
    pub(super) fn finish(self) -> Vec<Line> {
        self.lines
    }

    fn line(&mut self, text: &str, role: LineRole, lights: Option<Lights>) {
        let text = format!("{:indent$}{text}", "", indent = INDENT * self.depth);
        self.lines.push(Line { text, role, lights });
    }
}

/// A step in a program that stands for several endpoints, and whether it is one of the endpoint whose program is lit.
#[derive(Clone, Copy)]
pub(super) struct Step {
    pub(super) number: usize,
    pub(super) lit: bool,
}

impl Step {
    /// The line of a call, lit if it is that endpoint's.
    pub(super) fn call(self, part: Part, text: impl AsRef<str>, draft: &mut Draft) {
        if self.lit {
            draft.call(self.number, part, text);
        } else {
            draft.code(text);
        }
    }
}

fn part_of(name: &str) -> Option<Part> {
    let parts = [
        ("Send", Part::Send),
        ("SendHeader", Part::SendHeader),
        ("Recv", Part::Recv),
        ("RecvHeader", Part::RecvHeader),
        ("RecvBody", Part::RecvBody),
        ("Refuse", Part::Refuse),
        ("Short", Part::Short),
    ];
    parts
        .into_iter()
        .find(|(known, _)| *known == name)
        .map(|(_, part)| part)
}

/// Columns a level, in both languages.
const INDENT: usize = 4;
