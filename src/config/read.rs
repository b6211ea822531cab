//! Reads the file. It is no more to be trusted than a scenario: every length has a limit.

use std::path::PathBuf;

use toml::de::DeTable;

use super::Config;
use crate::scenario::Problems;
use crate::scenario::problem::{ShapeProblem, Wanted};
use crate::scenario::read::{Fields, Notes, document};

/// Longest file, in bytes.
pub const LONGEST_FILE: usize = 64 * 1024;
/// Slowest playback.
pub const SLOWEST: f64 = 0.25;
/// Fastest playback.
pub const FASTEST: f64 = 8.0;

/// Reads the configuration in `text`; `name` is the file's name, for messages.
///
/// # Errors
/// Everything that is wrong with the file.
pub fn read(name: &str, text: &str) -> Result<Config, Problems> {
    document(name, text, LONGEST_FILE, |document, notes| {
        Some(config(document, notes))
    })
}

const KEYS: [&str; 5] = ["language", "theme", "speed", "glyphs", "scenarios"];

/// What is wrong is noted, and a file with notes is refused.
fn config(document: &DeTable<'_>, notes: &mut Notes<'_>) -> Config {
    let fields = Fields::over(document, 0..0, &KEYS, notes);
    Config {
        lang: fields.get("language").and_then(|value| notes.named(value)),
        theme: fields.get("theme").and_then(|value| notes.named(value)),
        speed: fields
            .get("speed")
            .and_then(|value| notes.decimal(value, &(SLOWEST..=FASTEST))),
        glyphs: fields.get("glyphs").and_then(|value| notes.named(value)),
        scenarios: fields.get("scenarios").and_then(|value| {
            let path = notes.string(value, Wanted::String)?;
            if path.is_empty() {
                return notes.note(value.span(), ShapeProblem::Empty);
            }
            Some(PathBuf::from(path))
        }),
    }
}
