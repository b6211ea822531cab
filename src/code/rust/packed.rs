//! Structs in Rust, whose standard library has no formats: each field by itself, and the padding by hand.

use std::ops::RangeInclusive;

use super::super::draft::Draft;
use super::super::endpoint::Endpoint;
use super::super::literal;
use super::super::{Language, Part};
use crate::pack::{Code, Field, Format, Mark, Owner, Stretch, Value};
use crate::scenario::PackedFormat;
use crate::words::{Lang, code as say};

/// Packs values and sends them.
pub(super) fn send(endpoint: &Endpoint<'_>, step: usize, packed: &PackedFormat, lang: Lang, draft: &mut Draft) {
    let format = &packed.format;
    if let Some(other) = endpoint.unpacked_as(packed) {
        draft.comment(say::read_as(lang, other.text()));
    }
    if !packed.can_be_packed() {
        draft.comment(say::out_of_range(lang));
    }
    draft.code("let mut data = Vec::new();");
    for stretch in format.layout() {
        let size = stretch.to - stretch.from;
        match stretch.owner {
            Owner::Field(field) => {
                let value = packed.values.get(field.number - 1);
                if let Some(value) = value {
                    one(value, field, format.mark(), step, draft);
                }
            }
            Owner::Padding | Owner::Written => {
                draft.call(step, Part::Pack, extend(&format!("[0; {size}]")));
            }
        }
    }
    draft.call(step, Part::Send, "sock.write_all(&data)?;");
}

/// Reads as many bytes as the format takes, and prints the values.
pub(super) fn read(step: usize, format: &Format, draft: &mut Draft) {
    draft.code(format!("let mut data = [0; {}];", format.size()));
    draft.code("read_exactly(&mut sock, &mut data)?;");
    for stretch in format.layout() {
        let Owner::Field(field) = stretch.owner else { continue };
        let part = slice(&stretch, format.size());
        if field.code == Code::Text {
            let print = format!("println!(\"{{}}\", {part}.escape_ascii());");
            draft.call(step, Part::Unpack, print);
            continue;
        }
        let (kind, order) = (kind(field.code), order(format.mark()));
        draft.code(format!("let part = {part}.try_into()?;"));
        draft.call(
            step,
            Part::Unpack,
            format!("println!(\"{{}}\", {kind}::from_{order}_bytes(part));"),
        );
    }
}

/// A value, put behind those before it. One that is out of range is not even a literal of its type.
fn one(value: &Value, field: Field, mark: Mark, step: usize, draft: &mut Draft) {
    if let Value::Bytes(bytes) = value {
        return text(bytes, field.size, step, draft);
    }
    let (kind, order) = (kind(field.code), order(mark));
    let outside = |range: &RangeInclusive<i128>| matches!(value, Value::Integer(number) if !range.contains(number));
    let bytes = if field.code.range().is_some_and(|range| outside(&range)) {
        draft.code(format!("let n = {value}_i128;"));
        draft.call(step, Part::Pack, format!("let n = {kind}::try_from(n)?;"));
        format!("n.to_{order}_bytes()")
    } else {
        let number = number(value, field.code);
        let bytes = format!("{number}.to_{order}_bytes()");
        if draft.fits(&extend(&bytes)) {
            bytes
        } else {
            let bare = number.trim_start_matches('(').trim_end_matches(')');
            draft.code(format!("let n = {bare};"));
            format!("n.to_{order}_bytes()")
        }
    };
    draft.call(step, Part::Pack, extend(&bytes));
}

/// What `s` is given, cut or filled up as struct does it; a long text in as many lines as it needs.
fn text(bytes: &[u8], size: usize, step: usize, draft: &mut Draft) {
    let literal = |bytes: &[u8]| extend(&literal::bytes(Language::Rust, bytes));
    let mut rest = &bytes[..bytes.len().min(size)];
    let filled = size - rest.len();
    while !rest.is_empty() {
        let whole = (1..=rest.len()).rev().find(|end| draft.fits(&literal(&rest[..*end])));
        let (piece, after) = rest.split_at(whole.unwrap_or(rest.len()));
        draft.call(step, Part::Pack, literal(piece));
        rest = after;
    }
    if filled > 0 || size == 0 {
        draft.call(step, Part::Pack, extend(&format!("[0; {filled}]")));
    }
}

fn extend(bytes: &str) -> String {
    format!("data.extend({bytes});")
}

/// A number as an expression of its type, on which a method can be called.
fn number(value: &Value, code: Code) -> String {
    let kind = kind(code);
    match value {
        Value::Integer(number) if code.range().is_none() => format!("({number} as {kind})"),
        Value::Integer(number) if *number < 0 => format!("({number}_{kind})"),
        Value::Integer(number) => format!("{number}_{kind}"),
        Value::Float(number) if number.is_nan() => format!("{kind}::NAN"),
        Value::Float(number) if number.is_infinite() => {
            let sign = if *number < 0.0 { "NEG_" } else { "" };
            format!("{kind}::{sign}INFINITY")
        }
        Value::Float(number) => format!("({number:?}_{kind})"),
        Value::Bytes(_) => String::new(),
    }
}

fn slice(stretch: &Stretch, size: usize) -> String {
    match (stretch.from, stretch.to) {
        (0, to) if to == size => "data[..]".to_owned(),
        (0, to) => format!("data[..{to}]"),
        (from, to) if to == size => format!("data[{from}..]"),
        (from, to) => format!("data[{from}..{to}]"),
    }
}

fn kind(code: Code) -> &'static str {
    match code {
        Code::Int8 => "i8",
        Code::Uint8 | Code::Text | Code::Skip => "u8",
        Code::Int16 => "i16",
        Code::Uint16 => "u16",
        Code::Int32 => "i32",
        Code::Uint32 => "u32",
        Code::Int64 => "i64",
        Code::Uint64 => "u64",
        Code::Float => "f32",
        Code::Double => "f64",
    }
}

fn order(mark: Mark) -> &'static str {
    match mark {
        Mark::Native | Mark::NativeOrder => "ne",
        Mark::Little => "le",
        Mark::Big | Mark::Network => "be",
    }
}
