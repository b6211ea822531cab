//! The programs that run commands and ask for them, in Python.

use super::super::draft::Draft;
use super::super::endpoint::Endpoint;
use super::super::literal;
use super::super::{Language, Part};
use crate::scenario::Commands;
use crate::scenario::program::commands::{CommandServer, ONE_READ, ReadsPerReply, ReplyHeader};
use crate::words::{Lang, code as say};

/// The table, as a constant of the server.
pub(super) fn table(commands: &Commands, draft: &mut Draft) {
    let quoted = |word: &String| literal::text(Language::Python, word);
    draft.code("COMMANDS = {");
    draft.deeper(|draft| {
        for row in &commands.table {
            let words: Vec<String> = row.run.iter().map(quoted).collect();
            draft.list(&format!("{}: [", quoted(&row.name)), &words, "],");
        }
    });
    draft.code("}");
}

/// The functions of a server.
pub(super) fn server(endpoint: &Endpoint<'_>, step: usize, server: &CommandServer, lang: Lang, draft: &mut Draft) {
    let CommandServer { commands, header, .. } = server;
    let header = *header;
    run(commands, lang, draft);
    draft.blank();
    if header == ReplyHeader::None {
        return bare_server(endpoint, step, lang, draft);
    }
    read_frame(step, draft);
    draft.blank();
    draft.code("def commands(sock):");
    draft.deeper(|draft| {
        draft.code("while True:");
        draft.deeper(|draft| {
            draft.code("try:");
            draft.deeper(|draft| draft.code("name = read_frame(sock).decode()"));
            draft.code("except EOFError:");
            draft.deeper(|draft| draft.code("return"));
            draft.code("out, err, status = run(name)");
            if header == ReplyHeader::Json {
                draft.code("head = json.dumps({");
                draft.deeper(|draft| {
                    draft.code("\"status\": status,");
                    draft.code("\"out\": len(out), \"err\": len(err),");
                });
                draft.code("}).encode()");
                draft.code("n = struct.pack(\"!I\", len(head))");
                draft.call(step, Part::Send, "sock.sendall(n + head + out + err)");
            } else {
                draft.code("status = str(status).encode()");
                draft.code("for part in out, err, status:");
                draft.deeper(|draft| {
                    draft.code("n = struct.pack(\"!I\", len(part))");
                    draft.call(step, Part::Send, "sock.sendall(n + part)");
                });
            }
        });
    });
}

fn run(commands: &Commands, lang: Lang, draft: &mut Draft) {
    draft.code("def run(name):");
    draft.deeper(|draft| {
        draft.code("if name not in COMMANDS:");
        draft.deeper(|draft| {
            draft.code("err = f\"{name}: command not found\\n\"");
            draft.code("return b\"\", err.encode(), 127");
        });
        if !commands.files.is_empty() {
            draft.comment(say::beside_its_files(lang));
        }
        draft.code("done = subprocess.run(");
        draft.deeper(|draft| {
            draft.code("COMMANDS[name], timeout=2,");
            draft.code("stdin=subprocess.DEVNULL,");
            draft.code("capture_output=True)");
        });
        draft.code("out, err = done.stdout, done.stderr");
        draft.code("return out, err, done.returncode");
    });
}

fn bare_server(endpoint: &Endpoint<'_>, step: usize, lang: Lang, draft: &mut Draft) {
    let send = if endpoint.is_stream() { "sendall" } else { "send" };
    draft.code("def commands(sock):");
    draft.deeper(|draft| {
        if endpoint.is_stream() {
            draft.comment(say::one_recv_is_a_command(lang));
        }
        draft.call(step, Part::Recv, format!("while data := sock.recv({ONE_READ}):"));
        draft.deeper(|draft| {
            draft.code("name = data.decode(errors=\"replace\")");
            draft.code("out, err, status = run(name)");
            if endpoint.is_stream() {
                draft.comment(say::ends_nowhere(lang));
            }
            draft.call(step, Part::Send, format!("sock.{send}(out)"));
            draft.call(step, Part::Send, format!("sock.{send}(err)"));
        });
    });
}

/// The function of a client, or its two.
pub(super) fn client(
    endpoint: &Endpoint<'_>,
    step: usize,
    (ahead, header, reads): (bool, ReplyHeader, ReadsPerReply),
    lang: Lang,
    draft: &mut Draft,
) {
    if header != ReplyHeader::None {
        return framed_client(step, ahead, header, draft);
    }
    let send = if endpoint.is_stream() { "sendall" } else { "send" };
    let ask = |draft: &mut Draft| draft.call(step, Part::Send, format!("sock.{send}(name.encode())"));
    let read = |draft: &mut Draft| match reads {
        ReadsPerReply::Two => {
            draft.call(step, Part::Recv, format!("out = sock.recv({ONE_READ})"));
            draft.call(step, Part::Recv, format!("err = sock.recv({ONE_READ})"));
            draft.code("return out + err");
        }
        ReadsPerReply::One => {
            draft.comment(if endpoint.is_stream() {
                say::believes_one_recv(lang)
            } else {
                say::two_are_sent(lang)
            });
            draft.call(step, Part::Recv, format!("return sock.recv({ONE_READ})"));
        }
    };
    ask_and_read(ahead, draft, ask, read);
}

fn framed_client(step: usize, ahead: bool, header: ReplyHeader, draft: &mut Draft) {
    read_frame(step, draft);
    draft.blank();
    let ask = |draft: &mut Draft| {
        draft.code("body = name.encode()");
        draft.code("header = struct.pack(\"!I\", len(body))");
        draft.call(step, Part::Send, "sock.sendall(header + body)");
    };
    let read = |draft: &mut Draft| {
        if header == ReplyHeader::Length {
            draft.code("out = read_frame(sock)");
            draft.code("err = read_frame(sock)");
            draft.code("return out, err, int(read_frame(sock))");
            return;
        }
        draft.code("head = json.loads(read_frame(sock))");
        draft.code("if max(head[\"out\"], head[\"err\"]) > LIMIT:");
        draft.deeper(|draft| draft.call(step, Part::Refuse, "raise ValueError(\"over limit\")"));
        draft.code("out = recv_exactly(sock, head[\"out\"])");
        draft.code("err = recv_exactly(sock, head[\"err\"])");
        draft.code("return out, err, head[\"status\"]");
    };
    ask_and_read(ahead, draft, ask, read);
}

/// One function that names a command and reads the reply; two where another command is named in between.
fn ask_and_read(ahead: bool, draft: &mut Draft, ask: impl FnOnce(&mut Draft), read: impl FnOnce(&mut Draft)) {
    if !ahead {
        draft.code("def command(sock, name):");
        return draft.deeper(|draft| {
            ask(draft);
            read(draft);
        });
    }
    draft.code("def ask(sock, name):");
    draft.deeper(ask);
    draft.blank();
    draft.code("def reply(sock):");
    draft.deeper(read);
}

/// Reads one frame.
fn read_frame(step: usize, draft: &mut Draft) {
    draft.code("def read_frame(sock):");
    draft.deeper(|draft| {
        draft.call(step, Part::RecvHeader, "header = recv_exactly(sock, 4)");
        super::programs::body(step, "return ", draft);
    });
}

/// What a client does with a reply, or with two.
pub(super) fn show(step: usize, command: &str, also: Option<&str>, header: ReplyHeader, draft: &mut Draft) {
    let command = literal::text(Language::Python, command);
    let Some(also) = also else {
        return print(step, &format!("command(sock, {command})"), header, draft);
    };
    draft.code(format!("ask(sock, {command})"));
    draft.code(format!("ask(sock, {})", literal::text(Language::Python, also)));
    for _ in 0..2 {
        print(step, "reply(sock)", header, draft);
    }
}

fn print(step: usize, reply: &str, header: ReplyHeader, draft: &mut Draft) {
    if header == ReplyHeader::None {
        return draft.call(step, Part::Deliver, format!("print({reply})"));
    }
    draft.code(format!("got = {reply}"));
    draft.call(step, Part::Deliver, "print(*got)");
}
