//! Challenge and response: a server that wants to know whether its client has the key, and clients of many kinds.
//!
//! An answer is a message and the digest over it. The message is the challenge of this connection, and the server compares it
//! with what it has sent. A server that checks less ([`Checks::AnySent`]) takes the challenge from the message, lets a client
//! add what it wants to say, and remembers the messages that it has accepted: that is what a forger needs.

pub mod digest;
pub mod extension;

use super::{Finish, frames};
use crate::endpoint::{Endpoint, EndpointError, Message};
use crate::framing::{Codec, HEADER};
use crate::scenario::Named;
use crate::scenario::Reader;
use crate::scenario::plan::ReadFrames;
use crate::scenario::program::auth::{
    AnswerReader, Answers, CHALLENGE, Challenge, Checks, Cut, LONGEST_ANSWER, Respond,
};
use crate::trace::Note;
use crate::trace::note::NoteText;

/// What a thread keeps between its exchanges: a server what it has sent and accepted; a client what it has heard.
#[derive(Debug, Default)]
pub struct Memory {
    challenges: Vec<[u8; CHALLENGE]>,
    accepted: Vec<Vec<u8>>,
    heard: Option<Answer>,
}

/// A message, and the digest over it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// It begins with the challenge.
    pub message: Vec<u8>,
    /// The digest.
    pub digest: Vec<u8>,
}

/// Sends a fresh challenge, checks the answer, and says what came of it. What is no answer is refused, too, and the
/// server goes on.
///
/// # Errors
/// If a call fails or the run is over.
pub fn challenge(endpoint: &Endpoint<'_>, wants: &Challenge, memory: &mut Memory) -> Result<Finish, EndpointError> {
    let fresh = fresh(endpoint)?;
    memory.challenges.push(fresh);
    endpoint.note(Note::ChallengeSent {
        bytes: count(fresh.len()),
        begins: NoteText::new(&hex::encode(&fresh[..4])),
    })?;
    frames::write_body(endpoint, codec(), &fresh)?;
    let step = ReadFrames {
        codec: codec(),
        reader: match wants.reader {
            AnswerReader::Exact => Reader::Exact,
            AnswerReader::SingleRecv => Reader::SingleRecv,
        },
        deadline: Some(wants.deadline),
        ..ReadFrames::of_programs()
    };
    let reply = match frames::read_one(endpoint, &step)? {
        Ok(body) => {
            let judgement = judge(wants, &fresh, &body, memory);
            let is_accepted = matches!(judgement, Note::MacEqual { .. });
            endpoint.note(judgement)?;
            if is_accepted { ACCEPTED } else { REFUSED }
        }
        Err(fault) => {
            endpoint.give_up(fault);
            REFUSED
        }
    };
    frames::write_body(endpoint, codec(), reply)?;
    Ok(Finish::Done)
}

/// What a server makes of an answer to the challenge `own`; what it accepts it remembers.
#[must_use]
pub fn judge(wants: &Challenge, own: &[u8; CHALLENGE], body: &[u8], memory: &mut Memory) -> Note {
    let wanted = wants.scheme.size();
    let (message, given) = body.split_at(body.len().saturating_sub(wanted));
    // The digest first: who has no key learns nothing else.
    if !digest::verify(wants.scheme, wants.key.as_bytes(), message, given) {
        return Note::MacDiffers {
            bytes: count(given.len()),
        };
    }
    match wants.checks {
        Checks::Own if message != own => return Note::OtherChallenge,
        Checks::AnySent if !memory.challenges.iter().any(|sent| message.starts_with(sent)) => {
            return Note::UnknownChallenge;
        }
        Checks::AnySent if memory.accepted.iter().any(|before| before == message) => return Note::AnsweredBefore,
        Checks::Own | Checks::AnySent => {}
    }
    memory.accepted.push(message.to_vec());
    Note::MacEqual {
        over: count(message.len()),
        added: count(message.len() - CHALLENGE),
    }
}

/// Reads a challenge, answers it in its own way, and reads what came of it.
///
/// # Errors
/// If a call fails or the run is over.
pub fn respond(endpoint: &Endpoint<'_>, how: &Respond, memory: &mut Memory) -> Result<Finish, EndpointError> {
    let challenge = match frames::read_exactly(endpoint, codec(), None)? {
        Ok(challenge) => challenge,
        Err(fault) => {
            endpoint.give_up(fault);
            return Ok(Finish::GaveUp);
        }
    };
    if how.answers == Answers::Noise {
        endpoint.send(&mut Message::new(NOISE, 0), NOISE.len())?;
    } else {
        let (note, body, digest) = answer(how, &challenge, memory);
        // Half a header is no answer.
        if how.answers != Answers::Stops {
            endpoint.note(note)?;
        }
        let cut = match how.cut {
            Cut::Whole => None,
            Cut::InTwo => Some(body.len() - digest + digest.min(AFTER) / 2),
        };
        if how.answers == Answers::Stops {
            frames::write_beginning(endpoint, codec(), &body, HALF_A_HEADER)?;
        } else {
            frames::write_cut(endpoint, codec(), &body, cut)?;
        }
    }
    match frames::read_exactly(endpoint, codec(), None)? {
        Ok(reply) if reply == ACCEPTED => endpoint.note(Note::WasAccepted)?,
        Ok(_) => endpoint.note(Note::WasRefused)?,
        Err(fault) => {
            endpoint.give_up(fault);
            return Ok(Finish::GaveUp);
        }
    }
    Ok(Finish::Done)
}

/// What a client says of its answer, the answer, and how many bytes at its end are (or should be) a digest.
fn answer(how: &Respond, challenge: &[u8], memory: &mut Memory) -> (Note, Vec<u8>, usize) {
    let scheme = NoteText::new(how.scheme.name());
    let with = |key: &str| Answer {
        digest: digest::digest(how.scheme, key.as_bytes(), challenge),
        message: challenge.to_vec(),
    };
    let (note, made) = match how.answers {
        Answers::Legitimate | Answers::Stops => (Note::AnswersWithKey { scheme }, with(&how.key)),
        Answers::OtherKey => (Note::GuessesKey { scheme }, with(&how.guess)),
        Answers::Replay => (Note::Replays, memory.heard.clone().unwrap_or_else(Answer::nothing)),
        Answers::Forger => {
            let heard = memory.heard.clone().unwrap_or_else(Answer::nothing);
            let note = Note::Forges {
                heard: count(heard.message.len()),
                adds: NoteText::new(&how.adds),
            };
            let forged = extension::extend(&heard, how.key.len(), how.adds.as_bytes());
            (note, forged.unwrap_or_else(Answer::nothing))
        }
        Answers::WithoutScheme | Answers::Noise => {
            let text = TEXT.as_bytes().to_vec();
            let note = Note::AnswersWithText {
                text: NoteText::new(TEXT),
            };
            let size = text.len();
            return (note, text, size);
        }
    };
    // The thread of the clients stands for whoever listens on the way.
    memory.heard = Some(made.clone());
    let digest = made.digest.len();
    (note, [made.message, made.digest].concat(), digest)
}

impl Answer {
    fn nothing() -> Self {
        Self {
            message: Vec::new(),
            digest: Vec::new(),
        }
    }
}

/// Bytes that nobody can foresee, from the system (getrandom(2)).
fn fresh(endpoint: &Endpoint<'_>) -> Result<[u8; CHALLENGE], EndpointError> {
    let mut fresh = [0; CHALLENGE];
    getrandom::fill(&mut fresh).map_err(|error| EndpointError::Call {
        side: endpoint.name().to_owned(),
        operation: "getrandom",
        source: std::io::Error::other(error.to_string()),
    })?;
    Ok(fresh)
}

fn codec() -> Codec {
    Codec::network(LONGEST_ANSWER.into())
}

fn count(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

const ACCEPTED: &[u8] = b"accepted";
const REFUSED: &[u8] = b"refused";

/// What a client sends that knows of no scheme.
const TEXT: &str = "ls -l";

/// As a length these bytes are more than any frame may have.
const NOISE: &[u8] = &[0xff; 20];

const HALF_A_HEADER: usize = HEADER / 2;

/// An answer that is cut is cut after 7 bytes of the digest.
const AFTER: usize = 14;

#[cfg(test)]
mod tests;
