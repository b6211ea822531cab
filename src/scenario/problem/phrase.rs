//! The parts that sentences about problems are made of.

use crate::scenario::Text;
use crate::scenario::nearest::nearest;

/// Characters of a name that are shown. A file can hold a name of any length; a message cannot.
const SHOWN: usize = 60;
/// Names of a list that are shown.
const LISTED: usize = 32;

/// The same in both languages.
pub(super) fn said(en: impl Into<String>, zh: impl Into<String>) -> Text {
    Text {
        en: en.into(),
        zh: zh.into(),
    }
}

/// A word from the file in backquotes, shortened if need be.
pub(super) fn word(word: &str) -> String {
    if word.is_empty() {
        return "\"\"".to_owned();
    }
    let mut shown: String = word.chars().take(SHOWN).collect();
    if shown.len() < word.len() {
        shown.push('…');
    }
    format!("`{shown}`")
}

/// Names in backquotes, one after the other.
pub(super) fn listed<S: AsRef<str>>(names: &[S]) -> Text {
    let mut shown: Vec<String> = names.iter().take(LISTED).map(|name| word(name.as_ref())).collect();
    if names.len() > LISTED {
        shown.push("…".to_owned());
    }
    said(shown.join(", "), shown.join("、"))
}

/// "did you mean …?", or what there is to choose from.
pub(super) fn meant<S: AsRef<str>>(typed: &str, known: &[S], there_are: &Text) -> Option<Text> {
    if let Some(near) = nearest(typed, known.iter().map(AsRef::as_ref)) {
        return Some(said(
            format!("did you mean {}?", word(near)),
            format!("是不是想写 {}？", word(near)),
        ));
    }
    if known.is_empty() {
        return None;
    }
    let names = listed(known);
    Some(said(
        format!("{}: {}", there_are.en, names.en),
        format!("{}：{}", there_are.zh, names.zh),
    ))
}

/// "1 byte", "2 bytes".
pub(super) fn count(n: impl Into<u128>, one: &str) -> String {
    let n = n.into();
    if n == 1 {
        format!("1 {one}")
    } else {
        format!("{n} {one}s")
    }
}
