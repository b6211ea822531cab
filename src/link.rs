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

/// Why two endpoints could not be joined.
#[derive(Debug, thiserror::Error)]
#[error("{operation}: {source}")]
pub struct LinkError {
    operation: &'static str,
    source: io::Error,
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
    let (first, second) = Socket::pair(Domain::UNIX, kind, None).map_err(named("socketpair"))?;
    for (socket, options) in [&first, &second].into_iter().zip(options) {
        options.set_sizes(socket)?;
    }
    Ok((first, second))
}

/// A pipe: (the end that writes, the end that reads). Both are kept as sockets are, for their descriptors; they know
/// only read(2) and write(2).
///
/// # Errors
/// If it cannot be made.
pub fn pipe() -> Result<(Socket, Socket), LinkError> {
    let (reads, writes) = io::pipe().map_err(named("pipe"))?;
    let ends = (OwnedFd::from(writes), OwnedFd::from(reads));
    for end in [&ends.0, &ends.1] {
        // read(2) and write(2) have no flag for not waiting in one call.
        rustix::io::ioctl_fionbio(end, true).map_err(|error| named("pipe: set O_NONBLOCK")(error.into()))?;
    }
    Ok((Socket::from(ends.0), Socket::from(ends.1)))
}

impl BeforeConnect {
    fn set_sizes(self, socket: &Socket) -> Result<(), LinkError> {
        if let Some(bytes) = self.receive_buffer {
            socket.set_recv_buffer_size(bytes).map_err(named("set SO_RCVBUF"))?;
        }
        if let Some(bytes) = self.send_buffer {
            socket.set_send_buffer_size(bytes).map_err(named("set SO_SNDBUF"))?;
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
        let listener = self.bound("listener", Type::STREAM, listening)?;
        listener.listen(1).map_err(named("listen"))?;
        let address = listener.local_addr().map_err(named("listener: getsockname"))?;
        let client = self.bound("client", Type::STREAM, connecting)?;
        let own = client.local_addr().map_err(named("client: getsockname"))?;
        client
            .connect_timeout(&address, self.deadline)
            .map_err(named("connect"))?;
        let server = self.accept(&listener, &own)?;
        Ok((server, client))
    }

    /// Two UDP sockets connected to each other.
    ///
    /// # Errors
    /// Names the operation that failed.
    pub fn datagrams(self, first: BeforeConnect, second: BeforeConnect) -> Result<(Socket, Socket), LinkError> {
        let first = self.bound("first", Type::DGRAM, first)?;
        let second = self.bound("second", Type::DGRAM, second)?;
        for (from, to) in [(&first, &second), (&second, &first)] {
            let address = to.local_addr().map_err(named("getsockname"))?;
            from.connect(&address).map_err(named("connect"))?;
        }
        Ok((first, second))
    }

    fn bound(self, name: &'static str, kind: Type, options: BeforeConnect) -> Result<Socket, LinkError> {
        let (domain, address) = if self.ipv6 {
            (Domain::IPV6, SocketAddr::from((Ipv6Addr::LOCALHOST, 0)))
        } else {
            (Domain::IPV4, SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))
        };
        let socket = Socket::new(domain, kind, None).map_err(named("socket"))?;
        if let Some(mss) = options.mss {
            socket.set_tcp_mss(mss).map_err(named("set TCP_MAXSEG"))?;
        }
        options.set_sizes(&socket)?;
        let operation = if name == "listener" {
            "listener: bind to loopback"
        } else {
            "bind to loopback"
        };
        socket.bind(&address.into()).map_err(named(operation))?;
        Ok(socket)
    }

    /// Accepts the connection from `client`. Any process on this machine may connect to a listening port, so
    /// whoever else comes is turned away.
    fn accept(self, listener: &Socket, client: &SockAddr) -> Result<Socket, LinkError> {
        loop {
            let mut fds = [PollFd::new(listener, PollFlags::IN)];
            let timeout = Timespec::try_from(self.deadline).ok();
            match poll(&mut fds, timeout.as_ref()) {
                Ok(0) => return Err(named("accept")(io::ErrorKind::TimedOut.into())),
                Err(error) if error != rustix::io::Errno::INTR => return Err(named("accept")(error.into())),
                _ => {}
            }
            let (socket, from) = listener.accept().map_err(named("accept"))?;
            if from.as_socket() == client.as_socket() {
                return Ok(socket);
            }
        }
    }
}

fn named(operation: &'static str) -> impl Fn(io::Error) -> LinkError {
    move |source| LinkError { operation, source }
}
