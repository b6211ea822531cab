//! What the queues hold, whenever that has changed.

use unicode_width::UnicodeWidthStr;

use super::super::super::line::{Line, Role, Span, plain, span, tied, wrap};
use super::super::payload::payload;
use super::{MOST_IN_LINE, MOST_PIECES, PAYLOAD, TIME, Teller, label};
use crate::story::picture::{Buffers, Held};
use crate::story::pieces::Piece;
use crate::trace::EndpointId;
use crate::words::{self, telling};

impl Teller<'_, '_> {
    /// The queues of an endpoint, those that changed.
    pub(super) fn queues(&mut self, endpoint: EndpointId) {
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
        let counts = |buffers: &Buffers| (buffers.datagrams.unwrap_or(0), buffers.dropped.unwrap_or(0));
        let receives = is_news(|buffers| &buffers.waiting) || before.as_ref().map_or((0, 0), counts) != counts(&now);
        let datagrams = self.story.trace.head.transport == "udp";
        if sends && !datagrams {
            let unsent = self.held(&now.unsent, telling::unsent);
            // What is not measured is not measured in both parts: it is said once.
            let in_flight = self
                .held(&now.in_flight, telling::in_flight)
                .filter(|part| Some(part) != unsent.as_ref());
            let parts = vec![unsent, in_flight];
            self.queue_line(endpoint, &telling::send_queue(self.look.lang), parts);
        }
        if receives {
            let waiting = match now.datagrams {
                Some(count @ 1..) => Some(self.waiting_datagrams(&now.waiting, count)),
                _ => self.held(&now.waiting, telling::waiting),
            };
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
        let name = span(Role::Faint, format!("{name}{}", telling::colon(self.look.lang)));
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
        spans.extend(self.contents(held));
        Some(spans)
    }

    /// The receive queue of datagrams: how many, and which.
    fn waiting_datagrams(&self, held: &Held, count: u64) -> Vec<Span> {
        let lang = self.look.lang;
        let size = held.bytes().unwrap_or(0);
        let text = telling::datagrams_waiting(lang, &words::datagrams(lang, count), &words::bytes(lang, size));
        let mut spans = vec![plain(text)];
        spans.extend(self.contents(held));
        spans
    }

    /// Which messages, with their bytes, if that is known.
    fn contents(&self, held: &Held) -> Vec<Span> {
        let mut spans = Vec::new();
        if let Held::Span { flow, pieces, .. } = held {
            for (index, piece) in pieces.iter().take(MOST_PIECES).enumerate() {
                let (start, end) = self.place(piece);
                let bytes = self.story.flows.bytes(*flow, start, end, MOST_IN_LINE);
                let header = usize::try_from(self.header_of(piece).saturating_sub(piece.from)).unwrap_or(0);
                spans.push(plain(if index > 0 {
                    telling::comma(self.look.lang)
                } else {
                    telling::colon(self.look.lang)
                }));
                let text = tied(&format!(
                    "{} {}",
                    label(piece),
                    payload(&bytes, header, PAYLOAD, self.look)
                ));
                spans.push(span(Role::Message(piece.message), text));
            }
            if pieces.len() > MOST_PIECES {
                spans.push(span(Role::Faint, format!(" {}", self.look.glyphs.ellipsis)));
            }
        }
        spans
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
}
