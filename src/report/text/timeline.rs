//! What happened, line by line: time, endpoint, what.

use unicode_width::UnicodeWidthStr;

use super::super::line::{Line, Role, Span, plain, span, wrap};
use super::super::{Look, beat, queues};
use crate::story::Story;
use crate::story::alike::{Alike, alike};
use crate::story::beats::Beat;
use crate::story::picture::{Buffers, Held, Picture};
use crate::trace::{EndpointId, What};
use crate::words::{self, telling};

/// The beats of a run, each as lines, and below them what that changed in the queues. The heading stands over the first.
pub fn timeline(story: &Story, look: &Look) -> Vec<Vec<Line>> {
    let names = story.trace.head.endpoints.iter();
    let name_width = names.map(|name| words::endpoint(look.lang, name).width()).max();
    let mut teller = Teller {
        story,
        look,
        name_width: name_width.unwrap_or(0),
        picture: story.picture_at(0),
        shown: vec![None; story.trace.head.endpoints.len()],
        lines: Vec::new(),
        has_folded: false,
    };
    let unit = telling::column_time(look.lang);
    let blanks = " ".repeat((TIME - 2).saturating_sub(unit.width()));
    let heading = format!("{blanks}{unit}  {}", telling::since_the_start(look.lang));
    if !look.is_spoken() {
        teller.lines.push(Line(vec![span(Role::Faint, heading)]));
    }
    teller.silent(story.events_at(0));
    let mut folded = alike(story).into_iter().peekable();
    let mut index = 0;
    let mut told = Vec::new();
    while let Some(beat) = story.beats.get(index) {
        if let Some(same) = folded.next_if(|same| same.beats.start == index) {
            index = same.beats.end;
            teller.folded(&same);
        } else {
            teller.beat(beat);
            teller.silent(beat.end);
            index += 1;
        }
        told.push(std::mem::take(&mut teller.lines));
    }
    if !teller.lines.is_empty() {
        told.push(teller.lines);
    }
    told
}

/// Width of the time column with the blanks behind it.
pub(super) const TIME: usize = 11;

struct Teller<'s> {
    story: &'s Story,
    look: &'s Look,
    name_width: usize,
    picture: Picture<'s>,
    /// What was last shown of each endpoint's buffers.
    shown: Vec<Option<Buffers>>,
    lines: Vec<Line>,
    /// Repetitions have been folded already.
    has_folded: bool,
}

impl Teller<'_> {
    fn beat(&mut self, beat: &Beat) {
        let text = beat::sentence(self.story, beat, self.look);
        let note = beat::note(self.story, beat, self.look);
        if self.look.is_spoken() {
            self.spoken(beat, &text, note);
            return;
        }
        let time = span(Role::Faint, format!("{:<TIME$}", millis_aligned(beat.at)));
        self.push(self.margin(time, beat.endpoint), &text, note);
        // The bytes belong to this line, whatever was stamped until the call returned.
        let indent = TIME + self.name_width + 2;
        self.lines.extend(beat::bytes(self.story, beat, indent, self.look));
    }

    /// What happens again and again, in one line.
    fn folded(&mut self, same: &Alike) {
        let lang = self.look.lang;
        let times = words::more_times(lang, same.times as u64);
        let beats = &self.story.beats[same.beats.clone()];
        let (Some(first), Some(last)) = (beats.first(), beats.last()) else {
            return;
        };
        let text = match same.messages {
            Some((from, to)) if from < to => telling::same_again_of(lang, &times, from, to),
            _ => telling::same_again(lang, &times),
        };
        let first_at = if self.look.is_spoken() {
            plain(self.at(first.at))
        } else {
            span(Role::Faint, format!("{:<TIME$}", millis_aligned(first.at)))
        };
        let until = telling::until_moment(lang, &words::moment(last.at));
        let text = format!("{} {text}{until}", self.look.glyphs.ellipsis);
        let is_first = !std::mem::replace(&mut self.has_folded, true);
        let note = is_first.then(|| span(Role::Faint, telling::each_is_in_json(lang)));
        self.push(
            Line(vec![first_at]),
            &[span(Role::Faint, text)],
            note.into_iter().collect(),
        );
        for event in &self.story.trace.events[self.picture.events()..last.end] {
            self.picture.follow(event);
        }
        // What the queues hold now is no news to whoever reads that line: the next one shows it.
        for (index, shown) in self.shown.iter_mut().enumerate() {
            if shown.is_some() {
                *shown = Some(self.picture.buffers(EndpointId(u8::try_from(index).unwrap_or(u8::MAX))));
            }
        }
    }

    /// An event in a line that needs no eyes: when, who, what, what that is, which bytes.
    fn spoken(&mut self, beat: &Beat, text: &[Span], note: Vec<Span>) {
        let bytes = beat::bytes_in_line(self.story, beat, self.look).map(|bytes| vec![plain(bytes)]);
        let parts = [Some(text.to_vec()), Some(note), bytes].into_iter().flatten();
        let parts: Vec<Vec<Span>> = parts.filter(|part| !part.is_empty()).collect();
        let between = plain(telling::semicolon(self.look.lang));
        let first = self.margin(plain(self.at(beat.at)), beat.endpoint);
        self.lines.extend(wrap(first, &parts.join(&between), self.look.width));
    }

    /// A moment with its unit.
    fn at(&self, nanos: u64) -> String {
        let unit = telling::column_time(self.look.lang);
        format!(
            "{} {unit}{}",
            words::moment(nanos),
            telling::behind_moment(self.look.lang)
        )
    }

    /// What has changed in the queues up to here.
    fn silent(&mut self, end: usize) {
        for event in &self.story.trace.events[self.picture.events()..end] {
            self.picture.follow(event);
            if matches!(event.what, What::Queues { .. }) {
                self.queues(event.endpoint);
            }
        }
    }

    /// A line with what it begins with, and a note at the right margin, below if there is no room beside.
    fn push(&mut self, first: Line, text: &[Span], note: Vec<Span>) {
        let mut lines = wrap(first, text, self.look.width);
        let note_width: usize = note.iter().map(|span| span.text.width()).sum();
        if self.look.is_spoken() && note_width > 0 {
            let between = plain(telling::semicolon(self.look.lang));
            if let Some(last) = lines.last_mut() {
                last.0.push(between);
                last.0.extend(note);
            }
        } else if note_width > 0 {
            let used = lines.last().map_or(0, Line::width);
            if note_width > self.look.width {
                // It has no room in any line.
                lines.extend(wrap(Line(vec![plain(" ".repeat(TIME))]), &note, self.look.width));
                self.lines.extend(lines);
                return;
            }
            if used + 2 + note_width > self.look.width {
                lines.push(Line::blank());
            }
            if let Some(last) = lines.last_mut() {
                let gap = self.look.width.saturating_sub(last.width() + note_width);
                last.0.push(plain(" ".repeat(gap)));
                last.0.extend(note);
            }
        }
        self.lines.extend(lines);
    }

    /// What a line begins with: a time and an endpoint.
    fn margin(&self, time: Span, endpoint: EndpointId) -> Line {
        let name = words::endpoint(self.look.lang, self.story.name(endpoint));
        if self.look.is_spoken() {
            let time = plain(time.text.trim_start().to_owned());
            return Line(vec![time, plain(name), plain(telling::colon(self.look.lang))]);
        }
        let blanks = " ".repeat(self.name_width.saturating_sub(name.width()) + 2);
        Line(vec![time, plain(name), plain(blanks)])
    }

    /// The queues of an endpoint, those that changed.
    fn queues(&mut self, endpoint: EndpointId) {
        let (lang, index) = (self.look.lang, usize::from(endpoint.0));
        let now = self.picture.buffers(endpoint);
        let before = self.shown.get(index).and_then(Option::as_ref);
        let is_news = |part: fn(&Buffers) -> &Held| match before {
            Some(before) => {
                part(before) != part(&now) && (part(before).bytes(), part(&now).bytes()) != (Some(0), Some(0))
            }
            // At first every queue is empty; that is no news.
            None => part(&now).bytes() != Some(0),
        };
        let ends = |buffers: &Buffers| (buffers.fin, buffers.thrown_away);
        let sends = is_news(|buffers| &buffers.unsent)
            || is_news(|buffers| &buffers.in_flight)
            || before.map_or((None, 0), ends) != ends(&now);
        let counts = |buffers: &Buffers| (buffers.datagrams.unwrap_or(0), buffers.dropped.unwrap_or(0));
        let receives = is_news(|buffers| &buffers.waiting) || before.map_or((0, 0), counts) != counts(&now);
        if sends && self.story.trace.head.is_tcp() {
            let parts = queues::send_queue(self.story, &now, self.look);
            self.queue(endpoint, &telling::send_queue(lang), parts);
        }
        if receives {
            let parts = queues::receive_queue(self.story, &now, self.look);
            self.queue(endpoint, &telling::receive_queue(lang), parts);
        }
        if let Some(shown) = self.shown.get_mut(index) {
            *shown = Some(now);
        }
    }

    /// The parts of a queue beside each other, or one below the other where there is no room.
    fn queue(&mut self, endpoint: EndpointId, name: &str, mut parts: Vec<Vec<Span>>) {
        let name = span(Role::Faint, format!("{name}{}", telling::colon(self.look.lang)));
        if parts.is_empty() {
            parts.push(vec![queues::empty(self.look)]);
        }
        let mut first = self.margin(plain(" ".repeat(TIME)), endpoint);
        first.0.push(name);
        let indent = first.width();
        let room = self.look.width.saturating_sub(indent);
        let width = |part: &Vec<Span>| part.iter().map(|span| span.text.width()).sum::<usize>();
        let total = parts.iter().map(width).sum::<usize>() + 3 * (parts.len() - 1);
        if total <= room {
            let bar = if self.look.is_spoken() {
                telling::semicolon(self.look.lang)
            } else {
                format!(" {} ", self.look.glyphs.bar)
            };
            let bar = span(Role::Faint, bar);
            parts = vec![parts.join(&bar)];
        }
        for part in parts {
            self.lines.extend(wrap(first, &part, self.look.width));
            first = Line(vec![plain(" ".repeat(indent))]);
        }
    }
}

/// A time right-aligned in its column: the times stand under one another.
fn millis_aligned(nanos: u64) -> String {
    format!("{:>width$}", words::moment(nanos), width = TIME - 2)
}
