//! The screen, opened: which scenarios it lists, how it looks, and how it gets its runs.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::channel;

use super::configuration::Configuration;
use super::output::Output;
use super::{Exit, Failure, capture, live, open, target, why};
use crate::cli::{Args, RunArgs, Which};
use crate::config::Theme;
use crate::report::glyphs;
use crate::scenario::catalogue::embedded;
use crate::scenario::read::{LONGEST_FILE, read};
use crate::trace::Trace;
use crate::tui::app::picker::{Entry, Mistakes, Picker};
use crate::tui::app::{App, Appearance, Notice, Palette, SPEEDS};
use crate::tui::input::{Ended, Message};
use crate::tui::{self, ScreenError};
use crate::words::Lang;
use crate::words::commands as words;

/// What the screen is opened with.
pub struct Screen<'a> {
    pub args: &'a Args,
    pub configuration: &'a Configuration,
    pub output: &'a Output,
}

impl Screen<'_> {
    /// The list of scenarios.
    pub fn pick(&self) -> Result<Exit, Failure> {
        self.show(None, words::list_without_terminal, |_| Ok(()))
    }

    /// The list, with one scenario open.
    pub fn run(&self, args: &RunArgs) -> Result<Exit, Failure> {
        let (file, scenario) = open::scenario(&args.scenario, self.output)?;
        open::check_family(&scenario, args.ipv6, self.output)?;
        let scenario = open::linked(scenario, args.link, args.ipv6, self.output)?;
        let settings = open::settings(&scenario, &args.settings, self.output)?;
        if let Some(path) = &args.save {
            target::check_run(path, self.output)?;
        }
        capture::check(args, &scenario, &settings, self.output)?;
        self.show(Some(args), words::without_terminal, |app| {
            app.open(file, Arc::new(scenario), settings, args.stepped);
            Ok(())
        })
    }

    /// A saved run.
    pub fn replay(&self, trace: Trace) -> Result<Exit, Failure> {
        let lang = self.output.lang();
        self.show(None, words::without_terminal, |app| {
            app.replay(trace).map_err(|error| Failure::new(error.told(lang)))?;
            Ok(())
        })
    }

    fn show(
        &self,
        args: Option<&RunArgs>,
        instead: fn(Lang) -> String,
        prepare: impl FnOnce(&mut App) -> Result<(), Failure>,
    ) -> Result<Exit, Failure> {
        let lang = self.output.lang();
        let cannot_log = |error: tui::log::LogError| Failure::new(words::cannot_log(lang, &why::log(&error, lang)));
        let log = match &self.args.log {
            Some(path) => {
                target::check_log(path, self.output)?;
                Some(tui::log::to(path).map_err(cannot_log)?)
            }
            None => None,
        };
        let shown = self.open(args, instead, prepare);
        // The screen is given back by now.
        let logged = log.map_or(Ok(()), |log| log.end().map_err(cannot_log));
        match (shown, logged) {
            // Who ends the lab by a signal has that answered first; otherwise what is missing counts.
            (Ok(Exit::Held), Err(failure)) => Err(failure),
            (shown, Err(failure)) => {
                self.output.complain(&failure);
                shown
            }
            (shown, Ok(())) => shown,
        }
    }

    fn open(
        &self,
        args: Option<&RunArgs>,
        instead: fn(Lang) -> String,
        prepare: impl FnOnce(&mut App) -> Result<(), Failure>,
    ) -> Result<Exit, Failure> {
        let lang = self.output.lang();
        let (sender, messages) = channel::<Message>();
        let stage = live::Live::new(sender.clone(), args, self.output);
        let mut app = App::new(self.look(), self.picker(args), Box::new(stage));
        app.speed = self.speed();
        app.notice = shared_id(&app.picker.entries);
        prepare(&mut app)?;
        match tui::open(app, sender, &messages) {
            Ok(None) => Ok(Exit::Held),
            Ok(Some(Ended::Interrupted)) => Ok(Exit::Interrupted),
            Ok(Some(Ended::Quit)) => Ok(Exit::Quit),
            Ok(Some(Ended::Terminated)) => Ok(Exit::Terminated),
            Ok(Some(Ended::HungUp)) => Ok(Exit::HungUp),
            Err(ScreenError::NoTerminal) => Err(Failure::with_help(words::no_terminal(lang), instead(lang))),
            Err(error) => Err(Failure::new(words::cannot_show(lang, &why::screen(&error, lang)))),
        }
    }

    fn look(&self) -> Appearance {
        Appearance {
            lang: self.output.lang(),
            theme: self
                .args
                .theme
                .or(self.configuration.config.theme)
                .unwrap_or(Theme::Dark),
            color: palette(self.output.color(), &|name| std::env::var(name).ok()),
            ascii: self.output.look().glyphs == glyphs::ASCII,
        }
    }

    /// The speed next to the one that is wished for.
    fn speed(&self) -> usize {
        let wished = self.configuration.config.speed.unwrap_or(1.0);
        let distance = |(_, percent): &(&str, u32)| (100.0 / f64::from(*percent) - wished).abs();
        let nearest = SPEEDS
            .iter()
            .enumerate()
            .min_by(|(_, one), (_, other)| distance(one).total_cmp(&distance(other)));
        nearest.map_or(0, |(index, _)| index)
    }

    /// What comes with the lab, then the files of the command line, then those of the user's folder.
    fn picker(&self, args: Option<&RunArgs>) -> Picker {
        let mut entries: Vec<Entry> = embedded()
            .iter()
            .map(|embedded| entry(embedded.file.to_owned(), embedded.text, false))
            .collect();
        let mut files: Vec<PathBuf> = self.args.files.clone();
        if let Some(Which::File(file)) = args.map(|args| &args.scenario) {
            files.push(file.clone());
        }
        if let Some(folder) = &self.configuration.config.scenarios {
            files.extend(scenario_files(folder));
        }
        for file in files {
            let name = file.display().to_string();
            if entries.iter().any(|entry| entry.file == name) {
                continue;
            }
            entries.push(match open::text(&file, LONGEST_FILE, self.output.lang()) {
                Ok(text) => entry(name, &text, true),
                Err(error) => Entry {
                    read: Err(Mistakes::Unreadable(words::cannot_read(
                        self.output.lang(),
                        &name,
                        &open::why_unreadable(&error, self.output.lang()),
                    ))),
                    file: name,
                    own: true,
                },
            });
        }
        let cursor = entries
            .iter()
            .position(|entry| entry.own)
            .filter(|_| !self.args.files.is_empty());
        Picker {
            entries,
            cursor: cursor.unwrap_or(0),
            ..Picker::default()
        }
    }
}

/// The first two files that have the same id: one is the other's copy, and nobody sees which of them is ticked.
fn shared_id(entries: &[Entry]) -> Option<Notice> {
    let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
    entries.iter().find_map(|entry| {
        let id = entry.read.as_ref().ok()?.id.as_str();
        let first = seen.insert(id, &entry.file)?;
        Some(Notice::SharedId {
            id: id.to_owned(),
            files: [first.to_owned(), entry.file.clone()],
        })
    })
}

fn entry(file: String, text: &str, own: bool) -> Entry {
    let read = read(&file, text)
        .map(Arc::new)
        .map_err(|problems| Mistakes::Wrong(Arc::new(problems)));
    Entry { file, own, read }
}

/// The scenario files of a folder, by name; none if it cannot be read, which `lab doctor` says.
fn scenario_files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let mut files: Vec<PathBuf> = paths
        .filter(|path| path.extension().is_some_and(|end| end == "toml"))
        .collect();
    files.sort();
    files
}

/// How many colours the terminal has, by what it is called.
fn palette(color: bool, env: &dyn Fn(&str) -> Option<String>) -> Palette {
    let says =
        |name: &str, words: &[&str]| env(name).is_some_and(|value| words.iter().any(|word| value.contains(word)));
    if !color {
        Palette::None
    } else if says(
        "TERM",
        &[
            "256color",
            "truecolor",
            "kitty",
            "alacritty",
            "foot",
            "ghostty",
            "direct",
        ],
    ) || says("COLORTERM", &["truecolor", "24bit"])
    {
        Palette::Full
    } else {
        Palette::Sixteen
    }
}
