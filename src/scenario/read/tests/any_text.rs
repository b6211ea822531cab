//! No text makes the reader panic, hang or overflow its stack; and the harness that says so can fail.

use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::*;
use crate::scenario::catalogue::embedded;

/// Reads and, if something is wrong, says so in every way.
fn survive(text: &str) -> bool {
    match read("any.toml", text) {
        Ok(_) => true,
        Err(problems) => {
            assert!(!problems.list.is_empty(), "refused without a reason");
            assert!(problems.list.is_sorted_by_key(|problem| problem.span.start));
            for lang in [Lang::En, Lang::Zh] {
                for color in [false, true] {
                    assert!(!problems.render(lang, color).is_empty());
                }
            }
            false
        }
    }
}

/// Pieces of which scenario files are made, so that noise gets further than the first line.
fn piece() -> impl Strategy<Value = String> {
    let words = [
        "steps",
        "=",
        "[",
        "]",
        "[[expect]]\n",
        "[[predict.options]]\n",
        "[[stop]]\n",
        "after = { read = 1 }\n",
        "[knobs.a]\n",
        "{",
        "}",
        ",",
        "\n",
        ".",
        "\"",
        "\"\"\"",
        "'",
        "$a",
        "\"$a\"",
        "when",
        "\"a == 3\"",
        "sender",
        "send",
        "recv",
        "default",
        "range",
        "[1, 2]",
        "-1",
        "1e9",
        "true",
        "1979-05-27",
        "粘包",
        "\u{301}",
        "\u{202e}",
        "\t",
        "\r",
        "\r\n",
        "\0",
        "#",
        "\\u",
        "left",
        "[\"m1+m2:0-4\"]",
        "transport = \"tcp\"\n",
        "endpoints",
        "thread",
        "{ sender.run = { program = \"ask\", text = \"x\" } },",
        "program",
        "\"serve\"",
        "notes",
        "\"sender asks\"",
        "x",
        " ",
    ];
    prop_oneof![
        8 => prop::sample::select(words.to_vec()).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ]
}

/// A place in a text where a character begins.
fn place(text: &str, at: prop::sample::Index) -> usize {
    let places: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    at.get(&places).to_owned()
}

#[derive(Debug, Clone)]
enum Change {
    Delete(prop::sample::Index, usize),
    Insert(prop::sample::Index, String),
    Copy(prop::sample::Index, usize, prop::sample::Index),
}

fn change() -> impl Strategy<Value = Change> {
    let index = any::<prop::sample::Index>;
    prop_oneof![
        (index(), 1usize..60).prop_map(|(at, length)| Change::Delete(at, length)),
        (index(), piece()).prop_map(|(at, text)| Change::Insert(at, text)),
        (index(), 1usize..200, index()).prop_map(|(from, length, to)| Change::Copy(from, length, to)),
    ]
}

fn apply(text: &str, change: &Change) -> String {
    if text.is_empty() {
        return String::new();
    }
    let after = |at: usize, length: usize| text[at..].chars().take(length).collect::<String>();
    match change {
        Change::Delete(at, length) => {
            let at = place(text, *at);
            let gone = after(at, *length).len();
            format!("{}{}", &text[..at], &text[at + gone..])
        }
        Change::Insert(at, new) => {
            let at = place(text, *at);
            format!("{}{new}{}", &text[..at], &text[at..])
        }
        Change::Copy(from, length, to) => {
            let (from, to) = (place(text, *from), place(text, *to));
            format!("{}{}{}", &text[..to], after(from, *length), &text[to..])
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_text_is_survived(text in any::<String>()) {
        survive(&text);
    }

    #[test]
    fn any_pieces_are_survived(pieces in prop::collection::vec(piece(), 0..80)) {
        survive(&pieces.concat());
        survive(&pieces.join(" "));
    }

    #[test]
    fn any_change_to_a_scenario_is_survived(
        which in any::<prop::sample::Index>(),
        changes in prop::collection::vec(change(), 1..4),
    ) {
        let text = which.get(embedded()).text.to_owned();
        survive(&changes.iter().fold(text, |text, change| apply(&text, change)));
    }
}

#[test]
fn a_change_that_must_be_refused_is_refused() {
    for scenario in embedded() {
        assert!(survive(scenario.text), "{} is sound", scenario.id);
        assert!(
            !survive(&changed(scenario.text, "steps = [", "steps = [ 3,")),
            "{}",
            scenario.id
        );
        let sound = read(scenario.file, scenario.text).unwrap_or_else(|problems| panic!("{problems}"));
        let first = format!("[endpoints.{}]", sound.endpoints[0].name);
        assert!(
            !survive(&changed(scenario.text, &first, "[endpoints.somebody-else]")),
            "{}",
            scenario.id
        );
    }
}

#[test]
fn hostile_files_are_refused_quickly() {
    let key = ["a"; 79].join(".");
    let open = |times| format!("{{{key}=").repeat(times);
    let texts: Vec<(&str, String)> = vec![
        ("brackets", "[".repeat(250_000)),
        ("lists", format!("x={}", "[".repeat(250_000))),
        ("tables", format!("x={}", "{a=".repeat(80_000))),
        ("dots", "a.".repeat(120_000)),
        ("dotted tables", format!("x = {}1{}", open(79), "}".repeat(79))),
        (
            "dotted tables twice",
            format!("[{key}]\nx=1\nx = {}1{}", open(79), "}".repeat(79)),
        ),
        (
            "eight parts deep",
            format!("x = {}1{}", "{a.a.a.a.a.a.a.a=".repeat(79), "}".repeat(79)),
        ),
        ("and", format!("steps=[{{when=\"{}\"}}]", "and ".repeat(60_000))),
        ("lines", "a\n".repeat(120_000)),
        ("quotes", "\"".repeat(250_000)),
        ("commas", format!("x=[{}", ",".repeat(250_000))),
        ("keys", lines(30_000, "k#=1")),
        ("letters", {
            let contrasts = lines(63, "[[contrast]]\nsize = #");
            let steps = "{ sender.send = { letters = 1048576 } },\n".repeat(197);
            changed(
                &changed(TCP, "[[contrast]]", &(contrasts + "[[contrast]]")),
                "steps = [",
                &format!("steps = [{steps}"),
            )
        }),
    ];
    for (name, text) in texts {
        assert!(text.len() <= LONGEST_FILE, "{name}: {}", text.len());
        let begun = Instant::now();
        let problems = read("any.toml", &text).expect_err(name);
        assert!(!problems.to_string().is_empty(), "{name}");
        assert!(
            begun.elapsed() < Duration::from_secs(20),
            "{name} took {:?}",
            begun.elapsed()
        );
    }
}
