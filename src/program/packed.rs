//! Programs that pack values and unpack them: what `struct.pack` and `struct.unpack` do around a socket.

use super::Finish;
use crate::endpoint::{Endpoint, EndpointError, Message};
use crate::pack::{Format, Owner, PackError, Value, ValueError};
use crate::scenario::PackedFormat;
use crate::scenario::packed::code_of;
use crate::trace::{Evidence, Excerpt, PackFault, Packed, PackedPart, What};

/// Packs the values and sends the bytes in one call; where a value does not fit, the program gives up before it sends.
///
/// # Errors
/// If a call fails or the run is over.
pub fn send(endpoint: &Endpoint<'_>, packed: &PackedFormat) -> Result<Finish, EndpointError> {
    match packed.format.pack(&packed.values) {
        Ok(bytes) => {
            let packed = told(&packed.format, &bytes, &packed.values);
            endpoint.record(Evidence::Measured, What::Packed { packed });
            endpoint.send(&mut Message::new(&bytes, 0), bytes.len())?;
            Ok(Finish::Done)
        }
        Err(why) => {
            let fault = fault(&packed.format, why);
            endpoint.record(Evidence::Measured, What::PackFault { fault });
            Ok(Finish::GaveUp)
        }
    }
}

/// Asks again until there are as many bytes as the format takes, and unpacks them.
///
/// # Errors
/// If a call fails or the run is over.
pub fn read(endpoint: &Endpoint<'_>, format: &Format) -> Result<Finish, EndpointError> {
    let mut bytes = vec![0; format.size()];
    let mut got = 0;
    while got < bytes.len() {
        match endpoint.recv(&mut bytes[got..])? {
            0 => break,
            more => got += more,
        }
    }
    match format.unpack(&bytes[..got]) {
        Ok(values) => {
            let packed = told(format, &bytes, &values);
            endpoint.record(Evidence::Measured, What::Unpacked { packed });
            Ok(Finish::Done)
        }
        Err(why) => {
            let fault = PackFault::ShortBytes {
                format: format.text().to_owned(),
                got: why.given as u64,
                of: why.wanted as u64,
            };
            endpoint.record(Evidence::Measured, What::PackFault { fault });
            Ok(Finish::GaveUp)
        }
    }
}

/// The bytes with the owner of each, as the trace keeps them: a later reader may have other alignments.
fn told(format: &Format, bytes: &[u8], values: &[Value]) -> Packed {
    let layout = format.layout().into_iter().map(|stretch| {
        let field = match stretch.owner {
            Owner::Field(field) => Some(field),
            Owner::Padding | Owner::Written => None,
        };
        PackedPart {
            length: (stretch.to - stretch.from) as u64,
            code: field.map(code_of),
            value: field
                .and_then(|field| values.get(field.number - 1))
                .map(ToString::to_string),
        }
    });
    Packed {
        format: format.text().to_owned(),
        bytes: Excerpt::new(bytes, Excerpt::WHOLE),
        layout: layout.collect(),
    }
}

fn fault(format: &Format, why: PackError) -> PackFault {
    let format = format.text().to_owned();
    // The reader of scenarios has seen to it that there are as many values as fields, each of the right kind.
    let PackError::Value { number, code, why } = why else {
        return PackFault::OutOfRange {
            format,
            field: 0,
            code: String::new(),
            value: why.to_string(),
            range: None,
            holding: None,
        };
    };
    let (value, range, holding) = match why {
        ValueError::OutOfRange {
            number,
            smallest,
            largest,
            holding,
            ..
        } => (number, Some([smallest.to_string(), largest.to_string()]), holding),
        ValueError::TooLarge { number, .. } => (number, None, None),
        other => (other.to_string(), None, None),
    };
    PackFault::OutOfRange {
        format,
        field: number as u64,
        code: code.to_string(),
        value,
        range,
        holding: holding.map(|code| code.to_string()),
    }
}
