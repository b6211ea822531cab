use std::fs;
use std::path::PathBuf;

use rustix::fs::{CWD, FileType, Mode, mknodat};
use tempfile::TempDir;

use super::support::{Done, command, run};

/// A home with a configuration in it.
struct Home {
    folder: TempDir,
}

impl Home {
    fn with(text: impl AsRef<[u8]>) -> Self {
        let home = Self::empty();
        fs::write(home.file(), text).expect("write the configuration");
        home
    }

    fn empty() -> Self {
        let folder = tempfile::tempdir().expect("make a folder");
        fs::create_dir_all(folder.path().join("lab")).expect("make a folder");
        Self { folder }
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("lab/config.toml")
    }

    /// Runs the program with arguments that are separated by blanks, and more variables.
    fn lab(&self, line: &str, variables: &[(&str, &str)]) -> Done {
        let mut command = command();
        command.env("XDG_CONFIG_HOME", self.folder.path());
        command.envs(variables.iter().copied());
        command.args(line.split_whitespace());
        run(command)
    }
}

const ENGLISH: &str = "Message boundaries\n";
const CHINESE: &str = "消息边界\n";

#[test]
fn the_language_counts_less_than_what_was_asked_for_and_more_than_the_locale() {
    let home = Home::with("language = \"zh\"\n");
    let list = |line: &str, variables: &[(&str, &str)]| home.lab(line, variables).exits(0).stdout;
    assert!(list("list", &[]).starts_with(CHINESE));
    assert!(list("list", &[("LC_ALL", "en_GB.UTF-8")]).starts_with(CHINESE));
    assert!(list("list", &[("LAB_LANG", "en")]).starts_with(ENGLISH));
    assert!(list("list --lang en", &[]).starts_with(ENGLISH));
    assert!(list("--help", &[]).contains("用法"));
    home.lab("rum", &[]).refuses(&["错误：没有 rum 这个命令"]);
    home.lab("nagle", &[]).refuses(&["是不是想写 lab run nagle？"]);
    home.lab("run nagel", &[]).refuses(&["是不是想写 nagle？"]);
    let english = Home::with("language = \"en\"\n");
    assert!(
        english
            .lab("list", &[("LANG", "zh_CN.UTF-8")])
            .stdout
            .starts_with(ENGLISH)
    );
}

#[test]
fn the_glyphs_are_those_of_the_option() {
    let home = Home::with("glyphs = \"ascii\"\n");
    assert!(home.lab("run short-recv --no-tui", &[]).exits(0).stdout.is_ascii());
    let unicode = Home::with("glyphs = \"unicode\"\n");
    assert!(!unicode.lab("run short-recv --no-tui", &[]).exits(0).stdout.is_ascii());
    assert!(unicode.lab("run short-recv --no-tui --ascii", &[]).stdout.is_ascii());
}

#[test]
fn a_file_with_mistakes_stops_everything_but_what_needs_it_not() {
    let home = Home::with("theme = \"drak\"\nspeed = 9\n");
    let said = [
        "config.toml:1:9",
        "did you mean `dark`?",
        "config.toml:2:9",
        "from 0.25 to 8",
        "^^^^",
    ];
    for line in ["", "list", "list --json", "run nagle", "check", "replay nothing"] {
        home.lab(line, &[]).refuses(&said);
    }
    home.lab("list --lang zh", &[])
        .refuses(&["错误", "是不是想写 `dark`？"]);
    for line in ["completions bash", "man", "--help", "run --help", "help", "--version"] {
        let done = home.lab(line, &[]).exits(0);
        assert_eq!(done.stderr, "", "{line}");
    }
    let done = home.lab("doctor", &[]).exits(2).tame();
    let flat = done.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat.contains("cannot be used"), "{}", done.stdout);
    assert_eq!(done.stderr, "");
}

#[test]
fn colour_is_used_for_its_mistakes_only_when_asked_for() {
    let home = Home::with("theme = \"\\u001b[35mdrak\"\n");
    let done = home.lab("list", &[]).refuses(&["means nothing here"]);
    assert!(!done.stderr.contains('\u{1b}'));
    let colored = home.lab("list --color always", &[]).exits(2).stderr;
    assert!(
        colored.contains("\u{1b}[") && !colored.contains("\u{1b}[35m"),
        "{colored:?}"
    );
}

#[test]
fn what_is_no_file_is_refused_instead_of_waited_for() {
    let home = Home::empty();
    fs::create_dir(home.file()).expect("make a folder");
    home.lab("list", &[]).refuses(&["config.toml", "it is a folder"]);
    let home = Home::empty();
    mknodat(CWD, home.file(), FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).expect("make a pipe");
    home.lab("list", &[]).refuses(&["config.toml", "no regular file"]);
    home.lab("list --lang zh", &[]).refuses(&["无法读取"]);
    let done = home.lab("doctor", &[]).exits(2);
    assert_eq!(done.stderr, "");
    let home = Home::with(b"language = \"\xff\"\n");
    home.lab("list", &[]).refuses(&["config.toml", "UTF-8"]);
    let home = Home::with("#".repeat(100_000));
    home.lab("list", &[]).refuses(&["at most 64 KiB"]);
    let home = Home::with("#".repeat(2 << 20));
    home.lab("list", &[]).refuses(&["at most 64 KiB are read"]);
}

#[test]
fn no_file_is_no_mistake() {
    let home = Home::empty();
    assert!(home.lab("list", &[]).exits(0).stdout.starts_with(ENGLISH));
    // A home that is no folder, and a relative folder, which XDG says to ignore.
    for (name, value) in [
        ("HOME", "/dev/null"),
        ("HOME", "/nonexistent"),
        ("XDG_CONFIG_HOME", "lab"),
    ] {
        let mut command = command();
        command.arg("list").env(name, value);
        run(command).exits(0);
    }
}

#[test]
fn below_home_it_is_found_as_well() {
    let home = Home::empty();
    let folder = home.folder.path().join(".config/lab");
    fs::create_dir_all(&folder).expect("make a folder");
    fs::write(folder.join("config.toml"), "language = \"zh\"\n").expect("write the configuration");
    let mut command = command();
    command.arg("list").env("HOME", home.folder.path());
    assert!(run(command).exits(0).stdout.starts_with(CHINESE));
}

#[test]
fn the_doctor_names_the_file() {
    let flat = |done: Done| done.tame().stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    let home = Home::with("theme = \"dark\"\n");
    let name = home.file().display().to_string();
    let read = flat(home.lab("doctor", &[]));
    assert!(
        read.contains(&format!("the configuration was read from {name}")),
        "{read}"
    );
    let home = Home::empty();
    let absent = flat(home.lab("doctor", &[]));
    assert!(absent.contains("there is no configuration; it would be"), "{absent}");
    let mut command = command();
    command.arg("doctor");
    let nowhere = flat(run(command));
    assert!(nowhere.contains("neither XDG_CONFIG_HOME nor HOME"), "{nowhere}");
}

#[test]
fn every_example_in_the_reference_is_sound() {
    let page = fs::read_to_string(super::support::root("docs/configuration.md")).expect("read the page");
    let fences: Vec<&str> = page.split("```toml\n").skip(1).collect();
    assert!(!fences.is_empty(), "an example");
    for fence in fences {
        let (text, _) = fence.split_once("```").expect("a fence has an end");
        let config = lab::config::read("config.toml", text).expect("sound");
        assert!(config.lang.is_some() && config.theme.is_some() && config.speed.is_some());
        assert!(config.glyphs.is_some() && config.scenarios.is_some());
    }
}

#[test]
fn a_file_that_may_not_be_read_is_left_out_with_a_warning() {
    use std::os::unix::fs::PermissionsExt as _;
    let home = Home::with("language = \"zh\"\n");
    fs::set_permissions(home.file(), fs::Permissions::from_mode(0o000)).expect("set the mode");
    if fs::read(home.file()).is_ok() {
        return super::support::not_run("a configuration without permission", "root may read every file");
    }
    let done = home.lab("list", &[]).exits(0);
    assert!(
        done.stderr
            .contains("cannot be read, and is left out: Permission denied"),
        "{}",
        done.stderr
    );
    assert!(!done.stdout.starts_with(CHINESE), "what it says is not known");
}
