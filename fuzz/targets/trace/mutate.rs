//! Changes to a saved run that get past its reader more often than changed bytes do: lines and numbers, and the count at the
//! end made right.

use std::ops::Range;

use serde_json::{Value, json};

use crate::dice::Dice;

/// The events of which the description of the format gives an example: one of nearly every kind.
const EXAMPLES: &str = include_str!("../../../docs/trace-format.md");

/// Numbers at the edges of what is accepted, and of what a machine can hold.
const EDGES: [u64; 16] = [
    0,
    1,
    2,
    3,
    20,
    4096,
    65_535,
    65_536,
    10_000_000,
    u32::MAX as u64,
    1 << 50,
    (1 << 50) + 1,
    1 << 56,
    1 << 60,
    i64::MAX as u64,
    u64::MAX,
];

pub(crate) fn mutate(bytes: &mut [u8], size: usize, most: usize, seed: u32) -> usize {
    let mut dice = Dice(u64::from(seed) | 1);
    if dice.below(4) == 0 {
        return libfuzzer_sys::fuzzer_mutate(bytes, size, most);
    }
    let Some(mut lines) = lines(&bytes[..size]) else {
        return libfuzzer_sys::fuzzer_mutate(bytes, size, most);
    };
    for _ in 0..=dice.below(3) {
        change(&mut lines, &mut dice);
    }
    let last = lines.len() - 1;
    if let Ok(mut end) = serde_json::from_slice::<Value>(&lines[last])
        && end["event"] == "end"
    {
        end["events"] = json!(last.saturating_sub(1));
        lines[last] = end.to_string().into_bytes();
    }
    let changed = lines.join(&b'\n');
    if changed.len() > most {
        return libfuzzer_sys::fuzzer_mutate(bytes, size, most);
    }
    bytes[..changed.len()].copy_from_slice(&changed);
    changed.len()
}

fn lines(bytes: &[u8]) -> Option<Vec<Vec<u8>>> {
    let text = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    let lines: Vec<_> = text.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    (lines.len() > 2).then_some(lines)
}

fn change(lines: &mut Vec<Vec<u8>>, dice: &mut Dice) {
    // Neither the head nor the end.
    let any = |dice: &mut Dice, lines: &Vec<Vec<u8>>| 1 + dice.below(lines.len() - 2);
    if lines.len() < 4 {
        return;
    }
    match dice.below(10) {
        0 => drop(lines.remove(any(dice, lines))),
        1 => {
            let (from, to) = (any(dice, lines), any(dice, lines));
            let line = lines[from].clone();
            lines.insert(to, line);
        }
        2 => {
            let (one, other) = (any(dice, lines), any(dice, lines));
            lines.swap(one, other);
        }
        3 | 4 => {
            let at = any(dice, lines);
            if let Some(line) = example(&lines[at], dice) {
                lines.insert(at + 1, line);
            }
        }
        _ => {
            let at = any(dice, lines);
            let numbers = numbers(&lines[at]);
            if !numbers.is_empty() {
                let number = numbers[dice.below(numbers.len())].clone();
                let edge = EDGES[dice.below(EDGES.len())];
                let near = edge.wrapping_add(dice.below(5) as u64).wrapping_sub(2);
                let new = if dice.below(3) == 0 { near } else { edge };
                lines[at].splice(number, new.to_string().into_bytes());
            }
        }
    }
}

/// One of the examples, at the time and place of this line.
fn example(beside: &[u8], dice: &mut Dice) -> Option<Vec<u8>> {
    let all: Vec<&str> = EXAMPLES.lines().filter(|line| line.starts_with("{\"at_ns\"")).collect();
    let beside: Value = serde_json::from_slice(beside).ok()?;
    let mut line: Value = serde_json::from_str(all[dice.below(all.len())]).ok()?;
    for key in ["at_ns", "endpoint"] {
        line[key] = beside[key].clone();
    }
    Some(line.to_string().into_bytes())
}

/// Where the numbers of a line stand: behind a colon, a comma or a bracket.
fn numbers(line: &[u8]) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for at in 1..line.len() {
        if line[at].is_ascii_digit() && matches!(line[at - 1], b':' | b',' | b'[') {
            let length = line[at..].iter().position(|byte| !byte.is_ascii_digit());
            found.push(at..at + length.unwrap_or(line.len() - at));
        }
    }
    found
}
