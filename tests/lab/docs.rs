use std::ffi::OsString;
use std::path::{Path, PathBuf};

use lab::cli::{self, Command, Which};
use lab::scenario::catalogue::find;
use lab::scenario::read::read;

use super::support::{file, lab, root};

/// The fenced blocks of one language in a Markdown text.
fn blocks(text: &str, language: &str) -> Vec<String> {
    let fence = format!("```{language}\n");
    let parts = text.split(&fence).skip(1);
    let block = |part: &str| part.split_once("\n```").map(|(block, _)| format!("{block}\n"));
    parts.filter_map(block).collect()
}

/// Every Markdown file that may hold an example.
pub fn pages() -> Vec<PathBuf> {
    let folders = ["", "docs", "scenarios"];
    let entries = folders.iter().filter_map(|folder| std::fs::read_dir(root(folder)).ok());
    let paths = entries.flatten().filter_map(|entry| Some(entry.ok()?.path()));
    paths
        .filter(|path| path.extension().is_some_and(|ending| ending == "md"))
        .collect()
}

/// The whole scenarios in a page; a part of one has no id.
fn examples(page: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(page).expect("read a page");
    let mut blocks = blocks(&text, "toml");
    blocks.retain(|block| block.lines().any(|line| line.starts_with("id = ")));
    blocks
}

#[test]
fn the_example_of_the_reference_runs_and_holds() {
    let examples = examples(&root("docs/scenario-format.md"));
    assert_eq!(examples.len(), 1);
}

#[test]
fn every_whole_scenario_in_a_document_runs_and_holds() {
    for page in pages() {
        for example in examples(&page) {
            let (_folder, path) = file("example.toml", &example);
            let run = lab(["run", &path, "--no-tui"]);
            assert_eq!(run.code, 0, "{}: {}{}", page.display(), run.stdout, run.stderr);
            // Its contrasts too.
            let check = lab(["check", &path]);
            assert_eq!(check.code, 0, "{}: {}{}", page.display(), check.stdout, check.stderr);
        }
    }
}

#[test]
fn an_example_that_does_not_hold_would_be_noticed() {
    let example = examples(&root("docs/scenario-format.md")).remove(0);
    let (_folder, path) = file(
        "example.toml",
        example.replace(r#"["helloe", "gg"]"#, r#"["hello", "egg"]"#),
    );
    lab(["run", &path, "--no-tui"]).exits(1);
}

/// What a page says can be typed: lines that begin with the program, and commands between backticks. A command alone is
/// its name, not something to be typed.
fn commands(page: &str) -> Vec<String> {
    let lines = page.lines().map(str::trim);
    let inline = page.split('`').skip(1).step_by(2);
    let typed = lines.chain(inline).filter_map(|line| {
        let line = line
            .strip_prefix("cargo run --release --")
            .or_else(|| line.strip_prefix("lab "))?;
        // What follows a redirection or a pipe is the shell's.
        let end = line.find(['>', '|']).unwrap_or(line.len());
        Some(line[..end].trim().to_owned())
    });
    let names = ["run", "replay", "pack", "unpack", "fingerprint", "completions"];
    typed.filter(|typed| !names.contains(&typed.as_str())).collect()
}

/// Why the program would not take a command, if it would not.
fn refused(typed: &str) -> Option<String> {
    let args = ["lab"].into_iter().chain(typed.split_whitespace()).map(OsString::from);
    let args = match cli::parse(args, &|_| None, None) {
        Ok(args) => args,
        // A help that was asked for is no refusal.
        Err(error) => return (error.exit_code() != 0).then(|| error.to_string()),
    };
    let Some(Command::Run(run)) = args.command else {
        return None;
    };
    // ID stands for any.
    let Which::Id(id) = run.scenario else { return None };
    if id == "ID" {
        return None;
    }
    let Some(scenario) = find(&id) else {
        return Some(format!("there is no scenario {id}"));
    };
    let scenario = read(scenario.file, scenario.text).expect("a scenario that can be read");
    let mut settings = scenario.defaults();
    let mut wrong = run.settings.iter().filter_map(|(name, value)| {
        let set = settings.set(&scenario.all_knobs(), name, value);
        set.err().map(|error| format!("{error:?}"))
    });
    wrong.next()
}

#[test]
fn every_command_in_a_document_is_one_that_the_program_takes() {
    let mut all = 0;
    for page in pages() {
        let text = std::fs::read_to_string(&page).expect("read a page");
        for typed in commands(&text) {
            all += 1;
            if let Some(why) = refused(&typed) {
                panic!("{}: lab {typed}\n{why}", page.display());
            }
        }
    }
    assert!(all > 40, "only {all} commands were found");
}

#[test]
fn a_command_that_is_wrong_would_be_noticed() {
    let page =
        "text `lab run nagle --set nodelay=maybe`\n\n   ```sh\n   lab chekc\n   ```\n```sh\nlab run naggle > a\n```\n";
    let commands = commands(page);
    assert_eq!(commands.len(), 3, "{commands:?}");
    assert!(commands.iter().all(|typed| refused(typed).is_some()), "{commands:?}");
    assert_eq!(refused("run nagle --set nodelay=true"), None);
}

/// The part of a page that is in Chinese.
fn chinese(page: &Path, text: &str) -> Option<usize> {
    let name = page.file_name()?.to_str()?;
    if name.ends_with(".zh.md") {
        return Some(0);
    }
    let part = text
        .lines()
        .find(|line| line.starts_with("## ") && line.contains(is_han))?;
    text.find(part)
}

fn is_han(c: char) -> bool {
    ('\u{2e80}'..='\u{9fff}').contains(&c) || ('\u{ff00}'..='\u{ffef}').contains(&c)
}

/// Chinese has no blanks between words, and the end of a line would be shown as one: a paragraph is one line. Between
/// Chinese and Latin letters the pages have a blank anyway.
fn unwrapped(text: &str) -> String {
    let opens = |line: &str| {
        let line = line.trim_start();
        let numbered = line
            .split_once(". ")
            .is_some_and(|(number, _)| number.parse::<u32>().is_ok());
        let marks = ["- ", "* ", "+ ", "> ", "#", "|", "```", "<"];
        numbered || marks.iter().any(|mark| line.starts_with(mark)) || line.is_empty()
    };
    let stands_alone = |line: &str| {
        let line = line.trim_start();
        line.is_empty() || ["#", "|", "```", "<"].iter().any(|mark| line.starts_with(mark))
    };
    let mut lines: Vec<String> = Vec::new();
    let mut in_code = false;
    for line in text.lines() {
        let is_fence = line.trim_start().starts_with("```");
        let before = lines
            .last_mut()
            .filter(|before| !stands_alone(before) && !opens(line) && !in_code);
        in_code ^= is_fence;
        match before {
            Some(before) if before.contains(is_han) || line.contains(is_han) => {
                let (last, first) = (before.chars().last(), line.trim_start().chars().next());
                let is_wide = |c: Option<char>| c.is_some_and(|c| is_han(c) || "“”—…".contains(c));
                let blank = if is_wide(last) && is_wide(first) { "" } else { " " };
                let joined = format!("{}{blank}{}", before.trim_end(), line.trim_start());
                *before = joined;
            }
            _ => lines.push(line.to_owned()),
        }
    }
    lines.join("\n") + "\n"
}

#[test]
fn no_chinese_paragraph_is_broken_inside_a_word() {
    for page in pages() {
        let text = std::fs::read_to_string(&page).expect("read a page");
        let Some(from) = chinese(&page, &text) else { continue };
        let wanted = text[..from].to_owned() + &unwrapped(&text[from..]);
        if super::golden::is_blessing() {
            std::fs::write(&page, wanted).expect("write a page");
        } else if let Some(difference) = super::golden::difference(&text, &wanted) {
            panic!("{} (LAB_BLESS=1 mends it):\n{difference}", page.display());
        }
    }
}

#[test]
fn a_broken_paragraph_would_be_noticed() {
    assert_eq!(
        unwrapped("学生不用\n带机器，见过 `send`\n和 recv。\n\n- 一项\n  接着\n- 两项\n"),
        "学生不用带机器，见过 `send` 和 recv。\n\n- 一项接着\n- 两项\n"
    );
    let code = "```sh\nlab run\n粘包\n```\n| 表 |\n| 格 |\n";
    assert_eq!(unwrapped(code), code);
}

#[test]
fn a_link_from_chinese_to_an_english_page_says_so() {
    for page in pages() {
        let text = std::fs::read_to_string(&page).expect("read a page");
        let Some(from) = chinese(&page, &text) else { continue };
        for part in text[from..].split("](").collect::<Vec<_>>().windows(2) {
            let label = part[0].rsplit('[').next().unwrap_or_default();
            let target = part[1].split(')').next().unwrap_or_default();
            let is_english = target
                .split('#')
                .next()
                .is_some_and(|path| path.contains(".md") && !path.contains(".zh.md"));
            // A place inside a page can be a Chinese one.
            if is_english && !target.contains(is_han) {
                let says = label.contains("英文") || label.contains("English");
                assert!(says, "{}: [{label}]({target})", page.display());
            }
        }
    }
}
