//! Two networks that a pair of virtual Ethernet devices joins, with an MTU of 1500 bytes and without offload: what the
//! kernel alone can do. They live as long as the threads in them.

use std::process::Command;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use lab::sys::network::own_network;
use lab::wire::ADDRESSES;
use socket2::{Domain, Socket, Type};

use super::{Outcome, bind};

/// Two networks, each with a thread that makes sockets in it.
pub struct Veth([Network; 2]);

struct Network {
    thread: u32,
    work: Sender<Work>,
    done: Receiver<Outcome<Option<Socket>>>,
}

enum Work {
    Command(&'static str, Vec<String>),
    Socket(Type),
}

impl Veth {
    /// Makes them. It takes root.
    pub fn lay() -> Outcome<Self> {
        let veth = Self([Network::new()?, Network::new()?]);
        let [near, far] = &veth.0;
        let pair = format!(
            "link add v0 mtu 1500 type veth peer name v1 mtu 1500 netns {}",
            far.thread
        );
        near.command("ip", &pair)?;
        for (end, network) in veth.0.iter().enumerate() {
            let device = format!("v{end}");
            network.command("ip", &format!("addr add {}/24 dev {device}", ADDRESSES[end]))?;
            network.command("ip", &format!("link set {device} up"))?;
            network.command("ethtool", &format!("-K {device} tso off gso off gro off tx off rx off"))?;
        }
        Ok(veth)
    }

    /// A socket in each, bound.
    pub fn sockets(&self, kind: Type) -> Outcome<[Socket; 2]> {
        let [near, far] = &self.0;
        let make =
            |network: &Network| -> Outcome<Socket> { network.ask(Work::Socket(kind))?.ok_or("no socket".into()) };
        let sockets = [make(near)?, make(far)?];
        bind(&sockets, ADDRESSES.map(Into::into))?;
        Ok(sockets)
    }
}

impl Network {
    fn new() -> Outcome<Self> {
        let (work, orders) = channel();
        let (answers, done) = channel();
        let (ready, started) = channel();
        thread::spawn(move || {
            let id = rustix::thread::gettid().as_raw_pid();
            // A command that this thread starts is in its network too.
            if ready.send(own_network(false).map(|()| id)).is_err() {
                return;
            }
            for order in orders {
                if answers.send(perform(order)).is_err() {
                    return;
                }
            }
        });
        Ok(Self {
            thread: started.recv()??.try_into()?,
            work,
            done,
        })
    }

    fn command(&self, program: &'static str, arguments: &str) -> Outcome<()> {
        let arguments = arguments.split(' ').map(str::to_owned).collect();
        self.ask(Work::Command(program, arguments)).map(drop)
    }

    fn ask(&self, work: Work) -> Outcome<Option<Socket>> {
        self.work.send(work)?;
        self.done.recv()?
    }
}

fn perform(work: Work) -> Outcome<Option<Socket>> {
    match work {
        Work::Socket(kind) => Ok(Some(Socket::new(Domain::IPV4, kind, None)?)),
        Work::Command(program, arguments) => {
            let done = Command::new(program).args(&arguments).output();
            let done = done.map_err(|error| format!("{program}: {error}"))?;
            if done.status.success() {
                return Ok(None);
            }
            let why = String::from_utf8_lossy(&done.stderr).into_owned();
            Err(format!("{program} {}: {why}", arguments.join(" ")).into())
        }
    }
}
