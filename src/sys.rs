//! What the kernel tells about a socket, and nothing else: the only module with unsafe code.
//!
//! Every question answers `None` where this system cannot answer it; callers show that as "not measured", never as
//! zero. The Linux answers are in `sys/linux.rs`; other systems answer what POSIX offers.

#![allow(unsafe_code)]

use std::io;

#[cfg(all(target_os = "linux", not(lab_portable)))]
#[path = "sys/linux.rs"]
mod platform;
#[cfg(not(all(target_os = "linux", not(lab_portable))))]
#[path = "sys/portable.rs"]
mod platform;

#[cfg(all(target_os = "linux", not(lab_portable)))]
pub mod network;

pub mod process;

pub use platform::*;

/// One departure or acknowledgement, as the kernel stamped it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// What happened.
    pub kind: StampKind,
    /// TCP: offset of the last byte of the range, counted from when stamping was switched on, modulo 2³².
    /// UDP: number of the datagram, from 0.
    pub id: u32,
    /// When, in nanoseconds of the realtime clock.
    pub realtime: u64,
}

/// What a [`Stamp`] is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StampKind {
    /// The range left the stack (SCM_TSTAMP_SND).
    Left,
    /// The range was acknowledged (SCM_TSTAMP_ACK).
    Acknowledged,
}

/// Counters of a TCP connection (TCP_INFO, tcp(7)).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TcpInfo {
    /// The state of the connection, as the kernel numbers them (<linux/tcp.h>).
    pub state: u8,
    /// Segments sent, ACKs included.
    pub segments_out: u32,
    /// Segments received, ACKs included.
    pub segments_in: u32,
    /// Segments sent that carried data; real segments, also where the card cuts them (GSO).
    pub data_segments_out: u32,
    /// Maximum segment size for sending, in bytes.
    pub mss: u32,
    /// How often in a row the retransmission timer has run out.
    pub backoff: u8,
    /// Room that the other side has said it has, from what it has acknowledged on; an old kernel does not tell.
    pub send_window: Option<u32>,
    /// Room that this side has told the other one of; an old kernel does not tell.
    pub receive_window: Option<u32>,
}

impl TcpInfo {
    /// Nothing will be sent or received any more: closed in an orderly way, or reset.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.state == 7
    }

    /// Whether the end of the other side's stream has come: CLOSE_WAIT, LAST_ACK, CLOSING, TIME_WAIT, or it is over.
    #[must_use]
    pub fn has_heard_the_end(&self) -> bool {
        matches!(self.state, 6..=9 | 11)
    }

    /// Whether its own end was sent and is not acknowledged: FIN_WAIT1, LAST_ACK, CLOSING.
    #[must_use]
    pub fn has_its_end_under_way(&self) -> bool {
        matches!(self.state, 4 | 9 | 11)
    }
}

/// The datagrams that wait in a receive queue.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Waiting {
    /// How many.
    pub datagrams: u64,
    /// Their bytes in all.
    pub bytes: u64,
}

/// What looking at a receive queue of datagrams changes in it. Whoever looks keeps this and hands it in again.
#[derive(Debug, Default)]
pub struct Glance {
    /// The kernel keeps a place in the queue for whoever looks.
    pub has_begun: bool,
    /// The datagrams that were looked at and are not read yet. They are the first ones in the queue; whoever reads one
    /// counts it off.
    pub seen: Waiting,
    /// An error that was pending on the socket, an ICMP message for example. The kernel tells it once only, so the
    /// next call has to report it.
    pub error: Option<io::Error>,
}

impl Glance {
    /// The first datagram was read, of this length.
    pub fn is_read(&mut self, length: u64) {
        // One that nobody had looked at is read only where there are none of the others.
        if self.seen.datagrams > 0 {
            self.seen.datagrams -= 1;
            self.seen.bytes = self.seen.bytes.saturating_sub(length);
        }
    }
}

/// Whether a call that fails so tells something of the connection: what the other side, the network or the size of a
/// message brings about. Any other failure is the machine's, and says nothing of what was to be shown.
#[must_use]
pub fn is_answer(error: &io::Error) -> bool {
    let Some(errno) = error.raw_os_error() else {
        // The socket has been closed by the program itself.
        return error.kind() == io::ErrorKind::NotConnected;
    };
    matches!(
        errno,
        libc::EAGAIN
            | libc::EMSGSIZE
            | libc::EPIPE
            | libc::ECONNRESET
            | libc::ECONNREFUSED
            | libc::ECONNABORTED
            | libc::ENOTCONN
            | libc::ETIMEDOUT
            | libc::EHOSTUNREACH
            | libc::ENETUNREACH
            | libc::EHOSTDOWN
            | libc::ENETDOWN
    )
}

/// What a receive call returned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Received {
    /// Bytes in the buffer.
    pub returned: usize,
    /// Datagrams: the datagram's own length, which is more than `returned` where it was cut.
    pub datagram: Option<usize>,
}
