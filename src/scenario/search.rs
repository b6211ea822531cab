//! Finding scenarios by words, in whichever language.

use std::fmt::Write as _;

use super::catalogue::heading;
use super::{Action, Named, Scenario, Text};
use crate::words::Lang;

impl Scenario {
    /// Whether all of these words stand in what is to be known of it before it runs: its id and group, titles, sections
    /// of the tutorials, knobs, programs, transports and search words. Upper and lower case are the same.
    #[must_use]
    pub fn is_found_by<'w>(&self, words: impl IntoIterator<Item = &'w str>) -> bool {
        let searched = self.searched();
        words.into_iter().all(|word| searched.contains(&word.to_lowercase()))
    }

    fn searched(&self) -> String {
        let mut all = format!("{}\n", self.id);
        let mut add = |text: &str| {
            // A string takes everything.
            let _ = writeln!(all, "{text}");
        };
        for lang in [Lang::En, Lang::Zh] {
            add(&heading(self.group, lang));
        }
        let mut both = |text: &Text| {
            add(&text.en);
            add(&text.zh);
        };
        self.title.0.iter().for_each(|worded| both(&worded.text));
        self.covers.iter().for_each(&mut both);
        for knob in &self.knobs {
            both(&knob.label);
            knob.labels.values().for_each(&mut both);
        }
        for knob in &self.knobs {
            add(&knob.name);
            knob.values().iter().for_each(|value| add(&value.to_string()));
        }
        for step in &self.steps {
            if let Action::Run(program) = &step.action {
                add(program.name().name());
            }
        }
        if let super::Arg::Fixed(transport) = &self.transport {
            add(transport.name());
        }
        self.words.iter().for_each(|word| add(word));
        all.to_lowercase()
    }
}
