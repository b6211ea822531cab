//! What keys do to a run that is shown, and to two of them side by side.

use super::super::keys::Action;
use super::lab::{Byte, Lab, View};
use super::show::Show;
use crate::code::Language;
use crate::story::peer;
use crate::story::pieces::Message;

/// What keys do to the run that is shown.
pub fn act_on_lab(lab: &mut Lab, action: Action) {
    match action {
        Action::Bytes => lab.hex = !lab.hex,
        Action::Scale => lab.evenly = !lab.evenly,
        Action::Presenter => {
            lab.view = match lab.view {
                View::Presenter => View::Calls,
                _ => View::Presenter,
            }
        }
        Action::Code => {
            lab.view = match lab.view {
                View::Code(_) => View::Calls,
                _ => View::Code(Language::Python),
            }
        }
        Action::CodeLanguage => {
            lab.view = match lab.view {
                View::Code(Language::Python) => View::Code(Language::Rust),
                _ => View::Code(Language::Python),
            }
        }
        Action::OtherPair => lab.look_at_next(),
        _ => {}
    }
    let Some(show) = &mut lab.show else { return };
    match action {
        Action::Play => show.toggle_play(),
        Action::Next => show.go(show.playhead + 1),
        Action::Previous => show.go(show.playhead.saturating_sub(1)),
        Action::NextMessage => show.next_message(),
        Action::PreviousMessage => show.previous_message(),
        Action::First => show.go(0),
        Action::Last => show.go(show.last()),
        Action::Journey => lab.byte = next_byte(show, lab.byte),
        _ => {}
    }
}

/// The byte whose journey is told moves along its flow.
pub fn follow_byte(lab: &mut Option<Lab>, action: Action) {
    let Some(lab) = lab else { return };
    let Some(byte) = lab.byte else { return };
    let other = lab.comparison.as_ref().and_then(|comparison| comparison.show.as_ref());
    let show = if byte.other { other } else { lab.show.as_ref() };
    let Some(last) = show.and_then(|show| show.story.flows.flow(byte.flow).last()) else {
        return;
    };
    let offset = match action {
        Action::Next => byte.offset + 1,
        Action::Previous => byte.offset.saturating_sub(1),
        _ => return,
    };
    let offset = offset.min(last.end().saturating_sub(1));
    lab.byte = Some(Byte { offset, ..byte });
}

/// The byte whose journey is told next: the first of the message that the event is about, then its next ones.
fn next_byte(show: &Show, now: Option<Byte>) -> Option<Byte> {
    let beat = show.story.beats.get(show.playhead.checked_sub(1)?)?;
    let (flow, start, end) = show.story.span_of(beat).unwrap_or_else(|| {
        let flow = show.story.flows.flow(beat.endpoint);
        let owner = if flow.is_empty() {
            peer(beat.endpoint)
        } else {
            beat.endpoint
        };
        (owner, 0, show.story.flows.flow(owner).last().map_or(0, Message::end))
    });
    let after = now.filter(|byte| byte.flow == flow && (start..end).contains(&byte.offset));
    let offset = after.map_or(
        start,
        |byte| if byte.offset + 1 < end { byte.offset + 1 } else { start },
    );
    (start < end).then_some(Byte {
        flow,
        offset,
        other: false,
    })
}

/// What keys do to two runs side by side.
pub fn act_on_pair(lab: &mut Lab, action: Action) {
    match action {
        Action::Bytes => {
            lab.hex = !lab.hex;
            return;
        }
        Action::OtherPair => {
            lab.look_at_next();
            return;
        }
        _ => {}
    }
    let mut over = false;
    if let Some(mut pair) = lab.pair() {
        over = pair.is_at_end();
        match action {
            Action::Next => pair.forwards(),
            Action::Previous => pair.backwards(),
            Action::Last => pair.to_end(),
            Action::First => {
                pair.one.go(0);
                pair.other.go(0);
            }
            Action::Play if over => {
                pair.one.go(0);
                pair.other.go(0);
            }
            _ => {}
        }
    }
    if let Some(comparison) = &mut lab.comparison {
        comparison.playing = action == Action::Play && (over || !comparison.playing);
    }
}
