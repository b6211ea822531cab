//! A text that names a number, a count or a choice of the defaults where the knobs have changed it.
//!
//! What is known of a run before it is made: what its knobs are set to, how often each endpoint sends and reads, how
//! many bytes each message has and each read asks for. A number of that kind which belongs to the defaults and not to
//! the settings at hand must not stand in what is said under these settings; nor may the word that a knob was on; nor a
//! hint to turn it where it is already (`try checks=any-sent`). What is right all the same stands in
//! [`ALLOWED`] and [`ALLOWED_WORDS`], with the reason.

use std::collections::BTreeSet;

use lab::scenario::plan::Task;
use lab::scenario::read::read;
use lab::scenario::{Plan, Scenario, Setting, Settings, Transport};
use lab::words::Lang;

use super::{changed, scenarios, settings};

/// Scenario, the kinds of text, number, and why it may stand there.
const ALLOWED: &[(&str, &[&str], u64, &str)] = &[
    (
        "udp-limit",
        &["title"],
        65_508,
        "the limit is what it is, whatever is sent",
    ),
    ("half-character", &["why"], 4, "the longest character of UTF-8"),
    (
        "struct-bytes",
        &["ask", "option", "belief"],
        4,
        "a number of 32 bits has four bytes in every format",
    ),
    (
        "handshake",
        &["sees", "why", "stop"],
        3,
        "three packets open a connection, however it ends",
    ),
    (
        "write-write-read",
        &["why"],
        2,
        "the cause is told of two sends, under every knob",
    ),
];

/// Scenario, the choice that a knob was on, and why its word may stand in a text nevertheless.
const ALLOWED_WORDS: &[(&str, &str, &str)] = &[
    ("big-send", "blocking", "the cause tells of every kind of send"),
    ("half-character", "utf-8", "the cause compares the two encodings"),
    ("length-prefix", "bytes", "what TCP carries, whatever the sender counts"),
    ("remote-command-tcp", "both", "an everyday word"),
    ("remote-command-framed", "both", "an everyday word"),
    (
        "remote-command-framed",
        "length",
        "what the knob can be is told, and the cause compares",
    ),
    ("ftp-put", "plain", "what a name has to be, whatever it is"),
    ("auth", "whole", "the cause tells to read until it is whole"),
    ("threaded-server", "serial", "the cause compares both servers"),
    (
        "write-write-read",
        "loopback",
        "the cause tells that it is the same there",
    ),
];

/// Numbers as English words; `second` and the like are counts as well.
const ENGLISH: [(&str, u64); 22] = [
    ("two", 2),
    ("twice", 2),
    ("second", 2),
    ("three", 3),
    ("third", 3),
    ("four", 4),
    ("fourth", 4),
    ("five", 5),
    ("fifth", 5),
    ("six", 6),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
    ("ten", 10),
    ("eleven", 11),
    ("twelve", 12),
    ("twenty", 20),
    ("thirty", 30),
    ("fifty", 50),
    ("hundred", 100),
    ("thousand", 1000),
    ("million", 1_000_000),
];
const CHINESE: &str = "两二三四五六七八九十";
/// A Chinese numeral counts where one of these stands behind it.
const COUNTED: &str = "个次条段种位片帧样截遍步";
/// Words before `knob=value` that ask to turn it.
const HINTS: [&str; 4] = ["try ", "set ", "试试 ", "拨 "];

/// The numbers from 2 on that a text names, leaving out what only looks like one: names (`client-1`, `SHA-256`), RFCs
/// and their sections, pages of the manual.
fn numbers(text: &str) -> BTreeSet<u64> {
    let chars: Vec<char> = text.chars().collect();
    let mut found = BTreeSet::new();
    let mut at = 0;
    while at < chars.len() {
        let start = at;
        let kind = |c: char| match c {
            '0'..='9' => 1,
            'a'..='z' | 'A'..='Z' => 2,
            _ => 0,
        };
        let this = kind(chars[at]);
        at += 1;
        let goes_on = |at: usize| match (this, chars.get(at)) {
            (1, Some(',')) => chars.get(at + 1).is_some_and(char::is_ascii_digit),
            (1 | 2, Some(c)) => kind(*c) == this,
            _ => false,
        };
        while goes_on(at) {
            at += 1;
        }
        let word: String = chars[start..at].iter().filter(|c| **c != ',').collect();
        let before: String = chars[start.saturating_sub(12)..start].iter().collect();
        let behind = chars.get(at).copied().unwrap_or(' ');
        match this {
            1 => {
                let names = |c: char| c.is_ascii_alphabetic() || matches!(c, '_' | '-' | '.' | '^');
                let is_name = before.chars().next_back().is_some_and(names)
                    || behind.is_ascii_alphabetic()
                    || matches!(behind, '_' | '.') && chars.get(at + 1).is_some_and(char::is_ascii_digit);
                let is_reference = ["RFC ", "section ", "第 ", "man "]
                    .iter()
                    .any(|word| before.ends_with(word));
                let is_page = before.ends_with('(')
                    && before.len() > 1
                    && behind == ')'
                    && ["tcp(", "pipe(", "unix(", "socket(", "send(", "udp("]
                        .iter()
                        .any(|page| before.ends_with(page));
                if !is_name && !is_reference && !is_page {
                    found.extend(word.parse::<u64>());
                }
            }
            2 => {
                let is_name = |c: char| matches!(c, '-' | '_' | '=');
                let inside = before.chars().next_back().is_some_and(is_name) || is_name(behind);
                let number = ENGLISH.iter().find(|(name, _)| word.eq_ignore_ascii_case(name));
                found.extend(number.filter(|_| !inside).map(|(_, number)| *number));
            }
            _ => {
                if CHINESE.contains(chars[start]) && COUNTED.contains(behind) {
                    let place = CHINESE.chars().position(|c| c == chars[start]).unwrap_or(0) as u64;
                    // 两 and 二 are the same.
                    found.insert(place.max(1) + 1);
                }
            }
        }
    }
    found.retain(|number| *number >= 2);
    found
}

/// The numbers that are known of a run before it is made.
fn facts(scenario: &Scenario, settings: &Settings) -> BTreeSet<u64> {
    let plan = Plan::new(scenario, settings);
    let knobs = settings.iter().filter_map(|(_, value)| match value {
        Setting::Number(number) => Some(*number),
        _ => None,
    });
    let mut facts: BTreeSet<u64> = knobs.collect();
    for endpoint in 0..plan.endpoints.len() {
        let (mut sends, mut reads, mut sent) = (0, 0, 0);
        for step in plan.steps.iter().filter(|step| step.endpoint == endpoint) {
            let (messages, bytes) = match &step.task {
                Task::Send(bytes) | Task::TrySend { bytes, .. } => (1, bytes.len()),
                Task::SendTimes { bytes, times } => (*times, bytes.len()),
                Task::SendPacked(packed) => (1, packed.format.size()),
                Task::SendFrames(frames) => (frames.frames.len(), 0),
                Task::Recv(asked) | Task::Drain(asked) | Task::ReadText { asked, .. } => {
                    reads += 1;
                    facts.insert(*asked as u64);
                    (0, 0)
                }
                Task::ReadFrames(frames) => {
                    reads += frames.count as u64;
                    (0, 0)
                }
                _ => (0, 0),
            };
            sends += messages as u64;
            sent += (messages * bytes) as u64;
            facts.insert(bytes as u64);
            facts.extend(pieces(&plan, endpoint, bytes as u64));
        }
        facts.extend([sends, reads, sent]);
        let of = &plan.endpoints[endpoint];
        facts.extend(of.mss.map(u64::from));
        facts.extend(
            [of.receive_buffer, of.send_buffer]
                .into_iter()
                .flatten()
                .map(|size| size as u64),
        );
    }
    facts
}

/// How many packets a message takes, where that is known before: segments of an MSS that is set, with 12 bytes of it for
/// the timestamps; fragments of a datagram, whose lengths are multiples of 8 behind 20 bytes of IP header.
fn pieces(plan: &Plan, endpoint: usize, bytes: u64) -> Option<u64> {
    match plan.transport {
        Transport::Tcp => {
            let mss = u64::from(plan.endpoints[endpoint].mss?);
            Some(bytes.div_ceil(mss.checked_sub(12)?.max(1)))
        }
        Transport::Udp => {
            let mtu = u64::from(plan.wire.as_ref()?.mtu);
            Some((bytes + 8).div_ceil((mtu - 20) / 8 * 8))
        }
        _ => None,
    }
}

/// What is said of the defaults and not true of the settings, with the text in which it stands.
fn stale(scenario: &Scenario, settings: &Settings, lang: Lang) -> Vec<String> {
    let defaults = scenario.defaults();
    let gone: BTreeSet<u64> = facts(scenario, &defaults)
        .difference(&facts(scenario, settings))
        .copied()
        .collect();
    // What joins the endpoints need not be set.
    let loopback = Setting::Choice("loopback".to_owned());
    let was = |name| defaults.get(name).or((name == "link").then_some(&loopback));
    let turned: Vec<(&str, &Setting, &Setting)> = settings
        .iter()
        .filter_map(|(name, value)| Some((name, was(name)?, value)))
        .filter(|(_, was, is)| was != is)
        .collect();
    let counts = |setting: &Setting| {
        let word = setting.to_string();
        ENGLISH
            .iter()
            .find(|(name, _)| *name == word)
            .map(|(_, number)| *number)
    };
    // `writes=two`, and it is on `one` now.
    let choices: BTreeSet<u64> = turned.iter().filter_map(|(_, was, _)| counts(was)).collect();
    let allowed = |kind: &str, number: u64| {
        let mut all = ALLOWED.iter();
        all.any(|(id, kinds, one, _)| *id == scenario.id && *one == number && kinds.contains(&kind))
    };
    let mut told = Vec::new();
    for (kind, text) in scenario.said(settings) {
        let text = text.get(lang);
        let named = numbers(text);
        for number in named
            .iter()
            .filter(|number| gone.contains(number) || choices.contains(number))
        {
            if !allowed(kind, *number) {
                told.push(format!("{number} in {kind}: {text}"));
            }
        }
        let lower = text.to_lowercase();
        let words: Vec<&str> = lower.split(|c: char| !c.is_ascii_alphanumeric() && c != '-').collect();
        for (name, was, _) in turned.iter().filter(|(_, was, _)| matches!(was, Setting::Choice(_))) {
            let word = was.to_string();
            let allowed = ALLOWED_WORDS
                .iter()
                .any(|(id, one, _)| *id == scenario.id && *one == word);
            // Shorter ones are words of every sentence.
            if word.len() > 3 && words.contains(&word.as_str()) && !allowed {
                told.push(format!("{name}={word} in {kind}: {text}"));
            }
        }
        for (name, _, is) in &turned {
            for hint in HINTS {
                if lower.contains(&format!("{hint}{name}={is}")) {
                    told.push(format!("{name}={is} in {kind}: {text}"));
                }
            }
        }
    }
    told
}

fn all_that_is_stale(scenario: &Scenario) -> Vec<String> {
    let mut told = Vec::new();
    for settings in settings(scenario).iter().skip(1) {
        for lang in [Lang::En, Lang::Zh] {
            let under = changed(scenario, settings);
            let stale = stale(scenario, settings, lang).into_iter();
            told.extend(stale.map(|what| format!("{} {under}: {what}", scenario.id)));
        }
    }
    told
}

#[test]
fn no_text_names_what_the_knobs_have_changed() {
    let told: Vec<String> = scenarios().iter().flat_map(all_that_is_stale).collect();
    assert!(told.is_empty(), "{} texts:\n{}", told.len(), told.join("\n"));
}

#[test]
fn what_is_allowed_stands_somewhere() {
    for (id, kinds, number, why) in ALLOWED {
        let all = scenarios();
        let scenario = all
            .iter()
            .find(|scenario| scenario.id == *id)
            .expect("there is such a scenario");
        let said = settings(scenario)
            .into_iter()
            .flat_map(|settings| scenario.said(&settings));
        let said = said.filter(|(kind, _)| kinds.contains(kind));
        let mut stands = said.flat_map(|(_, text)| [numbers(&text.en), numbers(&text.zh)]);
        assert!(stands.any(|numbers| numbers.contains(number)), "{id}: {number} ({why})");
    }
    for (id, word, why) in ALLOWED_WORDS {
        let all = scenarios();
        let scenario = all
            .iter()
            .find(|scenario| scenario.id == *id)
            .expect("there is such a scenario");
        let mut said = settings(scenario)
            .into_iter()
            .flat_map(|settings| scenario.said(&settings));
        assert!(
            said.any(|(_, text)| text.en.to_lowercase().contains(word)),
            "{id}: {word} ({why})"
        );
    }
}

/// A scenario whose texts do not know its knobs, in every way that is looked for.
const WRONG: &str = r#"id = "wrong"
order = 1
transport = "tcp"
title = { en = "In two calls", zh = "分两次" }
sees = { en = "3,000 bytes are sent.", zh = "发出 3000 个字节。" }
why = { en = "Try writes=one over loopback. It is quick.", zh = "试试 writes=one，走 loopback。quick 就快。" }
steps = [
  { sender.send = { letters = "$size" } },
  { when = "writes == two", sender.send = { letters = "$size" } },
  { receiver.until_queued = "all" },
  { when = "speed == slow", receiver.until_queued = "all" },
  { receiver.recv = 4 },
  { when = "again", receiver.recv = 4 },
  { when = "again", receiver.recv = 4 },
]
[endpoints.sender]
[endpoints.receiver]
listens = true
[knobs.size]
default = 3000
range = [5, 4000]
label = { en = "a", zh = "b" }
[knobs.writes]
default = "two"
choices = ["one", "two"]
label = { en = "a", zh = "b" }
[knobs.again]
default = true
label = { en = "a", zh = "b" }
[knobs.speed]
default = "quick"
choices = ["quick", "slow"]
label = { en = "a", zh = "b" }
[[contrast]]
speed = "slow"
[[contrast]]
size = 5
[[contrast]]
writes = "one"
[[contrast]]
again = false
[[expect]]
arrived = "not-all"
[[predict]]
ask = { en = "The receiver reads three times. What remains?", zh = "接收方读三次。剩下什么？" }
[[predict.options]]
text = { en = "This", zh = "这个" }
claim = { arrived = "all" }
[[predict.options]]
text = { en = "That", zh = "那个" }
claim = { arrived = "not-all" }
"#;

#[test]
fn texts_that_do_not_know_their_knobs_are_caught() {
    let scenario = read("wrong.toml", WRONG).unwrap_or_else(|problems| panic!("{problems}"));
    let told = all_that_is_stale(&scenario);
    let caught = |under: &str, what: &str| {
        let begins = format!("wrong {under}: {what}");
        told.iter().filter(|line| line.starts_with(&begins)).count()
    };
    assert_eq!(caught("size=5", "3000 in sees"), 2, "a number: {told:#?}");
    assert_eq!(caught("again=false", "3 in ask"), 2, "a count: {told:#?}");
    assert_eq!(caught("writes=one", "2 in title"), 2, "a choice: {told:#?}");
    assert_eq!(caught("writes=one", "writes=one in why"), 2, "a hint: {told:#?}");
    assert_eq!(caught("speed=slow", "speed=quick in why"), 2, "a word: {told:#?}");
    assert_eq!(
        caught("link=wire", "link=loopback in why"),
        2,
        "what joins the endpoints: {told:#?}"
    );
    // The defaults themselves are right.
    let defaults = scenario.defaults();
    assert!(stale(&scenario, &defaults, Lang::En).is_empty());
}

#[test]
fn numbers_are_told_from_names() {
    let found = |text: &str| numbers(text).into_iter().collect::<Vec<_>>();
    assert_eq!(
        found("m1 and client-2 by RFC 9293, section 3.8.6.3: SHA-256, tcp(7), 127.0.0.1"),
        [0; 0]
    );
    assert_eq!(
        found("recv(1024) takes 4,000 bytes in two calls; the third, twelve."),
        [2, 3, 12, 1024, 4000]
    );
    assert_eq!(
        found("第二个数据报，三次 recv(8)，两边都等，写 RFC 9293 第 2.2 节"),
        [2, 3, 8]
    );
    assert_eq!(found("writes=two, command-two"), [0; 0]);
}
