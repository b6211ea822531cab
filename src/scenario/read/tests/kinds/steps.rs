//! Steps and frames.

use super::*;

#[test]
fn every_kind_is_told() {
    tell(TCP, OVER_TCP);
    let one = "{ sender.send = \"hello\" },";
    let many = changed(TCP, one, &one.repeat(198));
    assert_eq!(
        told(&many, Lang::En),
        ["7:9 too many steps: 201, and at most 200 are allowed"]
    );
    let much = changed(TCP, one, &"{ sender.send = { letters = 1048576 } },\n".repeat(17));
    let expected = ["24:1 with this step the scenario can send more than 16 MiB"];
    assert_eq!(told(&much, Lang::En), expected);
    tell(FRAMES, WITH_FRAMES);
    tell(TCP, OVER_TCP_TOO);
}

const SEND: &str = "sender.send = \"hello\"";

const OVER_TCP: &[Case] = &[
    (
        SEND,
        "sender.snd = \"hello\"",
        &["8:12 there is no action `snd` / did you mean `send`?"],
    ),
    (
        SEND,
        "sender.write = \"hello\"",
        &[
            "8:12 there is no action `write` / known actions: `send`, `recv`, `drain`, `send_frames`, `read_frames`, `send_text`, `read_text`, `send_packed`, `read_packed`, `run`, `until_queued`, `until_acked`, `cork`, `hold`, `release`, `drop_held`, `lose`, `until_held`, `shut_down`, `reset`, `close`",
        ],
    ),
    (
        SEND,
        "send = \"hello\"",
        &["8:5 `send` does not say which endpoint does it / for example sender.send = …"],
    ),
    (
        SEND,
        "sender = \"hello\"",
        &["8:14 expected an endpoint's action, found a string / for example { sender.send = \"hello\" }"],
    ),
    (
        SEND,
        "sender = {}",
        &["8:3 this step does nothing / a step is an endpoint, a point and an action: { sender.send = \"hello\" }"],
    ),
    (
        SEND,
        "",
        &["8:3 this step does nothing / a step is an endpoint, a point and an action: { sender.send = \"hello\" }"],
    ),
    (
        SEND,
        "when = \"more\"",
        &["8:3 this step does nothing / a step is an endpoint, a point and an action: { sender.send = \"hello\" }"],
    ),
    (
        SEND,
        "sender.send = \"hello\", sender.close = true",
        &["8:35 a step does one thing, and this one does more / write two steps, one after the other"],
    ),
    (
        SEND,
        "sender.send = \"hello\", receiver.recv = 3",
        &["8:28 a step does one thing, and this one does more / write two steps, one after the other"],
    ),
    (
        SEND,
        "sender.send = { text = \"hello\", times = 2, mode = \"loop\" }",
        &["8:37 `times` goes with an ordinary send, not with `mode`"],
    ),
    (
        SEND,
        "sender.send = { text = \"hello\", times = 0 }",
        &["8:45 `0` is out of range: it must be from 1 to 20000"],
    ),
    (
        SEND,
        "sender.send = { text = \"hello\", mode = \"$mode\" }",
        &[
            "26:12 `mode` takes its value from the knob `mode`, but `slow` means nothing there / it can be: `blocking`, `forget`, `retry`, `loop`",
            "26:20 `mode` takes its value from the knob `mode`, but `fast` means nothing there / it can be: `blocking`, `forget`, `retry`, `loop`",
        ],
    ),
    (
        SEND,
        "sender.cork = 1",
        &["8:19 expected true, false or a knob, found a whole number / for example true, or \"$nodelay\""],
    ),
    (
        SEND,
        "sender.send_text = \"粘包\"",
        &[
            "8:12 `send_text` needs a [text] table / an empty [text] is enough: UTF-8, and a decoder that waits for the rest of a character",
        ],
    ),
    (
        "receiver.recv = 1024",
        "receiver.drain = 1024",
        &["11:3 this reads until the stream ends, and `sender` never closes / let sender close"],
    ),
    (
        SEND,
        "sender.send = { hex = \"0af\" }",
        &["8:27 this is not hex / two digits (0-9, a-f) a byte: { hex = \"0aff\" }"],
    ),
    (
        SEND,
        "sender.send = { letters = 16777217 }",
        &["8:31 `16777217` is out of range: it must be from 0 to 16777216"],
    ),
    (
        SEND,
        "sender.send = { letters = 3, hex = \"00\" }",
        &["8:19 exactly one of `text`, `hex`, `letters` belongs here"],
    ),
    (
        SEND,
        "sender.send = 5",
        &[
            "8:19 expected a string, bytes in hex, or a number of letters, found a whole number / for example \"hello\", or { hex = \"0aff\" }, or { letters = 20 }",
        ],
    ),
    (
        SEND,
        "sender.send_frames = [\"hello\"]",
        &[
            "8:12 `send_frames` needs a [framing] table / an empty [framing] is enough: 4 bytes of length, big-endian, read until complete",
        ],
    ),
    (SEND, "sender.close = false", &["8:20 only true can stand here"]),
    (
        "receiver.recv = 1024",
        "receiver.recv = 16777217",
        &["11:21 `16777217` is out of range: it must be from 1 to 16777216"],
    ),
    (
        "receiver.recv = 1024",
        "receiver.recv = \"1024\"",
        &["11:21 expected a whole number or a knob, found a string / for example 1024, or \"$first\""],
    ),
    (
        "\"all\"",
        "\"everything\"",
        &["10:29 expected a number, \"all\" or a knob, found a string / for example 9, or \"all\", or \"$size\""],
    ),
    (
        "{ sender.send = \"hello\" }",
        "\"hello\"",
        &["8:3 expected an endpoint's action, found a string / for example { sender.send = \"hello\" }"],
    ),
];

const WITH_FRAMES: &[Case] = &[
    (
        "[framing]\norder = \"$order\"\n",
        "",
        &[
            "8:12 `send_frames` needs a [framing] table / an empty [framing] is enough: 4 bytes of length, big-endian, read until complete",
            "9:14 `read_frames` needs a [framing] table / an empty [framing] is enough: 4 bytes of length, big-endian, read until complete",
            "21:1 `frames` needs a [framing] table / an empty [framing] is enough: 4 bytes of length, big-endian, read until complete",
        ],
    ),
    (
        "read_frames = 2",
        "read_frames = 1001",
        &["9:28 `1001` is out of range: it must be from 1 to 1000"],
    ),
    (
        "[\"hello\", \"\"]",
        "[]",
        &["8:26 too few frames: 0, and at least 1 belong here"],
    ),
    (
        "[\"hello\", \"\"]",
        "\"hello\"",
        &["8:26 expected a list, found a string"],
    ),
];

const OVER_TCP_TOO: &[Case] = &[
    (
        "[knobs.more]",
        "[framing]\n[knobs.more]",
        &[
            "17:2 [framing] says how frames are written and read, but no step has any / frames are sent with send_frames and read with read_frames",
        ],
    ),
    (
        "[knobs.more]",
        "[text]\n[knobs.more]",
        &[
            "17:2 [text] says how texts are encoded, but no step has any / texts are sent with send_text and read with read_text",
        ],
    ),
];
