//! Conditions, read and then asked under settings.

use std::collections::BTreeMap;

use crate::scenario::{Condition, Knob, KnobKind, Settings, Text};

fn knob(name: &str, kind: KnobKind) -> Knob {
    let label = Text {
        en: "label".into(),
        zh: "说明".into(),
    };
    Knob {
        name: name.into(),
        label,
        labels: BTreeMap::new(),
        kind,
    }
}

fn knobs() -> Vec<Knob> {
    let number = |default| KnobKind::Number {
        default,
        min: 0,
        max: 100,
    };
    let choice = |default: &str| KnobKind::Choice {
        default: default.into(),
        options: vec!["big".into(), "little".into(), "10".into()],
    };
    vec![
        knob("on", KnobKind::Toggle { default: true }),
        knob("off", KnobKind::Toggle { default: false }),
        knob("five", number(5)),
        knob("nine", number(9)),
        knob("order", choice("big")),
        knob("other", choice("10")),
    ]
}

#[test]
fn a_condition_holds_as_it_reads() {
    let knobs = knobs();
    let settings = Settings::defaults(&knobs);
    let table = [
        ("on", true),
        ("off", false),
        ("not on", false),
        ("not off", true),
        ("on == true", true),
        ("on != true", false),
        ("on == off", false),
        ("on != off", true),
        ("five == 5", true),
        ("five != 5", false),
        ("five < 5", false),
        ("five <= 5", true),
        ("five > 4", true),
        ("five >= 6", false),
        ("five < nine", true),
        ("nine<=five", false),
        ("order == big", true),
        ("order == little", false),
        ("order != little", true),
        ("other == 10", true),
        ("order == other", false),
        ("on and five == 5 and order == big", true),
        ("on and five == 5 and order == little", false),
        ("  not   off  and on ", true),
    ];
    for (text, holds) in table {
        let condition = Condition::parse(text, &knobs).expect(text);
        assert_eq!(condition.holds(&settings), holds, "{text}");
    }
}

#[test]
fn a_condition_follows_the_settings() {
    let knobs = knobs();
    let mut settings = Settings::defaults(&knobs);
    let condition = Condition::parse("five >= nine and not on", &knobs).expect("sound");
    assert!(!condition.holds(&settings));
    settings.set(&knobs, "five", "9").expect("allowed");
    settings.set(&knobs, "on", "false").expect("allowed");
    assert!(condition.holds(&settings));
    assert!(Condition::default().holds(&settings), "no condition always holds");
}

#[test]
fn every_test_that_is_wrong_is_found() {
    let faults = Condition::parse("five == yes and and of and order < big", &knobs()).expect_err("four slips");
    let places: Vec<_> = faults.iter().map(|fault| fault.span.clone()).collect();
    assert_eq!(places, [8..11, 12..15, 20..22, 33..34]);
}
