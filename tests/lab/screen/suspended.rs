use std::process::Command;

use rustix::process::Signal;

use super::stage::{OPENS, SHOWN, Stage};
use super::{COLUMNS, ROWS};
use crate::support::signal;

/// A shell with job control (`-m`, POSIX sh) that starts the screen, says when it was stopped (it waits with WUNTRACED,
/// and a stopped job's status is above 128), and sets it going again when Enter is pressed.
fn shell() -> Command {
    let lab = env!("CARGO_BIN_EXE_lab");
    let script = format!(
        "sh -c 'echo process $$ .; read line; exec {lab}'; echo stopped with $?; read line; fg; echo over with $?"
    );
    let mut shell = Command::new("/bin/sh");
    shell
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("LANG", "C.UTF-8")
        .env("TERM", "xterm-256color");
    shell.env(OPENS.0, OPENS.1).args(["-mc", &script]);
    shell
}

/// Has the screen stopped, and resumes it.
fn stopped_and_resumed(stop: impl FnOnce(&Stage, u32), restored: bool) {
    let Some(mut stage) = Stage::start_command(shell(), ROWS, COLUMNS) else {
        return;
    };
    let said = |screen: &vt100::Screen| screen.contents().contains(" .");
    stage.wait_for(said, "the process's number");
    let text = stage.text();
    let id = text
        .split_whitespace()
        .nth(1)
        .and_then(|id| id.parse().ok())
        .expect("a number");
    stage.send("\n");
    let drawn = |screen: &vt100::Screen| screen.alternate_screen() && screen.contents().contains(SHOWN);
    stage.wait_for(drawn, "the screen");
    let before = stage.text();

    stop(&stage, id);
    stage.wait_for(|screen| screen.contents().contains("stopped with"), "the shell");
    if restored {
        assert_eq!(stage.faults(), [""; 0], "{}", stage.text());
    }
    stage.send("\n");
    stage.wait_for(
        |screen| screen.alternate_screen() && screen.contents() == before,
        "the whole screen again",
    );
    assert_eq!(stage.faults().len(), 6, "it is taken over again: {:?}", stage.faults());
    stage.send("q");
    stage.ends_restored(0);
    assert!(stage.text().contains("over with 0"), "{}", stage.text());
}

#[test]
fn ctrl_z_gives_the_terminal_to_the_shell_until_fg() {
    stopped_and_resumed(|stage, _| stage.send("\x1a"), true);
}

#[test]
fn a_second_ctrl_z_is_not_kept_for_later() {
    stopped_and_resumed(|stage, _| stage.send("\x1a\x1a"), true);
}

#[test]
fn sigtstp_from_outside_does_the_same() {
    stopped_and_resumed(|_, id| signal(id, Signal::TSTP), true);
}

/// Nobody can prepare for SIGSTOP, but the screen is right again afterwards.
#[test]
fn after_sigstop_the_screen_is_drawn_anew() {
    stopped_and_resumed(|_, id| signal(id, Signal::STOP), false);
}

/// Started by the terminal itself: nobody could resume it, so it is not stopped.
#[test]
fn where_no_shell_is_ctrl_z_does_nothing() {
    let Some(mut stage) = Stage::shown(&[], ROWS, COLUMNS) else {
        return;
    };
    stage.send("\x1a");
    stage.send("q");
    stage.ends_restored(0);
}
