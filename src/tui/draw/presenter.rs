//! For the last row: one pair of lanes in large cells, and one big sentence.

use ratatui::layout::Rect;

use super::super::app::App;
use super::super::app::lab::Lab;
use super::super::app::show::Show;
use super::super::hits::Target;
use super::canvas::Canvas;
use super::{header, lanes, queue, sentence};
use crate::report::line::{Line, Role, Span, span};
use crate::story::picture::Held;
use crate::story::pieces::Piece;
use crate::words::{self, screen, telling};

/// So many messages at most have room in large cells.
const MOST: usize = 64;

/// Columns of a large cell.
const CELL: u16 = 5;

/// Draws a run for the last row.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, app: &App, lab: &Lab, show: &Show) {
    let lang = canvas.lang();
    header::draw(canvas, Rect { height: 1, ..area }, app, lab, show);
    let [left, right] = lanes::sides(&show.story, lab.connection);
    let picture = show.story.picture_at(show.events());
    let half = area.width / 2;
    let lanes_height = (area.height * 3 / 5).max(9);
    let column = |x: u16, width: u16| Rect {
        x,
        y: area.y + 1,
        width,
        height: lanes_height,
    };
    let sent = canvas.framed(
        column(area.x, half),
        &[span(Role::Title, heading(lang, show, left, &telling::send_queue(lang)))],
    );
    let sender = picture.buffers(left);
    if show.story.trace.head.transport == "udp" {
        let text = screen::no_send_queue(lang);
        canvas.text(
            sent.x + 1,
            sent.y,
            sent.width.saturating_sub(1),
            &text,
            canvas.theme.faint,
        );
    } else {
        let upper = sent.height / 2;
        large(
            canvas,
            Rect { height: upper, ..sent },
            lab,
            show,
            &sender.in_flight,
            telling::in_flight,
        );
        let lower = Rect {
            y: sent.y + upper,
            height: sent.height - upper,
            ..sent
        };
        large(canvas, lower, lab, show, &sender.unsent, telling::unsent);
    }
    let received = canvas.framed(
        column(area.x + half, area.width - half),
        &[span(
            Role::Title,
            heading(lang, show, right, &telling::receive_queue(lang)),
        )],
    );
    large(
        canvas,
        received,
        lab,
        show,
        &picture.buffers(right).waiting,
        telling::waiting,
    );
    let below = Rect {
        x: area.x + 2,
        y: area.y + 2 + lanes_height,
        width: area.width.saturating_sub(4),
        height: area.height.saturating_sub(lanes_height + 2),
    };
    let (lines, evidence) = sentence::now(canvas, below.width, lab, show);
    big(canvas, below, &lines, evidence, lab, show);
}

fn heading(lang: words::Lang, show: &Show, endpoint: crate::trace::EndpointId, queue: &str) -> String {
    let name = words::endpoint(lang, show.story.name(endpoint));
    format!("{name}{}{queue}", telling::colon(lang))
}

/// The sentence with room around it.
fn big(canvas: &mut Canvas<'_>, area: Rect, lines: &[Line], evidence: Option<String>, lab: &Lab, show: &Show) {
    let mut y = area.y;
    let spaced = lines.len() * 2 <= usize::from(area.height.saturating_sub(2));
    for line in lines {
        if y >= area.bottom() {
            return;
        }
        let bold: Vec<Span> = line.0.iter().map(|part| embolden(part.clone())).collect();
        canvas.spans(area.x, y, area.width, &bold);
        y += if spaced { 2 } else { 1 };
    }
    if let Some(evidence) = evidence.filter(|_| y < area.bottom()) {
        canvas.text(area.x, y, area.width, &evidence, canvas.theme.faint);
        y += 1;
    }
    let stop = show.stop().and_then(|stop| show.story.plan.stops.get(stop));
    if let Some(stop) = stop.filter(|_| y < area.bottom()) {
        let text = format!("{} {}", canvas.cursor_sign(), stop.look.get(canvas.lang()));
        canvas.text(area.x, y, area.width, &text, canvas.theme.title);
    } else if show.is_at_end() && lab.question().is_some() && y < area.bottom() {
        canvas.text(
            area.x,
            y,
            area.width,
            &screen::at_the_end(canvas.lang()),
            canvas.theme.title,
        );
    }
}

fn embolden(part: Span) -> Span {
    match part.role {
        Role::Plain => Span {
            role: Role::Title,
            ..part
        },
        _ => part,
    }
}

/// How much, and the bytes as boxes of three rows.
fn large(
    canvas: &mut Canvas<'_>,
    area: Rect,
    lab: &Lab,
    show: &Show,
    held: &Held,
    say: impl Fn(words::Lang, &str) -> String,
) {
    if area.height == 0 {
        return;
    }
    let size = queue::size(canvas.lang(), held, say);
    canvas.spans(area.x + 1, area.y, area.width.saturating_sub(2), &[size]);
    let Some(flow) = held.flow() else { return };
    let total = held.bytes().unwrap_or(0);
    let per_row = u64::from(area.width.saturating_sub(2) / CELL).max(1);
    let rows = u64::from(area.height.saturating_sub(1) / 4);
    // Where large cells have no room, small ones do.
    if total > per_row * rows {
        let below = Rect {
            x: area.x + 1,
            y: area.y + 1,
            width: area.width.saturating_sub(2),
            height: area.height - 1,
        };
        queue::bytes(canvas, below, show, lab.hex, held, false);
        return;
    }
    let (mut column, mut y) = (0, area.y + 1);
    for piece in &held.pieces(&show.story.flows, MOST) {
        let origin = show
            .story
            .flows
            .message(piece.message)
            .map_or(0, |(_, message)| message.start);
        for at in piece.from..piece.to {
            if column == per_row {
                (column, y) = (0, y + 4);
            }
            let x = area.x + 1 + u16::try_from(column).unwrap_or(0) * CELL;
            let byte = show.story.flows.bytes(flow, origin + at, origin + at + 1, 1);
            let byte = byte.bytes.first().copied().flatten();
            boxed(canvas, (x, y), lab.hex, byte, piece, at);
            let target = Target::Byte {
                flow,
                offset: origin + at,
                other: false,
            };
            canvas.hit(
                Rect {
                    x,
                    y,
                    width: CELL,
                    height: 3,
                },
                target,
            );
            column += 1;
        }
    }
}

/// One byte in a box; below its message's first byte the label.
fn boxed(canvas: &mut Canvas<'_>, (x, y): (u16, u16), hex: bool, byte: Option<u8>, piece: &Piece, at: u64) {
    let style = canvas.theme.message(piece.message);
    let text = match byte {
        Some(byte) if hex => format!("{byte:02x}"),
        Some(byte) if byte.is_ascii_graphic() || byte == b' ' => char::from(byte).to_string(),
        Some(byte) => format!("{byte:02x}"),
        None => "..".to_owned(),
    };
    let [top, side, bottom] = if canvas.is_ascii() {
        ["+--+", "|", "+--+"]
    } else {
        ["┌──┐", "│", "└──┘"]
    };
    canvas.text(x, y, CELL, top, style);
    canvas.text(x, y + 1, 1, side, style);
    canvas.text(
        x + 1,
        y + 1,
        2,
        &text,
        style.add_modifier(ratatui::style::Modifier::BOLD),
    );
    canvas.text(x + 3, y + 1, 1, side, style);
    canvas.text(x, y + 2, CELL, bottom, style);
    if at == piece.from {
        canvas.text(x, y + 3, CELL, &format!("m{}", piece.message), style);
    }
}
