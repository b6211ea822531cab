//! A packet on the wire, as an event keeps it. Sequence numbers count from the connection's own start: SYN is 0, the first
//! byte of the flow 1.

use serde::{Deserialize, Serialize};

/// A packet that an endpoint has sent came onto the wire.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Packet {
    /// Its number on the wire, from 1.
    pub packet: u32,
    /// Bytes in all, IP header included.
    pub size: u64,
    /// Bytes of the program that it carries.
    pub payload: u64,
    /// Where the first of them lies in the sender's flow, if it carries any.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub start: Option<u64>,
    /// The TCP header.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub tcp: Option<Segment>,
    /// UDP: the how-manieth datagram of this endpoint it is, or is a fragment of, from 0.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub datagram: Option<u64>,
    /// Which piece of a datagram it is, if that was cut.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub fragment: Option<Fragment>,
    /// What becomes of it.
    pub fate: Fate,
}

/// What the header of a TCP segment says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segment {
    /// Of its first byte, or of SYN or FIN.
    pub sequence: u64,
    /// The next byte that its sender expects, if it says so.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub acknowledges: Option<u64>,
    /// The control bits that are set.
    pub flags: Vec<Flag>,
    /// Bytes that its sender has room for; the scale of the handshake is applied.
    pub window: u64,
    /// The largest segment that its sender takes, in a SYN.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub mss: Option<u64>,
    /// What it acknowledges selectively: first byte, and the one after the last, as sequence numbers.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub sack: Vec<[u64; 2]>,
}

/// A control bit of a TCP segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Flag {
    /// It opens the stream.
    Syn,
    /// It ends the stream.
    Fin,
    /// It breaks the connection off.
    Rst,
    /// The sender has nothing more at the moment.
    Psh,
    /// It acknowledges.
    Ack,
}

/// Which piece of a datagram a packet is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fragment {
    /// Where it begins in the IP payload of the whole datagram, UDP header included.
    pub offset: u64,
    /// Others follow it.
    pub more: bool,
}

/// What becomes of a packet when it comes onto the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fate {
    /// It goes on at once.
    Passed,
    /// It is under way for a while.
    Delayed,
    /// It goes twice.
    Duplicated,
    /// It goes after the one behind it.
    Late,
    /// It waits until somebody lets it go.
    Held,
    /// It is lost by chance.
    LostByChance,
    /// It is lost because the scenario wants it so.
    LostByRule,
}

/// In which way a packet is handed to the other end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Handing {
    /// As it came.
    Whole,
    /// Once more.
    Again,
    /// Its acknowledgement alone; the packet stays.
    Acknowledgement,
}

/// Why a packet that was held never goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Removal {
    /// Somebody took it off the wire.
    Hand,
    /// The other end did not take it.
    Refused,
}

/// What is done to the wire, to the packets that an endpoint sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "kebab-case")]
pub enum WireAct {
    /// From now on they are held.
    Hold,
    /// So many of those that are held go on.
    Release {
        /// How many went.
        packets: u64,
    },
    /// All that are held go on, the last one first.
    Reverse {
        /// How many went.
        packets: u64,
    },
    /// All that are held go on, and no more is held.
    Open {
        /// How many went.
        packets: u64,
    },
    /// The first one that is held is lost.
    Drop,
    /// The first one that is held goes on, and stays as well.
    Duplicate,
    /// The first two that are held change places.
    Swap,
    /// Of the first held one that carries data and an acknowledgement only the acknowledgement goes on.
    AcknowledgeAlone,
    /// Nothing: what this step would hold, wait for or let go is left to the person who has taken it over.
    LeftToHand,
    /// A packet that is to come will be lost.
    Lose {
        /// The how-manieth from now on, from 1.
        nth: u64,
        /// Only packets that carry bytes of a program are counted.
        data: bool,
    },
}

impl Segment {
    /// Whether a control bit is set.
    #[must_use]
    pub fn has(&self, flag: Flag) -> bool {
        self.flags.contains(&flag)
    }
}

impl Fate {
    /// Whether it never arrives.
    #[must_use]
    pub fn is_lost(self) -> bool {
        matches!(self, Self::LostByChance | Self::LostByRule)
    }
}
