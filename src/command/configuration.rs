//! The user's configuration file, found and read before the arguments: it can name the language that help and errors
//! are told in.

use std::io;
use std::path::PathBuf;

use super::output::Output;
use super::{Failure, open};
use crate::config::LONGEST_FILE;
use crate::config::{self, Config, Env};
use crate::scenario::Problems;
use crate::words::Lang;
use crate::words::commands as words;

/// What the user's configuration says, and where it came from.
#[derive(Debug, Default)]
pub struct Configuration {
    /// What it says; nothing if there is no file or it was refused.
    pub config: Config,
    /// Where the file is, or would be; `None` if neither XDG_CONFIG_HOME nor HOME is set.
    pub file: Option<PathBuf>,
    /// Whether it was read.
    pub outcome: Outcome,
}

/// Whether the file was read.
#[derive(Debug, Default)]
pub enum Outcome {
    /// There is none.
    #[default]
    Absent,
    /// It was.
    Read,
    /// It is there, but it cannot be read as a file.
    Unreadable(io::Error),
    /// It has mistakes.
    Wrong(Problems),
}

impl Configuration {
    /// Looks for the file and reads it. `lang` is the language as far as it is known without it.
    pub fn load(env: Env<'_>, lang: Lang) -> Self {
        let Some(file) = config::path(env) else {
            return Self::default();
        };
        let (config, outcome) = match open::text(&file, LONGEST_FILE, lang) {
            Ok(text) => match config::read(&file.display().to_string(), &text) {
                Ok(config) => (config, Outcome::Read),
                Err(problems) => (Config::default(), Outcome::Wrong(problems)),
            },
            // A home that is no folder, such as /dev/null, has no files either.
            Err(error) if [io::ErrorKind::NotFound, io::ErrorKind::NotADirectory].contains(&error.kind()) => {
                (Config::default(), Outcome::Absent)
            }
            Err(error) => (Config::default(), Outcome::Unreadable(error)),
        };
        Self {
            config: config.settled(&file, env, &|path| path.is_dir()),
            file: Some(file),
            outcome,
        }
    }

    /// Refuses to go on with a file that has mistakes: what the user wished for would be ignored without a word.
    pub fn demand(&self, output: &Output) -> Result<(), Failure> {
        let lang = output.lang();
        match &self.outcome {
            Outcome::Absent | Outcome::Read => Ok(()),
            // A file that is somebody else's says nothing of what this user wished for: the lab works without it.
            Outcome::Unreadable(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                let name = self
                    .file
                    .as_ref()
                    .map_or_else(String::new, |file| file.display().to_string());
                let why = open::why_unreadable(error, lang);
                Output::warn(&words::config_left_out(lang, &name, &why));
                Ok(())
            }
            Outcome::Unreadable(error) => {
                let name = self
                    .file
                    .as_ref()
                    .map_or_else(String::new, |file| file.display().to_string());
                Err(Failure::new(words::cannot_read(
                    lang,
                    &name,
                    &open::why_unreadable(error, lang),
                )))
            }
            Outcome::Wrong(problems) => Err(Failure::bare(problems.render(lang, output.color()))),
        }
    }

    /// Where the configuration came from, for a person.
    pub fn told(&self, lang: Lang) -> String {
        let Some(file) = &self.file else {
            return words::config_nowhere(lang);
        };
        let file = file.display().to_string();
        match self.outcome {
            Outcome::Absent => words::config_absent(lang, &file),
            Outcome::Read => words::config_read(lang, &file),
            Outcome::Unreadable(_) | Outcome::Wrong(_) => words::config_refused(lang, &file),
        }
    }

    /// Whether there is a file that was refused.
    pub fn is_refused(&self) -> bool {
        matches!(self.outcome, Outcome::Unreadable(_) | Outcome::Wrong(_))
    }
}
