//! A trace as JSON lines: a head, a line an event, an end. `docs/trace-format.md` describes every field.

mod agreement;
mod numbers;

use std::io::{self, BufRead, Write};

use serde::{Deserialize, Serialize};

use super::{Ending, EndpointId, Event, Evidence, Head, Trace, What};
use agreement::SoFar;
use numbers::MOST_EVENTS;

/// Version of the format. Readers refuse a newer one.
pub const VERSION: u32 = 3;

/// Longest line accepted, in bytes: a hostile file must not take memory without end.
const LONGEST_LINE: u64 = 4 << 20;

/// What may join the endpoints.
const TRANSPORTS: &[&str] = &["tcp", "udp", "unix-stream", "unix-datagram", "unix-seqpacket", "pipe"];

/// Why a file is not a trace.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TraceError {
    /// Reading failed.
    #[error("read: {0}")]
    Io(#[from] io::Error),
    /// The first line is not the head of a trace.
    #[error("line 1: this is not a trace saved by lab: {0}")]
    NotATrace(String),
    /// The format is newer than this program.
    #[error("the file has trace format {found}, this lab reads up to {VERSION}")]
    Newer {
        /// The file's version.
        found: u64,
    },
    /// A line makes no sense.
    #[error("line {line}: {why}")]
    Line {
        /// Which, from 1.
        line: usize,
        /// Why.
        why: String,
    },
    /// The end is missing.
    #[error("the file is cut off after line {line}: its last line must have \"event\":\"end\"")]
    CutOff {
        /// The last line that is there.
        line: usize,
    },
}

#[derive(Serialize, Deserialize)]
struct HeadLine {
    trace: u32,
    #[serde(flatten)]
    head: Head,
}

#[derive(Serialize)]
struct EventLine<'a> {
    at_ns: u64,
    endpoint: &'a str,
    evidence: Evidence,
    #[serde(flatten)]
    what: &'a What,
}

#[derive(Deserialize)]
struct EventIn {
    at_ns: u64,
    endpoint: String,
    evidence: Evidence,
    #[serde(flatten)]
    what: What,
}

#[derive(Serialize, Deserialize)]
struct EndLine {
    event: End,
    events: usize,
    #[serde(flatten)]
    ending: Ending,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum End {
    End,
}

/// Writes a trace.
///
/// # Errors
/// If `out` cannot be written, or the run is still going on: nothing is written then.
pub fn write(trace: &Trace, out: &mut impl Write) -> io::Result<()> {
    if trace.ending == Ending::Running {
        let why = "a run that is still going on cannot be saved";
        return Err(io::Error::new(io::ErrorKind::InvalidInput, why));
    }
    let head = HeadLine {
        trace: VERSION,
        head: trace.head.clone(),
    };
    line(&head, out)?;
    for event in &trace.events {
        line(&event_value(trace, event), out)?;
    }
    line(
        &EndLine {
            event: End::End,
            events: trace.events.len(),
            ending: trace.ending.clone(),
        },
        out,
    )
}

/// An event as the JSON object that stands in the file.
///
/// # Panics
/// Never: an event has no key that is not a string and no number that JSON cannot hold.
#[must_use]
pub fn event_value(trace: &Trace, event: &Event) -> serde_json::Value {
    let endpoint = trace
        .head
        .endpoints
        .get(usize::from(event.endpoint.0))
        .map_or("?", String::as_str);
    let line = EventLine {
        at_ns: event.at,
        endpoint,
        evidence: event.evidence,
        what: &event.what,
    };
    serde_json::to_value(line).expect("plain data")
}

/// Reads a trace, and checks what the story relies on: the order of the events, and spans and lengths that agree.
///
/// # Errors
/// If the file is cut off, newer, or not a trace.
pub fn read(input: &mut impl BufRead) -> Result<Trace, TraceError> {
    let mut number = 0;
    let first = next_line(input, &mut number)?.unwrap_or_default();
    let head = read_head(&first)?;
    let mut events: Vec<Event> = Vec::new();
    let mut so_far = SoFar::new(&head);
    loop {
        let Some(text) = next_line(input, &mut number)? else {
            return Err(TraceError::CutOff { line: number });
        };
        let fail = |why: String| TraceError::Line { line: number, why };
        if let Ok(end) = serde_json::from_str::<EndLine>(&text) {
            if end.events != events.len() {
                return Err(fail(format!(
                    "the end speaks of {} events, {} are there",
                    end.events,
                    events.len()
                )));
            }
            numbers::check_ending(&end.ending).map_err(|why| fail(why.to_owned()))?;
            if next_line(input, &mut number)?.is_some() {
                return Err(TraceError::Line {
                    line: number,
                    why: "something follows the end".to_owned(),
                });
            }
            return Ok(Trace {
                head,
                events,
                ending: end.ending,
            });
        }
        if events.len() >= MOST_EVENTS as usize {
            return Err(fail(format!("more than {MOST_EVENTS} events")));
        }
        let event = read_event(&text, &head, number)?;
        if events.last().is_some_and(|last| last.at > event.at) {
            return Err(fail("it happened before the line above".to_owned()));
        }
        let sound = numbers::check(&event).and_then(|()| so_far.check(&event));
        sound.map_err(|why| fail(why.to_owned()))?;
        events.push(event);
    }
}

fn line(value: &impl Serialize, out: &mut impl Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    out.write_all(b"\n")
}

fn next_line(input: &mut impl BufRead, number: &mut usize) -> Result<Option<String>, TraceError> {
    let mut line = Vec::new();
    let read = io::Read::take(&mut *input, LONGEST_LINE).read_until(b'\n', &mut line)?;
    if read == 0 {
        return Ok(None);
    }
    *number += 1;
    let fail = |why: &str| TraceError::Line {
        line: *number,
        why: why.to_owned(),
    };
    if read as u64 == LONGEST_LINE {
        return Err(fail("the line is too long"));
    }
    let text = String::from_utf8(line).map_err(|_| fail("the line is not UTF-8"))?;
    Ok(Some(text))
}

fn read_head(line: &str) -> Result<Head, TraceError> {
    let not_a_trace = |error: serde_json::Error| TraceError::NotATrace(error.to_string());
    let value: serde_json::Value = serde_json::from_str(line).map_err(not_a_trace)?;
    // The version comes first: a newer head may look different, and "newer" is the answer that helps.
    match value.get("trace").and_then(serde_json::Value::as_u64) {
        Some(found) if found > u64::from(VERSION) => return Err(TraceError::Newer { found }),
        Some(1..) => {}
        _ => return Err(TraceError::NotATrace("there is no trace version".to_owned())),
    }
    let head: HeadLine = serde_json::from_value(value).map_err(not_a_trace)?;
    if head.head.endpoints.is_empty() || head.head.endpoints.len() > usize::from(u8::MAX) {
        return Err(TraceError::NotATrace("the number of endpoints".to_owned()));
    }
    let named = |what: &str, name: &str, known: &[&str]| {
        if known.contains(&name) {
            Ok(())
        } else {
            Err(TraceError::NotATrace(format!(
                "the {what} {name:?} is none of {known:?}"
            )))
        }
    };
    named("transport", &head.head.transport, TRANSPORTS)?;
    named("family", &head.head.family, &["ipv4", "ipv6"])?;
    Ok(head.head)
}

fn read_event(text: &str, head: &Head, line: usize) -> Result<Event, TraceError> {
    let fail = |why: String| TraceError::Line { line, why };
    let event: EventIn = serde_json::from_str(text).map_err(|error| fail(error.to_string()))?;
    let index = head.endpoints.iter().position(|name| *name == event.endpoint);
    let index = index.and_then(|index| u8::try_from(index).ok());
    let index = index.ok_or_else(|| fail(format!("no endpoint is called {:?}", event.endpoint)))?;
    Ok(Event {
        at: event.at_ns,
        endpoint: EndpointId(index),
        evidence: event.evidence,
        what: event.what,
    })
}
