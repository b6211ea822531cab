//! Whole programs in Rust: a function each, and the server's loop around it.

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
    let programs = endpoint.programs();
    let writes_text = |program: &Program| matches!(program, Program::Serve { .. } | Program::Ask { .. });
    if let Some((step, _)) = programs.iter().find(|(_, program)| writes_text(program)) {
        write_frame(*step, draft);
        draft.blank();
    }
    for (step, program) in programs {
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
pub(super) fn call(endpoint: &Endpoint<'_>, step: usize, program: &Program, lang: Lang, draft: &mut Draft) {
    match program {
        Program::CommandServer(_) if endpoint.is_stream() => draft.code("commands(&mut sock)?;"),
        Program::CommandServer(_) => draft.code("commands(&sock)?;"),
        Program::CommandClient {
            command, also, header, ..
        } => commands::show(endpoint, step, (command, also.as_deref()), *header, draft),
        Program::Serve { .. } => draft.code("serve(&mut sock)?;"),
        Program::SendFile(_) | Program::ReceiveFile(_) | Program::Put(_) | Program::ServePuts(_) => {
            files::call(step, program, lang, draft);
        }
        Program::Ask { text, after } => {
            if !after.is_zero() {
                draft.code(format!("let wait = Duration::from_millis({});", after.as_millis()));
                draft.code("thread::sleep(wait);");
            }
            let text = literal::text(Language::Rust, text);
            draft.code(format!("let reply = ask(&mut sock, {text})?;"));
            draft.call(step, Part::Deliver, "println!(\"{}\", reply.escape_ascii());");
        }
        Program::Challenge(_) if !endpoint.remembers() => draft.code("challenge(&mut sock)?;"),
        Program::Challenge(_) => {
            draft.code("let mut known = Known::default();");
            draft.code("challenge(&mut sock, &mut known)?;");
        }
        Program::Respond(_) => {
            draft.code("let reply = respond(&mut sock)?;");
            draft.call(step, Part::Deliver, "println!(\"{}\", reply.escape_ascii());");
        }
        // Written where all pipes of a thread are; else it is only named.
        Program::ReadBoth { .. } => draft.wait_for(step, Part::Recv, "poll(2) + read"),
    }
}

/// The loop of a server with several clients; `options` are set on each socket.
pub(super) fn serve_all(endpoint: &Endpoint<'_>, draft: &mut Draft, options: impl FnOnce(&mut Draft)) {
    draft.code("let clients = listener.incoming();");
    let clients = format!("for sock in clients.take({}) {{", endpoint.clients());
    if endpoint.remembers() {
        // What it has sent and accepted belongs to all its clients, so one thread serves them in the listing.
        draft.code("let mut known = Known::default();");
        draft.code(clients);
        draft.deeper(|draft| {
            draft.code("let mut sock = sock?;");
            options(draft);
            draft.code("challenge(&mut sock, &mut known)?;");
        });
        draft.code("}");
        draft.code("Ok(())");
        return;
    }
    let serve = if endpoint.challenges() { "challenge" } else { "serve" };
    if !endpoint.has_own_thread() {
        draft.code(clients);
        draft.deeper(|draft| {
            draft.code("let mut sock = sock?;");
            options(draft);
            if endpoint.goes_on() {
                draft.code("if let Err(why) = serve(&mut sock) {");
                draft.deeper(|draft| draft.code("println!(\"{why}\");"));
                draft.code("}");
            } else {
                draft.code(format!("{serve}(&mut sock)?;"));
            }
        });
        draft.code("}");
        draft.code("Ok(())");
        return;
    }
    draft.code("thread::scope(|scope| {");
    draft.deeper(|draft| {
        draft.code(clients);
        draft.deeper(|draft| {
            draft.code("let mut sock = sock?;");
            options(draft);
            draft.code("scope.spawn(move || {");
            draft.deeper(|draft| draft.code(format!("{serve}(&mut sock).unwrap();")));
            draft.code("});");
        });
        draft.code("}");
        draft.code("Ok(())");
    });
    draft.code("})");
}

fn auth(step: usize, program: &Program, lang: Lang, draft: &mut Draft) {
    match program {
        Program::Challenge(wants) => super::auth::challenge(step, wants, lang, draft),
        Program::Respond(how) => super::auth::respond(step, how, lang, draft),
        _ => {}
    }
}

fn serve(step: usize, draft: &mut Draft) {
    draft.code("fn serve(");
    draft.deeper(|draft| draft.code("sock: &mut TcpStream,"));
    draft.code(") -> Result<(), Box<dyn Error>> {");
    draft.deeper(|draft| {
        draft.code(format!("let mut header = [0; {HEADER}];"));
        draft.code("while let Ok(()) =");
        draft.deeper(|draft| draft.call(step, Part::RecvHeader, "read_exactly(sock, &mut header)"));
        draft.code("{");
        draft.deeper(|draft| {
            body(step, draft);
            draft.code("let text = String::from_utf8(body)?;");
            draft.code("let reply = text.to_uppercase();");
            draft.code("write_frame(sock, &reply)?;");
        });
        draft.code("}");
        draft.code("Ok(())");
    });
    draft.code("}");
}

fn ask(step: usize, draft: &mut Draft) {
    draft.code("fn ask(");
    draft.deeper(|draft| {
        draft.code("sock: &mut TcpStream,");
        draft.code("text: &str,");
    });
    draft.code(") -> Result<Vec<u8>, Box<dyn Error>> {");
    draft.deeper(|draft| {
        draft.code("write_frame(sock, text)?;");
        draft.code(format!("let mut header = [0; {HEADER}];"));
        draft.call(step, Part::RecvHeader, "read_exactly(sock, &mut header)?;");
        body(step, draft);
        draft.code("Ok(body)");
    });
    draft.code("}");
}

/// Sends a text as a frame.
fn write_frame(step: usize, draft: &mut Draft) {
    draft.code("fn write_frame(");
    draft.deeper(|draft| {
        draft.code("sock: &mut TcpStream,");
        draft.code("text: &str,");
    });
    draft.code(") -> Result<(), Box<dyn Error>> {");
    draft.deeper(|draft| {
        draft.code("let len = text.len() as u32;");
        draft.code("let header = len.to_be_bytes();");
        draft.code("let mut frame = header.to_vec();");
        draft.code("frame.extend_from_slice(text.as_bytes());");
        draft.call(step, Part::Send, "sock.write_all(&frame)?;");
        draft.code("Ok(())");
    });
    draft.code("}");
}

/// What follows the header.
pub(super) fn body(step: usize, draft: &mut Draft) {
    draft.code("let len = u32::from_be_bytes(header);");
    rest_of_body(step, draft);
}

/// What follows once its length is known.
pub(super) fn rest_of_body(step: usize, draft: &mut Draft) {
    draft.code("if len > LIMIT {");
    draft.deeper(|draft| draft.call(step, Part::Refuse, "return Err(\"over limit\".into());"));
    draft.code("}");
    draft.code("let mut body = vec![0; len as usize];");
    draft.call(step, Part::RecvBody, "read_exactly(sock, &mut body)?;");
}
