//! The head of a text: title, what to watch, what is staged, the knobs, the question.

use super::super::Look;
use super::super::line::{Line, Role, Span, plain, span, wrap};
use crate::scenario::plan::Task;
use crate::scenario::{Setting, Transport, Writes};
use crate::story::Story;
use crate::story::sentences::letter;
use crate::trace::What;
use crate::words::{self, telling};
use unicode_width::UnicodeWidthStr;

/// Title, what to watch, what is staged, the knobs, the question.
pub fn head(story: &Story, look: &Look) -> Vec<Line> {
    let lang = look.lang;
    let mut lines = title(story, look);
    lines.push(Line::blank());
    lines.extend(section(
        &telling::watch(lang),
        &[plain(story.scenario.sees.get(lang))],
        look,
    ));
    lines.extend(section(&telling::link(lang), &[plain(link(story, look))], look));
    for staged in staged(story, look) {
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
    let first = Line(vec![span(Role::Title, id), plain(format!(" {} ", look.glyphs.dot))]);
    wrap(
        first,
        &[span(Role::Title, story.scenario.title.get(look.lang))],
        look.width,
    )
}

/// The two addresses, the listening side last.
fn link(story: &Story, look: &Look) -> String {
    let mut addresses: Vec<(bool, String)> = story
        .trace
        .events
        .iter()
        .filter_map(|event| match &event.what {
            What::Opened { local, .. } => {
                let listens = story
                    .plan
                    .endpoints
                    .get(usize::from(event.endpoint.0))
                    .is_some_and(|end| end.listens);
                let who = words::endpoint(look.lang, story.name(event.endpoint));
                Some((listens, format!("{who} {local}")))
            }
            _ => None,
        })
        .collect();
    addresses.sort_by_key(|(listens, _)| *listens);
    let transport = match story.plan.transport {
        Transport::Tcp => "TCP",
        Transport::Udp => "UDP",
    };
    let ends: Vec<String> = addresses.into_iter().map(|(_, text)| text).collect();
    format!("{transport}  {}", ends.join(&format!(" {} ", look.glyphs.arrow)))
}

fn staged(story: &Story, look: &Look) -> Vec<String> {
    let lang = look.lang;
    let mut staged: Vec<String> = Vec::new();
    for event in &story.trace.events {
        let What::OptionSet { option, value } = &event.what else {
            continue;
        };
        let who = words::endpoint(lang, story.name(event.endpoint));
        staged.push(match (option.as_str(), value) {
            ("TCP_NODELAY", 0) => telling::nagle_on(lang, &who),
            ("TCP_NODELAY", _) => telling::nagle_off(lang, &who),
            ("TCP_QUICKACK", 0) => telling::delayed_ack(lang, &who),
            ("TCP_QUICKACK", _) => telling::quick_ack(lang, &who),
            (option, value) => telling::option_set(lang, &who, option, *value),
        });
    }
    for (index, endpoint) in story.plan.endpoints.iter().enumerate() {
        let does = |wanted: fn(&Task) -> bool| {
            story
                .plan
                .steps
                .iter()
                .any(|step| step.endpoint == index && wanted(&step.task))
        };
        let who = words::endpoint(lang, &endpoint.name);
        if does(|task| matches!(task, Task::UntilAllQueued | Task::UntilQueued(_))) {
            staged.push(telling::late_reader(lang, &who));
        }
        if does(|task| matches!(task, Task::UntilAcked)) {
            staged.push(telling::waits_between(lang, &who));
        }
    }
    let cuts = |task: &Task| {
        matches!(
            task,
            Task::SendFrames {
                writes: Writes::CutHeader | Writes::Bytes,
                ..
            }
        )
    };
    if let Some(step) = story.plan.steps.iter().find(|step| cuts(&step.task)) {
        let name = story
            .plan
            .endpoints
            .get(step.endpoint)
            .map_or("?", |endpoint| endpoint.name.as_str());
        staged.push(telling::cut_up(lang, &words::endpoint(lang, name)));
    }
    staged
}

/// `nodelay=false count=5`; a knob that is not at its default stands out.
fn knobs(story: &Story) -> Vec<Span> {
    let defaults = story.scenario.defaults();
    let mut spans = Vec::new();
    for (name, value) in &story.trace.head.knobs {
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
