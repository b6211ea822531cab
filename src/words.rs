//! What the lab says, in English and in Chinese: one function a message, so that the compiler proves both exist.
//!
//! Lengths are in bytes, times in milliseconds. Names of calls, options and files are the same in both languages.

/// The two languages every user text exists in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lang {
    /// English.
    En,
    /// 简体中文.
    Zh,
}

use Lang::{En, Zh};

/// Defines functions that say one thing in both languages.
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident($($arg:ident: $type:ty),*) { $en:literal, $zh:literal })*) => {$(
        $(#[$doc])*
        #[must_use]
        pub fn $name(lang: $crate::words::Lang, $($arg: $type),*) -> String {
            match lang {
                $crate::words::Lang::En => format!($en),
                $crate::words::Lang::Zh => format!($zh),
            }
        }
    )*};
}

pub mod broken;
pub mod capture;
pub mod catalogue;
pub mod code;
pub mod commands;
pub mod errors;
pub mod findings;
pub mod fingerprint;
pub mod notes;
pub mod pack;
pub mod screen;
pub mod telling;
pub mod visible;
pub mod waits;
pub mod wire;

/// Defines functions that say how many there are of something: one word for one, another for any other number.
macro_rules! counts {
    ($($(#[$doc:meta])* $name:ident { $one:literal, $many:literal, $zh:literal })*) => {$(
        $(#[$doc])*
        #[must_use]
        pub fn $name(lang: Lang, count: u64) -> String {
            let number = grouped(count);
            match lang {
                En if count == 1 => format!($one),
                En => format!($many, number = number),
                Zh => format!($zh, number = number),
            }
        }
    )*};
}

counts! {
    /// "1 byte", "5 bytes".
    bytes { "1 byte", "{number} bytes", "{number} 字节" }
    /// "2 datagrams".
    datagrams { "1 datagram", "{number} datagrams", "{number} 个数据报" }
    /// "8 segments with data".
    segments { "1 segment with data", "{number} segments with data", "{number} 个携带数据的报文段" }
    /// "3 packets".
    packets { "1 packet", "{number} packets", "{number} 个包" }
    /// "2 votes".
    votes { "1 vote", "{number} votes", "{number} 票" }
    /// "186 runs".
    runs { "1 run", "{number} runs", "{number} 次" }
    /// "29 scenarios".
    scenarios { "1 scenario", "{number} scenarios", "{number} 个场景" }
    /// "12 settings".
    settings { "1 setting", "{number} settings", "{number} 组设置" }
    /// "2 messages".
    messages_counted { "1 message", "{number} messages", "{number} 条消息" }
    /// "2 digits".
    digits { "1 digit", "{number} digits", "{number} 位数字" }
    /// "3 things that had to be seen".
    expectations { "1 thing that had to be seen", "{number} things that had to be seen", "{number} 项预期" }
    /// "2 things".
    things { "1 thing", "{number} things", "{number} 项" }
    /// "3 more times".
    more_times { "once more", "{number} times more", "{number} 次" }
}

/// "-1 bytes": a length that no bytes can have.
#[must_use]
pub fn signed(lang: Lang, count: i64) -> String {
    let size = bytes(lang, count.unsigned_abs());
    match (count, lang) {
        (0.., _) => size,
        (-1, En) => "-1 bytes".to_owned(),
        _ => format!("-{size}"),
    }
}

/// A number with its thousands set apart.
#[must_use]
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let first = digits.len() % 3;
    let mut out = digits[..first].to_owned();
    for (index, digit) in digits[first..].chars().enumerate() {
        if index % 3 == 0 && !out.is_empty() {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Nanoseconds as milliseconds, with three digits below 10 ms and one above.
#[must_use]
pub fn millis(nanos: u64) -> String {
    let micros = nanos / 1000;
    if micros < 10_000 {
        format!("{}.{:03}", micros / 1000, micros % 1000)
    } else {
        let tenths = (micros + 50) / 100;
        format!("{}.{}", grouped(tenths / 10), tenths % 10)
    }
}

/// Nanoseconds as milliseconds; what is too short for three digits is not told as none.
#[must_use]
pub fn millis_or_under(lang: Lang, nanos: u64) -> String {
    match (lang, nanos) {
        (En, ..1000) => "under 0.001".to_owned(),
        (Zh, ..1000) => "不到 0.001".to_owned(),
        _ => millis(nanos),
    }
}

/// A moment of the run in milliseconds, from nanoseconds, with three digits.
#[must_use]
pub fn moment(nanos: u64) -> String {
    let micros = (nanos + 500) / 1000;
    format!("{}.{:03}", micros / 1000, micros % 1000)
}

/// "m1", "m1 and m2", "m1, m2 and m3"; of many the first two and the last.
#[must_use]
pub fn messages(lang: Lang, numbers: &[u32]) -> String {
    let names: Vec<String> = match numbers {
        [first, second, .., last] if numbers.len() > 6 => {
            vec![format!("m{first}"), format!("m{second}"), format!("… m{last}")]
        }
        _ => numbers.iter().map(|number| format!("m{number}")).collect(),
    };
    list(lang, &names)
}

/// "a", "a and b", "a, b and c".
#[must_use]
pub fn list(lang: Lang, items: &[String]) -> String {
    match (lang, items) {
        (_, []) => String::new(),
        (_, [one]) => one.clone(),
        (En, [rest @ .., last]) => format!("{} and {last}", rest.join(", ")),
        (Zh, [rest @ .., last]) => {
            let rest = rest.join("、");
            // A blank stands between Latin letters and characters, and between no others.
            let before = if ends_latin(&rest) { " " } else { "" };
            let after = if last.starts_with(|first: char| first.is_ascii()) {
                " "
            } else {
                ""
            };
            format!("{rest}{before}和{after}{last}")
        }
    }
}

/// Names that need no translation, one after the other as the language lists them; `joined` has commas between them.
#[must_use]
pub fn names(lang: Lang, joined: &str) -> String {
    match lang {
        En => joined.to_owned(),
        Zh => joined.replace(", ", "、"),
    }
}

/// An endpoint's name: the usual ones are translated, also where there are several of them (`client-2`).
#[must_use]
pub fn endpoint(lang: Lang, name: &str) -> String {
    if let (Zh, Some((kind, number))) = (lang, name.split_once('-'))
        && !number.is_empty()
        && number.bytes().all(|byte| byte.is_ascii_digit())
        && endpoint(lang, kind) != kind
    {
        return format!("{number} 号{}", endpoint(lang, kind));
    }
    match (lang, name) {
        (Zh, "sender") => "发送方",
        (Zh, "receiver") => "接收方",
        (Zh, "client") => "客户端",
        (Zh, "server") => "服务端",
        (Zh, "child-out") => "子进程·标准输出",
        (Zh, "child-err") => "子进程·标准错误",
        (Zh, "parent-out") => "父进程·标准输出",
        (Zh, "parent-err") => "父进程·标准错误",
        _ => name,
    }
    .to_owned()
}

/// An endpoint's name where the sentence goes on with a word: in Chinese a blank stands behind Latin letters.
#[must_use]
pub fn subject(lang: Lang, name: &str) -> String {
    let name = endpoint(lang, name);
    match lang {
        Zh if ends_latin(&name) => name + " ",
        _ => name,
    }
}

fn ends_latin(text: &str) -> bool {
    text.ends_with(|last: char| last.is_ascii())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_endpoints_are_translated_with_their_numbers() {
        assert_eq!(endpoint(Zh, "client"), "客户端");
        assert_eq!(endpoint(Zh, "client-2"), "2 号客户端");
        assert_eq!(endpoint(En, "client-2"), "client-2");
        for own in ["client-", "client-a", "cook-2", "client_2"] {
            assert_eq!(endpoint(Zh, own), own);
        }
    }

    #[test]
    fn a_blank_stands_between_latin_and_chinese_only() {
        assert_eq!(subject(Zh, "cook"), "cook ");
        assert_eq!(subject(Zh, "parent-out"), "父进程·标准输出");
        assert_eq!(subject(En, "cook"), "cook");
        let list = |items: [&str; 2]| list(Zh, &items.map(str::to_owned));
        assert_eq!(list(["m1", "m2"]), "m1 和 m2");
        assert_eq!(list(["68 字节", "自己的"]), "68 字节和自己的");
        assert_eq!(list(["client-a", "服务端"]), "client-a 和服务端");
    }

    #[test]
    fn one_is_one_and_many_are_many() {
        assert_eq!(
            [0, 1, 2, 1000].map(|count| runs(En, count)),
            ["0 runs", "1 run", "2 runs", "1,000 runs"]
        );
        assert_eq!(more_times(En, 1), "once more");
        assert_eq!(datagrams(Zh, 1), "1 个数据报");
    }

    #[test]
    fn a_time_that_is_too_short_to_tell_is_not_told_as_none() {
        assert_eq!(millis_or_under(En, 999), "under 0.001");
        assert_eq!(millis_or_under(Zh, 0), "不到 0.001");
        assert_eq!(millis_or_under(Zh, 1000), "0.001");
    }
}
