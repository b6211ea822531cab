//! The state of a TCP connection as its kernel has it (RFC 9293, section 3.3.2).

use serde::{Deserialize, Serialize};

/// What the kernel says of a TCP connection (tcpi_state, tcp(7)).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TcpState {
    /// Both directions are open.
    #[default]
    Established,
    /// Its SYN is not answered yet.
    SynSent,
    /// It has answered a SYN.
    SynReceived,
    /// It sends no more, and its FIN is not acknowledged.
    #[serde(rename = "fin-wait-1")]
    FinWait1,
    /// Its FIN is acknowledged, the other side's has not come.
    #[serde(rename = "fin-wait-2")]
    FinWait2,
    /// Both FINs are acknowledged.
    TimeWait,
    /// It is over: both sides have ended it, or it was broken off.
    Closed,
    /// The other side's FIN has come.
    CloseWait,
    /// The other side's FIN has come, and its own is not acknowledged.
    LastAck,
    /// It waits for connections.
    Listen,
    /// Both FINs are under way.
    Closing,
}

impl TcpState {
    /// By the kernel's number (<linux/tcp.h>).
    #[must_use]
    pub fn of_number(number: u8) -> Option<Self> {
        Some(match number {
            1 => Self::Established,
            2 => Self::SynSent,
            // 12: the same of a request that has no socket of its own yet.
            3 | 12 => Self::SynReceived,
            4 => Self::FinWait1,
            5 => Self::FinWait2,
            6 => Self::TimeWait,
            7 => Self::Closed,
            8 => Self::CloseWait,
            9 => Self::LastAck,
            10 => Self::Listen,
            11 => Self::Closing,
            _ => return None,
        })
    }

    /// Whether its own FIN was handed over and is not acknowledged: SIOCOUTQ counts it like a byte.
    #[must_use]
    pub fn awaits_ack_of_fin(self) -> bool {
        matches!(self, Self::FinWait1 | Self::Closing | Self::LastAck)
    }
}
