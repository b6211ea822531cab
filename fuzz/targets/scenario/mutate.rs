//! Changes to a scenario file that leave most of it sound: lines, numbers, and texts in quotes that change places.

use std::ops::Range;

use crate::dice::Dice;

/// Numbers at the edges of what some key takes.
const EDGES: [&str; 12] = [
    "0",
    "1",
    "2",
    "7",
    "100",
    "1000",
    "9999",
    "60000",
    "65536",
    "1048576",
    "16777216",
    "18446744073709551615",
];

pub(crate) fn mutate(bytes: &mut [u8], size: usize, most: usize, seed: u32) -> usize {
    let mut dice = Dice(u64::from(seed) | 1);
    if dice.below(4) == 0 {
        return libfuzzer_sys::fuzzer_mutate(bytes, size, most);
    }
    let mut text = bytes[..size].to_vec();
    for _ in 0..=dice.below(2) {
        change(&mut text, &mut dice);
    }
    if text.len() > most {
        return libfuzzer_sys::fuzzer_mutate(bytes, size, most);
    }
    bytes[..text.len()].copy_from_slice(&text);
    text.len()
}

fn change(text: &mut Vec<u8>, dice: &mut Dice) {
    match dice.below(3) {
        0 => {
            let mut lines: Vec<Vec<u8>> = text.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
            let (one, other) = (dice.below(lines.len()), dice.below(lines.len()));
            match dice.below(3) {
                0 => drop(lines.remove(one)),
                1 => lines.swap(one, other),
                _ => lines.insert(other, lines[one].clone()),
            }
            *text = lines.join(&b'\n');
        }
        1 => {
            let numbers = runs(text, |byte| byte.is_ascii_digit(), b" [");
            if !numbers.is_empty() {
                let at = numbers[dice.below(numbers.len())].clone();
                text.splice(at, EDGES[dice.below(EDGES.len())].bytes());
            }
        }
        _ => {
            let quoted = runs(text, |byte| !matches!(byte, b'"' | b'\n'), b"\"");
            if !quoted.is_empty() {
                let new = text[quoted[dice.below(quoted.len())].clone()].to_vec();
                text.splice(quoted[dice.below(quoted.len())].clone(), new);
            }
        }
    }
}

/// Where runs of such bytes stand that begin behind one of these.
fn runs(text: &[u8], is_inside: impl Fn(u8) -> bool, behind: &[u8]) -> Vec<Range<usize>> {
    let begins = |at: &usize| is_inside(text[*at]) && behind.contains(&text[at - 1]);
    let run = |at: usize| at..at + text[at..].iter().take_while(|byte| is_inside(**byte)).count();
    (1..text.len()).filter(begins).map(run).collect()
}
