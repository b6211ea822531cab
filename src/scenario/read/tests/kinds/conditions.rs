//! Conditions.

use super::*;

#[test]
fn every_kind_is_told() {
    tell(TCP, OVER_TCP);
}

const WHEN: &str = "not more and size >= 5 and mode == slow";

const OVER_TCP: &[Case] = &[
    (
        WHEN,
        "",
        &[
            "31:9 a condition is missing here / for example \"nodelay and count >= 3\"; leave `when` out for something that always applies",
        ],
    ),
    (
        WHEN,
        "not more and",
        &[
            "31:18 a condition is missing here / for example \"nodelay and count >= 3\"; leave `when` out for something that always applies",
        ],
    ),
    (
        WHEN,
        "and not more",
        &[
            "31:9 a condition is missing here / for example \"nodelay and count >= 3\"; leave `when` out for something that always applies",
        ],
    ),
    (WHEN, "mor", &["31:9 there is no knob `mor` / did you mean `more`?"]),
    (
        WHEN,
        "not size",
        &["31:13 the knob `size` is not true or false, so it must be compared / for example \"size == …\""],
    ),
    (
        WHEN,
        "size",
        &["31:9 the knob `size` is not true or false, so it must be compared / for example \"size == …\""],
    ),
    (
        WHEN,
        "size = 5",
        &["31:14 `=` does not compare anything / did you mean `==`?"],
    ),
    (
        WHEN,
        "size => 5",
        &["31:14 `=>` does not compare anything / it can be ==, !=, <, <=, > or >="],
    ),
    (WHEN, "size >=", &["31:14 there is nothing to compare with"]),
    (
        WHEN,
        "size >= true",
        &["31:17 the knob `size` is a number; it is never `true`"],
    ),
    (
        WHEN,
        "size >= mode",
        &["31:17 the knob `mode` is a choice of words, and here it must be a number"],
    ),
    (
        WHEN,
        "mode >= slow",
        &["31:14 the knob `mode` is a choice of words: it has no smaller or larger / compare with == or !="],
    ),
    (
        WHEN,
        "mode == solw",
        &["31:17 the knob `mode` has no choice `solw` / did you mean `slow`?"],
    ),
    (
        WHEN,
        "more == 3",
        &["31:17 the knob `more` is true or false; it is never `3`"],
    ),
    (
        WHEN,
        "more == on",
        &["31:17 the knob `more` is true or false; it is never `on`"],
    ),
    (
        WHEN,
        "not more or size == 5",
        &[
            "31:18 `or` is not expected here / there is no or: write the step or the expectation twice, each with its own `when`",
        ],
    ),
    (
        WHEN,
        "not more && size == 5",
        &["31:18 `&&` is not expected here / did you mean `and`?"],
    ),
    (WHEN, "!more", &["31:9 `!` is not expected here / did you mean `not`?"]),
    (WHEN, "size == 5 6", &["31:19 `6` is not expected here"]),
    (
        WHEN,
        "size == 5 and tpyo == 1 and mode < slow",
        &[
            "31:23 there is no knob `tpyo` / known knobs: `more`, `size`, `mode`",
            "31:42 the knob `mode` is a choice of words: it has no smaller or larger / compare with == or !=",
        ],
    ),
    (WHEN, "大小 == 5", &["31:9 `大小` is not expected here"]),
    (
        WHEN,
        r"siz\u0065 =\u003d big",
        &["31:8 the knob `size` is a number; it is never `big`"],
    ),
    (
        WHEN,
        "size == 50 and mode == slow",
        &[
            "31:8 this applies neither under the defaults nor under any contrast / add a [[contrast]] under which it does, so that it is run and checked",
        ],
    ),
    (
        "\"more\", sender",
        "\"more and not more\", sender",
        &[
            "9:3 this applies neither under the defaults nor under any contrast / add a [[contrast]] under which it does, so that it is run and checked",
            "35:16 with more = true: there is no message 2: the steps send 1 message",
        ],
    ),
];
