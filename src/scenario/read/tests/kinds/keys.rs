//! Keys, types, texts and names.

use super::*;

#[test]
fn every_kind_is_told() {
    tell(TCP, OVER_TCP);
}

const OVER_TCP: &[Case] = &[
    (
        "order = 1",
        "ordre = 1",
        &["2:1 unknown key `ordre` / did you mean `order`?"],
    ),
    ("order = 1", "", &["1:1 missing key: `order`"]),
    (
        "order = 1",
        "order = -1",
        &["2:9 `-1` is out of range: it must be from 0 to 9999"],
    ),
    (
        "order = 1",
        "order = 1.5",
        &["2:9 expected a whole number, found a number with a point"],
    ),
    (
        "order = 1",
        "order = 99999999999999999999",
        &["2:9 `99999999999999999999` is out of range: it must be from 0 to 9999"],
    ),
    (
        "id = \"demo\"",
        "id = \"Demo 1\"",
        &["1:6 `Demo 1` cannot be an id / lowercase letters, digits and hyphens, at most 40"],
    ),
    (
        "\"tcp\"",
        "\"tpc\"",
        &["3:13 `tpc` means nothing here / did you mean `tcp`?"],
    ),
    ("\"tcp\"", "6", &["3:13 expected a string, found a whole number"]),
    (
        "order = 1",
        "order = 1\nfamily = \"ipv5\"",
        &["3:10 `ipv5` means nothing here / did you mean `ipv4`?"],
    ),
    (
        "order = 1",
        "order = 1\ndeadline_ms = 99",
        &["3:15 `99` is out of range: it must be from 100 to 60000"],
    ),
    (
        ", zh = \"标题\"",
        "",
        &["4:9 the Chinese text is missing / for example { en = \"…\", zh = \"…\" }"],
    ),
    (
        "en = \"A title\", ",
        "",
        &["4:9 the English text is missing / for example { en = \"…\", zh = \"…\" }"],
    ),
    ("zh = \"标题\"", "zh = \" \"", &["4:32 the Chinese text is empty"]),
    ("en = \"A title\"", "en = \"\"", &["4:16 the English text is empty"]),
    (
        "zh = \"标题\"",
        "cn = \"标题\"",
        &[
            "4:9 the Chinese text is missing / for example { en = \"…\", zh = \"…\" }",
            "4:27 unknown key `cn` / known keys: `en`, `zh`",
        ],
    ),
    (
        "{ en = \"A title\", zh = \"标题\" }",
        "\"A title\"",
        &["4:9 expected a text in both languages, found a string / for example { en = \"…\", zh = \"…\" }"],
    ),
    (
        "listens = true",
        "listens = true\nseconds = 3",
        &[
            "17:1 unknown key `seconds` / known keys: `listens`, `thread`, `nodelay`, `quickack`, `mss`, `receive_buffer`, `send_buffer`",
        ],
    ),
    (
        "listens = true",
        "listens = true\ndeadline_ms = 3000",
        &[
            "17:1 `deadline_ms` belongs above the first [table] / in TOML everything below a [table] header belongs to that table, up to the next header",
        ],
    ),
    (
        "listens = true",
        "listens = \"yes\"",
        &["16:11 expected true or false, found a string"],
    ),
    (
        "reads = [\"hello\"]",
        "reads = \"hello\"",
        &["32:9 expected a list, found a string"],
    ),
    (
        "reads = [\"hello\"]",
        "reads = [3]",
        &[
            "32:10 expected a string or bytes in hex, found a whole number / for example \"hello\", or { hex = \"0aff\" }",
        ],
    ),
];
