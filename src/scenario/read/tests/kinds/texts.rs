//! Texts that depend on the knobs, labels of choices, and search words.

use super::*;
use crate::scenario::Setting;

#[test]
fn every_kind_is_told() {
    tell(TCP, OVER_TCP);
}

#[test]
fn the_first_text_that_holds_is_said_with_the_numbers_of_the_knobs() {
    let text = changed(
        TCP,
        "title = { en = \"A title\", zh = \"标题\" }",
        "title = [\n  { when = \"more\", en = \"{size} more\", zh = \"多 {size}\" },\n  { en = \"{braces}: {\\\"a\\\":1}\", zh = \"无\" },\n]",
    );
    let text = changed(&text, "{braces}: ", "");
    let scenario = read("demo.toml", &text).expect("sound");
    let mut settings = scenario.defaults();
    assert_eq!(
        scenario.texts(&settings).title.en,
        "{\"a\":1}",
        "what names no knob stands"
    );
    settings.insert("more", Setting::Toggle(true));
    settings.insert("size", Setting::Number(12_345));
    assert_eq!(scenario.texts(&settings).title.en, "12,345 more");
    assert_eq!(Plan::new(&scenario, &settings).texts.title.zh, "多 12,345");
}

#[test]
fn questions_answers_and_stops_may_depend_on_the_knobs_as_well() {
    let turns = "[{ when = \"size == 1\", en = \"One?\", zh = \"一？\" }, { en = \"{size}?\", zh = \"{size}？\" }]";
    let mut text = TCP.to_owned();
    for place in [
        "{ en = \"What?\", zh = \"什么？\" }",
        "{ en = \"This\", zh = \"这个\" }",
        "{ en = \"No.\", zh = \"不对。\" }",
    ] {
        text = changed(&text, place, turns);
    }
    let stop = format!("[[stop]]\nafter = {{ send = 1 }}\nlook = {turns}\n");
    let scenario = read("demo.toml", &(text + &stop)).expect("sound");
    let said = |number| {
        let mut settings = scenario.defaults();
        settings.insert("size", Setting::Number(number));
        let plan = Plan::new(&scenario, &settings);
        let question = &plan.predictions[0];
        let belief = question.options[1].belief.as_ref().expect("a belief");
        let [ask, answer, belief, look] = [&question.ask, &question.options[0].text, belief, &plan.stops[0].look];
        [ask, answer, belief, look].map(|text| text.en.clone())
    };
    assert_eq!(said(1), ["One?"; 4]);
    assert_eq!(said(7), ["7?"; 4]);
}

#[test]
fn choices_have_labels_and_files_search_words() {
    let labels = "[knobs.mode.labels]\nfast = { en = \"at once\", zh = \"马上\" }\n[[contrast]]";
    let text = changed(
        &changed(TCP, "[[contrast]]", labels),
        "order = 1",
        "order = 1\nwords = [\"半包\"]",
    );
    let scenario = read("demo.toml", &text).expect("sound");
    let mode = scenario
        .knobs
        .iter()
        .find(|knob| knob.name == "mode")
        .expect("the knob");
    let meaning = |word: &str| {
        mode.meaning(&Setting::Choice(word.to_owned()))
            .map(|label| label.en.as_str())
    };
    assert_eq!([meaning("slow"), meaning("fast")], [None, Some("at once")]);
    assert!(scenario.is_found_by(["半包", "AT ONCE"]));
    assert!(!scenario.is_found_by(["半包", "nothing of the kind"]));
}

const OVER_TCP: &[Case] = &[
    (
        "title = { en = \"A title\", zh = \"标题\" }",
        "title = [{ when = \"more\", en = \"a\", zh = \"b\" }]",
        &[
            "4:19 there are settings under which none of these texts is said / leave `when` out of the last one: it is said where no other is",
        ],
    ),
    (
        "title = { en = \"A title\", zh = \"标题\" }",
        "title = [{ en = \"a\", zh = \"b\" }, { en = \"c\", zh = \"d\" }]",
        &["4:10 the texts after this one are never said / give this one a `when`, or put it last"],
    ),
    (
        "title = { en = \"A title\", zh = \"标题\" }",
        "title = []",
        &["4:9 too few texts: 0, and at least 1 belong here"],
    ),
    (
        "title = { en = \"A title\", zh = \"标题\" }",
        "title = [{ when = \"size == 50\", en = \"a\", zh = \"b\" }, { en = \"c\", zh = \"d\" }]",
        &[
            "4:19 this text is said neither under the defaults nor under a contrast, nor with any one knob turned / another one before it is said instead, or its `when` never holds",
        ],
    ),
    (
        "en = \"A title\"",
        "en = \"{sizes} bytes\"",
        &["4:17 `{sizes}` is no knob that is a number / a name in braces stands for the number that a knob is set to"],
    ),
    (
        "en = \"What?\"",
        "en = \"{mode}?\"",
        &["37:15 `{mode}` is no knob that is a number / a name in braces stands for the number that a knob is set to"],
    ),
    (
        "label = { en = \"how\", zh = \"怎么发\" }",
        "label = { en = \"how\", zh = \"怎么发\" }\nlabels = { quick = { en = \"a\", zh = \"b\" } }",
        &["28:12 unknown key `quick` / known keys: `slow`, `fast`"],
    ),
    ("order = 1", "order = 1\nwords = [\"\"]", &["3:10 nothing stands here"]),
];
