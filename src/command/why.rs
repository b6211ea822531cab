//! Every error that reaches a face, in both languages. Each `match` here names every kind of error, so that a new one is
//! not compiled before somebody has said it in Chinese.

use std::io;

use super::{no_wire, open};
use crate::link::LinkError;
use crate::runner::RunError;
use crate::trace::file::{self, TraceError};
use crate::tui::ScreenError;
use crate::tui::log::LogError;
use crate::words::{self, Lang, broken, commands, errors};

/// Why a run could not begin.
pub fn run(error: &RunError, lang: Lang) -> String {
    match error {
        RunError::Wire(error) => no_wire::there_is_none(error, lang),
        RunError::Link(error) => link(error, lang),
        RunError::NoProgram { program, folders } => commands::no_program(lang, program, &words::names(lang, folders)),
        RunError::Folder(error) => doing("make a temporary folder", error, lang),
        RunError::Start(error) => doing("start the run", error, lang),
        RunError::Thread { name, source } => {
            let side = words::endpoint(lang, name);
            errors::of(lang, &side, &doing("start a thread", source, lang))
        }
    }
}

fn link(error: &LinkError, lang: Lang) -> String {
    let joining = errors::operation(lang, "join the endpoints");
    let sides: Vec<String> = error
        .side()
        .split(", ")
        .map(|side| words::endpoint(lang, side))
        .collect();
    let why = errors::of(
        lang,
        &words::list(lang, &sides),
        &doing(error.operation(), error.system(), lang),
    );
    errors::failed(lang, &joining, &why)
}

/// Why an endpoint could not go on, as it is told of a saved run too.
#[cfg(test)]
pub fn endpoint(error: &crate::endpoint::EndpointError, lang: Lang) -> String {
    use crate::endpoint::EndpointError;
    match error {
        EndpointError::Stopped(_)
        | EndpointError::Call { .. }
        | EndpointError::Failed { .. }
        | EndpointError::Unmeasured { .. }
        | EndpointError::Mismatch { .. } => errors::recorded(lang, &error.to_string()),
    }
}

/// Why a file is no trace.
pub fn trace(error: &TraceError, lang: Lang) -> String {
    match error {
        TraceError::Io(error) => open::why_unreadable(error, lang),
        TraceError::NotATrace(why) => commands::no_trace(lang, &broken::reason(lang, why)),
        TraceError::Newer { found } => commands::newer_trace(lang, *found, file::VERSION),
        TraceError::Line { line, why } => commands::bad_line(lang, *line, &broken::reason(lang, why)),
        TraceError::CutOff { line } => commands::cut_off(lang, *line),
    }
}

/// Why there is no screen, or not any more.
pub fn screen(error: &ScreenError, lang: Lang) -> String {
    match error {
        ScreenError::NoTerminal => commands::no_terminal(lang),
        ScreenError::Enter(error) => doing("take the terminal over", error, lang),
        ScreenError::Draw(error) => doing("draw on the terminal", error, lang),
        ScreenError::Watch(error) => doing("watch signals and the terminal", error, lang),
        ScreenError::Read(error) => doing("read the terminal", error, lang),
    }
}

/// Why there is no log.
pub fn log(error: &LogError, lang: Lang) -> String {
    match error {
        LogError::Open { path, cause } => {
            let file = words::visible::tame(path.display().to_string());
            errors::of(lang, &file, &open::why_unwritable(cause, lang))
        }
        LogError::Write { path, cause } => {
            let file = words::visible::tame(path.display().to_string());
            errors::of(lang, &file, &doing("write the log", cause, lang))
        }
        LogError::Twice => commands::log_twice(lang),
    }
}

/// Something failed, and what the system says of it.
pub fn doing(operation: &str, error: &io::Error, lang: Lang) -> String {
    errors::failed(lang, &errors::operation(lang, operation), &errors::system(lang, error))
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::endpoint::{EndpointError, Stopped};
    use crate::link::End;
    use crate::scenario::read::read;
    use crate::story::StoryError;
    use crate::trace::Until;
    use crate::wire::{Stage, WireError};

    fn refused() -> io::Error {
        io::Error::from_raw_os_error(libc::ECONNREFUSED)
    }

    /// Chinese that quotes nothing but names and the system's words in brackets.
    fn is_chinese(text: &str) -> bool {
        let has_han = |part: &str| part.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
        // What stands in brackets is the system's, what follows an English text would be ours.
        let mut outside = String::new();
        let mut depth = 0;
        for c in text.chars() {
            match c {
                '（' => depth += 1,
                '）' => depth -= 1,
                _ if depth == 0 => outside.push(c),
                _ => {}
            }
        }
        outside.split(['：', '\n']).all(|part| {
            let words = part
                .split_whitespace()
                .filter(|word| word.chars().all(|c| c.is_ascii_lowercase()))
                .count();
            has_han(part) || words < 2
        }) && has_han(&outside)
    }

    #[test]
    #[expect(clippy::too_many_lines, reason = "one case for each kind of error")]
    fn every_error_is_told_in_chinese() {
        let side = || "client".to_owned();
        let mut all = vec![
            run(
                &RunError::Link(LinkError::no_socket(End::Listens, refused()).between(["server", "client"])),
                Lang::Zh,
            ),
            run(
                &RunError::NoProgram {
                    program: "sort".to_owned(),
                    folders: "/bin, /usr/bin".to_owned(),
                },
                Lang::Zh,
            ),
            run(&RunError::Folder(refused()), Lang::Zh),
            run(&RunError::Start(refused()), Lang::Zh),
            run(
                &RunError::Thread {
                    name: side(),
                    source: refused(),
                },
                Lang::Zh,
            ),
            trace(&TraceError::Io(refused()), Lang::Zh),
            trace(&TraceError::NotATrace("eof".to_owned()), Lang::Zh),
            trace(&TraceError::Newer { found: 99 }, Lang::Zh),
            trace(
                &TraceError::Line {
                    line: 3,
                    why: "eof".to_owned(),
                },
                Lang::Zh,
            ),
            trace(&TraceError::CutOff { line: 3 }, Lang::Zh),
            screen(&ScreenError::NoTerminal, Lang::Zh),
            screen(&ScreenError::Enter(refused()), Lang::Zh),
            screen(&ScreenError::Draw(refused()), Lang::Zh),
            screen(&ScreenError::Watch(refused()), Lang::Zh),
            screen(&ScreenError::Read(refused()), Lang::Zh),
            log(&LogError::Twice, Lang::Zh),
            log(
                &LogError::Write {
                    path: PathBuf::from("log"),
                    cause: refused(),
                },
                Lang::Zh,
            ),
            log(
                &LogError::Open {
                    path: PathBuf::from("log"),
                    cause: refused(),
                },
                Lang::Zh,
            ),
        ];
        let stages = [
            Stage::Start,
            Stage::Namespace,
            Stage::Network,
            Stage::Open,
            Stage::Device,
            Stage::Address,
            Stage::Sockets,
            Stage::HandOver,
        ];
        let wires = stages.into_iter().flat_map(|stage| {
            let source = refused();
            [WireError::Stage { stage, source }, WireError::Gone { stage }]
        });
        for error in wires.chain([WireError::System, WireError::Start(refused())]) {
            // It is kept in the head of a run that went over loopback instead.
            all.push(errors::recorded(Lang::Zh, &error.to_string()));
            all.push(run(&RunError::Wire(error), Lang::Zh));
        }
        let wrong = read("mine.toml", "id = 1").expect_err("no scenario");
        let stories = [
            StoryError::Scenario(Box::new(wrong)),
            StoryError::Knob {
                name: "count".to_owned(),
                value: "9".to_owned(),
            },
            StoryError::Transport("tcp".to_owned()),
            StoryError::Endpoints,
        ];
        all.extend(
            stories
                .iter()
                .map(|error| error.told(Lang::Zh).replace("mine.toml", "")),
        );
        let endpoints = [
            EndpointError::Stopped(Stopped),
            EndpointError::Call {
                side: side(),
                operation: "connect",
                source: refused(),
            },
            EndpointError::Failed {
                side: side(),
                operation: "send",
                source: io::ErrorKind::NotFound.into(),
            },
            EndpointError::Unmeasured {
                side: side(),
                until: Until::Acknowledged,
            },
        ];
        all.extend(endpoints.iter().map(|error| endpoint(error, Lang::Zh)));
        for text in all {
            assert!(is_chinese(&text), "{text}");
        }
    }
}
