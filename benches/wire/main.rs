//! What a wire of the lab's own costs beside a pair of the kernel's virtual Ethernet devices (veth(4)), and what a long
//! run on it takes.
//!
//! `cargo bench --bench wire` measures the latency of one packet, the rate of a stream, and a run of 100,000 packets. Where
//! there is no veth (it takes root, and `ip` and `ethtool`) loopback stands in for the latency, and the ratio is missing.

mod run;
mod veth;

use std::error::Error;
use std::io::{Read, Write};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use lab::wire::carry::{Came, Cause, Observer, Went, Wire};
use lab::wire::conditions::Conditions;
use lab::wire::{ADDRESSES, Ends, Kind, Order};
use socket2::{Domain, Socket, Type};

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

const ROUNDS: usize = 20_000;
const SIZE: usize = 64 << 20;
const CHUNK: usize = 64 * 1024;
const PAIRS: usize = 9;

/// Ports as the wire knows them: of the listening end and of the other.
const PORTS: [u16; 2] = [7001, 50_001];

fn main() -> Outcome<()> {
    if !std::env::args().any(|argument| argument == "--bench") {
        // `cargo test --all-targets` starts this too, unoptimised: figures of that would only mislead.
        println!("not run, because it was not started by cargo bench");
        return Ok(());
    }
    // First, because the peak of this process' memory is its.
    run::measure()?;
    let veth = veth::Veth::lay();
    if let Err(error) = &veth {
        println!("no veth here: {error}");
    }
    let veth = veth.ok();
    latency(veth.as_ref())?;
    rate(veth.as_ref())
}

/// Half of the time from sending a datagram of 64 bytes until it is back.
fn latency(veth: Option<&veth::Veth>) -> Outcome<()> {
    let wire = on_wire(Kind::Datagrams, &mut |sockets| ping_pong(sockets))?;
    let (name, beside) = match veth {
        Some(veth) => ("veth", ping_pong(veth.sockets(Type::DGRAM)?)?),
        None => ("loopback", ping_pong(loopback()?)?),
    };
    println!("UDP, 64 bytes, {ROUNDS} rounds; one way, in µs: min / median / 99 %");
    let [own, other] = [("wire", wire), (name, beside)].map(|(name, mut times)| {
        times.sort();
        let at = |percent: usize| times[(times.len() - 1) * percent / 100].as_secs_f64() * 1e6 / 2.0;
        println!("{name:>18}: {:8.1} / {:8.1} / {:8.1}", at(0), at(50), at(99));
        at(50)
    });
    println!("{:>18}: {:8.1}", "added, median", own - other);
    Ok(())
}

/// A stream of 64 MiB over packets of at most 1500 bytes, in turn.
fn rate(veth: Option<&veth::Veth>) -> Outcome<()> {
    let mut rates = [Vec::new(), Vec::new()];
    let mut ratios = Vec::new();
    for _ in 0..PAIRS {
        let wire = on_wire(Kind::Stream, &mut |sockets| stream(sockets))?;
        rates[0].push(64.0 / wire.as_secs_f64());
        if let Some(veth) = veth {
            let beside = stream(veth.sockets(Type::STREAM)?)?;
            rates[1].push(64.0 / beside.as_secs_f64());
            ratios.push(beside.as_secs_f64() / wire.as_secs_f64());
        }
    }
    println!("TCP, 64 MiB, MTU 1500, no offload, {PAIRS} runs of each, in turn; MiB/s: min / median / max");
    let [wire, beside] = rates;
    show("wire", 0, wire);
    if veth.is_some() {
        show("veth", 0, beside);
        show("wire / veth", 3, ratios);
    }
    Ok(())
}

fn show(name: &str, digits: usize, mut values: Vec<f64>) {
    values.sort_by(f64::total_cmp);
    let [min, median, max] = [values[0], values[values.len() / 2], values[values.len() - 1]];
    println!("{name:>18}: {min:8.digits$} / {median:8.digits$} / {max:8.digits$}");
}

/// Does something with a socket at each end of a wire that is carried meanwhile.
fn on_wire<T>(kind: Kind, work: &mut dyn FnMut([Socket; 2]) -> Outcome<T>) -> Outcome<T> {
    let order = Order {
        kind,
        connections: 1,
        mtu: 1500,
        rto_min_ms: None,
    };
    let program = Some(Path::new(env!("CARGO_BIN_EXE_lab")));
    let ends = Ends::make(order, program, Duration::from_secs(10))?;
    let wire = Arc::new(Wire::new(ends.devices, Conditions::default(), Box::new(Silent))?);
    let carried = Arc::clone(&wire);
    let thread = thread::spawn(move || carried.carry());
    let [one, other] = ends.sockets.map(|mut sockets| sockets.pop().ok_or("no socket"));
    let sockets = [one?, other?];
    bind(&sockets, ADDRESSES.map(Into::into))?;
    let done = work(sockets);
    wire.stop();
    thread.join().map_err(|_| "the wire panicked")??;
    done
}

fn bind(sockets: &[Socket; 2], addresses: [std::net::IpAddr; 2]) -> Outcome<()> {
    for ((socket, address), port) in sockets.iter().zip(addresses).zip(PORTS) {
        socket.set_reuse_address(true)?;
        socket.bind(&SocketAddr::from((address, port)).into())?;
    }
    Ok(())
}

/// Two sockets on 127.0.0.1.
fn loopback() -> Outcome<[Socket; 2]> {
    let sockets = [
        Socket::new(Domain::IPV4, Type::DGRAM, None)?,
        Socket::new(Domain::IPV4, Type::DGRAM, None)?,
    ];
    bind(&sockets, [[127, 0, 0, 1].into(); 2])?;
    Ok(sockets)
}

/// How long each round takes.
fn ping_pong([near, far]: [Socket; 2]) -> Outcome<Vec<Duration>> {
    near.connect(&far.local_addr()?)?;
    far.connect(&near.local_addr()?)?;
    for socket in [&near, &far] {
        socket.set_read_timeout(Some(Duration::from_secs(10)))?;
    }
    let mut times = Vec::with_capacity(ROUNDS);
    thread::scope(|scope| {
        let echo = scope.spawn(move || -> Outcome<()> {
            let mut buffer = [0; 64];
            for _ in 0..ROUNDS {
                (&far).read_exact(&mut buffer)?;
                (&far).write_all(&buffer)?;
            }
            Ok(())
        });
        let mut buffer = [7; 64];
        for _ in 0..ROUNDS {
            let began = Instant::now();
            (&near).write_all(&buffer)?;
            (&near).read_exact(&mut buffer)?;
            times.push(began.elapsed());
        }
        echo.join().map_err(|_| "a thread panicked")?
    })?;
    Ok(times)
}

/// How long a stream takes from its first byte until its end is read.
fn stream([listens, connects]: [Socket; 2]) -> Outcome<Duration> {
    listens.listen(1)?;
    connects.connect_timeout(&listens.local_addr()?, Duration::from_secs(10))?;
    let (accepted, _) = listens.accept()?;
    accepted.set_read_timeout(Some(Duration::from_secs(60)))?;
    let began = Instant::now();
    thread::scope(|scope| {
        let writing = scope.spawn(move || -> Outcome<()> {
            let chunk = vec![7; CHUNK];
            for _ in 0..SIZE / CHUNK {
                (&connects).write_all(&chunk)?;
            }
            Ok(())
        });
        let (mut buffer, mut taken) = (vec![0; CHUNK], 0);
        loop {
            match (&accepted).read(&mut buffer)? {
                0 => break,
                count => taken += count,
            }
        }
        writing.join().map_err(|_| "a thread panicked")??;
        if taken == SIZE {
            return Ok(());
        }
        Err::<(), Box<dyn Error + Send + Sync>>("bytes are missing".into())
    })?;
    Ok(began.elapsed())
}

/// Takes no notice: what a run writes down is measured with the run.
struct Silent;

impl Observer for Silent {
    fn came(&mut self, _: &Came<'_>) {}
    fn goes(&mut self, _: &Went<'_>) {}
    fn lost(&mut self, _: u32, _: usize, _: usize, _: Cause) {}
}
