use std::path::{Path, PathBuf};

use super::support::{file, lab, root};

/// The fenced blocks of one language in a Markdown text.
fn blocks(text: &str, language: &str) -> Vec<String> {
    let fence = format!("```{language}\n");
    let parts = text.split(&fence).skip(1);
    let block = |part: &str| part.split_once("\n```").map(|(block, _)| format!("{block}\n"));
    parts.filter_map(block).collect()
}

/// Every Markdown file that may hold an example.
fn pages() -> Vec<PathBuf> {
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
