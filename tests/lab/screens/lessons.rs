use lab::scenario::Setting;
use lab::tui::app::compare;
use lab::tui::app::lab::{Lab, View};
use lab::tui::app::question::{Commitment, Votes};
use lab::tui::app::{App, Notice, Popup};
use lab::tui::input::{Message, Next};
use lab::tui::keys::Place;
use lab::words::Lang;

use super::fake::{Fake, tell};
use super::playback::play;
use super::{lab_of, look, picker, press, replay, saved, screen, show_of};

/// A screen with a stage that can make Nagle's run, and the one without Nagle.
pub fn classroom() -> (App, Fake) {
    let fake = Fake::with(&["nagle", "nagle-nodelay"]);
    let app = App::new(look(Lang::En), picker(), Box::new(fake.clone()));
    (app, fake)
}

fn votes(lab: &Lab, round: usize) -> Vec<u32> {
    lab.votes()
        .and_then(|votes| votes.round(round))
        .expect("votes")
        .to_vec()
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
    assert_eq!(
        (app.place(), fake.asked()),
        (Place::Show, vec!["stop".to_owned(), "start 1".to_owned()])
    );

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

    // Who goes back to look once more has seen it all the same.
    press(&mut app, "Esc Left");
    assert_eq!(lab_of(&app).answer(), Some(&[1][..]));
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
    assert_eq!(
        (votes(lab_of(&app), 0), votes(lab_of(&app), 1)),
        (vec![2, 1, 0], vec![0, 3, 0])
    );
    let shown = screen(&mut app);
    assert!(
        shown.contains('✓') && shown.contains("1. ") && shown.contains("2. "),
        "{shown}"
    );
    assert_eq!(app.place(), Place::Question, "the answer is looked at");
    // A third replaces the second.
    press(&mut app, "v c Enter");
    assert_eq!(
        (lab_of(&app).votes().map(Votes::rounds), votes(lab_of(&app), 1)),
        (Some(2), vec![0, 0, 1])
    );
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
    assert_eq!(
        votes(lab_of(&app), 0),
        [1, 5, 9999],
        "whoever has committed himself does not vote any more"
    );
}

#[test]
fn a_question_that_is_passed_over_is_not_asked_again() {
    let (mut app, fake) = classroom();
    press(&mut app, "Enter s");
    assert_eq!(
        lab_of(&app).votes().map(|votes| votes.commitment),
        Some(Commitment::Skipped)
    );
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
    assert_eq!(
        lab_of(&app).answer(),
        None,
        "the question is another one, or there is none"
    );
    assert_eq!(fake.asked(), [""; 0], "turning a knob runs nothing");
    press(&mut app, "Enter");
    assert_eq!(fake.asked(), ["stop", "start 2"]);
    fake.finish(&mut app, 2);
    assert!(!lab_of(&app).is_changed());
    assert_eq!(show_of(&app).story.trace, saved("nagle-nodelay"));
    // Back again, and d is the default.
    press(&mut app, "End k d Esc");
    assert!(lab_of(&app).is_changed());
    assert!(
        screen(&mut app).contains("The knobs are set for another run"),
        "{}",
        screen(&mut app)
    );
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
    let second = lab
        .comparison
        .as_ref()
        .and_then(|comparison| comparison.show.as_ref())
        .expect("a second run");
    assert_eq!(
        (&show_of(&app).story.trace, &second.story.trace),
        (&saved("nagle-nodelay"), &saved("nagle"))
    );

    // Both are played to their ends, on one clock.
    assert!(play(&mut app) > show_of(&app).last());
    let mut pair = app.lab.as_mut().and_then(Lab::pair).expect("two runs");
    assert!(pair.is_at_end());
    assert!(compare::length(pair.one, pair.other) > 40_000_000);
    pair.backwards();
    assert!(!pair.is_at_end());
    press(&mut app, "c");
    assert_eq!(app.place(), Place::Show);
}

#[test]
fn nothing_is_compared_while_a_run_goes_on_or_a_question_is_open() {
    let (mut app, fake) = classroom();
    press(&mut app, "Enter Esc c");
    assert_eq!(
        (app.place(), &app.notice),
        (Place::Question, &Some(Notice::QuestionFirst))
    );
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
    assert!(
        matches!(&app.notice, Some(Notice::CannotRun(why)) if why.why.en.contains("quickack")),
        "{:?}",
        app.notice
    );
    assert_eq!(show_of(&app).story.trace, saved("nagle"));
    // A comparison whose second run cannot begin is none.
    press(&mut app, "d k Down d Esc c Down Enter");
    assert!(lab_of(&app).comparison.is_none());
    assert!(matches!(app.notice, Some(Notice::CannotRun(_))));
}

#[test]
fn back_goes_one_step_at_a_time_and_ends_a_run_that_goes_on() {
    let (mut app, fake) = classroom();
    press(&mut app, "n a g Enter Esc Enter s");
    fake.asked();
    press(&mut app, "P ? Esc");
    assert!(lab_of(&app).view == View::Presenter && app.popup.is_none());
    press(&mut app, "Esc");
    assert_eq!(lab_of(&app).view, View::Calls);
    assert_eq!(press(&mut app, "Esc"), Next::Draw);
    assert_eq!((app.lab.is_none(), fake.asked()), (true, vec!["stop".to_owned()]));
    assert_eq!(app.picker.filter, "nag");
    press(&mut app, "Esc");
    assert_eq!(app.picker.filter, "");
    assert_eq!(press(&mut app, "Esc"), Next::Quit);
}

#[test]
fn a_scenario_that_was_left_is_opened_again_as_it_was() {
    let mut app = replay("nagle", Lang::En);
    press(&mut app, "a b Enter End");
    assert_eq!(
        press(&mut app, "Esc"),
        Next::Draw,
        "the list lies behind a saved run too"
    );
    assert!(app.lab.is_none());
    press(&mut app, "Enter");
    assert_eq!(app.popup, None::<Popup>, "its question was answered");
    assert!(show_of(&app).is_at_end());
    assert_eq!(
        lab_of(&app).votes().and_then(|votes| votes.round(0)),
        Some(&[1, 1, 0][..])
    );
    press(&mut app, "Esc");
    assert_eq!(press(&mut app, "Esc"), Next::Quit);
}

#[test]
fn two_runs_side_by_side_show_the_same_connection_and_say_whose_each_queue_is() {
    let fake = Fake::of(vec![super::runs::run("threaded-server --set server=threaded")]);
    let mut app = App::new(look(Lang::En), picker(), Box::new(fake.clone()));
    app.replay(saved("threaded-server")).expect("a run that can be told");
    press(&mut app, "s End c Enter");
    assert!(fake.last().is_some(), "{:?}", app.notice);
    fake.finish(&mut app, 1);
    press(&mut app, "Home");
    let mut seen = std::collections::BTreeSet::new();
    let mut steps = 0;
    let is_at_end = |app: &App| {
        let both = lab_of(app).comparison.as_ref();
        let other = both.and_then(|both| both.show.as_ref());
        other.is_none_or(|show| show.playhead == show.last())
    };
    while !is_at_end(&app) {
        press(&mut app, "Right");
        let shown = screen(&mut app);
        for (queue, end) in [("receive queue:", "server-"), ("send queue:", "client-")] {
            let row = shown.lines().find(|row| row.contains(queue)).expect("a queue");
            let whose: Vec<&str> = row
                .split('│')
                .filter_map(|part| part.trim().split_once("  "))
                .map(|(name, _)| name)
                .collect();
            assert!(
                whose.len() == 2 && whose[0] == whose[1] && whose[0].starts_with(end),
                "{shown}"
            );
            seen.insert(whose[0].to_owned());
        }
        steps += 1;
    }
    assert!(steps > 50 && seen.len() == 6, "{steps} steps: {seen:?}");
    let receiver = |app: &mut App| {
        let shown = screen(app);
        let row = shown
            .lines()
            .find(|row| row.contains("receive queue:"))
            .expect("a queue");
        row.chars().skip(2).take(8).collect::<String>()
    };
    let names: std::collections::BTreeSet<String> = (0..3)
        .map(|_| {
            press(&mut app, "Tab");
            receiver(&mut app)
        })
        .collect();
    assert_eq!(names.len(), 3, "Tab goes through all connections: {names:?}");
}
