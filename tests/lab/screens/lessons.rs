use lab::scenario::Setting;
use lab::trace::{Ending, Event, What};
use lab::tui::app::lab::Lab;
use lab::tui::app::question::Commitment;
use lab::tui::app::stage::News;
use lab::tui::app::{App, BEAT, Notice, Popup, SPEEDS};
use lab::tui::input::{Message, Next};
use lab::tui::keys::Place;
use lab::words::Lang;
use proptest::prelude::*;

use super::fake::{Fake, late, tell};
use super::{BOTH, TRACES, drawn, lab_of, listed, look, picker, press, replay, saved, screen, show_mut, show_of};

/// A screen with a stage that can make Nagle's run, and the one without Nagle.
fn classroom() -> (App, Fake) {
    let fake = Fake::with(&["nagle", "nagle-nodelay"]);
    let app = App::new(look(Lang::En), picker(), Box::new(fake.clone()));
    (app, fake)
}

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

/// Ticks until nothing moves any more; how many there were.
fn play(app: &mut App) -> usize {
    for ticks in 0..1000 {
        if app.wait().is_none() {
            return ticks;
        }
        app.update(Message::Tick);
    }
    panic!("it plays without end");
}

fn votes(lab: &Lab, round: usize) -> Vec<u32> {
    lab.votes().and_then(|votes| votes.round(round)).expect("votes").to_vec()
}

#[test]
fn a_class_predicts_commits_watches_and_is_told() {
    let (mut app, fake) = classroom();
    press(&mut app, "Enter");
    assert_eq!(app.place(), Place::Question);
    press(&mut app, "Enter");
    assert_eq!(app.notice, Some(Notice::NoVotes));
    assert_eq!(fake.asked(), [""; 0], "nothing runs before somebody has voted");

    press(&mut app, "a b b C");
    assert_eq!(votes(lab_of(&app), 0), [1, 2, 1], "capital letters are votes too");
    assert!(!screen(&mut app).contains('✓'));
    press(&mut app, "Enter");
    assert_eq!((app.place(), fake.asked()), (Place::Show, vec!["stop".to_owned(), "start 1".to_owned()]));

    // While it goes on and while it is played the answer waits.
    let news = fake.news(1);
    for some in news.chunks(5) {
        for news in some {
            tell(&mut app, 1, news.clone());
        }
        app.settle();
        assert_eq!(lab_of(&app).answer(), None);
        press(&mut app, "p");
        let shown = screen(&mut app);
        assert!(shown.contains("a  At once") && !shown.contains('✓'), "{shown}");
        press(&mut app, "p Esc");
    }
    assert!(app.done.contains("nagle"));
    assert!(app.wait().is_some(), "what has been recorded is played");
    while app.wait().is_some() {
        assert_eq!(lab_of(&app).answer(), None);
        app.update(Message::Tick);
        if app.wait().is_none() && !show_of(&app).is_at_end() {
            press(&mut app, "space");
        }
    }
    assert_eq!(lab_of(&app).answer(), Some(&[1][..]));
    press(&mut app, "p");
    let shown = screen(&mut app);
    assert!(shown.contains("b  ✓ When the first one is acknowledged"), "{shown}");
    assert!(shown.contains("2 votes"), "{shown}");

    // A step back, and it is not told any more.
    press(&mut app, "Esc Left");
    assert_eq!(lab_of(&app).answer(), None);
}

#[test]
fn a_second_vote_is_kept_beside_the_first_and_hides_the_answer() {
    let mut app = replay("nagle", Lang::En);
    press(&mut app, "a a b Enter Home End p");
    assert!(screen(&mut app).contains('✓'));
    press(&mut app, "v");
    assert_eq!(lab_of(&app).answer(), None);
    assert!(!screen(&mut app).contains('✓'));
    press(&mut app, "b b b Enter");
    assert_eq!((votes(lab_of(&app), 0), votes(lab_of(&app), 1)), (vec![2, 1, 0], vec![0, 3, 0]));
    let shown = screen(&mut app);
    assert!(shown.contains('✓') && shown.contains("1. ") && shown.contains("2. "), "{shown}");
    assert_eq!(app.place(), Place::Question, "the answer is looked at");
    // A third replaces the second.
    press(&mut app, "v c Enter");
    assert_eq!((lab_of(&app).votes().map(|votes| votes.rounds()), votes(lab_of(&app), 1)), (Some(2), vec![0, 0, 1]));
}

#[test]
fn hands_are_counted_and_typed() {
    let mut app = replay("nagle", Lang::En);
    press(&mut app, "1 2 Down 3 Right Right Left - + =");
    assert_eq!(votes(lab_of(&app), 0), [12, 5, 0]);
    press(&mut app, "Up Backspace Down Down Down - 9 9 9 9 +");
    assert_eq!(votes(lab_of(&app), 0), [1, 5, 9999]);
    press(&mut app, "d é ^x");
    assert_eq!(votes(lab_of(&app), 0), [1, 5, 9999], "no option has these keys");
    press(&mut app, "Enter a");
    assert_eq!(votes(lab_of(&app), 0), [1, 5, 9999], "whoever has committed himself does not vote any more");
}

#[test]
fn a_question_that_is_passed_over_is_not_asked_again() {
    let (mut app, fake) = classroom();
    press(&mut app, "Enter s");
    assert_eq!(lab_of(&app).votes().map(|votes| votes.commitment), Some(Commitment::Skipped));
    assert_eq!(fake.asked(), ["stop", "start 1"]);
    fake.finish(&mut app, 1);
    press(&mut app, "End Enter");
    assert_eq!(fake.asked(), ["stop", "start 2"]);
}

#[test]
fn changed_knobs_mark_the_run_and_enter_makes_theirs() {
    let (mut app, fake) = classroom();
    press(&mut app, "Enter s");
    fake.finish(&mut app, 1);
    fake.asked();
    press(&mut app, "End");
    assert!(!lab_of(&app).is_changed());
    press(&mut app, "k Right Esc");
    assert!(lab_of(&app).is_changed());
    assert_eq!(lab_of(&app).settings.get("nodelay"), Some(&Setting::Toggle(true)));
    assert_eq!(lab_of(&app).answer(), None, "the question is another one, or there is none");
    assert_eq!(fake.asked(), [""; 0], "turning a knob runs nothing");
    press(&mut app, "Enter");
    assert_eq!(fake.asked(), ["stop", "start 2"]);
    fake.finish(&mut app, 2);
    assert!(!lab_of(&app).is_changed());
    assert_eq!(show_of(&app).story.trace, saved("nagle-nodelay"));
    // Back again, and d is the default.
    press(&mut app, "End k d Esc");
    assert!(lab_of(&app).is_changed());
    assert!(screen(&mut app).contains("The knobs are set for another run"), "{}", screen(&mut app));
    assert_eq!(lab_of(&app).settings, lab_of(&app).scenario.defaults());
}

#[test]
fn a_number_that_is_not_whole_is_not_run() {
    let (mut app, fake) = classroom();
    press(&mut app, "Enter Esc k Down Down Down 9");
    assert_eq!(lab_of(&app).settings.get("count"), Some(&Setting::Number(3)));
    press(&mut app, "Enter");
    assert!(matches!(app.notice, Some(Notice::NotAllowed(_))), "{:?}", app.notice);
    assert_eq!((app.place(), fake.asked()), (Place::Knobs, vec![]));
    press(&mut app, "Backspace 4");
    assert_eq!(lab_of(&app).settings.get("count"), Some(&Setting::Number(4)));
}

#[test]
fn the_second_run_begins_when_the_first_is_over() {
    let (mut app, fake) = classroom();
    // Without Nagle first: it asks no question, and the run before it is none of these knobs.
    press(&mut app, "Enter s");
    fake.finish(&mut app, 1);
    press(&mut app, "k Right Esc");
    fake.asked();
    press(&mut app, "c Enter");
    assert_eq!(fake.asked(), ["start 2"], "{}", screen(&mut app));
    assert!(screen(&mut app).contains("The second run goes on"));
    let news = fake.news(2);
    let (last, before) = news.split_last().expect("news");
    for news in before {
        tell(&mut app, 2, news.clone());
        app.settle();
        assert_eq!(fake.asked(), [""; 0], "two runs at once would disturb each other");
    }
    tell(&mut app, 2, last.clone());
    assert_eq!(fake.asked(), ["start 3"]);
    fake.finish(&mut app, 3);
    let lab = lab_of(&app);
    let second = lab.comparison.as_ref().and_then(|comparison| comparison.show.as_ref()).expect("a second run");
    assert_eq!((&show_of(&app).story.trace, &second.story.trace), (&saved("nagle-nodelay"), &saved("nagle")));

    // Both are played to their ends, on one clock.
    assert!(play(&mut app) > show_of(&app).last());
    let mut pair = app.lab.as_mut().and_then(Lab::pair).expect("two runs");
    assert!(pair.is_at_end());
    assert!(pair.length() > 40_000_000);
    pair.backwards();
    assert!(!pair.is_at_end());
    press(&mut app, "c");
    assert_eq!(app.place(), Place::Show);
}

#[test]
fn nothing_is_compared_while_a_run_goes_on_or_a_question_is_open() {
    let (mut app, fake) = classroom();
    press(&mut app, "Enter Esc c");
    assert_eq!((app.place(), &app.notice), (Place::Question, &Some(Notice::QuestionFirst)));
    press(&mut app, "s c");
    assert_eq!((app.place(), &app.notice), (Place::Show, &Some(Notice::StillRunning)));
    fake.finish(&mut app, 1);
    press(&mut app, "c");
    assert_eq!(app.place(), Place::Variants);
}

#[test]
fn a_run_that_cannot_begin_says_why_and_leaves_what_was_there() {
    let (mut app, fake) = classroom();
    press(&mut app, "Enter s");
    fake.finish(&mut app, 1);
    press(&mut app, "k Down Right Enter");
    assert!(matches!(&app.notice, Some(Notice::CannotRun(why)) if why.contains("quickack")), "{:?}", app.notice);
    assert_eq!(show_of(&app).story.trace, saved("nagle"));
    // A comparison whose second run cannot begin is none.
    press(&mut app, "d k Down d Esc c Down Enter");
    assert!(lab_of(&app).comparison.is_none());
    assert!(matches!(app.notice, Some(Notice::CannotRun(_))));
}

#[test]
fn a_run_that_breaks_down_is_over_and_says_so() {
    let (mut app, fake) = running("nagle");
    let news = fake.news(1);
    for news in &news[..20] {
        tell(&mut app, 1, news.clone());
    }
    tell(&mut app, 1, News::Broke("the thread".to_owned()));
    assert!(matches!(app.notice, Some(Notice::CannotRun(_))));
    assert!(!show_of(&app).is_live());
    assert_eq!(show_of(&app).story.trace.events.len(), 20);
    tell(&mut app, 1, news[20].clone());
    app.settle();
    assert_eq!(show_of(&app).story.trace.events.len(), 20, "nothing comes after the end");
}

#[test]
fn a_run_that_could_not_be_saved_is_shown_all_the_same() {
    let (mut app, fake) = running("short-recv");
    tell(&mut app, 1, News::NotSaved("/full: no space".to_owned()));
    assert_eq!(app.notice, Some(Notice::NotSaved("/full: no space".to_owned())));
    fake.finish(&mut app, 1);
    assert_eq!(show_of(&app).story.trace, saved("short-recv"));
}

#[test]
fn news_of_another_run_are_not_heard() {
    let (mut app, fake) = running("nagle");
    press(&mut app, "Enter");
    assert_eq!(fake.asked(), ["stop", "start 2"]);
    for news in fake.news(1) {
        assert_eq!(app.update(Message::Run(lab::tui::app::stage::RunNews { run: 1, news })), Next::Nothing);
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
    assert!(screen(&mut app).contains("Step 1 of 5 waits for n"), "{}", screen(&mut app));
    assert!(screen(&mut app).contains("next step"), "the footer has the key");
    press(&mut app, "n");
    assert_eq!(fake.asked(), ["next step"]);
    let events = saved("nagle").events;
    let second = events.iter().position(|event| matches!(event.what, What::Step { step: 1 })).expect("a second step");
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
fn forwards_and_backwards_are_inverse() {
    for name in TRACES {
        let mut app = super::watched(name, Lang::En);
        for keys in [("Right", "Left"), ("l", "h")] {
            let mut screens = vec![screen(&mut app)];
            for _ in 0..show_of(&app).last() {
                press(&mut app, keys.0);
                screens.push(screen(&mut app));
            }
            assert!(show_of(&app).is_at_end(), "{name}");
            press(&mut app, keys.0);
            for before in screens.iter().rev() {
                assert_eq!(&screen(&mut app), before, "{name}");
                press(&mut app, keys.1);
            }
            assert_eq!(show_of(&app).playhead, 0);
        }
    }
}

#[test]
fn every_message_key_goes_back_to_where_it_came_from() {
    for name in TRACES {
        let mut app = super::watched(name, Lang::En);
        let mut positions = vec![0];
        loop {
            press(&mut app, ".");
            let at = show_of(&app).playhead;
            if at == show_of(&app).last() || positions.contains(&at) {
                break;
            }
            positions.push(at);
        }
        press(&mut app, "Home");
        let forwards = positions.clone();
        for position in &forwards[1..] {
            press(&mut app, ".");
            assert_eq!(show_of(&app).playhead, *position, "{name}");
        }
        for position in forwards.iter().rev().skip(1) {
            press(&mut app, ",");
            assert_eq!(show_of(&app).playhead, *position, "{name}");
        }
    }
}

#[test]
fn playing_halts_where_the_scenario_says_and_at_the_end() {
    let mut halted = 0;
    for name in TRACES {
        let mut app = super::watched(name, Lang::En);
        let mut stops: Vec<usize> = show_of(&app).story.stops.iter().map(|stop| stop.position).collect();
        stops.push(show_of(&app).last());
        stops.dedup();
        let mut from = 0;
        for stop in stops {
            press(&mut app, "space");
            assert_eq!(play(&mut app), stop - from, "{name}");
            assert_eq!(show_of(&app).playhead, stop, "{name}");
            halted += usize::from(show_of(&app).stop().is_some());
            from = stop;
        }
        press(&mut app, "space");
        assert_eq!(show_of(&app).playhead, 0, "at the end it begins again");
        assert!(show_of(&app).playing);
        press(&mut app, "space");
        assert_eq!(app.wait(), None);
    }
    assert!(halted >= 8, "{halted} stops");
}

#[test]
fn the_speed_changes_how_long_an_event_is_shown() {
    let mut app = super::watched("nagle", Lang::En);
    press(&mut app, "space");
    assert_eq!(app.wait(), Some(BEAT));
    press(&mut app, "+ +");
    assert_eq!(app.wait(), Some(BEAT / 4));
    for _ in 0..20 {
        press(&mut app, "-");
    }
    assert_eq!(app.wait(), Some(BEAT * SPEEDS[0].1 / 100));
    press(&mut app, "?");
    assert_eq!(app.wait(), None, "nothing moves on unseen");
}

#[test]
fn a_live_run_and_its_saved_trace_give_the_same_screens() {
    for name in TRACES.iter().filter(|name| !matches!(**name, "hang" | "udp-truncation-ipv6")) {
        for lang in BOTH {
            let (mut app, fake) = running(name);
            fake.finish(&mut app, 1);
            let mut other = super::watched(name, lang);
            app.look.lang = lang;
            assert_eq!(show_of(&app).last(), show_of(&other).last());
            for position in 0..=show_of(&app).last() {
                show_mut(&mut app).go(position);
                show_mut(&mut other).go(position);
                assert_eq!(drawn(&mut app, 100, 30), drawn(&mut other, 100, 30), "{name} at {position}");
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
    assert_ne!(screen(&mut app), screen(&mut other), "the comparison of screens notices nothing");
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
            prop_assert_eq!(screen(&mut app), screen(&mut other));
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
fn back_goes_one_step_at_a_time_and_ends_a_run_that_goes_on() {
    let (mut app, fake) = classroom();
    press(&mut app, "n a g Enter Esc Enter s");
    fake.asked();
    press(&mut app, "P ? Esc");
    assert!(lab_of(&app).presenter && app.popup.is_none());
    press(&mut app, "Esc");
    assert!(!lab_of(&app).presenter);
    assert_eq!(press(&mut app, "Esc"), Next::Draw);
    assert_eq!((app.lab.is_none(), fake.asked()), (true, vec!["stop".to_owned()]));
    assert_eq!(app.picker.filter, "nag");
    press(&mut app, "Esc");
    assert_eq!(app.picker.filter, "");
    assert_eq!(press(&mut app, "Esc"), Next::Quit);
}

#[test]
fn whatever_ends_the_program_ends_the_run() {
    use lab::tui::input::Ended;
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
fn a_scenario_that_was_opened_alone_is_left_for_the_shell() {
    let mut app = replay("nagle", Lang::En);
    app.only_this = true;
    assert_eq!(press(&mut app, "Esc"), Next::Draw, "first the question");
    assert_eq!(press(&mut app, "Esc"), Next::Quit);
    assert_eq!(listed(Lang::En).popup, None::<Popup>);
}
