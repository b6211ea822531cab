use std::collections::{BTreeSet, HashSet};

use lab::tui::app::stage::News;
use lab::tui::app::{App, Popup, Text};
use lab::tui::hits::Target;
use lab::tui::input::{Code, Key, Message, Mouse, MouseKind, Next};
use lab::tui::keys::{Action, Binding, PLACES, Place, TABLE, action, table};
use lab::words::Lang;
use unicode_width::UnicodeWidthStr;

use super::fake::{Fake, tell};
use super::snapshots::{compared, with_own_files};
use super::{BOTH, drawn, listed, look, picker, press, replay, screen, show_of, text, watched};

/// Every place in each of the states it can be in.
const STATES: [fn(Lang) -> App; 26] = [
    listed,
    |lang| pressed(listed(lang), "x y z"),
    |lang| with_own_files(lang, "Down Down"),
    |lang| with_own_files(lang, "Down Down Enter"),
    |lang| pressed(listed(lang), "Enter"),
    |lang| pressed(listed(lang), "Enter a b v b"),
    |lang| pressed(listed(lang), "Enter Esc"),
    |lang| pressed(listed(lang), "Enter Esc k"),
    |lang| watched("nagle", lang),
    |lang| pressed(watched("nagle", lang), ". . ."),
    |lang| pressed(watched("nagle", lang), "End"),
    |lang| pressed(watched("nagle", lang), "End P"),
    |lang| pressed(watched("nagle", lang), "Home . x"),
    |lang| pressed(watched("nagle", lang), "End p"),
    |lang| pressed(replay("nagle", lang), "a Enter End p"),
    |lang| pressed(watched("nagle", lang), "k Down Down Down 9"),
    |lang| pressed(watched("nagle", lang), "c"),
    |lang| pressed(watched("nagle", lang), "?"),
    |lang| pressed(watched("nagle", lang), "End e"),
    |lang| pressed(watched("nagle", lang), ". j"),
    |lang| pressed(watched("hang", lang), "End"),
    |lang| pressed(watched("udp-truncation", lang), ". ."),
    |lang| compared(lang, 4),
    held,
    |lang| pressed(watched("nagle-wire", lang), "End w"),
    in_hand,
];

fn pressed(mut app: App, keys: &str) -> App {
    press(&mut app, keys);
    app
}

/// A run whose wire is in somebody's hand.
fn in_hand(lang: Lang) -> App {
    let (mut app, fake) = super::hands::running();
    app.look.lang = lang;
    super::hands::up_to(&mut app, &fake, "held");
    pressed(app, "H")
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
    let keys: HashSet<Key> = TABLE.iter().flat_map(|binding| binding.keys).copied().collect();
    let mut places = BTreeSet::new();
    // Each state in one language: a frame of the other one comes with F2.
    for (state, lang) in STATES.iter().zip(BOTH.into_iter().cycle()) {
        places.insert(format!("{:?}", state(lang).place()));
        for key in &keys {
            let mut app = state(lang);
            app.update(Message::Key(*key));
            drawn(&mut app, 80, 24);
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
fn effect(app: &mut App, key: Key) -> bool {
    let before = (screen(app), app.place());
    let next = app.update(Message::Key(key));
    next == Next::Quit || app.notice.is_some() || (screen(app), app.place()) != before
}

/// Keys whose effect cannot be seen in some state they are offered in.
const UNSEEN: [(Place, Action); 17] = [
    // The list is empty.
    (Place::Picker, Action::Open),
    // The knob has its default already; the option has no vote.
    (Place::Knobs, Action::Default),
    (Place::Question, Action::TakeBack),
    // Nothing comes after the end.
    (Place::Show, Action::Next),
    (Place::Show, Action::NextMessage),
    (Place::Compare, Action::Next),
    // No byte lies anywhere; large cells have no room for the code.
    (Place::Show, Action::Bytes),
    (Place::Show, Action::Code),
    // The step is seen when it has been made.
    (Place::Show, Action::LetGo),
    // So is what a hand does to the wire; to the right is chosen at first.
    (Place::Hold, Action::HoldAll),
    (Place::Hold, Action::ReleaseNext),
    (Place::Hold, Action::ReleaseAll),
    (Place::Hold, Action::DropNext),
    (Place::Hold, Action::DuplicateNext),
    (Place::Hold, Action::SwapNext),
    (Place::Hold, Action::AckAlone),
    (Place::Hold, Action::ToTheRight),
];

#[test]
fn what_the_footer_offers_does_something_now() {
    let mut idle = Vec::new();
    for (index, state) in STATES.iter().enumerate() {
        let mut app = state(Lang::En);
        let place = app.place();
        let offers = offered(&mut app);
        for action in &offers {
            let mut app = state(Lang::En);
            let binding = table(place)
                .find(|binding| binding.action == *action)
                .expect("a line of the table");
            let is_seen = effect(&mut app, binding.keys[0]);
            if !is_seen && !UNSEEN.contains(&(place, *action)) {
                idle.push(format!("{action:?} in {place:?}, state {index}"));
            }
        }
        assert!(offers.contains(&Action::Back), "{place:?}, state {index}: {offers:?}");
    }
    assert_eq!(idle, [""; 0]);
}

#[test]
fn a_key_without_effect_is_noticed() {
    let mut app = watched("nagle", Lang::En);
    assert!(
        !effect(&mut app, super::named("Left")),
        "nothing comes before the start"
    );
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
    for state in STATES {
        let mut app = state(Lang::Zh);
        let place = app.place();
        drawn(&mut app, 100, 30);
        let keys: Vec<_> = app
            .hits
            .iter()
            .filter(|(_, target)| matches!(target, Target::Key(_)))
            .copied()
            .collect();
        for (area, target) in keys {
            let Target::Key(wanted) = target else { continue };
            let mut clicked = state(Lang::Zh);
            drawn(&mut clicked, 100, 30);
            let kind = MouseKind::Down;
            clicked.update(Message::Mouse(Mouse {
                column: area.x,
                row: area.y,
                kind,
            }));
            let mut pressed = state(Lang::Zh);
            let binding = table(place)
                .find(|binding| binding.action == wanted)
                .expect("a line of the table");
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
                assert!(
                    shows(&shown, binding, lang),
                    "{:?} in {place:?}:\n{shown}",
                    binding.action
                );
            }
            let elsewhere = PLACES
                .into_iter()
                .flat_map(table)
                .find(|other| !other.places.contains(&place));
            assert!(
                elsewhere.is_some_and(|other| !shows(&shown, other, lang)),
                "it shows what it does not have"
            );
        }
    }
}

/// Whether a key's names and what it does stand on one line; what it does may go on on the next.
fn shows(help: &str, binding: &Binding, lang: Lang) -> bool {
    let name = |key: &Key| match key.code {
        Code::Char(' ') => lab::words::screen::key_space(lang),
        _ => key.name(false),
    };
    let names: Vec<String> = binding.keys.iter().map(name).collect();
    let what = (binding.long)(lang);
    let start: String = what.chars().take_while(|c| !c.is_whitespace()).collect();
    let begins = |line: &str| line.contains(&format!("│ {} ", names.join("  "))) && line.contains(&start);
    help.lines().any(begins)
}

#[test]
fn the_footer_fits_and_keeps_the_way_out_in_every_size() {
    for lang in BOTH {
        for state in STATES {
            let mut app = state(lang);
            let place = app.place();
            for width in (60..120).step_by(7) {
                let buffer = drawn(&mut app, width, 24);
                let foot = text(&buffer).lines().last().expect("a footer").to_owned();
                assert!(foot.width() <= usize::from(width));
                if app.notice.is_none() {
                    let back = app
                        .hits
                        .area_of(Target::Key(Action::Back))
                        .unwrap_or_else(|| panic!("{place:?}: {foot}"));
                    assert!(back.x + back.width <= width, "{foot}");
                }
            }
        }
    }
}

#[test]
fn letters_are_typed_where_there_is_a_filter() {
    for c in "abcdefghijklmnopqrstuvwxyzPXL?0+- ".chars() {
        assert_eq!(
            action(Place::Picker, Key::plain(lab::tui::input::Code::Char(c))),
            None,
            "{c:?}"
        );
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
