//! The time strip: when calls were made, when their bytes left and were acknowledged, when they were read. Clicked and
//! dragged, it moves the playhead.

use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::super::app::lab::Lab;
use super::super::app::show::Show;
use super::super::hits::Target;
use super::canvas::Canvas;
use crate::report::line::{Role, Span, span};
use crate::story::Story;
use crate::story::beats::{Beat, BeatKind};
use crate::trace::EndpointId;
use crate::words::{self, screen};

/// A row of the strip: its word, and the beats on it, in order.
type Row<'a> = (String, Vec<&'a [usize]>);

/// Draws the strip.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, lab: &Lab, show: &Show, sides: [EndpointId; 2]) {
    let lang = canvas.lang();
    let story = &show.story;
    let lane = |endpoint| story.lane(endpoint);
    let (one, other) = (lane(sides[0]), lane(sides[1]));
    let rows: [Row<'_>; 4] = [
        (screen::strip_sends(lang), vec![&one.send_calls, &other.send_calls]),
        (screen::strip_left(lang), vec![&one.departures, &other.departures]),
        (
            screen::strip_acks(lang),
            vec![&one.acknowledgements, &other.acknowledgements],
        ),
        (screen::strip_reads(lang), vec![&one.reads, &other.reads]),
    ];
    let margin = rows.iter().map(|(word, _)| word.width()).max().unwrap_or(0) + 3;
    let margin = u16::try_from(margin).unwrap_or(8).min(area.width / 3);
    let plot = Rect {
        x: area.x + margin,
        width: area.width.saturating_sub(margin + 2),
        ..area
    };
    if plot.width < 10 {
        return;
    }
    let scale = Scale::new(show, lab.evenly, plot.width);
    axis(canvas, area, plot, show, &scale);
    for ((word, lanes), y) in rows.iter().zip(area.y + 1..area.bottom()) {
        canvas.text(area.x + 1, y, margin - 1, word, canvas.theme.faint);
        row(canvas, Rect { y, height: 1, ..plot }, story, lanes, &scale);
    }
    let until = area.bottom().min(area.y + 5);
    if let Some(column) = scale.playhead(show) {
        let bar = Rect {
            x: plot.x + column,
            y: plot.y + 1,
            width: 1,
            height: until - plot.y - 1,
        };
        for y in bar.top()..bar.bottom() {
            let is_free = canvas.buffer.cell((bar.x, y)).is_some_and(|cell| cell.symbol() == " ");
            if is_free {
                let glyph = canvas.look.glyphs.bar;
                canvas.put(bar.x, y, glyph, canvas.theme.notable);
            } else {
                canvas.paint(Rect { y, height: 1, ..bar }, canvas.theme.lit);
            }
        }
    }
    canvas.hit(
        Rect {
            height: until - plot.y,
            ..plot
        },
        Target::Strip,
    );
}

/// The line above: from when to when, and what is shown.
fn axis(canvas: &mut Canvas<'_>, area: Rect, plot: Rect, show: &Show, scale: &Scale) {
    let lang = canvas.lang();
    let rule = canvas.look.glyphs.rule.to_string();
    for x in area.left()..area.right() {
        canvas.put(x, area.y, &rule, canvas.theme.border);
    }
    let (first, last) = show.span();
    if show.last() == 0 {
        return;
    }
    let text = if scale.evenly {
        screen::strip_evenly(lang, &words::moment(first), &words::moment(last))
    } else {
        screen::strip_time(lang, &words::moment(first), &words::moment(last))
    };
    canvas.text(plot.x, area.y, plot.width, &format!(" {text} "), canvas.theme.faint);
}

/// Where on the strip a beat lies.
struct Scale {
    evenly: bool,
    width: u64,
    first: u64,
    span: u64,
    beats: u64,
}

impl Scale {
    fn new(show: &Show, evenly: bool, width: u16) -> Self {
        let (first, last) = show.span();
        Self {
            evenly,
            width: u64::from(width),
            first,
            span: last - first,
            beats: show.last() as u64,
        }
    }

    fn column(&self, index: usize, beat: &Beat) -> u16 {
        let (part, whole) = if self.evenly {
            // The beat is shown at the position after it.
            (index as u64 + 1, self.beats)
        } else {
            (beat.at.saturating_sub(self.first), self.span)
        };
        let column = u128::from(self.width - 1) * u128::from(part) / u128::from(whole.max(1));
        u16::try_from(column).unwrap_or(u16::MAX)
    }

    /// The first beat of a lane at or behind a column.
    fn seek(&self, story: &Story, lane: &[usize], column: u16) -> usize {
        lane.partition_point(|index| self.column(*index, &story.beats[*index]) < column)
    }

    fn playhead(&self, show: &Show) -> Option<u16> {
        let index = show.playhead.checked_sub(1)?;
        Some(self.column(index, show.story.beats.get(index)?))
    }
}

/// The marks of a row: a sign in the message's colour, and its label where there is room. A column is looked up, not
/// every beat: a million of them cost no more than a thousand.
fn row(canvas: &mut Canvas<'_>, area: Rect, story: &Story, lanes: &[&[usize]], scale: &Scale) {
    let mut marks: Vec<(u16, Span)> = Vec::new();
    for lane in lanes {
        let mut next = 0;
        while let Some(index) = lane.get(next) {
            let column = scale.column(*index, &story.beats[*index]);
            let behind = scale.seek(story, lane, column + 1);
            // Several in one column: from which message to which.
            let last = lane[behind.saturating_sub(1).max(next)];
            marks.push((column, mark(story, &story.beats[*index], &story.beats[last])));
            next = behind.max(next + 1);
        }
    }
    marks.sort_by_key(|(column, _)| *column);
    let sign = if canvas.is_ascii() { "*" } else { "●" };
    let mut taken = 0;
    for (index, (column, label)) in marks.iter().enumerate() {
        let style = canvas.theme.role(label.role);
        canvas.put(area.x + column, area.y, sign, style);
        let next = marks.get(index + 1).map_or(area.width, |(column, _)| *column);
        let width = u16::try_from(label.text.width()).unwrap_or(u16::MAX);
        if width < next.saturating_sub(column + 1) || (next == area.width && width < next.saturating_sub(*column)) {
            canvas.text(area.x + column + 1, area.y, width, &label.text, style);
            taken = column + 1 + width;
        } else if next == area.width && taken + width < *column {
            // At the right edge the label stands on the left.
            canvas.text(area.x + column - width, area.y, width, &label.text, style);
            taken = column + 1;
        } else {
            taken = column + 1;
        }
    }
}

/// What a mark says: the messages from the first beat in its column to the last.
fn mark(story: &Story, first: &Beat, last: &Beat) -> Span {
    match (messages(story, first), messages(story, last)) {
        (Some((from, _)), Some((_, to))) if from == to => span(Role::Message(from), format!("m{from}")),
        (Some((from, _)), Some((_, to))) => span(Role::Plain, format!("m{from}-m{to}")),
        _ => span(Role::Plain, ""),
    }
}

/// The first and the last message that a beat is about.
fn messages(story: &Story, beat: &Beat) -> Option<(u32, u32)> {
    if let BeatKind::Send { message, .. } = beat.what {
        return Some((message, message));
    }
    let (flow, start, end) = story.span_of(beat)?;
    let overlap = story.flows.overlap(flow, start, end);
    let mut pieces = overlap.iter();
    let first = pieces.next()?.message;
    Some((first, pieces.next_back().map_or(first, |last| last.message)))
}
