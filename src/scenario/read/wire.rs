//! `link` and `[wire]`.

use super::fields::{Fields, Notes, Value};
use super::knobs::Knobs;
use crate::scenario::problem::Wanted;
use crate::scenario::wire::{FIGURES, LINK, Link, WrittenWire, link_knob};
use crate::scenario::{Arg, Transport};

const KEYS: [&str; 8] = [
    "mtu",
    "delay_ms",
    "rate_kbit",
    "loss",
    "duplicate",
    "reorder",
    "seed",
    "timers",
];

/// Reads `link`. `None` if it is broken. Where it is left out, TCP and UDP have a knob for it.
pub(super) fn link(
    value: Option<&Value<'_>>,
    transport: Option<&Arg<Transport>>,
    knobs: &mut Knobs,
    notes: &mut Notes<'_>,
) -> Option<Arg<Link>> {
    if let Some(value) = value {
        return notes.named(value).map(Arg::Fixed);
    }
    let internet = match transport {
        Some(Arg::Fixed(transport)) => transport.is_internet(),
        _ => true,
    };
    if internet && knobs.find(LINK).is_none() {
        knobs.imply(link_knob());
        return Some(Arg::Knob(LINK.to_owned()));
    }
    Some(Arg::Fixed(Link::Loopback))
}

/// Reads `[wire]`. `None` if it is broken.
pub(super) fn wire(value: Option<&Value<'_>>, knobs: &Knobs, notes: &mut Notes<'_>) -> Option<WrittenWire> {
    let Some(value) = value else {
        return Some(WrittenWire::default());
    };
    let fields = Fields::open(value, &KEYS, Wanted::Table, notes)?;
    let before = notes.list.len();
    let mut number = |at: usize| {
        let figure = FIGURES[at];
        let value = fields.get(figure.key)?;
        notes.number_arg(value, &(figure.range.0..=figure.range.1), Wanted::NumberOrKnob, knobs)
    };
    let wire = WrittenWire {
        mtu: number(0),
        delay_ms: number(1),
        rate_kbit: number(2),
        loss: number(3),
        duplicate: number(4),
        reorder: number(5),
        seed: number(6),
        timers: fields
            .get("timers")
            .and_then(|value| notes.named_arg("timers", value, knobs)),
    };
    fields.close(notes);
    (notes.list.len() == before).then_some(wire)
}
