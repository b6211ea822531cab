//! Screens without a terminal: saved runs are shown and drawn into memory, keys are pressed, and what stands on the
//! screen is looked at. `LAB_BLESS=1 cargo test --test lab screens` writes the golden ones anew.

/// Any keys, mouse, pastes, sizes and runs: nothing panics, nothing is drawn or clicked outside, and one gets out.
mod anything;
/// Runs that go on, made of saved ones.
mod fake;
/// The wire of a run in somebody's hand, the diagram of its packets, and the way to another link.
mod hands;
/// Every key in every place.
mod keys;
/// How lessons go: question, run, answer, comparison.
mod lessons;
/// Runs that go on: their news in any order that can be, and what is shown meanwhile.
mod live;
/// What the screen says, the text says.
mod parity;
/// The playhead: forwards, backwards, by itself.
mod playback;
/// Runs that are made now: transports and programs of which no run is saved.
mod runs;
/// Screens compared with ones that were read and found good.
mod snapshots;
/// What is asked at stops and before runs, of every scenario.
mod stops;
/// Colours, and what is left without them.
mod styles;

use std::sync::{Arc, OnceLock};

use lab::config::Theme;
use lab::report::Look;
use lab::report::beat;
use lab::report::line::Line;
use lab::scenario::catalogue::embedded;
use lab::scenario::read::read;
use lab::story::Story;
use lab::story::beats::Beat;
use lab::trace::{Trace, file};
use lab::tui::app::lab::Lab;
use lab::tui::app::picker::{Entry, Mistakes, Picker};
use lab::tui::app::show::Show;
use lab::tui::app::{App, Appearance, Palette};
use lab::tui::draw::draw;
use lab::tui::input::{Code, Key, Message, Next};
use lab::words::Lang;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use unicode_width::UnicodeWidthStr;

use super::support::root;
use fake::Fake;

/// The saved runs.
const TRACES: [&str; 14] = [
    "nagle",
    "nagle-nodelay",
    "nagle-wire",
    "short-recv",
    "udp-truncation",
    "udp-truncation-ipv6",
    "length-prefix",
    "length-prefix-cut-header",
    "length-prefix-characters",
    "threaded-server",
    "threaded-server-threaded",
    "hang",
    "struct-bytes",
    "struct-bytes-too-large",
];

const BOTH: [Lang; 2] = [Lang::En, Lang::Zh];

pub fn look(lang: Lang) -> Appearance {
    Appearance {
        lang,
        theme: Theme::Dark,
        color: Palette::Full,
        ascii: false,
    }
}

fn saved(name: &str) -> Trace {
    let bytes = std::fs::read(root(&format!("tests/traces/{name}.jsonl"))).expect("read a saved run");
    file::read(&mut &bytes[..]).expect("a saved run")
}

/// The scenarios of which there are saved runs.
pub const SAVED: [&str; 4] = ["nagle", "short-recv", "udp-truncation", "length-prefix"];

/// The list of the scenarios of which there are saved runs, whatever else comes with the lab; they are read once for all
/// tests.
fn picker() -> Picker {
    static ENTRIES: OnceLock<Vec<Entry>> = OnceLock::new();
    let read = || {
        embedded()
            .iter()
            .filter(|embedded| SAVED.contains(&embedded.id))
            .map(|embedded| entry(embedded.file, embedded.text, false))
            .collect()
    };
    Picker {
        entries: ENTRIES.get_or_init(read).clone(),
        ..Picker::default()
    }
}

fn entry(file: &str, text: &str, own: bool) -> Entry {
    Entry {
        file: file.to_owned(),
        own,
        read: read(file, text)
            .map(Arc::new)
            .map_err(|problems| Mistakes::Wrong(Arc::new(problems))),
    }
}

/// A screen that shows the list, and on which nothing can be run.
fn listed(lang: Lang) -> App {
    App::new(look(lang), picker(), Box::new(Fake::default()))
}

/// A screen that a saved run was opened on.
fn replay(name: &str, lang: Lang) -> App {
    let mut app = listed(lang);
    app.replay(saved(name)).expect("a run that can be told");
    app
}

/// A saved run whose question was passed over, at its start.
fn watched(name: &str, lang: Lang) -> App {
    let mut app = replay(name, lang);
    if app.popup.is_some() {
        press(&mut app, "s");
    }
    press(&mut app, "Home");
    app
}

/// Presses keys, given by their names as in the footer of an ASCII screen.
fn press(app: &mut App, keys: &str) -> Next {
    let mut next = Next::Nothing;
    for key in keys.split_whitespace() {
        next = app.update(Message::Key(named(key)));
        app.settle();
    }
    next
}

fn named(name: &str) -> Key {
    let (name, ctrl) = name.strip_prefix('^').map_or((name, false), |name| (name, true));
    let (name, shift) = name.strip_prefix("Shift-").map_or((name, false), |name| (name, true));
    let code = match name {
        "space" => Code::Char(' '),
        "Enter" => Code::Enter,
        "Esc" => Code::Esc,
        "Tab" => Code::Tab,
        "Backspace" => Code::Backspace,
        "Left" => Code::Left,
        "Right" => Code::Right,
        "Up" => Code::Up,
        "Down" => Code::Down,
        "Home" => Code::Home,
        "End" => Code::End,
        "PgUp" => Code::PageUp,
        "PgDn" => Code::PageDown,
        _ => match (name.strip_prefix('F').and_then(|n| n.parse().ok()), name.chars().next()) {
            (Some(number), _) => Code::F(number),
            (None, Some(c)) if name.chars().count() == 1 => Code::Char(c),
            _ => panic!("{name:?} is no key"),
        },
    };
    Key {
        ctrl,
        shift,
        ..Key::plain(code)
    }
}

fn lab_of(app: &App) -> &Lab {
    app.lab.as_ref().expect("a scenario is open")
}

fn show_of(app: &App) -> &Show {
    lab_of(app).show.as_ref().expect("there is a run")
}

fn show_mut(app: &mut App) -> &mut Show {
    let lab = app.lab.as_mut().expect("a scenario is open");
    lab.show.as_mut().expect("there is a run")
}

/// The English sentence of a beat with its note.
fn said(story: &Story, beat: &Beat) -> String {
    let look = Look::new(Lang::En, false, 100);
    let spans = [beat::sentence(story, beat, &look), beat::note(story, beat, &look)].concat();
    Line(spans).plain()
}

/// Goes right behind the first event of which this is said, in English.
#[track_caller]
fn go_to(app: &mut App, what: &str) {
    let story = &show_of(app).story;
    let found = story.beats.iter().position(|beat| said(story, beat).contains(what));
    let position = found.unwrap_or_else(|| panic!("{what:?} is said of no event")) + 1;
    show_mut(app).go(position);
}

/// Draws the screen into memory.
pub fn drawn(app: &mut App, width: u16, height: u16) -> Buffer {
    let mut terminal = Terminal::new(TestBackend::new(width, height)).expect("a terminal of memory");
    app.settle();
    terminal
        .draw(|frame| app.hits = draw(frame, app))
        .expect("memory takes everything");
    terminal.backend().buffer().clone()
}

/// The text of a screen, a line a row.
pub fn text(buffer: &Buffer) -> String {
    let mut out = String::new();
    for y in buffer.area.top()..buffer.area.bottom() {
        let mut x = buffer.area.left();
        let mut line = String::new();
        while x < buffer.area.right() {
            let symbol = buffer[(x, y)].symbol();
            line.push_str(symbol);
            x += u16::try_from(symbol.width().max(1)).expect("narrow");
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

/// The text of the screen in a usual size.
fn screen(app: &mut App) -> String {
    text(&drawn(app, 100, 30))
}
