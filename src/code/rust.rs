//! A program in Rust: `std::net` and `std::io`. What std cannot set is said in a comment, so the program compiles.

mod auth;
mod commands;
mod files;
mod frames;
mod nonblocking;
mod packed;
mod pipes;
mod programs;
mod reading;
mod text;

use super::draft::Draft;
use super::endpoint::{Endpoint, Opens};
use super::literal::{self, Content, PATH};
use super::{Language, Line, Part};
use crate::scenario::Transport;
use crate::scenario::plan::Task;
use crate::words::{self, Lang, code as say};

/// The program of one endpoint.
pub(super) fn program(endpoint: &Endpoint<'_>, lang: Lang) -> Vec<Line> {
    if endpoint.is_one_of_several_pipes() {
        return pipes::program(endpoint, lang);
    }
    let mut draft = Draft::new("//");
    imports(endpoint, lang, &mut draft);
    draft.blank();
    constants(endpoint, &mut draft);
    draft.blank();
    reading::functions(endpoint, lang, &mut draft);
    programs::functions(endpoint, lang, &mut draft);
    draft.code(format!("fn main() -> {} {{", result(endpoint)));
    draft.deeper(|draft| {
        open(endpoint, lang, draft);
        if endpoint.serves_all() {
            programs::serve_all(endpoint, draft, |draft| options(endpoint, lang, draft));
            return;
        }
        options(endpoint, lang, draft);
        buffers(endpoint, draft);
        for (step, task) in endpoint.steps() {
            perform(endpoint, step, task, lang, draft);
        }
        if endpoint.closes_early() {
            draft.comment(say::stays_open(lang));
        }
        draft.code("Ok(())");
    });
    draft.code("}");
    draft.finish()
}

/// Whoever reads frames or structs gives up for other reasons than an error of a call.
fn result(endpoint: &Endpoint<'_>) -> &'static str {
    if endpoint.gives_up() {
        "Result<(), Box<dyn Error>>"
    } else {
        "io::Result<()>"
    }
}

fn imports(endpoint: &Endpoint<'_>, lang: Lang, draft: &mut Draft) {
    if matches!(endpoint.opens(), Opens::Accepts | Opens::Awaits { .. }) {
        draft.comment(say::start_first(lang));
    }
    let timed = endpoint.framed().is_some_and(|task| task.deadline.is_some());
    let gives_up = endpoint.gives_up();
    if gives_up {
        draft.code("use std::error::Error;");
    }
    if endpoint.keeps_files() || files::opens_a_file(endpoint) {
        let names = [
            (endpoint.keeps_files(), "self"),
            (endpoint.moves_files().is_some_and(files::needs_file), "File"),
        ];
        import("fs", &names, draft);
    }
    let io = [
        // Whoever writes frames has a function for it that fails only as its calls do.
        (
            !gives_up || endpoint.has_replies() || endpoint.sends_frames_of_parts(),
            "self",
        ),
        (endpoint.is_stream() && endpoint.reads(), "Read"),
        (endpoint.is_stream() && endpoint.sends(), "Write"),
    ];
    import("io", &io, draft);
    let is_datagram = matches!(endpoint.transport(), Transport::UnixDatagram | Transport::UnixSeqpacket);
    if endpoint.has_path() {
        let unix = [
            (endpoint.opens() == Opens::Accepts && !is_datagram, "UnixListener"),
            (endpoint.opens() == Opens::Connects && !is_datagram, "UnixStream"),
            (is_datagram, "UnixDatagram"),
        ];
        import("os::unix::net", &unix, draft);
        let files = [(endpoint.transport() == Transport::Pipe, "File")];
        import("fs", &files, draft);
        return;
    }
    let net = [
        (endpoint.opens() == Opens::Accepts, "TcpListener"),
        (
            endpoint.opens() == Opens::Connects
                || endpoint.reads_exactly().is_some()
                || endpoint.keeps_a_rest()
                || (endpoint.is_stream() && !endpoint.programs().is_empty())
                || timed,
            "TcpStream",
        ),
        (!endpoint.is_stream(), "UdpSocket"),
    ];
    import("net", &net, draft);
    if endpoint.commands().is_some() {
        draft.code("use std::process::{Command, Stdio};");
    }
    if endpoint.dribbles()
        || endpoint.is_silent()
        || (endpoint.serves_all() && endpoint.has_own_thread() && !endpoint.remembers())
    {
        draft.code("use std::thread;");
    }
    import(
        "time",
        &[
            (
                timed || endpoint.dribbles() || endpoint.is_silent() || endpoint.challenges(),
                "Duration",
            ),
            (timed, "Instant"),
        ],
        draft,
    );
}

fn import(module: &str, names: &[(bool, &str)], draft: &mut Draft) {
    let names: Vec<&str> = names.iter().filter(|(used, _)| *used).map(|(_, name)| *name).collect();
    match names[..] {
        [] => {}
        ["self"] => draft.code(format!("use std::{module};")),
        [one] => draft.code(format!("use std::{module}::{one};")),
        _ => draft.code(format!("use std::{module}::{{{}}};", names.join(", "))),
    }
}

fn constants(endpoint: &Endpoint<'_>, draft: &mut Draft) {
    let host = if endpoint.is_ipv6() { "[::1]" } else { "127.0.0.1" };
    if endpoint.has_path() {
        draft.code(format!("const PATH: &str = \"{PATH}\";"));
    } else {
        addresses(endpoint, host, draft);
    }
    for (name, limit) in endpoint.limits() {
        let number = endpoint.number_of(name);
        draft.code(format!("const {name}: {number} = {limit};"));
    }
    if let Some(table) = endpoint.commands() {
        commands::table(table, draft);
    } else if endpoint.has_replies() {
        draft.code(commands::REPLY);
    }
    if endpoint.alphabets().is_some() {
        draft.code("const LETTERS: &[u8] =");
        draft.deeper(|draft| draft.code(format!("b\"{}\";", literal::ALPHABET)));
    }
}

fn addresses(endpoint: &Endpoint<'_>, host: &str, draft: &mut Draft) {
    let [port, peer] = endpoint.ports();
    draft.code(format!("const ADDR: &str = \"{host}:{port}\";"));
    if matches!(
        endpoint.opens(),
        Opens::Awaits { answers: true } | Opens::Begins { bound: true }
    ) {
        draft.code(format!("const PEER: &str = \"{host}:{peer}\";"));
    }
    if endpoint.opens() == (Opens::Begins { bound: false }) {
        draft.code(format!("const ANY_PORT: &str = \"{host}:0\";"));
    }
}

fn open(endpoint: &Endpoint<'_>, lang: Lang, draft: &mut Draft) {
    let planned = endpoint.planned;
    let sizes = [
        ("TCP_MAXSEG", planned.mss.map(u64::from)),
        ("SO_RCVBUF", planned.receive_buffer.map(|bytes| bytes as u64)),
        ("SO_SNDBUF", planned.send_buffer.map(|bytes| bytes as u64)),
    ];
    for (option, value) in sizes {
        if let Some(value) = value {
            draft.comment(say::not_in_std(lang, option, value));
        }
    }
    let used = endpoint.sends() || endpoint.reads() || planned.nodelay.is_some() || endpoint.closes();
    let name = if used { "sock" } else { "_sock" };
    let stream = if endpoint.sends() || endpoint.reads() {
        "mut sock"
    } else {
        name
    };
    if endpoint.has_path() {
        return open_path(endpoint, stream, lang, draft);
    }
    match endpoint.opens() {
        Opens::Connects => draft.code(format!("let {stream} = TcpStream::connect(ADDR)?;")),
        Opens::Accepts => {
            draft.code("let listener = TcpListener::bind(ADDR)?;");
            // One client; who has several accepts them in a loop.
            if !endpoint.serves_all() {
                draft.code(format!("let ({stream}, _) = listener.accept()?;"));
            }
        }
        Opens::Awaits { answers } => {
            let name = if answers { "sock" } else { name };
            draft.code(format!("let {name} = UdpSocket::bind(ADDR)?;"));
            if answers {
                draft.code("sock.connect(PEER)?;");
            }
        }
        Opens::Begins { bound } => {
            let from = if bound { "PEER" } else { "ANY_PORT" };
            draft.code(format!("let sock = UdpSocket::bind({from})?;"));
            draft.code("sock.connect(ADDR)?;");
        }
        Opens::ReadsPipe | Opens::WritesPipe => {}
    }
}

/// A socket whose name is a path, or a named pipe.
fn open_path(endpoint: &Endpoint<'_>, name: &str, lang: Lang, draft: &mut Draft) {
    let is_seqpacket = endpoint.transport() == Transport::UnixSeqpacket;
    if is_seqpacket {
        draft.comment(say::seqpacket_not_in_std(lang));
    }
    match endpoint.opens() {
        Opens::ReadsPipe => {
            draft.comment(say::mkfifo_first(lang));
            draft.code(format!("let {name} = File::open(PATH)?;"));
        }
        Opens::WritesPipe => {
            draft.code(format!("let {name} = File::options()"));
            draft.deeper(|draft| {
                draft.code(".write(true)");
                draft.code(".open(PATH)?;");
            });
        }
        Opens::Accepts if !is_seqpacket => {
            draft.code("let listener = UnixListener::bind(PATH)?;");
            draft.code(format!("let ({name}, _) = listener.accept()?;"));
        }
        Opens::Connects if !is_seqpacket => draft.code(format!("let {name} = UnixStream::connect(PATH)?;")),
        Opens::Accepts | Opens::Awaits { .. } => draft.code("let sock = UnixDatagram::bind(PATH)?;"),
        Opens::Connects | Opens::Begins { .. } => {
            draft.code("let sock = UnixDatagram::unbound()?;");
            draft.code("sock.connect(PATH)?;");
        }
    }
}

fn options(endpoint: &Endpoint<'_>, lang: Lang, draft: &mut Draft) {
    if let Some(on) = endpoint.planned.nodelay {
        draft.code(format!("sock.set_nodelay({on})?;"));
    }
    if let Some(on) = endpoint.planned.quickack {
        // A call that other systems do not have would keep the program from being compiled there.
        draft.comment(say::quickack_in_std(lang));
        draft.comment(format!("sock.set_quickack({on})?;"));
    }
}

/// What is read into, and what long messages are taken from.
fn buffers(endpoint: &Endpoint<'_>, draft: &mut Draft) {
    if endpoint.keeps_a_rest() {
        draft.code("let mut rest = Vec::new();");
    }
    if let Some(largest) = endpoint.largest_recv() {
        let array = if largest > ON_THE_STACK { "vec!" } else { "" };
        draft.code(format!("let mut buf = {array}[0; {largest}];"));
    }
    if let Some(times) = endpoint.alphabets() {
        draft.code(format!("let letters = LETTERS.repeat({times});"));
    }
}

fn perform(endpoint: &Endpoint<'_>, step: usize, task: &Task, lang: Lang, draft: &mut Draft) {
    match task {
        Task::Send(bytes) => send(endpoint, step, bytes, lang, draft),
        Task::SendTimes { bytes, times } => {
            draft.code(format!("for _ in 0..{times} {{"));
            draft.deeper(|draft| send(endpoint, step, bytes, lang, draft));
            draft.code("}");
        }
        Task::TrySend { bytes, rest } => nonblocking::send(step, bytes, *rest, lang, draft),
        Task::SendText { text, encoding } => text::send(endpoint, step, text, *encoding, lang, draft),
        Task::ReadText { encoding, decoder, .. } => text::read(step, *encoding, *decoder, lang, draft),
        Task::Drain(_) => drain(endpoint, step, draft),
        Task::Cork(on) => draft.wait_for(step, Part::Option, say::not_in_std(lang, "TCP_CORK", u64::from(*on))),
        Task::Recv(asked) => {
            let call = if endpoint.is_stream() { "read" } else { "recv" };
            let whole = endpoint.largest_recv() == Some(*asked);
            let part = if whole { String::new() } else { format!("[..{asked}]") };
            draft.call(step, Part::Recv, format!("let n = sock.{call}(&mut buf{part})?;"));
            draft.code(PRINT);
        }
        Task::SendFrames(task) => {
            let misread_as = endpoint.misread_as(task);
            frames::Sending { step, task, misread_as }.write(lang, draft);
        }
        Task::ReadFrames(task) => reading::read(step, task, lang, draft),
        Task::SendPacked(packed) => packed::send(endpoint, step, packed, lang, draft),
        Task::ReadPacked(format) => packed::read(step, format, draft),
        Task::UntilAllQueued => draft.wait(step, say::waits_for_all(lang)),
        Task::UntilQueued(count) if endpoint.is_stream() => {
            draft.wait(step, say::waits_for(lang, &words::bytes(lang, *count)));
        }
        Task::UntilQueued(count) => draft.wait(step, say::waits_for(lang, &words::datagrams(lang, *count))),
        Task::UntilAcked => draft.wait(step, say::waits_for_ack(lang)),
        Task::Hold | Task::Release(_) | Task::DropHeld | Task::Lose { .. } | Task::UntilHeld(_) => {
            draft.wait(step, say::at_the_wire(lang));
        }
        Task::ShutDown => draft.call(step, Part::Close, "sock.shutdown(std::net::Shutdown::Write)?;"),
        Task::Reset => reset(step, lang, draft),
        Task::Run(program) => programs::call(endpoint, step, program, lang, draft),
        Task::Close => draft.call(step, Part::Close, "drop(sock);"),
    }
}

fn send(endpoint: &Endpoint<'_>, step: usize, bytes: &[u8], lang: Lang, draft: &mut Draft) {
    let message = match literal::content(bytes) {
        Content::Whole(bytes) => literal::bytes(Language::Rust, bytes),
        Content::Letters(count) => format!("&letters[..{count}]"),
        Content::Beginning(part, length) => {
            draft.comment(say::shortened(lang));
            let part = literal::bytes(Language::Rust, part);
            let part = part.trim_end_matches(".as_bytes()");
            draft.code(format!("let mut data = Vec::from({part});"));
            draft.code(format!("data.resize({length}, b'.');"));
            "&data".to_owned()
        }
    };
    // A datagram goes whole or not at all; of a stream `write` may take less than it is given.
    let call = if endpoint.is_stream() { "write_all" } else { "send" };
    draft.call(step, Part::Send, format!("sock.{call}({message})?;"));
}

/// With a linger of 0 seconds closing sends an RST.
fn reset(step: usize, lang: Lang, draft: &mut Draft) {
    draft.wait_for(step, Part::Option, say::not_in_std(lang, "SO_LINGER", 0));
    draft.call(step, Part::Close, "drop(sock);");
}

/// A loop of reads goes on to the end of the stream.
fn stop_at_the_end(draft: &mut Draft) {
    draft.code("if n == 0 {");
    draft.deeper(|draft| draft.code("break;"));
    draft.code("}");
}

/// Of a stream to its end, of messages all that wait.
fn drain(endpoint: &Endpoint<'_>, step: usize, draft: &mut Draft) {
    if endpoint.is_stream() {
        draft.code("loop {");
        draft.deeper(|draft| {
            draft.call(step, Part::Recv, "let n = sock.read(&mut buf)?;");
            stop_at_the_end(draft);
            print(draft);
        });
    } else {
        draft.code("sock.set_nonblocking(true)?;");
        draft.call(step, Part::Recv, "while let Ok(n) = sock.recv(&mut buf) {");
        draft.deeper(print);
    }
    draft.code("}");
}

/// Shows what was read, deeper than [`PRINT`] is narrow enough for.
fn print(draft: &mut Draft) {
    draft.code("let data = buf[..n].escape_ascii();");
    draft.code("println!(\"{data}\");");
}

/// Shows what was read.
const PRINT: &str = "println!(\"{}\", buf[..n].escape_ascii());";

/// Largest buffer that is a local array, in bytes: a thread's stack may be small.
const ON_THE_STACK: usize = 64 * 1024;
