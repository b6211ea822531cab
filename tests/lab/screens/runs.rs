//! Runs that are made now, of scenarios of which none is saved: what their screens say.

use lab::scenario::KnobKind;
use lab::trace::{Trace, file};
use lab::tui::app::App;
use lab::words::Lang;

use super::{drawn, entry, go_to, listed, press, text};
use crate::support::{file, lab, scenario};

use Lang::{En, Zh};

const SMALL: (u16, u16) = (80, 24);

/// Runs a scenario on the kernel's own sockets or pipes.
pub fn run(line: &str) -> Trace {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("saved.run");
    let path = path.to_str().expect("UTF-8");
    lab(["run", "--no-tui", "--save", path]
        .into_iter()
        .chain(line.split_whitespace()))
    .exits(0);
    let bytes = std::fs::read(path).expect("the saved run");
    file::read(&mut &bytes[..]).expect("a saved run")
}

/// A run on the screen, at its start.
fn opened(trace: &Trace, lang: Lang) -> App {
    let mut app = listed(lang);
    app.replay(trace.clone()).expect("a run that can be told");
    if app.popup.is_some() {
        press(&mut app, "s");
    }
    press(&mut app, "Home");
    app
}

fn at(trace: &Trace, lang: Lang, what: &str) -> App {
    let mut app = opened(trace, lang);
    go_to(&mut app, what);
    app
}

fn at_the_end(trace: &Trace, lang: Lang) -> App {
    let mut app = opened(trace, lang);
    press(&mut app, "End");
    app
}

fn shown(mut app: App, (columns, rows): (u16, u16)) -> String {
    text(&drawn(&mut app, columns, rows))
}

#[test]
fn what_is_no_network_has_no_departures_to_measure() {
    for line in ["pipe-deadlock", "boundary-zoo --set transport=unix-stream"] {
        let trace = run(line);
        for (lang, said, not_said) in [
            (En, "No departures", ["not measured", "nothing has left"]),
            (Zh, "这里没有“发", ["测不到", "还没有发出的"]),
        ] {
            for app in [opened(&trace, lang), at_the_end(&trace, lang)] {
                let shown = shown(app, SMALL);
                assert!(shown.contains(said), "{line}\n{shown}");
                assert!(!not_said.iter().any(|text| shown.contains(text)), "{line}\n{shown}");
            }
            let mut app = opened(&trace, lang);
            press(&mut app, "Right Right Right j");
            let journey = super::text(&drawn(&mut app, 100, 30));
            assert!(journey.contains("m1"), "{journey}");
            let unknown = ["when it left", "何时发出"];
            assert!(!unknown.iter().any(|text| journey.contains(text)), "{line}\n{journey}");
        }
    }
}

#[test]
fn what_an_earlier_call_says_is_cut_with_a_sign() {
    let trace = run("ftp-put");
    let header = |what: &str| {
        let shown = shown(at(&trace, En, what), SMALL);
        // The lane on the right, from the JSON header on.
        let lane: Vec<String> = shown
            .lines()
            .filter_map(|row| Some(row.split('│').nth(5)?.trim().to_owned()))
            .skip_while(|row| !row.contains("{\"cmd\""))
            .collect();
        assert!(lane.len() > 2, "{shown}");
        lane
    };
    let latest = header("a body of 5 bytes follows");
    assert!(latest.iter().any(|row| row.ends_with("follows")), "{latest:?}");
    let earlier = header("header says");
    assert!(earlier[1].ends_with('…') && !earlier[0].ends_with('…'), "{earlier:?}");
}

#[test]
fn how_far_a_file_is_stands_whole_in_the_narrowest_frame() {
    let trace = run("file-transfer");
    for lang in [En, Zh] {
        let shown = shown(at_the_end(&trace, lang), SMALL);
        let titles = shown.lines().nth(1).expect("a row of titles");
        assert!(titles.contains("████████ 100% ─"), "{shown}");
    }
}

#[test]
fn a_connection_whose_ends_have_numbers_gets_no_other_number() {
    let row = |line: &str, lang| {
        let shown = shown(at_the_end(&run(line), lang), SMALL);
        shown.lines().nth(1).expect("a row of connections").to_owned()
    };
    assert_eq!(row("auth", Zh), "  1 号客户端 → 1 号服务端  ▸2 号客户端 → 2 号服务端");
    assert_eq!(row("auth", En), "  client-1 → server-1  ▸client-2 → server-2");
    let pipes = row("pipe-deadlock", En);
    assert_eq!(pipes, "  1 child-out → parent-out  ▸2 child-err → parent-err");
}

#[test]
fn why_a_run_hangs_is_told_to_its_end() {
    let trace = run("pipe-deadlock");
    let ends = [(En, "unread before parent-err"), (Zh, "没读")];
    for (lang, end) in ends {
        for size in [SMALL, (100, 30)] {
            let shown = shown(at_the_end(&trace, lang), size);
            // Below the sentence; the last row is the footer.
            let below: Vec<&str> = shown.lines().collect();
            let told: Vec<&str> = below[below.len() - 4..below.len() - 1]
                .iter()
                .map(|row| row.trim())
                .collect();
            let told = told.concat();
            assert!(told.contains(end), "{shown}");
            assert!(!told.ends_with('…'), "{shown}");
        }
    }
}

#[test]
fn a_text_that_is_scrolled_keeps_its_last_line_whole() {
    let mut app = at_the_end(&run("auth"), Zh);
    press(&mut app, "e");
    let shown = shown(app, SMALL);
    let last = shown
        .lines()
        .rfind(|row| row.contains('│'))
        .expect("a text over the screen");
    assert!(!last.contains('…'), "{shown}");
    assert!(shown.contains("第 1 到"), "{shown}");
}

#[test]
fn the_list_names_the_knobs_of_every_scenario_in_the_smallest_window() {
    for embedded in lab::scenario::catalogue::embedded() {
        for lang in [En, Zh] {
            let mut app = listed(lang);
            app.picker.entries = vec![entry(embedded.file, embedded.text, false)];
            let scenario = app.picker.entries[0].read.clone().expect("a scenario");
            let shown = shown(app, SMALL);
            for knob in &scenario.knobs {
                assert!(
                    shown.contains(&format!(" {} ", knob.name)),
                    "{}: {}\n{shown}",
                    embedded.id,
                    knob.name
                );
            }
        }
    }
}

#[test]
fn whose_bytes_wait_is_told_where_the_bytes_have_no_room() {
    let trace = run("ftp-put");
    for (lang, owners) in [(En, "m1 129 bytes │ m2 132 bytes"), (Zh, "m1 129 字节 │ m2 132 字节")] {
        let shown = shown(at(&trace, lang, "m2 acknowledged"), SMALL);
        assert!(shown.contains(owners), "{shown}");
        assert!(!shown.contains("not shown") && !shown.contains("省略"), "{shown}");
    }
}

/// Two datagrams without a byte, one before and one behind another.
const EMPTY: &str = "steps = [
  { sender.send = \"\" },
  { sender.send = \"egg\" },
  { sender.send = \"\" },
  { receiver.until_queued = 3 },
  { receiver.recv = 16 },
  { receiver.recv = 16 },
  { receiver.recv = 16 },
]

[[expect]]
reads = [\"\", \"egg\", \"\"]
";

#[test]
fn as_many_datagrams_are_drawn_as_are_said_to_wait() {
    let (_folder, path) = file("mine.toml", scenario("udp", EMPTY));
    let trace = run(&path);
    for (lang, waiting, drawn) in [
        (En, "3 datagrams wait", ["[m1: 0 bytes]", "e g g", "[m3: 0 bytes]"]),
        (Zh, "待读 3 个数据报", ["[m1：0 字节]", "e g g", "[m3：0 字节]"]),
    ] {
        for size in [SMALL, (60, 18), (200, 50)] {
            for keys in ["", "P"] {
                let mut app = at(&trace, lang, "waits for 3 datagrams");
                press(&mut app, keys);
                let shown = shown(app, size);
                assert!(shown.contains(waiting), "{shown}");
                let named = ["m1 0", "m2 3", "m3 0"].iter().all(|owner| shown.contains(owner));
                let drawn = drawn.iter().all(|datagram| shown.contains(datagram));
                assert!(drawn || named, "{size:?} {keys}\n{shown}");
                assert!(drawn || size != SMALL, "{shown}");
            }
        }
    }
}

#[test]
fn the_chosen_value_of_a_knob_is_whole_in_the_smallest_window() {
    for embedded in lab::scenario::catalogue::embedded() {
        for lang in [En, Zh] {
            let mut app = listed(lang);
            app.picker.entries = vec![entry(embedded.file, embedded.text, false)];
            let scenario = app.picker.entries[0].read.clone().expect("a scenario");
            if scenario.knobs.is_empty() {
                continue;
            }
            press(&mut app, "Enter");
            if app.popup.is_some() {
                press(&mut app, "Esc");
            }
            press(&mut app, "k");
            for knob in &scenario.knobs {
                let values = match &knob.kind {
                    KnobKind::Choice { options, .. } => options.len(),
                    _ => 1,
                };
                for _ in 0..values {
                    let now = app
                        .lab
                        .as_ref()
                        .expect("open")
                        .settings
                        .get(&knob.name)
                        .expect("a value")
                        .to_string();
                    let shown = text(&drawn(&mut app, SMALL.0, SMALL.1));
                    assert!(
                        shown.contains(&format!("[{now}]")),
                        "{}: {}={now}\n{shown}",
                        embedded.id,
                        knob.name
                    );
                    press(&mut app, "Right");
                }
                press(&mut app, "Down");
            }
        }
    }
}

#[test]
fn a_screen_of_ascii_speaks_one_language() {
    let trace = run("ftp-put");
    let mut app = at(&trace, Zh, "m2 acknowledged");
    app.look.ascii = true;
    let shown = text(&drawn(&mut app, 170, 30));
    let footer = shown.lines().last().expect("a footer");
    assert!(
        footer.contains("空格 播放") && footer.contains("右箭头 事件"),
        "{footer}"
    );
    assert!(!footer.contains("Right"), "{footer}");
    assert_eq!(footer.matches("English").count(), 1, "{footer}");
    app.look.lang = En;
    let shown = text(&drawn(&mut app, 170, 30));
    let footer = shown.lines().last().expect("a footer");
    assert!(footer.contains("Right event"), "{footer}");
    assert_eq!(footer.matches("Chinese").count(), 1, "{footer}");
}
