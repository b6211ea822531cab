//! Reads keys and the mouse from the terminal, in a thread of its own.

use std::io;
use std::sync::mpsc::{Receiver, Sender};
use std::thread;
use std::time::Duration;

use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};

use super::input::{Code, Ended, Key, Message, Mouse, MouseKind};

/// Reads until the process ends: a read from a terminal cannot be called back.
///
/// At the end of its input the library reads on and on and never returns; `signals` sees that the terminal is gone and
/// ends the process. Should reading itself fail, the screen would be deaf, so that is its end as well.
///
/// After Ctrl-Z it reads on only when `go_on` says so: between giving the terminal back and being stopped, what is
/// typed belongs to the shell.
///
/// # Errors
/// If there can be no thread.
pub fn start(sender: Sender<Message>, go_on: Receiver<()>) -> io::Result<()> {
    let reading = move || {
        let deaf = Deaf(sender);
        if let Err(error) = read(&deaf.0, &go_on) {
            tracing::error!(%error, "the terminal cannot be read");
        }
    };
    let thread = thread::Builder::new().name("terminal input".to_owned());
    thread.spawn(reading).map(drop)
}

/// Reads until it fails, or until nobody listens.
fn read(sender: &Sender<Message>, go_on: &Receiver<()>) -> io::Result<()> {
    loop {
        let Some(message) = message(crossterm::event::read()?) else {
            continue;
        };
        let suspends = message == Message::Suspend;
        // Said for an earlier stop that came from outside.
        while go_on.try_recv().is_ok() {}
        if sender.send(message).is_err() || suspends && go_on.recv().is_err() {
            return Ok(());
        }
        // The library holds what was typed together with Ctrl-Z. A second Ctrl-Z is not one for later. The library
        // looks at what it holds only if it may wait at all.
        while suspends && crossterm::event::poll(Duration::from_millis(1))? {
            let held = message_of_held(crossterm::event::read()?);
            if held.is_some_and(|held| sender.send(held).is_err()) {
                return Ok(());
            }
        }
    }
}

/// What an event means that was read before the program was stopped.
fn message_of_held(event: Event) -> Option<Message> {
    message(event).filter(|message| *message != Message::Suspend)
}

/// Says that nothing will be read any more, also when the reading thread panics.
struct Deaf(Sender<Message>);

impl Drop for Deaf {
    fn drop(&mut self) {
        // If nobody listens, the screen is closed already.
        let _ = self.0.send(Message::Vanished);
    }
}

/// What an event means to the screen, if anything.
///
/// Sizes are not taken from here: `signals` asks for them, because this library can be in the middle of an escape
/// sequence when the size changes.
fn message(event: Event) -> Option<Message> {
    match event {
        Event::Key(event) => key(event),
        Event::Mouse(event) => mouse(event).map(Message::Mouse),
        Event::Paste(text) => Some(Message::Paste(text)),
        Event::FocusGained => Some(Message::Focus(true)),
        Event::FocusLost => Some(Message::Focus(false)),
        Event::Resize(..) => None,
    }
}

fn key(event: KeyEvent) -> Option<Message> {
    if !matches!(event.kind, KeyEventKind::Press | KeyEventKind::Repeat) {
        return None;
    }
    let key = Key {
        code: code(event.code)?,
        ctrl: event.modifiers.contains(KeyModifiers::CONTROL),
        alt: event.modifiers.contains(KeyModifiers::ALT),
        shift: event.modifiers.contains(KeyModifiers::SHIFT),
    };
    Some(match (key.ctrl && !key.alt, key.code) {
        // In raw mode the terminal makes no signals of these.
        (true, Code::Char('c')) => Message::Signal(Ended::Interrupted),
        (true, Code::Char('z')) => Message::Suspend,
        _ => Message::Key(key),
    })
}

fn code(code: KeyCode) -> Option<Code> {
    Some(match code {
        KeyCode::Char(char) => Code::Char(char),
        KeyCode::Enter => Code::Enter,
        KeyCode::Esc => Code::Esc,
        KeyCode::Tab => Code::Tab,
        KeyCode::BackTab => Code::BackTab,
        KeyCode::Backspace => Code::Backspace,
        KeyCode::Delete => Code::Delete,
        KeyCode::Left => Code::Left,
        KeyCode::Right => Code::Right,
        KeyCode::Up => Code::Up,
        KeyCode::Down => Code::Down,
        KeyCode::Home => Code::Home,
        KeyCode::End => Code::End,
        KeyCode::PageUp => Code::PageUp,
        KeyCode::PageDown => Code::PageDown,
        KeyCode::F(number) => Code::F(number),
        _ => return None,
    })
}

fn mouse(event: MouseEvent) -> Option<Mouse> {
    let kind = match event.kind {
        MouseEventKind::Down(MouseButton::Left) => MouseKind::Down,
        MouseEventKind::Drag(MouseButton::Left) => MouseKind::Drag,
        MouseEventKind::Up(MouseButton::Left) => MouseKind::Up,
        MouseEventKind::ScrollUp => MouseKind::ScrollUp,
        MouseEventKind::ScrollDown => MouseKind::ScrollDown,
        _ => return None,
    };
    Some(Mouse {
        column: event.column,
        row: event.row,
        kind,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pressed(code: KeyCode, modifiers: KeyModifiers, kind: KeyEventKind) -> Option<Message> {
        message(Event::Key(KeyEvent::new_with_kind(code, modifiers, kind)))
    }

    #[test]
    fn a_key_counts_when_it_is_pressed_and_while_it_repeats() {
        let right = Some(Message::Key(Key::plain(Code::Right)));
        assert_eq!(pressed(KeyCode::Right, KeyModifiers::NONE, KeyEventKind::Press), right);
        assert_eq!(pressed(KeyCode::Right, KeyModifiers::NONE, KeyEventKind::Repeat), right);
        assert_eq!(pressed(KeyCode::Right, KeyModifiers::NONE, KeyEventKind::Release), None);
    }

    #[test]
    fn ctrl_c_and_ctrl_z_are_what_they_are_outside_of_raw_mode() {
        let ctrl = |char| pressed(KeyCode::Char(char), KeyModifiers::CONTROL, KeyEventKind::Press);
        assert_eq!(ctrl('c'), Some(Message::Signal(Ended::Interrupted)));
        assert_eq!(ctrl('z'), Some(Message::Suspend));
        let key = Key {
            ctrl: true,
            ..Key::plain(Code::Char('d'))
        };
        assert_eq!(ctrl('d'), Some(Message::Key(key)));
    }

    #[test]
    fn only_the_left_button_and_the_wheel_mean_something() {
        let mouse = |kind| {
            let event = MouseEvent {
                kind,
                column: 3,
                row: 4,
                modifiers: KeyModifiers::NONE,
            };
            message(Event::Mouse(event))
        };
        let at = |kind| {
            Some(Message::Mouse(Mouse {
                column: 3,
                row: 4,
                kind,
            }))
        };
        assert_eq!(mouse(MouseEventKind::Down(MouseButton::Left)), at(MouseKind::Down));
        assert_eq!(mouse(MouseEventKind::ScrollDown), at(MouseKind::ScrollDown));
        assert_eq!(mouse(MouseEventKind::Down(MouseButton::Right)), None);
        assert_eq!(mouse(MouseEventKind::Moved), None);
    }
}
