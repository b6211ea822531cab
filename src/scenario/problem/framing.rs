//! What can be wrong with how frames are written and read.

use super::phrase::{listed, said, word};
use crate::scenario::{FrameKind, Named, Text};

/// What can be wrong with how frames are written and read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FramingProblem {
    /// A key that frames of this kind do not have.
    NotOfKind {
        /// The key.
        key: &'static str,
        /// The kind.
        kind: FrameKind,
    },
    /// A word that frames of this kind cannot be written or read as.
    NotPossible {
        /// The word.
        word: &'static str,
        /// The kind.
        kind: FrameKind,
    },
    /// A frame's deadline that is not before the run's.
    AfterTheRun {
        /// The run's, in milliseconds.
        run_ms: u64,
    },
    /// A sender that does several wrong things with one frame.
    SeveralFaults,
}

impl FramingProblem {
    pub(super) fn title(&self) -> Text {
        match self {
            Self::NotOfKind { key, kind } => said(
                format!("frames of kind {} have no {}", word(kind.name()), word(key)),
                format!("{} 这种帧没有 {}", word(kind.name()), word(key)),
            ),
            Self::NotPossible { word: value, kind } => said(
                format!(
                    "{} is not possible with frames of kind {}",
                    word(value),
                    word(kind.name())
                ),
                format!("{} 这种帧不能用 {}", word(kind.name()), word(value)),
            ),
            Self::AfterTheRun { run_ms } => said(
                format!("the run would be ended before that: its deadline is {run_ms} ms"),
                format!("等不到那时，运行就先结束了：运行自己的期限是 {run_ms} 毫秒"),
            ),
            Self::SeveralFaults => said(
                "a sender does one thing wrong with a frame, and this one does more",
                "一帧只出一种错，这里不止一种",
            ),
        }
    }

    pub(super) fn help(&self) -> Option<Text> {
        match self {
            Self::NotOfKind { kind, key } if *key != "name" && *key != "says" => {
                let keys = listed(kind.keys());
                Some(said(
                    format!("they have {}", keys.en),
                    format!("可以写的有 {}", keys.zh),
                ))
            }
            Self::AfterTheRun { .. } => Some(said(
                "make this one shorter, or `deadline_ms` at the top of the file longer",
                "把这里改短，或者把文件开头的 `deadline_ms` 改长",
            )),
            Self::SeveralFaults => Some(said(
                "write one of says, stop_after and every_ms",
                "says、stop_after、every_ms 只写一个",
            )),
            _ => None,
        }
    }
}
