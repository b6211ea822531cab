use super::*;
use crate::scenario::Scenario;
use crate::scenario::catalogue::find;
use crate::scenario::read::read;

fn scenario(id: &str) -> Scenario {
    let embedded = find(id).expect("a scenario");
    read(embedded.file, embedded.text).expect("it reads")
}

fn knob<'s>(scenario: &'s Scenario, name: &str) -> &'s Knob {
    scenario.knobs.iter().find(|knob| knob.name == name).expect("a knob")
}

#[test]
fn numbers_stop_at_their_ends_and_words_go_round() {
    let nagle = scenario("nagle");
    let mut settings = nagle.defaults();
    let count = knob(&nagle, "count");
    for (forwards, end) in [(true, 5), (false, 2)] {
        for _ in 0..9 {
            let value = turned(count, &settings, forwards);
            settings.insert("count", value);
        }
        assert_eq!(settings.get("count"), Some(&Setting::Number(end)));
    }
    let frames = scenario("length-prefix");
    let order = knob(&frames, "order");
    for forwards in [true, false] {
        let mut settings = frames.defaults();
        let KnobKind::Choice { options, .. } = &order.kind else {
            panic!("it is a choice");
        };
        let mut seen = Vec::new();
        for _ in options {
            let value = turned(order, &settings, forwards);
            seen.push(value.to_string());
            settings.insert("order", value);
        }
        assert_eq!(settings, frames.defaults(), "all round");
        seen.sort();
        let mut all = options.clone();
        all.sort();
        assert_eq!(seen, all);
    }
}

#[test]
fn a_number_follows_its_digits_as_soon_as_they_are_one() {
    let nagle = scenario("nagle");
    let (count, mut settings, mut cursor) = (knob(&nagle, "count"), nagle.defaults(), KnobCursor::default());
    cursor.type_digit(count, &mut settings, '9');
    assert!(cursor.is_unfinished(count));
    assert_eq!(settings, nagle.defaults());
    cursor.typed.clear();
    cursor.type_digit(count, &mut settings, '4');
    assert!(!cursor.is_unfinished(count));
    assert_eq!(settings.get("count"), Some(&Setting::Number(4)));
    cursor.move_by(1, nagle.knobs.len());
    assert_eq!((cursor.typed.as_str(), cursor.at), ("", 1));
    cursor.type_digit(knob(&nagle, "nodelay"), &mut settings, '1');
    assert_eq!(cursor.typed, "", "only numbers are typed");
    cursor.move_by(99, nagle.knobs.len());
    assert_eq!(cursor.at, 3);
}

#[test]
fn variants_differ_in_one_knob_and_none_is_what_is_set() {
    for id in ["nagle", "short-recv", "udp-truncation", "length-prefix"] {
        let scenario = scenario(id);
        for now in std::iter::once(scenario.defaults()).chain(scenario.contrasts.clone()) {
            let variants = variants(&scenario.knobs, &scenario.contrasts, &now);
            assert!(!variants.is_empty());
            for (index, (name, value)) in variants.iter().enumerate() {
                assert_ne!(now.get(name), Some(value), "{id} {name}");
                assert!(
                    !variants[..index].contains(&(name.clone(), value.clone())),
                    "{id} {name} twice"
                );
                knob(&scenario, name)
                    .parse(&value.to_string())
                    .expect("a value it may have");
            }
        }
    }
}
