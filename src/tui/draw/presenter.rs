//! For the last row: one pair of lanes in large cells, and one big sentence.

use ratatui::layout::Rect;

use super::super::app::App;
use super::super::app::lab::Lab;
use super::super::app::show::Show;
use super::super::app::sides::sides;
use super::super::hits::Target;
use super::canvas::Canvas;
use super::cells::{Bytes, Which};
use super::{header, sentence};
use crate::report::line::{Line, Role, Span, plain, span};
use crate::report::{Look, beat, queues};
use crate::story::characters::Part;
use crate::story::lanes::last_told;
use crate::story::peer;
use crate::story::picture::Held;
use crate::story::pieces::Piece;
use crate::trace::EndpointId;
use crate::words::{self, screen, telling};

/// So many messages at most have room in large cells.
const MOST: usize = 64;

/// Columns of a large cell.
const CELL: u16 = 5;

/// Draws a run for the last row.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, app: &App, lab: &Lab, show: &Show) {
    let lang = canvas.lang();
    header::draw(canvas, Rect { height: 1, ..area }, app, lab, show);
    let [left, right] = sides(&show.story, lab.connection(show));
    let picture = show.story.picture_shown(show.playhead);
    let lanes = Rect {
        y: area.y + 1,
        height: (area.height * 3 / 5).max(11),
        ..area
    };
    // Of another send queue than TCP's nothing is measured: the receiver has all the room.
    let half = if show.story.trace.head.is_tcp() {
        area.width / 2
    } else {
        0
    };
    if half > 0 {
        let name = heading(lang, show, left, &telling::send_queue(lang));
        let inner = canvas.framed(Rect { width: half, ..lanes }, &[span(Role::Title, name)]);
        let sender = picture.buffers(left);
        let [upper, lower] = shared(inner, &sender.in_flight, sender.unsent.bytes() == Some(0));
        let flying = Large::of(&sender.in_flight, queues::in_flight_title(lang, &sender));
        flying.draw(canvas, upper, lab, show);
        let unsent = Large::of(&sender.unsent, queues::unsent_title(lang, &sender));
        unsent.draw(canvas, lower, lab, show);
    }
    let name = heading(lang, show, right, &telling::receive_queue(lang));
    let place = Rect {
        x: area.x + half,
        width: area.width - half,
        ..lanes
    };
    let inner = canvas.framed(place, &[span(Role::Title, name)]);
    let receiver = picture.buffers(right);
    let read = last_read(show, right, &canvas.look_of(place.width));
    let [upper, lower] = shared(inner, &receiver.waiting, read.is_none());
    Large::of(&receiver.waiting, queues::waiting_title(lang, &receiver)).draw(canvas, upper, lab, show);
    if let Some(read) = read {
        read.draw(canvas, lower, lab, show);
    }
    let below = Rect {
        x: area.x + 2,
        y: lanes.bottom() + 1,
        width: area.width.saturating_sub(4),
        height: area.bottom().saturating_sub(lanes.bottom() + 1),
    };
    let (sentence, evidence) = sentence::now(canvas, below.width, show);
    big(canvas, below, &sentence, evidence, lab, show);
}

/// Two parts below each other. One in which nothing lies leaves its room to the other, but for a line.
fn shared(area: Rect, upper: &Held, lower_is_empty: bool) -> [Rect; 2] {
    let upper = match (upper.bytes(), lower_is_empty) {
        (Some(0), _) => 1,
        (_, true) => area.height.saturating_sub(1),
        _ => area.height / 2,
    };
    let lower = Rect {
        y: area.y + upper,
        height: area.height - upper,
        ..area
    };
    [Rect { height: upper, ..area }, lower]
}

fn heading(lang: words::Lang, show: &Show, endpoint: EndpointId, queue: &str) -> String {
    let name = words::endpoint(lang, show.story.name(endpoint));
    format!("{name}{}{queue}", telling::colon(lang))
}

/// The sentence, with room around it if there is some.
fn big(canvas: &mut Canvas<'_>, area: Rect, lines: &[Line], evidence: Option<String>, lab: &Lab, show: &Show) {
    let hints = sentence::hints(canvas, area.width, lab, show);
    let bold = |line: &Line| Line(line.0.iter().map(|part| embolden(part.clone())).collect());
    let bold: Vec<Line> = lines.iter().map(bold).collect();
    let mut rest = area;
    let is_spaced = lines.len() * 2 + hints.needed() <= usize::from(area.height.saturating_sub(2));
    let parts = if is_spaced {
        bold.chunks(1)
    } else {
        bold.chunks(bold.len().max(1))
    };
    for part in parts {
        let height = hints.leave(rest.height, part.len());
        let drawn = canvas.lines(Rect { height, ..rest }, part) + u16::from(is_spaced);
        rest.y += drawn;
        rest.height = rest.height.saturating_sub(drawn);
    }
    if let Some(evidence) = evidence.filter(|_| hints.needed() < usize::from(rest.height)) {
        canvas.text(rest.x, rest.y, rest.width, &evidence, canvas.theme.faint);
        rest.y += 1;
        rest.height -= 1;
    }
    hints.draw(canvas, rest);
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

/// Bytes in large cells, with a line above them.
struct Large {
    title: Vec<Span>,
    held: Held,
    /// From this place of the flow on they are lost.
    lost: Option<u64>,
}

/// What an endpoint read last, and what that was.
fn last_read(show: &Show, endpoint: EndpointId, look: &Look) -> Option<Large> {
    let story = &show.story;
    let beat = &story.beats[last_told(&story.lane(endpoint).reads, show.playhead)?];
    let read = beat::read(story, beat)?;
    let end = read.start + read.returned;
    Some(Large {
        title: [
            beat::sentence(story, beat, look),
            vec![plain("  ")],
            beat::note(story, beat, look),
        ]
        .concat(),
        held: Held::Span {
            flow: peer(endpoint),
            start: read.start,
            end: end + read.lost,
            bytes: read.returned + read.lost,
        },
        lost: (read.lost > 0).then_some(end),
    })
}

impl Large {
    fn of(held: &Held, size: Span) -> Self {
        Self {
            title: vec![size],
            held: held.clone(),
            lost: None,
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, lab: &Lab, show: &Show) {
        if area.height == 0 {
            return;
        }
        canvas.spans(area.x + 1, area.y, area.width.saturating_sub(2), &self.title);
        let Some(flow) = self.held.flow() else { return };
        let pieces = self.held.pieces(&show.story.flows, MOST);
        // Between two datagrams is a wall, and room for it.
        let datagrams = matches!(self.held, Held::Datagrams { .. });
        let walls = if datagrams {
            pieces.len().saturating_sub(1) as u64
        } else {
            0
        };
        let total = self.held.bytes().unwrap_or(0) + walls;
        let fit = |cell: u16| u64::from(area.width.saturating_sub(2) / cell).max(1);
        let rows = u64::from(area.height.saturating_sub(1) / 4);
        // A little closer if that makes room; and where large cells have none, small ones do.
        let cell = if total > fit(CELL) * rows { CELL - 1 } else { CELL };
        let per_row = fit(cell);
        // A datagram without a byte has no cell.
        if total > per_row * rows || pieces.iter().any(|piece| piece.of == 0) {
            let below = Rect {
                x: area.x + 1,
                y: area.y + 1,
                width: area.width.saturating_sub(2),
                height: area.height - 1,
            };
            let (which, datagrams) = match &self.held {
                Held::Datagrams { pieces, .. } => (Which::Pieces(pieces), true),
                Held::Span { start, end, .. } => (Which::Span(*start, *end), false),
                Held::Count(_) | Held::NotMeasured => return,
            };
            let bytes = Bytes {
                story: &show.story,
                flow,
                which,
                hex: lab.hex,
                datagrams,
                other: false,
                lost: self.lost,
            };
            bytes.draw_or_name(canvas, below);
            return;
        }
        let (mut column, mut y) = (0, area.y + 1);
        for (index, piece) in pieces.iter().enumerate() {
            if datagrams && index > 0 {
                let x = area.x + 1 + u16::try_from(column).unwrap_or(0) * cell;
                let bar = canvas.look.glyphs.bar;
                for y in y..y + 3 {
                    canvas.text(x + cell / 2, y, 1, bar, canvas.theme.notable);
                }
                column += 1;
            }
            let message = show.story.flows.message(piece.message);
            let origin = message.map_or(0, |(_, message)| message.start);
            for at in piece.from..piece.to {
                if column == per_row {
                    (column, y) = (0, y + 4);
                }
                let x = area.x + 1 + u16::try_from(column).unwrap_or(0) * cell;
                let offset = origin + at;
                let byte = show.story.flows.bytes(flow, offset, offset + 1, 1);
                let part = byte.characters.first().copied().flatten();
                let byte = byte.bytes.first().copied().flatten();
                let is_lost = self.lost.is_some_and(|lost| offset >= lost);
                let byte = byte.map(|byte| (byte, part.filter(|_| !lab.hex)));
                boxed(canvas, (x, y), byte, piece, at, is_lost);
                if self.lost == Some(offset) {
                    let word = screen::lost(canvas.lang());
                    canvas.text(x, y + 3, area.right().saturating_sub(x), &word, canvas.theme.bad);
                }
                let target = Target::Byte {
                    flow,
                    offset,
                    other: false,
                };
                canvas.hit(
                    Rect {
                        x,
                        y,
                        width: cell,
                        height: 3,
                    },
                    target,
                );
                column += 1;
            }
        }
    }
}

/// One byte in a box; below its message's first byte the label.
fn boxed(
    canvas: &mut Canvas<'_>,
    (x, y): (u16, u16),
    byte: Option<(u8, Option<Part>)>,
    piece: &Piece,
    at: u64,
    is_lost: bool,
) {
    let style = if is_lost {
        canvas.theme.lost
    } else {
        canvas.theme.message(piece.message)
    };
    let text = match byte {
        // A character of several bytes has no box of its own.
        Some((_, Some(Part { of, size: 1, .. }))) if of == ' ' || of.is_ascii_graphic() => of.to_string(),
        Some((byte, _)) => format!("{byte:02x}"),
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
