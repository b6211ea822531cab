//! What to do where a wire cannot be had: which condition fails says which stage of making it did.

use std::io::ErrorKind;

use crate::wire::{Stage, WireError};
use crate::words::{Lang, commands as words, errors, wire};

/// That there is none, and why.
pub fn there_is_none(error: &WireError, lang: Lang) -> String {
    words::there_is_no_wire(lang, &why(error, lang))
}

/// Why there is none; what the system says, it says in its own words.
pub fn why(error: &WireError, lang: Lang) -> String {
    match error {
        WireError::System => wire::no_namespaces(lang),
        WireError::Start(source) => wire::failed(lang, &wire::stage_start(lang), &errors::system(lang, source)),
        WireError::Stage { stage, source } => wire::failed(lang, &name(*stage, lang), &errors::system(lang, source)),
        WireError::Gone { stage } => wire::helper_is_gone(lang, &name(*stage, lang)),
    }
}

fn name(stage: Stage, lang: Lang) -> String {
    match stage {
        Stage::Start => wire::stage_start(lang),
        Stage::Namespace => wire::stage_namespace(lang),
        Stage::Network => wire::stage_network(lang),
        Stage::Open => wire::stage_open(lang),
        Stage::Device => wire::stage_device(lang),
        Stage::Address => wire::stage_address(lang),
        Stage::Sockets => wire::stage_sockets(lang),
        Stage::HandOver => wire::stage_hand_over(lang),
    }
}

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
