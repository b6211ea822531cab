use serde_json::Value;

use super::support::{file, lab, measures_everything, not_run, refused, scenario, told};

/// A server and a client with these steps.
fn exchange(transport: &str, steps: &str) -> String {
    let text = scenario(transport, &format!("deadline_ms = 60000\nsteps = [\n{steps}]\n"));
    text.replace("endpoints.sender", "endpoints.client")
        .replace("endpoints.receiver", "endpoints.server")
}

const SERVE: &str = "{ server.run = { program = \"serve\" } },\n";
const ASK: &str = "{ client.run = { program = \"ask\", text = \"粘tea\" } },\n";

#[test]
fn a_server_answers_in_upper_case_until_its_client_leaves() {
    let told = told(
        &exchange("tcp", &format!("{SERVE}{ASK}{ASK}{{ client.close = true }},\n")),
        0,
    );
    let notes: Vec<String> = told
        .events("note")
        .iter()
        .map(|note| note["note"].to_string())
        .collect();
    let exchange = ["\"asks\"", "\"served\"", "\"answered\""];
    assert_eq!(notes, [&exchange[..], &exchange[..], &["\"client-left\""]].concat());
    let answers: Vec<&Value> = told
        .events("note")
        .into_iter()
        .filter(|note| note["note"] == "answered")
        .collect();
    assert!(answers.iter().all(|answer| answer["text"] == "粘TEA"), "{answers:?}");
    let last = told.events("recv").into_iter().next_back().expect("a read");
    assert_eq!((&last["endpoint"], &last["returned"]), (&"server".into(), &0.into()));
}

#[test]
fn every_call_of_a_program_is_in_the_trace_and_in_the_same_order_each_time() {
    let text = exchange("tcp", &format!("{SERVE}{ASK}{ASK}{{ client.close = true }},\n"));
    let order = || -> Vec<String> {
        let told = told(&text, 0);
        let kinds = [
            "send_call",
            "recv_call",
            "send",
            "recv",
            "blocked",
            "note",
            "step",
            "closed",
        ];
        let is_one = |line: &&Value| kinds.iter().any(|kind| line["event"] == *kind);
        let lines = told.0.iter().filter(is_one);
        lines
            .map(|line| format!("{} {}", line["endpoint"], line["event"]))
            .collect()
    };
    let first = order();
    let calls = first.iter().filter(|line| line.ends_with("\"send_call\""));
    assert_eq!(calls.count(), 4);
    for _ in 0..30 {
        assert_eq!(order(), first);
    }
}

#[test]
fn a_request_over_the_limit_is_refused_and_ends_the_run() {
    let serve = SERVE.replace("\"serve\"", "\"serve\", limit = 3");
    let told = told(&exchange("tcp", &format!("{serve}{ASK}")), 1);
    let faults = told.events("frame_fault");
    assert_eq!(faults[0]["reason"], "over-limit");
    assert_eq!((&faults[0]["length"], &faults[0]["limit"]), (&6.into(), &3.into()));
    assert!(told.events("note").iter().all(|note| note["note"] == "asks"));
}

#[test]
fn a_request_that_is_cut_off_is_no_client_that_left() {
    let steps = format!("{SERVE}{{ client.send = {{ hex = \"0000\" }} }},\n{{ client.close = true }},\n");
    let told = told(&exchange("tcp", &steps), 1);
    assert_eq!(told.events("frame_fault")[0]["reason"], "short-header");
    assert!(told.events("note").is_empty());
}

#[test]
fn a_parameter_may_come_from_a_knob() {
    let knobs = "[knobs.most]\ndefault = 6\nrange = [1, 10]\nlabel = { en = \"most\", zh = \"最多\" }\n\
                 [knobs.text]\ndefault = \"tea\"\nchoices = [\"tea\", \"coffee\"]\nlabel = { en = \"what\", zh = \"什么\" }\n";
    let steps = "{ server.run = { program = \"serve\", limit = \"$most\" } },\n\
                 { client.run = { program = \"ask\", text = \"$text\" } },\n{ client.close = true },\n";
    let (_folder, path) = file("mine.toml", exchange("tcp", steps) + knobs);
    let run = |set: &str, code| lab(["run", &path, "--set", set, "--format", "json"]).exits(code).json();
    assert_eq!(run("text=coffee", 0).events("note")[0]["text"], "coffee");
    assert_eq!(run("most=2", 1).events("frame_fault")[0]["limit"], 2);
}

#[test]
fn a_client_that_is_never_answered_is_named_at_once() {
    if !measures_everything() {
        return not_run("a standstill", "this system does not measure it");
    }
    let steps = format!("{ASK}{{ server.recv = 100 }},\n{{ server.recv = 100 }},\n{{ server.send = \"x\" }},\n");
    let told = told(&exchange("tcp", &steps), 1);
    assert_eq!(told.verdict()["ending"], "hang");
    assert_eq!(told.verdict()["endpoint"], "client", "its step comes first");
}

#[test]
fn what_a_program_may_send_is_known_to_who_waits_for_it() {
    // All of these are read without a complaint.
    for steps in [
        format!(
            "{SERVE}{{ client.send = {{ hex = \"0000000161\" }} }},\n{{ client.recv = 5 }},\n{{ client.close = true }},\n"
        ),
        format!("{SERVE}{ASK}{{ client.until_acked = true }},\n{{ client.close = true }},\n"),
        format!("{ASK}{{ server.until_queued = 10 }},\n{SERVE}{{ client.close = true }},\n"),
    ] {
        told(&exchange("tcp", &steps), 0);
    }
    refused(
        &exchange("tcp", &format!("{ASK}{{ server.until_queued = 11 }},\n{SERVE}")),
        "11 bytes never lie in the queue: the steps before send 10",
    );
    refused(
        &exchange("tcp", ASK),
        "this read waits for ever: `server` sends nothing",
    );
    refused(
        &exchange("tcp", SERVE),
        "this read waits for ever: `client` sends nothing",
    );
}

#[test]
fn a_program_that_is_written_wrongly_is_told_with_a_way_out() {
    let with = |steps: &str| exchange("tcp", steps);
    refused(&with(&SERVE.replace("serve", "sevre")), "did you mean `serve`?");
    refused(
        &with(&SERVE.replace("\"serve\"", "\"serve\", limt = 3")),
        "did you mean `limit`?",
    );
    refused(
        &with(&SERVE.replace("\"serve\"", "\"serve\", limit = 0")),
        "`0` is out of range",
    );
    refused(&with("{ server.run = { limit = 3 } },\n"), "missing key: `program`");
    refused(
        &with("{ server.run = \"serve\" },\n"),
        "expected a program with its parameters, found a string",
    );
    refused(&with(&ASK.replace(", text = \"粘tea\"", "")), "missing key: `text`");
    refused(&with(&ASK.replace("粘tea", "")), "nothing stands here");
    refused(&with(&ASK.replace("粘tea", "$tea")), "there is no knob `tea`");
    refused(
        &exchange("udp", SERVE),
        "`serve` is for byte streams; this scenario runs over UDP",
    );
}
