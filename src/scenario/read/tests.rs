//! Bad files and what is said about them.

mod any_text;
mod conditions;
mod kinds;
mod whole;

use super::*;
use crate::scenario::{Mark, Plan, Stop};
use crate::words::Lang;

/// A sound scenario that uses a little of everything over TCP.
const TCP: &str = r#"id = "demo"
order = 1
transport = "tcp"
title = { en = "A title", zh = "标题" }
sees = { en = "What to see", zh = "看什么" }
why = { en = "The cause", zh = "原因" }
steps = [
  { sender.send = "hello" },
  { when = "more", sender.send = { letters = "$size" } },
  { receiver.until_queued = "all" },
  { receiver.recv = 1024 },
]
[endpoints.sender]
nodelay = "$more"
[endpoints.receiver]
listens = true
[knobs.more]
default = false
label = { en = "send more", zh = "多发一条" }
[knobs.size]
default = 5
range = [1, 100]
label = { en = "how much more", zh = "多发多少" }
[knobs.mode]
default = "slow"
choices = ["slow", "fast"]
label = { en = "how", zh = "怎么发" }
[[contrast]]
more = true
[[expect]]
when = "not more and size >= 5 and mode == slow"
reads = ["hello"]
[[expect]]
when = "more"
left = ["m1", "m2:0-5"]
[[predict]]
ask = { en = "What?", zh = "什么？" }
[[predict.options]]
text = { en = "This", zh = "这个" }
claim = { reads = ["hello"] }
[[predict.options]]
text = { en = "That", zh = "那个" }
claim = { readings = ["stuck"] }
belief = { en = "No.", zh = "不对。" }
"#;

/// A sound scenario over UDP.
const UDP: &str = r#"id = "demo"
order = 1
transport = "udp"
title = { en = "A title", zh = "标题" }
sees = { en = "What to see", zh = "看什么" }
why = { en = "The cause", zh = "原因" }
steps = [
  { sender.send = "" },
  { sender.send = { letters = 20 } },
  { receiver.until_queued = 2 },
  { receiver.recv = 8 },
  { receiver.recv = 8 },
]
[endpoints.sender]
[endpoints.receiver]
listens = true
[[expect]]
lost = 12
"#;

/// A sound scenario with frames.
const FRAMES: &str = r#"id = "demo"
order = 1
transport = "tcp"
title = { en = "A title", zh = "标题" }
sees = { en = "What to see", zh = "看什么" }
why = { en = "The cause", zh = "原因" }
steps = [
  { sender.send_frames = ["hello", ""] },
  { receiver.read_frames = 2 },
]
[endpoints.sender]
[endpoints.receiver]
listens = true
[framing]
order = "$order"
[knobs.order]
default = "big"
choices = ["big", "little"]
label = { en = "byte order", zh = "字节序" }
[[contrast]]
order = "little"
[[expect]]
frames = ["hello", ""]
"#;

/// The file with one place changed. A place that is not there is a mistake of the test.
fn changed(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "{from:?} is not in the file");
    text.replacen(from, to, 1)
}

/// So many lines, with their number from 1 in the place of `#`.
fn lines(count: usize, line: &str) -> String {
    let lines: Vec<String> = (1..=count).map(|n| line.replace('#', &n.to_string())).collect();
    lines.join("\n") + "\n"
}

/// Everything that is said about a file, each as `line:column title / help`.
fn told(text: &str, lang: Lang) -> Vec<String> {
    match read("demo.toml", text) {
        Ok(_) => Vec::new(),
        Err(problems) => problems
            .render(lang, false)
            .split("\n\n")
            .map(|problem| {
                let mut lines = problem.lines();
                let title = lines.next().unwrap_or_default();
                let title = ["error: ", "错误："]
                    .iter()
                    .fold(title, |title, begins| title.trim_start_matches(begins));
                let place = problem.split_once("demo.toml:").map_or("", |(_, place)| place);
                let place = place.lines().next().unwrap_or_default();
                let help = lines.find_map(|line| line.split_once(" = help: ").or(line.split_once(" = 建议：")));
                let help = help.map(|(_, help)| format!(" / {help}")).unwrap_or_default();
                format!("{place} {title}{help}")
            })
            .collect(),
    }
}

/// Every change makes the file wrong in the way that is told.
#[track_caller]
fn tell(text: &str, cases: &[(&str, &str, &[&str])]) {
    assert_eq!(
        told(text, Lang::En),
        Vec::<String>::new(),
        "the file must be sound before it is changed"
    );
    let mut wrong = Vec::new();
    for (from, to, expected) in cases {
        let told = told(&changed(text, from, to), Lang::En);
        if told != *expected {
            wrong.push(format!("{from:?} -> {to:?}:\n{told:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
