//! Endpoints, and what only one transport has.

use super::*;

#[test]
fn every_kind_is_told() {
    tell(TCP, OVER_TCP);
    tell(UDP, OVER_UDP);
    tell(TCP, OVER_TCP_TOO);
    tell(TCP, OVER_WHAT_A_KNOB_SAYS);
}

/// What a transport does not have is noted under each setting of the knob that chooses it.
const OVER_WHAT_A_KNOB_SAYS: &[Case] = &[
    (
        "transport = \"tcp\"",
        "transport = \"$mode\"",
        &[
            "26:12 `transport` takes its value from the knob `mode`, but `slow` means nothing there / it can be: `tcp`, `udp`, `unix-stream`, `unix-datagram`, `unix-seqpacket`, `pipe`",
            "26:20 `transport` takes its value from the knob `mode`, but `fast` means nothing there / it can be: `tcp`, `udp`, `unix-stream`, `unix-datagram`, `unix-seqpacket`, `pipe`",
        ],
    ),
    (
        "transport = \"tcp\"",
        "transport = \"quic\"",
        &[
            "3:13 `quic` means nothing here / it can be: `tcp`, `udp`, `unix-stream`, `unix-datagram`, `unix-seqpacket`, `pipe`",
        ],
    ),
    (
        "transport = \"tcp\"",
        "transport = \"pipe\"",
        &[
            "14:1 `nodelay` is for TCP; this scenario runs over a pipe",
            "35:1 `left` is for TCP and UDP; this scenario runs over a pipe",
        ],
    ),
];

#[test]
fn what_only_some_settings_of_a_knob_have_is_refused() {
    let with_knob = |steps: &str, claim: &str| {
        let text = changed(TCP, "transport = \"tcp\"", "transport = \"$link\"");
        let text = changed(
            &text,
            "[knobs.more]",
            "[knobs.link]\ndefault = \"tcp\"\nchoices = [\"tcp\", \"udp\"]\nlabel = { en = \"link\", zh = \"连接\" }\n[knobs.more]",
        );
        let text = changed(&text, "[[contrast]]", "[[contrast]]\nlink = \"udp\"\n[[contrast]]");
        let text = changed(
            &text,
            "{ receiver.until_queued = \"all\" },",
            &format!("{{ receiver.until_queued = \"all\" }},\n{steps}"),
        );
        changed(
            &text,
            "reads = [\"hello\"]\n[[expect]]",
            &format!("{claim}\n[[expect]]"),
        )
    };
    let sound = with_knob("", "reads = [\"hello\"]");
    assert_eq!(told(&sound, Lang::En), [""; 0]);
    let acked = with_knob("{ sender.until_acked = true },", "reads = [\"hello\"]");
    assert_eq!(
        told(&acked, Lang::En),
        ["11:1 `until_acked` is for TCP; this scenario runs over UDP"]
    );
    let only_tcp = with_knob(
        "{ when = \"link == tcp\", sender.until_acked = true },",
        "reads = [\"hello\"]",
    );
    assert_eq!(told(&only_tcp, Lang::En), [""; 0]);
    let lost = with_knob("", "lost = 0");
    assert_eq!(
        told(&lost, Lang::En),
        ["39:8 `lost` is for sockets that keep messages apart; this scenario runs over TCP"]
    );
}

const OVER_TCP: &[Case] = &[
    (
        "[endpoints.sender]",
        "[endpoints.third]\n[endpoints.sender]",
        &[
            "16:12 endpoints come in pairs, here are 3 / declare both ends of a connection one after the other, each as [endpoints.name]; an empty table is enough",
        ],
    ),
    (
        "[endpoints.sender]",
        "[endpoints.a]\n[endpoints.b]\nlistens = true\n[endpoints.c]\nlistens = true\n[endpoints.d]\n\
         [endpoints.e]\nlistens = true\n[endpoints.f]\n[endpoints.g]\nlistens = true\n[endpoints.h]\n[endpoints.sender]",
        &["25:12 too many endpoints: 10, and at most 8 are allowed"],
    ),
    (
        "nodelay = \"$more\"",
        "thread = \"one thread\"",
        &["14:10 `one thread` cannot name a thread / letters, digits, - and _, at most 24"],
    ),
    (
        "nodelay = \"$more\"",
        "thread = \"$size\"",
        &["14:10 the knob `size` is a number, and here it must be a choice of words"],
    ),
    (
        "[endpoints.sender]\nnodelay = \"$more\"\n",
        "",
        &[
            "8:5 there is no endpoint `sender` / declared as [endpoints.…] are: `receiver`",
            "9:20 there is no endpoint `sender` / declared as [endpoints.…] are: `receiver`",
            "13:12 endpoints come in pairs, here are 1 / declare both ends of a connection one after the other, each as [endpoints.name]; an empty table is enough",
        ],
    ),
    (
        "listens = true\n",
        "",
        &[
            "13:12 neither `sender` nor `receiver` listens / write `listens = true` in one of them; the other one connects",
        ],
    ),
    (
        "nodelay = \"$more\"",
        "listens = true",
        &["16:1 only one of `sender` and `receiver` listens / the other one connects"],
    ),
    (
        "receiver.recv",
        "reciever.recv",
        &["11:5 there is no endpoint `reciever` / did you mean `receiver`?"],
    ),
    (
        "receiver.recv",
        "client.recv",
        &["11:5 there is no endpoint `client` / declared as [endpoints.…] are: `sender`, `receiver`"],
    ),
    (
        "[endpoints.sender]",
        "[endpoints.Sender]",
        &[
            "8:5 there is no endpoint `sender` / did you mean `Sender`?",
            "9:20 there is no endpoint `sender` / did you mean `Sender`?",
            "13:12 `Sender` cannot name an endpoint / lowercase letters, digits, - and _, a letter first, at most 24; not `when`",
        ],
    ),
    (
        "nodelay = \"$more\"",
        "mss = 20",
        &["14:7 `20` is out of range: it must be from 88 to 32767"],
    ),
];

const OVER_UDP: &[Case] = &[
    (
        "[endpoints.sender]",
        "[endpoints.sender]\nnodelay = true\nquickack = false\nmss = 500",
        &[
            "15:1 `nodelay` is for TCP; this scenario runs over UDP",
            "16:1 `quickack` is for TCP; this scenario runs over UDP",
            "17:1 `mss` is for TCP; this scenario runs over UDP",
        ],
    ),
    (
        "{ receiver.recv = 8 }",
        "{ sender.until_acked = true }",
        &["11:12 `until_acked` is for TCP; this scenario runs over UDP"],
    ),
    (
        "{ receiver.recv = 8 }",
        "{ sender.send_frames = [\"a\"] }",
        &["11:12 `send_frames` is for byte streams; this scenario runs over UDP"],
    ),
    (
        "{ receiver.recv = 8 }",
        "{ receiver.read_frames = 1 }",
        &["11:14 `read_frames` is for byte streams; this scenario runs over UDP"],
    ),
    (
        "lost = 12",
        "held = \"none\"",
        &["18:1 `held` is for TCP; this scenario runs over UDP"],
    ),
    (
        "lost = 12",
        "together = { from = 1 }",
        &["18:1 `together` is for TCP; this scenario runs over UDP"],
    ),
    (
        "lost = 12",
        "acked = { message = 1, within_ms = 3 }",
        &["18:1 `acked` is for TCP; this scenario runs over UDP"],
    ),
    (
        "lost = 12",
        "frames = []",
        &["18:1 `frames` is for byte streams; this scenario runs over UDP"],
    ),
    (
        "lost = 12",
        "fails = { endpoint = \"receiver\", reason = \"short-body\" }",
        &["18:1 `fails` is for byte streams; this scenario runs over UDP"],
    ),
    (
        "[[expect]]",
        "[framing]\n[[expect]]",
        &["17:2 `framing` is for byte streams; this scenario runs over UDP"],
    ),
];

const OVER_TCP_TOO: &[Case] = &[(
    "reads = [\"hello\"]",
    "lost = 3",
    &["32:1 `lost` is for sockets that keep messages apart; this scenario runs over TCP"],
)];
