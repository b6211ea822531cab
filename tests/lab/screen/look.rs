use super::stage::{COLUMNS, END, ENTER, ESC, QUIT, ROWS, Stage};
use crate::support::root;

/// The parameters of every sequence that sets colours or attributes (SGR, ECMA-48 8.3.117).
fn attributes(written: &[u8]) -> Vec<u32> {
    let text = String::from_utf8_lossy(written);
    let sequences = text.split("\x1b[").skip(1);
    let set = sequences.filter_map(|rest| {
        let (parameters, _) = rest.split_once(|c: char| !(c.is_ascii_digit() || ";:".contains(c)))?;
        rest[parameters.len()..].starts_with('m').then_some(parameters)
    });
    let numbers = set.flat_map(|parameters| parameters.split([';', ':']));
    numbers.map(|number| number.parse().unwrap_or(0)).collect()
}

/// Whether one of them sets a colour; 39, 49 and 59 take one back.
fn has_colour(written: &[u8]) -> bool {
    let colours = [30..=38, 40..=48, 58..=58, 90..=97, 100..=107];
    let is_colour = |number: &u32| colours.iter().any(|range| range.contains(number));
    attributes(written).iter().any(is_colour)
}

/// Goes through the screens that there are: list, question, run, knobs, comparison.
fn tour(line: &str, variables: &[(&str, &str)]) -> Option<Stage> {
    let mut stage = Stage::opened(line, variables, "nagle")?;
    stage.press("nagle", "nagle_");
    stage.press(ENTER, "Predict");
    stage.press("a", "1 vote");
    stage.press(ENTER, "recorded run");
    stage.press(END, "STUCK");
    stage.press("k", "[false]");
    stage.press_away(ESC, "[false]");
    stage.press("c", "Compare with");
    stage.press(ENTER, "┌ nodelay=true");
    Some(stage)
}

#[test]
fn without_colour_bold_and_reverse_stay() {
    for (line, variables) in [("", &[("NO_COLOR", "1")][..]), ("--color never", &[])] {
        let Some(mut stage) = tour(line, variables) else {
            return;
        };
        stage.send(QUIT);
        stage.ends_restored(0);
        assert!(!has_colour(&stage.written), "{:?}", attributes(&stage.written));
        let set = attributes(&stage.written);
        assert!(set.contains(&1) && set.contains(&7), "{set:?}");
    }
    // What finds a colour finds it where there is one.
    let Some(mut stage) = tour("", &[("NO_COLOR", "")]) else {
        return;
    };
    stage.send(QUIT);
    stage.ends_restored(0);
    assert!(has_colour(&stage.written));
}

#[test]
fn without_colour_the_title_is_bold_on_the_screen() {
    let Some(mut stage) = Stage::opened("", &[("NO_COLOR", "1")], "Scenarios") else {
        return;
    };
    let cells = (0..COLUMNS).filter_map(|column| stage.screen().cell(0, column));
    assert!(cells.clone().any(vt100::Cell::bold), "the title is bold");
    stage.send(QUIT);
    stage.ends_restored(0);
}

#[test]
fn with_ascii_the_english_screen_is_ascii() {
    let Some(mut stage) = Stage::opened("--ascii", &[], "nagle") else {
        return;
    };
    let mut seen = vec![stage.text()];
    // Each key brings something; Esc takes it away.
    for (key, text) in [
        ("nagle", "nagle_"),
        (ENTER, "Predict"),
        ("a", "1 vote"),
        (ENTER, "recorded run"),
        (END, "STUCK"),
        ("?", "play, pause"),
        (ESC, "play, pause"),
        ("p", "* When"),
        (ESC, "* When"),
        ("k", "[false]"),
        (ESC, "[false]"),
        ("c", "Compare with"),
        (ENTER, "+ nodelay=true"),
    ] {
        if key == ESC {
            stage.press_away(key, text);
        } else {
            stage.press(key, text);
        }
        seen.push(stage.text());
    }
    stage.send(QUIT);
    stage.ends_restored(0);
    let other: String = seen
        .iter()
        .flat_map(|text| text.chars())
        .filter(|c| !c.is_ascii())
        .collect();
    assert_eq!(other, "", "{}", seen.join("\n"));
}

#[test]
fn a_terminal_that_can_do_nothing_gets_a_sentence_and_not_one_escape_sequence() {
    let saved = root("tests/traces/nagle.jsonl").display().to_string();
    for term in ["dumb", ""] {
        for line in ["", "run nagle", "run nagle --stepped", &format!("replay {saved}")] {
            let Some(mut stage) = Stage::start(line, &[("TERM", term)]) else {
                return;
            };
            stage.ends_restored(2);
            let text = stage.text();
            assert!(text.contains("--no-tui") && text.contains("TERM"), "{text}");
            assert!(!stage.written.contains(&0x1b), "{text}");
        }
    }
}

#[test]
fn only_what_changes_is_written() {
    let Some(mut stage) = Stage::opened("run nagle", &[], "Predict") else {
        return;
    };
    let before = stage.written.len();
    stage.press("a", "1 vote");
    let written = stage.written.len() - before;
    assert!(written < usize::from(ROWS * COLUMNS) / 2, "{written} bytes for a vote");
    stage.send(QUIT);
    stage.ends_restored(0);
}
