//! Packets between the two ends of a connection, as a sequence diagram: time runs downwards, an arrow a packet, and beside
//! each end what its program does.

mod arrow;

use unicode_width::UnicodeWidthStr;

use super::Look;
use super::beat;
use super::line::{Line, Role, Span, plain, span, wrap};
use crate::story::beats::{Beat, BeatKind};
use crate::story::{Story, lanes};
use crate::trace::packet::Flag;
use crate::trace::{EndpointId, What};
use crate::words::{self, telling, wire};
use arrow::Drawn;

/// What a beat is in the diagram.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rung {
    /// The beat, as an index into the story's beats.
    pub beat: usize,
    /// Its lines.
    pub lines: Vec<Line>,
}

/// The diagram of one connection.
#[derive(Debug, Clone, Copy)]
pub struct Ladder<'s> {
    story: &'s Story,
    look: &'s Look,
    /// Its ends: the one that connects stands on the left.
    pub sides: [EndpointId; 2],
    /// Width of the time column with the blanks behind it.
    time: usize,
}

/// The diagrams of all connections of a run, one below the other.
#[must_use]
pub fn ladder(story: &Story, look: &Look) -> Vec<Line> {
    rung_by_rung(story, look).concat()
}

/// The same in parts: each a rung, with the heading over the first one of its connection.
#[must_use]
pub fn rung_by_rung(story: &Story, look: &Look) -> Vec<Vec<Line>> {
    let connections = story.trace.head.endpoints.len() / 2;
    let mut told = Vec::new();
    for connection in 0..connections {
        let mut lines = Vec::new();
        if connection > 0 {
            lines.push(Line::blank());
        }
        if connections > 1 {
            let heading = wire::ladder_of(look.lang, connection + 1, connections);
            lines.push(Line(vec![span(Role::Title, heading)]));
        }
        let ladder = Ladder::of(story, look, connection);
        lines.push(ladder.heading());
        for rung in ladder.rungs(story.beats.len(), usize::MAX) {
            lines.extend(rung.lines);
            told.push(std::mem::take(&mut lines));
        }
        if !lines.is_empty() {
            told.push(lines);
        }
    }
    told
}

/// Least width of the time column without the blanks behind it.
const TIME: usize = 9;

impl<'s> Ladder<'s> {
    /// The diagram of a connection.
    #[must_use]
    pub fn of(story: &'s Story, look: &'s Look, connection: usize) -> Self {
        let base = u8::try_from((2 * connection).min(254)).unwrap_or(0);
        let sides = [EndpointId(base), EndpointId(base + 1)];
        let connects = |side: &EndpointId| first_says(story, *side);
        let sides = if connects(&sides[1]) {
            [sides[1], sides[0]]
        } else {
            sides
        };
        // A blank stays before the longest time, where a face may put a mark.
        let longest = story.beats.last().map_or(0, |beat| words::moment(beat.at).width() + 1);
        let time = TIME.max(longest) + 2;
        Self {
            story,
            look,
            sides,
            time,
        }
    }

    /// The same with this end on the left and the other on the right.
    #[must_use]
    pub fn between(self, sides: [EndpointId; 2]) -> Self {
        Self { sides, ..self }
    }

    /// The line above: the unit of the times, and who is who.
    #[must_use]
    pub fn heading(&self) -> Line {
        let lang = self.look.lang;
        let names = self.sides.map(|side| words::endpoint(lang, self.story.name(side)));
        let unit = telling::column_time(lang);
        let blanks = (self.time - 2).saturating_sub(unit.width());
        let left = vec![span(Role::Title, names[0].as_str())];
        let right = vec![span(Role::Title, names[1].as_str())];
        let gap = (self.room() + 2).saturating_sub(names[0].width() + names[1].width());
        let mut spans = vec![span(Role::Faint, format!("{}{unit}  ", " ".repeat(blanks)))];
        spans.extend(left);
        spans.push(plain(" ".repeat(gap)));
        spans.extend(right);
        Line(spans)
    }

    /// The last rungs of those beats that stand before `position`: as many as take `rows` lines, or one more.
    #[must_use]
    pub fn rungs(&self, position: usize, rows: usize) -> Vec<Rung> {
        // Of each end what its program does and what its packets do: from the last one backwards, so that it costs the
        // same wherever the playhead stands.
        let mut lists = self.sides.map(|side| {
            let lane = self.story.lane(side);
            [lanes::told(&lane.program, position), lanes::told(&lane.wire, position)]
        });
        let mut rungs = Vec::new();
        let mut used = 0;
        while used < rows {
            let lists = lists.iter_mut().flatten();
            let Some(latest) = lists.max_by_key(|list| list.last().copied()) else {
                break;
            };
            let Some((beat, before)) = latest.split_last() else {
                break;
            };
            *latest = before;
            if let Some(rung) = self.rung(*beat) {
                used += rung.lines.len();
                rungs.push(rung);
            }
        }
        rungs.reverse();
        rungs
    }

    /// A beat in the diagram; `None` if it is not shown there.
    fn rung(&self, index: usize) -> Option<Rung> {
        let beat = self.story.beats.get(index)?;
        let drawn = match beat.what {
            BeatKind::Packet { packet } => arrow::comes(self, packet)?,
            BeatKind::Arrives { packet, how } => arrow::arrives(self, packet, how, beat.at)?,
            BeatKind::Removed { packet, why } => arrow::removed(self, packet, why)?,
            BeatKind::Send { .. }
            | BeatKind::Recv { .. }
            | BeatKind::SendReturned { .. }
            | BeatKind::RecvReturned { .. }
            | BeatKind::Calls { .. }
            | BeatKind::Failed { .. }
            | BeatKind::HalfClosed
            | BeatKind::Closed { .. } => self.call(beat, true),
            BeatKind::Wire { .. } | BeatKind::PacketsEnd => self.call(beat, false),
            _ => return None,
        };
        let lines = drawn.rows.into_iter().enumerate().map(|(row, content)| {
            let is_first = row == 0;
            let time = is_first.then_some(beat.at);
            let mark = drawn.mark.filter(|_| is_first);
            self.row(time, content, mark)
        });
        Some(Rung {
            beat: index,
            lines: lines.collect(),
        })
    }

    /// What a program does, or what is done to the wire, beside its end.
    fn call(&self, beat: &Beat, is_call: bool) -> Drawn {
        let mut text = beat::sentence(self.story, beat, self.look);
        let note = beat::note(self.story, beat, self.look);
        if !note.is_empty() {
            text.push(plain("  "));
            text.extend(note);
        }
        let side = usize::from(beat.endpoint != self.sides[0]);
        let room = self.room() - 1;
        let lines = wrap(Line::blank(), &text, room);
        let placed = |line: Line| {
            let blank = plain(" ".repeat(room.saturating_sub(line.width())));
            if side == 0 {
                [vec![plain(" ")], line.0, vec![blank]].concat()
            } else {
                [vec![blank], line.0, vec![plain(" ")]].concat()
            }
        };
        Drawn {
            rows: lines.into_iter().map(placed).collect(),
            mark: is_call.then_some(side),
        }
    }

    /// A line: the time, both lines of time, and what stands between them.
    fn row(&self, time: Option<u64>, content: Vec<Span>, mark: Option<usize>) -> Line {
        let glyphs = &self.look.glyphs;
        let time = time.map_or(String::new(), words::moment);
        let end = |side: usize| {
            if mark == Some(side) {
                span(Role::Notable, glyphs.mark)
            } else {
                span(Role::Faint, glyphs.bar)
            }
        };
        let mut spans = vec![
            span(Role::Faint, format!("{time:>width$}  ", width = self.time - 2)),
            end(0),
        ];
        spans.extend(content);
        spans.push(end(1));
        Line(spans)
    }

    /// Cells between the two lines of time.
    fn room(&self) -> usize {
        self.look.width.saturating_sub(self.time + 2).max(20)
    }
}

/// Whether an endpoint was the one that opened the connection.
fn first_says(story: &Story, side: EndpointId) -> bool {
    let opens = |packet: &crate::trace::packet::Packet| {
        let segment = packet.tcp.as_ref();
        segment.is_some_and(|segment| segment.has(Flag::Syn) && !segment.has(Flag::Ack))
    };
    // The handshake is at the start.
    let mut events = story.trace.events.iter().take(MOST_LOOKED_AT);
    events.any(|event| event.endpoint == side && matches!(&event.what, What::Packet(packet) if opens(packet)))
}

/// Connections are made before anything else happens.
const MOST_LOOKED_AT: usize = 256;
