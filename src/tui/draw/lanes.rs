//! A run: what each side's program does, what lies in its queues, what is on the way, when it happened, what it means.

use ratatui::layout::Rect;

use super::super::app::App;
use super::super::app::lab::{Lab, View};
use super::super::app::show::Show;
use super::super::app::sides::{sends, sides};
use super::canvas::Canvas;
use super::{calls, connections, header, ladder, on_wire, queue, sentence, strip, way};
use crate::report::line::{Role, Span, plain, span};
use crate::story::peer;
use crate::story::picture::Buffers;
use crate::story::transfer::transfer;
use crate::trace::EndpointId;
use crate::words::{self, screen};
use unicode_width::UnicodeWidthStr;

/// Draws a run.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, app: &App, lab: &Lab, show: &Show) {
    let strip_height = match area.height {
        28.. => 6,
        21.. => 5,
        _ => 3,
    };
    let tabs = connections::rows(show, area.height);
    // Before anything has happened the queues are empty.
    let least = if show.playhead == 0 {
        LEAST_AT_START
    } else {
        LEAST_LANES
    };
    let most = area.height.saturating_sub(1 + strip_height + tabs + least);
    let sentence_height = sentence_rows(canvas, area, lab, show, most);
    let lanes_height = area.height.saturating_sub(1 + strip_height + sentence_height);
    let row = |y: u16, height: u16| Rect { y, height, ..area };
    header::draw(canvas, row(area.y, 1), app, lab, show);
    let mut lanes = row(area.y + 1, lanes_height);
    if tabs > 0 {
        connections::draw(canvas, row(lanes.y, tabs), lab, show);
        lanes.y += tabs;
        lanes.height = lanes.height.saturating_sub(tabs);
    }
    let [left, right] = sides(&show.story, lab.connection(show));
    // Code is wide: it takes the room of what is on the way, which the strip below tells as well.
    let wished = if matches!(lab.view, View::Code(_)) || (lab.view == View::Ladder && lab.hand.is_none()) {
        0
    } else {
        (area.width / 4).clamp(20, 36)
    };
    let side_width = (area.width - wished) / 2;
    let columns = [side_width, area.width - 2 * side_width, side_width];
    let [one, middle, other] = beside(lanes, columns);
    if lab.view == View::Ladder {
        let [diagram, beside] = split(lanes, wished);
        ladder::draw(canvas, diagram, lab, show, [left, right]);
        if wished > 0 {
            on_wire::draw(canvas, beside, lab, show, [left, right]);
        }
    } else {
        let picture = show.story.picture_shown(show.playhead);
        side(canvas, one, lab, show, left, &picture.buffers(left));
        if wished > 0 && show.story.is_over_wire() {
            on_wire::draw(canvas, middle, lab, show, [left, right]);
        } else if wished > 0 {
            way::draw(canvas, middle, show, [left, right]);
        }
        side(canvas, other, lab, show, right, &picture.buffers(right));
    }
    strip::draw(canvas, row(lanes.bottom(), strip_height), lab, show, [left, right]);
    sentence::draw(canvas, row(lanes.bottom() + strip_height, sentence_height), lab, show);
}

/// Rows of the lanes that the sentence never takes: two queues keep a row for each of their parts.
const LEAST_LANES: u16 = 11;
/// The same at the start.
const LEAST_AT_START: u16 = 9;

/// Rows of the sentence, `most` of them if it can be. While events pass by nothing moves up and down; where playback
/// halts there is something to read to its end.
fn sentence_rows(canvas: &Canvas<'_>, area: Rect, lab: &Lab, show: &Show, most: u16) -> u16 {
    let usual = if area.height >= 21 { 4 } else { 3 };
    if show.playhead == 0 || show.is_at_stop() || show.is_at_end() {
        sentence::rows(canvas, area.width, lab, show).min(most).max(usual)
    } else {
        usual
    }
}

/// Columns of these widths beside each other.
fn beside(area: Rect, widths: [u16; 3]) -> [Rect; 3] {
    let mut x = area.x;
    widths.map(|width| {
        let column = Rect { x, width, ..area };
        x += width;
        column
    })
}

/// An area without its last columns, and these.
fn split(area: Rect, last: u16) -> [Rect; 2] {
    let width = area.width - last;
    let x = area.x + width;
    [Rect { width, ..area }, Rect { x, width: last, ..area }]
}

/// How much of a file has come: a frame is narrow, so in percent.
fn gauge(canvas: &Canvas<'_>, show: &Show, endpoint: EndpointId) -> Vec<Span> {
    let Some(transfer) = transfer(&show.story, endpoint, show.playhead) else {
        return Vec::new();
    };
    let full = transfer.cells(GAUGE);
    let [on, off] = if canvas.is_ascii() { ["#", "."] } else { ["█", "░"] };
    vec![
        plain(" "),
        span(Role::Good, on.repeat(full)),
        span(Role::Faint, off.repeat(GAUGE - full)),
        span(Role::Faint, format!(" {}%", transfer.cells(100))),
    ]
}

/// Cells of a gauge.
const GAUGE: usize = 8;

/// Whose side it is, how far a file is, and which connection it is of, where the name does not say so and there is room:
/// the row above says it too.
fn title(canvas: &Canvas<'_>, width: u16, show: &Show, endpoint: EndpointId) -> Vec<Span> {
    let (lang, story) = (canvas.lang(), &show.story);
    let name = words::endpoint(lang, story.name(endpoint));
    let count = story.trace.head.endpoints.len();
    let mut title = [vec![span(Role::Title, name)], gauge(canvas, show, endpoint)].concat();
    if count > 2 && !connections::is_numbered(story.name(endpoint)) {
        let which = screen::connection(lang, usize::from(endpoint.0 / 2) + 1, count / 2);
        let which = span(Role::Faint, format!(" {which}"));
        let used: usize = title.iter().chain([&which]).map(|span| span.text.width()).sum();
        title.extend((used + 4 <= usize::from(width)).then_some(which));
    }
    title
}

/// Rows that two queues need at least.
const TWO_QUEUES: u16 = 6;

/// One side: its calls or its code above, its queues below.
fn side(canvas: &mut Canvas<'_>, area: Rect, lab: &Lab, show: &Show, endpoint: EndpointId, buffers: &Buffers) {
    let story = &show.story;
    let title = title(canvas, area.width, show, endpoint);
    let inner = canvas.framed(area, &title);
    let sent = sends(story, endpoint);
    let received = sends(story, peer(endpoint));
    let has_send_queue = story.trace.head.is_tcp();
    // The send queue has two parts, each with a line of its own; UDP sockets have none that can be seen.
    let rows = (inner.height / 2).clamp(7, 15);
    let send_rows = if sent && has_send_queue { rows } else { 0 };
    let receive_rows = if received { rows - 1 } else { 0 };
    let wanted: u16 = send_rows + receive_rows;
    let mut queues = wanted.min(inner.height.saturating_sub(if inner.height < 10 { 3 } else { 4 }));
    if send_rows > 0 && receive_rows > 0 && inner.height > TWO_QUEUES {
        // Who sends and reads has two queues: what the program does keeps its half, and code a little more.
        let share = if matches!(lab.view, View::Code(_)) {
            inner.height * 2 / 5
        } else {
            inner.height / 2
        };
        queues = queues.min(share.max(TWO_QUEUES));
    }
    let calls_area = Rect {
        height: inner.height - queues,
        ..inner
    };
    calls::draw(canvas, calls_area, lab, show, endpoint);
    let mut y = calls_area.bottom();
    if send_rows > 0 {
        let height = if receive_rows > 0 { queues / 2 } else { queues };
        queue::send(canvas, area, Rect { y, height, ..inner }, lab, show, buffers);
        y += height;
    }
    if receive_rows > 0 {
        let height = inner.bottom().saturating_sub(y);
        queue::receive(canvas, area, Rect { y, height, ..inner }, lab, show, buffers);
    }
}
