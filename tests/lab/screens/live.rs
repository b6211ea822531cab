use lab::scenario::Text;
use lab::trace::{Ending, Event, What};
use lab::tui::app::stage::{News, Refusal, RunNews};
use lab::tui::app::{App, Notice};
use lab::tui::input::{Ended, Message, Next};
use lab::words::Lang;
use proptest::prelude::*;
use ratatui::buffer::Cell;

use super::fake::{Fake, late, tell};
use super::lessons::classroom;
use super::{BOTH, TRACES, drawn, look, picker, press, saved, screen, show_mut, show_of};

/// A screen on which a saved run is made anew, its question passed over. Nothing has been heard of the run yet.
fn running(name: &str) -> (App, Fake) {
    let fake = Fake::with(&[name]);
    let mut app = App::new(look(Lang::En), picker(), Box::new(fake.clone()));
    let story = lab::story::Story::tell(saved(name)).expect("a run that can be told");
    let settings = story.settings();
    app.open(story.trace.head.file.clone(), story.scenario.clone(), settings, false);
    let key = if app.popup.is_some() { "s" } else { "Enter" };
    press(&mut app, key);
    assert_eq!(fake.asked(), ["stop", "start 1"], "{name}");
    (app, fake)
}

#[test]
fn a_run_that_breaks_down_is_over_and_says_so() {
    let (mut app, fake) = running("nagle");
    let news = fake.news(1);
    for news in &news[..20] {
        tell(&mut app, 1, news.clone());
    }
    tell(&mut app, 1, News::Broke(Refusal::because(|_| "the thread".to_owned())));
    assert!(matches!(app.notice, Some(Notice::CannotRun(_))));
    assert!(!show_of(&app).is_live());
    assert_eq!(show_of(&app).story.trace.events.len(), 20);
    tell(&mut app, 1, news[20].clone());
    app.settle();
    assert_eq!(
        show_of(&app).story.trace.events.len(),
        20,
        "nothing comes after the end"
    );
}

#[test]
fn a_run_that_could_not_be_saved_is_shown_all_the_same() {
    let (mut app, fake) = running("short-recv");
    tell(&mut app, 1, News::NotSaved(Text::of(|_| "/full: no space".to_owned())));
    assert_eq!(
        app.notice,
        Some(Notice::NotSaved(Text::of(|_| "/full: no space".to_owned())))
    );
    fake.finish(&mut app, 1);
    assert_eq!(show_of(&app).story.trace, saved("short-recv"));
}

#[test]
fn news_of_another_run_are_not_heard() {
    let (mut app, fake) = running("nagle");
    press(&mut app, "Enter");
    assert_eq!(fake.asked(), ["stop", "start 2"]);
    for news in fake.news(1) {
        assert_eq!(app.update(Message::Run(RunNews { run: 1, news })), Next::Nothing);
    }
    app.settle();
    assert_eq!(show_of(&app).story.trace.events, []);
    assert!(show_of(&app).is_live());
}

#[test]
fn a_stepped_run_waits_for_a_key_and_the_playhead_follows_it() {
    let (mut app, fake) = classroom();
    press(&mut app, "Enter Esc s s");
    assert_eq!(fake.asked(), ["stop", "start 1 stepped"]);
    tell(&mut app, 1, News::Waiting(0));
    app.settle();
    assert!(
        screen(&mut app).contains("Step 1 of 5 waits for n"),
        "{}",
        screen(&mut app)
    );
    assert!(screen(&mut app).contains("next step"), "the footer has the key");
    press(&mut app, "n n");
    assert_eq!(fake.asked(), ["next step"], "a key that is held down lets one step go");
    let events = saved("nagle").events;
    let second = events
        .iter()
        .position(|event| matches!(event.what, What::Step { step: 1 }))
        .expect("a second step");
    for event in &events[..second] {
        tell(&mut app, 1, News::Event(event.clone()));
    }
    press(&mut app, "n");
    assert_eq!(fake.asked(), [""; 0], "the step goes on: there is nothing to let go");
    tell(&mut app, 1, News::Waiting(1));
    app.settle();
    assert!(show_of(&app).playhead > 0 && show_of(&app).playhead == show_of(&app).last());
    press(&mut app, "Enter");
    assert_eq!(fake.asked(), ["next step"], "Enter goes on with it");
}

#[test]
fn a_live_run_and_its_saved_trace_give_the_same_screens() {
    for name in TRACES
        .iter()
        .filter(|name| !matches!(**name, "hang" | "udp-truncation-ipv6"))
    {
        for lang in BOTH {
            let (mut app, fake) = running(name);
            fake.finish(&mut app, 1);
            let mut other = super::watched(name, lang);
            app.look.lang = lang;
            assert_eq!(show_of(&app).last(), show_of(&other).last());
            for position in 0..=show_of(&app).last() {
                show_mut(&mut app).go(position);
                show_mut(&mut other).go(position);
                assert_eq!(below(&mut app), below(&mut other), "{name} at {position}");
            }
        }
    }
}

#[test]
fn a_live_run_that_is_cut_short_is_no_saved_one() {
    let (mut app, fake) = running("nagle");
    let trace = fake.trace(1);
    let half = trace.events.len() / 2;
    hear(&mut app, &trace.events[..half]);
    tell(&mut app, 1, News::Ended(Ending::Interrupted));
    let mut other = super::watched("nagle", Lang::En);
    press(&mut app, "End");
    press(&mut other, "End");
    assert_ne!(
        screen(&mut app),
        screen(&mut other),
        "the comparison of screens notices nothing"
    );
}

/// The cells of a screen but for its first row, which says that a run was saved.
fn below(app: &mut App) -> Vec<Cell> {
    drawn(app, 100, 30).content.split_off(100)
}

fn hear(app: &mut App, events: &[Event]) {
    for event in events {
        tell(app, 1, News::Event(event.clone()));
    }
    app.settle();
}

/// What is shown: when each event happened, where, and which of the trace's.
fn shown(app: &App) -> Vec<(u64, u8)> {
    let show = show_of(app);
    let beats = show.story.beats[..show.playhead].iter();
    beats.map(|beat| (beat.at, beat.endpoint.0)).collect()
}

/// Whether all of the first are in the second, in the same order.
fn is_part(part: &[(u64, u8)], whole: &[(u64, u8)]) -> bool {
    let mut rest = whole.iter();
    part.iter().all(|one| rest.any(|other| one == other))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    /// Stamps come late and in any pieces; in the end it is the same run, and whatever was shown stayed shown.
    #[test]
    fn a_growing_run_keeps_what_is_shown(
        name in prop::sample::select(vec!["nagle", "nagle-nodelay", "short-recv", "length-prefix", "udp-truncation"]),
        delays in prop::collection::vec(0_usize..12, 1..6),
        pieces in prop::collection::vec(1_usize..9, 1..8),
        goes in prop::collection::vec(0_usize..20, 1..8),
    ) {
        let (mut app, fake) = running(name);
        let trace = fake.trace(1);
        let events = late(&trace.events, &delays);
        let mut from = 0;
        for (piece, go) in pieces.iter().cycle().zip(goes.iter().cycle()) {
            let to = (from + piece).min(events.len());
            let (before, now) = (shown(&app), show_of(&app).now());
            let follows = show_of(&app).playhead == show_of(&app).last();
            hear(&mut app, &events[from..to]);
            prop_assert!(is_part(&before, &shown(&app)), "{:?} is gone from {:?}", before, shown(&app));
            // Whoever has gone to the end stays at the end.
            if !follows {
                prop_assert_eq!(show_of(&app).now(), now);
            }
            drawn(&mut app, 80, 24);
            show_mut(&mut app).go(*go);
            from = to;
            if from == events.len() {
                break;
            }
        }
        tell(&mut app, 1, News::Ended(trace.ending.clone()));
        app.settle();
        prop_assert_eq!(&show_of(&app).story.trace, &trace);
        let mut other = super::watched(name, Lang::En);
        for position in 0..=show_of(&other).last() {
            show_mut(&mut app).go(position);
            show_mut(&mut other).go(position);
            prop_assert_eq!(below(&mut app), below(&mut other));
        }
    }
}

#[test]
fn what_has_gone_from_the_screen_is_noticed() {
    assert!(is_part(&[(1, 0), (3, 1)], &[(1, 0), (2, 0), (3, 1)]));
    assert!(!is_part(&[(1, 0), (3, 1)], &[(1, 0), (3, 0)]));
    assert!(!is_part(&[(3, 1), (1, 0)], &[(1, 0), (3, 1)]));
}

#[test]
fn whatever_ends_the_program_ends_the_run() {
    for message in [Message::Signal(Ended::Interrupted), Message::Vanished] {
        let (mut app, fake) = running("nagle");
        assert_eq!(app.update(message), Next::Quit);
        assert_eq!(fake.asked(), ["stop"]);
    }
    let (mut app, fake) = running("nagle");
    assert_eq!(press(&mut app, "^q"), Next::Quit);
    assert_eq!(fake.asked(), ["stop"]);
}

#[test]
fn a_run_that_has_ended_is_played_back_and_not_called_over_while_it_plays() {
    let (mut app, _) = running("nagle");
    tell(&mut app, 1, News::Ended(Ending::Finished));
    app.settle();
    press(&mut app, "Home");
    for (lang, state) in [(Lang::En, "recorded run"), (Lang::Zh, "已跑完 · 回放")] {
        app.look.lang = lang;
        let shown = screen(&mut app);
        let header = shown.lines().next().expect("a header");
        assert!(header.contains(state) && !header.contains("over"), "{header}");
    }
}
