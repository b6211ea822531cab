//! The head of a text: title, what to watch, what is staged, the knobs, the question.

use super::super::line::{Line, Role, Span, plain, span, wrap};
use super::super::{Look, staged};
use crate::scenario::{Setting, Transport};
use crate::story::Story;
use crate::story::sentences::letter;
use crate::trace::{Event, What};
use crate::words::{self, telling};
use unicode_width::UnicodeWidthStr;

/// Title, what to watch, what is staged, the knobs, the question.
pub fn head(story: &Story, look: &Look) -> Vec<Line> {
    let lang = look.lang;
    let mut lines = title(story, look);
    lines.push(Line::blank());
    lines.extend(section(
        &telling::watch(lang),
        &[plain(story.plan.texts.sees.get(lang))],
        look,
    ));
    for (index, link) in links(story, look).into_iter().enumerate() {
        let word = if index == 0 { telling::link(lang) } else { String::new() };
        lines.extend(section(&word, &[plain(link)], look));
    }
    for staged in staged::of_run(story, lang) {
        lines.extend(section(&telling::staged(lang), &[plain(staged)], look));
    }
    if !story.trace.head.knobs.is_empty() {
        lines.extend(section(&telling::knobs(lang), &knobs(story), look));
    }
    for prediction in &story.plan.predictions {
        lines.extend(section(
            &telling::predict(lang),
            &[span(Role::Title, prediction.ask.get(lang))],
            look,
        ));
        for (index, option) in prediction.options.iter().enumerate() {
            lines.extend(section(
                "",
                &[plain(format!("{}  {}", letter(index), option.text.get(lang)))],
                look,
            ));
        }
    }
    lines
}

/// A word in the margin and a text beside it.
pub fn section(word: &str, text: &[Span], look: &Look) -> Vec<Line> {
    if look.is_spoken() {
        let colon = if word.is_empty() {
            String::new()
        } else {
            telling::colon(look.lang)
        };
        return wrap(Line(vec![span(Role::Faint, word), plain(colon)]), text, look.width);
    }
    let margin = margin(look);
    let blanks = " ".repeat(margin.saturating_sub(2 + word.width()));
    let first = Line(vec![plain("  "), span(Role::Faint, word), plain(blanks)]);
    wrap(first, text, look.width)
}

/// Width of the margin that the words of the head and the end stand in.
fn margin(look: &Look) -> usize {
    let lang = look.lang;
    let words = [
        telling::watch(lang),
        telling::staged(lang),
        telling::link(lang),
        telling::knobs(lang),
    ];
    let words = words
        .into_iter()
        .chain([telling::predict(lang), telling::why(lang), telling::answer(lang)]);
    let words = words.chain([telling::held(lang), telling::failed(lang)]);
    2 + words.map(|word| word.width()).max().unwrap_or(0) + 2
}

fn title(story: &Story, look: &Look) -> Vec<Line> {
    let id = story.scenario.id.as_str();
    let between = if look.is_spoken() {
        telling::colon(look.lang)
    } else {
        format!(" {} ", look.glyphs.dot)
    };
    let first = Line(vec![span(Role::Title, id), plain(between)]);
    wrap(
        first,
        &[span(Role::Title, story.plan.texts.title.get(look.lang))],
        look.width,
    )
}

/// The two addresses of each connection, the listening side last.
fn links(story: &Story, look: &Look) -> Vec<String> {
    let opened = |event: &Event| match &event.what {
        What::Opened { local, .. } => {
            let who = usize::from(event.endpoint.0);
            let listens = story.plan.endpoints.get(who).is_some_and(|end| end.listens);
            let name = words::endpoint(look.lang, story.name(event.endpoint));
            // Sockets of a pair and pipes have no address.
            let named = match local {
                Some(local) if story.plan.transport.is_internet() => format!("{name} {local}"),
                None => format!("{name} ({})", telling::not_measured(look.lang)),
                Some(_) => name,
            };
            Some((who / 2, listens, named))
        }
        _ => None,
    };
    let mut addresses: Vec<(usize, bool, String)> = story.trace.events.iter().filter_map(opened).collect();
    addresses.sort_by_key(|(connection, listens, _)| (*connection, *listens));
    let transport = match story.plan.transport {
        Transport::Tcp => "TCP".to_owned(),
        Transport::Udp => "UDP".to_owned(),
        Transport::UnixStream => "unix SOCK_STREAM".to_owned(),
        Transport::UnixDatagram => "unix SOCK_DGRAM".to_owned(),
        Transport::UnixSeqpacket => "unix SOCK_SEQPACKET".to_owned(),
        Transport::Pipe => telling::pipe(look.lang),
    };
    let connections = addresses.chunk_by(|(one, ..), (other, ..)| one == other);
    let link = |ends: &[(usize, bool, String)]| {
        let ends: Vec<&str> = ends.iter().map(|(.., text)| text.as_str()).collect();
        let between = if look.is_spoken() {
            telling::comma(look.lang)
        } else {
            format!(" {} ", look.glyphs.arrow)
        };
        format!("{transport}  {}", ends.join(&between))
    };
    connections.map(link).collect()
}

/// `nodelay=false count=5`; a knob that is not at its default stands out.
fn knobs(story: &Story) -> Vec<Span> {
    let defaults = story.scenario.defaults();
    let mut spans = Vec::new();
    for (name, value) in &story.trace.head.knobs {
        // What the wire is like stands under what is staged.
        if name.starts_with("wire.") {
            continue;
        }
        let default = defaults.get(name).map(Setting::to_string);
        let role = if default.as_ref() == Some(value) {
            Role::Plain
        } else {
            Role::Notable
        };
        if !spans.is_empty() {
            spans.push(plain("  "));
        }
        spans.push(span(role, format!("{name}={value}")));
    }
    spans
}
