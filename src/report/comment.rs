//! What is said of a packet where its bytes stand beside it: whose they are, what it means, what became of it.

use super::Look;
use super::beat::wire;
use crate::story::Story;
use crate::story::packets::Sighting;
use crate::trace::packet::{Fate, Handing, Packet, Removal};
use crate::words::{self, Lang, capture as said};

/// The comment on a packet, of one line or several; `None` if the trace does not tell of it.
#[must_use]
pub fn comment(story: &Story, number: u32, look: &Look) -> Option<String> {
    let sighting = story.packets.get(number)?;
    let packet = sighting.packet(&story.trace)?;
    let mut lines = vec![carries(story, sighting, packet, look)];
    let meaning = wire::meaning(sighting, packet, look.lang);
    lines.extend(meaning.into_iter().map(|(_, text)| text));
    lines.extend(fate(packet.fate, look.lang));
    lines.extend(outcome(sighting, packet, look.lang));
    Some(lines.join("\n"))
}

fn carries(story: &Story, sighting: &Sighting, packet: &Packet, look: &Look) -> String {
    let (lang, number) = (look.lang, packet.packet);
    let who = words::endpoint(lang, story.name(sighting.from));
    let size = words::bytes(lang, packet.payload);
    let names = wire::names(story, sighting, packet);
    match packet.start {
        _ if packet.payload == 0 => said::empty(lang, number, &who),
        Some(start) if !names.is_empty() => said::carries(lang, number, &who, &names.plain(look), &size, start),
        _ => said::bytes(lang, number, &who, &size),
    }
}

fn fate(fate: Fate, lang: Lang) -> Option<String> {
    Some(match fate {
        Fate::Passed => return None,
        Fate::Delayed => said::delayed(lang),
        Fate::Duplicated => said::duplicated(lang),
        Fate::Late => said::late(lang),
        Fate::Held => said::held(lang),
        Fate::LostByChance => said::lost_by_chance(lang),
        Fate::LostByRule => said::lost_by_rule(lang),
    })
}

/// When and how it arrived, or that it did not. Of one that passes there is nothing to say.
fn outcome(sighting: &Sighting, packet: &Packet, lang: Lang) -> Vec<String> {
    let after = |at: u64| words::millis(at.saturating_sub(sighting.at));
    let mut lines = Vec::new();
    if packet.fate != Fate::Passed {
        lines.extend(sighting.arrivals.iter().map(|(at, how)| match how {
            Handing::Whole => said::arrived(lang, &after(*at)),
            Handing::Again => said::arrived_again(lang, &after(*at)),
            Handing::Acknowledgement => said::arrived_alone(lang, &after(*at)),
        }));
    }
    match sighting.removed {
        Some((at, Removal::Hand)) => lines.push(said::taken_off(lang, &after(at))),
        Some((_, Removal::Refused)) => lines.push(said::refused(lang)),
        None => {
            let arrived = sighting
                .arrivals
                .iter()
                .any(|(_, how)| *how != Handing::Acknowledgement);
            if !arrived && !packet.fate.is_lost() {
                lines.push(said::still_there(lang));
            }
        }
    }
    lines
}
