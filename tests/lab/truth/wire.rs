use serde_json::Value;

use super::super::support::{Done, Told, file, lab, no_wire, not_run};

/// Whether there is a wire here; says so if not.
pub(super) fn has_wire(test: &str) -> bool {
    if let Some(why) = no_wire() {
        not_run(test, why);
    }
    no_wire().is_none()
}

/// A scenario over a wire between `a` and `b`, which listens.
fn over_wire(transport: &str, steps: &str, [wire, a, b]: [&str; 3], expects: &str) -> String {
    format!(
        "id = \"mine\"\norder = 900\ntransport = \"{transport}\"\ntitle = {{ en = \"Mine\", zh = \"我的\" }}\n\
         sees = {{ en = \"What happens\", zh = \"看看会怎样\" }}\nwhy = {{ en = \"Because\", zh = \"原因\" }}\n\
         link = \"wire\"\ndeadline_ms = 3000\nsteps = [{steps}]\n[wire]\n{wire}\n[endpoints.a]\n{a}\n[endpoints.b]\n\
         listens = true\n{b}\n{expects}\n"
    )
}

/// A probe is answered, and the update that would have opened the window is lost.
fn lost_update(expects: &str) -> String {
    let steps = "{ a.send = { letters = 20000 } }, { a.hold = true }, { a.until_held = 1 }, { a.release = \"all\" }, \
                 { a.close = true }, { b.lose = { packet = 1 } }, { b.recv = 4096 }, { b.drain = 65536 }";
    let ends = [
        "timers = \"rfc\"",
        "send_buffer = 65536",
        "quickack = true\nreceive_buffer = 4096",
    ];
    over_wire("tcp", steps, ends, expects)
}

#[test]
fn who_has_not_heard_of_room_probes_and_the_answer_opens_the_window() {
    if !has_wire("a lost window update") {
        return;
    }
    let expects = "[[expect]]\npackets = { from = \"a\", are = \"window-probe\", count = 2 }\n\
                   [[expect]]\npackets = { from = \"a\", are = \"window-full\", at_least = 2 }";
    let (_folder, path) = file("mine.toml", lost_update(expects));
    let done = lab(["run", &path, "--no-tui"]).exits(0).tame();
    let line_behind = |what: &str| {
        let at = done
            .stdout
            .find(what)
            .unwrap_or_else(|| panic!("{what}\n{}", done.stdout));
        let second = done.stdout[at + what.len()..].split('#').nth(1);
        second.unwrap_or_default().to_owned()
    };
    let answer = line_behind("LOST, as the scenario wants it");
    assert!(answer.contains("window probe"), "{answer}");
}

/// What tshark says of one packet beside what its comment says.
struct Named {
    comment: String,
    flags: Vec<bool>,
}

/// What is asked of tshark, and how often a packet may have it.
const ASKED: [&str; 11] = [
    "tcp.analysis.retransmission",
    "tcp.analysis.fast_retransmission",
    "tcp.analysis.spurious_retransmission",
    "tcp.analysis.out_of_order",
    "tcp.analysis.zero_window",
    "tcp.analysis.window_full",
    "tcp.analysis.keep_alive",
    "tcp.analysis.window_update",
    "tcp.analysis.duplicate_ack",
    "tcp.analysis.keep_alive_ack",
    "tcp.options.sack.dsack_le",
];

/// What a run over the wire looks like to tshark; `None` if there is no tshark.
fn named(args: &[&str]) -> Option<Vec<Named>> {
    let folder = tempfile::tempdir().expect("a folder");
    let capture = folder.path().join("it.pcapng").display().to_string();
    let line = ["run"].iter().chain(args).copied();
    lab(line.chain(["--no-tui", "--pcapng", &capture])).exits(0);
    let fields = ASKED.iter().flat_map(|field| ["-e", field]);
    let args: Vec<&str> = ["-T", "json", "-e", "frame.comment"]
        .into_iter()
        .chain(fields)
        .collect();
    let told: Done = super::super::pcapng::tshark(&capture, &args)?;
    let packets: Vec<Value> = serde_json::from_str(&told.exits(0).stdout).expect("tshark writes JSON");
    let named = packets.into_iter().map(|packet| {
        let layers = &packet["_source"]["layers"];
        Named {
            comment: layers["frame.comment"][0].as_str().expect("each has one").to_owned(),
            flags: ASKED.iter().map(|field| !layers[*field].is_null()).collect(),
        }
    });
    Some(named.collect())
}

/// Where the lab's names differ from tshark's, and why: docs/what-the-kernel-shows.md lists the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Why {
    /// tshark knows what was captured, the sender only what it has heard: of two updates the lost one opened nothing.
    TheFirstWasLost,
    /// Blocks make it a duplicate whatever its window (RFC 6675); tshark wants the same window.
    BlocksCount,
    /// It tells of bytes that came twice, and not of a hole; tshark calls any repeated number a duplicate.
    CameTwice,
}

#[test]
fn packets_have_the_names_that_tshark_gives_them_but_for_these_reasons() {
    if !has_wire("the names of packets") {
        return;
    }
    let (_folder, path) = file("mine.toml", lost_update(""));
    let mut differences = Vec::new();
    for line in [
        path.as_str(),
        "window",
        "retransmit",
        "retransmit --set lost=last",
        "reorder",
    ] {
        let args: Vec<&str> = line.split(' ').collect();
        let Some(packets) = named(&args) else {
            return not_run("the names of packets", "there is no tshark");
        };
        for Named { comment, flags } in &packets {
            let ours = |name: &str| comment.lines().any(|line| line.contains(name));
            let same = |what: &str, theirs: bool| assert_eq!(ours(what), theirs, "{line}: {comment}\n{flags:?}");
            same("retransmission of #", flags[..4].contains(&true));
            same("zero window", flags[4]);
            same("window full", flags[5]);
            same("window probe", flags[6]);
            same("D-SACK", flags[10]);
            let why = match (ours("window update"), flags[7], ours("duplicate ACK"), flags[8]) {
                (update, theirs, again, their_again) if update == theirs && again == their_again => continue,
                (true, false, false, false) if flags[9] => Why::TheFirstWasLost,
                (false, true, true, false) if ours("SACK ") => Why::BlocksCount,
                (false, false, false, true) if ours("D-SACK ") => Why::CameTwice,
                _ => panic!("{line}: {comment}\n{ASKED:?}\n{flags:?}"),
            };
            differences.push(why);
        }
    }
    differences.sort_unstable();
    differences.dedup();
    assert_eq!(differences, [Why::TheFirstWasLost, Why::BlocksCount, Why::CameTwice]);
}

#[test]
fn a_repetition_of_two_packets_names_both_and_its_echo_is_a_d_sack() {
    if !has_wire("what a retransmission repeats") {
        return;
    }
    let told: Told = lab(["run", "reorder", "--format", "json"]).exits(0).tame().json();
    // The sender sends what it has by now in as few packets as it takes.
    let whole = told.events("packet").into_iter().find(|packet| packet["payload"] == 8);
    if whole.is_none() {
        return not_run("what a retransmission repeats", "the kernel repeated each by itself");
    }
    let done = lab(["run", "reorder", "--no-tui"]).exits(0).tame();
    let flat = done.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    for part in [
        "retransmission of #4 and #5",
        "D-SACK 1-9: these came twice",
        "SACK 9-14",
    ] {
        assert!(flat.contains(part), "{part}\n{flat}");
    }
    assert!(!flat.contains("· SACK 1-9"), "{flat}");
}

/// A text without its line breaks.
fn flat(done: &Done) -> String {
    done.stdout.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Runs `steps` between `a` and `b` over a wire with these timers, and with this claim.
fn waits(transport: &str, timers: &str, steps: &str, claim: &str) -> Done {
    let wire = format!("timers = \"{timers}\"");
    let expects = format!("[[expect]]\n{claim}");
    let (_folder, path) = file("mine.toml", over_wire(transport, steps, [&wire, "", ""], &expects));
    let done = lab(["run", &path, "--no-tui"]);
    let chinese = lab(["run", &path, "--no-tui", "--lang", "zh"]);
    assert_eq!(done.code, chinese.code, "{}{}", done.stdout, chinese.stdout);
    assert!(!flat(&chinese).contains("没有人发给它"), "{}", chinese.stdout);
    done
}

/// Whether a text says something, and says it once.
#[track_caller]
fn says_once(done: &Done, part: &str) {
    let text = flat(done);
    assert_eq!(text.matches(part).count(), 1, "{part}\n{text}");
}

const HELD_REPLY: &str = "{ b.hold = true }, { b.send = \"reply\" }, { a.recv = 10 }";

#[test]
fn what_is_held_hangs_whatever_the_timers_and_is_said_to_be_held() {
    if !has_wire("what is held hangs") {
        return;
    }
    for timers in ["held", "rfc", "kernel"] {
        let done = waits("tcp", timers, HELD_REPLY, "hangs = \"a\"").exits(0);
        says_once(&done, "a waits in recv: what was sent to it is held on the wire (#4");
    }
    let done = waits("udp", "held", HELD_REPLY, "hangs = \"a\"").exits(0);
    says_once(&done, "a waits in recv: what was sent to it is held on the wire (#1)");
}

#[test]
fn the_end_of_a_stream_and_an_ack_can_be_held_too() {
    if !has_wire("what else can be held") {
        return;
    }
    let steps = "{ b.hold = true }, { b.close = true }, { a.recv = 10 }";
    let done = waits("tcp", "held", steps, "hangs = \"a\"").exits(0);
    says_once(
        &done,
        "a waits in recv: the end of the stream, which the other side has sent, is held on the wire (#4)",
    );
    let steps = "{ b.hold = true }, { a.send = \"hello\" }, { b.recv = 10 }, { a.until_acked = true }";
    let done = waits("tcp", "held", steps, "hangs = \"a\"").exits(0);
    says_once(&done, "the ACK of it is held on the wire (#5)");
    let done = waits(
        "tcp",
        "rfc",
        "{ a.hold = true }, { a.send = \"hello\" }, { b.until_queued = 5 }",
        "hangs = \"b\"",
    );
    says_once(
        &done.exits(0),
        "b waits for 5 bytes in its receive queue: what was sent to it is held on the wire (#4)",
    );
}

#[test]
fn what_is_lost_comes_again_over_tcp_and_never_over_udp() {
    if !has_wire("what is lost") {
        return;
    }
    let steps = "{ b.lose = 1 }, { b.send = \"reply\" }, { a.recv = 10 }";
    let done = waits(
        "udp",
        "held",
        &steps.replace("lose = 1", "lose = { packet = 1 }"),
        "hangs = \"a\"",
    )
    .exits(0);
    says_once(&done, "a waits in recv: what was sent to it was lost on the wire (#1)");
    for timers in ["rfc", "kernel"] {
        let done = waits("tcp", timers, steps, "hangs = \"a\"").exits(1);
        says_once(&done, "nothing hung: the run came to its end");
    }
    // The kernel would send it again after a minute; the run's deadline is shorter.
    let done = waits("tcp", "held", steps, "hangs = \"a\"").exits(1);
    says_once(
        &done,
        "what was sent to it was lost on the wire (#4); it would be sent again",
    );
    says_once(&done, "this is no hang: something was still to come by itself");
    assert!(!flat(&done).contains("doctor"), "{}", done.stdout);
}

#[test]
fn who_has_not_heard_of_room_does_not_hang() {
    if !has_wire("a probe that is still to come") {
        return;
    }
    let steps = "{ a.send = { letters = 20000 } }, { b.until_queued = 4344 }, { b.lose = { packet = 1 } }, \
                 { b.recv = 4344 }, { b.recv = 4344 }";
    let ends = [
        "timers = \"rfc\"",
        "send_buffer = 65536",
        "quickack = true\nreceive_buffer = 4096",
    ];
    let (_folder, path) = file("mine.toml", over_wire("tcp", steps, ends, ""));
    let done = lab(["run", &path, "--no-tui"]).exits(0);
    assert!(flat(&done).contains("window probe"), "{}", done.stdout);
}

#[test]
fn what_a_cork_keeps_is_not_a_hang() {
    let steps = "{ a.cork = true }, { a.send = \"x\" }, { b.recv = 10 }";
    let text = over_wire("tcp", steps, ["", "", ""], "[[expect]]\nreads = [\"x\"]");
    let text = text.replace("link = \"wire\"\n", "").replace("[wire]\n", "");
    let (_folder, path) = file("mine.toml", text);
    if !super::measures_everything() {
        return not_run("a cork", "this system does not tell what is unsent");
    }
    lab(["run", &path, "--no-tui"]).exits(0);
}

#[test]
fn what_is_staged_about_the_timers_is_named_exactly() {
    if !has_wire("what is staged about a wire") {
        return;
    }
    let staged = |transport: &str, timers: &str, wire: &str| {
        let steps =
            "{ a.hold = true }, { a.send = \"x\" }, { a.until_held = 1 }, { a.release = \"all\" }, { b.recv = 1 }";
        let wire = format!("timers = \"{timers}\"\n{wire}");
        let (_folder, path) = file("mine.toml", over_wire(transport, steps, [&wire, "", ""], ""));
        flat(&lab(["run", &path, "--no-tui"]).exits(0))
    };
    for (timers, timeout) in [("held", "60,000"), ("rfc", "1,000")] {
        let told = staged("tcp", timers, "");
        assert!(
            told.contains(&format!("the retransmission timeout is at least {timeout} ms")),
            "{told}"
        );
        assert!(told.contains("tail loss probes (RFC 8985) are switched off"), "{told}");
    }
    for told in [staged("tcp", "kernel", ""), staged("udp", "held", "")] {
        assert!(
            !told.contains("retransmission timeout") && !told.contains("tail loss"),
            "{told}"
        );
    }
    let told = staged("tcp", "held", "delay_ms = 20");
    assert!(
        told.contains("each packet takes 20 ms") && told.contains("does not take that time"),
        "{told}"
    );
    assert!(!staged("tcp", "held", "").contains("does not take that time"));
    let told = staged("tcp", "held", "delay_ms = 20\nrate_kbit = 1000");
    assert!(told.contains("besides what the rate costs"), "{told}");
}

#[test]
fn a_byte_that_was_lost_or_is_held_is_said_to_be_so() {
    if !has_wire("the way of a byte that did not arrive") {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let saved = folder.path().join("run.jsonl").display().to_string();
    for (steps, says) in [
        (
            "{ b.lose = { packet = 1 } }, { b.send = \"reply\" }, { a.recv = 10 }",
            "lost on the wire (#1)",
        ),
        (
            "{ b.hold = true }, { b.send = \"reply\" }, { a.recv = 10 }",
            "still held on the wire when the run ended (#1)",
        ),
    ] {
        let text = over_wire("udp", steps, ["", "", ""], "[[expect]]\nhangs = \"a\"");
        let (_file, path) = file("mine.toml", text);
        lab(["run", &path, "--no-tui", "--save", &saved]).exits(0);
        let bytes = std::fs::read(&saved).expect("it was saved");
        let trace = lab::trace::file::read(&mut &bytes[..]).expect("it reads");
        let story = lab::story::Story::tell(trace).expect("it can be told");
        let journey = lab::story::journey::journey(&story, lab::trace::EndpointId(1), 2).expect("a byte");
        let lab::story::journey::Fate::NotArrived(missing) = &journey.fate else {
            panic!("{journey:?}");
        };
        let told = lab::story::sentences::waits::byte(missing, lab::words::Lang::En);
        assert_eq!(told, says);
    }
}

#[test]
fn a_datagram_that_was_lost_or_came_twice_is_not_drawn_in_another_ones_place() {
    if !has_wire("datagrams that are lost or come twice") {
        return;
    }
    let queued = |lose: &str, wire: &str| {
        let steps = format!(
            "{lose} {{ a.send = \"one\" }}, {{ a.send = \"two\" }}, {{ a.send = \"six\" }}, \
             {{ b.until_queued = \"all\" }}, {{ b.recv = 64 }}, {{ b.recv = 64 }}"
        );
        let (_folder, path) = file("mine.toml", over_wire("udp", &steps, [wire, "", ""], ""));
        let told = lab(["run", &path, "--no-tui"]).exits(0).tame().stdout;
        assert!(told.contains("LOST") || told.contains("once more"), "{told}");
        let lines = told.lines().filter(|line| line.contains("2 datagrams waiting"));
        lines.map(str::to_owned).collect::<Vec<_>>().join("\n")
    };
    let lost = queued("{ a.lose = 2 },", "");
    assert!(
        lost.contains("m1 \"one\", m3 \"six\"") && !lost.contains("m2"),
        "{lost}"
    );
    // Of what came twice it is not known in which order it lies there.
    let twice = queued("", "duplicate = 50");
    assert!(!twice.is_empty() && !twice.contains("m2"), "{twice}");
}
