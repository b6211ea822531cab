use lab::tui::app::{App, BEAT, SPEEDS};
use lab::tui::input::Message;
use lab::words::Lang;

use super::{TRACES, press, screen, show_of};

/// Ticks until nothing moves any more; how many there were.
pub fn play(app: &mut App) -> usize {
    for ticks in 0..1000 {
        if app.wait().is_none() {
            return ticks;
        }
        app.update(Message::Tick);
    }
    panic!("it plays without end");
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
        let first = stops[0];
        let mut from = 0;
        for stop in stops {
            press(&mut app, "space");
            // The first event comes with the key.
            assert_eq!(play(&mut app), stop - from - 1, "{name}");
            assert_eq!(show_of(&app).playhead, stop, "{name}");
            halted += usize::from(show_of(&app).is_at_stop());
            from = stop;
        }
        press(&mut app, "space");
        assert_eq!(show_of(&app).playhead, 1, "at the end it begins again");
        // Where it halts at the first event, it halts there again.
        assert_eq!(show_of(&app).is_playing(), first > 1, "{name}");
        if show_of(&app).is_playing() {
            press(&mut app, "space");
        }
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
