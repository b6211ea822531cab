//! What stands in an IPv4 packet: the fields that a lesson about TCP and UDP needs, read out of its bytes. No socket, no
//! clock, no state: sequence numbers are those of the packet.
//!
//! IPv4 is RFC 791, TCP RFC 9293, its window scale RFC 7323, selective acknowledgements RFC 2018, UDP RFC 768.

#[cfg(test)]
mod tests;

use etherparse::{IpNumber, Ipv4Header, Ipv4HeaderSlice, TcpOptionElement, TcpSlice, UdpHeader};

/// What a packet says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packet {
    /// Bytes of the whole packet, IP header included.
    pub size: usize,
    /// Identification: fragments of one datagram have the same.
    pub id: u16,
    /// Which piece of a datagram it is, if the datagram was cut into fragments.
    pub fragment: Option<Fragment>,
    /// What it carries.
    pub carries: Carried,
}

/// Which piece of a datagram a packet is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fragment {
    /// Where its bytes lie in the IP payload of the whole datagram.
    pub offset: usize,
    /// Bytes of it that this packet carries.
    pub length: usize,
    /// More fragments follow this one.
    pub more: bool,
}

/// What an IP packet carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Carried {
    /// A TCP segment.
    Tcp(Segment),
    /// A UDP datagram, or the fragment of one that has its header.
    Udp(Datagram),
    /// A fragment behind the first: it has no header of its own but that of IP.
    Rest,
    /// Something else, as an ICMP message: its protocol number.
    Other(u8),
}

/// The header of a TCP segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// Source and destination port.
    pub ports: (u16, u16),
    /// Sequence number of its first byte (of SYN itself, if it has one).
    pub sequence: u32,
    /// Acknowledgement number, if the ACK bit is set.
    pub acknowledges: Option<u32>,
    /// Its control bits.
    pub flags: Flags,
    /// The window as it stands in the header, not scaled.
    pub window: u16,
    /// Window scale, in a SYN.
    pub scale: Option<u8>,
    /// Maximum segment size, in a SYN, in bytes.
    pub mss: Option<u16>,
    /// Blocks that it acknowledges selectively: first byte, and the one after the last.
    pub sack: Vec<(u32, u32)>,
    /// Bytes of data.
    pub payload: usize,
}

/// The control bits of a segment that a lesson speaks of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a bit of the header")]
pub struct Flags {
    /// It opens the stream.
    pub syn: bool,
    /// It acknowledges.
    pub ack: bool,
    /// It ends the stream.
    pub fin: bool,
    /// It breaks the connection off.
    pub rst: bool,
    /// The sender has nothing more to send at the moment.
    pub psh: bool,
}

/// The header of a UDP datagram.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Datagram {
    /// Source and destination port.
    pub ports: (u16, u16),
    /// Bytes of data in the whole datagram.
    pub length: usize,
}

/// Length of a UDP header, in bytes.
pub const UDP_HEADER: usize = 8;

impl Packet {
    /// Reads the packet in `bytes`; `None` if it is no IPv4 packet, or cut.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let header = Ipv4HeaderSlice::from_slice(bytes).ok()?;
        let (front, whole) = (header.slice().len(), usize::from(header.total_len()));
        let body = bytes.get(front..whole)?;
        let offset = usize::from(header.fragments_offset().value()) * 8;
        let fragment = header.is_fragmenting_payload().then_some(Fragment {
            offset,
            length: body.len(),
            more: header.more_fragments(),
        });
        let carries = match header.protocol() {
            _ if offset > 0 => Carried::Rest,
            IpNumber::TCP => Carried::Tcp(Segment::read(body)?),
            IpNumber::UDP => Carried::Udp(Datagram::read(body)?),
            other => Carried::Other(other.0),
        };
        Some(Self {
            size: whole,
            id: header.identification(),
            fragment,
            carries,
        })
    }

    /// The TCP segment in it, if it carries one.
    #[must_use]
    pub fn segment(&self) -> Option<&Segment> {
        match &self.carries {
            Carried::Tcp(segment) => Some(segment),
            _ => None,
        }
    }

    /// Whether it carries bytes that a program has sent.
    #[must_use]
    pub fn carries_data(&self) -> bool {
        match &self.carries {
            Carried::Tcp(segment) => segment.payload > 0,
            Carried::Udp(_) | Carried::Rest => true,
            Carried::Other(_) => false,
        }
    }

    /// Source and destination port, where it says them.
    #[must_use]
    pub fn ports(&self) -> Option<(u16, u16)> {
        match &self.carries {
            Carried::Tcp(segment) => Some(segment.ports),
            Carried::Udp(datagram) => Some(datagram.ports),
            Carried::Rest | Carried::Other(_) => None,
        }
    }
}

impl Segment {
    fn read(bytes: &[u8]) -> Option<Self> {
        let tcp = TcpSlice::from_slice(bytes).ok()?;
        let mut segment = Self {
            ports: (tcp.source_port(), tcp.destination_port()),
            sequence: tcp.sequence_number(),
            acknowledges: tcp.ack().then(|| tcp.acknowledgment_number()),
            flags: Flags {
                syn: tcp.syn(),
                ack: tcp.ack(),
                fin: tcp.fin(),
                rst: tcp.rst(),
                psh: tcp.psh(),
            },
            window: tcp.window_size(),
            scale: None,
            mss: None,
            sack: Vec::new(),
            payload: tcp.payload().len(),
        };
        // An option that cannot be read ends the list, as it does in a stack.
        for option in tcp.options_iterator().map_while(Result::ok) {
            match option {
                TcpOptionElement::MaximumSegmentSize(mss) => segment.mss = Some(mss),
                TcpOptionElement::WindowScale(scale) => segment.scale = Some(scale),
                TcpOptionElement::SelectiveAcknowledgement(first, others) => {
                    segment.sack = [Some(first)].into_iter().chain(others).flatten().collect();
                }
                _ => {}
            }
        }
        Some(segment)
    }

    /// Sequence numbers that it takes up: its data, and one each for SYN and FIN.
    #[must_use]
    pub fn takes_up(&self) -> u32 {
        let data = u32::try_from(self.payload).unwrap_or(u32::MAX);
        data.wrapping_add(u32::from(self.flags.syn))
            .wrapping_add(u32::from(self.flags.fin))
    }
}

impl Datagram {
    fn read(bytes: &[u8]) -> Option<Self> {
        let (header, _) = UdpHeader::from_slice(bytes).ok()?;
        Some(Self {
            ports: (header.source_port, header.destination_port),
            length: usize::from(header.length).checked_sub(UDP_HEADER)?,
        })
    }
}

/// The acknowledgement alone that a segment with data carries: the same headers, without the data and without FIN, with
/// checksums of their own. `None` if there is none in it, or nothing else, or it is only a piece of the packet.
#[must_use]
pub fn acknowledgement_alone(bytes: &[u8]) -> Option<Vec<u8>> {
    let (mut ip, body) = Ipv4Header::from_slice(bytes).ok()?;
    let tcp = TcpSlice::from_slice(body)
        .ok()
        .filter(|_| ip.protocol == IpNumber::TCP && !ip.is_fragmenting_payload())?;
    if !tcp.ack() || tcp.syn() || tcp.rst() || (tcp.payload().is_empty() && !tcp.fin()) {
        return None;
    }
    let mut tcp = tcp.to_header();
    (tcp.fin, tcp.psh) = (false, false);
    tcp.checksum = tcp.calc_checksum_ipv4(&ip, &[]).ok()?;
    ip.set_payload_len(tcp.header_len()).ok()?;
    ip.header_checksum = ip.calc_header_checksum();
    let mut alone = ip.to_bytes().to_vec();
    alone.extend_from_slice(&tcp.to_bytes());
    Some(alone)
}
