use std::collections::HashSet;

use lab::scenario::{Named, NoteName};
use lab::trace::Note;
use lab::trace::note::{NameFault, NoteText};
use lab::words::Lang;
use lab::words::notes::short;
use serde_json::{Value, json};

use super::support::{Done, file, lab, lab_line, root, scenario};

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
#[expect(clippy::too_many_lines, reason = "a list: one of each")]
fn all() -> Vec<Note> {
    let text = NoteText::new("tea");
    let command = text.clone();
    let (status, out, err) = (-1, 5, 0);
    vec![
        Note::Runs {
            command: command.clone(),
            line: text.clone(),
        },
        Note::Ended {
            command: command.clone(),
            status,
            out,
            err,
        },
        Note::NotFound {
            command: command.clone(),
        },
        Note::Killed {
            command: command.clone(),
            after_ms: 1,
        },
        Note::OverLimit {
            command: command.clone(),
            limit: 1,
        },
        Note::Takes {
            command: command.clone(),
            bytes: 3,
            text: text.clone(),
        },
        Note::Reply {
            command,
            status,
            out,
            err,
        },
        Note::Asks { text: text.clone() },
        Note::Answered { text: text.clone() },
        Note::Hashing { done: 1, of: 2 },
        Note::SendsFile {
            name: text.clone(),
            size: 3,
            digest: None,
        },
        Note::Flips { at: u64::MAX },
        Note::FileShrank { sent: 1, of: 2 },
        Note::FileGrew { of: 2 },
        Note::HeaderSays {
            name: text.clone(),
            size: u64::MAX,
            digest: Some(text.clone()),
        },
        Note::NameRefused {
            name: text.clone(),
            because: NameFault::Above,
        },
        Note::CommandRefused,
        Note::NoRoom { size: 2, free: 1 },
        Note::CannotWrite { error: text.clone() },
        Note::Progress { done: 1, of: 2 },
        Note::TookTooMuch {
            name: text.clone(),
            took: 3,
            of: 2,
            text: text.clone(),
        },
        Note::DigestEqual { digest: text.clone() },
        Note::DigestDiffers {
            said: text.clone(),
            found: text.clone(),
        },
        Note::NotHashed,
        Note::Kept {
            name: text.clone(),
            size: 1,
        },
        Note::NotKept { got: 1 },
        Note::Cost {
            hashing_ns: 1,
            telling_ns: 2,
            of_ns: u64::MAX,
        },
        Note::Puts {
            name: text.clone(),
            size: 1,
        },
        Note::Dies { sent: 1, of: 2 },
        Note::IsSilent { ms: 50 },
        Note::Unanswered { files: 1 },
        Note::FolderHolds { files: text.clone() },
        Note::Served { request: 1, text },
        Note::ClientLeft { requests: 1 },
        Note::WaitsForEither {
            other: NoteText::new("parent-err"),
        },
        Note::ChallengeSent {
            bytes: 32,
            begins: NoteText::new("00ff"),
        },
        Note::MacEqual { over: 32, added: 0 },
        Note::MacDiffers { bytes: 32 },
        Note::OtherChallenge,
        Note::AnsweredBefore,
        Note::UnknownChallenge,
        Note::AnswersWithKey {
            scheme: NoteText::new("hmac-sha256"),
        },
        Note::GuessesKey {
            scheme: NoteText::new("hmac-sha256"),
        },
        Note::AnswersWithText {
            text: NoteText::new("ls -l"),
        },
        Note::Replays,
        Note::Forges {
            heard: 32,
            adds: NoteText::new("&admin=yes"),
        },
        Note::WasAccepted,
        Note::WasRefused,
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

#[test]
fn every_note_has_a_short_name_of_its_own_in_both_languages() {
    for lang in [Lang::En, Lang::Zh] {
        let names: Vec<&str> = NoteName::NAMES.iter().map(|(name, _)| short(lang, name)).collect();
        assert_eq!(names.iter().collect::<HashSet<_>>().len(), names.len(), "{names:?}");
        assert!(names.iter().all(|name| !name.is_empty()), "{names:?}");
    }
    let zh = NoteName::NAMES.iter().map(|(name, _)| short(Lang::Zh, name));
    for name in zh {
        assert!(!name.is_ascii(), "{name} is no Chinese");
    }
    assert_eq!(short(Lang::Zh, "nothing"), "nothing", "what is no note keeps its name");
}

#[test]
fn notes_are_claimed_by_the_trace_and_told_by_their_short_names() {
    let told = lab_line("run file-transfer --no-tui --lang zh").exits(0).stdout;
    assert!(told.contains("接收方摘要一致、接收方已保存"), "{told}");
    for inner in ["digest-equal", "sends-file"] {
        assert!(!told.contains(inner), "{told}");
    }
}

/// A saved run in which the receiver notes this before the run ends.
fn noting(notes: &[Value]) -> String {
    let saved = std::fs::read_to_string(root("tests/traces/short-recv.jsonl")).expect("a saved run");
    let mut lines: Vec<Value> = saved
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
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
        let done = replay(noting(&notes), &["--no-tui", "--lang", lang]).exits(0);
        for sentence in sentences {
            assert!(
                done.stdout.contains(sentence),
                "{sentence} is missing in\n{}",
                done.stdout
            );
        }
    }
    let told = replay(noting(&notes), &["--format", "json"]).exits(0).json();
    assert_eq!(told.events("note")[0]["note"], "served");
    assert_eq!(told.events("note")[0]["text"], "tea");
}

/// A client that asks twice and leaves, and this claim about it.
fn asked_twice(claim: &str) -> String {
    let steps = "steps = [\n{ server.run = { program = \"serve\" } },\n\
                 { client.run = { program = \"ask\", text = \"tea\" } },\n\
                 { client.run = { program = \"ask\", text = \"milk\" } },\n{ client.close = true },\n]";
    let text = scenario("tcp", &format!("{steps}\n\n[[expect]]\n{claim}\n"));
    text.replace("endpoints.sender", "endpoints.client")
        .replace("endpoints.receiver", "endpoints.server")
}

#[test]
fn a_claim_about_notes_is_met_or_not() {
    for (claim, code, why) in [
        (
            r#"notes = { endpoint = "server", are = ["served", "served", "client-left"] }"#,
            0,
            "server noted: request served, request served, client left",
        ),
        (
            r#"notes = { endpoint = "server", are = ["served", "served"] }"#,
            1,
            "server noted: request served, request served, client left; expected: request served, request served",
        ),
        (r#"notes = { endpoint = "server", are = [] }"#, 1, "expected: nothing"),
        (
            r#"notes = ["client answered", "client answered"]"#,
            0,
            "the notes came in this order: client: has the answer, client: has the answer",
        ),
        (
            r#"notes = ["client asks", "server served", "client asks", "server served"]"#,
            0,
            "the notes came in this order: client: asks, server: request served, client: asks, server: request served",
        ),
        (
            r#"notes = ["server served", "client asks", "client asks", "server served"]"#,
            1,
            "served; expected: server: request served, client: asks, client: asks, server: request served",
        ),
        (
            r#"noted = { endpoint = "server", note = "client-left" }"#,
            0,
            "server noted: client left",
        ),
    ] {
        let (_folder, path) = file("mine.toml", asked_twice(claim));
        let told = lab(["run", &path, "--format", "json"]).exits(code).json();
        let found = told.verdict()["expectations"].as_array().expect("a list").clone();
        let said = |one: &Value| one["why"]["en"].as_str().is_some_and(|en| en.contains(why));
        assert!(found.iter().any(said), "{claim}: {found:?}");
    }
}

#[test]
fn a_note_that_never_comes_fails_a_claim() {
    // The program could note it, but its client does not leave.
    let text = asked_twice(r#"noted = { endpoint = "server", note = "client-left" }"#);
    let (_folder, path) = file("mine.toml", text.replace("{ client.close = true },\n", ""));
    let told = lab(["run", &path, "--format", "json"]).exits(1).json();
    let found = told.verdict()["expectations"].to_string();
    assert!(found.contains("server never noted: client left"), "{found}");
}

#[test]
fn a_note_that_no_program_makes_is_refused() {
    for (claim, because) in [
        (
            r#"noted = { endpoint = "client", note = "served" }"#,
            "no program of `client` notes `served`",
        ),
        (
            r#"notes = { endpoint = "server", are = ["asks"] }"#,
            "no program of `server` notes `asks`",
        ),
        (r#"notes = ["client served"]"#, "no program of `client` notes `served`"),
        (
            "reads = []\n[[stop]]\nafter = { note = \"served\" }\nlook = { en = \"Look\", zh = \"看\" }",
            "no program notes `served`",
        ),
    ] {
        let mut text = asked_twice(claim);
        if claim.contains("stop") {
            text = text.replace("server.run = { program = \"serve\" }", "server.recv = 9");
        }
        let (_folder, path) = file("mine.toml", text);
        lab(["check", &path]).refuses(&[because]);
    }
}

#[test]
fn a_note_that_means_harm_is_refused_or_told_tamely() {
    let refused = |note: Value| replay(noting(&[note]), &[]).refuses(&[]);
    refused(json!({"note": "explode"}));
    refused(json!({"note": "served", "request": 1}));
    refused(json!({"note": "served", "request": -1, "text": "tea"}));
    refused(json!({"note": "served", "request": 1_u64 << 40, "text": "tea"}));
    refused(json!({"note": "served", "request": 1, "text": 7}));
    refused(json!({"note": "served", "request": 1, "text": "x".repeat(121)}));
    refused(json!({"note": ["served"]}));
    let wild = json!({"note": "served", "request": 10_000_000, "text": "\u{1b}[31m\u{202e}\n".repeat(10)});
    for extra in [&["--no-tui"][..], &["--no-tui", "--lang", "zh"], &["--format", "json"]] {
        replay(noting(std::slice::from_ref(&wild)), extra).exits(0);
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
        let text = scenario(
            "tcp",
            &format!("steps = [{{ sender.send = \"a\" }}]\n\n[[expect]]\n{claim}\n"),
        );
        let (_folder, path) = file("mine.toml", text);
        lab(["check", &path]).refuses(&[because]);
    }
}
