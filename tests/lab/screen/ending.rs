use std::fs;

use rustix::process::Signal;

use super::stage::{ENTER, ESC, LIST, QUIT, Stage};
use crate::support::{file, scenario, signal};

/// A run that would go on for an hour: nobody has the permit for its first step.
fn held(log: &str) -> Option<Stage> {
    let mut stage = Stage::opened(&format!("run nagle --stepped --log {log}"), &[], "Predict")?;
    stage.press("s", "Step 1 of 5");
    Some(stage)
}

/// A run that is in the midst of its calls.
fn going_on(log: &str) -> Option<(tempfile::TempDir, Stage)> {
    let (folder, path) = file("mine.toml", long());
    let mut stage = Stage::opened(&format!("run {path} --log {log}"), &[], "Mine")?;
    stage.press(ENTER, "RUNNING");
    Some((folder, stage))
}

/// Checks what the log says of a run that was ended: it ended by itself, in the midst of its thread, and the screen
/// was not torn down around it.
#[track_caller]
fn was_ended_in_order(log: &str, ending: &str) {
    let log = fs::read_to_string(log).expect("read the log");
    for line in [
        "run begins",
        "run ended",
        ending,
        "screen closed",
        "INFO lab::tui::log: end",
    ] {
        assert!(log.contains(line), "{line} is missing in\n{log}");
    }
    assert!(!log.contains("ERROR"), "{log}");
}

type Way = (&'static str, fn(&mut Stage), i32);

const WAYS: [Way; 5] = [
    ("Ctrl-Q", |stage| stage.send(QUIT), 0),
    ("Ctrl-C", |stage| stage.send("\x03"), 130),
    ("SIGQUIT", |stage| signal(stage.id(), Signal::QUIT), 131),
    ("SIGTERM", |stage| signal(stage.id(), Signal::TERM), 143),
    (
        "Esc, from the list once more",
        |stage| {
            stage.press(ESC, LIST);
            stage.send(ESC);
        },
        0,
    ),
];

#[test]
fn a_held_run_does_not_keep_it_from_ending() {
    for (_, leave, code) in WAYS {
        let (_folder, log) = file("log", "");
        let Some(mut stage) = held(&log) else {
            return;
        };
        leave(&mut stage);
        stage.ends_restored(code);
        was_ended_in_order(&log, "ending=Interrupted");
    }
}

#[test]
fn a_run_that_goes_on_does_not_keep_it_from_ending() {
    for (_, leave, code) in WAYS {
        let (_other, log) = file("log", "");
        let Some((_folder, mut stage)) = going_on(&log) else {
            return;
        };
        leave(&mut stage);
        stage.ends_restored(code);
        was_ended_in_order(&log, "ending=");
    }
}

#[test]
fn a_terminal_that_is_gone_ends_the_run_too() {
    let (_folder, log) = file("log", "");
    let Some(stage) = held(&log) else {
        return;
    };
    assert_eq!(stage.vanish().code(), Some(129));
    was_ended_in_order(&log, "ending=Interrupted");
    let (_other, log) = file("log", "");
    let Some((_folder, stage)) = going_on(&log) else {
        return;
    };
    assert_eq!(stage.vanish().code(), Some(129));
    was_ended_in_order(&log, "ending=");
}

#[test]
fn leaving_a_scenario_ends_its_run() {
    let (_folder, log) = file("log", "");
    let Some(mut stage) = held(&log) else {
        return;
    };
    stage.press(ESC, LIST);
    let said = fs::read_to_string(&log).expect("read the log");
    assert!(said.contains("run ended"), "{said}");
    stage.press(ENTER, "nodelay=");
    stage.press(ENTER, "recorded run");
    stage.send(QUIT);
    stage.ends_restored(0);
    let said = fs::read_to_string(&log).expect("read the log");
    assert!(said.contains("ending=Finished"), "{said}");
    assert!(!said.contains("hello"), "what was sent is not logged: {said}");
}

#[test]
fn a_log_that_cannot_be_written_is_told_when_the_screen_is_gone() {
    let (_folder, log) = file("log", "");
    let mut shell = std::process::Command::new("sh");
    // No file may grow: the log is opened, and takes no line.
    let line = format!("ulimit -f 0; exec {} run nagle --log {log}", env!("CARGO_BIN_EXE_lab"));
    shell
        .args(["-c", &line])
        .env_clear()
        .env("LANG", "C.UTF-8")
        .env("TERM", "xterm-256color");
    let Some(mut stage) = Stage::start_command(shell, 24, 80) else {
        return;
    };
    stage.shows("Predict");
    stage.press("s", "recorded run");
    let drawn = String::from_utf8_lossy(&stage.written).into_owned();
    for foreign in ["tracing", "Unable to write", "os error"] {
        assert!(!drawn.contains(foreign), "{foreign} was written over the screen");
    }
    stage.send(QUIT);
    stage.ends_restored(2);
    let told = stage.text();
    assert!(
        told.contains("the log cannot be written") && told.contains("File too large"),
        "{told}"
    );
}

#[test]
fn a_run_whose_thread_panics_is_over_and_the_screen_goes_on() {
    let Some(mut stage) = Stage::opened("run nagle", &[(super::FAULT, "run")], "Predict") else {
        return;
    };
    stage.press("s", "recorded run");
    stage.shows("panicked");
    stage.press(ESC, LIST);
    stage.send(QUIT);
    stage.ends_restored(0);
    assert!(stage.text().contains("a fault made on purpose"), "{}", stage.text());
}

/// As many waits for a delayed ACK as a scenario may have: some 40 ms each, 4 s together. Should that not be enough on
/// a machine that stands still, the run is over when it is left, and that must be in order too.
fn long() -> String {
    let step = "  { sender.send = \"x\" },\n  { sender.until_acked = true },\n";
    scenario("tcp", &format!("steps = [\n{}]\n", step.repeat(100)))
}
