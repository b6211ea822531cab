//! The list of scenarios: groups in teaching order, one's own files, a filter that is typed.

use std::sync::Arc;

use crate::scenario::catalogue::heading;
use crate::scenario::{Problems, Scenario};
use crate::words::Lang;

/// A scenario that can be opened, or a file that should be one.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The file's name.
    pub file: String,
    /// It does not come with the lab.
    pub own: bool,
    /// The scenario, or what is wrong with the file.
    pub read: Result<Arc<Scenario>, Mistakes>,
}

/// What is wrong with a file.
#[derive(Debug, Clone)]
pub enum Mistakes {
    /// It is no scenario.
    Wrong(Arc<Problems>),
    /// It cannot be read at all: why, in the language that the lab was started in.
    Unreadable(String),
}

impl Mistakes {
    /// What is wrong, as lines with a caret where there is a place for one.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        match self {
            Self::Wrong(problems) => problems.render(lang, false),
            Self::Unreadable(why) => why.clone(),
        }
    }
}

/// The list and the place in it.
#[derive(Debug, Clone, Default)]
pub struct Picker {
    /// All of it, in order: what comes with the lab by group, then own files.
    pub entries: Vec<Entry>,
    /// What has been typed.
    pub filter: String,
    /// Index into what is visible.
    pub cursor: usize,
}

/// Longest filter, in characters.
const LONGEST_FILTER: usize = 40;

impl Picker {
    /// Indices of the entries that the filter lets through.
    #[must_use]
    pub fn visible(&self) -> Vec<usize> {
        let words: Vec<&str> = self.filter.split_whitespace().collect();
        (0..self.entries.len())
            .filter(|index| self.entries[*index].is_found_by(&words))
            .collect()
    }

    /// The entry the cursor is at.
    #[must_use]
    pub fn chosen(&self) -> Option<&Entry> {
        self.entries.get(*self.visible().get(self.cursor)?)
    }

    /// Moves the cursor.
    pub fn move_by(&mut self, by: isize) {
        let last = self.visible().len().saturating_sub(1);
        self.cursor = self.cursor.saturating_add_signed(by).min(last);
    }

    /// Adds to the filter.
    pub fn type_text(&mut self, text: &str) {
        let room = LONGEST_FILTER.saturating_sub(self.filter.chars().count());
        self.filter.extend(text.chars().filter(|c| !c.is_control()).take(room));
        self.go_to_the_named();
    }

    /// Takes the last character away.
    pub fn delete_last(&mut self) {
        self.filter.pop();
        self.go_to_the_named();
    }

    /// Puts the cursor on the entry whose name begins with what has been typed, else on the first one: many more are found
    /// by a word than are called by it.
    fn go_to_the_named(&mut self) {
        let typed = self.filter.trim().to_lowercase();
        let is_named = |index: &usize| !typed.is_empty() && self.entries[*index].name().starts_with(&typed);
        self.cursor = self.visible().iter().position(is_named).unwrap_or(0);
    }

    /// Shows everything again.
    pub fn clear_filter(&mut self) {
        self.filter.clear();
        self.cursor = 0;
    }

    /// Puts the cursor on the entry of a file, if it is there.
    pub fn choose(&mut self, file: &str) {
        self.filter.clear();
        if let Some(index) = self.entries.iter().position(|entry| entry.file == file) {
            self.cursor = index;
        }
    }
}

impl Entry {
    /// By what it is opened.
    fn name(&self) -> &str {
        self.read.as_ref().map_or(&self.file, |scenario| &scenario.id)
    }

    /// The heading it stands under.
    #[must_use]
    pub fn heading(&self, lang: Lang) -> String {
        match &self.read {
            Ok(scenario) if !self.own => heading(scenario.group, lang),
            _ => heading(None, lang),
        }
    }

    /// Whether a filter lets it through: by what is shown of it, or by what else is to be known of the scenario.
    fn is_found_by(&self, words: &[&str]) -> bool {
        let shown = match &self.read {
            Ok(_) if !self.own => String::new(),
            _ => format!("{}\n{}\n{}", self.heading(Lang::En), self.heading(Lang::Zh), self.file).to_lowercase(),
        };
        words.iter().all(|word| {
            let scenario = self.read.as_ref().ok();
            shown.contains(&word.to_lowercase()) || scenario.is_some_and(|scenario| scenario.is_found_by([*word]))
        })
    }
}

#[cfg(test)]
mod tests;
