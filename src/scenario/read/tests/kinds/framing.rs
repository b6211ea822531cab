//! Kinds of frames: what each has, and what it has not.

use super::*;
use crate::scenario::plan::Task;

#[test]
fn every_kind_is_told() {
    tell(FRAMES, OF_LENGTHS);
    tell(&with("kind = \"digit\""), OF_DIGITS);
    tell(&with("kind = \"decimal\""), OF_DECIMALS);
    tell(&with("kind = \"json\""), OF_JSON);
    tell(&with("kind = \"delimiter\""), OF_LINES);
}

/// The sound file with frames of another kind.
fn with(kind: &str) -> String {
    let text = changed(FRAMES, "order = \"$order\"\n", &format!("{kind}\n"));
    let knob = "[knobs.order]\ndefault = \"big\"\nchoices = [\"big\", \"little\"]\nlabel = { en = \"byte order\", zh = \"字节序\" }\n[[contrast]]\norder = \"little\"\n";
    changed(&text, knob, "")
}

#[test]
fn in_chinese() {
    let text = changed(&with("kind = \"digit\""), "[framing]\n", "[framing]\nlimit = 9\n");
    assert_eq!(
        told(&text, Lang::Zh),
        ["15:1 `digit` 这种帧没有 `limit` / 可以写的有 `counts`、`writes`、`reader`、`deadline_ms`"]
    );
}

#[test]
fn what_is_left_out_has_its_default() {
    let plan = |text: &str| {
        let scenario = read("demo.toml", text).unwrap_or_else(|problems| panic!("{problems}"));
        Plan::new(&scenario, &scenario.defaults())
    };
    let reads = |text: &str| match &plan(text).steps[1].task {
        Task::ReadFrames(step) => step.clone(),
        other => panic!("{other:?}"),
    };
    let exact = reads(FRAMES);
    assert_eq!(
        (exact.codec.limit, exact.deadline, exact.handshake),
        (1 << 20, None, false)
    );
    let timed = reads(&with(
        "kind = \"decimal\"\nhandshake = true\ndeadline_ms = 300\nlimit = 9",
    ));
    assert_eq!((timed.codec.limit, timed.handshake), (9, true));
    assert_eq!(timed.deadline, Some(Duration::from_millis(300)));
}

#[test]
fn what_a_sender_does_wrong_decides_what_it_sends() {
    let sent = |frame: &str| {
        let text = changed(FRAMES, "[\"hello\", \"\"]", &format!("[{frame}]"));
        let scenario = read("demo.toml", &text).unwrap_or_else(|problems| panic!("{problems}"));
        match &Plan::new(&scenario, &scenario.defaults()).steps[0].task {
            Task::SendFrames(step) => (step.frames[0].wire.bytes.clone(), step.frames[0].ends.clone()),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(sent("{ letters = 3 }"), (b"\0\0\0\x03abc".to_vec(), vec![7]));
    assert_eq!(
        sent("{ text = \"a\", says = -2 }"),
        (b"\xff\xff\xff\xfea".to_vec(), vec![5])
    );
    assert_eq!(
        sent("{ text = \"a\", stop_after = 3 }"),
        (b"\0\0\0\x01a".to_vec(), vec![3])
    );
    assert_eq!(
        sent("{ text = \"a\", every_ms = 9 }"),
        (b"\0\0\0\x01a".to_vec(), vec![1, 2, 3, 4, 5])
    );
}

const OF_LENGTHS: &[Case] = &[
    (
        "[framing]\n",
        "[framing]\nkind = \"lines\"\n",
        &["15:8 `lines` means nothing here / it can be: `length`, `digit`, `decimal`, `json`, `delimiter`"],
    ),
    (
        "[framing]\n",
        "[framing]\ndigits = 3\nescape = true\n",
        &[
            "15:1 frames of kind `length` have no `digits` / they have `order`, `signed`, `counts`, `writes`, `reader`, `limit`, `deadline_ms`",
            "16:1 frames of kind `length` have no `escape` / they have `order`, `signed`, `counts`, `writes`, `reader`, `limit`, `deadline_ms`",
        ],
    ),
    (
        "[framing]\n",
        "[framing]\nreader = \"running-total\"\n",
        &["15:10 `running-total` is not possible with frames of kind `length`"],
    ),
    (
        "[framing]\n",
        "[framing]\ndeadline_ms = 5000\n",
        &[
            "15:15 the run would be ended before that: its deadline is 5000 ms / make this one shorter, or `deadline_ms` at the top of the file longer",
        ],
    ),
    (
        "[framing]\n",
        "[framing]\nsigned = 1\nlimit = 0\n",
        &[
            "15:10 expected true, false or a knob, found a whole number / for example true, or \"$nodelay\"",
            "16:9 `0` is out of range: it must be from 1 to 1048576",
        ],
    ),
    (
        "\"hello\", \"\"",
        "3, { text = \"a\", letters = 3 }, {}",
        &[
            "8:27 expected a string, or a table with its text, found a whole number / for example \"hello\", or { letters = 3000 }",
            "8:30 exactly one of `text`, `letters` belongs here",
            "8:59 exactly one of `text`, `letters` belongs here",
        ],
    ),
    (
        "\"hello\"",
        "{ text = \"a\", name = \"b\", says = 1, every_ms = 3 }",
        &[
            "8:27 a sender does one thing wrong with a frame, and this one does more / write one of says, stop_after and every_ms",
            "8:41 frames of kind `length` have no `name`",
        ],
    ),
    (
        "\"hello\"",
        "{ text = \"a\", says = 9007199254740993 }",
        &["8:48 `9007199254740993` is out of range: it must be from -9007199254740992 to 9007199254740992"],
    ),
    (
        "[[expect]]\nframes = [\"hello\"",
        "[[expect]]\nround_trips = { endpoint = \"sender\" }\n[[expect]]\nframes = [{ letters = 1048577 }",
        &[
            "23:15 missing key: `times`",
            "25:23 `1048577` is out of range: it must be from 0 to 1048576",
        ],
    ),
];

const OF_DIGITS: &[Case] = &[(
    "kind = \"digit\"",
    "kind = \"digit\"\nwrites = \"cut-header\"",
    &["16:10 `cut-header` is not possible with frames of kind `digit`"],
)];

const OF_DECIMALS: &[Case] = &[(
    "kind = \"decimal\"",
    "kind = \"decimal\"\norder = \"big\"\ndigits = 21",
    &[
        "16:1 frames of kind `decimal` have no `order` / they have `digits`, `handshake`, `counts`, `writes`, `reader`, `limit`, `deadline_ms`",
        "17:10 `21` is out of range: it must be from 1 to 20",
    ],
)];

const OF_JSON: &[Case] = &[(
    "kind = \"json\"",
    "kind = \"json\"\nheader_limit = 0\nhandshake = true",
    &[
        "16:16 `0` is out of range: it must be from 1 to 1048576",
        "17:1 frames of kind `json` have no `handshake` / they have `order`, `signed`, `counts`, `writes`, `reader`, `limit`, `header_limit`, `deadline_ms`",
    ],
)];

const OF_LINES: &[Case] = &[
    (
        "kind = \"delimiter\"",
        "kind = \"delimiter\"\nreader = \"exact\"\nwrites = \"$how\"\n[knobs.how]\ndefault = \"one\"\nchoices = [\"one\", \"two\"]\nlabel = { en = \"how\", zh = \"怎么\" }\n[[contrast]]\nhow = \"two\"",
        &[
            "16:1 frames of kind `delimiter` have no `reader` / they have `escape`, `writes`, `limit`, `deadline_ms`",
            "20:19 `two` is not possible with frames of kind `delimiter`",
        ],
    ),
    (
        "\"hello\"",
        "{ text = \"hello\", says = 3 }",
        &["8:45 frames of kind `delimiter` have no `says`"],
    ),
];
