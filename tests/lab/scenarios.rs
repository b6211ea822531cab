use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use lab::scenario::{Endpoint, Mark, Named, Plan};
use serde_json::{Value, json};

use super::support::{Told, cases, file, has_ipv6, lab, lab_line, measures_everything, no_wire, not_run, scenario};

/// Runs a scenario and checks everything that holds for every run told as JSON lines.
#[track_caller]
fn told(args: &str) -> Told {
    let done = lab_line(&format!("run {args} --format json")).tame();
    assert_eq!(done.stderr, "");
    let told = done.json();
    let held = told.verdict()["held"].as_bool().expect("held is a truth value");
    assert_eq!(done.code, i32::from(!held), "{args}: {}", done.stdout);
    check_reads(&told);
    told
}

/// A number in a line.
#[track_caller]
fn number(line: &Value, key: &str) -> u64 {
    line[key]
        .as_u64()
        .unwrap_or_else(|| panic!("{key} is a number in {line}"))
}

fn numbers(lines: &[&Value], key: &str) -> Vec<u64> {
    lines.iter().filter_map(|line| line[key].as_u64()).collect()
}

fn texts(lines: &[&Value], key: &str) -> Vec<String> {
    let text = |line: &&Value| line[key].as_str().expect("a text").to_owned();
    lines.iter().map(text).collect()
}

fn bytes(line: &Value, key: &str) -> Vec<u8> {
    hex::decode(line[key].as_str().expect("hex is a text")).expect("hex")
}

/// Each read has the promised fields, its pieces tile what it returned, and its bytes are those of the messages.
#[track_caller]
fn check_reads(told: &Told) {
    let udp = told.events("recv").iter().any(|read| read.get("datagram").is_some());
    // Of a long message only the edges are kept; what is checked byte by byte are the others.
    let messages: BTreeMap<u64, (u64, Vec<u8>, bool)> = told
        .events("message")
        .iter()
        .map(|line| {
            let mut content = bytes(line, "hex");
            let kept = line.get("tail").is_none();
            assert!(!kept || content.len() as u64 == number(line, "len"), "{line}");
            content.resize(usize::try_from(number(line, "len")).expect("in memory"), 0);
            (number(line, "message"), (number(line, "start"), content, kept))
        })
        .collect();
    let mut taken: BTreeMap<&str, u64> = BTreeMap::new();
    for read in told.events("recv") {
        let taken = taken.entry(read["endpoint"].as_str().expect("a name")).or_default();
        let returned = number(read, "returned");
        assert!(returned <= number(read, "asked"), "{read}");
        let readings = ["whole", "stuck", "partial", "truncated", "empty", "end_of_stream"];
        let reading = read["reading"].as_str().expect("reading is a text");
        assert!(readings.contains(&reading), "{read}");
        let pieces = read["pieces"].as_array().expect("pieces is a list");
        // Of long messages the middle is not kept, so there is nothing to compare.
        let content = (!read["hex"].is_null()).then(|| bytes(read, "hex"));
        assert!(
            content.as_ref().is_none_or(|content| content.len() as u64 == returned),
            "{read}"
        );
        let mut at = number(read, "start");
        if !udp {
            assert_eq!(at, *taken, "a stream goes on where the last read ended: {read}");
        }
        let mut expected = Vec::new();
        let mut all_kept = true;
        for piece in pieces {
            let (from, to) = (number(piece, "from"), number(piece, "to"));
            let (start, message, kept) = &messages[&number(piece, "message")];
            all_kept &= kept;
            assert_eq!(number(piece, "of"), message.len() as u64, "{read}");
            assert_eq!(start + from, at, "pieces lie end to end: {read}");
            let index = |offset| usize::try_from(offset).expect("in memory");
            expected.extend_from_slice(&message[index(from)..index(to)]);
            at += to - from;
        }
        assert_eq!(at, number(read, "start") + returned, "the pieces are all of it: {read}");
        assert!(!all_kept || content == Some(expected), "{read}");
        *taken = at;
    }
}

#[track_caller]
fn every_case_holds(family: &str) {
    for case in cases() {
        if case.scenario.only_family && !family.is_empty() {
            not_run(&case.args(), "it is about the other family");
            continue;
        }
        let args = format!("{}{family}", case.args());
        let told = told(&args);
        let verdict = told.verdict();
        if measures_everything() {
            assert_eq!(verdict["held"], true, "{args}: {verdict}");
        }
        assert_eq!(verdict["scenario"], *case.scenario.id);
        for stop in Plan::new(&case.scenario, &case.settings).stops {
            let measured = measures_everything() || !matches!(stop.after, Mark::Left(_) | Mark::Acked(_));
            assert_eq!(
                reached(&told, &case.scenario.endpoints, stop.after),
                measured,
                "{args}: {stop:?}"
            );
        }
        let ending = if case.hangs() { "hang" } else { "finished" };
        assert_eq!(verdict["ending"], ending, "{args}");
        for expectation in verdict["expectations"].as_array().expect("a list") {
            assert!(expectation["why"]["en"].is_string() && expectation["why"]["zh"].is_string());
        }
        for (name, value) in case.settings.iter() {
            assert_eq!(verdict["knobs"][name], value.to_string(), "{args}");
        }
    }
}

/// Whether a run comes to a mark.
fn reached(told: &Told, endpoints: &[Endpoint], mark: Mark) -> bool {
    let up_to_message = |event: &str, message: u32| {
        let messages = told.events("message");
        let sent = messages.iter().find(|line| line["message"] == message);
        sent.is_some_and(|sent| {
            let end = number(sent, "start") + number(sent, "len");
            let lines = told.events(event);
            let mut own = lines.iter().filter(|line| line["endpoint"] == sent["endpoint"]);
            own.any(|line| number(line, "end") >= end)
        })
    };
    match mark {
        Mark::Send(message) => told.events("send").iter().any(|line| line["message"] == message),
        Mark::Left(message) => up_to_message("left", message),
        Mark::Acked(message) => up_to_message("acknowledged", message),
        Mark::Note(note) => told.events("note").iter().any(|line| line["note"] == note.name()),
        // Whether there was one is what the claims of these scenarios are about.
        Mark::Packet(_) => !told.events("packet").is_empty(),
        Mark::Read(read) => told.events("recv").len() >= read as usize,
        Mark::Packed(endpoint) => {
            let packs = [told.events("packed"), told.events("pack_fault")].concat();
            packs.iter().any(|line| line["endpoint"] == *endpoints[endpoint].name)
        }
        Mark::Blocked(endpoint) => {
            let blocked = told.events("blocked");
            blocked.iter().any(|line| line["endpoint"] == *endpoints[endpoint].name)
        }
    }
}

#[test]
fn a_stop_that_a_run_does_not_come_to_would_be_noticed() {
    let told = told("short-recv");
    for (mark, expected) in [
        (Mark::Send(1), true),
        (Mark::Send(2), false),
        (Mark::Read(2), true),
        (Mark::Read(3), false),
        (Mark::Acked(2), false),
        (Mark::Left(2), false),
    ] {
        assert_eq!(reached(&told, &[], mark), expected, "{mark:?}");
    }
}

#[test]
fn every_scenario_holds_under_every_contrast_over_ipv4() {
    every_case_holds("");
}

#[test]
fn every_scenario_holds_under_every_contrast_over_ipv6() {
    if has_ipv6() {
        every_case_holds(" --ipv6");
        let opened = told("short-recv --ipv6");
        for line in opened.events("opened") {
            assert!(
                line["local"].as_str().is_some_and(|local| local.starts_with("[::1]:")),
                "{line}"
            );
        }
    } else {
        not_run("the scenarios over IPv6", "this machine has no ::1");
    }
}

/// Every word of every choice, both ways of every toggle, and of a number the default and both ends.
fn settings_of(knob: &Value) -> Vec<String> {
    let name = knob["name"].as_str().expect("a name");
    let values = match knob["kind"].as_str() {
        Some("toggle") => vec![json!(false), json!(true)],
        Some("choice") => knob["choices"].as_array().expect("choices").clone(),
        Some("file") => vec![knob["default"].clone()],
        _ => vec![knob["min"].clone(), knob["default"].clone(), knob["max"].clone()],
    };
    let typed = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    values.iter().map(|value| format!("{name}={}", typed(value))).collect()
}

#[test]
fn no_setting_of_the_knobs_makes_a_scenario_fail() {
    if !measures_everything() {
        return not_run("every setting of the knobs", "this system does not measure everything");
    }
    let list: Value = serde_json::from_str(&lab(["list", "--json"]).exits(0).stdout).expect("JSON");
    for scenario in list.as_array().expect("a list") {
        let id = scenario["id"].as_str().expect("an id");
        let mut settings = vec![Vec::new()];
        for knob in scenario["knobs"].as_array().expect("knobs") {
            let with = |before: &Vec<String>| {
                let before = before.clone();
                settings_of(knob)
                    .into_iter()
                    .map(move |one| [before.clone(), vec![one]].concat())
            };
            settings = settings.iter().flat_map(with).collect();
        }
        for setting in settings {
            let mut line = ["run", "--no-tui", id].map(str::to_owned).to_vec();
            line.extend(setting.into_iter().flat_map(|one| ["--set".to_owned(), one]));
            lab(line).exits(0);
        }
    }
}

#[test]
fn with_nagle_the_later_messages_pile_up_unsent_and_leave_as_one() {
    if !measures_everything() {
        return not_run("unsent bytes and stamps", "this system does not measure them");
    }
    let told = told("nagle");
    let spans: Vec<(u64, u64)> = told
        .events("left")
        .iter()
        .map(|line| (number(line, "start"), number(line, "end")))
        .collect();
    assert_eq!(spans, [(0, 5), (5, 13)], "m1 alone, then m2 and m3 together");
    let before_the_ack: Vec<&Value> = told
        .0
        .iter()
        .take_while(|line| line["event"] != "acknowledged")
        .filter(|line| line["event"] == "queues" && line["endpoint"] == "sender")
        .collect();
    assert_eq!(numbers(&before_the_ack, "unsent"), [0, 3, 8]);
    assert_eq!(numbers(&before_the_ack, "unacknowledged"), [5, 5, 5]);
    assert_eq!(texts(&told.events("recv"), "reading"), ["stuck"]);
}

#[test]
fn without_nagle_nothing_is_unsent_and_one_late_read_still_takes_everything() {
    for set in ["nodelay=true", "quickack=true", "gap=ack"] {
        let told = told(&format!("nagle --set {set}"));
        let sender: Vec<&Value> = told.events("queues");
        assert!(numbers(&sender, "unsent").iter().all(|unsent| *unsent == 0), "{set}");
        let reads = told.events("recv");
        assert_eq!(texts(&reads, "reading"), ["stuck"], "{set}");
        assert_eq!(reads[0]["pieces"].as_array().map(Vec::len), Some(3), "{set}");
    }
}

#[test]
fn a_short_read_leaves_the_rest_for_the_next_one() {
    let short = told("short-recv");
    let reads = short.events("recv");
    assert_eq!(
        [bytes(reads[0], "hex"), bytes(reads[1], "hex")],
        [&b"he"[..], b"llo egg"]
    );
    assert_eq!(reads[0]["pieces"], json!([{"message": 1, "from": 0, "to": 2, "of": 9}]));
    assert_eq!(reads[1]["pieces"], json!([{"message": 1, "from": 2, "to": 9, "of": 9}]));
    let whole = told("short-recv --set first=9");
    assert_eq!(texts(&whole.events("recv"), "reading"), ["whole"]);
    assert_eq!(bytes(whole.events("recv")[0], "hex"), b"hello egg");
}

#[test]
fn a_datagram_loses_its_tail_and_the_next_one_is_whole() {
    let told = told("udp-truncation");
    let reads = told.events("recv");
    assert_eq!(numbers(&reads, "returned"), [8, 4]);
    assert_eq!(numbers(&reads, "lost"), [12, 0]);
    assert_eq!(numbers(&reads, "message"), [1, 2]);
    assert_eq!(texts(&reads, "reading"), ["truncated", "whole"]);
    if measures_everything() {
        assert_eq!(numbers(&reads, "datagram"), [20, 4]);
    }
}

#[test]
fn frames_arrive_whole_however_they_are_written() {
    for writes in ["one", "two", "cut-header", "bytes"] {
        let told = told(&format!("length-prefix --set writes={writes}"));
        let frames: Vec<Vec<u8>> = told.events("frame").iter().map(|line| bytes(line, "hex")).collect();
        let expected: [&[u8]; 3] = [b"hello", "粘包".as_bytes(), b"world"];
        assert_eq!(frames, expected, "{writes}");
        assert_eq!(
            told.events("send").len(),
            match writes {
                "one" => 3,
                "bytes" => 28,
                _ => 6,
            }
        );
    }
}

#[test]
fn a_single_recv_of_a_cut_header_gives_up() {
    let told = told("length-prefix --set reader=single-recv --set writes=cut-header");
    let faults = told.events("frame_fault");
    assert_eq!(texts(&faults, "reason"), ["short-header"]);
    assert_eq!(numbers(&faults, "got"), [2]);
    assert!(told.events("frame").is_empty());
}

/// Who has read which request, in order; of a request the body is the server's every other read.
fn requests(told: &Told) -> Vec<String> {
    let served = told.events("note").into_iter().filter(|note| note["note"] == "served");
    served
        .map(|note| note["text"].as_str().expect("a text").to_owned())
        .collect()
}

#[test]
fn a_serial_server_reads_the_second_client_when_the_first_has_left() {
    let told = told("threaded-server");
    assert_eq!(requests(&told), ["tea", "sugar", "milk", "honey", "rice", "salt"]);
    let at = |found: &dyn Fn(&Value) -> bool| told.0.iter().position(found).expect("such an event");
    let blocked = at(&|line| line["event"] == "blocked" && line["endpoint"] == "client-2");
    let closed = at(&|line| line["event"] == "closed" && line["endpoint"] == "client-1");
    let read = at(&|line| line["event"] == "recv" && line["endpoint"] == "server-2");
    assert!(blocked < closed && closed < read);
    if !measures_everything() {
        return not_run("what lies in the receive queue", "this system does not measure it");
    }
    // A frame of four letters: that is what waits all the while.
    let waits = |line: &&Value| line["event"] == "queues" && line["endpoint"] == "server-2";
    let mut waiting = told.0[..read]
        .iter()
        .filter(waits)
        .filter_map(|line| line["waiting"].as_u64());
    assert_eq!(waiting.next_back(), Some(8));
    let acknowledged = |line: &Value| line["event"] == "acknowledged" && line["endpoint"] == "client-2";
    assert!(told.0[..read].iter().any(acknowledged), "the kernel has taken it in");
}

#[test]
fn a_thread_for_each_client_reads_each_when_it_asks() {
    let told = told("threaded-server --set server=threaded");
    assert_eq!(requests(&told), ["tea", "milk", "rice", "sugar", "honey", "salt"]);
    let blocked = |line: &&&Value| line["endpoint"].as_str().is_some_and(|name| name.starts_with("client"));
    assert_eq!(
        told.events("blocked").iter().filter(blocked).count(),
        0,
        "no client waits"
    );
}

#[test]
fn an_idle_connection_changes_nothing() {
    for server in ["serial", "threaded"] {
        let told = told(&format!("threaded-server --set clients=2 --set server={server}"));
        assert!(requests(&told).iter().all(|text| text != "rice" && text != "salt"));
        let idle = told.0.iter().filter(|line| line["endpoint"] == "server-3");
        assert!(idle.clone().count() > 0, "it is there");
        assert!(
            idle.clone()
                .all(|line| line["event"] != "step" && line["event"] != "recv_call")
        );
    }
}

/// The step list of a run of nagle, with an expectation that the kernel contradicts.
pub const CONTRADICTED: &str = r#"steps = [
  { sender.send = "hello" },
  { sender.send = "egg" },
  { receiver.until_queued = "all" },
  { receiver.recv = 1024 },
]

[[expect]]
reads = ["hello"]
"#;

#[test]
fn reads_that_do_not_come_true_fail() {
    let (_folder, path) = file("mine.toml", scenario("tcp", CONTRADICTED));
    let done = lab(["run", &path, "--format", "json"]).exits(1);
    let told = done.json();
    assert_eq!(told.verdict()["held"], false);
    let expectation = &told.verdict()["expectations"][0];
    assert_eq!(expectation["outcome"], "failed");
    let why = expectation["why"]["en"].as_str().expect("a text");
    assert!(
        why.contains("\"helloegg\"") && why.contains("expected \"hello\""),
        "{why}"
    );
    let text = lab(["run", &path, "--no-tui"]).exits(1).tame();
    assert!(text.stdout.contains("FAILED"), "{}", text.stdout);
    assert!(
        text.stdout.ends_with("Not seen: 1 of 1 thing that had to be seen.\n"),
        "{}",
        text.stdout
    );
}

#[test]
fn saying_that_nothing_is_held_while_nagle_holds_fails() {
    if !measures_everything() {
        return not_run("unsent bytes", "this system does not measure them");
    }
    let claims = CONTRADICTED.replace(r#"reads = ["hello"]"#, r#"held = "none""#);
    // Without this the ACK of a fresh loopback connection comes at once, and there is nothing to hold for.
    let text = scenario("tcp", &claims).replace("listens = true", "listens = true\nquickack = false");
    let (_folder, path) = file("mine.toml", text);
    let done = lab(["run", &path, "--format", "json"]).exits(1);
    let verdict = done.json().verdict().clone();
    assert_eq!(verdict["held"], false);
    let why = verdict["expectations"][0]["why"]["en"].as_str().expect("a text");
    assert_eq!(why, "m2 was kept waiting: 3 bytes unsent after its send");
}

#[test]
fn saying_that_a_message_is_held_while_nothing_holds_it_fails() {
    if !measures_everything() {
        return not_run("unsent bytes", "this system does not measure them");
    }
    let claims = CONTRADICTED.replace(
        r#"reads = ["hello"]"#,
        "held = { from = 2, until_ack_of = 1, at_least_ms = 0 }",
    );
    let text = scenario("tcp", &claims)
        .replace("listens = true", "listens = true\nquickack = false")
        .replace("[endpoints.sender]", "[endpoints.sender]\nnodelay = true");
    let (_folder, path) = file("mine.toml", text);
    let done = lab(["run", &path, "--format", "json"]).exits(1);
    let verdict = done.json().verdict().clone();
    let why = verdict["expectations"][0]["why"]["en"].as_str().expect("a text");
    assert_eq!(
        why,
        "m2 was not kept waiting: nothing of it was unsent when its send returned"
    );
}

/// Passes reading, because something is sent; the second read waits for ever.
pub const HANGS: &str = r#"deadline_ms = 60000
steps = [
  { sender.send = "hello" },
  { receiver.recv = 5 },
  { receiver.recv = 5 },
]

[[expect]]
read = { number = 1, text = "hello" }
"#;

#[test]
fn a_hang_is_named_and_ends_by_itself_long_before_the_deadline() {
    let (_folder, path) = file("mine.toml", scenario("tcp", HANGS));
    let sentences = [
        ("en", "receiver waits in recv for bytes nobody has sent"),
        ("zh", "接收方停在 recv：没有人发给它"),
    ];
    for (lang, sentence) in sentences {
        let began = Instant::now();
        let done = lab(["run", &path, "--no-tui", "--lang", lang]).exits(1).tame();
        assert!(began.elapsed() < Duration::from_secs(30), "half of the deadline");
        let one_line = done.stdout.replace("\n           ", "");
        assert!(one_line.contains(sentence), "{}", done.stdout);
        assert_eq!(done.stderr, "");
    }
    let told = lab(["run", &path, "--format", "json"]).exits(1).json();
    assert_eq!(told.verdict()["ending"], "hang");
    assert_eq!(told.verdict()["held"], false);
    assert_eq!(told.verdict()["endpoint"], "receiver");
}

#[test]
fn a_wait_that_nothing_can_end_is_named_too() {
    // Two are sent, which is what reading the file can know; but the first was read, so two never wait at once.
    let steps = r#"deadline_ms = 60000
steps = [
  { sender.send = "hello" },
  { receiver.recv = 5 },
  { sender.send = "egg" },
  { receiver.until_queued = 2 },
]

[[expect]]
read = { number = 1, text = "hello" }
"#;
    let (_folder, path) = file("mine.toml", scenario("udp", steps));
    let done = lab(["run", &path, "--no-tui"]).exits(1).tame();
    let sentence = "receiver waits for 2 datagrams in its receive queue, and they will not come";
    let one_line = done.stdout.replace("\n           ", " ");
    assert!(one_line.contains(sentence), "{}", done.stdout);
}

/// Two values, packed and read; the receiver's format and what is expected are put in.
fn packing(read_as: &str, values: &str, rest: &str) -> String {
    let steps = format!(
        "deadline_ms = 60000\nsteps = [\n{{ sender.send_packed = \"pair\" }},\n{{ sender.close = true }},\n\
         {{ receiver.read_packed = \"pair\" }},\n]\n\n\
         [formats.pair]\nformat = \"!hi\"\nvalues = {values}\nread_as = \"{read_as}\"\n{rest}"
    );
    scenario("tcp", &steps)
}

/// The outcome of each expectation, and why.
#[track_caller]
fn judged(text: &str, code: i32) -> Vec<(String, String)> {
    let (_folder, path) = file("mine.toml", text);
    let told = lab(["run", &path, "--format", "json"]).exits(code).json();
    let expectations = told.verdict()["expectations"].as_array().expect("a list").clone();
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let found = expectations.iter();
    found
        .map(|found| (text(&found["outcome"]), text(&found["why"]["en"])))
        .collect()
}

fn outcome(outcome: &str, why: &str) -> (String, String) {
    (outcome.to_owned(), why.to_owned())
}

#[test]
fn values_that_come_back_are_claimed_as_numbers_or_as_texts() {
    for values in ["[-2, 7]", "[\"-2\", \"7\"]"] {
        let text = packing("!hi", "[-2, 7]", &format!("[[expect]]\nvalues = {values}\n"));
        assert_eq!(judged(&text, 0), [outcome("held", "unpacked: -2, 7")]);
    }
    // The same six bytes, cut in another way.
    let text = packing("!ih", "[-2, 7]", "[[expect]]\nvalues = [-131072, 7]\n");
    assert_eq!(judged(&text, 0), [outcome("held", "unpacked: -131072, 7")]);
}

#[test]
fn values_that_do_not_come_true_fail() {
    for values in ["[-2, 8]", "[-2]", "[]", "[-2, 7, 7]"] {
        let text = packing("!hi", "[-2, 7]", &format!("[[expect]]\nvalues = {values}\n"));
        let found = judged(&text, 1);
        assert_eq!(found[0].0, "failed");
        assert!(found[0].1.starts_with("unpacked: -2, 7; expected: "), "{found:?}");
    }
}

#[test]
fn a_program_that_cannot_pack_sends_nothing_and_whoever_did_not_expect_it_fails() {
    let claim = "[[expect]]\nfails = { endpoint = \"sender\", reason = \"out-of-range\" }\n";
    let why = "sender gave up: value 1, 32768, is out of range: 'h' format requires -32768 <= number <= 32767";
    assert_eq!(judged(&packing("!hi", "[32768, 7]", claim), 0), [outcome("held", why)]);
    let unexpected = packing("!hi", "[32768, 7]", "[[expect]]\nreads = []\n");
    let found = judged(&unexpected, 1);
    assert_eq!(found[0], outcome("failed", why));
    assert_eq!(found[1].0, "held", "nothing was read");
    // And who expects it in vain is told so.
    let in_vain = judged(&packing("!hi", "[1, 7]", claim), 1);
    assert_eq!(in_vain, [outcome("failed", "sender did not give up")]);
    let other = claim.replace("sender", "receiver");
    assert_eq!(judged(&packing("!hi", "[32768, 7]", &other), 1).len(), 2);
    let told = told("struct-bytes --set format=too-large");
    assert!(told.events("message").is_empty() && told.events("send_call").is_empty());
    let fault = told.events("pack_fault")[0];
    assert_eq!(
        (&fault["reason"], &fault["value"], &fault["holding"]),
        (&json!("out-of-range"), &json!("1111111111111"), &json!("q"))
    );
}

#[test]
fn a_stream_that_ends_before_there_are_enough_bytes_is_given_up_on() {
    let claim = "[[expect]]\nfails = { endpoint = \"receiver\", reason = \"short-bytes\" }\n";
    let why = "receiver gave up: format !hiq takes 14 bytes, given are 6 bytes";
    assert_eq!(judged(&packing("!hiq", "[1, 2]", claim), 0), [outcome("held", why)]);
}

#[test]
fn the_bytes_of_a_struct_and_their_owners_are_in_the_trace() {
    let packed = told("struct-bytes --set format=packed");
    let event = packed.events("packed")[0];
    assert_eq!(event["hex"], "0000000761626340200000");
    let lengths = |event: &Value| -> Vec<u64> {
        let layout = event["layout"].as_array().expect("a list");
        layout.iter().map(|part| number(part, "length")).collect()
    };
    assert_eq!(lengths(event), [4, 3, 4]);
    if !cfg!(all(target_endian = "little", target_pointer_width = "64")) {
        return not_run("the layout of native structs", "they are others on this machine");
    }
    let aligned = told("struct-bytes --set format=aligned");
    let event = aligned.events("unpacked")[0];
    assert_eq!(lengths(event), [4, 3, 1, 4]);
    assert_eq!(event["layout"][2], json!({"length": 1}), "it belongs to nobody");
    assert_eq!(
        event["layout"][1],
        json!({"length": 3, "code": "3s", "value": "\"abc\""})
    );
    let mixed = told("struct-bytes --set format=mixed");
    assert_eq!(mixed.events("packed")[0]["hex"], mixed.events("unpacked")[0]["hex"]);
    assert_eq!(mixed.events("unpacked")[0]["layout"][0]["value"], "1078071040");
}

/// What stands beside each read of the receiver, in a run in which two frames wait and these many bytes are asked for.
fn labels(kind: &str, frames: &str, asked: &[u32]) -> Vec<String> {
    let reads: Vec<String> = asked
        .iter()
        .map(|asked| format!("{{ receiver.recv = {asked} }},\n"))
        .collect();
    let steps = format!(
        "steps = [\n{{ sender.send_frames = [{frames}] }},\n{{ receiver.until_queued = \"all\" }},\n{}]\n\n\
         [framing]\nkind = \"{kind}\"\n[[expect]]\nreadings = []\n",
        reads.concat()
    );
    let (_folder, path) = file("mine.toml", scenario("tcp", &steps));
    let done = lab(["run", &path, "--no-tui", "--pace", "0"]);
    let lines: Vec<&str> = done.stdout.lines().collect();
    let calls = lines
        .iter()
        .enumerate()
        .filter(|(_, line)| line.contains("receiver  recv("));
    let label = |(at, line): (usize, &&str)| {
        let (_, result) = line.split_once("→ ").expect("what it returned");
        // A note that has no room beside its call stands below it.
        result
            .split_once(' ')
            .map_or(lines[at + 1], |(_, note)| note)
            .trim()
            .to_owned()
    };
    calls.map(label).collect()
}

#[test]
fn a_read_is_told_as_the_part_of_the_frame_that_it_took() {
    assert_eq!(
        labels("length", "\"hello\", \"egg\"", &[4, 5, 2, 2, 2, 9]),
        [
            "header of m1",
            "body of m1",
            "PARTIAL: 2 of the 4 header bytes of m2",
            "the rest of the header of m2: 2 of its 4 bytes",
            "PARTIAL: 2 of the 3 body bytes of m2",
            "the rest of the body of m2: 1 of its 3 bytes",
        ]
    );
    assert_eq!(
        labels("length", "\"hello\", \"egg\"", &[6, 3, 9]),
        [
            "header of m1 and 2 bytes more",
            "the rest of the body of m1: 3 of its 5 bytes",
            "WHOLE",
        ]
    );
    assert_eq!(
        labels("length", "\"hello\", \"egg\"", &[11]),
        ["STUCK TOGETHER: m1 and the beginning of m2 in one read"]
    );
    let three = "\"a\", \"b\", \"c\"";
    let stuck = |asked: &[u32]| labels("delimiter", three, asked).pop().expect("a read");
    assert_eq!(stuck(&[6]), "STUCK TOGETHER: 3 messages in one read");
    assert_eq!(
        stuck(&[1, 4]),
        "STUCK TOGETHER: the end of m1, m2 and the beginning of m3 in one read"
    );
    assert_eq!(
        stuck(&[1, 2]),
        "STUCK TOGETHER: the end of m1 and the beginning of m2 in one read"
    );
    assert_eq!(
        stuck(&[1, 5]),
        "STUCK TOGETHER: the end of m1 and 2 messages in one read"
    );
    assert_eq!(labels("digit", "\"hello\"", &[1, 5]), ["header of m1", "body of m1"]);
    assert_eq!(
        labels("decimal", "{ letters = 30 }", &[1, 2, 30]),
        [
            "PARTIAL: 1 of the 3 header bytes of m1",
            "the rest of the header of m1: 2 of its 3 bytes",
            "body of m1",
        ]
    );
    // {"size": 5} is 11 bytes.
    assert_eq!(
        labels(
            "json",
            "\"hello\", \"hello\", \"hello\"",
            &[4, 11, 5, 15, 5, 4, 3, 8, 2, 3]
        ),
        [
            "header of m1",
            "JSON header of m1",
            "body of m1",
            "both headers of m2",
            "body of m2",
            "header of m3",
            "PARTIAL: 3 of the 11 bytes of the JSON header of m3",
            "the rest of the JSON header of m3: 8 of its 11 bytes",
            "PARTIAL: 2 of the 5 body bytes of m3",
            "the rest of the body of m3: 3 of its 5 bytes",
        ]
    );
    assert_eq!(
        labels("delimiter", "\"hello\", \"egg\", \"ham\"", &[6, 3, 1, 2, 2]),
        [
            "WHOLE",
            "m2 without its newline",
            "the newline of m2",
            "PARTIAL: 2 of 4 bytes",
            "the rest of m3: its last 2 of 4 bytes",
        ]
    );
}

#[test]
fn what_a_cork_kept_back_leaves_after_it_was_taken_off() {
    if !measures_everything() {
        return not_run("departures behind a cork", "this system does not stamp what leaves");
    }
    let told = told("write-write-read --set cork=true");
    let switches = told.events("corked");
    let on: Vec<&Value> = switches.iter().map(|event| &event["on"]).collect();
    assert_eq!(on, [true, false, true, false]);
    let left = told.events("left");
    let of_client: Vec<u64> = left
        .iter()
        .filter(|event| event["endpoint"] == "client")
        .map(|event| number(event, "at_ns"))
        .collect();
    let off: Vec<u64> = [1, 3].map(|at| number(switches[at], "at_ns")).to_vec();
    assert!(off[0] < of_client[0] && of_client[0] < off[1] && off[1] < of_client[1]);
    assert_eq!(of_client.len(), 2, "header and body in one departure");
}

#[test]
fn what_is_the_same_many_times_over_is_told_once() {
    let done = lab(["run", "--no-tui", "udp-overflow"]).exits(0).tame();
    let count = done.stdout.lines().count();
    assert!(count < 400, "{count} lines");
    // Told one by one are the first, and the last of each repetition: nobody has to guess how it began or ended.
    for told in ["m1 send", "m2 send", "m500 send", "m1 left", "dropped by the kernel"] {
        assert!(done.stdout.contains(told), "{told}");
    }
    let folds = done.stdout.lines().filter(|line| line.contains("the same"));
    let times = folds.map(|line| {
        let word = line.split(' ').skip_while(|word| *word != "same").nth(1);
        word.and_then(|number| number.parse::<usize>().ok()).expect("a number")
    });
    assert!(times.sum::<usize>() > 400, "most of 500 sends are alike");
    assert_eq!(done.stdout.matches("each: --format json").count(), 1);
    // With fewer there is nothing to fold.
    let few = lab(["run", "--no-tui", "udp-overflow", "--set", "count=5"])
        .exits(0)
        .tame();
    assert!(!few.stdout.contains("the same"), "{}", few.stdout);
}

#[test]
fn what_only_looks_alike_is_told_each_time() {
    // Each of these differs from its neighbours: in its bytes, or in the message that they are of.
    let sends: Vec<String> = (10..30)
        .map(|number| format!("{{ sender.send = \"msg{number}\" }}"))
        .collect();
    let reads = "{ receiver.recv = 1 }, ".repeat(16);
    for steps in [
        format!("steps = [ {}, {{ receiver.drain = 1024 }} ]", sends.join(", ")),
        format!(
            "steps = [ {{ sender.send = \"hello\" }}, {{ sender.send = \"world\" }}, {{ sender.send = \"again!\" }}, \
             {{ receiver.until_queued = \"all\" }}, {reads} ]"
        ),
    ] {
        let close = steps.replace(", { receiver.drain", ", { sender.close = true }, { receiver.drain");
        let (_folder, path) = file(
            "mine.toml",
            scenario("tcp", &format!("{close}\n\n[[expect]]\narrived = \"all\"")),
        );
        let done = lab(["run", &path, "--no-tui"]).exits(0).tame();
        assert!(!done.stdout.contains("the same"), "{}", done.stdout);
    }
}

#[test]
fn some_call_blocks_also_among_those_that_are_told_together() {
    let steps = "steps = [\n{ receiver.run = { program = \"receive-file\" } },\n\
                 { sender.run = { program = \"send-file\", file = { letters = 16000000 } } },\n]\n";
    for (claim, told) in [("send", "some waited for room"), ("read", "waited")] {
        let rest = format!("{steps}\n[[expect]]\nblocks = \"{claim}\"");
        let (_folder, path) = file("mine.toml", scenario("tcp", &rest));
        let done = lab(["run", &path, "--no-tui"]).exits(0).tame();
        assert!(done.stdout.contains(told), "{}", done.stdout);
    }
    // Where nothing has to wait the claim fails, and says so.
    let rest = "steps = [{ sender.send = \"hi\" }, { receiver.recv = 2 }]\n\n[[expect]]\nblocks = \"send\"";
    let (_folder, path) = file("mine.toml", scenario("pipe", rest));
    let done = lab(["run", &path, "--no-tui"]).exits(1).tame();
    assert!(done.stdout.contains("no write waited"), "{}", done.stdout);
}

#[test]
fn a_run_that_comes_to_its_deadline_says_so_and_not_that_nobody_could_go_on() {
    if let Some(because) = no_wire() {
        return not_run("a deadline while a packet is lost", because);
    }
    let rest = "deadline_ms = 300\nlink = \"wire\"\nsteps = [{ sender.lose = 1 }, { sender.send = \"hello\" }, \
                { receiver.until_queued = \"all\" }, { receiver.recv = 10 }]\n\n[wire]\ntimers = \"rfc\"\n\n\
                [[expect]]\narrived = \"all\"";
    let (_folder, path) = file("mine.toml", scenario("tcp", rest));
    let done = lab(["run", &path, "--no-tui"]).exits(1).tame();
    assert!(
        done.stdout.contains("nothing went on for 300 ms, the run's deadline"),
        "{}",
        done.stdout
    );
    assert!(!done.stdout.contains("nobody goes on"), "{}", done.stdout);
}
