//! Runs that once told something false: what must be told of them.

/// Bytes shown as what they are.
mod bytes;
/// Figures of one screen that must not contradict each other.
mod figures;
/// What lies in a queue.
mod queues;
/// Packets and what they mean, hangs and why.
mod wire;

use super::support::{Told, file, lab, lab_line, measures_everything, no_wire, not_run, scenario};

/// What was found about the first expectation: its outcome, and why.
fn finding(transport: &str, rest: &str, endpoints: [&str; 2]) -> (String, String) {
    let text = scenario(transport, rest)
        .replace("[endpoints.sender]", &format!("[endpoints.sender]\n{}", endpoints[0]))
        .replace("listens = true", &format!("listens = true\n{}", endpoints[1]));
    let (_folder, path) = file("mine.toml", text);
    let told: Told = lab(["run", &path, "--format", "json"]).json();
    let expectations = told.verdict()["expectations"].as_array().expect("a list").clone();
    let ours = expectations
        .iter()
        .find(|one| one["expect"] != "ending")
        .expect("an expectation");
    let word = |value: &serde_json::Value| value.as_str().expect("a text").to_owned();
    (word(&ours["outcome"]), word(&ours["why"]["en"]))
}

#[test]
fn a_reader_that_wakes_does_not_hide_what_was_unsent() {
    if !measures_everything() {
        return not_run("unsent bytes", "this system does not measure them");
    }
    let steps = r#"steps = [
  { receiver.recv = 10 },
  { sender.send = "hello" },
  { receiver.recv = 10 },
  { sender.send = "egg" },
]

[[expect]]
CLAIM
"#;
    let with = |claim: &str| {
        finding(
            "tcp",
            &steps.replace("CLAIM", claim),
            ["nodelay = false", "quickack = false"],
        )
    };
    assert_eq!(with(r#"held = "none""#).0, "failed");
    assert_eq!(
        with("held = { from = 2, until_ack_of = 1, at_least_ms = 30 }").0,
        "held"
    );
}

#[test]
fn a_message_whose_head_left_at_once_was_held_in_part_only() {
    if !measures_everything() {
        return not_run("unsent bytes", "this system does not measure them");
    }
    let steps = r#"steps = [
  { sender.send = "hello" },
  { sender.send = { letters = 700 } },
  { receiver.until_queued = "all" },
  { receiver.recv = 2000 },
]

[[expect]]
held = { from = 2, until_ack_of = 1, at_least_ms = 0 }
"#;
    let endpoints = ["nodelay = false\nmss = 536", "quickack = false\nmss = 536"];
    let (outcome, why) = finding("tcp", steps, endpoints);
    assert_eq!(outcome, "failed");
    assert!(why.starts_with("m2 was kept waiting only in part"), "{why}");
    let (outcome, why) = finding(
        "tcp",
        &steps.replace(
            "held = { from = 2, until_ack_of = 1, at_least_ms = 0 }",
            "together = { from = 2 }",
        ),
        endpoints,
    );
    assert_eq!(
        outcome, "not_measured",
        "only the last byte's departure is stamped: {why}"
    );
}

#[test]
fn what_left_with_the_close_is_not_said_to_have_stayed() {
    if !measures_everything() {
        return not_run("departures", "this system does not stamp them");
    }
    let steps = r#"steps = [
  { sender.send = "hello" },
  { sender.send = "egg" },
  { sender.close = true },
  { receiver.recv = 10 },
  { receiver.recv = 10 },
]

[[expect]]
left = ["m1"]
"#;
    assert_eq!(
        finding("tcp", steps, ["nodelay = false", "quickack = false"]).0,
        "not_measured"
    );
}

#[test]
fn bytes_that_are_not_kept_are_not_called_unread() {
    let steps = r#"steps = [
  { sender.send = { letters = 5000 } },
  { receiver.until_queued = "all" },
  { receiver.recv = 2080 },
  { receiver.recv = 10 },
]

[[expect]]
read = { number = 2, text = "abcdefghij" }
"#;
    let (outcome, why) = finding("tcp", steps, ["", ""]);
    assert_eq!(outcome, "not_measured");
    assert!(why.contains("only the ends are kept"), "{why}");
}

#[test]
fn a_datagram_behind_lost_ones_that_look_the_same_is_known() {
    if !measures_everything() {
        return not_run("lost datagrams", "this system does not count them");
    }
    // Only the first fits into the queue; the next five are dropped; the seventh comes after the first was read.
    let send = "  { sender.send = { letters = 1000 } },\n";
    let steps = format!(
        "steps = [\n{}  {{ receiver.recv = 2000 }},\n{send}  {{ receiver.recv = 2000 }},\n]\n\n[[expect]]\nlost = 0\n",
        send.repeat(6)
    );
    let text = scenario("udp", &steps).replace("listens = true", "listens = true\nreceive_buffer = 1");
    let (_folder, path) = file("mine.toml", text);
    let told = lab(["run", &path, "--format", "json"]).json();
    let read: Vec<u64> = told
        .events("recv")
        .iter()
        .filter_map(|line| line["message"].as_u64())
        .collect();
    let dropped = told
        .events("queues")
        .iter()
        .filter_map(|line| line["dropped"].as_u64())
        .max();
    assert_eq!((read.first(), dropped), (Some(&1), Some(7 - read.len() as u64)));
    assert_eq!(read.last(), Some(&7), "{read:?}");
}

#[test]
fn a_claim_about_nothing_does_not_hold() {
    let steps = "steps = [\n  { sender.close = true },\n  { receiver.recv = 10 },\n]\n\n[[expect]]\nheld = \"none\"\n";
    assert_eq!(finding("tcp", steps, ["", ""]).0, "failed");
}

#[test]
fn a_hang_in_send_is_named_at_once() {
    if !measures_everything() {
        return not_run("a full queue", "this system does not measure it");
    }
    let steps = "deadline_ms = 60000
steps = [
  { sender.send = { letters = 1048576 } },
  { receiver.recv = 10 },
]
";
    let text = scenario("tcp", steps)
        .replace("[endpoints.sender]", "[endpoints.sender]\nsend_buffer = 20000")
        .replace("listens = true", "listens = true\nreceive_buffer = 20000");
    let (_folder, path) = file("mine.toml", text);
    let done = lab(["run", &path, "--no-tui"]).exits(1);
    assert!(
        done.stdout.contains("sender waits in send: ") && done.stdout.contains(" lie unread before receiver"),
        "{}",
        done.stdout
    );
}

#[test]
fn an_ack_that_came_before_the_second_send_refutes_nothing() {
    if !measures_everything() {
        return not_run("departures", "this system does not stamp them");
    }
    // A run whose sender waited for each ACK, told as one whose sender did not: as on a machine that was too busy.
    let (_folder, path) = file("nagle.run", "");
    lab(["run", "nagle", "--set", "gap=ack", "--no-tui", "--save", &path]).exits(0);
    let saved = std::fs::read_to_string(&path).expect("the saved run");
    let mut lines: Vec<serde_json::Value> = saved
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    lines[0]["knobs"]["gap"] = "none".into();
    lines.retain(|line| line["until"] != "acknowledged");
    let events = lines.len() - 2;
    lines.last_mut().expect("an end")["events"] = events.into();
    let told: String = lines.iter().map(|line| line.to_string() + "\n").collect();
    std::fs::write(&path, told).expect("to write it back");
    let done = lab(["replay", &path, "--no-tui"]).exits(2);
    assert!(done.stdout.contains("too busy"), "{}", done.stdout);
    assert!(!done.stdout.contains("FAILED"), "{}", done.stdout);
    assert!(!done.stdout.contains("Answer "), "{}", done.stdout);
}

/// What is told of the calls of a run, in English.
fn timeline(line: &str) -> String {
    lab_line(&format!("{line} --no-tui --lang en")).exits(0).stdout
}

#[test]
fn a_send_is_called_by_what_it_was_given_and_not_by_what_lies_behind_it() {
    let forget = timeline("run big-send --set mode=forget");
    let retry = timeline("run big-send --set mode=retry");
    for told in [&forget, &retry] {
        assert!(told.contains(" m1 send \"abc"), "{told}");
        assert!(!told.contains("+m2 send"), "no call sends two messages:\n{told}");
    }
    // What failed was given the rest as well.
    let failed = retry.lines().find(|line| line.ends_with("MSG_DONTWAIT → -1"));
    let failed = failed.unwrap_or_else(|| panic!("no call failed:\n{retry}"));
    assert!(failed.contains(" m1:") && failed.contains("-500000 send"), "{failed}");
}

#[test]
fn a_wait_for_the_ack_is_between_sends_only_if_another_send_follows() {
    let with = |rest: &str| {
        let steps =
            format!("steps = [\n  {{ sender.send = \"hello\" }},\n  {{ sender.until_acked = true }},\n{rest}]\n");
        let (_folder, path) = file("mine.toml", scenario("tcp", &steps));
        lab(["run", &path, "--no-tui", "--lang", "en"]).exits(0).stdout
    };
    let (between, at_the_end) = ("waits for the ACK between its sends", "having sent, waits until");
    let last = with("");
    assert!(last.contains(at_the_end) && !last.contains(between), "{last}");
    let followed = with("  { sender.send = \"egg\" },\n");
    assert!(
        followed.contains(between) && !followed.contains(at_the_end),
        "{followed}"
    );
}

#[test]
fn a_queue_that_is_empty_is_said_to_be_empty_although_much_was_dropped() {
    if !measures_everything() {
        return not_run("dropped datagrams", "this system does not count them");
    }
    let told = lab_line("run udp-overflow --no-tui --lang zh").exits(0).stdout;
    let last = told.lines().rfind(|line| line.contains("接收队列："));
    let last = last.unwrap_or_else(|| panic!("no receive queue:\n{told}"));
    assert!(last.contains("接收队列：空 │ 内核已丢弃 "), "{last}");
    assert!(last.ends_with(" 个数据报"), "{last}");
}

#[test]
fn a_call_that_failed_is_told_by_the_name_of_its_error() {
    let told = |line: &str, lang: &str| {
        let done = lab_line(&format!("run {line} --no-tui --lang {lang}")).exits(0);
        done.stdout.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let cases = [
        (
            "big-send --set mode=retry",
            "en",
            [
                "fails: EAGAIN (no room just now)",
                "calls that failed: send of sender (EAGAIN)",
            ],
        ),
        (
            "big-send --set mode=retry",
            "zh",
            ["失败：EAGAIN（现在没有空位）", "失败的调用：发送方的 send（EAGAIN）"],
        ),
        (
            "udp-limit",
            "zh",
            ["失败：EMSGSIZE（数据报太长）", "失败的调用：发送方的 send（EMSGSIZE）"],
        ),
    ];
    for (line, lang, parts) in cases {
        let told = told(line, lang);
        assert!(parts.iter().all(|part| told.contains(part)), "{line} {lang}\n{told}");
        assert!(!told.contains("os error"), "{told}");
    }
}

#[test]
fn a_message_without_a_body_is_told_by_its_header() {
    let told = lab_line("run remote-command-framed --no-tui --set command=silent --lang zh").exits(0);
    assert!(told.stdout.contains("的长度头（正文 0 字节）"), "{}", told.stdout);
    // The headers are part of what the client read, and are counted as such.
    let flat: String = told.stdout.split_whitespace().collect();
    assert!(flat.contains("自己的13字节（其中报头12字节）"), "{flat}");
}

#[test]
fn half_a_character_that_is_kept_is_no_empty_text() {
    let told = lab_line("run half-character --no-tui --set decoder=incremental --set cut=1 --lang zh").exits(0);
    assert!(told.stdout.contains("还凑不成一个字，先留着"), "{}", told.stdout);
    assert!(!told.stdout.contains("“”"), "{}", told.stdout);
}

/// The expectations of a run over a wire: which, its outcome, and why in both languages.
fn over_wire(line: &str) -> (i32, Vec<(String, String, [String; 2])>) {
    let done = lab_line(&format!("run {line} --link wire --format json"));
    let code = done.code;
    let told: Told = done.json();
    let all = told.verdict()["expectations"].as_array().expect("a list").clone();
    let word = |value: &serde_json::Value| value.as_str().expect("a text").to_owned();
    let found = |one: &serde_json::Value| {
        let why = ["en", "zh"].map(|lang| word(&one["why"][lang]));
        (word(&one["expect"]), word(&one["outcome"]), why)
    };
    (code, all.iter().map(found).collect())
}

#[test]
fn what_is_expected_of_a_time_knows_what_is_staged_on_the_wire() {
    if let Some(why) = no_wire() {
        return not_run("time limits over a wire", why);
    }
    for (scenario, staged, [en, zh]) in [
        (
            "nagle",
            "wire.delay_ms=50",
            ["100.0 ms for its delay, there and back", "往返延迟 100.0 毫秒"],
        ),
        (
            "ack-clears",
            "wire.delay_ms=50",
            ["100.0 ms for its delay, there and back", "往返延迟 100.0 毫秒"],
        ),
        ("ack-clears", "wire.rate_kbit=8", [" ms for its rate", "限速 "]),
    ] {
        let (code, found) = over_wire(&format!("{scenario} --set quickack=true --set {staged}"));
        assert_eq!(code, 0, "{scenario} {staged}: {found:?}");
        let (_, outcome, why) = found.iter().find(|(expect, ..)| expect == "acked").expect("a limit");
        assert_eq!(outcome, "held", "{why:?}");
        assert!(why[0].contains(en) && why[1].contains(zh), "{why:?}");
    }
    let (_, found) = over_wire("nagle --set quickack=true");
    let (.., why) = found.iter().find(|(expect, ..)| expect == "acked").expect("a limit");
    assert!(!why[0].contains("more is allowed"), "{why:?}");
}

#[test]
fn what_chance_or_delay_keeps_from_happening_is_not_refuted() {
    if let Some(why) = no_wire() {
        return not_run("losses and delays over a wire", why);
    }
    for (line, says) in [
        (
            "ack-clears --set wire.loss=50 --set wire.seed=3",
            "by chance the wire lost",
        ),
        (
            "auth --set wire.delay_ms=300",
            "on this wire a packet takes 300 ms each way",
        ),
        ("auth --set wire.rate_kbit=1", "this wire carries 1 kbit a second"),
    ] {
        let (code, found) = over_wire(line);
        assert_eq!(code, 2, "{line}: {found:?}");
        let (mut unknown, mut said) = (0, 0);
        for (_, outcome, why) in &found {
            assert_ne!(outcome, "failed", "{line}: {why:?}");
            unknown += usize::from(outcome == "not_measured");
            said += usize::from(why[0].contains(says));
        }
        assert!(unknown > 0 && said > 0, "{line}: {found:?}");
    }
}

#[test]
fn what_was_acknowledged_before_had_nothing_to_wait_for() {
    if !measures_everything() {
        return not_run("what is held", "this system does not measure it");
    }
    let steps = r#"steps = [
  { sender.send = "hello" },
  { sender.until_acked = true },
  { sender.send = "egg" },
]

[[expect]]
held = { from = 2, until_ack_of = 1, at_least_ms = 0 }
"#;
    // The script itself waits for the ACK: no machine is to blame.
    let (outcome, why) = finding("tcp", steps, ["nodelay = false", "quickack = false"]);
    assert_eq!(outcome, "failed", "{why}");
    assert!(why.contains("nothing left to wait for"), "{why}");
    // And a sender that does not wait is refuted by the kernel's stamps.
    let steps = steps.replace("  { sender.until_acked = true },\n", "");
    let steps = steps.replace("\"egg\" },\n", "\"egg\" },\n  { sender.until_acked = true },\n");
    let (outcome, why) = finding("tcp", &steps, ["nodelay = true", "quickack = false"]);
    assert_eq!(outcome, "failed", "{why}");
}

#[test]
fn the_end_of_a_stream_alone_is_waited_for_as_well() {
    if !measures_everything() {
        return not_run("acknowledgements", "this system does not measure them");
    }
    let steps = "steps = [{ sender.shut_down = true }, { sender.until_acked = true }, { receiver.recv = 1 }]\n\n";
    let (_folder, path) = file("mine.toml", scenario("tcp", steps));
    lab(["run", &path, "--no-tui"]).exits(0);
}
