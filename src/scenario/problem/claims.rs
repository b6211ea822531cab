//! What can be wrong with a claim.

use super::phrase::{listed, said, word};
use crate::scenario::Text;

/// What can be wrong with a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClaimProblem {
    /// Nothing is claimed.
    Nothing {
        /// What can be.
        known: Vec<String>,
    },
    /// Several things are claimed.
    Several {
        /// Which.
        keys: Vec<String>,
    },
    /// Not a message or a part of one.
    BadPiece {
        /// What stands there.
        piece: String,
    },
    /// Not an endpoint and its note.
    BadNote {
        /// What stands there.
        text: String,
    },
    /// A message is said to wait for itself or for a later one.
    HeldByItself {
        /// First held message.
        from: u32,
        /// The message it waits for.
        until_ack_of: u32,
    },
}

impl ClaimProblem {
    pub(super) fn title(&self) -> Text {
        match self {
            Self::Nothing { .. } => said("nothing is claimed here", "这里没有写要看到什么"),
            Self::Several { keys } => {
                let keys = listed(keys);
                said(
                    format!("one claim belongs here, and these are several: {}", keys.en),
                    format!("这里只能写一条，现在有好几条：{}", keys.zh),
                )
            }
            Self::BadPiece { piece } => said(
                format!("{} is not a message or a part of one", word(piece)),
                format!("{} 不是消息，也不是消息的一部分", word(piece)),
            ),
            Self::BadNote { text } => said(
                format!("{} is not an endpoint and its note", word(text)),
                format!("{} 不是“端点 记录”的写法", word(text)),
            ),
            Self::HeldByItself { from, until_ack_of } => said(
                format!(
                    "message {from} cannot wait for the acknowledgement of message {until_ack_of}, which is not sent before it"
                ),
                format!("第 {from} 条消息不可能等第 {until_ack_of} 条的确认：那一条并不比它先发"),
            ),
        }
    }

    pub(super) fn help(&self) -> Option<Text> {
        match self {
            Self::Nothing { known } => {
                let known = listed(known);
                Some(said(format!("it can be {}", known.en), format!("可以写 {}", known.zh)))
            }
            Self::Several { .. } => Some(said("write a table for each", "每一条各写一个表")),
            Self::BadPiece { .. } => Some(said(
                "for example m2, or m2:0-4 for its first four bytes, or m2+m3 for two that left together",
                "例如 m2；m2:0-4 是它的前四个字节；m2+m3 是一起发出的两条",
            )),
            Self::BadNote { .. } => Some(said("for example \"server-1 served\"", "例如 \"server-1 served\"")),
            Self::HeldByItself { .. } => None,
        }
    }
}
