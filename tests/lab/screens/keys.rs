use std::collections::BTreeSet;

use lab::tui::app::stage::News;
use lab::tui::app::{App, Popup, Text};
use lab::tui::hits::Target;
use lab::tui::input::{Message, Mouse, MouseKind, Next};
use lab::tui::keys::{Action, Binding, PLACES, Place, action, table};
use lab::words::Lang;
use unicode_width::UnicodeWidthStr;

use super::fake::{Fake, tell};
use super::snapshots::{compared, with_own_files};
use super::{BOTH, drawn, listed, look, picker, press, replay, screen, show_of, text, watched};

/// Every place in each of the states it can be in.
fn everywhere(lang: Lang) -> Vec<(Place, App)> {
    let pressed = |mut app: App, keys: &str| {
        press(&mut app, keys);
        app
    };
    let apps = [
        listed(lang),
        pressed(listed(lang), "x y z"),
        with_own_files(lang, "Down Down"),
        with_own_files(lang, "Down Down Enter"),
        pressed(listed(lang), "Enter"),
        pressed(listed(lang), "Enter a b v b"),
        pressed(listed(lang), "Enter Esc"),
        pressed(listed(lang), "Enter Esc k"),
        watched("nagle", lang),
        pressed(watched("nagle", lang), ". . ."),
        pressed(watched("nagle", lang), "End"),
        pressed(watched("nagle", lang), "End P"),
        pressed(watched("nagle", lang), "Home . x"),
        pressed(watched("nagle", lang), "End p"),
        pressed(replay("nagle", lang), "a Enter End p"),
        pressed(watched("nagle", lang), "k Down Down Down 9"),
        pressed(watched("nagle", lang), "c"),
        pressed(watched("nagle", lang), "?"),
        pressed(watched("nagle", lang), "End e"),
        pressed(watched("nagle", lang), ". j"),
        pressed(watched("hang", lang), "End"),
        pressed(watched("udp-truncation", lang), ". ."),
        compared(lang, 4),
        held(lang),
    ];
    apps.into_iter().map(|app| (app.place(), app)).collect()
}

/// A run that waits for a key.
fn held(lang: Lang) -> App {
    let mut app = App::new(look(lang), picker(), Box::new(Fake::with(&["nagle"])));
    press(&mut app, "Enter Esc s s");
    tell(&mut app, 1, News::Waiting(0));
    app.settle();
    app
}

#[test]
fn every_key_works_in_every_place() {
    let mut places = BTreeSet::new();
    for lang in BOTH {
        for index in 0..everywhere(lang).len() {
            let place = everywhere(lang)[index].0;
            places.insert(format!("{place:?}"));
            for key in PLACES.into_iter().flat_map(table).flat_map(|binding| binding.keys) {
                let (_, mut app) = everywhere(lang).swap_remove(index);
                app.update(Message::Key(*key));
                drawn(&mut app, 80, 24);
            }
        }
    }
    assert_eq!(places.len(), PLACES.len(), "{places:?}");
}

/// The keys that the footer offers, by where they were drawn.
fn offered(app: &mut App) -> Vec<Action> {
    drawn(app, 250, 30);
    let keys = app.hits.iter().filter_map(|(area, target)| match target {
        Target::Key(action) => Some((area.x, *action)),
        _ => None,
    });
    keys.map(|(_, action)| action).collect()
}

/// What a key has changed, as far as it can be seen or asked.
fn effect(app: &mut App, key: lab::tui::input::Key) -> bool {
    let before = (screen(app), app.place());
    let next = app.update(Message::Key(key));
    next == Next::Quit || app.notice.is_some() || (screen(app), app.place()) != before
}

/// Keys whose effect cannot be seen in some state they are offered in.
const UNSEEN: [(Place, Action); 4] = [
    // The list is empty, or the scenario has been opened for a run that is shown already.
    (Place::Picker, Action::Open),
    // A knob that has its default already.
    (Place::Knobs, Action::Default),
    // Nothing comes after the end.
    (Place::Show, Action::Next),
    (Place::Compare, Action::Next),
];

#[test]
fn what_the_footer_offers_does_something_now() {
    for index in 0..everywhere(Lang::En).len() {
        let (place, mut app) = everywhere(Lang::En).swap_remove(index);
        let offers = offered(&mut app);
        for action in &offers {
            let (_, mut app) = everywhere(Lang::En).swap_remove(index);
            let binding = table(place).find(|binding| binding.action == *action).expect("a line of the table");
            let is_seen = effect(&mut app, binding.keys[0]);
            assert!(is_seen || UNSEEN.contains(&(place, *action)), "{action:?} in {place:?}, state {index}");
        }
        let must = [Action::Back, Action::Quit];
        assert!(must.iter().all(|action| offers.contains(action)), "{place:?}, state {index}: {offers:?}");
    }
}

#[test]
fn a_key_without_effect_is_noticed() {
    let mut app = watched("nagle", Lang::En);
    assert!(!effect(&mut app, super::named("Left")), "nothing comes before the start");
    assert!(effect(&mut app, super::named("Right")));
}

#[test]
fn the_footer_offers_what_helps_here_and_nothing_else() {
    let offers = |app: &mut App, action: Action| offered(app).contains(&action);
    assert!(offers(&mut held(Lang::En), Action::LetGo) && !offers(&mut held(Lang::En), Action::Run));
    let mut saved = watched("nagle", Lang::En);
    assert!(!offers(&mut saved, Action::LetGo) && offers(&mut saved, Action::Run));
    let mut hang = watched("hang", Lang::En);
    for action in [Action::Knobs, Action::Compare, Action::Question] {
        assert!(!offers(&mut hang, action) && offers(&mut saved, action), "{action:?}");
    }
    let mut asked = replay("nagle", Lang::En);
    assert!(offers(&mut asked, Action::Commit) && !offers(&mut asked, Action::VoteAgain));
    press(&mut asked, "a Enter p");
    assert!(!offers(&mut asked, Action::Commit) && offers(&mut asked, Action::VoteAgain));
}

#[test]
fn what_is_clicked_in_the_footer_is_what_the_key_does() {
    for index in 0..everywhere(Lang::Zh).len() {
        let (place, mut app) = everywhere(Lang::Zh).swap_remove(index);
        drawn(&mut app, 100, 30);
        let keys: Vec<_> = app.hits.iter().filter(|(_, target)| matches!(target, Target::Key(_))).copied().collect();
        for (area, target) in keys {
            let Target::Key(wanted) = target else { continue };
            let (_, mut clicked) = everywhere(Lang::Zh).swap_remove(index);
            drawn(&mut clicked, 100, 30);
            let kind = MouseKind::Down;
            clicked.update(Message::Mouse(Mouse { column: area.x, row: area.y, kind }));
            let (_, mut pressed) = everywhere(Lang::Zh).swap_remove(index);
            let binding = table(place).find(|binding| binding.action == wanted).expect("a line of the table");
            pressed.update(Message::Key(binding.keys[0]));
            assert_eq!(screen(&mut clicked), screen(&mut pressed), "{wanted:?} in {place:?}");
        }
    }
}

#[test]
fn the_help_shows_every_line_of_the_table() {
    for lang in BOTH {
        for place in PLACES {
            let mut app = listed(lang);
            app.popup = Some(Popup::Text(Text::Help(place), 0));
            let shown = text(&drawn(&mut app, 100, 60));
            for binding in table(place) {
                assert!(shows(&shown, binding, lang), "{:?} in {place:?}:\n{shown}", binding.action);
            }
            let elsewhere = PLACES.into_iter().flat_map(table).find(|other| !other.places.contains(&place));
            assert!(elsewhere.is_some_and(|other| !shows(&shown, other, lang)), "it shows what it does not have");
        }
    }
}

/// Whether a key's names and what it does stand on one line; what it does may go on on the next.
fn shows(help: &str, binding: &Binding, lang: Lang) -> bool {
    let names: Vec<String> = binding.keys.iter().map(|key| key.name(false)).collect();
    let long = (binding.long)(lang);
    let start: String = long.chars().take_while(|c| !c.is_whitespace()).collect();
    let begins = |line: &str| line.contains(&format!("│ {} ", names.join("  "))) && line.contains(&start);
    help.lines().any(begins)
}

#[test]
fn the_footer_fits_and_keeps_the_way_out_in_every_size() {
    for lang in BOTH {
        for (place, mut app) in everywhere(lang) {
            for width in 60..120 {
                let buffer = drawn(&mut app, width, 24);
                let foot = text(&buffer).lines().last().expect("a footer").to_owned();
                assert!(foot.width() <= usize::from(width));
                if app.notice.is_none() {
                    let back = app.hits.area_of(Target::Key(Action::Back)).unwrap_or_else(|| panic!("{place:?}: {foot}"));
                    assert!(back.x + back.width <= width, "{foot}");
                }
            }
        }
    }
}

#[test]
fn letters_are_typed_where_there_is_a_filter() {
    for c in "abcdefghijklmnopqrstuvwxyzPXL?0+- ".chars() {
        assert_eq!(action(Place::Picker, lab::tui::input::Key::plain(lab::tui::input::Code::Char(c))), None, "{c:?}");
    }
    let mut app = listed(Lang::En);
    press(&mut app, "q q");
    assert_eq!(app.picker.filter, "qq");
    app.update(Message::Paste("\u{1b}[2J粘\r\n😀".to_owned()));
    assert_eq!(app.picker.filter, "qq[2J粘😀");
    press(&mut app, "Backspace Backspace");
    assert_eq!(app.picker.filter, "qq[2J");
    app.update(Message::Paste("长".repeat(500)));
    assert_eq!(app.picker.filter.chars().count(), 40);
    assert_eq!(show_of(&watched("nagle", Lang::En)).playhead, 0);
}
