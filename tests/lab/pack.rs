use std::io::Write as _;
use std::process::{Command, Stdio};

use lab::pack::{Code, Format, Value};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use super::support::{finish, not_run};

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
    let mut command = Command::new("python3");
    command.args(["-c", PYTHON]);
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
