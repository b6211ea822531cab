//! Runs in which the machine refuses what the lab asks for: that is told as it is, and never as a scenario's failure.
//!
//! Single calls are made to fail by strace; `tests/witness` does the same with every kind of call and many more runs.

use std::process::Command;

use serde_json::Value;

use crate::support::{Done, command, not_run, run};

/// Runs `lab` with these arguments, the call failing that strace's `inject` names; nothing where there is no strace.
fn with_failing(inject: &str, line: &str) -> Option<Done> {
    let may_trace = Command::new("strace").args(["-o", "/dev/null", "true"]).output();
    if !may_trace.is_ok_and(|tried| tried.status.success()) {
        not_run(&format!("{inject} failing"), "there is no strace, or it may not trace");
        return None;
    }
    let name = inject.split(':').next().unwrap_or_default();
    let mut strace = Command::new("strace");
    strace
        .env_clear()
        .envs(std::env::var_os("PATH").map(|path| ("PATH", path)));
    strace
        .env("LANG", "C.UTF-8")
        .args(["-f", "--seccomp-bpf", "-o", "/dev/null", "-e"]);
    strace
        .arg(format!("trace={name}"))
        .arg("-e")
        .arg(format!("inject={inject}"));
    strace.arg(env!("CARGO_BIN_EXE_lab")).args(line.split_whitespace());
    Some(run(strace))
}

fn events(done: &Done) -> Vec<Value> {
    let lines = done.stdout.lines();
    lines
        .map(|line| serde_json::from_str(line).expect("JSON lines"))
        .collect()
}

fn verdict(done: &Done) -> Value {
    events(done).pop().unwrap_or_else(|| panic!("a verdict: {done:?}"))
}

/// The run broke off with this message, shows nothing for it, and is not blamed.
fn broke_off(done: &Done, said: &str) {
    let verdict = verdict(done);
    assert_eq!(verdict["ending"], "broken", "{verdict}");
    let error = verdict["error"].as_str().unwrap_or_default();
    assert!(error.starts_with(said), "{error}");
    let outcomes: Vec<&Value> = verdict["expectations"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|one| &one["outcome"])
        .collect();
    assert_eq!(outcomes, ["not_measured"], "{verdict}");
    assert_eq!(done.code, 2, "{done:?}");
}

#[test]
fn one_tcp_info_that_fails_at_the_start_keeps_no_run_waiting() {
    for when in ["1", "2"] {
        let failing = with_failing(
            &format!("getsockopt:error=EPERM:when={when}"),
            "run short-recv --format json",
        );
        let Some(done) = failing else { return };
        assert_eq!(verdict(&done)["ending"], "finished", "{done:?}");
        assert_eq!(done.code, 0, "{done:?}");
    }
}

#[test]
fn a_call_that_the_machine_refuses_ends_the_run_and_names_side_and_operation() {
    for (inject, line, said) in [
        (
            "sendto:error=ENOMEM:when=2",
            "run nagle --format json",
            "sender: send: ",
        ),
        (
            "recvfrom:error=ENOMEM:when=1",
            "run nagle --format json",
            "receiver: recv: ",
        ),
        (
            "setsockopt:error=EPERM:when=4+",
            "run nagle --format json",
            "receiver: set TCP_QUICKACK: ",
        ),
    ] {
        let Some(done) = with_failing(inject, line) else { return };
        broke_off(&done, said);
    }
}

#[test]
fn a_look_that_fails_is_no_call_of_the_programs() {
    // The second recvfrom of the sender's thread is a look at a queue.
    let Some(done) = with_failing("recvfrom:error=ENOMEM:when=2", "run udp-truncation --format json") else {
        return;
    };
    let failed: Vec<Value> = events(&done)
        .into_iter()
        .filter(|event| event["event"] == "failed")
        .collect();
    assert!(failed.iter().all(|event| event["call"] == "recv"), "{failed:?}");
}

#[test]
fn an_address_that_is_not_told_is_not_called_unnamed() {
    let Some(done) = with_failing("getpeername:error=ENOBUFS:when=1", "run short-recv --format json") else {
        return;
    };
    let opened: Vec<Value> = events(&done)
        .into_iter()
        .filter(|event| event["event"] == "opened")
        .collect();
    assert_eq!(opened[0].get("peer"), None, "{opened:?}");
    assert!(
        opened[1]["peer"]
            .as_str()
            .is_some_and(|peer| peer.starts_with("127.0.0.1:")),
        "{opened:?}"
    );
    assert_eq!(done.code, 0);
}

#[test]
fn a_write_that_fails_keeps_no_run_from_ending() {
    let line = "run boundary-zoo --set transport=pipe --format json";
    // Neither what a program writes nor what the lab tells its threads arrives, nor what it would print.
    let Some(done) = with_failing("write:error=EIO:when=1+", line) else {
        return;
    };
    assert_eq!(done.code, 2, "{done:?}");
}

#[test]
fn a_thread_that_cannot_be_had_is_named() {
    let Some(done) = with_failing("clone,clone3:error=EAGAIN:when=2", "run short-recv --format json") else {
        return;
    };
    assert_eq!(done.code, 2, "{done:?}");
    assert!(
        done.stderr.contains("receiver: start a thread") || done.stderr.contains("sender: start a thread"),
        "{done:?}"
    );
}

#[test]
fn a_wire_that_carries_nothing_is_not_the_scenarios_fault() {
    let Some(done) = with_failing("ppoll:error=ENOMEM:when=1+", "run udp-loss --format json") else {
        return;
    };
    if done.stdout.is_empty() {
        assert_eq!(done.code, 2, "{done:?}");
        return not_run("a wire that cannot be carried", done.stderr.trim());
    }
    broke_off(&done, "wire: carry packets: ");
}

#[test]
fn without_a_folder_a_run_cannot_be_made_and_check_says_so_of_each() {
    let nowhere = |line: &str| {
        let mut lab = command();
        lab.env("TMPDIR", "/nowhere").args(line.split_whitespace());
        run(lab)
    };
    broke_off(
        &nowhere("run remote-command-tcp --format json"),
        "server: make the folder of the commands: ",
    );
    let done = nowhere("run file-transfer --format json");
    assert_eq!((done.code, done.stdout.as_str()), (2, ""), "{done:?}");
    assert!(done.stderr.contains("make a temporary folder: "), "{done:?}");
    // What can run does, also behind what cannot.
    let done = nowhere("check remote-command-tcp file-transfer short-recv");
    assert_eq!(done.code, 2, "{done:?}");
    assert!(
        !done.stdout.contains("FAILED") && !done.stdout.contains("did not show"),
        "{done:?}"
    );
    let reason = |id: &str| {
        done.stdout
            .lines()
            .any(|line| line.starts_with(id) && line.contains("could not begin") | line.contains("broke off"))
    };
    assert!(
        reason("remote-command-tcp defaults") && reason("file-transfer defaults"),
        "{done:?}"
    );
    assert!(done.stdout.contains("held 1 of 1"), "{done:?}");
}

#[test]
fn without_descriptors_a_run_cannot_be_made_and_says_for_whom() {
    let mut shell = Command::new("sh");
    shell
        .env_clear()
        .env("LANG", "C.UTF-8")
        .args(["-c", "ulimit -n 9; exec \"$0\" run nagle --format json"]);
    let done = run({
        shell.arg(env!("CARGO_BIN_EXE_lab"));
        shell
    });
    assert_eq!(done.code, 2, "{done:?}");
    let named = ["sender: ", "receiver: ", "catch signals: ", "stop pipe: "];
    assert!(named.iter().any(|side| done.stderr.contains(side)), "{done:?}");
}
