use std::process::Child;

use rustix::process::Signal;
use unicode_width::UnicodeWidthStr;

use super::pty::{self, Pty};
use super::scenarios::HANGS;
use super::support::{DEADLINE, cases, code, command, file, scenario, signal, within};

/// A text without its colours: without the escape sequences that set them (SGR, ECMA-48 8.3.117).
pub fn without_colour(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find(|c: char| !c.is_ascii_digit() && c != ';');
        let end = end.filter(|end| part[*end..].starts_with('m'));
        match end {
            Some(end) => plain.push_str(&part[end + 1..]),
            None => panic!("an escape sequence that does not set a colour: {part:?}"),
        }
    }
    plain
}

/// The program in a terminal.
struct Terminal {
    program: Child,
    pty: Pty,
    seen: Vec<u8>,
}

impl Terminal {
    /// Starts the program in a terminal so many columns wide; nothing if this system gives out no terminals.
    fn start(line: &str, columns: u16, variables: &[(&str, &str)]) -> Option<Self> {
        let (pty, pts) = Pty::open(50, columns)?;
        let mut command = command();
        command.args(line.split_whitespace());
        command.env("TERM", "xterm-256color").envs(variables.iter().copied());
        Some(Self {
            program: pty::lead(command, pts),
            pty,
            seen: Vec::new(),
        })
    }

    /// Waits until a text is on the screen.
    fn until(&mut self, text: &str) {
        while !String::from_utf8_lossy(&self.seen).contains(text) {
            let Some(more) = self.pty.more() else {
                signal(self.program.id(), Signal::KILL);
                panic!(
                    "{text:?} did not come within {DEADLINE:?}: {}",
                    String::from_utf8_lossy(&self.seen)
                );
            };
            self.seen.extend(more);
        }
    }

    /// Waits for the end; all that was on the screen, and the exit code.
    fn end(mut self) -> (String, i32) {
        let id = self.program.id();
        let mut program = self.program;
        let status = within(id, "the program in a terminal", move || program.wait());
        while let Some(more) = self.pty.more() {
            self.seen.extend(more);
        }
        let screen = String::from_utf8(self.seen).expect("the screen is UTF-8");
        let code = code(status.expect("wait for the program"), "the program in a terminal");
        (screen.replace("\r\n", "\n"), code)
    }
}

/// What a command prints in a terminal.
fn screen(line: &str, columns: u16, variables: &[(&str, &str)]) -> Option<String> {
    let (screen, code) = Terminal::start(line, columns, variables)?.end();
    assert!([0, 1].contains(&code), "{screen}");
    Some(screen)
}

#[test]
fn a_terminal_gets_colour_unless_it_does_not_want_it() {
    let Some(colored) = screen("run nagle --no-tui", 80, &[]) else {
        return;
    };
    assert!(colored.contains("\u{1b}["), "{colored}");
    assert!(colored.contains("\u{1b}[36m"), "m1 has a colour of its own: {colored}");
    let off: [(&str, &[(&str, &str)]); 4] = [
        ("run short-recv --no-tui", &[("NO_COLOR", "1")]),
        ("run short-recv --no-tui", &[("TERM", "dumb")]),
        ("run short-recv --no-tui --color never", &[]),
        ("list", &[("NO_COLOR", "yes")]),
    ];
    for (line, variables) in off {
        let plain = screen(line, 80, variables).unwrap_or_default();
        assert!(!plain.contains('\u{1b}'), "{line} {variables:?}: {plain}");
    }
    let on: [(&str, &[(&str, &str)]); 3] = [
        ("run short-recv --no-tui", &[("NO_COLOR", "")]),
        ("run short-recv --no-tui --color always", &[("NO_COLOR", "1")]),
        ("list --color always", &[("TERM", "dumb")]),
    ];
    for (line, variables) in on {
        let colored = screen(line, 80, variables).unwrap_or_default();
        assert!(colored.contains('\u{1b}'), "{line} {variables:?}: {colored}");
    }
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    for columns in [60, 80, 200] {
        let mut lines: Vec<String> = cases()
            .iter()
            .map(|case| format!("run --no-tui {}", case.args()))
            .collect();
        lines.extend(["list", "doctor", "check short-recv"].map(str::to_owned));
        for line in lines {
            for lang in ["en", "zh"] {
                let Some(screen) = screen(&format!("{line} --lang {lang}"), columns, &[]) else {
                    return;
                };
                for line in without_colour(&screen).lines() {
                    assert!(
                        line.width() <= usize::from(columns),
                        "{} cells of {columns}: {line}",
                        line.width()
                    );
                }
            }
        }
    }
}

#[test]
fn a_wide_terminal_is_used_but_not_to_the_point_where_the_eye_gets_lost() {
    let Some(screen) = screen("run nagle --no-tui", 200, &[]) else {
        return;
    };
    let widest = without_colour(&screen).lines().map(UnicodeWidthStr::width).max();
    assert!(widest.is_some_and(|widest| (81..=110).contains(&widest)), "{widest:?}");
}

#[test]
fn every_line_leaves_the_colours_as_it_found_them() {
    let Some(screen) = screen("run udp-truncation --no-tui", 80, &[]) else {
        return;
    };
    for line in screen.lines() {
        let last = line.rfind("\u{1b}[").map(|at| &line[at..]);
        assert!(last.is_none_or(|last| last.starts_with("\u{1b}[0m")), "{line:?}");
    }
}

/// Starts a run whose lines come so slowly that it can only end early, stops it, and looks at what is left behind.
fn stopped(stop: impl FnOnce(&Terminal)) {
    let Some(mut terminal) = Terminal::start("run nagle --pace 60", 80, &[]) else {
        return;
    };
    // The first line is printed at once; the next one is a minute away.
    terminal.until("nagle");
    stop(&terminal);
    let (screen, code) = terminal.end();
    assert_eq!(code, 130, "{screen}");
    assert!(!screen.contains("panicked"), "{screen}");
    let last = screen.rfind("\u{1b}[").map(|at| &screen[at..]);
    assert!(last.is_none_or(|last| last.starts_with("\u{1b}[0m")), "{screen:?}");
    assert!(!screen.contains("Why"), "it did not go on to the end: {screen}");
}

#[test]
fn ctrl_c_ends_a_slow_run_at_once_and_leaves_the_terminal_clean() {
    stopped(|terminal| terminal.pty.type_bytes(b"\x03"));
}

#[test]
fn sigterm_and_sighup_do_the_same() {
    stopped(|terminal| signal(terminal.program.id(), Signal::TERM));
    stopped(|terminal| signal(terminal.program.id(), Signal::HUP));
}

#[test]
fn a_second_ctrl_c_does_no_harm() {
    stopped(|terminal| terminal.pty.type_bytes(b"\x03\x03"));
}

#[test]
fn ctrl_c_ends_a_long_check_and_it_says_how_far_it_came() {
    let Some(mut terminal) = Terminal::start("check nagle --repeat 1000000", 80, &[]) else {
        return;
    };
    // The bar that shows how far it is.
    terminal.until("nagle");
    terminal.pty.type_bytes(b"\x03");
    let (screen, code) = terminal.end();
    assert_eq!(code, 130, "{screen}");
    assert!(screen.contains("interrupted after"), "{screen}");
}

#[test]
fn ctrl_c_ends_a_run_that_goes_on() {
    // A check of a run that hangs: whenever Ctrl-C comes, some run is going on or about to begin.
    let (_folder, path) = file("mine.toml", scenario("tcp", HANGS));
    let line = format!("check {path} --repeat 1000000");
    let Some(mut terminal) = Terminal::start(&line, 80, &[]) else {
        return;
    };
    terminal.until("mine");
    terminal.pty.type_bytes(b"\x03");
    assert_eq!(terminal.end().1, 130);
}
