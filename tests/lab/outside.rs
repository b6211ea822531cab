//! What the lab does to the world outside, as its system calls show it: what SECURITY.md says.

use std::path::Path;
use std::process::{Command, Stdio};

use super::support::{no_wire, not_run, run};

/// What is looked at: where sockets go, what is started, what is opened for writing, made, renamed and removed.
const CALLS: &str = "trace=bind,connect,sendto,sendmsg,execve,open,openat,creat,mkdir,mkdirat,rename,renameat,renameat2,\
                     link,linkat,symlink,symlinkat,unlink,unlinkat,truncate,chmod,fchmodat";

/// The system calls of a run and of everything that it starts, one a line; nothing where they cannot be seen.
fn calls(arguments: &[&str], folder: &Path) -> Option<Vec<String>> {
    let log = folder.join("calls");
    let mut strace = Command::new("strace");
    strace
        .args(["-f", "-qq", "-s", "200", "-e", CALLS, "-e", "signal=none", "-o"])
        .arg(&log)
        .arg(env!("CARGO_BIN_EXE_lab"))
        .args(arguments)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("TMPDIR", folder)
        .stdin(Stdio::null());
    if Command::new("strace").arg("-V").stdout(Stdio::null()).status().is_err() {
        return None;
    }
    let done = run(strace);
    let told = std::fs::read_to_string(&log).unwrap_or_default();
    if told.is_empty() {
        assert!(done.stderr.contains("ptrace"), "strace says why: {}", done.stderr);
        return None;
    }
    assert_eq!(done.code, 0, "{arguments:?}: {}{}", done.stdout, done.stderr);
    let whole = |line: &&str| line.contains('(') && !line.contains("<... ");
    Some(told.lines().filter(whole).map(str::to_owned).collect())
}

/// Whether a socket goes to this machine alone, to the lab's own two networks, or to the kernel.
fn stays_here(line: &str) -> bool {
    let inside = [
        "inet_addr(\"127.0.0.1\")",
        "inet_pton(AF_INET6, \"::1\"",
        "inet_addr(\"10.0.0.1\")",
        "inet_addr(\"10.0.0.2\")",
        "sa_family=AF_NETLINK",
    ];
    // What is connected already is sent to no other place.
    let says_no_place = (line.contains("sendto(") || line.contains("sendmsg(")) && !line.contains("sa_family");
    says_no_place || inside.iter().any(|place| line.contains(place))
}

/// The first path in a call.
fn path(line: &str) -> &str {
    line.split('"').nth(1).unwrap_or_default()
}

/// Whether what is written is the lab's to write.
fn is_own(line: &str, folder: &str, named: &[String]) -> bool {
    let path = path(line);
    let system = [
        "/dev/null",
        "/dev/net/tun",
        "/proc/self/setgroups",
        "/proc/self/uid_map",
        "/proc/self/gid_map",
        "/proc/sys/net/ipv4/tcp_early_retrans",
        "/proc/sys/net/ipv6/conf/default/disable_ipv6",
        "/proc/sys/net/ipv6/conf/all/disable_ipv6",
    ];
    let temporary =
        path == folder || path.starts_with(&format!("{folder}/lab-")) || path.starts_with(&format!("{folder}/.lab-"));
    // Relative to a folder of the run's own that is open (openat(2)); a plain name.
    let inside = line.contains("at(") && !line.contains("AT_FDCWD") && !path.contains('/');
    system.contains(&path) || temporary || inside || named.iter().any(|name| name == path)
}

fn may_run(line: &str) -> bool {
    let program = path(line);
    let bare = program
        .strip_prefix("/usr/bin/")
        .or_else(|| program.strip_prefix("/bin/"))
        .unwrap_or_default();
    let own = [env!("CARGO_BIN_EXE_lab"), "/proc/self/exe"].contains(&program);
    own || lab::scenario::program::commands::HARMLESS.contains(&bare)
}

#[test]
fn nothing_leaves_this_machine_and_nothing_is_run_or_written_that_is_not_the_labs() {
    let mut lines = vec![
        vec!["list"],
        vec!["doctor"],
        vec!["run", "nagle", "--no-tui", "--save", "SAVED"],
        vec!["run", "udp-boundaries", "--no-tui"],
        vec!["run", "boundary-zoo", "--no-tui"],
        vec!["run", "pipe-deadlock", "--no-tui"],
        vec!["run", "remote-command-tcp", "--no-tui"],
        vec!["run", "file-transfer", "--no-tui"],
        vec!["run", "ftp-put", "--no-tui"],
        vec!["run", "threaded-server", "--no-tui"],
    ];
    match no_wire() {
        Some(why) => not_run("the system calls of a wire", why),
        None => lines.push(vec!["run", "retransmit", "--no-tui", "--pcapng", "SAVED"]),
    }
    let (mut sockets, mut programs, mut files) = (0, 0, 0);
    for line in lines {
        let folder = tempfile::tempdir().expect("a folder");
        let place = folder.path().to_string_lossy().into_owned();
        let saved = format!("{place}/saved");
        let line: Vec<&str> = line
            .into_iter()
            .map(|word| if word == "SAVED" { &saved } else { word })
            .collect();
        let Some(calls) = calls(&line, folder.path()) else {
            return not_run(
                "what the lab does outside",
                "there is no strace here, or it may not look",
            );
        };
        for call in calls {
            let name = call
                .split('(')
                .next()
                .and_then(|start| start.split_whitespace().last())
                .unwrap_or_default();
            match name {
                "bind" | "connect" | "sendto" | "sendmsg" => {
                    assert!(stays_here(&call), "{line:?}: {call}");
                    sockets += 1;
                }
                "execve" => {
                    assert!(may_run(&call), "{line:?}: {call}");
                    programs += 1;
                }
                "open" | "openat" if !["O_WRONLY", "O_RDWR", "O_CREAT"].iter().any(|mode| call.contains(mode)) => {}
                _ => {
                    assert!(is_own(&call, &place, std::slice::from_ref(&saved)), "{line:?}: {call}");
                    files += 1;
                }
            }
        }
        let left: Vec<String> = std::fs::read_dir(folder.path())
            .expect("the folder is there")
            .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
            .filter(|name| name != "calls" && name != "saved")
            .collect();
        assert_eq!(left, [""; 0], "{line:?} leaves nothing behind");
    }
    assert!(
        sockets > 20 && programs > 10 && files > 10,
        "{sockets} {programs} {files}"
    );
}
