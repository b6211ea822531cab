//! Texts over the screen: the keys, the cause, a byte's journey, what is wrong with a file.

use ratatui::layout::Rect;

use super::super::app::lab::Lab;
use super::super::app::picker::Mistakes;
use super::super::app::show::Show;
use super::super::app::{App, Text};
use super::super::hits::Target;
use super::super::keys::{Place, table};
use super::canvas::Canvas;
use crate::report::line::{Line, Role, plain, span, wrap};
use crate::report::{journey as way_of_a_byte, staged, text};
use crate::story::journey::journey;
use crate::words::{Lang, screen, telling};
use unicode_width::UnicodeWidthStr;

/// Widest text: longer lines are hard to read.
const WIDEST: u16 = 92;

/// Draws a text, scrolled.
pub fn text(canvas: &mut Canvas<'_>, area: Rect, app: &App, text: Text, scroll: usize) {
    let room = area.width.min(WIDEST).saturating_sub(4);
    let (title, lines) = content(canvas, room, app, text);
    let height = u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_add(2);
    let place = over(area, WIDEST, height);
    let inner = open(canvas, place, title);
    let height = usize::from(inner.height);
    let last = lines.len().saturating_sub(height);
    canvas.hits.scrolled = last;
    let top = scroll.min(last);
    // That there is more is said below, so no sign covers a word.
    canvas.lines(inner, &lines[top..(top + height).min(lines.len())]);
    if last > 0 {
        let more = screen::lines_of(canvas.lang(), top + 1, (top + height).min(lines.len()), lines.len());
        let row = Rect {
            width: place.width.saturating_sub(2),
            ..place
        };
        canvas.right(row, place.bottom() - 1, &format!(" {more} "), canvas.theme.faint);
    }
}

/// What is wrong with a file, a line of it a line; what is said about it is wrapped.
pub fn mistakes(wrong: &Mistakes, lang: Lang, room: usize) -> Vec<Line> {
    let text = wrong.text(lang);
    let line = |line: &str| {
        let is_source = line
            .split_once('|')
            .is_some_and(|(number, _)| number.trim().chars().all(|c| c.is_ascii_digit()));
        if is_source {
            vec![Line(vec![plain(line)])]
        } else {
            wrap(Line::blank(), &[plain(line)], room)
        }
    };
    text.lines().flat_map(line).collect()
}

/// Lays an empty frame over the screen, which takes the clicks; returns what is inside, a blank from its sides.
pub fn open(canvas: &mut Canvas<'_>, place: Rect, title: String) -> Rect {
    canvas.clear(place);
    canvas.hit(place, Target::Nothing);
    let inner = canvas.framed(place, &[span(Role::Title, title)]);
    Rect {
        x: inner.x + 1,
        width: inner.width.saturating_sub(2),
        ..inner
    }
}

/// The middle of an area, as large as wanted and possible.
pub fn over(area: Rect, width: u16, height: u16) -> Rect {
    let (width, height) = (width.min(area.width), height.min(area.height));
    Rect {
        x: area.x + (area.width - width) / 2,
        y: area.y + (area.height - height) / 2,
        width,
        height,
    }
}

fn content(canvas: &Canvas<'_>, room: u16, app: &App, text: Text) -> (String, Vec<Line>) {
    let lang = canvas.lang();
    let look = canvas.look_of(room);
    match text {
        Text::Help(place) => (screen::title_help(lang), help(canvas, room, place)),
        Text::Why => (screen::title_why(lang), why(canvas, room, app)),
        Text::Journey => {
            let lines = app.lab.as_ref().and_then(|lab| {
                let byte = lab.byte?;
                let show = shown(lab, byte.other)?;
                let way = journey(&show.story, byte.flow, byte.offset)?;
                let told = way_of_a_byte::lines(&show.story, &way, show.playhead, &look);
                let wrapped = told.iter().map(|spans| wrap(Line::blank(), spans, usize::from(room)));
                Some(wrapped.flatten().collect())
            });
            (screen::title_journey(lang), lines.unwrap_or_default())
        }
        Text::Mistakes => {
            let mistakes = app.picker.chosen().and_then(|entry| entry.read.as_ref().err());
            let lines = mistakes.map_or(vec![], |wrong| self::mistakes(wrong, lang, usize::from(room)));
            (screen::title_mistakes(lang), lines)
        }
    }
}

fn shown(lab: &Lab, other: bool) -> Option<&Show> {
    if other {
        lab.comparison.as_ref()?.show.as_ref()
    } else {
        lab.show.as_ref()
    }
}

/// What was found and why; nothing of it before the run was watched to its end.
fn why(canvas: &Canvas<'_>, room: u16, app: &App) -> Vec<Line> {
    let lang = canvas.lang();
    let Some(lab) = &app.lab else { return vec![] };
    let told = lab
        .show
        .as_ref()
        .filter(|show| show.was_watched() && !lab.is_question_open());
    match told {
        Some(show) => {
            let mut lines = staged_lines(canvas, room, &staged::of_run(&show.story, lang));
            lines.push(Line::blank());
            lines.extend(text::end(&show.story, &canvas.look_of(room), None));
            lines
        }
        None => wrap(Line::blank(), &[plain(screen::why_later(lang))], usize::from(room)),
    }
}

/// What is staged, with its word in the margin.
fn staged_lines(canvas: &Canvas<'_>, room: u16, sentences: &[String]) -> Vec<Line> {
    let word = telling::staged(canvas.lang());
    let line = |sentence: &String| {
        let first = Line(vec![plain("  "), span(Role::Faint, word.as_str()), plain("  ")]);
        wrap(first, &[plain(sentence.as_str())], usize::from(room))
    };
    sentences.iter().flat_map(line).collect()
}

/// All keys of a place, from the table of keys.
fn help(canvas: &Canvas<'_>, room: u16, place: Place) -> Vec<Line> {
    let lang = canvas.lang();
    let rows: Vec<(String, String)> = table(place)
        .map(|binding| {
            let names: Vec<String> = binding.keys.iter().map(|key| canvas.key(*key)).collect();
            (names.join("  "), (binding.long)(lang))
        })
        .collect();
    let column = rows.iter().map(|(keys, _)| keys.width()).max().unwrap_or(0);
    let mut lines: Vec<Line> = Vec::new();
    for (keys, what) in rows {
        let blanks = " ".repeat(column - keys.width() + 3);
        let first = Line(vec![span(Role::Title, keys), plain(blanks)]);
        lines.extend(wrap(first, &[plain(what)], usize::from(room)));
    }
    lines.push(Line::blank());
    lines.extend(wrap(
        Line::blank(),
        &[span(Role::Faint, screen::help_mouse(lang))],
        usize::from(room),
    ));
    lines
}
