//! A reply on its way: bare, or so that its reader knows where output ends, where errors end, and how the command ended.

use serde::{Deserialize, Serialize};

use super::super::frames::{self, Body};
use crate::endpoint::{Endpoint, EndpointError, Message, Parts};
use crate::framing::Codec;
use crate::scenario::program::LONGEST_ANSWER;
use crate::scenario::program::commands::ReplyHeader;
use crate::trace::{Evidence, Excerpt, FrameFault, What};

/// What a command printed and returned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// Standard output.
    pub out: Vec<u8>,
    /// Standard error.
    pub err: Vec<u8>,
    /// The exit status.
    pub status: i32,
}

/// The JSON header of a reply.
#[derive(Debug, Serialize, Deserialize)]
struct Head {
    status: i32,
    out: u64,
    err: u64,
}

/// Sends a reply.
///
/// # Errors
/// If a call fails or the run is over.
pub fn send(endpoint: &Endpoint<'_>, reply: &Reply, header: ReplyHeader) -> Result<(), EndpointError> {
    match header {
        // The mistake: two sends, and nothing says how long they are.
        ReplyHeader::None => {
            send_bare(endpoint, &reply.out)?;
            send_bare(endpoint, &reply.err)
        }
        ReplyHeader::Length => {
            let status = reply.status.to_string();
            for body in [&reply.out, &reply.err, status.as_bytes()] {
                frames::write_body(endpoint, codec(), body)?;
            }
            Ok(())
        }
        ReplyHeader::Json => send_with_json(endpoint, reply),
    }
}

/// One `send` with nothing around the bytes.
///
/// # Errors
/// If the call fails or the run is over.
pub fn send_bare(endpoint: &Endpoint<'_>, bytes: &[u8]) -> Result<(), EndpointError> {
    endpoint.send(&mut Message::new(bytes, 0), bytes.len())
}

fn send_with_json(endpoint: &Endpoint<'_>, reply: &Reply) -> Result<(), EndpointError> {
    let head = Head {
        status: reply.status,
        out: reply.out.len() as u64,
        err: reply.err.len() as u64,
    };
    let json = serde_json::to_vec(&head).unwrap_or_default();
    let mut bytes = u32::try_from(json.len()).unwrap_or(u32::MAX).to_be_bytes().to_vec();
    let header = bytes.len();
    for part in [&json, &reply.out, &reply.err] {
        bytes.extend_from_slice(part);
    }
    let parts = Parts {
        header,
        json: json.len(),
        delimiter: 0,
    };
    endpoint.send(&mut Message::framed(&bytes, parts), bytes.len())
}

/// Reads a reply that shows where it ends.
///
/// # Errors
/// If a call fails or the run is over.
pub fn read(endpoint: &Endpoint<'_>, header: ReplyHeader) -> Result<Result<Reply, FrameFault>, EndpointError> {
    if header == ReplyHeader::Json {
        return read_with_json(endpoint);
    }
    let mut bodies = [Vec::new(), Vec::new(), Vec::new()];
    for body in &mut bodies {
        match frames::read_exactly(endpoint, codec(), None)? {
            Ok(read) => *body = read,
            Err(fault) => return Ok(Err(fault)),
        }
    }
    let [out, err, status] = bodies;
    let digits = std::str::from_utf8(&status).ok().and_then(|digits| digits.parse().ok());
    let wrong = status.first().copied().unwrap_or_default();
    Ok(digits
        .map(|status| Reply { out, err, status })
        .ok_or(FrameFault::NotANumber { found: wrong }))
}

fn read_with_json(endpoint: &Endpoint<'_>) -> Result<Result<Reply, FrameFault>, EndpointError> {
    let json = match frames::read_exactly(endpoint, Codec::network(LONGEST_HEAD), None)? {
        Ok(json) => json,
        Err(fault) => return Ok(Err(fault)),
    };
    let Ok(head) = serde_json::from_slice::<Head>(&json) else {
        return Ok(Err(FrameFault::BadJson));
    };
    let limit = LONGEST_ANSWER.into();
    // Before any memory is taken.
    if let Some(length) = [head.out, head.err].into_iter().find(|length| *length > limit) {
        return Ok(Err(FrameFault::OverLimit { length, limit }));
    }
    let what = What::Header {
        length: head.out + head.err,
        json: Some(Excerpt::new(&json, Excerpt::WHOLE)),
    };
    endpoint.record(Evidence::Measured, what);
    let mut parts = [Vec::new(), Vec::new()];
    for (part, length) in parts.iter_mut().zip([head.out, head.err]) {
        match recv_exactly(endpoint, length)? {
            Ok(read) => *part = read,
            Err(fault) => return Ok(Err(fault)),
        }
    }
    let [out, err] = parts;
    let status = head.status;
    Ok(Ok(Reply { out, err, status }))
}

/// Asks again until so many bytes are there.
fn recv_exactly(endpoint: &Endpoint<'_>, length: u64) -> Result<Body, EndpointError> {
    let mut bytes = vec![0; usize::try_from(length).unwrap_or_default()];
    let mut got = 0;
    while got < bytes.len() {
        match endpoint.recv(&mut bytes[got..])? {
            0 => {
                let (got, of) = (got as u64, length);
                return Ok(Err(FrameFault::ShortBody { got, of }));
            }
            more => got += more,
        }
    }
    Ok(Ok(bytes))
}

fn codec() -> Codec {
    Codec::network(LONGEST_ANSWER.into())
}

/// Longest JSON header that is accepted, in bytes.
const LONGEST_HEAD: u64 = 4096;
