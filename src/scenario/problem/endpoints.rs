//! What can be wrong with who takes part.

use super::phrase::{meant, said, word};
use crate::scenario::Text;

/// What can be wrong with who takes part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EndpointProblem {
    /// An endpoint that is not declared.
    Unknown {
        /// The name.
        name: String,
        /// The endpoints there are.
        known: Vec<String>,
    },
    /// One that has no other end.
    NotPairs {
        /// How many there are.
        found: usize,
    },
    /// Of the two ends of a connection none listens.
    NobodyListens {
        /// The two ends.
        ends: [String; 2],
    },
    /// Both ends of a connection listen.
    BothListen {
        /// The two ends.
        ends: [String; 2],
    },
}

impl EndpointProblem {
    pub(super) fn title(&self) -> Text {
        match self {
            Self::Unknown { name, .. } => said(
                format!("there is no endpoint {}", word(name)),
                format!("没有 {} 这个端点", word(name)),
            ),
            Self::NotPairs { found } => said(
                format!("endpoints come in pairs, here are {found}"),
                format!("端点要成对，这里有 {found} 个"),
            ),
            Self::NobodyListens { ends: [one, other] } => said(
                format!("neither {} nor {} listens", word(one), word(other)),
                format!("{} 和 {} 都没有监听", word(one), word(other)),
            ),
            Self::BothListen { ends: [one, other] } => said(
                format!("only one of {} and {} listens", word(one), word(other)),
                format!("{} 和 {} 只能有一个监听", word(one), word(other)),
            ),
        }
    }

    pub(super) fn help(&self) -> Option<Text> {
        match self {
            Self::Unknown { name, known } => meant(
                name,
                known,
                &said("declared as [endpoints.…] are", "已经用 [endpoints.…] 声明的有"),
            ),
            Self::NobodyListens { .. } => Some(said(
                "write `listens = true` in one of them; the other one connects",
                "在其中一个里写 `listens = true`，另一个去连接它",
            )),
            Self::BothListen { .. } => Some(said("the other one connects", "另一个负责发起连接")),
            Self::NotPairs { .. } => Some(said(
                "declare both ends of a connection one after the other, each as [endpoints.name]; an empty table is enough",
                "一个连接的两端要挨着声明，各写一个 [endpoints.名字]；空表也行",
            )),
        }
    }
}
