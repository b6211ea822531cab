use std::fmt;
use std::path::{Path, PathBuf};

use super::support::root;

/// Which module may use which others. Whoever adds an arrow gives the reason here.
const MAY_USE: &[(&str, &[&str])] = &[
    ("words", &[]),
    ("framing", &[]),
    ("pack", &[]),
    ("digest", &[]),
    ("trace", &[]),
    // Why a name is refused is a word of the trace.
    ("folder", &["trace"]),
    ("sys", &[]),
    ("packet", &[]),
    // The networks are made by the kernel; a packet says what becomes of it.
    ("wire", &["packet", "sys"]),
    ("link", &[]),
    // What a packet says of itself, and how a file of packets is written: bytes in, bytes out.
    ("packet", &[]),
    ("pcapng", &[]),
    // The wire tells of each packet what stands in it.
    ("wire", &["packet", "sys"]),
    // A format is read when its file is, so that what is wrong with it has its place; a knob offers digests by their
    // names.
    ("scenario", &["digest", "framing", "pack", "words"]),
    // An endpoint on a wire asks it what is under way.
    ("endpoint", &["sys", "link", "trace", "wire"]),
    // A step may hold packets and let them go, and may have a command run apart from the lab.
    (
        "program",
        &[
            "digest", "endpoint", "folder", "framing", "pack", "scenario", "sys", "trace", "wire",
        ],
    ),
    // A run has one folder for the files of all its programs, and writes down what the wire tells of packets.
    (
        "runner",
        &[
            "program", "endpoint", "folder", "link", "packet", "scenario", "trace", "wire",
        ],
    ),
    ("story", &["scenario", "trace", "words"]),
    ("report", &["story", "scenario", "trace", "words"]),
    ("code", &["digest", "framing", "pack", "scenario", "words"]),
    ("config", &["scenario", "words"]),
    // The theme is the same word in both.
    ("cli", &["config", "words"]),
    // A face says what every face says, so it takes the lines of the others; never who makes a run. The theme is the
    // same word here as in the configuration.
    (
        "tui",
        &["code", "config", "report", "scenario", "story", "trace", "words"],
    ),
    // The program is the helper that makes a wire, says why there is none, and writes its packets to a file. A file that is
    // to be sent is refused for its name before a run, as the folder of the run would.
    (
        "command",
        &[
            "cli", "config", "digest", "endpoint", "folder", "framing", "link", "pack", "pcapng", "program", "report",
            "runner", "scenario", "story", "sys", "trace", "tui", "wire", "words",
        ],
    ),
    // The root only names the modules, and `main` only calls the commands.
    ("lib", &[]),
    ("main", &["command"]),
];

/// Where a clock may be read, a thread may sleep and a socket may be opened.
const TOUCHES_THE_WORLD: &[&str] = &["endpoint", "link", "runner", "program", "sys", "wire"];

/// The screen's loop measures how long it may wait for the next message; what is shown of time comes from the trace.
const LOOP: (&str, &str) = ("tui.rs", "Instant");

/// The libraries that drive the terminal.
const TERMINAL_LIBRARIES: &[&str] = &["ratatui", "crossterm"];

/// Where they stay out, although it is below `tui`: what the screen's state is and what keys mean is decided, and
/// tested, without a terminal.
const WITHOUT_A_TERMINAL: &[&str] = &[
    "tui.rs",
    "tui/app",
    "tui/alarm",
    "tui/input",
    "tui/keys",
    "tui/log",
    "tui/signals",
];

/// Words that belong there.
const WORLDLY: &[&str] = &[
    "Instant",
    "SystemTime",
    "sleep",
    "UdpSocket",
    "TcpStream",
    "TcpListener",
    "socket2",
];

/// File names that say nothing about what is in the file.
const EMPTY_NAMES: &[&str] = &[
    "util", "utils", "common", "helper", "helpers", "manager", "handler", "prelude", "mod", "misc",
];

/// Something that stands where it must not.
#[derive(Debug, PartialEq, Eq)]
struct Offence {
    file: String,
    line: usize,
    what: String,
}

impl fmt::Display for Offence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.what)
    }
}

/// A token: a word, or one other character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Token<'t> {
    text: &'t str,
    line: usize,
}

/// The code as tokens, without comments, texts and characters.
fn tokens(code: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let (mut at, mut line) = (0, 1);
    while let Some(c) = code[at..].chars().next() {
        let rest = &code[at..];
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            block_comment(rest)
        } else if c == '"' {
            quoted(rest)
        } else if let Some(length) = raw_text(rest) {
            length
        } else if c == '\'' {
            character(rest)
        } else if is_word(c) {
            let length = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
            tokens.push(Token {
                text: &rest[..length],
                line,
            });
            length
        } else {
            let length = c.len_utf8();
            if !c.is_whitespace() {
                tokens.push(Token {
                    text: &rest[..length],
                    line,
                });
            }
            length
        };
        line += rest[..length].matches('\n').count();
        at += length;
    }
    tokens
}

/// Length of a block comment; they nest.
fn block_comment(rest: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < rest.len() {
        if rest[at..].starts_with("/*") {
            (depth, at) = (depth + 1, at + 2);
        } else if rest[at..].starts_with("*/") {
            (depth, at) = (depth - 1, at + 2);
            if depth == 0 {
                break;
            }
        } else {
            at += rest[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    at
}

/// Length of a text in double quotes.
fn quoted(rest: &str) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// Length of a raw text, if there is one: `r"…"`, `br#"…"#`.
fn raw_text(rest: &str) -> Option<usize> {
    let behind = ["br", "cr", "r"].iter().find_map(|mark| rest.strip_prefix(mark))?;
    let hashes = behind.len() - behind.trim_start_matches('#').len();
    let content = behind[hashes..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    let start = rest.len() - content.len();
    Some(content.find(&end).map_or(rest.len(), |at| start + at + end.len()))
}

/// Length of a character, or of the mark of a lifetime.
fn character(rest: &str) -> usize {
    let mut chars = rest.char_indices().skip(1);
    match chars.next() {
        Some((_, '\\')) => {
            let escaped = rest
                .char_indices()
                .nth(2)
                .map_or(rest.len(), |(at, c)| at + c.len_utf8());
            rest[escaped..].find('\'').map_or(rest.len(), |at| escaped + at + 1)
        }
        Some(_) => match chars.next() {
            Some((at, '\'')) => at + 1,
            _ => 1,
        },
        None => 1,
    }
}

/// Takes out what is only compiled for tests.
fn without_tests<'t>(tokens: &[Token<'t>]) -> Vec<Token<'t>> {
    let texts: Vec<&str> = tokens.iter().map(|token| token.text).collect();
    let mut kept = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if texts[at..].starts_with(&["#", "[", "cfg", "(", "test", ")", "]"]) {
            let mut depth = 0;
            while at < tokens.len() {
                match texts[at] {
                    "{" => depth += 1,
                    "}" => depth -= 1,
                    _ => {}
                }
                at += 1;
                if depth == 0 && ["}", ";"].contains(&texts[at - 1]) {
                    break;
                }
            }
        } else {
            kept.push(tokens[at]);
            at += 1;
        }
    }
    kept
}

/// The names of the top level that a file uses, each with its line.
fn used<'t>(tokens: &[Token<'t>], depth: usize) -> Vec<Token<'t>> {
    let mut used = Vec::new();
    let is = |at: usize, text: &str| tokens.get(at).is_some_and(|token| token.text == text);
    let path = |at: usize| is(at, ":") && is(at + 1, ":");
    let mut at = 0;
    while at < tokens.len() {
        let mut behind = at;
        if (is(at, "crate") || is(at, "lab")) && path(at + 1) && !(at > 0 && is(at - 1, ":")) {
            behind = at + 3;
        } else if is(at, "super") {
            let mut ups = 0;
            while is(behind, "super") && path(behind + 1) {
                (ups, behind) = (ups + 1, behind + 3);
            }
            if ups < depth {
                // It stays inside its own top-level module.
                at = behind.max(at + 1);
                continue;
            }
        }
        if behind == at {
            at += 1;
        } else if is(behind, "{") {
            used.extend(group(tokens, behind));
            at = behind + 1;
        } else {
            used.extend(tokens.get(behind));
            at = behind;
        }
    }
    used
}

/// The first name of each path in `{…}`.
fn group<'t>(tokens: &[Token<'t>], open: usize) -> Vec<Token<'t>> {
    let mut names = Vec::new();
    let (mut depth, mut begins) = (0, false);
    for token in &tokens[open..] {
        match token.text {
            "{" => (depth, begins) = (depth + 1, depth == 0),
            "}" => {
                depth -= 1;
                if depth == 0 {
                    break;
                }
            }
            "," => begins = depth == 1,
            _ => {
                if begins {
                    names.push(*token);
                }
                begins = false;
            }
        }
    }
    names
}

/// Whether a file may use the libraries that drive the terminal.
fn drives_the_terminal(file: &str) -> bool {
    let below = |place: &&str| {
        let behind = file.strip_prefix(*place);
        behind.is_some_and(|behind| behind.is_empty() || behind.starts_with(['.', '/']))
    };
    file.starts_with("tui/") && !WITHOUT_A_TERMINAL.iter().any(below)
}

/// What is wrong in one file; `file` is its path below `src`.
fn offences(file: &str, code: &str) -> Vec<Offence> {
    let path = Path::new(file);
    let parts: Vec<&str> = path.iter().filter_map(|part| part.to_str()).collect();
    let module = parts.first().map_or("", |part| part.trim_end_matches(".rs"));
    let mut found = Vec::new();
    let mut report = |line: usize, what: String| {
        found.push(Offence {
            file: format!("src/{file}"),
            line,
            what,
        });
    };
    let name = path.file_stem().and_then(|name| name.to_str()).unwrap_or_default();
    if EMPTY_NAMES.contains(&name) {
        report(1, format!("{name} says nothing about what is in the file"));
    }
    // Files of tests may use what they like.
    if parts.iter().any(|part| *part == "tests" || *part == "tests.rs") {
        return found;
    }
    let allowed = MAY_USE.iter().find(|(from, _)| *from == module).map(|(_, to)| *to);
    let Some(allowed) = allowed else {
        report(1, format!("the module {module} has no place among the layers"));
        return found;
    };
    let tokens = without_tests(&tokens(code));
    for used in used(&tokens, parts.len()) {
        let is_module = MAY_USE.iter().any(|(module, _)| *module == used.text);
        if used.text != module && is_module && !allowed.contains(&used.text) {
            report(used.line, format!("{module} must not use {}", used.text));
        }
        if used.text == "*" || used.text == "self" {
            report(used.line, "the root is not used as a whole".to_owned());
        }
    }
    for (index, token) in tokens.iter().enumerate() {
        let next = |ahead: usize| tokens.get(index + ahead).map_or("", |token| token.text);
        let before = if index > 0 { tokens[index - 1].text } else { "" };
        match token.text {
            "unsafe" if module != "sys" => report(token.line, "unsafe belongs into src/sys".to_owned()),
            word if WORLDLY.contains(&word) && !TOUCHES_THE_WORLD.contains(&module) && (file, word) != LOOP => {
                report(token.line, format!("{module} must not touch {word}"));
            }
            word if TERMINAL_LIBRARIES.contains(&word) && !drives_the_terminal(file) => {
                report(
                    token.line,
                    format!("{} must not use {word}", file.trim_end_matches(".rs")),
                );
            }
            "unwrap" if before == "." && next(1) == "(" => report(token.line, "unwrap()".to_owned()),
            word @ ("todo" | "dbg" | "unimplemented") if next(1) == "!" => report(token.line, format!("{word}!")),
            _ => {}
        }
    }
    found
}

/// All files below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).expect("read a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files.extend(self::files(&path));
        } else {
            files.push(path);
        }
    }
    files.sort();
    files
}

#[test]
fn no_module_uses_what_lies_above_it() {
    let source = root("src");
    let mut found = Vec::new();
    let mut arrows = 0;
    for path in files(&source) {
        let file = path.strip_prefix(&source).expect("below src").to_str().expect("UTF-8");
        let code = std::fs::read_to_string(&path).expect("read a file");
        arrows += used(&without_tests(&tokens(&code)), Path::new(file).iter().count()).len();
        found.extend(offences(file, &code));
    }
    let list: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert!(list.is_empty(), "\n{}", list.join("\n"));
    assert!(arrows > 100, "only {arrows} uses were seen");
}

#[test]
fn every_module_has_its_place() {
    let root_of_all = std::fs::read_to_string(root("src/lib.rs")).expect("read src/lib.rs");
    for line in root_of_all.lines() {
        if let Some(module) = line.strip_prefix("pub mod ").and_then(|line| line.strip_suffix(';')) {
            assert!(MAY_USE.iter().any(|(known, _)| *known == module), "{module}");
        }
    }
}

#[test]
fn a_forbidden_use_is_reported_with_its_file_and_line() {
    let reported =
        |file: &str, code: &str| -> Vec<String> { offences(file, code).iter().map(ToString::to_string).collect() };
    let cases = [
        (
            "story.rs",
            "//! Text.\nuse crate::runner::Outcome;\n",
            "src/story.rs:2: story must not use runner",
        ),
        (
            "story/reads.rs",
            "use crate::{\n  trace::Trace,\n  sys::linux,\n};",
            "src/story/reads.rs:3: story must not use sys",
        ),
        (
            "trace/file.rs",
            "\n\nuse super::super::words::Lang;",
            "src/trace/file.rs:3: trace must not use words",
        ),
        (
            "framing.rs",
            "fn f() { super::scenario::read::read(); }",
            "src/framing.rs:1: framing must not use scenario",
        ),
        (
            "words.rs",
            "fn f() -> crate::trace::Call { x }",
            "src/words.rs:1: words must not use trace",
        ),
        (
            "report/line.rs",
            "unsafe { x() }",
            "src/report/line.rs:1: unsafe belongs into src/sys",
        ),
        (
            "story.rs",
            "let now = std::time::Instant::now();",
            "src/story.rs:1: story must not touch Instant",
        ),
        (
            "command.rs",
            "thread::sleep(x)",
            "src/command.rs:1: command must not touch sleep",
        ),
        ("report/json.rs", "x\n.unwrap()", "src/report/json.rs:2: unwrap()"),
        (
            "tui/app.rs",
            "let now = Instant::now();",
            "src/tui/app.rs:1: tui must not touch Instant",
        ),
        ("tui.rs", "thread::sleep(x)", "src/tui.rs:1: tui must not touch sleep"),
        (
            "report/line.rs",
            "use ratatui::style::Style;",
            "src/report/line.rs:1: report/line must not use ratatui",
        ),
        (
            "tui/app.rs",
            "use crossterm::event::KeyCode;",
            "src/tui/app.rs:1: tui/app must not use crossterm",
        ),
        (
            "tui/keys/table.rs",
            "use ratatui::text::Line;",
            "src/tui/keys/table.rs:1: tui/keys/table must not use ratatui",
        ),
        ("report/json.rs", "todo!()", "src/report/json.rs:1: todo!"),
        (
            "report/util.rs",
            "",
            "src/report/util.rs:1: util says nothing about what is in the file",
        ),
        (
            "report/mod.rs",
            "",
            "src/report/mod.rs:1: mod says nothing about what is in the file",
        ),
        (
            "extra.rs",
            "",
            "src/extra.rs:1: the module extra has no place among the layers",
        ),
        (
            "cli.rs",
            "use crate::*;",
            "src/cli.rs:1: the root is not used as a whole",
        ),
    ];
    for (file, code, expected) in cases {
        assert_eq!(reported(file, code), [expected], "{code}");
    }
}

#[test]
fn comments_texts_and_tests_are_no_use() {
    let code = r##"
        //! See crate::runner and unsafe code.
        /* crate::sys /* nested */ x.unwrap() */
        use super::trace; // crate::sys
        const A: &str = "crate::sys \" unsafe";
        const B: &str = r#"crate::sys " unsafe"#;
        const C: [char; 4] = ['"', '\'', '\u{22}', 'a'];
        fn f<'a>(x: &'a str) -> crate::scenario::Plan { x.unwrap_or(Duration::MAX) }
        #[cfg(test)]
        mod tests {
            use crate::runner::run;
            fn g() { if x { y.unwrap() } }
        }
        fn h() {}
    "##;
    assert_eq!(offences("story.rs", code), []);
    assert_eq!(offences("tui.rs", "let began = Instant::now();"), []);
    assert_eq!(offences("tui/pane.rs", "use ratatui::Frame;"), []);
    assert_eq!(offences("story/tests.rs", "use crate::runner::run;"), []);
    assert_eq!(offences("story/tests/more.rs", "use crate::runner::run;"), []);
    let behind = format!("{code}\nunsafe {{}}");
    assert_eq!(
        offences("story.rs", &behind).len(),
        1,
        "what follows the tests is looked at"
    );
}
