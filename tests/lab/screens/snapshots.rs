//! `LAB_BLESS=1 cargo test --test lab screens` writes the screens anew; read the difference before it is kept.

use std::collections::BTreeSet;

use lab::tui::app::App;
use lab::words::Lang;

use super::fake::Fake;
use super::{drawn, entry, go_to, listed, look, picker, press, replay, saved, text, watched};
use crate::golden::{compare, difference, is_blessing, path};
use crate::support::not_run;

use Lang::{En, Zh};

/// One screen: its name, its language, its size, and how one comes to it.
type Scene = (&'static str, Lang, (u16, u16), fn(Lang) -> App);

const SMALL: (u16, u16) = (80, 24);
const USUAL: (u16, u16) = (100, 30);
const LARGE: (u16, u16) = (200, 50);
const SMALLEST: (u16, u16) = (60, 18);

const SCENES: &[Scene] = &[
    ("picker", En, SMALL, listed),
    ("picker", Zh, USUAL, listed),
    ("picker", En, LARGE, listed),
    ("picker-filter", Zh, SMALL, |lang| after(listed(lang), "F r a m i n g")),
    ("picker-nothing", En, SMALL, |lang| after(listed(lang), "x y z")),
    ("picker-mistakes", En, USUAL, |lang| with_own_files(lang, "Down Down")),
    ("picker-mistakes", Zh, SMALL, |lang| {
        with_own_files(lang, "Down Down Enter")
    }),
    ("intro", En, SMALL, |lang| after(listed(lang), "Enter")),
    ("intro", Zh, USUAL, |lang| after(listed(lang), "Enter a b b")),
    ("intro-without-popup", En, LARGE, |lang| {
        after(listed(lang), "Enter Esc")
    }),
    ("intro-knobs", En, SMALL, |lang| {
        after(listed(lang), "Enter Esc k Right Down Down Down 9")
    }),
    ("start", En, SMALL, |lang| watched("nagle", lang)),
    ("start", Zh, LARGE, |lang| watched("udp-truncation", lang)),
    ("held", En, SMALL, held),
    ("held", Zh, USUAL, held),
    ("held", En, LARGE, held),
    ("held", Zh, SMALLEST, held),
    ("held-hex", En, USUAL, |lang| after(held(lang), "b")),
    ("held-evenly", Zh, SMALL, |lang| after(held(lang), "t")),
    ("held-ascii", En, SMALL, |lang| after(held(lang), "F4")),
    ("held-python", En, USUAL, |lang| after(held(lang), "x")),
    ("held-rust", Zh, LARGE, |lang| after(held(lang), "x X")),
    ("held-large", En, USUAL, |lang| after(held(lang), "P")),
    ("held-large", Zh, LARGE, |lang| after(held(lang), "P")),
    ("held-large", En, SMALLEST, |lang| after(held(lang), "P")),
    ("acknowledged", En, USUAL, |lang| at("nagle", lang, "m1 acknowledged")),
    ("left-together", Zh, SMALL, |lang| at("nagle", lang, "left together")),
    ("stuck", En, SMALL, |lang| at("nagle", lang, "STUCK")),
    ("stuck", Zh, USUAL, |lang| at("nagle", lang, "STUCK")),
    ("partial", En, SMALL, |lang| at("short-recv", lang, "recv(2)")),
    ("partial", Zh, LARGE, |lang| at("short-recv", lang, "recv(10)")),
    ("truncated", En, USUAL, |lang| at("udp-truncation", lang, "TRUNCATED")),
    ("truncated", Zh, SMALL, |lang| {
        at("udp-truncation-ipv6", lang, "TRUNCATED")
    }),
    ("two-datagrams", En, SMALL, |lang| at("udp-truncation", lang, "m2 left")),
    ("frames", En, USUAL, |lang| {
        at("length-prefix", lang, "delivers \"粘包\"")
    }),
    ("frames-waiting", Zh, SMALL, |lang| {
        at("length-prefix", lang, "waits for")
    }),
    ("frames-python", Zh, USUAL, |lang| {
        after(at("length-prefix", lang, "announces 6"), "x")
    }),
    ("refused", En, SMALL, |lang| {
        at("length-prefix-characters", lang, "REFUSES")
    }),
    ("gives-up", Zh, USUAL, |lang| {
        at("length-prefix-cut-header", lang, "GIVES UP")
    }),
    ("padding", En, SMALL, |lang| at("struct-bytes", lang, "packs 7")),
    ("padding", Zh, SMALLEST, |lang| at("struct-bytes", lang, "unpacks 12")),
    ("padding-ascii", En, USUAL, |lang| {
        after(at("struct-bytes", lang, "unpacks 12"), "F4")
    }),
    ("padding-python", En, USUAL, |lang| {
        after(at("struct-bytes", lang, "packs 7"), "x")
    }),
    ("padding-rust", Zh, LARGE, |lang| {
        after(at("struct-bytes", lang, "unpacks 12"), "x X")
    }),
    ("out-of-range", Zh, USUAL, |lang| {
        at("struct-bytes-too-large", lang, "GIVES UP")
    }),
    ("blocked", En, USUAL, |lang| {
        at("length-prefix-cut-header", lang, "blocked")
    }),
    ("clients", En, USUAL, second_client),
    ("clients", Zh, SMALL, second_client),
    ("clients", Zh, LARGE, |lang| after(second_client(lang), "Tab")),
    ("clients-python", En, LARGE, |lang| {
        after(at("threaded-server", lang, "has served request 2"), "x")
    }),
    ("clients-left", Zh, USUAL, |lang| {
        after(watched("threaded-server-threaded", lang), "End")
    }),
    ("hang", En, SMALL, |lang| after(watched("hang", lang), "End")),
    ("hang", Zh, LARGE, |lang| after(watched("hang", lang), "End")),
    ("end", En, SMALL, |lang| after(watched("short-recv", lang), "End")),
    ("knobs", Zh, SMALL, |lang| after(held(lang), "k Down")),
    ("choices", Zh, SMALL, |lang| {
        after(listed(lang), "l e n g t h - p r e f i x Enter Esc k Right")
    }),
    ("choices", En, USUAL, |lang| {
        after(listed(lang), "l e n g t h - p r e f i x Enter Esc k Down Down")
    }),
    ("choices-compared", Zh, SMALL, |lang| {
        after(labelled(lang), "c Down Down")
    }),
    ("knobs-changed", En, USUAL, |lang| after(held(lang), "End k Right Esc")),
    ("variants", En, SMALL, |lang| after(held(lang), "c Down Down")),
    ("help", Zh, USUAL, |lang| after(held(lang), "?")),
    ("help", En, SMALL, |lang| after(held(lang), "? Down Down Down")),
    ("why-later", En, SMALL, |lang| after(held(lang), "e")),
    ("why", En, LARGE, |lang| after(watched("nagle", lang), "End e")),
    ("why", Zh, SMALL, |lang| after(watched("nagle", lang), "End e")),
    ("journey", En, USUAL, |lang| after(held(lang), "j")),
    ("journey", Zh, SMALL, |lang| {
        after(at("udp-truncation", lang, "TRUNCATED"), "j")
    }),
    ("compare", En, USUAL, |lang| compared(lang, 5)),
    ("compare", Zh, LARGE, |lang| compared(lang, 6)),
    ("compare", En, SMALL, |lang| compared(lang, 99)),
    ("question-answered", En, USUAL, |lang| after(voted(lang), "End p")),
    ("question-answered", Zh, SMALL, |lang| after(voted(lang), "End p")),
    ("question-again", En, SMALL, |lang| after(voted(lang), "End p v b b b")),
    ("question-waits", Zh, USUAL, |lang| after(voted(lang), "p")),
    ("ack-held", En, SMALL, ack_held),
    ("ack-held", Zh, USUAL, ack_held),
    ("ladder", En, USUAL, |lang| after(ack_held(lang), "w")),
    ("ladder", Zh, SMALL, |lang| after(ack_held(lang), "w End")),
    ("ladder", En, LARGE, |lang| after(ack_held(lang), "w End F4")),
    ("in-hand", En, SMALL, in_hand),
    ("in-hand", Zh, USUAL, in_hand),
    ("in-hand", Zh, SMALLEST, in_hand),
    ("in-hand-ladder", En, USUAL, |lang| after(in_hand(lang), "w")),
    ("in-hand-help", Zh, USUAL, |lang| after(in_hand(lang), "?")),
    ("too-small", En, (59, 18), held),
    ("too-small", Zh, (30, 4), held),
];

/// A saved run, told by the scenario as it is today: its choices have labels.
fn labelled(lang: Lang) -> App {
    let mut trace = saved("length-prefix");
    let today = lab::scenario::catalogue::find("length-prefix").expect("it comes with the lab");
    today.text.clone_into(&mut trace.head.scenario);
    let mut app = listed(lang);
    app.replay(trace).expect("a run that can be told");
    press(&mut app, "s Home");
    app
}

fn after(mut app: App, keys: &str) -> App {
    press(&mut app, keys);
    app
}

/// The second client has asked a server that is busy with the first.
fn second_client(lang: Lang) -> App {
    after(at("threaded-server", lang, "asks \"milk\""), "Right Right Right Right")
}

fn at(name: &str, lang: Lang, what: &str) -> App {
    let mut app = watched(name, lang);
    go_to(&mut app, what);
    app
}

/// Two messages are held back.
fn held(lang: Lang) -> App {
    at("nagle", lang, "m3 send")
}

/// An ACK is held on the wire, and two messages wait for it.
fn ack_held(lang: Lang) -> App {
    at("nagle-wire", lang, "HELD")
}

/// A run whose wire is in somebody's hand.
fn in_hand(lang: Lang) -> App {
    let (mut app, fake) = super::hands::running();
    app.look.lang = lang;
    super::hands::up_to(&mut app, &fake, "held");
    after(app, "H Left")
}

/// The class has voted before it watched a saved run.
fn voted(lang: Lang) -> App {
    after(replay("nagle", lang), "a a c Down 1 2 Enter Home Right")
}

/// Nagle beside its absence, so many steps in.
pub fn compared(lang: Lang, steps: usize) -> App {
    let fake = Fake::with(&["nagle-nodelay"]);
    let mut app = App::new(look(lang), picker(), Box::new(fake.clone()));
    app.replay(super::saved("nagle")).expect("a run that can be told");
    press(&mut app, "s End c Enter");
    fake.finish(&mut app, 1);
    press(&mut app, "Home");
    for _ in 0..steps {
        press(&mut app, "Right");
    }
    app
}

/// A list with two files of the user's: one good, one not.
pub fn with_own_files(lang: Lang, keys: &str) -> App {
    let good = lab::scenario::catalogue::find("short-recv").expect("a scenario");
    let mut app = listed(lang);
    app.picker.entries.truncate(1);
    app.picker.entries.push(entry("lessons/mine.toml", good.text, true));
    let bad = good
        .text
        .replacen("recv = 10", "recieve = 10", 1)
        .replacen("order = 30", "order = \"first\"", 1);
    app.picker
        .entries
        .push(entry("lessons/with-a-long-name/broken.toml", &bad, true));
    after(app, keys)
}

fn name_of((name, lang, (width, height), _): &Scene) -> String {
    let lang = match lang {
        En => "en",
        Zh => "zh",
    };
    format!("screens/{name}.{lang}.{width}x{height}.txt")
}

fn scene_text((_, lang, (width, height), make): &Scene) -> String {
    text(&drawn(&mut make(*lang), *width, *height))
}

#[test]
fn every_screen_is_as_before() {
    for scene in SCENES {
        compare(&name_of(scene), &scene_text(scene));
    }
}

#[test]
fn every_golden_screen_is_drawn() {
    if is_blessing() {
        return not_run("the list of golden screens", "they are being written");
    }
    let names: BTreeSet<String> = SCENES.iter().map(name_of).collect();
    assert_eq!(names.len(), SCENES.len(), "two screens have one name");
    let files = std::fs::read_dir(path("screens")).expect("a folder").map(|entry| {
        let name = entry.expect("an entry").file_name().into_string().expect("UTF-8");
        format!("screens/{name}")
    });
    assert_eq!(files.collect::<BTreeSet<_>>(), names);
}

#[test]
fn a_changed_screen_is_noticed() {
    if is_blessing() {
        return not_run("noticing a change", "the screens are being written");
    }
    let one = text(&drawn(&mut held(En), 80, 24));
    let golden = std::fs::read_to_string(path("screens/held.en.80x24.txt")).expect("a golden screen");
    assert_eq!(difference(&golden, &one), None);
    let mut app = held(En);
    press(&mut app, "Left");
    let other = text(&drawn(&mut app, 80, 24));
    assert!(
        difference(&golden, &other).is_some(),
        "another playhead is another screen"
    );
}

#[test]
fn a_screen_is_drawn_the_same_again() {
    for scene in SCENES {
        let (_, lang, (width, height), make) = scene;
        let mut app = make(*lang);
        let first = drawn(&mut app, *width, *height);
        assert_eq!(drawn(&mut app, *width, *height), first, "{}", name_of(scene));
    }
}
