//! Every number of an event, bounded once by what a run can have: so the story and the faces can add and multiply without
//! fear of an overflow.
//!
//! The patterns here have no `..` and no `_`. A new event, and a new number in an old one, does not compile before it is
//! given its bound.

use crate::trace::packet::{Fragment, Packet, Segment, WireAct};
use crate::trace::{Ending, Event, Excerpt, FrameFault, Note, PackFault, Packed, PackedPart, Until, Waiting, What};

/// Why a number is none that a run can have.
type Unreal = &'static str;

/// Most bytes that one endpoint sends, and most of anything that is counted: 1 PiB. A sum over all flows, each this long, does
/// not overflow.
pub(super) const LONGEST_FLOW: u64 = 1 << 50;

/// Latest time in nanoseconds, and longest span of one: two years.
const LATEST: u64 = 1 << 56;

/// Most events, messages, steps, packets and requests.
pub(super) const MOST_EVENTS: u32 = 10_000_000;

/// Longest datagram in bytes: more than any scenario can ask for.
pub(super) const LONGEST_DATAGRAM: u64 = 16 << 20;

/// Longest packet in bytes: its length has 16 bits (RFC 791, section 3.1).
const LONGEST_PACKET: u64 = 0xffff;

/// Widest window in bytes: 16 bits, shifted by at most 14 (RFC 7323, section 2.3).
const WIDEST: u64 = 0xffff << 14;

/// Most blocks that a segment acknowledges selectively: its options have 40 bytes (RFC 2018, section 3).
const MOST_BLOCKS: usize = 4;

/// Longest struct in bytes: more than any scenario packs.
const LONGEST_STRUCT: u64 = 4096;

/// Bounds every number of an event.
#[expect(clippy::too_many_lines, reason = "one arm for each event")]
pub(super) fn check(event: &Event) -> Result<(), Unreal> {
    let Event {
        at,
        endpoint: _,
        evidence: _,
        what,
    } = event;
    time(*at)?;
    match what {
        What::Opened { local: _, peer: _ }
        | What::Blocked { call: _ }
        | What::Failed {
            call: _,
            errno: _,
            error: _,
        }
        | What::StampsEnd
        | What::Corked { on: _ }
        | What::PacketsEnd
        | What::HalfClosed
        | What::Closed => Ok(()),
        What::Step { step } => number(*step),
        What::OptionSet { option: _, value } => count(*value),
        What::Message {
            message,
            start,
            header,
            json,
            delimiter,
            bytes,
        } => {
            number(*message)?;
            counts([start, header, json, delimiter])?;
            excerpt(bytes)
        }
        What::SendCall {
            message,
            asked,
            nonblocking: _,
        } => {
            number(*message)?;
            count(*asked)
        }
        What::Send {
            message,
            asked,
            returned,
            start,
        } => {
            number(*message)?;
            counts([asked, returned, start])
        }
        What::RecvCall { asked } => count(*asked),
        What::Recv {
            asked,
            returned,
            start,
            message,
            datagram,
        } => {
            number(message.unwrap_or(0))?;
            at_most(datagram.unwrap_or(0), LONGEST_DATAGRAM, "a datagram longer than any")?;
            counts([asked, returned, start])
        }
        What::Calls {
            call: _,
            calls,
            largest,
            blocked,
            bytes,
            start,
            since_ns,
        } => {
            time(*since_ns)?;
            counts([calls, largest, blocked, bytes, start])
        }
        What::Abandoned { message, end } => {
            number(*message)?;
            count(*end)
        }
        What::Queues {
            unsent,
            unacknowledged,
            waiting,
            datagrams,
            dropped,
            state: _,
            send_memory,
        } => [unsent, unacknowledged, waiting, datagrams, dropped, send_memory]
            .into_iter()
            .flatten()
            .try_for_each(|figure| count(*figure)),
        What::Segments {
            sent,
            received,
            data_sent,
            mss,
        } => counts([sent, received, data_sent, mss]),
        What::Left { start, end } | What::Acknowledged { start, end } => counts([start, end]),
        What::Wait { until: condition } | What::Waited { until: condition } => until(*condition),
        What::Header { length, json } => {
            announced(*length);
            json.as_ref().map_or(Ok(()), excerpt)
        }
        What::Frame { bytes } => excerpt(bytes),
        What::FrameFault { fault } => frame_fault(*fault),
        What::Packed { packed: bytes } | What::Unpacked { packed: bytes } => packed(bytes),
        What::PackFault { fault } => pack_fault(fault),
        What::Text { text, malformed } => {
            // For every place that was not decoded stands one character.
            at_most(
                *malformed,
                text.len() as u64,
                "more places that are no text than a text has",
            )
        }
        What::Note { note: said } => note(said),
        What::Packet(carried) => packet(carried),
        What::Delivered { packet, how: _ } | What::Removed { packet, why: _ } => number(*packet),
        What::Wire { act: done, by_hand: _ } => act(*done),
    }
}

/// Bounds the numbers of an ending.
pub(super) fn check_ending(ending: &Ending) -> Result<(), Unreal> {
    match ending {
        Ending::Running | Ending::Finished | Ending::Interrupted | Ending::Broken { error: _ } => Ok(()),
        Ending::Hang { endpoint: _, waiting } => waits_in(*waiting),
        Ending::Deadline {
            endpoint: _,
            waiting,
            after_ms,
        } => {
            millis(*after_ms)?;
            waits_in(*waiting)
        }
        Ending::Unmeasured {
            endpoint: _,
            until: condition,
        } => until(*condition),
    }
}

fn packet(packet: &Packet) -> Result<(), Unreal> {
    let Packet {
        packet,
        size,
        payload,
        start,
        tcp,
        datagram,
        fragment,
        fate: _,
    } = packet;
    number(*packet)?;
    at_most(*size, LONGEST_PACKET, "a packet longer than any")?;
    at_most(*payload, *size, "a packet that carries more than it has")?;
    counts([start, datagram].into_iter().flatten())?;
    if let Some(Fragment { offset, more: _ }) = fragment {
        at_most(*offset, LONGEST_PACKET, "a fragment behind the end of any packet")?;
    }
    let Some(Segment {
        sequence,
        acknowledges,
        flags: _,
        window,
        mss,
        sack,
    }) = tcp
    else {
        return Ok(());
    };
    counts([sequence].into_iter().chain(acknowledges))?;
    at_most(*window, WIDEST, "a window wider than any")?;
    at_most(mss.unwrap_or(0), LONGEST_PACKET, "a segment longer than any")?;
    at_most(
        sack.len() as u64,
        MOST_BLOCKS as u64,
        "more blocks than a segment has room for",
    )?;
    sack.iter().try_for_each(|[from, to]| {
        count(*to)?;
        at_most(*from, *to, "a block that ends before it begins")
    })
}

fn act(act: WireAct) -> Result<(), Unreal> {
    match act {
        WireAct::Hold
        | WireAct::Drop
        | WireAct::Duplicate
        | WireAct::Swap
        | WireAct::AcknowledgeAlone
        | WireAct::LeftToHand => Ok(()),
        WireAct::Release { packets } | WireAct::Reverse { packets } | WireAct::Open { packets } => count(packets),
        WireAct::Lose { nth, data: _ } => count(nth),
    }
}

fn until(until: Until) -> Result<(), Unreal> {
    match until {
        Until::Queued(least) | Until::DatagramsQueued(least) | Until::Held(least) => count(least),
        Until::Acknowledged => Ok(()),
    }
}

fn waits_in(waiting: Waiting) -> Result<(), Unreal> {
    match waiting {
        Waiting::Until(condition) => until(condition),
        Waiting::Call(_) | Waiting::Turn => Ok(()),
    }
}

fn frame_fault(fault: FrameFault) -> Result<(), Unreal> {
    match fault {
        FrameFault::EndOfStream
        | FrameFault::NotANumber { found: _ }
        | FrameFault::BadJson
        | FrameFault::MissingField
        | FrameFault::BadSize
        | FrameFault::BadEscape
        | FrameFault::NotReady
        | FrameFault::Negative { length: _ } => Ok(()),
        FrameFault::ShortHeader { got, of } | FrameFault::ShortBody { got, of } => {
            announced(of);
            count(got)
        }
        FrameFault::OverLimit { length, limit } => {
            announced(length);
            count(limit)
        }
        FrameFault::ShortLine { got: figure }
        | FrameFault::TooManyDigits { most: figure }
        | FrameFault::LineTooLong { limit: figure } => count(figure),
        FrameFault::TimedOut { got, after_ms } => {
            millis(after_ms)?;
            count(got)
        }
    }
}

fn pack_fault(fault: &PackFault) -> Result<(), Unreal> {
    match fault {
        PackFault::OutOfRange {
            format: _,
            field,
            code: _,
            value: _,
            range: _,
            holding: _,
        } => count(*field),
        PackFault::ShortBytes { format: _, got, of } => counts([got, of]),
    }
}

/// The parts of a struct are all of its bytes, and none is empty.
fn packed(packed: &Packed) -> Result<(), Unreal> {
    let Packed {
        format: _,
        bytes,
        layout,
    } = packed;
    excerpt(bytes)?;
    at_most(bytes.len, LONGEST_STRUCT, "a struct longer than any")?;
    let mut all = 0_u64;
    for PackedPart {
        length,
        code: _,
        value: _,
    } in layout
    {
        if *length == 0 {
            return Err(PARTS);
        }
        at_most(*length, bytes.len - all, PARTS)?;
        all += length;
    }
    at_most(bytes.len, all, PARTS)
}

const PARTS: &str = "the parts of a struct do not agree with its bytes";

fn note(note: &Note) -> Result<(), Unreal> {
    match note {
        Note::Runs { command: _, line: _ }
        | Note::NotFound { command: _ }
        | Note::Asks { text: _ }
        | Note::Answered { text: _ }
        | Note::NameRefused { name: _, because: _ }
        | Note::CommandRefused
        | Note::CannotWrite { error: _ }
        | Note::DigestEqual { digest: _ }
        | Note::DigestDiffers { said: _, found: _ }
        | Note::NotHashed
        | Note::FolderHolds { files: _ }
        | Note::WaitsForEither { other: _ }
        | Note::OtherChallenge
        | Note::AnsweredBefore
        | Note::UnknownChallenge
        | Note::AnswersWithKey { scheme: _ }
        | Note::GuessesKey { scheme: _ }
        | Note::AnswersWithText { text: _ }
        | Note::Replays
        | Note::WasAccepted
        | Note::WasRefused => Ok(()),
        Note::Ended {
            command: _,
            status: _,
            out,
            err,
        }
        | Note::Reply {
            command: _,
            status: _,
            out,
            err,
        } => counts([out, err]),
        Note::Killed { command: _, after_ms } => millis(*after_ms),
        Note::IsSilent { ms } => millis(*ms),
        Note::OverLimit { command: _, limit } => count(*limit),
        Note::Takes {
            command: _,
            bytes,
            text: _,
        } => count(*bytes),
        Note::Hashing { done, of } | Note::Progress { done, of } => {
            announced(*of);
            count(*done)
        }
        Note::HeaderSays {
            name: _,
            size,
            digest: _,
        } => {
            announced(*size);
            Ok(())
        }
        Note::SendsFile {
            name: _,
            size,
            digest: _,
        }
        | Note::Kept { name: _, size }
        | Note::Puts { name: _, size } => count(*size),
        Note::Flips { at } => count(*at),
        Note::FileShrank { sent, of } | Note::Dies { sent, of } => counts([sent, of]),
        Note::FileGrew { of } => count(*of),
        Note::NoRoom { size, free } => {
            // A file system may say that there is no end to it.
            announced(*size);
            announced(*free);
            Ok(())
        }
        Note::TookTooMuch {
            name: _,
            took,
            of,
            text: _,
        } => {
            announced(*of);
            count(*took)
        }
        Note::NotKept { got } => count(*got),
        Note::Cost {
            hashing_ns,
            telling_ns,
            of_ns,
        } => [hashing_ns, telling_ns, of_ns]
            .into_iter()
            .try_for_each(|span| time(*span)),
        Note::Unanswered { files } => number(*files),
        Note::Served { request, text: _ } => number(*request),
        Note::ClientLeft { requests } => number(*requests),
        Note::ChallengeSent { bytes, begins: _ } | Note::MacDiffers { bytes } => number(*bytes),
        Note::MacEqual { over, added } => {
            number(*over)?;
            number(*added)
        }
        Note::Forges { heard, adds: _ } => number(*heard),
    }
}

fn excerpt(bytes: &Excerpt) -> Result<(), Unreal> {
    let Excerpt { len, hex, tail } = bytes;
    let stored = (hex.len() + tail.len()) as u64;
    if *len > LONGEST_FLOW || stored > *len || (tail.is_empty() && stored != *len) {
        Err("the length does not agree with the bytes")
    } else {
        Ok(())
    }
}

fn counts<'n>(figures: impl IntoIterator<Item = &'n u64>) -> Result<(), Unreal> {
    figures.into_iter().try_for_each(|figure| count(*figure))
}

fn count(figure: u64) -> Result<(), Unreal> {
    at_most(figure, LONGEST_FLOW, "a count or a place that no run can reach")
}

fn time(ns: u64) -> Result<(), Unreal> {
    at_most(ns, LATEST, "a time that no run can reach")
}

fn millis(ms: u64) -> Result<(), Unreal> {
    at_most(ms, LATEST / 1_000_000, "a time that no run can reach")
}

fn number(number: u32) -> Result<(), Unreal> {
    at_most(number.into(), MOST_EVENTS.into(), "a number that no run can reach")
}

/// What a header announces is a peer's word and can be any number: nobody may calculate with it before comparing it.
fn announced(_: u64) {}

fn at_most(figure: u64, most: u64, why: Unreal) -> Result<(), Unreal> {
    if figure > most { Err(why) } else { Ok(()) }
}
