//! The lab on a machine that does not let it run when it should: what it cannot tell then it does not refute.

use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use super::support::{DEADLINE, command, measures_everything, no_wire, not_run, signal};

/// Runs the lab and stops it at moments that chance chooses, for longer than a delayed ACK takes; how it ended.
fn stopped_now_and_then(line: &str, chance: &mut fastrand::Rng) -> (i32, String) {
    let mut lab = command();
    lab.args(line.split_whitespace()).args(["--format", "json"]);
    let mut lab = lab.stdout(Stdio::piped()).spawn().expect("the lab runs");
    let told = lab.stdout.take().expect("a pipe");
    let reader = thread::spawn(move || std::io::read_to_string(told).expect("text"));
    let began = Instant::now();
    let moment = |most: u64, chance: &mut fastrand::Rng| thread::sleep(Duration::from_micros(chance.u64(0..most)));
    moment(30_000, chance);
    while lab.try_wait().expect("it is a child").is_none() {
        assert!(began.elapsed() < DEADLINE, "{line} does not end");
        signal(lab.id(), Signal::STOP);
        thread::sleep(Duration::from_millis(chance.u64(10..90)));
        signal(lab.id(), Signal::CONT);
        moment(4_000, chance);
    }
    let code = lab.wait().expect("it ends").code().unwrap_or(-1);
    (code, reader.join().expect("it reads"))
}

#[track_caller]
fn refutes_nothing(lines: &[&str], times: usize) {
    let seed = fastrand::u64(..);
    let mut chance = fastrand::Rng::with_seed(seed);
    for line in lines.iter().cycle().take(times * lines.len()) {
        let (code, told) = stopped_now_and_then(line, &mut chance);
        assert!(
            code == 0 || code == 2,
            "{line}, seed {seed}, ended with {code}:\n{told}"
        );
    }
}

#[test]
fn a_lab_that_is_stopped_again_and_again_refutes_nothing() {
    if !measures_everything() {
        return not_run("a lab that is stopped", "this system does not measure what is held");
    }
    refutes_nothing(
        &[
            "run nagle",
            "run nagle --set count=5",
            "run write-write-read",
            "run write-write-read --set cork=true",
            "run ack-clears",
        ],
        6,
    );
}

#[test]
fn nor_does_one_that_carries_a_wire() {
    if let Some(why) = no_wire() {
        return not_run("a lab that is stopped, over a wire", why);
    }
    refutes_nothing(
        &[
            "run nagle --link wire",
            "run write-write-read --link wire",
            "run ack-clears --link wire --set quickack=true",
            "run retransmit",
        ],
        4,
    );
}
