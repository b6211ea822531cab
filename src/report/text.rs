//! A run told as text, line by line: what was staged, what happened, what was found.

mod end;
mod head;
mod timeline;

pub use end::end;

use super::line::{Line, Role, plain, span, wrap};
use super::{Look, ladder};
use crate::story::Story;
use crate::trace::Ending;
use crate::words::{self, telling};

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
    lines.extend(stopped(story, look));
    lines.push(Line::blank());
    lines.extend(end);
    lines
}

/// That nobody went on, and so the lab ended the run: without this a hang looks like a text that was cut off.
fn stopped(story: &Story, look: &Look) -> Vec<Line> {
    let text = match &story.trace.ending {
        Ending::Hang { .. } => telling::stopped_by_the_lab(look.lang),
        Ending::Deadline { after_ms, .. } => telling::stopped_after(look.lang, &words::grouped(*after_ms)),
        _ => return Vec::new(),
    };
    let text = span(Role::Notable, text);
    let first = Line(vec![plain(" ".repeat(timeline::TIME))]);
    wrap(first, &[text], look.width)
}
