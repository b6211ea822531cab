//! Networks of one's own: namespaces (network_namespaces(7), user_namespaces(7)) and TUN devices
//! (Documentation/networking/tuntap.rst in the kernel's sources).

use std::fs::File;
use std::io;
use std::os::fd::AsRawFd;

use rustix::thread::{UnshareFlags, unshare_unsafe};

/// Gives this process a network of its own, in which nothing is but a loopback device that is down. With `user`, in a
/// user namespace of its own as well, in which it may administer that network: that takes no privilege.
///
/// # Errors
/// As unshare(2): EINVAL in a process with more than one thread, if it is to have a user namespace; EPERM or ENOSPC where
/// the system allows none.
pub fn own_network(user: bool) -> io::Result<()> {
    let flags = if user {
        UnshareFlags::NEWUSER | UnshareFlags::NEWNET
    } else {
        UnshareFlags::NEWNET
    };
    // SAFETY: unsafe because of UnshareFlags::FILES, which is not among the flags.
    Ok(unsafe { unshare_unsafe(flags) }?)
}

/// Makes the device `name` in the network of this process. Whoever holds `device`, an open /dev/net/tun, is the other
/// end of its cable: a read takes one packet that the kernel sends, a write hands it one. Packets have no header before
/// the IP header, and no offload, so checksums are whole and segments as long as on a wire.
///
/// # Errors
/// As ioctl(2) with TUNSETIFF: EPERM if the process may not administer its network.
pub fn make_tun(device: &File, name: &str) -> io::Result<()> {
    /// struct ifreq of netdevice(7), as TUNSETIFF reads it.
    #[repr(C)]
    struct Request {
        name: [u8; libc::IFNAMSIZ],
        flags: libc::c_short,
        rest: [u8; 22],
    }
    let flags = libc::IFF_TUN | libc::IFF_NO_PI;
    let mut request = Request {
        name: [0; libc::IFNAMSIZ],
        flags: libc::c_short::try_from(flags).unwrap_or(0),
        rest: [0; 22],
    };
    // The last byte stays 0.
    for (to, from) in request.name[..libc::IFNAMSIZ - 1].iter_mut().zip(name.bytes()) {
        *to = from;
    }
    // SAFETY: the request is as large as the kernel's struct ifreq, and lives during the call.
    let failed = unsafe { libc::ioctl(device.as_raw_fd(), libc::TUNSETIFF, &raw mut request) } != 0;
    if failed {
        Err(io::Error::last_os_error())
    } else {
        Ok(())
    }
}
