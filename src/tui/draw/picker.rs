//! The list of scenarios, and beside it what the chosen one shows.

use ratatui::layout::Rect;

use super::super::app::App;
use super::super::app::picker::{Entry, Mistakes};
use super::super::hits::Target;
use super::canvas::{Canvas, width};
use super::popup;
use crate::report::line::{Line, Role, cut, plain, span, wrap};
use crate::scenario::{Knob, Scenario};
use crate::words::{Lang, screen, telling};

/// Draws the picker.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, app: &App) {
    let lang = canvas.lang();
    let dot = canvas.look.glyphs.dot;
    let name = [
        span(Role::Title, "lab"),
        plain(format!(" {dot} {}", screen::tagline(lang))),
    ];
    canvas.spans(area.x + 1, area.y, area.width.saturating_sub(2), &name);
    let filter = Rect {
        y: area.y + 1,
        height: 1,
        ..area
    };
    if app.picker.filter.is_empty() {
        canvas.text(
            filter.x + 1,
            filter.y,
            filter.width - 2,
            &screen::type_to_filter(lang),
            canvas.theme.faint,
        );
    } else {
        let typed = [
            span(Role::Faint, screen::filter(lang)),
            plain(" "),
            span(Role::Notable, app.picker.filter.as_str()),
            plain("_"),
        ];
        canvas.spans(filter.x + 1, filter.y, filter.width - 2, &typed);
    }
    let body = Rect {
        y: area.y + 2,
        height: area.height.saturating_sub(2),
        ..area
    };
    // Beside each other where there is room, else one above the other.
    let (list, about) = if area.width >= 96 {
        let list_width = area.width * 11 / 20;
        (
            Rect {
                width: list_width,
                ..body
            },
            Rect {
                x: body.x + list_width,
                width: body.width - list_width,
                ..body
            },
        )
    } else {
        let upper = body.height * 11 / 20;
        (
            Rect { height: upper, ..body },
            Rect {
                y: body.y + upper,
                height: body.height - upper,
                ..body
            },
        )
    };
    draw_list(canvas, list, app);
    draw_about(canvas, about, app);
}

/// A row of the list: a heading, or an entry by its place among the visible ones.
enum Row<'a> {
    Heading(String),
    Entry(usize, &'a Entry),
}

fn draw_list(canvas: &mut Canvas<'_>, area: Rect, app: &App) {
    let lang = canvas.lang();
    let inner = canvas.framed(area, &[span(Role::Title, screen::scenarios(lang))]);
    let mut rows: Vec<Row<'_>> = Vec::new();
    let mut heading = String::new();
    for (place, index) in app.picker.visible().into_iter().enumerate() {
        let entry = &app.picker.entries[index];
        let own = entry.heading(lang);
        if own != heading {
            heading.clone_from(&own);
            rows.push(Row::Heading(own));
        }
        rows.push(Row::Entry(place, entry));
    }
    if rows.is_empty() {
        canvas.text(
            inner.x + 1,
            inner.y,
            inner.width - 1,
            &screen::nothing_fits(lang),
            canvas.theme.notable,
        );
    }
    let is_chosen = |row: &Row<'_>| matches!(row, Row::Entry(place, _) if *place == app.picker.cursor);
    let chosen = rows.iter().position(is_chosen).unwrap_or(0);
    let height = usize::from(inner.height);
    let top = chosen.saturating_sub(height / 2).min(rows.len().saturating_sub(height));
    // The names under one another; titles behind them.
    let column = app
        .picker
        .entries
        .iter()
        .map(|entry| width(&name_of(entry)))
        .max()
        .unwrap_or(0);
    let column = column.min(inner.width / 2) + 5;
    for (row, y) in rows.iter().skip(top).zip(inner.top()..inner.bottom()) {
        let line = Rect { y, height: 1, ..inner };
        match row {
            Row::Heading(text) => {
                canvas.text(line.x + 1, y, line.width - 1, text, canvas.theme.faint);
            }
            Row::Entry(place, entry) => {
                draw_entry(canvas, line, app, entry, column, *place == app.picker.cursor);
                canvas.hit(line, Target::Entry(*place));
            }
        }
    }
}

fn name_of(entry: &Entry) -> String {
    match &entry.read {
        Ok(scenario) => scenario.id.clone(),
        // The folders are told beside the list.
        Err(_) => entry.file.rsplit('/').next().unwrap_or(&entry.file).to_owned(),
    }
}

fn draw_entry(canvas: &mut Canvas<'_>, line: Rect, app: &App, entry: &Entry, column: u16, is_chosen: bool) {
    let lang = canvas.lang();
    let sign = if is_chosen { canvas.cursor_sign() } else { " " };
    canvas.text(line.x + 1, line.y, 1, sign, canvas.theme.notable);
    let tick = if canvas.is_ascii() { "x" } else { "✓" };
    let style = if is_chosen {
        canvas.theme.title
    } else {
        canvas.theme.plain
    };
    canvas.text(line.x + 5, line.y, column.saturating_sub(5), &name_of(entry), style);
    let room = line.width.saturating_sub(column + 1);
    let title = Rect {
        x: line.x + column + 1,
        width: room,
        ..line
    };
    if let Ok(scenario) = &entry.read {
        if app.done.contains(&scenario.id) {
            canvas.text(line.x + 3, line.y, 1, tick, canvas.theme.good);
        }
        let texts = scenario.texts(&scenario.defaults());
        canvas.text(title.x, title.y, title.width, texts.title.get(lang), style);
    } else {
        canvas.text(line.x + 3, line.y, 1, "!", canvas.theme.bad);
        canvas.text(
            title.x,
            title.y,
            title.width,
            &screen::is_broken(lang),
            canvas.theme.bad,
        );
    }
    if is_chosen {
        canvas.paint(
            Rect {
                x: line.x,
                width: line.width,
                ..line
            },
            canvas.theme.lit,
        );
    }
}

fn draw_about(canvas: &mut Canvas<'_>, area: Rect, app: &App) {
    let lang = canvas.lang();
    let Some(entry) = app.picker.chosen() else {
        canvas.framed(area, &[]);
        return;
    };
    let inner = canvas.framed(area, &[span(Role::Title, name_of(entry))]);
    let inner = Rect {
        x: inner.x + 1,
        width: inner.width.saturating_sub(2),
        ..inner
    };
    let (room, height) = (usize::from(inner.width), usize::from(inner.height));
    let mut lines: Vec<Line> = Vec::new();
    match &entry.read {
        Ok(scenario) => {
            let texts = scenario.texts(&scenario.defaults());
            lines.extend(wrap(Line::blank(), &[span(Role::Title, texts.title.get(lang))], room));
            if let Some(covers) = &scenario.covers {
                let text = screen::covers(lang, covers.get(lang));
                lines.extend(wrap(Line::blank(), &[span(Role::Faint, text)], room));
            }
            lines.push(Line::blank());
            lines.extend(wrap(Line::blank(), &[plain(texts.sees.get(lang))], room));
            let knobs = knobs(scenario, lang, room);
            if lines.len() + knobs.len() > height && !knobs.is_empty() {
                // That there are knobs, and which, is seen also where there is no room to explain them.
                cut(&mut lines, height.saturating_sub(1), room, canvas.look.glyphs.ellipsis);
                lines.push(knob_names(scenario, lang));
            } else {
                lines.extend(knobs);
            }
            if entry.own {
                lines.push(Line::blank());
                lines.extend(wrap(Line::blank(), &[span(Role::Faint, entry.file.as_str())], room));
            }
        }
        Err(problems) => {
            if let Mistakes::Wrong(_) = problems {
                lines.extend(wrap(Line::blank(), &[span(Role::Bad, screen::broken_help(lang))], room));
                lines.push(Line::blank());
            }
            lines.extend(popup::mistakes(problems, lang, room));
        }
    }
    canvas.lines(inner, &lines);
}

/// The knobs and what they do, below a blank line.
fn knobs(scenario: &Scenario, lang: Lang, room: usize) -> Vec<Line> {
    let of = |knob: &Knob| {
        let name = Line(vec![span(Role::Notable, knob.name.as_str()), plain("  ")]);
        wrap(name, &[span(Role::Faint, knob.label.get(lang))], room)
    };
    let lines: Vec<Line> = scenario.knobs.iter().flat_map(of).collect();
    let blank = (!lines.is_empty()).then(Line::blank);
    blank.into_iter().chain(lines).collect()
}

/// The names of the knobs in one line.
fn knob_names(scenario: &Scenario, lang: Lang) -> Line {
    let names = scenario
        .knobs
        .iter()
        .map(|knob| span(Role::Notable, format!("  {}", knob.name)));
    Line(
        [span(Role::Faint, telling::knobs(lang))]
            .into_iter()
            .chain(names)
            .collect(),
    )
}
