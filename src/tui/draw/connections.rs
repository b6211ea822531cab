//! The connections of a run that has several: which one is shown, at which something happens now, and who waits where.

use ratatui::layout::Rect;

use super::super::app::lab::Lab;
use super::super::app::show::Show;
use super::super::hits::Target;
use super::canvas::Canvas;
use crate::report::beat;
use crate::report::line::{Role, Span, plain, span};
use crate::story::Story;
use crate::story::beats::{BeatKind, CallOutcome};
use crate::story::lanes::last_told;
use crate::story::picture::Picture;
use crate::trace::EndpointId;
use crate::words::{self, telling};

/// So many rows they take; none if there is only one connection.
pub fn rows(show: &Show, height: u16) -> u16 {
    let connections = u16::try_from(show.story.trace.head.endpoints.len() / 2).unwrap_or(0);
    match connections {
        0 | 1 => 0,
        // A row for each only where the lanes below keep enough.
        _ if height >= TALL => connections,
        _ => 1,
    }
}

/// Draws them, one a row with what its ends wait for, or all in one row.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, lab: &Lab, show: &Show) {
    let shown = lab.connection(show);
    let picture = show.story.picture_shown(show.playhead);
    let (mut x, mut y) = (area.x + 1, area.y);
    for connection in 0..show.story.trace.head.endpoints.len() / 2 {
        let text = tab(canvas, show, connection);
        let style = if connection == shown {
            canvas.theme.lit
        } else {
            canvas.theme.faint
        };
        let width = canvas.text(x, y, area.right().saturating_sub(x), &text, style);
        let place = Rect { x, y, width, height: 1 };
        canvas.hit(place, Target::Connection(connection));
        if area.height > 1 {
            let from = x + width + 1;
            let room = area.right().saturating_sub(from);
            let state = state(canvas, show, &picture, connection);
            canvas.spans(from, y, room, &state);
            y += 1;
        } else {
            x += width + 1;
        }
    }
}

/// `▸client-2 → server-2`, `▸2 child-err → parent-err`: the sign is where something happens now.
fn tab(canvas: &Canvas<'_>, show: &Show, connection: usize) -> String {
    let is_now = show.connection_now() == Some(connection);
    let sign = if is_now { canvas.cursor_sign() } else { " " };
    let ends = &show.story.trace.head.endpoints[2 * connection..];
    let ends = ends.iter().take(2).map(|name| words::endpoint(canvas.lang(), name));
    let ends: Vec<String> = ends.collect();
    let arrow = format!(" {} ", canvas.look.glyphs.arrow);
    let ends = ends.join(&arrow);
    if is_numbered(&show.story.trace.head.endpoints[2 * connection]) {
        return format!("{sign}{ends} ");
    }
    format!("{sign}{} {ends} ", connection + 1)
}

/// Whether an endpoint is called `client-2`: a second number beside it would only confuse.
pub fn is_numbered(name: &str) -> bool {
    name.rsplit_once('-')
        .is_some_and(|(_, number)| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}

/// What lies unread at the two ends, and which of them waits in a call.
fn state(canvas: &Canvas<'_>, show: &Show, picture: &Picture<'_>, connection: usize) -> Vec<Span> {
    let (lang, story) = (canvas.lang(), &show.story);
    let first = u8::try_from(2 * connection).unwrap_or(0);
    let mut spans = Vec::new();
    for endpoint in [EndpointId(first), EndpointId(first + 1)] {
        let name = words::endpoint(lang, story.name(endpoint));
        let buffers = picture.buffers(endpoint);
        // There is no room to say of which moment a figure is.
        let waiting = buffers.waiting.bytes().filter(|_| buffers.receive_as_of.is_none());
        let waiting = waiting.filter(|bytes| *bytes > 0);
        if let Some(bytes) = waiting {
            let size = telling::waiting(lang, &words::bytes(lang, bytes));
            spans.push(span(Role::Notable, format!(" {name} {size} ")));
        }
        if let Some(call) = blocked(story, endpoint, show.playhead) {
            spans.push(span(Role::Faint, format!(" {name} ")));
            let call = beat::sentence(story, &story.beats[call], &canvas.look);
            spans.extend(call.into_iter().map(|part| span(Role::Faint, part.text)));
            spans.push(plain(" "));
        }
    }
    spans
}

/// The call in which an endpoint waits.
fn blocked(story: &Story, endpoint: EndpointId, playhead: usize) -> Option<usize> {
    let lane = story.lane(endpoint);
    let call = last_told(&lane.calls, playhead)?;
    let (outcome, returns) = match story.beats[call].what {
        BeatKind::Send { outcome, .. } => (outcome, &lane.returned),
        BeatKind::Recv { outcome, .. } => (outcome, &lane.reads),
        _ => return None,
    };
    let returned = last_told(returns, playhead).is_some_and(|beat| beat > call);
    (outcome == CallOutcome::Blocked && !returned).then_some(call)
}

/// From this height on each connection has a row.
const TALL: u16 = 28;
