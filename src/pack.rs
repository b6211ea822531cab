//! Python's struct formats: values in, bytes out, and back. No sockets, no clock.
//!
//! A format is an order mark, which may be missing, and codes with repeat counts: `!I3sf` is an unsigned int, three bytes
//! of text and a float, most significant byte first. [`Format::layout`] tells of every byte of the result whose it is:
//! without a mark, or with `@`, values are aligned as a C compiler of this machine aligns them, and bytes that belong to
//! nobody lie in between. (Python's documentation, "struct: Interpret bytes as packed binary data".)

mod code;
mod fault;
mod parse;
#[cfg(test)]
mod tests;
mod value;

pub use code::{Code, Mark};
pub use fault::{FormatError, PackError, Place, UnpackError, ValueError};
pub use value::Value;

use fault::{FormatError as Bad, PackError as NotPacked};

/// Longest format, and longest result, in bytes. What is longer is refused before memory is taken for it.
pub const MOST: usize = 1 << 20;

/// A format that was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Format {
    text: String,
    mark: Mark,
    items: Vec<Item>,
    size: usize,
}

/// A code with its count, and where its first byte lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Item {
    code: Code,
    /// How often; of `s` how many bytes.
    count: usize,
    /// Bytes of padding before it, for its alignment.
    padding: usize,
    at: usize,
}

/// What takes one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// Its place among the fields, counted from 1.
    pub number: usize,
    /// How it is written.
    pub code: Code,
    /// Offset of its first byte.
    pub at: usize,
    /// Its length in bytes.
    pub size: usize,
}

/// Bytes that lie next to each other and belong to the same field, or to none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// Offset of the first byte.
    pub from: usize,
    /// Offset behind the last one.
    pub to: usize,
    /// Whose they are.
    pub owner: Owner,
}

/// Whose a byte is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// The field's.
    Field(Field),
    /// Nobody's: it lets the next field begin at a multiple of its alignment.
    Padding,
    /// Nobody's: the format has an `x` there.
    Written,
}

impl Format {
    /// Reads a format.
    ///
    /// # Errors
    /// What is wrong first, with its place.
    pub fn parse(text: &str) -> Result<Self, FormatError> {
        if text.len() > MOST {
            return Err(Bad::TooLong { bytes: text.len() });
        }
        let (mark, counted) = parse::parse(text)?;
        Self::laid_out(text.to_owned(), mark, counted)
    }

    /// The format as it was written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// In which order and with which alignment.
    #[must_use]
    pub fn mark(&self) -> Mark {
        self.mark
    }

    /// Bytes of the result.
    #[must_use]
    pub fn size(&self) -> usize {
        self.size
    }

    /// What takes a value, in order.
    pub fn fields(&self) -> impl Iterator<Item = Field> {
        let spans = self.items.iter().flat_map(Item::fields);
        spans.enumerate().map(|(index, (code, at, size))| Field {
            number: index + 1,
            code,
            at,
            size,
        })
    }

    /// Every byte of the result: whose it is.
    #[must_use]
    pub fn layout(&self) -> Vec<Stretch> {
        let mut fields = self.fields();
        let mut layout = Vec::new();
        let mut add = |from: usize, size: usize, owner: Owner| {
            if size > 0 {
                let to = from + size;
                layout.push(Stretch { from, to, owner });
            }
        };
        for item in &self.items {
            add(item.at - item.padding, item.padding, Owner::Padding);
            if item.code == Code::Skip {
                add(item.at, item.count, Owner::Written);
            }
            for field in fields.by_ref().take(item.values()) {
                add(field.at, field.size, Owner::Field(field));
            }
        }
        layout
    }

    /// The same codes under another mark.
    ///
    /// # Errors
    /// [`FormatError::TooLarge`]: alignment can make a result larger.
    pub fn under(&self, mark: Mark) -> Result<Self, FormatError> {
        let codes = self.text.strip_prefix(Mark::is_mark).unwrap_or(&self.text);
        let text = format!("{mark}{codes}");
        let counted = self.items.iter().map(|item| (item.code, item.count)).collect();
        Self::laid_out(text, mark, counted)
    }

    /// Writes one value into each field.
    ///
    /// # Errors
    /// If there are more or fewer values than fields, or one is not what its field takes.
    pub fn pack(&self, values: &[Value]) -> Result<Vec<u8>, PackError> {
        let wanted = self.fields().count();
        if wanted != values.len() {
            let given = values.len();
            return Err(NotPacked::Count { wanted, given });
        }
        let mut bytes = vec![0; self.size];
        for (field, value) in self.fields().zip(values) {
            let room = &mut bytes[field.at..field.at + field.size];
            value.write(field.code, self.mark, room).map_err(|why| {
                let Field { number, code, .. } = field;
                NotPacked::Value { number, code, why }
            })?;
        }
        Ok(bytes)
    }

    /// Reads one value from each field; padding may hold anything.
    ///
    /// # Errors
    /// If `bytes` is not exactly as long as the format says.
    pub fn unpack(&self, bytes: &[u8]) -> Result<Vec<Value>, UnpackError> {
        if bytes.len() != self.size {
            return Err(UnpackError {
                wanted: self.size,
                given: bytes.len(),
            });
        }
        let value = |field: Field| Value::read(field.code, self.mark, &bytes[field.at..field.at + field.size]);
        Ok(self.fields().map(value).collect())
    }

    fn laid_out(text: String, mark: Mark, counted: Vec<(Code, usize)>) -> Result<Self, FormatError> {
        let mut items = Vec::with_capacity(counted.len());
        let mut end = 0_usize;
        for (code, count) in counted {
            let at = end.next_multiple_of(mark.alignment(code));
            let size = count.checked_mul(code.size()).and_then(|size| size.checked_add(at));
            let padding = at - end;
            end = size.filter(|size| *size <= MOST).ok_or(Bad::TooLarge)?;
            items.push(Item {
                code,
                count,
                padding,
                at,
            });
        }
        Ok(Self {
            text,
            mark,
            items,
            size: end,
        })
    }
}

impl Item {
    /// How many values it takes.
    fn values(&self) -> usize {
        match self.code {
            Code::Text => 1,
            Code::Skip => 0,
            _ => self.count,
        }
    }

    /// The code, the offset and the size of each of its fields.
    fn fields(&self) -> impl Iterator<Item = (Code, usize, usize)> {
        let Self { code, count, at, .. } = *self;
        let size = if code == Code::Text { count } else { code.size() };
        (0..self.values()).map(move |index| (code, at + index * size, size))
    }
}
