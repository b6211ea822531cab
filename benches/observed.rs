//! What observing costs: the same two threads move the same bytes over loopback TCP, with plain sockets and through
//! [`Endpoint`].
//!
//! `cargo bench --bench observed` compares, run by run; `cargo bench --bench observed -- --gib` moves 1 GiB observed
//! and tells the peak memory.
//!
//! Three ways are run in turn, so that whatever else the machine does falls on all of them:
//! - *plain*: send(2) and recv(2) that block in the kernel, with nothing around them;
//! - *polled*: plain sockets too, but blocking is made of a try, a poll(2) and another try, as [`Endpoint`] makes it;
//! - *observed*: [`Endpoint`] with a gate that always says yes.

use std::error::Error;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::thread;
use std::time::{Duration, Instant};

use lab::endpoint::recorder::Recorder;
use lab::endpoint::{Endpoint, Gate, Message, Pair, Side, Stopped};
use lab::link::{BeforeConnect, Carrier, Loopback};
use lab::trace::{EndpointId, Waiting};
use rustix::event::{PollFd, PollFlags, poll};
use socket2::Socket;

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

const MESSAGE: usize = 64 * 1024;
const COMPARED: u64 = 256 << 20;
const LARGE: u64 = 1 << 30;
const PAIRS: usize = 31;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if !arguments.iter().any(|argument| argument == "--bench") {
        // `cargo test --all-targets` starts this too, unoptimised: figures of that would only mislead.
        println!("not run, because it was not started by cargo bench");
        return Ok(());
    }
    if let Err(error) = connect() {
        println!("not run, because there is no TCP over 127.0.0.1 here: {error}");
        return Ok(());
    }
    if arguments.iter().any(|argument| argument == "--gib") {
        large()
    } else {
        compare()
    }
}

fn compare() -> Outcome<()> {
    for way in [plain, polled, observed] {
        way(COMPARED)?;
    }
    let mut runs = Vec::new();
    for _ in 0..PAIRS {
        runs.push((plain(COMPARED)?, polled(COMPARED)?, observed(COMPARED)?));
    }
    let mebibytes = Duration::from_secs(1).as_secs_f64() * 256.0;
    let rate = |took: Duration| mebibytes / took.as_secs_f64();
    println!("{PAIRS} runs of each, in turn; 256 MiB in sends of 64 KiB; rates in MiB/s: min / median / max");
    show("plain", 0, runs.iter().map(|(plain, ..)| rate(*plain)));
    show("polled", 0, runs.iter().map(|(_, polled, _)| rate(*polled)));
    show("observed", 0, runs.iter().map(|(.., observed)| rate(*observed)));
    let ratio = |of: Duration, to: Duration| to.as_secs_f64() / of.as_secs_f64();
    show(
        "polled / plain",
        3,
        runs.iter().map(|(plain, polled, _)| ratio(*polled, *plain)),
    );
    show(
        "observed / polled",
        3,
        runs.iter().map(|(_, polled, observed)| ratio(*observed, *polled)),
    );
    show(
        "observed / plain",
        3,
        runs.iter().map(|(plain, _, observed)| ratio(*observed, *plain)),
    );
    Ok(())
}

fn large() -> Outcome<()> {
    let (took, events) = watched(LARGE)?;
    println!("1 GiB observed in {:.2} s, {events} events", took.as_secs_f64());
    match peak_memory() {
        Ok(peak) => println!("peak memory of the process (VmHWM): {peak}"),
        Err(error) => println!("peak memory: not run, because /proc/self/status does not tell: {error}"),
    }
    Ok(())
}

fn show(name: &str, digits: usize, values: impl Iterator<Item = f64>) {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    let [min, median, max] = [values[0], values[values.len() / 2], values[values.len() - 1]];
    println!("{name:>18}: {min:8.digits$} / {median:8.digits$} / {max:8.digits$}");
}

fn peak_memory() -> Outcome<String> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    Ok(line.ok_or("no VmHWM")?.trim().to_owned())
}

fn plain(bytes: u64) -> Outcome<Duration> {
    let (from, to) = connect()?;
    time(
        bytes,
        |piece| Ok(from.send(piece)?),
        |buffer| Ok(io::Read::read(&mut &to, buffer)?),
    )
}

fn polled(bytes: u64) -> Outcome<Duration> {
    let (from, to) = connect()?;
    time(
        bytes,
        |piece| {
            let mut taken = 0;
            while taken < piece.len() {
                taken += polling(&from, PollFlags::OUT, || {
                    from.send_with_flags(&piece[taken..], libc::MSG_DONTWAIT)
                })?;
            }
            Ok(taken)
        },
        |buffer| Ok(polling(&to, PollFlags::IN, || lab::sys::receive_stream(&to, buffer))?),
    )
}

fn polling(socket: &Socket, interest: PollFlags, mut attempt: impl FnMut() -> io::Result<usize>) -> io::Result<usize> {
    loop {
        match attempt() {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                poll(&mut [PollFd::new(socket, interest)], None)?;
            }
            done => return done,
        }
    }
}

fn observed(bytes: u64) -> Outcome<Duration> {
    Ok(watched(bytes)?.0)
}

fn watched(bytes: u64) -> Outcome<(Duration, usize)> {
    let (from, to) = connect()?;
    let side = |id, name, socket| Side::new(EndpointId(id), name, Carrier::Tcp, socket, None);
    let pair = Pair::new([side(0, "from", from), side(1, "to", to)]);
    let (recorder, gate) = (Recorder::start(), Open::new()?);
    let [from, to] = [0, 1].map(|index| Endpoint::new(&pair, index, &recorder, &gate));
    let took = time(
        bytes,
        |piece| {
            from.send(&mut Message::new(piece, 0), piece.len())?;
            Ok(piece.len())
        },
        |buffer| Ok(to.recv(buffer)?),
    )?;
    Ok((took, recorder.count()))
}

/// The two threads. They end when the last byte is there.
fn time(
    bytes: u64,
    send: impl Fn(&[u8]) -> Outcome<usize> + Send,
    recv: impl Fn(&mut [u8]) -> Outcome<usize> + Send,
) -> Outcome<Duration> {
    // A prime, so that no message begins like the one before it.
    let pattern: Vec<u8> = (0..=250).cycle().take(MESSAGE + 251).collect();
    let start = Instant::now();
    thread::scope(|scope| {
        let sender = scope.spawn(move || -> Outcome<()> {
            for number in 0..bytes / MESSAGE as u64 {
                let shift = usize::try_from(number % 251)?;
                let mut piece = &pattern[shift..shift + MESSAGE];
                while !piece.is_empty() {
                    piece = &piece[send(piece)?..];
                }
            }
            Ok(())
        });
        let receiver = scope.spawn(move || -> Outcome<()> {
            let mut buffer = vec![0; MESSAGE];
            let mut left = bytes;
            while left > 0 {
                match recv(&mut buffer)? {
                    0 => return Err("the stream ended early".into()),
                    got => left -= got as u64,
                }
            }
            Ok(())
        });
        for thread in [sender, receiver] {
            thread.join().map_err(|_| "a thread panicked")??;
        }
        Ok(start.elapsed())
    })
}

fn connect() -> Outcome<(Socket, Socket)> {
    let loopback = Loopback {
        ipv6: false,
        deadline: Duration::from_secs(5),
    };
    let (from, to) = loopback.stream(BeforeConnect::default(), BeforeConnect::default())?;
    Ok((from, to))
}

/// Nobody takes turns here.
struct Open {
    stop: OwnedFd,
    /// Held open, and never written to: the run never stops.
    _stopper: OwnedFd,
}

impl Open {
    fn new() -> io::Result<Self> {
        let (stop, stopper) = std::io::pipe()?;
        Ok(Self {
            stop: stop.into(),
            _stopper: stopper.into(),
        })
    }
}

impl Gate for Open {
    fn enter(&self, _: EndpointId) -> Result<(), Stopped> {
        Ok(())
    }
    fn leave(&self, _: EndpointId) {}
    fn park(&self, _: EndpointId, _: Waiting, _: Option<Instant>) {}
    fn park_for_either(&self, _: EndpointId, _: EndpointId) {}
    fn resume(&self, _: EndpointId) -> Result<(), Stopped> {
        Ok(())
    }
    fn pass(&self, _: EndpointId) -> Result<(), Stopped> {
        Ok(())
    }
    fn stop(&self) -> BorrowedFd<'_> {
        self.stop.as_fd()
    }
}
