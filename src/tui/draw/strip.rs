//! The time strip: when calls were made, when their bytes left and were acknowledged, when they were read. Clicked and
//! dragged, it moves the playhead.

use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::super::app::lab::Lab;
use super::super::app::marks::{Key, Mark, column};
use super::super::app::show::Show;
use super::super::hits::Target;
use super::canvas::Canvas;
use crate::report::line::Role;
use crate::scenario::Transport;
use crate::story::sentences;
use crate::trace::{Call, EndpointId};
use crate::words::{self, screen};

/// Draws the strip.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, lab: &Lab, show: &Show, sides: [EndpointId; 2]) {
    let lang = canvas.lang();
    let wired = show.story.is_over_wire();
    let [right, left] = if canvas.is_ascii() {
        ["->", "<-"]
    } else {
        ["→", "←"]
    };
    let [second, third] = if wired {
        [screen::strip_packets(lang, right), screen::strip_packets(lang, left)]
    } else {
        [screen::strip_left(lang), screen::strip_acks(lang)]
    };
    let names = [
        sentences::call_name(&show.story, Call::Send).to_owned(),
        second,
        third,
        sentences::call_name(&show.story, Call::Recv).to_owned(),
    ];
    let margin = names.iter().map(|word| word.width()).max().unwrap_or(0) + 3;
    let margin = u16::try_from(margin).unwrap_or(8).min(area.width / 3);
    let plot = Rect {
        x: area.x + margin,
        width: area.width.saturating_sub(margin + 2),
        ..area
    };
    if plot.width < 10 {
        return;
    }
    let key = Key {
        width: plot.width,
        evenly: lab.evenly,
        sides,
        beats: show.last(),
    };
    axis(canvas, area, plot, show, lab.evenly);
    let marks = show.marks(key);
    let now = show.playhead.checked_sub(1).map(|last| column(&show.story, key, last));
    let transport = show.story.plan.transport;
    let happens = |row: usize| match row {
        // What is written into a pipe or a unix socket does not leave, and nothing but TCP acknowledges.
        1 => transport.is_internet(),
        // On a wire it is the packets to the left.
        2 => wired || transport == Transport::Tcp,
        _ => true,
    };
    let rows = names.iter().zip(&marks.rows).enumerate();
    let rows = rows.filter(|(index, _)| happens(*index)).map(|(_, row)| row);
    for ((word, marks), y) in rows.zip(area.y + 1..area.bottom()) {
        canvas.text(area.x + 1, y, margin - 1, word, canvas.theme.faint);
        row(canvas, Rect { y, height: 1, ..plot }, marks, now);
    }
    let rows = Rect {
        y: plot.y + 1,
        height: area.height.saturating_sub(1).min(4),
        ..plot
    };
    if let Some(now) = now {
        let x = rows.x + now;
        playhead(canvas, Rect { x, width: 1, ..rows });
    }
    canvas.hit(
        Rect {
            y: plot.y,
            height: rows.height + 1,
            ..plot
        },
        Target::Strip,
    );
}

/// The column of the playhead.
fn playhead(canvas: &mut Canvas<'_>, column: Rect) {
    for y in column.top()..column.bottom() {
        let is_free = canvas
            .buffer
            .cell((column.x, y))
            .is_some_and(|cell| cell.symbol() == " ");
        if is_free {
            let glyph = canvas.look.glyphs.bar;
            canvas.put(column.x, y, glyph, canvas.theme.notable);
        } else {
            canvas.paint(Rect { y, height: 1, ..column }, canvas.theme.lit);
        }
    }
}

/// The line above: from when to when, and how it is to be read.
fn axis(canvas: &mut Canvas<'_>, area: Rect, plot: Rect, show: &Show, evenly: bool) {
    let lang = canvas.lang();
    let rule = canvas.look.glyphs.rule.to_string();
    for x in area.left()..area.right() {
        canvas.put(x, area.y, &rule, canvas.theme.border);
    }
    if show.last() == 0 {
        return;
    }
    let (first, last) = show.span();
    let (first, last) = (words::moment(first), words::moment(last));
    let text = if evenly {
        screen::strip_evenly(lang, &first, &last)
    } else {
        screen::strip_time(lang, &first, &last)
    };
    canvas.text(plot.x, area.y, plot.width, &format!(" {text} "), canvas.theme.faint);
}

/// A row: a sign in the message's colour, and its label where there is room.
fn row(canvas: &mut Canvas<'_>, area: Rect, marks: &[Mark], now: Option<u16>) {
    let sign = if canvas.is_ascii() { "*" } else { "●" };
    let mut taken = 0;
    for (index, mark) in marks.iter().enumerate() {
        if now.is_none_or(|now| mark.column > now) {
            // What is still to come is not given away: only that something does.
            let dot = canvas.look.glyphs.dot;
            canvas.put(area.x + mark.column, area.y, dot, canvas.theme.faint);
            continue;
        }
        let (sign, style) = if mark.lost {
            (canvas.look.glyphs.lost, canvas.theme.bad)
        } else {
            (sign, canvas.theme.role(mark.message.map_or(Role::Plain, Role::Message)))
        };
        let column = mark.column;
        canvas.put(area.x + column, area.y, sign, style);
        let behind = column + 1;
        let next = marks.get(index + 1).map_or(area.width, |next| next.column);
        let is_last = index + 1 == marks.len();
        let width = u16::try_from(mark.label.len()).unwrap_or(u16::MAX);
        let room = next.saturating_sub(behind);
        if width < room || (is_last && width <= room) {
            canvas.text(area.x + behind, area.y, width, &mark.label, style);
            taken = behind + width;
        } else if is_last && taken + width < column {
            // At the right edge the label stands on the left.
            canvas.text(area.x + column - width, area.y, width, &mark.label, style);
        } else {
            taken = behind;
        }
    }
}
