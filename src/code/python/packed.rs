//! Structs in Python: the module that the formats come from.

use super::super::Part;
use super::super::draft::Draft;
use super::super::literal;
use super::super::{Language, endpoint::Endpoint};
use crate::pack::{Format, Value};
use crate::scenario::PackedFormat;
use crate::words::{Lang, code as say};

/// Packs values and sends them.
pub(super) fn send(endpoint: &Endpoint<'_>, step: usize, packed: &PackedFormat, lang: Lang, draft: &mut Draft) {
    if let Some(other) = endpoint.unpacked_as(packed) {
        draft.comment(say::read_as(lang, other.text()));
    }
    if !packed.can_be_packed() {
        draft.comment(say::out_of_range(lang));
    }
    let format = text(&packed.format);
    let values: Vec<String> = packed.values.iter().map(value).collect();
    let call = format!("data = struct.pack({format}, {})", values.join(", "));
    if draft.fits(&call) {
        draft.call(step, Part::Pack, call);
    } else {
        draft.list("values = [", &values, "]");
        draft.call(step, Part::Pack, format!("data = struct.pack({format}, *values)"));
    }
    draft.call(step, Part::Send, "sock.sendall(data)");
}

/// Reads as many bytes as the format takes, and prints the values.
pub(super) fn read(step: usize, format: &Format, draft: &mut Draft) {
    let format = text(format);
    draft.code(format!("size = struct.calcsize({format})"));
    draft.code("data = recv_exactly(sock, size)");
    draft.call(step, Part::Unpack, format!("values = struct.unpack({format}, data)"));
    draft.code("for value in values:");
    draft.deeper(|draft| draft.code("print(value)"));
}

fn text(format: &Format) -> String {
    literal::text(Language::Python, format.text())
}

fn value(value: &Value) -> String {
    match value {
        Value::Integer(number) => number.to_string(),
        Value::Float(number) if number.is_finite() => format!("{number:?}"),
        Value::Float(number) => format!("float(\"{number}\")"),
        Value::Bytes(bytes) => literal::bytes(Language::Python, bytes),
    }
}
