//! The arrow of a packet: from its sender as far as it comes.

use unicode_width::UnicodeWidthStr;

use super::super::beat::wire as told;
use super::super::labels::Named;
use super::super::line::{Line, Role, Span, plain, span, tied, wrap};
use super::Ladder;
use crate::story::packets::Sighting;
use crate::trace::packet::{Fate, Handing, Packet, Removal};
use crate::words::{self, wire};

/// What stands between the two lines of time, row by row, each as wide as there is room.
pub struct Drawn {
    pub rows: Vec<Vec<Span>>,
    /// The side at whose line of time there is a mark.
    pub mark: Option<usize>,
}

/// How an arrow ends.
enum End {
    /// At the other side.
    Arrives,
    /// In the middle: it goes on in a later row.
    Stops(&'static str, Span),
    /// For good.
    Lost(Span),
}

/// A packet comes onto the wire.
pub fn comes(ladder: &Ladder<'_>, number: u32) -> Option<Drawn> {
    let (lang, glyphs) = (ladder.look.lang, &ladder.look.glyphs);
    let (sighting, packet) = find(ladder, number)?;
    let mut label = vec![plain(format!("#{number} "))];
    let names = told::names(ladder.story, sighting, packet);
    if !names.is_empty() {
        label.extend(names.spans(ladder.look));
        label.push(plain(" "));
    }
    label.push(span(color(&names), in_pairs(&told::fields(packet))));
    // What the control bits say already need not be said again.
    let meaning = told::meaning(sighting, packet, lang);
    let meaning = meaning.into_iter().filter(|(role, _)| *role != Role::Plain);
    let below: Vec<Span> = meaning.map(|(role, text)| span(role, text)).collect();
    let side = side(ladder, sighting);
    let flies = |text: String| End::Stops("", span(Role::Faint, text));
    let end = match packet.fate {
        Fate::Passed => End::Arrives,
        Fate::Held => End::Stops(glyphs.stops[side], span(Role::Notable, wire::arrow_held(lang))),
        Fate::Delayed => flies(String::new()),
        Fate::Duplicated => flies(wire::arrow_twice(lang)),
        Fate::Late => flies(wire::arrow_late(lang)),
        Fate::LostByChance => End::Lost(span(Role::Bad, wire::arrow_lost_by_chance(lang))),
        Fate::LostByRule => End::Lost(span(Role::Bad, wire::arrow_lost_by_rule(lang))),
    };
    Some(ladder.arrow(side, None, (label, below), &end))
}

/// A packet that did not pass at once reaches the other end.
pub fn arrives(ladder: &Ladder<'_>, number: u32, how: Handing, at: u64) -> Option<Drawn> {
    let lang = ladder.look.lang;
    let (sighting, packet) = find(ladder, number)?;
    let side = side(ladder, sighting);
    let mut label = told::short(ladder.story, number, ladder.look);
    if how == Handing::Acknowledgement {
        label = vec![span(Role::Notable, wire::arrow_alone(lang, number))];
    } else if how == Handing::Again {
        label.push(span(Role::Notable, format!(" {}", wire::arrow_again(lang))));
    }
    let after = words::millis(at.saturating_sub(sighting.at));
    label.push(span(Role::Faint, format!(" {}", wire::arrow_after(lang, &after))));
    Some(ladder.arrow(
        side,
        Some(begins(ladder, side, packet)),
        (label, Vec::new()),
        &End::Arrives,
    ))
}

/// A packet that was on the wire never arrives.
pub fn removed(ladder: &Ladder<'_>, number: u32, why: Removal) -> Option<Drawn> {
    let lang = ladder.look.lang;
    let (sighting, packet) = find(ladder, number)?;
    let side = side(ladder, sighting);
    let text = match why {
        Removal::Hand => wire::arrow_taken_off(lang),
        Removal::Refused => wire::arrow_refused(lang),
    };
    let end = End::Lost(span(Role::Bad, text));
    let label = told::short(ladder.story, number, ladder.look);
    Some(ladder.arrow(side, Some(begins(ladder, side, packet)), (label, Vec::new()), &end))
}

impl Ladder<'_> {
    /// An arrow from the side of this number. `begins` is the sign in the middle at which an arrow goes on that has
    /// stopped there. Behind its label stands what it means, or below it if there is no room.
    fn arrow(
        &self,
        side: usize,
        begins: Option<&'static str>,
        (mut label, mut below): (Vec<Span>, Vec<Span>),
        end: &End,
    ) -> Drawn {
        let (room, glyphs) = (self.room(), &self.look.glyphs);
        let dash = if matches!(end, End::Stops("", _)) {
            glyphs.cut
        } else {
            glyphs.rule
        };
        let (sign, text) = match end {
            End::Arrives => (span(Role::Plain, glyphs.heads[side]), plain("")),
            End::Stops(sign, text) => (span(text.role, *sign), text.clone()),
            End::Lost(text) => (span(Role::Bad, glyphs.lost), text.clone()),
        };
        let blank = usize::from(!text.text.is_empty());
        let begin = span(Role::Notable, begins.unwrap_or_default());
        // All but the label and the line behind it, which is one cell long at least.
        let fixed = begin.text.width() + 3 + 1 + 1 + sign.text.width() + blank + text.text.width();
        let width = room.saturating_sub(fixed).max(8);
        let dot = plain(format!(" {} ", glyphs.dot));
        let beside: Vec<Span> = below.iter().flat_map(|text| [dot.clone(), text.clone()]).collect();
        if shown_width(&label) + shown_width(&beside) <= width {
            label.extend(beside);
            below.clear();
        }
        let below = below
            .into_iter()
            .flat_map(|text| wrap(Line::blank(), &[text], room - 6));
        let mut rows = wrap(Line::blank(), &label, width).into_iter().chain(below);
        let first = rows.next().unwrap_or_default();
        let free = room.saturating_sub(fixed + first.width());
        let lead = match begins {
            Some(_) => free.min((room / 2).saturating_sub(1)),
            None => 0,
        };
        let line = match end {
            End::Arrives => free - lead,
            // As far as the middle.
            _ => (free - lead).min((room / 2).saturating_sub(4 + first.width())),
        };
        let rest = free - lead - line;
        let parts = vec![
            vec![plain(" ".repeat(lead))],
            vec![begin],
            vec![plain(glyphs.rule.to_string().repeat(2))],
            vec![plain(" ")],
            first.0,
            vec![plain(" ")],
            vec![plain(dash.to_string().repeat(line + 1))],
            vec![sign],
            vec![plain(" ".repeat(blank))],
            vec![text],
            vec![plain(" ".repeat(rest))],
        ];
        let mut drawn = vec![towards(side, parts)];
        for row in rows {
            let rest = room.saturating_sub(3 + lead + row.width());
            let parts = vec![vec![plain(" ".repeat(3 + lead))], row.0, vec![plain(" ".repeat(rest))]];
            drawn.push(towards(side, parts));
        }
        Drawn {
            rows: drawn,
            mark: None,
        }
    }
}

/// The parts of an arrow, from its sender on. One that goes to the left has them the other way round; each of them is
/// read from the left all the same.
fn towards(side: usize, mut parts: Vec<Vec<Span>>) -> Vec<Span> {
    if side == 1 {
        parts.reverse();
    }
    parts.concat()
}

/// The fields of a packet, each of which stays on one line with its name.
fn in_pairs(fields: &str) -> String {
    let mut words = fields.split(' ');
    let mut out: Vec<String> = Vec::new();
    while let Some(word) = words.next() {
        let has_value = ["seq", "ack", "win", "mss"].contains(&word);
        let value = words.clone().next().filter(|_| has_value);
        out.push(match value {
            Some(value) => tied(&format!("{word} {value}")),
            None => word.to_owned(),
        });
        if value.is_some() {
            words.next();
        }
    }
    out.join(" ")
}

fn shown_width(spans: &[Span]) -> usize {
    spans.iter().map(|span| span.text.width()).sum()
}

/// The colour of a packet: that of its message, if it carries one only.
fn color(names: &Named) -> Role {
    names.only().map_or(Role::Plain, Role::Message)
}

/// At which side the sender stands.
fn side(ladder: &Ladder<'_>, sighting: &Sighting) -> usize {
    usize::from(sighting.from != ladder.sides[0])
}

/// The sign at which an arrow goes on that has stopped.
fn begins(ladder: &Ladder<'_>, side: usize, packet: &Packet) -> &'static str {
    match packet.fate {
        Fate::Held => ladder.look.glyphs.stops[1 - side],
        _ => "",
    }
}

fn find<'s>(ladder: &Ladder<'s>, number: u32) -> Option<(&'s Sighting, &'s Packet)> {
    let sighting = ladder.story.packets.get(number)?;
    Some((sighting, sighting.packet(&ladder.story.trace)?))
}
