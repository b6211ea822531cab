//! Programs that send and receive files, in Python.

use super::super::draft::Draft;
use super::super::endpoint::Endpoint;
use super::super::literal;
use super::super::{Language, Part};
use crate::digest::Algorithm;
use crate::scenario::knob::file_name;
use crate::scenario::program::{
    BodyReader, Dies, LETTERS_NAME, NameGiven, Program, Put, SendFile, ServePuts, SmallFile, Source,
};
use crate::words::{Lang, code as say};

/// Whether it makes digests.
pub(super) fn hashes(endpoint: &Endpoint<'_>) -> bool {
    match endpoint.moves_files() {
        Some(Program::SendFile(sending)) => sending.hash != Algorithm::None,
        other => other.is_some(),
    }
}

/// Whether it sends a file that is none.
pub(super) fn makes_letters(endpoint: &Endpoint<'_>) -> bool {
    let letters = |program: &Program| matches!(program, Program::SendFile(sending) if matches!(sending.source, Source::Letters(_)));
    endpoint.moves_files().is_some_and(letters)
}

/// The functions of a program; their lines are lit during its first step.
pub(super) fn functions(step: usize, program: &Program, lang: Lang, draft: &mut Draft) {
    match program {
        Program::SendFile(SendFile { hash, flip, .. }) => {
            draft.text(step, ANSWER);
            send_file(step, *hash, *flip, lang, draft);
        }
        Program::ReceiveFile(_) => receive_file(step, lang, draft),
        Program::Put(_) => {
            draft.text(step, ANSWER);
            draft.text(step, PUT);
        }
        Program::ServePuts(ServePuts { reader, .. }) => {
            serve_puts(step, *reader, lang, draft);
        }
        // The others move no files.
        _ => {}
    }
}

/// The call of a program.
pub(super) fn call(step: usize, program: &Program, lang: Lang, draft: &mut Draft) {
    match program {
        Program::SendFile(SendFile { source, .. }) => {
            let name = match source {
                Source::Letters(count) => {
                    draft.code(format!("letters = b\"{}\"", literal::ALPHABET));
                    draft.code(format!("letters *= {}", count / 26 + 1));
                    draft.code(format!("f = io.BytesIO(letters[:{count}])"));
                    LETTERS_NAME.to_owned()
                }
                Source::Path(path) => {
                    let name = file_name(path);
                    draft.list("f = open(", &[short(&name), "\"rb\"".to_owned()], ")");
                    name
                }
            };
            draft.list("send_file(", &["sock".to_owned(), "f".to_owned(), short(&name)], ")");
            draft.code("print(answer(sock))");
        }
        Program::ReceiveFile(_) => {
            draft.code("reply = receive_file(sock)");
            draft.code("n = struct.pack(\"!I\", len(reply))");
            draft.call(step, Part::Send, "sock.sendall(n + reply)");
            draft.code("print(reply)");
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
                    draft.code("print(answer(sock))");
                }
            }
            let owed = files.len() - usize::from(*dies != Dies::No);
            if *pipelined && owed > 0 {
                draft.code(format!("for _ in range({owed}):"));
                draft.deeper(|draft| draft.code("print(answer(sock))"));
            }
            if *dies != Dies::No {
                draft.code("sock.close()");
            }
        }
        Program::ServePuts(_) => {
            draft.code("serve(sock)");
            draft.code("sock.close()");
        }
        // The others move no files.
        _ => {}
    }
}

/// One file that is put.
fn put(file: &SmallFile, name: NameGiven, command: &str, draft: &mut Draft) {
    let text = |text: &str| literal::text(Language::Python, text);
    let name = match name {
        NameGiven::Long => "\"x\" * 300".to_owned(),
        name => text(&name.instead_of(&file.name)),
    };
    let body = literal::bytes(Language::Python, file.text.as_bytes());
    draft.list("put(", &["sock".to_owned(), text(command), name, body], ")");
}

/// A name that fits into a line.
fn short(name: &str) -> String {
    let kept: String = name.chars().take(16).collect();
    literal::text(Language::Python, &kept)
}

fn send_file(step: usize, hash: Algorithm, flip: bool, lang: Lang, draft: &mut Draft) {
    draft.code("def send_file(sock, f, name):");
    draft.deeper(|draft| {
        draft.code("size = f.seek(0, 2)");
        draft.code("f.seek(0)");
        draft.code("header = {\"name\": name, \"size\": size}");
        if hash != Algorithm::None {
            draft.code(format!("made = hashlib.{hash}()"));
            draft.code("while data := f.read(CHUNK):");
            draft.deeper(|draft| draft.code("made.update(data)"));
            draft.code("f.seek(0)");
            draft.code(format!("header[\"{hash}\"] = made.hexdigest()"));
        }
        draft.text(step, SEND_HEADER);
        draft.code("while size > 0:");
        draft.deeper(|draft| {
            draft.code("data = f.read(min(size, CHUNK))");
            draft.code("if not data:");
            draft.deeper(|draft| draft.code("raise EOFError(\"file shrank\")"));
            if flip {
                draft.comment(say::flips_a_byte(lang));
            }
            draft.call(step, Part::Send, "sock.sendall(data)");
            draft.code("size -= len(data)");
        });
    });
}

fn receive_file(step: usize, lang: Lang, draft: &mut Draft) {
    draft.text(step, HEADER);
    draft.text(step, PLAIN_NAME);
    draft.code("def receive_file(sock):");
    draft.deeper(|draft| {
        draft.text(step, "header = read_header(sock)");
        draft.text(step, CHECK_NAME);
        draft.comment(say::one_of_these(lang));
        draft.text(step, RECEIVE);
    });
}

fn serve_puts(step: usize, reader: BodyReader, lang: Lang, draft: &mut Draft) {
    draft.text(step, HEADER);
    draft.text(step, PLAIN_NAME);
    draft.code("def put(sock, header):");
    draft.deeper(|draft| {
        draft.code("name = header[\"name\"]");
        draft.code("size = header[\"size\"]");
        if reader == BodyReader::Fixed {
            draft.comment(say::takes_too_much(lang));
            draft.text(step, FIXED_BODY);
        } else {
            draft.text(step, "body = recv_exactly(sock, size) @RecvBody");
        }
        draft.text(step, KEEP);
    });
    draft.text(step, SERVE);
}

const ANSWER: &str = r#"def answer(sock):
    header = recv_exactly(sock, 4) @RecvHeader
    (n,) = struct.unpack("!I", header)
    if n > LIMIT:
        raise ValueError("over limit") @Refuse
    return recv_exactly(sock, n) @RecvBody

"#;

const PUT: &str = r#"def put(sock, cmd, name, body):
    made = hashlib.sha256(body)
    header = {"cmd": cmd, "name": name}
    header["size"] = len(body)
    header["sha256"] = made.hexdigest()
    header = json.dumps(header).encode()
    n = struct.pack("!I", len(header))
    sock.sendall(n + header + body) @Send
"#;

const SEND_HEADER: &str = r#"header = json.dumps(header).encode()
n = struct.pack("!I", len(header))
sock.sendall(n + header) @SendHeader"#;

const HEADER: &str = r#"def read_header(sock):
    n = recv_exactly(sock, 4) @RecvHeader
    (n,) = struct.unpack("!I", n)
    if n > HEADER_LIMIT:
        raise ValueError("over limit") @Refuse
    header = json.loads(recv_exactly(sock, n))
    if not 0 <= header["size"] <= LIMIT:
        raise ValueError("over limit")
    return header

"#;

const PLAIN_NAME: &str = r#"def is_plain(name):
    out = name in ("", ".", "..")
    out = out or "\0" in name
    out = out or len(name.encode()) > 255
    part = os.path.basename(name)
    return part == name and not out

"#;

const CHECK_NAME: &str = r#"name = header["name"]
size = header["size"]
if not is_plain(name):
    raise ValueError("no plain name")"#;

const RECEIVE: &str = r#"kind = {"sha256", "md5"} & header.keys()
made = [hashlib.new(k) for k in kind]
with open(".part", "wb") as f:
    while size > 0:
        want = min(size, CHUNK)
        data = sock.recv(want) @RecvBody
        if not data:
            os.remove(".part")
            raise EOFError("stream ended")
        f.write(data)
        for one in made:
            one.update(data)
        size -= len(data)
for one in made:
    said = header[one.name]
    if one.hexdigest() != said:
        os.remove(".part")
        return b"refused: digest differs"
os.replace(".part", name)
return b"kept""#;

const FIXED_BODY: &str = r#"body = b""
while len(body) < size:
    data = sock.recv(8192) @RecvBody
    if not data:
        raise EOFError("stream ended")
    body += data"#;

const KEEP: &str = r#"if not is_plain(name):
    return b"refused: no such name"
made = hashlib.sha256(body).hexdigest()
if made != header["sha256"]:
    return b"refused: digest differs"
with open(".part", "wb") as f:
    f.write(body)
os.replace(".part", name)
return b"kept"
"#;

const SERVE: &str = r#"
def refuse(sock, header):
    recv_exactly(sock, header["size"])
    return b"refused: no such command"

COMMANDS = {"put": put}

def serve(sock):
    while sock.recv(1, socket.MSG_PEEK):
        header = read_header(sock)
        command = COMMANDS.get(header["cmd"])
        command = command or refuse
        reply = command(sock, header)
        n = struct.pack("!I", len(reply))
        sock.sendall(n + reply) @Send
"#;
