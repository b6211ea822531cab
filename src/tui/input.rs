//! What can happen to the screen: one type for all of it, so that one channel and one loop are enough.
//!
//! No type of the terminal library is in here, so that what keys mean can be decided, and tested, without one.

use super::app::stage::RunNews;

/// Everything that can happen to the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// A key was pressed, or repeats because it is held. Ctrl-C and Ctrl-Z never arrive as keys: they are
    /// [`Message::Signal`] and [`Message::Suspend`].
    Key(Key),
    /// The mouse, with its left button or its wheel.
    Mouse(Mouse),
    /// The terminal has another size, in cells. The next frame has it already.
    Resize {
        /// Columns.
        width: u16,
        /// Rows.
        height: u16,
    },
    /// Text pasted in one piece. It is as foreign as a file: it may hold control characters.
    Paste(String),
    /// The terminal's window got the focus, or lost it.
    Focus(bool),
    /// News of a run that is going on.
    Run(RunNews),
    /// Something ends the program. The loop ends whatever the answer is; this is the moment to put things away.
    Signal(Ended),
    /// The program is about to be stopped (Ctrl-Z, SIGTSTP).
    Suspend,
    /// It goes on (SIGCONT); the whole screen is drawn anew.
    Resumed,
    /// The terminal is gone. The loop ends whatever the answer is.
    Vanished,
    /// The time that the app wanted to wait has passed.
    Tick,
}

/// A key, with what was held while it was pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Key {
    /// Which key.
    pub code: Code,
    /// Ctrl was held.
    pub ctrl: bool,
    /// Alt was held.
    pub alt: bool,
    /// Shift was held. A capital letter is [`Code::Char`] with the capital, and has this set too.
    pub shift: bool,
}

/// Which key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Code {
    /// A character.
    Char(char),
    /// Enter.
    Enter,
    /// Escape.
    Esc,
    /// Tab.
    Tab,
    /// Shift-Tab.
    BackTab,
    /// Backspace.
    Backspace,
    /// Delete.
    Delete,
    /// Arrow to the left.
    Left,
    /// Arrow to the right.
    Right,
    /// Arrow up.
    Up,
    /// Arrow down.
    Down,
    /// Home.
    Home,
    /// End.
    End,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
    /// A function key, counted from 1.
    F(u8),
}

/// What the mouse did, and where. Cells are counted from 0 at the top left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Mouse {
    /// Column of the cell.
    pub column: u16,
    /// Row of the cell.
    pub row: u16,
    /// What it did.
    pub kind: MouseKind,
}

/// What the mouse did; the button is the left one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MouseKind {
    /// The button went down.
    Down,
    /// The mouse moved with the button down.
    Drag,
    /// The button went up.
    Up,
    /// The wheel was turned away from the user.
    ScrollUp,
    /// The wheel was turned towards the user.
    ScrollDown,
}

/// What ends the program from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ended {
    /// Ctrl-C, or SIGINT.
    Interrupted,
    /// SIGQUIT.
    Quit,
    /// SIGTERM.
    Terminated,
    /// SIGHUP, or a terminal that is gone.
    HungUp,
}

/// What the loop has to do after a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Next {
    /// Nothing that can be seen has changed.
    Nothing,
    /// A frame has to be drawn. Messages that are waiting already come first.
    Draw,
    /// The user is done.
    Quit,
}

impl Ended {
    /// The exit code that shells know this by: 128 and the number of the signal.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::HungUp => 129,
            Self::Interrupted => 130,
            Self::Quit => 131,
            Self::Terminated => 143,
        }
    }
}

impl Key {
    /// A key alone, with nothing held.
    #[must_use]
    pub const fn plain(code: Code) -> Self {
        Self {
            code,
            ctrl: false,
            alt: false,
            shift: false,
        }
    }
}
