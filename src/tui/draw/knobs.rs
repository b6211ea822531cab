//! The knobs, changed in place; and the settings that can be compared.

use ratatui::layout::Rect;

use super::super::app::knobs::variants;
use super::super::app::lab::Lab;
use super::super::hits::Target;
use super::canvas::{Canvas, width};
use super::popup::{open, over};
use crate::report::line::{Line, Role, Span, elide, plain, span, tied, wrap};
use crate::scenario::{Knob, KnobKind, Setting};
use crate::words::{Lang, screen, telling};

/// The knobs over the screen.
pub fn popup(canvas: &mut Canvas<'_>, area: Rect, lab: &Lab) {
    let lang = canvas.lang();
    let room = usize::from(area.width.min(84).saturating_sub(4));
    let mut rows: Vec<(Line, Option<usize>)> = Vec::new();
    for (index, knob) in lab.scenario.knobs.iter().enumerate() {
        let at_cursor = index == lab.cursor.at;
        let (first, values) = value_line(canvas, lab, knob, at_cursor);
        let values = wrap(first, &values, room);
        rows.extend(values.into_iter().map(|line| (line, Some(index))));
        let label = explained(lab, knob, at_cursor, lang, room);
        rows.extend(label.into_iter().map(|line| (line, Some(index))));
    }
    rows.push((Line::blank(), None));
    let help = wrap(Line::blank(), &[span(Role::Faint, screen::how_to_turn(lang))], room);
    rows.extend(help.into_iter().map(|line| (line, None)));
    let height = u16::try_from(rows.len()).unwrap_or(u16::MAX).saturating_add(2);
    let place = over(area, 84, height);
    let inner = open(canvas, place, telling::knobs(lang));
    // The cursor's knob is seen, however many there are.
    let cursor = rows
        .iter()
        .position(|(_, knob)| *knob == Some(lab.cursor.at))
        .unwrap_or(0);
    let of_it = rows.iter().filter(|(_, knob)| *knob == Some(lab.cursor.at)).count();
    let below = of_it.min(usize::from(inner.height)) + 2;
    let top = (cursor + below).saturating_sub(usize::from(inner.height)).min(cursor);
    for ((line, knob), y) in rows.iter().skip(top).zip(inner.top()..inner.bottom()) {
        canvas.line(inner.x, y, inner.width, line);
        if let Some(knob) = knob {
            canvas.hit(Rect { y, height: 1, ..inner }, Target::Knob(*knob));
        }
    }
}

/// What a knob does, and what its value means; of the one at the cursor what each of its values means.
fn explained(lab: &Lab, knob: &Knob, at_cursor: bool, lang: Lang, room: usize) -> Vec<Line> {
    let margin = || Line(vec![plain("    ")]);
    let now = lab.settings.get(&knob.name).cloned().unwrap_or_else(|| knob.default());
    let mut lines = wrap(margin(), &[span(Role::Faint, knob.label.get(lang))], room);
    let column = knob.values().iter().map(|value| width(&value.to_string())).max();
    let column = usize::from(column.unwrap_or(0)) + 2;
    for value in knob.values() {
        let Some(meaning) = knob.meaning(&value).filter(|_| at_cursor || value == now) else {
            continue;
        };
        let role = if value == now { Role::Notable } else { Role::Faint };
        let name = value.to_string();
        let blanks = " ".repeat(column.saturating_sub(usize::from(width(&name))));
        let first = Line(vec![plain("      "), span(role, name), plain(blanks)]);
        lines.extend(wrap(first, &[span(role, meaning.get(lang))], room));
    }
    lines
}

/// `▸ nodelay   [false]  true    (default false)`: the name, and the values, each of which stays whole where the line is
/// broken.
fn value_line(canvas: &Canvas<'_>, lab: &Lab, knob: &Knob, at_cursor: bool) -> (Line, Vec<Span>) {
    let lang = canvas.lang();
    let column = lab
        .scenario
        .knobs
        .iter()
        .map(|knob| width(&knob.name))
        .max()
        .unwrap_or(0);
    let sign = if at_cursor { canvas.cursor_sign() } else { " " };
    let name_role = if at_cursor { Role::Title } else { Role::Plain };
    let blanks = " ".repeat(usize::from(column.saturating_sub(width(&knob.name))) + 2);
    let first = Line(vec![
        span(Role::Notable, sign),
        plain(" "),
        span(name_role, knob.name.as_str()),
        plain(blanks),
    ]);
    let mut spans = Vec::new();
    let now = lab.settings.get(&knob.name).cloned().unwrap_or_else(|| knob.default());
    let mut choice = |value: String, is_now: bool| {
        if is_now {
            spans.push(span(Role::Notable, tied(&format!("[{value}]"))));
        } else {
            spans.push(span(Role::Faint, format!(" {} ", tied(&value))));
        }
    };
    match &knob.kind {
        KnobKind::Toggle { .. } => {
            for value in [false, true] {
                choice(value.to_string(), now == Setting::Toggle(value));
            }
        }
        KnobKind::Choice { options, .. } => {
            for option in options {
                choice(option.clone(), now == Setting::Choice(option.clone()));
            }
        }
        KnobKind::File { .. } => choice(elide(&now.kept(), MOST_OF_NAME, canvas.look.glyphs.ellipsis), true),
        KnobKind::Number { min, max, .. } => {
            let typed = if at_cursor && lab.cursor.is_unfinished(knob) {
                lab.cursor.typed.clone() + "_"
            } else {
                now.to_string()
            };
            choice(typed, true);
            spans.push(span(Role::Faint, format!(" {min}..{max}")));
        }
    }
    if let KnobKind::File { .. } = knob.kind {
        spans.push(span(
            Role::Faint,
            format!("   {}", tied(&screen::file_is_set(lang, &knob.name))),
        ));
        return (first, spans);
    }
    let role = if now == knob.default() {
        Role::Faint
    } else {
        Role::Plain
    };
    spans.push(span(
        role,
        format!("   {}", tied(&screen::default_is(lang, &knob.default().to_string()))),
    ));
    (first, spans)
}

/// Most cells that a file's name takes: how it is set stands beside it.
const MOST_OF_NAME: usize = 24;

/// The settings that differ in one knob.
pub fn variants_popup(canvas: &mut Canvas<'_>, area: Rect, lab: &Lab, cursor: usize) {
    let lang = canvas.lang();
    let all = variants(&lab.scenario.knobs, &lab.scenario.contrasts, &lab.settings);
    let height = u16::try_from(all.len()).unwrap_or(u16::MAX).saturating_add(4);
    let place = over(area, 84, height);
    let inner = open(canvas, place, screen::compare_with(lang));
    canvas.text(
        inner.x,
        inner.y,
        inner.width,
        &screen::compare_help(lang),
        canvas.theme.faint,
    );
    let list = Rect {
        y: inner.y + 2,
        height: inner.height.saturating_sub(2),
        ..inner
    };
    let top = (cursor + 1).saturating_sub(usize::from(list.height));
    for ((index, (name, value)), y) in all.iter().enumerate().skip(top).zip(list.top()..list.bottom()) {
        let row = Rect { y, height: 1, ..list };
        let now = lab.settings.get(name).map_or(String::new(), Setting::to_string);
        let arrow = canvas.look.glyphs.arrow;
        let text = format!("{name}={value}");
        let sign = if index == cursor { canvas.cursor_sign() } else { " " };
        let role = if index == cursor { Role::Title } else { Role::Plain };
        // The word that is pointed at has its meaning beside it.
        let knob = lab.scenario.knobs.iter().find(|knob| knob.name == *name);
        let meaning = knob.and_then(|knob| knob.meaning(value));
        let meaning = meaning.map_or(String::new(), |meaning| format!("   {}", meaning.get(lang)));
        let from = format!("   {now} {arrow} {value}");
        let spans = [
            span(Role::Notable, sign),
            plain(" "),
            span(role, text),
            span(Role::Faint, from),
            plain(meaning),
        ];
        canvas.spans(row.x, y, row.width, &spans);
        canvas.hit(row, Target::Variant(index));
    }
}
