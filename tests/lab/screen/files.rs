use std::fs;
use std::path::Path;

use super::stage::{DOWN, END, ENTER, ESC, LIST, QUIT, Stage};
use crate::support::{file, lab, no_wire, not_run, root, scenario};

/// Reads everything, holds what is expected, and asks nothing.
const HOLDS: &str = r#"steps = [
  { sender.send = "hello" },
  { receiver.recv = 5 },
]

[[expect]]
reads = ["hello"]
"#;

#[test]
fn a_saved_run_is_shown_as_it_was() {
    let saved = root("tests/traces/nagle.jsonl").display().to_string();
    let Some(mut stage) = Stage::opened(&format!("replay {saved}"), &[], "Predict") else {
        return;
    };
    // Nothing of it is shown before the question.
    assert_eq!(stage.position(), None, "{}", stage.text());
    stage.press("s", "saved run");
    stage.press(END, "STUCK");
    stage.press("e", "Nagle");
    stage.press_away(ESC, "What was found");
    stage.press(ESC, LIST);
    stage.send(ESC);
    stage.ends_restored(0);
}

#[test]
fn a_run_of_the_screen_is_saved_and_told_as_text() {
    let folder = tempfile::tempdir().expect("make a folder");
    let path = folder.path().join("my.run").display().to_string();
    for stepped in ["", " --stepped"] {
        let Some(mut stage) = Stage::large(&format!("run nagle{stepped} --save {path}"), "Predict") else {
            return;
        };
        if stepped.is_empty() {
            stage.press("s", "recorded run");
        } else {
            stage.press("s", "Step 1 of 5");
            for step in 2..=5 {
                stage.press("n", &format!("Step {step} of 5"));
            }
            stage.press("n", "stepped run");
        }
        stage.send(END);
        let events = stage.at_the_end();
        stage.send(QUIT);
        stage.ends_restored(0);
        let told = lab(["replay", &path, "--no-tui"]).tame();
        assert!(told.stdout.contains("STUCK"), "{}", told.stdout);
        // Both faces tell the same events.
        let Some(mut again) = Stage::opened(&format!("replay {path}"), &[], "Predict") else {
            return;
        };
        again.press("s", "saved run");
        again.send(END);
        assert_eq!(again.at_the_end(), events);
        again.send(QUIT);
        again.ends_restored(0);
    }
}

#[test]
fn a_run_that_cannot_be_saved_is_shown_and_says_so() {
    if !Path::new("/dev/full").exists() {
        return not_run("a disk that is full", "this system has no /dev/full");
    }
    let Some(mut stage) = Stage::opened("run nagle --save /dev/full", &[], "Predict") else {
        return;
    };
    stage.press("s", "The run could not be saved: /dev/full");
    stage.shows("recorded run");
    stage.send(QUIT);
    stage.ends_restored(0);
}

#[test]
fn own_files_stand_in_the_list_and_the_first_is_chosen() {
    let (_folder, mine) = file("mine.toml", scenario("tcp", HOLDS));
    let (_other, broken) = file("broken.toml", "id = 3\n");
    let Some(mut stage) = Stage::opened(&format!("{mine} {broken} ./missing.toml"), &[], LIST) else {
        return;
    };
    let text = stage.text();
    assert!(text.contains("Own files") && text.contains("▸   mine"), "{text}");
    stage.press(ENTER, "Enter runs it");
    stage.press(ENTER, "recorded run");
    stage.press(END, "recv(5) → 5");
    stage.press(ESC, LIST);
    // What is wrong is told with its place, and can be read where it stands.
    stage.press(DOWN, "This file has mistakes");
    stage.press(ENTER, "What is wrong with the file");
    let text = stage.text();
    assert!(text.contains("broken.toml:1:6"), "{text}");
    assert!(text.contains("expected a string"), "{text}");
    assert!(text.contains('^'), "{text}");
    stage.press_away(ESC, "What is wrong");
    stage.press(DOWN, "No such file");
    stage.press(ENTER, "What is wrong");
    stage.press_away(ESC, "What is wrong");
    stage.send(QUIT);
    stage.ends_restored(0);
}

/// A home with this configuration, and a folder `lessons` with a scenario in it.
fn home(configuration: &str) -> tempfile::TempDir {
    let home = tempfile::tempdir().expect("make a folder");
    let lab = home.path().join("lab");
    fs::create_dir_all(lab.join("lessons")).expect("make a folder");
    fs::write(lab.join("config.toml"), configuration).expect("write the configuration");
    fs::write(lab.join("lessons/mine.toml"), scenario("tcp", HOLDS)).expect("write a scenario");
    home
}

fn configured<'a>(home: &'a Path, line: &str, text: &str) -> Option<Stage> {
    let home: &'a str = home.to_str().expect("UTF-8");
    Stage::opened(line, &[("XDG_CONFIG_HOME", home)], text)
}

#[test]
fn the_configuration_is_respected_and_the_command_line_counts_more() {
    let home = home("language = \"zh\"\ntheme = \"light\"\nglyphs = \"ascii\"\nspeed = 2\nscenarios = \"lessons\"\n");
    let Some(mut stage) = configured(home.path(), "", "直接打字可以筛选") else {
        return;
    };
    // The folder's scenario is the last one.
    stage.press(END, "我的");
    let text = stage.text();
    assert!(!text.contains(['┌', '│', '▸']), "drawn with ASCII: {text}");
    let ground = |stage: &Stage| stage.screen().cell(1, 1).map(vt100::Cell::bgcolor);
    let light = ground(&stage);
    stage.press("nagle", "nagle_");
    stage.press(ENTER, "预测");
    stage.press("s", "已跑完");
    stage.shows("x2");
    stage.send(QUIT);
    stage.ends_restored(0);

    let Some(mut stage) = configured(home.path(), "--theme dark --lang en", LIST) else {
        return;
    };
    assert_ne!(ground(&stage), light, "{light:?}");
    stage.send(QUIT);
    stage.ends_restored(0);
}

#[test]
fn a_configuration_with_mistakes_stops_the_screen_before_it_opens() {
    let home = home("theme = \"drak\"\n");
    for line in ["", "run nagle", "--color never"] {
        let path = home.path().to_str().expect("UTF-8");
        let Some(mut stage) = Stage::start(line, &[("XDG_CONFIG_HOME", path), ("NO_COLOR", "1")]) else {
            return;
        };
        stage.ends_restored(2);
        let text = stage.text();
        assert!(
            text.contains("config.toml:1:9") && text.contains("did you mean"),
            "{text}"
        );
        assert!(!stage.written.contains(&0x1b), "{text}");
    }
}

#[test]
fn a_run_that_is_left_is_saved_as_far_as_it_came() {
    let folder = tempfile::tempdir().expect("make a folder");
    let path = folder.path().join("my.run").display().to_string();
    let Some(mut stage) = Stage::opened(&format!("run nagle --stepped --save {path}"), &[], "Predict") else {
        return;
    };
    stage.press("s", "Step 1 of 5");
    stage.press("n", "Step 2 of 5");
    stage.send(QUIT);
    stage.ends_restored(0);
    let told = lab(["replay", &path, "--no-tui"]).exits(130).tame();
    assert!(told.stdout.contains("interrupted"), "{}", told.stdout);
}

#[test]
fn what_is_saved_is_the_scenario_that_was_named() {
    let (folder, mine) = file("mine.toml", scenario("tcp", HOLDS));
    let path = folder.path().join("my.run").display().to_string();
    let Some(mut stage) = Stage::opened(&format!("run {mine} --save {path}"), &[], "Mine") else {
        return;
    };
    stage.press(ENTER, "recorded run");
    stage.press(ESC, LIST);
    stage.press("nagle", "nagle_");
    stage.press(ENTER, "Predict");
    stage.press("s", "recorded run");
    stage.send(QUIT);
    stage.ends_restored(0);
    let told = lab(["replay", &path, "--no-tui"]).exits(0).tame();
    assert!(told.stdout.contains("Mine"), "{}", told.stdout);
}

#[test]
fn the_packets_of_the_last_run_on_the_screen_are_kept() {
    let what = "packets kept by the screen";
    if let Some(because) = no_wire() {
        return not_run(what, because);
    }
    let (folder, mine) = file("mine.toml", scenario("tcp", HOLDS));
    let path = folder.path().join("my.pcapng");
    let line = format!("run {mine} --link wire --pcapng {}", path.display());
    let Some(mut stage) = Stage::opened(&line, &[], "Mine") else {
        return;
    };
    stage.press(ENTER, "recorded run");
    stage.send(QUIT);
    stage.ends_restored(0);
    let packets = fs::read(&path).expect("the file is there");
    // The section header block, and the bytes of the one message, in a packet that is whole.
    assert_eq!(packets[..4], [0x0a, 0x0d, 0x0d, 0x0a]);
    assert_eq!(packets.windows(5).filter(|bytes| bytes == b"hello").count(), 1);
}
