//! Why a line of a saved run cannot be so. The reader of traces knows no language: it gives one text for each reason, and
//! what that means in Chinese stands here.

use super::Lang;

/// The reason in the reader's language. What the parser of JSON says of a line is quoted as it is.
#[must_use]
pub fn reason(lang: Lang, why: &str) -> String {
    match lang {
        Lang::En => why.to_owned(),
        Lang::Zh => in_chinese(why).unwrap_or_else(|| super::errors::as_recorded(lang, why)),
    }
}

/// The same in Chinese, if it is one of the lab's own.
#[must_use]
pub fn in_chinese(why: &str) -> Option<String> {
    if let Some((_, means)) = REASONS.iter().find(|(known, _)| *known == why) {
        return Some((*means).to_owned());
    }
    let numbers: Vec<&str> = why
        .split(|c: char| !c.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .collect();
    if let ([most], true) = (&numbers[..], why.starts_with("more than ") && why.ends_with(" events")) {
        return Some(format!("事件多于 {most} 个"));
    }
    if let ([said, there], true) = (&numbers[..], why.starts_with("the end speaks of ")) {
        return Some(format!("结尾说有 {said} 个事件，实际有 {there} 个"));
    }
    if let Some(name) = why.strip_prefix("no endpoint is called ") {
        return Some(format!("没有叫 {name} 的端点"));
    }
    let (what, rest) = why.strip_prefix("the ")?.split_once(' ')?;
    let (name, known) = rest.split_once(" is none of ")?;
    let what = match what {
        "transport" => "传输方式",
        "family" => "地址族",
        other => other,
    };
    Some(format!("{what} {name} 不在这些之中：{known}"))
}

/// What is wrong with a line.
const REASONS: &[(&str, &str)] = &[
    ("a block that ends before it begins", "有个 SACK 块的末尾在开头之前"),
    ("a call returns that did not begin", "有个调用没有开始就返回了"),
    ("a count or a place that no run can reach", "有个计数或位置大得不可能"),
    ("a datagram longer than any", "有个数据报长得不可能"),
    (
        "a fragment behind the end of any packet",
        "有个分片落在任何包的末尾之后",
    ),
    ("a header longer than its message", "首部比消息还长"),
    (
        "a message is abandoned at a place where it does not end",
        "有条消息中止的位置不是它发到的位置",
    ),
    (
        "a message is abandoned that is not the last one",
        "中止的消息不是最后一条",
    ),
    ("a number that no run can reach", "有个编号大得不可能"),
    ("a packet longer than any", "有个包长得不可能"),
    ("a packet that carries more than it has", "有个包装的字节比它自己还多"),
    ("a segment longer than any", "有个报文段长得不可能"),
    ("a span that ends before it begins", "有一段字节的末尾在开头之前"),
    ("a span that ends too late", "有一段字节的末尾太靠后"),
    (
        "a step begins that does not come after the one before it",
        "有一步不在它前面那一步之后",
    ),
    ("a struct longer than any", "有个结构体长得不可能"),
    ("a time that no run can reach", "有个时间大得不可能"),
    ("a wait ends that did not begin", "有次等待没有开始就结束了"),
    ("a window wider than any", "有个窗口大得不可能"),
    ("calls are told together that cannot be", "有些调用不可能合在一起讲"),
    ("calls moved more than was sent", "这些调用搬的字节比发出的还多"),
    ("it happened before the line above", "它发生在上一行之前"),
    ("more blocks than a segment has room for", "SACK 块多得一个报文段放不下"),
    ("more left than was sent", "离开的字节比发送的还多"),
    (
        "more places that are no text than a text has",
        "解不开的地方比文字本身还多",
    ),
    ("more was acknowledged than was sent", "被确认的字节比发送的还多"),
    (
        "more was read than the other endpoint had sent",
        "读到的字节比对方发送的还多",
    ),
    ("more was sent than the messages have", "发送的字节比消息里的还多"),
    ("there is no trace version", "没有 trace 的版本号"),
    ("something follows the end", "结尾之后还有内容"),
    ("the datagram was read before", "这个数据报已经读过了"),
    ("the length does not agree with the bytes", "长度和字节对不上"),
    ("the line is not UTF-8", "这一行不是 UTF-8"),
    ("the line is too long", "这一行太长"),
    (
        "the message does not begin where the one before it ends",
        "消息的开头不在前一条的末尾",
    ),
    ("the number of endpoints", "端点的个数不对"),
    (
        "the parts of a struct do not agree with its bytes",
        "结构体的各部分和它的字节对不上",
    ),
    (
        "the read does not begin where the one before it ended",
        "这次读的开头不在前一次的末尾",
    ),
];
