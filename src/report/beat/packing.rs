//! Values that are packed or unpacked, with the bytes of each.

use super::super::Look;
use super::super::fields::{self, Part};
use super::super::labels::MOST;
use super::super::line::{Line, Role, Span, elide, plain, span};
use super::super::payload::MOST_IN_LINE;
use crate::story::Story;
use crate::story::beats::Beat;
use crate::story::sentences::pack_reason;
use crate::trace::{PackFault, Packed, What};
use crate::words;
use crate::words::{pack, telling};

/// `packs 7, "abc", 2.5 as "I3sf": 12 bytes`.
pub fn sentence(story: &Story, beat: &Beat, look: &Look) -> Vec<Span> {
    let lang = look.lang;
    match super::event(story, beat) {
        Some(What::Packed { packed }) => {
            let size = words::bytes(lang, packed.bytes.len);
            vec![plain(pack::packs(lang, &values(packed, look), &packed.format, &size))]
        }
        Some(What::Unpacked { packed }) => {
            let size = words::bytes(lang, packed.bytes.len);
            let text = pack::unpacks(lang, &size, &packed.format, &values(packed, look));
            vec![span(Role::Good, text)]
        }
        Some(What::PackFault { fault }) => {
            let why = pack_reason(fault, lang);
            let text = match fault {
                PackFault::OutOfRange { .. } => pack::gives_up_packing(lang, &why),
                PackFault::ShortBytes { .. } => pack::gives_up_unpacking(lang, &why),
            };
            vec![span(Role::Bad, text)]
        }
        _ => Vec::new(),
    }
}

/// That there is padding, and how much.
pub fn note(story: &Story, beat: &Beat, look: &Look) -> Vec<Span> {
    let layout = packed(story, beat).map_or(&[][..], |packed| &packed.layout);
    let padding = layout.iter().filter(|part| part.code.is_none());
    match padding.map(|part| part.length).sum() {
        0 => Vec::new(),
        size => vec![span(
            Role::Notable,
            pack::has_padding(look.lang, &words::bytes(look.lang, size)),
        )],
    }
}

/// What is packed or unpacked in a beat.
pub fn packed<'s>(story: &'s Story, beat: &Beat) -> Option<&'s Packed> {
    match super::event(story, beat) {
        Some(What::Packed { packed } | What::Unpacked { packed }) => Some(packed),
        _ => None,
    }
}

/// The bytes, with brackets under each field and the padding between them.
pub fn rows(packed: &Packed, indent: usize, look: &Look) -> Vec<Line> {
    let mut number = 0;
    let parts = packed.layout.iter().map(|part| Part {
        length: usize::try_from(part.length).unwrap_or(usize::MAX),
        field: part.code.clone().map(|code| {
            number += 1;
            (number, code)
        }),
    });
    fields::rows(&packed.bytes.hex, &parts.collect::<Vec<_>>(), indent, look)
}

/// The same in a line, for a voice: of each field its code and its bytes, and the padding.
pub fn in_line(packed: &Packed, look: &Look) -> String {
    let mut at = 0;
    let one = |part: &crate::trace::PackedPart| {
        let from = at;
        at += usize::try_from(part.length)
            .unwrap_or(usize::MAX)
            .min(packed.bytes.hex.len() - at);
        let bytes: Vec<String> = packed.bytes.hex[from..at]
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let bytes = bytes.join(" ");
        match &part.code {
            Some(code) => format!("{code} {bytes}"),
            None => format!("{} {bytes}", pack::padding_of(look.lang)),
        }
    };
    let all: Vec<String> = packed.layout.iter().map(one).collect();
    all.join(&telling::comma(look.lang))
}

fn values(packed: &Packed, look: &Look) -> String {
    let ellipsis = look.glyphs.ellipsis;
    let mut values = packed.layout.iter().filter_map(|part| part.value.as_deref());
    let first = values.by_ref().take(MOST);
    let mut first: Vec<String> = first.map(|value| elide(value, MOST_IN_LINE, ellipsis)).collect();
    first.extend(values.next().map(|_| ellipsis.to_owned()));
    first.join(&telling::comma(look.lang))
}
