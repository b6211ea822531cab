//! Challenge and response in Python: `hmac` and `hashlib` are in its standard library.

use super::super::draft::Draft;
use super::super::literal;
use super::super::{Language, Part};
use crate::scenario::Program;
use crate::scenario::program::auth::{AnswerReader, Answers, Challenge, Checks, Cut, Respond, Scheme};
use crate::words::{Lang, code as say};

/// The modules that a program needs beside those of every socket.
pub(super) fn modules(program: &Program) -> Vec<&'static str> {
    let (scheme, is_server) = match program {
        Program::Challenge(wants) => (wants.scheme, true),
        Program::Respond(how) if makes_a_digest(how) => (how.scheme, false),
        _ => return Vec::new(),
    };
    let is_md5 = scheme == Scheme::Md5SecretNonce;
    let modules = [(is_md5, "hashlib"), (is_server || !is_md5, "hmac"), (is_server, "os")];
    modules
        .iter()
        .filter(|(used, _)| *used)
        .map(|(_, module)| *module)
        .collect()
}

fn makes_a_digest(how: &Respond) -> bool {
    matches!(how.answers, Answers::Legitimate | Answers::OtherKey | Answers::Stops)
}

/// The functions of a server.
pub(super) fn challenge(step: usize, wants: &Challenge, lang: Lang, draft: &mut Draft) {
    digest(wants.scheme, &wants.key, lang, draft);
    draft.blank();
    frames(step, wants.reader, lang, draft);
    draft.blank();
    let judge = match wants.checks {
        Checks::Own => JUDGE_OWN,
        Checks::AnySent => JUDGE_ANY_SENT,
    };
    draft.text(step, &judge.replace("SIZE", &wants.scheme.size().to_string()));
    draft.blank();
    draft.code("def challenge(sock):");
    draft.deeper(|draft| {
        draft.comment(say::for_the_whole_answer(lang));
        draft.code(format!("sock.settimeout({:?})", wants.deadline.as_secs_f64()));
    });
    let (remember, own) = match wants.checks {
        Checks::Own => ("", ", nonce"),
        Checks::AnySent => ("    sent.append(nonce)\n", ""),
    };
    draft.text(step, &CHALLENGE.replace("REMEMBER", remember).replace("OWN", own));
}

/// The functions of a client.
pub(super) fn respond(step: usize, how: &Respond, lang: Lang, draft: &mut Draft) {
    if makes_a_digest(how) {
        let key = if matches!(how.answers, Answers::Legitimate | Answers::Stops) {
            &how.key
        } else {
            &how.guess
        };
        digest(how.scheme, key, lang, draft);
        draft.blank();
    }
    if how.cut == Cut::Whole && !matches!(how.answers, Answers::Noise | Answers::Stops) {
        draft.text(step, WRITE);
        draft.blank();
    }
    read(step, AnswerReader::Exact, lang, draft);
    draft.blank();
    draft.code("def respond(sock):");
    draft.deeper(|draft| {
        draft.code("challenge = read_frame(sock)");
        answer(step, how, lang, draft);
        draft.code("return read_frame(sock)");
    });
}

fn answer(step: usize, how: &Respond, lang: Lang, draft: &mut Draft) {
    match how.answers {
        Answers::Legitimate | Answers::OtherKey | Answers::Stops => {
            draft.code("answer = challenge + digest(challenge)");
        }
        Answers::WithoutScheme => draft.code("answer = b\"ls -l\""),
        Answers::Replay => {
            draft.comment(say::heard_on_the_way(lang));
            draft.code("answer = b\"\"");
        }
        Answers::Forger => {
            draft.comment(say::made_of_what_was_heard(lang));
            draft.code("answer = b\"\"");
        }
        Answers::Noise => return draft.call(step, Part::Send, "sock.sendall(b\"\\xff\" * 20)"),
    }
    if how.answers == Answers::Stops {
        draft.code("n = struct.pack(\"!I\", len(answer))");
        draft.code("frame = n + answer");
        draft.comment(say::stops_here(lang));
        return draft.call(step, Part::Send, "sock.sendall(frame[:2])");
    }
    match how.cut {
        Cut::Whole => draft.code("write_frame(sock, answer)"),
        Cut::InTwo => {
            let digest = how.scheme.size();
            let cut = if how.answers == Answers::WithoutScheme {
                6
            } else {
                digest - 7
            };
            draft.code("n = struct.pack(\"!I\", len(answer))");
            draft.code("frame = n + answer");
            draft.call(step, Part::SendHeader, format!("sock.sendall(frame[:-{cut}])"));
            draft.call(step, Part::SendBody, format!("sock.sendall(frame[-{cut}:])"));
        }
    }
}

/// The key, and what is made with it.
fn digest(scheme: Scheme, key: &str, lang: Lang, draft: &mut Draft) {
    draft.comment(say::keys_elsewhere(lang));
    draft.code(format!("KEY = {}", literal::bytes(Language::Python, key.as_bytes())));
    draft.blank();
    draft.code("def digest(message):");
    draft.deeper(|draft| {
        draft.code(match scheme {
            Scheme::HmacSha256 => "return hmac.digest(KEY, message, \"sha256\")",
            Scheme::HmacMd5 => "return hmac.digest(KEY, message, \"md5\")",
            Scheme::Md5SecretNonce => "return hashlib.md5(KEY + message).digest()",
        });
    });
}

fn frames(step: usize, reader: AnswerReader, lang: Lang, draft: &mut Draft) {
    draft.text(step, WRITE);
    draft.blank();
    read(step, reader, lang, draft);
}

fn read(step: usize, reader: AnswerReader, lang: Lang, draft: &mut Draft) {
    draft.text(step, READ);
    draft.deeper(|draft| {
        if reader == AnswerReader::SingleRecv {
            draft.comment(say::body_may_be_short(lang));
            draft.call(step, Part::RecvBody, "return sock.recv(n)");
        } else {
            draft.call(step, Part::RecvBody, "return recv_exactly(sock, n)");
        }
    });
}

const WRITE: &str = "\
def write_frame(sock, body):
    header = struct.pack(\"!I\", len(body))
    sock.sendall(header + body) @Send";

const READ: &str = "\
def read_frame(sock):
    header = recv_exactly(sock, 4) @RecvHeader
    (n,) = struct.unpack(\"!I\", header)
    if n > LIMIT:
        raise ValueError(\"over limit\") @Refuse";

const JUDGE_OWN: &str = "\
def judge(answer, nonce):
    message = answer[:-SIZE]
    given = answer[-SIZE:]
    wanted = digest(message)
    if not hmac.compare_digest(wanted, given):
        return b\"refused\"
    if message != nonce:
        return b\"refused\"
    return b\"accepted\"";

const JUDGE_ANY_SENT: &str = "\
sent, accepted = [], []

def judge(answer):
    message = answer[:-SIZE]
    given = answer[-SIZE:]
    wanted = digest(message)
    if not hmac.compare_digest(wanted, given):
        return b\"refused\"
    if not any(map(message.startswith, sent)):
        return b\"refused\"
    if message in accepted:
        return b\"refused\"
    accepted.append(message)
    return b\"accepted\"";

const CHALLENGE: &str = "    \
    nonce = os.urandom(32)
REMEMBER    write_frame(sock, nonce)
    try:
        answer = read_frame(sock)
        reply = judge(answerOWN)
    except (OSError, EOFError, ValueError):
        reply = b\"refused\"
    write_frame(sock, reply)";
