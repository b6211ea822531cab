/// Ended while a run goes on or is held.
mod ending;
/// Own files, saved runs, the configuration.
mod files;
/// A whole lesson, key by key.
mod lesson;
/// Colours, or none; ASCII; terminals that can do nothing.
mod look;
/// Clicks.
mod mouse;
/// Where no wire can be had.
mod no_wire;
/// The program on a terminal that is read as a person reads it.
mod stage;
/// Runs that are held between their steps, and runs that hang.
mod stepped;
/// Suspended and resumed, in a shell with job control.
mod suspended;

use std::fs;
use std::panic::catch_unwind;
use std::process::Command;

use rustix::process::Signal;

use super::support::{command, signal};
use stage::{COLUMNS, LIST, QUIT, ROWS, Stage, program};

/// What a release build does not know: something goes wrong on purpose.
const FAULT: &str = "LAB_TEST_FAULT";

#[test]
fn it_takes_the_terminal_over_and_gives_it_back() {
    let Some(mut stage) = Stage::list() else {
        return;
    };
    assert_eq!(
        stage.faults().len(),
        6,
        "everything is taken over: {:?}",
        stage.faults()
    );
    stage.send(QUIT);
    stage.ends_restored(0);
    assert_eq!(stage.text(), "", "nothing is left on the normal screen");
}

#[test]
fn it_gives_the_terminal_back_however_it_is_ended() {
    for (by, code) in [(Signal::TERM, 143), (Signal::HUP, 129), (Signal::INT, 130)] {
        let Some(mut stage) = Stage::list() else {
            return;
        };
        signal(stage.id(), by);
        stage.ends_restored(code);
    }
    let Some(mut stage) = Stage::list() else {
        return;
    };
    stage.send("\x03");
    stage.ends_restored(130);
}

#[test]
fn its_own_panic_is_told_on_the_normal_screen() {
    let Some(mut stage) = Stage::opened("", &[(FAULT, "ui")], LIST) else {
        return;
    };
    stage.send("x");
    stage.ends_restored(101);
    assert!(stage.text().contains("a fault made on purpose"), "{}", stage.text());
}

#[test]
fn the_panic_of_another_thread_does_not_touch_the_screen() {
    let folder = tempfile::tempdir().expect("make a folder");
    let log = folder.path().join("log");
    let log = log.to_str().expect("UTF-8");
    let Some(mut stage) = Stage::opened(&format!("--log {log}"), &[(FAULT, "worker")], LIST) else {
        return;
    };
    let before = stage.text();
    stage.send("xx");
    stage.send(QUIT);
    stage.ends_restored(0);
    let left = stage
        .written
        .windows(8)
        .rposition(|window| window == b"\x1b[?1049l")
        .expect("it is left");
    let drawn = String::from_utf8_lossy(&stage.written[..left]);
    assert!(before.contains(LIST) && !drawn.contains("on purpose"), "{drawn}");
    assert!(
        stage.text().contains("on purpose"),
        "it is told afterwards: {}",
        stage.text()
    );
    let log = fs::read_to_string(log).expect("read the log");
    for line in [
        "start",
        "screen opened width=80 height=24",
        "a fault made on purpose",
        "screen closed",
        "end",
    ] {
        assert!(log.contains(line), "{line}: {log}");
    }
    assert!(!log.contains('\x1b'), "{log}");
}

#[test]
fn a_loop_that_is_stuck_does_not_keep_it_from_ending() {
    let Some(mut stage) = Stage::opened("", &[(FAULT, "stuck")], LIST) else {
        return;
    };
    stage.send("x");
    signal(stage.id(), Signal::TERM);
    stage.ends_restored(143);
}

#[test]
fn a_terminal_that_is_gone_ends_it() {
    let Some(stage) = Stage::list() else {
        return;
    };
    assert_eq!(stage.vanish().code(), Some(129));
    // Here there is no SIGHUP: that comes to those whose session the terminal leads.
    let Some(mut stage) = Stage::guest() else {
        return;
    };
    stage.wait_for(|screen| screen.contents().contains(LIST), "the screen");
    assert_eq!(stage.vanish().code(), Some(129));
}

#[test]
fn after_many_sizes_the_screen_is_right() {
    let Some(mut fresh) = Stage::start_command(program(""), 31, 97) else {
        return;
    };
    fresh.shows(LIST);
    let Some(mut stage) = Stage::list() else {
        return;
    };
    for step in 0..300 {
        stage.resize(10 + step % 40, 40 + step % 90);
    }
    stage.resize(31, 97);
    let right = fresh.text();
    stage.wait_for(|screen| screen.contents() == right, "the screen of the last size");
    for mut stage in [fresh, stage] {
        stage.send(QUIT);
        stage.ends_restored(0);
    }
}

#[test]
fn pastes_focus_and_the_mouse_do_no_harm() {
    let Some(mut stage) = Stage::list() else {
        return;
    };
    let paste = format!("\x1b[200~q \x1b[2J\x07 {}\x1b[201~", "长".repeat(5000));
    stage.send("\x1b[I\x1b[O");
    stage.send(&paste);
    stage.send("\x1b[<0;5;5M\x1b[<32;6;5M\x1b[<0;6;5m\x1b[<64;6;5M\x1b[<35;300;5M\x1b[<2;1;1M");
    stage.send(QUIT);
    stage.ends_restored(0);
    assert!(!stage.written.contains(&7), "what was pasted is not written");
}

#[test]
fn many_keys_at_once_are_all_taken() {
    let Some(mut stage) = Stage::list() else {
        return;
    };
    // More than the library reads at a time.
    stage.send("x".repeat(3000));
    stage.send(QUIT);
    stage.ends_restored(0);
}

#[test]
fn while_nothing_happens_nothing_is_done() {
    let Some(mut stage) = Stage::list() else {
        return;
    };
    // Until every thread sleeps; whatever was to be written then is written.
    let before = settled(stage.id());
    stage.pending();
    std::thread::sleep(std::time::Duration::from_secs(1));
    assert_eq!(switches(stage.id()), before, "somebody woke up");
    assert_eq!(stage.pending(), [0; 0], "something was written");
    stage.send(QUIT);
    stage.ends_restored(0);
}

/// The harness itself: it notices a program that does not give the terminal back.
#[test]
fn a_terminal_that_is_not_given_back_is_noticed() {
    let Some(mut stage) = Stage::list() else {
        return;
    };
    signal(stage.id(), Signal::KILL);
    stage.end();
    assert_eq!(stage.faults().len(), 6, "{:?}", stage.faults());
    let Some(mut stage) = Stage::list() else {
        return;
    };
    stage.send(QUIT);
    let wrong_code = catch_unwind(std::panic::AssertUnwindSafe(|| stage.ends_restored(1)));
    assert!(wrong_code.is_err(), "another exit code is noticed");
}

/// The harness itself: a text that was there before is no answer to a key.
#[test]
fn a_text_that_was_there_before_is_noticed() {
    let Some(mut stage) = Stage::list() else {
        return;
    };
    let pressed = catch_unwind(std::panic::AssertUnwindSafe(|| stage.press("n", "nagle")));
    assert!(pressed.is_err());
    let taken = catch_unwind(std::panic::AssertUnwindSafe(|| {
        stage.press_away("n", "nothing of the kind");
    }));
    assert!(taken.is_err());
    assert_eq!(stage.position(), None, "the list has no position");
}

/// The harness itself: it notices a screen that never comes.
#[test]
fn a_screen_that_does_not_come_is_noticed() {
    let mut list: Command = command();
    list.arg("list");
    let Some(mut stage) = Stage::start_command(list, ROWS, COLUMNS) else {
        return;
    };
    let waited = catch_unwind(std::panic::AssertUnwindSafe(|| {
        stage.wait_for(vt100::Screen::alternate_screen, "the screen");
    }));
    assert!(waited.is_err());
}

/// How often each thread of a process has gone to sleep or was put aside: proc_pid_status(5).
fn switches(process: u32) -> Vec<String> {
    let mut found = Vec::new();
    for task in fs::read_dir(format!("/proc/{process}/task"))
        .expect("list the threads")
        .flatten()
    {
        let status = fs::read_to_string(task.path().join("status")).expect("read a thread's status");
        found.extend(
            status
                .lines()
                .filter(|line| line.starts_with("voluntary_ctxt"))
                .map(str::to_owned),
        );
    }
    found.sort();
    found
}

/// Waits until no thread of a process does anything any more.
fn settled(process: u32) -> Vec<String> {
    let mut before = switches(process);
    for _ in 0..1000 {
        std::thread::sleep(std::time::Duration::from_millis(100));
        let now = switches(process);
        if now == before {
            return now;
        }
        before = now;
    }
    panic!("it does not come to rest");
}
