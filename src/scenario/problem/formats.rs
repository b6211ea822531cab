//! What can be wrong with a struct format, and with the values for it.

use super::phrase::{meant, said, word};
use crate::scenario::Text;
use crate::scenario::read::LONGEST_PACKED;
use crate::words::Lang;

/// What can be wrong with a struct format, and with the values for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FormatProblem {
    /// It is no format, or the values are none for it: `lab pack` would say the same.
    Refused {
        /// What is wrong.
        title: Text,
        /// What to do about it.
        help: Text,
    },
    /// It takes no byte, or more than a scenario shows; or its text is too long.
    WrongSize {
        /// Bytes of the result.
        size: usize,
        /// Characters of the text.
        characters: usize,
    },
    /// A format there is not.
    Unknown {
        /// The name.
        name: String,
        /// The formats there are.
        known: Vec<String>,
    },
    /// No step packs it or reads it.
    Unused {
        /// The name.
        name: String,
    },
}

impl FormatProblem {
    /// What is said in both languages.
    pub(crate) fn refused(told: impl Fn(Lang) -> (String, String)) -> Self {
        let ((en, help_en), (zh, help_zh)) = (told(Lang::En), told(Lang::Zh));
        Self::Refused {
            title: said(en, zh),
            help: said(help_en, help_zh),
        }
    }

    pub(super) fn title(&self) -> Text {
        match self {
            Self::Refused { title, .. } => title.clone(),
            Self::WrongSize { size, characters } => said(
                format!("a format of {characters} characters for {size} bytes cannot be shown"),
                format!("这个格式有 {characters} 个字符，打包成 {size} 字节，没法展示"),
            ),
            Self::Unknown { name, .. } => said(
                format!("there is no format {}", word(name)),
                format!("没有叫 {} 的格式", word(name)),
            ),
            Self::Unused { name } => said(
                format!("no step packs or reads the format {}", word(name)),
                format!("没有一步用到格式 {}", word(name)),
            ),
        }
    }

    pub(super) fn help(&self) -> Option<Text> {
        match self {
            Self::Refused { help, .. } => Some(help.clone()),
            Self::WrongSize { .. } => Some(said(
                format!("1 to 40 characters, 1 to {LONGEST_PACKED} bytes"),
                format!("1 到 40 个字符，1 到 {LONGEST_PACKED} 字节"),
            )),
            Self::Unknown { name, known } if known.is_empty() => Some(said(
                format!("declare it: [formats.{name}]"),
                format!("先声明它：[formats.{name}]"),
            )),
            Self::Unknown { name, known } => meant(name, known, &said("known formats", "已有的格式")),
            Self::Unused { .. } => Some(said(
                "use it in send_packed or read_packed, or take it out",
                "在 send_packed 或 read_packed 里用上它，或者删掉",
            )),
        }
    }
}
