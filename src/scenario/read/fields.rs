//! A table of the file, with its keys checked; and the notes that every part of the reader takes.

use std::collections::BTreeSet;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::scenario::nearest::nearest;
use crate::scenario::problem::{ShapeProblem, Wanted, What};
use crate::scenario::{Problem, Wording};

/// A value with its place.
pub(crate) type Value<'i> = Spanned<DeValue<'i>>;

/// Every key of the top level.
pub(super) const TOP: [&str; 25] = [
    "link",
    "wire",
    "id",
    "order",
    "group",
    "transport",
    "family",
    "covers",
    "words",
    "title",
    "sees",
    "why",
    "deadline_ms",
    "steps",
    "endpoints",
    "framing",
    "text",
    "formats",
    "commands",
    "files",
    "knobs",
    "contrast",
    "expect",
    "predict",
    "stop",
];

/// What has been found wrong so far.
pub(crate) struct Notes<'t> {
    /// The file's text.
    pub(super) text: &'t str,
    /// The problems, in the order of finding.
    pub(super) list: Vec<Problem>,
    /// Keys of the top level that stand in a table by mistake: reported there, so not missed at the top as well.
    pub(super) misplaced: BTreeSet<&'static str>,
    /// Texts that depend on the knobs, each with where its conditions stand.
    pub(super) wordings: Vec<(Wording, Vec<Range<usize>>)>,
    /// The knobs that something depends on.
    pub(super) used: BTreeSet<String>,
}

impl<'t> Notes<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self {
            text,
            list: Vec::new(),
            misplaced: BTreeSet::new(),
            wordings: Vec::new(),
            used: BTreeSet::new(),
        }
    }

    /// Notes a problem. `None`, so that a caller can return it.
    pub(crate) fn note<T>(&mut self, span: Range<usize>, what: impl Into<What>) -> Option<T> {
        self.list.push(Problem {
            span,
            what: what.into(),
        });
        None
    }

    /// Notes that a value has another type than it should.
    pub(super) fn wrong_type<T>(&mut self, value: &Value<'_>, wanted: Wanted) -> Option<T> {
        let found = value.get_ref().type_str();
        self.note(value.span(), ShapeProblem::WrongType { wanted, found })
    }

    /// Below a lone `[endpoints]` or `[knobs]` header every key would be a name. One that has a name of the top
    /// level, and is no table or one of texts, was meant for there.
    pub(super) fn is_misplaced(&mut self, (key, span): (&str, Range<usize>), value: &Value<'_>) -> bool {
        let is_text = value.get_ref().get("en").is_some() || value.get_ref().get("zh").is_some();
        if (value.get_ref().is_table() && !is_text) || !TOP.contains(&key) {
            return false;
        }
        let above = self.text.get(..span.start).unwrap_or_default();
        let header = above.rfind("\n[").map_or(0, |at| at + 1);
        self.unknown_key((key, span), header..header, &[]);
        true
    }

    /// Notes a key that may not stand in a table.
    pub(super) fn unknown_key(&mut self, (key, span): (&str, Range<usize>), table: Range<usize>, known: &[&str]) {
        // A table with a header takes whatever stands below it, also what was meant for the top level.
        let headed = self.text.as_bytes().get(table.start) == Some(&b'[');
        if headed && let Some(top) = TOP.iter().find(|top| **top == key) {
            self.misplaced.insert(top);
            let key = key.to_owned();
            self.note::<()>(span, ShapeProblem::BelongsOnTop { key });
            return;
        }
        let unknown = ShapeProblem::UnknownKey {
            key: key.to_owned(),
            known: owned(known),
        };
        self.note::<()>(span, unknown);
    }
}

/// The entries of a table in the order of the file.
pub(super) fn entries<'v, 'i>(table: &'v DeTable<'i>) -> Vec<(&'v str, Range<usize>, &'v Value<'i>)> {
    let mut entries: Vec<_> = table
        .iter()
        .map(|(key, value)| (key.get_ref().as_ref(), key.span(), value))
        .collect();
    entries.sort_by_key(|(_, span, _)| span.start);
    entries
}

/// A table whose keys are known. Keys that are not are noted when it is opened, keys that are missing when it is
/// closed: one message for all of them.
pub(crate) struct Fields<'v, 'i> {
    table: &'v DeTable<'i>,
    span: Range<usize>,
    missing: Vec<&'static str>,
    /// What keys that are unknown were probably meant to be: not missed as well.
    guessed: Vec<String>,
}

impl<'v, 'i> Fields<'v, 'i> {
    /// Notes every key that is none of `known`. `None` if this is no table.
    pub(crate) fn open(value: &'v Value<'i>, known: &[&str], wanted: Wanted, notes: &mut Notes<'_>) -> Option<Self> {
        let DeValue::Table(table) = value.get_ref() else {
            return notes.wrong_type(value, wanted);
        };
        Some(Self::over(table, value.span(), known, notes))
    }

    /// The same for a table at hand.
    pub(crate) fn over(table: &'v DeTable<'i>, span: Range<usize>, known: &[&str], notes: &mut Notes<'_>) -> Self {
        let mut guessed = Vec::new();
        for (key, key_span, _) in entries(table) {
            if !known.contains(&key) {
                notes.unknown_key((key, key_span), span.clone(), known);
                guessed.extend(nearest(key, known.iter().copied()).map(str::to_owned));
            }
        }
        Self {
            table,
            span,
            missing: Vec::new(),
            guessed,
        }
    }

    /// Where the table stands.
    pub(super) fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// A key that may be left out.
    pub(crate) fn get(&self, key: &str) -> Option<&'v Value<'i>> {
        self.table.get(key)
    }

    /// Where a key stands.
    pub(super) fn key_span(&self, key: &str) -> Option<Range<usize>> {
        self.table.get_key_value(key).map(|(key, _)| key.span())
    }

    /// A key that must be there.
    pub(super) fn need(&mut self, key: &'static str) -> Option<&'v Value<'i>> {
        let value = self.table.get(key);
        if value.is_none() {
            self.missing.push(key);
        }
        value
    }

    /// Whether a key that is unknown was probably meant to be one of these.
    pub(super) fn has_slip(&self, keys: &[&str]) -> bool {
        self.guessed.iter().any(|guessed| keys.contains(&guessed.as_str()))
    }

    /// Notes the keys that were needed and not there.
    pub(super) fn close(mut self, notes: &mut Notes<'_>) {
        let excused = |key: &str| notes.misplaced.contains(key) || self.guessed.iter().any(|guessed| guessed == key);
        self.missing.retain(|key| !excused(key));
        if !self.missing.is_empty() {
            let keys = owned(&self.missing);
            notes.note::<()>(self.span, ShapeProblem::MissingKeys { keys });
        }
    }
}

/// Names as a problem keeps them.
pub(super) fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}
