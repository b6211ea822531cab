//! Programs that frame their messages.

use std::time::{Duration, Instant};

use super::Finish;
use crate::endpoint::{Endpoint, EndpointError, Message, Parts};
use crate::framing::{Asks, Codec, Decoded, Decoder, Fault, Frame, Kind};
use crate::scenario::Reader;
use crate::scenario::framing::SenderFault;
use crate::scenario::plan::{OutFrame, READY, ReadFrames, SendFrames};
use crate::trace::{Evidence, Excerpt, FrameFault, What};

/// Writes frames, each in as many `send` calls as the scenario wants.
///
/// # Errors
/// If a call fails or the run is over.
pub fn write(endpoint: &Endpoint<'_>, step: &SendFrames) -> Result<Finish, EndpointError> {
    for frame in &step.frames {
        if !write_one(endpoint, frame, step.handshake)? {
            return Ok(give_up(endpoint, FrameFault::NotReady));
        }
    }
    Ok(Finish::Done)
}

/// Writes one frame; whether the other side wanted its body.
fn write_one(endpoint: &Endpoint<'_>, frame: &OutFrame, handshake: bool) -> Result<bool, EndpointError> {
    let mut message = Message::framed(&frame.wire.bytes, parts(&frame.wire));
    for (call, end) in frame.ends.iter().enumerate() {
        if let (Some(SenderFault::Dribbles(pause)), 1..) = (frame.fault, call) {
            endpoint.dawdle(pause)?;
        }
        endpoint.send(&mut message, *end)?;
        if handshake && *end == frame.head() && !is_ready(endpoint)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Writes one frame with the length that its body has, in one `send`.
///
/// # Errors
/// If the call fails or the run is over.
pub fn write_body(endpoint: &Endpoint<'_>, codec: Codec, body: &[u8]) -> Result<(), EndpointError> {
    write_cut(endpoint, codec, body, None)
}

/// The same, in two `send`s if it is to be cut after so many bytes of its body.
///
/// # Errors
/// If a call fails or the run is over.
pub fn write_cut(endpoint: &Endpoint<'_>, codec: Codec, body: &[u8], cut: Option<usize>) -> Result<(), EndpointError> {
    let wire = honest(codec, body);
    let mut message = Message::framed(&wire.bytes, parts(&wire));
    let first = cut.map(|cut| wire.header + cut);
    for end in first.into_iter().chain([wire.bytes.len()]) {
        endpoint.send(&mut message, end)?;
    }
    Ok(())
}

/// Sends the first `end` bytes of a frame, and never the rest.
///
/// # Errors
/// If a call fails or the run is over.
pub fn write_beginning(endpoint: &Endpoint<'_>, codec: Codec, body: &[u8], end: usize) -> Result<(), EndpointError> {
    let wire = honest(codec, body);
    let mut message = Message::framed(&wire.bytes, parts(&wire));
    endpoint.send(&mut message, end)?;
    endpoint.abandon(&message);
    Ok(())
}

/// A frame that says how long its body is.
fn honest(codec: Codec, body: &[u8]) -> Frame {
    codec.frame(body, i64::try_from(body.len()).unwrap_or(i64::MAX), None)
}

fn parts(wire: &Frame) -> Parts {
    Parts {
        header: wire.header,
        json: wire.json,
        delimiter: wire.delimiter,
    }
}

/// Waits for the word that the other side is ready for the body.
fn is_ready(endpoint: &Endpoint<'_>) -> Result<bool, EndpointError> {
    let mut word = [0; READY.len()];
    let mut got = 0;
    while got < word.len() {
        match endpoint.recv(&mut word[got..])? {
            0 => return Ok(false),
            more => got += more,
        }
    }
    Ok(word == READY)
}

/// Reads frames until as many as are wanted are whole, the stream ends, or something is wrong with it. What was read
/// beyond them is `kept` for the next step.
///
/// # Errors
/// If a call fails or the run is over.
pub fn read(endpoint: &Endpoint<'_>, step: &ReadFrames, kept: &mut Vec<u8>) -> Result<Finish, EndpointError> {
    let mut reading = Reading::new(endpoint, step, kept);
    for _ in 0..step.count {
        match reading.one()? {
            Ok(body) => endpoint.record(
                Evidence::Measured,
                What::Frame {
                    bytes: Excerpt::new(&body, Excerpt::WHOLE),
                },
            ),
            Err(fault) => return Ok(give_up(endpoint, fault)),
        }
    }
    Ok(Finish::Done)
}

/// Reads one frame: asks again until it is complete, for so long as it has patience. It asks for nothing beyond it.
///
/// # Errors
/// If a call fails or the run is over.
pub fn read_exactly(endpoint: &Endpoint<'_>, codec: Codec, patience: Option<Duration>) -> Result<Body, EndpointError> {
    let step = ReadFrames {
        codec,
        deadline: patience,
        ..ReadFrames::of_programs()
    };
    read_one(endpoint, &step)
}

/// Reads one frame as a step says, its deadline counted from now. Nothing is kept of what comes behind it.
///
/// # Errors
/// If a call fails or the run is over.
pub fn read_one(endpoint: &Endpoint<'_>, step: &ReadFrames) -> Result<Body, EndpointError> {
    Reading::new(endpoint, step, &mut Vec::new()).one()
}

fn give_up(endpoint: &Endpoint<'_>, fault: FrameFault) -> Finish {
    endpoint.give_up(fault);
    Finish::GaveUp
}

/// Reads frames, one after the other.
struct Reading<'r, 'e> {
    endpoint: &'r Endpoint<'e>,
    step: &'r ReadFrames,
    decoder: Decoder,
    /// What was read and belongs to the next frame.
    kept: &'r mut Vec<u8>,
    /// When this frame was begun, and how many bytes of it have been read.
    began: Instant,
    got: u64,
}

/// A body, or why there is none.
pub type Body = Result<Vec<u8>, FrameFault>;

impl<'r, 'e> Reading<'r, 'e> {
    fn new(endpoint: &'r Endpoint<'e>, step: &'r ReadFrames, kept: &'r mut Vec<u8>) -> Self {
        Self {
            endpoint,
            step,
            decoder: Decoder::new(step.codec),
            kept,
            began: endpoint.deadline_clock(),
            got: 0,
        }
    }

    /// Reads the next frame; its time begins now.
    fn one(&mut self) -> Result<Body, EndpointError> {
        (self.began, self.got) = (self.endpoint.deadline_clock(), self.kept.len() as u64);
        match self.step.reader {
            Reader::Exact => self.exactly(),
            Reader::SingleRecv => self.once(),
            Reader::RunningTotal => self.with_a_running_total(),
        }
    }

    /// Asks again until header and body are complete, and never for a byte more than can be kept.
    fn exactly(&mut self) -> Result<Body, EndpointError> {
        loop {
            let (taken, found) = match self.decoder.push(self.kept) {
                Err(fault) => return Ok(Err(fault.into())),
                Ok(pushed) => pushed,
            };
            self.kept.drain(..taken);
            match found {
                Some(Decoded::Header { length, json }) => self.header(length, json)?,
                Some(Decoded::Frame(body)) => return Ok(Ok(body)),
                None => match self.recv(asked(self.decoder.asks()))? {
                    Err(fault) => return Ok(Err(fault)),
                    Ok(bytes) if bytes.is_empty() => {
                        let fault = self.decoder.finish().err().unwrap_or(Fault::EndOfStream);
                        return Ok(Err(fault.into()));
                    }
                    Ok(bytes) => self.kept.extend(bytes),
                },
            }
        }
    }

    /// A mistake: one `recv` for each part, and whatever it returns is believed.
    fn once(&mut self) -> Result<Body, EndpointError> {
        let codec = self.step.codec;
        let mut asks = asked(Decoder::new(codec).asks());
        if let Kind::Decimal { .. } = codec.kind {
            asks = PIECE;
        }
        let head = match self.recv(asks)? {
            Err(fault) => return Ok(Err(fault)),
            Ok(head) => head,
        };
        if let Kind::Delimiter { .. } = codec.kind {
            return Ok(Ok(head));
        }
        let mut length = match codec.believe(&head) {
            Err(fault) => return Ok(Err(fault.into())),
            Ok(length) => length,
        };
        self.header(length, None)?;
        if let Kind::Json { .. } = codec.kind {
            let json = match self.recv_some(length)? {
                Err(fault) => return Ok(Err(fault)),
                Ok(json) => json,
            };
            length = match codec.size_in(&json) {
                Err(fault) => return Ok(Err(fault.into())),
                Ok(length) => length,
            };
            self.header(length, Some(json))?;
        }
        self.recv_some(length)
    }

    /// A mistake: the sum grows by all that has come so far, not by what has come now.
    fn with_a_running_total(&mut self) -> Result<Body, EndpointError> {
        let head = match self.recv(PIECE)? {
            Err(fault) => return Ok(Err(fault)),
            Ok(head) => head,
        };
        let length = match self.step.codec.believe(&head) {
            Err(fault) => return Ok(Err(fault.into())),
            Ok(length) => length,
        };
        self.header(length, None)?;
        let mut body = Vec::new();
        let mut counted = 0;
        while counted < length {
            let missing = usize::try_from(length - counted).unwrap_or(PIECE);
            match self.recv(missing.min(PIECE))? {
                Err(fault) => return Ok(Err(fault)),
                Ok(bytes) if bytes.is_empty() => {
                    let (got, of) = (body.len() as u64, length);
                    return Ok(Err(FrameFault::ShortBody { got, of }));
                }
                Ok(bytes) => body.extend(bytes),
            }
            counted += body.len() as u64;
        }
        Ok(Ok(body))
    }

    /// A header says that so many bytes follow.
    fn header(&self, length: u64, json: Option<Vec<u8>>) -> Result<(), EndpointError> {
        let json = json.map(|json| Excerpt::new(&json, Excerpt::WHOLE));
        self.endpoint.record(Evidence::Measured, What::Header { length, json });
        if self.step.handshake {
            self.endpoint.send(&mut Message::new(READY, 0), READY.len())?;
        }
        Ok(())
    }

    /// One `recv` for so many bytes, whatever it returns.
    fn recv_some(&mut self, length: u64) -> Result<Body, EndpointError> {
        match usize::try_from(length) {
            // Nobody asks for nothing: recv(0) would return 0 and look like the end of the stream.
            Ok(0) => Ok(Ok(Vec::new())),
            Ok(length) => self.recv(length),
            Err(_) => self.recv(LARGEST_READ),
        }
    }

    /// One `recv`: what it returned, or that the frame's time is over.
    fn recv(&mut self, asked: usize) -> Result<Body, EndpointError> {
        let deadline = self.step.deadline.map(|patience| self.began + patience);
        // What keeps coming, byte by byte, must not go on for ever.
        if self.got > 0 && deadline.is_some_and(|deadline| deadline <= self.endpoint.deadline_clock()) {
            return Ok(Err(self.timed_out()));
        }
        let mut buffer = vec![0; asked];
        let Some(got) = self.endpoint.recv_until(&mut buffer, deadline)? else {
            return Ok(Err(self.timed_out()));
        };
        self.got += got as u64;
        buffer.truncate(got);
        Ok(Ok(buffer))
    }

    fn timed_out(&self) -> FrameFault {
        let after = self.step.deadline.unwrap_or(Duration::ZERO);
        FrameFault::TimedOut {
            got: self.got,
            after_ms: u64::try_from(after.as_millis()).unwrap_or(u64::MAX),
        }
    }
}

/// How many bytes one `recv` asks for. A body can be large, so the buffer for one call is not: what is missing is asked
/// for again.
fn asked(asks: Asks) -> usize {
    match asks {
        Asks::AtMost(most) => most.min(LARGEST_READ),
        Asks::Any => PIECE,
    }
}

/// Bytes asked for where any number may be.
const PIECE: usize = 1024;

/// Most bytes asked for in one `recv`.
const LARGEST_READ: usize = 64 * 1024;

impl From<Fault> for FrameFault {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::EndOfStream => Self::EndOfStream,
            Fault::ShortHeader { got, of } => Self::ShortHeader { got, of },
            Fault::ShortBody { got, of } => Self::ShortBody { got, of },
            Fault::ShortLine { got } => Self::ShortLine { got },
            Fault::OverLimit { length, limit } => Self::OverLimit { length, limit },
            Fault::Negative { length } => Self::Negative { length },
            Fault::NotANumber { found } => Self::NotANumber { found },
            Fault::TooManyDigits { most } => Self::TooManyDigits { most },
            Fault::BadJson => Self::BadJson,
            Fault::MissingField => Self::MissingField,
            Fault::BadSize => Self::BadSize,
            Fault::LineTooLong { limit } => Self::LineTooLong { limit },
            Fault::BadEscape => Self::BadEscape,
        }
    }
}
