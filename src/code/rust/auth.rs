//! Challenge and response in Rust. The standard library has no digests, so a function stands for those of a crate.

use super::super::Language;
use super::super::Part;
use super::super::draft::Draft;
use super::super::literal;
use crate::scenario::program::auth::{AnswerReader, Answers, Challenge, Checks, Cut, Respond, Scheme};
use crate::words::{Lang, code as say};

/// The functions of a server.
pub(super) fn challenge(step: usize, wants: &Challenge, lang: Lang, draft: &mut Draft) {
    digest(wants.scheme, &wants.key, lang, draft);
    draft.blank();
    frames(step, wants.reader, lang, draft);
    draft.blank();
    let remembers = wants.checks == Checks::AnySent;
    if remembers {
        draft.text(step, KNOWN);
        draft.blank();
    }
    let (parameter, judge, remember, own) = if remembers {
        (
            "known: &mut Known",
            JUDGE_ANY_SENT,
            "    known.0.push(nonce.to_vec());\n",
            "known",
        )
    } else {
        ("nonce: &[u8]", JUDGE_OWN, "", "&nonce")
    };
    let size = wants.scheme.size().to_string();
    draft.text(step, &JUDGE.replace("SIZE", &size).replace("PARAMETER", parameter));
    draft.deeper(|draft| draft.comment(say::same_time(lang)));
    draft.text(step, judge);
    draft.blank();
    let parameter = if remembers { "    known: &mut Known,\n" } else { "" };
    draft.text(
        step,
        &CHALLENGE.replace("PARAMETER", parameter).replace("REMEMBER", remember),
    );
    draft.deeper(|draft| {
        draft.comment(say::for_the_whole_answer(lang));
        let millis = wants.deadline.as_millis();
        draft.code(format!("let wait = Duration::from_millis({millis});"));
    });
    draft.text(step, &REST_OF_CHALLENGE.replace("OWN", own));
}

/// The functions of a client.
pub(super) fn respond(step: usize, how: &Respond, lang: Lang, draft: &mut Draft) {
    let key = match how.answers {
        Answers::Legitimate | Answers::Stops => Some(&how.key),
        Answers::OtherKey => Some(&how.guess),
        _ => None,
    };
    if let Some(key) = key {
        digest(how.scheme, key, lang, draft);
        draft.blank();
    }
    let writes = how.cut == Cut::Whole && !matches!(how.answers, Answers::Noise | Answers::Stops);
    if writes {
        draft.text(step, WRITE);
        draft.blank();
    }
    read(step, AnswerReader::Exact, lang, draft);
    draft.blank();
    draft.text(step, RESPOND);
    draft.deeper(|draft| {
        let name = if key.is_some() { "challenge" } else { "_challenge" };
        draft.code(format!("let {name} = read_frame(sock)?;"));
        answer(step, how, lang, draft);
        draft.code("read_frame(sock)");
    });
    draft.code("}");
}

fn answer(step: usize, how: &Respond, lang: Lang, draft: &mut Draft) {
    match how.answers {
        Answers::Legitimate | Answers::OtherKey | Answers::Stops => {
            draft.code("let mut answer = challenge.clone();");
            draft.code("answer.extend(digest(&challenge));");
        }
        Answers::WithoutScheme => draft.code("let answer = b\"ls -l\".to_vec();"),
        Answers::Replay => {
            draft.comment(say::heard_on_the_way(lang));
            draft.code("let answer = Vec::new();");
        }
        Answers::Forger => {
            draft.comment(say::made_of_what_was_heard(lang));
            draft.code("let answer = Vec::new();");
        }
        Answers::Noise => return draft.call(step, Part::Send, "sock.write_all(&[0xff; 20])?;"),
    }
    if how.answers == Answers::Stops {
        draft.code("let len = answer.len() as u32;");
        draft.code("let header = len.to_be_bytes();");
        draft.code("let mut frame = header.to_vec();");
        draft.code("frame.extend(answer);");
        draft.comment(say::stops_here(lang));
        return draft.call(step, Part::Send, "sock.write_all(&frame[..2])?;");
    }
    match how.cut {
        Cut::Whole => draft.code("write_frame(sock, &answer)?;"),
        Cut::InTwo => {
            let cut = match how.answers {
                Answers::WithoutScheme => 3,
                _ => how.scheme.size() - 7,
            };
            draft.code("let len = answer.len() as u32;");
            draft.code("let header = len.to_be_bytes();");
            draft.code("let mut frame = header.to_vec();");
            draft.code("frame.extend(answer);");
            draft.code(format!("let cut = frame.len() - {cut};"));
            draft.call(step, Part::SendHeader, "sock.write_all(&frame[..cut])?;");
            draft.call(step, Part::SendBody, "sock.write_all(&frame[cut..])?;");
        }
    }
}

/// The key, and what stands for the crate that makes digests with it.
fn digest(scheme: Scheme, key: &str, lang: Lang, draft: &mut Draft) {
    draft.comment(say::keys_elsewhere(lang));
    draft.code(format!("const KEY: &str = {};", literal::text(Language::Rust, key)));
    draft.blank();
    let crates = match scheme {
        Scheme::HmacSha256 => "hmac, sha2",
        Scheme::HmacMd5 => "hmac, md-5",
        Scheme::Md5SecretNonce => "md-5",
    };
    draft.comment(say::stands_for_crates(lang, crates));
    draft.code("fn digest(message: &[u8]) -> Vec<u8> {");
    draft.deeper(|draft| draft.code("unimplemented!(\"{KEY} {message:?}\")"));
    draft.code("}");
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
            draft.call(step, Part::RecvBody, "let n = sock.read(&mut body)?;");
            draft.code("body.truncate(n);");
        } else {
            draft.call(step, Part::RecvBody, "read_exactly(sock, &mut body)?;");
        }
        draft.code("Ok(body)");
    });
    draft.code("}");
}

const WRITE: &str = "\
fn write_frame(
    sock: &mut TcpStream,
    body: &[u8],
) -> Result<(), Box<dyn Error>> {
    let len = body.len() as u32;
    let header = len.to_be_bytes();
    let mut frame = header.to_vec();
    frame.extend_from_slice(body);
    sock.write_all(&frame)?; @Send
    Ok(())
}";

const READ: &str = "\
fn read_frame(
    sock: &mut TcpStream,
) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut header = [0; 4];
    read_exactly(sock, &mut header)?; @RecvHeader
    let len = u32::from_be_bytes(header);
    if len > LIMIT {
        return Err(\"over limit\".into()); @Refuse
    }
    let mut body = vec![0; len as usize];";

const KNOWN: &str = "\
type Sent = Vec<Vec<u8>>;
type Accepted = Vec<Vec<u8>>;
type Known = (Sent, Accepted);";

const JUDGE: &str = "\
fn judge(
    answer: &[u8],
    PARAMETER,
) -> bool {
    let end = answer.len().saturating_sub(SIZE);
    let message = &answer[..end];";

const JUDGE_OWN: &str = "    \
    let wanted = digest(message);
    let equal = wanted == answer[end..];
    equal && message == nonce
}";

const JUDGE_ANY_SENT: &str = "    \
    let wanted = digest(message);
    let equal = wanted == answer[end..];
    let (sent, accepted) = known;
    let mut sent = sent.iter();
    let mine =
        sent.any(|m| message.starts_with(m));
    let message = message.to_vec();
    let new = !accepted.contains(&message);
    let accept = equal && mine && new;
    if accept {
        accepted.push(message);
    }
    accept
}";

const CHALLENGE: &str = "\
fn challenge(
    sock: &mut TcpStream,
PARAMETER) -> Result<(), Box<dyn Error>> {
    let mut nonce = [0; 32];
    std::fs::File::open(\"/dev/urandom\")?
        .read_exact(&mut nonce)?;
REMEMBER    write_frame(sock, &nonce)?;";

const REST_OF_CHALLENGE: &str = "    \
    sock.set_read_timeout(Some(wait))?;
    let accept = match read_frame(sock) {
        Ok(answer) => judge(&answer, OWN),
        Err(_) => false,
    };
    let reply = match accept {
        true => \"accepted\",
        false => \"refused\",
    };
    write_frame(sock, reply.as_bytes())
}";

const RESPOND: &str = "\
fn respond(
    sock: &mut TcpStream,
) -> Result<Vec<u8>, Box<dyn Error>> {";
