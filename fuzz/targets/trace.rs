//! Any bytes as a saved run: either they are refused, or every face tells them.
#![no_main]

mod dice;
#[path = "trace/mutate.rs"]
mod mutate;

use lab::config::Theme;
use lab::report::{Look, json, text};
use lab::story::Story;
use lab::trace::Head;
use lab::trace::file::read;
use lab::tui::app::picker::Picker;
use lab::tui::app::stage::{Grip, NoGrip, Refusal, Stage, Wanted};
use lab::tui::app::{App, Appearance, Palette};
use lab::tui::draw::draw;
use lab::tui::input::{Code, Key, Message};
use lab::words::Lang;
use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use ratatui::Terminal;
use ratatui::backend::TestBackend;

fuzz_mutator!(|bytes: &mut [u8], size: usize, most: usize, seed: u32| { mutate::mutate(bytes, size, most, seed) });

fuzz_target!(|bytes: &[u8]| {
    let Ok(trace) = read(&mut &*bytes) else { return };
    #[cfg(planted)]
    assert!(trace.events.last().is_none_or(|last| last.at != 1 << 50), "planted");
    let Ok(story) = Story::tell(trace.clone()) else { return };
    // Which widths and keys, by what is read: the same input does the same.
    let mut dice = bytes
        .iter()
        .fold(7_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add((*byte).into()));
    for lang in [Lang::En, Lang::Zh] {
        let look = Look::new(lang, dice % 5 == 0, [40, 60, 80, 110][dice as usize % 4]);
        let _ = text::tell(&story, &look);
        let _ = text::tell_ladder(&story, &look);
    }
    json::write(&story, &mut Vec::new()).expect("a vector takes everything");
    let appearance = Appearance {
        lang: if dice % 2 == 0 { Lang::En } else { Lang::Zh },
        theme: Theme::Dark,
        color: Palette::Full,
        ascii: dice % 3 == 0,
    };
    let mut app = App::new(appearance, Picker::default(), Box::new(Nothing));
    if app.replay(trace).is_err() {
        return;
    }
    let (columns, rows) = [(60, 18), (80, 24), (200, 60)][dice as usize % 3];
    let mut terminal = Terminal::new(TestBackend::new(columns, rows)).expect("memory");
    for key in [Code::Char('s'), Code::End].into_iter().chain(KEYS.map(|_| {
        dice = dice.wrapping_mul(1_103_515_245).wrapping_add(12345);
        KEYS[(dice >> 16) as usize % KEYS.len()]
    })) {
        app.update(Message::Key(Key {
            code: key,
            ctrl: false,
            alt: false,
            shift: false,
        }));
        app.settle();
        let hits = std::cell::RefCell::new(None);
        terminal
            .draw(|frame| *hits.borrow_mut() = Some(draw(frame, &app)))
            .expect("memory");
        app.hits = hits.into_inner().expect("drawn");
    }
});

const KEYS: [Code; 16] = [
    Code::Home,
    Code::End,
    Code::Left,
    Code::Right,
    Code::Up,
    Code::Down,
    Code::PageUp,
    Code::PageDown,
    Code::Tab,
    Code::Char('j'),
    Code::Char('x'),
    Code::Char('h'),
    Code::Char('d'),
    Code::Char('e'),
    Code::Char('p'),
    Code::Enter,
];

/// Nothing can be run here.
struct Nothing;

impl Stage for Nothing {
    fn start(&mut self, _: u64, _: &Wanted<'_>) -> Result<Head, Refusal> {
        Err(Refusal::because(|_| "nothing runs while fuzzing".to_owned()))
    }
    fn next_step(&mut self) {}
    fn all_steps(&mut self) {}
    fn grip(&mut self, _: usize, _: Grip) -> Result<(), NoGrip> {
        Err(NoGrip::Over)
    }
    fn stop(&mut self) {}
}
