use std::fs::{self, File};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use rustix::process::Signal;
use serde_json::Value;
use unicode_width::UnicodeWidthStr;

use super::pty::{self, Pty};
use super::support::{DEADLINE, Done, command, file, finish, lab, lab_line, not_run, run, signal, within};

/// What the program says of files, for programs.
fn told(paths: &[&str]) -> Vec<Value> {
    let done = lab(["fingerprint", "--json"].iter().chain(paths)).exits(0);
    serde_json::from_str(&done.stdout).expect("JSON")
}

#[test]
fn the_digests_are_those_of_md5sum_and_sha256sum() {
    let contents: [(&str, Vec<u8>); 4] = [
        ("empty", Vec::new()),
        ("abc", b"abc".to_vec()),
        ("粘包 with blanks", "你好，世界".repeat(1000).into_bytes()),
        // More than one piece, and no whole number of them.
        (
            "large",
            (0..1_000_003_u32)
                .map(|n| n.to_le_bytes()[0] ^ n.to_le_bytes()[1])
                .collect(),
        ),
    ];
    for (name, content) in contents {
        let (_folder, path) = file(name, &content);
        let found = &told(&[&path])[0];
        assert_eq!(found["size"], content.len());
        assert_eq!(found["changed_while_read"], false);
        for (tool, key) in [("md5sum", "md5"), ("sha256sum", "sha256")] {
            let mut command = Command::new(tool);
            command.arg(&path).stdin(Stdio::null());
            if command.output().is_err() {
                not_run(&format!("the comparison with {tool}"), "it is not there");
                continue;
            }
            let theirs = run(command).exits(0).stdout;
            let theirs = theirs
                .split_whitespace()
                .next()
                .expect("a digest")
                .trim_start_matches('\\');
            assert_eq!(found[key], theirs, "{name}");
        }
    }
    let (_folder, path) = file("abc", "abc");
    let found = &told(&[&path])[0];
    assert_eq!(found["md5"], "900150983cd24fb0d6963f7d28e17f72");
    assert_eq!(
        found["sha256"],
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    );
}

/// A text in one line, however it was folded; Chinese is folded without blanks.
fn flat(text: &str, between: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(between)
}

#[test]
fn the_times_are_those_of_the_file_and_no_time_is_called_what_it_is_not() {
    let (_folder, path) = file("abc", "abc");
    let mut touch = Command::new("touch");
    touch.args(["-d", "2001-02-03T04:05:06Z", &path]);
    run(touch).exits(0);
    let found = &told(&[&path])[0];
    assert_eq!(found["modified"], "2001-02-03T04:05:06.000000000Z");
    let changed = found["status_changed"].as_str().expect("a time");
    assert!(changed > "2024", "setting the time was a change itself: {changed}");
    let done = lab(["fingerprint", &path]).exits(0).tame();
    for text in [
        "3 bytes",
        "modified       2001-02-03 04:05:06 UTC",
        "status change  2",
        "not when the file was created",
        "MD5      900150983cd24fb0d6963f7d28e17f72",
        "SHA-256  ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\n",
        "against somebody who wants to deceive compare SHA-256",
    ] {
        let flat = flat(&done.stdout, " ");
        assert!(
            done.stdout.contains(text) || flat.contains(text),
            "{text}: {}",
            done.stdout
        );
    }
    assert_eq!(done.stderr, "");
    let told_born = done.stdout.contains("  created ");
    assert_eq!(told_born, !found["created"].is_null(), "said only if it is known");
    let chinese = lab(["fingerprint", &path, "--lang", "zh"]).exits(0).tame();
    let flat = flat(&chinese.stdout, "");
    assert!(flat.contains("状态变更2") && flat.contains("它不是创建时间"), "{flat}");
}

#[test]
fn what_is_no_file_is_refused_without_waiting_and_the_others_are_done() {
    let (folder, abc) = file("abc", "abc");
    let inside = |name: &str| folder.path().join(name).display().to_string();
    let pipe = inside("pipe");
    let mut mkfifo = Command::new("mkfifo");
    mkfifo.arg(&pipe);
    run(mkfifo).exits(0);
    let link = inside("link");
    std::os::unix::fs::symlink(&pipe, &link).expect("make a link");
    let _socket = std::os::unix::net::UnixListener::bind(inside("socket")).expect("make a socket");
    let folder_path = folder.path().display().to_string();
    for (path, why) in [
        (pipe, "it is no regular file"),
        (link, "it is no regular file"),
        (inside("socket"), "it is no regular file"),
        ("/dev/zero".to_owned(), "it is no regular file"),
        (folder_path, "it is a folder"),
        (inside("missing"), "No such file or directory"),
        ("-".to_owned(), "standard input is no file"),
    ] {
        let done = lab(["fingerprint", &path, &abc]).exits(2).tame();
        let said = format!("error: {path}: cannot be read: {why}");
        assert!(done.stderr.starts_with(&said), "{}", done.stderr);
        assert!(
            done.stdout.contains("900150983cd24fb0d6963f7d28e17f72"),
            "{}",
            done.stdout
        );
        let json = lab(["fingerprint", "--json", &path, &abc]).exits(2).stdout;
        let json: Vec<Value> = serde_json::from_str(&json).expect("JSON");
        assert_eq!((&json[0]["path"], &json[1]["size"]), (&path.into(), &3.into()));
        assert!(json[0]["error"].as_str().is_some_and(|error| error.contains(why)));
    }
    lab_line("fingerprint").refuses(&["FILE"]);
    lab_line("fingerprint missing --lang zh").refuses(&["missing：无法读取：没有这个文件"]);
    lab(["fingerprint", "x\u{1b}[31m"]).refuses(&[r"x\x1b[31m"]);
}

/// A file of a length that takes long to read, without a byte of it on the disk.
fn endless() -> (tempfile::TempDir, String) {
    let (folder, path) = file("endless", "");
    let endless = File::options().write(true).open(&path).expect("open it");
    endless.set_len(1 << 40).expect("a file with a hole");
    (folder, path)
}

/// Waits until a process has read some of a file; nothing where the system does not tell.
fn reads(child: &Child) -> Option<()> {
    let descriptors = format!("/proc/{}/fdinfo", child.id());
    if !Path::new(&descriptors).exists() {
        return None;
    }
    let began = Instant::now();
    while began.elapsed() < DEADLINE {
        let entries = fs::read_dir(&descriptors).expect("the process is there");
        let texts = entries.filter_map(|entry| fs::read_to_string(entry.ok()?.path()).ok());
        let position = |text: &str| -> Option<u64> { text.lines().next()?.strip_prefix("pos:")?.trim().parse().ok() };
        // 256 KiB are read at a time; nothing else the program opens is as long.
        if texts.into_iter().any(|text| position(&text) >= Some(4 << 20)) {
            return Some(());
        }
        std::thread::yield_now();
    }
    panic!("nothing was read within {DEADLINE:?}");
}

/// Starts the program on a file that it cannot come to the end of, and does something once it has begun.
fn meanwhile(args: &[&str], what: impl FnOnce(&Child, &str)) -> Option<Done> {
    let (_folder, path) = endless();
    let mut command = command();
    command.arg("fingerprint").args(args).arg(&path);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("start the program");
    if reads(&child).is_none() {
        signal(child.id(), Signal::KILL);
        child.wait().expect("wait for the program");
        not_run(
            "a file that changes while it is read",
            "the system does not tell how far it is",
        );
        return None;
    }
    what(&child, &path);
    Some(finish(child, "lab fingerprint"))
}

fn cut(path: &str) {
    let file = File::options().write(true).open(path).expect("open it");
    file.set_len(10).expect("make it shorter");
}

#[test]
fn a_file_that_shrinks_meanwhile_is_said_to_have_changed() {
    let Some(done) = meanwhile(&[], |_, path| cut(path)) else {
        return;
    };
    let done = done.exits(2).tame();
    let flat = flat(&done.stdout, " ");
    assert!(flat.contains("CHANGED while it was read"), "{flat}");
    assert!(flat.contains("it said 1,099,511,627,776 bytes, and "), "{flat}");
    let done = meanwhile(&["--json"], |_, path| cut(path)).expect("as before").exits(2);
    let json: Vec<Value> = serde_json::from_str(&done.stdout).expect("JSON");
    assert_eq!(json[0]["changed_while_read"], true);
    assert_eq!(json[0]["size_at_the_beginning"], 1_u64 << 40);
    assert!(json[0]["size"].as_u64().is_some_and(|size| size < 1 << 40));
}

#[test]
fn a_file_whose_length_the_system_does_not_know_is_told_as_it_was_read() {
    if !Path::new("/proc/version").exists() {
        return not_run("a file without a length", "there is no /proc/version");
    }
    let done = lab_line("fingerprint /proc/version").exits(2);
    assert!(flat(&done.stdout, " ").contains("it said 0 bytes"), "{}", done.stdout);
}

#[test]
fn ctrl_c_ends_it_and_memory_does_not_grow() {
    let mut peak = None;
    let done = meanwhile(&["README.md"], |child, _| {
        let status = fs::read_to_string(format!("/proc/{}/status", child.id())).expect("its status");
        let line = status.lines().find(|line| line.starts_with("VmHWM:"));
        peak = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok());
        signal(child.id(), Signal::INT);
    });
    let Some(done) = done else { return };
    let done = done.exits(130);
    assert_eq!(done.stderr, "interrupted; 1 of 2 files were done\n");
    assert!(done.stdout.starts_with("README.md\n"), "{}", done.stdout);
    assert!(!done.stdout.contains("endless"), "{}", done.stdout);
    assert!(peak.is_some_and(|kib| kib < 64 << 10), "{peak:?} KiB");
}

#[test]
fn a_bar_is_on_a_terminal_only_and_ctrl_c_leaves_it_clean() {
    let (_folder, path) = endless();
    let Some((pty, pts)) = Pty::open(24, 80) else { return };
    let mut command = command();
    command.args(["fingerprint", &path]).env("TERM", "xterm-256color");
    let mut child = pty::lead(command, pts);
    let mut seen = String::new();
    while !seen.contains("/1.00 TiB") {
        let Some(more) = pty.more() else {
            signal(child.id(), Signal::KILL);
            panic!("there is no bar: {seen:?}");
        };
        seen += &String::from_utf8_lossy(&more);
    }
    pty.type_bytes(b"\x03");
    let status = within(child.id(), "lab fingerprint in a terminal", move || child.wait());
    assert_eq!(status.expect("it ended").code(), Some(130));
    // In a pipe there is none: see above, where standard error holds one line.
}

#[test]
fn several_files_have_what_is_said_once_at_the_end() {
    let (_one, first) = file("first", "1");
    let (_two, second) = file("second", "2");
    let done = lab(["fingerprint", &first, &second]).exits(0);
    assert_eq!(done.stdout.matches("SHA-256  ").count(), 2);
    assert_eq!(done.stdout.matches("st_ctime").count(), 1);
    for lang in ["en", "zh"] {
        let done = lab(["fingerprint", "--ascii", "--lang", lang, "README.md"])
            .exits(0)
            .tame();
        assert!(done.stdout.lines().all(|line| line.width() <= 80), "{}", done.stdout);
    }
}
