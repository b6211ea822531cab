//! What the class is asked, at every stop of every scenario and before every run: it can be read to its end in a usual
//! terminal.

use std::collections::HashSet;
use std::sync::{Arc, OnceLock};

use lab::runner::run;
use lab::scenario::{Plan, Text};
use lab::story::Story;
use lab::tui::app::App;
use lab::words::Lang;

use super::{BOTH, drawn, listed, press, show_mut, text};
use crate::live::trace_of;
use crate::support::{Case, cases, control};

const SMALL: (u16, u16) = (80, 24);
const SMALLEST: (u16, u16) = (60, 18);

/// A run of every scenario, and of those contrasts that stop where the others do not or ask what the others do not.
fn runs() -> &'static [Story] {
    static RUNS: OnceLock<Vec<Story>> = OnceLock::new();
    RUNS.get_or_init(|| {
        let mut asked = HashSet::new();
        let mut is_new = |case: &Case| {
            let plan = Plan::new(&case.scenario, &case.settings);
            let looks = plan.stops.iter().map(|stop| stop.look.en.clone());
            let asks = plan.predictions.iter().map(|question| question.ask.en.clone());
            let all: Vec<(String, String)> = looks.chain(asks).map(|text| (case.scenario.id.clone(), text)).collect();
            all.into_iter().filter(|one| asked.insert(one.clone())).count() > 0
        };
        let told = |case: Case| {
            let plan = Plan::new(&case.scenario, &case.settings);
            let outcome = run(&plan, &control()).expect("a run begins");
            Story::tell(trace_of(&case, outcome)).expect("a run that can be told")
        };
        cases().into_iter().filter(&mut is_new).map(told).collect()
    })
}

/// A run on the screen, its question passed over.
fn opened(story: &Story, lang: Lang) -> App {
    let mut app = listed(lang);
    app.replay(story.trace.clone()).expect("a run that can be told");
    if app.popup.is_some() {
        press(&mut app, "s");
    }
    app
}

/// Everything on the screen without blanks and frames, so that a text that is broken into lines is found.
fn dense(shown: &str) -> String {
    shown.chars().filter(|c| !c.is_whitespace() && *c != '│').collect()
}

/// Whether a text stands on the screen from its beginning to its end.
fn stands(shown: &str, text: &str) -> bool {
    dense(shown).contains(&dense(text))
}

#[track_caller]
fn is_whole(app: &mut App, text_of: &Text, what: &str) {
    let (lang, (columns, rows)) = (app.look.lang, SMALL);
    let shown = text(&drawn(app, columns, rows));
    assert!(stands(&shown, text_of.get(lang)), "{what}\n{shown}");
}

#[test]
fn what_is_asked_at_a_stop_is_whole_in_every_view() {
    let mut seen = 0;
    for story in runs() {
        for lang in BOTH {
            for view in ["", "x", "P"] {
                let mut app = opened(story, lang);
                press(&mut app, view);
                for reached in &story.stops {
                    show_mut(&mut app).go(reached.position);
                    let look = &story.plan.stops[reached.stop].look;
                    is_whole(&mut app, look, &format!("{} {view}", story.scenario.id));
                    seen += 1;
                }
            }
        }
    }
    assert!(seen > 600, "{seen}: hardly a stop was seen");
}

/// A scenario on the screen before its first run, its question over it.
fn before(story: &Story, lang: Lang) -> App {
    let mut app = listed(lang);
    let file = story.trace.head.file.clone();
    app.open(file, Arc::clone(&story.scenario), story.settings(), false);
    app
}

/// Whether the frame says that it shows a part.
fn is_marked(shown: &str, lang: Lang) -> bool {
    let more = match lang {
        Lang::En => " to ",
        Lang::Zh => "行，共",
    };
    shown.lines().any(|row| row.starts_with('└') && row.contains(more))
}

/// Everything that the keys bring to light of the question, all screens behind one another. One that shows not all says so.
#[track_caller]
fn leafed_through(app: &mut App, size: (u16, u16), texts: &[&Text], options: usize) -> (String, bool) {
    let lang = app.look.lang;
    let first = text(&drawn(app, size.0, size.1));
    let is_whole = texts.iter().all(|part| stands(&first, part.get(lang)));
    assert!(is_whole || is_marked(&first, lang), "{first}");
    let mut all = first.clone();
    for _ in 1..options {
        press(app, "Down");
        all.push_str(&text(&drawn(app, size.0, size.1)));
    }
    for part in texts {
        assert!(stands(&all, part.get(lang)), "{part:?}\n{all}");
    }
    (all, is_marked(&first, lang))
}

#[test]
fn a_question_is_whole_or_says_how_much_of_it_is_shown() {
    let (mut seen, mut scrolled) = (0, 0);
    for story in runs() {
        let Some(question) = story.plan.predictions.first() else {
            continue;
        };
        let options = question.options.iter().map(|option| &option.text);
        let texts: Vec<&Text> = std::iter::once(&question.ask).chain(options).collect();
        let options = question.options.len();
        for (lang, size) in BOTH.into_iter().flat_map(|lang| [(lang, SMALL), (lang, SMALLEST)]) {
            leafed_through(&mut before(story, lang), size, &texts, options);
            // With the answer each wrong option says whose it is.
            let mut app = opened(story, lang);
            press(&mut app, "End p");
            let (all, is_marked) = leafed_through(&mut app, size, &texts, options);
            let right = super::lab_of(&app).answer().map_or(vec![], <[usize]>::to_vec);
            for (index, option) in question.options.iter().enumerate() {
                if let (Some(belief), false) = (&option.belief, right.contains(&index)) {
                    let told = stands(&all, belief.get(lang));
                    assert_eq!(told, !right.is_empty(), "{}\n{all}", story.scenario.id);
                }
            }
            scrolled += usize::from(is_marked);
            seen += 1;
        }
    }
    assert!(
        seen > 200 && scrolled > 0,
        "{seen} questions, of which {scrolled} were scrolled"
    );
}

#[test]
fn the_knobs_are_seen_beside_the_question_before_a_run() {
    for story in runs() {
        let set = story.scenario.knobs.iter().map(|knob| {
            let value = story.settings().get(&knob.name).expect("a value").to_string();
            format!("{}={value}", knob.name)
        });
        let set: Vec<String> = set.collect();
        for lang in BOTH {
            let mut app = before(story, lang);
            for _ in ["over it", "behind it"] {
                let shown = text(&drawn(&mut app, SMALL.0, SMALL.1));
                for knob in &set {
                    assert!(shown.contains(knob), "{}: {knob}\n{shown}", story.scenario.id);
                }
                if app.popup.is_some() {
                    press(&mut app, "Esc");
                }
            }
        }
    }
}

#[test]
fn a_text_that_is_cut_would_be_noticed() {
    let asked = "Where does the first one end, and what tells the server so?";
    assert!(stands(
        "│ Where does the first one end, │\n│ and what tells the server so? │",
        asked
    ));
    assert!(!stands(
        "│ Where does the first one end, │\n│ and what tells the server…    │",
        asked
    ));
}
