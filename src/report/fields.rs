//! The bytes of a struct as hex, with brackets under each field; bytes that belong to no field are seen to be padding.

use super::Look;
use super::hexdump::{MOST, labelled};
use super::line::{Line, Role, Span, plain, span};
use crate::words::{self, telling};

/// Bytes next to each other that have the same owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// How many, at least 1.
    pub length: usize,
    /// The field: its number, which gives the colour, and its code. `None`: padding.
    pub field: Option<(u32, String)>,
}

/// One byte, and the part it belongs to.
#[derive(Clone, Copy)]
struct Cell<'p> {
    byte: u8,
    part: &'p Part,
    first: bool,
    last: bool,
}

/// The rows: hex, and the brackets below. Of many bytes the first and the last.
///
/// `parts` are the owners of all bytes, in order.
#[must_use]
pub fn rows(bytes: &[u8], parts: &[Part], indent: usize, look: &Look) -> Vec<Line> {
    let cells = cells(bytes, parts);
    let most = usize::try_from(MOST).unwrap_or(usize::MAX);
    // A row of n bytes takes 3n − 1 cells.
    let fit = ((look.width.saturating_sub(indent) + 1) / 3).clamp(1, 16);
    // Aligned fields of 4 bytes are not torn apart.
    let per_row = if fit < 4 { fit } else { fit - fit % 4 };
    let drawn = |cells: &[Cell<'_>]| {
        let rows = cells.chunks(per_row);
        rows.flat_map(|row| [hex(row, indent), brackets(row, indent, look)])
            .collect::<Vec<_>>()
    };
    if cells.len() <= most {
        return drawn(&cells);
    }
    let half = most / 2;
    let left_out = words::bytes(look.lang, (cells.len() - 2 * half) as u64);
    let note = telling::left_out(look.lang, &left_out);
    let note = format!("{}{} {note}", " ".repeat(indent), look.glyphs.ellipsis);
    let mut lines = drawn(&cells[..half]);
    lines.push(Line(vec![span(Role::Faint, note)]));
    lines.extend(drawn(&cells[cells.len() - half..]));
    lines
}

/// The colour of a part.
#[must_use]
pub fn role(part: &Part) -> Role {
    part.field
        .as_ref()
        .map_or(Role::Faint, |(number, _)| Role::Message(*number))
}

fn cells<'p>(bytes: &[u8], parts: &'p [Part]) -> Vec<Cell<'p>> {
    let places = parts.iter().flat_map(|part| {
        (0..part.length).map(move |at| Cell {
            byte: 0,
            part,
            first: at == 0,
            last: at + 1 == part.length,
        })
    });
    let owned = bytes.iter().zip(places);
    owned.map(|(byte, cell)| Cell { byte: *byte, ..cell }).collect()
}

fn hex(row: &[Cell<'_>], indent: usize) -> Line {
    let bytes = row
        .iter()
        .map(|cell| span(role(cell.part), format!("{:02x}", cell.byte)));
    spaced(bytes.collect(), indent)
}

fn brackets(row: &[Cell<'_>], indent: usize, look: &Look) -> Line {
    let groups = row.chunk_by(|a, _| !a.last).filter_map(|group| {
        let (first, last) = (group.first()?, group.last()?);
        let width = 3 * group.len() - 1;
        let text = match &first.part.field {
            Some((_, code)) => labelled(code, (first.first, last.last), width, look),
            None => look.glyphs.padding.to_string().repeat(width),
        };
        Some(span(role(first.part), text))
    });
    spaced(groups.collect(), indent)
}

/// Spans with a blank between two of them.
fn spaced(spans: Vec<Span>, indent: usize) -> Line {
    let mut line = vec![plain(" ".repeat(indent))];
    for (index, one) in spans.into_iter().enumerate() {
        if index > 0 {
            line.push(plain(" "));
        }
        line.push(one);
    }
    Line(line)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Lang;

    fn part(length: usize, number: u32, code: &str) -> Part {
        let field = (number > 0).then(|| (number, code.to_owned()));
        Part { length, field }
    }

    fn drawn(bytes: &[u8], parts: &[Part], width: usize, ascii: bool) -> Vec<String> {
        let rows = rows(bytes, parts, 2, &Look::new(Lang::En, ascii, width));
        rows.iter().map(Line::plain).collect()
    }

    #[test]
    fn each_field_has_its_bracket_and_padding_is_seen() {
        let bytes = [7, 0, 0, 0, 0x61, 0x62, 0x63, 0, 0, 0, 0x20, 0x40];
        let parts = [part(4, 1, "I"), part(3, 2, "3s"), part(1, 0, ""), part(4, 3, "f")];
        assert_eq!(
            drawn(&bytes, &parts, 80, false),
            [
                "  07 00 00 00 61 62 63 00 00 00 20 40",
                "  └─── I ───┘ └─ 3s ─┘ ░░ └─── f ───┘"
            ]
        );
        assert_eq!(
            drawn(&bytes, &parts, 80, true)[1],
            "  \\___ I ___/ \\_ 3s _/ ## \\___ f ___/"
        );
    }

    #[test]
    fn a_field_that_goes_on_in_the_next_row_is_drawn_as_going_on() {
        let bytes: Vec<u8> = (0..20).collect();
        let rows = drawn(&bytes, &[part(1, 1, "b"), part(19, 2, "19s")], 80, false);
        assert_eq!(rows[1], format!("  b  └{} 19s {}╌", "─".repeat(18), "─".repeat(19)));
        assert_eq!(rows[3], "  ╌── 19s ──┘");
    }

    #[test]
    fn of_many_bytes_the_first_and_the_last_are_drawn() {
        let rows = drawn(&[7; 1000], &[part(1000, 1, "1000s")], 80, false);
        assert_eq!(rows.len(), 9);
        assert_eq!(rows[4], "  … 936 bytes not shown");
    }
}
