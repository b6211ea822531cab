//! Single values: texts, numbers, names, bytes, and values that may come from a knob.

use std::ops::{Range, RangeInclusive};

use toml::de::DeValue;

use super::fields::{Fields, Notes, Value, owned};
use super::knobs::Knobs;
use crate::scenario::condition::{RESERVED, is_word};
use crate::scenario::problem::{Counted, KindName, KnobProblem, Role, ShapeProblem, Wanted};
use crate::scenario::{Arg, Condition, KnobKind, Named, Text};
use crate::words::Lang;

impl Notes<'_> {
    pub(crate) fn string<'v>(&mut self, value: &'v Value<'_>, wanted: Wanted) -> Option<&'v str> {
        match value.get_ref() {
            DeValue::String(text) => Some(text),
            _ => self.wrong_type(value, wanted),
        }
    }

    pub(super) fn toggle(&mut self, value: &Value<'_>) -> Option<bool> {
        match value.get_ref() {
            DeValue::Boolean(on) => Some(*on),
            _ => self.wrong_type(value, Wanted::Toggle),
        }
    }

    /// A whole number in a range.
    pub(super) fn number(&mut self, value: &Value<'_>, range: &RangeInclusive<u64>, wanted: Wanted) -> Option<u64> {
        let DeValue::Integer(number) = value.get_ref() else {
            return self.wrong_type(value, wanted);
        };
        // What does not fit into 64 bits, or is negative, is out of every range.
        match u64::from_str_radix(number.as_str(), number.radix()) {
            Ok(number) if range.contains(&number) => Some(number),
            _ => self.note(
                value.span(),
                ShapeProblem::OutOfRange {
                    value: number.to_string(),
                    min: range.start().to_string(),
                    max: range.end().to_string(),
                },
            ),
        }
    }

    /// A number in a range, with or without a point.
    pub(crate) fn decimal(&mut self, value: &Value<'_>, range: &RangeInclusive<f64>) -> Option<f64> {
        let (written, number) = match value.get_ref() {
            DeValue::Integer(number) if number.radix() == 10 => (number.to_string(), number.as_str().parse()),
            DeValue::Float(number) => (number.to_string(), number.as_str().parse()),
            _ => return self.wrong_type(value, Wanted::Decimal),
        };
        // NaN is in no range.
        match number {
            Ok(number) if range.contains(&number) => Some(number),
            _ => self.note(
                value.span(),
                ShapeProblem::OutOfRange {
                    value: written,
                    min: range.start().to_string(),
                    max: range.end().to_string(),
                },
            ),
        }
    }

    /// Notes a number that may be negative and is out of its range.
    pub(super) fn out_of_range<T>(
        &mut self,
        value: &Value<'_>,
        written: String,
        range: RangeInclusive<i64>,
    ) -> Option<T> {
        let outside = ShapeProblem::OutOfRange {
            value: written,
            min: range.start().to_string(),
            max: range.end().to_string(),
        };
        self.note(value.span(), outside)
    }

    /// A number that counts messages or reads: from 1.
    pub(super) fn ordinal(&mut self, value: &Value<'_>) -> Option<u32> {
        let number = self.number(value, &(1..=100_000), Wanted::Number)?;
        u32::try_from(number).ok()
    }

    /// A list with so many items, each with its place.
    pub(super) fn list<'v, 'i>(
        &mut self,
        value: &'v Value<'i>,
        of: Counted,
        range: RangeInclusive<usize>,
    ) -> Option<&'v [Value<'i>]> {
        let items = self.items(value)?;
        if !range.contains(&items.len()) {
            let wrong = ShapeProblem::WrongLength {
                of,
                found: items.len(),
                min: *range.start(),
                max: *range.end(),
            };
            self.note::<()>(value.span(), wrong);
            // The first ones are read all the same, as far as they count.
            return items.get(..items.len().min(*range.end()));
        }
        Some(items)
    }

    /// A list of any length.
    pub(super) fn items<'v, 'i>(&mut self, value: &'v Value<'i>) -> Option<&'v [Value<'i>]> {
        match value.get_ref() {
            DeValue::Array(items) => Some(items),
            _ => self.wrong_type(value, Wanted::List),
        }
    }

    /// A text in both languages.
    pub(super) fn translated(&mut self, value: &Value<'_>) -> Option<Text> {
        let fields = Fields::open(value, &["en", "zh"], Wanted::Translated, self)?;
        self.translation(&fields)
    }

    /// Both languages of a table that is open.
    pub(super) fn translation(&mut self, fields: &Fields<'_, '_>) -> Option<Text> {
        let mut one = |key: &str, lang: Lang| match fields.get(key) {
            None if fields.has_slip(&[key]) => None,
            None => self.note(fields.span(), ShapeProblem::MissingTranslation { lang }),
            Some(value) => {
                let text = self.string(value, Wanted::String)?;
                if text.trim().is_empty() {
                    return self.note(value.span(), ShapeProblem::EmptyTranslation { lang });
                }
                Some(text.to_owned())
            }
        };
        let (en, zh) = (one("en", Lang::En), one("zh", Lang::Zh));
        Some(Text { en: en?, zh: zh? })
    }

    /// One of the names of `T`.
    pub(crate) fn named<T: Named>(&mut self, value: &Value<'_>) -> Option<T> {
        let word = self.string(value, Wanted::String)?;
        self.among(word, value.span(), T::NAMES)
    }

    /// The value that a word stands for.
    pub(super) fn among<T: Copy>(&mut self, word: &str, span: Range<usize>, names: &[(&str, T)]) -> Option<T> {
        if let Some((_, value)) = names.iter().find(|(name, _)| *name == word) {
            return Some(*value);
        }
        let word = word.to_owned();
        let allowed = names.iter().map(|(name, _)| (*name).to_owned()).collect();
        self.note(span, ShapeProblem::NotOneOf { word, allowed })
    }

    /// A word that can name something.
    pub(super) fn name(&mut self, name: &str, span: Range<usize>, role: Role) -> Option<String> {
        if role.accepts(name) {
            return Some(name.to_owned());
        }
        let name = name.to_owned();
        self.note(span, ShapeProblem::BadName { role, name })
    }

    /// Bytes: a string, or `{ hex = "0aff" }`.
    pub(super) fn bytes(&mut self, value: &Value<'_>) -> Option<Vec<u8>> {
        if let DeValue::String(text) = value.get_ref() {
            return Some(text.as_bytes().to_vec());
        }
        let mut fields = Fields::open(value, &["hex"], Wanted::Bytes, self)?;
        let hex = fields.need("hex").and_then(|value| self.hex(value));
        fields.close(self);
        hex
    }

    /// Hex digits in pairs; space between them is allowed.
    pub(super) fn hex(&mut self, value: &Value<'_>) -> Option<Vec<u8>> {
        let digits = self.string(value, Wanted::String)?.replace(' ', "");
        match hex::decode(digits) {
            Ok(bytes) => Some(bytes),
            Err(_) => self.note(value.span(), ShapeProblem::BadHex),
        }
    }

    /// Not exactly one of these keys: what to say then.
    pub(super) fn not_exactly_one<T>(&mut self, span: Range<usize>, keys: &[&str]) -> Option<T> {
        self.note(span, ShapeProblem::NotExactlyOne { keys: owned(keys) })
    }

    /// A `when`; left out, it always holds.
    pub(super) fn when(&mut self, value: Option<&Value<'_>>, knobs: &Knobs) -> Option<Condition> {
        let Some(value) = value else {
            return Some(Condition::default());
        };
        let text = self.string(value, Wanted::String)?;
        let whole = value.span();
        let words = text.split(|c: char| !c.is_alphanumeric() && c != '-' && c != '_');
        self.used
            .extend(words.filter(|word| knobs.find(word).is_some()).map(str::to_owned));
        match crate::scenario::condition::parse(text, &knobs.known()) {
            Ok(condition) => Some(condition),
            Err(faults) => {
                let offset = self.offset(&whole, text);
                for fault in faults {
                    let span = match offset {
                        Some(offset) => fault.span.start + offset..fault.span.end + offset,
                        None => whole.clone(),
                    };
                    self.note::<()>(span, fault.what);
                }
                None
            }
        }
    }

    /// Where the text of a string begins in the file, if it stands there as it is, without an escape.
    pub(super) fn offset(&self, span: &Range<usize>, text: &str) -> Option<usize> {
        let raw = self.text.get(span.clone())?;
        [3, 1].into_iter().find_map(|quotes| {
            let inner = raw.get(quotes..raw.len().checked_sub(quotes)?)?;
            (inner == text).then_some(span.start + quotes)
        })
    }

    /// A number, or `"$knob"`.
    pub(super) fn number_arg(
        &mut self,
        value: &Value<'_>,
        range: &RangeInclusive<u64>,
        wanted: Wanted,
        knobs: &Knobs,
    ) -> Option<Arg<u64>> {
        let Some(name) = knob_name(value) else {
            return self.number(value, range, wanted).map(Arg::Fixed);
        };
        match self.knob(name, value.span(), KindName::Number, knobs)? {
            KnobKind::Number { min, max, .. } if range.contains(min) && range.contains(max) => {}
            KnobKind::Number { min, max, .. } => {
                let wide = KnobProblem::TooWide {
                    name: name.to_owned(),
                    range: (*min, *max),
                    allowed: (*range.start(), *range.end()),
                };
                return self.note(value.span(), wide);
            }
            _ => {}
        }
        Some(Arg::Knob(name.to_owned()))
    }

    /// `true`, `false`, or `"$knob"`.
    pub(super) fn toggle_arg(&mut self, value: &Value<'_>, knobs: &Knobs) -> Option<Arg<bool>> {
        match (value.get_ref(), knob_name(value)) {
            (DeValue::Boolean(on), _) => Some(Arg::Fixed(*on)),
            (_, Some(name)) => {
                self.knob(name, value.span(), KindName::Toggle, knobs)?;
                Some(Arg::Knob(name.to_owned()))
            }
            _ => self.wrong_type(value, Wanted::ToggleOrKnob),
        }
    }

    /// `"$knob"` of a knob that is a file, with the letters that are its default.
    pub(super) fn file_knob(&mut self, value: &Value<'_>, knobs: &Knobs) -> Option<(Arg<u64>, u64)> {
        let Some(name) = knob_name(value) else {
            return self.wrong_type(value, Wanted::FileOrKnob);
        };
        match self.knob(name, value.span(), KindName::File, knobs)? {
            KnobKind::File { letters } => Some((Arg::Knob(name.to_owned()), *letters)),
            _ => None,
        }
    }

    /// A text that is not empty, or `"$knob"` of a knob that offers words.
    pub(super) fn text_arg(&mut self, value: &Value<'_>, knobs: &Knobs) -> Option<Arg<String>> {
        if let Some(name) = knob_name(value) {
            self.knob(name, value.span(), KindName::Choice, knobs)?;
            return Some(Arg::Knob(name.to_owned()));
        }
        match self.string(value, Wanted::String)? {
            "" => self.note(value.span(), ShapeProblem::Empty),
            text => Some(Arg::Fixed(text.to_owned())),
        }
    }

    /// The name of something, or `"$knob"` of a knob that offers words.
    pub(super) fn name_arg(&mut self, value: &Value<'_>, role: Role, knobs: &Knobs) -> Option<Arg<String>> {
        if let Some(name) = knob_name(value) {
            self.knob(name, value.span(), KindName::Choice, knobs)?;
            return Some(Arg::Knob(name.to_owned()));
        }
        let word = self.string(value, Wanted::String)?;
        self.name(word, value.span(), role).map(Arg::Fixed)
    }

    /// One of the names of `T`, or `"$knob"` of a knob that offers nothing but such names.
    pub(super) fn named_arg<T: Named>(&mut self, key: &str, value: &Value<'_>, knobs: &Knobs) -> Option<Arg<T>> {
        let Some(name) = knob_name(value) else {
            return self.named(value).map(Arg::Fixed);
        };
        let KnobKind::Choice { options, .. } = self.knob(name, value.span(), KindName::Choice, knobs)? else {
            return None;
        };
        let mut usable = true;
        for (at, choice) in options.iter().enumerate() {
            if T::NAMES.iter().any(|(name, _)| name == choice) {
                continue;
            }
            usable = false;
            let unusable = KnobProblem::ChoiceUnusable {
                name: name.to_owned(),
                choice: choice.clone(),
                key: key.to_owned(),
                allowed: T::NAMES.iter().map(|(name, _)| (*name).to_owned()).collect(),
            };
            self.note::<()>(knobs.choice_span(name, at).unwrap_or_else(|| value.span()), unusable);
        }
        usable.then(|| Arg::Knob(name.to_owned()))
    }

    /// The knob of this name, which must be of this kind.
    pub(super) fn knob<'k>(
        &mut self,
        name: &str,
        span: Range<usize>,
        wanted: KindName,
        knobs: &'k Knobs,
    ) -> Option<&'k KnobKind> {
        let Some(declared) = knobs.find(name) else {
            let name = name.to_owned();
            let known = knobs.names();
            return self.note(span, KnobProblem::Unknown { name, known });
        };
        self.used.insert(name.to_owned());
        // A knob whose declaration is broken has been reported there.
        let kind = declared.kind()?;
        let is = KindName::from(kind);
        if is != wanted {
            let name = name.to_owned();
            return self.note(span, KnobProblem::WrongKind { name, is, wanted });
        }
        Some(kind)
    }
}

/// The name in `"$name"`.
fn knob_name<'v>(value: &'v Value<'_>) -> Option<&'v str> {
    value.get_ref().as_str()?.strip_prefix('$')
}

impl Role {
    /// Whether something can be called so. [`Role`]'s help says the same in words.
    fn accepts(self, name: &str) -> bool {
        let lower =
            |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || (c == '_' && self != Self::Scenario);
        if self == Self::File {
            let inside = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
            return (1..=40).contains(&name.len()) && !name.starts_with(['.', '-']) && name.chars().all(inside);
        }
        let longest = if self == Self::Scenario { 40 } else { 24 };
        if !is_word(name) || name.len() > longest {
            return false;
        }
        match self {
            Self::Scenario => name.chars().all(lower),
            Self::Endpoint => {
                name.chars().all(lower) && name.starts_with(|c: char| c.is_ascii_lowercase()) && name != "when"
            }
            Self::Knob => {
                name.chars().all(lower)
                    && name.starts_with(|c: char| c.is_ascii_lowercase())
                    && !RESERVED.contains(&name)
            }
            Self::Choice | Self::Format => !RESERVED.contains(&name),
            Self::Thread | Self::Command => true,
            Self::File => false,
        }
    }
}
