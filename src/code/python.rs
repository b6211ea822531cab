//! A program in Python: `socket` and `struct`, from top to bottom as one would type it.

mod frames;
mod packed;

use super::draft::{Draft, WIDTH};
use super::endpoint::{Endpoint, Opens};
use super::literal::{self, Content};
use super::{Language, Line, Part};
use crate::scenario::plan::Task;
use crate::words::{self, Lang, code as say};

/// The program of one endpoint.
pub(super) fn program(endpoint: &Endpoint<'_>, lang: Lang) -> Vec<Line> {
    let mut draft = Draft::new("#");
    imports(endpoint, lang, &mut draft);
    draft.blank();
    constants(endpoint, &mut draft);
    draft.blank();
    if let Some(step) = endpoint.reads_exactly() {
        frames::recv_exactly(step, &mut draft);
        draft.blank();
    }
    open(endpoint, &mut draft);
    options(endpoint, lang, &mut draft);
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
    draft.code("import socket");
    if endpoint.frames() || endpoint.packs() {
        draft.code("import struct");
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
    if planned.nodelay.is_some() || planned.quickack.is_some() || planned.mss.is_some() {
        names.push("IPPROTO_TCP");
    }
    let options = [
        (planned.nodelay.is_some(), "TCP_NODELAY"),
        (planned.quickack.is_some(), "TCP_QUICKACK"),
        (planned.mss.is_some(), "TCP_MAXSEG"),
        (early.reuses || early.sizes, "SOL_SOCKET"),
        (early.reuses, "SO_REUSEADDR"),
        (planned.receive_buffer.is_some(), "SO_RCVBUF"),
        (planned.send_buffer.is_some(), "SO_SNDBUF"),
    ];
    names.extend(options.iter().filter(|(used, _)| *used).map(|(_, name)| *name));
    names
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
    match endpoint.opens() {
        Opens::Awaits { answers: true } | Opens::Begins { bound: true } => {
            draft.code(format!("HOST, PORT, PEER = \"{host}\", 9999, 9998"));
        }
        _ => draft.code(format!("HOST, PORT = \"{host}\", 9999")),
    }
    if let Some(limit) = endpoint.limit() {
        draft.code(format!("LIMIT = {limit}"));
    }
    if let Some(times) = endpoint.alphabets() {
        draft.code(format!("LETTERS = b\"{}\" * {times}", literal::ALPHABET));
    }
}

fn open(endpoint: &Endpoint<'_>, draft: &mut Draft) {
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
            draft.code("sock, _ = listener.accept()");
        }
        Opens::Accepts => {
            draft.code(format!("listener = socket.socket({family})"));
            set(draft, "listener", "SOL_SOCKET", "SO_REUSEADDR", &1);
            before_connecting(endpoint, "listener", draft);
            draft.code("listener.bind((HOST, PORT))");
            draft.code("listener.listen()");
            draft.code("sock, _ = listener.accept()");
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
        Task::Recv(asked) => draft.call(step, Part::Recv, format!("print(sock.recv({asked}))")),
        Task::SendFrames { frames, order, writes } => {
            let sending = frames::Sending {
                step,
                frames,
                order: *order,
                writes: *writes,
                misread_as: endpoint.misread_as(*order),
            };
            sending.write(lang, draft);
        }
        Task::ReadFrames { count, prefix, reader } => {
            frames::read(step, *count, prefix.order, *reader, lang, draft);
        }
        Task::SendPacked(packed) => packed::send(endpoint, step, packed, lang, draft),
        Task::ReadPacked(format) => packed::read(step, format, draft),
        Task::UntilAllQueued => draft.wait(step, say::waits_for_all(lang)),
        Task::UntilQueued(count) if endpoint.is_stream() => {
            draft.wait(step, say::waits_for(lang, &words::bytes(lang, *count)));
        }
        Task::UntilQueued(count) => draft.wait(step, say::waits_for(lang, &words::datagrams(lang, *count))),
        Task::UntilAcked => draft.wait(step, say::waits_for_ack(lang)),
        Task::Close => draft.call(step, Part::Close, "sock.close()"),
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
    // A datagram goes whole or not at all; of a stream `send` may take less than it is given.
    let call = if endpoint.is_stream() { "sendall" } else { "send" };
    draft.call(step, Part::Send, format!("sock.{call}({message})"));
}
