//! The scenarios that come with the lab.

use super::Group;
use crate::words::Lang;
use crate::words::commands as words;

/// A scenario in the binary: its text, not yet read, so that starting costs nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Embedded {
    /// The scenario's id, which is also its file's name without `.toml`.
    pub id: &'static str,
    /// The file's name in `scenarios/`, for messages.
    pub file: &'static str,
    /// The file's text.
    pub text: &'static str,
}

/// All of them, in the order in which they are listed and taught.
#[must_use]
pub fn embedded() -> &'static [Embedded] {
    EMBEDDED
}

/// The one with this id.
#[must_use]
pub fn find(id: &str) -> Option<&'static Embedded> {
    EMBEDDED.iter().find(|embedded| embedded.id == id)
}

/// The heading under which the scenarios of a group are listed.
#[must_use]
pub fn heading(group: Option<Group>, lang: Lang) -> String {
    match group {
        Some(Group::Boundaries) => words::group_boundaries(lang),
        Some(Group::Framing) => words::group_framing(lang),
        Some(Group::Programs) => words::group_programs(lang),
        Some(Group::Wire) => words::group_wire(lang),
        None => words::group_own(lang),
    }
}

/// The table, one file a line, sorted by the `order` in the files.
macro_rules! embed {
    ($($id:literal),* $(,)?) => {
        &[$(Embedded {
            id: $id,
            file: concat!("scenarios/", $id, ".toml"),
            text: include_str!(concat!("../../scenarios/", $id, ".toml")),
        }),*]
    };
}

const EMBEDDED: &[Embedded] = embed![
    "sticky",
    "nagle",
    "short-recv",
    "udp-boundaries",
    "udp-truncation",
    "empty-message",
    "segmentation",
    "big-send",
    "udp-limit",
    "udp-overflow",
    "ack-clears",
    "write-write-read",
    "half-character",
    "boundary-zoo",
    "length-prefix",
    "digit-prefix",
    "ready-handshake",
    "json-header",
    "delimiter",
    "hostile-length",
    "struct-bytes",
    "remote-command-tcp",
    "remote-command-udp",
    "remote-command-framed",
    "pipe-deadlock",
    "file-transfer",
    "ftp-put",
    "auth",
    "threaded-server",
    "handshake",
    "retransmit",
    "udp-loss",
    "fragments",
    "reorder",
    "window",
    "delay",
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;
    use crate::scenario::read::read;
    use crate::scenario::{Knob, KnobKind, Scenario, Settings};

    fn all() -> Vec<(&'static Embedded, Scenario)> {
        let read = |embedded: &'static Embedded| match read(embedded.file, embedded.text) {
            Ok(scenario) => (embedded, scenario),
            Err(problems) => panic!("{problems}"),
        };
        embedded().iter().map(read).collect()
    }

    #[test]
    fn the_table_is_the_folder() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
        let files: BTreeSet<String> = std::fs::read_dir(folder)
            .expect("the folder of the scenarios")
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .filter_map(|name| Some(name.strip_suffix(".toml")?.to_owned()))
            .collect();
        let table: BTreeSet<String> = embedded().iter().map(|embedded| embedded.id.to_owned()).collect();
        assert_eq!(table, files);
    }

    #[test]
    fn every_scenario_reads_and_stands_in_its_place() {
        let all = all();
        for (embedded, scenario) in &all {
            assert_eq!(embedded.id, scenario.id);
            assert_eq!(find(&scenario.id), Some(*embedded));
        }
        assert!(
            all.is_sorted_by(|(_, one), (_, next)| one.order < next.order),
            "by order, and no order twice"
        );
        assert_eq!(find("nothing"), None);
    }

    #[test]
    fn the_scenarios_of_a_group_stand_together() {
        let all = all();
        let groups = all.iter().map(|(embedded, scenario)| {
            let group = scenario.group;
            group.unwrap_or_else(|| panic!("{} has no group", embedded.id))
        });
        assert!(groups.is_sorted(), "in the order in which they are taught");
    }

    #[test]
    fn every_scenario_halts_once_to_four_times_under_every_setting() {
        for (_, scenario) in all() {
            let defaults = scenario.defaults();
            for settings in std::iter::once(&defaults).chain(&scenario.contrasts) {
                let stops = scenario.stops.iter().filter(|stop| stop.when.holds(settings)).count();
                let id = &scenario.id;
                assert!((1..=4).contains(&stops), "{id} halts {stops} times with {settings:?}");
            }
        }
    }

    #[test]
    fn every_scenario_asks_and_checks_something() {
        for (_, scenario) in all() {
            assert!(!scenario.predictions.is_empty(), "{} asks nothing", scenario.id);
            let defaults = scenario.defaults();
            for settings in std::iter::once(&defaults).chain(&scenario.contrasts) {
                let applies = scenario.expects.iter().any(|expect| expect.when.holds(settings));
                assert!(applies, "{} expects nothing with {settings:?}", scenario.id);
            }
        }
    }

    #[test]
    fn every_knob_is_turned_in_some_contrast() {
        for (_, scenario) in all() {
            let defaults = scenario.defaults();
            // Whose files there are, no scenario can know.
            let is_file = |knob: &&Knob| matches!(knob.kind, KnobKind::File { .. });
            for knob in scenario.knobs.iter().filter(|knob| !is_file(knob)) {
                let turned = |settings: &Settings| settings.get(&knob.name) != defaults.get(&knob.name);
                assert!(scenario.contrasts.iter().any(turned), "{}: {}", scenario.id, knob.name);
            }
        }
    }
}
