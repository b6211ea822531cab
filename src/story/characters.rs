//! Which bytes of a message are text, and of which character each is a part. It is decided here, once for every face: by
//! what the step that sent the message writes, and where that says nothing by the whole of the message.

use std::ops::Range;

use encoding_rs::GBK;

use crate::scenario::Encoding;
use crate::scenario::plan::{Plan, Task};
use crate::trace::Excerpt;
use crate::words::visible::is_hidden;

/// What a message's bytes stand for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Writing {
    /// Characters in this encoding, all of them.
    Text(Encoding),
    /// Packed values, of which these bytes hold text.
    Packed(Vec<Range<usize>>),
    /// Nobody says.
    #[default]
    Unknown,
}

/// A byte that is a character, or a part of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// The character.
    pub of: char,
    /// Which of its bytes, from 0.
    pub nth: u8,
    /// How many it has.
    pub size: u8,
}

/// Where the parts of a message begin that are no text of their own.
#[derive(Debug, Clone, Copy)]
pub struct Sections {
    /// How many bytes at its front are a length.
    pub header: u64,
    /// How many behind that are a JSON header.
    pub json: u64,
}

impl Writing {
    /// What a step of the plan writes.
    #[must_use]
    pub fn of(plan: &Plan, step: Option<u32>) -> Self {
        let step = step.and_then(|step| plan.steps.get(usize::try_from(step).ok()?));
        match step.map(|step| &step.task) {
            Some(Task::SendText { encoding, .. }) => Self::Text(*encoding),
            Some(Task::SendPacked(packed)) => Self::Packed(packed.texts().collect()),
            _ => Self::Unknown,
        }
    }
}

/// Of every byte that the trace keeps of a message the character that it is a part of: first those of the beginning, then
/// those of the end.
#[must_use]
pub fn characters(bytes: &Excerpt, sections: Sections, writing: &Writing) -> Vec<Option<Part>> {
    match writing {
        Writing::Text(encoding) => [parts(&bytes.hex, *encoding), parts(&bytes.tail, *encoding)].concat(),
        Writing::Packed(texts) => packed(bytes, texts),
        Writing::Unknown => guessed(bytes, sections),
    }
}

/// The characters among some bytes in an encoding; `None` where there is none.
#[must_use]
pub fn parts(bytes: &[u8], encoding: Encoding) -> Vec<Option<Part>> {
    let mut parts = Vec::with_capacity(bytes.len());
    while parts.len() < bytes.len() {
        let rest = &bytes[parts.len()..];
        let found = (1..=LONGEST).find_map(|size| {
            let of = one(rest.get(..usize::from(size))?, encoding)?;
            Some((of, size))
        });
        match found {
            Some((of, size)) => parts.extend((0..size).map(|nth| Some(Part { of, nth, size }))),
            None => parts.push(None),
        }
    }
    parts
}

/// Most bytes of a character, in each of the encodings.
const LONGEST: u8 = 4;

/// The one character that the bytes are.
fn one(bytes: &[u8], encoding: Encoding) -> Option<char> {
    let text = match encoding {
        Encoding::Utf8 => std::str::from_utf8(bytes).ok()?.into(),
        Encoding::Gbk => GBK.decode_without_bom_handling_and_without_replacement(bytes)?,
    };
    let mut characters = text.chars();
    characters.next().filter(|_| characters.next().is_none())
}

/// The text in the fields that hold text.
fn packed(bytes: &Excerpt, texts: &[Range<usize>]) -> Vec<Option<Part>> {
    let mut all = vec![None; bytes.hex.len() + bytes.tail.len()];
    for span in texts.iter().cloned() {
        let Some(content) = bytes.hex.get(span.clone()) else {
            continue;
        };
        let text = content.len() - content.iter().rev().take_while(|byte| **byte == 0).count();
        if is_text(&content[..text]) {
            all[span].copy_from_slice(&parts(content, Encoding::Utf8));
        }
    }
    all
}

/// A length in front, a JSON header and the body are each text or not.
fn guessed(bytes: &Excerpt, sections: Sections) -> Vec<Option<Part>> {
    let to = |length: u64, from: usize| {
        let rest = bytes.hex.len() - from;
        from + usize::try_from(length).unwrap_or(usize::MAX).min(rest)
    };
    let header = to(sections.header, 0);
    let json = to(sections.json, header);
    let mut all = Vec::with_capacity(bytes.hex.len() + bytes.tail.len());
    let whole = bytes.tail.is_empty();
    all.extend(length(&bytes.hex[..header]));
    all.extend(section(&bytes.hex[header..json], None));
    let body = &bytes.hex[json..];
    // Somebody may have written a length by hand.
    let by_hand = if header == 0 && whole { own_length(body) } else { 0 };
    all.extend(std::iter::repeat_n(None, by_hand));
    if whole {
        all.extend(section(&body[by_hand..], None));
    } else {
        all.extend(section(body, Some(&bytes.tail)));
    }
    all
}

/// A length that is written in digits is text.
fn length(header: &[u8]) -> Vec<Option<Part>> {
    let digits = header.strip_suffix(b"\n").unwrap_or(header);
    let is_digits = digits.iter().all(|byte| byte.is_ascii_digit() || *byte == b'-');
    // One of four bytes without a newline is a number in binary, whatever it looks like.
    if is_digits && (header.len() != 4 || digits.len() < header.len()) {
        parts(header, Encoding::Utf8)
    } else {
        vec![None; header.len()]
    }
}

/// How many bytes in front say in binary how many bytes follow.
fn own_length(bytes: &[u8]) -> usize {
    let says = |size: &usize| {
        let Some((front, rest)) = bytes.split_at_checked(*size) else {
            return false;
        };
        let big = front.iter().fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
        let little = front
            .iter()
            .rev()
            .fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
        !rest.is_empty() && [big, little].contains(&(rest.len() as u64)) && !is_text(bytes)
    };
    [1, 2, 4, 8].into_iter().find(says).unwrap_or(0)
}

/// Bytes that are text as a whole or not at all; between them and a `tail` bytes may have been left out.
fn section(bytes: &[u8], tail: Option<&[u8]>) -> Vec<Option<Part>> {
    let size = bytes.len() + tail.map_or(0, <[u8]>::len);
    let head = bytes.len() - if tail.is_some() { cut_at_the_end(bytes) } else { 0 };
    let begins = tail.map_or(0, cut_at_the_start);
    let rest = tail.map_or(&[][..], |tail| &tail[begins..]);
    if !is_text(&bytes[..head]) || !is_text(rest) {
        // A byte of ASCII is one character in whatever it belongs to, but in binary it is no text.
        return vec![None; size];
    }
    let mut all = parts(&bytes[..head], Encoding::Utf8);
    all.resize(bytes.len() + begins, None);
    all.extend(parts(rest, Encoding::Utf8));
    all
}

/// UTF-8 in which everything can be seen, with ends of lines and tabs.
fn is_text(bytes: &[u8]) -> bool {
    let is_seen = |c: char| !c.is_control() || matches!(c, '\n' | '\r' | '\t');
    std::str::from_utf8(bytes).is_ok_and(|text| text.chars().all(is_seen))
}

/// How many bytes at the end belong to a character that goes on.
fn cut_at_the_end(bytes: &[u8]) -> usize {
    match std::str::from_utf8(bytes) {
        Err(error) if error.error_len().is_none() => bytes.len() - error.valid_up_to(),
        _ => 0,
    }
}

/// How many bytes in front belong to a character that began before.
fn cut_at_the_start(bytes: &[u8]) -> usize {
    let continues = |byte: &&u8| **byte & 0xc0 == 0x80;
    bytes
        .iter()
        .take(usize::from(LONGEST) - 1)
        .take_while(continues)
        .count()
}

/// The bytes as a text in quotes, as a program would hold it, if all of them are characters, each with all its bytes.
#[must_use]
pub fn quoted(parts: &[Option<Part>], more: &str) -> Option<String> {
    let mut text = String::with_capacity(parts.len() + 2);
    let mut at = 0;
    while at < parts.len() {
        let first = parts[at].filter(|part| part.nth == 0)?;
        let size = usize::from(first.size);
        // What is left out may be the rest of the last one.
        if at + size > parts.len() {
            if more.is_empty() || at == 0 {
                return None;
            }
            break;
        }
        text.push_str(&escaped(first.of)?);
        at += size;
    }
    Some(format!("\"{text}{more}\""))
}

/// A character as a program would hold it: `\n`, `\r`, `\t` and `\\` for what they stand for, `\u{202e}` for what hides.
/// Nothing for any other control character.
#[must_use]
pub fn escaped(c: char) -> Option<String> {
    match c {
        '\n' | '\r' | '\t' => Some(crate::words::visible::escape(c)),
        '\\' => Some("\\\\".to_owned()),
        _ if c.is_control() => None,
        _ if is_hidden(c) => Some(crate::words::visible::escape(c)),
        _ => Some(String::from(c)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NO_SECTIONS: Sections = Sections { header: 0, json: 0 };

    fn told(bytes: &[u8], writing: &Writing) -> String {
        let parts = characters(&Excerpt::new(bytes, Excerpt::WHOLE), NO_SECTIONS, writing);
        assert_eq!(parts.len(), bytes.len());
        let one = |part: &Option<Part>| match part {
            Some(part) if part.nth == 0 => part.of,
            Some(_) => '_',
            None => '.',
        };
        parts.iter().map(one).collect()
    }

    #[test]
    fn bytes_are_read_in_the_encoding_that_wrote_them() {
        let gbk = [0xd5, 0xb3, 0xb0, 0xfc];
        assert_eq!(told(&gbk, &Writing::Text(Encoding::Gbk)), "粘_包_");
        // U+0573 of the Armenian script is only chance.
        assert_eq!(told(&gbk, &Writing::Unknown), "....");
        assert_eq!(told("粘包".as_bytes(), &Writing::Unknown), "粘__包__");
    }

    #[test]
    fn bytes_that_are_no_text_as_a_whole_hold_no_character() {
        assert_eq!(told(b"\xff\xd7\x90ok\xfe", &Writing::Unknown), "......");
        assert_eq!(told(b"\x01\x02\xd7\x90", &Writing::Unknown), "....");
        assert_eq!(told("\0\0\0\u{6}粘包".as_bytes(), &Writing::Unknown), "....粘__包__");
        assert_eq!(told("\u{6}\0粘包".as_bytes(), &Writing::Unknown), "..粘__包__");
    }

    #[test]
    fn only_the_fields_that_hold_text_are_text() {
        let packed = |span| Writing::Packed(vec![span]);
        assert_eq!(told(b"\0\0\xd7\x90abcABCD", &packed(4..7)), "....abc....");
        assert_eq!(told("粘\0".as_bytes(), &packed(0..4)), "粘__\0");
    }

    #[test]
    fn a_text_of_which_the_middle_is_left_out_is_a_text() {
        let text = "粘".repeat(3000);
        let bytes = Excerpt::new(text.as_bytes(), 4096);
        let parts = characters(&bytes, NO_SECTIONS, &Writing::Unknown);
        assert_eq!(parts.len(), 4096);
        assert!(parts.iter().filter(|part| part.is_none()).count() <= 4);
        let random: Vec<u8> = (0..9000_u32)
            .map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8)
            .collect();
        let parts = characters(&Excerpt::new(&random, 4096), NO_SECTIONS, &Writing::Unknown);
        assert!(parts.iter().all(Option::is_none));
    }
}
