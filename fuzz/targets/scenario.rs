//! Any text as a scenario file: either it says what is wrong, or it can be planned, told and listed under its defaults and
//! every contrast.
#![no_main]

mod dice;
#[path = "scenario/mutate.rs"]
mod mutate;

use lab::code::{Language, listing};
use lab::report::staged;
use lab::scenario::{Plan, read::read};
use lab::words::Lang;
use libfuzzer_sys::{fuzz_mutator, fuzz_target};

fuzz_mutator!(|bytes: &mut [u8], size: usize, most: usize, seed: u32| { mutate::mutate(bytes, size, most, seed) });

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let scenario = match read("any.toml", &text) {
        Ok(scenario) => scenario,
        Err(problems) => {
            assert!(!problems.list.is_empty(), "refused without a reason");
            for lang in [Lang::En, Lang::Zh] {
                assert!(!problems.render(lang, true).is_empty());
            }
            return;
        }
    };
    #[cfg(planted)]
    assert!(scenario.order < 1000, "planted");
    for settings in std::iter::once(scenario.defaults()).chain(scenario.contrasts.iter().cloned()) {
        let plan = Plan::new(&scenario, &settings);
        let _ = plan.threads();
        for lang in [Lang::En, Lang::Zh] {
            let _ = staged::of_plan(&plan, lang);
            for language in [Language::Python, Language::Rust] {
                for side in listing(&plan, language, lang).sides {
                    assert!(!side.text().is_empty());
                }
            }
        }
    }
});
