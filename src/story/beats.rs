//! The moments of a run that a face tells and a playhead steps through.

mod pass;
#[cfg(test)]
mod tests;

pub use pass::beats;

use crate::trace::packet::{Handing, Removal, WireAct};
use crate::trace::{Call, EndpointId, FrameFault, Until};

/// A moment that is told, with the silent events that follow it.
///
/// Events that are not told by themselves (what the kernel answered, a return that was not waited for) belong to the
/// beat before them; those before the first beat belong to the opening.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Beat {
    /// Index of the event that it tells.
    pub event: usize,
    /// Its facts are the events up to here: the index of the next beat's event.
    pub end: usize,
    /// When, in nanoseconds of the run.
    pub at: u64,
    /// Where.
    pub endpoint: EndpointId,
    /// In which step of the plan, if the trace tells.
    pub step: Option<u32>,
    /// What is told.
    pub what: BeatKind,
}

/// What a beat tells. Spans are of the endpoint's own flow, lengths are in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BeatKind {
    /// `send` is called, with this span of the flow.
    Send {
        /// The message.
        message: u32,
        /// First byte.
        start: u64,
        /// The byte after the last.
        end: u64,
        /// What came of it.
        outcome: CallOutcome,
    },
    /// `recv` is called.
    Recv {
        /// Room in the buffer.
        asked: u64,
        /// What came of it.
        outcome: CallOutcome,
        /// What it returned, if it did not block: an index into the story's reads.
        read: Option<usize>,
    },
    /// A `send` that had blocked returns.
    SendReturned {
        /// The message.
        message: u32,
        /// First byte that was taken.
        start: u64,
        /// The byte after the last that was taken.
        end: u64,
        /// Since the call began, in nanoseconds.
        blocked: u64,
    },
    /// A `recv` that had blocked returns.
    RecvReturned {
        /// Room in the buffer.
        asked: u64,
        /// What it returned: an index into the story's reads.
        read: usize,
        /// Since the call began, in nanoseconds.
        blocked: u64,
    },
    /// Many calls of one kind, told in one; the event has the figures.
    Calls {
        /// Which call.
        call: Call,
        /// First byte: of the own flow, or of `recv` of the other side's.
        start: u64,
        /// The byte after the last.
        end: u64,
    },
    /// A call fails; the event has the system's words for it.
    Failed {
        /// Which call.
        call: Call,
    },
    /// Bytes left.
    Left {
        /// Index into the story's departures.
        departure: usize,
    },
    /// Bytes were acknowledged.
    Acknowledged {
        /// First byte that was not acknowledged before.
        start: u64,
        /// The byte after the last.
        end: u64,
        /// Since the last of them left, in nanoseconds, if that was stamped.
        after: Option<u64>,
    },
    /// A step begins to wait.
    Wait(Until),
    /// A step's wait is over, and something happened meanwhile.
    Waited {
        /// For what.
        until: Until,
        /// Since it began to wait, in nanoseconds.
        after: u64,
    },
    /// The framing reader has a whole header.
    Header {
        /// The length it announces; the event has the JSON header that does, if one does.
        length: u64,
    },
    /// The framing reader delivers a body; the event has it.
    Frame,
    /// The framing reader gives up.
    Fault(FrameFault),
    /// The program does not send the rest of a message.
    Abandoned {
        /// The message.
        message: u32,
        /// How many of its bytes lie in the flow.
        handed: u64,
    },
    /// The program has decoded what it read; the event has the text.
    Text,
    /// TCP_CORK was switched.
    Corked {
        /// On or off.
        on: bool,
    },
    /// The program says something of itself; the event has it.
    Note,
    /// A program has packed values; the event has them.
    Packed,
    /// A program has unpacked what it read; the event has it.
    Unpacked,
    /// A program gives up in packing or unpacking; the event has the reason.
    PackFault,
    /// From here on departures of this endpoint are not stamped.
    StampsEnd,
    /// A packet came onto the wire; the event has it.
    Packet {
        /// Its number on the wire.
        packet: u32,
    },
    /// A packet that did not pass at once reaches the other end.
    Arrives {
        /// Its number on the wire.
        packet: u32,
        /// In which way.
        how: Handing,
    },
    /// A packet that was on the wire is taken off it.
    Removed {
        /// Its number on the wire.
        packet: u32,
        /// Why.
        why: Removal,
    },
    /// From here on packets are not recorded.
    PacketsEnd,
    /// Something is done to the wire.
    Wire {
        /// What.
        act: WireAct,
        /// By a person, not by the scenario.
        by_hand: bool,
    },
    /// The endpoint sends no more.
    HalfClosed,
    /// The socket was closed.
    Closed {
        /// So that the connection is broken off: an RST instead of a FIN.
        resets: bool,
    },
}

/// What comes of a call, as far as it is told where the call begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallOutcome {
    /// It returns so many bytes.
    Returned(u64),
    /// It cannot go on yet.
    Blocked,
    /// It fails.
    Failed,
    /// It had not returned when the run ended.
    Never,
}

impl Beat {
    /// It is a send or a read: what somebody steps through message by message.
    #[must_use]
    pub fn is_about_a_message(&self) -> bool {
        matches!(
            self.what,
            BeatKind::Send { .. } | BeatKind::Recv { read: Some(_), .. } | BeatKind::RecvReturned { .. }
        )
    }
}

impl BeatKind {
    /// A call is known to end like this.
    pub(super) fn ends(&mut self, with: CallOutcome) {
        if let Self::Send { outcome, .. } | Self::Recv { outcome, .. } = self {
            *outcome = with;
        }
    }
}
