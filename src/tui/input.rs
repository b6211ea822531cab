//! What can happen to the screen.

use super::app::stage::RunNews;
pub use super::keys::{Code, Key};

/// Everything that can happen to the screen: one channel, one loop.
#[derive(Debug, Clone, PartialEq)]
pub enum Message {
    /// A key.
    Key(Key),
    /// The mouse.
    Mouse(Mouse),
    /// The terminal has another size.
    Resize {
        /// Columns.
        width: u16,
        /// Rows.
        height: u16,
    },
    /// Text was pasted.
    Paste(String),
    /// The terminal has the focus, or not any more.
    Focus(bool),
    /// News of a run.
    Run(RunNews),
    /// A signal asks to end.
    Signal(i32),
    /// Ctrl-Z.
    Suspend,
    /// Back again.
    Resumed,
    /// The terminal is gone.
    Vanished,
    /// Another thread broke down.
    Panicked(String),
    /// Time to move on.
    Tick,
}

/// The mouse, in cells from the upper left corner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mouse {
    /// Column.
    pub column: u16,
    /// Row.
    pub row: u16,
    /// What it did.
    pub kind: MouseKind,
}

/// What the mouse did; buttons are the left one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MouseKind {
    /// Button down.
    Down,
    /// Moved with the button down.
    Drag,
    /// Button up.
    Up,
    /// Wheel.
    ScrollUp,
    /// Wheel.
    ScrollDown,
}
