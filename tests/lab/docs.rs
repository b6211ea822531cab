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
