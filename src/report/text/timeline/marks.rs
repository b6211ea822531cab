//! Departures, acknowledgements, waits and faults: what is told in one line.

use super::super::super::line::{Role, Span, plain, span};
use super::{MOST_PIECES, Teller, label, labels};
use crate::story::departures::departure_of;
use crate::story::pieces::Piece;
use crate::trace::{Event, FrameFault, Until, What};
use crate::words::{self, telling};

impl Teller<'_, '_> {
    pub(super) fn left(&mut self, event: &Event) {
        let lang = self.look.lang;
        let Some(departure) = self.story.departures.get(self.departures) else {
            return;
        };
        self.departures += 1;
        let size = words::bytes(lang, departure.end - departure.start);
        let names = self.names(&departure.pieces);
        let text = if !departure.at_once {
            self.colored(
                &telling::left_by_now(lang, &names, &size),
                &departure.pieces,
                Role::Plain,
            )
        } else if departure.pieces.len() > 1 {
            self.colored(
                &telling::left_together(lang, &names, &size),
                &departure.pieces,
                Role::Notable,
            )
        } else {
            self.colored(&telling::left(lang, &names, &size), &departure.pieces, Role::Plain)
        };
        self.line(event, &text, self.stamp());
    }

    pub(super) fn acknowledged(&mut self, event: &Event, start: u64, end: u64) {
        let lang = self.look.lang;
        let pieces = self.story.flows.pieces(event.endpoint, start, end);
        let names = self.names(&pieces);
        let left = departure_of(&self.story.departures, event.endpoint, end);
        let text = match left.and_then(|left| event.at.checked_sub(left.at)) {
            Some(after) => telling::acknowledged(lang, &names, &words::millis(after)),
            None => telling::acknowledged_plain(lang, &names),
        };
        let text = self.colored(&text, &pieces, Role::Plain);
        self.line(event, &text, self.stamp());
    }

    fn stamp(&self) -> Vec<Span> {
        vec![span(Role::Faint, telling::kernel_stamp(self.look.lang))]
    }

    pub(super) fn waits(&self, until: Until) -> String {
        let lang = self.look.lang;
        match until {
            Until::Queued(bytes) => telling::waits_for_bytes(lang, &words::bytes(lang, bytes)),
            Until::DatagramsQueued(count) => telling::waits_for_datagrams(lang, &words::datagrams(lang, count)),
            Until::Acknowledged => telling::waits_for_ack(lang),
        }
    }

    /// The end of a wait is told if something happened meanwhile.
    pub(super) fn waited(&mut self, index: usize, event: &Event) {
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

    pub(super) fn fault(&self, fault: FrameFault) -> String {
        let lang = self.look.lang;
        let bytes = |count| words::bytes(lang, count);
        match fault {
            FrameFault::ShortHeader { got } => telling::short_header(lang, got),
            FrameFault::ShortBody { got, of } => telling::short_body(lang, &bytes(got), &bytes(of)),
            FrameFault::OverLimit { length, limit } => telling::over_limit(lang, &bytes(length), &bytes(limit)),
        }
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

    /// A sentence with the messages' names in their colours.
    fn colored(&self, sentence: &str, pieces: &[Piece], role: Role) -> Vec<Span> {
        let names = self.names(pieces);
        match sentence
            .split_once(&names)
            .filter(|_| pieces.len() <= MOST_PIECES && !names.is_empty())
        {
            Some((before, after)) => [vec![span(role, before)], labels(pieces), vec![span(role, after)]].concat(),
            None => vec![span(role, sentence)],
        }
    }
}
