use super::support::{file, lab, refused, scenario, told};

/// What the program says about a file, problem by problem.
fn mistakes(text: &str, lang: &str) -> Vec<String> {
    let (_folder, path) = file("mine.toml", text);
    let done = lab(["check", &path, "--lang", lang]).refuses(&[]);
    let problems = done
        .stderr
        .split("\n\n")
        .map(|problem| problem.replace(&path, "mine.toml"));
    problems.collect()
}

/// The same as the line and the column of each.
fn places(text: &str) -> Vec<String> {
    let place = |problem: &String| {
        let (_, rest) = problem.split_once("mine.toml:").expect("a place");
        rest.lines().next().expect("a line").to_owned()
    };
    mistakes(text, "en").iter().map(place).collect()
}

/// A scenario over this transport with these steps; every end is `sender` or `receiver`.
fn steps(transport: &str, steps: &str) -> String {
    scenario(transport, &format!("steps = [{steps}]"))
}

#[test]
fn what_cannot_happen_is_told_beside_what_is_not_well_formed() {
    let text = r#"id = "mine"
order = 900
transport = "tcp"
title = { en = "Mine", zh = "我的" }
sees = { en = "What happens", zh = "看看会怎样" }
why = { en = "Because" }
steps = [
  { sender.send = "hello" },
  { receiver.recv = 10 },
  { receiver.close = true },
  { receiver.recv = 10 },
  { receiver.until_queued = "some" },
]
[endpoints.sender]
nodelay = 3
[endpoints.receiver]
listens = true
[knobs.size]
default = 1
range = [1, 3]
[[contrast]]
size = 9
[[expect]]
when = "size = 1"
read = { number = 1, text = "hello" }
[[expect]]
reads = ["hello"]
[[expect]]
read = { number = 1, bytes = "hello" }
"#;
    let expected = [
        "6:7", "11:3", "12:29", "15:11", "18:1", "22:8", "24:14", "29:8", "29:22",
    ];
    assert_eq!(places(text), expected, "{:#?}", mistakes(text, "en"));
}

#[test]
fn what_depends_on_a_step_that_cannot_be_read_is_not_told() {
    // Whoever closes, or sends, may be the one that cannot be read.
    for broken in [
        "{ receiver.send = 7 }",
        "{ receiver.clse = true }",
        "{ nobody.close = true }",
        "7",
    ] {
        for last in [
            "{ sender.recv = 10 }",
            "{ sender.drain = 10 }",
            "{ sender.until_queued = 3 }",
        ] {
            let text = steps("tcp", &format!("{broken}, {last}"));
            assert_eq!(places(&text).len(), 1, "{:#?}", mistakes(&text, "en"));
        }
    }
    // What another end does is known all the same.
    let text = steps("tcp", "{ sender.send = 7 }, { sender.recv = 10 }");
    assert_eq!(places(&text).len(), 2, "{:#?}", mistakes(&text, "en"));
    let text = steps(
        "tcp",
        "{ sender.send = \"x\" }, { sender.send_frames = [\"x\"] }, { receiver.recv = 1 }",
    ) + "[framing]\norder = \"middle\"\n[[expect]]\nreads = [\"x\", \"y\", \"z\"]\n";
    assert_eq!(places(&text).len(), 1, "{:#?}", mistakes(&text, "en"));
}

#[test]
fn a_knob_that_nothing_depends_on_is_refused() {
    let knob = "[knobs.size]\ndefault = 1\nrange = [1, 3]\nlabel = { en = \"How much\", zh = \"多少\" }\n[[contrast]]\nsize = 2\n";
    let hello = steps("tcp", "{ sender.send = \"hello\" }, { receiver.recv = 9 }");
    let said = mistakes(&(hello.clone() + knob), "en");
    assert_eq!(said.len(), 1, "{said:#?}");
    assert!(said[0].contains("nothing depends on the knob `size`"), "{}", said[0]);
    assert!(said[0].contains("\"$size\""), "{}", said[0]);
    let said = mistakes(&(hello.clone() + knob), "zh");
    assert!(said[0].contains("旋钮 `size` 没有任何地方用到"), "{}", said[0]);
    // Each of these depends on it.
    let used = steps("tcp", "{ sender.send = \"hello\" }, { receiver.recv = \"$size\" }");
    told(&(used + knob), 0);
    let asked =
        "[[expect]]\nwhen = \"size == 2\"\narrived = \"all\"\n[[expect]]\nread = { number = 1, text = \"hello\" }\n";
    told(&(hello.clone() + knob + asked), 0);
    let option = hello.replace("[endpoints.sender]", "[endpoints.sender]\nmss = \"$size\"");
    told(
        &(option
            + &knob
                .replace("1, 3", "500, 900")
                .replace("= 1", "= 600")
                .replace("= 2", "= 700")),
        0,
    );
    // Where the use has a slip, the slip is told, and not that the knob has no use.
    let slip = steps("tcp", "{ sender.send = \"hello\" }, { receiver.recv = \"$siez\" }");
    assert_eq!(places(&(slip + knob)).len(), 1);
}

#[test]
#[expect(clippy::too_many_lines, reason = "a list of cases")]
fn slips_of_the_keyboard_have_names() {
    let sound = steps("tcp", "{ sender.send = \"hello\" }, { receiver.recv = 9 }");
    told(&sound, 0);
    let cases = [
        // A list that goes on into the next table.
        (
            "recv = 9 }]",
            "recv = 9 },",
            "the list that begins here has no closing bracket",
            "write ] above `[endpoints.sender]`",
        ),
        (
            "recv = 9 }]",
            "recv = 9 }",
            "the list that begins here has no closing bracket",
            "write ] above `[endpoints.sender]`",
        ),
        // A word without quotes that begins as a value without quotes does.
        (
            "\"tcp\"",
            "tcp",
            "`tcp` has no quotes, and is no value without",
            "between double quotes",
        ),
        ("\"tcp\"", "fast", "`fast` has no quotes", "between double quotes"),
        ("\"tcp\"", "nagle", "`nagle` has no quotes", "between double quotes"),
        (
            "listens = true",
            "listens = True",
            "`True` has no quotes",
            "write it in small letters: true",
        ),
        // Characters that look like others, and ones that cannot be seen.
        (
            "order",
            "\u{43e}rder",
            "`\u{43e}` (U+043E) is not `o`",
            "type it anew: `o`",
        ),
        (
            "sender.send",
            "sender.s\u{435}nd",
            "`\u{435}` (U+0435) is not `e`",
            "type it anew: `e`",
        ),
        (
            "id = \"mine\"",
            "id ＝ \"mine\"",
            "`＝` (U+FF1D) is not `=`",
            "type it anew: `=`",
        ),
        (
            "id = \"mine\"",
            "id = “mine”",
            "`“` (U+201C) is not `\"`",
            "type it anew: `\"`",
        ),
        (
            "\"hello\" },",
            "\"hello\" }，",
            "`，` (U+FF0C) is not `,`",
            "type it anew: `,`",
        ),
        (
            "[endpoints.sender]",
            "【endpoints.sender】",
            "`【` (U+3010) is not `[`",
            "type it anew: `[`",
        ),
        (
            "order",
            "\u{200b}order",
            "U+200B is a character that cannot be seen",
            "take it out",
        ),
        (
            "order =",
            "order\u{a0}=",
            "U+00A0 is a character that cannot be seen",
            "type a space",
        ),
        (
            "order",
            "或der",
            "`或` (U+6216) may not stand in a key",
            "stands in quotes",
        ),
        (
            "send = ",
            "send: ",
            "`:` (U+003A) may not stand in a key",
            "between a key and its value stands =",
        ),
    ];
    for (from, to, title, help) in cases {
        assert!(sound.contains(from), "{from}");
        let text = sound.replacen(from, to, 1);
        let said = mistakes(&text, "en");
        assert_eq!(said.len(), 1, "{to}: {said:#?}");
        assert!(said[0].contains(title) && said[0].contains(help), "{to}: {}", said[0]);
        let said = mistakes(&text, "zh");
        assert!(said[0].contains("建议"), "{to}: {}", said[0]);
        // Where the parser has no word of its own for it, nothing English is left.
        assert!(
            !said[0].contains("expected") && !said[0].contains("invalid"),
            "{to}: {}",
            said[0]
        );
    }
}

#[test]
fn a_file_that_is_too_long_is_refused_in_the_same_words_whatever_its_length() {
    let sound = steps("tcp", "{ sender.send = \"hello\" }, { receiver.recv = 9 }");
    for length in [256 * 1024 + 1, 1 << 20, 3 << 20] {
        let text = format!("{sound}#{}", "x".repeat(length - sound.len() - 1));
        for (lang, words) in [("en", "at most 256 KiB are read"), ("zh", "最多只读 256 KiB")] {
            let said = mistakes(&text, lang);
            assert!(said.len() == 1 && said[0].contains(words), "{length}: {said:#?}");
            assert!(!said[0].contains('^') && !said[0].contains(":1:1"), "{}", said[0]);
        }
    }
}

#[test]
fn a_text_in_one_language_is_refused_with_the_one_that_is_missing() {
    let sound = steps("tcp", "{ sender.send = \"hello\" }, { receiver.recv = 9 }");
    let english = sound.replace(", zh = \"我的\"", "").replace(", zh = \"原因\"", "");
    let said = mistakes(&english, "en");
    assert_eq!(said.len(), 2, "{said:#?}");
    assert!(
        said.iter().all(|one| one.contains("the Chinese text is missing")),
        "{said:#?}"
    );
    let chinese = sound.replace("en = \"Mine\", ", "");
    assert!(
        mistakes(&chinese, "zh")[0].contains("缺少英文"),
        "{:#?}",
        mistakes(&chinese, "zh")
    );
}

/// What the calls of an end came to: bytes that a `recv` returned, or the number of its error.
fn outcomes(text: &str, code: i32) -> Vec<String> {
    let told = told(text, code);
    let calls = told.0.iter().filter(|line| line["endpoint"] == "sender");
    calls
        .filter_map(|line| match line["event"].as_str()? {
            "recv" => Some(format!("recv {}", line["returned"])),
            "failed" => Some(format!("{} fails {}", line["call"].as_str()?, line["errno"])),
            _ => None,
        })
        .collect()
}

/// What the kernel does for an end whose other side has closed decides what is refused as a read that waits for ever. Each
/// answer was measured with a plain program first.
#[test]
fn reads_after_the_other_side_has_closed_are_refused_only_where_they_wait() {
    if !cfg!(target_os = "linux") {
        return super::support::not_run("errors of sockets", "they are those of Linux");
    }
    let (refused_now, reset, pipe) = ("recv fails 111", "recv fails 104", "send fails 32");
    let cases: &[(&str, &str, &str, &[&str])] = &[
        // A datagram to a closed port is answered: the next call is told, once, and before what waits.
        ("udp", "receiver.close", "send recv", &[refused_now]),
        (
            "udp",
            "receiver.close",
            "send send send recv",
            &["send fails 111", refused_now],
        ),
        (
            "udp",
            "receiver.send receiver.close",
            "send recv recv",
            &[refused_now, "recv 1"],
        ),
        // With a connection its end is told by every read.
        (
            "unix-seqpacket",
            "receiver.close",
            "recv recv recv",
            &["recv 0", "recv 0", "recv 0"],
        ),
        (
            "unix-seqpacket",
            "receiver.shut_down",
            "recv recv",
            &["recv 0", "recv 0"],
        ),
        (
            "unix-seqpacket",
            "receiver.send receiver.close",
            "recv recv recv",
            &["recv 1", "recv 0", "recv 0"],
        ),
        ("unix-seqpacket", "receiver.close", "send recv", &[pipe, "recv 0"]),
        ("unix-stream", "receiver.close", "recv recv", &["recv 0", "recv 0"]),
        (
            "unix-stream",
            "sender.send receiver.close",
            "recv recv",
            &[reset, "recv 0"],
        ),
        ("tcp", "receiver.close", "recv recv", &["recv 0", "recv 0"]),
        ("tcp", "receiver.shut_down", "recv recv", &["recv 0", "recv 0"]),
        ("tcp", "receiver.reset", "recv recv", &[reset, "recv 0"]),
    ];
    let step = |who: &str, what: &str| match what {
        "send" => format!("{{ {who}.send = \"x\" }}"),
        "recv" => format!("{{ {who}.recv = 10 }}"),
        done => format!("{{ {who}.{done} = true }}"),
    };
    let written = |transport: &str, before: &str, then: &str| {
        let before = before
            .split(' ')
            .map(|one| one.split_once('.').expect("an end and what it does"));
        let then = then.split(' ').map(|what| ("sender", what));
        let all: Vec<String> = before.chain(then).map(|(who, what)| step(who, what)).collect();
        steps(transport, &all.join(", "))
    };
    for (transport, before, then, expected) in cases {
        let text = written(transport, before, then);
        // A call that fails and is not claimed is a verdict of its own.
        let fails = expected.iter().any(|one| one.contains("fails"));
        assert_eq!(
            outcomes(&text, i32::from(fails)),
            *expected,
            "{transport}: {before} {then}"
        );
    }
    for (transport, before, then) in [
        // Nothing was sent since, or the error has been told: nothing ends the read.
        ("udp", "receiver.close", "recv"),
        ("udp", "sender.send receiver.close", "recv"),
        ("udp", "receiver.close", "send recv recv"),
        ("udp", "receiver.close", "send send recv"),
        ("udp", "receiver.shut_down", "recv"),
        // A send that is refused takes with it what waits to be read.
        ("unix-datagram", "receiver.close", "recv"),
        ("unix-datagram", "receiver.close", "send recv"),
        ("unix-datagram", "receiver.send receiver.close", "send recv"),
    ] {
        refused(&written(transport, before, then), "waits for ever");
    }
    // A wire of the lab's own does not carry the answer (ICMP, port unreachable).
    let wired = written("udp", "receiver.close", "send recv").replace("steps =", "link = \"wire\"\nsteps =");
    refused(&wired, "waits for ever");
}

#[test]
fn a_reset_is_told_as_one_and_asked_of_tcp_alone() {
    let text = |transport: &str| {
        steps(
            transport,
            "{ sender.send = \"hello\" }, { receiver.until_queued = 5 }, { receiver.reset = true }",
        )
    };
    let (_folder, path) = file("mine.toml", text("tcp"));
    for (lang, words) in [
        ("en", "reset: close with SO_LINGER 0"),
        ("zh", "reset：SO_LINGER 设为 0"),
    ] {
        let done = lab(["run", &path, "--no-tui", "--lang", lang]).tame();
        let lines: Vec<&str> = done.stdout.lines().filter(|line| line.contains(words)).collect();
        assert_eq!(lines.len(), 1, "{}", done.stdout);
        let plain = |line: &&str| line.trim_end().ends_with("  close");
        assert!(!done.stdout.lines().any(|line| plain(&line)), "{}", done.stdout);
    }
    for transport in ["udp", "unix-stream", "pipe"] {
        let text = text(transport).replace("until_queued = 5", "recv = 5");
        refused(&text, "`reset`");
    }
}

/// What is offered over a transport can be done over it: a run breaks off at no step that the reader lets pass.
#[test]
fn every_step_that_is_let_pass_can_be_done() {
    if !cfg!(target_os = "linux") {
        return super::support::not_run("steps over every transport", "they are those of Linux");
    }
    let written = [
        "send = \"x\"",
        "send = { letters = 3, times = 2 }",
        "send = { letters = 3, mode = \"once\" }",
        "send_text = \"x\"",
        "until_acked = true",
        "cork = true",
        "shut_down = true",
        "reset = true",
        "close = true",
        "run = { program = \"ask\", text = \"x\" }",
    ];
    let mut done = 0;
    for transport in ["tcp", "udp", "unix-stream", "unix-datagram", "unix-seqpacket", "pipe"] {
        for step in written {
            let before = if step.starts_with("until") {
                "{ sender.send = \"x\" }, "
            } else {
                ""
            };
            let text = steps(transport, &format!("{before}{{ sender.{step} }}"));
            let text = if step.contains("text") { text + "[text]\n" } else { text };
            let (_folder, path) = file("mine.toml", text);
            let run = lab(["run", &path, "--format", "json"]).tame();
            if run.stderr.is_empty() {
                let told = run.json();
                assert_ne!(
                    told.verdict()["ending"],
                    "broken",
                    "{transport}: {step}: {}",
                    told.verdict()
                );
                done += 1;
            } else {
                assert!(
                    run.code == 2 && run.stderr.contains("mine.toml:"),
                    "{transport}: {step}: {}",
                    run.stderr
                );
            }
        }
    }
    assert!(done > 20, "{done} of them were done");
}

#[test]
fn two_files_with_the_same_id_are_told_apart() {
    let text = steps("tcp", "{ sender.send = \"hello\" }, { receiver.recv = 9 }");
    let (_one, one) = file("one.toml", &text);
    let (_other, other) = file("other.toml", &text);
    for (lang, words) in [("en", "have the same id, mine"), ("zh", "的 id 都是 mine")] {
        let done = lab(["check", &one, &other, "--lang", lang]).exits(0).tame();
        let plain: String = done.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(plain.contains(words), "{plain}");
        for file in [&one, &other] {
            assert!(
                done.stdout
                    .lines()
                    .any(|line| line.trim_start().starts_with(file.as_str())),
                "{}",
                done.stdout
            );
        }
    }
    let done = lab(["check", &one, "--lang", "en"]).exits(0).tame();
    assert!(!done.stdout.contains("same id"), "{}", done.stdout);
}
