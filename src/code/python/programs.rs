//! Whole programs in Python: a function each, and the server's loop around it.

use super::super::draft::Draft;
use super::super::endpoint::Endpoint;
use super::super::literal;
use super::super::{Language, Part};
use super::{commands, files};
use crate::framing::HEADER;
use crate::scenario::program::Program;
use crate::words::Lang;

/// The functions of the programs that an endpoint runs, each once; their lines are lit during its first step.
pub(super) fn functions(endpoint: &Endpoint<'_>, lang: Lang, draft: &mut Draft) {
    for (step, program) in endpoint.programs() {
        match program {
            Program::CommandServer(server) => commands::server(endpoint, step, server, lang, draft),
            Program::CommandClient {
                also, header, reads, ..
            } => {
                commands::client(endpoint, step, (also.is_some(), *header, *reads), lang, draft);
            }
            Program::Serve { .. } => serve(step, draft),
            Program::SendFile(_) | Program::ReceiveFile(_) | Program::Put(_) | Program::ServePuts(_) => {
                files::functions(step, program, lang, draft);
            }
            Program::Ask { .. } => ask(step, draft),
            // Written where all pipes of a thread are.
            Program::ReadBoth { .. } => {}
            Program::Challenge(_) | Program::Respond(_) => auth(step, program, lang, draft),
        }
        draft.blank();
    }
}

/// The call of a program.
pub(super) fn call(step: usize, program: &Program, lang: Lang, draft: &mut Draft) {
    match program {
        Program::CommandServer(_) => draft.code("commands(sock)"),
        Program::CommandClient {
            command, also, header, ..
        } => commands::show(step, command, also.as_deref(), *header, draft),
        Program::Serve { .. } => draft.code("serve(sock)"),
        Program::SendFile(_) | Program::ReceiveFile(_) | Program::Put(_) | Program::ServePuts(_) => {
            files::call(step, program, lang, draft);
        }
        Program::Ask { text, after } => {
            if !after.is_zero() {
                draft.code(format!("time.sleep({})", after.as_secs_f64()));
            }
            let text = literal::text(Language::Python, text);
            draft.call(step, Part::Deliver, format!("print(ask(sock, {text}))"));
        }
        Program::Challenge(_) => draft.code("challenge(sock)"),
        Program::Respond(_) => draft.call(step, Part::Deliver, "print(respond(sock))"),
        // Written where all pipes of a thread are; else it is only named.
        Program::ReadBoth { .. } => draft.wait_for(step, Part::Recv, "poll(2) + read"),
    }
}

/// The loop of a server with several clients; `options` are set on each socket.
pub(super) fn serve_all(endpoint: &Endpoint<'_>, draft: &mut Draft, options: impl FnOnce(&mut Draft)) {
    draft.code(format!("for _ in range({}):", endpoint.clients()));
    draft.deeper(|draft| {
        draft.code("sock, _ = listener.accept()");
        options(draft);
        let name = endpoint
            .programs()
            .first()
            .map_or("serve", |(_, program)| match program {
                Program::Challenge(_) => "challenge",
                _ => "serve",
            });
        if endpoint.has_own_thread() {
            draft.code("threading.Thread(");
            draft.deeper(|draft| draft.code(format!("target={name}, args=(sock,)")));
            draft.code(").start()");
        } else if endpoint.goes_on() {
            draft.code("try:");
            draft.deeper(|draft| draft.code(format!("{name}(sock)")));
            draft.code("except Exception as why:");
            draft.deeper(|draft| draft.code("print(why)"));
            draft.code("finally:");
            draft.deeper(|draft| draft.code("sock.close()"));
        } else {
            draft.code(format!("{name}(sock)"));
        }
    });
}

fn auth(step: usize, program: &Program, lang: Lang, draft: &mut Draft) {
    match program {
        Program::Challenge(wants) => super::auth::challenge(step, wants, lang, draft),
        Program::Respond(how) => super::auth::respond(step, how, lang, draft),
        _ => {}
    }
}

fn serve(step: usize, draft: &mut Draft) {
    draft.code("def serve(sock):");
    draft.deeper(|draft| {
        draft.code("while True:");
        draft.deeper(|draft| {
            draft.code("try:");
            draft.deeper(|draft| {
                let header = format!("header = recv_exactly(sock, {HEADER})");
                draft.call(step, Part::RecvHeader, header);
            });
            draft.code("except EOFError:");
            draft.deeper(|draft| draft.code("return"));
            body(step, "body = ", draft);
            draft.code("reply = body.decode().upper().encode()");
            draft.code("header = struct.pack(\"!I\", len(reply))");
            draft.call(step, Part::Send, "sock.sendall(header + reply)");
        });
    });
}

fn ask(step: usize, draft: &mut Draft) {
    draft.code("def ask(sock, text):");
    draft.deeper(|draft| {
        draft.code("body = text.encode()");
        draft.code("header = struct.pack(\"!I\", len(body))");
        draft.call(step, Part::Send, "sock.sendall(header + body)");
        let header = format!("header = recv_exactly(sock, {HEADER})");
        draft.call(step, Part::RecvHeader, header);
        body(step, "return ", draft);
    });
}

/// What follows the header.
pub(super) fn body(step: usize, into: &str, draft: &mut Draft) {
    draft.code("(n,) = struct.unpack(\"!I\", header)");
    draft.code("if n > LIMIT:");
    draft.deeper(|draft| draft.call(step, Part::Refuse, "raise ValueError(\"over limit\")"));
    draft.call(step, Part::RecvBody, format!("{into}recv_exactly(sock, n)"));
}
