//! Programs that send and receive files, in Rust. Its standard library makes no digest and reads no JSON.

use super::super::draft::Draft;
use super::super::endpoint::Endpoint;
use super::super::literal;
use super::super::{Language, Part};
use crate::scenario::knob::file_name;
use crate::scenario::program::{
    BodyReader, Dies, LETTERS_NAME, NameGiven, Program, Put, SendFile, ServePuts, SmallFile, Source,
};
use crate::words::{Lang, code as say};

/// Whether it opens a file of the user's.
pub(super) fn opens_a_file(endpoint: &Endpoint<'_>) -> bool {
    endpoint.moves_files().is_some_and(needs_file)
}

/// Whether a program names `File`.
pub(super) fn needs_file(program: &Program) -> bool {
    match program {
        Program::ReceiveFile(_) => true,
        Program::SendFile(sending) => matches!(sending.source, Source::Path(_)),
        _ => false,
    }
}

/// The functions of a program; their lines are lit during its first step.
pub(super) fn functions(step: usize, program: &Program, lang: Lang, draft: &mut Draft) {
    match program {
        Program::SendFile(SendFile { flip, .. }) => {
            draft.text(step, ANSWER);
            draft.text(step, SEND_HEAD);
            draft.deeper(|draft| {
                draft.comment(say::digest_not_in_std(lang));
                draft.text(step, SEND_HEADER);
                draft.deeper(|draft| {
                    draft.text(step, SEND_READ);
                    if *flip {
                        draft.comment(say::flips_a_byte(lang));
                    }
                    draft.call(step, Part::Send, "sock.write_all(&buf[..n])?;");
                    draft.code("size -= n as u64;");
                });
                draft.code("}");
                draft.code("Ok(())");
            });
            draft.code("}");
        }
        Program::ReceiveFile(_) => {
            header(step, lang, draft);
            draft.text(step, RECEIVE);
            draft.deeper(|draft| draft.comment(say::digest_not_in_std(lang)));
            draft.text(step, RECEIVED);
        }
        Program::Put(_) => {
            draft.text(step, ANSWER);
            draft.text(step, PUT_HEAD);
            draft.deeper(|draft| draft.comment(say::digest_not_in_std(lang)));
            draft.text(step, PUT);
        }
        Program::ServePuts(ServePuts { reader, .. }) => {
            header(step, lang, draft);
            draft.text(step, SERVE_PUT);
            draft.deeper(|draft| {
                if *reader == BodyReader::Fixed {
                    draft.comment(say::takes_too_much(lang));
                    draft.text(step, FIXED_BODY);
                } else {
                    draft.text(step, EXACT_BODY);
                }
                draft.comment(say::digest_not_in_std(lang));
            });
            draft.text(step, SERVED_PUT);
            draft.text(step, SERVE);
        }
        // The others move no files.
        _ => {}
    }
}

/// Reads a header, and a field of it.
fn header(step: usize, lang: Lang, draft: &mut Draft) {
    draft.comment(say::no_json_in_std(lang));
    draft.text(step, FIELD);
    draft.text(step, HEADER);
    draft.text(step, IS_PLAIN);
}

/// The call of a program.
pub(super) fn call(step: usize, program: &Program, lang: Lang, draft: &mut Draft) {
    match program {
        Program::SendFile(SendFile { source, .. }) => {
            match source {
                Source::Letters(count) => {
                    draft.code(format!("let name = \"{LETTERS_NAME}\";"));
                    draft.code(format!("let size: u64 = {count};"));
                    draft.code(format!("let row = \"{}\";", literal::ALPHABET));
                    draft.code("let n = size as usize;");
                    draft.code("let letters = row.repeat(n / 26 + 1);");
                    draft.code("let file = &letters.as_bytes()[..n];");
                }
                Source::Path(path) => {
                    let name: String = file_name(path).chars().take(16).collect();
                    draft.code(format!("let name = {};", literal::text(Language::Rust, &name)));
                    draft.code("let file = File::open(name)?;");
                    draft.code("let size = file.metadata()?.len();");
                }
            }
            draft.code("send_file(&mut sock, file, name, size)?;");
            draft.code("let reply = answer(&mut sock)?;");
            draft.code("println!(\"{}\", reply.escape_ascii());");
        }
        Program::ReceiveFile(_) => {
            draft.code("let reply = receive_file(&mut sock)?;");
            draft.text(step, REPLY);
            draft.code("println!(\"{reply}\");");
        }
        Program::Put(Put {
            files,
            name,
            command,
            pipelined,
            dies,
        }) => {
            let last = files.len() - 1;
            for (index, file) in files.iter().enumerate() {
                let name = if index == 0 { *name } else { NameGiven::Plain };
                put(file, name, command, draft);
                if index == last && *dies != Dies::No {
                    draft.comment(say::is_gone(lang));
                } else if !pipelined {
                    answered(draft);
                }
            }
            let owed = files.len() - usize::from(*dies != Dies::No);
            if *pipelined && owed > 0 {
                draft.code(format!("for _ in 0..{owed} {{"));
                draft.deeper(answered);
                draft.code("}");
            }
        }
        Program::ServePuts(_) => draft.code("serve(&mut sock)?;"),
        // The others move no files.
        _ => {}
    }
}

fn answered(draft: &mut Draft) {
    draft.code("let reply = answer(&mut sock)?;");
    draft.code("println!(\"{}\", reply.escape_ascii());");
}

/// One file that is put.
fn put(file: &SmallFile, name: NameGiven, command: &str, draft: &mut Draft) {
    let text = |text: &str| literal::text(Language::Rust, text);
    let name = match name {
        NameGiven::Long => "&\"x\".repeat(300)".to_owned(),
        name => text(&name.instead_of(&file.name)),
    };
    let items = ["&mut sock".to_owned(), text(command), name, text(&file.text)];
    draft.list("put(", &items, ")?;");
}

const ANSWER: &str = r#"fn answer(
    sock: &mut TcpStream,
) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut header = [0; 4];
    read_exactly(sock, &mut header)?; @RecvHeader
    let len = u32::from_be_bytes(header);
    if len > LIMIT {
        return Err("over limit".into()); @Refuse
    }
    let mut body = vec![0; len as usize];
    read_exactly(sock, &mut body)?; @RecvBody
    Ok(body)
}

"#;

const SEND_HEAD: &str = r"fn send_file(
    sock: &mut TcpStream,
    mut file: impl Read,
    name: &str,
    mut size: u64,
) -> Result<(), Box<dyn Error>> {";

const SEND_HEADER: &str = r##"let json = format!(
    r#"{{"name": "{name}",
"size": {size}}}"#
);
let len = json.len() as u32;
let len = len.to_be_bytes();
let mut header = len.to_vec();
header.extend_from_slice(json.as_bytes());
sock.write_all(&header)?; @SendHeader
let mut buf = vec![0; CHUNK];
while size > 0 {"##;

const SEND_READ: &str = r#"let want = CHUNK.min(size as usize);
let n = file.read(&mut buf[..want])?;
if n == 0 {
    return Err("file shrank".into());
}"#;

const FIELD: &str = r#"fn field<'j>(
    json: &'j str,
    key: &str,
) -> Option<&'j str> {
    let key = format!("\"{key}\": ");
    let (_, rest) = json.split_once(&key)?;
    let end = rest.find([',', '}'])?;
    Some(rest[..end].trim_matches('"'))
}

"#;

const HEADER: &str = r#"fn read_header(
    sock: &mut TcpStream,
) -> Result<(String, u64), Box<dyn Error>> {
    let mut header = [0; 4];
    read_exactly(sock, &mut header)?; @RecvHeader
    let len = u32::from_be_bytes(header);
    if len > HEADER_LIMIT {
        return Err("over limit".into()); @Refuse
    }
    let mut json = vec![0; len as usize];
    read_exactly(sock, &mut json)?;
    let json = String::from_utf8(json)?;
    let size = field(&json, "size");
    let size = size.ok_or("no size")?;
    let size = size.parse()?;
    if size > LIMIT {
        return Err("over limit".into());
    }
    Ok((json, size))
}

"#;

const IS_PLAIN: &str = r#"fn is_plain(name: &str) -> bool {
    let out = ["", ".", ".."].contains(&name);
    let odd = ['/', '\\', '\0'];
    let out = out || name.contains(odd);
    !out && name.len() <= 255
}

"#;

const RECEIVE: &str = r#"fn receive_file(
    sock: &mut TcpStream,
) -> Result<&'static str, Box<dyn Error>> {
    let (json, mut size) = read_header(sock)?;
    let name = field(&json, "name");
    let name = name.unwrap_or("");
    if !is_plain(name) {
        return Err("no plain name".into());
    }
    let mut file = File::create(".part")?;
    let mut buf = vec![0; CHUNK];
    while size > 0 {
        let want = CHUNK.min(size as usize);
        let n = sock.read(&mut buf[..want])?; @RecvBody
        if n == 0 {
            fs::remove_file(".part")?;
            return Err("stream ended".into());
        }
        file.write_all(&buf[..n])?;
        size -= n as u64;
    }"#;

const RECEIVED: &str = r#"    fs::rename(".part", name)?;
    Ok("kept")
}
"#;

const REPLY: &str = r"let len = reply.len() as u32;
let len = len.to_be_bytes();
let mut frame = len.to_vec();
frame.extend_from_slice(reply.as_bytes());
sock.write_all(&frame)?; @Send";

const PUT_HEAD: &str = r"fn put(
    sock: &mut TcpStream,
    cmd: &str,
    name: &str,
    body: &str,
) -> Result<(), Box<dyn Error>> {
    let size = body.len();";

const PUT: &str = r##"    let json = format!(
        r#"{{"cmd": "{cmd}", "name": "{name}",
"size": {size}}}"#
    );
    let len = json.len() as u32;
    let len = len.to_be_bytes();
    let mut frame = len.to_vec();
    frame.extend_from_slice(json.as_bytes());
    frame.extend_from_slice(body.as_bytes());
    sock.write_all(&frame)?; @Send
    Ok(())
}
"##;

const SERVE_PUT: &str = r#"fn put(
    sock: &mut TcpStream,
    json: &str,
    size: u64,
) -> Result<&'static str, Box<dyn Error>> {
    let name = field(json, "name");
    let name = name.unwrap_or("");"#;

const EXACT_BODY: &str = r"let mut body = vec![0; size as usize];
read_exactly(sock, &mut body)?; @RecvBody";

const FIXED_BODY: &str = r#"let mut body = Vec::new();
let mut buf = [0; 8192];
while (body.len() as u64) < size {
    let n = sock.read(&mut buf)?; @RecvBody
    if n == 0 {
        return Err("stream ended".into());
    }
    body.extend_from_slice(&buf[..n]);
}"#;

const SERVED_PUT: &str = r#"    if !is_plain(name) {
        return Ok("refused: no such name");
    }
    fs::write(".part", body)?;
    fs::rename(".part", name)?;
    Ok("kept")
}

"#;

const SERVE: &str = r#"fn reply(
    sock: &mut TcpStream,
    json: &str,
    size: u64,
) -> Result<&'static str, Box<dyn Error>> {
    if field(json, "cmd") == Some("put") {
        return put(sock, json, size);
    }
    let mut rest = vec![0; size as usize];
    read_exactly(sock, &mut rest)?;
    Ok("refused: no such command")
}

fn serve(
    sock: &mut TcpStream,
) -> Result<(), Box<dyn Error>> {
    while sock.peek(&mut [0])? > 0 {
        let (json, size) = read_header(sock)?;
        let text = reply(sock, &json, size)?;
        let len = text.len() as u32;
        let len = len.to_be_bytes();
        let mut frame = len.to_vec();
        frame.extend(text.bytes());
        sock.write_all(&frame)?; @Send
    }
    Ok(())
}
"#;
