//! What belongs somewhere, said of a value of another type.

use super::phrase::said;
use crate::scenario::Text;

/// What belongs somewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// A string.
    String,
    /// A whole number.
    Number,
    /// A number, with or without a point.
    Decimal,
    /// `true` or `false`.
    Toggle,
    /// Nothing but `true`.
    True,
    /// A list.
    List,
    /// A table.
    Table,
    /// A text in both languages.
    Translated,
    /// A number or a knob.
    NumberOrKnob,
    /// `true`, `false` or a knob.
    ToggleOrKnob,
    /// A string or bytes in hex.
    Bytes,
    /// A string, bytes in hex or a number of letters.
    Message,
    /// A text to be framed, or a table with it.
    Frame,
    /// A number, `"all"` or a knob.
    Queued,
    /// A number of packets, `"all"`, `"reversed"` or a knob.
    Released,
    /// Two numbers.
    Range,
    /// A default: true or false, a number or a word.
    Default,
    /// What a knob can be set to.
    Setting,
    /// A table, or `"none"`.
    Held,
    /// What `blocks` claims.
    Blocks,
    /// A number, or a bound for one.
    Amount,
    /// A family of addresses, or the only one.
    Family,
    /// An endpoint with its notes, or the notes of all.
    NotesMade,
    /// What is packed or was unpacked.
    PackedValue,
    /// Something that happens in a run.
    Mark,
    /// A number of letters, or a knob that is a file.
    FileOrKnob,
    /// A step's endpoint with its action.
    Action,
    /// A program with its parameters.
    Program,
}

impl Wanted {
    pub(super) fn said(self) -> Text {
        match self {
            Self::String => said("a string", "字符串"),
            Self::Number => said("a whole number", "整数"),
            Self::Decimal => said("a number", "数字"),
            Self::Toggle => said("true or false", " true 或 false"),
            Self::True => said("true", " true"),
            Self::List => said("a list", "列表"),
            Self::Table => said("a table", "表"),
            Self::Translated => said("a text in both languages", "中英两种文字"),
            Self::NumberOrKnob => said("a whole number or a knob", "整数，或者旋钮"),
            Self::ToggleOrKnob => said("true, false or a knob", " true、false，或者旋钮"),
            Self::Bytes => said("a string or bytes in hex", "字符串，或者十六进制字节"),
            Self::Message => said(
                "a string, bytes in hex, or a number of letters",
                "字符串、十六进制字节，或者若干个字母",
            ),
            Self::Frame => said("a string, or a table with its text", "字符串，或者写着正文的表"),
            Self::Queued => said("a number, \"all\" or a knob", "数字、\"all\"，或者旋钮"),
            Self::Released => said(
                "a number, \"all\", \"reversed\" or a knob",
                "数字、\"all\"、\"reversed\"，或者旋钮",
            ),
            Self::Range => said("[smallest, largest]", " [最小值, 最大值] 两个数"),
            Self::Default => said(
                "true, false, a number, a word or { letters = … }",
                " true、false、数字、单词，或者 { letters = … }",
            ),
            Self::Setting => said("a value for a knob", "旋钮的值"),
            Self::FileOrKnob => said("{ letters = … } or a knob", " { letters = … }，或者旋钮"),
            Self::Held => said("a table or \"none\"", "表，或者 \"none\""),
            Self::Blocks => said("a table, \"send\" or \"read\"", "表，或者 \"send\"、\"read\""),
            Self::Amount => said("a whole number or a bound", "整数，或者一个界限"),
            Self::Family => said("a family of addresses", "地址族"),
            Self::NotesMade => said("an endpoint and its notes, or a list", "端点和它的记录，或者列表"),
            Self::PackedValue => said("a number or a string", "数或者字符串"),
            Self::Mark => said("something that happens", "运行中的某件事"),
            Self::Program => said("a program with its parameters", "程序和它的参数"),
            Self::Action => said("an endpoint's action", "端点的动作"),
        }
    }

    pub(super) fn example(self) -> Option<Text> {
        let example = match self {
            Self::Translated => r#"{ en = "…", zh = "…" }"#,
            Self::NumberOrKnob => "1024, or \"$first\"",
            Self::ToggleOrKnob => "true, or \"$nodelay\"",
            Self::Bytes => r#""hello", or { hex = "0aff" }"#,
            Self::Message => r#""hello", or { hex = "0aff" }, or { letters = 20 }"#,
            Self::Frame => r#""hello", or { letters = 3000 }"#,
            Self::Released => r#"1, or "all", or "reversed""#,
            Self::Queued => r#"9, or "all", or "$size""#,
            Self::Range => "range = [1, 1024]",
            Self::Blocks => "{ send = 2 }",
            Self::Held => "{ from = 2, until_ack_of = 1, at_least_ms = 30 }",
            Self::Amount => "3, or { at_least = 1 }",
            Self::Family => r#""ipv6", or { only = "ipv4" }"#,
            Self::NotesMade => r#"{ endpoint = "server", are = ["served"] }, or ["server-1 served"]"#,
            Self::PackedValue => r#"1000000, or "abc""#,
            Self::Mark => r#"{ send = 3 }, or { blocked = "receiver" }"#,
            Self::Program => r#"{ program = "ask", text = "tea" }"#,
            Self::Action => r#"{ sender.send = "hello" }"#,
            _ => return None,
        };
        Some(said(
            format!("for example {example}"),
            format!("例如 {}", example.replace(", or ", "，或者 ")),
        ))
    }
}

/// TOML's name of a type, with its article and in Chinese.
pub(super) fn found_said(found: &str) -> Text {
    match found {
        "string" => said("a string", "字符串"),
        "integer" => said("a whole number", "整数"),
        "float" => said("a number with a point", "小数"),
        "boolean" => said("true or false", " true 或 false"),
        "datetime" => said("a date", "日期"),
        "array" => said("a list", "列表"),
        _ => said("a table", "表"),
    }
}
