//! The programs that run commands and ask for them, in Rust.

use super::super::draft::Draft;
use super::super::endpoint::Endpoint;
use super::super::literal;
use super::super::{Language, Part};
use crate::scenario::Commands;
use crate::scenario::program::commands::{CommandServer, ONE_READ, ReadsPerReply, ReplyHeader};
use crate::words::{Lang, code as say};

/// The table, as a constant of the server.
pub(super) fn table(commands: &Commands, draft: &mut Draft) {
    let quoted = |word: &String| literal::text(Language::Rust, word);
    draft.code("const COMMANDS: &[(&str, &[&str])] = &[");
    draft.deeper(|draft| {
        for row in &commands.table {
            let words: Vec<String> = row.run.iter().map(quoted).collect();
            draft.list(&format!("({}, &[", quoted(&row.name)), &words, "]),");
        }
    });
    draft.code("];");
    draft.code(REPLY);
}

/// What the functions of an endpoint return: who reads frames gives up for other reasons than an error of a call.
fn returns(header: ReplyHeader, what: &str) -> String {
    match header {
        ReplyHeader::None => format!("io::Result<{what}>"),
        ReplyHeader::Length | ReplyHeader::Json => format!("Result<{what}, Box<dyn Error>>"),
    }
}

/// A function's first lines, each argument on its own.
fn function(name: &str, arguments: &[&str], header: ReplyHeader, what: &str, draft: &mut Draft) {
    draft.code(format!("fn {name}("));
    draft.deeper(|draft| {
        for argument in arguments {
            draft.code(format!("{argument},"));
        }
    });
    draft.code(format!(") -> {} {{", returns(header, what)));
}

/// The functions of a server.
pub(super) fn server(endpoint: &Endpoint<'_>, step: usize, server: &CommandServer, lang: Lang, draft: &mut Draft) {
    let CommandServer { commands, header, .. } = server;
    let header = *header;
    run(commands, header, lang, draft);
    draft.blank();
    if header == ReplyHeader::None {
        return bare_server(endpoint, step, lang, draft);
    }
    read_frame(step, draft);
    draft.blank();
    if header == ReplyHeader::Length {
        send_frame(step, draft);
        draft.blank();
    }
    function("commands", &[STREAM], header, "()", draft);
    draft.deeper(|draft| {
        draft.code("while let Ok(name) = read_frame(sock) {");
        draft.deeper(|draft| {
            draft.code("let (out, err, code) = run(&name)?;");
            if header == ReplyHeader::Json {
                send_with_json(step, lang, draft);
            } else {
                draft.code("send_frame(sock, &out)?;");
                draft.code("send_frame(sock, &err)?;");
                draft.code("let code = code.to_string();");
                draft.code("send_frame(sock, code.as_bytes())?;");
            }
        });
        draft.code("}");
        draft.code("Ok(())");
    });
    draft.code("}");
}

fn run(commands: &Commands, header: ReplyHeader, lang: Lang, draft: &mut Draft) {
    function("run", &["name: &[u8]"], header, "Reply", draft);
    draft.deeper(|draft| {
        draft.code("let mut rows = COMMANDS.iter();");
        draft.code("let row = rows");
        draft.deeper(|draft| draft.code(".find(|row| row.0.as_bytes() == name);"));
        draft.code("let Some((_, words)) = row else {");
        draft.deeper(|draft| {
            draft.code("let says = b\": command not found\\n\";");
            draft.code("let err = [name, says].concat();");
            draft.code("return Ok((Vec::new(), err, 127));");
        });
        draft.code("};");
        if !commands.files.is_empty() {
            draft.comment(say::beside_its_files(lang));
        }
        draft.comment(say::no_time_limit_in_std(lang));
        draft.code("let done = Command::new(words[0])");
        draft.deeper(|draft| {
            draft.code(".args(&words[1..])");
            draft.code(".stdin(Stdio::null())");
            draft.code(".output()?;");
        });
        draft.code("let code = done.status.code();");
        draft.code("let code = code.unwrap_or(-1);");
        draft.code("Ok((done.stdout, done.stderr, code))");
    });
    draft.code("}");
}

fn bare_server(endpoint: &Endpoint<'_>, step: usize, lang: Lang, draft: &mut Draft) {
    let (read, write) = calls(endpoint);
    function("commands", &[socket(endpoint)], ReplyHeader::None, "()", draft);
    draft.deeper(|draft| {
        draft.code(format!("let mut buf = [0; {ONE_READ}];"));
        draft.code("loop {");
        draft.deeper(|draft| {
            if endpoint.is_stream() {
                draft.comment(say::one_recv_is_a_command(lang));
            }
            draft.call(step, Part::Recv, format!("let n = sock.{read}(&mut buf)?;"));
            draft.code("if n == 0 {");
            draft.deeper(|draft| draft.code("return Ok(());"));
            draft.code("}");
            draft.code("let (out, err, _) = run(&buf[..n])?;");
            if endpoint.is_stream() {
                draft.comment(say::ends_nowhere(lang));
            }
            draft.call(step, Part::Send, format!("sock.{write}(&out)?;"));
            draft.call(step, Part::Send, format!("sock.{write}(&err)?;"));
        });
        draft.code("}");
    });
    draft.code("}");
}

fn send_with_json(step: usize, lang: Lang, draft: &mut Draft) {
    draft.comment(say::no_json_in_std(lang));
    draft.code("let (o, e) = (out.len(), err.len());");
    draft.code("let head = [");
    draft.deeper(|draft| {
        draft.code("format!(\"{{\\\"status\\\": {code},\"),");
        draft.code("format!(\"\\\"out\\\": {o},\"),");
        draft.code("format!(\"\\\"err\\\": {e}}}\"),");
    });
    draft.code("].concat();");
    draft.code("let len = head.len() as u32;");
    draft.code("let len = len.to_be_bytes();");
    draft.code("let mut all = len.to_vec();");
    draft.code("all.extend(head.bytes());");
    draft.code("all.extend(out);");
    draft.code("all.extend(err);");
    draft.call(step, Part::Send, "sock.write_all(&all)?;");
}

/// The function of a client.
pub(super) fn client(
    endpoint: &Endpoint<'_>,
    step: usize,
    (ahead, header, reads): (bool, ReplyHeader, ReadsPerReply),
    lang: Lang,
    draft: &mut Draft,
) {
    if header != ReplyHeader::None {
        return framed_client(step, ahead, header, lang, draft);
    }
    let (read, write) = calls(endpoint);
    let what = Functions {
        sock: socket(endpoint),
        ahead,
        header,
        reply: "Vec<u8>",
    };
    let ask = |draft: &mut Draft| draft.call(step, Part::Send, format!("sock.{write}(name.as_bytes())?;"));
    let take = |draft: &mut Draft| {
        draft.code(format!("let mut buf = [0; {ONE_READ}];"));
        match reads {
            ReadsPerReply::Two => {
                draft.code("let mut reply = Vec::new();");
                draft.code("for _ in 0..2 {");
                draft.deeper(|draft| {
                    draft.call(step, Part::Recv, format!("let n = sock.{read}(&mut buf)?;"));
                    draft.code("reply.extend(&buf[..n]);");
                });
                draft.code("}");
                draft.code("Ok(reply)");
            }
            ReadsPerReply::One => {
                draft.comment(if endpoint.is_stream() {
                    say::believes_one_recv(lang)
                } else {
                    say::two_are_sent(lang)
                });
                draft.call(step, Part::Recv, format!("let n = sock.{read}(&mut buf)?;"));
                draft.code("Ok(buf[..n].to_vec())");
            }
        }
    };
    what.write(draft, ask, take);
}

fn framed_client(step: usize, ahead: bool, header: ReplyHeader, lang: Lang, draft: &mut Draft) {
    read_frame(step, draft);
    draft.blank();
    send_frame(step, draft);
    draft.blank();
    if header == ReplyHeader::Json {
        number(lang, draft);
        draft.blank();
        read_part(step, draft);
        draft.blank();
    }
    let what = Functions {
        sock: STREAM,
        ahead,
        header,
        reply: "Reply",
    };
    let ask = |draft: &mut Draft| draft.code("send_frame(sock, name.as_bytes())?;");
    let read = |draft: &mut Draft| {
        if header == ReplyHeader::Length {
            draft.code("let out = read_frame(sock)?;");
            draft.code("let err = read_frame(sock)?;");
            draft.code("let code = read_frame(sock)?;");
            draft.code("let code = String::from_utf8(code)?;");
            draft.code("Ok((out, err, code.parse()?))");
            return;
        }
        draft.code("let head = read_frame(sock)?;");
        draft.code("let head = String::from_utf8(head)?;");
        draft.code("let code = number(&head, \"status\")?;");
        draft.code("let out = number(&head, \"out\")?;");
        draft.code("let err = number(&head, \"err\")?;");
        draft.code("let out = read_part(sock, out)?;");
        draft.code("let err = read_part(sock, err)?;");
        draft.code("Ok((out, err, code))");
    };
    what.write(draft, ask, read);
}

/// One function of a client that names a command and reads the reply; two where another command is named in between.
struct Functions {
    sock: &'static str,
    ahead: bool,
    header: ReplyHeader,
    reply: &'static str,
}

impl Functions {
    fn write(&self, draft: &mut Draft, ask: impl FnOnce(&mut Draft), read: impl FnOnce(&mut Draft)) {
        let Self {
            sock, header, reply, ..
        } = *self;
        let name = if self.ahead { "ask" } else { "command" };
        let returned = if self.ahead { "()" } else { reply };
        function(name, &[sock, "name: &str"], header, returned, draft);
        draft.deeper(ask);
        if self.ahead {
            draft.deeper(|draft| draft.code("Ok(())"));
            draft.code("}");
            draft.blank();
            function("reply", &[sock], header, reply, draft);
        }
        draft.deeper(read);
        draft.code("}");
    }
}

/// A number out of a JSON header.
fn number(lang: Lang, draft: &mut Draft) {
    draft.comment(say::no_json_in_std(lang));
    function("number", &["json: &str", "name: &str"], ReplyHeader::Json, "i32", draft);
    draft.deeper(|draft| {
        draft.code("let mark = format!(\"\\\"{name}\\\":\");");
        draft.code("let (_, rest) = json");
        draft.deeper(|draft| {
            draft.code(".split_once(&mark)");
            draft.code(".ok_or(\"no such field\")?;");
        });
        draft.code("let own = |c: &char| !\",}\".contains(*c);");
        draft.code("let rest = rest.trim_start().chars();");
        draft.code("let own = rest.take_while(own);");
        draft.code("Ok(own.collect::<String>().parse()?)");
    });
    draft.code("}");
}

/// Output or errors, whose length the JSON header tells.
fn read_part(step: usize, draft: &mut Draft) {
    function("read_part", &[STREAM, "len: i32"], ReplyHeader::Json, "Vec<u8>", draft);
    draft.deeper(|draft| {
        draft.code("let len = u32::try_from(len)?;");
        super::programs::rest_of_body(step, draft);
        draft.code("Ok(body)");
    });
    draft.code("}");
}

fn read_frame(step: usize, draft: &mut Draft) {
    function("read_frame", &[STREAM], ReplyHeader::Length, "Vec<u8>", draft);
    draft.deeper(|draft| {
        draft.code("let mut header = [0; 4];");
        draft.call(step, Part::RecvHeader, "read_exactly(sock, &mut header)?;");
        super::programs::body(step, draft);
        draft.code("Ok(body)");
    });
    draft.code("}");
}

fn send_frame(step: usize, draft: &mut Draft) {
    function("send_frame", &[STREAM, "body: &[u8]"], ReplyHeader::None, "()", draft);
    draft.deeper(|draft| {
        draft.code("let len = body.len() as u32;");
        draft.code("let header = len.to_be_bytes();");
        draft.call(step, Part::Send, "sock.write_all(&[&header, body].concat())");
    });
    draft.code("}");
}

/// What a client does with a reply.
pub(super) fn show(
    endpoint: &Endpoint<'_>,
    step: usize,
    (command, also): (&str, Option<&str>),
    header: ReplyHeader,
    draft: &mut Draft,
) {
    let command = literal::text(Language::Rust, command);
    let sock = if endpoint.is_stream() { "&mut sock" } else { "&sock" };
    let Some(also) = also else {
        return print(step, &format!("command({sock}, {command})?"), header, draft);
    };
    draft.code(format!("ask({sock}, {command})?;"));
    draft.code(format!("ask({sock}, {})?;", literal::text(Language::Rust, also)));
    for _ in 0..2 {
        print(step, &format!("reply({sock})?"), header, draft);
    }
}

fn print(step: usize, reply: &str, header: ReplyHeader, draft: &mut Draft) {
    if header == ReplyHeader::None {
        draft.code(format!("let got = {reply};"));
        draft.call(step, Part::Deliver, "println!(\"{}\", got.escape_ascii());");
        return;
    }
    draft.code("let (out, err, code) =");
    draft.deeper(|draft| draft.code(format!("{reply};")));
    draft.call(step, Part::Deliver, "println!(\"{}\", out.escape_ascii());");
    draft.code("println!(\"{}\", err.escape_ascii());");
    draft.code("println!(\"{code}\");");
}

/// The argument of a function that reads and writes.
fn socket(endpoint: &Endpoint<'_>) -> &'static str {
    if endpoint.is_stream() {
        STREAM
    } else {
        "sock: &UdpSocket"
    }
}

/// How it reads, and how it writes.
fn calls(endpoint: &Endpoint<'_>) -> (&'static str, &'static str) {
    if endpoint.is_stream() {
        ("read", "write_all")
    } else {
        ("recv", "send")
    }
}

const STREAM: &str = "sock: &mut TcpStream";

/// What a command printed, and its status.
pub(super) const REPLY: &str = "type Reply = (Vec<u8>, Vec<u8>, i32);";
