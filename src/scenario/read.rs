//! Reads a scenario file. Everything that is wrong with it is reported at once, in the order of the file.
//!
//! The text is not to be trusted: every length has a limit, and no text makes the reader panic or take long.

mod claims;
mod commands;
mod endpoints;
mod fields;
mod formats;
mod framing;
mod knobs;
mod programs;
mod questions;
mod rehearsal;
mod steps;
mod stops;
mod syntax;
#[cfg(test)]
mod tests;
mod values;
mod wire;
mod wordings;

use std::ops::Range;
use std::time::Duration;

use toml::de::DeTable;

pub(crate) use fields::{Fields, Notes};
use fields::{TOP, Value};
use questions::PlacedExpect;
use steps::Surroundings;
use stops::PlacedStop;

use super::problem::{DocumentProblem, Problem, Problems, Role, StepProblem, Wanted};
use super::{
    Action, Arg, Commands, Condition, Encoded, Expect, Family, Framing, Group, Prediction, Scenario, Settings, Step,
    Text,
};
use super::{Link, Transport, Wording, WrittenWire};

/// Longest file, in bytes.
pub const LONGEST_FILE: usize = 256 * 1024;
/// Most parts of a dotted key.
pub const MOST_PARTS: usize = 8;
/// Most endpoints of a scenario.
pub const MOST_ENDPOINTS: usize = 8;
/// Most steps of a scenario.
pub const MOST_STEPS: usize = 200;
/// Most knobs of a scenario.
pub const MOST_KNOBS: usize = 16;
/// Most choices of a knob.
pub const MOST_CHOICES: usize = 32;
/// Most texts that take turns in one place.
pub const MOST_WORDINGS: usize = 16;
/// Most search words of a scenario.
pub const MOST_SEARCH_WORDS: usize = 64;
/// Most contrasts of a scenario.
pub const MOST_CONTRASTS: usize = 64;
/// Most expectations of a scenario.
pub const MOST_EXPECTATIONS: usize = 200;
/// Most questions of a scenario.
pub const MOST_QUESTIONS: usize = 20;
/// Most stops of a scenario.
pub const MOST_STOPS: usize = 50;
/// Most struct formats of a scenario.
pub const MOST_FORMATS: usize = 32;
/// Most values of a struct format.
pub const MOST_VALUES: usize = 64;
/// Largest result of a struct format, in bytes: it is drawn byte by byte.
pub const LONGEST_PACKED: usize = 1024;
/// Most commands of a scenario, and most files that it stages.
pub const MOST_COMMANDS: usize = 32;
/// Most words of a command, its program included.
pub const MOST_WORDS: usize = 16;
/// Longest word of a command, in bytes.
pub const LONGEST_WORD: usize = 200;
/// Longest file that a scenario stages, in bytes.
pub const LONGEST_STAGED: usize = 4096;
/// Most frames that one step sends or reads.
pub const MOST_FRAMES: u64 = 1000;
/// Most notes that one claim lists.
pub const MOST_NOTES: usize = 200;
/// Longest message and longest frame body, in bytes.
pub const LONGEST_BODY: u64 = 1 << 20;
/// Most bytes that one `recv` asks for, and longest buffer.
pub const LONGEST_RECV: u64 = 16 << 20;
/// Longest message that one `send` can be told to make of letters, in bytes.
pub const LONGEST_LETTERS: u64 = 16 << 20;
/// Most times that one step sends a message.
pub const MOST_TIMES: u64 = 20_000;
/// Most bytes that all steps together can send.
pub const MOST_SENT: u64 = 16 << 20;

/// Reads the scenario in `text`; `name` is the file's name, for messages.
///
/// # Errors
/// Everything that is wrong with the file.
pub fn read(name: &str, text: &str) -> Result<Scenario, Problems> {
    document(name, text, LONGEST_FILE, scenario)
}

/// Reads any TOML file: what is wrong with it as a document is noted here, what is wrong with its contents by `read`.
pub(crate) fn document<T>(
    name: &str,
    text: &str,
    longest: usize,
    read: impl FnOnce(&DeTable<'_>, &mut Notes<'_>) -> Option<T>,
) -> Result<T, Problems> {
    let problems = |text: &str, mut list: Vec<Problem>| {
        list.sort_by_key(|problem| (problem.span.start, problem.span.end));
        Problems {
            name: name.to_owned(),
            text: text.to_owned(),
            list,
        }
    };
    if text.len() > longest {
        let (bytes, most) = (text.len(), longest);
        let what = DocumentProblem::TooLong { bytes, most }.into();
        let beginning: String = text.lines().next().unwrap_or_default().chars().take(80).collect();
        return Err(problems(&beginning, vec![Problem { span: 0..0, what }]));
    }
    if let Some(span) = syntax::many_parts(text) {
        let what = DocumentProblem::ManyParts.into();
        return Err(problems(text, vec![Problem { span, what }]));
    }
    let (document, errors) = DeTable::parse_recoverable(text);
    let mut notes = Notes::new(text);
    let read = read(document.get_ref(), &mut notes);
    if !errors.is_empty() {
        return Err(problems(text, syntax::with_syntax(text, &errors, notes.list)));
    }
    match read {
        Some(read) if notes.list.is_empty() => Ok(read),
        _ => Err(problems(text, notes.list)),
    }
}

/// The texts and figures at the top of the file.
struct Head {
    id: String,
    order: u32,
    group: Option<Group>,
    family: Family,
    only_family: bool,
    covers: Option<Text>,
    words: Vec<String>,
    deadline: Duration,
}

fn scenario(document: &DeTable<'_>, notes: &mut Notes<'_>) -> Option<Scenario> {
    let mut fields = Fields::over(document, 0..0, &TOP, notes);
    let head = head(&mut fields, notes);
    let body = body(&mut fields, head.as_ref().map(|head| head.deadline), notes);
    fields.close(notes);
    let (head, body) = (head?, body?);
    Some(Scenario {
        id: head.id,
        order: head.order,
        group: head.group,
        family: head.family,
        only_family: head.only_family,
        covers: head.covers,
        words: head.words,
        deadline: head.deadline,
        source: notes.text.to_owned(),
        ..body
    })
}

fn head(fields: &mut Fields<'_, '_>, notes: &mut Notes<'_>) -> Option<Head> {
    let id = fields.need("id").and_then(|value| {
        let id = notes.string(value, Wanted::String)?;
        notes.name(id, value.span(), Role::Scenario)
    });
    let order = fields
        .need("order")
        .and_then(|value| notes.number(value, &(0..=9999), Wanted::Number));
    let group = match fields.get("group") {
        None => Some(None),
        Some(value) => notes.named(value).map(Some),
    };
    let family = match fields.get("family") {
        None => Some((Family::Ipv4, false)),
        Some(value) if value.get_ref().is_table() => {
            Fields::open(value, &["only"], Wanted::Family, notes).and_then(|mut fields| {
                let only = fields.need("only").and_then(|value| notes.named(value));
                fields.close(notes);
                only.map(|family| (family, true))
            })
        }
        Some(value) if value.get_ref().is_str() => notes.named(value).map(|family| (family, false)),
        Some(value) => notes.wrong_type(value, Wanted::Family),
    };
    let deadline = match fields.get("deadline_ms") {
        None => Some(5000),
        Some(value) => notes.number(value, &(100..=60_000), Wanted::Number),
    };
    let covers = match fields.get("covers") {
        None => Some(None),
        Some(value) => notes.translated(value).map(Some),
    };
    let words = wordings::search_words(fields.get("words"), notes);
    Some(Head {
        id: id?,
        order: u32::try_from(order?).ok()?,
        group: group?,
        family: family?.0,
        only_family: family?.1,
        covers: covers?,
        words: words?,
        deadline: Duration::from_millis(deadline?),
    })
}

/// What runs and what is claimed of it, still without the head. The parts are tried out together as far as they are known,
/// whatever is wrong with the others.
fn body(fields: &mut Fields<'_, '_>, deadline: Option<Duration>, notes: &mut Notes<'_>) -> Option<Scenario> {
    let mut knobs = knobs::knobs(fields.get("knobs"), notes);
    let joined = fields
        .need("transport")
        .and_then(|value| notes.named_arg("transport", value, &knobs));
    let (link_value, wire_value) = (fields.get("link"), fields.get("wire"));
    let link = wire::link(link_value, joined.as_ref(), &mut knobs, notes);
    // What a knob decides on is asked for each of its settings.
    let transport = match joined {
        Some(Arg::Fixed(transport)) => Some(transport),
        _ => None,
    };
    let mut text = |key| {
        let value = fields.need(key)?;
        notes.wording(value, &knobs)
    };
    let (title, sees, why) = (text("title"), text("sees"), text("why"));
    let contrasts = knobs::contrasts(fields.get("contrast"), &knobs, notes);
    let wire = wire::wire(wire_value, &knobs, notes);
    let endpoints = endpoints::endpoints(fields.need("endpoints"), &knobs, transport, notes);
    let framing_value = fields.get("framing");
    let text_value = fields.get("text");
    let formats = formats::formats(fields.get("formats"), notes);
    let framing = framing_value.map(|value| framing::framing(value, &knobs, deadline, notes));
    let around = Surroundings {
        knobs: &knobs,
        endpoints: &endpoints,
        transport,
        frames: framing.as_ref().and_then(|read| read.kind),
        formats: &formats,
        deadline,
        has_framing: framing_value.is_some() || notes.misplaced.contains("framing"),
        has_programs: steps::run_programs(fields.get("steps")),
        has_text: text_value.is_some() || notes.misplaced.contains("text"),
    };
    let text = text_value.map(|value| endpoints::text(value, &knobs, notes));
    let commands = commands::commands(fields, notes);
    let steps = steps::steps(fields.need("steps"), around, notes);
    if let Some(value) = framing_value {
        framing_is_used(value, fields, &steps, transport, notes);
    }
    if let (Some(value), false, true) = (text_value, steps.texts, steps.all.is_some()) {
        let place = fields.key_span("text").unwrap_or(value.span());
        notes.note::<()>(place, StepProblem::NoTexts);
    }
    if let Some(steps) = &steps.all {
        formats::are_used(&formats, steps, &knobs, notes);
    }
    commands::are_used(fields, &steps, notes);
    let expects = questions::expects(fields.get("expect"), around, notes);
    let predictions = questions::predictions(fields.get("predict"), around, notes);
    let halts = stops::stops(fields.get("stop"), around, notes);
    knobs.are_used(notes);
    let (contrasts, every_contrast) = contrasts;
    // Where these are broken it is not known what their steps do.
    let framing = framing.and_then(|read| read.framing);
    let (has_framing, has_formats) = (framing.is_some(), formats.all.is_some());
    let is_known = |step: &Step| match step.action {
        Action::SendFrames(_) | Action::ReadFrames(_) => has_framing,
        Action::SendPacked(_) | Action::ReadPacked(_) => has_formats,
        _ => true,
    };
    let steps::Sound { steps: sound, unread } = steps.sound?;
    let (known, others): (Vec<_>, Vec<_>) = sound.into_iter().partition(|(step, _)| is_known(step));
    let unread = unread
        .into_iter()
        .chain(others.iter().map(|(step, _)| Some(step.endpoint)));
    let unread: Vec<Option<usize>> = unread.collect();
    let names = endpoints
        .names
        .as_ref()
        .filter(|names| names.len() % 2 == 0 && !names.is_empty())?;
    let knows_threads = endpoints.all.is_some();
    let parts = Parts {
        title: title.unwrap_or_default(),
        sees: sees.unwrap_or_default(),
        why: why.unwrap_or_default(),
        transport: joined?,
        link: link?,
        wire: wire.unwrap_or_default(),
        knobs: knobs.complete()?,
        contrasts,
        endpoints: (endpoints.all).unwrap_or_else(|| names.iter().map(|name| bare(name)).collect()),
        framing,
        // Of a text only its steps' places count here.
        text: text.flatten().or(Some(PLAIN)),
        formats: formats.all.unwrap_or_default(),
        commands: commands.unwrap_or_default(),
        steps: known,
    };
    let reach = rehearsal::Reach {
        unread: (0..parts.endpoints.len())
            .map(|end| unread.iter().any(|whose| whose.is_none_or(|whose| whose == end)))
            .collect(),
        every_contrast,
        knows_threads,
    };
    let has_text = text_value.is_some();
    let mut scenario = parts.rehearsed(expects, predictions, halts, reach, notes);
    scenario.text = scenario.text.filter(|_| has_text);
    // Whatever is missing has been noted, and then nobody gets what is left.
    Some(scenario)
}

/// An endpoint of which only the name is known.
fn bare(name: &str) -> super::Endpoint {
    super::Endpoint {
        name: name.to_owned(),
        listens: false,
        thread: None,
        nodelay: None,
        quickack: None,
        mss: None,
        receive_buffer: None,
        send_buffer: None,
    }
}

/// How texts are encoded where it is not said.
const PLAIN: Encoded = Encoded {
    encoding: Arg::Fixed(super::Encoding::Utf8),
    decoder: Arg::Fixed(super::TextDecoder::Incremental),
};

fn framing_is_used(
    value: &Value<'_>,
    fields: &Fields<'_, '_>,
    steps: &steps::Steps,
    transport: Option<Transport>,
    notes: &mut Notes<'_>,
) {
    let place = fields.key_span("framing").unwrap_or(value.span());
    if !endpoints::offered("framing", place.clone(), transport, notes) {
        // Told.
    } else if !steps.frames && steps.all.is_some() {
        notes.note::<()>(place, StepProblem::NoFrames);
    }
}

/// What a run needs. Where something is wrong with a part, what is known of it.
struct Parts {
    title: Wording,
    sees: Wording,
    why: Wording,
    transport: Arg<Transport>,
    link: Arg<Link>,
    wire: WrittenWire,
    knobs: Vec<super::Knob>,
    contrasts: Vec<Settings>,
    endpoints: Vec<super::Endpoint>,
    framing: Option<Framing>,
    text: Option<Encoded>,
    formats: Vec<super::PackedFormat>,
    commands: Commands,
    steps: Vec<(Step, Range<usize>)>,
}

impl Parts {
    fn rehearsed(
        self,
        expects: Vec<PlacedExpect>,
        predictions: Vec<(Prediction<Wording>, Range<usize>)>,
        halts: Vec<PlacedStop>,
        reach: rehearsal::Reach,
        notes: &mut Notes<'_>,
    ) -> Scenario {
        let (steps, step_places): (Vec<_>, Vec<_>) = self.steps.into_iter().unzip();
        let (predictions, question_places): (Vec<_>, Vec<_>) = predictions.into_iter().unzip();
        let mut scenario = Scenario {
            id: String::new(),
            order: 0,
            group: None,
            transport: self.transport,
            link: self.link,
            wire: self.wire,
            family: Family::Ipv4,
            only_family: false,
            covers: None,
            words: Vec::new(),
            title: self.title,
            sees: self.sees,
            why: self.why,
            deadline: Duration::ZERO,
            knobs: self.knobs,
            contrasts: self.contrasts,
            endpoints: self.endpoints,
            framing: self.framing,
            text: self.text,
            formats: self.formats,
            commands: self.commands,
            steps,
            expects: Vec::new(),
            predictions,
            stops: Vec::new(),
            source: String::new(),
        };
        let conditions = scenario.predictions.iter().map(|prediction| prediction.when.clone());
        let questions: Vec<(Condition, _)> = conditions.zip(question_places).collect();
        let places = rehearsal::Places {
            steps: &step_places,
            expects: &expects,
            questions: &questions,
            stops: &halts,
            reach,
        };
        rehearsal::rehearse(&scenario, &places, notes);
        wordings::are_said(&scenario, notes);
        scenario.expects = expects
            .into_iter()
            .map(|expect| Expect {
                when: expect.when,
                claim: expect.claim.claim,
            })
            .collect();
        scenario.stops = halts.into_iter().map(|placed| placed.stop).collect();
        scenario
    }
}
