//! Runs that are made now, of scenarios of which none is saved: what their screens say.

use lab::trace::{Trace, file};
use lab::tui::app::App;
use lab::words::Lang;

use super::{drawn, go_to, listed, press, text};
use crate::support::lab;

use Lang::{En, Zh};

const SMALL: (u16, u16) = (80, 24);

/// Runs a scenario on the kernel's own sockets or pipes.
fn run(line: &str) -> Trace {
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
    for line in ["pipe-deadlock", "boundary-zoo --set link=unix-stream"] {
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
