//! Says to the kernel how a device is to be: its address, MTU, queue and route (rtnetlink(7)). Four requests are all the
//! lab needs, so they are written here byte by byte.

use std::io::{self, Read, Write};
use std::net::Ipv4Addr;

use rustix::net::netdevice::name_to_index;
use socket2::{Domain, Protocol, Socket, Type};

/// A conversation with the kernel about the network of this process.
pub struct Netlink(Socket);

/// How a device is to be.
pub struct Device {
    /// Its index.
    pub index: u32,
    /// Longest packet, in bytes.
    pub mtu: u32,
    /// Packets that wait in it until they are read.
    pub queue: u32,
    /// Its own address.
    pub own: Ipv4Addr,
    /// The address at the other end.
    pub peer: Ipv4Addr,
    /// The shortest retransmission timeout towards the other end, in milliseconds (RTAX_RTO_MIN); `None`: the kernel's.
    pub rto_min_ms: Option<u32>,
}

const ACKNOWLEDGED: u16 = 5; // NLM_F_REQUEST | NLM_F_ACK
const CREATE: u16 = 0x400; // NLM_F_CREATE
const REPLACE: u16 = 0x100; // NLM_F_REPLACE

impl Netlink {
    /// Opens one.
    ///
    /// # Errors
    /// As socket(2).
    pub fn open() -> io::Result<Self> {
        let socket = Socket::new(
            Domain::from(libc::AF_NETLINK),
            Type::RAW,
            Some(Protocol::from(libc::NETLINK_ROUTE)),
        )?;
        Ok(Self(socket))
    }

    /// The index of a device in this network.
    ///
    /// # Errors
    /// As netdevice(7): ENODEV if there is none.
    pub fn index(&self, name: &str) -> io::Result<u32> {
        // The ioctl is one of any socket.
        Ok(name_to_index(&self.0, name)?)
    }

    /// Gives a device its address, MTU and queue, switches it on, and sets the route to the other end.
    ///
    /// # Errors
    /// What the kernel answers.
    pub fn set_up(&mut self, device: &Device) -> io::Result<()> {
        let index = i32::try_from(device.index).unwrap_or(0);
        let up = libc::IFF_UP.cast_unsigned();
        let mut link = Request::new(libc::RTM_NEWLINK, 0);
        // struct ifinfomsg: family, padding, type, index, flags, which flags are meant.
        link.bytes(&[0, 0, 0, 0])
            .int(index)
            .bytes(&up.to_ne_bytes())
            .bytes(&up.to_ne_bytes());
        link.attribute(libc::IFLA_MTU, &device.mtu.to_ne_bytes());
        link.attribute(libc::IFLA_TXQLEN, &device.queue.to_ne_bytes());
        self.ask(link)?;

        let mut address = Request::new(libc::RTM_NEWADDR, CREATE | REPLACE);
        // struct ifaddrmsg: family, prefix length, flags, scope, index.
        address.bytes(&[INET, 32, 0, 0]).int(index);
        address.attribute(libc::IFA_LOCAL, &device.own.octets());
        address.attribute(libc::IFA_ADDRESS, &device.peer.octets());
        self.ask(address)?;

        let Some(rto_min) = device.rto_min_ms else {
            return Ok(());
        };
        // The route that the address has made, with a metric. struct rtmsg: family, lengths of destination and source,
        // type of service, table, who made it (RTPROT_KERNEL), scope (RT_SCOPE_LINK), type (RTN_UNICAST), flags.
        let mut route = Request::new(libc::RTM_NEWROUTE, CREATE | REPLACE);
        route.bytes(&[
            INET,
            32,
            0,
            0,
            libc::RT_TABLE_MAIN,
            libc::RTPROT_KERNEL,
            libc::RT_SCOPE_LINK,
            libc::RTN_UNICAST,
        ]);
        route.int(0);
        route.attribute(libc::RTA_DST, &device.peer.octets());
        route.attribute(libc::RTA_PREFSRC, &device.own.octets());
        route.attribute(libc::RTA_OIF, &device.index.to_ne_bytes());
        // TCP heeds it only where it is locked: RTAX_LOCK (1) has a bit for each metric. Attributes inside an attribute.
        let metric =
            |kind: u16, value: u32| [&8_u16.to_ne_bytes()[..], &kind.to_ne_bytes(), &value.to_ne_bytes()].concat();
        let metric = [metric(1, 1 << RTO_MIN), metric(RTO_MIN, rto_min)].concat();
        route.attribute(libc::RTA_METRICS, &metric);
        self.ask(route)
    }

    /// Sends a request and reads the answer to it.
    fn ask(&mut self, request: Request) -> io::Result<()> {
        self.0.write_all(&request.finished())?;
        let mut answer = [0; 4096];
        let length = self.0.read(&mut answer)?;
        // struct nlmsghdr: 16 bytes; behind it, in an acknowledgement, the negative error number or 0.
        let word = |at: usize| {
            answer[..length]
                .get(at..at + 4)?
                .try_into()
                .ok()
                .map(i32::from_ne_bytes)
        };
        match word(16) {
            Some(0) => Ok(()),
            Some(error) if error < 0 => Err(io::Error::from_raw_os_error(-error)),
            _ => Err(io::ErrorKind::InvalidData.into()),
        }
    }
}

const RTO_MIN: u16 = 13; // RTAX_RTO_MIN

const INET: u8 = 2; // AF_INET

/// A request while it is written.
struct Request(Vec<u8>);

impl Request {
    fn new(kind: u16, flags: u16) -> Self {
        // struct nlmsghdr: length, type, flags, sequence, port. The length is filled in at the end.
        let mut bytes = vec![0; 4];
        bytes.extend(kind.to_ne_bytes());
        bytes.extend((ACKNOWLEDGED | flags).to_ne_bytes());
        bytes.extend([0; 8]);
        Self(bytes)
    }

    fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.0.extend_from_slice(bytes);
        self
    }

    fn int(&mut self, value: i32) -> &mut Self {
        self.bytes(&value.to_ne_bytes())
    }

    /// struct rtattr: length, type, value; padded to 4 bytes.
    fn attribute(&mut self, kind: u16, value: &[u8]) {
        let length = u16::try_from(4 + value.len()).unwrap_or(4);
        self.bytes(&length.to_ne_bytes())
            .bytes(&kind.to_ne_bytes())
            .bytes(value);
        self.0.resize(self.0.len().next_multiple_of(4), 0);
    }

    fn finished(mut self) -> Vec<u8> {
        let length = u32::try_from(self.0.len()).unwrap_or(0);
        self.0[..4].copy_from_slice(&length.to_ne_bytes());
        self.0
    }
}
