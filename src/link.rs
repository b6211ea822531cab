//! Joins two endpoints on this machine and reaches nothing else: every internet socket is bound to 127.0.0.1 or ::1
//! with a port that the kernel picks; unix sockets are made as a pair and have no name; a pipe is one.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::os::fd::OwnedFd;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use socket2::{Domain, SockAddr, Socket, Type};

/// What carries the bytes from one endpoint to the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carrier {
    /// A TCP connection (RFC 9293).
    Tcp,
    /// UDP datagrams (RFC 768).
    Udp,
    /// A unix stream socket (unix(7)).
    UnixStream,
    /// A unix datagram socket.
    UnixDatagram,
    /// A unix socket that keeps messages apart and has a connection.
    UnixSeqpacket,
    /// A pipe (pipe(7)): the first end writes, the second reads.
    Pipe,
}

/// What is set on a socket before it is connected; `None` leaves it as the kernel sets it.
#[derive(Debug, Clone, Copy, Default)]
pub struct BeforeConnect {
    /// TCP_MAXSEG, in bytes.
    pub mss: Option<u32>,
    /// SO_RCVBUF, in bytes; the kernel doubles it.
    pub receive_buffer: Option<usize>,
    /// SO_SNDBUF, in bytes; the kernel doubles it.
    pub send_buffer: Option<usize>,
}

/// Which loopback address, and how long connecting may take.
#[derive(Debug, Clone, Copy)]
pub struct Loopback {
    /// ::1 instead of 127.0.0.1.
    pub ipv6: bool,
    /// Longest wait for the connection.
    pub deadline: Duration,
}

/// A socket that is not bound yet, and where it is to be bound.
#[derive(Debug)]
pub struct Place {
    /// The socket.
    pub socket: Socket,
    /// Its address; port 0 leaves the port to the kernel.
    pub address: SocketAddr,
}

/// Why two endpoints could not be joined.
#[derive(Debug, thiserror::Error)]
#[error("{side}: {operation}: {source}")]
pub struct LinkError {
    end: End,
    side: String,
    operation: &'static str,
    source: io::Error,
}

/// For which of two endpoints something is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The one that listens; of a pipe the one that reads, of others the first.
    Listens,
    /// The other one.
    Connects,
    /// Both at once.
    Both,
}

impl LinkError {
    /// For whom: one endpoint or both.
    #[must_use]
    pub fn side(&self) -> &str {
        &self.side
    }

    /// What was being done.
    #[must_use]
    pub fn operation(&self) -> &'static str {
        self.operation
    }

    /// What the system says of it.
    #[must_use]
    pub fn system(&self) -> &io::Error {
        &self.source
    }

    /// There is no socket for an endpoint.
    #[must_use]
    pub fn no_socket(end: End, source: io::Error) -> Self {
        named(end, "take a socket of the wire")(source)
    }

    /// The same with the endpoints' own names: who listens, who connects.
    #[must_use]
    pub fn between(mut self, [listens, connects]: [&str; 2]) -> Self {
        self.side = match self.end {
            End::Listens => listens.to_owned(),
            End::Connects => connects.to_owned(),
            End::Both => format!("{listens}, {connects}"),
        };
        self
    }
}

impl Carrier {
    /// Whether it carries a stream of bytes, in which no message has an end.
    #[must_use]
    pub fn is_stream(self) -> bool {
        matches!(self, Self::Tcp | Self::UnixStream | Self::Pipe)
    }

    /// Whether it goes through the internet protocols: what is sent may be under way, and is stamped.
    #[must_use]
    pub fn is_internet(self) -> bool {
        matches!(self, Self::Tcp | Self::Udp)
    }
}

/// Two unix sockets connected to each other (socketpair(2)).
///
/// # Errors
/// If they cannot be made, or a buffer's size not set.
pub fn unix_pair(carrier: Carrier, options: [BeforeConnect; 2]) -> Result<(Socket, Socket), LinkError> {
    let kind = match carrier {
        Carrier::UnixDatagram => Type::DGRAM,
        Carrier::UnixSeqpacket => Type::SEQPACKET,
        _ => Type::STREAM,
    };
    let (first, second) = Socket::pair(Domain::UNIX, kind, None).map_err(named(End::Both, "socketpair"))?;
    let ends = [(&first, End::Listens), (&second, End::Connects)];
    for ((socket, end), options) in ends.into_iter().zip(options) {
        options.set_sizes(socket, end)?;
    }
    Ok((first, second))
}

/// A pipe: (the end that writes, the end that reads). Both are kept as sockets are, for their descriptors; they know
/// only read(2) and write(2).
///
/// # Errors
/// If it cannot be made.
pub fn pipe() -> Result<(Socket, Socket), LinkError> {
    let (reads, writes) = io::pipe().map_err(named(End::Both, "pipe"))?;
    let ends = (OwnedFd::from(writes), OwnedFd::from(reads));
    for (pipe, end) in [(&ends.0, End::Connects), (&ends.1, End::Listens)] {
        // read(2) and write(2) have no flag for not waiting in one call.
        rustix::io::ioctl_fionbio(pipe, true).map_err(|error| named(end, "set O_NONBLOCK")(error.into()))?;
    }
    Ok((Socket::from(ends.0), Socket::from(ends.1)))
}

impl BeforeConnect {
    fn set_sizes(self, socket: &Socket, end: End) -> Result<(), LinkError> {
        if let Some(bytes) = self.receive_buffer {
            socket
                .set_recv_buffer_size(bytes)
                .map_err(named(end, "set SO_RCVBUF"))?;
        }
        if let Some(bytes) = self.send_buffer {
            socket
                .set_send_buffer_size(bytes)
                .map_err(named(end, "set SO_SNDBUF"))?;
        }
        Ok(())
    }
}

impl Loopback {
    /// A TCP connection: (the accepted socket, the connecting one).
    ///
    /// # Errors
    /// Names the operation that failed.
    pub fn stream(self, listening: BeforeConnect, connecting: BeforeConnect) -> Result<(Socket, Socket), LinkError> {
        let kind = Type::STREAM;
        let (listens, connects) = (self.place(kind, End::Listens)?, self.place(kind, End::Connects)?);
        stream((listens, listening), (connects, connecting), self.deadline)
    }

    /// Two UDP sockets connected to each other.
    ///
    /// # Errors
    /// Names the operation that failed.
    pub fn datagrams(self, first: BeforeConnect, second: BeforeConnect) -> Result<(Socket, Socket), LinkError> {
        let kind = Type::DGRAM;
        let (one, two) = (self.place(kind, End::Listens)?, self.place(kind, End::Connects)?);
        datagrams((one, first), (two, second))
    }

    fn place(self, kind: Type, end: End) -> Result<Place, LinkError> {
        let (domain, address) = if self.ipv6 {
            (Domain::IPV6, SocketAddr::from((Ipv6Addr::LOCALHOST, 0)))
        } else {
            (Domain::IPV4, SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))
        };
        let socket = Socket::new(domain, kind, None).map_err(named(end, "socket"))?;
        Ok(Place { socket, address })
    }
}

/// A TCP connection between two sockets: (the accepted socket, the connecting one).
///
/// # Errors
/// Names the operation that failed.
pub fn stream(
    (listens, listening): (Place, BeforeConnect),
    (connects, connecting): (Place, BeforeConnect),
    deadline: Duration,
) -> Result<(Socket, Socket), LinkError> {
    let listener = listens.bound(End::Listens, listening)?;
    listener.listen(1).map_err(named(End::Listens, "listen"))?;
    let address = listener.local_addr().map_err(named(End::Listens, "getsockname"))?;
    let client = connects.bound(End::Connects, connecting)?;
    let own = client.local_addr().map_err(named(End::Connects, "getsockname"))?;
    client
        .connect_timeout(&address, deadline)
        .map_err(named(End::Connects, "connect"))?;
    let server = accept(&listener, &own, deadline)?;
    Ok((server, client))
}

/// Two UDP sockets, connected to each other.
///
/// # Errors
/// Names the operation that failed.
pub fn datagrams(
    (first, first_options): (Place, BeforeConnect),
    (second, second_options): (Place, BeforeConnect),
) -> Result<(Socket, Socket), LinkError> {
    let (first, second) = (
        first.bound(End::Listens, first_options)?,
        second.bound(End::Connects, second_options)?,
    );
    let ends = [(&first, End::Listens), (&second, End::Connects)];
    for ((from, end), (to, other)) in [(ends[0], ends[1]), (ends[1], ends[0])] {
        let address = to.local_addr().map_err(named(other, "getsockname"))?;
        from.connect(&address).map_err(named(end, "connect"))?;
    }
    Ok((first, second))
}

impl Place {
    fn bound(self, end: End, options: BeforeConnect) -> Result<Socket, LinkError> {
        if let Some(mss) = options.mss {
            self.socket.set_tcp_mss(mss).map_err(named(end, "set TCP_MAXSEG"))?;
        }
        options.set_sizes(&self.socket, end)?;
        self.socket.bind(&self.address.into()).map_err(named(end, "bind"))?;
        Ok(self.socket)
    }
}

/// Accepts the connection from `client`. Any process on this machine may connect to a listening port, so whoever else
/// comes is turned away.
fn accept(listener: &Socket, client: &SockAddr, deadline: Duration) -> Result<Socket, LinkError> {
    let named = |source| named(End::Listens, "accept")(source);
    loop {
        let mut fds = [PollFd::new(listener, PollFlags::IN)];
        let timeout = Timespec::try_from(deadline).ok();
        match poll(&mut fds, timeout.as_ref()) {
            Ok(0) => return Err(named(io::ErrorKind::TimedOut.into())),
            Err(error) if error != rustix::io::Errno::INTR => return Err(named(error.into())),
            _ => {}
        }
        let (socket, from) = listener.accept().map_err(named)?;
        if from.as_socket() == client.as_socket() {
            return Ok(socket);
        }
    }
}

fn named(end: End, operation: &'static str) -> impl Fn(io::Error) -> LinkError {
    let side = match end {
        End::Listens => "the listening side",
        End::Connects => "the connecting side",
        End::Both => "both sides",
    };
    move |source| LinkError {
        end,
        side: side.to_owned(),
        operation,
        source,
    }
}
