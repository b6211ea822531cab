//! `lab pack` and `lab unpack`: what a struct format makes of values and of bytes.

mod json;
mod refusal;

use std::time::Duration;

use unicode_width::UnicodeWidthStr;

use super::output::Output;
use super::{Exit, Failure};
use crate::cli::{PackArgs, UnpackArgs};
use crate::pack::{Field, Format, Mark, Owner, Stretch, Value};
use crate::report::Look;
use crate::report::fields::{self, Part};
use crate::report::line::{Line, Role, Span, elide, plain, span, wrap};
use crate::scenario::packed;
use crate::words::pack as text;
use crate::words::{self, Lang};

/// A format with the bytes that were packed or are unpacked.
struct Packed {
    format: Format,
    bytes: Vec<u8>,
    values: Vec<Value>,
}

/// Most fields listed; of more only the number is given.
const MOST_LISTED: usize = 40;

/// Columns that values are lined up in, at most.
const WIDEST_VALUE: usize = 20;

/// Columns of a value that is longer than it is worth reading.
const LONGEST_VALUE: usize = 76;

/// Columns for the offsets of a field's bytes.
const OFFSETS: usize = 9;

/// Packs values and shows the bytes.
pub fn pack(args: &PackArgs, output: &Output) -> Result<Exit, Failure> {
    let lang = output.lang();
    let format = parsed(&args.format, lang)?;
    let given = typed(&format, &args.values, lang)?;
    let bytes = format
        .pack(&given)
        .map_err(|why| refusal::packing(&format, &why, lang))?;
    let packed = Packed::new(format, bytes, lang)?;
    // What is shown under another mark is packed from the same values.
    let others = packed.others(|format| format.pack(&given).ok());
    if args.json {
        return packed.json(&others, output);
    }
    let mut lines = packed.told(&given, &args.values, output);
    if !others.is_empty() {
        lines.extend([Line::blank(), title(text::other_marks(lang))]);
    }
    for other in &others {
        lines.extend(wrap(Line::blank(), &other.headline(lang), output.look().width));
        lines.extend(fields::rows(&other.bytes, &parts(&other.format), 2, output.look()));
    }
    output.lines(&lines, Duration::ZERO, None)?;
    Ok(Exit::Held)
}

/// Unpacks bytes and shows the values.
pub fn unpack(args: &UnpackArgs, output: &Output) -> Result<Exit, Failure> {
    let (lang, look) = (output.lang(), output.look());
    let format = parsed(&args.format, lang)?;
    let bytes = refusal::bytes(&args.hex, lang)?;
    let packed = Packed::new(format, bytes, lang)?;
    let others = packed.others(|_| Some(packed.bytes.clone()));
    if args.json {
        return packed.json(&others, output);
    }
    let mut lines = packed.told(&packed.values, &[], output);
    if !others.is_empty() {
        lines.extend([Line::blank(), title(text::read_otherwise(lang))]);
    }
    for other in &others {
        let first = Line(vec![plain("  "), plain(other.format.text()), plain("  ")]);
        let shown = other.values.iter().take(MOST_LISTED).map(|value| shown(value, look));
        lines.extend(wrap(first, &[plain(shown.collect::<Vec<_>>().join("  "))], look.width));
    }
    output.lines(&lines, Duration::ZERO, None)?;
    Ok(Exit::Held)
}

fn parsed(format: &str, lang: Lang) -> Result<Format, Failure> {
    Format::parse(format).map_err(|why| refusal::format(format, why, lang))
}

/// The values as the fields take them.
fn typed(format: &Format, typed: &[String], lang: Lang) -> Result<Vec<Value>, Failure> {
    let wanted = format.fields().count();
    if wanted != typed.len() {
        return Err(refusal::count(format, wanted, typed.len(), lang));
    }
    let value = |(field, typed): (Field, &String)| {
        Value::typed(field.code, typed).map_err(|why| refusal::value(field.number, &why, lang))
    };
    format.fields().zip(typed).map(value).collect()
}

impl Packed {
    fn new(format: Format, bytes: Vec<u8>, lang: Lang) -> Result<Self, Failure> {
        let values = format
            .unpack(&bytes)
            .map_err(|why| refusal::unpacking(&format, why, lang))?;
        Ok(Self { format, bytes, values })
    }

    /// The same codes under the other marks, where that gives other bytes or other values.
    fn others(&self, bytes: impl Fn(&Format) -> Option<Vec<u8>>) -> Vec<Self> {
        let mut others: Vec<Self> = Vec::new();
        for mark in [Mark::Native, Mark::NativeOrder, Mark::Network] {
            let other = self.format.under(mark).ok().and_then(|format| {
                let bytes = bytes(&format)?;
                let values = format.unpack(&bytes).ok()?;
                Some(Self { format, bytes, values })
            });
            let Some(other) = other else { continue };
            let same = |known: &Self| known.bytes == other.bytes && known.shown() == other.shown();
            if !std::iter::once(self).chain(&others).any(same) {
                others.push(other);
            }
        }
        others
    }

    /// The values as texts: what is no number equals itself there.
    fn shown(&self) -> Vec<String> {
        self.values.iter().map(ToString::to_string).collect()
    }

    /// `I3sf  12 bytes  native …`
    fn headline(&self, lang: Lang) -> Vec<Span> {
        let size = words::bytes(lang, self.format.size() as u64);
        let text = match self.format.text() {
            "" => "''",
            text => text,
        };
        vec![
            span(Role::Title, format!("{text}  {size}")),
            span(Role::Faint, format!("  {}", about_mark(self.format.mark(), lang))),
        ]
    }

    /// The bytes, and what each of them is.
    fn told(&self, given: &[Value], typed: &[String], output: &Output) -> Vec<Line> {
        let (lang, look) = (output.lang(), output.look());
        let mut lines = wrap(Line::blank(), &self.headline(lang), look.width);
        let rows = fields::rows(&self.bytes, &parts(&self.format), 2, look);
        if !rows.is_empty() {
            lines.push(Line::blank());
            lines.extend(rows);
            lines.push(Line::blank());
        }
        let layout = self.format.layout();
        let widths = self
            .values
            .iter()
            .take(MOST_LISTED)
            .map(|value| shown(value, look).width());
        let column = widths.max().unwrap_or(0).min(WIDEST_VALUE);
        for (index, stretch) in layout.iter().take(MOST_LISTED).enumerate() {
            lines.extend(self.entry(stretch, layout.get(index + 1), (given, typed, column), output));
        }
        if layout.len() > MOST_LISTED {
            let left_out = words::grouped((layout.len() - MOST_LISTED) as u64);
            let note = format!("  {} {}", look.glyphs.ellipsis, text::more_fields(lang, &left_out));
            lines.push(Line(vec![span(Role::Faint, note)]));
        }
        lines
    }

    /// `4-6  3s  "abc"  text, 3 bytes`
    fn entry(
        &self,
        stretch: &Stretch,
        next: Option<&Stretch>,
        (given, typed, column): (&[Value], &[String], usize),
        output: &Output,
    ) -> Vec<Line> {
        let (lang, look) = (output.lang(), output.look());
        let size = words::bytes(lang, (stretch.to - stretch.from) as u64);
        let offsets = match stretch.to - stretch.from {
            1 => stretch.from.to_string(),
            _ => format!("{}-{}", stretch.from, stretch.to - 1),
        };
        let margin = plain(format!("  {offsets:<OFFSETS$}"));
        let Owner::Field(field) = stretch.owner else {
            let why = match (stretch.owner, next.map(|next| next.owner)) {
                (Owner::Written, _) => text::skipped(lang, &size),
                (_, Some(Owner::Field(field))) => {
                    let multiple = self.format.mark().alignment(field.code);
                    text::padding_before(lang, &size, &field.code.to_string(), multiple)
                }
                _ => text::padding(lang, &size),
            };
            let text = format!("{}  {why}", look.glyphs.padding.to_string().repeat(2));
            return wrap(Line(vec![margin]), &[span(Role::Faint, text)], look.width);
        };
        let index = field.number - 1;
        let value = self.values.get(index).map_or(String::new(), |value| shown(value, look));
        let mut spans = vec![
            span(number_role(field.number), format!("{:<4}", packed::code_of(field))),
            plain(format!("{value}{}", " ".repeat(column.saturating_sub(value.width())))),
            span(Role::Faint, format!("  {}", packed::about(field.code, &size, lang))),
        ];
        if let Some(note) = given
            .get(index)
            .and_then(|given| self.differs(index, given, typed.get(index), lang))
        {
            spans.push(span(Role::Notable, format!("  {note}")));
        }
        wrap(Line(vec![margin]), &spans, look.width)
    }

    /// What became of a value that is not kept as it was given.
    fn differs(&self, index: usize, given: &Value, typed: Option<&String>, lang: Lang) -> Option<String> {
        let bytes = |count: usize| words::bytes(lang, count as u64);
        match (given, self.values.get(index)?) {
            (Value::Bytes(given), Value::Bytes(kept)) if given.len() > kept.len() => {
                Some(text::cut(lang, &bytes(given.len()), &bytes(kept.len())))
            }
            (Value::Bytes(given), Value::Bytes(kept)) if given.len() < kept.len() => {
                Some(text::filled(lang, &bytes(given.len())))
            }
            (Value::Float(inf), _) if inf.is_infinite() => {
                // `inf` was asked for; digits that come to it were not.
                let typed = typed.filter(|typed| typed.contains(|c: char| c.is_ascii_digit()))?;
                Some(text::was_infinite(lang, typed))
            }
            (given, Value::Float(kept))
                if kept.is_infinite() && !matches!(given, Value::Float(inf) if inf.is_infinite()) =>
            {
                Some(text::became_infinite(lang, &given.to_string()))
            }
            (given @ Value::Float(_), kept) if given.to_string() != kept.to_string() => {
                Some(text::nearest(lang, &given.to_string()))
            }
            // A float that has no fraction is the same number.
            (Value::Integer(number), Value::Float(kept)) if format!("{kept:.0}") != number.to_string() => {
                Some(text::nearest(lang, &number.to_string()))
            }
            _ => None,
        }
    }
}

/// A value, of a long one the beginning.
fn shown(value: &Value, look: &Look) -> String {
    elide(&value.to_string(), LONGEST_VALUE, look.glyphs.ellipsis)
}

fn parts(format: &Format) -> Vec<Part> {
    let layout = format.layout();
    let part = |stretch: &Stretch| Part {
        length: stretch.to - stretch.from,
        field: match stretch.owner {
            Owner::Field(field) => Some((u32::try_from(field.number).unwrap_or(u32::MAX), packed::code_of(field))),
            Owner::Padding | Owner::Written => None,
        },
    };
    layout.iter().map(part).collect()
}

fn number_role(number: usize) -> Role {
    Role::Message(u32::try_from(number).unwrap_or(u32::MAX))
}

fn title(text: String) -> Line {
    Line(vec![span(Role::Title, text)])
}

fn about_mark(mark: Mark, lang: Lang) -> String {
    let order = if mark.is_big_endian() {
        text::big_endian(lang)
    } else {
        text::little_endian(lang)
    };
    match mark {
        Mark::Native => text::native(lang, &order),
        Mark::NativeOrder => text::native_order(lang, &order),
        Mark::Little => text::little(lang),
        Mark::Big => text::big(lang),
        Mark::Network => text::network(lang),
    }
}
