//! Groups and stops.

use super::*;

#[test]
fn every_kind_is_told() {
    tell(TCP, OVER_TCP);
    tell(UDP, OVER_UDP);
}

fn marks<T>(stops: &[Stop<T>]) -> Vec<Mark> {
    stops.iter().map(|stop| stop.after).collect()
}

#[test]
fn what_is_sound_is_read() {
    let text = changed(TCP, "order = 1", "order = 1\ngroup = \"framing\"") + STOPS;
    let scenario = read("demo.toml", &text).expect("sound");
    assert_eq!(scenario.group, Some(Group::Framing));
    let all = [
        Mark::Send(1),
        Mark::Left(2),
        Mark::Acked(1),
        Mark::Read(1),
        Mark::Blocked(1),
    ];
    assert_eq!(marks(&scenario.stops), all, "in the order of the file");
    assert_eq!(scenario.stops[0].look.under(&scenario.defaults()).zh, "看一");
    let stops = |settings| marks(&Plan::new(&scenario, settings).stops);
    assert_eq!(stops(&scenario.contrasts[0]), all);
    assert_eq!(
        stops(&scenario.defaults()),
        [&all[..1], &all[2..]].concat(),
        "without the one for more"
    );
    let plain = read("demo.toml", TCP).expect("sound");
    assert!(plain.group.is_none() && plain.stops.is_empty(), "both may be left out");
}

#[test]
fn a_stop_that_is_reached_under_one_setting_is_no_mistake() {
    let stop = "[[stop]]\nafter = { left = 2 }\nlook = { en = \"Look\", zh = \"看\" }\n";
    assert_eq!(told(&format!("{TCP}{stop}"), Lang::En), Vec::<String>::new());
    let stop = stop.replace("left = 2", "left = 3");
    let expected = ["46:18 there is no message 3: the steps send 1 message"];
    assert_eq!(told(&format!("{TCP}{stop}"), Lang::En), expected);
}

#[test]
fn how_many_reads_a_frame_takes_is_not_guessed() {
    let stop = "[[stop]]\nafter = { read = 99 }\nlook = { en = \"Look\", zh = \"看\" }\n";
    assert_eq!(told(&format!("{FRAMES}{stop}"), Lang::En), Vec::<String>::new());
}

#[test]
fn in_chinese() {
    let stop = |after: &str| {
        let stop = format!("[[stop]]\nafter = {after}\nlook = {{ en = \"Look\", zh = \"看\" }}\n");
        told(&format!("{TCP}{stop}"), Lang::Zh)
    };
    assert_eq!(
        stop("3"),
        ["46:9 这里要写运行中的某件事，现在是整数 / 例如 { send = 3 }，或者 { blocked = \"receiver\" }"]
    );
    assert_eq!(stop("{ read = 2 }"), ["46:18 没有第 2 次读取：这些步骤总共读 1 次"]);
}

const STOPS: &str = r#"
[[stop]]
after = { send = 1 }
look = { en = "Look 1", zh = "看一" }
[[stop]]
when = "more"
after = { left = 2 }
look = { en = "Look 2", zh = "看二" }
[[stop]]
after = { acked = 1 }
look = { en = "Look 3", zh = "看三" }
[[stop]]
after = { read = 1 }
look = { en = "Look 4", zh = "看四" }
[[stop]]
after = { blocked = "receiver" }
look = { en = "Look 5", zh = "看五" }
"#;

/// The file with a stop behind it whose `after` is this.
macro_rules! stop {
    ($after:literal) => {
        stop!("", $after, "look = { en = \"Look\", zh = \"看\" }")
    };
    ($before:literal, $after:literal, $look:literal) => {
        concat!(
            "[[stop]]\n",
            $before,
            "after = ",
            $after,
            "\n",
            $look,
            "\n[[predict]]\n"
        )
    };
}

const OVER_TCP: &[Case] = &[
    (
        "order = 1",
        "order = 1\ngroup = \"frameing\"",
        &["3:9 `frameing` means nothing here / did you mean `framing`?"],
    ),
    (
        "order = 1",
        "order = 1\ngroup = \"mine\"",
        &["3:9 `mine` means nothing here / it can be: `boundaries`, `framing`, `programs`, `wire`"],
    ),
    (
        "order = 1",
        "order = 1\ngroup = 1",
        &["3:9 expected a string, found a whole number"],
    ),
    (
        "[[predict]]\n",
        stop!("{ sned = 1 }"),
        &["37:11 unknown key `sned` / did you mean `send`?"],
    ),
    (
        "[[predict]]\n",
        stop!("{}"),
        &["37:9 exactly one of `send`, `left`, `acked`, `read`, `blocked`, `packed`, `note`, `packet` belongs here"],
    ),
    (
        "[[predict]]\n",
        stop!("{ send = 1, read = 1 }"),
        &["37:9 exactly one of `send`, `left`, `acked`, `read`, `blocked`, `packed`, `note`, `packet` belongs here"],
    ),
    (
        "[[predict]]\n",
        stop!("\"send\""),
        &[
            "37:9 expected something that happens, found a string / for example { send = 3 }, or { blocked = \"receiver\" }",
        ],
    ),
    (
        "[[predict]]\n",
        stop!("{ send = 0 }"),
        &["37:18 `0` is out of range: it must be from 1 to 100000"],
    ),
    (
        "[[predict]]\n",
        stop!("{ blocked = \"reciever\" }"),
        &["37:21 there is no endpoint `reciever` / did you mean `receiver`?"],
    ),
    (
        "[[predict]]\n",
        stop!("{ blocked = 1 }"),
        &["37:21 expected a string, found a whole number"],
    ),
    (
        "[[predict]]\n",
        stop!("whn = \"more\"\n", "{ send = 1 }", ""),
        &[
            "36:1 missing key: `look`",
            "37:1 unknown key `whn` / did you mean `when`?",
        ],
    ),
    (
        "[[predict]]\n",
        stop!("", "{ send = 1 }", "look = { en = \"Look\" }"),
        &["38:8 the Chinese text is missing / for example { en = \"…\", zh = \"…\" }"],
    ),
    (
        "[[predict]]\n",
        stop!(
            "when = \"size == 7\"\n",
            "{ send = 1 }",
            "look = { en = \"Look\", zh = \"看\" }"
        ),
        &[
            "37:8 this applies neither under the defaults nor under any contrast / add a [[contrast]] under which it does, so that it is run and checked",
        ],
    ),
    (
        "[[predict]]\n",
        stop!(
            "when = \"more\"\n",
            "{ acked = 3 }",
            "look = { en = \"Look\", zh = \"看\" }"
        ),
        &["38:19 with more = true: there is no message 3: the steps send 2 messages"],
    ),
    (
        "[[predict]]\n",
        stop!("{ read = 2 }"),
        &["37:18 there is no read 2: the steps make 1 read"],
    ),
];

const OVER_UDP: &[Case] = &[
    (
        "[[expect]]\n",
        "[[stop]]\nafter = { acked = 1 }\nlook = { en = \"Look\", zh = \"看\" }\n[[expect]]\n",
        &["18:11 `acked` is for TCP; this scenario runs over UDP"],
    ),
    (
        "{ receiver.recv = 8 },\n  { receiver.recv = 8 },\n]\n[endpoints.sender]\n[endpoints.receiver]\nlistens = true\n",
        "]\n[endpoints.sender]\n[endpoints.receiver]\nlistens = true\n[[stop]]\nafter = { blocked = \"receiver\" }\nlook = { en = \"Look\", zh = \"看\" }\n",
        &["16:21 `receiver` never blocks: it neither sends nor reads"],
    ),
];
