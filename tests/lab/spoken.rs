//! The path for a screen reader: what is written for a voice, and what is told slowly.

use std::collections::BTreeSet;
use std::fs;
use std::time::{Duration, Instant};

use lab::report::{Look, text};
use lab::story::Story;
use lab::trace::file;
use lab::words::Lang;

use super::support::{lab, lab_line, root};

fn stories() -> Vec<(String, Story)> {
    let entries = fs::read_dir(root("tests/traces")).expect("the saved runs");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    let stories = paths.iter().map(|path| {
        let trace = file::read(&mut fs::read(path).expect("a file").as_slice()).expect("a trace");
        (path.display().to_string(), Story::tell(trace).expect("a story"))
    });
    stories.collect()
}

fn spoken(story: &Story, lang: Lang) -> Vec<String> {
    text::tell(story, &Look::spoken(lang))
        .iter()
        .map(lab::report::line::Line::plain)
        .collect()
}

/// Lines, arrows, blocks and dots that are drawn, and runs of punctuation that a voice spells out.
fn drawn(line: &str) -> Option<String> {
    let is_drawing =
        |c: char| ('\u{2190}'..='\u{21ff}').contains(&c) || ('\u{2500}'..='\u{25ff}').contains(&c) || "·✓✗".contains(c);
    if let Some(c) = line.chars().find(|c| is_drawing(*c)) {
        return Some(c.to_string());
    }
    let characters: Vec<char> = line.chars().collect();
    let run = characters
        .windows(3)
        .find(|run| run[0].is_ascii_punctuation() && run.iter().all(|c| *c == run[0]));
    run.map(|run| run.iter().collect())
}

#[test]
fn every_event_is_one_line_and_nothing_is_drawn() {
    for (name, story) in stories() {
        for (lang, unit) in [(Lang::En, " ms, "), (Lang::Zh, " 毫秒，")] {
            let lines = spoken(&story, lang);
            for line in &lines {
                assert_eq!(drawn(line), None, "{name}: {line}");
            }
            let events = lines.iter().filter(|line| {
                let first = line.split(' ').next().unwrap_or_default();
                first.contains('.') && first.parse::<f64>().is_ok() && line.contains(unit)
            });
            let folded: usize = lab::story::alike::alike(&story)
                .iter()
                .map(|same| same.beats.len() - 1)
                .sum();
            assert_eq!(events.count(), story.beats.len() - folded, "{name}");
        }
    }
}

#[test]
fn whatever_the_other_text_says_is_said() {
    for (name, story) in stories() {
        for lang in [Lang::En, Lang::Zh] {
            let heard: String = spoken(&story, lang).join("\n");
            let heard: BTreeSet<&str> = words(&heard).collect();
            let seen = text::tell(&story, &Look::new(lang, false, 110));
            let seen: String = seen.iter().map(|line| line.plain() + "\n").collect();
            // The heading of the column; every line has its unit instead.
            let heading = ["since", "the", "start", "从开始算起"];
            let missing: Vec<&str> = words(&seen)
                .filter(|word| !heard.contains(word) && !heading.contains(word))
                .collect();
            assert!(missing.is_empty(), "{name}: {missing:?}");
        }
    }
}

/// Names, numbers and words, one by one. The text beside the hex of a row is what is left of it in that row.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let is_hex = |line: &str| {
        let first = line.split_whitespace().next().unwrap_or_default();
        line.starts_with("          ") && first.len() == 2 && u8::from_str_radix(first, 16).is_ok()
    };
    let rows = text.lines().filter(move |line| !is_hex(line));
    rows.flat_map(|line| line.split(|c: char| !c.is_alphanumeric()))
        .filter(|word| {
            let is_word = word.chars().all(|c| c.is_ascii_alphanumeric());
            is_word && !word.is_empty()
        })
}

#[test]
fn every_byte_that_is_shown_is_said() {
    for (name, story) in stories() {
        let heard = spoken(&story, Lang::En).join("\n");
        for read in story
            .reads
            .iter()
            .filter(|read| read.returned > 0 && read.returned <= 64)
        {
            let flow = lab::story::peer(read.endpoint);
            for piece in &read.pieces {
                let (_, message) = story.flows.message(piece.message).expect("a message");
                let bytes = story
                    .flows
                    .bytes(flow, message.start + piece.from, message.start + piece.to, 64);
                let Some(bytes) = bytes.whole() else { continue };
                let hex: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
                let said = format!("m{} {}", piece.message, hex.join(" "));
                assert!(heard.contains(&said), "{name}: {said}");
            }
        }
    }
}

#[test]
fn the_program_speaks_in_both_languages_and_without_colour() {
    let english = lab_line("replay tests/traces/nagle.jsonl --format spoken --color always --lang en");
    assert!(english.stdout.is_empty() || english.code == 0, "{}", english.stderr);
    let trace = root("tests/traces/nagle.jsonl");
    let trace = trace.to_str().expect("UTF-8");
    let english = lab(["replay", trace, "--format", "spoken"]).exits(0).stdout;
    assert!(
        english.contains(" ms, sender: m1 send \"hello\" returns 5"),
        "{english}"
    );
    assert!(
        english.contains("receiver: receive queue: 5 bytes waiting: m1 \"hello\""),
        "{english}"
    );
    let chinese = lab(["replay", trace, "--format", "spoken", "--lang", "zh"])
        .exits(0)
        .stdout;
    assert!(chinese.contains("发送方：m1 send \"hello\" 返回 5"), "{chinese}");
}

#[test]
fn told_slowly_the_pauses_stand_before_what_happens() {
    for (name, story) in stories() {
        let look = Look::new(Lang::En, false, 60);
        let passages = text::passages(&story, &look);
        let question = usize::from(!story.plan.predictions.is_empty());
        let folded: usize = lab::story::alike::alike(&story)
            .iter()
            .map(|same| same.beats.len() - 1)
            .sum();
        // The head, the beats, what was found, the rest.
        let beats = story.beats.len() - folded;
        assert!(
            (beats + 3..=beats + 4).contains(&passages.len()),
            "{name}: {} of {beats}",
            passages.len()
        );
        assert_eq!(passages[0].pauses, 0);
        let longest = if question == 1 { text::FOR_THE_QUESTION } else { 1 };
        assert_eq!(passages[1].pauses, longest, "{name}");
        assert!(passages[2..].iter().all(|passage| passage.pauses == 1), "{name}");
        let text = |passage: &text::Passage| passage.lines.iter().map(|line| line.plain() + "\n").collect::<String>();
        let head = text(&passages[0]);
        let last = text(passages.last().expect("a passage"));
        for prediction in &story.plan.predictions {
            let ask = prediction.ask.en.split(' ').next().expect("a word");
            assert!(head.contains(ask), "{name}: {head}");
        }
        for passage in &passages[..passages.len() - 1] {
            assert!(!text(passage).contains("Answer"), "{name}: the answer comes last");
        }
        assert_eq!(
            last.contains("Answer"),
            question == 1 && story.verdict.answers.iter().all(|right| right.len() == 1)
        );
    }
}

#[test]
fn a_slow_text_takes_a_pause_for_each_event_and_no_more() {
    let trace = root("tests/traces/nagle.jsonl");
    let trace = trace.to_str().expect("UTF-8");
    let began = Instant::now();
    let told = lab(["replay", trace, "--pace", "0.02"]).exits(0).stdout;
    let took = began.elapsed();
    assert!(told.lines().count() > 50, "{told}");
    let story = stories()
        .into_iter()
        .find(|(name, _)| name.ends_with("/nagle.jsonl"))
        .expect("nagle")
        .1;
    let passages = text::passages(&story, &Look::new(Lang::En, false, 80));
    let pauses: u32 = passages.iter().map(|passage| passage.pauses).sum();
    assert!(
        took >= Duration::from_millis(20) * pauses,
        "{took:?} for {pauses} pauses"
    );
    assert!(pauses < 30, "{pauses}");
    assert_eq!(told, lab(["replay", trace, "--no-tui"]).exits(0).stdout);
}
