//! What the file may say, what is said about one that is wrong, and where it is looked for.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::*;

const WHOLE: &str = "\
language = \"zh\"
theme = \"light\"
speed = 1
glyphs = \"ascii\"
scenarios = \"~/lessons\"
";

/// The variables of an environment.
fn env(set: &[(&str, &str)]) -> impl Fn(&str) -> Option<OsString> {
    let set: Vec<(String, OsString)> = set
        .iter()
        .map(|(name, value)| ((*name).to_owned(), value.into()))
        .collect();
    move |name| {
        set.iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.clone())
    }
}

fn told(text: &str, lang: Lang) -> String {
    read("config.toml", text)
        .expect_err("something is wrong")
        .render(lang, false)
}

/// The titles of what is wrong, each with its place.
fn titles(text: &str) -> Vec<String> {
    let told = told(text, Lang::En);
    let one = |problem: &str| {
        let title = problem.lines().next().unwrap_or_default().trim_start_matches("error: ");
        let place = problem.split_once("config.toml:").map_or("", |(_, place)| place);
        format!("{} {title}", place.lines().next().unwrap_or_default())
    };
    told.split("\n\n").map(one).collect()
}

#[test]
fn every_key_is_read_and_may_be_left_out() {
    let whole = Config {
        lang: Some(Lang::Zh),
        theme: Some(Theme::Light),
        speed: Some(1.0),
        glyphs: Some(Glyphs::Ascii),
        scenarios: Some("~/lessons".into()),
    };
    assert_eq!(read("config.toml", WHOLE).expect("sound"), whole);
    assert_eq!(read("config.toml", "").expect("sound"), Config::default());
    assert_eq!(read("config.toml", "# nothing\n").expect("sound"), Config::default());
    for (line, speed) in [
        ("0.25", SLOWEST),
        ("8", FASTEST),
        ("8.0", FASTEST),
        ("1_0e-1", 1.0),
        ("0.5", 0.5),
    ] {
        let config = read("config.toml", &format!("speed = {line}")).expect("sound");
        assert_eq!(config.speed, Some(speed), "{line}");
    }
}

#[test]
fn everything_that_is_wrong_is_told_at_once() {
    let text = "lang = \"en\"\nlanguage = \"fr\"\nthme = \"dark\"\ntheme = \"drak\"\nspeed = 0.2\nglyphs = true\nscenarios = \"\"\n";
    assert_eq!(
        titles(text),
        [
            "1:1 unknown key `lang`",
            "2:12 `fr` means nothing here",
            "3:1 unknown key `thme`",
            "4:9 `drak` means nothing here",
            "5:9 `0.2` is out of range: it must be from 0.25 to 8",
            "6:10 expected a string, found true or false",
            "7:13 nothing stands here",
        ]
    );
    assert!(
        told(text, Lang::En).contains("did you mean `theme`?"),
        "{}",
        told(text, Lang::En)
    );
    assert!(told(text, Lang::En).contains("did you mean `dark`?"));
}

#[test]
fn a_speed_that_is_none_is_refused() {
    for speed in [
        "0",
        "-1",
        "8.1",
        "9",
        "nan",
        "inf",
        "-inf",
        "1e400",
        "99999999999999999999999999",
    ] {
        let titles = titles(&format!("speed = {speed}"));
        assert!(
            titles[0].ends_with("is out of range: it must be from 0.25 to 8"),
            "{titles:?}"
        );
    }
    for (speed, found) in [("\"1\"", "a string"), ("true", "true or false"), ("[1]", "a list")] {
        assert_eq!(
            titles(&format!("speed = {speed}")),
            [format!("1:9 expected a number, found {found}")]
        );
    }
}

#[test]
fn a_mistake_is_shown_with_line_and_caret_in_both_languages() {
    let expected = r#"error: `drak` means nothing here
 --> config.toml:1:9
  |
1 | theme = "drak"
  |         ^^^^^^
  |
  = help: did you mean `dark`?
"#;
    assert_eq!(told("theme = \"drak\"", Lang::En), expected);
    let expected = r#"错误：这里不能写 `drak`
 --> config.toml:1:9
  |
1 | theme = "drak"
  |         ^^^^^^
  |
  = 建议：是不是想写 `dark`？
"#;
    assert_eq!(told("theme = \"drak\"", Lang::Zh), expected);
    assert!(told("theme = dark", Lang::Zh).contains("文字要加引号"));
}

#[test]
fn what_is_no_configuration_at_all_is_refused() {
    assert_eq!(
        titles("theme"),
        ["1:6 this is not TOML: key with no value, expected `=`"]
    );
    assert_eq!(titles("[theme]\n"), ["1:1 expected a string, found a table"]);
    assert_eq!(titles("[[speed]]\n"), ["1:1 expected a number, found a list"]);
    assert_eq!(titles(&format!("{}theme = \"x\"", "a.".repeat(9))).len(), 1);
    let long = titles(&"#".repeat(LONGEST_FILE + 1));
    assert_eq!(long, ["1:1 this file is 65537 bytes long; at most 64 KiB are read"]);
    assert!(read("config.toml", &"#".repeat(LONGEST_FILE)).is_ok());
}

#[test]
fn the_file_is_where_xdg_says() {
    let of = |set: &[(&str, &str)]| path(&env(set)).map(|path| path.display().to_string());
    assert_eq!(of(&[]), None);
    assert_eq!(of(&[("HOME", "/h")]).as_deref(), Some("/h/.config/lab/config.toml"));
    assert_eq!(
        of(&[("HOME", "/h"), ("XDG_CONFIG_HOME", "/x")]).as_deref(),
        Some("/x/lab/config.toml")
    );
    // A relative path is to be ignored, and so is an empty one.
    for ignored in ["x", "./x", ""] {
        let set = [("HOME", "/h"), ("XDG_CONFIG_HOME", ignored)];
        assert_eq!(of(&set).as_deref(), Some("/h/.config/lab/config.toml"), "{ignored:?}");
    }
    assert_eq!(of(&[("HOME", "")]), None);
    assert_eq!(of(&[("HOME", "h")]), None);
}

#[test]
fn the_folder_of_scenarios_is_found() {
    let of = |named: Option<&str>, home: &str, there: bool| {
        let config = Config {
            scenarios: named.map(PathBuf::from),
            ..Config::default()
        };
        let settled = config.settled(Path::new("/c/lab/config.toml"), &env(&[("HOME", home)]), &|_| there);
        settled.scenarios.map(|path| path.display().to_string())
    };
    assert_eq!(of(Some("/s"), "/h", false).as_deref(), Some("/s"));
    assert_eq!(of(Some("s"), "/h", false).as_deref(), Some("/c/lab/s"));
    assert_eq!(of(Some("../s"), "/h", false).as_deref(), Some("/c/lab/../s"));
    assert_eq!(of(Some("~/s"), "/h", false).as_deref(), Some("/h/s"));
    assert_eq!(of(Some("~"), "/h", false).as_deref(), Some("/h/"));
    // Only a name of its own is the home folder, and without one it is a name like any other.
    assert_eq!(of(Some("~else"), "/h", false).as_deref(), Some("/c/lab/~else"));
    assert_eq!(of(Some("~/s"), "", false).as_deref(), Some("/c/lab/~/s"));
    // Not named: beside the file, if it is there.
    assert_eq!(of(None, "/h", true).as_deref(), Some("/c/lab/scenarios"));
    assert_eq!(of(None, "/h", false), None);
}
