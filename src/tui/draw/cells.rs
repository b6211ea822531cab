//! Bytes as cells, each with the label and the colour of its message below it, and its place noted for the mouse.

use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::super::hits::Target;
use super::canvas::Canvas;
use crate::report::hexdump::{Cell, bracket, cells, signs};
use crate::report::line::Role;
use crate::story::Story;
use crate::story::pieces::Piece;
use crate::trace::EndpointId;
use crate::words::{self, screen, telling};

/// Some bytes of a flow.
#[derive(Clone, Copy)]
pub struct Bytes<'a> {
    /// Where they come from.
    pub story: &'a Story,
    /// The flow's sender.
    pub flow: EndpointId,
    /// Which of them.
    pub which: Which<'a>,
    /// As hex, not as text.
    pub hex: bool,
    /// They are datagrams: boundaries exist, and are drawn.
    pub datagrams: bool,
    /// They belong to the run that is compared.
    pub other: bool,
    /// From this place of the flow on they are lost: the reader's buffer had no room for them.
    pub lost: Option<u64>,
}

/// Which bytes of a flow.
#[derive(Debug, Clone, Copy)]
pub enum Which<'a> {
    /// From one place to another.
    Span(u64, u64),
    /// Datagrams that wait: they need not lie next to each other.
    Pieces(&'a [Piece]),
}

/// Cells a byte takes as text, with the blank behind it.
const TEXT: u16 = 2;
/// Cells a byte takes as hex, with the blank behind it.
const HEX: u16 = 3;

/// How many bytes stand in a row of so many columns.
pub fn per_row(width: u16, hex: bool) -> u64 {
    u64::from((width + 1) / if hex { HEX } else { TEXT }).max(1)
}

impl Bytes<'_> {
    /// Draws the bytes and the brackets below them; what does not fit is left out in the middle, and said. Returns how
    /// many rows were used.
    pub fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) -> u16 {
        let per_row = per_row(area.width, self.hex);
        let rows = u64::from((area.height / 2).max(1));
        let total = self.total();
        if area.height == 0 || total == 0 || area.width < 4 {
            return 0;
        }
        let fits = rows * per_row;
        if total <= fits {
            return self.rows(canvas, area, 0, total, per_row);
        }
        // One row says what is left out; with one row of bytes only, it stands below instead of the brackets.
        let left = total - (fits - per_row).max(per_row).min(total);
        let shown = total - left;
        let head = (shown / per_row).div_ceil(2).max(1) * per_row;
        let head = head.min(shown);
        let mut used = self.rows(canvas, area, 0, head, per_row);
        let note = telling::left_out(canvas.lang(), &words::bytes(canvas.lang(), left));
        let note = format!("{} {note}", canvas.look.glyphs.ellipsis);
        if used < area.height {
            canvas.text(area.left(), area.top() + used, area.width, &note, canvas.theme.faint);
            used += 1;
        } else {
            let row = Rect {
                y: area.bottom() - 1,
                height: 1,
                ..area
            };
            canvas.clear(row);
            canvas.text(row.x, row.y, row.width, &note, canvas.theme.faint);
        }
        if head < shown && used + 1 < area.height {
            let below = Rect {
                y: area.top() + used,
                height: area.height - used,
                ..area
            };
            used += self.rows(canvas, below, total - (shown - head), total, per_row);
        }
        used
    }

    /// Whether all of them are drawn in an area, with or without the brackets below them.
    pub fn fits(&self, area: Rect) -> bool {
        self.total() <= u64::from((area.height / 2).max(1)) * per_row(area.width, self.hex)
    }

    /// So many rows they take in all, with the brackets.
    pub fn rows_of_all(&self, width: u16) -> u16 {
        let rows = self.total().div_ceil(per_row(width, self.hex)).saturating_mul(2);
        u16::try_from(rows).unwrap_or(u16::MAX)
    }

    /// The bytes from one to another, counted over all pieces.
    fn rows(&self, canvas: &mut Canvas<'_>, area: Rect, from: u64, to: u64, per_row: u64) -> u16 {
        let mut y = area.top();
        let mut start = from;
        // A single row has no room for brackets.
        while start < to && (y + 1 < area.bottom() || area.height == 1) && y < area.bottom() {
            let end = (start + per_row).min(to);
            let height = 2.min(area.bottom() - y);
            self.row(canvas, Rect { y, height, ..area }, start, end);
            start = end;
            y += height;
        }
        y - area.top()
    }

    fn row(&self, canvas: &mut Canvas<'_>, area: Rect, from: u64, to: u64) {
        let placed = self.placed(from, to);
        let row: Vec<Cell> = placed.iter().map(|(cell, _)| *cell).collect();
        let width = if self.hex { HEX } else { TEXT };
        let texts = if self.hex {
            hex(&row)
        } else {
            let unknown = if canvas.is_ascii() { "#" } else { "▒" };
            text(&row, canvas.look.glyphs.unprintable, unknown)
        };
        let mut x = area.left();
        for ((cell, offset), text) in placed.iter().zip(&texts) {
            let style = if self.is_lost(*offset) {
                canvas.theme.lost
            } else {
                canvas.theme.message(cell.message)
            };
            // Nothing is crossed out but the byte itself.
            let taken = u16::try_from(text.width()).unwrap_or(width).min(width);
            canvas.text(x, area.top(), taken, text, style);
            if self.datagrams && cell.last {
                // A datagram ends here, and the kernel knows it.
                let bar = canvas.look.glyphs.bar;
                canvas.text(x + width - 1, area.top(), 1, bar, canvas.theme.notable);
            }
            let byte = Target::Byte {
                flow: self.flow,
                offset: *offset,
                other: self.other,
            };
            canvas.hit(
                Rect {
                    x,
                    y: area.top(),
                    width,
                    height: 1,
                },
                byte,
            );
            x += width;
        }
        if area.height < 2 {
            return;
        }
        let mut x = area.left();
        let together =
            |(a, _): &(Cell, u64), (b, at): &(Cell, u64)| a.message == b.message && !a.last && self.lost != Some(*at);
        for group in placed.chunk_by(together) {
            let (Some((first, at)), Some((last, _))) = (group.first(), group.last()) else {
                continue;
            };
            let cells = u16::try_from(group.len()).unwrap_or(1) * width;
            let room = cells.saturating_sub(1).max(2);
            let below = Rect {
                x,
                y: area.top() + 1,
                width: room,
                height: 1,
            };
            if self.is_lost(*at) {
                let word = screen::lost(canvas.lang());
                canvas.text(below.x, below.y, below.width, &word, canvas.theme.bad);
            } else {
                let text = bracket(*first, *last, usize::from(room), &canvas.look);
                let style = canvas.theme.role(Role::Message(first.message));
                canvas.text(below.x, below.y, below.width, &text, style);
            }
            x += cells;
        }
    }

    fn is_lost(&self, offset: u64) -> bool {
        self.lost.is_some_and(|lost| offset >= lost)
    }

    /// How many there are.
    fn total(&self) -> u64 {
        match self.which {
            Which::Span(start, end) => end.saturating_sub(start),
            Which::Pieces(pieces) => pieces.iter().map(|piece| piece.to - piece.from).sum(),
        }
    }

    /// The cells of a row with each byte's place in the flow.
    fn placed(&self, from: u64, to: u64) -> Vec<(Cell, u64)> {
        let mut placed = Vec::new();
        for piece in self.pieces(from, to) {
            let origin = self
                .story
                .flows
                .message(piece.message)
                .map_or(0, |(_, message)| message.start);
            let bytes = self
                .story
                .flows
                .bytes(self.flow, origin + piece.from, origin + piece.to, u64::MAX);
            placed.extend(cells(&bytes, &[piece]).into_iter().zip(origin + piece.from..));
        }
        placed
    }

    /// The pieces of a row, whose bytes are counted over all that is drawn.
    fn pieces(&self, from: u64, to: u64) -> Vec<Piece> {
        let all = match self.which {
            Which::Span(start, _) => return self.story.flows.pieces(self.flow, start + from, start + to),
            Which::Pieces(all) => all,
        };
        let mut pieces = Vec::new();
        let mut before = 0;
        for piece in all {
            let (start, end) = (from.max(before), to.min(before + piece.to - piece.from));
            if start < end {
                pieces.push(Piece {
                    from: piece.from + (start - before),
                    to: piece.from + (end - before),
                    ..*piece
                });
            }
            before += piece.to - piece.from;
        }
        pieces
    }
}

fn hex(row: &[Cell]) -> Vec<String> {
    let hex = |cell: &Cell| cell.byte.map_or("..".to_owned(), |byte| format!("{byte:02x}"));
    row.iter().map(hex).collect()
}

/// The row as text. What the trace does not keep is not what cannot be printed.
fn text(row: &[Cell], unprintable: char, unknown: &str) -> Vec<String> {
    let signs = row.iter().zip(signs(row, unprintable));
    let text = signs.map(|(cell, sign)| cell.byte.map_or_else(|| unknown.to_owned(), |_| sign));
    text.collect()
}
