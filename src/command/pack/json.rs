//! A format with its bytes, for programs.

use serde_json::{Value as Json, json};

use super::super::output::Output;
use super::super::{Exit, Failure};
use super::Packed;
use crate::pack::{Owner, Value};
use crate::scenario::packed;

impl Packed {
    /// Prints it, and the same under the other marks.
    pub(super) fn json(&self, others: &[Self], output: &Output) -> Result<Exit, Failure> {
        let mut described = self.describe();
        if let Json::Object(described) = &mut described {
            let others = others.iter().map(Self::describe).collect();
            described.insert("other_marks".to_owned(), Json::Array(others));
        }
        output.json(&described)
    }

    fn describe(&self) -> Json {
        let layout = self.format.layout();
        let stretches = layout.iter().map(|stretch| {
            let mut described = match stretch.owner {
                Owner::Field(field) => json!({
                    "field": field.number,
                    "code": packed::code_of(field),
                    "value": self.values.get(field.number - 1).map(machine_readable),
                }),
                Owner::Padding => json!({ "padding": "alignment" }),
                Owner::Written => json!({ "padding": "x" }),
            };
            described["from"] = json!(stretch.from);
            described["to"] = json!(stretch.to);
            described
        });
        json!({
            "format": self.format.text(),
            "byte_order": if self.format.mark().is_big_endian() { "big" } else { "little" },
            "size": self.format.size(),
            "hex": hex::encode(&self.bytes),
            "layout": stretches.collect::<Vec<_>>(),
        })
    }
}

/// A number if JSON has one that is the same; else a text. Bytes are hex.
fn machine_readable(value: &Value) -> Json {
    match value {
        Value::Integer(number) => i64::try_from(*number)
            .map(Json::from)
            .or_else(|_| u64::try_from(*number).map(Json::from))
            .unwrap_or_else(|_| Json::from(number.to_string())),
        Value::Float(number) if number.is_finite() => json!(number),
        Value::Float(number) => Json::from(number.to_string()),
        Value::Bytes(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => json!({ "hex": hex::encode(bytes), "text": text }),
            Err(_) => json!({ "hex": hex::encode(bytes) }),
        },
    }
}
