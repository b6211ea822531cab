//! Systems other than Linux: what POSIX and the BSD heritage offer. Everything else is not measured.

use std::io;
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, AsRawFd};

use socket2::SockRef;

use super::{Glance, Received, Stamp, TcpInfo, Waiting};

/// Bytes in the receive queue (FIONREAD).
pub fn waiting_bytes(socket: impl AsFd) -> Option<u64> {
    let mut bytes: libc::c_int = 0;
    // SAFETY: FIONREAD writes one int.
    let failed = unsafe { libc::ioctl(socket.as_fd().as_raw_fd(), libc::FIONREAD, &raw mut bytes) } != 0;
    if failed { None } else { u64::try_from(bytes).ok() }
}

/// Not measured here.
pub fn queued_bytes(_: impl AsFd) -> Option<u64> {
    None
}

/// Not measured here.
pub fn unsent_bytes(_: impl AsFd) -> Option<u64> {
    None
}

/// Not measured here.
pub fn tcp_info(_: impl AsFd) -> Option<TcpInfo> {
    None
}

/// Not measured here.
pub fn dropped_datagrams(_: impl AsFd) -> Option<u64> {
    None
}

/// Not measured here.
pub fn send_memory(_: impl AsFd) -> Option<u64> {
    None
}

/// Not measured here.
pub fn waiting_datagrams(_: impl AsFd, _: u64, _: &mut [u8], _: &mut Glance) -> Option<Waiting> {
    None
}

/// Reads from a stream without waiting.
///
/// # Errors
/// As recv(2); `WouldBlock` if nothing is there.
pub fn receive_stream(socket: impl AsFd, buffer: &mut [u8]) -> io::Result<usize> {
    receive(socket, buffer).map(|(returned, _)| returned)
}

/// Reads a datagram without waiting. Where it was cut, its own length is not known.
///
/// # Errors
/// As recv(2); `WouldBlock` if none is there.
pub fn receive_datagram(socket: impl AsFd, buffer: &mut [u8]) -> io::Result<Received> {
    let (returned, truncated) = receive(socket, buffer)?;
    Ok(Received {
        returned,
        datagram: (!truncated).then_some(returned),
    })
}

fn receive(socket: impl AsFd, buffer: &mut [u8]) -> io::Result<(usize, bool)> {
    let mut room = vec![MaybeUninit::<u8>::uninit(); buffer.len()];
    let slices = &mut [socket2::MaybeUninitSlice::new(&mut room)];
    let (returned, flags) = SockRef::from(&socket).recv_vectored_with_flags(slices, libc::MSG_DONTWAIT)?;
    for (to, from) in buffer.iter_mut().zip(&room[..returned]) {
        // SAFETY: the call has written the first `returned` bytes.
        *to = unsafe { from.assume_init() };
    }
    Ok((returned, flags.is_truncated()))
}

/// Cannot be set here.
///
/// # Errors
/// Always.
pub fn set_quickack(_: impl AsFd, _: bool) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Cannot be set here.
///
/// # Errors
/// Always.
pub fn set_cork(_: impl AsFd, _: bool) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Cannot be set here.
///
/// # Errors
/// Always.
pub fn set_pipe_capacity(_: impl AsFd, _: usize) -> io::Result<usize> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Not measured here.
pub fn stamp_departures(_: impl AsFd) -> bool {
    false
}

/// Nothing to switch off.
pub fn stamp_nothing(_: impl AsFd) {}

/// Not measured here.
pub fn next_stamp(_: impl AsFd) -> Option<Stamp> {
    None
}
