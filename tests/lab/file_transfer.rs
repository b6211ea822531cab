use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use rustix::process::Signal;

use super::hostile::each;
use super::support::{Done, Told, command, file, finish, not_run, run, scenario, signal};

/// Runs the program with a folder for temporary files that is empty before, and must be so afterwards.
pub(super) fn lab_leaves_nothing(args: &[&str]) -> Done {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = command();
    command.env("TMPDIR", folder.path()).args(args);
    let done = run(command);
    assert_eq!(entries(folder.path()), Vec::<PathBuf>::new(), "{}", done.stderr);
    done
}

pub(super) fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("read a folder");
    entries.map(|entry| entry.expect("an entry").path()).collect()
}

/// The notes of an endpoint, by name.
pub(super) fn notes(told: &Told, endpoint: &str) -> Vec<String> {
    let own = told
        .events("note")
        .into_iter()
        .filter(|note| note["endpoint"] == endpoint);
    own.map(|note| note["note"].as_str().unwrap_or_default().to_owned())
        .collect()
}

fn transfer(sets: &[&str], code: i32) -> Told {
    let mut args = vec!["run", "file-transfer", "--format", "json"];
    args.extend(sets.iter().flat_map(|set| ["--set", set]));
    lab_leaves_nothing(&args).exits(code).tame().json()
}

#[test]
fn a_flipped_byte_is_found_and_nothing_is_kept() {
    for hash in ["sha256", "md5"] {
        let hash = format!("hash={hash}");
        let good = notes(&transfer(&[&hash], 0), "receiver");
        assert!(good.contains(&"kept".to_owned()) && good.contains(&"digest-equal".to_owned()));
        let bad = notes(&transfer(&[&hash, "flip=true"], 0), "receiver");
        assert!(bad.contains(&"digest-differs".to_owned()) && bad.contains(&"not-kept".to_owned()));
        assert!(!bad.contains(&"kept".to_owned()), "{bad:?}");
    }
}

#[test]
fn a_file_of_any_length_arrives_as_it_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("any.bin");
    // None, one byte, around a chunk, and around where calls are folded.
    for size in [
        0,
        1,
        1023,
        1024,
        1025,
        (1 << 20) - 1,
        (1 << 20) + 200,
        3 << 20,
        (9 << 20) + 7,
    ] {
        let bytes: Vec<u8> = (0..=250).cycle().take(size).collect();
        std::fs::write(&path, bytes).expect("write a file");
        let set = format!("file={}", path.display());
        let told = transfer(&[&set, "chunk=4096"], 0);
        let kept = told.events("note").into_iter().find(|note| note["note"] == "kept");
        assert_eq!(kept.expect("it is kept")["size"], size as u64);
    }
}

#[test]
fn many_calls_are_told_in_few_lines_and_every_byte_is_in_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("long.bin");
    let size: u64 = 64 << 20;
    File::create(&path).expect("a file").set_len(size).expect("its length");
    let saved = folder.path().join("run.jsonl");
    let (set, saved) = (format!("file={}", path.display()), saved.display().to_string());
    let args = [
        "run",
        "file-transfer",
        "--set",
        &set,
        "--set",
        "hash=none",
        "--save",
        &saved,
        "--format",
        "json",
    ];
    let told = lab_leaves_nothing(&args).exits(0).json();
    assert!(told.0.len() < 1000, "{} lines", told.0.len());
    let sum = |call: &str| {
        let many = told.events("calls").into_iter().filter(|line| line["call"] == call);
        many.map(|line| line["bytes"].as_u64().expect("bytes")).sum::<u64>()
    };
    assert!(sum("send") > size - (2 << 20), "{}", sum("send"));
    assert!(sum("recv") > size - (2 << 20), "{}", sum("recv"));
    let read: u64 = told
        .events("recv")
        .into_iter()
        .filter(|line| line["endpoint"] == "receiver")
        .map(|line| line["returned"].as_u64().expect("bytes"))
        .sum();
    let header = told.events("message")[0]["len"].as_u64().expect("its length");
    assert_eq!(sum("recv") + read, size + header);
    // It is told again from the file, without the file that was sent.
    std::fs::remove_file(&path).expect("remove it");
    let mut again = command();
    again.args(["replay", &saved, "--format", "json"]);
    assert_eq!(run(again).exits(0).json().0, told.0);
    let spoilt = std::fs::read_to_string(&saved).expect("the saved run");
    let (at, _) = spoilt
        .match_indices("\"event\":\"calls\"")
        .next()
        .expect("such an event");
    let from = at + spoilt[at..].find("\"bytes\":").expect("its bytes") + "\"bytes\":".len();
    std::fs::write(&saved, format!("{}9{}", &spoilt[..from], &spoilt[from..])).expect("write it");
    let mut wrong = command();
    wrong.args(["replay", &saved]);
    run(wrong).refuses(&["calls moved more than was sent"]);
}

#[test]
fn memory_does_not_grow_with_the_file() {
    if !cfg!(target_os = "linux") {
        return not_run("the memory of a long transfer", "/proc tells it on Linux only");
    }
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("long.bin");
    File::create(&path)
        .expect("a file")
        .set_len(64 << 20)
        .expect("its length");
    let set = format!("file={}", path.display());
    let mut command = command();
    command.args(["run", "file-transfer", "--set", &set, "--set", "hash=none", "--no-tui"]);
    command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .env("TMPDIR", folder.path());
    let child = command.spawn().expect("start it");
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    // What is read last is the most it has had: the process is a zombie then, without a line for it.
    while let Some(kib) = peak_of(&status) {
        peak = kib;
        std::thread::sleep(Duration::from_millis(2));
    }
    finish(child, "the transfer").exits(0);
    assert!((1..64 * 1024).contains(&peak), "{peak} KiB");
}

fn peak_of(status: &str) -> Option<u64> {
    let status = std::fs::read_to_string(status).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.parse().ok()
}

#[test]
fn an_interrupted_transfer_leaves_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("long.bin");
    File::create(&path)
        .expect("a file")
        .set_len(8 << 30)
        .expect("its length");
    let temporary = folder.path().join("tmp");
    std::fs::create_dir(&temporary).expect("a folder");
    let mut command = command();
    let set = format!("file={}", path.display());
    command.env("TMPDIR", &temporary);
    command.args([
        "run",
        "file-transfer",
        "--set",
        &set,
        "--set",
        "hash=none",
        "--format",
        "json",
    ]);
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("start it");
    let half = || {
        let run = entries(&temporary).into_iter().next()?;
        let part = std::fs::metadata(run.join("incoming/0")).ok()?;
        (part.len() > 0).then(|| entries(&run.join("kept")))
    };
    let kept = loop {
        if let Some(kept) = half() {
            break kept;
        }
        assert_eq!(child.try_wait().expect("look at it"), None, "it goes on");
        std::thread::sleep(Duration::from_millis(1));
    };
    assert_eq!(kept, Vec::<PathBuf>::new(), "no half file under its name");
    signal(child.id(), Signal::INT);
    let done = finish(child, "the transfer").exits(130);
    assert_eq!(entries(&temporary), Vec::<PathBuf>::new(), "{}", done.stderr);
    let notes = notes(&done.json(), "receiver");
    assert!(!notes.contains(&"kept".to_owned()), "{notes:?}");
}

#[test]
fn a_file_that_is_not_as_long_as_it_said_is_noticed() {
    // The kernel says 4096 of the one and 0 of the other; neither is true.
    let (long, short) = ("/sys/kernel/mm/transparent_hugepage/enabled", "/proc/version");
    if !Path::new(long).is_file() || !Path::new(short).is_file() {
        return not_run("files that shrink and grow", "this system has none that do so at will");
    }
    let told = transfer(&[&format!("file={long}"), "hash=none"], 1);
    assert_eq!(notes(&told, "sender"), ["sends-file", "file-shrank"]);
    assert_eq!(told.events("frame_fault")[0]["reason"], "short-body");
    assert_eq!(notes(&told, "receiver").last().map(String::as_str), Some("not-kept"));
    let told = transfer(&[&format!("file={short}"), "hash=none"], 0);
    assert_eq!(notes(&told, "sender"), ["sends-file", "file-grew", "answered", "cost"]);
}

/// A receiver, and a sender that sends these bytes and goes, or stays.
fn receives(bytes: &[u8], goes: bool, parameters: &str) -> Told {
    let close = if goes { "{ sender.close = true },\n" } else { "" };
    let steps = format!(
        "steps = [\n{{ receiver.run = {{ program = \"receive-file\"{parameters} }} }},\n\
         {{ sender.send = {{ hex = \"{}\" }} }},\n{close}]\n\n",
        hex::encode(bytes)
    );
    let (_folder, path) = file("mine.toml", scenario("tcp", &steps));
    lab_leaves_nothing(&["run", &path, "--format", "json"]).tame().json()
}

/// A file as it is sent: its header, then five bytes.
pub(super) fn wire(json: &str, body: &str) -> Vec<u8> {
    let length = u32::try_from(json.len()).expect("a short header");
    [&length.to_be_bytes()[..], json.as_bytes(), body.as_bytes()].concat()
}

#[test]
fn a_sender_that_stops_at_any_byte_is_named() {
    let whole = wire("{\"name\": \"a.txt\", \"size\": 5}", "hello");
    let ends: Vec<usize> = (1..whole.len()).collect();
    each(&ends, |end| {
        let reason = if *end < whole.len() - 5 {
            "short-header"
        } else {
            "short-body"
        };
        let gone = receives(&whole[..*end], true, "");
        assert_eq!(gone.events("frame_fault")[0]["reason"], reason, "{end}");
        let silent = receives(&whole[..*end], false, ", patience_ms = 50");
        assert_eq!(silent.events("frame_fault")[0]["reason"], "timed-out", "{end}");
        assert_eq!(silent.verdict()["ending"], "finished");
        for told in [gone, silent] {
            assert!(!notes(&told, "receiver").contains(&"kept".to_owned()));
        }
    });
    let told = receives(&whole, true, "");
    assert!(notes(&told, "receiver").contains(&"kept".to_owned()));
}

#[test]
fn what_is_no_file_is_refused_before_a_byte_of_it_is_taken() {
    let header = |fields: &str| wire(fields, "");
    for (bytes, reason) in [
        (header("[1]"), "bad-json"),
        (header("{\"name\": \"a\"}"), "missing-field"),
        (header("{\"name\": \"a\", \"size\": -1}"), "negative"),
        (header("{\"name\": \"a\", \"size\": 1e3}"), "bad-size"),
        (header("{\"name\": \"a\", \"size\": 101}"), "over-limit"),
        (vec![0xff; 40], "over-limit"),
        (b"GET / HTTP/1.1\r\n\r\n".to_vec(), "over-limit"),
    ] {
        let told = receives(&bytes, true, ", limit = 100");
        assert_eq!(told.events("frame_fault")[0]["reason"], reason);
    }
    // More than any disk here has.
    let told = receives(&header("{\"name\": \"a\", \"size\": 1000000000000000}"), true, "");
    assert_eq!(told.events("frame_fault")[0]["reason"], "over-limit");
    let told = receives(&header("{\"name\": \"../a\", \"size\": 1}"), true, "");
    assert_eq!(notes(&told, "receiver"), ["header-says", "name-refused"]);
}

#[test]
fn without_room_a_file_is_refused_at_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let system = rustix::fs::statvfs(folder.path()).expect("how much room there is");
    let most: u64 = 1 << 40;
    if system.f_bavail * system.f_frsize >= most {
        return not_run("a file without room", "there is room for the longest that is accepted");
    }
    let json = format!("{{\"name\": \"a\", \"size\": {most}}}");
    let told = receives(&wire(&json, ""), true, "");
    assert_eq!(notes(&told, "receiver"), ["header-says", "no-room"]);
}
