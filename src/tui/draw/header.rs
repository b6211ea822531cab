//! The first row: which scenario, which link, where the playhead is.

use ratatui::layout::Rect;

use super::super::app::lab::Lab;
use super::super::app::show::Show;
use super::super::app::{App, SPEEDS};
use super::canvas::Canvas;
use crate::report::line::{Role, plain, span};
use crate::scenario::{Knob, Named, Scenario, Text, Transport};
use crate::words::screen as words;

/// The row above a run.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, app: &App, lab: &Lab, show: &Show) {
    let lang = canvas.lang();
    let state = if show.held().is_some() {
        words::state_held(lang)
    } else if show.is_live() {
        words::state_live(lang)
    } else if show.was_saved() {
        words::state_saved(lang)
    } else if show.story.trace.head.stepped {
        words::state_stepped(lang)
    } else if show.story.trace.ending.is_stopped() && show.is_at_end() {
        words::state_stopped(lang)
    } else {
        words::state_over(lang)
    };
    let (speed, _) = SPEEDS[app.speed.min(SPEEDS.len() - 1)];
    let playing = lab.comparison.as_ref().map_or(show.is_playing(), |both| both.playing);
    let sign = match (playing, canvas.is_ascii()) {
        (true, true) => ">",
        (true, false) => "▶",
        (false, true) => "||",
        (false, false) => "▮▮",
    };
    let times = if canvas.is_ascii() { "x" } else { "×" };
    let position = format!("{state}  {}/{}  {sign} {times}{speed}", show.playhead, show.last());
    let used = canvas.right(shrunk(area), area.y, &position, canvas.theme.notable);
    let rest = Rect {
        width: area.width.saturating_sub(used + 3),
        ..area
    };
    title(
        canvas,
        rest,
        &lab.scenario,
        &show.story.plan.texts.title,
        show.story.plan.transport,
        show.story.is_over_wire(),
        &turned(lab, show),
    );
}

/// The knobs of a run that are not at their defaults.
fn turned(lab: &Lab, show: &Show) -> Vec<String> {
    let knobs = &show.story.trace.head.knobs;
    let of = |knob: &Knob| {
        let value = knobs.get(&knob.name)?;
        (*value != knob.default().to_string()).then(|| format!("{}={value}", knob.name))
    };
    lab.scenario.knobs.iter().filter_map(of).collect()
}

/// The scenario's name, the knobs that were turned, and its point.
pub fn title(
    canvas: &mut Canvas<'_>,
    area: Rect,
    scenario: &Scenario,
    point: &Text,
    transport: Transport,
    wired: bool,
    turned: &[String],
) {
    let dot = canvas.look.glyphs.dot;
    let mut spans = vec![span(Role::Title, scenario.id.as_str())];
    spans.extend(turned.iter().map(|knob| span(Role::Notable, format!(" {knob}"))));
    let over = if wired {
        format!(" {}", words::over_a_wire(canvas.lang()))
    } else {
        String::new()
    };
    spans.push(span(
        Role::Faint,
        format!(" {}{over} ", transport.name().to_uppercase()),
    ));
    spans.push(plain(format!("{dot} {}", point.get(canvas.lang()))));
    canvas.spans(area.x + 1, area.y, area.width.saturating_sub(1), &spans);
}

fn shrunk(area: Rect) -> Rect {
    Rect {
        width: area.width.saturating_sub(1),
        ..area
    }
}
