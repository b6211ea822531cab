//! What a program has called, the latest at the bottom: a blocked call is shown as blocked, the reading of a read stands
//! at the read.

use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::super::app::lab::{Lab, View};
use super::super::app::show::Show;
use super::super::hits::Target;
use super::canvas::Canvas;
use super::cells::{Bytes, Which, per_row};
use super::listing;
use crate::report::beat;
use crate::report::line::{Line, Role, cut, plain, span, wrap};
use crate::story::beats::Beat;
use crate::story::lanes::told;
use crate::story::peer;
use crate::story::reads::Read;
use crate::trace::EndpointId;

/// Draws the calls of an endpoint, or its code with the line of the current call lit.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, lab: &Lab, show: &Show, endpoint: EndpointId) {
    if let View::Code(language) = lab.view {
        listing::draw(canvas, area, show, endpoint, language);
        return;
    }
    let story = &show.story;
    let calls = told(&story.lane(endpoint).program, show.playhead);
    // From the last one upwards, as long as there is room.
    let mut blocks: Vec<Block<'_>> = Vec::new();
    let mut room = area.height;
    for index in calls.iter().rev() {
        let beat = &story.beats[*index];
        let latest = blocks.is_empty();
        let block = Block::new(canvas, show, *index, beat, area.width, latest, room, lab.hex);
        // The latest is shown as far as there is room.
        if block.height() > room && !blocks.is_empty() {
            break;
        }
        room = room.saturating_sub(block.height());
        blocks.push(block);
    }
    // What room is left shows the bytes of earlier reads.
    for block in blocks.iter_mut().skip(1) {
        if let Some((read, rows)) = block.could_show.filter(|(_, rows)| *rows <= room) {
            block.read = Some((read, rows));
            room -= rows;
        }
    }
    let mut y = area.y;
    for block in blocks.iter().rev() {
        block.draw(
            canvas,
            Rect {
                y,
                height: block.height(),
                ..area
            },
            show,
            lab.hex,
        );
        y += block.height();
    }
}

/// The rows of one call.
struct Block<'s> {
    position: usize,
    is_now: bool,
    lines: Vec<Line>,
    /// The read whose bytes are drawn, and the rows they take.
    read: Option<(&'s Read, u16)>,
    /// The same, if there is room.
    could_show: Option<(&'s Read, u16)>,
    notes: Vec<Line>,
}

impl<'s> Block<'s> {
    #[allow(
        clippy::too_many_arguments,
        reason = "what a block shows and where, each of another kind"
    )]
    fn new(
        canvas: &Canvas<'_>,
        show: &'s Show,
        index: usize,
        beat: &Beat,
        width: u16,
        latest: bool,
        room: u16,
        hex: bool,
    ) -> Self {
        let story = &show.story;
        let is_now = index + 1 == show.playhead;
        let look = canvas.look_of(width.saturating_sub(1));
        let sign = if is_now { canvas.cursor_sign() } else { " " };
        let first = Line(vec![span(Role::Notable, format!("{sign} "))]);
        let text = beat::sentence(story, beat, &look);
        let mut lines = wrap(first, &text, usize::from(width));
        if !latest {
            // Earlier ones are remembered by their first lines.
            cut(&mut lines, 2, usize::from(width), look.glyphs.ellipsis);
        }
        let note = beat::note(story, beat, &look);
        let margin = Line(vec![plain("   ")]);
        let note_width: usize = note.iter().map(|span| span.text.width()).sum();
        let is_short = lines.len() == 1 && lines[0].width() + 2 + note_width <= usize::from(width);
        let notes = if note.is_empty() {
            vec![]
        } else if is_short {
            // Beside the call, which saves a row for another call.
            lines[0].0.push(plain("  "));
            lines[0].0.extend(note);
            vec![]
        } else {
            wrap(margin, &note, usize::from(width))
        };
        if latest {
            // Rows of bytes with their brackets, as many pairs as there is room for.
            let fields = beat::fields(story, beat, 3, &look);
            let left = usize::from(room).saturating_sub(lines.len() + notes.len());
            lines.extend(fields.into_iter().take(left - left % 2));
        }
        let mut block = Self {
            position: index + 1,
            is_now,
            lines,
            read: None,
            could_show: None,
            notes,
        };
        if let Some(read) = beat::read(story, beat).filter(|read| read.returned > 0) {
            let wanted = 2 * rows_for(read, width, hex);
            let left = room.saturating_sub(block.height());
            if latest {
                block.read = Some((read, wanted.min(left - left % 2)));
            } else {
                block.could_show = Some((read, wanted));
            }
        }
        block
    }

    fn height(&self) -> u16 {
        let rows = self.lines.len() + self.notes.len();
        u16::try_from(rows).unwrap_or(u16::MAX) + self.read.map_or(0, |(_, rows)| rows)
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, show: &Show, hex: bool) {
        canvas.hit(area, Target::Beat(self.position));
        let mut y = area.y + canvas.lines(area, &self.lines);
        if let Some((read, rows)) = self.read {
            let bytes = Rect {
                x: area.x + 2,
                y,
                width: area.width.saturating_sub(2),
                height: rows,
            };
            draw_read(canvas, bytes, show, read, hex);
            y += rows;
        }
        let rest = Rect {
            y,
            height: area.bottom().saturating_sub(y),
            ..area
        };
        canvas.lines(rest, &self.notes);
        if self.is_now {
            let first = Rect {
                width: 1,
                height: 1,
                ..area
            };
            canvas.paint(first, canvas.theme.lit);
        }
    }
}

/// The bytes of a read.
fn draw_read(canvas: &mut Canvas<'_>, area: Rect, show: &Show, read: &Read, hex: bool) -> u16 {
    let bytes = Bytes {
        story: &show.story,
        flow: peer(read.endpoint),
        which: Which::Span(read.start, read.start + read.returned + read.lost),
        hex,
        datagrams: false,
        other: false,
        lost: (read.lost > 0).then_some(read.start + read.returned),
    };
    bytes.draw(canvas, area)
}

fn rows_for(read: &Read, width: u16, hex: bool) -> u16 {
    let per_row = per_row(width.saturating_sub(2), hex);
    u16::try_from((read.returned + read.lost).div_ceil(per_row).min(4)).unwrap_or(4)
}
