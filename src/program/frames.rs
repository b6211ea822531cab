//! Programs that frame their messages: they write a length before each, and read it first.

use super::Finish;
use crate::endpoint::{Endpoint, EndpointError, Message};
use crate::framing::{ByteOrder, Decoded, Decoder, Fault, HEADER, LengthPrefix};
use crate::scenario::{Reader, Writes};
use crate::trace::{Evidence, Excerpt, FrameFault, What};

/// Writes one frame: `length` in a header, then the body, in as many `send` calls as the scenario wants.
///
/// # Errors
/// If a call fails or the run is over.
pub fn write(
    endpoint: &Endpoint<'_>,
    order: ByteOrder,
    length: u32,
    body: &[u8],
    writes: Writes,
) -> Result<(), EndpointError> {
    let header = LengthPrefix { order, limit: u32::MAX }.header(length);
    let frame = [&header[..], body].concat();
    let mut message = Message::new(&frame, HEADER);
    let cuts = match writes {
        Writes::One => vec![],
        Writes::Two => vec![HEADER],
        Writes::CutHeader => vec![HEADER / 2],
        Writes::Bytes => (1..frame.len()).collect(),
    };
    for end in cuts.into_iter().chain([frame.len()]) {
        endpoint.send(&mut message, end)?;
    }
    Ok(())
}

/// Writes one frame with the length that its body has.
///
/// # Errors
/// If a call fails or the run is over.
pub fn write_body(endpoint: &Endpoint<'_>, order: ByteOrder, body: &[u8], writes: Writes) -> Result<(), EndpointError> {
    // No message is as long as four gigabytes.
    let length = u32::try_from(body.len()).unwrap_or(u32::MAX);
    write(endpoint, order, length, body, writes)
}

/// Reads frames until `count` are whole, the stream ends, or something is wrong with it.
///
/// # Errors
/// If a call fails or the run is over.
pub fn read(
    endpoint: &Endpoint<'_>,
    prefix: LengthPrefix,
    reader: Reader,
    count: usize,
) -> Result<Finish, EndpointError> {
    for _ in 0..count {
        let frame = match reader {
            Reader::Exact => read_exactly(endpoint, prefix)?,
            Reader::SingleRecv => read_once(endpoint, prefix)?,
        };
        match frame {
            Ok(body) => endpoint.record(
                Evidence::Measured,
                What::Frame {
                    bytes: Excerpt::new(&body, Excerpt::WHOLE),
                },
            ),
            Err(fault) => {
                endpoint.give_up(fault.into());
                return Ok(Finish::GaveUp);
            }
        }
    }
    Ok(Finish::Done)
}

/// Reads one frame: asks again until header and body are complete, and never for a byte more.
///
/// # Errors
/// If a call fails or the run is over.
pub fn read_exactly(endpoint: &Endpoint<'_>, prefix: LengthPrefix) -> Result<Result<Vec<u8>, Fault>, EndpointError> {
    let mut decoder = Decoder::new(prefix);
    loop {
        // A body can be large, so the buffer for one call is not: what is missing is asked for again.
        let mut buffer = vec![0; decoder.wants().min(LARGEST_READ)];
        let got = if buffer.is_empty() {
            0
        } else {
            endpoint.recv(&mut buffer)?
        };
        if got == 0 && !buffer.is_empty() {
            return Ok(Err(decoder.finish().err().unwrap_or(Fault::ShortHeader { got: 0 })));
        }
        match decoder.push(&buffer[..got]) {
            Err(fault) => return Ok(Err(fault)),
            Ok((_, Some(Decoded::Header(length)))) => endpoint.record(Evidence::Measured, What::Header { length }),
            Ok((_, Some(Decoded::Frame(body)))) => return Ok(Ok(body)),
            Ok((_, None)) => {}
        }
    }
}

/// The mistake this scenario shows: one `recv` for the header, one for the body, and whatever they return is believed.
fn read_once(endpoint: &Endpoint<'_>, prefix: LengthPrefix) -> Result<Result<Vec<u8>, Fault>, EndpointError> {
    let mut header = [0; HEADER];
    let got = endpoint.recv(&mut header)?;
    let length = match prefix.length(&header[..got]) {
        Ok(length) => length,
        Err(fault) => return Ok(Err(fault)),
    };
    endpoint.record(Evidence::Measured, What::Header { length });
    let mut body = vec![0; length as usize];
    // Nobody asks for nothing: recv(0) would return 0 and look like the end of the stream.
    let got = if body.is_empty() { 0 } else { endpoint.recv(&mut body)? };
    body.truncate(got);
    Ok(Ok(body))
}

/// Most bytes asked for in one `recv`.
const LARGEST_READ: usize = 64 * 1024;

impl From<Fault> for FrameFault {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::ShortHeader { got } => Self::ShortHeader { got: got as u64 },
            Fault::ShortBody { got, of } => Self::ShortBody {
                got: got as u64,
                of: of.into(),
            },
            Fault::OverLimit { length, limit } => Self::OverLimit {
                length: length.into(),
                limit: limit.into(),
            },
        }
    }
}
