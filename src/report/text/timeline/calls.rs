//! Calls, what they returned, and the bytes of each read.

use super::super::super::hexdump;
use super::super::super::line::{Role, Span, plain, span, tied};
use super::super::payload::payload;
use super::{MOST_IN_LINE, PAYLOAD, TIME, Teller, labels};
use crate::scenario::Reading;
use crate::story::pieces::Piece;
use crate::story::reads::Read;
use crate::story::{peer, sentences};
use crate::trace::{Call, EndpointId, Event, What};
use crate::words::{self, telling};

impl Teller<'_, '_> {
    pub(super) fn send_call(&mut self, index: usize, event: &Event, number: u32) {
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
        text.push(span(
            Role::Message(number),
            tied(&payload(&bytes, header, PAYLOAD, self.look)),
        ));
        text.push(plain(format!(" {} ", self.look.glyphs.arrow)));
        text.push(self.result(outcome.filter(|_| !blocked), blocked, Call::Send));
        self.line(event, &text, vec![]);
    }

    pub(super) fn recv_call(&mut self, index: usize, event: &Event, asked: u64) {
        let (outcome, blocked) = self.outcome(index, event.endpoint);
        let returned = matches!(outcome.map(|event| &event.what), Some(What::Recv { .. })) && !blocked;
        let result = self.result(outcome.filter(|_| !blocked), blocked, Call::Recv);
        let text = vec![plain(format!("recv({asked}) {} ", self.look.glyphs.arrow)), result];
        let note = if returned { self.next_reading() } else { vec![] };
        self.line(event, &text, note);
        if returned {
            // The bytes belong to this line, whatever was stamped until the call returned.
            self.bytes_of_next_read();
        }
    }

    /// A call that had blocked returns: it gets a line of its own.
    pub(super) fn late_return(&mut self, index: usize, event: &Event, result: &str) {
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
        let is_read = matches!(event.what, What::Recv { .. });
        let note = if is_read { self.next_reading() } else { vec![] };
        self.line(event, &text, note);
        if is_read {
            self.bytes_of_next_read();
        }
    }

    /// The bytes of the read that is told now.
    fn bytes_of_next_read(&mut self) {
        let Some(read) = self.story.reads.get(self.reads).cloned() else {
            return;
        };
        self.reads += 1;
        if read.returned > 0 {
            let end = read.start + read.returned;
            let bytes = self
                .story
                .flows
                .bytes(peer(read.endpoint), read.start, end, hexdump::MOST);
            let indent = TIME + self.name_width + 2;
            self.lines
                .extend(hexdump::rows(&bytes, &read.pieces, indent, self.look));
        }
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

    /// The reading of the read that is told now.
    fn next_reading(&self) -> Vec<Span> {
        self.story
            .reads
            .get(self.reads)
            .map_or(vec![], |read| vec![self.reading(read)])
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
            (Reading::Partial, Some(piece)) if self.header_of(piece) > piece.to => {
                let got = piece.to - piece.from;
                span(
                    Role::Notable,
                    telling::reading_part_of_header(lang, got, self.header_of(piece), piece.message),
                )
            }
            (Reading::Partial, Some(piece)) => {
                let of = words::bytes(lang, piece.of);
                span(
                    Role::Notable,
                    telling::reading_partial(lang, &words::grouped(piece.to - piece.from), &of),
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
        let header = self.header_of(piece);
        header > 0 && ((piece.from == 0 && piece.to == header) || (piece.from == header && piece.to == piece.of))
    }

    /// How many bytes at the front of a piece's message are its length header.
    pub(super) fn header_of(&self, piece: &Piece) -> u64 {
        self.story
            .flows
            .message(piece.message)
            .map_or(0, |(_, message)| message.header)
    }
}
