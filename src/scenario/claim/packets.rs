//! Claims about packets on a wire.

use super::super::Named;
use super::Amount;

/// So many packets of an endpoint were of a kind
/// (`packets = { from = "sender", are = "retransmission", at_least = 1 }`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PacketClaim {
    /// Index of the endpoint that sends them.
    pub from: usize,
    /// Of which kind.
    pub are: PacketName,
    /// How many.
    pub amount: Amount,
}

/// What a packet is, or what became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PacketName {
    /// Any packet.
    Any,
    /// It opens the connection.
    Syn,
    /// It ends the stream of its sender.
    Fin,
    /// It breaks the connection off.
    Rst,
    /// It carries nothing but an acknowledgement.
    Ack,
    /// It carries bytes of a program.
    Data,
    /// It carries bytes again that were on the wire before.
    Retransmission,
    /// It acknowledges what was acknowledged before, while more is under way.
    DuplicateAck,
    /// It acknowledges selectively.
    Sack,
    /// It tells of bytes that came twice.
    DSack,
    /// Its sender has no room.
    ZeroWindow,
    /// It says only that its sender has more room.
    WindowUpdate,
    /// Its sender may send nothing behind it: the window that it knows of is full.
    WindowFull,
    /// It asks whether there is room again.
    WindowProbe,
    /// It is a piece of a datagram.
    Fragment,
    /// It never arrived.
    Lost,
    /// It was held.
    Held,
}

impl Named for PacketName {
    const NAMES: &'static [(&'static str, Self)] = &[
        ("any", Self::Any),
        ("syn", Self::Syn),
        ("fin", Self::Fin),
        ("rst", Self::Rst),
        ("ack", Self::Ack),
        ("data", Self::Data),
        ("retransmission", Self::Retransmission),
        ("duplicate-ack", Self::DuplicateAck),
        ("sack", Self::Sack),
        ("d-sack", Self::DSack),
        ("zero-window", Self::ZeroWindow),
        ("window-update", Self::WindowUpdate),
        ("window-full", Self::WindowFull),
        ("window-probe", Self::WindowProbe),
        ("fragment", Self::Fragment),
        ("lost", Self::Lost),
        ("held", Self::Held),
    ];
}
