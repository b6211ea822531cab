//! A key or a value does not have the form that belongs there.

use super::phrase::{listed, meant, said, word};
use super::wanted::{Wanted, found_said};
use crate::scenario::needs::Needs;
use crate::scenario::{Text, Transport};
use crate::words::Lang;

/// A key or a value does not have the form that belongs there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ShapeProblem {
    /// A key that means nothing here.
    UnknownKey {
        /// The key.
        key: String,
        /// The keys that may stand here.
        known: Vec<String>,
    },
    /// A key of the top level that stands below a `[table]` header and so belongs to that table.
    BelongsOnTop {
        /// The key.
        key: String,
    },
    /// Keys that must be there.
    MissingKeys {
        /// Which.
        keys: Vec<String>,
    },
    /// A value of another type.
    WrongType {
        /// What belongs here.
        wanted: Wanted,
        /// What stands here, in TOML's words.
        found: &'static str,
    },
    /// A text that is not there in one language.
    MissingTranslation {
        /// The language.
        lang: Lang,
    },
    /// A text that is empty in one language.
    EmptyTranslation {
        /// The language.
        lang: Lang,
    },
    /// A number outside its range.
    OutOfRange {
        /// The number as written.
        value: String,
        /// Smallest allowed.
        min: String,
        /// Largest allowed.
        max: String,
    },
    /// A word that is none of those allowed.
    NotOneOf {
        /// The word.
        word: String,
        /// Those allowed.
        allowed: Vec<String>,
    },
    /// A name that cannot be used as one.
    BadName {
        /// What it is the name of.
        role: Role,
        /// The name.
        name: String,
    },
    /// A text that is empty.
    Empty,
    /// Not hex digits in pairs.
    BadHex,
    /// Not exactly one of these keys.
    NotExactlyOne {
        /// The keys to choose from.
        keys: Vec<String>,
    },
    /// A list of the wrong length.
    WrongLength {
        /// What is counted.
        of: Counted,
        /// How many there are.
        found: usize,
        /// How many there must be at least.
        min: usize,
        /// And at most.
        max: usize,
    },
    /// Something that the scenario's transport does not have.
    NotOver {
        /// The key.
        key: String,
        /// What it needs.
        needs: Needs,
        /// The scenario's transport.
        transport: Transport,
    },
}

impl ShapeProblem {
    /// A key that this transport does not have, if it does not.
    pub(crate) fn not_over(key: &str, transport: Transport) -> Option<Self> {
        let needs = Needs::of(key).filter(|needs| !needs.met_by(transport))?;
        let key = key.to_owned();
        Some(Self::NotOver { key, needs, transport })
    }
}

/// What a name is the name of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// A scenario.
    Scenario,
    /// An endpoint.
    Endpoint,
    /// A knob.
    Knob,
    /// A choice of a knob.
    Choice,
    /// A thread.
    Thread,
    /// A struct format.
    Format,
    /// A command.
    Command,
    /// A file.
    File,
}

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// Steps.
    Steps,
    /// Knobs.
    Knobs,
    /// Choices of a knob.
    Choices,
    /// Contrasts.
    Contrasts,
    /// Expectations.
    Expectations,
    /// Questions.
    Questions,
    /// Stops.
    Stops,
    /// Answers to a question.
    Options,
    /// Frames to send.
    Frames,
    /// Endpoints.
    Endpoints,
    /// Notes.
    Notes,
    /// Struct formats.
    Formats,
    /// Values to pack.
    Values,
    /// Commands.
    Commands,
    /// Files.
    Files,
    /// The words of a command.
    Words,
    /// Texts of which one is said.
    Wordings,
    /// Words by which a scenario is found.
    SearchWords,
}

impl ShapeProblem {
    pub(super) fn title(&self) -> Text {
        match self {
            Self::UnknownKey { key, .. } => said(
                format!("unknown key {}", word(key)),
                format!("没有 {} 这个键", word(key)),
            ),
            Self::BelongsOnTop { key } => said(
                format!("{} belongs above the first [table]", word(key)),
                format!("{} 要写在第一个 [表头] 的上面", word(key)),
            ),
            Self::MissingKeys { keys } => {
                let keys_said = listed(keys);
                let key = if keys.len() == 1 { "key" } else { "keys" };
                said(
                    format!("missing {key}: {}", keys_said.en),
                    format!("这里还缺：{}", keys_said.zh),
                )
            }
            Self::WrongType {
                wanted: Wanted::True, ..
            } => said("only true can stand here", "这里只能写 true"),
            Self::WrongType { wanted, found } => {
                let wanted = wanted.said();
                let found = found_said(found);
                said(
                    format!("expected {}, found {}", wanted.en, found.en),
                    format!("这里要写{}，现在是{}", wanted.zh, found.zh),
                )
            }
            Self::MissingTranslation { lang: Lang::En } => said("the English text is missing", "缺少英文（en）"),
            Self::MissingTranslation { lang: Lang::Zh } => said("the Chinese text is missing", "缺少中文（zh）"),
            Self::EmptyTranslation { lang: Lang::En } => said("the English text is empty", "英文（en）是空的"),
            Self::EmptyTranslation { lang: Lang::Zh } => said("the Chinese text is empty", "中文（zh）是空的"),
            Self::OutOfRange { value, min, max } => said(
                format!("{} is out of range: it must be from {min} to {max}", word(value)),
                format!("{} 超出了范围：只能取 {min} 到 {max}", word(value)),
            ),
            Self::NotOneOf { word: written, .. } => said(
                format!("{} means nothing here", word(written)),
                format!("这里不能写 {}", word(written)),
            ),
            Self::Empty => said("nothing stands here", "这里是空的"),
            Self::BadHex => said("this is not hex", "这不是十六进制"),
            Self::NotExactlyOne { keys } => {
                let keys = listed(keys);
                said(
                    format!("exactly one of {} belongs here", keys.en),
                    format!("{} 里要写一个，而且只写一个", keys.zh),
                )
            }
            Self::BadName { role, name } => role.refused(name),
            Self::WrongLength { of, found, min, max } => wrong_length(*of, *found, *min, *max),
            Self::NotOver { key, needs, transport } => {
                let (here, there) = (over(*transport), there(*needs));
                said(
                    format!("{} is for {}; this scenario runs over {}", word(key), there.en, here.en),
                    format!("{} 只用于{}，而这个场景走的是{}", word(key), there.zh, here.zh),
                )
            }
        }
    }

    pub(super) fn help(&self) -> Option<Text> {
        match self {
            Self::UnknownKey { key, known } => meant(key, known, &said("known keys", "可以写的键")),
            Self::NotOneOf { word, allowed } => meant(word, allowed, &said("it can be", "可以写")),
            Self::BelongsOnTop { .. } => Some(said(
                "in TOML everything below a [table] header belongs to that table, up to the next header",
                "在 TOML 里，[表头] 下面的内容都属于这个表，直到下一个表头为止",
            )),
            Self::WrongType { wanted, .. } => wanted.example(),
            Self::MissingTranslation { .. } => Wanted::Translated.example(),
            Self::BadName { role, .. } => Some(role.rule()),
            Self::BadHex => Some(said(
                "two digits (0-9, a-f) a byte: { hex = \"0aff\" }",
                "每个字节写两位（0-9、a-f）：{ hex = \"0aff\" }",
            )),
            _ => None,
        }
    }

    /// Whether it can be told from the place alone.
    pub(super) fn is_certain(&self) -> bool {
        match self {
            Self::MissingKeys { .. }
            | Self::MissingTranslation { .. }
            | Self::NotOver { .. }
            | Self::NotExactlyOne { .. } => false,
            // What is missing may stand below.
            Self::WrongLength { found, min, .. } => found >= min,
            _ => true,
        }
    }
}

/// What joins the endpoints, as it is called in a sentence.
fn over(transport: Transport) -> Text {
    match transport {
        Transport::Tcp => said("TCP", " TCP"),
        Transport::Udp => said("UDP", " UDP"),
        Transport::UnixStream => said("a unix stream socket", " unix 流套接字"),
        Transport::UnixDatagram => said("a unix datagram socket", " unix 数据报套接字"),
        Transport::UnixSeqpacket => said("a unix seqpacket socket", " unix seqpacket 套接字"),
        Transport::Pipe => said("a pipe", "管道"),
    }
}

/// What a key is for.
fn there(needs: Needs) -> Text {
    match needs {
        Needs::Tcp => said("TCP", " TCP"),
        Needs::Udp => said("UDP", " UDP"),
        Needs::Internet => said("TCP and UDP", " TCP 和 UDP"),
        Needs::Stream => said("byte streams", "字节流"),
        Needs::Pipe => said("pipes", "管道"),
        Needs::Socket => said("sockets", "套接字"),
        Needs::Messages => said("sockets that keep messages apart", "保留消息边界的套接字"),
    }
}

fn wrong_length(of: Counted, found: usize, min: usize, max: usize) -> Text {
    let (en, zh) = of.names();
    if found < min {
        said(
            format!("too few {en}: {found}, and at least {min} belong here"),
            format!("{zh}太少：现在 {found} 个，至少要 {min} 个"),
        )
    } else {
        said(
            format!("too many {en}: {found}, and at most {max} are allowed"),
            format!("{zh}太多：现在 {found} 个，最多 {max} 个"),
        )
    }
}

impl Counted {
    fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Steps => ("steps", "步骤"),
            Self::Knobs => ("knobs", "旋钮"),
            Self::Choices => ("choices", "选项"),
            Self::Contrasts => ("contrasts", "对照"),
            Self::Expectations => ("expectations", "预期"),
            Self::Questions => ("questions", "问题"),
            Self::Stops => ("stops", "暂停点"),
            Self::Options => ("options", "答案"),
            Self::Frames => ("frames", "帧"),
            Self::Endpoints => ("endpoints", "端点"),
            Self::Notes => ("notes", "记录"),
            Self::Formats => ("formats", "格式"),
            Self::Values => ("values", "值"),
            Self::Commands => ("commands", "命令"),
            Self::Files => ("files", "文件"),
            Self::Words => ("words of a command", "命令的词"),
            Self::Wordings => ("texts", "文字"),
            Self::SearchWords => ("search words", "检索词"),
        }
    }
}

impl Role {
    fn refused(self, name: &str) -> Text {
        let name = word(name);
        match self {
            Self::Scenario => said(format!("{name} cannot be an id"), format!("{name} 不能用作场景的 id")),
            Self::Endpoint => said(
                format!("{name} cannot name an endpoint"),
                format!("{name} 不能用作端点的名字"),
            ),
            Self::Knob => said(
                format!("{name} cannot name a knob"),
                format!("{name} 不能用作旋钮的名字"),
            ),
            Self::Choice => said(format!("{name} cannot be a choice"), format!("{name} 不能用作选项")),
            Self::Command => said(
                format!("{name} cannot name a command"),
                format!("{name} 不能用作命令的名字"),
            ),
            Self::File => said(
                format!("{name} cannot name a file"),
                format!("{name} 不能用作文件的名字"),
            ),
            Self::Thread => said(
                format!("{name} cannot name a thread"),
                format!("{name} 不能用作线程的名字"),
            ),
            Self::Format => said(
                format!("{name} cannot name a format"),
                format!("{name} 不能用作格式的名字"),
            ),
        }
    }

    fn rule(self) -> Text {
        match self {
            Self::Scenario => said(
                "lowercase letters, digits and hyphens, at most 40",
                "只用小写字母、数字和连字符，最多 40 个字符",
            ),
            Self::Endpoint => said(
                "lowercase letters, digits, - and _, a letter first, at most 24; not `when`",
                "用小写字母、数字、- 和 _，以字母开头，最多 24 个字符；不能叫 `when`",
            ),
            Self::Knob => said(
                "lowercase letters, digits, - and _, a letter first, at most 24; not a word of the condition language",
                "用小写字母、数字、- 和 _，以字母开头，最多 24 个字符；不能和条件语言里的词重名",
            ),
            Self::File => said(
                "letters, digits, -, _ and dots inside, at most 40: it stays in its folder",
                "只用字母、数字、-、_，点不能放在开头，最多 40 个字符：文件不能跑出它的文件夹",
            ),
            Self::Thread | Self::Command => said(
                "letters, digits, - and _, at most 24",
                "只用字母、数字、- 和 _，最多 24 个字符",
            ),
            Self::Format => said(
                "a knob must be able to choose it: letters, digits, - and _, at most 24; none of and, or, not, true, \
                 false",
                "旋钮里要能选它：只用字母、数字、- 和 _，最多 24 个字符；不能是 and、or、not、true、false",
            ),
            Self::Choice => said(
                "a condition must be able to name it: letters, digits, - and _, at most 24; no knob's name, none of \
                 and, or, not, true, false",
                "条件里要能写出它：只用字母、数字、- 和 _，最多 24 个字符；不能与旋钮重名，也不能是 \
                 and、or、not、true、false",
            ),
        }
    }
}
