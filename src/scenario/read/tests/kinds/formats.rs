//! Struct formats, and the values for them.

use super::*;

/// [`TCP`] with two formats, chosen by a knob.
fn packing() -> String {
    let steps = changed(
        TCP,
        "{ receiver.recv = 1024 },",
        "{ receiver.recv = 1024 },\n  { sender.send_packed = \"$mode\" },\n  { receiver.read_packed = \"$mode\" },",
    );
    let contrast = "[[contrast]]\nmode = \"fast\"\n[[contrast]]\nmore = true";
    changed(&steps, "[[contrast]]\nmore = true", contrast)
        + "[formats.slow]\nformat = \"I3sf\"\nvalues = [7, \"abc\", 2.5]\n\
           [formats.fast]\nformat = \"!i\"\nvalues = [-1]\nread_as = \"i\"\n"
}

#[test]
fn every_kind_is_told() {
    let sound = packing();
    assert_eq!(told(&sound, Lang::En), [""; 0]);
    tell(&sound, CASES);
    let many = lines(40, "[formats.f#]\nformat = \"b\"\nvalues = [1]");
    let told = told(&(sound + &many), Lang::En);
    assert_eq!(told, ["146:10 too many formats: 42, and at most 32 are allowed"]);
}

const SLOW: &str = "format = \"I3sf\"\nvalues = [7, \"abc\", 2.5]";
const FAST: &str = "values = [-1]";

const CASES: &[Case] = &[
    (
        SLOW,
        "format = \"I3kf\"\nvalues = []",
        &[
            "50:13 format `I3kf`: character 3, `k`, is no code / codes are b B h H i I q Q (integers of 1, 2, 4, 8 bytes; capitals unsigned), f d (floating-point, 4 and 8), s (text), x (a byte without a value); a count may stand before each, as in 3s",
        ],
    ),
    (
        SLOW,
        "format = \"I 3\"\nvalues = []",
        &[
            "50:13 format `I 3`: the count at character 3 has no code directly behind it / a count stands directly before its code, without a blank: 3s, 2i",
        ],
    ),
    (
        SLOW,
        "format = \"Il\"\nvalues = []",
        &[
            "50:12 format `Il`: character 2, `l`, is a code of Python's struct that the lab does not have / codes are b B h H i I q Q (integers of 1, 2, 4, 8 bytes; capitals unsigned), f d (floating-point, 4 and 8), s (text), x (a byte without a value); a count may stand before each, as in 3s",
        ],
    ),
    (
        SLOW,
        "format = \"I!i\"\nvalues = []",
        &[
            "50:12 format `I!i`: character 2, `!`, is an order mark and may stand only at the very beginning / @ = < > ! may stand once, before everything else, as in !I3sf",
        ],
    ),
    (
        SLOW,
        "format = \"2000000s\"\nvalues = [\"\"]",
        &["50:10 the result would be longer than 1 MiB / use smaller counts"],
    ),
    (
        SLOW,
        "format = \"2000s\"\nvalues = [\"\"]",
        &["50:10 a format of 5 characters for 2000 bytes cannot be shown / 1 to 40 characters, 1 to 1024 bytes"],
    ),
    (
        SLOW,
        "format = \"0i\"\nvalues = []",
        &["50:10 a format of 2 characters for 0 bytes cannot be shown / 1 to 40 characters, 1 to 1024 bytes"],
    ),
    (
        SLOW,
        "format = \"I3sf\"\nvalues = [7, \"abc\"]",
        &[
            "51:10 the number of values does not match: format I3sf takes 3, given are 2 / one value for each of: I 3s f",
        ],
    ),
    (
        SLOW,
        "format = \"I3sf\"\nvalues = [7.5, 3, \"x\"]",
        &[
            "51:11 value 1, 7.5: 'I' takes an integer / an integer is decimal or begins with 0x; f and d take fractions",
            "51:16 value 2, 3: 's' takes text / a text stands between quotes; bytes that are none are 0x and hex digits",
            "51:19 value 3, x: 'f' takes a number / for example 2.5, -1e3 or 7",
        ],
    ),
    (
        SLOW,
        "format = \"I3sf\"\nvalues = [\"7\", \"0xabc\", true]",
        &[
            "51:16 value 2, 0xabc: what begins with 0x must be pairs of hex digits / a text stands between quotes; bytes that are none are 0x and hex digits",
            "51:25 expected a number or a string, found true or false / for example 1000000, or \"abc\"",
        ],
    ),
    (
        SLOW,
        "format = 5",
        &[
            "49:1 missing key: `values`",
            "50:10 expected a string, found a whole number",
        ],
    ),
    (
        FAST,
        "vals = [1]",
        &["54:1 unknown key `vals` / did you mean `values`?"],
    ),
    (
        FAST,
        "values = [99999999999999999999999999999999999999999999]",
        &[
            "54:11 value 1, 99999999999999999999999999999999999999999999, is out of range: 'i' format requires -2147483648 <= number <= 2147483647 / no integer code holds it; s could carry its digits as text",
        ],
    ),
    (
        "sender.send_packed = \"$mode\"",
        "sender.send_packed = \"slo\"",
        &["12:26 there is no format `slo` / did you mean `slow`?"],
    ),
    (
        "sender.send_packed = \"$mode\"",
        "sender.send_packed = \"$more\"",
        &["12:26 the knob `more` is true or false, and here it must be a choice of words"],
    ),
    (
        "sender.send_packed = \"$mode\"",
        "sender.send_packed = \"$moda\"",
        &["12:26 there is no knob `moda` / did you mean `mode`?"],
    ),
    (
        "[formats.fast]",
        "[formats.faster]",
        &[
            "28:20 `send_packed` takes its value from the knob `mode`, but `fast` means nothing there / did you mean `faster`?",
            "28:20 `read_packed` takes its value from the knob `mode`, but `fast` means nothing there / did you mean `faster`?",
        ],
    ),
    (
        "[formats.fast]",
        "[formats.and]",
        &[
            "28:20 `send_packed` takes its value from the knob `mode`, but `fast` means nothing there / it can be: `slow`, `and`",
            "28:20 `read_packed` takes its value from the knob `mode`, but `fast` means nothing there / it can be: `slow`, `and`",
            "52:10 `and` cannot name a format / a knob must be able to choose it: letters, digits, - and _, at most 24; none of and, or, not, true, false",
        ],
    ),
    (
        "[formats.fast]",
        "[formats.idle]\nformat = \"b\"\nvalues = [1]\n[formats.fast]",
        &["52:10 no step packs or reads the format `idle` / use it in send_packed or read_packed, or take it out"],
    ),
];
