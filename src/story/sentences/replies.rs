//! What a client took for the replies to its commands, in words.

use super::claim;
use crate::scenario::Claim;
use crate::story::Story;
use crate::story::verdict::{Finding, Outcome, Taken};
use crate::trace::EndpointId;
use crate::words::{self, Lang, findings};

/// One command after another: what it was shown, and to which commands that belongs.
pub(super) fn sentence(story: &Story, finding: &Finding, who: EndpointId, seen: &[Taken], lang: Lang) -> String {
    let who = words::subject(lang, story.name(who));
    let each = seen.iter().enumerate().map(|(number, taken)| {
        let of = taken.of.iter().map(|share| {
            let size = words::bytes(lang, share.bytes);
            let own = match share.command.checked_sub(1).and_then(|index| seen.get(index)) {
                Some(_) if share.command == number + 1 => findings::of_its_own(lang, &size),
                Some(other) => findings::of_another(lang, &size, share.command, &other.command),
                None => findings::of_none(lang, &size),
            };
            match share.headers {
                0 => own,
                headers => findings::with_headers(lang, &own, &words::bytes(lang, headers)),
            }
        });
        let of: Vec<String> = of.collect();
        let shown = if of.is_empty() {
            findings::shows_nothing(lang)
        } else {
            words::list(lang, &of)
        };
        findings::under_command(lang, number + 1, &taken.command, &shown)
    });
    let each: Vec<String> = each.collect();
    let separator = match lang {
        Lang::En => "; ",
        Lang::Zh => "；",
    };
    let seen = findings::replies(lang, &who, &each.join(separator));
    match claim(finding) {
        Some(Claim::Replies { of, .. }) if finding.outcome != Outcome::Held => {
            let of = of.iter().map(|commands| {
                let commands = commands.iter().map(ToString::to_string);
                format!("[{}]", commands.collect::<Vec<_>>().join(", "))
            });
            let expected = of.collect::<Vec<_>>().join(", ");
            findings::expected_amount(lang, &seen, &expected)
        }
        _ => seen,
    }
}
