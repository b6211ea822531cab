//! Where playback halts so that the class can look: authored stop points.

use super::claim::packets::PacketName;
use super::{Condition, NoteName, Text};

/// A place at which playback halts. Of a scenario its text still depends on the knobs ([`Wording`](super::Wording)).
#[derive(Debug, Clone)]
pub struct Stop<T = Text> {
    /// The stop is left out where this does not hold.
    pub when: Condition,
    /// What has just happened there.
    pub after: Mark,
    /// What the class is asked to look at.
    pub look: T,
}

/// Something that happens in a run, the first time it does. Messages are numbered from 1 in the order of sending. A
/// run need not come to every mark: under other knobs fewer messages are sent, and whether a call blocks is decided
/// by the kernel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// The `send` call that took the last byte of this message has returned (`after = { send = 3 }`).
    Send(u32),
    /// The last byte of this message has left (`after = { left = 2 }`).
    Left(u32),
    /// The last byte of this message has been acknowledged; TCP only (`after = { acked = 1 }`).
    Acked(u32),
    /// This `recv` call has returned; those of all endpoints are counted together, from 1 (`after = { read = 1 }`).
    Read(u32),
    /// This endpoint's `send` or `recv` call cannot go on and waits in the kernel; an index into
    /// [`Scenario::endpoints`](super::Scenario::endpoints) (`after = { blocked = "receiver" }`).
    Blocked(usize),
    /// This endpoint has packed values, or found that it cannot (`after = { packed = "sender" }`).
    Packed(usize),
    /// A program of any endpoint notes this (`after = { note = "served" }`).
    Note(NoteName),
    /// A packet of this kind came onto the wire (`after = { packet = "retransmission" }`).
    Packet(PacketName),
}

impl Mark {
    /// The mark's key in scenario files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Send(_) => "send",
            Self::Left(_) => "left",
            Self::Acked(_) => "acked",
            Self::Read(_) => "read",
            Self::Blocked(_) => "blocked",
            Self::Packed(_) => "packed",
            Self::Note(_) => "note",
            Self::Packet(_) => "packet",
        }
    }
}
