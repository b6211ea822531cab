//! The equivalent code of one side, with the line of the current call lit.

use ratatui::layout::Rect;

use super::super::app::show::Show;
use super::canvas::Canvas;
use crate::code::{Language, LineRole, Part, listing};
use crate::report::beat::announces_json;
use crate::story::Story;
use crate::story::beats::{Beat, BeatKind};
use crate::story::lanes::told;
use crate::trace::{Call, EndpointId, FrameFault, PackFault, What};

/// Draws the code of an endpoint, scrolled so that the lit line is seen.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, show: &Show, endpoint: EndpointId, language: Language) {
    let listing = listing(&show.story.plan, language, canvas.lang());
    let index = usize::from(endpoint.0);
    let Some(side) = listing.sides.get(index) else { return };
    let now = current(show, endpoint);
    let lit = now.and_then(|(step, part, _)| listing.line_of(index, step, part));
    let is_now = now.is_some_and(|(.., is_now)| is_now);
    let height = usize::from(area.height);
    let most = side.lines.len().saturating_sub(height);
    let top = lit.map_or(0, |lit| lit.saturating_sub(height / 2)).min(most);
    for ((number, line), y) in side.lines.iter().enumerate().skip(top).zip(area.top()..area.bottom()) {
        let style = match line.role {
            LineRole::Comment => canvas.theme.faint,
            LineRole::Code => canvas.theme.plain,
        };
        let is_lit = lit == Some(number);
        let style = if is_lit && is_now {
            canvas.theme.lit
        } else if is_lit {
            canvas.theme.notable
        } else {
            style
        };
        let sign = if is_lit { canvas.cursor_sign() } else { " " };
        canvas.text(area.x, y, 1, sign, canvas.theme.notable);
        canvas.text(area.x + 1, y, area.width - 1, &line.text, style);
    }
}

/// The step and the part of it that an endpoint is at, and whether that is what happens now.
fn current(show: &Show, endpoint: EndpointId) -> Option<(usize, Part, bool)> {
    let told = told(&show.story.lane(endpoint).program, show.playhead);
    // A note is no line of the program: it stays where it was.
    let mut calls = told.iter().rev().map(|index| (*index, &show.story.beats[*index]));
    let (index, beat) = calls.find(|(_, beat)| beat.what != BeatKind::Note)?;
    let step = usize::try_from(beat.step?).ok()?;
    Some((step, part(&show.story, beat), index + 1 == show.playhead))
}

fn part(story: &Story, beat: &Beat) -> Part {
    match &beat.what {
        BeatKind::Send {
            message, start, end, ..
        }
        | BeatKind::SendReturned {
            message, start, end, ..
        } => {
            let Some((_, whole)) = story.flows.message(*message) else {
                return Part::Send;
            };
            match whole.start + whole.header + whole.json {
                header if whole.header == 0 || (*start == whole.start && *end > header) => Part::Send,
                header if *start < header => Part::SendHeader,
                _ => Part::SendBody,
            }
        }
        BeatKind::Recv { .. } | BeatKind::RecvReturned { .. } => {
            if awaits_body(story, beat) {
                Part::RecvBody
            } else {
                Part::RecvHeader
            }
        }
        BeatKind::Failed { call: Call::Send, .. } => Part::Send,
        BeatKind::Wait(_) | BeatKind::Waited { .. } => Part::Wait,
        BeatKind::Header { .. } => Part::RecvHeader,
        BeatKind::Frame => Part::Deliver,
        BeatKind::Fault(fault) if is_too_little(*fault) => Part::Short,
        BeatKind::Fault(_) => Part::Refuse,
        BeatKind::Corked { .. } => Part::Option,
        BeatKind::Packed => Part::Pack,
        BeatKind::Unpacked => Part::Unpack,
        BeatKind::PackFault => match story.trace.events.get(beat.event).map(|event| &event.what) {
            Some(What::PackFault {
                fault: PackFault::ShortBytes { .. },
            }) => Part::Short,
            _ => Part::Pack,
        },
        BeatKind::Closed { .. } => Part::Close,
        _ => Part::Recv,
    }
}

/// Whether a reader gives up because something did not come; else it refuses what came.
fn is_too_little(fault: FrameFault) -> bool {
    match fault {
        FrameFault::EndOfStream
        | FrameFault::ShortHeader { .. }
        | FrameFault::ShortBody { .. }
        | FrameFault::ShortLine { .. }
        | FrameFault::TimedOut { .. }
        | FrameFault::NotReady => true,
        FrameFault::OverLimit { .. }
        | FrameFault::Negative { .. }
        | FrameFault::NotANumber { .. }
        | FrameFault::TooManyDigits { .. }
        | FrameFault::BadJson
        | FrameFault::MissingField
        | FrameFault::BadSize
        | FrameFault::LineTooLong { .. }
        | FrameFault::BadEscape => false,
    }
}

/// Whether a reader of frames has its header already: what it met last, before this, was a header.
fn awaits_body(story: &Story, beat: &Beat) -> bool {
    let calls = &story.lane(beat.endpoint).program;
    let until = calls.partition_point(|index| story.beats[*index].event < beat.event);
    let mut earlier = calls[..until].iter().rev().map(|index| &story.beats[*index]);
    earlier
        .find_map(|beat| match beat.what {
            BeatKind::Header { .. } => Some(!announces_json(story, beat)),
            BeatKind::Frame | BeatKind::Note | BeatKind::Wait(_) => Some(false),
            _ => None,
        })
        .unwrap_or(false)
}
