//! Sentences about calls and counts: what failed, what waited, how much came.

use super::{nothing_or, quoted};
use crate::scenario::claim::packets::PacketClaim;
use crate::scenario::{Amount, CallKind, Claim, Named, Transport};
use crate::story::Story;
use crate::trace::{Call, EndpointId};
use crate::words::{self, Lang, findings, telling, wire};

/// Datagrams that the kernel dropped.
pub(super) fn dropped(count: u64, claim: Option<&Claim>, met: bool, lang: Lang) -> String {
    let seen = match count {
        0 => findings::nothing_dropped(lang),
        _ => findings::dropped(lang, &words::datagrams(lang, count)),
    };
    expected(seen, claim, met, lang)
}

/// Segments with data that an endpoint sent.
pub(super) fn segments(
    story: &Story,
    endpoint: EndpointId,
    count: u64,
    claim: Option<&Claim>,
    met: bool,
    lang: Lang,
) -> String {
    let who = words::subject(lang, story.name(endpoint));
    let segments = words::segments(lang, count);
    match claim {
        Some(Claim::Segments { amount, .. }) if met => {
            findings::segments_as_expected(lang, &who, &segments, &wanted(*amount, lang))
        }
        _ => expected(findings::segments_sent(lang, &who, &segments), claim, met, lang),
    }
}

/// How long a run went on.
pub(super) fn lasted(lasted: u64, claim: Option<&Claim>, met: bool, lang: Lang) -> String {
    let seen = wire::lasted(lang, &words::millis(lasted));
    match claim {
        Some(Claim::Lasts { at_least_ms }) if !met => {
            findings::expected_amount(lang, &seen, &wire::at_least_millis(lang, *at_least_ms))
        }
        _ => seen,
    }
}

/// A call that waited in the kernel, or did not.
pub(super) fn blocks(story: &Story, call: CallKind, number: u32, blocked: bool, lang: Lang) -> String {
    match (call, blocked) {
        (CallKind::Recv, true) => findings::recv_blocked(lang, number),
        (CallKind::Recv, false) => findings::recv_not_blocked(lang, number),
        (CallKind::Send, true) if story.plan.transport == Transport::Pipe => findings::write_blocked(lang, number),
        (CallKind::Send, true) => findings::send_blocked(lang, number),
        (CallKind::Send, false) => findings::send_not_blocked(lang, number),
    }
}

/// No call of a kind waited.
pub(super) fn nothing_blocks(story: &Story, call: CallKind, lang: Lang) -> String {
    match call {
        CallKind::Recv => findings::no_recv_blocked(lang),
        CallKind::Send if story.plan.transport == Transport::Pipe => findings::no_write_blocked(lang),
        CallKind::Send => findings::no_send_blocked(lang),
    }
}

/// What the reader of texts made of its reads.
pub(super) fn texts(seen: &[String], claim: Option<&Claim>, met: bool, lang: Lang) -> String {
    let list = |texts: &[String]| nothing_or(texts.iter().map(|text| quoted(text.as_bytes())), lang);
    match claim {
        Some(Claim::Texts(expected)) if !met => findings::texts_were_not(lang, &list(seen), &list(expected)),
        _ => findings::texts_were(lang, &list(seen)),
    }
}

/// What was seen and, where it differs, what was expected.
pub(super) fn expected(seen: String, claim: Option<&Claim>, met: bool, lang: Lang) -> String {
    match claim {
        Some(
            Claim::Dropped(amount)
            | Claim::Malformed(amount)
            | Claim::Segments { amount, .. }
            | Claim::Packets(PacketClaim { amount, .. }),
        ) if !met => findings::another_amount(lang, &seen, &wanted(*amount, lang)),
        _ => seen,
    }
}

/// "8", "at least 8".
fn wanted(amount: Amount, lang: Lang) -> String {
    match amount {
        Amount::Exactly(count) => findings::exactly(lang, count),
        Amount::AtLeast(count) => findings::at_least(lang, count),
        Amount::AtMost(count) => findings::at_most(lang, count),
    }
}

/// The calls that failed, and those that were to fail.
pub(super) fn errors(story: &Story, seen: &[(EndpointId, Call, String)], claim: Option<&Claim>, lang: Lang) -> String {
    let one = |who: &str, call: &str, error: &str| {
        let who = words::subject(lang, who);
        findings::failed_call(lang, &who, call, error)
    };
    let list = |texts: Vec<String>| texts.join(&telling::comma(lang));
    let failed: Vec<String> = seen
        .iter()
        .map(|(endpoint, call, error)| one(story.name(*endpoint), name(story.plan.transport, *call), error))
        .collect();
    let failed = if failed.is_empty() {
        findings::no_call_failed(lang)
    } else {
        findings::calls_failed(lang, &list(failed))
    };
    let Some(Claim::Errors(wanted)) = claim else {
        return failed;
    };
    let named = |index: usize| story.trace.head.endpoints.get(index).map_or("?", String::as_str);
    let wanted: Vec<String> = wanted
        .iter()
        .map(|error| {
            let call = match error.call {
                CallKind::Send => Call::Send,
                CallKind::Recv => Call::Recv,
            };
            one(
                named(error.endpoint),
                name(story.plan.transport, call),
                error.error.name(),
            )
        })
        .collect();
    findings::expected_amount(lang, &failed, &nothing_or(wanted.into_iter(), lang))
}

/// What a call is called on this transport: a pipe has no send and no recv, it is written and read (pipe(7)).
#[must_use]
pub fn name(transport: Transport, call: Call) -> &'static str {
    match (transport, call) {
        (Transport::Pipe, Call::Send) => "write",
        (Transport::Pipe, Call::Recv) => "read",
        (_, Call::Send) => "send",
        (_, Call::Recv) => "recv",
    }
}
