//! A wire of the lab's own between two real TCP/IP stacks of the kernel: two private networks, a TUN device in each, and
//! the lab carries every packet from one to the other. It takes no privilege where user namespaces and /dev/net/tun are
//! allowed.
//!
//! [`Ends::make`] has a [helper](networks) process make both networks; [`carry`] is the wire itself: a thread that reads the
//! packets of either end, decides by [`conditions`] and by what it is told what becomes of each, and tells an
//! [`Observer`](carry::Observer).

pub mod carry;
pub mod conditions;
#[cfg(all(target_os = "linux", not(lab_portable)))]
mod handover;
#[cfg(all(target_os = "linux", not(lab_portable)))]
mod netlink;
#[cfg(all(target_os = "linux", not(lab_portable)))]
pub mod networks;

use std::fs::File;
use std::io;
use std::net::Ipv4Addr;
use std::path::Path;
use std::time::Duration;

use socket2::Socket;

/// Both ends of a wire: end 0 has [`ADDRESSES`]`[0]`, end 1 the other. Nobody carries its packets yet.
#[derive(Debug)]
pub struct Ends {
    /// The TUN devices. Who holds them is the wire.
    pub devices: [File; 2],
    /// Sockets in the network of each end, one a connection, neither bound nor connected.
    pub sockets: [Vec<Socket>; 2],
    /// Both networks send no tail loss probes: that was wanted ([`Order::rto_min_ms`]), and /proc could be written.
    pub tail_probes_off: bool,
}

/// The addresses of both ends.
pub const ADDRESSES: [Ipv4Addr; 2] = [Ipv4Addr::new(10, 0, 0, 1), Ipv4Addr::new(10, 0, 0, 2)];

/// Most connections over one wire.
pub const MOST_CONNECTIONS: usize = 4;

/// A device and the sockets of one end.
#[cfg(all(target_os = "linux", not(lab_portable)))]
const MOST_DESCRIPTORS: usize = 1 + MOST_CONNECTIONS;

/// What the two ends are to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order {
    /// Which sockets are wanted.
    pub kind: Kind,
    /// How many on each end.
    pub connections: usize,
    /// Longest packet, in bytes, IP header included.
    pub mtu: u32,
    /// The shortest retransmission timeout, in milliseconds; the tail of what was sent is then not repeated sooner
    /// either. `None`: the kernel's own.
    pub rto_min_ms: Option<u32>,
}

/// Which sockets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// TCP.
    Stream,
    /// UDP.
    Datagrams,
}

/// What the helper does, one after the other; from [`Stage::Open`] on once for each end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Stage {
    /// The process runs.
    Start,
    /// A user namespace and a network in it.
    Namespace,
    /// The second network.
    Network,
    /// /dev/net/tun is opened.
    Open,
    /// The device is made.
    Device,
    /// It has an address, an MTU and a route.
    Address,
    /// The sockets are made.
    Sockets,
    /// The descriptors are handed over.
    HandOver,
}

/// Why there is no wire.
#[derive(Debug, thiserror::Error)]
pub enum WireError {
    /// Only Linux has network namespaces and such TUN devices.
    #[error("this system has no network namespaces")]
    System,
    /// The helper did not start.
    #[error("start the helper: {0}")]
    Start(#[source] io::Error),
    /// A stage failed.
    #[error("{stage}: {source}")]
    Stage {
        /// Which.
        stage: Stage,
        /// Why.
        source: io::Error,
    },
    /// The helper ended in the middle, or said something that is none of its words.
    #[error("the helper ended before it had done this: {stage}")]
    Gone {
        /// What it should have done next.
        stage: Stage,
    },
}

impl Ends {
    /// Has both networks made. `program` is the lab itself, which the helper is (`None`: this very process' own file).
    ///
    /// # Errors
    /// Which stage failed, and why.
    #[cfg(all(target_os = "linux", not(lab_portable)))]
    pub fn make(order: Order, program: Option<&Path>, deadline: Duration) -> Result<Self, WireError> {
        handover::make(order, program, deadline, &mut |_, _| {})
    }

    /// Not here.
    ///
    /// # Errors
    /// Always.
    #[cfg(not(all(target_os = "linux", not(lab_portable))))]
    pub fn make(_: Order, _: Option<&Path>, _: Duration) -> Result<Self, WireError> {
        Err(WireError::System)
    }

    /// The same, and `at` is told of each stage that is done, with the helper's process number, while the helper waits.
    ///
    /// # Errors
    /// As [`Ends::make`].
    #[cfg(all(target_os = "linux", not(lab_portable)))]
    pub fn make_watched(
        order: Order,
        program: Option<&Path>,
        deadline: Duration,
        at: &mut dyn FnMut(Stage, u32),
    ) -> Result<Self, WireError> {
        handover::make(order, program, deadline, at)
    }
}

impl Order {
    /// As the helper's arguments.
    #[must_use]
    pub fn arguments(&self) -> [String; 4] {
        let kind = match self.kind {
            Kind::Stream => "tcp",
            Kind::Datagrams => "udp",
        };
        let timeout = self.rto_min_ms.unwrap_or(0);
        [
            kind.into(),
            self.connections.to_string(),
            self.mtu.to_string(),
            timeout.to_string(),
        ]
    }

    /// Reads them; `None` if they are none.
    #[must_use]
    pub fn read(arguments: &[String]) -> Option<Self> {
        let [kind, connections, mtu, timeout] = arguments else {
            return None;
        };
        Some(Self {
            kind: match kind.as_str() {
                "tcp" => Kind::Stream,
                "udp" => Kind::Datagrams,
                _ => return None,
            },
            connections: connections.parse().ok().filter(|count| *count <= MOST_CONNECTIONS)?,
            mtu: mtu.parse().ok()?,
            rto_min_ms: Some(timeout.parse().ok()?).filter(|timeout| *timeout > 0),
        })
    }
}

impl Stage {
    /// Every one, in the order in which the helper does them for the first end.
    pub const ALL: [Self; 8] = [
        Self::Start,
        Self::Namespace,
        Self::Network,
        Self::Open,
        Self::Device,
        Self::Address,
        Self::Sockets,
        Self::HandOver,
    ];

    #[cfg(all(target_os = "linux", not(lab_portable)))]
    fn of(byte: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| *stage as u8 == byte)
    }
}

impl std::fmt::Display for Stage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Start => "start",
            Self::Namespace => "unshare a user and a network namespace",
            Self::Network => "unshare the second network namespace",
            Self::Open => "open /dev/net/tun",
            Self::Device => "make a TUN device",
            Self::Address => "give the TUN device its address",
            Self::Sockets => "make the sockets",
            Self::HandOver => "hand the descriptors over",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_comes_back_from_its_arguments() {
        for kind in [Kind::Stream, Kind::Datagrams] {
            for rto_min_ms in [None, Some(1000)] {
                for connections in 0..=MOST_CONNECTIONS {
                    for mtu in [576, 1500, 65_535] {
                        let order = Order {
                            kind,
                            connections,
                            mtu,
                            rto_min_ms,
                        };
                        assert_eq!(Order::read(&order.arguments()), Some(order));
                    }
                }
            }
        }
    }

    #[test]
    fn what_is_no_order_is_none() {
        for line in [
            "",
            "tcp 1 1500",
            "tcp 1 1500 0 more",
            "sctp 1 1500 0",
            "tcp 5 1500 0",
            "tcp -1 1500 0",
            "udp 1 many 0",
            "udp 1 1500 held",
        ] {
            let arguments: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
            assert_eq!(Order::read(&arguments), None, "{line}");
        }
    }
}
