//! What can be wrong with a step.

use super::phrase::{meant, said, word};
use crate::scenario::Text;
use crate::scenario::read::MOST_SENT;

/// What can be wrong with a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StepProblem {
    /// An action there is not.
    UnknownAction {
        /// The name.
        name: String,
        /// The actions there are.
        known: Vec<String>,
    },
    /// An action that does not say whose it is.
    NobodyActs {
        /// The action.
        action: String,
        /// An endpoint that could do it.
        endpoint: String,
    },
    /// A step that does nothing.
    NoAction,
    /// A step that does several things.
    SeveralActions,
    /// Frames, but nothing says how they are written and read.
    NoFraming {
        /// The key that speaks of frames.
        key: String,
    },
    /// How frames are written and read, but there are none.
    NoFrames,
    /// Texts, but nothing says how they are encoded.
    NoText {
        /// The key that speaks of texts.
        key: String,
    },
    /// How texts are encoded, but there are none.
    NoTexts,
    /// Commands or files, but no server that runs any.
    NoCommands {
        /// The key of the table.
        key: &'static str,
    },
    /// A message that is sent several times, and not by an ordinary call.
    TimesAndMode,
    /// More bytes than a run records.
    TooMuchSent,
    /// A key or an addition that is longer than one may be.
    LongText {
        /// How many bytes it has.
        found: usize,
        /// How many it may have.
        most: usize,
    },
}

impl StepProblem {
    pub(super) fn title(&self) -> Text {
        match self {
            Self::UnknownAction { name, .. } => said(
                format!("there is no action {}", word(name)),
                format!("没有 {} 这个动作", word(name)),
            ),
            Self::NobodyActs { action, .. } => said(
                format!("{} does not say which endpoint does it", word(action)),
                format!("{} 没有说是哪个端点做的", word(action)),
            ),
            Self::LongText { found, most } => said(
                format!("this has {found} bytes; at most {most} are allowed"),
                format!("这里有 {found} 个字节，最多只能有 {most} 个"),
            ),
            Self::NoAction => said("this step does nothing", "这一步什么也没做"),
            Self::SeveralActions => said(
                "a step does one thing, and this one does more",
                "一步只做一件事，这里不止一件",
            ),
            Self::NoFraming { key } => said(
                format!("{} needs a [framing] table", word(key)),
                format!("用 {} 就要有 [framing] 表", word(key)),
            ),
            Self::NoFrames => said(
                "[framing] says how frames are written and read, but no step has any",
                "[framing] 说明了帧怎么写、怎么读，可是没有一步用到帧",
            ),
            Self::NoText { key } => said(
                format!("{} needs a [text] table", word(key)),
                format!("用 {} 就要有 [text] 表", word(key)),
            ),
            Self::NoTexts => said(
                "[text] says how texts are encoded, but no step has any",
                "[text] 说明了文字怎么编码，可是没有一步用到文字",
            ),
            Self::NoCommands { key } => said(
                format!("[{key}] is there, but no step runs a command"),
                format!("写了 [{key}]，可是没有一步会执行命令"),
            ),
            Self::TimesAndMode => said(
                "`times` goes with an ordinary send, not with `mode`",
                "`times` 只能配普通的 send，不能和 `mode` 一起写",
            ),
            Self::TooMuchSent => said(
                format!("with this step the scenario can send more than {} MiB", MOST_SENT >> 20),
                format!("到这一步，整个场景发送的内容可能超过 {} MiB", MOST_SENT >> 20),
            ),
        }
    }

    pub(super) fn help(&self) -> Option<Text> {
        match self {
            Self::UnknownAction { name, known } => meant(name, known, &said("known actions", "可以写的动作")),
            Self::NobodyActs { action, endpoint } => Some(said(
                format!("for example {endpoint}.{action} = …"),
                format!("例如 {endpoint}.{action} = …"),
            )),
            Self::NoAction => Some(said(
                "a step is an endpoint, a point and an action: { sender.send = \"hello\" }",
                "一步由端点、点和动作组成：{ sender.send = \"hello\" }",
            )),
            Self::SeveralActions => Some(said("write two steps, one after the other", "拆成先后两步来写")),
            Self::NoFraming { .. } => Some(said(
                "an empty [framing] is enough: 4 bytes of length, big-endian, read until complete",
                "写一个空的 [framing] 就够了：4 字节长度，大端，读满为止",
            )),
            Self::NoFrames => Some(said(
                "frames are sent with send_frames and read with read_frames",
                "发送帧用 send_frames，读取帧用 read_frames",
            )),
            Self::NoText { .. } => Some(said(
                "an empty [text] is enough: UTF-8, and a decoder that waits for the rest of a character",
                "写一个空的 [text] 就够了：UTF-8，解码器会等一个字符的后半截",
            )),
            Self::NoTexts => Some(said(
                "texts are sent with send_text and read with read_text",
                "发送文字用 send_text，读取文字用 read_text",
            )),
            Self::NoCommands { .. } => Some(said(
                "commands are run by the program command-server",
                "命令由程序 command-server 执行",
            )),
            _ => None,
        }
    }
}
