//! A header in JSON: an object whose `size` is the length of the body in bytes (RFC 8259).

use serde::Deserialize;

use super::Fault;

/// As it comes from a peer; further fields are passed over. A field that stands there twice is refused: two readers could choose differently.
#[derive(Deserialize)]
struct Read {
    #[serde(default, rename = "name")]
    _name: Option<String>,
    #[serde(default, deserialize_with = "present")]
    size: Option<serde_json::Value>,
}

/// A field that is `null` is there.
fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<serde_json::Value>, D::Error> {
    serde_json::Value::deserialize(deserializer).map(Some)
}

/// The header of a body with this name that says this size, spaced as most libraries space it.
pub(super) fn write(name: Option<&str>, size: i64) -> Vec<u8> {
    let header = match name {
        Some(name) => format!("{{\"name\": {}, \"size\": {size}}}", serde_json::Value::from(name)),
        None => format!("{{\"size\": {size}}}"),
    };
    header.into_bytes()
}

/// The size that a header says. Its length is limited by the caller, and how deep it nests by the parser (128).
pub(super) fn size(header: &[u8]) -> Result<u64, Fault> {
    let is_object = header.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{');
    if !is_object {
        return Err(Fault::BadJson);
    }
    let header: Read = serde_json::from_slice(header).map_err(|_| Fault::BadJson)?;
    let size = header.size.ok_or(Fault::MissingField)?;
    match (size.as_u64(), size.as_i64()) {
        (Some(size), _) => Ok(size),
        (None, Some(length)) => Err(Fault::Negative { length }),
        // A text, a fraction, a number beyond 64 bits.
        (None, None) => Err(Fault::BadSize),
    }
}
