//! A length in decimal digits.

use super::Fault;

/// One digit is the whole length.
pub(super) fn digit(byte: u8) -> Result<u64, Fault> {
    if byte.is_ascii_digit() {
        Ok(u64::from(byte - b'0'))
    } else {
        Err(Fault::NotANumber { found: byte })
    }
}

/// The digits of a length, without the newline.
pub(super) fn whole(header: &[u8], most: usize) -> Result<u64, Fault> {
    if header.is_empty() {
        return Err(Fault::EndOfStream);
    }
    let mut length: u64 = 0;
    for (at, byte) in header.iter().enumerate() {
        let digit = digit(*byte)?;
        if at == most {
            return Err(Fault::TooManyDigits { most: most as u64 });
        }
        length = length.saturating_mul(10).saturating_add(digit);
    }
    Ok(length)
}

/// How many of these bytes belong to the header of which `before` is known already, and whether that ends it. Each byte
/// is looked at in its turn, so that a fault is the same however the stream was cut.
pub(super) fn take(before: usize, bytes: &[u8], most: usize) -> Result<(usize, bool), Fault> {
    for (at, byte) in bytes.iter().enumerate() {
        let digits = before + at;
        match byte {
            b'\n' if digits > 0 => return Ok((at + 1, true)),
            _ => digit(*byte)?,
        };
        if digits == most {
            return Err(Fault::TooManyDigits { most: most as u64 });
        }
    }
    Ok((bytes.len(), false))
}
