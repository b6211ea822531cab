//! A header in JSON that announces a file: its name, its size, a digest, and what is to be done with it (RFC 8259).

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Fault, json};

/// What a header says of a file. Of what comes from a peer only the size is checked here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileHeader {
    /// What is to be done, where there is a choice.
    pub command: Option<String>,
    /// The file's name.
    pub name: String,
    /// Its length in bytes, which is that of the body.
    pub size: u64,
    /// Its SHA-256 in hex digits.
    pub sha256: Option<String>,
    /// Its MD5 in hex digits.
    pub md5: Option<String>,
}

/// As it comes from a peer; further fields are passed over, and a field that stands there twice is refused.
#[derive(Deserialize)]
struct Read {
    #[serde(default, rename = "cmd")]
    command: Option<String>,
    #[serde(default)]
    name: String,
    #[serde(default)]
    sha256: Option<String>,
    #[serde(default)]
    md5: Option<String>,
}

impl FileHeader {
    /// The JSON, spaced as most libraries space it.
    #[must_use]
    pub fn write(&self) -> Vec<u8> {
        let texts = [("cmd", self.command.as_deref()), ("name", Some(self.name.as_str()))];
        let digests = [("sha256", self.sha256.as_deref()), ("md5", self.md5.as_deref())];
        let written = |(key, value): (&str, Option<&str>)| Some((key.to_owned(), Value::from(value?)));
        let size = ("size".to_owned(), Value::from(self.size));
        let fields = texts.into_iter().filter_map(written).chain([size]);
        let fields: Map<String, Value> = fields.chain(digests.into_iter().filter_map(written)).collect();
        let field = |(key, value): (&String, &Value)| format!("\"{key}\": {value}");
        let fields: Vec<String> = fields.iter().map(field).collect();
        format!("{{{}}}", fields.join(", ")).into_bytes()
    }

    /// What a header says. How long it is must have been checked.
    ///
    /// # Errors
    /// If it is no JSON object, or has no size that is one.
    pub fn read(header: &[u8]) -> Result<Self, Fault> {
        let size = json::size(header)?;
        let read: Read = serde_json::from_slice(header).map_err(|_| Fault::BadJson)?;
        Ok(Self {
            command: read.command,
            name: read.name,
            size,
            sha256: read.sha256,
            md5: read.md5,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let header = FileHeader {
            command: Some("put".to_owned()),
            name: "a\u{0}\"粘.txt".to_owned(),
            size: u64::MAX,
            sha256: Some("ab".to_owned()),
            md5: None,
        };
        assert_eq!(FileHeader::read(&header.write()), Ok(header));
        let plain = FileHeader {
            name: "a".to_owned(),
            size: 5,
            ..FileHeader::default()
        };
        assert_eq!(plain.write(), br#"{"name": "a", "size": 5}"#);
    }

    #[test]
    fn what_is_none_is_refused() {
        for (header, fault) in [
            (&b"[]"[..], Fault::BadJson),
            (b"{\"size\": 1, \"name\": 7}", Fault::BadJson),
            (b"{\"size\": 1, \"name\": \"a\", \"name\": \"b\"}", Fault::BadJson),
            (b"{\"name\": \"a\"}", Fault::MissingField),
            (b"{\"name\": \"a\", \"size\": \"5\"}", Fault::BadSize),
            (b"{\"name\": \"a\", \"size\": -5}", Fault::Negative { length: -5 }),
        ] {
            assert_eq!(FileHeader::read(header), Err(fault));
        }
    }
}
