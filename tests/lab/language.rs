//! What reaches a face: in the reader's language, and nothing in it that steers a terminal, hides, or turns round what
//! stands beside it.

use std::ffi::OsString;
use std::fs;
use std::os::unix::ffi::OsStringExt as _;

use super::support::{Done, command, file, lab, root, run, scenario};
use lab::words::visible::is_hidden;
use lab::words::{Lang, broken, errors};

fn in_chinese(args: &[&str]) -> Done {
    lab(["--lang", "zh"].iter().chain(args))
}

/// Lines with words and without a Chinese one; what is quoted, a usage line and an example of what to type are none.
fn english(text: &str) -> Vec<&str> {
    let is_han = |c: char| ('\u{3000}'..='\u{9fff}').contains(&c) || ('\u{ff00}'..='\u{ffef}').contains(&c);
    let is_quoted = |line: &str| {
        // A piece of the user's file with its place, as compilers show it; names that could have been meant.
        let line = line.trim_start();
        line.contains('|')
            || line.starts_with("-->")
            || line.starts_with("╭▸")
            || line.starts_with("--")
            || line.starts_with('<')
    };
    let words = |line: &str| {
        line.split_whitespace()
            .filter(|word| word.chars().any(char::is_alphabetic))
            .count()
    };
    text.lines()
        .filter(|line| !is_quoted(line) && !line.chars().any(is_han) && words(line) > 0)
        .collect()
}

/// What needs no file to be refused.
const REFUSED: [&str; 34] = [
    "nonsense",
    "run",
    "run nagl",
    "run qqq --no-tui",
    "run nagle --set",
    "run nagle --set x",
    "run nagle --set x=1 --no-tui",
    "run nagle --set nodelay=5 --no-tui",
    "run nagle --pace x",
    "run nagle --format xml",
    "run nagle --format json --stepped",
    "run nagle --no-tui --no-tui",
    "run nagle --wrong",
    "run nagle",
    "run retransmit --link loopback --no-tui",
    "run udp-truncation --ladder",
    "run nagle --log x --no-tui",
    "run nagle --pcapng x --no-tui",
    "check --repeat 0",
    "check qqq",
    "pack",
    "pack y 1",
    "pack i",
    "pack i x",
    "pack b 1000",
    "pack !f 1e39",
    "unpack i 00",
    "unpack i zz",
    "fingerprint",
    "fingerprint -",
    "completions",
    "completions ksh",
    "help nothing",
    "x.toml run",
];

#[test]
fn no_error_is_told_in_english_to_a_chinese_reader() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).to_str().expect("UTF-8").to_owned();
    let write = |name: &str, content: &[u8]| {
        fs::write(path(name), content).expect("write a file");
        path(name)
    };
    let trace = fs::read_to_string(root("tests/traces/nagle.jsonl")).expect("a trace");
    let broken = write("broken.toml", b"id = 1\nsteps = [");
    let latin = write("latin.toml", b"id = \"\xff\"");
    let empty = write("empty.toml", b"");
    let cut = write("cut.jsonl", &trace.as_bytes()[..trace.len() / 2]);
    let newer = write(
        "newer.jsonl",
        trace.replacen("\"trace\":", "\"trace\":99", 1).as_bytes(),
    );
    let line = write("line.jsonl", trace.replacen("\"at_ns\"", "\"at\"", 1).as_bytes());
    let knob = write("knob.jsonl", trace.replacen("\"nodelay\"", "\"no\"", 1).as_bytes());
    let udp = write(
        "udp.jsonl",
        trace
            .replacen("\"transport\":\"tcp\"", "\"transport\":\"udp\"", 1)
            .as_bytes(),
    );
    let other = write("other.jsonl", trace.replacen("id = ", "ident = ", 1).as_bytes());
    let text = write("text.txt", b"hello");
    let long = path(&"x".repeat(300));
    let (missing, dir, below) = (path("missing.toml"), path(""), path("text.txt/below.toml"));
    let nowhere = path("no/such/run");
    let with = |args: &str, last: &String| args.split(' ').map(str::to_owned).chain([last.clone()]).collect();
    let mut all: Vec<Vec<String>> = vec![
        with("run --no-tui", &broken),
        with("run --no-tui", &latin),
        with("run --no-tui", &empty),
        with("run --no-tui", &missing),
        with("run --no-tui", &dir),
        with("run --no-tui", &below),
        with("run --no-tui", &(long.clone() + ".toml")),
        with("check", &broken),
        with("fingerprint", &missing),
        with("fingerprint", &long),
        with("fingerprint", &dir),
        with("run nagle --no-tui --save", &nowhere),
        with("run nagle --no-tui --save", &text),
        with("run nagle --no-tui --save", &long),
        with("run nagle --log", &text),
        with("run file-transfer --no-tui --set", &format!("file={missing}")),
        with("replay --no-tui", &text),
        with("replay --no-tui", &cut),
        with("replay --no-tui", &newer),
        with("replay --no-tui", &line),
        with("replay --no-tui", &knob),
        with("replay --no-tui", &udp),
        with("replay --no-tui", &other),
        with("replay --no-tui", &missing),
        with("replay --no-tui", &dir),
        with("replay --no-tui", &long),
        with(
            "replay --ladder",
            &root("tests/traces/nagle.jsonl").to_str().expect("UTF-8").to_owned(),
        ),
    ];
    all.extend(REFUSED.map(|line| line.split(' ').map(str::to_owned).collect()));
    for args in &all {
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let done = in_chinese(&args);
        assert_eq!(done.code, 2, "{args:?}: {}", done.stderr);
        assert!(!done.stderr.trim().is_empty(), "{args:?}");
        let english = english(&done.stderr);
        assert!(english.is_empty(), "{args:?}: {english:?} in\n{}", done.stderr);
    }
}

#[test]
fn a_run_that_broke_off_is_told_in_chinese_also_where_an_older_lab_saved_it() {
    let trace = fs::read_to_string(root("tests/traces/nagle.jsonl")).expect("a trace");
    let (events, end) = trace.trim_end().rsplit_once('\n').expect("lines");
    let end: serde_json::Value = serde_json::from_str(end).expect("JSON");
    let end = serde_json::json!({
        "event": "end",
        "events": end["events"],
        "ending": "broken",
        "error": "receiver: set SO_RCVBUF: Cannot allocate memory (os error 12)",
    });
    let (_folder, path) = file("broken.jsonl", format!("{events}\n{end}\n"));
    let told = in_chinese(&["replay", "--no-tui", &path]);
    let sentence = "接收方：设置 SO_RCVBUF 失败：内存不够（ENOMEM：Cannot allocate memory）";
    let shown: String = told.stdout.split_whitespace().collect();
    let sentence: String = sentence.split_whitespace().collect();
    assert!(shown.contains(&sentence), "{}", told.stdout);
}

#[test]
fn whatever_an_endpoint_or_the_runner_does_has_a_name_in_chinese() {
    let patterns = [
        "named(end, \"",
        "named(other, \"",
        "named(End::Both, \"",
        "named(End::Listens, \"",
        "named(End::Connects, \"",
        ".cannot(\"",
        ".error(\"",
        "operation: \"",
        "doing(\"",
    ];
    let mut seen = 0;
    for source in [
        "src/endpoint",
        "src/program",
        "src/link.rs",
        "src/endpoint.rs",
        "src/program.rs",
        "src/command",
    ] {
        for entry in walk(&root(source)) {
            let text = fs::read_to_string(&entry).expect("a source file");
            let text = text.split("#[cfg(test)]").next().unwrap_or_default();
            for pattern in patterns {
                for rest in text.split(pattern).skip(1) {
                    let name = rest.split('"').next().unwrap_or_default();
                    seen += 1;
                    assert!(
                        errors::doing(name).is_some(),
                        "{}: {name:?} has no Chinese name",
                        entry.display()
                    );
                }
            }
        }
    }
    assert!(seen > 20, "{seen}");
}

#[test]
fn whatever_is_wrong_with_a_line_of_a_saved_run_has_a_reason_in_chinese() {
    let mut seen = 0;
    for source in [
        "src/trace/file.rs",
        "src/trace/file/agreement.rs",
        "src/trace/file/numbers.rs",
    ] {
        let text = fs::read_to_string(root(source)).expect("a source file");
        let lines = text.split("#[cfg(test)]").next().unwrap_or_default().lines();
        // What attributes and comments say is nobody's reason, and what is written is not read.
        let told = |line: &&str| {
            let line = line.trim();
            !line.starts_with("//")
                && !line.starts_with('#')
                && !line.contains("cannot be saved")
                && !line.contains("expect(")
        };
        for line in lines.filter(told) {
            let literals = line.split('"').skip(1).step_by(2);
            for why in literals.filter(|text| text.contains(' ') && !text.contains(['{', '\\'])) {
                seen += 1;
                assert!(broken::in_chinese(why).is_some(), "{source}: {why:?} has no Chinese");
            }
        }
    }
    assert!(seen > 30, "{seen}");
    for (why, zh) in [
        ("more than 10000000 events", "事件多于 10000000 个"),
        (
            "the end speaks of 3 events, 4 are there",
            "结尾说有 3 个事件，实际有 4 个",
        ),
        ("no endpoint is called \"x\"", "没有叫 \"x\" 的端点"),
        (
            "the transport \"tcpp\" is none of [\"tcp\"]",
            "传输方式 \"tcpp\" 不在这些之中：[\"tcp\"]",
        ),
    ] {
        assert_eq!(broken::in_chinese(why).as_deref(), Some(zh));
    }
    assert_eq!(
        broken::reason(Lang::Zh, "EOF while parsing"),
        "原文是 EOF while parsing"
    );
}

fn walk(path: &std::path::Path) -> Vec<std::path::PathBuf> {
    if path.is_file() {
        return vec![path.to_owned()];
    }
    let entries = fs::read_dir(path).expect("a folder");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let paths = paths.filter(|path| !path.ends_with("tests.rs") && !path.ends_with("tests"));
    paths.flat_map(|path| walk(&path)).collect()
}

/// Right-to-left override, isolates, marks, a line separator, a byte order mark, a zero-width space, a soft hyphen, a
/// control character of the second set, a tag.
const HOSTILE: &str = "\u{202e}\u{2066}\u{200f}\u{61c}\u{2028}\u{feff}\u{200b}\u{ad}\u{9b}\u{e0041}";

/// The same as the escapes of TOML.
fn escaped() -> String {
    let escapes: Vec<String> = HOSTILE.chars().map(|c| format!("\\U{:08x}", u32::from(c))).collect();
    escapes.concat()
}

#[track_caller]
fn shows_nothing_hidden(what: &str, text: &str) {
    let hidden: Vec<char> = text
        .chars()
        .filter(|c| is_hidden(*c) && !matches!(c, '\n' | '\x1b'))
        .collect();
    assert!(hidden.is_empty(), "{what}: {hidden:?} in\n{text}");
}

#[test]
fn nothing_in_a_scenario_hides_or_turns_round_what_is_told_of_it() {
    let hostile = escaped();
    let steps = format!(
        "steps = [{{ sender.send = \"a{hostile}b\" }}, {{ receiver.recv = 100 }}]\n\n\
         [[expect]]\nread = {{ number = 1, text = \"{hostile}\" }}\n"
    );
    let text = scenario("tcp", &steps)
        .replace("Mine", &format!("Mine{hostile}"))
        .replace("What happens", &format!("What{hostile} happens"))
        .replace("Because", &format!("Because{hostile}"));
    let (folder, path) = file("mine.toml", text);
    let saved = folder.path().join("run").to_str().expect("UTF-8").to_owned();
    let faces: [&[&str]; 5] = [
        &["run", &path, "--no-tui", "--save", &saved],
        &["run", &path, "--no-tui", "--color", "always", "--ascii"],
        &["run", &path, "--format", "json"],
        &["replay", &saved, "--no-tui", "--lang", "zh"],
        &["check", &path],
    ];
    for args in faces {
        let done = lab(args);
        assert!(!done.stdout.is_empty(), "{args:?}: {}", done.stderr);
        shows_nothing_hidden(&format!("{args:?}"), &done.stdout);
        shows_nothing_hidden(&format!("{args:?}"), &done.stderr);
    }
    // It is not left out: it is written as a program writes it.
    let told = lab(["run", &path, "--no-tui"]).stdout;
    assert!(told.contains("What\\u{202e}\\u{2066}\\u{200f}\\u{61c}"), "{told}");
    let steps = steps.replace("\\U0000009b", "");
    let (_folder, path) = file("mine.toml", scenario("tcp", &steps));
    let json = lab(["run", &path, "--format", "json"]).json();
    let why = &json.verdict()["expectations"][0]["why"]["en"];
    let why = why.as_str().expect("a text");
    assert!(why.starts_with("read 1 returned \"a\\u{202e}\\u{2066}"), "{why}");
}

#[test]
fn nothing_in_a_name_or_an_argument_hides_or_turns_round_an_error() {
    let folder = tempfile::tempdir().expect("a folder");
    let named = folder.path().join(format!("a{HOSTILE}\nb.toml"));
    fs::write(
        &named,
        format!("id = 1{HOSTILE}\n# {HOSTILE}\nsteps = [{{ \"{HOSTILE}\" = 1 }}]\n"),
    )
    .expect("write");
    let named = named.to_str().expect("UTF-8");
    let word = format!("x{HOSTILE}");
    let knob = format!("{word}=1");
    let all: Vec<Vec<&str>> = vec![
        vec!["run", named, "--no-tui"],
        vec!["check", named],
        vec!["replay", named, "--no-tui"],
        vec!["fingerprint", named],
        vec!["fingerprint", named, "--json"],
        vec!["run", "nagle", "--no-tui", "--save", named],
        vec!["run", &word, "--no-tui"],
        vec!["run", "nagle", "--no-tui", "--set", &knob],
        vec!["run", "nagle", "--no-tui", "--set", &word],
        vec!["run", "nagle", "--pace", &word],
        vec!["run", "nagle", "--format", &word],
        vec!["run", "nagle", &word],
        vec![&word],
        vec!["pack", &word, "1"],
        vec!["pack", "s", &word],
        vec!["pack", "20s", &word, "--json"],
        vec!["unpack", "i", &word],
        vec!["help", &word],
    ];
    for lang in ["en", "zh"] {
        for args in &all {
            let done = lab(["--lang", lang].iter().chain(args));
            shows_nothing_hidden(&format!("{args:?}"), &done.stdout);
            shows_nothing_hidden(&format!("{args:?}"), &done.stderr);
        }
    }
    // What is no text at all is repeated by clap as well.
    for (color, bytes) in [
        ("never", b"x\xc2\x9b31m\xff".to_vec()),
        ("always", b"x\x1b[31m\xe2\x80\xae\xff".to_vec()),
    ] {
        let mut lab = command();
        lab.args(["--color", color, "run", "nagle", "--format"])
            .arg(OsString::from_vec(bytes));
        let done = run(lab);
        shows_nothing_hidden(color, &done.stderr);
        assert!(
            !done.stderr.contains("\x1b[31mx") && !done.stderr.contains("x\x1b[31m\u{202e}"),
            "{}",
            done.stderr
        );
    }
}
