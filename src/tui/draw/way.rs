//! Between the two sides: what left when, and the acknowledgements, the latest at the bottom.

use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::super::app::show::Show;
use super::super::hits::Target;
use super::canvas::Canvas;
use crate::report::labels::Named;
use crate::report::line::{Line, Role, Span, plain, span, wrap};
use crate::scenario::Transport;
use crate::story::beats::{Beat, BeatKind};
use crate::story::lanes::{last_told, told};
use crate::trace::{Ending, EndpointId};
use crate::words::{self, screen, telling};

/// Draws what was on the way between two endpoints.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, show: &Show, sides: [EndpointId; 2]) {
    let title = match show.story.plan.transport {
        Transport::Tcp => screen::on_the_way(canvas.lang()),
        // Nothing else of these is acknowledged.
        _ => screen::on_the_way_unacknowledged(canvas.lang()),
    };
    let title = span(Role::Title, title);
    let inner = canvas.framed(area, &[title]);
    let story = &show.story;
    let shown = |endpoint: EndpointId| told(&story.lane(endpoint).way, show.playhead);
    let (one, other) = (shown(sides[0]), shown(sides[1]));
    let most = usize::from(inner.height / 2);
    // The last of both directions, in the order of time.
    let tail = |lane: &[usize]| lane[lane.len().saturating_sub(most)..].to_vec();
    let mut latest = [tail(one), tail(other)].concat();
    latest.sort_unstable();
    let latest = &latest[latest.len().saturating_sub(most)..];
    if latest.is_empty() {
        let text = span(Role::Faint, without(canvas, show, sides));
        let lines = wrap(Line::blank(), &[text], usize::from(inner.width.saturating_sub(2)));
        let place = Rect {
            x: inner.x + 1,
            width: inner.width.saturating_sub(1),
            ..inner
        };
        canvas.lines(place, &lines);
    }
    let mut y = inner.y;
    for index in latest {
        let beat = &story.beats[*index];
        let row = Rect { y, height: 2, ..inner };
        let to_the_right = (beat.endpoint == sides[0]) == matches!(beat.what, BeatKind::Left { .. });
        item(canvas, row, show, beat, to_the_right, index + 1 == show.playhead);
        canvas.hit(row, Target::Beat(index + 1));
        y += 2;
    }
}

/// Why there is nothing to show: without stamps nobody knows, so that nothing has left is said only where it would be
/// seen.
fn without(canvas: &Canvas<'_>, show: &Show, sides: [EndpointId; 2]) -> String {
    let (lang, story) = (canvas.lang(), &show.story);
    if !story.plan.transport.is_internet() {
        return screen::nothing_travels(lang);
    }
    let sent = sides
        .iter()
        .any(|side| last_told(&story.lane(*side).send_calls, show.playhead).is_some());
    let is_over = show.is_at_end() || story.trace.ending != Ending::Running;
    if (sent && story.departures.is_empty() && is_over) || is_bulk(show, sides) {
        telling::not_measured(lang)
    } else if lies_anywhere(show, sides) {
        screen::no_stamp_yet(lang)
    } else {
        screen::nothing_left_yet(lang)
    }
}

/// Whether bytes are known to have left although no stamp tells of it.
fn lies_anywhere(show: &Show, sides: [EndpointId; 2]) -> bool {
    let picture = show.story.picture_shown(show.playhead);
    sides.iter().any(|side| {
        let buffers = picture.buffers(*side);
        [buffers.in_flight.bytes(), buffers.waiting.bytes()]
            .iter()
            .flatten()
            .any(|bytes| *bytes > 0)
    })
}

/// Whether the last thing known of departures is that they are not stamped any more.
fn is_bulk(show: &Show, sides: [EndpointId; 2]) -> bool {
    let ends = |beat: &Beat| beat.what == BeatKind::StampsEnd && sides.contains(&beat.endpoint);
    let shown = &show.story.beats[..show.playhead];
    shown.iter().take(MOST_LOOKED_AT).any(ends)
}

/// Stamping ends within so many beats, or not at all.
const MOST_LOOKED_AT: usize = 4096;

/// Two rows: an arrow with what it carries, and the time.
fn item(canvas: &mut Canvas<'_>, area: Rect, show: &Show, beat: &Beat, to_the_right: bool, is_now: bool) {
    let lang = canvas.lang();
    let story = &show.story;
    let mut carried: Vec<Span> = Vec::new();
    let mut after = None;
    match beat.what {
        BeatKind::Left { departure } => {
            let departure = &story.departures[departure];
            carried.extend(Named::of(&departure.pieces).spans(&canvas.look));
            let size = words::bytes(lang, departure.end - departure.start);
            carried.push(span(Role::Faint, format!(" {size}")));
            if !departure.at_once {
                carried.insert(0, span(Role::Faint, canvas.look.glyphs.ellipsis));
            }
        }
        BeatKind::Acknowledged {
            start,
            end,
            after: since,
        } => {
            carried.push(span(Role::Plain, "ACK "));
            carried.extend(Named::overlapping(story.flows.overlap(beat.endpoint, start, end)).spans(&canvas.look));
            after = since.map(|since| screen::later(lang, &words::millis(since)));
        }
        _ => {}
    }
    let width: usize = carried.iter().map(|span| span.text.width()).sum();
    let room = usize::from(area.width.saturating_sub(2));
    let arrow = arrow(room.saturating_sub(width + 1), to_the_right, canvas.is_ascii());
    let line = if to_the_right {
        carried.push(plain(" "));
        carried.push(span(Role::Faint, arrow));
        Line(carried)
    } else {
        Line([vec![span(Role::Faint, arrow), plain(" ")], carried].concat())
    };
    canvas.line(area.x + 1, area.y, area.width.saturating_sub(2), &line);
    let room = area.width.saturating_sub(2);
    let mut time = screen::at_millis(lang, &words::moment(beat.at));
    if let Some(after) = after {
        let both = format!("{time}  {after}");
        // The delay is what an acknowledgement is looked at for.
        time = if both.width() <= usize::from(room) { both } else { after };
    }
    let style = if is_now {
        canvas.theme.notable
    } else {
        canvas.theme.faint
    };
    canvas.text(area.x + 1, area.y + 1, room, &time, style);
    if is_now {
        let first = Rect {
            width: 1,
            height: 1,
            ..area
        };
        canvas.put(area.x, area.y, canvas.cursor_sign(), canvas.theme.lit);
        canvas.paint(first, canvas.theme.lit);
    }
}

/// An arrow as long as there is room.
fn arrow(room: usize, to_the_right: bool, ascii: bool) -> String {
    let (dash, left, right) = if ascii { ("-", "<", ">") } else { ("─", "◀", "▶") };
    let shaft = dash.repeat(room.saturating_sub(1).clamp(1, 24));
    if to_the_right {
        shaft + right
    } else {
        left.to_owned() + &shaft
    }
}
