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
    /// Not two of them.
    NotTwo {
        /// How many there are.
        found: usize,
    },
    /// None listens.
    NobodyListens,
    /// Both listen.
    BothListen,
}

impl EndpointProblem {
    pub(super) fn title(&self) -> Text {
        match self {
            Self::Unknown { name, .. } => said(
                format!("there is no endpoint {}", word(name)),
                format!("没有 {} 这个端点", word(name)),
            ),
            Self::NotTwo { found } => said(
                format!("a scenario has two endpoints, here are {found}"),
                format!("一个场景要有两个端点，这里有 {found} 个"),
            ),
            Self::NobodyListens => said("no endpoint listens", "没有一个端点在监听"),
            Self::BothListen => said("only one endpoint listens", "只能有一个端点监听"),
        }
    }

    pub(super) fn help(&self) -> Option<Text> {
        match self {
            Self::Unknown { name, known } => meant(
                name,
                known,
                &said("declared as [endpoints.…] are", "已经用 [endpoints.…] 声明的有"),
            ),
            Self::NobodyListens => Some(said(
                "write `listens = true` in one of them; the other one connects",
                "在其中一个里写 `listens = true`，另一个去连接它",
            )),
            Self::BothListen => Some(said("the other one connects", "另一个负责发起连接")),
            Self::NotTwo { found: 0 | 1 } => Some(said(
                "declare both, each as [endpoints.name]; an empty table is enough",
                "两个都要声明，各写一个 [endpoints.名字]；空表也行",
            )),
            Self::NotTwo { .. } => None,
        }
    }
}
