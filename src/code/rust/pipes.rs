//! Several pipes in Rust: one program for all ends of a thread, because what hangs is the order of its calls.

use super::super::draft::{Draft, Step};
use super::super::endpoint::{Endpoint, path, variable};
use super::super::literal::{self, Content};
use super::super::{Language, Line, Part};
use crate::scenario::Program;
use crate::scenario::plan::Task;
use crate::words::{Lang, code as say};

/// The program of the thread that an endpoint belongs to; lit are that endpoint's own lines.
pub(super) fn program(endpoint: &Endpoint<'_>, lang: Lang) -> Vec<Line> {
    let mut draft = Draft::new("//");
    let ends = endpoint.of_its_thread();
    let listens = ends.iter().any(|end| end.planned.listens);
    if listens {
        draft.comment(say::start_first(lang));
    }
    let polls = |task: &Task| matches!(task, Task::Run(Program::ReadBoth { .. }));
    let reads_both = ends.iter().any(|end| end.any(polls));
    draft.code("use std::fs::File;");
    let mut io = vec!["self"];
    io.extend(ends.iter().any(Endpoint::reads).then_some("Read"));
    io.extend(ends.iter().any(Endpoint::sends).then_some("Write"));
    draft.code(format!("use std::io::{{{}}};", io.join(", ")));
    if reads_both {
        draft.code("use std::thread;");
    }
    draft.blank();
    let alphabets = ends.iter().filter_map(Endpoint::alphabets).max();
    if alphabets.is_some() {
        draft.code("const LETTERS: &[u8] =");
        draft.deeper(|draft| draft.code(format!("b\"{}\";", literal::ALPHABET)));
        draft.blank();
    }
    draft.code("fn main() -> io::Result<()> {");
    draft.deeper(|draft| {
        if let Some(times) = alphabets {
            draft.code(format!("let letters = LETTERS.repeat({times});"));
        }
        open(&ends, lang, draft);
        if let Some(asked) = ends.iter().filter_map(Endpoint::largest_recv).max() {
            draft.code(format!("let mut buf = vec![0; {asked}];"));
        }
        if ends.len() > 1 && ends.iter().all(|end| end.planned.listens) {
            draft.comment(say::same_as(lang));
            if reads_both {
                draft.comment("Command::output()");
            } else {
                draft.comment("Command::spawn() with Stdio::piped(),");
                draft.comment("read_to_end of stdout, then stderr");
            }
        }
        for (step, end, task) in endpoint.steps_of_its_thread() {
            let step = Step {
                number: step,
                lit: end.is(endpoint),
            };
            perform(step, &variable(&end), task, &ends, lang, draft);
        }
        draft.code("Ok(())");
    });
    draft.code("}");
    draft.finish()
}

fn open(ends: &[Endpoint<'_>], lang: Lang, draft: &mut Draft) {
    if ends.iter().any(|end| end.planned.listens) {
        let all: Vec<String> = ends.iter().map(path).collect();
        draft.comment(say::mkfifo_these_first(lang, &all.join(" ")));
    }
    for end in ends {
        let used = end.reads() || end.sends() || ends.iter().any(|other| other.reads_with(end));
        let name = if used {
            variable(end)
        } else {
            format!("_{}", variable(end))
        };
        // Who reads to the end in a thread of its own gives the file away.
        let is_mut = end.steps().any(|(_, task)| !matches!(task, Task::Run(_) | Task::Close));
        let name = if is_mut { format!("mut {name}") } else { name };
        if end.planned.listens {
            draft.code(format!("let {name} = File::open(\"{}\")?;", path(end)));
        } else {
            draft.code(format!("let {name} = File::options()"));
            draft.deeper(|draft| {
                draft.code(".write(true)");
                draft.code(format!(".open(\"{}\")?;", path(end)));
            });
        }
    }
}

fn perform(step: Step, pipe: &str, task: &Task, ends: &[Endpoint<'_>], lang: Lang, draft: &mut Draft) {
    match task {
        Task::Send(bytes) => {
            let message = match literal::content(bytes) {
                Content::Whole(bytes) => literal::bytes(Language::Rust, bytes),
                Content::Letters(count) => format!("&letters[..{count}]"),
                Content::Beginning(part, _) => {
                    draft.comment(say::shortened(lang));
                    literal::bytes(Language::Rust, part)
                }
            };
            let call = format!("{pipe}.write_all({message})?;");
            if draft.fits(&call) {
                step.call(Part::Send, call, draft);
            } else {
                draft.code(format!("{pipe}.write_all("));
                draft.deeper(|draft| step.call(Part::Send, message, draft));
                draft.code(")?;");
            }
        }
        Task::Recv(asked) => {
            step.call(Part::Recv, format!("let n = {pipe}.read(&mut buf[..{asked}])?;"), draft);
            draft.code("println!(\"{n}\");");
        }
        Task::Drain(_) => {
            draft.code("loop {");
            draft.deeper(|draft| {
                step.call(Part::Recv, format!("let n = {pipe}.read(&mut buf)?;"), draft);
                super::stop_at_the_end(draft);
                draft.code("println!(\"{n}\");");
            });
            draft.code("}");
        }
        Task::Close => step.call(Part::Close, format!("drop({pipe});"), draft),
        Task::Run(Program::ReadBoth { with }) => {
            let other = ends.iter().find(|end| end.has_index(*with)).map(variable);
            read_both(step, pipe, &other.unwrap_or_default(), lang, draft);
        }
        _ => {}
    }
}

/// Rust's standard library has no poll(2), but a thread for each does it as well.
fn read_both(step: Step, one: &str, other: &str, lang: Lang, draft: &mut Draft) {
    draft.comment(say::thread_for_each(lang));
    draft.code(format!("let pipes = [{one}, {other}];"));
    draft.code("let threads = pipes.map(|mut pipe| {");
    draft.deeper(|draft| {
        draft.code("thread::spawn(move || {");
        draft.deeper(|draft| {
            draft.code("let mut all = Vec::new();");
            step.call(Part::Recv, "pipe.read_to_end(&mut all)?;", draft);
            draft.code("Ok::<_, io::Error>(all.len())");
        });
        draft.code("})");
    });
    draft.code("});");
    draft.code("for thread in threads {");
    draft.deeper(|draft| {
        draft.code("let n = thread.join().unwrap()?;");
        draft.code("println!(\"{n}\");");
    });
    draft.code("}");
}
