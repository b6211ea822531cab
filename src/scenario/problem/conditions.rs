//! What can be wrong with a `when`.

use super::knobs::KindName;
use super::phrase::{meant, said, word};
use crate::scenario::Text;

/// What can be wrong with a `when`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConditionProblem {
    /// Nothing where a test should be.
    Nothing,
    /// A knob that is not on or off stands alone.
    NotAToggle {
        /// The knob.
        knob: String,
    },
    /// Signs that do not compare.
    UnknownOperator {
        /// The signs.
        op: String,
    },
    /// Nothing to compare with.
    NothingToCompare,
    /// Something after the end of a test, or where a knob should be.
    Unexpected {
        /// What stands there.
        found: String,
    },
    /// Smaller or larger, asked of something without an order.
    NoOrder {
        /// The knob.
        knob: String,
        /// What it is.
        is: KindName,
    },
    /// A value that is not of the knob's kind.
    WrongValue {
        /// The knob.
        knob: String,
        /// What it is.
        is: KindName,
        /// What it is compared with.
        value: String,
    },
    /// A word that the knob never is.
    NoSuchChoice {
        /// The knob.
        knob: String,
        /// The word.
        value: String,
        /// What it can be.
        choices: Vec<String>,
    },
}

impl ConditionProblem {
    pub(super) fn title(&self) -> Text {
        match self {
            Self::Nothing => said("a condition is missing here", "这里缺一个条件"),
            Self::NotAToggle { knob } => said(
                format!("the knob {} is not true or false, so it must be compared", word(knob)),
                format!("旋钮 {} 不是开关，要拿它和一个值比较", word(knob)),
            ),
            Self::UnknownOperator { op } => said(
                format!("{} does not compare anything", word(op)),
                format!("{} 不是比较符号", word(op)),
            ),
            Self::NothingToCompare => said("there is nothing to compare with", "比较符号后面缺一个值"),
            Self::Unexpected { found } => said(
                format!("{} is not expected here", word(found)),
                format!("这里不该出现 {}", word(found)),
            ),
            Self::NoOrder { knob, is } => {
                let is = is.said();
                said(
                    format!("the knob {} is {}: it has no smaller or larger", word(knob), is.en),
                    format!("旋钮 {} 是{}，没有大小之分", word(knob), is.zh),
                )
            }
            Self::WrongValue { knob, is, value } => {
                let is = is.said();
                said(
                    format!("the knob {} is {}; it is never {}", word(knob), is.en, word(value)),
                    format!("旋钮 {} 是{}，不可能等于 {}", word(knob), is.zh, word(value)),
                )
            }
            Self::NoSuchChoice { knob, value, .. } => said(
                format!("the knob {} has no choice {}", word(knob), word(value)),
                format!("旋钮 {} 没有 {} 这个选项", word(knob), word(value)),
            ),
        }
    }

    pub(super) fn help(&self) -> Option<Text> {
        match self {
            Self::Nothing => Some(said(
                "for example \"nodelay and count >= 3\"; leave `when` out for something that always applies",
                "例如 \"nodelay and count >= 3\"；总是适用的话，就不写 when",
            )),
            Self::NotAToggle { knob } => {
                let knob: String = knob.chars().take(24).collect();
                Some(said(
                    format!("for example \"{knob} == …\""),
                    format!("例如 \"{knob} == …\""),
                ))
            }
            Self::UnknownOperator { op } if op == "=" => Some(said("did you mean `==`?", "是不是想写 `==`？")),
            Self::UnknownOperator { .. } => {
                Some(said("it can be ==, !=, <, <=, > or >=", "可以写 ==、!=、<、<=、>、>="))
            }
            Self::Unexpected { found } => match found.as_str() {
                "or" | "|" | "||" => Some(said(
                    "there is no or: write the step or the expectation twice, each with its own `when`",
                    "这里没有“或”：把这一步或这条预期写两遍，各写各的 when",
                )),
                "&" | "&&" => Some(said("did you mean `and`?", "是不是想写 `and`？")),
                "!" => Some(said("did you mean `not`?", "是不是想写 `not`？")),
                _ => None,
            },
            Self::NoOrder { .. } => Some(said("compare with == or !=", "只能用 == 或 != 比较")),
            Self::NoSuchChoice { value, choices, .. } => meant(value, choices, &said("its choices", "它的选项")),
            _ => None,
        }
    }
}
