//! A scenario before its first run: what to watch, and how the knobs are set. The question lies over it.

use ratatui::layout::Rect;

use super::super::app::App;
use super::super::app::lab::Lab;
use super::canvas::Canvas;
use super::{header, question};
use crate::report::line::{Line, Role, plain, span, wrap};
use crate::report::staged;
use crate::words::{screen, telling};

/// Draws a scenario that has not been run.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, app: &App, lab: &Lab) {
    let lang = canvas.lang();
    header::title(
        canvas,
        Rect { height: 1, ..area },
        &lab.scenario,
        lab.plan.transport,
        lab.plan.wire.is_some(),
        &[],
    );
    let inner = Rect {
        x: area.x + 2,
        y: area.y + 2,
        width: area.width.saturating_sub(4).min(100),
        height: area.height.saturating_sub(2),
    };
    let room = usize::from(inner.width);
    let mut lines: Vec<Line> = Vec::new();
    let section = |word: String, text: &str| {
        let first = Line(vec![span(Role::Faint, word), plain("  ")]);
        wrap(first, &[plain(text)], room)
    };
    lines.extend(section(telling::watch(lang), lab.scenario.sees.get(lang)));
    lines.push(Line::blank());
    let staged = staged::of_plan(&lab.plan, lang);
    for sentence in &staged {
        lines.extend(section(telling::staged(lang), sentence));
    }
    if !staged.is_empty() {
        lines.push(Line::blank());
    }
    for knob in &lab.scenario.knobs {
        let value = lab.settings.get(&knob.name).cloned().unwrap_or_else(|| knob.default());
        let role = if knob.default() == value {
            Role::Plain
        } else {
            Role::Notable
        };
        let first = Line(vec![
            span(Role::Faint, telling::knobs(lang)),
            plain("  "),
            span(role, format!("{}={value}", knob.name)),
            plain("  "),
        ]);
        lines.extend(wrap(first, &[span(Role::Faint, knob.label.get(lang))], room));
    }
    lines.push(Line::blank());
    if lab.question().is_none() {
        lines.extend(wrap(
            Line::blank(),
            &[span(Role::Notable, screen::press_enter(lang))],
            room,
        ));
    }
    let used = canvas.lines(inner, &lines);
    let below = Rect {
        y: inner.y + used,
        height: inner.height.saturating_sub(used),
        ..inner
    };
    if app.popup.is_none() && lab.question().is_some() {
        question::draw(canvas, below, lab, false);
    }
}
