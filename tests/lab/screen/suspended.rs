use std::process::Command;

use rustix::process::Signal;

use super::stage::{COLUMNS, LIST, QUIT, ROWS, Stage};
use crate::support::signal;

/// A shell with job control (`-m`, POSIX sh) that starts the screen, says when it was stopped (it waits with WUNTRACED,
/// and a stopped job's status is above 128), and sets it going again when Enter is pressed.
fn shell(line: &str) -> Command {
    let lab = format!("{} {line}", env!("CARGO_BIN_EXE_lab"));
    let script = format!(
        "sh -c 'echo process $$ .; read line; exec {lab}'; echo stopped with $?; read line; fg; echo over with $?"
    );
    let mut shell = Command::new("/bin/sh");
    shell
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("LANG", "C.UTF-8")
        .env("TERM", "xterm-256color");
    shell.args(["-mc", &script]);
    shell
}

/// The screen in such a shell, when this text is there, and the number of its process.
fn in_a_shell(line: &str, text: &str) -> Option<(Stage, u32)> {
    let mut stage = Stage::start_command(shell(line), ROWS, COLUMNS)?;
    stage.shows(" .");
    let said = stage.text();
    let id = said.split_whitespace().nth(1).and_then(|id| id.parse().ok());
    stage.send("\n");
    let drawn = |screen: &vt100::Screen| screen.alternate_screen() && screen.contents().contains(text);
    stage.wait_for(drawn, text);
    Some((stage, id.expect("a number")))
}

/// Waits until it was stopped, and resumes it: the same screen is there again.
fn is_resumed(stage: &mut Stage, before: &str, restored: bool) {
    stage.shows("stopped with");
    if restored {
        assert_eq!(stage.faults(), [""; 0], "{}", stage.text());
    }
    stage.send("\n");
    stage.wait_for(
        |screen| screen.alternate_screen() && screen.contents() == before,
        "the whole screen again",
    );
    assert_eq!(stage.faults().len(), 6, "it is taken over again: {:?}", stage.faults());
}

fn leaves(mut stage: Stage) {
    stage.send(QUIT);
    stage.ends_restored(0);
    assert!(stage.text().contains("over with 0"), "{}", stage.text());
}

/// Has the list stopped, and resumes it.
fn stopped_and_resumed(stop: impl FnOnce(&Stage, u32), restored: bool) {
    let Some((mut stage, id)) = in_a_shell("", LIST) else {
        return;
    };
    let before = stage.text();
    stop(&stage, id);
    is_resumed(&mut stage, &before, restored);
    leaves(stage);
}

#[test]
fn a_held_run_is_still_held_after_fg() {
    let Some((mut stage, _)) = in_a_shell("run nagle --stepped", "Predict") else {
        return;
    };
    stage.press("s", "Step 1 of 5");
    stage.press("n", "Step 2 of 5");
    // Nothing moves any more when the kernel's timer has run out.
    stage.shows("ACK m1");
    stage.at_the_end();
    let before = stage.text();
    stage.send("\x1a");
    is_resumed(&mut stage, &before, true);
    stage.press("n", "Step 3 of 5");
    leaves(stage);
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
    let Some(mut stage) = Stage::list() else {
        return;
    };
    stage.send("\x1a");
    stage.send(QUIT);
    stage.ends_restored(0);
}
