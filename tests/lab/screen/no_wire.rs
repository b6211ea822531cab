use std::process::Command;

use super::stage::{COLUMNS, F2, QUIT, ROWS, Stage};
use crate::support::{not_run, run};

/// Takes the right to make networks from itself and from whatever it starts.
const WITHOUT: &str = "echo 0 > /proc/sys/user/max_net_namespaces && echo 0 > /proc/sys/user/max_user_namespaces";

/// The program where no wire can be had.
fn program(line: &str) -> Option<Command> {
    let within = |script: &str| {
        let mut command = Command::new("unshare");
        let path = std::env::var_os("PATH").unwrap_or_default();
        command.env_clear().env("PATH", path).env("LANG", "C.UTF-8");
        command.args(["--user", "--map-root-user", "sh", "-c", script]);
        command
    };
    let can = within(WITHOUT).output().is_ok_and(|done| done.status.success());
    if !can {
        not_run("a screen without a wire", "no networks can be forbidden here");
        return None;
    }
    let mut command = within(&format!("{WITHOUT} && exec \"$0\" \"$@\""));
    command.arg(env!("CARGO_BIN_EXE_lab"));
    command.args(line.split_whitespace()).env("TERM", "xterm-256color");
    Some(command)
}

#[test]
fn why_there_is_no_wire_is_told_in_the_language_of_the_screen() {
    let Some(command) = program("run handshake --lang zh") else {
        return;
    };
    let Some(mut stage) = Stage::start_command(command, ROWS, COLUMNS) else {
        return;
    };
    stage.shows("预测");
    stage.press("s", "已跑完");
    stage.shows("无法开始运行：这里建不起虚拟链路：没能建用户命名空间和网络命名空间");
    // What mends it stays when the notice has gone.
    stage.shows("max_user_namespaces=15000");
    assert!(!stage.text().contains("unshare"), "{}", stage.text());
    stage.press(F2, "there is no wire here: unshare a user and a network");
    assert!(!stage.text().contains("链路"), "{}", stage.text());
    stage.send(QUIT);
    stage.ends_restored(0);
}

#[test]
fn a_check_counts_what_ran_and_names_what_did_not() {
    let told = |line: &str| program(line).map(|command| run(command).exits(2).stdout);
    let Some(both) = told("check handshake short-recv --repeat 2") else {
        return;
    };
    let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        flat(&both).contains("runs of 1 scenario: everything that had to be seen"),
        "{both}"
    );
    assert!(
        flat(&both).contains("Not run at all: 1 scenario (handshake)."),
        "{both}"
    );
    let none = told("check handshake").expect("the same system");
    assert!(
        none.contains("Nothing was run.") && !none.contains("was seen"),
        "{none}"
    );
    let chinese = told("check handshake short-recv --lang zh").expect("the same system");
    let chinese: String = chinese.split_whitespace().collect();
    assert!(
        chinese.contains("1个场景共运行") && chinese.contains("完全没有运行的有1个场景：handshake"),
        "{chinese}"
    );
}

#[test]
fn the_text_says_it_in_its_language_too() {
    for (lang, why) in [
        ("en", "no wire here: unshare a user and a network namespace: "),
        ("zh", "建不起虚拟链路：没能建用户命名空间和网络命名空间："),
    ] {
        let Some(command) = program(&format!("run handshake --no-tui --lang {lang}")) else {
            return;
        };
        run(command).refuses(&[why]);
    }
}
