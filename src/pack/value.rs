//! Values: as somebody types them, as a field holds them, as they are shown.

use std::fmt;

use super::code::{Code, Mark};
use super::fault::ValueError;

/// What one field takes or gives.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A whole number.
    Integer(i128),
    /// A number.
    Float(f64),
    /// What `s` holds.
    Bytes(Vec<u8>),
}

impl Value {
    /// Reads what somebody typed for a code. Integers are decimal or `0x…`; what `s` takes is text, as UTF-8, or `0x…`.
    ///
    /// # Errors
    /// If the code takes no such value.
    pub fn typed(code: Code, typed: &str) -> Result<Self, ValueError> {
        let found = || typed.to_owned();
        match code {
            Code::Text => match typed.strip_prefix("0x") {
                Some(digits) => hex::decode(digits)
                    .map(Self::Bytes)
                    .map_err(|_| ValueError::NoHex { found: found() }),
                None => Ok(Self::Bytes(typed.as_bytes().to_vec())),
            },
            Code::Float | Code::Double => match (integer(typed), typed.parse::<f64>()) {
                (Some(Integer::Known(number)), _) => Ok(Self::Integer(number)),
                // Python's integers have no end, and one that is too large for its floats is refused; but what is written
                // as a float is infinite there too (1e400).
                (Some(Integer::Huge), Ok(number)) if number.is_infinite() => {
                    Err(ValueError::TooLarge { code, number: found() })
                }
                (_, Ok(number)) => Ok(Self::Float(number)),
                (_, Err(_)) => Err(ValueError::NoNumber { code, found: found() }),
            },
            _ => match integer(typed) {
                Some(Integer::Known(number)) => Ok(Self::Integer(number)),
                Some(Integer::Huge) => Err(out_of_range(code, found(), None)),
                None => Err(ValueError::NoInteger { code, found: found() }),
            },
        }
    }

    /// Writes it into the room of a field.
    pub(super) fn write(&self, code: Code, mark: Mark, room: &mut [u8]) -> Result<(), ValueError> {
        match code {
            Code::Text => {
                let Self::Bytes(bytes) = self else {
                    return Err(ValueError::NoBytes {
                        found: self.to_string(),
                    });
                };
                // What is too long is cut off, and what is too short is filled up with zeros, as Python does it.
                let kept = bytes.len().min(room.len());
                room[..kept].copy_from_slice(&bytes[..kept]);
            }
            Code::Float | Code::Double => self.write_float(code, mark, room)?,
            _ => {
                let Self::Integer(number) = self else {
                    let found = self.to_string();
                    return Err(ValueError::NoInteger { code, found });
                };
                if !code.range().is_some_and(|range| range.contains(number)) {
                    return Err(out_of_range(code, number.to_string(), Some(*number)));
                }
                put(&number.to_be_bytes(), mark, room);
            }
        }
        Ok(())
    }

    fn write_float(&self, code: Code, mark: Mark, room: &mut [u8]) -> Result<(), ValueError> {
        // The nearest double, as Python's float() gives it.
        #[allow(clippy::cast_precision_loss)]
        let number = match self {
            Self::Integer(number) => *number as f64,
            Self::Float(number) => *number,
            Self::Bytes(_) => {
                let found = self.to_string();
                return Err(ValueError::NoNumber { code, found });
            }
        };
        if code == Code::Double {
            put(&number.to_be_bytes(), mark, room);
            return Ok(());
        }
        // The nearest one; what is too large becomes infinite.
        #[allow(clippy::cast_possible_truncation)]
        let single = number as f32;
        // Under `@` Python leaves it to the C compiler, which makes it infinite too.
        if single.is_infinite() && number.is_finite() && mark != Mark::Native {
            let number = self.to_string();
            return Err(ValueError::TooLarge { code, number });
        }
        put(&single.to_be_bytes(), mark, room);
        Ok(())
    }

    /// Reads it from the bytes of a field.
    pub(super) fn read(code: Code, mark: Mark, bytes: &[u8]) -> Self {
        if code == Code::Text {
            return Self::Bytes(bytes.to_vec());
        }
        let mut ordered = bytes.to_vec();
        if !mark.is_big_endian() {
            ordered.reverse();
        }
        let bits = ordered.iter().fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
        match code {
            // Four bytes were read.
            #[allow(clippy::cast_possible_truncation)]
            Code::Float => Self::Float(f64::from(f32::from_bits(bits as u32))),
            Code::Double => Self::Float(f64::from_bits(bits)),
            _ => {
                let number = i128::from(bits);
                let largest = code.range().map_or(i128::MAX, |range| *range.end());
                let wrapped = if number > largest {
                    1_i128 << (8 * bytes.len())
                } else {
                    0
                };
                Self::Integer(number - wrapped)
            }
        }
    }
}

/// A number is written with as few digits as tell it from every other, bytes as text between quotes with `\0` for
/// zeros at the end, or as `0x…` if they are none.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Integer(number) => number.fmt(f),
            Self::Float(number) => write!(f, "{number:?}"),
            Self::Bytes(bytes) => {
                let zeros = bytes.iter().rev().take_while(|byte| **byte == 0).count();
                match std::str::from_utf8(&bytes[..bytes.len() - zeros]) {
                    Ok(text) if !text.chars().any(char::is_control) => write!(f, "\"{text}{}\"", "\\0".repeat(zeros)),
                    _ => write!(f, "0x{}", hex::encode(bytes)),
                }
            }
        }
    }
}

/// Puts the last bytes of a number, most significant first, into a room in the order of the mark.
fn put(number: &[u8], mark: Mark, room: &mut [u8]) {
    room.copy_from_slice(&number[number.len() - room.len()..]);
    if !mark.is_big_endian() {
        room.reverse();
    }
}

enum Integer {
    Known(i128),
    /// More digits than any code holds.
    Huge,
}

fn integer(typed: &str) -> Option<Integer> {
    let (negative, magnitude) = match typed.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, typed.strip_prefix('+').unwrap_or(typed)),
    };
    let (digits, radix) = match magnitude.strip_prefix("0x") {
        Some(digits) => (digits, 16),
        None => (magnitude, 10),
    };
    if digits.is_empty() || !digits.chars().all(|c| c.is_digit(radix)) {
        return None;
    }
    let number = i128::from_str_radix(digits, radix).ok();
    Some(number.map_or(Integer::Huge, |number| {
        Integer::Known(if negative { -number } else { number })
    }))
}

fn out_of_range(code: Code, number: String, known: Option<i128>) -> ValueError {
    let range = code.range().unwrap_or(0..=0);
    ValueError::OutOfRange {
        code,
        number,
        smallest: *range.start(),
        largest: *range.end(),
        holding: known.and_then(|known| code.holding(known)),
    }
}
