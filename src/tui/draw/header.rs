//! The first row: which scenario, which link, where the playhead is.

use ratatui::layout::Rect;

use super::super::app::lab::Lab;
use super::super::app::show::Show;
use super::super::app::{App, SPEEDS};
use super::canvas::Canvas;
use crate::report::line::{Role, plain, span};
use crate::scenario::{Named, Scenario};
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
    } else {
        words::state_over(lang)
    };
    let (speed, _) = SPEEDS[app.speed.min(SPEEDS.len() - 1)];
    let playing = lab.comparison.as_ref().map_or(show.playing, |both| both.playing);
    let sign = match (playing, canvas.is_ascii()) {
        (true, true) => ">",
        (true, false) => "▶",
        (false, true) => "||",
        (false, false) => "▮▮",
    };
    let times = if canvas.is_ascii() { "x" } else { "×" };
    let position = format!("{state}  {}/{}  {sign} {times}{speed}", show.playhead, show.last());
    let used = canvas.right(shrunk(area), area.y, &position, canvas.theme.notable);
    title(
        canvas,
        Rect {
            width: area.width.saturating_sub(used + 3),
            ..area
        },
        &lab.scenario,
    );
}

/// The scenario's name and point.
pub fn title(canvas: &mut Canvas<'_>, area: Rect, scenario: &Scenario) {
    let dot = canvas.look.glyphs.dot;
    let spans = [
        span(Role::Title, scenario.id.as_str()),
        plain(format!(" {dot} ")),
        plain(scenario.title.get(canvas.lang())),
        span(Role::Faint, format!("  {}", scenario.transport.name().to_uppercase())),
    ];
    canvas.spans(area.x + 1, area.y, area.width.saturating_sub(1), &spans);
}

fn shrunk(area: Rect) -> Rect {
    Rect {
        width: area.width.saturating_sub(1),
        ..area
    }
}
