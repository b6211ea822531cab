//! Linux: socket ioctls, TCP_INFO, SO_MEMINFO, SO_PEEK_OFF and SO_TIMESTAMPING. All of it works for an ordinary user.

use std::io;
use std::mem::{MaybeUninit, size_of, size_of_val};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd};

use super::{Glance, Received, Stamp, StampKind, TcpInfo, Waiting};

/// Bytes in the receive queue of a TCP socket (SIOCINQ, tcp(7)).
pub fn waiting_bytes(socket: impl AsFd) -> Option<u64> {
    queue(socket.as_fd(), libc::FIONREAD)
}

/// Bytes in the send queue of a TCP socket that are not acknowledged yet, sent or not (SIOCOUTQ, tcp(7)).
pub fn queued_bytes(socket: impl AsFd) -> Option<u64> {
    queue(socket.as_fd(), libc::TIOCOUTQ)
}

/// Bytes in the send queue of a TCP socket that have not been sent (SIOCOUTQNSD).
pub fn unsent_bytes(socket: impl AsFd) -> Option<u64> {
    const SIOCOUTQNSD: libc::Ioctl = 0x894B;
    queue(socket.as_fd(), SIOCOUTQNSD)
}

/// Counters of a TCP connection.
pub fn tcp_info(socket: impl AsFd) -> Option<TcpInfo> {
    let mut buffer = [0_u8; 256];
    let length = option_bytes(socket.as_fd(), libc::IPPROTO_TCP, libc::TCP_INFO, &mut buffer)?;
    // Offsets from struct tcp_info in <linux/tcp.h>; they never change, but an old kernel stops earlier.
    let field = |at: usize| {
        let bytes = buffer[..length].get(at..at + 4)?;
        Some(u32::from_ne_bytes(bytes.try_into().ok()?))
    };
    Some(TcpInfo {
        state: buffer[0],
        mss: field(16)?,
        backoff: *buffer[..length].get(4)?,
        send_window: field(228),
        receive_window: field(232),
        segments_out: field(136)?,
        segments_in: field(140)?,
        data_segments_out: field(156)?,
    })
}

/// Datagrams that the kernel threw away because the receive queue was full (SO_MEMINFO, SK_MEMINFO_DROPS).
pub fn dropped_datagrams(socket: impl AsFd) -> Option<u64> {
    const SK_MEMINFO_DROPS: usize = 8;
    memory(socket.as_fd(), SK_MEMINFO_DROPS)
}

/// Memory that the send queue takes (SO_MEMINFO, SK_MEMINFO_WMEM_QUEUED): none where a reset has thrown it away, although
/// SIOCOUTQ goes on counting it.
pub fn send_memory(socket: impl AsFd) -> Option<u64> {
    const SK_MEMINFO_WMEM_QUEUED: usize = 5;
    memory(socket.as_fd(), SK_MEMINFO_WMEM_QUEUED)
}

/// One number of SO_MEMINFO (<linux/sock_diag.h>).
fn memory(socket: BorrowedFd<'_>, which: usize) -> Option<u64> {
    let mut buffer = [0_u8; 64];
    let length = option_bytes(socket, libc::SOL_SOCKET, libc::SO_MEMINFO, &mut buffer)?;
    let bytes = buffer[..length].get(which * 4..which * 4 + 4)?;
    Some(u64::from(u32::from_ne_bytes(bytes.try_into().ok()?)))
}

/// Looks at every waiting datagram without taking one (MSG_PEEK with SO_PEEK_OFF, socket(7)): at those only at which
/// nobody has looked before. The kernel keeps the place behind the last one, and moves it back by what is read, so looking
/// costs a call for each datagram, however often somebody looks.
///
/// SIOCINQ would tell the first one's size only. Looks at no more than `most`, then answers `None`. Two threads must
/// not look at the same time: they would move each other's place in the queue. UDP needs no `room`; a unix socket moves on
/// by what was copied, so there the longest message must fit into it.
pub fn waiting_datagrams(socket: impl AsFd, most: u64, room: &mut [u8], glance: &mut Glance) -> Option<Waiting> {
    let socket = socket.as_fd();
    if !glance.has_begun {
        set_int(socket, libc::SOL_SOCKET, libc::SO_PEEK_OFF, 0).ok()?;
        glance.has_begun = true;
    }
    for _ in 0..most {
        let flags = libc::MSG_PEEK | libc::MSG_TRUNC | libc::MSG_DONTWAIT;
        // SAFETY: the pointer and the length are those of a live, exclusively borrowed slice; with MSG_TRUNC the return
        // value is the whole length.
        let length = unsafe { libc::recv(socket.as_raw_fd(), room.as_mut_ptr().cast(), room.len(), flags) };
        if let Ok(length) = u64::try_from(length) {
            glance.seen.datagrams += 1;
            glance.seen.bytes += length;
            continue;
        }
        let error = io::Error::last_os_error();
        if error.kind() == io::ErrorKind::WouldBlock {
            return Some(glance.seen);
        }
        if error.kind() == io::ErrorKind::Interrupted {
            continue;
        }
        if !super::is_answer(&error) {
            // It was the look that failed: the queue is not known, and no call of the program's has failed.
            return None;
        }
        // An error stands before the queue, and is gone once it is told.
        glance.error.get_or_insert(error);
    }
    None
}

/// Reads from a stream without waiting.
///
/// # Errors
/// As recv(2); `WouldBlock` if nothing is there.
pub fn receive_stream(socket: impl AsFd, buffer: &mut [u8]) -> io::Result<usize> {
    receive(socket.as_fd(), buffer, libc::MSG_DONTWAIT)
}

/// Reads a datagram without waiting and learns its whole length (MSG_TRUNC, recv(2)).
///
/// # Errors
/// As recv(2); `WouldBlock` if none is there.
pub fn receive_datagram(socket: impl AsFd, buffer: &mut [u8]) -> io::Result<Received> {
    let flags = libc::MSG_TRUNC | libc::MSG_DONTWAIT;
    // SAFETY: the pointer and the length are those of a live, exclusively borrowed slice.
    let length = unsafe {
        libc::recv(
            socket.as_fd().as_raw_fd(),
            buffer.as_mut_ptr().cast(),
            buffer.len(),
            flags,
        )
    };
    let length = usize::try_from(length).map_err(|_| io::Error::last_os_error())?;
    Ok(Received {
        returned: length.min(buffer.len()),
        datagram: Some(length),
    })
}

/// Acknowledge at once, or not (TCP_QUICKACK, tcp(7)). The kernel goes back to its own judgement soon after.
///
/// # Errors
/// As setsockopt(2).
pub fn set_quickack(socket: impl AsFd, on: bool) -> io::Result<()> {
    socket2::SockRef::from(&socket).set_tcp_quickack(on)
}

/// Let only full segments leave, or everything again (TCP_CORK, tcp(7)).
///
/// # Errors
/// As setsockopt(2).
pub fn set_cork(socket: impl AsFd, on: bool) -> io::Result<()> {
    socket2::SockRef::from(&socket).set_tcp_cork(on)
}

/// Has a pipe hold at least so many bytes (F_SETPIPE_SZ, fcntl(2)); returns how many it holds, a power of two of pages.
///
/// # Errors
/// As fcntl(2).
pub fn set_pipe_capacity(pipe: impl AsFd, bytes: usize) -> io::Result<usize> {
    Ok(rustix::pipe::fcntl_setpipe_size(pipe, bytes)?)
}

/// Asks the kernel to stamp departures and acknowledgements from here on; `false` if it will not.
///
/// Stamps carry no copy of the packet (OPT_TSONLY), so an ordinary user may have them.
pub fn stamp_departures(socket: impl AsFd) -> bool {
    const OPT_ID_TCP: libc::c_uint = 1 << 16; // Linux 6.2: ids count from what is already written, not from an ACK
    let flags = libc::SOF_TIMESTAMPING_TX_SOFTWARE
        | libc::SOF_TIMESTAMPING_TX_ACK
        | libc::SOF_TIMESTAMPING_SOFTWARE
        | libc::SOF_TIMESTAMPING_OPT_ID
        | libc::SOF_TIMESTAMPING_OPT_TSONLY;
    let socket = socket.as_fd();
    let set = |flags: libc::c_uint| {
        let flags = libc::c_int::try_from(flags).unwrap_or(0);
        set_int(socket, libc::SOL_SOCKET, libc::SO_TIMESTAMPING, flags).is_ok()
    };
    set(flags | OPT_ID_TCP) || set(flags)
}

/// Asks the kernel to stamp nothing any more.
pub fn stamp_nothing(socket: impl AsFd) {
    // If it fails, stamps go on: they cost time, not truth.
    let _ = set_int(socket.as_fd(), libc::SOL_SOCKET, libc::SO_TIMESTAMPING, 0);
}

/// Takes the next stamp from the socket's error queue, if one is there.
pub fn next_stamp(socket: impl AsFd) -> Option<Stamp> {
    /// Room for a timestamp and an extended error with an IPv6 address, aligned for control headers.
    #[repr(align(8))]
    struct Control([u8; 256]);
    let mut control = Control([0; 256]);
    loop {
        // SAFETY: all zeroes is a valid msghdr: no name, no data, no control.
        let mut message: libc::msghdr = unsafe { MaybeUninit::zeroed().assume_init() };
        message.msg_control = control.0.as_mut_ptr().cast();
        message.msg_controllen = size_of_val(&control.0) as _;
        let flags = libc::MSG_ERRQUEUE | libc::MSG_DONTWAIT;
        // SAFETY: the control buffer outlives the call and its length is the one given.
        let read = unsafe { libc::recvmsg(socket.as_fd().as_raw_fd(), &raw mut message, flags) };
        if read < 0 {
            return None;
        }
        // Something else than a stamp (an ICMP error, say) is skipped.
        if let Some(stamp) = stamp_in(&message) {
            return Some(stamp);
        }
    }
}

fn stamp_in(message: &libc::msghdr) -> Option<Stamp> {
    let mut realtime = None;
    let mut origin = None;
    // SAFETY: the kernel filled in the control messages of `message`; CMSG_FIRSTHDR and CMSG_NXTHDR stay inside them.
    let mut header = unsafe { libc::CMSG_FIRSTHDR(message) };
    while !header.is_null() {
        // SAFETY: not null, so it points at a header inside the control buffer.
        let (level, kind, data) = unsafe { ((*header).cmsg_level, (*header).cmsg_type, libc::CMSG_DATA(header)) };
        match (level, kind) {
            (libc::SOL_SOCKET, libc::SO_TIMESTAMPING) => {
                // SAFETY: scm_timestamping begins with the software timestamp; it may lie unaligned.
                let time = unsafe { data.cast::<libc::timespec>().read_unaligned() };
                let (seconds, nanos) = (u64::try_from(time.tv_sec).ok()?, u64::try_from(time.tv_nsec).ok()?);
                realtime = Some(seconds * 1_000_000_000 + nanos);
            }
            (libc::SOL_IP, libc::IP_RECVERR) | (libc::SOL_IPV6, libc::IPV6_RECVERR) => {
                // SAFETY: with these types the kernel puts a sock_extended_err here; it may lie unaligned.
                let error = unsafe { data.cast::<libc::sock_extended_err>().read_unaligned() };
                if error.ee_origin == libc::SO_EE_ORIGIN_TIMESTAMPING {
                    origin = Some((error.ee_info, error.ee_data));
                }
            }
            _ => {}
        }
        // SAFETY: as above.
        header = unsafe { libc::CMSG_NXTHDR(message, header) };
    }
    let (kind, id) = origin?;
    // SCM_TSTAMP_SND and SCM_TSTAMP_ACK in <linux/errqueue.h>.
    let kind = match kind {
        0 => StampKind::Left,
        2 => StampKind::Acknowledged,
        _ => return None,
    };
    Some(Stamp {
        kind,
        id,
        realtime: realtime?,
    })
}

fn receive(socket: BorrowedFd<'_>, buffer: &mut [u8], flags: libc::c_int) -> io::Result<usize> {
    // SAFETY: the pointer and the length are those of a live, exclusively borrowed slice.
    let length = unsafe { libc::recv(socket.as_raw_fd(), buffer.as_mut_ptr().cast(), buffer.len(), flags) };
    usize::try_from(length).map_err(|_| io::Error::last_os_error())
}

fn queue(socket: BorrowedFd<'_>, request: libc::Ioctl) -> Option<u64> {
    let mut bytes: libc::c_int = 0;
    // SAFETY: these requests write one int.
    let failed = unsafe { libc::ioctl(socket.as_raw_fd(), request, &raw mut bytes) } != 0;
    if failed { None } else { u64::try_from(bytes).ok() }
}

fn option_bytes(socket: BorrowedFd<'_>, level: libc::c_int, name: libc::c_int, buffer: &mut [u8]) -> Option<usize> {
    let mut length = libc::socklen_t::try_from(buffer.len()).ok()?;
    // SAFETY: the kernel writes at most `length` bytes, which is the size of the buffer.
    let failed = unsafe {
        libc::getsockopt(
            socket.as_raw_fd(),
            level,
            name,
            buffer.as_mut_ptr().cast(),
            &raw mut length,
        )
    } != 0;
    if failed { None } else { usize::try_from(length).ok() }
}

fn set_int(socket: BorrowedFd<'_>, level: libc::c_int, name: libc::c_int, value: libc::c_int) -> io::Result<()> {
    let size = libc::socklen_t::try_from(size_of::<libc::c_int>()).unwrap_or(4);
    // SAFETY: the kernel reads one int.
    let failed = unsafe { libc::setsockopt(socket.as_raw_fd(), level, name, (&raw const value).cast(), size) } != 0;
    if failed {
        Err(io::Error::last_os_error())
    } else {
        Ok(())
    }
}
