//! What can be wrong with a knob, a use of one, or a contrast.

use super::phrase::{meant, said, word};
use crate::scenario::{KnobKind, Text};
use crate::words::{Lang, names};

/// What can be wrong with a knob, a use of one, or a contrast.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KnobProblem {
    /// There is no knob of this name.
    Unknown {
        /// The name.
        name: String,
        /// The knobs there are.
        known: Vec<String>,
    },
    /// A knob of another kind than is needed here.
    WrongKind {
        /// The knob.
        name: String,
        /// What it is.
        is: KindName,
        /// What is needed.
        wanted: KindName,
    },
    /// A range that contains nothing.
    EmptyRange {
        /// Its lower end.
        min: u64,
        /// Its upper end.
        max: u64,
    },
    /// A default that the knob itself does not allow.
    DefaultOutside {
        /// The default.
        default: String,
        /// What the knob may be.
        allowed: String,
    },
    /// The same choice twice.
    DuplicateChoice {
        /// The choice.
        choice: String,
    },
    /// Both `range` and `choices`.
    TwoKinds,
    /// The knob can be set to numbers that are refused where it is used.
    TooWide {
        /// The knob.
        name: String,
        /// Smallest and largest value of the knob.
        range: (u64, u64),
        /// Smallest and largest value where it is used.
        allowed: (u64, u64),
    },
    /// The knob offers a word that means nothing where it is used.
    ChoiceUnusable {
        /// The knob.
        name: String,
        /// The word.
        choice: String,
        /// The key where the knob is used.
        key: String,
        /// The words that mean something there.
        allowed: Vec<String>,
    },
    /// A contrast gives a knob a value that it cannot have.
    NotAllowed {
        /// The knob.
        name: String,
        /// The value.
        value: String,
        /// What the knob may be.
        allowed: String,
    },
    /// A contrast that changes nothing.
    ContrastIsDefaults,
    /// Of texts that take turns the last one alone is without a condition.
    WordingOrder {
        /// This one is the last.
        is_last: bool,
    },
    /// A text inserts what is no number of a knob.
    NothingToInsert {
        /// What stands in the braces.
        name: String,
    },
    /// Nothing depends on the knob.
    Unused {
        /// The knob.
        name: String,
    },
}

/// A kind of knob.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KindName {
    /// On or off.
    Toggle,
    /// A number.
    Number,
    /// One of several words.
    Choice,
    /// A file.
    File,
}

impl From<&KnobKind> for KindName {
    fn from(kind: &KnobKind) -> Self {
        match kind {
            KnobKind::Toggle { .. } => Self::Toggle,
            KnobKind::Number { .. } => Self::Number,
            KnobKind::Choice { .. } => Self::Choice,
            KnobKind::File { .. } => Self::File,
        }
    }
}

impl KindName {
    pub(super) fn said(self) -> Text {
        match self {
            Self::Toggle => said("true or false", "开关"),
            Self::Number => said("a number", "数字"),
            Self::Choice => said("a choice of words", "选项"),
            Self::File => said("a file", "文件"),
        }
    }
}

impl KnobProblem {
    pub(super) fn title(&self) -> Text {
        match self {
            Self::Unknown { name, .. } => said(
                format!("there is no knob {}", word(name)),
                format!("没有 {} 这个旋钮", word(name)),
            ),
            Self::WrongKind { name, is, wanted } => {
                let (is, wanted) = (is.said(), wanted.said());
                said(
                    format!(
                        "the knob {} is {}, and here it must be {}",
                        word(name),
                        is.en,
                        wanted.en
                    ),
                    format!("旋钮 {} 是{}，这里要用{}", word(name), is.zh, wanted.zh),
                )
            }
            Self::EmptyRange { min, max } => said(
                format!("no number is from {min} to {max}"),
                format!("{min} 比 {max} 大，这个范围是空的"),
            ),
            Self::DefaultOutside { default, allowed } => said(
                format!("the default {} is not among {}", word(default), word(allowed)),
                format!("默认值 {} 不在 {} 之内", word(default), word(allowed)),
            ),
            Self::DuplicateChoice { choice } => said(
                format!("the choice {} is listed twice", word(choice)),
                format!("选项 {} 写了两遍", word(choice)),
            ),
            Self::TwoKinds => said(
                "a knob has either a range or choices",
                "range 和 choices 只能选一个：旋钮要么是数字，要么是单词",
            ),
            Self::TooWide { name, range, allowed } => said(
                format!(
                    "the knob {} goes from {} to {}, and here {} to {} is allowed",
                    word(name),
                    range.0,
                    range.1,
                    allowed.0,
                    allowed.1
                ),
                format!(
                    "旋钮 {} 能取 {} 到 {}，可这里只允许 {} 到 {}",
                    word(name),
                    range.0,
                    range.1,
                    allowed.0,
                    allowed.1
                ),
            ),
            Self::ChoiceUnusable { name, choice, key, .. } => said(
                format!(
                    "{} takes its value from the knob {}, but {} means nothing there",
                    word(key),
                    word(name),
                    word(choice)
                ),
                format!(
                    "{} 取的是旋钮 {} 的值，可它不认识 {}",
                    word(key),
                    word(name),
                    word(choice)
                ),
            ),
            Self::NotAllowed { name, value, .. } => said(
                format!("the knob {} cannot be {}", word(name), word(value)),
                format!("旋钮 {} 不能是 {}", word(name), word(value)),
            ),
            Self::Unused { name } => said(
                format!("nothing depends on the knob {}", word(name)),
                format!("旋钮 {} 没有任何地方用到", word(name)),
            ),
            Self::ContrastIsDefaults => said("this contrast changes nothing", "这组对照和默认设置一模一样"),
            Self::WordingOrder { is_last: true } => said(
                "there are settings under which none of these texts is said",
                "有的设置下，这几段文字一段也用不上",
            ),
            Self::WordingOrder { is_last: false } => {
                said("the texts after this one are never said", "后面的文字永远用不上")
            }
            Self::NothingToInsert { name } => said(
                format!("{} is no knob that is a number", word(&format!("{{{name}}}"))),
                format!("{} 不是取数字的旋钮", word(&format!("{{{name}}}"))),
            ),
        }
    }

    pub(super) fn help(&self) -> Option<Text> {
        match self {
            Self::Unknown { name, known } if known.is_empty() => {
                let name = word(name);
                Some(said(
                    format!("this scenario declares no knob; {name} would need a table [knobs.…]"),
                    format!("这个场景没有旋钮；要用 {name}，先写一个 [knobs.…] 表"),
                ))
            }
            Self::Unknown { name, known } => meant(name, known, &said("known knobs", "已有的旋钮")),
            Self::EmptyRange { .. } => Some(said("the smaller number comes first", "小的数写在前面")),
            Self::ChoiceUnusable { choice, allowed, .. } => meant(choice, allowed, &said("it can be", "可以写")),
            Self::NotAllowed { allowed, .. } => {
                let in_chinese = names(Lang::Zh, allowed);
                Some(said(
                    format!("it can be {}", word(allowed)),
                    format!("它可以是 {}", word(&in_chinese)),
                ))
            }
            Self::Unused { name } => Some(said(
                format!(
                    "write \"${name}\" where a value belongs, or name it in a `when`; or take it out, and its contrasts too"
                ),
                format!("在需要值的地方写 \"${name}\"，或者在 `when` 里用到它；不需要就删掉，连同它的对照"),
            )),
            Self::ContrastIsDefaults => Some(said(
                "give at least one knob a value other than its default",
                "至少让一个旋钮取默认值以外的值",
            )),
            Self::WordingOrder { is_last: true } => Some(said(
                "leave `when` out of the last one: it is said where no other is",
                "最后一段不要写 when：别的都用不上时，就用它",
            )),
            Self::WordingOrder { is_last: false } => Some(said(
                "give this one a `when`, or put it last",
                "给它写上 when，或者放到最后",
            )),
            Self::NothingToInsert { .. } => Some(said(
                "a name in braces stands for the number that a knob is set to",
                "花括号里的名字，代表那个旋钮现在的数值",
            )),
            _ => None,
        }
    }
}
