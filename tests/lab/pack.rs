use std::io::Write as _;
use std::process::{Command, Stdio};

use lab::pack::{Code, Format, Value};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use serde_json::{Value as Json, json};
use unicode_width::UnicodeWidthStr;

use super::support::{command, finish, lab, lab_line, not_run, run};
use super::terminal::without_colour;

/// Reads lines `FORMAT \t VALUES \t PACKED \t BYTES \t UNPACKED` and says of which of them struct says something else.
/// A value is `i` and digits, `f` and the bits of a double, or `s` and hex; what is refused is `refused`.
const PYTHON: &str = r#"
import math, struct, sys

def value(word):
    if word[0] == "i": return int(word[1:])
    if word[0] == "f": return struct.unpack(">d", bytes.fromhex(word[1:]))[0]
    return bytes.fromhex(word[1:])

def same(one, other):
    nan = lambda x: isinstance(x, float) and math.isnan(x)
    return type(one) is type(other) and (one == other or nan(one) and nan(other))

def attempt(work):
    try: return work()
    except (struct.error, OverflowError): return None

lines = 0
for line in sys.stdin:
    lines += 1
    form, values, packed, raw, unpacked = line.rstrip("\n").split("\t")
    values = [value(word) for word in values.split()]
    expected = attempt(lambda: struct.pack(form, *values))
    if (None if packed == "refused" else bytes.fromhex(packed)) != expected:
        print("pack", repr(form), values, packed, expected and expected.hex())
    expected = attempt(lambda: struct.unpack(form, bytes.fromhex(raw)))
    found = None if unpacked == "refused" else [value(word) for word in unpacked.split()]
    if (found is None) != (expected is None) or found is not None and (
        len(found) != len(expected) or not all(map(same, found, expected))):
        print("unpack", repr(form), raw, found, expected)
print(lines, "compared")
"#;

/// What python3 says of these lines; `None` where there is none.
fn python(lines: &str) -> Option<Vec<String>> {
    python_says(PYTHON, lines)
}

fn python_says(program: &str, lines: &str) -> Option<Vec<String>> {
    let mut command = Command::new("python3");
    command.args(["-c", program]);
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().ok()?;
    // It answers at the end only, so its output does not fill a pipe while this one is written.
    let mut input = child.stdin.take().expect("a pipe");
    input.write_all(lines.as_bytes()).expect("python3 reads");
    drop(input);
    let done = finish(child, "python3").exits(0);
    Some(done.stdout.lines().map(str::to_owned).collect())
}

fn word(value: &Value) -> String {
    match value {
        Value::Integer(number) => format!("i{number}"),
        Value::Float(number) => format!("f{}", hex::encode(number.to_be_bytes())),
        Value::Bytes(bytes) => format!("s{}", hex::encode(bytes)),
    }
}

fn words(values: &[Value]) -> String {
    values.iter().map(word).collect::<Vec<_>>().join(" ")
}

/// What this program makes of a format, values and bytes, as a line for the other.
fn line(text: &str, values: &[Value], bytes: &[u8]) -> String {
    let format = Format::parse(text);
    let packed = format.as_ref().ok().and_then(|format| format.pack(values).ok());
    let packed = packed.map_or("refused".to_owned(), hex::encode);
    let unpacked = format.ok().and_then(|format| format.unpack(bytes).ok());
    let unpacked = unpacked.map_or("refused".to_owned(), |values| words(&values));
    format!(
        "{text}\t{}\t{packed}\t{}\t{unpacked}\n",
        words(values),
        hex::encode(bytes)
    )
}

/// A value for the code: mostly one that it holds, sometimes one at its edge or beyond.
fn value(code: Code) -> BoxedStrategy<Value> {
    match code.range() {
        Some(range) => {
            let (smallest, largest) = (*range.start(), *range.end());
            let numbers = prop_oneof![8 => range, 1 => Just(smallest - 1), 1 => Just(largest + 1), 2 => Just(largest)];
            numbers.prop_map(Value::Integer).boxed()
        }
        None if code == Code::Text => prop::collection::vec(any::<u8>(), 0..6)
            .prop_map(Value::Bytes)
            .boxed(),
        None => prop_oneof![4 => any::<f32>().prop_map(f64::from), 1 => prop::num::f64::ANY, 1 => (-9_i16..9).prop_map(f64::from)]
            .prop_map(Value::Float)
            .boxed(),
    }
}

fn item() -> impl Strategy<Value = (String, Vec<Value>)> {
    let code = prop::sample::select(Code::ALL.map(|(_, code)| code).to_vec());
    let counted = (
        code,
        prop::option::of(0_usize..4),
        prop::sample::select(vec!["", "", " ", "\u{c}"]),
    );
    counted.prop_flat_map(|(code, count, blank)| {
        let values = match code {
            Code::Skip => 0,
            Code::Text => 1,
            _ => count.unwrap_or(1),
        };
        let count = count.map_or(String::new(), |count| count.to_string());
        (
            Just(format!("{count}{code}{blank}")),
            prop::collection::vec(value(code), values),
        )
    })
}

/// A format that is one, values that mostly fit, and bytes that do.
fn sound() -> impl Strategy<Value = String> {
    let mark = prop::sample::select(vec!["", "@", "=", "<", ">", "!"]);
    let parts = (
        mark,
        prop::collection::vec(item(), 0..7),
        prop::collection::vec(any::<u8>(), 256),
    );
    parts.prop_map(|(mark, items, bytes)| {
        let (codes, values): (Vec<String>, Vec<Vec<Value>>) = items.into_iter().unzip();
        let text = format!("{mark}{}", codes.concat());
        let size = Format::parse(&text).map_or(0, |format| format.size());
        line(&text, &values.concat(), &bytes[..size])
    })
}

/// A text that may be a format.
fn noise() -> impl Strategy<Value = String> {
    let text = "[@=<>!]?[0-3bBhHiIqQfdsxk! ]{0,6}";
    (text, prop::collection::vec(any::<u8>(), 0..12)).prop_map(|(text, bytes)| line(&text, &[], &bytes))
}

fn lines() -> String {
    let mut runner = TestRunner::deterministic();
    let either = prop_oneof![4 => sound().boxed(), 1 => noise().boxed()];
    (0..3000)
        .map(|_| either.new_tree(&mut runner).expect("a line").current())
        .collect()
}

#[test]
fn python_packs_and_unpacks_the_same() {
    let lines = lines();
    let Some(said) = python(&lines) else {
        return not_run("the comparison with Python's struct", "there is no python3");
    };
    assert_eq!(said, ["3000 compared"]);
    // Both kinds of answers are among them.
    let refused = lines.lines().filter(|line| line.split('\t').nth(2) == Some("refused"));
    let refused = refused.count();
    assert!((300..2000).contains(&refused), "{refused}");
}

#[test]
fn a_wrong_byte_would_be_noticed() {
    let line = line("!i", &[Value::Integer(1_000_000)], &[0, 15, 66, 64]);
    let Some(said) = python(
        &line
            .replacen("000f4240", "000f4241", 1)
            .replacen("i1000000\n", "i1000001\n", 1),
    ) else {
        return not_run("the comparison with Python's struct", "there is no python3");
    };
    assert_eq!(said.len(), 3, "{said:?}");
}

/// `lab pack` or `lab unpack` where native formats are those of 64-bit little-endian Linux.
fn told(line: &str) -> Option<Vec<String>> {
    if !cfg!(all(target_endian = "little", target_pointer_width = "64")) {
        not_run(line, "native formats are others on this machine");
        return None;
    }
    let done = lab_line(line).exits(0).tame();
    assert_eq!(done.stderr, "");
    Some(done.stdout.lines().map(str::to_owned).collect())
}

#[test]
fn padding_is_drawn_and_the_format_without_it_stands_below() {
    let Some(lines) = told("pack I3sf 7 abc 2.5") else {
        return;
    };
    let expected = "\
I3sf  12 bytes  native byte order (little-endian here), aligned

  07 00 00 00 61 62 63 00 00 00 20 40
  └─── I ───┘ └─ 3s ─┘ ░░ └─── f ───┘

  0-3      I   7      unsigned integer, 4 bytes
  4-6      3s  \"abc\"  text, 3 bytes
  7        ░░  padding, 1 byte: f begins at a multiple of 4
  8-11     f   2.5    floating-point number, 4 bytes

The same codes with another mark
=I3sf  11 bytes  native byte order (little-endian here), no padding
  07 00 00 00 61 62 63 00 00 20 40
  └─── I ───┘ └─ 3s ─┘ └─── f ───┘
!I3sf  11 bytes  network byte order (big-endian), no padding
  00 00 00 07 61 62 63 40 20 00 00
  └─── I ───┘ └─ 3s ─┘ └─── f ───┘";
    assert_eq!(lines.join("\n"), expected);
    let unpacked = told("unpack I3sf 07000000 61626300 00002040").expect("the same machine");
    assert_eq!(unpacked, lines[..9], "no other mark takes as many bytes");
}

#[test]
fn the_same_bytes_are_another_number_in_the_other_order() {
    let Some(lines) = told("unpack i 40 42 0f 00") else {
        return;
    };
    assert!(lines.iter().any(|line| line.contains("i   1000000")), "{lines:?}");
    assert_eq!(lines.last().expect("lines"), "  !i  1078071040");
    let lines = told("pack !i 1000000").expect("the same machine");
    assert_eq!(lines[2], "  00 0f 42 40");
    assert!(lines.contains(&"  40 42 0f 00".to_owned()), "{lines:?}");
    // Where neither order nor alignment matters there is nothing else to show.
    for line in ["pack !b -5", "pack 3s abc", "unpack !0s", "pack <bx 1"] {
        let text = lab_line(line).exits(0).stdout;
        assert!(!text.contains("another mark"), "{text}");
    }
}

#[test]
fn what_is_not_kept_as_it_was_given_is_said() {
    let says = |line: &[&str], text: &str| {
        let told = lab(line).exits(0).tame().stdout;
        let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(told.contains(text), "{told}");
    };
    says(&["pack", "3s", "hello"], "5 bytes were given, 3 bytes kept");
    says(&["pack", "5s", "粘包"], "6 bytes were given, 5 bytes kept");
    says(
        &["pack", "5s", "hi"],
        "\"hi\\0\\0\\0\" text, 5 bytes 2 bytes given, the rest",
    );
    says(&["pack", "f", "0.1"], "0.10000000149011612");
    says(&["pack", "f", "0.1"], "nearest to 0.1");
    says(&["pack", "f", "16777217"], "16777216.0");
    says(&["pack", "5s", "hi", "--lang", "zh"], "后面用 0 补齐");
    let exact = lab_line("pack d 0.1").stdout + &lab_line("pack f 7").stdout;
    assert!(!exact.contains("nearest"), "{exact}");
}

#[test]
fn negative_numbers_need_no_mark_of_their_own() {
    assert!(lab_line("pack !b -5 --ascii").exits(0).stdout.contains("  fb\n  b"));
    assert!(lab_line("pack !2h -5 0xff").exits(0).stdout.contains("  ff fb 00 ff\n"));
    assert!(lab_line("pack !d -2.5e3 --json").exits(0).stdout.contains("-2500.0"));
    assert!(lab_line("pack !h -- -0x10").exits(0).stdout.contains("  ff f0\n"));
}

#[test]
fn a_refused_format_or_value_is_told_with_what_would_do() {
    let range = "'i' format requires -2147483648 <= number <= 2147483647";
    lab_line("pack i 1111111111111").refuses(&["value 1, 1111111111111,", range, "q would hold it"]);
    lab_line("pack I3sf 1 x one").refuses(&["value 3, one: 'f' takes a number"]);
    lab_line("pack 2B 1 -1").refuses(&["value 2, -1,", "0 <= number <= 255", "b would hold it"]);
    lab_line("pack Q 18446744073709551616").refuses(&["no integer code holds it"]);
    lab_line("pack !f 1e39").refuses(&["too large for 'f'", "d would hold it"]);
    lab_line("pack I3sf 1 x").refuses(&["takes 3, given are 2", "I 3s f"]);
    lab_line("pack 1000i").refuses(&["takes 1000", "i i i", "..."]);
    lab_line("pack 4x 1").refuses(&["takes no value"]);
    lab_line("pack ik 1").refuses(&["`ik`: character 2, `k`, is no code", "codes are b B h H"]);
    lab_line("pack l 1").refuses(&["`l`, is a code of Python's struct that the lab does not have"]);
    lab_line("pack i! 1").refuses(&["character 2, `!`, is an order mark", "@ = < > !"]);
    lab_line("pack 3 1").refuses(&["character 1 has no code", "3s, 2i"]);
    lab_line("pack 2000000s x").refuses(&["longer than 1 MiB", "smaller counts"]);
    lab_line("pack s 0xabc").refuses(&["0xabc", "pairs of hex digits"]);
    lab_line("unpack i zz").refuses(&["`z` is no hex"]);
    lab_line("unpack i 4").refuses(&["1 hex digits"]);
    lab_line("unpack I3sf 0700000061626300002040").refuses(&["takes 12 bytes", "11 bytes", "=I3sf and !I3sf"]);
    lab_line("unpack i").refuses(&["takes 4 bytes, given are 0 bytes"]);
    lab_line("pack").refuses(&["FORMAT"]);
    lab_line("pack i 1111111111111 --lang zh").refuses(&["第 1 个值 1111111111111 超出范围", "用 q 就放得下"]);
    lab_line("pack ik 1 --lang zh").refuses(&["第 2 个字符 `k` 不是格式字符"]);
    lab(["pack", "i\u{1b}[31m", "1"]).refuses(&["character 2"]);
    lab(["pack", "i", "\u{1b}[31m"]).refuses(&["takes an integer"]);
}

#[test]
fn a_number_that_became_infinite_is_said_to_be_so() {
    // Under a native mark struct.pack of Python makes it infinite too; under the others it raises OverflowError.
    let told = lab_line("pack f 1e40").exits(0).stdout;
    let flat = told.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat.contains("1e40 is too large for f, and became infinite"), "{told}");
    assert!(!flat.contains("nearest"), "{told}");
    lab_line("pack !f 1e40").refuses(&["too large for 'f'", "d would hold it"]);
    let asked_for = lab_line("pack f inf").exits(0).stdout;
    assert!(!asked_for.contains("too large"), "{asked_for}");
}

#[test]
fn numbers_at_the_edges_are_taken_or_refused_as_python_takes_or_refuses_them() {
    let huge = "9".repeat(400);
    let long = "9".repeat(39);
    let numbers = [
        "1e400",
        "-1e400",
        "1e39",
        "3.4028235e38",
        "3.4028235677973366e38",
        "3.5e38",
        "1e-400",
        "1e308",
        "1.8e308",
        "inf",
        "-inf",
        "nan",
        "-0.0",
        "16777217",
        "9007199254740993",
        long.as_str(),
        huge.as_str(),
    ];
    let formats = ["f", "d", "<f", ">d", "!f", "=d", "@f"];
    let program = "import struct, sys\nfor line in sys.stdin:\n form, typed = line.split()\n \
                   try: print(struct.pack(form, int(typed) if typed.lstrip('-').isdigit() else float(typed)).hex())\n \
                   except (struct.error, OverflowError): print('refused')\n";
    let pairs: Vec<(&str, &str)> = formats
        .iter()
        .flat_map(|form| numbers.map(|number| (*form, number)))
        .collect();
    let lines: Vec<String> = pairs
        .iter()
        .map(|(form, number)| format!("{form} {number}\n"))
        .collect();
    let lines = lines.concat();
    let Some(python) = python_says(program, &lines) else {
        return not_run("numbers at the edges", "there is no python3");
    };
    for ((form, number), expected) in pairs.iter().zip(python) {
        let packed = lab(["pack", "--json", "--", form, number]);
        let seen = match packed.code {
            0 => serde_json::from_str::<Json>(&packed.stdout).expect("JSON")["hex"]
                .as_str()
                .expect("hex")
                .replace(' ', ""),
            _ => "refused".to_owned(),
        };
        assert_eq!(seen, expected, "{form} {number}: {}", packed.stderr);
    }
}

#[test]
fn no_code_is_said_to_hold_what_none_holds() {
    let told = lab_line("pack f 1e400").exits(0).stdout;
    let flat = told.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat.contains("1e400 is larger than any double"), "{told}");
    let huge = "9".repeat(400);
    lab(["pack", "f", &huge]).refuses(&["too large for 'f'", "no float code holds it"]);
    lab(["pack", "d", &huge]).refuses(&["too large for 'd'", "no float code holds it"]);
}

#[test]
fn a_long_text_is_shown_by_its_beginning() {
    let told = lab_line("pack 1000000s a").exits(0).stdout;
    assert!(told.len() < 4000, "{} bytes", told.len());
    assert!(told.contains("\"a\\0\\0") && told.contains('…'), "{told}");
}

#[test]
fn hex_may_begin_as_it_does_in_programs() {
    let plain = lab_line("unpack i 40420f00").exits(0).stdout;
    for same in ["unpack i 0x40420f00", "unpack i 0x40 0x42 0x0f 00"] {
        assert_eq!(lab_line(same).exits(0).stdout, plain, "{same}");
    }
    lab_line("unpack i 400x420f00").refuses(&["`x` is no hex", "0x in front"]);
}

#[test]
fn a_program_gets_the_layout_as_json() {
    let json: Json = serde_json::from_str(&lab_line("pack !I2xs 7 a --json").exits(0).stdout).expect("JSON");
    assert_eq!(json["format"], "!I2xs");
    assert_eq!((&json["size"], &json["byte_order"]), (&json!(7), &json!("big")));
    assert_eq!(json["hex"], "00000007000061");
    let layout = json!([
        { "field": 1, "code": "I", "value": 7, "from": 0, "to": 4 },
        { "padding": "x", "from": 4, "to": 6 },
        { "field": 2, "code": "1s", "value": { "hex": "61", "text": "a" }, "from": 6, "to": 7 },
    ]);
    assert_eq!(json["layout"], layout);
    let unpacked: Json = serde_json::from_str(&lab_line("unpack !I2xs 00000007000061 --json").stdout).expect("JSON");
    assert_eq!(unpacked["layout"], layout);
    let chinese = lab_line("pack !I2xs 7 a --json --lang zh").stdout;
    assert_eq!(chinese, lab_line("pack !I2xs 7 a --json").stdout);
}

#[test]
fn what_is_drawn_fits_into_the_terminal_and_into_ascii() {
    for columns in ["40", "60", "80", "200"] {
        for lang in ["en", "zh"] {
            for (packed, values) in [
                ("3bh20sxd", vec!["1", "2", "3", "4", "hello", "0.1"]),
                ("!300s", vec!["x"]),
            ] {
                let mut command = command();
                command
                    .args(["pack", packed])
                    .args(values)
                    .args(["--lang", lang, "--ascii"]);
                command.env("COLUMNS", columns);
                let done = run(command).exits(0).tame();
                let room = columns.parse().expect("a number");
                let wide = done.stdout.lines().find(|line| line.width() > room);
                assert_eq!(wide, None);
                assert!(lang == "zh" || done.stdout.is_ascii(), "{}", done.stdout);
            }
        }
    }
    let colored = lab_line("pack I3sf 7 abc 2.5 --color always").stdout;
    assert_eq!(
        without_colour(&colored).replace(" \n", "\n"),
        lab_line("pack I3sf 7 abc 2.5").stdout
    );
}
