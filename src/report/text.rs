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

/// Lines that are told at once, and how long before that nothing is: for whoever tells a run slowly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// How many pauses stand before it.
    pub pauses: u32,
    /// The lines.
    pub lines: Vec<Line>,
}

/// So many pauses a class has for the question.
pub const FOR_THE_QUESTION: u32 = 5;

/// The whole run as lines no wider than the look's width.
#[must_use]
pub fn tell(story: &Story, look: &Look) -> Vec<Line> {
    lines(passages(story, look))
}

/// The same with its packets as a sequence diagram in place of the timeline.
#[must_use]
pub fn tell_ladder(story: &Story, look: &Look) -> Vec<Line> {
    lines(ladder_passages(story, look))
}

fn lines(passages: Vec<Passage>) -> Vec<Line> {
    passages.into_iter().flat_map(|passage| passage.lines).collect()
}

/// The run as it is told slowly: what there is to know before it, with the question; after a longer pause what happens,
/// beat by beat; what was found; and the answer last.
#[must_use]
pub fn passages(story: &Story, look: &Look) -> Vec<Passage> {
    around(story, look, timeline::timeline(story, look))
}

/// The same with the diagram.
#[must_use]
pub fn ladder_passages(story: &Story, look: &Look) -> Vec<Passage> {
    around(story, look, ladder::rung_by_rung(story, look))
}

fn around(story: &Story, look: &Look, what_happened: Vec<Vec<Line>>) -> Vec<Passage> {
    let mut head = head::head(story, look);
    head.push(Line::blank());
    let all: Vec<Line> = what_happened.iter().flatten().cloned().collect();
    let found = end::findings(story, look);
    let mut rest = end::end(story, look, Some(&all));
    rest.drain(..found.len());
    let mut last = stopped(story, look);
    last.push(Line::blank());
    last.extend(found);
    let before_the_first = if story.plan.predictions.is_empty() {
        1
    } else {
        FOR_THE_QUESTION
    };
    let mut passages = vec![Passage { pauses: 0, lines: head }];
    for (index, lines) in what_happened.into_iter().enumerate() {
        let pauses = if index == 0 { before_the_first } else { 1 };
        passages.push(Passage { pauses, lines });
    }
    passages.extend([last, rest].map(|lines| Passage { pauses: 1, lines }));
    passages
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
