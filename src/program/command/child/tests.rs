use std::os::fd::OwnedFd;
use std::thread;

use super::*;

const BOUNDS: Bounds = Bounds {
    limit: 1 << 20,
    deadline: Duration::from_secs(60),
};

/// The read end of a pipe that tells of the end of the run, and what would say so.
fn stop() -> (OwnedFd, io::PipeWriter) {
    let (stop, stopper) = io::pipe().expect("a pipe");
    (stop.into(), stopper)
}

fn run_here(words: &[&str], bounds: Bounds) -> Printed {
    let folder = tempfile::tempdir().expect("a folder");
    let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
    let (stop, _stopper) = stop();
    run(&words, folder.path(), bounds, stop.as_fd()).expect("it runs")
}

#[test]
fn both_streams_and_the_status_are_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("here"), "").expect("a file");
    let words = ["ls", "here", "nowhere"].map(str::to_owned);
    let (stop, _stopper) = stop();
    let printed = run(&words, folder.path(), BOUNDS, stop.as_fd()).expect("it runs");
    assert_eq!(printed.out, b"here\n");
    let err = String::from_utf8(printed.err).expect("text");
    assert!(err.starts_with("ls: ") && err.contains("nowhere"), "{err}");
    assert!(printed.status > 0 && printed.killed.is_none());
}

#[test]
fn output_may_be_as_long_as_the_limit_and_not_a_byte_longer() {
    let numbers = run_here(&["seq", "1", "100000"], BOUNDS).out.len();
    assert_eq!(numbers, 588_895, "far more than a pipe holds");
    let limited = |limit: usize| {
        let limit = limit as u64;
        run_here(&["seq", "1", "100000"], Bounds { limit, ..BOUNDS })
    };
    assert_eq!(limited(numbers).killed, None);
    let cut = limited(numbers - 1);
    assert_eq!((cut.killed, cut.out.len()), (Some(Excess::Output), numbers - 1));
}

#[test]
fn what_never_ends_is_killed() {
    let deadline = Duration::from_millis(100);
    let printed = run_here(&["sleep", "1000"], Bounds { deadline, ..BOUNDS });
    assert_eq!((printed.killed, printed.status), (Some(Excess::Time), 128 + 9));
    let printed = run_here(&["cat", "/dev/zero"], BOUNDS);
    assert_eq!(printed.killed, Some(Excess::Output));
    assert_eq!(printed.out.len() as u64, BOUNDS.limit);
}

#[test]
fn nothing_comes_in_and_little_is_known_of_the_outside() {
    assert_eq!(run_here(&["cat"], BOUNDS).out, b"");
    let folder = run_here(&["pwd"], BOUNDS).out;
    assert!(
        folder.ends_with(b"\n")
            && folder
                != std::env::current_dir()
                    .expect("a folder")
                    .as_os_str()
                    .as_encoded_bytes()
    );
}

#[test]
fn the_end_of_the_run_ends_the_program() {
    let (stop, stopper) = stop();
    let folder = tempfile::tempdir().expect("a folder");
    let words = ["sleep", "1000"].map(str::to_owned);
    let began = Instant::now();
    thread::scope(|scope| {
        let running = scope.spawn(|| run(&words, folder.path(), BOUNDS, stop.as_fd()));
        rustix::io::write(&stopper, &[0]).expect("the pipe takes a byte");
        assert!(matches!(running.join().expect("no panic"), Err(ChildError::Stopped(_))));
    });
    assert!(began.elapsed() < BOUNDS.deadline);
}

#[test]
#[cfg(target_os = "linux")]
fn it_has_a_session_of_its_own_and_no_terminal() {
    let stat = String::from_utf8(run_here(&["cat", "/proc/self/stat"], BOUNDS).out).expect("text");
    let (number, rest) = stat.split_once(" (").expect("a process number");
    let fields: Vec<&str> = rest.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    // State, parent, process group, session, terminal (proc_pid_stat(5)).
    assert_eq!((fields[2], fields[3], fields[4]), (number, number, "0"), "{stat}");
}
