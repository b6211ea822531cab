//! What happened, line by line: time, endpoint, what.

mod calls;
mod marks;
mod queues;

use unicode_width::UnicodeWidthStr;

use super::super::Look;
use super::super::line::{Line, Role, Span, plain, span, wrap};
use super::payload::payload;
use crate::story::picture::{Buffers, Picture};
use crate::story::pieces::{Bytes, Piece};
use crate::story::{Story, sentences};
use crate::trace::{EndpointId, Event, What};
use crate::words::{self, telling};

/// The events of a run as lines.
pub fn timeline(story: &Story<'_>, look: &Look) -> Vec<Line> {
    let name_width = story
        .trace
        .head
        .endpoints
        .iter()
        .map(|name| words::endpoint(look.lang, name).width())
        .max();
    let mut teller = Teller {
        story,
        look,
        name_width: name_width.unwrap_or(0),
        picture: Picture::new(story.trace, &story.flows),
        shown: vec![None; story.trace.head.endpoints.len()],
        reads: 0,
        departures: 0,
        lines: Vec::new(),
    };
    let unit = telling::column_time(look.lang);
    let blanks = " ".repeat((TIME - 2).saturating_sub(unit.width()));
    let heading = format!("{blanks}{unit}  {}", telling::since_the_start(look.lang));
    teller.lines.push(Line(vec![span(Role::Faint, heading)]));
    for (index, event) in story.trace.events.iter().enumerate() {
        teller.picture.follow(event.endpoint, &event.what);
        teller.tell(index, event);
    }
    teller.lines
}

/// Width of the time column with the blanks behind it.
const TIME: usize = 11;

/// Most cells a payload takes inside a line.
const PAYLOAD: usize = 30;

struct Teller<'s, 't> {
    story: &'s Story<'t>,
    look: &'s Look,
    name_width: usize,
    picture: Picture<'s>,
    /// What was last shown of each endpoint's buffers.
    shown: Vec<Option<Buffers>>,
    /// How many reads and departures have been told.
    reads: usize,
    departures: usize,
    lines: Vec<Line>,
}

impl Teller<'_, '_> {
    fn tell(&mut self, index: usize, event: &Event) {
        let lang = self.look.lang;
        match &event.what {
            What::SendCall { message, .. } => self.send_call(index, event, *message),
            What::RecvCall { asked } => self.recv_call(index, event, *asked),
            What::Send { returned, .. } | What::Recv { returned, .. } => {
                self.late_return(index, event, &returned.to_string());
            }
            What::Failed { error, .. } => {
                self.line(event, &[span(Role::Bad, telling::call_failed(lang, error))], vec![]);
            }
            What::Queues { .. } => self.queues(event.endpoint),
            What::Left { .. } => self.left(event),
            What::Acknowledged { start, end } => self.acknowledged(event, *start, *end),
            What::Wait { until } => self.line(event, &[plain(self.waits(*until))], vec![]),
            What::Waited { .. } => self.waited(index, event),
            What::Header { length } => {
                let text = telling::header_says(lang, &words::bytes(lang, u64::from(*length)));
                self.line(event, &[plain(text)], vec![]);
            }
            What::Frame { bytes } => {
                let shown = Bytes {
                    bytes: bytes.hex.iter().map(|byte| Some(*byte)).collect(),
                    skipped: 0,
                };
                let text = telling::frame(lang, &payload(&shown, 0, PAYLOAD, self.look));
                self.line(event, &[span(Role::Good, text)], vec![]);
            }
            What::FrameFault { fault } => self.line(event, &[span(Role::Bad, self.fault(*fault))], vec![]),
            What::StampsEnd => self.line(event, &[span(Role::Faint, telling::stamps_end(lang))], vec![]),
            What::Closed => self.line(event, &[plain(telling::closed(lang))], vec![]),
            // Told in the head, with the call, or at the end.
            What::Opened { .. }
            | What::Step { .. }
            | What::OptionSet { .. }
            | What::Message { .. }
            | What::Blocked { .. }
            | What::Segments { .. } => {}
        }
    }

    /// A line with its time and endpoint, and a note at the right margin, below if there is no room beside.
    fn line(&mut self, event: &Event, text: &[Span], note: Vec<Span>) {
        self.push(Some(event.at), event.endpoint, text, note);
    }

    fn push(&mut self, at: Option<u64>, endpoint: EndpointId, text: &[Span], note: Vec<Span>) {
        let time = at.map_or(String::new(), millis_aligned);
        let name = words::endpoint(self.look.lang, self.story.name(endpoint));
        let blanks = " ".repeat(self.name_width.saturating_sub(name.width()) + 2);
        let first = Line(vec![
            span(Role::Faint, format!("{time:<TIME$}")),
            plain(name),
            plain(blanks),
        ]);
        let mut lines = wrap(first, text, self.look.width);
        let note_width: usize = note.iter().map(|span| span.text.width()).sum();
        if note_width > 0 {
            let used = lines.last().map_or(0, Line::width);
            if used + 2 + note_width > self.look.width {
                lines.push(Line::blank());
            }
            if let Some(last) = lines.last_mut() {
                let gap = self.look.width.saturating_sub(last.width() + note_width);
                last.0.push(plain(" ".repeat(gap)));
                last.0.extend(note);
            }
        }
        self.lines.extend(lines);
    }
}

/// Most messages named in one line.
const MOST_PIECES: usize = 8;

/// Most bytes looked at for a payload inside a line: more than fit.
const MOST_IN_LINE: u64 = 80;

/// `m1+m2`, each in its colour.
fn labels(pieces: &[Piece]) -> Vec<Span> {
    let mut spans = Vec::new();
    for (index, piece) in pieces.iter().enumerate() {
        if index > 0 {
            spans.push(plain("+"));
        }
        spans.push(span(Role::Message(piece.message), label(piece)));
    }
    spans
}

fn label(piece: &Piece) -> String {
    sentences::piece(&piece.reference())
}

/// Milliseconds with three digits, right-aligned: the times stand under one another.
fn millis_aligned(nanos: u64) -> String {
    let micros = (nanos + 500) / 1000;
    format!(
        "{:>width$}",
        format!("{}.{:03}", micros / 1000, micros % 1000),
        width = TIME - 2
    )
}
