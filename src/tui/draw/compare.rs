//! Two runs that differ in one knob, on one clock: side by side, or one above the other where there is no room. What is
//! told in one of them only is marked.

use std::collections::HashSet;

use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::super::app::App;
use super::super::app::compare::{length, on_clock};
use super::super::app::lab::{Comparison, Lab};
use super::super::app::show::{Show, share};
use super::super::app::sides::sides;
use super::super::hits::Target;
use super::canvas::Canvas;
use super::{header, queue};
use crate::report::line::{Line, Role, Span, plain, span, wrap};
use crate::report::{beat, queues};
use crate::story::beats::Beat;
use crate::trace::EndpointId;
use crate::words::{self, screen, telling};

/// Fewer columns than this have room for one run beside the other.
const BESIDE: u16 = 96;

/// Draws two runs.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, app: &App, lab: &Lab) {
    let (Some(comparison), Some(one)) = (&lab.comparison, &lab.show) else {
        return;
    };
    header::draw(canvas, Rect { height: 1, ..area }, app, lab, one);
    let body = Rect {
        y: area.y + 1,
        height: area.height.saturating_sub(4),
        ..area
    };
    let Some(other) = &comparison.show else {
        let text = screen::second_run(canvas.lang());
        canvas.text(body.x + 2, body.y + 1, body.width - 2, &text, canvas.theme.faint);
        return;
    };
    let (first, second) = if area.width >= BESIDE {
        let width = body.width / 2;
        (
            Rect { width, ..body },
            Rect {
                x: body.x + width,
                width: body.width - width,
                ..body
            },
        )
    } else {
        let height = body.height / 2;
        (
            Rect { height, ..body },
            Rect {
                y: body.y + height,
                height: body.height - height,
                ..body
            },
        )
    };
    let shown = [(one, first, false), (other, second, true)];
    let told = [told(canvas, one), told(canvas, other)];
    let connection = lab.connection_compared(one, other);
    for (index, (show, place, is_other)) in shown.into_iter().enumerate() {
        let [left, right] = sides(&show.story, connection);
        let shown = Shown {
            show,
            is_other,
            left,
            right,
            hex: lab.hex,
        };
        run(canvas, place, comparison, &shown, &told[1 - index]);
    }
    clock(
        canvas,
        Rect {
            y: body.bottom(),
            height: 3,
            ..area
        },
        comparison,
        one,
        other,
    );
}

/// What the beats of a run say, without their times: whatever the other run does not say is marked there.
fn told(canvas: &Canvas<'_>, show: &Show) -> HashSet<String> {
    let beats = &show.story.beats[..show.story.beats.len().min(MOST)];
    beats.iter().map(|beat| said(canvas, show, beat)).collect()
}

/// Only so many beats of each run are compared.
const MOST: usize = 200;

fn said(canvas: &Canvas<'_>, show: &Show, beat: &Beat) -> String {
    let look = canvas.look_of(200);
    let mut spans = beat::timeless(&show.story, beat, &look);
    spans.extend(beat::note(&show.story, beat, &look));
    let text: String = spans.iter().map(|span| span.text.as_str()).collect();
    format!("{} {text}", show.story.name(beat.endpoint))
}

/// What is shown of a run.
struct Shown<'s> {
    show: &'s Show,
    is_other: bool,
    /// The two ends of the connection whose queues are shown.
    left: EndpointId,
    right: EndpointId,
    hex: bool,
}

/// One run: what differs, the queues, and what happened up to the playhead.
fn run(canvas: &mut Canvas<'_>, area: Rect, comparison: &Comparison, shown: &Shown<'_>, elsewhere: &HashSet<String>) {
    let show = shown.show;
    let value = value_of(show, comparison);
    let title = [
        span(Role::Title, format!("{}={value}", comparison.knob)),
        span(Role::Faint, format!("  {}/{}", show.playhead, show.last())),
        span(Role::Faint, meaning_of(canvas, show, comparison, value)),
    ];
    let inner = canvas.framed(area, &title);
    let rows = if inner.height >= 14 {
        with_bytes(canvas, inner, shown)
    } else {
        in_lines(canvas, inner, shown)
    };
    let rest = Rect {
        y: inner.y + rows,
        height: inner.height.saturating_sub(rows),
        ..inner
    };
    log(canvas, rest, show, elsewhere);
}

/// `client-1  send queue: `
fn whose(canvas: &Canvas<'_>, show: &Show, endpoint: EndpointId, queue: &str) -> Vec<Span> {
    let lang = canvas.lang();
    let name = words::endpoint(lang, show.story.name(endpoint));
    let queue = format!("  {queue}{}", telling::colon(lang));
    vec![plain(name), span(Role::Faint, queue)]
}

/// The queues with their bytes; returns how many rows they take.
fn with_bytes(canvas: &mut Canvas<'_>, inner: Rect, shown: &Shown<'_>) -> u16 {
    let (lang, show) = (canvas.lang(), shown.show);
    let picture = show.story.picture_shown(show.playhead);
    let sender = picture.buffers(shown.left);
    let receiver = picture.buffers(shown.right);
    let mut parts = Vec::new();
    if show.story.trace.head.is_tcp() {
        let whose = whose(canvas, show, shown.left, &telling::send_queue(lang));
        let flying = queues::in_flight_title(lang, &sender);
        let unsent = queues::unsent_title(lang, &sender);
        parts.push((whose.clone(), flying, &sender.in_flight));
        parts.push((whose, unsent, &sender.unsent));
    }
    let whose = whose(canvas, show, shown.right, &telling::receive_queue(lang));
    parts.push((whose, queues::waiting_title(lang, &receiver), &receiver.waiting));
    let mut y = inner.y;
    for (mut line, size, held) in parts {
        line.push(size);
        canvas.spans(inner.x + 1, y, inner.width.saturating_sub(1), &line);
        let bytes = Rect {
            x: inner.x + 2,
            y: y + 1,
            width: inner.width.saturating_sub(3),
            height: 2,
        };
        queue::bytes(canvas, bytes, show, shown.hex, held, shown.is_other);
        y += 3;
    }
    y - inner.y
}

/// A line a queue, as the text has it; returns how many rows they take.
fn in_lines(canvas: &mut Canvas<'_>, inner: Rect, shown: &Shown<'_>) -> u16 {
    let (lang, show) = (canvas.lang(), shown.show);
    let look = canvas.look_of(inner.width);
    let picture = show.story.picture_shown(show.playhead);
    let sent = queues::send_queue(&show.story, &picture.buffers(shown.left), &look);
    let arrived = queues::receive_queue(&show.story, &picture.buffers(shown.right), &look);
    let bar = span(Role::Faint, format!(" {} ", look.glyphs.bar));
    let mut y = inner.y;
    for (endpoint, name, parts) in [
        (shown.left, telling::send_queue(lang), sent),
        (shown.right, telling::receive_queue(lang), arrived),
    ] {
        let mut line = whose(canvas, show, endpoint, &name);
        line.extend(if parts.is_empty() {
            vec![queues::empty(&look)]
        } else {
            parts.join(&bar)
        });
        canvas.spans(inner.x + 1, y, inner.width.saturating_sub(1), &line);
        y += 1;
    }
    y - inner.y
}

/// What happened up to the playhead, the latest at the bottom.
fn log(canvas: &mut Canvas<'_>, area: Rect, show: &Show, elsewhere: &HashSet<String>) {
    let lang = canvas.lang();
    let sign = if canvas.is_ascii() { "#" } else { "≠" };
    let mut blocks: Vec<Vec<Line>> = Vec::new();
    let mut used = 0;
    for (index, beat) in show.story.beats[..show.playhead].iter().enumerate().rev() {
        let look = canvas.look_of(area.width);
        let differs = index < MOST && !elsewhere.contains(&said(canvas, show, beat));
        let mark = if differs { span(Role::Bad, sign) } else { plain(" ") };
        let who = words::endpoint(lang, show.story.name(beat.endpoint));
        let first = Line(vec![
            mark,
            span(Role::Faint, format!(" {:>9} ", words::moment(on_clock(show, beat.at)))),
            plain(who),
            plain("  "),
        ]);
        let mut text = beat::sentence(&show.story, beat, &look);
        // Where a time comes from is told in the view of one run.
        let note = beat::read(&show.story, beat).map_or(vec![], |_| beat::note(&show.story, beat, &look));
        if !note.is_empty() {
            text.push(plain("  "));
            text.extend(note);
        }
        let lines = wrap(first, &text, usize::from(area.width));
        if used + lines.len() > usize::from(area.height) {
            break;
        }
        used += lines.len();
        blocks.push(lines);
    }
    let lines: Vec<Line> = blocks.into_iter().rev().flatten().collect();
    canvas.lines(area, &lines);
}

/// The value that the knob had in a run.
fn value_of<'s>(show: &'s Show, comparison: &Comparison) -> &'s str {
    let knobs = &show.story.trace.head.knobs;
    knobs.get(&comparison.knob).map_or("", String::as_str)
}

/// What that value means, if it has a label.
fn meaning_of(canvas: &Canvas<'_>, show: &Show, comparison: &Comparison, value: &str) -> String {
    let knobs = &show.story.scenario.knobs;
    let knob = knobs.iter().find(|knob| knob.name == comparison.knob);
    let meaning = knob.and_then(|knob| knob.labels.get(value));
    meaning.map_or(String::new(), |meaning| format!("  {}", meaning.get(canvas.lang())))
}

/// The common clock, a row for each run, to be clicked and dragged.
fn clock(canvas: &mut Canvas<'_>, area: Rect, comparison: &Comparison, one: &Show, other: &Show) {
    let length = length(one, other);
    let note = screen::common_clock(canvas.lang());
    canvas.text(
        area.x + 1,
        area.y,
        area.width.saturating_sub(2),
        &note,
        canvas.theme.faint,
    );
    let values = [one, other].map(|show| value_of(show, comparison));
    let margin = values.iter().map(|value| value.width()).max().unwrap_or(0) + 2;
    let margin = u16::try_from(margin).unwrap_or(8).min(area.width / 4);
    let strip = Rect {
        x: area.x + margin,
        y: area.y + 1,
        width: area.width.saturating_sub(margin + 1),
        height: 2,
    };
    let last = u64::from(strip.width.saturating_sub(1));
    let column = |time: u64| u16::try_from(share(last, time, length)).unwrap_or(u16::MAX);
    let (sign, rule) = (
        if canvas.is_ascii() { "*" } else { "●" },
        canvas.look.glyphs.rule.to_string(),
    );
    let now = [one, other]
        .into_iter()
        .filter_map(|show| Some(on_clock(show, show.now()?)));
    let now = now.max();
    for ((show, value), y) in [one, other].into_iter().zip(&values).zip(strip.top()..) {
        canvas.text(area.x + 1, y, margin.saturating_sub(1), value, canvas.theme.faint);
        for x in strip.left()..strip.right() {
            canvas.put(x, y, &rule, canvas.theme.border);
        }
        for beat in show.story.beats.iter().take(MOST) {
            canvas.put(strip.x + column(on_clock(show, beat.at)), y, sign, canvas.theme.plain);
        }
    }
    if let Some(now) = now {
        let bar = Rect {
            x: strip.x + column(now),
            width: 1,
            ..strip
        };
        canvas.paint(bar, canvas.theme.lit);
    }
    canvas.hit(strip, Target::Strip);
}
