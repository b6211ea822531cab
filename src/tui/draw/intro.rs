//! A scenario before its first run: what to watch, and how the knobs are set. The question lies over it.

use ratatui::layout::Rect;

use super::super::app::lab::Lab;
use super::super::app::{App, Popup};
use super::canvas::Canvas;
use super::{header, question};
use crate::report::line::{Line, Role, Span, cut, plain, span, tied, wrap};
use crate::report::staged;
use crate::scenario::Knob;
use crate::words::{Lang, screen, telling};

/// Draws a scenario that has not been run.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, app: &App, lab: &Lab) {
    header::title(
        canvas,
        Rect { height: 1, ..area },
        &lab.scenario,
        &lab.plan.texts.title,
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
    let asks = lab.question().is_some();
    let taken = match &app.popup {
        Some(Popup::Question) => usize::from(question::rows(canvas, area, lab)),
        None if asks => question::height(canvas, inner.width, lab),
        _ => 0,
    };
    let lines = about(
        canvas,
        inner.width,
        lab,
        usize::from(inner.height).saturating_sub(taken),
    );
    let used = canvas.lines(inner, &lines);
    let below = Rect {
        y: inner.y + used,
        height: inner.height.saturating_sub(used),
        ..inner
    };
    if app.popup.is_none() && asks {
        question::draw(canvas, below, lab);
    }
}

/// What to watch, what is staged, the knobs. Where not all has room the knobs are named without what they do, and
/// stand above what is staged.
fn about(canvas: &Canvas<'_>, width: u16, lab: &Lab, rows: usize) -> Vec<Line> {
    let (lang, room) = (canvas.lang(), usize::from(width));
    let ellipsis = canvas.look.glyphs.ellipsis;
    let section = |word: String, text: &str| {
        let first = Line(vec![span(Role::Faint, word), plain("  ")]);
        wrap(first, &[plain(text)], room)
    };
    let mut watch = section(telling::watch(lang), lab.plan.texts.sees.get(lang));
    let staged = staged::of_plan(&lab.plan, lang);
    let staged = staged.iter().map(|sentence| section(telling::staged(lang), sentence));
    let mut staged: Vec<Line> = staged.flatten().collect();
    let next = if lab.question().is_none() {
        wrap(Line::blank(), &[span(Role::Notable, screen::press_enter(lang))], room)
    } else {
        vec![]
    };
    let parts = [watch.clone(), staged.clone(), explained(lab, lang, room), next.clone()];
    let whole: Vec<Line> = parts
        .into_iter()
        .filter(|part| !part.is_empty())
        .flat_map(with_blank)
        .collect();
    if whole.len() <= rows {
        return whole;
    }
    let named = named(lab, lang, room);
    let most = rows.saturating_sub(named.len() + next.len()).max(1);
    cut(&mut watch, most, room, ellipsis);
    cut(&mut staged, most - watch.len(), room, ellipsis);
    [watch, named, staged, next].concat()
}

fn with_blank(mut part: Vec<Line>) -> Vec<Line> {
    part.push(Line::blank());
    part
}

/// The knobs with what they do.
fn explained(lab: &Lab, lang: Lang, room: usize) -> Vec<Line> {
    let of = |knob: &Knob| {
        let name = [
            span(Role::Faint, telling::knobs(lang)),
            plain("  "),
            set(lab, knob),
            plain("  "),
        ];
        let mut text = vec![span(Role::Faint, knob.label.get(lang))];
        // The word that it is set to has its meaning beside it.
        if let Some(meaning) = lab.settings.get(&knob.name).and_then(|value| knob.meaning(value)) {
            text.push(span(Role::Faint, telling::colon(lang)));
            text.push(plain(meaning.get(lang)));
        }
        wrap(Line(name.to_vec()), &text, room)
    };
    lab.scenario.knobs.iter().flat_map(of).collect()
}

/// The knobs in as few lines as they need.
fn named(lab: &Lab, lang: Lang, room: usize) -> Vec<Line> {
    if lab.scenario.knobs.is_empty() {
        return vec![];
    }
    let first = Line(vec![span(Role::Faint, telling::knobs(lang)), plain("  ")]);
    let knobs = lab.scenario.knobs.iter().map(|knob| {
        let set = set(lab, knob);
        let text = format!("{}  ", tied(&set.text));
        span(set.role, text)
    });
    wrap(first, &knobs.collect::<Vec<_>>(), room)
}

/// `nodelay=false`
fn set(lab: &Lab, knob: &Knob) -> Span {
    let value = lab.settings.get(&knob.name).cloned().unwrap_or_else(|| knob.default());
    let role = if knob.default() == value {
        Role::Plain
    } else {
        Role::Notable
    };
    span(role, format!("{}={value}", knob.name))
}
