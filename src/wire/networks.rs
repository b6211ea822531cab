//! The helper: a process of one thread that makes both networks and everything in them, hands the descriptors over and
//! ends. A namespace lives as long as a socket or device in it is open, so what it made lives in the descriptors alone:
//! when the lab closes them, or dies, nothing is left.
//!
//! It is the lab itself, started again with [`ARGUMENT`]; standard input is a socket to the lab. It does one [`Stage`]
//! after the other, reports each and waits for a word before the next, so that whatever happens to either of them
//! happens between two stages; and it goes when the lab does (PR_SET_PDEATHSIG, and the end of that socket).

use std::fs::{self, File};
use std::io::{self, IoSlice, Read, Write};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net::UnixStream;

use rustix::net::{SendAncillaryBuffer, SendAncillaryMessage, SendFlags, sendmsg};
use rustix::process::{Signal, getgid, getuid, set_parent_process_death_signal};
use rustix::thread::set_no_new_privs;
use socket2::{Domain, Socket, Type};

use super::netlink::{Device, Netlink};
use super::{Kind, Order, Stage};
use crate::sys::network::{make_tun, own_network};

/// The argument that makes the program the helper.
pub const ARGUMENT: &str = "wire-helper";

/// What the device is called in its network.
const NAME: &str = "tun0";

/// Packets that a device keeps until the lab reads them. TCP has at most a window under way: 6 MB, in packets of the
/// smallest MTU some 12,000. A packet that found no room would be lost without a trace.
const QUEUE: u32 = 65_536;

/// Does what the lab has asked for in the arguments behind [`ARGUMENT`], and tells the lab how it went.
///
/// # Errors
/// If there is no lab to talk to, or it ended.
pub fn run(arguments: &[String]) -> io::Result<()> {
    let order = Order::read(arguments).ok_or(io::ErrorKind::InvalidInput)?;
    let mut lab = UnixStream::from(io::stdin().as_fd().try_clone_to_owned()?);
    // Fails if standard input is no socket: somebody has typed the argument.
    lab.peer_addr()?;
    set_parent_process_death_signal(Some(Signal::KILL))?;
    set_no_new_privs(true)?;
    let (user, group) = (getuid().as_raw(), getgid().as_raw());
    report(&mut lab, Stage::Start, Ok(()))?;
    report(&mut lab, Stage::Namespace, namespace(user, group))?;
    // Becoming root in a namespace has cleared it.
    set_parent_process_death_signal(Some(Signal::KILL))?;
    for end in 0..2 {
        if end > 0 {
            // The network of the first end lives on in its device and sockets.
            report(&mut lab, Stage::Network, own_network(false))?;
        }
        // What a class does not need to see; and where /proc is read-only it stays, and the lab passes over it.
        let _ = fs::write("/proc/sys/net/ipv6/conf/default/disable_ipv6", "1");
        let _ = fs::write("/proc/sys/net/ipv6/conf/all/disable_ipv6", "1");
        let device = File::options().read(true).write(true).open("/dev/net/tun");
        let device = report(&mut lab, Stage::Open, device)?;
        report(&mut lab, Stage::Device, make_tun(&device, NAME))?;
        report(&mut lab, Stage::Address, address(&order, end))?;
        // Without it the tail of what was sent would be repeated after two round trips, while its ACK is held. Where /proc
        // is read-only it stays, and the lab hears so.
        let off = order.rto_min_ms.is_some() && fs::write("/proc/sys/net/ipv4/tcp_early_retrans", "0").is_ok();
        let sockets = report(&mut lab, Stage::Sockets, sockets(&order))?;
        hand_over(&mut lab, &device, &sockets, off)?;
    }
    Ok(())
}

/// A user namespace, in which this user is root, and a network in it. Root does without the former where there is none.
fn namespace(user: u32, group: u32) -> io::Result<()> {
    let made = own_network(true).and_then(|()| {
        fs::write("/proc/self/setgroups", "deny")?;
        fs::write("/proc/self/uid_map", format!("0 {user} 1"))?;
        fs::write("/proc/self/gid_map", format!("0 {group} 1"))
    });
    made.or_else(|error| own_network(false).map_err(|_| error))
}

fn address(order: &Order, end: usize) -> io::Result<()> {
    let mut netlink = Netlink::open()?;
    let device = Device {
        index: netlink.index(NAME)?,
        mtu: order.mtu,
        queue: QUEUE,
        own: super::ADDRESSES[end],
        peer: super::ADDRESSES[1 - end],
        rto_min_ms: order.rto_min_ms,
    };
    netlink.set_up(&device)
}

fn sockets(order: &Order) -> io::Result<Vec<Socket>> {
    let kind = match order.kind {
        Kind::Stream => Type::STREAM,
        Kind::Datagrams => Type::DGRAM,
    };
    (0..order.connections)
        .map(|_| Socket::new(Domain::IPV4, kind, None))
        .collect()
}

/// Tells the lab how a stage went, and waits until it says to go on.
fn report<T>(lab: &mut UnixStream, stage: Stage, done: io::Result<T>) -> io::Result<T> {
    let errno = match &done {
        Ok(_) => 0,
        Err(error) => error.raw_os_error().unwrap_or(libc::EIO),
    };
    let mut message = vec![stage as u8];
    message.extend(errno.to_ne_bytes());
    lab.write_all(&message)?;
    let done = done?;
    lab.read_exact(&mut [0])?;
    Ok(done)
}

/// Sends the descriptors of one end (SCM_RIGHTS, unix(7)), and whether its tail loss probes are off.
fn hand_over(lab: &mut UnixStream, device: &File, sockets: &[Socket], off: bool) -> io::Result<()> {
    let mut all: Vec<BorrowedFd<'_>> = vec![device.as_fd()];
    all.extend(sockets.iter().map(AsFd::as_fd));
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(super::MOST_DESCRIPTORS))];
    let mut control = SendAncillaryBuffer::new(&mut space);
    if !control.push(SendAncillaryMessage::ScmRights(&all)) {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    sendmsg(
        lab.as_fd(),
        &[IoSlice::new(&[Stage::HandOver as u8, u8::from(off)])],
        &mut control,
        SendFlags::NOSIGNAL,
    )?;
    lab.read_exact(&mut [0])
}
