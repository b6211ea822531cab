//! A run told as text, line by line: what was staged, what happened, what was found.

mod end;
mod head;
mod timeline;

pub use end::end;

use super::line::Line;
use super::{Look, ladder};
use crate::story::Story;

/// The whole run as lines no wider than the look's width.
#[must_use]
pub fn tell(story: &Story, look: &Look) -> Vec<Line> {
    around(story, look, timeline::timeline(story, look))
}

/// The same with its packets as a sequence diagram in place of the timeline.
#[must_use]
pub fn tell_ladder(story: &Story, look: &Look) -> Vec<Line> {
    around(story, look, ladder::ladder(story, look))
}

fn around(story: &Story, look: &Look, what_happened: Vec<Line>) -> Vec<Line> {
    let mut lines = head::head(story, look);
    lines.push(Line::blank());
    let end = end::end(story, look, Some(&what_happened));
    lines.extend(what_happened);
    lines.push(Line::blank());
    lines.extend(end);
    lines
}
