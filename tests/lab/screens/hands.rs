use std::sync::Arc;

use lab::scenario::Settings;
use lab::scenario::catalogue::find;
use lab::scenario::read::read;
use lab::story::Story;
use lab::trace::packet::{Fate, WireAct};
use lab::trace::{EndpointId, Event, Evidence, What};
use lab::tui::app::lab::View;
use lab::tui::app::stage::{News, NoGrip};
use lab::tui::app::{App, Notice};
use lab::tui::keys::Place;
use lab::words::Lang;

use super::fake::{Fake, tell};
use super::{BOTH, go_to, lab_of, look, picker, press, saved, screen, show_of, watched};

/// A screen on which a run over a wire is made anew, step by step. Nothing has been heard of it yet.
pub fn running() -> (App, Fake) {
    let fake = Fake::with(&["nagle-wire"]);
    let mut app = App::new(look(Lang::En), picker(), Box::new(fake.clone()));
    let story = Story::tell(saved("nagle-wire")).expect("a run that can be told");
    let settings = story.settings();
    app.open(story.trace.head.file.clone(), story.scenario.clone(), settings, true);
    press(&mut app, "s");
    assert_eq!(fake.asked(), ["stop", "start 1 stepped"]);
    (app, fake)
}

/// The run goes on until a packet is held.
pub fn up_to(app: &mut App, fake: &Fake, what: &str) {
    let events = fake.trace(1).events;
    let held = |event: &Event| matches!(&event.what, What::Packet(packet) if packet.fate == Fate::Held);
    let after = events
        .iter()
        .position(held)
        .unwrap_or_else(|| panic!("no packet is {what}"))
        + 1;
    for event in &events[..after] {
        tell(app, 1, News::Event(event.clone()));
    }
    app.settle();
}

fn by_hand(act: WireAct, at: u64) -> News {
    News::Event(Event {
        at,
        endpoint: EndpointId(1),
        evidence: Evidence::Staged,
        what: What::Wire { act, by_hand: true },
    })
}

#[test]
fn keys_reach_the_wire_and_mean_the_direction_that_is_chosen() {
    let (mut app, fake) = running();
    tell(&mut app, 1, News::Waiting(0));
    app.settle();
    press(&mut app, "H");
    assert_eq!(app.place(), Place::Hold);
    assert_eq!(fake.asked(), [""; 0], "nothing is held by looking");
    press(&mut app, "h");
    assert_eq!(fake.asked(), ["Hold 0", "Hold 1"]);
    // The sender, on the left, is end 0.
    press(&mut app, "Enter d u x k a");
    assert_eq!(
        fake.asked(),
        [
            "Release 0",
            "Drop 0",
            "Duplicate 0",
            "Swap 0",
            "AcknowledgeAlone 0",
            "Open 0"
        ]
    );
    press(&mut app, "Left Enter a Right space A n");
    assert_eq!(
        fake.asked(),
        ["Release 1", "Open 1", "Release 0", "Open 0", "Open 1", "next step"]
    );
    press(&mut app, "Esc");
    assert_eq!(app.place(), Place::Show);
    assert_eq!(fake.asked(), [""; 0], "what is held stays held");
    assert!(show_of(&app).is_live());
}

#[test]
fn what_a_hand_holds_is_listed_and_what_it_does_is_told() {
    for lang in BOTH {
        let (mut app, fake) = running();
        app.look.lang = lang;
        up_to(&mut app, &fake, "held");
        press(&mut app, "H Left");
        let held = if lang == Lang::En {
            "#5 ACK held"
        } else {
            "#5 ACK 扣住"
        };
        assert!(screen(&mut app).contains(held), "{}", screen(&mut app));
        let now = show_of(&app).span().1;
        tell(&mut app, 1, by_hand(WireAct::Duplicate, now + 1));
        app.settle();
        let said = if lang == Lang::En { "(by hand)" } else { "（手动）" };
        assert!(screen(&mut app).contains(said), "{}", screen(&mut app));
    }
}

#[test]
fn a_hand_is_told_when_it_can_do_nothing() {
    let (mut app, fake) = running();
    up_to(&mut app, &fake, "held");
    press(&mut app, "H");
    for why in [NoGrip::NothingHeld, NoGrip::Early, NoGrip::Over, NoGrip::NoWire] {
        fake.refuse(why);
        press(&mut app, "x");
        assert_eq!(app.notice, Some(Notice::NoGrip(why)));
        screen(&mut app);
    }
    fake.asked();
    fake.finish(&mut app, 1);
    press(&mut app, "h");
    assert_eq!(app.notice, Some(Notice::NoGrip(NoGrip::Over)));
    assert_eq!(fake.asked(), [""; 0]);
    assert!(screen(&mut app).contains("The run is over: nothing can be held any more."));
    press(&mut app, "Esc H");
    assert_eq!(
        app.notice,
        Some(Notice::NoGrip(NoGrip::Over)),
        "nor can it be taken in hand"
    );
    assert_eq!(app.place(), Place::Show);
    let mut app = watched("nagle", Lang::En);
    for key in ["H", "w"] {
        press(&mut app, key);
        assert_eq!(app.notice, Some(Notice::NoPackets), "{key}");
    }
}

#[test]
fn the_diagram_ends_where_the_playhead_stands_and_marks_its_event() {
    let mut app = watched("nagle-wire", Lang::En);
    go_to(&mut app, "HELD");
    press(&mut app, "w");
    assert_eq!(lab_of(&app).view, View::Ladder);
    let shown = screen(&mut app);
    let marked: Vec<&str> = shown
        .lines()
        .filter(|line| line.contains('▸') && line.contains("held"))
        .collect();
    assert!(marked.len() == 1 && marked[0].contains("#5 ACK"), "{shown}");
    assert!(!shown.contains("#6"), "{shown}");
    press(&mut app, "End");
    assert!(screen(&mut app).contains("recv(1024) → 13"));
    press(&mut app, "w");
    assert_eq!(lab_of(&app).view, View::Calls);
}

#[test]
fn a_key_puts_the_scenario_on_a_wire_and_takes_it_off() {
    let open = |id: &str| {
        let embedded = find(id).expect("a scenario");
        let scenario = read(embedded.file, embedded.text).expect("it reads");
        let settings: Settings = scenario.defaults();
        let fake = Fake::default();
        let mut app = App::new(look(Lang::En), picker(), Box::new(fake.clone()));
        app.open(embedded.file.to_owned(), Arc::new(scenario), settings, false);
        press(&mut app, "Esc");
        app
    };
    // By its knob, where it has one; else the scenario itself.
    for id in ["sticky", "nagle"] {
        let mut app = open(id);
        assert!(lab_of(&app).plan.wire.is_none());
        press(&mut app, "W");
        assert!(lab_of(&app).plan.wire.is_some(), "{id}");
        assert!(
            app.popup.is_some() || app.notice.is_some(),
            "it wants to run: its question comes first"
        );
        press(&mut app, "Esc W");
        assert!(lab_of(&app).plan.wire.is_none(), "{id}");
    }
    let mut pipes = open("pipe-deadlock");
    press(&mut pipes, "W");
    assert_eq!(pipes.notice, Some(Notice::NotOverWire));
    assert!(screen(&mut pipes).contains("This scenario cannot go over a wire"));
    let mut only = open("retransmit");
    press(&mut only, "W");
    assert_eq!(only.notice, Some(Notice::OnlyOverWire));
    assert!(lab_of(&only).plan.wire.is_some());
}
