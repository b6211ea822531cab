//! The packets of a run up to the playhead as a sequence diagram, the latest at the bottom.

use ratatui::layout::Rect;

use super::super::app::lab::Lab;
use super::super::app::show::Show;
use super::super::hits::Target;
use super::canvas::Canvas;
use crate::report::ladder::Ladder;
use crate::report::line::{Role, span};
use crate::trace::EndpointId;
use crate::words::screen;

/// Draws the diagram of the connection that is shown.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, lab: &Lab, show: &Show, sides: [EndpointId; 2]) {
    let title = span(Role::Title, screen::key_ladder(canvas.lang()));
    let inner = canvas.framed(area, &[title]);
    if inner.height < 2 {
        return;
    }
    let look = canvas.look_of(inner.width);
    let ladder = Ladder::of(&show.story, &look, lab.connection(show)).between(sides);
    canvas.line(inner.x, inner.y, inner.width, &ladder.heading());
    let rows = usize::from(inner.height - 1);
    let rungs = ladder.rungs(show.playhead, rows);
    let lines: usize = rungs.iter().map(|rung| rung.lines.len()).sum();
    // Of the first one only the end, if there is no room for more.
    let mut left_out = lines.saturating_sub(rows);
    let mut y = inner.y + 1;
    for rung in &rungs {
        let is_now = rung.beat + 1 == show.playhead;
        let mut is_first = true;
        for line in &rung.lines {
            if left_out > 0 {
                left_out -= 1;
                is_first = false;
                continue;
            }
            let row = Rect { y, height: 1, ..inner };
            canvas.line(row.x, row.y, row.width, line);
            if is_now && is_first {
                canvas.put(row.x, row.y, canvas.cursor_sign(), canvas.theme.lit);
            }
            canvas.hit(row, Target::Beat(rung.beat + 1));
            is_first = false;
            y += 1;
        }
    }
}
