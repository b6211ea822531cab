//! Whose bytes lie in a queue, where the bytes themselves have no room; and datagrams without a byte, which bytes alone
//! would not show.

use ratatui::layout::Rect;

use super::canvas::Canvas;
use super::cells::{Bytes, Which};
use crate::report::labels::label;
use crate::report::line::{Line, Role, Span, plain, span, tied, wrap};
use crate::story::pieces::Piece;
use crate::words::{self, screen};

/// No more owners than this have room.
const MOST: usize = 64;

impl Bytes<'_> {
    /// Draws the bytes if they have room. Where of those of several messages only a stump would be seen, whose they are
    /// says more. Returns how many rows were used.
    pub fn draw_or_name(&self, canvas: &mut Canvas<'_>, area: Rect) -> u16 {
        let owners = self.owners();
        if area.height == 0 || area.width < 4 {
            return 0;
        }
        if owners.iter().any(|piece| piece.of == 0) {
            return self.with_empty(canvas, area, &owners);
        }
        // Whoever has asked for hex wants to see bytes.
        let is_stump = !self.hex && area.height < ROWS_FOR_BOTH_ENDS && !self.fits(area);
        if is_stump && (owners.len() > 1 || area.height < ROWS_FOR_ONE_END) {
            named(canvas, area, &owners)
        } else {
            self.draw(canvas, area)
        }
    }

    /// The messages they are of, as far as they may have room.
    fn owners(&self) -> Vec<Piece> {
        match self.which {
            Which::Span(start, end) => {
                let all = self.story.flows.overlap(self.flow, start, end);
                all.iter().take(MOST).collect()
            }
            Which::Pieces(pieces) => pieces.iter().take(MOST).copied().collect(),
        }
    }

    /// Datagrams of which some have no byte: these stand in a row of their own, where they lie in the queue.
    fn with_empty(&self, canvas: &mut Canvas<'_>, area: Rect, owners: &[Piece]) -> u16 {
        let runs: Vec<&[Piece]> = owners.chunk_by(|a, b| (a.of == 0) == (b.of == 0)).collect();
        let width = usize::from(area.width);
        let rows = |canvas: &Canvas<'_>, run: &[Piece]| match run {
            [first, ..] if first.of == 0 => u16::try_from(empty(canvas, run, width).len()).unwrap_or(u16::MAX),
            _ => self.only(run).rows_of_all(area.width),
        };
        let needed = runs.iter().map(|run| rows(canvas, run)).fold(0, u16::saturating_add);
        if needed > area.height || owners.len() == MOST {
            return named(canvas, area, owners);
        }
        let mut y = area.y;
        for run in runs {
            let height = rows(canvas, run);
            let place = Rect { y, height, ..area };
            if run.iter().all(|piece| piece.of == 0) {
                let lines = empty(canvas, run, width);
                canvas.lines(place, &lines);
            } else {
                self.only(run).draw(canvas, place);
            }
            y += height;
        }
        y - area.y
    }

    fn only<'p>(&self, pieces: &'p [Piece]) -> Bytes<'p>
    where
        Self: 'p,
    {
        Bytes {
            which: Which::Pieces(pieces),
            ..*self
        }
    }
}

/// From so many rows on the first bytes are seen with their brackets, what is left out, and the last bytes.
const ROWS_FOR_BOTH_ENDS: u16 = 5;
/// From so many rows on the first bytes are seen, and what is left out.
const ROWS_FOR_ONE_END: u16 = 2;

/// `[m6: 0 bytes] [m7: 0 bytes]`
fn empty(canvas: &Canvas<'_>, pieces: &[Piece], width: usize) -> Vec<Line> {
    let say = |piece: &Piece| screen::empty_datagram(canvas.lang(), &label(piece));
    one_a_message(pieces, &plain(" "), width, say)
}

/// `m1 129 bytes | m2 132 bytes`
fn named(canvas: &mut Canvas<'_>, area: Rect, pieces: &[Piece]) -> u16 {
    let lang = canvas.lang();
    // Behind the bar a line may break, and not before it.
    let bar = span(
        Role::Faint,
        format!("{} ", tied(&format!(" {}", canvas.look.glyphs.bar))),
    );
    let say = |piece: &Piece| format!("{} {}", label(piece), words::bytes(lang, piece.to - piece.from));
    let lines = one_a_message(pieces, &bar, usize::from(area.width), say);
    canvas.lines(area, &lines)
}

/// What is said of each message, in its colour, with something between; nothing of it is broken.
fn one_a_message(pieces: &[Piece], between: &Span, width: usize, say: impl Fn(&Piece) -> String) -> Vec<Line> {
    let one = |piece: &Piece| [span(Role::Message(piece.message), tied(&say(piece)))];
    let all: Vec<[Span; 1]> = pieces.iter().map(one).collect();
    wrap(Line::blank(), &all.join(between), width)
}
