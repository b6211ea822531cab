//! Several pipes in Python: one program for all ends of a thread, because what hangs is the order of its calls.

use super::super::draft::{Draft, Step};
use super::super::endpoint::{Endpoint, path, variable};
use super::super::literal::{self, Content};
use super::super::{Language, Line, Part};
use crate::scenario::Program;
use crate::scenario::plan::Task;
use crate::words::{Lang, code as say};

/// The program of the thread that an endpoint belongs to; lit are that endpoint's own lines.
pub(super) fn program(endpoint: &Endpoint<'_>, lang: Lang) -> Vec<Line> {
    let mut draft = Draft::new("#");
    let ends = endpoint.of_its_thread();
    if ends.iter().any(|end| end.planned.listens) {
        draft.comment(say::start_first(lang));
    }
    draft.code("import os");
    let polls = |task: &Task| matches!(task, Task::Run(Program::ReadBoth { .. }));
    if ends.iter().any(|end| end.any(polls)) {
        draft.code("import select");
    }
    draft.blank();
    if let Some(times) = ends.iter().filter_map(Endpoint::alphabets).max() {
        draft.code(format!("LETTERS = b\"{}\"", literal::ALPHABET));
        draft.code(format!("LETTERS *= {times}"));
        draft.blank();
    }
    // A named pipe is opened when both sides open it: first all must be there.
    for end in ends.iter().filter(|end| end.planned.listens) {
        draft.code(format!("os.mkfifo(\"{}\")", path(end)));
    }
    for end in &ends {
        let mode = if end.planned.listens { "O_RDONLY" } else { "O_WRONLY" };
        draft.code(format!("{} = os.open(\"{}\", os.{mode})", variable(end), path(end)));
    }
    if ends.len() > 1 && ends.iter().all(|end| end.planned.listens) {
        draft.comment(say::same_as(lang));
        draft.comment("Popen(c, stdout=PIPE, stderr=PIPE), then");
        draft.comment(if ends.iter().any(|end| end.any(polls)) {
            "communicate()"
        } else {
            "stdout.read(), stderr.read()"
        });
    }
    for (step, end, task) in endpoint.steps_of_its_thread() {
        let step = Step {
            number: step,
            lit: end.is(endpoint),
        };
        perform(step, &variable(&end), task, &ends, &mut draft);
    }
    draft.finish()
}

fn perform(step: Step, pipe: &str, task: &Task, ends: &[Endpoint<'_>], draft: &mut Draft) {
    match task {
        Task::Send(bytes) => {
            let message = match literal::content(bytes) {
                Content::Whole(bytes) => literal::bytes(Language::Python, bytes),
                Content::Letters(count) => format!("LETTERS[:{count}]"),
                Content::Beginning(part, length) => {
                    format!("{}.ljust({length})", literal::bytes(Language::Python, part))
                }
            };
            step.call(Part::Send, format!("os.write({pipe}, {message})"), draft);
        }
        Task::Recv(asked) => step.call(Part::Recv, format!("print(len(os.read({pipe}, {asked})))"), draft),
        Task::Drain(asked) => {
            let loops = format!("while data := os.read({pipe}, {asked}):");
            if draft.fits(&loops) {
                step.call(Part::Recv, loops, draft);
                draft.deeper(|draft| draft.code("print(len(data))"));
            } else {
                draft.code("while data := os.read(");
                draft.deeper(|draft| step.call(Part::Recv, format!("{pipe}, {asked},"), draft));
                draft.code("):");
                draft.deeper(|draft| draft.code("print(len(data))"));
            }
        }
        Task::Close => step.call(Part::Close, format!("os.close({pipe})"), draft),
        Task::Run(Program::ReadBoth { with }) => {
            let other = ends.iter().find(|end| end.has_index(*with)).map(variable);
            read_both(step, pipe, &other.unwrap_or_default(), draft);
        }
        _ => {}
    }
}

fn read_both(step: Step, one: &str, other: &str, draft: &mut Draft) {
    draft.code("poll = select.poll()");
    draft.code(format!("pipes = [{one}, {other}]"));
    draft.code("for pipe in pipes:");
    draft.deeper(|draft| draft.code("poll.register(pipe, select.POLLIN)"));
    draft.code("while pipes:");
    draft.deeper(|draft| {
        draft.code("for pipe, _ in poll.poll():");
        draft.deeper(|draft| {
            step.call(Part::Recv, "data = os.read(pipe, 65536)", draft);
            draft.code("print(len(data))");
            draft.code("if not data:");
            draft.deeper(|draft| {
                draft.code("poll.unregister(pipe)");
                draft.code("pipes.remove(pipe)");
            });
        });
    });
}
