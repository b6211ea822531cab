//! A program in Python: `socket` and `struct`, from top to bottom as one would type it.

mod auth;
mod commands;
mod files;
mod frames;
mod packed;
mod pipes;
mod programs;
mod reading;

use super::draft::{Draft, WIDTH};
use super::endpoint::{Endpoint, Opens};
use super::literal::{self, Content, PATH};
use super::{Language, Line, Part};
use crate::framing::ByteOrder;
use crate::scenario::plan::Task;
use crate::scenario::{Encoding, Named, SendMode, TextDecoder, Transport};
use crate::words::{self, Lang, code as say};

/// The program of one endpoint.
pub(super) fn program(endpoint: &Endpoint<'_>, lang: Lang) -> Vec<Line> {
    if endpoint.is_one_of_several_pipes() {
        return pipes::program(endpoint, lang);
    }
    let mut draft = Draft::new("#");
    imports(endpoint, lang, &mut draft);
    draft.blank();
    constants(endpoint, &mut draft);
    draft.blank();
    reading::functions(endpoint, &mut draft);
    programs::functions(endpoint, lang, &mut draft);
    open(endpoint, &mut draft);
    if endpoint.serves_all() {
        programs::serve_all(endpoint, &mut draft, |draft| options(endpoint, lang, draft));
        return draft.finish();
    }
    options(endpoint, lang, &mut draft);
    if endpoint.keeps_a_rest() {
        draft.code("rest = b\"\"");
    }
    for (step, task) in endpoint.steps() {
        perform(endpoint, step, task, lang, &mut draft);
    }
    if endpoint.closes_early() {
        draft.comment(say::stays_open(lang));
    }
    draft.finish()
}

fn imports(endpoint: &Endpoint<'_>, lang: Lang, draft: &mut Draft) {
    if matches!(endpoint.opens(), Opens::Accepts | Opens::Awaits { .. }) {
        draft.comment(say::start_first(lang));
    }
    let timed =
        endpoint.dribbles() || endpoint.is_silent() || endpoint.framed().is_some_and(|task| task.deadline.is_some());
    let is_pipe = endpoint.transport() == Transport::Pipe;
    let decodes = |task: &Task| {
        let decoder = TextDecoder::Incremental;
        matches!(task, Task::ReadText { decoder: other, .. } if *other == decoder)
    };
    let loops = |task: &Task| matches!(task, Task::TrySend { rest, .. } if *rest == SendMode::Loop);
    let programs = endpoint.programs();
    let of_programs: Vec<&str> = programs
        .iter()
        .flat_map(|(_, program)| auth::modules(program))
        .collect();
    let needs = |module: &str| of_programs.contains(&module);
    let resets = endpoint.any(|task| matches!(task, Task::Reset));
    let modules = [
        (endpoint.any(decodes), "codecs"),
        (needs("hashlib") || files::hashes(endpoint), "hashlib"),
        (needs("hmac"), "hmac"),
        (files::makes_letters(endpoint), "io"),
        (endpoint.has_json() || endpoint.moves_files().is_some(), "json"),
        (is_pipe || needs("os") || endpoint.keeps_files(), "os"),
        (endpoint.any(loops), "select"),
        (!is_pipe, "socket"),
        (endpoint.has_length() || endpoint.packs() || resets, "struct"),
        (endpoint.commands().is_some(), "subprocess"),
        (endpoint.serves_all() && endpoint.has_own_thread(), "threading"),
        (timed, "time"),
    ];
    for (_, module) in modules.iter().filter(|(used, _)| *used) {
        draft.code(format!("import {module}"));
    }
    let mut row = String::new();
    for name in constants_of_socket(endpoint) {
        let longer = format!("{row}, {name}");
        if row.is_empty() || longer.len() > WIDTH {
            if !row.is_empty() {
                draft.code(&row);
            }
            row = format!("from socket import {name}");
        } else {
            row = longer;
        }
    }
    if !row.is_empty() {
        draft.code(row);
    }
}

/// What `setsockopt` needs, without the `socket.` that would make its lines too wide.
fn constants_of_socket(endpoint: &Endpoint<'_>) -> Vec<&'static str> {
    let planned = endpoint.planned;
    let early = Early::of(endpoint);
    let mut names = Vec::new();
    if endpoint.any(|task| matches!(task, Task::Reset)) {
        names.extend(["SOL_SOCKET", "SO_LINGER"]);
    }
    if endpoint.any(|task| matches!(task, Task::ShutDown)) {
        names.push("SHUT_WR");
    }
    let corks = endpoint.any(|task| matches!(task, Task::Cork(_)));
    if corks || planned.nodelay.is_some() || planned.quickack.is_some() || planned.mss.is_some() {
        names.push("IPPROTO_TCP");
    }
    let options = [
        (planned.nodelay.is_some(), "TCP_NODELAY"),
        (planned.quickack.is_some(), "TCP_QUICKACK"),
        (planned.mss.is_some(), "TCP_MAXSEG"),
        (corks, "TCP_CORK"),
        (early.reuses || early.sizes, "SOL_SOCKET"),
        (early.reuses, "SO_REUSEADDR"),
        (planned.receive_buffer.is_some(), "SO_RCVBUF"),
        (planned.send_buffer.is_some(), "SO_SNDBUF"),
        (never_waits(endpoint), "MSG_DONTWAIT"),
    ];
    names.extend(options.iter().filter(|(used, _)| *used).map(|(_, name)| *name));
    names
}

/// Whether some call of it does not wait.
fn never_waits(endpoint: &Endpoint<'_>) -> bool {
    let drains = |task: &Task| matches!(task, Task::Drain(_)) && !endpoint.is_stream();
    endpoint.any(|task| matches!(task, Task::TrySend { .. }) || drains(task))
}

/// What must be set before the connection is made.
struct Early {
    /// Anything at all: the socket must be made without being connected at once.
    any: bool,
    /// The size of a buffer.
    sizes: bool,
    /// SO_REUSEADDR, which `create_server` would have set.
    reuses: bool,
}

impl Early {
    fn of(endpoint: &Endpoint<'_>) -> Self {
        let planned = endpoint.planned;
        let sizes = planned.receive_buffer.is_some() || planned.send_buffer.is_some();
        let any = sizes || planned.mss.is_some();
        Self {
            any,
            sizes,
            reuses: any && endpoint.opens() == Opens::Accepts,
        }
    }
}

fn constants(endpoint: &Endpoint<'_>, draft: &mut Draft) {
    let host = if endpoint.is_ipv6() { "::1" } else { "127.0.0.1" };
    let [port, peer] = endpoint.ports();
    match endpoint.opens() {
        _ if endpoint.has_path() => draft.code(format!("PATH = \"{PATH}\"")),
        Opens::Awaits { answers: true } | Opens::Begins { bound: true } => {
            draft.code(format!("HOST, PORT, PEER = \"{host}\", {port}, {peer}"));
        }
        _ => draft.code(format!("HOST, PORT = \"{host}\", {port}")),
    }
    for (name, limit) in endpoint.limits() {
        draft.code(format!("{name} = {limit}"));
    }
    if let Some(table) = endpoint.commands() {
        commands::table(table, draft);
    }
    if let Some(times) = endpoint.alphabets() {
        let letters = format!("LETTERS = b\"{}\"", literal::ALPHABET);
        let whole = format!("{letters} * {times}");
        if draft.fits(&whole) {
            draft.code(whole);
        } else {
            draft.code(letters);
            draft.code(format!("LETTERS *= {times}"));
        }
    }
}

fn open(endpoint: &Endpoint<'_>, draft: &mut Draft) {
    if endpoint.has_path() {
        return open_path(endpoint, draft);
    }
    let early = Early::of(endpoint).any;
    let family = if endpoint.is_ipv6() { "socket.AF_INET6" } else { "" };
    match endpoint.opens() {
        Opens::Connects if !early => draft.code("sock = socket.create_connection((HOST, PORT))"),
        Opens::Connects => {
            draft.code(format!("sock = socket.socket({family})"));
            before_connecting(endpoint, "sock", draft);
            draft.code("sock.connect((HOST, PORT))");
        }
        Opens::Accepts if !early => {
            let mut address = vec!["(HOST, PORT)".to_owned()];
            if endpoint.is_ipv6() {
                address.push(format!("family={family}"));
            }
            draft.list("listener = socket.create_server(", &address, ")");
            accept(endpoint, draft);
        }
        Opens::Accepts => {
            draft.code(format!("listener = socket.socket({family})"));
            set(draft, "listener", "SOL_SOCKET", "SO_REUSEADDR", &1);
            before_connecting(endpoint, "listener", draft);
            draft.code("listener.bind((HOST, PORT))");
            draft.code("listener.listen()");
            accept(endpoint, draft);
        }
        Opens::Awaits { answers } => {
            datagram_socket(endpoint, draft);
            draft.code("sock.bind((HOST, PORT))");
            if answers {
                draft.code("sock.connect((HOST, PEER))");
            }
        }
        Opens::Begins { bound } => {
            datagram_socket(endpoint, draft);
            if bound {
                draft.code("sock.bind((HOST, PEER))");
            }
            draft.code("sock.connect((HOST, PORT))");
        }
        Opens::ReadsPipe | Opens::WritesPipe => {}
    }
}

/// A socket whose name is a path, or a named pipe.
fn open_path(endpoint: &Endpoint<'_>, draft: &mut Draft) {
    let kind = match endpoint.transport() {
        Transport::UnixDatagram => "socket.SOCK_DGRAM",
        Transport::UnixSeqpacket => "socket.SOCK_SEQPACKET",
        _ => "socket.SOCK_STREAM",
    };
    let made = |name: &str, draft: &mut Draft| {
        let arguments = ["socket.AF_UNIX".to_owned(), kind.to_owned()];
        draft.list(&format!("{name} = socket.socket("), &arguments, ")");
        before_connecting(endpoint, name, draft);
    };
    match endpoint.opens() {
        Opens::ReadsPipe => {
            draft.code("os.mkfifo(PATH)");
            draft.code("pipe = os.open(PATH, os.O_RDONLY)");
        }
        Opens::WritesPipe => draft.code("pipe = os.open(PATH, os.O_WRONLY)"),
        Opens::Accepts => {
            made("listener", draft);
            draft.code("listener.bind(PATH)");
            draft.code("listener.listen()");
            draft.code("sock, _ = listener.accept()");
        }
        Opens::Awaits { .. } => {
            made("sock", draft);
            draft.code("sock.bind(PATH)");
        }
        Opens::Connects | Opens::Begins { .. } => {
            made("sock", draft);
            draft.code("sock.connect(PATH)");
        }
    }
}

fn accept(endpoint: &Endpoint<'_>, draft: &mut Draft) {
    // One client; who has several accepts them in a loop.
    if !endpoint.serves_all() {
        draft.code("sock, _ = listener.accept()");
    }
}

fn datagram_socket(endpoint: &Endpoint<'_>, draft: &mut Draft) {
    let mut arguments = vec!["type=socket.SOCK_DGRAM".to_owned()];
    if endpoint.is_ipv6() {
        arguments.insert(0, "family=socket.AF_INET6".to_owned());
    }
    draft.list("sock = socket.socket(", &arguments, ")");
    before_connecting(endpoint, "sock", draft);
}

fn before_connecting(endpoint: &Endpoint<'_>, socket: &str, draft: &mut Draft) {
    let planned = endpoint.planned;
    if let Some(mss) = planned.mss {
        set(draft, socket, "IPPROTO_TCP", "TCP_MAXSEG", &mss);
    }
    if let Some(bytes) = planned.receive_buffer {
        set(draft, socket, "SOL_SOCKET", "SO_RCVBUF", &bytes);
    }
    if let Some(bytes) = planned.send_buffer {
        set(draft, socket, "SOL_SOCKET", "SO_SNDBUF", &bytes);
    }
}

fn options(endpoint: &Endpoint<'_>, lang: Lang, draft: &mut Draft) {
    if let Some(on) = endpoint.planned.nodelay {
        set(draft, "sock", "IPPROTO_TCP", "TCP_NODELAY", &u8::from(on));
    }
    if let Some(on) = endpoint.planned.quickack {
        draft.comment(say::quickack_renewed(lang));
        set(draft, "sock", "IPPROTO_TCP", "TCP_QUICKACK", &u8::from(on));
    }
}

fn set(draft: &mut Draft, socket: &str, level: &str, option: &str, value: &dyn ToString) {
    let arguments = [level.to_owned(), option.to_owned(), value.to_string()];
    draft.list(&format!("{socket}.setsockopt("), &arguments, ")");
}

fn perform(endpoint: &Endpoint<'_>, step: usize, task: &Task, lang: Lang, draft: &mut Draft) {
    match task {
        Task::Send(bytes) => send(endpoint, step, bytes, lang, draft),
        Task::SendTimes { bytes, times } => {
            draft.code(format!("for _ in range({times}):"));
            draft.deeper(|draft| send(endpoint, step, bytes, lang, draft));
        }
        Task::TrySend { bytes, rest } => try_send(step, bytes, *rest, lang, draft),
        Task::SendText { text, encoding } => {
            let text = literal::text(Language::Python, text);
            let message = format!("{text}.encode(\"{}\")", encoding.name());
            draft.call(step, Part::Send, sending(endpoint, &message));
        }
        Task::ReadText {
            encoding,
            asked,
            decoder,
        } => read_text(endpoint, step, *asked, (*encoding, *decoder), draft),
        Task::Drain(asked) => drain(endpoint, step, *asked, draft),
        Task::Cork(on) => {
            let arguments = [
                "IPPROTO_TCP".to_owned(),
                "TCP_CORK".to_owned(),
                u8::from(*on).to_string(),
            ];
            draft.call_list(step, Part::Option, "sock.setsockopt(", &arguments, ")");
        }
        Task::Recv(asked) => {
            let call = receiving(endpoint, *asked);
            draft.call(step, Part::Recv, format!("print({call})"));
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
        Task::ShutDown => draft.call(step, Part::Close, "sock.shutdown(SHUT_WR)"),
        Task::Reset => reset(step, draft),
        Task::Close if endpoint.transport() == Transport::Pipe => draft.call(step, Part::Close, "os.close(pipe)"),
        Task::Run(program) => programs::call(step, program, lang, draft),
        Task::Close => draft.call(step, Part::Close, "sock.close()"),
    }
}

/// With a linger of 0 seconds closing sends an RST.
fn reset(step: usize, draft: &mut Draft) {
    let arguments = ["SOL_SOCKET", "SO_LINGER", "struct.pack(\"ii\", 1, 0)"].map(str::to_owned);
    draft.call_list(step, Part::Option, "sock.setsockopt(", &arguments, ")");
    draft.call(step, Part::Close, "sock.close()");
}

/// What `struct` calls four bytes of length.
fn format(order: ByteOrder, signed: bool) -> &'static str {
    match (order, signed) {
        (ByteOrder::Big, false) => "!I",
        (ByteOrder::Big, true) => "!i",
        (ByteOrder::Little, false) => "<I",
        (ByteOrder::Little, true) => "<i",
        (ByteOrder::Native, false) => "=I",
        (ByteOrder::Native, true) => "=i",
    }
}

fn send(endpoint: &Endpoint<'_>, step: usize, bytes: &[u8], lang: Lang, draft: &mut Draft) {
    let message = match literal::content(bytes) {
        Content::Whole(bytes) => literal::bytes(Language::Python, bytes),
        Content::Letters(count) => format!("LETTERS[:{count}]"),
        Content::Beginning(part, length) => {
            draft.comment(say::shortened(lang));
            let part = literal::bytes(Language::Python, part);
            draft.code(format!("data = {part}"));
            format!("data.ljust({length}, b\".\")")
        }
    };
    let call = sending(endpoint, &message);
    draft.call(step, Part::Send, call);
}

/// The call that sends a whole message.
fn sending(endpoint: &Endpoint<'_>, message: &str) -> String {
    match endpoint.transport() {
        // Both are so short that a pipe takes them whole (PIPE_BUF, pipe(7)).
        Transport::Pipe => format!("os.write(pipe, {message})"),
        // A datagram goes whole or not at all; of a stream `send` may take less than it is given.
        _ if endpoint.is_stream() => format!("sock.sendall({message})"),
        _ => format!("sock.send({message})"),
    }
}

fn receiving(endpoint: &Endpoint<'_>, asked: usize) -> String {
    match endpoint.transport() {
        Transport::Pipe => format!("os.read(pipe, {asked})"),
        _ => format!("sock.recv({asked})"),
    }
}

/// Of a stream to its end, of messages all that wait.
fn drain(endpoint: &Endpoint<'_>, step: usize, asked: usize, draft: &mut Draft) {
    if endpoint.is_stream() {
        let call = receiving(endpoint, asked);
        draft.call(step, Part::Recv, format!("while data := {call}:"));
        draft.deeper(|draft| draft.code("print(data)"));
        return;
    }
    draft.code("try:");
    draft.deeper(|draft| {
        draft.code("while True:");
        draft.deeper(|draft| {
            let call = format!("print(sock.recv({asked}, MSG_DONTWAIT))");
            draft.call(step, Part::Recv, call);
        });
    });
    draft.code("except BlockingIOError:");
    draft.deeper(|draft| draft.code("pass"));
}

fn read_text(endpoint: &Endpoint<'_>, step: usize, asked: usize, text: (Encoding, TextDecoder), draft: &mut Draft) {
    let (encoding, decoder) = (text.0.name(), text.1);
    if decoder == TextDecoder::Incremental {
        draft.code("make = codecs.getincrementaldecoder");
        draft.code(format!("decoder = make(\"{encoding}\")(\"replace\")"));
    }
    let call = receiving(endpoint, asked);
    draft.call(step, Part::Recv, format!("while data := {call}:"));
    draft.deeper(|draft| {
        draft.code(match decoder {
            TextDecoder::Incremental => "print(decoder.decode(data))".to_owned(),
            TextDecoder::EachRead => format!("print(data.decode(\"{encoding}\", \"replace\"))"),
        });
    });
}

/// A message that is sent without waiting.
fn try_send(step: usize, bytes: &[u8], rest: SendMode, lang: Lang, draft: &mut Draft) {
    let message = match literal::content(bytes) {
        Content::Letters(count) => format!("LETTERS[:{count}]"),
        _ => literal::bytes(Language::Python, bytes),
    };
    draft.code(format!("data = {message}"));
    if rest == SendMode::Loop {
        draft.code("while data:");
        draft.deeper(|draft| {
            draft.code("try:");
            draft.deeper(|draft| {
                draft.call(step, Part::Send, "n = sock.send(data, MSG_DONTWAIT)");
                draft.code("data = data[n:]");
            });
            draft.code("except BlockingIOError:");
            draft.deeper(|draft| draft.code("select.select([], [sock], [])"));
        });
        return;
    }
    if rest == SendMode::Retry {
        draft.code("try:");
        draft.deeper(|draft| {
            draft.code("while data:");
            draft.deeper(|draft| {
                draft.call(step, Part::Send, "n = sock.send(data, MSG_DONTWAIT)");
                draft.code("data = data[n:]");
            });
        });
        draft.code("except BlockingIOError:");
        draft.deeper(|draft| {
            draft.comment(say::gives_up(lang));
            draft.code("pass");
        });
    } else {
        draft.call(step, Part::Send, "n = sock.send(data, MSG_DONTWAIT)");
        draft.comment(say::count_ignored(lang));
    }
}
