//! The screen as a terminal shows it: what the program writes goes through a terminal emulator.

use std::process::{Child, Command, ExitStatus};

use rustix::process::Signal;
use vt100::{MouseProtocolMode, Parser};

use crate::pty::{self, Pty};
use crate::support::{DEADLINE, command, signal, within};

/// What is on the list's screen.
pub const LIST: &str = "Type to filter";

/// Keys as a terminal sends them (xterm's control sequences, "PC-style function keys").
pub const ENTER: &str = "\r";
pub const ESC: &str = "\x1b";
pub const LEFT: &str = "\x1b[D";
pub const RIGHT: &str = "\x1b[C";
pub const DOWN: &str = "\x1b[B";
pub const HOME: &str = "\x1b[H";
pub const END: &str = "\x1b[F";
pub const F2: &str = "\x1bOQ";
/// Ctrl-Q: out of the lab at once, from everywhere.
pub const QUIT: &str = "\x11";

pub const ROWS: u16 = 24;
pub const COLUMNS: u16 = 80;

/// The program on its screen, and the terminal as it was before.
pub struct Stage {
    child: Option<Child>,
    id: u32,
    pty: Pty,
    parser: Parser,
    /// Everything that was written.
    pub written: Vec<u8>,
    before: String,
}

/// The program, in the environment of a terminal with colours.
pub fn program(line: &str) -> Command {
    let mut command = command();
    command.env("TERM", "xterm-256color").args(line.split_whitespace());
    command
}

impl Stage {
    /// Starts the program with arguments that are separated by blanks, and with further variables.
    pub fn start(line: &str, variables: &[(&str, &str)]) -> Option<Self> {
        let mut command = program(line);
        command.envs(variables.iter().copied());
        Self::start_command(command, ROWS, COLUMNS)
    }

    /// Starts the list in a terminal that does not tell the program when it is gone.
    pub fn guest() -> Option<Self> {
        let (pty, pts) = Pty::open(ROWS, COLUMNS)?;
        let before = pty.modes();
        let child = pty::guest(program(""), &pts);
        Some(Self::of(child, pty, before, ROWS, COLUMNS))
    }

    /// Starts any program as the leader of the terminal's session.
    pub fn start_command(command: Command, rows: u16, columns: u16) -> Option<Self> {
        let (pty, pts) = Pty::open(rows, columns)?;
        let before = pty.modes();
        let child = pty::lead(command, pts);
        Some(Self::of(child, pty, before, rows, columns))
    }

    fn of(child: Child, pty: Pty, before: String, rows: u16, columns: u16) -> Self {
        Self {
            id: child.id(),
            child: Some(child),
            pty,
            parser: Parser::new(rows, columns, 0),
            written: Vec::new(),
            before,
        }
    }

    /// Starts the program and waits until a text is on its screen.
    #[track_caller]
    pub fn opened(line: &str, variables: &[(&str, &str)], text: &str) -> Option<Self> {
        let mut stage = Self::start(line, variables)?;
        stage.wait_for(
            |screen| screen.alternate_screen() && screen.contents().contains(text),
            text,
        );
        Some(stage)
    }

    /// The same on a screen that has room for what is asked at a stop and for what can be done next.
    #[track_caller]
    pub fn large(line: &str, text: &str) -> Option<Self> {
        let mut stage = Self::start_command(program(line), 30, 100)?;
        stage.shows(text);
        Some(stage)
    }

    /// The list of scenarios, as it is without any wishes.
    #[track_caller]
    pub fn list() -> Option<Self> {
        Self::opened("", &[], LIST)
    }

    /// Waits until a text is on the screen.
    #[track_caller]
    pub fn shows(&mut self, text: &str) {
        self.wait_for(|screen| screen.contents().contains(text), text);
    }

    /// Types something that brings a text. That it was there before proves nothing, and is a fault of the test.
    #[track_caller]
    pub fn press(&mut self, keys: &str, brings: &str) {
        assert!(!self.text().contains(brings), "{brings:?} is there:\n{}", self.text());
        self.send(keys);
        self.shows(brings);
    }

    /// Types something that takes a text away.
    #[track_caller]
    pub fn press_away(&mut self, keys: &str, takes: &str) {
        assert!(self.text().contains(takes), "{takes:?} is not there:\n{}", self.text());
        self.send(keys);
        self.wait_for(|screen| !screen.contents().contains(takes), &format!("no {takes}"));
    }

    /// How many events of a run are shown, and how many there are.
    pub fn position(&self) -> Option<(usize, usize)> {
        position(self.screen())
    }

    /// Waits until so many events of a run are shown.
    #[track_caller]
    pub fn at(&mut self, wanted: usize) {
        self.wait_for(
            |screen| position(screen).is_some_and(|(at, _)| at == wanted),
            &format!("event {wanted}"),
        );
    }

    /// Waits until everything of a run is shown; how many events there are.
    #[track_caller]
    pub fn at_the_end(&mut self) -> usize {
        let whole = |screen: &vt100::Screen| position(screen).is_some_and(|(at, of)| at == of && of > 0);
        self.wait_for(whole, "the end of the run");
        self.position().map_or(0, |(_, of)| of)
    }

    /// Where a text begins: row and column of the cell, counted from 0.
    #[track_caller]
    pub fn find(&self, text: &str) -> (u16, u16) {
        use unicode_width::UnicodeWidthStr as _;
        let (_, columns) = self.screen().size();
        let rows = self.screen().rows(0, columns).zip(0..);
        let mut found = rows.filter_map(|(line, row)| {
            let before = line.split_once(text)?.0.width();
            Some((row, u16::try_from(before).expect("a narrow screen")))
        });
        found
            .next()
            .unwrap_or_else(|| panic!("{text:?} is not there:\n{}", self.text()))
    }

    /// Does something with the left button of the mouse at a cell (xterm, "SGR mouse mode"): 0 presses and lets go, 32
    /// is a move with the button held.
    pub fn mouse(&self, button: u16, (row, column): (u16, u16), released: bool) {
        let end = if released { 'm' } else { 'M' };
        self.send(format!("\x1b[<{button};{};{}{end}", column + 1, row + 1));
    }

    pub fn click(&self, at: (u16, u16)) {
        self.mouse(0, at, false);
        self.mouse(0, at, true);
    }

    /// Reads what is written until the screen is as wanted; fails if it does not come to that. Looked at are whole
    /// frames only.
    #[track_caller]
    pub fn wait_for(&mut self, wanted: impl Fn(&vt100::Screen) -> bool, what: &str) {
        while !(self.is_whole() && wanted(self.parser.screen())) {
            let Some(more) = self.pty.more() else {
                signal(self.id, Signal::KILL);
                panic!(
                    "{what} did not come within {DEADLINE:?}; there is\n{}",
                    self.parser.screen().contents()
                );
            };
            self.take_in(&more);
        }
    }

    /// Whether the last frame has come to its end: the program marks both (synchronized output).
    fn is_whole(&self) -> bool {
        last_of(&self.written, b"\x1b[?2026h") <= last_of(&self.written, b"\x1b[?2026l")
    }

    fn take_in(&mut self, more: &[u8]) {
        self.written.extend_from_slice(more);
        self.parser.process(more);
    }

    pub fn send(&self, keys: impl AsRef<[u8]>) {
        self.pty.type_bytes(keys.as_ref());
    }

    pub fn resize(&mut self, rows: u16, columns: u16) {
        self.pty.resize(rows, columns);
        self.parser.screen_mut().set_size(rows, columns);
    }

    pub fn id(&self) -> u32 {
        self.id
    }

    pub fn screen(&self) -> &vt100::Screen {
        self.parser.screen()
    }

    pub fn text(&self) -> String {
        self.parser.screen().contents()
    }

    /// What was written since it was last asked for, without waiting.
    pub fn pending(&mut self) -> Vec<u8> {
        let pending = self.pty.pending();
        self.take_in(&pending);
        pending
    }

    /// Whether the terminal is the program's or as it was before, and if neither, what is wrong.
    pub fn faults(&self) -> Vec<&'static str> {
        let screen = self.parser.screen();
        let focus = last_of(&self.written, b"\x1b[?1004h") > last_of(&self.written, b"\x1b[?1004l");
        let faults = [
            (screen.alternate_screen(), "the alternate screen is still there"),
            (screen.hide_cursor(), "the cursor is hidden"),
            (screen.bracketed_paste(), "pastes are still bracketed"),
            (
                screen.mouse_protocol_mode() != MouseProtocolMode::None,
                "the mouse is still reported",
            ),
            (focus, "the focus is still reported"),
            (
                self.pty.modes() != self.before,
                "the terminal is not in the mode it was in",
            ),
        ];
        faults
            .iter()
            .filter(|(wrong, _)| *wrong)
            .map(|(_, what)| *what)
            .collect()
    }

    /// Waits for the program's end and takes what it wrote.
    pub fn end(&mut self) -> ExitStatus {
        let mut child = self.child.take().expect("it is waited for once");
        let status = within(self.id, "the screen", move || child.wait());
        // Its side is closed now, so this comes to an end.
        while let Some(more) = self.pty.more() {
            self.take_in(&more);
        }
        status.expect("wait for the program")
    }

    /// The terminal is gone, as if its window was closed; how the program ends then.
    pub fn vanish(mut self) -> ExitStatus {
        let mut child = self.child.take().expect("it is waited for once");
        let id = self.id;
        drop(self);
        within(id, "the screen without a terminal", move || child.wait()).expect("wait for the program")
    }

    /// Waits for the end, and checks that everything is as it was before the start.
    #[track_caller]
    pub fn ends_restored(&mut self, code: i32) {
        let status = self.end();
        assert_eq!(status.code(), Some(code), "{status}\n{}", self.text());
        assert_eq!(self.faults(), [""; 0], "{}", self.text());
    }
}

impl Drop for Stage {
    /// A test that failed leaves nothing running.
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// How many events of a run are shown, and how many there are: `3/10` in the first row.
pub fn position(screen: &vt100::Screen) -> Option<(usize, usize)> {
    let (_, columns) = screen.size();
    let first = screen.rows(0, columns).next()?;
    let mut numbers = first.split_whitespace().filter_map(|word| word.split_once('/'));
    numbers.find_map(|(at, of)| Some((at.parse().ok()?, of.parse().ok()?)))
}

/// Where a sequence was written last.
fn last_of(written: &[u8], sequence: &[u8]) -> Option<usize> {
    written.windows(sequence.len()).rposition(|window| window == sequence)
}
