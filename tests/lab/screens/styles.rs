use lab::tui::app::lab::View;
use lab::tui::app::{App, Palette, Popup};
use lab::tui::draw::SMALLEST;
use lab::words::Lang;
use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};
use unicode_width::UnicodeWidthStr;

use super::{TRACES, drawn, go_to, listed, named, press, screen, show_mut, show_of, text, watched};
use lab::tui::input::Message;

/// The first two messages' colours on a dark ground.
const FIRST: Color = Color::Indexed(117);
const SECOND: Color = Color::Indexed(214);
/// The light ground.
const LIGHT: Color = Color::Indexed(231);

fn held() -> App {
    let mut app = watched("nagle", Lang::En);
    go_to(&mut app, "m3 send");
    app
}

/// Where a text begins that has one cell a character.
#[track_caller]
fn find(buffer: &Buffer, wanted: &str) -> (u16, u16) {
    let rows = buffer.area.top()..buffer.area.bottom();
    let row = |y: u16| (buffer.area.left()..buffer.area.right()).map(move |x| buffer[(x, y)].symbol());
    for y in rows {
        let symbols: Vec<&str> = row(y).collect();
        let wanted: Vec<String> = wanted.chars().map(String::from).collect();
        if let Some(x) = symbols
            .windows(wanted.len())
            .position(|some| some.iter().zip(&wanted).all(|(a, b)| a == b))
        {
            return (u16::try_from(x).expect("narrow"), y);
        }
    }
    panic!("{wanted:?} is not on\n{}", text(buffer));
}

fn cells<'b>(buffer: &'b Buffer, wanted: &str) -> Vec<&'b Cell> {
    let (x, y) = find(buffer, wanted);
    let width = u16::try_from(wanted.chars().count()).expect("narrow");
    (x..x + width).map(|x| &buffer[(x, y)]).collect()
}

/// The colours of the letters of a text, each once.
fn colors(buffer: &Buffer, wanted: &str) -> Vec<Color> {
    let letters = cells(buffer, wanted).into_iter().filter(|cell| cell.symbol() != " ");
    let mut colors: Vec<Color> = letters.map(|cell| cell.fg).collect();
    colors.dedup();
    colors
}

fn reversed(buffer: &Buffer) -> Vec<(u16, u16)> {
    let cells = buffer.content.iter().enumerate();
    let reversed = cells.filter(|(_, cell)| cell.modifier.contains(Modifier::REVERSED));
    reversed.map(|(index, _)| buffer.pos_of(index)).collect()
}

#[test]
fn bytes_brackets_and_labels_have_the_colour_of_their_message() {
    let mut app = held();
    let buffer = drawn(&mut app, 100, 30);
    assert_eq!(colors(&buffer, "h e l l o"), [FIRST]);
    assert_eq!(colors(&buffer, "└─ m1 ──┘"), [FIRST]);
    assert_eq!(colors(&buffer, "e g g"), [SECOND]);
    assert_eq!(colors(&buffer, "└m2─┘"), [SECOND]);
    assert_eq!(colors(&buffer, "m1 send")[0], FIRST);
    press(&mut app, "b");
    let buffer = drawn(&mut app, 100, 30);
    assert_eq!(colors(&buffer, "65 67 67"), [SECOND]);
    press(&mut app, "b P");
    let buffer = drawn(&mut app, 100, 30);
    assert_eq!(colors(&buffer, "│h │"), [FIRST]);
    press(&mut app, "F3");
    assert_ne!(
        colors(&drawn(&mut app, 100, 30), "│h │"),
        [FIRST],
        "on a light ground it is darker"
    );
}

#[test]
fn what_is_spoken_of_is_reversed() {
    let mut app = held();
    let buffer = drawn(&mut app, 100, 30);
    let (x, y) = find(&buffer, "▸ m3 send");
    assert_eq!(reversed(&buffer).first(), Some(&(x, y)));
    let on_strip = reversed(&buffer).into_iter().filter(|place| place.1 > 18).count();
    assert_eq!(
        on_strip, 2,
        "the playhead lies on the marks of two rows, and is a line in the others"
    );
    press(&mut app, "x");
    let buffer = drawn(&mut app, 100, 30);
    assert!(
        cells(&buffer, "sendall(b\"world\")")
            .iter()
            .all(|cell| cell.modifier.contains(Modifier::REVERSED))
    );
    assert!(
        cells(&buffer, "sendall(b\"egg\")")
            .iter()
            .all(|cell| !cell.modifier.contains(Modifier::REVERSED))
    );
    let mut app = listed(Lang::En);
    press(&mut app, "Down");
    let buffer = drawn(&mut app, 80, 24);
    assert!(
        cells(&buffer, "short-recv")
            .iter()
            .all(|cell| cell.modifier.contains(Modifier::REVERSED))
    );
}

#[test]
fn without_colour_there_is_none_and_everything_is_still_told() {
    for name in TRACES {
        let mut app = watched(name, Lang::En);
        for position in 0..=show_of(&app).last() {
            show_mut(&mut app).go(position);
            for color in [Palette::Full, Palette::Sixteen] {
                app.look.color = color;
                let full = drawn(&mut app, 100, 30);
                app.look.color = Palette::None;
                let none = drawn(&mut app, 100, 30);
                assert_eq!(text(&full), text(&none), "{name} at {position}");
                assert!(is_without_color(&none), "{name} at {position}");
                assert!(!is_without_color(&full), "the search for colours finds none");
            }
        }
    }
}

fn is_without_color(buffer: &Buffer) -> bool {
    buffer
        .content
        .iter()
        .all(|cell| cell.fg == Color::Reset && cell.bg == Color::Reset)
}

#[test]
fn sixteen_colours_are_the_terminals_own() {
    let mut app = held();
    app.look.color = Palette::Sixteen;
    for key in ["F3", "F3"] {
        press(&mut app, key);
        let buffer = drawn(&mut app, 100, 30);
        let is_own = |color: Color| !matches!(color, Color::Indexed(_) | Color::Rgb(..) | Color::Reset);
        assert!(buffer.content.iter().all(|cell| is_own(cell.fg) && is_own(cell.bg)));
    }
}

#[test]
fn the_whole_ground_is_painted() {
    let mut app = held();
    press(&mut app, "F3");
    for popup in [None, Some(Popup::Knobs), Some(Popup::Question)] {
        app.popup = popup;
        let buffer = drawn(&mut app, 100, 30);
        // Of a wide character the first cell is painted; the terminal paints both.
        let unpainted = buffer
            .content
            .windows(2)
            .filter(|two| two[0].symbol().width() < 2 && two[1].bg != LIGHT);
        assert_eq!(unpainted.count(), 0, "{}", text(&buffer));
    }
}

/// Ways to every kind of screen of a run.
const WAYS: [&str; 12] = ["", "x", "x X", "b", "t", "P", "k", "c", "?", "e", "j", "p"];

#[test]
fn an_english_screen_drawn_with_ascii_has_nothing_else() {
    let mut seen = 0;
    let only_ascii = |shown: &str| {
        // What was sent and how the other language is called are no drawing characters.
        let strange: String = shown
            .chars()
            .filter(|c| !c.is_ascii() && !"中文粘包".contains(*c))
            .collect();
        assert_eq!(strange, "", "{shown}");
    };
    for name in TRACES {
        for keys in WAYS {
            let mut app = watched(name, Lang::En);
            app.look.ascii = true;
            for position in 0..=show_of(&app).last() {
                show_mut(&mut app).go(position);
                press(&mut app, keys);
                only_ascii(&screen(&mut app));
                app.popup = None;
                let lab = app.lab.as_mut().expect("a run");
                (lab.view, lab.hex, lab.evenly) = (View::Calls, false, false);
                seen += 1;
            }
        }
    }
    assert!(seen > 500, "{seen}");
    let mut app = super::snapshots::compared(Lang::En, 5);
    app.look.ascii = true;
    only_ascii(&screen(&mut app));
    let mut app = super::snapshots::with_own_files(Lang::En, "F4 Down Down");
    only_ascii(&screen(&mut app));
    press(&mut app, "Enter");
    only_ascii(&screen(&mut app));
    let drawn_with_lines = screen(&mut listed(Lang::En));
    std::panic::catch_unwind(|| only_ascii(&drawn_with_lines)).expect_err("lines are no ASCII");
}

#[test]
fn a_screen_that_is_too_small_says_so_politely() {
    let mut app = held();
    let (width, height) = SMALLEST;
    for (width, height) in [(width - 1, height), (width, height - 1), (20, 5), (1, 1)] {
        let shown = text(&drawn(&mut app, width, height));
        assert!(!shown.contains("send"), "{shown}");
        assert_eq!(app.hits.iter().count(), 0, "nothing can be clicked");
        if width > 30 {
            let needed = format!("The lab needs {} columns and {} rows; this", SMALLEST.0, SMALLEST.1);
            assert!(shown.starts_with(&needed), "{shown}");
        }
    }
    assert!(text(&drawn(&mut app, width, height)).contains("m3 send"));
    // Keys still do what they do, so one gets out.
    assert_eq!(app.update(Message::Key(named("^q"))), lab::tui::input::Next::Quit);
}
