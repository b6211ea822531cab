//! Which messages a span of a flow consists of.
//!
//! Message *i* is a span of its sender's flow; a read, a departure, the content of a queue are spans too. Where they
//! overlap are the pieces.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::characters::{self, Part, Sections, Writing};
use crate::scenario::{PieceRef, Plan};
use crate::trace::{EndpointId, Excerpt, Trace, What};

/// The messages of every flow.
#[derive(Debug, Clone, Default)]
pub struct Flows {
    flows: Vec<Flow>,
    /// Where each message is found: its sender, and its place in the sender's flow.
    places: HashMap<u32, (EndpointId, usize)>,
}

/// The messages of one endpoint, in order, and the places among them of those with bytes and of those without.
#[derive(Debug, Clone, Default)]
struct Flow {
    messages: Vec<Message>,
    filled: Vec<usize>,
    empty: Vec<usize>,
}

/// A message and where it lies in its sender's flow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its number in the run, from 1.
    pub number: u32,
    /// First byte.
    pub start: u64,
    /// How many bytes at its front are a length header.
    pub header: u64,
    /// How many of its bytes lie in the flow: all, unless the program did not send the rest.
    pub handed: u64,
    /// How many bytes behind that are a JSON header.
    pub json: u64,
    /// How many bytes at its end are a delimiter.
    pub delimiter: u64,
    /// Its bytes.
    pub bytes: Excerpt,
    /// The step that sent it.
    step: Option<u32>,
    /// What its bytes stand for.
    pub writing: Writing,
    /// The characters among the bytes that the trace keeps, found when they are asked for.
    characters: OnceLock<Vec<Option<Part>>>,
}

/// A part of a message, or all of it. Offsets count from the message's first byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// The message's number.
    pub message: u32,
    /// First byte.
    pub from: u64,
    /// The byte after the last.
    pub to: u64,
    /// Length of the message.
    pub of: u64,
}

/// Where a span overlaps the messages of its flow. It may be of a million messages: nothing is worked out before it is
/// asked for.
#[derive(Debug, Clone, Copy)]
pub struct Overlap<'f> {
    messages: &'f [Message],
    filled: &'f [usize],
    start: u64,
    end: u64,
}

/// Bytes of a span, as far as the trace keeps them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bytes {
    /// The bytes, with `None` where the trace left them out.
    pub bytes: Vec<Option<u8>>,
    /// For each of them the character that it is a part of.
    pub characters: Vec<Option<Part>>,
    /// How many bytes between the first half and the second are not in `bytes` at all, because there are too many.
    pub skipped: u64,
}

impl Flows {
    /// The messages of a trace.
    #[must_use]
    pub fn of(trace: &Trace) -> Self {
        let mut flows = vec![Flow::default(); trace.head.endpoints.len()];
        let mut steps = vec![None; trace.head.endpoints.len()];
        for event in &trace.events {
            if let (What::Step { step }, Some(now)) = (&event.what, steps.get_mut(usize::from(event.endpoint.0))) {
                *now = Some(*step);
            }
            let Some(flow) = flows.get_mut(usize::from(event.endpoint.0)) else {
                continue;
            };
            match &event.what {
                What::Message {
                    message,
                    start,
                    header,
                    json,
                    delimiter,
                    bytes,
                } => flow.messages.push(Message {
                    number: *message,
                    start: *start,
                    header: *header,
                    json: *json,
                    delimiter: *delimiter,
                    handed: bytes.len,
                    bytes: bytes.clone(),
                    step: steps.get(usize::from(event.endpoint.0)).copied().flatten(),
                    writing: Writing::default(),
                    characters: OnceLock::new(),
                }),
                What::Abandoned { message, end } => {
                    if let Some(last) = flow.messages.last_mut().filter(|last| last.number == *message) {
                        last.handed = end.saturating_sub(last.start);
                    }
                }
                _ => {}
            }
        }
        let mut places = HashMap::new();
        for (endpoint, flow) in (0_u8..).zip(&mut flows) {
            // A file may say otherwise; everything below searches in this order.
            flow.messages.sort_by_key(|message| message.start);
            for (index, message) in flow.messages.iter().enumerate() {
                places.entry(message.number).or_insert((EndpointId(endpoint), index));
                if message.handed > 0 {
                    flow.filled.push(index);
                } else if !message.is_cut() {
                    flow.empty.push(index);
                }
            }
        }
        Self { flows, places }
    }

    /// The same, with what the steps of a plan write.
    #[must_use]
    pub fn written(mut self, plan: &Plan) -> Self {
        for message in self.flows.iter_mut().flat_map(|flow| &mut flow.messages) {
            message.writing = Writing::of(plan, message.step);
        }
        self
    }

    /// The pieces that a span of an endpoint's flow consists of, in order. Empty messages have none.
    #[must_use]
    pub fn pieces(&self, endpoint: EndpointId, start: u64, end: u64) -> Vec<Piece> {
        self.overlap(endpoint, start, end).iter().collect()
    }

    /// The same pieces, found when they are asked for.
    #[must_use]
    pub fn overlap(&self, endpoint: EndpointId, start: u64, end: u64) -> Overlap<'_> {
        let flow = self.flows.get(usize::from(endpoint.0));
        let (messages, filled) = flow.map_or((&[][..], &[][..]), |flow| (&flow.messages, &flow.filled));
        let first = filled.partition_point(|index| messages[*index].end() <= start);
        let after = filled.partition_point(|index| messages[*index].start < end);
        let filled = if start < end {
            filled.get(first..after).unwrap_or(&[])
        } else {
            &[]
        };
        Overlap {
            messages,
            filled,
            start,
            end,
        }
    }

    /// The empty messages of an endpoint at a place of its flow, in order.
    #[must_use]
    pub fn empty(&self, endpoint: EndpointId, place: u64) -> impl ExactSizeIterator<Item = Piece> {
        let flow = self.flows.get(usize::from(endpoint.0));
        let (messages, empty) = flow.map_or((&[][..], &[][..]), |flow| (&flow.messages, &flow.empty));
        let first = empty.partition_point(|index| messages[*index].start < place);
        let after = empty.partition_point(|index| messages[*index].start <= place);
        empty[first..after].iter().map(|index| messages[*index].whole())
    }

    /// The messages of one endpoint, in order.
    #[must_use]
    pub fn flow(&self, endpoint: EndpointId) -> &[Message] {
        let flow = self.flows.get(usize::from(endpoint.0));
        flow.map_or(&[], |flow| &flow.messages)
    }

    /// The message that has this byte of an endpoint's flow.
    #[must_use]
    pub fn at(&self, endpoint: EndpointId, offset: u64) -> Option<&Message> {
        let flow = self.flow(endpoint);
        let message = flow.get(flow.partition_point(|message| message.end() <= offset))?;
        (message.start <= offset).then_some(message)
    }

    /// A message by number, with its sender.
    #[must_use]
    pub fn message(&self, number: u32) -> Option<(EndpointId, &Message)> {
        let (endpoint, index) = *self.places.get(&number)?;
        Some((endpoint, self.flow(endpoint).get(index)?))
    }

    /// The bytes of a span; of a long one the first and last `most / 2`.
    #[must_use]
    pub fn bytes(&self, endpoint: EndpointId, start: u64, end: u64, most: u64) -> Bytes {
        excerpt(start, end, most, |offset| {
            let message = self.at(endpoint, offset)?;
            message.told(offset - message.start)
        })
    }
}

/// The bytes of a span; of a long one the first and last `most / 2`.
fn excerpt(start: u64, end: u64, most: u64, told: impl FnMut(u64) -> Option<(u8, Option<Part>)>) -> Bytes {
    let length = end.saturating_sub(start);
    let (head, tail) = if length <= most {
        (length, 0)
    } else {
        (most / 2, most / 2)
    };
    let told = (start..start + head).chain(end - tail..end).map(told);
    let (bytes, characters) = told
        .map(Option::unzip)
        .map(|(byte, part)| (byte, part.flatten()))
        .unzip();
    Bytes {
        bytes,
        characters,
        skipped: length - head - tail,
    }
}

impl Message {
    /// The byte of the flow after its last one there.
    #[must_use]
    pub fn end(&self) -> u64 {
        self.start + self.handed
    }

    /// Whether the program did not send the rest of it.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        self.handed < self.bytes.len
    }

    /// So many of its bytes from an offset on, whether they lie in the flow or not; of many the first and the last.
    #[must_use]
    pub fn excerpt(&self, from: u64, count: u64, most: u64) -> Bytes {
        let end = from.saturating_add(count).min(self.bytes.len);
        excerpt(from, end, most, |offset| self.told(offset))
    }

    /// A byte, and the character that it is a part of.
    #[must_use]
    pub fn told(&self, offset: u64) -> Option<(u8, Option<Part>)> {
        let byte = self.bytes.byte(offset)?;
        let characters = self.characters.get_or_init(|| {
            let (header, json) = (self.header, self.json);
            characters::characters(&self.bytes, Sections { header, json }, &self.writing)
        });
        let kept = (self.bytes.hex.len() + self.bytes.tail.len()) as u64;
        let at = if offset < self.bytes.hex.len() as u64 {
            offset
        } else {
            kept - (self.bytes.len - offset)
        };
        let part = usize::try_from(at).ok().and_then(|at| characters.get(at).copied());
        Some((byte, part.flatten()))
    }

    /// All of it as a piece.
    #[must_use]
    pub fn whole(&self) -> Piece {
        let of = self.bytes.len;
        Piece {
            message: self.number,
            from: 0,
            to: of,
            of,
        }
    }
}

impl<'f> Overlap<'f> {
    /// How many pieces.
    #[must_use]
    pub fn len(&self) -> usize {
        self.filled.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.filled.is_empty()
    }

    /// How many bytes of the span lie in messages. They follow each other without gaps, so the ends tell.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        let (Some(first), Some(last)) = (self.filled.first(), self.filled.last()) else {
            return 0;
        };
        let (first, last) = (&self.messages[*first], &self.messages[*last]);
        self.end.min(last.end()).saturating_sub(self.start.max(first.start))
    }

    /// The pieces, in order.
    #[must_use]
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = Piece> + use<'f> {
        let (messages, start, end) = (self.messages, self.start, self.end);
        let piece = move |index: &usize| {
            let message = &messages[*index];
            Piece {
                message: message.number,
                from: start.max(message.start) - message.start,
                to: end.min(message.end()) - message.start,
                of: message.bytes.len,
            }
        };
        self.filled.iter().map(piece).filter(|piece| piece.from < piece.to)
    }
}

impl Piece {
    /// Whether it is all of its message.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.from == 0 && self.to == self.of
    }

    /// The piece as scenarios write it.
    #[must_use]
    pub fn reference(&self) -> PieceRef {
        PieceRef {
            message: self.message,
            part: (!self.is_whole()).then_some((self.from, self.to)),
        }
    }
}

impl Bytes {
    /// The first ones of bytes that lie in no flow: text if all of them are.
    #[must_use]
    pub fn of(excerpt: &Excerpt) -> Self {
        let sections = Sections { header: 0, json: 0 };
        let mut characters = characters::characters(excerpt, sections, &Writing::Unknown);
        characters.truncate(excerpt.hex.len());
        Self {
            bytes: excerpt.hex.iter().copied().map(Some).collect(),
            characters,
            skipped: excerpt.len - excerpt.hex.len() as u64,
        }
    }

    /// The bytes, if none is left out.
    #[must_use]
    pub fn whole(&self) -> Option<Vec<u8>> {
        if self.skipped > 0 {
            None
        } else {
            self.bytes.iter().copied().collect()
        }
    }
}
