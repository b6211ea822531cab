//! Scenarios found by words: `lab list --find`, and what is said of each of them.

use lab::words::Lang;
use serde_json::Value;

use super::support::{Done, cases, lab};

fn find(words: &str) -> Done {
    let mut line = vec!["list", "--find"];
    line.extend(words.split(' '));
    lab(line)
}

/// The ids that stand first on their lines.
fn found(words: &str) -> Vec<String> {
    let ids: Vec<String> = cases().into_iter().map(|case| case.scenario.id).collect();
    let first = |line: &str| line.strip_prefix("  ")?.split(' ').next().map(str::to_owned);
    let out = find(words).exits(0).stdout;
    out.lines()
        .filter_map(first)
        .filter(|word| ids.contains(word))
        .collect()
}

#[test]
fn the_words_of_the_tutorials_find_something() {
    for (words, id) in [
        ("半包", "short-recv"),
        ("拆包", "segmentation"),
        ("封包", "length-prefix"),
        ("黏包", "sticky"),
        ("粘包", "sticky"),
        ("hmac", "auth"),
        ("socketserver", "threaded-server"),
        ("gbk", "half-character"),
        ("乱码", "half-character"),
        ("MTU", "fragments"),
        ("端口", "handshake"),
        ("进度条", "file-transfer"),
        ("md5", "file-transfer"),
        ("subprocess", "remote-command-tcp"),
        ("sticky", "sticky"),
        ("coalescing", "nagle"),
        ("truncated", "udp-truncation"),
    ] {
        let found = found(words);
        assert!(found.iter().any(|found| found == id), "{words}: {found:?}");
    }
}

#[test]
fn every_word_must_be_found_in_either_language_and_any_case() {
    assert_eq!(found("NAGLE 延迟确认 write-write-read"), ["write-write-read"]);
    let all = found("tcp");
    let both = found("tcp 乱码");
    assert!(
        both.len() < all.len() && both.iter().all(|id| all.contains(id)),
        "{both:?}"
    );
}

#[test]
fn a_search_that_finds_nothing_says_so() {
    let told = |words: &str| find(words).exits(1).stdout;
    assert!(told("nothing-of-the-kind").contains("No scenario has all of these words"));
    assert!(told("nothing-of-the-kind --lang zh").contains("没有哪个场景"));
    assert_eq!(find("nothing-of-the-kind --json").exits(1).stdout, "[]\n");
}

#[test]
fn json_has_the_sections_the_words_and_the_labels() {
    let list: Value = serde_json::from_str(&find("retransmit --json").exits(0).stdout).expect("JSON");
    let of = list
        .as_array()
        .expect("a list")
        .iter()
        .find(|one| one["id"] == "retransmit");
    let of = of.expect("it is found");
    assert!(of["words"].as_array().is_some_and(|words| !words.is_empty()));
    let list: Value = serde_json::from_str(&lab(["list", "--json"]).exits(0).stdout).expect("JSON");
    for case in cases() {
        let entry = list
            .as_array()
            .expect("a list")
            .iter()
            .find(|one| one["id"] == *case.scenario.id);
        let entry = entry.expect("it is listed");
        let covers = case.scenario.covers.as_ref().map(|covers| covers.zh.as_str());
        assert_eq!(entry["covers"]["zh"].as_str(), covers);
        for knob in entry["knobs"].as_array().expect("a list") {
            for choice in knob["choices"].as_array().into_iter().flatten() {
                let label = &knob["labels"][choice.as_str().expect("a word")];
                assert!(
                    label["en"].is_string() && label["zh"].is_string(),
                    "{}: {choice}",
                    entry["id"]
                );
            }
        }
    }
}

/// A choice is a word on the command line; what it means is said beside it.
#[test]
fn every_choice_has_a_label_of_its_own_in_both_languages() {
    // Wrapped wherever it may be.
    let together = |text: &str| text.split_whitespace().collect::<String>();
    let lists = [Lang::En, Lang::Zh].map(|lang| {
        let name = if lang == Lang::En { "en" } else { "zh" };
        (lang, together(&lab(["list", "--lang", name]).exits(0).stdout))
    });
    for case in cases() {
        for knob in &case.scenario.knobs {
            let mut seen: Vec<&lab::scenario::Text> = Vec::new();
            for value in knob.values() {
                let Some(label) = knob.meaning(&value) else {
                    let is_toggle = matches!(value, lab::scenario::Setting::Toggle(_));
                    assert!(is_toggle, "{}: {}={value} has no label", case.scenario.id, knob.name);
                    continue;
                };
                assert!(!seen.contains(&label), "{}: {}={value}", case.scenario.id, knob.name);
                seen.push(label);
                for (lang, out) in &lists {
                    let label = label.get(*lang);
                    assert!(
                        out.contains(&together(label)),
                        "{}: {}={value}: {label}",
                        case.scenario.id,
                        knob.name
                    );
                }
            }
        }
    }
}
