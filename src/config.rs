//! What a user always wants the same: a file in TOML that is read at every start. Every key may be left out, and what
//! is given on the command line or in the environment counts more.

mod read;
#[cfg(test)]
mod tests;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

pub use read::{FASTEST, LONGEST_FILE, SLOWEST, read};

use crate::scenario::Named;
use crate::words::Lang;

/// The wishes of a user; `None` is no wish.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Config {
    /// Language of everything that is said.
    pub lang: Option<Lang>,
    /// Colours of the screen.
    pub theme: Option<Theme>,
    /// How fast playback goes: 2 is twice as fast as 1. From [`SLOWEST`] to [`FASTEST`].
    pub speed: Option<f64>,
    /// What is drawn with.
    pub glyphs: Option<Glyphs>,
    /// The folder of the user's own scenarios: as [`read`] finds it in the file, and after [`Config::settled`] as the
    /// program can open it.
    pub scenarios: Option<PathBuf>,
}

/// Colours of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    /// For a dark background.
    Dark,
    /// For a light one.
    Light,
}

/// What is drawn with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Glyphs {
    /// Lines, arrows and dots.
    Unicode,
    /// Nothing but ASCII, as with `--ascii`.
    Ascii,
}

/// Looks a variable of the environment up.
pub type Env<'e> = &'e dyn Fn(&str) -> Option<OsString>;

/// Where the file belongs: `$XDG_CONFIG_HOME/lab/config.toml`, else `$HOME/.config/lab/config.toml` (XDG Base
/// Directory Specification). A variable that is empty or a relative path counts as not set. `None` if neither is set.
#[must_use]
pub fn path(env: Env<'_>) -> Option<PathBuf> {
    let folder = |name| env(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let configs = folder("XDG_CONFIG_HOME").or_else(|| Some(folder("HOME")?.join(".config")));
    Some(configs?.join("lab").join("config.toml"))
}

impl Config {
    /// The same with a folder of scenarios that can be opened: `~` is the home folder, a relative path begins at the
    /// folder of `file`, where the configuration is or would be. If the file names none, it is the folder `scenarios`
    /// beside it, if `is_folder` says that there is one.
    #[must_use]
    pub fn settled(self, file: &Path, env: Env<'_>, is_folder: &dyn Fn(&Path) -> bool) -> Self {
        let beside = file.parent().unwrap_or(Path::new(""));
        let scenarios = match self.scenarios {
            None => Some(beside.join("scenarios")).filter(|path| is_folder(path)),
            Some(named) => {
                let home = env("HOME").filter(|home| !home.is_empty());
                let below_home = named.strip_prefix("~").ok().zip(home);
                Some(match below_home {
                    Some((rest, home)) => PathBuf::from(home).join(rest),
                    None => beside.join(named),
                })
            }
        };
        Self { scenarios, ..self }
    }
}

impl Named for Theme {
    const NAMES: &'static [(&'static str, Self)] = &[("dark", Self::Dark), ("light", Self::Light)];
}

impl Named for Glyphs {
    const NAMES: &'static [(&'static str, Self)] = &[("unicode", Self::Unicode), ("ascii", Self::Ascii)];
}

impl Named for Lang {
    const NAMES: &'static [(&'static str, Self)] = &[("en", Self::En), ("zh", Self::Zh)];
}
