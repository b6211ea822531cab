use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use lab::runner::{Control, Hand, News, Outcome, Steps, run};
use lab::scenario::Plan;
use lab::scenario::catalogue::find;
use lab::scenario::read::read;
use lab::story::Story;
use lab::trace::hand::{Grip, NoGrip};
use lab::trace::packet::{Fate, Handing, WireAct};
use lab::trace::{Ending, Event, Evidence, Head, Trace, What};

use super::support::{DEADLINE, not_run};

/// A run over a wire that is held before each step, and a hand that reaches into it.
struct Held {
    hand: Arc<Hand>,
    steps: Arc<Steps>,
    news: Receiver<News>,
    heard: Vec<Event>,
    thread: thread::JoinHandle<Result<Outcome, lab::runner::RunError>>,
}

impl Held {
    /// `sticky`, whose sender has Nagle: the second message leaves when the first is acknowledged. The run itself may
    /// take this long.
    fn start(deadline: Duration) -> Self {
        Self::of("sticky", deadline)
    }

    /// Another scenario that comes with the lab.
    fn of(id: &str, deadline: Duration) -> Self {
        let embedded = find(id).expect("a scenario");
        let scenario = read(embedded.file, embedded.text).expect("it reads").over_wire();
        let mut plan = Plan::new(&scenario, &scenario.defaults());
        plan.deadline = deadline;
        let (feed, news) = channel();
        let (hand, steps) = (Arc::new(Hand::new()), Arc::new(Steps::new()));
        let (its_hand, its_steps) = (Arc::clone(&hand), Arc::clone(&steps));
        let thread = thread::spawn(move || {
            let control = Control {
                feed: Some(feed),
                steps: Some(its_steps),
                hand: Some(its_hand),
                program: Some(Path::new(env!("CARGO_BIN_EXE_lab"))),
                ..Control::default()
            };
            run(&plan, &control)
        });
        Self {
            hand,
            steps,
            news,
            heard: Vec::new(),
            thread,
        }
    }

    /// Listens until the run waits for the permit of this step; whether it does, or could not begin.
    fn waits_at(&mut self, wanted: u32) -> bool {
        loop {
            match self.news.recv_timeout(DEADLINE) {
                Ok(News::Waiting { step }) if step == wanted => return true,
                Ok(News::Waiting { .. }) => {}
                Ok(News::Event(event)) => self.heard.push(event),
                Err(_) => return false,
            }
        }
    }

    /// Listens until something has happened so often.
    #[track_caller]
    fn until(&mut self, times: usize, is_it: impl Fn(&What) -> bool) {
        while self.heard.iter().filter(|event| is_it(&event.what)).count() < times {
            match self.news.recv_timeout(DEADLINE) {
                Ok(News::Event(event)) => self.heard.push(event),
                Ok(News::Waiting { .. }) => {}
                Err(error) => panic!("it did not happen ({error}) after {:#?}", self.heard),
            }
        }
    }

    fn ends(self) -> Outcome {
        let outcome = self.thread.join().expect("the run's thread");
        outcome.expect("the run began")
    }

    /// Why it did not begin.
    fn why_not(self) -> String {
        match self.thread.join().expect("the run's thread") {
            Ok(outcome) => panic!("it ran: {:?}", outcome.ending),
            Err(error) => error.to_string(),
        }
    }
}

fn is_held(what: &What) -> bool {
    matches!(what, What::Packet(packet) if packet.fate == Fate::Held)
}

fn goes(packet: u32, how: Handing) -> impl Fn(&What) -> bool {
    move |what| *what == What::Delivered { packet, how }
}

fn acts(outcome: &Outcome) -> Vec<WireAct> {
    let act = |event: &Event| match event.what {
        What::Wire { act, by_hand: true } => {
            assert_eq!(event.evidence, Evidence::Staged);
            Some(act)
        }
        _ => None,
    };
    outcome.events.iter().filter_map(act).collect()
}

#[test]
fn a_hand_holds_packets_from_before_the_first_step_and_no_deadline_runs() {
    // Shorter than what is waited for below.
    let deadline = Duration::from_millis(300);
    let mut run = Held::start(deadline);
    if !run.waits_at(0) {
        return not_run("a hand on a wire", &run.why_not());
    }
    for end in [0, 1] {
        assert_eq!(run.hand.act(end, Grip::Release), Err(NoGrip::NothingHeld));
        run.hand.act(end, Grip::Hold).expect("it goes on");
    }
    run.steps.allow_all();
    // m1 is held, and m2 behind it in the send queue: the receiver waits for both.
    run.until(1, is_held);
    run.until(1, |what| matches!(what, What::Wait { .. }));
    // Nobody can tell that nothing ends but by waiting.
    thread::sleep(2 * deadline);
    assert!(!run.thread.is_finished(), "a held run has ended");
    assert!(run.hand.holds());
    let act = |run: &Held, end, grip| run.hand.act(end, grip).expect("something is held");
    assert_eq!(
        run.hand.act(0, Grip::Swap),
        Err(NoGrip::NothingHeld),
        "one alone has no other"
    );
    act(&run, 0, Grip::AcknowledgeAlone);
    run.until(1, goes(4, Handing::Acknowledgement));
    act(&run, 0, Grip::Duplicate);
    run.until(1, goes(4, Handing::Again));
    // Its ACK is held as well, until it is let go; then m2 leaves and is held.
    run.until(2, is_held);
    act(&run, 1, Grip::Release);
    run.until(3, is_held);
    // What is left of m1 goes behind m2.
    act(&run, 0, Grip::Swap);
    act(&run, 0, Grip::Release);
    act(&run, 0, Grip::Drop);
    run.until(1, |what| matches!(what, What::Removed { .. }));
    for end in [0, 1] {
        act(&run, end, Grip::Open);
    }
    assert!(!run.hand.holds());
    let hand = Arc::clone(&run.hand);
    let outcome = run.ends();
    assert_eq!(outcome.ending, Ending::Finished, "{:#?}", outcome.events);
    assert_eq!(hand.act(0, Grip::Hold), Err(NoGrip::Over));
    let done = acts(&outcome);
    let wanted = [
        WireAct::Hold,
        WireAct::Hold,
        WireAct::AcknowledgeAlone,
        WireAct::Duplicate,
        WireAct::Release { packets: 1 },
        WireAct::Swap,
        WireAct::Release { packets: 1 },
        WireAct::Drop,
    ];
    assert_eq!(done[..wanted.len()], wanted, "{done:?}");
    let reads: u64 = outcome
        .events
        .iter()
        .map(|event| match event.what {
            What::Recv { returned, .. } => returned,
            _ => 0,
        })
        .sum();
    assert_eq!(reads, 8, "TCP has made up for what the hand did");
}

#[test]
fn without_a_hand_the_same_deadline_ends_the_run() {
    let mut run = Held::start(Duration::from_millis(300));
    if !run.waits_at(0) {
        return not_run("a deadline on a wire", &run.why_not());
    }
    // The hand lets go, so to speak, before anything is held: what is lost then is waited for in vain.
    run.hand.act(0, Grip::Hold).expect("it goes on");
    run.steps.allow_all();
    run.until(1, is_held);
    run.hand.act(0, Grip::Drop).expect("one is held");
    run.hand.act(0, Grip::Open).expect("it goes on");
    let outcome = run.ends();
    assert!(
        matches!(outcome.ending, Ending::Deadline { .. } | Ending::Hang { .. }),
        "{:?}",
        outcome.ending
    );
}

#[test]
fn a_hand_reaches_no_run_that_has_no_wire() {
    let hand = Arc::new(Hand::new());
    assert_eq!(hand.act(0, Grip::Hold), Err(NoGrip::Early));
    let embedded = find("sticky").expect("a scenario");
    let scenario = read(embedded.file, embedded.text).expect("it reads");
    let plan = Plan::new(&scenario, &scenario.defaults());
    let (steps, (feed, news)) = (Arc::new(Steps::new()), channel());
    let (its_hand, its_steps) = (Arc::clone(&hand), Arc::clone(&steps));
    let thread = thread::spawn(move || {
        let control = Control {
            feed: Some(feed),
            steps: Some(its_steps),
            hand: Some(its_hand),
            ..Control::default()
        };
        run(&plan, &control)
    });
    while !matches!(news.recv_timeout(DEADLINE).expect("news"), News::Waiting { .. }) {}
    assert_eq!(hand.act(0, Grip::Hold), Err(NoGrip::NoWire));
    assert!(!hand.holds());
    steps.allow_all();
    thread.join().expect("the run's thread").expect("the run began");
    assert_eq!(hand.act(0, Grip::Hold), Err(NoGrip::Over));
}

/// A run as it is told, stepped.
fn story(id: &str, outcome: &Outcome) -> Story {
    let embedded = find(id).expect("a scenario");
    let scenario = read(embedded.file, embedded.text).expect("it reads").over_wire();
    let settings = scenario.defaults();
    let plan = Plan::new(&scenario, &settings);
    let head = Head {
        lab: String::new(),
        system: String::new(),
        transport: "tcp".to_owned(),
        family: "ipv4".to_owned(),
        endpoints: plan.endpoints.iter().map(|endpoint| endpoint.name.clone()).collect(),
        file: embedded.file.to_owned(),
        link: lab::trace::Link::Wire,
        no_wire: None,
        scenario: scenario.source.clone(),
        knobs: settings
            .iter()
            .map(|(name, value)| (name.to_owned(), value.kept()))
            .collect(),
        stepped: true,
    };
    let trace = Trace {
        head,
        events: outcome.events.clone(),
        ending: outcome.ending.clone(),
    };
    Story::with(scenario, trace).expect("it can be told")
}

/// How often a step was left to the person.
fn left_to_hand(outcome: &Outcome) -> usize {
    let left = |event: &&Event| {
        matches!(
            event.what,
            What::Wire {
                act: WireAct::LeftToHand,
                by_hand: false
            }
        )
    };
    outcome.events.iter().filter(left).count()
}

#[test]
fn what_a_person_holds_the_script_neither_waits_for_nor_lets_go() {
    // The steps of `nagle` over a wire: hold, send, send, send, until_held, release, …
    for taken_at in [0, 2, 4] {
        let mut run = Held::of("nagle", DEADLINE);
        for step in 0..=taken_at {
            if !run.waits_at(step) {
                return not_run("a hand and a script", &run.why_not());
            }
            if step < taken_at {
                run.steps.allow_next();
            }
        }
        run.hand.act(1, Grip::Hold).expect("it goes on");
        if taken_at == 0 {
            // The first message has not been sent: its ACK comes with the next steps.
            run.steps.allow_next();
            run.steps.allow_next();
        }
        // The ACK of the first message is let go by the person, before the script comes to wait for it.
        run.until(1, is_held);
        run.hand.act(1, Grip::Release).expect("one is held");
        run.hand.act(1, Grip::Open).expect("it goes on");
        run.steps.allow_all();
        let outcome = run.ends();
        assert_eq!(outcome.ending, Ending::Finished, "{taken_at}: {:#?}", outcome.events);
        let left = if taken_at == 0 { 3 } else { 2 };
        assert_eq!(left_to_hand(&outcome), left, "{taken_at}");
        let story = story("nagle", &outcome);
        assert!(!story.verdict.failed(), "{taken_at}: {:#?}", story.verdict.findings);
    }
}

#[test]
fn a_person_who_takes_over_frees_a_step_that_waits_already() {
    let mut run = Held::of("nagle", DEADLINE);
    if !run.waits_at(0) {
        return not_run("a hand while a script waits", &run.why_not());
    }
    // The sender's first message stays on the wire, so nobody acknowledges it, and the script waits for that ACK.
    run.hand.act(0, Grip::Hold).expect("it goes on");
    run.steps.allow_all();
    run.until(1, |what| {
        matches!(
            what,
            What::Wait {
                until: lab::trace::Until::Held(_)
            }
        )
    });
    run.hand.act(1, Grip::Hold).expect("it goes on");
    run.until(1, |what| {
        matches!(
            what,
            What::Wire {
                act: WireAct::LeftToHand,
                ..
            }
        )
    });
    for end in [0, 1] {
        run.hand.act(end, Grip::Open).expect("it goes on");
    }
    let outcome = run.ends();
    assert_eq!(outcome.ending, Ending::Finished, "{:#?}", outcome.events);
    let waited = outcome.events.iter().any(|event| {
        matches!(
            event.what,
            What::Waited {
                until: lab::trace::Until::Held(_)
            }
        )
    });
    assert!(!waited, "nothing says that the wire held it");
}
