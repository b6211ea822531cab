//! Bytes as hex and as text, with brackets under each message.

use unicode_width::UnicodeWidthChar;

use super::Look;
use super::line::{Line, Role, plain, span};
use crate::story::characters::{Part, quoted};
use crate::story::pieces::{Bytes, Piece};
use crate::words::visible::is_hidden;
use crate::words::{self, telling};

/// Most bytes shown of one read; of a longer one the first and last half of that.
pub const MOST: u64 = 64;

/// The rows for some bytes: hex, text, and the brackets below.
///
/// `pieces` are the messages they belong to, in order and without gaps.
#[must_use]
pub fn rows(bytes: &Bytes, pieces: &[Piece], indent: usize, look: &Look) -> Vec<Line> {
    let cells = cells(bytes, pieces);
    // A row of n bytes takes 3n − 1 cells of hex, two blanks, and at most n of text.
    let per_row = ((look.width.saturating_sub(indent) - 1) / 4).clamp(1, 16);
    let (head, tail) = cells.split_at(if bytes.skipped > 0 {
        cells.len() / 2
    } else {
        cells.len()
    });
    // Where the trace keeps none of the bytes there is nothing to draw.
    let is_known = |half: &[Cell]| half.iter().any(|cell| cell.byte.is_some());
    let drawn = |half: &[Cell]| {
        let rows = half.chunks(per_row).filter(|_| is_known(half));
        rows.flat_map(|row| {
            [
                bytes_row(row, indent, per_row.min(half.len()), look),
                brackets(row, indent, look),
            ]
        })
        .collect::<Vec<_>>()
    };
    let unknown = [head, tail]
        .into_iter()
        .filter(|half| !is_known(half))
        .map(|half| half.len() as u64);
    let left_out = bytes.skipped + unknown.sum::<u64>();
    let mut lines = drawn(head);
    if left_out > 0 {
        let note = telling::left_out(look.lang, &words::bytes(look.lang, left_out));
        let text = format!("{}{} {note}", " ".repeat(indent), look.glyphs.ellipsis);
        lines.push(Line(vec![span(Role::Faint, text)]));
    }
    lines.extend(drawn(tail));
    lines
}

/// The same bytes in a line, for a voice: of each message its name, the bytes in hex and, if they are one, the text.
#[must_use]
pub fn in_line(bytes: &Bytes, pieces: &[Piece], look: &Look) -> String {
    let cells = cells(bytes, pieces);
    let head = if bytes.skipped > 0 {
        cells.len() / 2
    } else {
        cells.len()
    };
    let one = |group: &[Cell]| {
        let known: Vec<String> = group
            .iter()
            .filter_map(|cell| Some(format!("{:02x}", cell.byte?)))
            .collect();
        let parts: Vec<Option<Part>> = group.iter().map(|cell| cell.part).collect();
        let text = quoted(&parts, "").map_or_else(String::new, |text| format!(" {text}"));
        let unknown = (group.len() - known.len()) as u64;
        let left_out = match unknown {
            0 => String::new(),
            _ => format!(" {}", telling::left_out(look.lang, &words::bytes(look.lang, unknown))),
        };
        let message = group.first().map_or(0, |cell| cell.message);
        format!("m{message} {}{text}{left_out}", known.join(" "))
    };
    let said = |half: &[Cell]| {
        half.chunk_by(|a, b| a.message == b.message && !a.last)
            .map(one)
            .collect::<Vec<_>>()
    };
    let mut all = said(&cells[..head]);
    if bytes.skipped > 0 {
        all.push(telling::left_out(look.lang, &words::bytes(look.lang, bytes.skipped)));
    }
    all.extend(said(&cells[head..]));
    all.join(&telling::comma(look.lang))
}

/// One byte and where it stands in its message.
#[derive(Debug, Clone, Copy)]
pub struct Cell {
    /// The byte, if it is known.
    pub byte: Option<u8>,
    /// The character that it is a part of.
    pub part: Option<Part>,
    /// Its message.
    pub message: u32,
    /// It is the message's first byte.
    pub first: bool,
    /// It is the message's last byte.
    pub last: bool,
}

/// Some bytes with their places; `pieces` are the messages they belong to, in order and without gaps.
#[must_use]
pub fn cells(bytes: &Bytes, pieces: &[Piece]) -> Vec<Cell> {
    let all: u64 = pieces.iter().map(|piece| piece.to - piece.from).sum();
    let shown = bytes.bytes.len() as u64;
    let head = if bytes.skipped > 0 { shown / 2 } else { shown };
    // The bytes shown are the first `head` and the last of the rest.
    let offset = |index: u64| if index < head { index } else { index + all - shown };
    let mut cells = Vec::with_capacity(bytes.bytes.len());
    let mut piece = 0;
    let mut before = 0;
    for (index, (byte, part)) in (0_u64..).zip(bytes.bytes.iter().zip(&bytes.characters)) {
        let at = offset(index);
        while pieces
            .get(piece)
            .is_some_and(|piece| at >= before + (piece.to - piece.from))
        {
            before += pieces[piece].to - pieces[piece].from;
            piece += 1;
        }
        let Some(found) = pieces.get(piece) else { break };
        let inside = found.from + (at - before);
        cells.push(Cell {
            byte: *byte,
            part: *part,
            message: found.message,
            first: inside == 0,
            last: inside + 1 == found.of,
        });
    }
    cells
}

fn bytes_row(row: &[Cell], indent: usize, columns: usize, look: &Look) -> Line {
    let mut spans = vec![plain(" ".repeat(indent))];
    for (index, cell) in row.iter().enumerate() {
        if index > 0 {
            spans.push(plain(" "));
        }
        let hex = cell.byte.map_or("..".to_owned(), |byte| format!("{byte:02x}"));
        spans.push(span(Role::Message(cell.message), hex));
    }
    spans.push(plain(" ".repeat(3 * (columns - row.len()) + 2)));
    let signs = signs(row, look.glyphs.unprintable);
    let signs = row.iter().zip(signs).filter(|(_, sign)| !sign.is_empty());
    spans.extend(signs.map(|(cell, sign)| span(Role::Message(cell.message), sign)));
    Line(spans)
}

/// What stands for each byte of a row as text: the character at its first byte, and nothing at its others. A character
/// whose bytes are not all in the row and in one message is none here; of bytes that are no text those of ASCII are shown.
#[must_use]
pub fn signs(row: &[Cell], unprintable: char) -> Vec<String> {
    let mut signs = Vec::with_capacity(row.len());
    while signs.len() < row.len() {
        let cell = row[signs.len()];
        let whole = cell.part.filter(|part| part.nth == 0).filter(|part| {
            let others = row[signs.len()..].iter().zip(0..part.size);
            let same = others.filter(|(other, nth)| {
                other.message == cell.message && other.part == Some(Part { nth: *nth, ..*part })
            });
            same.count() == usize::from(part.size)
        });
        let seen = |c: &char| !is_hidden(*c) && c.width().is_some_and(|width| width > 0);
        match (whole, cell.byte) {
            (Some(part), _) => {
                signs.push(Some(part.of).filter(seen).unwrap_or(unprintable).into());
                signs.extend((1..part.size).map(|_| String::new()));
            }
            (None, Some(byte)) if cell.part.is_none() && (byte.is_ascii_graphic() || byte == b' ') => {
                signs.push(char::from(byte).into());
            }
            _ => signs.push(unprintable.into()),
        }
    }
    signs
}

/// `└── m1 ──┘` under the hex of each message; an end that lies elsewhere is drawn as going on.
fn brackets(row: &[Cell], indent: usize, look: &Look) -> Line {
    let mut spans = vec![plain(" ".repeat(indent))];
    for (index, group) in row.chunk_by(|a, b| a.message == b.message && !a.last).enumerate() {
        if index > 0 {
            spans.push(plain(" "));
        }
        let (Some(first), Some(last)) = (group.first(), group.last()) else {
            continue;
        };
        spans.push(span(
            Role::Message(first.message),
            bracket(*first, *last, 3 * group.len() - 1, look),
        ));
    }
    Line(spans)
}

/// The bracket below the cells from `first` to `last`, `width` wide: at least two.
#[must_use]
pub fn bracket(first: Cell, last: Cell, width: usize, look: &Look) -> String {
    labelled(&format!("m{}", first.message), (first.first, last.last), width, look)
}

/// A bracket with a label, at least two cells wide; an end that lies elsewhere is drawn as going on.
#[must_use]
pub fn labelled(label: &str, (begins, ends): (bool, bool), width: usize, look: &Look) -> String {
    let glyphs = look.glyphs;
    let left = if begins { glyphs.left } else { glyphs.cut };
    let right = if ends { glyphs.right } else { glyphs.cut };
    let inner = width - 2;
    if inner < label.len() {
        // One byte: two cells, so the label stands alone, or the ends if it is too long.
        return if label.len() <= width {
            format!("{label:<width$}")
        } else {
            format!("{left}{right}")
        };
    }
    let padded = if inner >= label.len() + 4 {
        format!(" {label} ")
    } else {
        label.to_owned()
    };
    let dashes = inner - padded.len();
    let fill = |count: usize| glyphs.dash.to_string().repeat(count);
    format!("{left}{}{padded}{}{right}", fill(dashes / 2), fill(dashes - dashes / 2))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Look;
    use crate::trace::Excerpt;
    use crate::words::Lang;

    fn shown(bytes: &[u8]) -> String {
        let of = bytes.len() as u64;
        let piece = Piece {
            message: 1,
            from: 0,
            to: of,
            of,
        };
        let bytes = Bytes::of(&Excerpt::new(bytes, Excerpt::WHOLE));
        let lines = rows(&bytes, &[piece], 0, &Look::new(Lang::En, false, 80));
        lines.first().map_or(String::new(), Line::plain)
    }

    #[test]
    fn characters_that_chance_makes_in_bytes_that_are_no_text_are_not_shown() {
        // d7 90 is a letter of the Hebrew script; ff is in no text.
        let random = shown(b"\xff\xd7\x90ok\xfe\xd7\x91");
        assert!(random.contains("ok") && !random.contains('\u{5d0}'), "{random}");
        assert!(shown("\0\0\0\u{6}粘包".as_bytes()).ends_with("····粘包"));
        // An ordinary text in which somebody has hidden something.
        assert!(shown("a\u{202e}b".as_bytes()).ends_with("a·b"));
    }

    #[test]
    fn a_character_that_is_cut_is_none_in_either_part() {
        let bytes = Bytes::of(&Excerpt::new("粘包".as_bytes(), Excerpt::WHOLE));
        let piece = Piece {
            message: 1,
            from: 0,
            to: 6,
            of: 6,
        };
        let cells = cells(&bytes, &[piece]);
        assert_eq!(signs(&cells[..4], '·').concat(), "粘·");
        assert_eq!(signs(&cells[4..], '·').concat(), "··");
    }
}
