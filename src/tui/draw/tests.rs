//! Several connections: a server and three clients find their place. This run is made up.

use std::sync::Arc;

use ratatui::Terminal;
use ratatui::backend::TestBackend;

use crate::config::Theme;
use crate::scenario::catalogue::embedded;
use crate::scenario::plan::PlannedStep;
use crate::scenario::read::read;
use crate::scenario::{Plan, Scenario};
use crate::story::Story;
use crate::trace::{Ending, EndpointId, Event, Evidence, Excerpt, Head, Trace, What};
use crate::tui::app::lab::Lab;
use crate::tui::app::picker::Picker;
use crate::tui::app::show::Show;
use crate::tui::app::stage::{Grip, NoGrip, Refusal, Stage, Wanted};
use crate::tui::app::{App, Appearance, Palette};
use crate::tui::draw::draw;
use crate::tui::input::{Code, Key, Message};
use crate::words::Lang;

struct Nothing;

impl Stage for Nothing {
    fn start(&mut self, _: u64, _: &Wanted<'_>) -> Result<Head, Refusal> {
        Err(Refusal::because(|_| "nothing runs here".to_owned()))
    }
    fn next_step(&mut self) {}
    fn all_steps(&mut self) {}
    fn grip(&mut self, _: usize, _: Grip) -> Result<(), NoGrip> {
        Err(NoGrip::Over)
    }
    fn stop(&mut self) {}
}

fn scenario() -> Arc<Scenario> {
    let short = embedded()
        .iter()
        .find(|one| one.id == "short-recv")
        .expect("it is built in");
    Arc::new(read(short.file, short.text).unwrap_or_else(|problems| panic!("{problems}")))
}

/// Three connections; over each one client sends one message of its own.
fn three_clients() -> Story {
    let scenario = scenario();
    let mut plan = Plan::new(&scenario, &scenario.defaults());
    let ends = plan.endpoints.clone();
    let steps: Vec<PlannedStep> = plan.steps.clone();
    plan.endpoints = [ends.clone(), ends.clone(), ends].concat();
    let of_each = |connection: usize| {
        steps.iter().cloned().map(move |step| PlannedStep {
            endpoint: step.endpoint + 2 * connection,
            ..step
        })
    };
    plan.steps = (0..3).flat_map(of_each).collect();
    let mut events = Vec::new();
    for (number, text) in (1..).zip(["one", "two", "three"]) {
        let endpoint = EndpointId(2 * u8::try_from(number - 1).expect("few"));
        let bytes = Excerpt::new(text.as_bytes(), Excerpt::WHOLE);
        let (asked, returned) = (bytes.len, bytes.len);
        let facts = [
            What::Message {
                message: number,
                start: 0,
                header: 0,
                json: 0,
                delimiter: 0,
                bytes,
            },
            What::SendCall {
                message: number,
                asked,
                nonblocking: false,
            },
            What::Send {
                message: number,
                asked,
                returned,
                start: 0,
            },
        ];
        events.extend(facts.map(|what| Event {
            at: u64::from(number) * 1_000_000,
            endpoint,
            evidence: Evidence::Measured,
            what,
        }));
    }
    let names = ["client 1", "server", "client 2", "server", "client 3", "server"];
    let trace = Trace {
        head: Head {
            link: crate::trace::Link::Loopback,
            no_wire: None,
            lab: String::new(),
            system: String::new(),
            transport: "tcp".to_owned(),
            family: "ipv4".to_owned(),
            endpoints: names.map(str::to_owned).to_vec(),
            file: String::new(),
            scenario: String::new(),
            knobs: std::collections::BTreeMap::new(),
            stepped: false,
        },
        events,
        ending: Ending::Finished,
    };
    Story::of(scenario, plan, trace)
}

fn screen(app: &App) -> String {
    let mut terminal = Terminal::new(TestBackend::new(100, 30)).expect("memory");
    terminal
        .draw(|frame| drop(draw(frame, app)))
        .expect("memory takes everything");
    let buffer = terminal.backend().buffer();
    let row = |y| (0..100).map(|x| buffer[(x, y)].symbol()).collect::<String>();
    (0..30).map(row).collect::<Vec<_>>().join("\n")
}

#[test]
fn every_connection_of_a_server_can_be_looked_at() {
    let story = three_clients();
    let mut lab = Lab::new(String::new(), scenario(), scenario().defaults());
    lab.plan = story.plan.clone();
    let mut show = Show::of(story);
    show.go(show.last());
    lab.show = Some(show);
    let look = Appearance {
        lang: Lang::En,
        theme: Theme::Dark,
        color: Palette::Full,
        ascii: false,
    };
    let mut app = App::new(look, Picker::default(), Box::new(Nothing));
    app.lab = Some(lab);
    for (client, text, others) in [
        (3, "three", ["one", "two"]),
        (1, "one", ["two", "three"]),
        (2, "two", ["one", "three"]),
    ] {
        let screen = screen(&app);
        assert!(
            screen.contains(&format!("client {client} connection {client}/3")),
            "{screen}"
        );
        assert!(screen.contains(&format!("send \"{text}\"")), "{screen}");
        // The sentence below tells what happens now, wherever that is.
        let lanes: String = screen.lines().take(20).collect();
        for other in others {
            assert!(!lanes.contains(&format!("\"{other}\"")), "{screen}");
        }
        // All of them stand above, with the one at which something happens now.
        assert!(screen.contains(" 1 client 1 → server"), "{screen}");
        assert!(screen.contains("▸3 client 3 → server"), "{screen}");
        app.update(Message::Key(Key::plain(Code::Tab)));
    }
    assert!(screen(&app).contains("client 3 connection 3/3"), "and round again");
    // Whoever has come round to what happens now follows it.
    let go = |app: &mut App, position| {
        let show = app.lab.as_mut().and_then(|lab| lab.show.as_mut());
        show.expect("a run").go(position);
    };
    go(&mut app, 1);
    assert!(screen(&app).contains("client 1 connection 1/3"), "it follows");
    app.update(Message::Key(Key::plain(Code::Tab)));
    go(&mut app, 3);
    assert!(
        screen(&app).contains("client 2 connection 2/3"),
        "it stays where it was put"
    );
}
