//! The terminal: taken over, drawn on, and given back as it was, however the program ends.

use std::cell::RefCell;
use std::io::{self, IsTerminal, Write};
use std::os::fd::AsFd;
use std::panic;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, Once, PoisonError};
use std::thread;

use crossterm::terminal::{disable_raw_mode, enable_raw_mode};
use ratatui::backend::CrosstermBackend;
use ratatui::layout::Rect;
use ratatui::{Frame, Terminal, TerminalOptions, Viewport};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::{Errno, retry_on_intr};
use rustix::termios::{QueueSelector, tcflush};

use super::ScreenError;

/// The terminal while it is the lab's. Dropped, it is given back.
pub struct Screen {
    terminal: Terminal<CrosstermBackend<Canvas>>,
    canvas: Canvas,
}

/// Whether the terminal is taken over: what [`restore_all`] looks at.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// What other threads said when they panicked, kept until there is a place to say it.
static PANICS: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Whether there is a terminal that can be drawn on. Writes nothing.
///
/// # Errors
/// [`ScreenError::NoTerminal`] if standard input or output is none, or if it can do nothing (TERM is unset or `dumb`).
pub fn check() -> Result<(), ScreenError> {
    let able = std::env::var_os("TERM").is_some_and(|term| !term.is_empty() && term != "dumb");
    if able && io::stdin().is_terminal() && io::stdout().is_terminal() {
        Ok(())
    } else {
        Err(ScreenError::NoTerminal)
    }
}

impl Screen {
    /// Takes the terminal over. The thread that calls this is the one that draws.
    ///
    /// # Errors
    /// As [`check`], or [`ScreenError::Enter`] if it cannot be taken over.
    pub fn open() -> Result<Self, ScreenError> {
        check()?;
        keep_panics_off_the_screen();
        // Under NO_COLOR the library writes a full reset for each colour, which takes bold and reverse with it. Which
        // colours there are is the theme's business.
        crossterm::style::force_color_output(true);
        let canvas = Canvas::default();
        let terminal = blank(&canvas).map_err(ScreenError::Enter)?;
        take().inspect_err(|_| restore_all()).map_err(ScreenError::Enter)?;
        Ok(Self { terminal, canvas })
    }

    /// Draws a frame, which reaches the terminal in one piece.
    ///
    /// # Errors
    /// If the terminal cannot be written to.
    pub fn draw<T>(&mut self, paint: impl FnOnce(&mut Frame<'_>) -> T) -> io::Result<Option<T>> {
        let mut painted = None;
        self.terminal.draw(|frame| painted = Some(paint(frame)))?;
        self.canvas.show()?;
        Ok(painted)
    }

    /// Begins anew on an empty screen of the size that the terminal has now.
    ///
    /// # Errors
    /// If the terminal cannot be written to.
    pub fn blank(&mut self) -> io::Result<()> {
        self.terminal = blank(&self.canvas)?;
        Ok(())
    }

    /// Takes the terminal over once more, after the program was stopped.
    ///
    /// # Errors
    /// If it cannot be taken over.
    pub fn retake(&mut self) -> io::Result<()> {
        // Whoever stopped the program with SIGSTOP gave no time to restore; the shell has changed the modes since.
        restore_all();
        take()?;
        self.blank()
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        restore_all();
    }
}

/// Gives the terminal back as it was. Does nothing if it is not taken over; any thread may call it at any time.
///
/// Errors are passed over: it is called where the terminal may be gone, and what can be put right is.
pub fn restore_all() {
    if !TAKEN.swap(false, Ordering::SeqCst) {
        return;
    }
    let stdout = io::stdout();
    let mut fds = [PollFd::new(&stdout, PollFlags::OUT)];
    // A terminal that takes nothing any more must not keep the program from ending.
    let wait = Timespec {
        tv_sec: 0,
        tv_nsec: 500_000_000,
    };
    if retry_on_intr(|| poll(&mut fds, Some(&wait))).is_ok_and(|ready| ready > 0) {
        let _ = put(GIVE_BACK.as_bytes());
    }
    // Mouse reports and keys that came too late would be typed into the shell.
    let _ = tcflush(io::stdin(), QueueSelector::IFlush);
    let _ = disable_raw_mode();
}

/// Prints what panics of other threads were kept. Only where the terminal is given back.
pub fn tell_panics() {
    let panics = std::mem::take(&mut *PANICS.lock().unwrap_or_else(PoisonError::into_inner));
    let mut err = io::stderr().lock();
    for panic in panics {
        // If standard error is gone there is nobody left to tell.
        let _ = writeln!(err, "{panic}");
    }
}

/// Whether the terminal is gone: closed on its other side, or hung up.
pub fn is_gone() -> bool {
    let stdin = io::stdin();
    let mut fds = [PollFd::new(&stdin, PollFlags::empty())];
    let now = Timespec { tv_sec: 0, tv_nsec: 0 };
    // A signal during poll(2) says nothing about the terminal.
    retry_on_intr(|| poll(&mut fds, Some(&now))).is_err() || !fds[0].revents().is_empty()
}

/// Columns and rows of the terminal. One that says 0 does not know its size (a serial line, say), and is taken for 80
/// columns of 24 rows. Of one that says more than anybody could see (65535, say) only the beginning is drawn on.
pub fn size() -> (u16, u16) {
    let (width, height) =
        terminal_size::terminal_size_of(io::stdout()).map_or((80, 24), |(width, height)| (width.0, height.0));
    (width.min(MOST_COLUMNS), height.min(MOST_ROWS))
}

/// Raw mode, and the modes of the terminal that the screen needs.
fn take() -> io::Result<()> {
    // First, so that a panic or a signal in the midst of it puts right what was done.
    TAKEN.store(true, Ordering::SeqCst);
    enable_raw_mode()?;
    put(TAKE_OVER.as_bytes())
}

/// A terminal in which nothing is drawn yet. `Terminal::clear` would ask the terminal where its cursor is, and wait
/// for an answer.
fn blank(canvas: &Canvas) -> io::Result<Terminal<CrosstermBackend<Canvas>>> {
    let (width, height) = size();
    canvas.clone().write_all(ERASE.as_bytes())?;
    let viewport = Viewport::Fixed(Rect::new(0, 0, width, height));
    Terminal::with_options(CrosstermBackend::new(canvas.clone()), TerminalOptions { viewport })
}

/// Writes to the terminal without the lock of standard output: a thread that ends the program must not wait for one
/// that draws.
fn put(mut bytes: &[u8]) -> io::Result<()> {
    let stdout = io::stdout();
    while !bytes.is_empty() {
        match rustix::io::write(&stdout, bytes) {
            Ok(written) => bytes = &bytes[written..],
            Err(Errno::INTR) => {}
            // Somebody else who has this terminal open has made it non-blocking.
            Err(Errno::AGAIN) => {
                let mut fds = [PollFd::from_borrowed_fd(stdout.as_fd(), PollFlags::OUT)];
                retry_on_intr(|| poll(&mut fds, None))?;
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// A panic of the thread that draws gives the terminal back first and is told then. One of any other thread does not
/// touch the screen: it goes into the log, and is told after the screen was closed. What it means for a run, the
/// runner says.
fn keep_panics_off_the_screen() {
    static ONCE: Once = Once::new();
    let drawing = thread::current().id();
    ONCE.call_once(move || {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            let name = thread::current().name().unwrap_or("without a name").to_owned();
            tracing::error!("thread {name} {info}");
            if thread::current().id() == drawing || !TAKEN.load(Ordering::SeqCst) {
                restore_all();
                before(info);
            } else {
                let mut panics = PANICS.lock().unwrap_or_else(PoisonError::into_inner);
                panics.push(format!("thread {name} {info}"));
            }
        }));
    });
}

/// Gathers what is drawn until the frame is whole. What is never shown, because drawing panicked, is never written.
#[derive(Debug, Clone, Default)]
struct Canvas(Rc<RefCell<Vec<u8>>>);

impl Canvas {
    /// Writes the frame to the terminal.
    fn show(&self) -> io::Result<()> {
        let frame = std::mem::take(&mut *self.0.borrow_mut());
        put(&[FRAME_BEGINS.as_bytes(), &frame, FRAME_ENDS.as_bytes()].concat())
    }
}

impl Write for Canvas {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    /// The library flushes several times a frame; only a whole one is shown.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Most that is drawn on: a frame keeps every cell several times.
const MOST_COLUMNS: u16 = 1000;
const MOST_ROWS: u16 = 500;

/// As in xterm's control sequences (ctlseqs): alternate screen, hidden cursor; mouse buttons and moves with a button
/// held, in the SGR encoding (without it there is no column beyond 223); bracketed paste; focus. Not 1003: it reports
/// every move of the mouse, and none is needed.
const TAKE_OVER: &str = "\x1b[?1049h\x1b[?25l\x1b[?1000h\x1b[?1002h\x1b[?1006h\x1b[?2004h\x1b[?1004h";

/// All of it back, the last first; attributes are reset before, and a frame that was begun is ended.
const GIVE_BACK: &str = "\x1b[0m\x1b[?2026l\x1b[?1004l\x1b[?2004l\x1b[?1006l\x1b[?1002l\x1b[?1000l\x1b[?25h\x1b[?1049l";

/// Erases the screen (ED).
const ERASE: &str = "\x1b[0m\x1b[2J";

/// Synchronized output: a terminal that knows it shows nothing between these; others pass over it.
const FRAME_BEGINS: &str = "\x1b[?2026h";
const FRAME_ENDS: &str = "\x1b[?2026l";
