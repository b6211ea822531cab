//! The screen as a terminal shows it: what the program writes goes through a terminal emulator.

use std::process::{Child, Command, ExitStatus};

use rustix::process::Signal;
use vt100::{MouseProtocolMode, Parser};

use crate::pty::{self, Pty};
use crate::support::{DEADLINE, command, signal, within};

/// How the program is started, and what is on its screen when it is there. The only two things here that depend on what
/// is drawn.
pub const OPENS: (&str, &str) = ("LAB_TEST_SCREEN", "1");
pub const SHOWN: &str = "lab";

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

/// The program that opens the screen.
pub fn screen() -> Command {
    let mut command = command();
    command.env("TERM", "xterm-256color").env(OPENS.0, OPENS.1);
    command
}

impl Stage {
    /// Starts the program with further variables.
    pub fn start(variables: &[(&str, &str)], rows: u16, columns: u16) -> Option<Self> {
        let mut command = screen();
        command.envs(variables.iter().copied());
        Self::start_command(command, rows, columns)
    }

    /// Starts the screen in a terminal that does not tell it when it is gone.
    pub fn guest(rows: u16, columns: u16) -> Option<Self> {
        let (pty, pts) = Pty::open(rows, columns)?;
        let before = pty.modes();
        let child = pty::guest(screen(), &pts);
        Some(Self::of(child, pty, before, rows, columns))
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

    /// Starts the program and waits until it is there.
    pub fn shown(variables: &[(&str, &str)], rows: u16, columns: u16) -> Option<Self> {
        let mut stage = Self::start(variables, rows, columns)?;
        stage.wait_for(
            |screen| screen.alternate_screen() && screen.contents().contains(SHOWN),
            "the screen",
        );
        Some(stage)
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

/// Where a sequence was written last.
fn last_of(written: &[u8], sequence: &[u8]) -> Option<usize> {
    written.windows(sequence.len()).rposition(|window| window == sequence)
}
