//! What happens now, in a sentence with its evidence; what the class is asked to look at; what can be done next.

use ratatui::layout::Rect;

use super::super::app::lab::Lab;
use super::super::app::show::Show;
use super::canvas::Canvas;
use crate::report::beat;
use crate::report::line::{Line, Role, Span, plain, span, wrap};
use crate::story::sentences;
use crate::trace::Evidence;
use crate::words::{self, Lang, screen};

/// Draws the sentence and the row below it.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, lab: &Lab, show: &Show) {
    if area.height == 0 {
        return;
    }
    let rule = canvas.look.glyphs.rule.to_string();
    for x in area.left()..area.right() {
        canvas.put(x, area.y, &rule, canvas.theme.border);
    }
    let inner = Rect {
        x: area.x + 1,
        y: area.y + 1,
        width: area.width.saturating_sub(2),
        height: area.height - 1,
    };
    let hints = hints(canvas, inner.width, lab, show);
    let (lines, evidence) = now(canvas, inner.width, show);
    if let Some(evidence) = evidence {
        // In the corner of the rule, so that it never covers a word.
        let label = format!(" {evidence} ");
        let corner = Rect {
            width: area.width.saturating_sub(2),
            ..area
        };
        canvas.right(corner, area.y, &label, canvas.theme.faint);
    }
    let text = Rect {
        height: hints.leave(inner.height, lines.len()),
        ..inner
    };
    let drawn = canvas.lines(text, &lines);
    let rest = Rect {
        y: text.y + drawn,
        height: inner.height - drawn,
        ..inner
    };
    hints.draw(canvas, rest);
}

/// So many rows it takes with all that must be read here, and the rule above it.
pub fn rows(canvas: &Canvas<'_>, width: u16, lab: &Lab, show: &Show) -> u16 {
    let width = width.saturating_sub(2);
    let (lines, _) = now(canvas, width, show);
    let rows = 1 + lines.len() + hints(canvas, width, lab, show).needed();
    u16::try_from(rows).unwrap_or(u16::MAX)
}

/// What stands below the sentence.
pub struct Hints {
    /// The first matters most.
    blocks: Vec<Vec<Line>>,
    /// So many of them are drawn in any case: what the class is asked here is the last of these.
    must: usize,
}

impl Hints {
    /// Rows that those need which are drawn in any case.
    pub fn needed(&self) -> usize {
        self.blocks[..self.must].iter().map(Vec::len).sum()
    }

    /// How many of `room` rows they leave to a sentence of so many lines: one at least.
    pub fn leave(&self, room: u16, lines: usize) -> u16 {
        let needed = u16::try_from(self.needed()).unwrap_or(u16::MAX);
        let lines = u16::try_from(lines).unwrap_or(u16::MAX);
        room.saturating_sub(needed).max(1).min(room).min(lines.max(1))
    }

    /// Draws them below each other. Where there is no room for all that must be drawn, the last of these is whole and
    /// those before it are cut with a sign; a further one is drawn in whole or not at all.
    pub fn draw(&self, canvas: &mut Canvas<'_>, mut area: Rect) {
        let mut missing = self.needed().saturating_sub(usize::from(area.height));
        for (index, block) in self.blocks.iter().enumerate() {
            let rows = if index < self.must {
                let cut = missing.min(block.len().saturating_sub(1));
                missing -= cut;
                block.len() - cut
            } else if block.len() > usize::from(area.height) {
                break;
            } else {
                block.len()
            };
            let height = u16::try_from(rows).unwrap_or(u16::MAX).min(area.height);
            let drawn = canvas.lines(Rect { height, ..area }, block);
            area.y += drawn;
            area.height -= drawn;
        }
    }
}

/// The sentence of the event at the playhead, with its time, and how it is known.
pub fn now(canvas: &Canvas<'_>, width: u16, show: &Show) -> (Vec<Line>, Option<String>) {
    let lang = canvas.lang();
    let story = &show.story;
    let look = canvas.look_of(width);
    let Some(index) = show.playhead.checked_sub(1) else {
        let first = Line(vec![span(Role::Faint, words::telling::watch(lang)), plain("  ")]);
        return (
            wrap(
                first,
                &[plain(show.story.plan.texts.sees.get(lang))],
                usize::from(width),
            ),
            None,
        );
    };
    let Some(beat) = story.beats.get(index) else {
        return (vec![], None);
    };
    let time = screen::at_millis(lang, &words::moment(beat.at));
    let who = words::endpoint(lang, story.name(beat.endpoint));
    let first = Line(vec![span(Role::Faint, time), plain("  "), plain(who), plain("  ")]);
    let mut spans: Vec<Span> = beat::sentence(story, beat, &look);
    let note = beat::note(story, beat, &look);
    if !note.is_empty() {
        spans.push(plain("  "));
        spans.extend(note);
    }
    let evidence = match beat::evidence(story, beat) {
        Evidence::Measured => screen::measured(lang),
        Evidence::Derived => screen::derived(lang),
        Evidence::Staged => screen::staged(lang),
    };
    (wrap(first, &spans, usize::from(width)), Some(evidence))
}

/// What the class is asked to look at here, and what can be done next; the first matters most.
pub fn hints(canvas: &Canvas<'_>, width: u16, lab: &Lab, show: &Show) -> Hints {
    let lang = canvas.lang();
    let mut hints = Vec::new();
    for stop in show.stops() {
        let sign = format!("{} ", canvas.cursor_sign());
        hints.push(vec![span(Role::Notable, sign), span(Role::Title, stop.look.get(lang))]);
    }
    let asked = hints.len();
    let mut before = 0;
    if lab.hand.is_some() && show.is_live() {
        // Whoever has it in hand looks for that first.
        hints.insert(0, vec![span(Role::Notable, in_hand(canvas, show))]);
        before = 1;
    } else if let Some(step) = show.held() {
        let text = screen::held(lang, u64::from(step) + 1, show.story.plan.steps.len() as u64);
        hints.push(vec![span(Role::Notable, text)]);
    } else if show.is_live() {
        hints.push(vec![span(Role::Faint, screen::still_going(lang))]);
    } else if show.is_at_end() {
        if let Some(ending) = ending(show, lang) {
            let expected = show.story.verdict.held();
            let role = if expected { Role::Notable } else { Role::Bad };
            hints.insert(0, vec![span(role, ending)]);
            before = 1;
        }
        let text = if lab.is_changed() {
            screen::knobs_changed(lang)
        } else if lab.question().is_some() {
            screen::at_the_end(lang)
        } else {
            screen::at_the_end_why(lang)
        };
        hints.push(vec![span(Role::Notable, text)]);
    } else if show.playhead == 0 && !show.is_playing() {
        hints.push(vec![span(Role::Faint, screen::at_the_start(lang))]);
    }
    let wrapped = hints.iter().map(|hint| wrap(Line::blank(), hint, usize::from(width)));
    Hints {
        must: (before + asked).max(1).min(hints.len()),
        blocks: wrapped.collect(),
    }
}

/// How it ended, if not as runs do; and what mends it.
fn ending(show: &Show, lang: Lang) -> Option<String> {
    let Some(refusal) = show.refusal() else {
        return sentences::ending(&show.story, &show.story.trace.ending, lang);
    };
    let why = screen::cannot_run(lang, refusal.why.get(lang));
    let help = refusal.help.as_ref().map(|help| help.get(lang));
    Some(help.map_or(why.clone(), |help| screen::and_then(lang, &why, help)))
}

/// What is in somebody's hand.
fn in_hand(canvas: &Canvas<'_>, show: &Show) -> String {
    let lang = canvas.lang();
    let directions = show.story.on_wire_at(show.story.trace.events.len());
    let held = directions.iter().map(|direction| direction.held().count() as u64).sum();
    let wire = if held == 0 && !directions.iter().any(|direction| direction.holds) {
        screen::hand_waits(lang)
    } else {
        screen::hand_holds(lang, &words::wire::packets(lang, held))
    };
    match show.held() {
        Some(step) => {
            let step = screen::held_in_hand(lang, u64::from(step) + 1, show.story.plan.steps.len() as u64);
            format!("{wire}  {step}")
        }
        None => wire,
    }
}
