//! Claims and questions.

use super::*;

#[test]
fn every_kind_is_told() {
    tell(TCP, OVER_TCP);
}

const READS: &str = "reads = [\"hello\"]";

const OVER_TCP: &[Case] = &[
    (
        READS,
        "",
        &[
            "30:1 nothing is claimed here / it can be `reads`, `read`, `readings`, `left`, `held`, `together`, `acked`, `segments`, `blocks`, `lost`, `dropped`, `arrived`, `errors`, `frames`, `fails`, `round_trips`, `values`, `texts`, `malformed`, `notes`, `noted`, `hangs`, `replies`, `packets`, `lasts`",
        ],
    ),
    (
        READS,
        "reads = [\"hello\"]\nheld = \"none\"",
        &["33:1 one claim belongs here, and these are several: `reads`, `held` / write a table for each"],
    ),
    (
        READS,
        "raeds = [\"hello\"]",
        &["32:1 unknown key `raeds` / did you mean `reads`?"],
    ),
    (
        READS,
        "reads = [{ hexx = \"00\" }]",
        &["32:12 unknown key `hexx` / did you mean `hex`?"],
    ),
    (
        READS,
        "read = { number = 1 }",
        &["32:8 exactly one of `text`, `hex` belongs here"],
    ),
    (
        READS,
        "read = { number = 0, text = \"hello\" }",
        &["32:19 `0` is out of range: it must be from 1 to 100000"],
    ),
    (READS, "read = { text = \"hello\" }", &["32:8 missing key: `number`"]),
    (
        READS,
        "readings = [\"hole\"]",
        &["32:13 `hole` means nothing here / did you mean `whole`?"],
    ),
    (
        READS,
        "left = [\"m1+x\", \"m1:4-4\", \"\"]",
        &[
            "32:13 `x` is not a message or a part of one / for example m2, or m2:0-4 for its first four bytes, or m2+m3 for two that left together",
            "32:18 `m1:4-4` is not a message or a part of one / for example m2, or m2:0-4 for its first four bytes, or m2+m3 for two that left together",
            "32:27 \"\" is not a message or a part of one / for example m2, or m2:0-4 for its first four bytes, or m2+m3 for two that left together",
        ],
    ),
    (
        READS,
        "held = { from = 1, until_ack_of = 1, at_least_ms = 30 }",
        &["32:8 message 1 cannot wait for the acknowledgement of message 1, which is not sent before it"],
    ),
    (
        READS,
        "held = { from = 2 }",
        &["32:8 missing keys: `until_ack_of`, `at_least_ms`"],
    ),
    (
        READS,
        "held = \"all\"",
        &[
            "32:8 expected a table or \"none\", found a string / for example { from = 2, until_ack_of = 1, at_least_ms = 30 }",
        ],
    ),
    (
        READS,
        "acked = { message = 1, within = 3 }",
        &["32:24 unknown key `within` / did you mean `within_ms`?"],
    ),
    (
        READS,
        "acked = { message = 1 }",
        &["32:9 exactly one of `within_ms`, `at_least_ms` belongs here"],
    ),
    (
        READS,
        "dropped = 0",
        &["32:1 `dropped` is for UDP; this scenario runs over TCP"],
    ),
    (
        READS,
        "segments = { endpoint = \"sender\", at_least = 1, at_most = 2 }",
        &["32:12 exactly one of `at_least`, `at_most` belongs here"],
    ),
    (
        READS,
        "arrived = \"some\"",
        &["32:11 `some` means nothing here / it can be: `all`, `not-all`"],
    ),
    (
        READS,
        "blocks = { send = 9 }",
        &["32:19 there is no message 9: the steps send 1 message"],
    ),
    (
        READS,
        "errors = [{ endpoint = \"sender\", call = \"sent\", error = \"EFAULT\" }]",
        &[
            "32:41 `sent` means nothing here / did you mean `send`?",
            "32:57 `EFAULT` means nothing here / it can be: `EAGAIN`, `EMSGSIZE`, `ECONNRESET`, `EPIPE`, `ECONNREFUSED`",
        ],
    ),
    (
        READS,
        "malformed = \"none\"",
        &[
            "32:1 `malformed` needs a [text] table / an empty [text] is enough: UTF-8, and a decoder that waits for the rest of a character",
            "32:13 expected a whole number or a bound, found a string / for example 3, or { at_least = 1 }",
        ],
    ),
    (
        READS,
        "fails = { endpoint = \"sendr\", reason = \"short\" }",
        &[
            "32:22 there is no endpoint `sendr` / did you mean `sender`?",
            "32:40 `short` means nothing here / it can be: `end-of-stream`, `short-header`, `short-body`, `short-line`, `over-limit`, `negative`, `not-a-number`, `too-many-digits`, `bad-json`, `missing-field`, `bad-size`, `line-too-long`, `bad-escape`, `timed-out`, `not-ready`, `out-of-range`, `short-bytes`",
        ],
    ),
    (
        READS,
        "fails = { endpoint = \"sender\", reason = \"short-body\" }",
        &[
            "32:1 `fails` needs a [framing] table / an empty [framing] is enough: 4 bytes of length, big-endian, read until complete",
        ],
    ),
    (
        READS,
        "values = [true]",
        &["32:11 expected a number or a string, found true or false / for example 1000000, or \"abc\""],
    ),
    (
        "readings = [\"stuck\"] }",
        "readings = [\"stuck\"], reads = [] }",
        &["43:33 one claim belongs here, and these are several: `readings`, `reads` / write a table for each"],
    ),
    (
        "claim = { reads = [\"hello\"] }",
        "claim = {}",
        &[
            "40:9 nothing is claimed here / it can be `reads`, `read`, `readings`, `left`, `held`, `together`, `acked`, `segments`, `blocks`, `lost`, `dropped`, `arrived`, `errors`, `frames`, `fails`, `round_trips`, `values`, `texts`, `malformed`, `notes`, `noted`, `hangs`, `replies`, `packets`, `lasts`",
        ],
    ),
    ("claim = { reads = [\"hello\"] }", "", &["38:1 missing key: `claim`"]),
    (
        "ask = ",
        "question = ",
        &[
            "36:1 missing key: `ask`",
            "37:1 unknown key `question` / known keys: `when`, `ask`, `options`",
        ],
    ),
    (
        "[[predict.options]]\ntext = { en = \"This\", zh = \"这个\" }\nclaim = { reads = [\"hello\"] }\n",
        "",
        &["38:1 too few options: 1, and at least 2 belong here"],
    ),
];
