use std::cell::Cell;

use lab::config::Theme;
use lab::trace::{Ending, EndpointId, Event, Evidence, What, file};
use lab::tui::app::stage::News;
use lab::tui::app::{App, Palette};
use lab::tui::input::{Code, Key, Message, Mouse, MouseKind, Next};
use lab::tui::keys::TABLE;
use lab::words::Lang;
use proptest::prelude::*;
use ratatui::buffer::Buffer;
use unicode_width::UnicodeWidthStr;

use super::fake::{Fake, late, tell};
use super::snapshots::with_own_files;
use super::{TRACES, drawn, listed, look, picker, press, saved};
use crate::traces::damaged;

/// Something done to the screen.
#[derive(Debug, Clone)]
enum Deed {
    /// A line of the table of keys, and one of its keys.
    Bound(prop::sample::Index, prop::sample::Index),
    Key(Key),
    /// Where as fractions of the screen, so that most of them meet something.
    Mouse(prop::sample::Index, prop::sample::Index, MouseKind),
    Paste(String),
    Resize(u16, u16),
    Tick,
    /// So many more news of the run that goes on, their stamps late.
    News(usize),
    Other(Message),
}

/// What the screen begins with.
#[derive(Debug, Clone)]
enum Start {
    List,
    OwnFiles,
    Saved(&'static str),
    Damaged(Vec<u8>),
    Hostile,
}

fn deed() -> impl Strategy<Value = Deed> {
    let index = any::<prop::sample::Index>;
    let kind = prop::sample::select(vec![
        MouseKind::Down,
        MouseKind::Drag,
        MouseKind::Up,
        MouseKind::ScrollUp,
        MouseKind::ScrollDown,
    ]);
    let size = prop_oneof![
        3 => (60_u16..250, 18_u16..80),
        1 => (1_u16..250, 1_u16..80),
        1 => Just((60, 18)),
    ];
    prop_oneof![
        12 => (index(), index()).prop_map(|(line, key)| Deed::Bound(line, key)),
        2 => any_key().prop_map(Deed::Key),
        4 => (index(), index(), kind).prop_map(|(x, y, kind)| Deed::Mouse(x, y, kind)),
        1 => pasted().prop_map(Deed::Paste),
        2 => size.prop_map(|(width, height)| Deed::Resize(width, height)),
        2 => Just(Deed::Tick),
        3 => (1_usize..40).prop_map(Deed::News),
        1 => prop::sample::select(vec![Message::Focus(false), Message::Suspend, Message::Resumed]).prop_map(Deed::Other),
    ]
}

fn any_key() -> impl Strategy<Value = Key> {
    let codes = vec![
        Code::Enter,
        Code::Esc,
        Code::Tab,
        Code::BackTab,
        Code::Delete,
        Code::Left,
        Code::Down,
        Code::End,
    ];
    let code = prop_oneof![
        any::<char>().prop_map(Code::Char),
        prop::sample::select("abcd1239粘😀\u{301}\u{202e}".chars().collect::<Vec<_>>()).prop_map(Code::Char),
        any::<u8>().prop_map(Code::F),
        prop::sample::select(codes),
    ];
    (code, any::<bool>(), any::<bool>(), any::<bool>()).prop_map(|(code, ctrl, alt, shift)| Key {
        code,
        ctrl,
        alt,
        shift,
    })
}

fn pasted() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        Just("\u{1b}[31m\u{7}\r\n\t\u{9b}2J".to_owned()),
        Just("粘包😀👩‍👩‍👧‍👦 e\u{301}\u{200b}\u{202e}".to_owned()),
        Just("长".repeat(500)),
    ]
}

fn start() -> impl Strategy<Value = Start> {
    prop_oneof![
        2 => Just(Start::List),
        1 => Just(Start::OwnFiles),
        4 => prop::sample::select(TRACES.to_vec()).prop_map(Start::Saved),
        2 => damaged().prop_map(Start::Damaged),
        1 => Just(Start::Hostile),
    ]
}

/// A screen and its size, the stage its runs are made on, and how much of the last of them has been heard.
struct Sitting {
    app: App,
    size: (u16, u16),
    fake: Fake,
    run: u64,
    heard: Cell<usize>,
}

impl Sitting {
    fn new(start: &Start, lang: Lang, ascii: bool, color: Palette) -> Self {
        let fake = Fake::with(&TRACES);
        let mut app = App::new(look(lang), picker(), Box::new(fake.clone()));
        match start {
            Start::List => {}
            Start::OwnFiles => app.picker = with_own_files(lang, "").picker,
            Start::Saved(name) => app.replay(saved(name)).expect("a run that can be told"),
            // Most of them cannot be told; then it begins with the list.
            Start::Damaged(bytes) => drop(file::read(&mut &bytes[..]).map(|trace| app.replay(trace))),
            Start::Hostile => app.replay(hostile()).expect("a run that can be told"),
        }
        app.look.ascii = ascii;
        app.look.color = color;
        app.look.theme = if ascii { Theme::Light } else { Theme::Dark };
        Self {
            app,
            size: (80, 24),
            fake,
            run: 0,
            heard: Cell::new(0),
        }
    }

    fn do_it(&mut self, deed: &Deed) -> Next {
        let (width, height) = self.size;
        let message = match deed {
            Deed::Bound(line, key) => {
                // One that means something here, mostly.
                let here: Vec<_> = lab::tui::keys::table(self.app.place()).collect();
                let binding = if line.index(5) == 0 {
                    &TABLE[line.index(TABLE.len())]
                } else {
                    here[line.index(here.len())]
                };
                Message::Key(binding.keys[key.index(binding.keys.len())])
            }
            Deed::Key(key) => Message::Key(*key),
            Deed::Mouse(x, y, kind) => {
                let place = |at: &prop::sample::Index, size: u16| {
                    u16::try_from(at.index(usize::from(size) + 2)).expect("small")
                };
                Message::Mouse(Mouse {
                    column: place(x, width),
                    row: place(y, height),
                    kind: *kind,
                })
            }
            Deed::Paste(text) => Message::Paste(text.clone()),
            Deed::Resize(width, height) => {
                self.size = (*width, *height);
                Message::Resize {
                    width: *width,
                    height: *height,
                }
            }
            Deed::Tick => Message::Tick,
            Deed::News(count) => {
                self.hear(*count);
                return Next::Draw;
            }
            Deed::Other(message) => message.clone(),
        };
        self.app.update(message)
    }

    fn hear(&mut self, count: usize) {
        if let Some(run) = self.fake.last() {
            if run != self.run {
                self.run = run;
                self.heard.set(0);
            }
            let trace = self.fake.trace(run);
            let events = late(&trace.events, &[count, 0, 3]);
            for index in self.heard.get()..(self.heard.get() + count).min(events.len() + 1) {
                let news = events
                    .get(index)
                    .cloned()
                    .map_or(News::Ended(trace.ending.clone()), News::Event);
                tell(&mut self.app, run, news);
                if index % 7 == 3 {
                    tell(
                        &mut self.app,
                        run,
                        News::Waiting(u32::try_from(index % 5).expect("small")),
                    );
                }
                self.heard.set(index + 1);
            }
        }
    }

    /// Draws it and looks at what came of it.
    fn look_at(&mut self) -> Result<(), String> {
        let (width, height) = self.size;
        let buffer = drawn(&mut self.app, width, height);
        sound(&buffer)?;
        inside(&self.app, width, height)
    }
}

/// Nothing sticks out, nothing is hidden behind the second half of a wide character, nothing steers the terminal.
fn sound(buffer: &Buffer) -> Result<(), String> {
    for y in buffer.area.top()..buffer.area.bottom() {
        for x in buffer.area.left()..buffer.area.right() {
            let symbol = buffer[(x, y)].symbol();
            let width = u16::try_from(symbol.width()).unwrap_or(u16::MAX);
            if symbol.chars().any(char::is_control) {
                return Err(format!("{symbol:?} at {x},{y}"));
            }
            if x + width.max(1) > buffer.area.right() {
                return Err(format!("{symbol:?} at {x},{y} sticks out"));
            }
            let hidden = (x + 1..x + width.max(1)).find(|x| !matches!(buffer[(*x, y)].symbol(), " " | ""));
            if let Some(hidden) = hidden {
                let behind = buffer[(hidden, y)].symbol();
                return Err(format!("{behind:?} is hidden behind {symbol:?} at {x},{y}"));
            }
        }
    }
    Ok(())
}

/// All that can be clicked lies on the screen.
fn inside(app: &App, width: u16, height: u16) -> Result<(), String> {
    let outside = app.hits.iter().find(|(area, _)| {
        let (right, bottom) = (
            u32::from(area.x) + u32::from(area.width),
            u32::from(area.y) + u32::from(area.height),
        );
        right > u32::from(width) || bottom > u32::from(height)
    });
    outside.map_or(Ok(()), |(area, target)| {
        Err(format!("{target:?} at {area:?} of {width}x{height}"))
    })
}

/// A run with names, texts and bytes that would steer a terminal, and figures as large as they may be.
fn hostile() -> lab::trace::Trace {
    let mut trace = saved("short-recv");
    trace.head.system = String::from("\u{1b}[2J\u{202e}😀");
    trace.head.file = "粘\u{7}".repeat(80);
    for (index, event) in trace.events.iter_mut().enumerate() {
        event.at = index as u64 * 1_000_000_000_000;
    }
    let last = trace.events.last().map_or(0, |event| event.at);
    trace.events.extend((0..300).map(|index| Event {
        at: last + index,
        endpoint: EndpointId(u8::from(index % 2 == 0)),
        evidence: Evidence::Measured,
        what: What::StampsEnd,
    }));
    trace.ending = Ending::Broken {
        error: "\u{1b}]0;x\u{7} 粘包".repeat(40),
    };
    trace
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_done_it_is_drawn_and_one_gets_out(
        start in start(),
        deeds in prop::collection::vec(deed(), 1..30),
        chinese in any::<bool>(),
        ascii in any::<bool>(),
        color in prop::sample::select(vec![Palette::None, Palette::Sixteen, Palette::Full]),
        at_once in any::<bool>(),
    ) {
        let mut sitting = Sitting::new(&start, if chinese { Lang::Zh } else { Lang::En }, ascii, color);
        let mut over = false;
        for deed in &deeds {
            over = sitting.do_it(deed) == Next::Quit;
            if over {
                break;
            }
            if let Err(wrong) = sitting.look_at() {
                prop_assert!(false, "{} after {:?}, {:?}", wrong, deed, sitting.app.place());
            }
        }
        if !over {
            prop_assert!(gets_out(&mut sitting.app, at_once), "{:?}", sitting.app.place());
        }
    }

    #[test]
    fn every_size_is_drawn(width in 1_u16..=250, height in 1_u16..=80, start in start(), keys in prop::sample::select(KEYS.to_vec())) {
        let mut sitting = Sitting::new(&start, Lang::Zh, false, Palette::Full);
        press(&mut sitting.app, keys);
        for lang in super::BOTH {
            sitting.app.look.lang = lang;
            sitting.size = (width, height);
            if let Err(wrong) = sitting.look_at() {
                prop_assert!(false, "{} at {}x{} after {}", wrong, width, height, keys);
            }
        }
    }
}

/// Ways to every kind of screen.
const KEYS: [&str; 14] = [
    "",
    "s End",
    "s Home . . P",
    "s Home . x",
    "s Home . . x X",
    "s End b",
    "s Home . t b P",
    "s End c",
    "s End c Enter",
    "s k Down",
    "s . j",
    "s End e",
    "s ?",
    "Enter a a b Enter",
];

/// Ctrl-Q at once, or one step back after the other.
fn gets_out(app: &mut App, at_once: bool) -> bool {
    if at_once {
        return press(app, "^q") == Next::Quit;
    }
    // Out of what lies on top, the comparison, the large view, the scenario, the filter, and the lab.
    (0..6).any(|_| press(app, "Esc") == Next::Quit)
}

#[test]
fn what_is_wrong_with_a_screen_is_noticed() {
    let mut app = listed(Lang::En);
    let buffer = drawn(&mut app, 80, 24);
    assert_eq!(sound(&buffer), Ok(()));
    for (x, symbol) in [(79, "粘"), (10, "\u{1b}"), (10, "粘")] {
        let mut other = buffer.clone();
        other[(11, 0)].set_symbol("x");
        other[(x, 0)].set_symbol(symbol);
        sound(&other).expect_err(symbol);
    }
    inside(&app, 80, 24).expect("it was drawn in this size");
    inside(&app, 78, 24).expect_err("it is too wide for this one");
    inside(&app, 80, 23).expect_err("it is too high for this one");
}

#[test]
fn a_hostile_run_is_drawn_at_every_playhead() {
    let mut app = listed(Lang::En);
    app.replay(hostile()).expect("a run that can be told");
    press(&mut app, "s Home");
    for _ in 0..20 {
        for keys in ["Right", "x", "x", "b", "b", "P", "P"] {
            press(&mut app, keys);
            assert_eq!(sound(&drawn(&mut app, 100, 30)), Ok(()));
        }
    }
    press(&mut app, "End");
    assert_eq!(sound(&drawn(&mut app, 60, 18)), Ok(()));
}
