/// The program on a terminal that is read as a person reads it.
mod stage;
/// Suspended and resumed, in a shell with job control.
mod suspended;

use std::fs;
use std::panic::catch_unwind;
use std::process::{Command, Stdio};

use rustix::process::Signal;

use super::support::{command, run, signal};
use stage::{SHOWN, Stage, screen};

const ROWS: u16 = 24;
const COLUMNS: u16 = 80;

/// What a release build does not know: something goes wrong on purpose.
const FAULT: &str = "LAB_TEST_FAULT";

#[test]
fn it_takes_the_terminal_over_and_gives_it_back() {
    let Some(mut stage) = Stage::shown(&[], ROWS, COLUMNS) else {
        return;
    };
    assert_eq!(
        stage.faults().len(),
        6,
        "everything is taken over: {:?}",
        stage.faults()
    );
    stage.send("q");
    stage.ends_restored(0);
    assert_eq!(stage.text(), "", "nothing is left on the normal screen");
}

#[test]
fn it_gives_the_terminal_back_however_it_is_ended() {
    for (by, code) in [(Signal::TERM, 143), (Signal::HUP, 129), (Signal::INT, 130)] {
        let Some(mut stage) = Stage::shown(&[], ROWS, COLUMNS) else {
            return;
        };
        signal(stage.id(), by);
        stage.ends_restored(code);
    }
    let Some(mut stage) = Stage::shown(&[], ROWS, COLUMNS) else {
        return;
    };
    stage.send("\x03");
    stage.ends_restored(130);
}

#[test]
fn its_own_panic_is_told_on_the_normal_screen() {
    let Some(mut stage) = Stage::shown(&[(FAULT, "ui")], ROWS, COLUMNS) else {
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
    let Some(mut stage) = Stage::shown(&[(FAULT, "worker"), ("LAB_TEST_LOG", log)], ROWS, COLUMNS) else {
        return;
    };
    let before = stage.text();
    stage.send("xx");
    stage.send("q");
    stage.ends_restored(0);
    let left = stage
        .written
        .windows(8)
        .rposition(|window| window == b"\x1b[?1049l")
        .expect("it is left");
    let drawn = String::from_utf8_lossy(&stage.written[..left]);
    assert!(before.contains(SHOWN) && !drawn.contains("on purpose"), "{drawn}");
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
    let Some(mut stage) = Stage::shown(&[(FAULT, "stuck")], ROWS, COLUMNS) else {
        return;
    };
    stage.send("x");
    signal(stage.id(), Signal::TERM);
    stage.ends_restored(143);
}

#[test]
fn a_terminal_that_is_gone_ends_it() {
    let Some(stage) = Stage::shown(&[], ROWS, COLUMNS) else {
        return;
    };
    assert_eq!(stage.vanish().code(), Some(129));
    // Here there is no SIGHUP: that comes to those whose session the terminal leads.
    let Some(mut stage) = Stage::guest(ROWS, COLUMNS) else {
        return;
    };
    stage.wait_for(|screen| screen.contents().contains(SHOWN), "the screen");
    assert_eq!(stage.vanish().code(), Some(129));
}

#[test]
fn after_many_sizes_the_screen_is_right() {
    let Some(fresh) = Stage::shown(&[], 31, 97) else {
        return;
    };
    let Some(mut stage) = Stage::shown(&[], ROWS, COLUMNS) else {
        return;
    };
    for step in 0..300 {
        stage.resize(10 + step % 40, 40 + step % 90);
    }
    stage.resize(31, 97);
    let right = fresh.text();
    stage.wait_for(|screen| screen.contents() == right, "the screen of the last size");
    for mut stage in [fresh, stage] {
        stage.send("q");
        stage.ends_restored(0);
    }
}

#[test]
fn pastes_focus_and_the_mouse_do_no_harm() {
    let Some(mut stage) = Stage::shown(&[], ROWS, COLUMNS) else {
        return;
    };
    let paste = format!("\x1b[200~q \x1b[2J\x07 {}\x1b[201~", "长".repeat(5000));
    stage.send("\x1b[I\x1b[O");
    stage.send(&paste);
    stage.send("\x1b[<0;5;5M\x1b[<32;6;5M\x1b[<0;6;5m\x1b[<64;6;5M\x1b[<35;300;5M\x1b[<2;1;1M");
    stage.send("q");
    stage.ends_restored(0);
    assert!(!stage.written.contains(&7), "what was pasted is not written");
}

#[test]
fn many_keys_at_once_are_all_taken() {
    let Some(mut stage) = Stage::shown(&[], ROWS, COLUMNS) else {
        return;
    };
    // More than the library reads at a time.
    stage.send("x".repeat(3000));
    stage.send("q");
    stage.ends_restored(0);
}

#[test]
fn while_nothing_happens_nothing_is_done() {
    let Some(mut stage) = Stage::shown(&[], ROWS, COLUMNS) else {
        return;
    };
    // Until every thread sleeps; whatever was to be written then is written.
    let before = settled(stage.id());
    stage.pending();
    std::thread::sleep(std::time::Duration::from_secs(1));
    assert_eq!(switches(stage.id()), before, "somebody woke up");
    assert_eq!(stage.pending(), [0; 0], "something was written");
    stage.send("q");
    stage.ends_restored(0);
}

#[test]
fn without_colour_bold_stays_bold() {
    let Some(mut stage) = Stage::shown(&[("NO_COLOR", "1")], ROWS, COLUMNS) else {
        return;
    };
    let cells = (0..COLUMNS).filter_map(|column| stage.screen().cell(0, column));
    assert!(cells.clone().any(vt100::Cell::bold), "the title is bold");
    stage.send("q");
    stage.ends_restored(0);
}

#[test]
fn without_a_terminal_nothing_of_a_terminal_is_written() {
    let mut piped = screen();
    piped.stdin(Stdio::null());
    run(piped).refuses(&["terminal", "--no-tui"]);
    for term in ["dumb", ""] {
        let Some(mut stage) = Stage::start(&[("TERM", term)], ROWS, COLUMNS) else {
            return;
        };
        assert_eq!(stage.end().code(), Some(2));
        assert!(
            stage.text().contains("--no-tui") && !stage.written.contains(&0x1b),
            "{}",
            stage.text()
        );
    }
}

/// The harness itself: it notices a program that does not give the terminal back.
#[test]
fn a_terminal_that_is_not_given_back_is_noticed() {
    let Some(mut stage) = Stage::shown(&[], ROWS, COLUMNS) else {
        return;
    };
    signal(stage.id(), Signal::KILL);
    stage.end();
    assert_eq!(stage.faults().len(), 6, "{:?}", stage.faults());
    let Some(mut stage) = Stage::shown(&[], ROWS, COLUMNS) else {
        return;
    };
    stage.send("q");
    let wrong_code = catch_unwind(std::panic::AssertUnwindSafe(|| stage.ends_restored(1)));
    assert!(wrong_code.is_err(), "another exit code is noticed");
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
