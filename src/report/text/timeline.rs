//! What happened, line by line: time, endpoint, what.

use unicode_width::UnicodeWidthStr;

use super::super::Look;
use super::super::hexdump;
use super::super::line::{Line, Role, Span, plain, span, wrap};
use super::payload::payload;
use crate::scenario::Reading;
use crate::story::departures::departure_of;
use crate::story::picture::{Buffers, Held, Picture};
use crate::story::pieces::{Bytes, Piece};
use crate::story::reads::Read;
use crate::story::{Story, peer, sentences};
use crate::trace::{Call, EndpointId, Event, FrameFault, Until, What};
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
    teller.lines.push(Line(vec![span(
        Role::Faint,
        format!("{}{unit}", " ".repeat(TIME - 2 - unit.width())),
    )]));
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
            What::Send { returned, .. } => self.late_return(index, event, &returned.to_string()),
            What::Recv { .. } => self.recv_returned(index, event),
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

    /// The event that ends the call that begins at `index`, and whether the call blocked.
    fn outcome(&self, index: usize, endpoint: EndpointId) -> (Option<&Event>, bool) {
        let mut blocked = false;
        for event in self.story.trace.events[index + 1..]
            .iter()
            .filter(|event| event.endpoint == endpoint)
        {
            match event.what {
                What::Blocked { .. } => blocked = true,
                What::Send { .. } | What::Recv { .. } | What::Failed { .. } => return (Some(event), blocked),
                What::SendCall { .. } | What::RecvCall { .. } => break,
                _ => {}
            }
        }
        (None, blocked)
    }

    /// When the call that ended at `index` began, if it blocked in between.
    fn blocked_since(&self, index: usize, endpoint: EndpointId) -> Option<u64> {
        let mut blocked = false;
        for event in self.story.trace.events[..index]
            .iter()
            .rev()
            .filter(|event| event.endpoint == endpoint)
        {
            match event.what {
                What::Blocked { .. } => blocked = true,
                What::SendCall { .. } | What::RecvCall { .. } => return blocked.then_some(event.at),
                _ => {}
            }
        }
        None
    }

    fn send_call(&mut self, index: usize, event: &Event, number: u32) {
        let (outcome, blocked) = self.outcome(index, event.endpoint);
        let (start, end) = match (outcome.map(|event| &event.what), self.story.flows.message(number)) {
            (Some(What::Send { start, asked, .. }), _) => (*start, start + asked),
            (_, Some((_, message))) => (message.start, message.end()),
            _ => (0, 0),
        };
        let pieces = self.story.flows.pieces(event.endpoint, start, end);
        let header = self
            .story
            .flows
            .message(number)
            .map_or(0, |(_, message)| (message.start + message.header).saturating_sub(start));
        let header = usize::try_from(header).unwrap_or(0);
        let bytes = self.story.flows.bytes(event.endpoint, start, end, MOST_IN_LINE);
        let mut text = labels(&pieces);
        if pieces.is_empty() {
            text.push(span(Role::Message(number), format!("m{number}")));
        }
        text.push(plain(" send "));
        text.push(span(Role::Message(number), payload(&bytes, header, PAYLOAD, self.look)));
        text.push(plain(format!(" {} ", self.look.glyphs.arrow)));
        text.push(self.result(outcome.filter(|_| !blocked), blocked, Call::Send));
        self.line(event, &text, vec![]);
    }

    fn recv_call(&mut self, index: usize, event: &Event, asked: u64) {
        let (outcome, blocked) = self.outcome(index, event.endpoint);
        let result = self.result(outcome.filter(|_| !blocked), blocked, Call::Recv);
        let text = vec![plain(format!("recv({asked}) {} ", self.look.glyphs.arrow)), result];
        let note = if blocked { vec![] } else { self.next_reading(outcome) };
        self.line(event, &text, note);
    }

    /// What a call returned, or that it blocks.
    fn result(&self, outcome: Option<&Event>, blocked: bool, call: Call) -> Span {
        let lang = self.look.lang;
        match outcome.map(|event| &event.what) {
            Some(What::Send { returned, .. } | What::Recv { returned, .. }) => plain(returned.to_string()),
            Some(What::Failed { .. }) => span(Role::Bad, "-1"),
            _ if blocked && call == Call::Recv => span(Role::Notable, telling::blocked_recv(lang)),
            _ if blocked => span(Role::Notable, telling::blocked_send(lang)),
            _ => span(Role::Notable, telling::never_returned(lang)),
        }
    }

    /// A call that had blocked returns: it gets a line of its own.
    fn late_return(&mut self, index: usize, event: &Event, result: &str) {
        let Some(since) = self.blocked_since(index, event.endpoint) else {
            return;
        };
        let call = match event.what {
            What::Recv { asked, .. } => format!("recv({asked})"),
            _ => "send".to_owned(),
        };
        let after = telling::after_blocking(self.look.lang, &words::millis(event.at - since));
        let text = vec![
            plain(format!("{call} {} {result}  ", self.look.glyphs.arrow)),
            span(Role::Faint, after),
        ];
        let note = if matches!(event.what, What::Recv { .. }) {
            self.next_reading(Some(event))
        } else {
            vec![]
        };
        self.line(event, &text, note);
    }

    fn recv_returned(&mut self, index: usize, event: &Event) {
        let Some(read) = self.story.reads.get(self.reads).cloned() else {
            return;
        };
        self.late_return(index, event, &read.returned.to_string());
        self.reads += 1;
        if read.returned > 0 {
            let bytes = self.story.flows.bytes(
                peer(read.endpoint),
                read.start,
                read.start + read.returned,
                hexdump::MOST,
            );
            let indent = TIME + self.name_width + 2;
            self.lines
                .extend(hexdump::rows(&bytes, &read.pieces, indent, self.look));
        }
    }

    /// The reading of the read that comes next, if the call returned.
    fn next_reading(&self, outcome: Option<&Event>) -> Vec<Span> {
        let read = self
            .story
            .reads
            .get(self.reads)
            .filter(|_| outcome.is_some_and(|event| matches!(event.what, What::Recv { .. })));
        read.map_or(vec![], |read| vec![self.reading(read)])
    }

    fn reading(&self, read: &Read) -> Span {
        let lang = self.look.lang;
        match (read.reading, read.pieces.first()) {
            (Reading::Whole, _) => span(Role::Good, telling::reading_whole(lang)),
            (Reading::Stuck, _) => span(Role::Bad, telling::reading_stuck(lang, read.pieces.len())),
            (Reading::Partial, Some(piece)) if self.is_header_or_body(piece) => {
                let text = match piece.from {
                    0 => telling::reading_header(lang, piece.message),
                    _ => telling::reading_body(lang, piece.message),
                };
                span(Role::Good, text)
            }
            (Reading::Partial, Some(piece)) => {
                let of = words::bytes(lang, piece.of);
                span(
                    Role::Notable,
                    telling::reading_partial(lang, piece.to - piece.from, &of),
                )
            }
            (Reading::Truncated, _) => span(
                Role::Bad,
                telling::reading_truncated(lang, &words::bytes(lang, read.lost)),
            ),
            (Reading::Empty, _) => span(Role::Notable, telling::reading_empty(lang)),
            (Reading::EndOfStream, _) => span(Role::Notable, telling::reading_end(lang)),
            (other, None) => span(Role::Notable, sentences::reading(other, lang)),
        }
    }

    /// Whether a piece is exactly the length header of its message, or exactly the body: what a reader of frames asks for.
    fn is_header_or_body(&self, piece: &Piece) -> bool {
        let header = self
            .story
            .flows
            .message(piece.message)
            .map_or(0, |(_, message)| message.header);
        header > 0 && ((piece.from == 0 && piece.to == header) || (piece.from == header && piece.to == piece.of))
    }

    fn left(&mut self, event: &Event) {
        let lang = self.look.lang;
        let Some(departure) = self.story.departures.get(self.departures) else {
            return;
        };
        self.departures += 1;
        let size = words::bytes(lang, departure.end - departure.start);
        let names = self.names(&departure.pieces);
        let text = if departure.pieces.len() > 1 {
            span(Role::Notable, telling::left_together(lang, &names, &size))
        } else {
            plain(telling::left(lang, &names, &size))
        };
        self.line(event, &[text], self.stamp());
    }

    fn acknowledged(&mut self, event: &Event, start: u64, end: u64) {
        let lang = self.look.lang;
        let names = self.names(&self.story.flows.pieces(event.endpoint, start, end));
        let left = departure_of(&self.story.departures, event.endpoint, end);
        let text = match left.and_then(|left| event.at.checked_sub(left.at)) {
            Some(after) => telling::acknowledged(lang, &names, &words::millis(after)),
            None => telling::acknowledged_plain(lang, &names),
        };
        self.line(event, &[plain(text)], self.stamp());
    }

    fn stamp(&self) -> Vec<Span> {
        vec![span(Role::Faint, telling::kernel_stamp(self.look.lang))]
    }

    fn waits(&self, until: Until) -> String {
        let lang = self.look.lang;
        match until {
            Until::Queued(bytes) => telling::waits_for_bytes(lang, &words::bytes(lang, bytes)),
            Until::DatagramsQueued(count) => telling::waits_for_datagrams(lang, &words::datagrams(lang, count)),
            Until::Acknowledged => telling::waits_for_ack(lang),
        }
    }

    /// The end of a wait is told if something happened meanwhile.
    fn waited(&mut self, index: usize, event: &Event) {
        let earlier = &self.story.trace.events[..index];
        let began = earlier
            .iter()
            .rposition(|earlier| earlier.endpoint == event.endpoint && matches!(earlier.what, What::Wait { .. }));
        let Some(began) = began.filter(|began| began + 1 < index) else {
            return;
        };
        let after = words::millis(event.at - earlier[began].at);
        let What::Waited { until } = event.what else { return };
        let lang = self.look.lang;
        let text = match until {
            Until::Queued(bytes) => telling::waited_for(lang, &words::bytes(lang, bytes), &after),
            Until::DatagramsQueued(count) => telling::waited_for(lang, &words::datagrams(lang, count), &after),
            Until::Acknowledged => telling::waited_for_ack(lang, &after),
        };
        self.line(event, &[plain(text)], vec![]);
    }

    fn fault(&self, fault: FrameFault) -> String {
        let lang = self.look.lang;
        let bytes = |count| words::bytes(lang, count);
        match fault {
            FrameFault::ShortHeader { got } => telling::short_header(lang, got),
            FrameFault::ShortBody { got, of } => telling::short_body(lang, &bytes(got), &bytes(of)),
            FrameFault::OverLimit { length, limit } => telling::over_limit(lang, &bytes(length), &bytes(limit)),
        }
    }

    /// The queues of an endpoint, those that changed.
    fn queues(&mut self, endpoint: EndpointId) {
        let index = usize::from(endpoint.0);
        let now = self.picture.buffers(endpoint).clone();
        let before = self.shown.get(index).cloned().flatten();
        let told = |held: &Held| match held {
            Held::NotMeasured => None,
            held => held.bytes(),
        };
        let is_news = |part: fn(&Buffers) -> &Held| match &before {
            Some(before) => part(before) != part(&now) && (told(part(before)), told(part(&now))) != (Some(0), Some(0)),
            // At first every queue is empty; that is no news.
            None => told(part(&now)) != Some(0),
        };
        let sends = is_news(|buffers| &buffers.unsent) || is_news(|buffers| &buffers.in_flight);
        let receives = is_news(|buffers| &buffers.waiting) || before.as_ref().is_some_and(|b| b.dropped != now.dropped);
        let datagrams = self.story.trace.head.transport == "udp";
        if sends && !datagrams {
            let parts = vec![
                self.held(&now.unsent, telling::unsent),
                self.held(&now.in_flight, telling::in_flight),
            ];
            self.queue_line(endpoint, &telling::send_queue(self.look.lang), parts);
        }
        if receives {
            let waiting = self.held(&now.waiting, telling::waiting);
            let dropped = now.dropped.filter(|dropped| *dropped > 0);
            let dropped = dropped.map(|count| vec![span(Role::Bad, telling::dropped(self.look.lang, count))]);
            self.queue_line(
                endpoint,
                &telling::receive_queue(self.look.lang),
                vec![waiting, dropped],
            );
        }
        if let Some(shown) = self.shown.get_mut(index) {
            *shown = Some(now);
        }
    }

    /// The parts of a queue beside each other, or one below the other where there is no room.
    fn queue_line(&mut self, endpoint: EndpointId, name: &str, parts: Vec<Option<Vec<Span>>>) {
        let name = span(Role::Faint, format!("{name}: "));
        let mut parts: Vec<Vec<Span>> = parts.into_iter().flatten().collect();
        if parts.is_empty() {
            parts.push(vec![span(Role::Faint, telling::empty(self.look.lang))]);
        }
        let margin = TIME + self.name_width + 2;
        let room = self.look.width.saturating_sub(margin + name.text.width());
        let width = |part: &Vec<Span>| part.iter().map(|span| span.text.width()).sum::<usize>();
        let total = parts.iter().map(width).sum::<usize>() + 3 * (parts.len() - 1);
        if total <= room {
            let bar = span(Role::Faint, format!(" {} ", self.look.glyphs.bar));
            parts = vec![parts.join(&bar)];
        }
        let who = words::endpoint(self.look.lang, self.story.name(endpoint));
        let blanks = " ".repeat(self.name_width.saturating_sub(who.width()) + 2);
        let mut first = Line(vec![plain(" ".repeat(TIME)), plain(who), plain(blanks), name]);
        let indent = first.width();
        for part in parts {
            self.lines.extend(wrap(first, &part, self.look.width));
            first = Line(vec![plain(" ".repeat(indent))]);
        }
    }

    /// One part of a queue: how much, of which messages, the bytes. Nothing if it is empty.
    fn held(&self, held: &Held, say: fn(words::Lang, &str) -> String) -> Option<Vec<Span>> {
        let lang = self.look.lang;
        let bytes = match held {
            Held::NotMeasured => return Some(vec![span(Role::Faint, telling::not_measured(lang))]),
            held if held.bytes() == Some(0) => return None,
            held => held.bytes().unwrap_or(0),
        };
        let mut spans = vec![plain(say(lang, &words::bytes(lang, bytes)))];
        if let Held::Span { flow, pieces, .. } = held {
            for (index, piece) in pieces.iter().take(MOST_PIECES).enumerate() {
                let (start, end) = self.place(piece);
                let bytes = self.story.flows.bytes(*flow, start, end, MOST_IN_LINE);
                let header = self
                    .story
                    .flows
                    .message(piece.message)
                    .map_or(0, |(_, message)| message.header);
                let header = usize::try_from(header.saturating_sub(piece.from)).unwrap_or(0);
                spans.push(plain(if index > 0 { ", " } else { ": " }));
                // The label and the first word stay on one line.
                let text = format!("{}\u{a0}{}", label(piece), payload(&bytes, header, PAYLOAD, self.look));
                spans.push(span(Role::Message(piece.message), text));
            }
            if pieces.len() > MOST_PIECES {
                spans.push(span(Role::Faint, format!(" {}", self.look.glyphs.ellipsis)));
            }
        }
        Some(spans)
    }

    /// Where a piece lies in its flow.
    fn place(&self, piece: &Piece) -> (u64, u64) {
        let start = self
            .story
            .flows
            .message(piece.message)
            .map_or(0, |(_, message)| message.start);
        (start + piece.from, start + piece.to)
    }

    fn names(&self, pieces: &[Piece]) -> String {
        let names: Vec<String> = match pieces {
            [first, .., last] if pieces.len() > MOST_PIECES => {
                vec![label(first), self.look.glyphs.ellipsis.to_owned(), label(last)]
            }
            _ => pieces.iter().map(label).collect(),
        };
        names.join("+")
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
