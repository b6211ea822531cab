//! Stand-in: a title and a counter.

use std::time::Duration;

use super::draw::Hits;
use super::input::{Code, Key, Message, Next};

/// The state of the screen.
#[derive(Debug, Default)]
pub struct App {
    /// How many keys were pressed.
    pub keys: u64,
    /// Where the mouse finds what.
    pub hits: Hits,
}

impl App {
    /// Takes a message in.
    #[allow(clippy::needless_pass_by_value)] // stand-in
    pub fn update(&mut self, message: Message) -> Next {
        match message {
            Message::Key(Key {
                code: Code::Char('q'), ..
            }) => Next::Quit,
            Message::Key(_) => {
                self.keys += 1;
                Next::Draw
            }
            Message::Resize { .. } | Message::Resumed => Next::Draw,
            _ => Next::Nothing,
        }
    }

    /// How long to wait for the next tick.
    #[must_use]
    pub fn wait(&self) -> Option<Duration> {
        None
    }
}
