//! The file is no TOML, or no file to read at all.

use super::phrase::{said, word};
use crate::scenario::Text;
use crate::scenario::read::MOST_PARTS;

/// The file is no TOML, or no file to read at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DocumentProblem {
    /// Longer than the lab reads.
    TooLong {
        /// Its length in bytes.
        bytes: usize,
        /// How many are read.
        most: usize,
    },
    /// A key of more parts than any that means something.
    ManyParts,
    /// A character that TOML does not take there.
    Character {
        /// Which.
        found: char,
    },
    /// A word that begins as `true`, `false`, `inf` or `nan` do, and is none of them.
    BareWord {
        /// The word.
        word: String,
    },
    /// A list that does not end before the next table begins.
    OpenList {
        /// The line of the table's header, from 1.
        line: usize,
        /// The header.
        header: String,
    },
    /// Not TOML, in the words of the TOML parser.
    Syntax {
        /// What the parser says.
        message: String,
    },
}

impl DocumentProblem {
    pub(super) fn title(&self) -> Text {
        match self {
            Self::TooLong { bytes, most } => said(
                format!("this file is {bytes} bytes long; at most {} KiB are read", most / 1024),
                format!("文件有 {bytes} 个字节；最多只读 {} KiB", most / 1024),
            ),
            Self::ManyParts => said(
                format!("no key has more than {MOST_PARTS} parts"),
                format!("用点连接的键最多 {MOST_PARTS} 段"),
            ),
            Self::Syntax { message } => syntax(message),
            Self::Character { found } => {
                let code = format!("U+{:04X}", u32::from(*found));
                match meant_by(*found) {
                    Some(' ') => said(
                        format!("this is not TOML: {code} is a character that cannot be seen, and no space"),
                        format!("TOML 语法不对：这里有一个看不见的字符 {code}，它不是空格"),
                    ),
                    Some(meant) => said(
                        format!("this is not TOML: `{found}` ({code}) is not `{meant}`"),
                        format!("TOML 语法不对：`{found}`（{code}）不是 `{meant}`"),
                    ),
                    None if found.is_control() || found.is_whitespace() => said(
                        format!("this is not TOML: the character {code} may not stand in a key"),
                        format!("TOML 语法不对：键里不能有字符 {code}"),
                    ),
                    None => said(
                        format!("this is not TOML: `{found}` ({code}) may not stand in a key"),
                        format!("TOML 语法不对：键里不能有 `{found}`（{code}）"),
                    ),
                }
            }
            Self::BareWord { word: bare } => said(
                format!(
                    "this is not TOML: {} has no quotes, and is no value without",
                    word(bare)
                ),
                format!("TOML 语法不对：{} 没有加引号，不加引号就不是一个值", word(bare)),
            ),
            Self::OpenList { .. } => said(
                "this is not TOML: the list that begins here has no closing bracket",
                "TOML 语法不对：从这里开始的列表没有收尾的方括号",
            ),
        }
    }

    pub(super) fn help(&self) -> Option<Text> {
        let message = match self {
            Self::Syntax { message } => message,
            Self::Character { found } => {
                return Some(match meant_by(*found) {
                    Some(' ') => said("take it out, or type a space", "删掉它，或者换成普通的空格"),
                    Some(meant) => said(
                        format!("type it anew: `{meant}`"),
                        format!("切到英文输入法，重新输入 `{meant}`"),
                    ),
                    None if *found == ':' => said("between a key and its value stands =", "键和值之间写 ="),
                    None => said(
                        "a key is made of A–Z, a–z, 0–9, - and _; any other one stands in quotes",
                        "键只能用 A–Z、a–z、0–9、- 和 _；要用别的字符，就给键加引号",
                    ),
                });
            }
            Self::BareWord { word: bare } => {
                let small = bare.to_lowercase();
                return Some(match small.as_str() {
                    "true" | "false" => said(
                        format!("write it in small letters: {small}"),
                        format!("要用小写：{small}"),
                    ),
                    _ => said(
                        "write the text between double quotes: \"…\"",
                        "文字要放在英文双引号里：\"…\"",
                    ),
                });
            }
            Self::OpenList { line, header } => {
                let header = word(header);
                return Some(said(
                    format!("write ] above {header} in line {line}"),
                    format!("在第 {line} 行的 {header} 前面补上 ]"),
                ));
            }
            Self::TooLong { .. } | Self::ManyParts => return None,
        };
        let starts = |start: &str| message.starts_with(start);
        if starts("string values must be quoted") {
            Some(said(
                "write the text between double quotes: \"…\"",
                "文字要放在英文双引号里：\"…\"",
            ))
        } else if starts("duplicate key") {
            Some(said(
                "a key can be given once; a table that repeats has double brackets: [[expect]]",
                "同一个键只能写一次；可以重复的表用双层方括号：[[expect]]",
            ))
        } else if [
            "missing comma between array",
            "unexpected `=` in array",
            "unclosed array",
        ]
        .iter()
        .any(|one| starts(one))
        {
            Some(said(
                "if the comma is there, a list above may lack its closing bracket ]",
                "如果逗号没有漏，就看看上面哪个列表少了收尾的方括号 ]",
            ))
        } else if starts("missing comma between key-value pairs") || starts("missing key for inline table") {
            Some(said(
                "if the comma is there, a quote before it or a closing brace } above may be missing",
                "如果逗号没有漏，就看看它前面是不是少了引号，或者上面少了收尾的花括号 }",
            ))
        } else if starts("invalid basic string") {
            Some(said(
                "the text must end with a double quote in the line where it begins",
                "文字写到哪里为止，就在哪里加上英文双引号；不能换行",
            ))
        } else {
            None
        }
    }
}

/// The character of TOML that this one is easily taken for; a space stands for what cannot be seen.
pub(in crate::scenario) fn meant_by(found: char) -> Option<char> {
    Some(match found {
        // The ones of a Chinese keyboard.
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(found) - 0xfee0)?,
        '“' | '”' | '„' | '″' => '"',
        '‘' | '’' | '′' => '\'',
        '【' | '〔' => '[',
        '】' | '〕' => ']',
        '、' => ',',
        '。' => '.',
        '–' | '—' | '−' => '-',
        // Cyrillic and Greek letters that look like Latin ones.
        'а' | 'α' => 'a',
        'с' => 'c',
        'ԁ' => 'd',
        'е' => 'e',
        'һ' => 'h',
        'і' | 'ι' => 'i',
        'ј' => 'j',
        'о' | 'ο' => 'o',
        'р' | 'ρ' => 'p',
        'ѕ' => 's',
        'ν' => 'v',
        'х' => 'x',
        'у' => 'y',
        '\u{a0}' | '\u{ad}' | '\u{2000}'..='\u{200f}' | '\u{202f}' | '\u{2060}' | '\u{3000}' | '\u{feff}' => ' ',
        _ => return None,
    })
}

/// The parser speaks English; what it commonly says has its own Chinese words here.
fn syntax(message: &str) -> Text {
    let (what, expected) = message
        .split_once(", expected ")
        .map_or((message, None), |(what, expected)| (what, Some(expected)));
    let en = format!("this is not TOML: {message}");
    let known = CHINESE.iter().find(|(english, _)| what == *english);
    let zh = match (known, expected) {
        (Some((_, zh)), Some(expected)) => format!("TOML 语法不对：{zh}，{}", expected_zh(expected)),
        (Some((_, zh)), None) => format!("TOML 语法不对：{zh}"),
        (None, _) => format!("TOML 语法不对（解析器的原话：{message}）"),
    };
    said(en, zh)
}

/// What should be done instead, with the kinds of things named in Chinese; what has no name is quoted.
fn expected_zh(expected: &str) -> String {
    let known = |one: &str| {
        EXPECTED
            .iter()
            .find(|(en, _)| one == *en)
            .map(|(_, zh)| (*zh).to_owned())
    };
    let mut all: Vec<String> = expected
        .split(", ")
        .map(|one| known(one).unwrap_or_else(|| format!("写 {one}")))
        .collect();
    all.dedup();
    format!("这里应该{}", all.join("，或者"))
}

const CHINESE: &[(&str, &str)] = &[
    ("`_` may only go between digits", "`_` 只能夹在数字中间"),
    (
        "cannot extend value of type array with a dotted key",
        "这个键已经是一个列表，不能再往下加子键",
    ),
    (
        "cannot extend value of type inline table with a dotted key",
        "这个键已经用花括号写完了，不能再往下加子键",
    ),
    ("cannot recurse further; max recursion depth met", "括号套得太深"),
    ("recursion limit", "用点连接的键太长"),
    ("carriage return must be followed by newline", "回车符后面必须跟换行符"),
    ("duplicate key", "这个键重复了"),
    ("extra `=`", "多了一个 `=`"),
    ("extra assignment between key-value pairs", "键和值之间多了一个 `=`"),
    ("extra comma in array", "列表里多了一个逗号"),
    ("extra comma in inline table", "花括号里多了一个逗号"),
    ("invalid comment character", "注释里有不允许的字符"),
    ("invalid inline table element", "花括号里这一项写得不对"),
    ("invalid key-value pair", "这一行不是“键 = 值”"),
    ("invalid unquoted key", "不加引号的键里有不允许的字符"),
    ("invalid value", "这个值写得不对"),
    ("key with no value", "有键没有值"),
    ("missing array opening", "列表缺少开头的方括号"),
    ("missing assignment between key-value pairs", "键和值之间缺少 `=`"),
    ("missing comma between array elements", "列表的两项之间缺少逗号"),
    ("missing comma between key-value pairs", "花括号里的两项之间缺少逗号"),
    ("missing inline table opening", "缺少开头的花括号"),
    ("missing key for inline table element", "花括号里这一项缺少键"),
    ("missing opening quote", "缺少开头的引号"),
    ("missing escaped value", "反斜杠后面缺少内容"),
    ("missing table open", "表名缺少开头的方括号"),
    ("missing value for key", "这个键缺少值"),
    ("missing value", "缺少值"),
    ("string values must be quoted", "文字要加引号"),
    ("unclosed array table", "双层方括号没有收尾"),
    ("unclosed array", "方括号没有收尾"),
    ("unclosed inline table", "花括号没有收尾"),
    ("unclosed table", "表名的方括号没有收尾"),
    ("unexpected `=` in array", "列表里不该有 `=`"),
    ("unexpected content", "这里有多余的内容"),
    ("unexpected key or value", "这里不该有键或值"),
    ("unexpected leading zero", "数字开头不能有多余的 0"),
    ("unexpected sign", "这里不该有正负号"),
    ("unquoted keys cannot be empty", "键不能是空的"),
    ("invalid basic string", "双引号里的文字写得不对"),
    ("invalid literal string", "单引号里的文字写得不对"),
    ("invalid multi-line basic string", "三个双引号里的文字写得不对"),
    ("invalid multi-line literal string", "三个单引号里的文字写得不对"),
];

const EXPECTED: &[(&str, &str)] = &[
    ("key", "写一个键"),
    ("value", "写一个值"),
    ("newline", "换行"),
    ("literal string", "写带引号的文字"),
    ("basic string", "写带引号的文字"),
    ("multi-line basic string", "写带引号的文字"),
    ("nothing", "什么都不写"),
    ("letters", "写字母"),
    ("numbers", "写数字"),
    ("digits", "写数字"),
    ("characters", "写别的字符"),
    ("printable characters", "写看得见的字符"),
    ("non-double-quote visible characters", "写双引号以外的字符"),
    ("non-single-quote visible characters", "写单引号以外的字符"),
    ("non-single-quote characters", "写单引号以外的字符"),
    ("unicode hexadecimal value", "写十六进制的 Unicode 码点"),
];
