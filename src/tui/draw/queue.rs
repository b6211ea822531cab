//! A queue of the kernel: how much lies in it, and which bytes.

use ratatui::layout::Rect;

use super::super::app::lab::Lab;
use super::super::app::show::Show;
use super::canvas::Canvas;
use super::cells::{Bytes, Which};
use crate::report::line::{Role, Span, span};
use crate::report::queues;
use crate::story::picture::{Buffers, Held};
use crate::words::{self, telling};

/// A send queue: what is in flight and what is unsent, apart.
pub fn send(canvas: &mut Canvas<'_>, frame: Rect, area: Rect, lab: &Lab, show: &Show, buffers: &Buffers) {
    if area.height == 0 {
        return;
    }
    let lang = canvas.lang();
    canvas.divider(
        Rect { y: area.y, ..frame },
        area.y,
        &[span(Role::Title, telling::send_queue(lang))],
    );
    let rows = area.height - 1;
    let upper = rows.div_ceil(2);
    let part = |y: u16, height: u16| Rect { y, height, ..area };
    held(
        canvas,
        part(area.y + 1, upper),
        show,
        lab.hex,
        &buffers.in_flight,
        queues::in_flight_title(lang, buffers),
    );
    held(
        canvas,
        part(area.y + 1 + upper, rows - upper),
        show,
        lab.hex,
        &buffers.unsent,
        queues::unsent_title(lang, buffers),
    );
}

/// A receive queue: what waits to be read.
pub fn receive(canvas: &mut Canvas<'_>, frame: Rect, area: Rect, lab: &Lab, show: &Show, buffers: &Buffers) {
    if area.height == 0 {
        return;
    }
    let lang = canvas.lang();
    canvas.divider(
        Rect { y: area.y, ..frame },
        area.y,
        &[span(Role::Title, telling::receive_queue(lang))],
    );
    let mut inner = Rect {
        y: area.y + 1,
        height: area.height - 1,
        ..area
    };
    if let Some(dropped @ 1..) = buffers.dropped
        && inner.height > 0
    {
        let text = telling::dropped(lang, &words::grouped(dropped));
        canvas.text(
            inner.x + 1,
            inner.bottom() - 1,
            inner.width - 1,
            &text,
            canvas.theme.bad,
        );
        inner.height -= 1;
    }
    held(
        canvas,
        inner,
        show,
        lab.hex,
        &buffers.waiting,
        queues::waiting_title(lang, buffers),
    );
}

/// How much a part of a queue holds, and below it the bytes.
fn held(canvas: &mut Canvas<'_>, area: Rect, show: &Show, hex: bool, held: &Held, title: Span) {
    if area.height == 0 || area.width < 3 {
        return;
    }
    canvas.spans(area.x + 1, area.y, area.width - 1, &[title]);
    bytes(canvas, below(area), show, hex, held, false);
}

/// The bytes of a part of a queue, as far as it is known which they are.
pub fn bytes(canvas: &mut Canvas<'_>, area: Rect, show: &Show, hex: bool, held: &Held, other: bool) -> u16 {
    let (flow, which) = match held {
        Held::Span { flow, start, end, .. } => (*flow, Which::Span(*start, *end)),
        Held::Datagrams { flow, pieces } => (*flow, Which::Pieces(pieces)),
        Held::Count(_) | Held::NotMeasured => return 0,
    };
    let bytes = Bytes {
        story: &show.story,
        flow,
        which,
        hex,
        datagrams: !show.story.trace.head.is_stream(),
        other,
        lost: None,
    };
    bytes.draw_or_name(canvas, area)
}

fn below(area: Rect) -> Rect {
    Rect {
        x: area.x + 1,
        y: area.y + 1,
        width: area.width - 1,
        height: area.height - 1,
    }
}
