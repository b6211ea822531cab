use std::path::Path;

use rustix::fs::{CWD, FileType, Mode, mknodat};

use super::support::{Done, command, file, lab, run, scenario};

const KNOB: &str = "[knobs.file]\ndefault = { letters = 100 }\nlabel = { en = \"which file\", zh = \"哪个文件\" }\n\
    [[expect]]\nwhen = \"file == built-in\"\nreads = [\"x\"]\n";

/// A scenario with such a knob, in a folder of its own.
fn with_knob() -> (tempfile::TempDir, String) {
    let steps = "steps = [{ sender.send = \"x\" }, { receiver.recv = 1 }]\n\n";
    file("mine.toml", scenario("tcp", steps) + KNOB)
}

#[track_caller]
fn refused(value: &str, because: &str) {
    let (_folder, path) = with_knob();
    let set = format!("file={value}");
    let done = lab(["run", &path, "--set", &set, "--no-tui"]).exits(2);
    assert!(done.stdout.is_empty(), "nothing was run: {}", done.stdout);
    assert!(done.stderr.contains(because), "{}", done.stderr);
    let done = lab(["run", &path, "--set", &set, "--lang", "zh", "--no-tui"]).exits(2);
    assert!(done.stderr.contains("无法读取"), "{}", done.stderr);
}

#[test]
fn what_is_no_file_is_refused_before_anything_runs() {
    let folder = tempfile::tempdir().expect("a folder");
    refused(&folder.path().display().to_string(), "it is a folder");
    refused("/no/such/file", "No such file or directory");
    refused("/dev/zero", "it is no regular file");
    let pipe = folder.path().join("pipe");
    mknodat(CWD, &pipe, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).expect("a pipe with a name");
    refused(&pipe.display().to_string(), "it is no regular file");
}

#[test]
fn a_path_is_that_of_the_shell_and_the_trace_keeps_the_name_alone() {
    let (folder, _) = with_knob();
    std::fs::write(folder.path().join("mine.bin"), b"secret contents").expect("write a file");
    let saved = |path: &str| {
        let set = format!("file={path}");
        lab_in(
            folder.path(),
            ["run", "./mine.toml", "--set", &set, "--save", "run.jsonl", "--no-tui"],
        )
        .exits(0);
        std::fs::read_to_string(folder.path().join("run.jsonl")).expect("the saved run")
    };
    let relative = saved("mine.bin");
    assert!(relative.contains(r#""file":"mine.bin"}"#), "{relative}");
    let absolute = folder.path().join("mine.bin").display().to_string();
    assert_eq!(heads(&saved(&absolute)), heads(&relative));
    // A file that is not there any more is not missed.
    std::fs::remove_file(folder.path().join("mine.bin")).expect("remove it");
    let told = lab_in(folder.path(), ["replay", "run.jsonl", "--no-tui"]).exits(0);
    assert!(told.stdout.contains("file=mine.bin"), "{}", told.stdout);
    assert!(!relative.contains("secret contents"));
}

fn lab_in<const N: usize>(folder: &Path, args: [&str; N]) -> Done {
    let mut command = command();
    command.current_dir(folder).args(args);
    run(command)
}

fn heads(trace: &str) -> &str {
    trace.lines().next().unwrap_or_default()
}

#[test]
fn the_file_that_the_lab_makes_can_be_named_and_a_scenario_names_no_other() {
    let (folder, path) = with_knob();
    lab(["run", &path, "--set", "file=built-in", "--no-tui"]).exits(0);
    let text = std::fs::read_to_string(&path).expect("the scenario");
    for (wrong, because) in [
        (
            "[[contrast]]\nfile = \"/etc/hostname\"\n",
            "the knob `file` cannot be `/etc/hostname`",
        ),
        ("[[expect]]\nwhen = \"file == mine\"\nreads = [\"x\"]\n", "`mine`"),
        (
            "[knobs.wrong]\ndefault = { letter = 1 }\nlabel = { en = \"a\", zh = \"b\" }\n",
            "did you mean `letters`?",
        ),
        (
            "[knobs.wrong]\ndefault = { letters = 99999999 }\nlabel = { en = \"a\", zh = \"b\" }\n",
            "is out of range",
        ),
    ] {
        let other = Path::new(folder.path()).join("wrong.toml");
        std::fs::write(&other, format!("{text}{wrong}")).expect("write a scenario");
        lab(["check", &other.display().to_string()]).refuses(&[because]);
    }
    let held = format!("{text}[[expect]]\nwhen = \"file == built-in\"\nreads = [\"x\"]\n");
    std::fs::write(&path, held).expect("write the scenario");
    lab(["check", &path]).exits(0);
}

#[test]
fn a_file_that_cannot_be_sent_as_wished_is_refused_before_anything_runs() {
    let folder = tempfile::tempdir().expect("a folder");
    let named = |name: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, b"").expect("write a file");
        format!("file={}", path.display())
    };
    for (name, flip, en, zh) in [
        (
            "two\nlines",
            "false",
            "it has a control character in it",
            "里面有控制字符",
        ),
        (
            "a\\b",
            "false",
            "it leads through another folder",
            "它要穿过另一个文件夹",
        ),
        (
            "empty",
            "true",
            "flip needs a file of at least 1 byte",
            "至少有 1 个字节",
        ),
    ] {
        let (set, flip) = (named(name), format!("flip={flip}"));
        for (lang, because) in [("en", en), ("zh", zh)] {
            let args = [
                "run",
                "file-transfer",
                "--no-tui",
                "--lang",
                lang,
                "--set",
                &set,
                "--set",
                &flip,
            ];
            let done = lab(args).exits(2);
            assert!(done.stdout.is_empty(), "nothing was run: {}", done.stdout);
            assert!(done.stderr.contains(because), "{}", done.stderr);
        }
    }
    // Empty files, and such names where nothing is sent, are as good as others.
    lab(["run", "file-transfer", "--no-tui", "--set", &named("empty")]).exits(0);
    let (_other, path) = with_knob();
    lab(["run", &path, "--no-tui", "--set", &named("two\nlines")]).exits(0);
}

#[test]
fn a_path_that_is_no_text_is_refused_with_what_to_do() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;

    for (lang, name, remedy) in [
        ("en", "'--set <KNOB=VALUE>'", "copy it"),
        ("zh", "--set <旋钮=值>", "复制一份"),
    ] {
        for args in [&[&b"--set"[..], b"file=/tmp/\xff"][..], &[b"--set=file=/tmp/\xff"]] {
            let mut command = command();
            command.args(["run", "file-transfer", "--no-tui", "--lang", lang]);
            command.args(args.iter().map(|arg| OsStr::from_bytes(arg)));
            run(command).refuses(&[name, "UTF-8", remedy]);
        }
    }
}
