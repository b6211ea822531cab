//! Between the two sides of a run over a wire: what is on the wire, in each direction in the order in which it will go on,
//! and below it what has gone.

use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::super::app::lab::Lab;
use super::super::app::show::Show;
use super::super::hits::Target;
use super::canvas::Canvas;
use crate::report::beat::wire;
use crate::report::line::{Line, Role, Span, plain, span};
use crate::story::Story;
use crate::story::beats::BeatKind;
use crate::story::lanes::told;
use crate::story::on_wire::{Aboard, Direction};
use crate::trace::EndpointId;
use crate::trace::packet::Fate;
use crate::words::screen;

/// Draws the wire between two sides.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, lab: &Lab, show: &Show, sides: [EndpointId; 2]) {
    let lang = canvas.lang();
    let in_hand = lab.hand.is_some();
    let title = if in_hand {
        screen::in_hand(lang)
    } else {
        screen::on_the_wire(lang)
    };
    let inner = canvas.framed(area, &[span(Role::Title, title)]);
    let directions = directions(show, sides, in_hand);
    let room = usize::from(inner.height).saturating_sub(2);
    let counts = [directions[0].packets.len(), directions[1].packets.len()];
    // Each has half of the room, and what the other leaves.
    let first = counts[0].min(room - counts[1].min(room / 2));
    let rows = [first, counts[1].min(room - first)];
    let mut y = inner.y;
    for (side, direction) in directions.iter().enumerate() {
        let is_chosen = lab.hand == Some(usize::from(sides[side].0 % 2));
        let head = Rect { y, height: 1, ..inner };
        heading(canvas, head, side, direction, is_chosen);
        let list = Rect {
            y: y + 1,
            height: u16::try_from(rows[side]).unwrap_or(u16::MAX),
            ..inner
        };
        packets(canvas, list, show, direction, is_chosen);
        y = list.bottom();
    }
    let rest = Rect {
        y,
        height: inner.bottom().saturating_sub(y),
        ..inner
    };
    gone(canvas, rest, show, sides);
}

/// What is on the wire where the playhead stands; of a wire in somebody's hand what is on it now, of all connections: a
/// hand holds them all.
fn directions(show: &Show, sides: [EndpointId; 2], in_hand: bool) -> [Direction; 2] {
    let story = &show.story;
    let events = if in_hand {
        story.trace.events.len()
    } else {
        story.events_at(show.playhead)
    };
    let [one, other] = story.on_wire_at(events);
    let mut both = if sides[0].0.is_multiple_of(2) {
        [one, other]
    } else {
        [other, one]
    };
    for (direction, side) in both.iter_mut().zip(sides) {
        let is_own = |aboard: &Aboard| story.packets.get(aboard.packet).is_some_and(|found| found.from == side);
        direction.packets.retain(|aboard| in_hand || is_own(aboard));
    }
    both
}

/// Whose packets they are, and whether they are held.
fn heading(canvas: &mut Canvas<'_>, area: Rect, side: usize, direction: &Direction, is_chosen: bool) {
    let lang = canvas.lang();
    let sign = if is_chosen { canvas.cursor_sign() } else { " " };
    let role = if is_chosen { Role::Title } else { Role::Plain };
    let mut spans = vec![
        span(Role::Notable, sign),
        span(role, format!("{} ", arrow(canvas, side))),
    ];
    if direction.holds {
        spans.push(span(Role::Notable, screen::direction_holds(lang)));
    } else if direction.packets.is_empty() {
        spans.push(span(Role::Faint, screen::direction_empty(lang)));
    }
    canvas.spans(area.x, area.y, area.width, &spans);
    if is_chosen {
        canvas.paint(Rect { width: 1, ..area }, canvas.theme.lit);
    }
}

/// The packets of a direction, the one that goes next first.
fn packets(canvas: &mut Canvas<'_>, area: Rect, show: &Show, direction: &Direction, is_chosen: bool) {
    let lang = canvas.lang();
    let all = direction.packets.len();
    let rows = usize::from(area.height);
    // Of many the last row says how many more there are.
    let shown = if all > rows { rows.saturating_sub(1) } else { all };
    let next = direction.held().next().map(|aboard| aboard.packet);
    let mut y = area.y;
    for aboard in &direction.packets[..shown] {
        let row = Rect { y, height: 1, ..area };
        let sign = if is_chosen && next == Some(aboard.packet) {
            canvas.cursor_sign()
        } else {
            " "
        };
        let state = if aboard.held {
            span(Role::Notable, screen::packet_held(lang))
        } else {
            span(Role::Faint, screen::packet_under_way(lang))
        };
        let mut spans = vec![span(Role::Notable, format!("{sign} "))];
        spans.extend(wire::short(&show.story, aboard.packet, &canvas.look));
        let used: usize = spans.iter().map(|span| span.text.width()).sum();
        if used + 1 + state.text.width() <= usize::from(row.width) {
            spans.extend([plain(" "), state]);
        }
        canvas.spans(row.x, row.y, row.width, &spans);
        if let Some(position) = position(&show.story, aboard.packet) {
            canvas.hit(row, Target::Beat(position));
        }
        y += 1;
    }
    if all > shown && y < area.bottom() {
        let text = format!("  {}", screen::packets_more(lang, all - shown));
        canvas.text(area.x, y, area.width, &text, canvas.theme.faint);
    }
}

/// What has gone, the latest at the bottom.
fn gone(canvas: &mut Canvas<'_>, area: Rect, show: &Show, sides: [EndpointId; 2]) {
    if area.height < 2 {
        return;
    }
    let story = &show.story;
    let rows = usize::from(area.height - 1);
    let mut latest: Vec<(usize, Vec<Span>)> = Vec::new();
    for side in sides {
        let lane = told(&story.lane(side).wire, show.playhead);
        let rows = lane
            .iter()
            .rev()
            .filter_map(|beat| Some((*beat, went(canvas, story, *beat, sides)?)));
        latest.extend(rows.take(usize::from(area.height)));
    }
    latest.sort_by_key(|(beat, _)| *beat);
    if latest.is_empty() {
        return;
    }
    canvas.text(
        area.x + 1,
        area.y,
        area.width.saturating_sub(1),
        &screen::packets_gone(canvas.lang()),
        canvas.theme.faint,
    );
    let shown = &latest[latest.len().saturating_sub(rows)..];
    for ((beat, spans), y) in shown.iter().zip(area.y + 1..area.bottom()) {
        let row = Rect { y, height: 1, ..area };
        canvas.line(row.x + 1, y, row.width.saturating_sub(1), &Line(spans.clone()));
        if beat + 1 == show.playhead {
            canvas.put(row.x, y, canvas.cursor_sign(), canvas.theme.lit);
        }
        canvas.hit(row, Target::Beat(beat + 1));
    }
}

/// A packet that is not on the wire any more after this beat; `None` if it still is, or the beat is about none.
fn went(canvas: &Canvas<'_>, story: &Story, beat: usize, sides: [EndpointId; 2]) -> Option<Vec<Span>> {
    let (BeatKind::Packet { packet: number }
    | BeatKind::Arrives { packet: number, .. }
    | BeatKind::Removed { packet: number, .. }) = story.beats[beat].what
    else {
        return None;
    };
    let sighting = story.packets.get(number)?;
    let fate = sighting.packet(&story.trace)?.fate;
    let is_lost = match story.beats[beat].what {
        BeatKind::Packet { .. } if fate.is_lost() => true,
        BeatKind::Packet { .. } if fate != Fate::Passed => return None,
        BeatKind::Removed { .. } => true,
        _ => false,
    };
    let side = usize::from(sighting.from != sides[0]);
    let sign = if is_lost {
        span(Role::Bad, canvas.look.glyphs.lost)
    } else {
        span(Role::Faint, arrow(canvas, side))
    };
    let mut spans = vec![sign, plain(" ")];
    spans.extend(wire::short(story, number, &canvas.look));
    Some(spans)
}

/// Behind which beat a packet has come onto the wire.
fn position(story: &Story, number: u32) -> Option<usize> {
    let event = story.packets.get(number)?.event;
    Some(story.beats.partition_point(|beat| beat.event <= event))
}

fn arrow(canvas: &Canvas<'_>, side: usize) -> &'static str {
    match (side, canvas.is_ascii()) {
        (0, false) => "→",
        (_, false) => "←",
        (0, true) => "->",
        (_, true) => "<-",
    }
}
