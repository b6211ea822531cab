//! Knobs, their uses, and contrasts.

use super::*;

#[test]
fn every_kind_is_told() {
    tell(TCP, OVER_TCP);
    tell(FRAMES, WITH_FRAMES);
}

const OVER_TCP: &[Case] = &[
    (
        "\"$size\"",
        "\"$sizes\"",
        &["9:46 there is no knob `sizes` / did you mean `size`?"],
    ),
    (
        "\"$size\"",
        "\"$mode\"",
        &["9:46 the knob `mode` is a choice of words, and here it must be a number"],
    ),
    (
        "nodelay = \"$more\"",
        "nodelay = \"$size\"",
        &["14:11 the knob `size` is a number, and here it must be true or false"],
    ),
    (
        "nodelay = \"$more\"",
        "nodelay = 1",
        &["14:11 expected true, false or a knob, found a whole number / for example true, or \"$nodelay\""],
    ),
    (
        "range = [1, 100]",
        "range = [100, 1]",
        &["22:9 no number is from 100 to 1 / the smaller number comes first"],
    ),
    (
        "range = [1, 100]",
        "range = [1]",
        &["22:9 expected [smallest, largest], found a list / for example range = [1, 1024]"],
    ),
    (
        "range = [1, 100]",
        "range = [6, 100]",
        &["21:11 the default `5` is not among `6..100`"],
    ),
    (
        "range = [1, 100]",
        "range = [1, 20000000]",
        &["9:46 the knob `size` goes from 1 to 20000000, and here 0 to 16777216 is allowed"],
    ),
    (
        "range = [1, 100]",
        "range = [1, 100]\nchoices = [\"a\"]",
        &["23:1 a knob has either a range or choices"],
    ),
    ("range = [1, 100]\n", "", &["20:1 missing key: `range`"]),
    (
        "default = 5\nrange = [1, 100]",
        "default = { letters = 5 }",
        &[
            "9:46 the knob `size` is a file, and here it must be a number",
            "30:27 the knob `size` is a file: it has no smaller or larger / compare with == or !=",
        ],
    ),
    (
        "default = 5\nrange = [1, 100]",
        "default = { letter = 5 }",
        &["21:13 unknown key `letter` / did you mean `letters`?"],
    ),
    (
        "default = 5",
        "default = \"five\"",
        &["21:11 expected a whole number, found a string"],
    ),
    ("default = 5\n", "", &["20:1 missing key: `default`"]),
    (
        "default = false",
        "default = 1.5",
        &["18:11 expected true, false, a number, a word or { letters = … }, found a number with a point"],
    ),
    (
        "default = \"slow\"",
        "default = \"solw\"",
        &["25:11 the default `solw` is not among `slow, fast`"],
    ),
    (
        "default = \"slow\"",
        "default = 3",
        &["25:11 expected a string, found a whole number"],
    ),
    (
        "[\"slow\", \"fast\"]",
        "[\"slow\", \"fast\", \"slow\"]",
        &["26:28 the choice `slow` is listed twice"],
    ),
    (
        "[\"slow\", \"fast\"]",
        "[\"slow\", \"more\", \"and\", \"很快\"]",
        &[
            "26:20 `more` cannot be a choice / a condition must be able to name it: letters, digits, - and _, at most 24; no knob's name, none of and, or, not, true, false",
            "26:28 `and` cannot be a choice / a condition must be able to name it: letters, digits, - and _, at most 24; no knob's name, none of and, or, not, true, false",
            "26:35 `很快` cannot be a choice / a condition must be able to name it: letters, digits, - and _, at most 24; no knob's name, none of and, or, not, true, false",
        ],
    ),
    (
        "[\"slow\", \"fast\"]",
        "[]",
        &["26:11 too few choices: 0, and at least 1 belong here"],
    ),
    (
        "[knobs.mode]",
        "[knobs.not]",
        &[
            "24:8 `not` cannot name a knob / lowercase letters, digits, - and _, a letter first, at most 24; not a word of the condition language",
            "31:36 there is no knob `mode` / did you mean `more`?",
        ],
    ),
    (
        "more = true",
        "more = false",
        &["28:1 this contrast changes nothing / give at least one knob a value other than its default"],
    ),
    (
        "more = true",
        "more = 1",
        &["29:8 the knob `more` cannot be `1` / it can be `true, false`"],
    ),
    (
        "more = true",
        "moer = true",
        &["29:1 there is no knob `moer` / did you mean `more`?"],
    ),
    (
        "more = true",
        "more = true\nsize = 101",
        &["30:8 the knob `size` cannot be `101` / it can be `1..100`"],
    ),
    (
        "more = true",
        "more = true\nmode = \"quick\"",
        &["30:8 the knob `mode` cannot be `quick` / it can be `slow, fast`"],
    ),
    (
        "more = true",
        "more = true\nsteps = []",
        &[
            "30:1 `steps` belongs above the first [table] / in TOML everything below a [table] header belongs to that table, up to the next header",
        ],
    ),
    (
        "label = { en = \"how\", zh = \"怎么发\" }",
        "",
        &["24:1 missing key: `label`"],
    ),
];

const WITH_FRAMES: &[Case] = &[
    (
        "[\"big\", \"little\"]",
        "[\"big\", \"little\", \"litle\"]",
        &[
            "18:29 `order` takes its value from the knob `order`, but `litle` means nothing there / did you mean `little`?",
        ],
    ),
    (
        "\"$order\"",
        "\"bgi\"",
        &["15:9 `bgi` means nothing here / did you mean `big`?"],
    ),
    (
        "order = \"$order\"",
        "order = \"big\"\nlimit = 0",
        &["16:9 `0` is out of range: it must be from 1 to 1048576"],
    ),
];
