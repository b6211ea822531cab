//! What lies in a queue, beside the bytes of messages that the kernel counts in it: a FIN, and what a reset threw away.

use lab::story::Story;
use lab::story::journey::journey;
use lab::trace::{self, EndpointId};
use serde_json::Value;

use super::super::support::{Told, file, lab, measures_everything, no_wire, not_run, scenario};

/// A scenario over a wire or loopback, with more for each endpoint.
fn with(link: &str, steps: &str, [sender, receiver]: [&str; 2]) -> String {
    scenario("tcp", &format!("{link}\nsteps = [{steps}]"))
        .replace("[endpoints.sender]", &format!("[endpoints.sender]\n{sender}"))
        .replace("listens = true", &format!("listens = true\n{receiver}"))
}

/// The run as JSON, and as text in both languages, of one saved run: they tell of the same.
fn told(text: &str) -> (Told, [String; 2], String) {
    let (folder, path) = file("mine.toml", text);
    let saved = folder.path().join("saved.jsonl").to_str().expect("UTF-8").to_owned();
    lab(["run", &path, "--no-tui", "--save", &saved]);
    let trace = std::fs::read_to_string(&saved).expect("the saved run");
    let (json, texts) = replayed(&trace);
    (json, texts, trace)
}

fn replayed(trace: &str) -> (Told, [String; 2]) {
    let (_folder, saved) = file("saved.jsonl", trace);
    let text = |lang| lab(["replay", &saved, "--no-tui", "--lang", lang]).stdout;
    let json = lab(["replay", &saved, "--format", "json"]).json();
    (json, ["en", "zh"].map(text))
}

/// A trace as one was saved before the state of the connection was asked for.
fn as_before(trace: &str) -> String {
    let without = |line: &str| {
        let mut line: Value = serde_json::from_str(line).expect("JSON");
        if let Some(fields) = line.as_object_mut().filter(|fields| fields["event"] == "queues") {
            fields.remove("state");
            fields.remove("send_memory");
        }
        format!("{line}\n")
    };
    let mut lines = trace.lines();
    let head = lines.next().expect("a head");
    std::iter::once(format!("{head}\n")).chain(lines.map(without)).collect()
}

fn counts<'t>(told: &'t Told, endpoint: &str) -> Vec<&'t Value> {
    let mut all = told.events("queues");
    all.retain(|line| line["endpoint"] == endpoint);
    all
}

const LETTERS: &str = "{ sender.send = { letters = 20000 } }";
const SMALL: [&str; 2] = ["send_buffer = 65536", "receive_buffer = 4096"];

#[test]
fn a_fin_that_is_not_acknowledged_is_no_byte_of_a_message() {
    if let Some(why) = no_wire() {
        return not_run("a FIN that is held", why);
    }
    let steps = "{ sender.send = \"request\" }, { receiver.recv = 10 }, { sender.until_acked = true },
      { sender.hold = true }, { sender.shut_down = true }, { sender.until_held = 1 },
      { sender.release = \"all\" }, { receiver.recv = 10 }";
    let (json, texts, trace) = told(&with("link = \"wire\"", steps, ["", "quickack = true"]));
    let fin: Vec<&Value> = counts(&json, "sender");
    let fin: Vec<_> = fin.iter().filter(|line| line["unacknowledged"] == 1).collect();
    assert!(!fin.is_empty(), "the kernel counts it: {json:?}");
    for line in fin {
        assert_eq!(
            (&line["state"], &line["fin"]),
            (&"fin-wait-1".into(), &"in-flight".into()),
            "{line}"
        );
    }
    let (old, old_texts) = replayed(&as_before(&trace));
    assert!(old.events("queues").iter().any(|line| line["fin"] == "in-flight"));
    for [en, zh] in [texts, old_texts] {
        assert!(en.contains("send queue: the FIN is not acknowledged yet\n"), "{en}");
        assert!(zh.contains("发送队列：FIN 还没有被确认\n"), "{zh}");
        assert!(!en.contains("1 byte in flight") && !en.contains("m1:6-7"), "{en}");
    }
}

#[test]
fn a_fin_behind_bytes_that_are_unsent_is_none_of_them() {
    if !measures_everything() {
        return not_run("unsent bytes", "this system does not measure them");
    }
    let steps = format!("{LETTERS}, {{ sender.shut_down = true }}, {{ receiver.drain = 65536 }}");
    let (json, [en, zh], _) = told(&with("", &steps, SMALL));
    let unsent = |line: &&&Value| line["fin"] == "unsent";
    let shut = counts(&json, "sender");
    let shut = shut.iter().find(unsent).expect("the window is closed before it");
    assert_eq!(shut["state"], "fin-wait-1");
    let bytes = shut["unsent"].as_u64().expect("a count") - 1;
    let before = counts(&json, "sender");
    assert!(
        before
            .iter()
            .any(|line| line["state"] == "established" && line["unsent"] == bytes),
        "{before:?}"
    );
    let fin = en.find("the FIN has not left yet").expect("it is told");
    let queue = en[..fin].rfind("send queue: ").expect("of a queue");
    let size = |bytes: u64| format!("{},{:03} bytes unsent", bytes / 1000, bytes % 1000);
    assert!(
        en[queue..fin].starts_with(&format!("send queue: {}", size(bytes))),
        "{en}"
    );
    assert!(zh.contains("FIN 还没有发出"), "{zh}");
}

#[test]
fn what_a_reset_throws_away_lies_in_no_queue() {
    if !measures_everything() {
        return not_run("the state of a connection", "this system does not tell it");
    }
    for shut in ["", "{ sender.shut_down = true }, "] {
        let steps =
            format!("{LETTERS}, {shut}{{ receiver.close = true }}, {{ sender.recv = 10 }}, {{ sender.recv = 10 }}");
        let (json, [en, zh], saved) = told(&with("", &steps, SMALL));
        let all = counts(&json, "sender");
        let last = all.last().expect("counts");
        assert_eq!(
            (&last["state"], &last["send_memory"]),
            (&"closed".into(), &0.into()),
            "{last}"
        );
        let still = last["unsent"].as_u64().expect("unsent") + last["unacknowledged"].as_u64().expect("in flight");
        assert_eq!(
            last["thrown_away"],
            still - u64::from(!shut.is_empty()),
            "a FIN is no byte: {last}"
        );
        let failed = en.find("fails: ECONNRESET").expect("it fails");
        let (before, after) = en.split_at(failed);
        assert!(before.contains(" bytes thrown away"), "{en}");
        assert!(!after.contains("unsent") && !after.contains("END OF STREAM"), "{en}");
        assert!(zh.contains("已作废 "), "{zh}");
        let story = Story::tell(trace::file::read(&mut saved.as_bytes()).expect("a run")).expect("it can be told");
        let ways = [0, 19_999].map(|offset| journey(&story, EndpointId(0), offset).expect("a byte"));
        assert_eq!(
            ways.map(|way| (way.unsent, way.thrown_away)),
            [(false, false), (false, true)]
        );
        // Where the state was not asked for, the call that fails tells.
        let (old, [en, _]) = replayed(&as_before(&saved));
        assert_eq!(
            counts(&old, "sender").last().expect("counts")["thrown_away"],
            last["thrown_away"]
        );
        assert!(en.contains(" bytes thrown away"), "{en}");
    }
}

#[test]
fn bytes_that_came_before_a_reset_can_still_be_read() {
    if !measures_everything() {
        return not_run("queues", "this system does not measure them");
    }
    let steps = format!(
        "{{ receiver.send = \"unread\" }}, {LETTERS}, {{ receiver.close = true }}, {{ sender.recv = 10 }}, {{ sender.recv = 10 }}"
    );
    let (json, _, _) = told(&with("", &steps, SMALL));
    let broken: Vec<_> = counts(&json, "sender")
        .into_iter()
        .filter(|line| line["state"] == "closed")
        .collect();
    assert_eq!(broken.first().expect("a count")["waiting"], 6);
    let read = json.events("recv");
    assert_eq!(read.first().expect("a read")["returned"], 6, "{read:?}");
}

#[test]
fn who_waits_for_an_ack_on_a_broken_connection_is_not_waited_for() {
    if let Some(why) = no_wire() {
        return not_run("a reset with bytes in flight", why);
    }
    let steps = "{ receiver.hold = true }, { sender.send = \"hello\" }, { receiver.until_held = 1 },
      { receiver.drop_held = true }, { receiver.close = true }, { receiver.until_held = 1 },
      { receiver.release = \"all\" }, { sender.recv = 10 }, { sender.until_acked = true }";
    let text = with("link = \"wire\"\ndeadline_ms = 60000", steps, ["", "quickack = true"]);
    let (json, [en, _], _) = told(&text);
    assert_eq!(json.verdict()["ending"], "hang", "{}", json.verdict());
    assert!(en.contains("5 bytes thrown away"), "{en}");
}

#[test]
fn a_datagram_that_waits_is_looked_at_once() {
    let mut strace = std::process::Command::new("strace");
    let (_folder, calls) = file("calls", "");
    strace.args([
        "-f",
        "-qq",
        "-e",
        "trace=recvfrom",
        "-o",
        &calls,
        env!("CARGO_BIN_EXE_lab"),
    ]);
    strace.args([
        "run",
        "udp-overflow",
        "--no-tui",
        "--set",
        "count=300",
        "--set",
        "rcvbuf=65536",
    ]);
    let done = strace.output();
    if !done.as_ref().is_ok_and(|done| done.status.success()) {
        return not_run(
            "calls that look at datagrams",
            "there is no strace that can follow a program here",
        );
    }
    let calls = std::fs::read_to_string(&calls).expect("what strace wrote");
    let looks = calls.lines().filter(|line| line.contains("MSG_PEEK"));
    let (found, nothing): (Vec<&str>, Vec<&str>) = looks.partition(|line| !line.contains("EAGAIN"));
    assert!((2..=300).contains(&found.len()), "{}", found.len());
    // Each of the calls looks at both ends a few times, whatever waits there.
    assert!(nothing.len() < 12 * 300, "{}", nothing.len());
}
