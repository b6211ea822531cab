//! What to do where a wire cannot be had: which condition fails says which stage of making it did.

use std::io::ErrorKind;

use crate::wire::{Stage, WireError};
use crate::words::{Lang, commands as words};

/// What mends it.
pub fn remedy(error: &WireError, lang: Lang) -> String {
    match error {
        WireError::System => words::wire_needs_linux(lang),
        WireError::Stage { stage, source } => match (stage, source.kind()) {
            (Stage::Open, ErrorKind::NotFound) => words::wire_needs_tun(lang),
            (Stage::Open, _) => words::wire_needs_tun_access(lang),
            // Where a namespace gives no rights (AppArmor), it is the next stage that fails.
            (Stage::Namespace, _) | (_, ErrorKind::PermissionDenied) => words::wire_needs_namespaces(lang),
            _ => words::wire_try_doctor(lang),
        },
        WireError::Start(_) | WireError::Gone { .. } => words::wire_try_doctor(lang),
    }
}
