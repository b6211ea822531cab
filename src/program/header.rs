//! Headers in JSON that announce files: four bytes of length, then so many bytes of JSON.

use std::time::Duration;

use crate::endpoint::{Endpoint, EndpointError, Message, Parts};
use crate::framing::{Codec, Fault, FileHeader, HEADER};
use crate::scenario::program::LONGEST_HEADER;
use crate::trace::{Evidence, Excerpt, FrameFault, What};

/// A header in front of a file, as it is sent: its bytes, and how many of them are JSON.
#[must_use]
pub fn wire(header: &FileHeader) -> (Vec<u8>, usize) {
    let json = header.write();
    let length = u32::try_from(json.len()).unwrap_or(u32::MAX);
    let mut bytes = length.to_be_bytes().to_vec();
    bytes.extend_from_slice(&json);
    (bytes, json.len())
}

/// Sends a header, and `body` behind it, in one `send`.
///
/// # Errors
/// If the call fails or the run is over.
pub fn write(endpoint: &Endpoint<'_>, header: &FileHeader, body: &[u8]) -> Result<(), EndpointError> {
    let (mut bytes, json) = wire(header);
    bytes.extend_from_slice(body);
    let parts = Parts {
        header: HEADER,
        json,
        delimiter: 0,
    };
    endpoint.send(&mut Message::framed(&bytes, parts), bytes.len())
}

/// Reads a header.
///
/// # Errors
/// If a call fails or the run is over.
pub fn read(
    endpoint: &Endpoint<'_>,
    patience: Option<Duration>,
) -> Result<Result<FileHeader, FrameFault>, EndpointError> {
    let mut length = [0; HEADER];
    let got = exactly(endpoint, &mut length, patience)?;
    let of = HEADER as u64;
    match got {
        Read::Whole => {}
        Read::Ended(0) => return Ok(Err(FrameFault::EndOfStream)),
        Read::Ended(got) => return Ok(Err(FrameFault::ShortHeader { got, of })),
        Read::Silent(got) => return Ok(Err(timed_out(got, patience))),
    }
    let limit = LONGEST_HEADER.into();
    let length = match Codec::network(limit).believe(&length) {
        Ok(length) => length,
        Err(fault) => return Ok(Err(fault.into())),
    };
    endpoint.record(Evidence::Measured, What::Header { length, json: None });
    // Within the limit: that has been checked.
    let mut json = vec![0; usize::try_from(length).unwrap_or(0)];
    match exactly(endpoint, &mut json, patience)? {
        Read::Whole => {}
        Read::Ended(got) => return Ok(Err(FrameFault::ShortHeader { got, of: length })),
        Read::Silent(got) => return Ok(Err(timed_out(of + got, patience))),
    }
    let header = match FileHeader::read(&json) {
        Ok(header) => header,
        Err(fault) => return Ok(Err(Fault::into(fault))),
    };
    let json = Some(Excerpt::new(&json, Excerpt::WHOLE));
    let length = header.size;
    endpoint.record(Evidence::Measured, What::Header { length, json });
    Ok(Ok(header))
}

/// How far a read came, in bytes.
enum Read {
    Whole,
    Ended(u64),
    Silent(u64),
}

fn exactly(endpoint: &Endpoint<'_>, buffer: &mut [u8], patience: Option<Duration>) -> Result<Read, EndpointError> {
    let mut got = 0;
    while got < buffer.len() {
        let until = patience.map(|patience| endpoint.deadline_clock() + patience);
        match endpoint.recv_until(&mut buffer[got..], until)? {
            Some(0) => return Ok(Read::Ended(got as u64)),
            Some(more) => got += more,
            None => return Ok(Read::Silent(got as u64)),
        }
    }
    Ok(Read::Whole)
}

/// Nothing has come for longer than the program waits.
#[must_use]
pub fn timed_out(got: u64, patience: Option<Duration>) -> FrameFault {
    let after = patience.unwrap_or_default();
    FrameFault::TimedOut {
        got,
        after_ms: u64::try_from(after.as_millis()).unwrap_or(u64::MAX),
    }
}
