//! Who waits when a run ends, and why what they wait for does not come.

use super::super::waits::{Cause, Missing, Part, WhereTo, cause};
use super::super::{Story, peer};
use super::call_name;
use crate::trace::{Call, Ending, EndpointId, Until, Waiting, What};
use crate::words::{self, Lang, findings, telling, waits as said, wire};

/// What an endpoint of this name waits in, and why.
pub(super) fn sentence(story: &Story, name: &str, waiting: Waiting, lang: Lang) -> String {
    let who = words::subject(lang, name);
    let endpoint = story.endpoint(name);
    let cause = endpoint.map_or(Cause::Untold, |endpoint| cause(story, endpoint, waiting));
    match (waiting, &cause) {
        (Waiting::Call(Call::Recv), Cause::Dropped(dropped)) => findings::hang_recv_dropped(lang, &who, *dropped),
        (Waiting::Call(Call::Recv), Cause::Unsent(unsent)) => {
            findings::hang_recv_unsent(lang, &who, &words::bytes(lang, *unsent))
        }
        (Waiting::Call(Call::Recv), Cause::OnWire(part, missing)) => {
            let waits = said::in_call(lang, &who, call_name(story, Call::Recv));
            because(lang, &waits, &incoming(story, *part, missing, lang))
        }
        (Waiting::Call(Call::Recv), _) => findings::hang_recv(lang, &who, call_name(story, Call::Recv)),
        (Waiting::Call(Call::Send), Cause::Unread(unread)) => {
            let reader = endpoint.map_or(String::new(), |end| words::subject(lang, story.name(peer(end))));
            let unread = words::bytes(lang, *unread);
            findings::hangs_in_send(lang, &who, call_name(story, Call::Send), &unread, &reader)
        }
        (Waiting::Call(Call::Send), Cause::OnWire(part, missing)) => {
            let waits = said::in_call(lang, &who, call_name(story, Call::Send));
            because(lang, &waits, &outgoing(story, *part, missing, lang))
        }
        (Waiting::Call(Call::Send), _) => findings::hang_send(lang, &who, call_name(story, Call::Send)),
        (Waiting::Until(Until::Queued(bytes)), Cause::OnWire(part, missing)) => {
            let waits = said::for_queued(lang, &who, &words::bytes(lang, bytes));
            because(lang, &waits, &incoming(story, *part, missing, lang))
        }
        (Waiting::Until(Until::Queued(bytes)), _) => findings::hang_bytes(lang, &who, &words::bytes(lang, bytes)),
        (Waiting::Until(Until::DatagramsQueued(count)), Cause::OnWire(part, missing)) => {
            let waits = said::for_queued(lang, &who, &words::datagrams(lang, count));
            because(lang, &waits, &incoming(story, *part, missing, lang))
        }
        (Waiting::Until(Until::DatagramsQueued(count)), _) => {
            findings::hang_datagrams(lang, &who, &words::datagrams(lang, count))
        }
        (Waiting::Until(Until::Acknowledged), Cause::OnWire(part, missing)) => {
            let waits = said::for_acknowledgement(lang, &who);
            because(lang, &waits, &outgoing(story, *part, missing, lang))
        }
        (Waiting::Until(Until::Acknowledged), _) => findings::hang_ack(lang, &who),
        (Waiting::Until(Until::Held(count)), _) => wire::hang_held(lang, &who, &wire::packets(lang, count)),
        (Waiting::Turn, _) => findings::hang_turn(lang, &who),
    }
}

fn because(lang: Lang, waits: &str, why: &str) -> String {
    said::because(lang, waits, why)
}

/// What became of that which was sent to whoever waits.
fn incoming(story: &Story, part: Part, missing: &Missing, lang: Lang) -> String {
    let packets = wire::numbers(lang, &missing.packets);
    let told = match (part, missing.where_to) {
        (Part::End, WhereTo::Held) => said::end_held(lang, &packets),
        (Part::End, WhereTo::Flies) => said::end_flies(lang, &packets),
        (Part::End, WhereTo::Lost) => said::end_lost(lang, &packets),
        (_, WhereTo::Held) => said::to_it_held(lang, &packets),
        (_, WhereTo::Flies) => said::to_it_flies(lang, &packets),
        (_, WhereTo::Lost) => said::to_it_lost(lang, &packets),
    };
    and_again(story, missing, told, lang)
}

/// What became of that which whoever waits has sent, or of the answer.
fn outgoing(story: &Story, part: Part, missing: &Missing, lang: Lang) -> String {
    let packets = wire::numbers(lang, &missing.packets);
    let told = match (part, missing.where_to) {
        (Part::Acknowledgement, WhereTo::Held) => said::ack_held(lang, &packets),
        (Part::Acknowledgement, WhereTo::Flies) => said::ack_flies(lang, &packets),
        (Part::Acknowledgement, WhereTo::Lost) => said::ack_lost(lang, &packets),
        (_, WhereTo::Held) => said::by_it_held(lang, &packets),
        (_, WhereTo::Flies) => said::by_it_flies(lang, &packets),
        (_, WhereTo::Lost) => said::by_it_lost(lang, &packets),
    };
    and_again(story, missing, told, lang)
}

/// TCP sends again what was lost: where a run was ended before that, it is said.
fn and_again(story: &Story, missing: &Missing, told: String, lang: Lang) -> String {
    let is_late = missing.where_to == WhereTo::Lost && matches!(story.trace.ending, Ending::Deadline { .. });
    if is_late && story.trace.head.is_tcp() {
        said::and_comes_again(lang, &told)
    } else {
        told
    }
}

/// What became on the wire of a byte that nobody has read.
#[must_use]
pub fn byte(missing: &Missing, lang: Lang) -> String {
    let packets = wire::numbers(lang, &missing.packets);
    match missing.where_to {
        WhereTo::Held => said::byte_held(lang, &packets),
        WhereTo::Flies => said::byte_flies(lang, &packets),
        WhereTo::Lost => said::byte_lost(lang, &packets),
    }
}

/// One who is not named by the ending, and waits in a call as well.
pub(super) fn waits_too(story: &Story, endpoint: EndpointId, lang: Lang) -> String {
    let last = blocked(story, endpoint);
    let waiting = Waiting::Call(last.unwrap_or(Call::Recv));
    match cause(story, endpoint, waiting) {
        Cause::OnWire(..) | Cause::Dropped(_) | Cause::Unsent(_) | Cause::Unread(_) => {
            sentence(story, story.name(endpoint), waiting, lang)
        }
        Cause::NobodySent | Cause::Untold => findings::waits_too(lang, &words::subject(lang, story.name(endpoint))),
    }
}

/// The sentence about the endpoint that an ending names, and those about others who wait in a send.
pub(super) fn hang(story: &Story, name: &str, waiting: Waiting, lang: Lang) -> String {
    let first = sentence(story, name, waiting, lang);
    let others = (0..story.trace.head.endpoints.len()).filter_map(|index| u8::try_from(index).ok());
    let others = others.map(EndpointId).filter(|other| story.name(*other) != name);
    let others = others.filter(|other| blocked(story, *other) == Some(Call::Send));
    let others = others.map(|other| sentence(story, story.name(other), Waiting::Call(Call::Send), lang));
    let all: Vec<String> = std::iter::once(first).chain(others).collect();
    all.join(&telling::semicolon(lang))
}

/// The call of an endpoint that has not returned, if its last one has not.
fn blocked(story: &Story, endpoint: EndpointId) -> Option<Call> {
    let own = story
        .trace
        .events
        .iter()
        .rev()
        .filter(|event| event.endpoint == endpoint);
    let mut calls = own.filter_map(|event| match event.what {
        What::Blocked { call } => Some(Some(call)),
        What::Send { .. } | What::Recv { .. } | What::Failed { .. } | What::Closed => Some(None),
        _ => None,
    });
    calls.next().flatten()
}
