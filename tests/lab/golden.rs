//! `LAB_BLESS=1 cargo test --test lab golden` writes the texts anew; read the difference before it is kept. The screens
//! beside them are drawn in `screens`.

use std::fmt::Write as _;
use std::path::PathBuf;

use lab::report::{Look, json, text};
use lab::story::Story;
use lab::trace::file;
use lab::words::Lang;

use super::support::{not_run, root};

/// A saved run, told as text.
fn told(trace: &str, look: &Look) -> String {
    with_story(trace, |story| {
        let lines = text::tell(story, look);
        let told: String = lines.iter().map(|line| line.plain() + "\n").collect();
        // What the legend explains is to be found.
        let legend = lines.iter().map(lab::report::line::Line::plain).find_map(|line| {
            let (example, _) = line.trim().split_once(" is a part of a message")?;
            Some(example.to_owned())
        });
        if let Some(example) = legend {
            assert!(
                told.matches(&example).count() > 1,
                "{trace}: {example} is explained and not shown"
            );
        }
        told
    })
}

fn with_story<T>(trace: &str, tell: impl FnOnce(&Story) -> T) -> T {
    let bytes = std::fs::read(root(&format!("tests/traces/{trace}.jsonl"))).expect("read a saved run");
    let trace = file::read(&mut &bytes[..]).expect("a saved run");
    tell(&Story::tell(trace).expect("a run that can be told"))
}

/// Whether the texts are being written anew.
pub fn is_blessing() -> bool {
    std::env::var_os("LAB_BLESS").is_some_and(|bless| bless == "1")
}

pub fn path(name: &str) -> PathBuf {
    root(&format!("tests/golden/{name}"))
}

/// Compares a text with the one in `tests/golden`, or writes that one anew.
#[track_caller]
pub fn compare(name: &str, told: &str) {
    if is_blessing() {
        std::fs::write(path(name), told).expect("write a golden text");
        return;
    }
    let golden = std::fs::read_to_string(path(name)).unwrap_or_default();
    if let Some(difference) = difference(&golden, told) {
        panic!("{name} is told differently (LAB_BLESS=1 accepts it):\n{difference}");
    }
}

/// What is different, line by line: `-` was expected, `+` came instead, with two lines around each change.
pub fn difference(golden: &str, told: &str) -> Option<String> {
    if golden == told {
        return None;
    }
    let (old, new): (Vec<&str>, Vec<&str>) = (golden.split('\n').collect(), told.split('\n').collect());
    // The length of the longest common part of what follows each pair of lines.
    let mut common = vec![vec![0_usize; new.len() + 1]; old.len() + 1];
    for (i, one) in old.iter().enumerate().rev() {
        for (j, other) in new.iter().enumerate().rev() {
            common[i][j] = if one == other {
                common[i + 1][j + 1] + 1
            } else {
                common[i + 1][j].max(common[i][j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut lines: Vec<(char, &str)> = Vec::new();
    while i < old.len() || j < new.len() {
        if i < old.len() && j < new.len() && old[i] == new[j] {
            lines.push((' ', old[i]));
            (i, j) = (i + 1, j + 1);
        } else if j == new.len() || (i < old.len() && common[i + 1][j] >= common[i][j + 1]) {
            lines.push(('-', old[i]));
            i += 1;
        } else {
            lines.push(('+', new[j]));
            j += 1;
        }
    }
    let mut out = String::new();
    for (index, (mark, line)) in lines.iter().enumerate() {
        let near = &lines[index.saturating_sub(2)..(index + 3).min(lines.len())];
        if near.iter().any(|(mark, _)| *mark != ' ') {
            writeln!(out, "{mark} {line}").expect("a string takes everything");
        }
    }
    Some(out)
}

/// The runs whose texts are kept.
const TRACES: [&str; 19] = [
    "nagle",
    "nagle-nodelay",
    "nagle-wire",
    "short-recv",
    "udp-truncation",
    "udp-truncation-ipv6",
    "length-prefix",
    "length-prefix-cut-header",
    "length-prefix-characters",
    "threaded-server",
    "threaded-server-threaded",
    "digit-prefix-ten",
    "ready-handshake",
    "json-header",
    "delimiter-newline",
    "hostile-length-stop",
    "hang",
    "struct-bytes",
    "struct-bytes-too-large",
];

#[test]
fn every_saved_run_is_told_in_english_as_before() {
    for trace in TRACES {
        compare(
            &format!("{trace}.en.txt"),
            &told(trace, &Look::new(Lang::En, false, 80)),
        );
    }
}

#[test]
fn every_saved_run_is_told_in_chinese_as_before() {
    for trace in TRACES {
        compare(
            &format!("{trace}.zh.txt"),
            &told(trace, &Look::new(Lang::Zh, false, 80)),
        );
    }
}

#[test]
fn wide_narrow_and_ascii_texts_are_as_before() {
    compare("nagle.en.100.txt", &told("nagle", &Look::new(Lang::En, false, 100)));
    compare(
        "length-prefix.zh.60.txt",
        &told("length-prefix", &Look::new(Lang::Zh, false, 60)),
    );
    compare("nagle.en.ascii.txt", &told("nagle", &Look::new(Lang::En, true, 80)));
}

#[test]
fn json_lines_are_as_before() {
    for trace in ["nagle", "udp-truncation"] {
        let mut out = Vec::new();
        with_story(trace, |story| json::write(story, &mut out)).expect("a vector takes everything");
        compare(&format!("{trace}.jsonl"), &String::from_utf8(out).expect("UTF-8"));
    }
}

#[test]
fn every_saved_run_and_every_golden_text_is_used() {
    if is_blessing() {
        return not_run("the list of golden texts", "they are being written");
    }
    let names = |folder: &str| {
        let entries = std::fs::read_dir(root(folder)).expect("a folder");
        let names = entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8"));
        let mut names: Vec<String> = names.collect();
        names.sort();
        names
    };
    let mut traces: Vec<String> = TRACES.iter().map(|trace| format!("{trace}.jsonl")).collect();
    traces.sort();
    assert_eq!(names("tests/traces"), traces);
    let mut texts = names("tests/golden");
    texts.retain(|name| name != "screens" && name != "ladder" && name != "texts");
    assert_eq!(texts.len(), 2 * TRACES.len() + 3 + 2);
}

#[test]
fn a_changed_text_is_noticed_and_the_change_is_shown() {
    if is_blessing() {
        return not_run("noticing a change", "the texts are being written");
    }
    let golden = std::fs::read_to_string(path("nagle.en.txt")).expect("a golden text");
    assert_eq!(difference(&golden, &golden), None);
    let changed = golden.replace("8 bytes unsent", "9 bytes unsent");
    let shown = difference(&golden, &changed).expect("a difference");
    let of = |mark: char| {
        shown
            .lines()
            .filter(move |line| line.starts_with(mark))
            .collect::<Vec<_>>()
    };
    assert_eq!((of('-').len(), of('+').len(), of(' ').len()), (1, 1, 4), "{shown}");
    assert!(of('+')[0].contains("9 bytes unsent"));
    assert!(
        difference(&golden, golden.trim_end()).is_some(),
        "one line end is a difference"
    );
    assert!(difference("", &golden).is_some(), "a missing text is a difference");
}
