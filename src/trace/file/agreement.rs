//! Whether the lines of a trace agree with each other: a file may come from anywhere.

use std::collections::BTreeMap;
use std::ops::Range;

use super::numbers::{LONGEST_DATAGRAM, LONGEST_FLOW};
use crate::trace::{Call, Event, Head, What};

/// What the events up to here say, as far as the later ones must agree with it: so the story can add and subtract
/// without fear, and the bytes of every read have come from somewhere.
pub(super) struct SoFar {
    stream: bool,
    /// Where the flow of each endpoint ends: the bytes of all its messages.
    sent: Vec<u64>,
    /// The number and the beginning of each endpoint's last message, and how far its calls have come in the flow.
    last: Vec<Option<(u32, u64)>>,
    handed: Vec<u64>,
    /// How much of the other side's flow each endpoint has read.
    read: Vec<u64>,
    /// How many bytes of each endpoint's flow are said to have left, and to be acknowledged.
    left: Vec<u64>,
    acknowledged: Vec<u64>,
    /// The call, and the wait, that each endpoint has begun and not ended.
    call: Vec<Option<Call>>,
    waits: Vec<bool>,
    /// The step that each endpoint began last.
    steps: Vec<Option<u32>>,
    /// Where the datagrams begin and end that each endpoint has read.
    datagrams: Vec<BTreeMap<u64, u64>>,
}

impl SoFar {
    pub(super) fn new(head: &Head) -> Self {
        let sides = head.endpoints.len().next_multiple_of(2);
        Self {
            stream: head.is_stream(),
            sent: vec![0; sides],
            last: vec![None; sides],
            handed: vec![0; sides],
            read: vec![0; sides],
            left: vec![0; sides],
            acknowledged: vec![0; sides],
            call: vec![None; sides],
            waits: vec![false; sides],
            steps: vec![None; sides],
            datagrams: vec![BTreeMap::new(); sides],
        }
    }

    /// Looks at an event whose numbers are bounded: no sum of a few of them overflows.
    #[expect(clippy::too_many_lines, reason = "one arm for each event")]
    pub(super) fn check(&mut self, event: &Event) -> Result<(), &'static str> {
        let own = usize::from(event.endpoint.0);
        match &event.what {
            What::Message {
                message,
                start,
                bytes,
                header,
                json,
                delimiter,
            } => {
                if header + json + delimiter > bytes.len {
                    return Err("a header longer than its message");
                }
                if !self.stream && bytes.len > LONGEST_DATAGRAM {
                    return Err("a datagram longer than any");
                }
                if *start != self.sent[own] {
                    return Err("the message does not begin where the one before it ends");
                }
                self.sent[own] = within(*start, bytes.len, LONGEST_FLOW)?;
                self.last[own] = Some((*message, *start));
            }
            What::Abandoned { message, end } => self.abandoned(own, *message, *end)?,
            What::Step { step } if self.steps[own].replace(*step).is_some_and(|before| before >= *step) => {
                return Err("a step begins that does not come after the one before it");
            }
            What::Send {
                asked, returned, start, ..
            } => {
                in_order(*returned, *asked)?;
                let end = within(*start, *returned, self.sent[own]);
                self.handed[own] = end
                    .map_err(|_| "more was sent than the messages have")?
                    .max(self.handed[own]);
                self.returns(own, Call::Send)?;
            }
            What::Recv {
                asked,
                returned,
                start,
                datagram,
                ..
            } => {
                in_order(*returned, *asked)?;
                in_order(*returned, datagram.unwrap_or(*returned))?;
                self.received(own, *start, datagram.unwrap_or(*returned))?;
                self.returns(own, Call::Recv)?;
            }
            What::Calls {
                call,
                bytes,
                start,
                since_ns,
                ..
            } => {
                if !self.stream || *since_ns > event.at {
                    return Err("calls are told together that cannot be");
                }
                self.moved(own, *call, *start, *bytes)?;
            }
            What::SendCall { .. } => self.call[own] = Some(Call::Send),
            What::RecvCall { .. } => self.call[own] = Some(Call::Recv),
            What::Wait { .. } => self.waits[own] = true,
            What::Waited { .. } if !std::mem::take(&mut self.waits[own]) => {
                return Err("a wait ends that did not begin");
            }
            What::Left { start, end } => {
                in_order(*start, *end)?;
                add(&mut self.left[own], *start..*end, self.sent[own]).ok_or("more left than was sent")?;
            }
            What::Acknowledged { start, end } => {
                in_order(*start, *end)?;
                add(&mut self.acknowledged[own], *start..*end, self.sent[own])
                    .ok_or("more was acknowledged than was sent")?;
            }
            What::Packet(packet) => {
                within(packet.start.unwrap_or(0), packet.payload, LONGEST_FLOW)?;
            }
            // What these say is compared with nothing.
            What::Opened { .. }
            | What::Step { .. }
            | What::OptionSet { .. }
            | What::Blocked { .. }
            | What::Failed { .. }
            | What::Queues { .. }
            | What::Segments { .. }
            | What::StampsEnd
            | What::Waited { .. }
            | What::Header { .. }
            | What::Frame { .. }
            | What::FrameFault { .. }
            | What::Packed { .. }
            | What::Unpacked { .. }
            | What::PackFault { .. }
            | What::Text { .. }
            | What::Corked { .. }
            | What::Note { .. }
            | What::Delivered { .. }
            | What::Removed { .. }
            | What::PacketsEnd
            | What::Wire { .. }
            | What::HalfClosed
            | What::Closed => {}
        }
        Ok(())
    }
}

impl SoFar {
    /// Nothing after this of a message is sent.
    fn abandoned(&mut self, own: usize, message: u32, end: u64) -> Result<(), &'static str> {
        let begun = self.last[own].filter(|(number, _)| *number == message);
        let (_, start) = begun.ok_or("a message is abandoned that is not the last one")?;
        // What was handed over, left or was read is not taken back.
        let least = start.max(self.handed[own]).max(self.read[own ^ 1]).max(self.left[own]);
        if end < least || end > self.sent[own] {
            return Err("a message is abandoned at a place where it does not end");
        }
        self.sent[own] = end;
        Ok(())
    }

    /// Many calls, told together, moved so many bytes.
    fn moved(&mut self, own: usize, call: Call, start: u64, bytes: u64) -> Result<(), &'static str> {
        let flow = if call == Call::Send { own } else { own ^ 1 };
        let end = within(start, bytes, self.sent[flow]).map_err(|_| "calls moved more than was sent")?;
        if call == Call::Send {
            self.handed[own] = end.max(self.handed[own]);
        } else if start != self.read[own] {
            return Err("the read does not begin where the one before it ended");
        } else {
            self.read[own] = end;
        }
        Ok(())
    }

    /// These bytes of the other side's flow were read, or cut off a datagram that was.
    fn received(&mut self, own: usize, start: u64, length: u64) -> Result<(), &'static str> {
        if self.stream && start != self.read[own] {
            return Err("the read does not begin where the one before it ended");
        }
        // 2k and 2k + 1 are the two ends of connection k.
        let end = within(start, length, self.sent[own ^ 1]);
        let end = end.map_err(|_| "more was read than the other endpoint had sent")?;
        self.read[own] = end;
        // Each datagram is handed out once. Without this, few lines could tell the same bytes without end.
        let before = self.datagrams[own].range(..end).next_back();
        if !self.stream && end > start {
            if before.is_some_and(|(_, before)| *before > start) {
                return Err("the datagram was read before");
            }
            self.datagrams[own].insert(start, end);
        }
        Ok(())
    }

    fn returns(&mut self, own: usize, call: Call) -> Result<(), &'static str> {
        if self.call[own].take() == Some(call) {
            Ok(())
        } else {
            Err("a call returns that did not begin")
        }
    }
}

/// Adds a span to a count of bytes, as long as both stay within what was sent.
fn add(count: &mut u64, span: Range<u64>, sent: u64) -> Option<()> {
    *count += span.end - span.start;
    (span.end <= sent && *count <= sent).then_some(())
}

/// Where a span ends, if that is no later than `most`.
fn within(start: u64, length: u64, most: u64) -> Result<u64, &'static str> {
    let end = start.checked_add(length).filter(|end| *end <= most);
    end.ok_or("a span that ends too late")
}

fn in_order(start: u64, end: u64) -> Result<(), &'static str> {
    if start > end {
        Err("a span that ends before it begins")
    } else {
        Ok(())
    }
}
