use super::*;
use crate::scenario::catalogue::embedded;
use crate::scenario::read::read;

fn picker() -> Picker {
    let entries = embedded().iter().map(|embedded| Entry {
        file: embedded.file.to_owned(),
        own: false,
        read: Ok(Arc::new(read(embedded.file, embedded.text).expect("it reads"))),
    });
    let unreadable = Entry {
        file: "mine/broken.toml".to_owned(),
        own: true,
        read: Err(Mistakes::Unreadable("gone".to_owned())),
    };
    Picker {
        entries: entries.chain([unreadable]).collect(),
        ..Picker::default()
    }
}

fn shown(filter: &str) -> Vec<String> {
    let mut picker = picker();
    picker.type_text(filter);
    let visible = picker
        .visible()
        .into_iter()
        .map(|index| picker.entries[index].file.clone());
    visible.collect()
}

#[test]
fn a_filter_looks_for_every_word_in_both_languages_and_in_any_case() {
    assert_eq!(shown("NAGLE gap"), ["scenarios/nagle.toml"], "a knob is found as well");
    assert_eq!(
        shown("recv short"),
        ["scenarios/short-recv.toml", "scenarios/remote-command-tcp.toml"],
        "the other one has it as a choice"
    );
    assert_eq!(shown("尾巴"), ["scenarios/udp-truncation.toml"]);
    assert_eq!(shown("broken"), ["mine/broken.toml"]);
    assert_eq!(shown("nagle recv broken"), [""; 0]);
    assert_eq!(shown("  ").len(), embedded().len() + 1);
}

#[test]
fn the_cursor_stays_in_what_is_visible() {
    let mut picker = picker();
    picker.move_by(-1);
    assert_eq!(picker.cursor, 0);
    picker.move_by(isize::MAX);
    assert_eq!(picker.chosen().map(|entry| entry.own), Some(true));
    picker.type_text("udp");
    assert_eq!(picker.cursor, 0, "what is typed chooses the first");
    assert!(picker.chosen().is_some());
    picker.type_text("nothing has this");
    assert!(picker.chosen().is_none());
    picker.move_by(1);
    picker.choose("scenarios/short-recv.toml");
    assert_eq!(
        picker.chosen().map(|entry| entry.file.as_str()),
        Some("scenarios/short-recv.toml")
    );
}

#[test]
fn what_is_pasted_is_short_and_tame() {
    let mut picker = picker();
    picker.type_text("a\u{1b}[31m\r\n\u{9b}粘");
    assert_eq!(picker.filter, "a[31m粘");
    picker.type_text(&"长".repeat(100));
    assert_eq!(picker.filter.chars().count(), LONGEST_FILTER);
    picker.delete_last();
    assert_eq!(picker.filter.chars().count(), LONGEST_FILTER - 1);
    picker.clear_filter();
    picker.delete_last();
    assert_eq!(picker.filter, "");
}
