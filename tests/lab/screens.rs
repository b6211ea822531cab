//! Screens drawn from saved runs, without a terminal. `LAB_BLESS=1 cargo test --test lab screens` writes them anew.

use lab::trace::{Head, file};
use lab::tui::app::picker::{Entry, Picker};
use lab::tui::app::stage::{Stage, Wanted};
use lab::tui::app::{App, Appearance, Palette, ThemeChoice};
use lab::tui::draw::draw;
use lab::words::Lang;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;

use super::support::root;

/// A stage on which nothing can be run.
pub struct Empty;

impl Stage for Empty {
    fn start(&mut self, _: u64, _: &Wanted<'_>) -> Result<Head, String> {
        Err("nothing runs here".to_owned())
    }
    fn next_step(&mut self) {}
    fn all_steps(&mut self) {}
    fn stop(&mut self) {}
}

pub fn look(lang: Lang) -> Appearance {
    Appearance {
        lang,
        theme: ThemeChoice::Dark,
        color: Palette::Full,
        ascii: false,
    }
}

/// The list of all scenarios that come with the lab.
pub fn picker() -> Picker {
    let entries = lab::scenario::catalogue::embedded().iter().map(|embedded| Entry {
        file: embedded.file.to_owned(),
        own: false,
        read: lab::scenario::read::read(embedded.file, embedded.text)
            .map(std::sync::Arc::new)
            .map_err(|wrong| lab::tui::app::picker::Mistakes::Wrong(std::sync::Arc::new(wrong))),
    });
    Picker {
        entries: entries.collect(),
        ..Picker::default()
    }
}

pub fn replay(trace: &str, lang: Lang) -> App {
    let bytes = std::fs::read(root(&format!("tests/traces/{trace}.jsonl"))).expect("read a saved run");
    let trace = file::read(&mut &bytes[..]).expect("a saved run");
    let mut app = App::new(look(lang), picker(), Box::new(Empty));
    app.replay(trace).expect("a run that can be told");
    app
}

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
    use unicode_width::UnicodeWidthStr;
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
