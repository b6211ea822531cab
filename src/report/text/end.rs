//! The end of a text: what was found, the answer, the cause.

use super::super::Look;
use super::super::line::{Line, Role, plain, span, wrap};
use super::head::section;
use crate::scenario::Transport;
use crate::scenario::claim::PieceRef;
use crate::story::Story;
use crate::story::picture::counted::counted;
use crate::story::sentences::{self, letter};
use crate::story::verdict::{Finding, Outcome, Subject};
use crate::trace::{EndpointId, Event, What};
use crate::words::{self, telling};

/// What was found, the answer, the cause; names that stand in the timeline, if there is one, are explained.
#[must_use]
pub fn end(story: &Story, look: &Look, timeline: Option<&[Line]>) -> Vec<Line> {
    let mut lines = findings(story, look);
    lines.extend(answers(story, look));
    lines.push(Line::blank());
    // A cause may take more than one paragraph.
    for (index, paragraph) in story.plan.texts.why.get(look.lang).split('\n').enumerate() {
        let word = if index == 0 {
            telling::why(look.lang)
        } else {
            String::new()
        };
        lines.extend(section(&word, &[plain(paragraph)], look));
    }
    lines.push(Line::blank());
    lines.extend(notes(story, look, timeline));
    let first = Line(vec![plain(if look.is_spoken() { "" } else { "  " })]);
    lines.extend(wrap(first, &[summary(story, look)], look.width));
    lines
}

/// What was found of each thing that was expected.
#[must_use]
pub fn findings(story: &Story, look: &Look) -> Vec<Line> {
    let lang = look.lang;
    let mut lines = Vec::new();
    for finding in &story.verdict.findings {
        if matches!(finding.subject, Subject::Prediction(_)) && finding.outcome == Outcome::Held {
            continue; // the answer below says it
        }
        let (role, word) = match finding.outcome {
            Outcome::Held => (Role::Good, telling::held(lang)),
            Outcome::Failed => (Role::Bad, telling::failed(lang)),
            Outcome::NotMeasured => (Role::Notable, telling::undecided(lang)),
        };
        let sentence = sentences::finding(story, finding, lang).replace('…', look.glyphs.ellipsis);
        let mut found = section(&word, &[plain(sentence)], look);
        if let Some(margin) = found.first_mut().and_then(|line| line.0.get_mut(1)) {
            margin.role = role;
        }
        lines.extend(found);
    }
    lines
}

/// The answer that came true, and what is wrong with the others.
fn answers(story: &Story, look: &Look) -> Vec<Line> {
    let mut lines = Vec::new();
    for (prediction, right) in story.plan.predictions.iter().zip(&story.verdict.answers) {
        let [right] = right[..] else { continue };
        for (index, option) in prediction.options.iter().enumerate() {
            let text = format!("{}  {}", letter(index), option.text.get(look.lang));
            if index == right {
                lines.extend(section(&telling::answer(look.lang), &[span(Role::Good, text)], look));
            }
        }
        for (index, option) in prediction.options.iter().enumerate() {
            if let Some(belief) = option.belief.as_ref().filter(|_| index != right) {
                let text = format!("{}? {}", letter(index), belief.get(look.lang));
                lines.extend(section("", &[plain(text)], look));
            }
        }
    }
    lines
}

/// Counters, and what was measured how.
fn notes(story: &Story, look: &Look, timeline: Option<&[Line]>) -> Vec<Line> {
    let lang = look.lang;
    let mut texts = Vec::new();
    for (index, name) in story.trace.head.endpoints.iter().enumerate() {
        let id = EndpointId(u8::try_from(index).unwrap_or(u8::MAX));
        let last = story.trace.events.iter().rev().find_map(|event| match event.what {
            What::Segments { data_sent, mss, .. } if event.endpoint == id => Some((data_sent, mss)),
            _ => None,
        });
        // What a closed socket still sent was not counted any more.
        let closed = story
            .trace
            .events
            .iter()
            .any(|event| event.endpoint == id && event.what == What::Closed);
        if let Some((data_sent @ 1.., mss)) = last.filter(|_| !closed) {
            texts.push(telling::segments(
                lang,
                &words::subject(lang, name),
                data_sent,
                &words::grouped(mss),
            ));
        }
    }
    if let Some(part) = part(story, timeline) {
        texts.push(telling::about_parts(lang, &part));
    }
    if story.plan.transport == Transport::Tcp && story.trace.events.iter().any(is_in_flight) {
        texts.push(telling::about_queues(lang));
    }
    texts.push(telling::legend(
        lang,
        &measured(story, look).join(telling::comma(lang).as_str()),
    ));
    texts.push(telling::measured_on(lang, &story.trace.head.system));
    let wrapped = texts
        .iter()
        .flat_map(|text| wrap(Line(vec![plain("  ")]), &[span(Role::Faint, text.as_str())], look.width));
    wrapped.chain([Line::blank()]).collect()
}

/// A part of a message that is named in these lines; without them, one that a read or a departure has.
fn part(story: &Story, timeline: Option<&[Line]>) -> Option<String> {
    let read = story.reads.iter().flat_map(|read| &read.pieces);
    let left = story.departures.iter().flat_map(|departure| &departure.pieces);
    let parts = read.chain(left).filter(|piece| !piece.is_whole());
    // What a read of a header or a body took has another name there, but not what it left in the queue.
    let mut names = parts.flat_map(|piece| {
        let rest = PieceRef {
            message: piece.message,
            part: Some((piece.to, piece.of)),
        };
        [piece.reference(), rest].map(|piece| sentences::piece(&piece))
    });
    match timeline {
        None => names.next(),
        Some(lines) => {
            let lines: Vec<String> = lines.iter().map(Line::plain).collect();
            names.find(|name| lines.iter().any(|line| names_it(line, name)))
        }
    }
}

fn names_it(line: &str, name: &str) -> bool {
    let mut found = line.match_indices(name);
    found.any(|(at, _)| !line[at + name.len()..].starts_with(|next: char| next.is_ascii_digit()))
}

fn is_in_flight(event: &Event) -> bool {
    let counted = counted(&event.what, false, false);
    counted.is_some_and(|queue| queue.in_flight > Some(0))
}

/// What was measured in this run, and how.
fn measured(story: &Story, look: &Look) -> Vec<String> {
    let lang = look.lang;
    let seen = |fact: fn(&What) -> bool| story.trace.events.iter().any(|event| fact(&event.what));
    let datagrams = !story.plan.transport.is_stream();
    let mut facts = vec![telling::fact_calls(lang)];
    let mut add = |is_seen: bool, fact: String| facts.extend(is_seen.then_some(fact));
    if datagrams {
        let told = |what: &What| matches!(what, What::Recv { datagram: Some(_), .. });
        add(seen(told), telling::fact_truncation(lang));
        let looked = |what: &What| matches!(what, What::Queues { waiting: Some(_), .. });
        add(seen(looked), telling::fact_datagrams(lang));
        add(
            seen(|what| matches!(what, What::Queues { dropped: Some(_), .. })),
            telling::fact_drops(lang),
        );
        add(
            seen(|what| matches!(what, What::Left { .. })),
            telling::fact_departures(lang),
        );
    } else {
        let looked = |what: &What| matches!(what, What::Queues { waiting: Some(_), .. });
        add(seen(looked), telling::fact_receive_queue(lang));
        add(
            seen(|what| matches!(what, What::Queues { unsent: Some(_), .. })),
            telling::fact_send_queue(lang),
        );
        add(
            seen(|what| matches!(what, What::Left { .. })),
            telling::fact_stamps(lang),
        );
    }
    if seen(|what| matches!(what, What::Packet(_))) {
        facts.push(words::wire::fact_packets(lang));
    }
    facts
}

fn summary(story: &Story, look: &Look) -> super::super::line::Span {
    // A question that has its answer is told as the answer.
    let answered =
        |finding: &&Finding| matches!(finding.subject, Subject::Prediction(_)) && finding.outcome == Outcome::Held;
    let findings: Vec<&Finding> = story
        .verdict
        .findings
        .iter()
        .filter(|finding| !answered(finding))
        .collect();
    let count = findings.len();
    let with = |outcome| findings.iter().filter(|finding| finding.outcome == outcome).count();
    let (failed, undecided) = (with(Outcome::Failed), with(Outcome::NotMeasured));
    let expectations = words::expectations(look.lang, count as u64);
    match (count, failed, undecided) {
        (0, ..) => span(Role::Notable, words::findings::nothing_expected(look.lang)),
        (_, 0, 0) => span(Role::Good, words::findings::all_held(look.lang, count)),
        (_, 0, _) => span(
            Role::Notable,
            words::findings::some_undecided(look.lang, undecided, &expectations),
        ),
        _ => span(
            Role::Bad,
            words::findings::some_failed(look.lang, failed, &expectations),
        ),
    }
}
