//! What is said of a beat: the same words in every face, so that none shows what another lacks.

mod calls;
mod marks;
mod notes;
mod packing;
mod parts;
pub mod wire;

pub use notes::name_fault;

use super::Look;
use super::line::{Line, Role, Span, elide, plain, span};
use super::payload::{MOST_IN_LINE, payload};
use super::{hexdump, labels};
use crate::scenario::plan::Task;
use crate::story::beats::{Beat, BeatKind};
use crate::story::pieces::Bytes;
use crate::story::reads::Read;
use crate::story::sentences;
use crate::story::{Story, peer};
use crate::trace::{Call, Evidence, Excerpt, What};
use crate::words::wire as said;
use crate::words::{self, telling};

/// What happened, in one sentence.
#[must_use]
pub fn sentence(story: &Story, beat: &Beat, look: &Look) -> Vec<Span> {
    let lang = look.lang;
    match beat.what {
        BeatKind::Send {
            message,
            start,
            end,
            outcome,
        } => calls::send(story, beat, message, (start, end), outcome, look),
        BeatKind::Recv { asked, outcome, .. } => calls::recv(story, asked, outcome, look),
        BeatKind::SendReturned {
            start, end, blocked, ..
        } => calls::returned(sentences::call_name(story, Call::Send), end - start, blocked, look),
        BeatKind::RecvReturned { asked, read, blocked } => {
            let returned = story.reads.get(read).map_or(0, |read| read.returned);
            let call = format!("{}({asked})", sentences::call_name(story, Call::Recv));
            calls::returned(&call, returned, blocked, look)
        }
        BeatKind::Calls { .. } => calls::many(story, beat, look),
        BeatKind::Failed { .. } => {
            let error = match event(story, beat) {
                Some(What::Failed { call, errno, error }) => sentences::error(*call, *errno, error, lang),
                _ => String::new(),
            };
            vec![span(Role::Bad, telling::call_failed(lang, &error))]
        }
        BeatKind::Left { departure } => marks::left(story, departure, look),
        BeatKind::Acknowledged { start, end, after } => {
            let names = labels::Named::overlapping(story.flows.overlap(beat.endpoint, start, end));
            marks::acknowledged(&names, after, look)
        }
        BeatKind::Wait(until) => vec![plain(marks::waits(until, look))],
        BeatKind::Waited { until, after } => vec![plain(marks::waited(until, after, look))],
        BeatKind::Header { length } => {
            let text = header(story, beat, length, look);
            vec![plain(text)]
        }
        BeatKind::Frame => vec![span(Role::Good, frame(story, beat, look))],
        BeatKind::Fault(fault) => vec![span(Role::Bad, marks::fault(fault, look))],
        BeatKind::Abandoned { message, handed } => {
            vec![span(Role::Bad, calls::abandoned(story, message, handed, look))]
        }
        BeatKind::Text => vec![text(story, beat, look)],
        BeatKind::Corked { on: true } => vec![plain(telling::corked(lang))],
        BeatKind::Corked { on: false } => vec![plain(telling::uncorked(lang))],
        BeatKind::Note => match event(story, beat) {
            Some(What::Note { note }) => vec![span(Role::Notable, notes::sentence(note, look))],
            _ => Vec::new(),
        },
        BeatKind::Packed | BeatKind::Unpacked | BeatKind::PackFault => packing::sentence(story, beat, look),
        BeatKind::StampsEnd => vec![span(Role::Faint, telling::stamps_end(lang))],
        BeatKind::Packet { packet } => wire::packet(story, packet, look),
        BeatKind::Arrives { packet, how } => wire::arrives(story, packet, how, look),
        BeatKind::Removed { packet, why } => wire::removed(packet, why, look),
        BeatKind::PacketsEnd => vec![span(Role::Faint, said::packets_end(lang))],
        BeatKind::Wire { act, by_hand } => vec![wire::done(act, by_hand, lang)],
        BeatKind::HalfClosed => vec![plain(said::half_closed(lang))],
        BeatKind::Closed { resets: false } => vec![plain(telling::closed(lang))],
        BeatKind::Closed { resets: true } => vec![plain(telling::reset(lang))],
    }
}

/// The same sentence without the times in it: what two runs can be compared by.
#[must_use]
pub fn timeless(story: &Story, beat: &Beat, look: &Look) -> Vec<Span> {
    let mut beat = *beat;
    match &mut beat.what {
        BeatKind::Acknowledged { after, .. } => *after = None,
        BeatKind::Waited { after, .. } => *after = 0,
        BeatKind::SendReturned { blocked, .. } | BeatKind::RecvReturned { blocked, .. } => *blocked = 0,
        _ => {}
    }
    sentence(story, &beat, look)
}

/// What stands beside the sentence: what a read is, or where a time comes from. Empty for most beats.
#[must_use]
pub fn note(story: &Story, beat: &Beat, look: &Look) -> Vec<Span> {
    match beat.what {
        BeatKind::Left { .. } | BeatKind::Acknowledged { .. } => {
            vec![span(Role::Faint, telling::kernel_stamp(look.lang))]
        }
        BeatKind::Send {
            start, end, outcome, ..
        } => calls::short(outcome, end - start, look).into_iter().collect(),
        BeatKind::Packed | BeatKind::Unpacked => packing::note(story, beat, look),
        BeatKind::Calls { .. } => calls::waited(story, beat, look).into_iter().collect(),
        _ => read(story, beat).map_or(vec![], |read| vec![calls::reading(story, read, look)]),
    }
}

/// How the fact is known.
#[must_use]
pub fn evidence(story: &Story, beat: &Beat) -> Evidence {
    let event = story.trace.events.get(beat.event);
    event.map_or(Evidence::Derived, |event| event.evidence)
}

/// The bytes of the read that a beat tells, with brackets under each message, or of what is packed or unpacked, with
/// brackets under each field; no lines for any other beat.
#[must_use]
pub fn bytes(story: &Story, beat: &Beat, indent: usize, look: &Look) -> Vec<Line> {
    let fields = fields(story, beat, indent, look);
    if !fields.is_empty() {
        return fields;
    }
    let Some(read) = read(story, beat).filter(|read| read.returned > 0) else {
        return Vec::new();
    };
    let end = read.start + read.returned;
    let bytes = story.flows.bytes(peer(read.endpoint), read.start, end, hexdump::MOST);
    hexdump::rows(&bytes, &read.pieces, indent, look)
}

/// The same bytes in a line, for a voice.
#[must_use]
pub fn bytes_in_line(story: &Story, beat: &Beat, look: &Look) -> Option<String> {
    if let Some(packed) = packing::packed(story, beat) {
        return Some(packing::in_line(packed, look));
    }
    let read = read(story, beat).filter(|read| read.returned > 0)?;
    let end = read.start + read.returned;
    let bytes = story.flows.bytes(peer(read.endpoint), read.start, end, hexdump::MOST);
    Some(hexdump::in_line(&bytes, &read.pieces, look))
}

/// The bytes that a beat packs or unpacks, with brackets under each field; no lines for any other beat.
#[must_use]
pub fn fields(story: &Story, beat: &Beat, indent: usize, look: &Look) -> Vec<Line> {
    packing::packed(story, beat).map_or(Vec::new(), |packed| packing::rows(packed, indent, look))
}

/// The read that a beat tells.
#[must_use]
pub fn read<'s>(story: &'s Story, beat: &Beat) -> Option<&'s Read> {
    match beat.what {
        BeatKind::Recv { read: Some(read), .. } | BeatKind::RecvReturned { read, .. } => story.reads.get(read),
        _ => None,
    }
}

/// What the program makes of the bytes it read; what it could not decode stands out.
fn text(story: &Story, beat: &Beat, look: &Look) -> Span {
    match event(story, beat) {
        Some(What::Text { text, malformed: 0 }) if text.is_empty() => plain(telling::decoded_nothing(look.lang)),
        Some(What::Text { text, malformed: 0 }) => span(Role::Good, telling::decoded(look.lang, &shown(text, look))),
        Some(What::Text { text, malformed: 1 }) => span(Role::Bad, telling::garbled(look.lang, &shown(text, look))),
        Some(What::Text { text, malformed }) => span(
            Role::Bad,
            telling::garbled_often(look.lang, &shown(text, look), *malformed),
        ),
        _ => plain(""),
    }
}

/// A text inside a line: no longer than a line bears, and nothing in it that steers a terminal.
fn shown(text: &str, look: &Look) -> String {
    let mut shown: String = text.chars().take(MOST_IN_LINE).collect();
    if shown.len() < text.len() {
        shown.push_str(look.glyphs.ellipsis);
    }
    super::line::tame(shown)
}

fn frame(story: &Story, beat: &Beat, look: &Look) -> String {
    let Some(What::Frame { bytes }) = event(story, beat) else {
        return telling::frame(look.lang, "");
    };
    let text = excerpt(bytes, look);
    // Of a long one only the beginning is seen.
    if bytes.len > MOST_IN_LINE as u64 {
        telling::long_frame(look.lang, &words::bytes(look.lang, bytes.len), &text)
    } else {
        telling::frame(look.lang, &text)
    }
}

/// What a header says; of a JSON header, with its fields.
fn header(story: &Story, beat: &Beat, length: u64, look: &Look) -> String {
    let lang = look.lang;
    let size = words::bytes(lang, length);
    match event(story, beat) {
        Some(What::Header { json: Some(json), .. }) => {
            // As it was sent: JSON has escapes of its own.
            let text = String::from_utf8_lossy(&json.hex);
            telling::json_says(lang, elide(&text, MOST_OF_JSON, look.glyphs.ellipsis).trim(), &size)
        }
        _ if announces_json(story, beat) => telling::json_header_says(lang, &size),
        _ => telling::header_says(lang, &size),
    }
}

/// Most cells a JSON header takes inside a line: its size stands at its end, and should be seen.
const MOST_OF_JSON: usize = 60;

/// Whether what follows this header is a JSON header.
#[must_use]
pub fn announces_json(story: &Story, beat: &Beat) -> bool {
    if !matches!(event(story, beat), Some(What::Header { json: None, .. })) {
        return false;
    }
    let reads = story.plan.steps.get(beat.step.map_or(usize::MAX, |step| step as usize));
    reads.is_some_and(|step| match &step.task {
        Task::ReadFrames(step) => step.reads_json(),
        Task::Run(program) => program.reads_json(),
        _ => false,
    })
}

/// Bytes in a line.
fn excerpt(bytes: &Excerpt, look: &Look) -> String {
    payload(&Bytes::of(bytes), 0, MOST_IN_LINE, look)
}

fn event<'s>(story: &'s Story, beat: &Beat) -> Option<&'s What> {
    story.trace.events.get(beat.event).map(|event| &event.what)
}
