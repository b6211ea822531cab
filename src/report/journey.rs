//! The way of one byte, sentence by sentence.

use super::Look;
use super::line::{Role, Span, plain, span};
use crate::scenario::Transport;
use crate::story::Story;
use crate::story::journey::{Fate, Handed, Journey, Known};
use crate::story::sentences;
use crate::trace::{Call, Ending};
use crate::words::visible::is_hidden;
use crate::words::{self, screen, telling};

/// Which byte it is, how it was handed over, when it left, when it was acknowledged, what took it: a line each, as far
/// as the first `shown` beats tell it.
#[must_use]
pub fn lines(story: &Story, journey: &Journey, shown: usize, look: &Look) -> Vec<Vec<Span>> {
    let lang = look.lang;
    let which = telling::byte_of(
        lang,
        journey.message,
        journey.place + 1,
        &words::bytes(lang, journey.of),
        &value(journey, look),
    );
    let mut lines = vec![vec![span(Role::Message(journey.message), which)]];
    let is_whole = shown >= story.beats.len() && story.trace.ending != Ending::Running;
    for (beat, line) in way(story, journey, look) {
        // What is known of no beat is known of the whole run only.
        if beat.map_or(is_whole, |beat| beat < shown) {
            lines.push(line);
        } else if !is_whole {
            lines.push(vec![span(Role::Faint, screen::not_shown_yet(lang))]);
            break;
        }
    }
    lines
}

/// What happened to it, each with the beat that tells it.
fn way(story: &Story, journey: &Journey, look: &Look) -> Vec<(Option<usize>, Vec<Span>)> {
    let lang = look.lang;
    let Some(sent) = journey.sent else {
        return vec![(
            None,
            vec![span(
                Role::Notable,
                telling::byte_not_sent(lang, sentences::call_name(story, Call::Send)),
            )],
        )];
    };
    let mut way = vec![(Some(sent.beat), handed(story, sent, look))];
    // What goes into a pipe or a unix socket does not leave: it lies at the other end.
    if story.plan.transport.is_internet() && (journey.left.is_some() || !journey.thrown_away) {
        way.push((journey.left.map(|left| left.beat), vec![left(story, journey, look)]));
    }
    if journey.thrown_away {
        way.push((None, vec![span(Role::Bad, telling::byte_thrown_away(lang))]));
    } else if story.plan.transport == Transport::Tcp && !journey.unsent {
        let known = journey.acknowledged;
        way.push((known.map(|known| known.beat), vec![acknowledged(story, known, look)]));
    }
    let told = match &journey.fate {
        Fate::Taken { beat, .. } | Fate::CutOff { beat, .. } => *beat,
        Fate::TakenAmong { beat } => Some(*beat),
        Fate::NotArrived(_) | Fate::NeverRead { .. } => None,
    };
    way.push((told, vec![fate(story, &journey.fate, look)]));
    // A byte can be read before its acknowledgement is stamped.
    way.sort_by_key(|(beat, _)| beat.unwrap_or(usize::MAX));
    way
}

/// The byte in hex, and the character that it is, or which part of one.
fn value(journey: &Journey, look: &Look) -> String {
    let Some(byte) = journey.byte else {
        return look.glyphs.ellipsis.to_owned();
    };
    match journey.part.filter(|part| !is_hidden(part.of) && part.of != ' ') {
        Some(part) if part.size == 1 => format!("{byte:02x} '{}'", part.of),
        Some(part) => format!("{byte:02x} '{}' {}/{}", part.of, part.nth + 1, part.size),
        None => format!("{byte:02x}"),
    }
}

fn handed(story: &Story, sent: Handed, look: &Look) -> Vec<Span> {
    let lang = look.lang;
    let at = moment(story, sent.beat);
    let call = sentences::call_name(story, Call::Send);
    vec![match sent.returned {
        Some(beat) if beat == sent.beat => plain(telling::byte_sent(lang, call, &at)),
        Some(beat) => plain(telling::byte_sent_late(lang, call, &at, &moment(story, beat))),
        None => span(Role::Notable, telling::byte_in_open_send(lang, call, &at)),
    }]
}

fn left(story: &Story, journey: &Journey, look: &Look) -> Span {
    let lang = look.lang;
    match journey.left {
        Some(Known { beat, is_own: true }) => plain(telling::byte_left(lang, &moment(story, beat))),
        Some(Known { beat, .. }) => plain(telling::byte_left_by(lang, &moment(story, beat))),
        None if journey.unsent => span(Role::Notable, telling::byte_unsent(lang)),
        None => span(Role::Faint, telling::byte_left_unknown(lang)),
    }
}

fn acknowledged(story: &Story, known: Option<Known>, look: &Look) -> Span {
    let lang = look.lang;
    match known {
        Some(Known { beat, is_own: true }) => plain(telling::byte_acknowledged(lang, &moment(story, beat))),
        Some(Known { beat, .. }) => plain(telling::byte_acknowledged_by(lang, &moment(story, beat))),
        None => span(Role::Faint, telling::byte_acknowledged_unknown(lang)),
    }
}

fn fate(story: &Story, fate: &Fate, look: &Look) -> Span {
    let lang = look.lang;
    let call = sentences::call_name(story, Call::Recv);
    // The time is that of the beat which tells the read, as in the timeline.
    let told = |beat: Option<usize>, read: usize| {
        let read = &story.reads[read];
        let event = story.trace.events.get(read.event);
        let at = beat.map_or_else(
            || words::moment(event.map_or(0, |event| event.at)),
            |beat| moment(story, beat),
        );
        (at, read)
    };
    match *fate {
        Fate::Taken { beat, read, place } => {
            let (at, read) = told(beat, read);
            let of = words::bytes(lang, read.returned);
            let call = format!("{call}({})", read.asked);
            plain(telling::byte_taken(lang, &call, &at, place + 1, &of))
        }
        Fate::CutOff { beat, read } => {
            let (at, read) = told(beat, read);
            span(Role::Bad, telling::byte_cut_off(lang, &at, read.asked))
        }
        Fate::TakenAmong { beat } => plain(telling::byte_taken_among(lang, call, &moment(story, beat))),
        Fate::NotArrived(ref missing) => span(Role::Bad, sentences::waits::byte(missing, lang)),
        Fate::NeverRead { waits: true } => span(Role::Notable, telling::byte_waits(lang)),
        Fate::NeverRead { waits: false } => span(Role::Notable, telling::byte_never_read(lang, call)),
    }
}

fn moment(story: &Story, beat: usize) -> String {
    words::moment(story.beats.get(beat).map_or(0, |beat| beat.at))
}
