//! What everything is drawn on: cells, styles by role, and a note of what can be clicked.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

use super::super::hits::{Area, Hits, Target};
use super::super::input::{Code, Key};
use super::super::theme::Theme;
use crate::report::Look;
use crate::report::line::{Line, Span, cut, elide, tame};
use crate::words::{Lang, screen};

/// A buffer, how things look on it, and where they are.
pub struct Canvas<'b> {
    /// The cells.
    pub buffer: &'b mut Buffer,
    /// Styles.
    pub theme: Theme,
    /// Language and drawing characters.
    pub look: Look,
    /// What can be clicked.
    pub hits: Hits,
}

impl Canvas<'_> {
    /// The language.
    pub fn lang(&self) -> Lang {
        self.look.lang
    }

    /// The look for sentences of a width.
    pub fn look_of(&self, width: u16) -> Look {
        Look {
            width: usize::from(width),
            ..self.look
        }
    }

    /// Paints an area with blanks. A wide character that it would cut in half is blanked as well.
    pub fn clear(&mut self, area: Rect) {
        let area = area.intersection(self.buffer.area);
        for y in area.top()..area.bottom() {
            if area.left() > self.buffer.area.left()
                && let Some(cell) = self.buffer.cell_mut((area.left() - 1, y))
                && cell.symbol().width() > 1
            {
                cell.set_symbol(" ");
            }
            for x in area.left()..area.right() {
                if let Some(cell) = self.buffer.cell_mut((x, y)) {
                    cell.reset();
                    cell.set_style(self.theme.plain);
                }
            }
        }
    }

    /// A text cut off at `width`, with an ellipsis where something is missing. Returns how many cells it takes.
    pub fn text(&mut self, x: u16, y: u16, width: u16, text: &str, style: Style) -> u16 {
        if width == 0 || y >= self.buffer.area.bottom() || x >= self.buffer.area.right() {
            return 0;
        }
        let room = usize::from(width.min(self.buffer.area.right() - x));
        // Most of it was tamed where it was made; a listing, a title and what is typed come as they are.
        let text = tame(text.to_owned());
        let text = text.as_str();
        let (end, _) = if text.width() > room {
            let short = elide(text, room, self.look.glyphs.ellipsis);
            self.buffer.set_stringn(x, y, short, room, style)
        } else {
            self.buffer.set_stringn(x, y, text, room, style)
        };
        end - x
    }

    /// Spans one behind the other, cut off at `width`. Returns how many cells they take.
    pub fn spans(&mut self, x: u16, y: u16, width: u16, spans: &[Span]) -> u16 {
        let mut used = 0;
        for (index, span) in spans.iter().enumerate() {
            let rest: usize = spans[index + 1..].iter().map(|span| span.text.width()).sum();
            let style = self.theme.role(span.role);
            let room = usize::from(width.saturating_sub(used));
            // What follows must not vanish without a sign.
            if rest > 0 && span.text.width() >= room && room > 0 {
                let cut = elide(&format!("{} ", span.text), room, self.look.glyphs.ellipsis);
                return used + self.text(x + used, y, width - used, &cut, style);
            }
            used += self.text(x + used, y, width.saturating_sub(used), &span.text, style);
        }
        used
    }

    /// A line of spans.
    pub fn line(&mut self, x: u16, y: u16, width: u16, line: &Line) -> u16 {
        self.spans(x, y, width, &line.0)
    }

    /// Lines below each other, as many as fit; returns how many were drawn. What is left out below is left out with a
    /// sign.
    pub fn lines(&mut self, area: Rect, lines: &[Line]) -> u16 {
        let height = usize::from(area.height);
        let mut shown = lines[..lines.len().min(height + 1)].to_vec();
        cut(&mut shown, height, usize::from(area.width), self.look.glyphs.ellipsis);
        let mut y = area.top();
        for line in &shown {
            self.line(area.left(), y, area.width, line);
            y += 1;
        }
        y - area.top()
    }

    /// A text that ends at the right edge of a row; returns its width.
    pub fn right(&mut self, area: Rect, y: u16, text: &str, style: Style) -> u16 {
        let width = width(text).min(area.width);
        self.text(area.right() - width, y, width, text, style);
        width
    }

    /// A frame with a title; returns what is inside.
    pub fn framed(&mut self, area: Rect, title: &[Span]) -> Rect {
        if area.width < 2 || area.height < 2 {
            return Rect {
                width: 0,
                height: 0,
                ..area
            };
        }
        let lines = if self.is_ascii() { &ASCII_FRAME } else { &FRAME };
        let style = self.theme.border;
        let (left, right, top, bottom) = (area.left(), area.right() - 1, area.top(), area.bottom() - 1);
        for x in left + 1..right {
            self.put(x, top, lines.across, style);
            self.put(x, bottom, lines.across, style);
        }
        for y in top + 1..bottom {
            self.put(left, y, lines.down, style);
            self.put(right, y, lines.down, style);
        }
        for (x, y, corner) in [
            (left, top, lines.corners[0]),
            (right, top, lines.corners[1]),
            (left, bottom, lines.corners[2]),
            (right, bottom, lines.corners[3]),
        ] {
            self.put(x, y, corner, style);
        }
        self.title(area, top, title);
        Rect {
            x: left + 1,
            y: top + 1,
            width: area.width - 2,
            height: area.height - 2,
        }
    }

    /// A line across a frame with a title in it.
    pub fn divider(&mut self, area: Rect, y: u16, title: &[Span]) {
        let lines = if self.is_ascii() { &ASCII_FRAME } else { &FRAME };
        let style = self.theme.border;
        for x in area.left() + 1..area.right().saturating_sub(1) {
            self.put(x, y, lines.across, style);
        }
        self.put(area.left(), y, lines.tees[0], style);
        self.put(area.right().saturating_sub(1), y, lines.tees[1], style);
        self.title(area, y, title);
    }

    fn title(&mut self, area: Rect, y: u16, title: &[Span]) {
        if title.is_empty() || area.width < 6 {
            return;
        }
        let used = self.spans(area.left() + 2, y, area.width - 4, title);
        self.text(area.left() + 1, y, 1, " ", self.theme.plain);
        self.text(area.left() + 2 + used, y, 1, " ", self.theme.plain);
    }

    /// One character.
    pub fn put(&mut self, x: u16, y: u16, symbol: &str, style: Style) {
        if let Some(cell) = self.buffer.cell_mut((x, y)) {
            cell.set_symbol(symbol).set_style(style);
        }
    }

    /// Paints an area in a style, leaving its text.
    pub fn paint(&mut self, area: Rect, style: Style) {
        self.buffer.set_style(area, style);
    }

    /// Notes that something can be clicked.
    pub fn hit(&mut self, area: Rect, target: Target) {
        let area = Area {
            x: area.x,
            y: area.y,
            width: area.width,
            height: area.height,
        };
        self.hits.add(area, target);
    }

    /// ASCII only.
    pub fn is_ascii(&self) -> bool {
        self.look.glyphs == crate::report::glyphs::ASCII
    }

    /// How a key is written in the footer and in the help.
    pub fn key(&self, key: Key) -> String {
        match key.code {
            Code::Char(' ') => screen::key_space(self.lang()),
            // Where no arrow can be drawn it has a name, in the language of the words beside it.
            Code::Left | Code::Right | Code::Up | Code::Down if self.is_ascii() && self.lang() == Lang::Zh => {
                let name = key.name(true);
                let english = name.rsplit('-').next().unwrap_or_default();
                name.replace(english, &screen::key_arrow(self.lang(), english))
            }
            _ => key.name(self.is_ascii()),
        }
    }

    /// The sign that stands at what is spoken of.
    pub fn cursor_sign(&self) -> &'static str {
        if self.is_ascii() { ">" } else { "▸" }
    }
}

/// Width of a text in cells.
pub fn width(text: &str) -> u16 {
    u16::try_from(text.width()).unwrap_or(u16::MAX)
}

struct Frame {
    across: &'static str,
    down: &'static str,
    corners: [&'static str; 4],
    tees: [&'static str; 2],
}

const FRAME: Frame = Frame {
    across: "─",
    down: "│",
    corners: ["┌", "┐", "└", "┘"],
    tees: ["├", "┤"],
};

const ASCII_FRAME: Frame = Frame {
    across: "-",
    down: "|",
    corners: ["+", "+", "+", "+"],
    tees: ["+", "+"],
};
