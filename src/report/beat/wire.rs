//! Packets on the wire: their fields as every tool writes them, and in words what they mean and what becomes of them.

use super::super::Look;
use super::super::labels::Named;
use super::super::line::{Role, Span, plain, span};
use crate::story::Story;
use crate::story::packets::{PacketKind, Sighting};
use crate::trace::packet::{Fate, Flag, Handing, Packet, Removal, Segment, WireAct};
use crate::words::{self, Lang, wire};

/// A packet comes onto the wire.
#[must_use]
pub fn packet(story: &Story, number: u32, look: &Look) -> Vec<Span> {
    let Some((sighting, packet)) = find(story, number) else {
        return Vec::new();
    };
    let mut spans = vec![plain(format!("#{number} "))];
    let names = names(story, sighting, packet);
    if !names.is_empty() {
        spans.extend(names.spans(look));
        spans.push(plain(" "));
    }
    spans.push(plain(fields(packet)));
    for (role, text) in meaning(sighting, packet, look.lang) {
        spans.extend([plain(format!(" {} ", look.glyphs.dot)), span(role, text)]);
    }
    if let Some((role, text)) = fate(packet.fate, look.lang) {
        spans.extend([plain(format!(" {} ", look.glyphs.dot)), span(role, text)]);
    }
    spans
}

/// A packet in a few words: its number, and its messages or else its control bits.
#[must_use]
pub fn short(story: &Story, number: u32, look: &Look) -> Vec<Span> {
    let mut spans = vec![plain(format!("#{number} "))];
    let Some((sighting, packet)) = find(story, number) else {
        return spans;
    };
    let names = names(story, sighting, packet);
    if names.is_empty() {
        spans.push(plain(packet.tcp.as_ref().map_or("UDP".to_owned(), flags)));
    } else {
        spans.extend(names.spans(look));
    }
    spans
}

/// A packet that did not pass at once reaches the other end.
#[must_use]
pub fn arrives(story: &Story, number: u32, how: Handing, look: &Look) -> Vec<Span> {
    let Some((sighting, packet)) = find(story, number) else {
        return Vec::new();
    };
    let names = names(story, sighting, packet);
    let shown = if names.is_empty() {
        String::new()
    } else {
        format!(" ({})", names.plain(look))
    };
    let text = match how {
        Handing::Whole => wire::arrives(look.lang, number, &shown),
        Handing::Again => wire::arrives_again(look.lang, number, &shown),
        Handing::Acknowledgement => wire::arrives_alone(look.lang, number),
    };
    names.colored(&text, Role::Plain, look)
}

/// A packet is taken off the wire.
#[must_use]
pub fn removed(number: u32, why: Removal, look: &Look) -> Vec<Span> {
    let text = match why {
        Removal::Hand => wire::taken_off(look.lang, number),
        Removal::Refused => wire::refused(look.lang, number),
    };
    vec![span(Role::Bad, text)]
}

/// Something is done to the wire, by the scenario or by a person.
#[must_use]
pub fn done(act: WireAct, by_hand: bool, lang: Lang) -> Span {
    let text = self::act(act, lang);
    if by_hand {
        span(Role::Notable, wire::by_hand(lang, &text))
    } else {
        plain(text)
    }
}

/// Something is done to the wire.
#[must_use]
pub fn act(act: WireAct, lang: Lang) -> String {
    match act {
        WireAct::Hold => wire::holds(lang),
        WireAct::Release { packets } => wire::releases(lang, &wire::packets(lang, packets)),
        WireAct::Open { packets } => wire::opens_all(lang, &wire::packets(lang, packets)),
        WireAct::Reverse { packets } => wire::reverses(lang, &wire::packets(lang, packets)),
        WireAct::Drop => wire::drops(lang),
        WireAct::Duplicate => wire::duplicates(lang),
        WireAct::Swap => wire::swaps(lang),
        WireAct::AcknowledgeAlone => wire::delivers_ack(lang),
        WireAct::LeftToHand => wire::left_to_hand(lang),
        WireAct::Lose { nth, data: true } => wire::loses_data(lang, nth),
        WireAct::Lose { nth, data: false } => wire::loses(lang, nth),
    }
}

/// The header's fields, named as in every tool that shows packets.
#[must_use]
pub fn fields(packet: &Packet) -> String {
    let Some(segment) = &packet.tcp else {
        return match packet.fragment {
            Some(_) => format!("IP {}", words::grouped(packet.size)),
            None => format!("UDP {}", words::grouped(packet.payload)),
        };
    };
    let mut parts = vec![flags(segment)];
    parts.push(match packet.payload {
        0 => format!("seq {}", segment.sequence),
        payload => format!("seq {}-{}", segment.sequence, segment.sequence + payload),
    });
    parts.extend(segment.acknowledges.map(|number| format!("ack {number}")));
    parts.push(format!("win {}", words::grouped(segment.window)));
    parts.extend(segment.mss.map(|mss| format!("mss {mss}")));
    parts.join(" ")
}

/// The control bits, as they are written.
#[must_use]
pub fn flags(segment: &Segment) -> String {
    let names: Vec<&str> = segment
        .flags
        .iter()
        .map(|flag| match flag {
            Flag::Syn => "SYN",
            Flag::Fin => "FIN",
            Flag::Rst => "RST",
            Flag::Psh => "PSH",
            Flag::Ack => "ACK",
        })
        .collect();
    names.join(" ")
}

/// What a packet means among the others, in words.
#[must_use]
pub fn meaning(sighting: &Sighting, packet: &Packet, lang: Lang) -> Vec<(Role, String)> {
    let say = |kind: &PacketKind| {
        Some(match kind {
            PacketKind::Retransmission => {
                let of = wire::numbers(lang, &sighting.repeats);
                (Role::Notable, wire::retransmission(lang, &of))
            }
            PacketKind::DuplicateAck(nth) => (Role::Notable, wire::duplicate_ack(lang, *nth)),
            PacketKind::CameTwice => {
                let block = blocks(packet).into_iter().next()?;
                (Role::Notable, wire::came_twice(lang, &block))
            }
            PacketKind::Selective => {
                let twice = usize::from(sighting.kinds.contains(&PacketKind::CameTwice));
                let acknowledge = blocks(packet).split_off(twice).join(", ");
                (Role::Notable, wire::selective(lang, &acknowledge))
            }
            PacketKind::ZeroWindow => (Role::Bad, wire::zero_window(lang)),
            PacketKind::WindowUpdate { opens: true } => (Role::Good, wire::window_update(lang)),
            PacketKind::WindowUpdate { opens: false } => (Role::Good, wire::more_window(lang)),
            PacketKind::WindowFull => (Role::Notable, wire::window_full(lang)),
            PacketKind::WindowProbe => (Role::Notable, wire::window_probe(lang)),
            PacketKind::Fragment => (Role::Notable, fragment(packet, lang)?),
            PacketKind::Syn => (Role::Plain, wire::opens(lang)),
            PacketKind::Fin => (Role::Plain, wire::ends(lang)),
            PacketKind::Rst => (Role::Bad, wire::breaks_off(lang)),
            PacketKind::Ack | PacketKind::Data => return None,
        })
    };
    sighting.kinds.iter().filter_map(say).collect()
}

/// What becomes of a packet, unless it just passes.
#[must_use]
pub fn fate(fate: Fate, lang: Lang) -> Option<(Role, String)> {
    Some(match fate {
        Fate::Passed => return None,
        Fate::Delayed => (Role::Faint, wire::delayed(lang)),
        Fate::Duplicated => (Role::Notable, wire::duplicated(lang)),
        Fate::Late => (Role::Notable, wire::late(lang)),
        Fate::Held => (Role::Notable, wire::held(lang)),
        Fate::LostByChance => (Role::Bad, wire::lost_by_chance(lang)),
        Fate::LostByRule => (Role::Bad, wire::lost_by_rule(lang)),
    })
}

/// The messages whose bytes a packet carries.
#[must_use]
pub fn names(story: &Story, sighting: &Sighting, packet: &Packet) -> Named {
    match packet.start.filter(|_| packet.payload > 0) {
        Some(start) => Named::overlapping(story.flows.overlap(sighting.from, start, start + packet.payload)),
        None => Named::of(&[]),
    }
}

fn fragment(packet: &Packet, lang: Lang) -> Option<String> {
    let fragment = packet.fragment?;
    // The IP header of a fragment has no options here.
    let end = fragment.offset + packet.size.saturating_sub(20);
    Some(if fragment.more {
        wire::fragment(lang, fragment.offset, end)
    } else {
        wire::last_fragment(lang, fragment.offset, end)
    })
}

fn blocks(packet: &Packet) -> Vec<String> {
    let sack = packet.tcp.as_ref().map_or(&[][..], |segment| &segment.sack);
    sack.iter().map(|[from, to]| format!("{from}-{to}")).collect()
}

fn find(story: &Story, number: u32) -> Option<(&Sighting, &Packet)> {
    let sighting = story.packets.get(number)?;
    Some((sighting, sighting.packet(&story.trace)?))
}
