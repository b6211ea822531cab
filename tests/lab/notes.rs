use lab::scenario::{Named, NoteName};
use lab::trace::Note;
use lab::trace::note::NoteText;
use serde_json::{Value, json};

use super::support::{Done, file, lab, root};

/// The names that the trace reads, as the reader itself tells them of a note that is none.
fn names_in_the_trace() -> Vec<String> {
    let error = serde_json::from_value::<Note>(json!({"note": "nothing"})).expect_err("no such note");
    let told = error.to_string();
    let (_, expected) = told.split_once("expected").expect("it says what it expects");
    let words = expected.split('`').skip(1).step_by(2);
    words.map(str::to_owned).collect()
}

#[test]
fn every_note_of_the_trace_can_be_claimed_and_no_other() {
    let claimed: Vec<&str> = NoteName::NAMES.iter().map(|(name, _)| *name).collect();
    assert_eq!(names_in_the_trace(), claimed);
}

/// One of each.
fn all() -> Vec<Note> {
    let text = NoteText::new("tea");
    vec![
        Note::Waits { request: 1 },
        Note::Answered {
            request: 1,
            text: text.clone(),
        },
        Note::Served { request: 1, text },
        Note::ClientLeft { requests: 1 },
    ]
}

#[test]
fn a_note_is_called_as_it_is_written() {
    let names: Vec<String> = all().iter().map(|note| note.name().to_owned()).collect();
    assert_eq!(names, names_in_the_trace());
    for note in all() {
        let written = serde_json::to_value(&note).expect("plain data");
        assert_eq!(written["note"], note.name());
        assert_eq!(serde_json::from_value::<Note>(written).expect("it is read again"), note);
    }
}

/// A saved run in which the receiver notes this before the run ends, and of which this is expected.
fn noting(notes: &[Value], expect: &str) -> String {
    let saved = std::fs::read_to_string(root("tests/traces/short-recv.jsonl")).expect("a saved run");
    let mut lines: Vec<Value> = saved
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    let scenario = lines[0]["scenario"].as_str().expect("a text").to_owned();
    lines[0]["scenario"] = json!(format!("{scenario}\n{expect}\n"));
    lines[0]["trace"] = json!(2);
    let end = lines.len() - 1;
    let at = lines[end - 1]["at_ns"].clone();
    let events = notes.iter().map(|note| {
        let mut event = json!({"at_ns": at, "endpoint": "receiver", "evidence": "measured", "event": "note"});
        for (key, value) in note.as_object().expect("an object") {
            event[key] = value.clone();
        }
        event
    });
    lines.splice(end..end, events.collect::<Vec<_>>());
    let count = lines.len() - 2;
    lines.last_mut().expect("an end")["events"] = json!(count);
    lines.iter().map(|line| line.to_string() + "\n").collect()
}

fn replay(text: String, extra: &[&str]) -> Done {
    let (_folder, path) = file("saved.run", text);
    let mut line = vec!["replay", &path];
    line.extend(extra);
    lab(line).tame()
}

fn served(request: u64) -> Value {
    json!({"note": "served", "request": request, "text": "tea"})
}

#[test]
fn a_note_is_told_in_both_languages() {
    let notes = [served(1), json!({"note": "client-left", "requests": 1})];
    for (lang, sentences) in [
        (
            "en",
            [
                "has served request 1: \"tea\"",
                "its client has left; requests served: 1",
            ],
        ),
        (
            "zh",
            ["第 1 个请求 \"tea\" 处理完了", "这个客户端走了，一共处理了 1 个请求"],
        ),
    ] {
        let done = replay(noting(&notes, ""), &["--no-tui", "--lang", lang]).exits(0);
        for sentence in sentences {
            assert!(
                done.stdout.contains(sentence),
                "{sentence} is missing in\n{}",
                done.stdout
            );
        }
    }
    let told = replay(noting(&notes, ""), &["--format", "json"]).exits(0).json();
    assert_eq!(told.events("note")[0]["note"], "served");
    assert_eq!(told.events("note")[0]["text"], "tea");
}

#[test]
fn a_claim_about_notes_is_met_or_not() {
    let left = json!({"note": "client-left", "requests": 2});
    let made = [served(1), served(2), left];
    for (claim, code, why) in [
        (
            r#"notes = { endpoint = "receiver", are = ["served", "served", "client-left"] }"#,
            0,
            "receiver noted: served, served, client-left",
        ),
        (
            r#"notes = { endpoint = "receiver", are = ["served", "served"] }"#,
            1,
            "receiver noted: served, served, client-left; expected: served, served",
        ),
        (
            r#"notes = { endpoint = "sender", are = [] }"#,
            0,
            "sender noted: nothing",
        ),
        (
            r#"notes = ["receiver served", "receiver served"]"#,
            0,
            "the notes came in this order: receiver served, receiver served",
        ),
        (
            r#"notes = ["receiver served"]"#,
            1,
            "the notes came in this order: receiver served, receiver served; expected: receiver served",
        ),
        (r#"notes = ["sender waits"]"#, 1, "expected: sender waits"),
        (
            r#"noted = { endpoint = "receiver", note = "client-left" }"#,
            0,
            "receiver noted: client-left",
        ),
        (
            r#"noted = { endpoint = "sender", note = "client-left" }"#,
            1,
            "sender never noted: client-left",
        ),
        (
            r#"noted = { endpoint = "receiver", note = "waits" }"#,
            1,
            "receiver never noted: waits",
        ),
    ] {
        let told = replay(noting(&made, &format!("[[expect]]\n{claim}")), &["--format", "json"])
            .exits(code)
            .json();
        let found = told.verdict()["expectations"].as_array().expect("a list").clone();
        let said = |one: &Value| one["why"]["en"].as_str().is_some_and(|en| en.contains(why));
        assert!(found.iter().any(said), "{claim}: {found:?}");
    }
}

#[test]
fn a_note_that_means_harm_is_refused_or_told_tamely() {
    let refused = |note: Value| replay(noting(&[note], ""), &[]).refuses(&[]);
    refused(json!({"note": "explode"}));
    refused(json!({"note": "served", "request": 1}));
    refused(json!({"note": "served", "request": -1, "text": "tea"}));
    refused(json!({"note": "served", "request": 1_u64 << 40, "text": "tea"}));
    refused(json!({"note": "served", "request": 1, "text": 7}));
    refused(json!({"note": "served", "request": 1, "text": "x".repeat(121)}));
    refused(json!({"note": ["served"]}));
    let wild = json!({"note": "served", "request": u32::MAX, "text": "\u{1b}[31m\u{202e}\n".repeat(10)});
    for extra in [&["--no-tui"][..], &["--no-tui", "--lang", "zh"], &["--format", "json"]] {
        replay(noting(std::slice::from_ref(&wild), ""), extra).exits(0);
    }
}

#[test]
fn a_claim_that_names_no_note_says_what_there_is() {
    for (claim, because) in [
        (
            r#"noted = { endpoint = "receiver", note = "serverd" }"#,
            "did you mean `served`?",
        ),
        (
            r#"noted = { endpoint = "reciever", note = "served" }"#,
            "did you mean `receiver`?",
        ),
        (r#"notes = { endpoint = "receiver" }"#, "missing key: `are`"),
        (
            r#"notes = { endpoint = "receiver", are = ["client_left"] }"#,
            "did you mean `client-left`?",
        ),
        (r#"notes = ["receiver-served"]"#, "is not an endpoint and its note"),
        (r#"notes = ["receivr served"]"#, "did you mean `receiver`?"),
        ("notes = []", "too few notes"),
        (
            "notes = 3",
            "expected an endpoint and its notes, or a list, found a whole number",
        ),
    ] {
        let text = super::support::scenario(
            "tcp",
            &format!("steps = [{{ sender.send = \"a\" }}]\n\n[[expect]]\n{claim}\n"),
        );
        let (_folder, path) = file("mine.toml", text);
        lab(["check", &path]).refuses(&[because]);
    }
}
