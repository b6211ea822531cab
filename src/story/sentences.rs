//! What was found, as sentences in both languages.

mod calls;
mod notes;
mod replies;
pub mod waits;

use super::characters::{self, Part, Writing};
use super::verdict::{Added, Because, Finding, Outcome, Subject, Upset};
use super::{Story, peer};
use crate::scenario::{CallKind, Claim, Encoding, ErrorName, Named, PieceRef, Reading};
use crate::trace::{Call, Ending, EndpointId, FrameFault, PackFault};
use crate::words::{self, Lang, errors, findings, telling, wire};

/// One sentence that says what was found and, where it differs, what was expected.
#[must_use]
#[expect(clippy::too_many_lines, reason = "one arm for each kind of reason")]
pub fn finding(story: &Story, finding: &Finding, lang: Lang) -> String {
    let met = finding.outcome == Outcome::Held;
    let claim = claim(finding);
    // Every kind of reason has its sentence, whatever claim it stands beside: a new one does not compile without.
    match &finding.because {
        Because::Upset { by, seen } => upset(story, finding, (by, seen), lang),
        Because::Reads(seen) => {
            let expected = match claim {
                Some(Claim::Reads(expected)) if !met => {
                    let expected = expected.iter().map(|bytes| Some(bytes.as_slice()));
                    Some(reads(story, expected, lang))
                }
                _ => None,
            };
            let told = || reads(story, seen.iter().map(Option::as_deref), lang);
            match (seen.is_empty(), expected) {
                (true, None) => findings::never_read(lang),
                (true, Some(expected)) => findings::expected_amount(lang, &findings::never_read(lang), &expected),
                (false, None) => findings::reads_were(lang, &told()),
                (false, Some(expected)) => findings::reads_were_not(lang, &told(), &expected),
            }
        }
        Because::Read(number, None) => findings::no_read(lang, *number),
        Because::Read(number, Some(seen)) => match claim {
            Some(Claim::Read { bytes, .. }) if !met => {
                let one = |bytes: &[u8]| of_read(story, number.saturating_sub(1), bytes, lang);
                findings::read_was_not(lang, *number, &one(seen), &one(bytes))
            }
            _ => findings::read_was(lang, *number, &of_read(story, number.saturating_sub(1), seen, lang)),
        },
        Because::Readings(seen) => match claim {
            Some(Claim::Readings(expected)) if !met => {
                findings::readings_were_not(lang, &readings(seen, lang), &readings(expected, lang))
            }
            _ => findings::readings_were(lang, &readings(seen, lang)),
        },
        Because::Departures(seen) => match claim {
            Some(Claim::Left(expected)) if !met => {
                findings::departures_were_not(lang, &departures(seen, lang), &departures(expected, lang))
            }
            _ => findings::departures_were(lang, &departures(seen, lang)),
        },
        Because::Frames(seen) => match claim {
            Some(Claim::Frames(expected)) if !met => {
                findings::frames_were_not(lang, &contents(seen, lang), &all(expected, lang))
            }
            _ => findings::frames_were(lang, &contents(seen, lang)),
        },
        Because::Lost(lost) => match claim {
            Some(Claim::Lost(expected)) if !met => {
                findings::lost_not(lang, &words::bytes(lang, *lost), &words::bytes(lang, *expected))
            }
            _ if *lost == 0 => findings::nothing_lost(lang),
            _ => findings::lost(lang, &words::bytes(lang, *lost)),
        },
        Because::Dropped(count) => calls::dropped(*count, claim, met, lang),
        Because::Arrived { of, all: true, .. } => findings::all_arrived(lang, &words::bytes(lang, *of)),
        Because::Arrived { read, of, .. } => {
            findings::not_all_arrived(lang, &words::bytes(lang, *read), &words::bytes(lang, *of))
        }
        Because::Segments(endpoint, count) => calls::segments(story, *endpoint, *count, claim, met, lang),
        Because::Packets { from, are, count } => {
            let who = words::endpoint(lang, story.name(*from));
            let what = wire::kind(lang, are.name());
            calls::expected(wire::packets_were(lang, &who, &what, *count), claim, met, lang)
        }
        Because::Lasted(lasted) => calls::lasted(*lasted, claim, met, lang),
        Because::NoWire => wire::no_wire(lang),
        Because::Blocks { call, number, blocked } => calls::blocks(story, *call, *number, *blocked, lang),
        Because::NothingBlocks(call) => calls::nothing_blocks(story, *call, lang),
        Because::BulkBlocks(CallKind::Send) => findings::bulk_sends_blocked(lang),
        Because::BulkBlocks(CallKind::Recv) => findings::bulk_reads_blocked(lang),
        Because::NoSuchCall(CallKind::Recv, number) => findings::no_read(lang, *number as usize),
        Because::NoSuchCall(CallKind::Send, number) => findings::no_send(lang, *number),
        Because::Errors(seen) => calls::errors(story, seen, claim.filter(|_| !met), lang),
        Because::Texts(seen) => calls::texts(seen, claim, met, lang),
        Because::Malformed(0) => calls::expected(findings::nothing_malformed(lang), claim, met, lang),
        Because::Malformed(count) => calls::expected(findings::malformed(lang, *count), claim, met, lang),
        Because::NotCounted => findings::not_counted(lang),
        Because::Fault(endpoint, fault) => gave_up(story, *endpoint, fault.map(|fault| reason(fault, lang)), lang),
        Because::PackFault(endpoint, fault) => {
            let why = fault.as_ref().map(|fault| pack_reason(fault, lang));
            gave_up(story, *endpoint, why, lang)
        }
        Because::Notes(who, seen) => notes::notes(story, *who, seen, claim, met, lang),
        Because::NotesOfAll(seen) => notes::notes_of_all(story, seen, claim, met, lang),
        Because::Noted(who, note) => notes::noted(story, *who, *note, met, lang),
        // Where the run did not come to its end, another finding says how it ended.
        Because::Hangs(endpoint, waits) => match &story.trace.ending {
            Ending::Hang { endpoint: named, .. } if *waits && story.name(*endpoint) != named => {
                waits::waits_too(story, *endpoint, lang)
            }
            how @ Ending::Hang { .. } if *waits => ending(story, how, lang).unwrap_or_default(),
            Ending::Deadline { .. } if finding.outcome == Outcome::NotMeasured => findings::not_counted(lang),
            Ending::Deadline { .. } => words::waits::no_hang(lang),
            Ending::Finished => findings::ran_to_its_end(lang),
            _ => words::waits::does_not_wait(lang, &words::subject(lang, story.name(*endpoint))),
        },
        Because::Replies(endpoint, seen) => replies::sentence(story, finding, *endpoint, seen, lang),
        Because::RoundTrips(endpoint, seen) => {
            let who = words::subject(lang, story.name(*endpoint));
            match claim {
                Some(Claim::RoundTrips { times, .. }) if !met => {
                    findings::round_trips_not(lang, &who, &words::messages_counted(lang, *seen), *times)
                }
                _ if *seen == 0 => findings::no_round_trips(lang, &who),
                _ => findings::round_trips(lang, &who, &words::messages_counted(lang, *seen)),
            }
        }
        Because::Values(seen) => {
            let seen = nothing_or(seen.iter().cloned(), lang);
            match claim {
                Some(Claim::Values(expected)) if !met => {
                    findings::values_were_not(lang, &seen, &nothing_or(expected.iter().cloned(), lang))
                }
                _ => findings::values_were(lang, &seen),
            }
        }
        Because::Ended(how) => ending(story, how, lang).unwrap_or_else(|| findings::ran_to_its_end(lang)),
        Because::Answers(right) => answers(story, finding, right, lang),
        Because::HeldUntilAck {
            messages,
            until,
            after,
            at_least_ms,
        } => {
            let (messages, after) = (words::messages(lang, messages), words::millis(*after));
            if met {
                findings::held_until_ack(lang, &messages, *until, &after, &at_least_expected(*at_least_ms, lang))
            } else {
                findings::ack_too_soon(lang, &messages, *until, &after, *at_least_ms)
            }
        }
        Because::AskedTooLate { message, until } => findings::asked_too_late(lang, *message, *until),
        Because::NothingToWaitFor { message, until } => findings::nothing_to_wait_for(lang, *message, *until),
        Because::NotHeld(message) => findings::not_held(lang, *message),
        Because::LeftBeforeAck { message, until } => findings::left_before_ack(lang, *message, *until),
        Because::PartlyHeld { message, unsent, of } => {
            findings::partly_held(lang, *message, &words::grouped(*unsent), &words::bytes(lang, *of))
        }
        Because::AckCameFirst { message, until } if story.trace.head.stepped => {
            findings::ack_came_while_held(lang, *message, *until)
        }
        Because::AckCameFirst { message, until } => findings::ack_came_first(lang, *message, *until),
        Because::OtherFlow(one, other) => findings::other_flow(lang, *one, *other),
        Because::NotKept(number) => findings::not_kept(lang, *number),
        Because::NothingHeld => findings::nothing_held(lang),
        Because::Unsent(message, bytes) => findings::something_held(lang, *message, &words::bytes(lang, *bytes)),
        Because::Together(messages, bytes) => {
            let (names, size) = (words::messages(lang, messages), words::bytes(lang, *bytes));
            match messages[..] {
                [_] => findings::left_whole(lang, &names, &size),
                _ => findings::were_together(lang, &names, &size),
            }
        }
        Because::Apart(messages, count) => findings::were_apart(lang, &words::messages(lang, messages), *count),
        Because::Acked {
            message,
            after,
            within_ms,
            at_least_ms,
            added: on_wire,
        } => {
            let after = words::millis(*after);
            let on_wire = within_ms.and_then(|_| added(*on_wire, lang));
            let told = match (*within_ms, *at_least_ms) {
                (Some(within), Some(least)) => findings::acked_between(lang, *message, &after, least, within),
                (None, Some(least)) => findings::acked_late(lang, *message, &after, &at_least_expected(least, lang)),
                (within, None) => findings::acked(lang, *message, &after, within.unwrap_or(0)),
            };
            match on_wire {
                Some(added) => findings::with_added(lang, &told, &added),
                None => told,
            }
        }
        Because::MoreThanASegment(bytes) => findings::more_than_a_segment(lang, &words::bytes(lang, *bytes)),
        Because::NoMessage(message) => findings::no_message(lang, *message),
        Because::NoQueues => findings::no_queues(lang),
        Because::NoStamps => findings::no_stamps(lang),
    }
}

/// A program gave up, for this reason, or did not.
fn gave_up(story: &Story, endpoint: EndpointId, why: Option<String>, lang: Lang) -> String {
    let who = words::subject(lang, story.name(endpoint));
    match why {
        Some(why) => findings::gave_up(lang, &who, &why),
        None => findings::did_not_give_up(lang, &who),
    }
}

/// What was seen, and why it decides nothing.
fn upset(story: &Story, finding: &Finding, (by, seen): (&Upset, &Because), lang: Lang) -> String {
    let refuted = Finding {
        outcome: Outcome::Failed,
        because: seen.clone(),
        subject: finding.subject.clone(),
    };
    let seen = self::finding(story, &refuted, lang);
    match by {
        Upset::Late(late) => findings::but_late(lang, &seen, &words::millis(*late)),
        Upset::Chance { lost, twice, overtaken } => {
            let parts = [
                (*lost, findings::chance_lost as fn(Lang, &str) -> String),
                (*twice, findings::chance_twice),
                (*overtaken, findings::chance_overtaken),
            ];
            let told = parts.into_iter().filter(|(packets, _)| *packets > 0);
            let told: Vec<String> = told
                .map(|(packets, say)| say(lang, &wire::packets(lang, packets)))
                .collect();
            findings::but_by_chance(lang, &seen, &told.join(&telling::comma(lang)))
        }
        Upset::NotWritten(Some(error)) => findings::but_not_written(lang, &seen, error),
        Upset::NotWritten(None) => findings::but_no_room(lang, &seen),
        Upset::Slow {
            delay_ms,
            rate_kbit: None,
        } => findings::but_delayed(lang, &seen, &words::grouped(*delay_ms)),
        Upset::Slow {
            rate_kbit: Some(rate), ..
        } => findings::but_slow(lang, &seen, &words::grouped(*rate)),
    }
}

/// What the wire adds to a time, part by part; nothing without one.
fn added(added: Added, lang: Lang) -> Option<String> {
    let parts = [
        (added.delay, findings::added_delay as fn(Lang, &str) -> String),
        (added.rate, findings::added_rate),
        (added.held, findings::added_held),
        (added.lost, findings::added_lost),
    ];
    let told = parts.into_iter().filter(|(nanos, _)| *nanos > 0);
    let told: Vec<String> = told.map(|(nanos, say)| say(lang, &words::millis(nanos))).collect();
    (!told.is_empty()).then(|| told.join(&telling::comma(lang)))
}

/// How a run ended, if it did not come to its end.
#[must_use]
pub fn ending(story: &Story, ending: &Ending, lang: Lang) -> Option<String> {
    Some(match ending {
        Ending::Finished | Ending::Running => return None,
        Ending::Hang { endpoint, waiting } => waits::hang(story, endpoint, *waiting, lang),
        Ending::Deadline {
            endpoint,
            waiting,
            after_ms,
        } => findings::deadline(
            lang,
            &waits::sentence(story, endpoint, *waiting, lang),
            &words::grouped(*after_ms),
        ),
        Ending::Unmeasured { endpoint, .. } => findings::unmeasured(lang, &words::subject(lang, endpoint)),
        Ending::Interrupted => findings::interrupted(lang),
        Ending::Broken { error } => findings::broken(lang, &errors::recorded(lang, error)),
    })
}

/// Bytes as a text in quotes where they are one in UTF-8, as a program would hold it, else as hex.
#[must_use]
pub fn quoted(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok("") => "\"\"".to_owned(),
        Ok(_) => told(bytes, &characters::parts(bytes, Encoding::Utf8)),
        Err(_) => hex(bytes),
    }
}

/// Bytes with the characters that they are.
fn told(bytes: &[u8], parts: &[Option<Part>]) -> String {
    characters::quoted(parts, "").unwrap_or_else(|| hex(bytes))
}

fn hex(bytes: &[u8]) -> String {
    let bytes = bytes.iter().map(|byte| format!("{byte:02x}"));
    bytes.collect::<Vec<_>>().join(" ")
}

/// A piece as scenarios write it: `m2`, `m2:0-4`.
#[must_use]
pub fn piece(piece: &PieceRef) -> String {
    match piece.part {
        None => format!("m{}", piece.message),
        Some((from, to)) => format!("m{}:{from}-{to}", piece.message),
    }
}

/// An error of a call by its name, with what it means; one without a name as the system tells it.
#[must_use]
pub fn error(call: Call, errno: i32, told: &str, lang: Lang) -> String {
    match (ErrorName::of(errno), call) {
        (Some(ErrorName::Again), Call::Send) => telling::error_no_room(lang),
        (Some(ErrorName::Again), Call::Recv) => telling::error_nothing_to_read(lang),
        (Some(ErrorName::MessageSize), _) => telling::error_too_long(lang),
        (Some(ErrorName::Reset), _) => telling::error_reset(lang),
        (Some(ErrorName::Pipe), _) => telling::error_no_more_sending(lang),
        (Some(ErrorName::Refused), _) => telling::error_nobody_listens(lang),
        (None, _) => errors::of_errno(lang, errno, told),
    }
}

/// One word for a reading.
#[must_use]
pub fn reading(reading: Reading, lang: Lang) -> &'static str {
    match (reading, lang) {
        (Reading::Whole, Lang::En) => "whole",
        (Reading::Whole, Lang::Zh) => "完整",
        (Reading::Stuck, Lang::En) => "stuck",
        (Reading::Stuck, Lang::Zh) => "粘包",
        (Reading::Partial, Lang::En) => "partial",
        (Reading::Partial, Lang::Zh) => "半包",
        (Reading::Truncated, Lang::En) => "truncated",
        (Reading::Truncated, Lang::Zh) => "截断",
        (Reading::Empty, Lang::En) => "empty",
        (Reading::Empty, Lang::Zh) => "空",
        (Reading::EndOfStream, Lang::En) => "end of stream",
        (Reading::EndOfStream, Lang::Zh) => "流结束",
    }
}

fn claim(finding: &Finding) -> Option<&Claim> {
    match &finding.subject {
        Subject::Claim(claim) => Some(claim),
        Subject::Ending | Subject::Prediction(_) => None,
    }
}

/// A limit of 0 is no limit.
fn at_least_expected(least: u64, lang: Lang) -> String {
    match least {
        0 => String::new(),
        _ => findings::at_least_expected(lang, least),
    }
}

fn answers(story: &Story, finding: &Finding, right: &[usize], lang: Lang) -> String {
    let question = match finding.subject {
        Subject::Prediction(index) => story.plan.predictions.get(index),
        _ => None,
    };
    match (right, question) {
        ([one], Some(question)) if *one < question.options.len() => {
            let option = format!("{} {}", letter(*one), question.options[*one].text.get(lang));
            findings::one_answer(lang, &option)
        }
        _ if finding.outcome == Outcome::NotMeasured => findings::not_answered(lang),
        _ => findings::no_one_answer(lang, right.len()),
    }
}

/// The letter of an option: a, b, c …
#[must_use]
pub fn letter(option: usize) -> char {
    char::from(b'a' + u8::try_from(option.min(25)).unwrap_or(25))
}

/// What a call is called in this run: on a pipe it is a write or a read.
#[must_use]
pub fn call_name(story: &Story, call: Call) -> &'static str {
    calls::name(story.plan.transport, call)
}

fn reason(fault: FrameFault, lang: Lang) -> String {
    let bytes = |count| words::bytes(lang, count);
    match fault {
        FrameFault::EndOfStream => findings::reason_end_of_stream(lang),
        FrameFault::ShortHeader { got, of: 0 } => findings::reason_short_open_header(lang, &words::bytes(lang, got)),
        FrameFault::ShortHeader { got, of } => findings::reason_short_header(lang, got, of),
        FrameFault::ShortBody { got, of } => findings::reason_short_body(lang, &bytes(got), &bytes(of)),
        FrameFault::ShortLine { got } => findings::reason_short_line(lang, &bytes(got)),
        FrameFault::OverLimit { length, limit } => findings::reason_over_limit(lang, &bytes(length), &bytes(limit)),
        FrameFault::Negative { length } => findings::reason_negative(lang, &words::signed(lang, length)),
        FrameFault::NotANumber { found } => findings::reason_not_a_number(lang, &quoted(&[found])),
        FrameFault::TooManyDigits { most } => findings::reason_too_many_digits(lang, &words::digits(lang, most)),
        FrameFault::BadJson => findings::reason_bad_json(lang),
        FrameFault::MissingField => findings::reason_missing_field(lang),
        FrameFault::BadSize => findings::reason_bad_size(lang),
        FrameFault::LineTooLong { limit } => findings::reason_line_too_long(lang, &bytes(limit)),
        FrameFault::BadEscape => findings::reason_bad_escape(lang),
        FrameFault::TimedOut { got, after_ms } => {
            findings::reason_timed_out(lang, &words::grouped(after_ms), &bytes(got))
        }
        FrameFault::NotReady => findings::reason_not_ready(lang),
    }
}

/// Why a program gave up in packing or unpacking, in a sentence.
#[must_use]
pub fn pack_reason(fault: &PackFault, lang: Lang) -> String {
    match fault {
        PackFault::OutOfRange {
            field,
            code,
            value,
            range: Some([smallest, largest]),
            ..
        } => {
            let number = usize::try_from(*field).unwrap_or(usize::MAX);
            words::pack::out_of_range(lang, number, value, code, smallest, largest)
        }
        PackFault::OutOfRange { field, code, value, .. } => {
            words::pack::too_large(lang, usize::try_from(*field).unwrap_or(usize::MAX), value, code)
        }
        PackFault::ShortBytes { format, got, of } => {
            let [got, of] = [got, of].map(|count| words::bytes(lang, *count));
            words::pack::byte_count(lang, format, &of, &got)
        }
    }
}

fn contents(seen: &[Option<Vec<u8>>], lang: Lang) -> String {
    let text = |bytes: &Option<Vec<u8>>| {
        bytes
            .as_deref()
            .map_or_else(|| findings::left_out(lang), |bytes| short(bytes, lang))
    };
    nothing_or(seen.iter().map(text), lang)
}

fn all(expected: &[Vec<u8>], lang: Lang) -> String {
    nothing_or(expected.iter().map(|bytes| short(bytes, lang)), lang)
}

fn readings(list: &[Reading], lang: Lang) -> String {
    nothing_or(list.iter().map(|one| reading(*one, lang).to_owned()), lang)
}

fn departures(list: &[Vec<PieceRef>], lang: Lang) -> String {
    let one = |pieces: &Vec<PieceRef>| pieces.iter().map(piece).collect::<Vec<_>>().join("+");
    first_ones(list.iter().map(one), lang).join(&telling::comma(lang))
}

fn nothing_or(texts: impl Iterator<Item = String>, lang: Lang) -> String {
    let texts = first_ones(texts, lang);
    if texts.is_empty() {
        findings::no_reads(lang)
    } else {
        texts.join(&telling::comma(lang))
    }
}

/// Bytes as a sentence can bear them.
fn short(bytes: &[u8], lang: Lang) -> String {
    let guessed = match std::str::from_utf8(bytes) {
        Ok(_) => characters::parts(bytes, Encoding::Utf8),
        Err(_) => vec![None; bytes.len()],
    };
    shortened(bytes, &guessed, lang)
}

fn shortened(bytes: &[u8], parts: &[Option<Part>], lang: Lang) -> String {
    if bytes.is_empty() {
        return quoted(bytes);
    }
    if bytes.len() <= LONGEST_QUOTED {
        return told(bytes, parts);
    }
    // A character that is cut in the middle is left out.
    let mut end = LONGEST_QUOTED / 2;
    while parts[end].is_some_and(|part| part.nth > 0) {
        end -= 1;
    }
    let beginning = told(&bytes[..end], &parts[..end]);
    findings::beginning(lang, &beginning, &words::bytes(lang, bytes.len() as u64))
}

/// What the reads returned, or should have, in the order of the reads.
fn reads<'b>(story: &Story, seen: impl Iterator<Item = Option<&'b [u8]>>, lang: Lang) -> String {
    let one = |(index, bytes): (usize, Option<&[u8]>)| {
        bytes.map_or_else(|| findings::left_out(lang), |bytes| of_read(story, index, bytes, lang))
    };
    nothing_or(seen.enumerate().map(one), lang)
}

/// What a read returned, or should have: in the encoding of the messages that it did return.
fn of_read(story: &Story, index: usize, bytes: &[u8], lang: Lang) -> String {
    let Some(read) = story.reads.get(index).filter(|read| read.returned > 0) else {
        return short(bytes, lang);
    };
    let flow = peer(read.endpoint);
    let seen = story
        .flows
        .bytes(flow, read.start, read.start + read.returned, u64::MAX);
    if seen.whole().is_some_and(|seen| seen == bytes) {
        return shortened(bytes, &seen.characters, lang);
    }
    match story.flows.at(flow, read.start).map(|message| &message.writing) {
        Some(Writing::Text(encoding)) => shortened(bytes, &characters::parts(bytes, *encoding), lang),
        Some(Writing::Packed(_)) => shortened(bytes, &vec![None; bytes.len()], lang),
        _ => short(bytes, lang),
    }
}

/// Most bytes of a read or a frame that are quoted whole.
const LONGEST_QUOTED: usize = 80;

/// As many texts as a sentence can bear; an ellipsis stands for the others.
fn first_ones(mut texts: impl Iterator<Item = String>, lang: Lang) -> Vec<String> {
    let mut first: Vec<String> = texts.by_ref().take(MOST_LISTED).collect();
    first.extend(texts.next().map(|_| findings::left_out(lang)));
    first
}

/// Most reads, frames or departures that one sentence lists.
const MOST_LISTED: usize = 100;
