//! The screen, drawn anew from the state each time.
//!
//! ```text
//!  nagle TCP · Small writes wait for an ACK      saved run  2/10  ▶ ×1    header
//! ┌ sender ────────────┐┌ left and ACKed ──┐┌ receiver ──────────┐
//! │ calls, or code     ││ departures, ACKs ││ calls, or code     │      lanes
//! ├ send queue ────────┤│                  │├ receive queue ─────┤
//! │ h e l l o          ││                  ││ h e l l o          │
//! └────────────────────┘└──────────────────┘└────────────────────┘
//!  send  ●m1-m3           │                                             strip
//!  left  ●m1              │            ·
//!  0.019 ms  sender  m1 left: 5 bytes                    measured       sentence
//!  space play  → event  k knobs  p predict  ? keys  Esc back            footer
//! ```

mod calls;
mod canvas;
mod cells;
mod compare;
mod connections;
mod footer;
mod header;
mod intro;
mod knobs;
mod ladder;
mod lanes;
mod listing;
mod on_wire;
mod owners;
mod picker;
mod popup;
mod presenter;
mod question;
mod queue;
mod sentence;
mod strip;
#[cfg(test)]
mod tests;
mod way;

use ratatui::Frame;
use ratatui::layout::Rect;

use super::app::lab::View;
use super::app::{App, Popup};
use super::hits::{Hits, Target};
use super::theme::Theme;
use crate::report::line::{Line, plain, wrap};
use crate::report::{Look, glyphs};
use crate::words::screen as words;
use canvas::Canvas;

/// Fewer columns or rows than this are not drawn on.
pub const SMALLEST: (u16, u16) = (60, 18);

/// Draws the whole screen; returns what can be clicked.
pub fn draw(frame: &mut Frame<'_>, app: &App) -> Hits {
    let area = frame.area();
    let glyphs = if app.look.ascii { glyphs::ASCII } else { glyphs::UNICODE };
    let mut canvas = Canvas {
        buffer: frame.buffer_mut(),
        theme: Theme::new(&app.look),
        look: Look {
            lang: app.look.lang,
            glyphs,
            width: usize::from(area.width),
        },
        hits: Hits::default(),
    };
    // The buffer comes empty; all it needs is the ground.
    canvas.paint(area, canvas.theme.plain);
    if area.width < SMALLEST.0 || area.height < SMALLEST.1 {
        too_small(&mut canvas, area);
        return canvas.hits;
    }
    let (body, foot) = (
        Rect {
            height: area.height - 1,
            ..area
        },
        Rect {
            y: area.bottom() - 1,
            height: 1,
            ..area
        },
    );
    match &app.lab {
        None => picker::draw(&mut canvas, body, app),
        Some(lab) if lab.comparison.is_some() => compare::draw(&mut canvas, body, app, lab),
        Some(lab) => match &lab.show {
            None => intro::draw(&mut canvas, body, app, lab),
            // A saved run is not shown before the question about it is answered.
            Some(_) if lab.is_fresh() && lab.is_question_open() => intro::draw(&mut canvas, body, app, lab),
            Some(show) if lab.view == View::Presenter => presenter::draw(&mut canvas, body, app, lab, show),
            Some(show) => lanes::draw(&mut canvas, body, app, lab, show),
        },
    }
    if app.popup.is_some() {
        // What lies below is not meant, even where it can be seen.
        canvas.hit(body, Target::Nothing);
    }
    match (&app.popup, &app.lab) {
        (Some(Popup::Question), Some(lab)) => question::popup(&mut canvas, body, lab),
        (Some(Popup::Knobs), Some(lab)) => knobs::popup(&mut canvas, body, lab),
        (Some(Popup::Variants(cursor)), Some(lab)) => knobs::variants_popup(&mut canvas, body, lab, *cursor),
        (Some(Popup::Text(text, scroll)), _) => popup::text(&mut canvas, body, app, *text, *scroll),
        _ => {}
    }
    footer::draw(&mut canvas, foot, app);
    canvas.hits
}

/// A polite line.
fn too_small(canvas: &mut Canvas<'_>, area: Rect) {
    let lang = canvas.lang();
    let text = words::too_small(lang, SMALLEST.0, SMALLEST.1, area.width, area.height);
    let lines = wrap(Line::blank(), &[plain(text)], usize::from(area.width.max(1)));
    canvas.lines(area, &lines);
}
