use super::file_transfer::{lab_leaves_nothing, notes, wire};
use super::support::{Told, file, two_clients};

fn put(sets: &[&str]) -> Told {
    let mut args = vec!["run", "ftp-put", "--format", "json"];
    args.extend(sets.iter().flat_map(|set| ["--set", set]));
    lab_leaves_nothing(&args).exits(0).tame().json()
}

/// What lies in the folder of the server after each client.
fn holds(told: &Told) -> Vec<&str> {
    let notes = told.events("note").into_iter();
    let held = notes.filter(|note| note["note"] == "folder-holds");
    held.map(|note| note["files"].as_str().expect("names")).collect()
}

#[test]
fn two_files_in_one_go_are_both_whole_and_a_fixed_read_spoils_both() {
    assert_eq!(holds(&put(&[])), ["a.txt, b.txt", "a.txt, b.txt, c.txt"]);
    let told = put(&["reader=fixed"]);
    assert_eq!(holds(&told), ["", "c.txt"]);
    let notes = told.events("note");
    let took = notes
        .iter()
        .find(|note| note["note"] == "took-too-much")
        .expect("it takes too much");
    let text = took["text"].as_str().expect("a text");
    assert!(text.starts_with("AAAAA") && text.contains("\"cmd\""), "{text}");
    // Nothing lies behind the first one: the phenomenon is gone.
    assert_eq!(holds(&put(&["reader=fixed", "pipelined=false"])), holds(&put(&[])));
}

#[test]
fn a_name_that_is_no_plain_one_is_refused_with_its_reason() {
    for (name, because) in [
        ("above", "above"),
        ("absolute", "absolute"),
        ("nested", "nested"),
        ("empty", "empty"),
        ("dot", "itself"),
        ("nul", "control"),
        ("long", "too-long"),
    ] {
        let told = put(&[&format!("name={name}")]);
        assert_eq!(holds(&told), ["b.txt", "b.txt, c.txt"], "{name}");
        let notes = told.events("note");
        let refused = notes
            .iter()
            .find(|note| note["note"] == "name-refused")
            .expect("it is refused");
        assert_eq!(refused["because"], because);
    }
    assert!(!std::path::Path::new("/etc/x").exists());
}

#[test]
fn an_unknown_command_is_refused_and_not_said_back() {
    let told = put(&["command=__init__"]);
    assert_eq!(holds(&told), ["", "c.txt"]);
    let answers = told
        .events("note")
        .into_iter()
        .filter(|note| note["note"] == "answered");
    let answers: Vec<&str> = answers.map(|note| note["text"].as_str().expect("a text")).collect();
    assert_eq!(
        answers,
        ["refused: no such command", "refused: no such command", "kept"]
    );
}

#[test]
fn a_client_that_dies_leaves_no_half_file() {
    for die in ["header", "body"] {
        assert_eq!(
            holds(&put(&[&format!("die={die}")])),
            ["a.txt", "a.txt, c.txt"],
            "{die}"
        );
    }
}

/// A client that sends these bytes and goes, or stays; then one that puts a file, at the same thread.
fn after(bytes: &[u8], goes: bool) -> Told {
    let close = if goes { "{ client-1.close = true },\n" } else { "" };
    let steps = format!(
        "steps = [\n{{ client-1.send = {{ hex = \"{}\" }} }},\n{close}\
         {{ server-1.run = {{ program = \"serve-puts\", limit = 100, patience_ms = 50 }} }},\n\
         {{ client-2.run = {{ program = \"put\", files = [{{ name = \"c.txt\", text = \"CCC\" }}] }} }},\n\
         {{ server-2.run = {{ program = \"serve-puts\" }} }},\n{{ client-2.close = true }},\n]\n\n",
        hex::encode(bytes)
    );
    let (_folder, path) = file("mine.toml", two_clients(&steps));
    lab_leaves_nothing(&["run", &path, "--format", "json"]).tame().json()
}

#[test]
fn whatever_a_client_does_the_next_one_is_served() {
    let whole = wire("{\"cmd\": \"put\", \"name\": \"a.txt\", \"size\": 5}", "hello");
    let cut = |end: usize| whole[..end].to_vec();
    for (bytes, goes, reason) in [
        (cut(2), true, "short-header"),
        (cut(4), true, "short-header"),
        (cut(30), true, "short-header"),
        (cut(whole.len() - 2), true, "short-body"),
        (cut(2), false, "timed-out"),
        (cut(30), false, "timed-out"),
        (cut(whole.len() - 2), false, "timed-out"),
        (vec![0xff; 64], false, "over-limit"),
        (vec![0; 64], false, "bad-json"),
        (
            wire("{\"cmd\": \"put\", \"name\": \"a\", \"size\": 101}", ""),
            false,
            "over-limit",
        ),
        (wire("{\"cmd\": [], \"size\": 1}", "x"), false, "bad-json"),
        (wire("{\"cmd\": \"get\", \"size\": 9}", "x"), true, "short-body"),
    ] {
        let told = after(&bytes, goes);
        assert_eq!(told.events("frame_fault")[0]["reason"], reason, "{bytes:?}");
        assert_eq!(holds(&told), ["", "c.txt"], "{bytes:?}");
        assert_eq!(notes(&told, "client-2"), ["puts", "answered"], "{bytes:?}");
        assert_eq!(told.verdict()["ending"], "finished", "{bytes:?}");
    }
}
