//! What the lab costs a file: the scenario `file-transfer` without a digest, and the same file over plain sockets, read
//! from a file and written to one in pieces of the same length, in turn.
//!
//! `cargo bench --bench transfer` compares, run by run.

use std::error::Error;
use std::fs::File;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use lab::runner::{self, Control};
use lab::scenario::Plan;
use lab::scenario::catalogue::find;
use lab::scenario::read::read;
use lab::trace::Ending;

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

const CHUNK: usize = 64 * 1024;
const SIZE: u64 = 256 << 20;
const PAIRS: usize = 15;

fn main() -> Outcome<()> {
    if !std::env::args().any(|argument| argument == "--bench") {
        // `cargo test --all-targets` starts this too, unoptimised: figures of that would only mislead.
        println!("not run, because it was not started by cargo bench");
        return Ok(());
    }
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("file.bin");
    let bytes: Vec<u8> = (0..=250).cycle().take(1 << 20).collect();
    let mut file = File::create(&path)?;
    for _ in 0..SIZE >> 20 {
        file.write_all(&bytes)?;
    }
    drop(file);
    plain(&path, folder.path())?;
    observed(&path)?;
    let mut ratios = Vec::new();
    let mut rates = [Vec::new(), Vec::new()];
    for _ in 0..PAIRS {
        let (plain, observed) = (plain(&path, folder.path())?, observed(&path)?);
        ratios.push(plain.as_secs_f64() / observed.as_secs_f64());
        for (rates, took) in rates.iter_mut().zip([plain, observed]) {
            rates.push(256.0 / took.as_secs_f64());
        }
    }
    println!("{PAIRS} runs of each, in turn; 256 MiB in pieces of 64 KiB; rates in MiB/s: min / median / max");
    let [plain, observed] = rates;
    show("plain", 0, plain);
    show("observed", 0, observed);
    show("observed / plain", 3, ratios);
    Ok(())
}

fn show(name: &str, digits: usize, mut values: Vec<f64>) {
    values.sort_by(f64::total_cmp);
    let [min, median, max] = [values[0], values[values.len() / 2], values[values.len() - 1]];
    println!("{name:>18}: {min:8.digits$} / {median:8.digits$} / {max:8.digits$}");
}

/// Sends a file and receives it, with nothing around it. Timed as the other: with all that is made and removed.
fn plain(path: &Path, folder: &Path) -> Outcome<Duration> {
    let began = Instant::now();
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    let received = folder.join("received.bin");
    thread::scope(|scope| {
        let writing = scope.spawn(|| -> Outcome<()> {
            let mut socket = TcpStream::connect(address)?;
            socket.set_nodelay(true)?;
            pump(&mut File::open(path)?, &mut socket)
        });
        let reading = scope.spawn(|| -> Outcome<()> {
            let (mut socket, _) = listener.accept()?;
            pump(&mut socket, &mut File::create(&received)?)
        });
        for thread in [writing, reading] {
            thread.join().map_err(|_| "a thread panicked")??;
        }
        Ok::<_, Box<dyn Error + Send + Sync>>(())
    })?;
    std::fs::remove_file(&received)?;
    Ok(began.elapsed())
}

fn pump(from: &mut dyn Read, to: &mut dyn Write) -> Outcome<()> {
    let mut buffer = vec![0; CHUNK];
    loop {
        match from.read(&mut buffer)? {
            0 => return Ok(()),
            count => to.write_all(&buffer[..count])?,
        }
    }
}

fn observed(path: &Path) -> Outcome<Duration> {
    let embedded = find("file-transfer").ok_or("no such scenario")?;
    let scenario = read(embedded.file, embedded.text).map_err(|problems| problems.to_string())?;
    let mut settings = scenario.defaults();
    let path = path.display().to_string();
    for (knob, value) in [("file", path.as_str()), ("hash", "none")] {
        let set = settings.set(&scenario.knobs, knob, value);
        set.map_err(|error| format!("{error:?}"))?;
    }
    let plan = Plan::new(&scenario, &settings);
    let began = Instant::now();
    let outcome = runner::run(&plan, &Control::default())?;
    let took = began.elapsed();
    match outcome.ending {
        Ending::Finished => Ok(took),
        other => Err(format!("{other:?}").into()),
    }
}
