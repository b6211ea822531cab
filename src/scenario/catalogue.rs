//! The scenarios that come with the lab.

/// A scenario in the binary: its text, not yet read, so that starting costs nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Embedded {
    /// The scenario's id, which is also its file's name without `.toml`.
    pub id: &'static str,
    /// The file's name in `scenarios/`, for messages.
    pub file: &'static str,
    /// The file's text.
    pub text: &'static str,
}

/// All of them, in the order in which they are listed and taught.
#[must_use]
pub fn embedded() -> &'static [Embedded] {
    EMBEDDED
}

/// The one with this id.
#[must_use]
pub fn find(id: &str) -> Option<&'static Embedded> {
    EMBEDDED.iter().find(|embedded| embedded.id == id)
}

/// The table, one file a line, sorted by the `order` in the files.
macro_rules! embed {
    ($($id:literal),* $(,)?) => {
        &[$(Embedded {
            id: $id,
            file: concat!("scenarios/", $id, ".toml"),
            text: include_str!(concat!("../../scenarios/", $id, ".toml")),
        }),*]
    };
}

const EMBEDDED: &[Embedded] = embed!["nagle", "short-recv", "udp-truncation", "length-prefix"];
