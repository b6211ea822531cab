//! A run told as text, line by line: what was staged, what happened, what was found.

mod end;
mod head;
mod timeline;

pub use end::end;

use super::Look;
use super::line::Line;
use crate::story::Story;

/// The whole run as lines no wider than the look's width.
#[must_use]
pub fn tell(story: &Story, look: &Look) -> Vec<Line> {
    let mut lines = head::head(story, look);
    lines.push(Line::blank());
    let timeline = timeline::timeline(story, look);
    let end = end::end(story, look, Some(&timeline));
    lines.extend(timeline);
    lines.push(Line::blank());
    lines.extend(end);
    lines
}
