use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use lab::runner::{self, Control, News, Steps, run};
use lab::scenario::plan::{PlannedStep, Task};
use lab::scenario::read::read;
use lab::scenario::{Named, Plan, Program};
use lab::story::Story;
use lab::story::verdict::Outcome;
use lab::trace::{Call, Ending, EndpointId, Event, Head, Link, Trace, Waiting, What};

use super::scenarios::HANGS;
use super::support::{Case, DEADLINE, cases, measures_everything, not_run, scenario};

/// A run that goes on in another thread, and all that was heard of it.
struct Live {
    news: Receiver<News>,
    heard: Vec<News>,
    steps: Arc<Steps>,
    interrupt: OwnedFd,
    thread: JoinHandle<runner::Outcome>,
    /// How long news may be waited for.
    patience: Duration,
}

/// Starts a run that is held before each step.
fn stepped(plan: &Plan) -> Live {
    let (feed, news) = channel();
    let steps = Arc::new(Steps::new());
    let (interrupted, interrupt) = io::pipe().expect("a pipe");
    let (plan, permits) = (plan.clone(), Arc::clone(&steps));
    let thread = thread::spawn(move || {
        let control = Control {
            interrupt: Some(interrupted.as_fd()),
            feed: Some(feed),
            steps: Some(permits),
            ..crate::support::control()
        };
        run(&plan, &control).expect("the run begins")
    });
    Live {
        news,
        heard: Vec::new(),
        steps,
        interrupt: interrupt.into(),
        thread,
        patience: DEADLINE,
    }
}

impl Live {
    /// Listens until this has been heard; that it never comes is a failure.
    #[track_caller]
    fn until(&mut self, what: &str, is_heard: impl Fn(&Self) -> bool) {
        while !is_heard(self) {
            match self.news.recv_timeout(self.patience) {
                Ok(news) => self.heard.push(news),
                Err(error) => panic!("{what} did not come ({error}) after {:#?}", self.heard),
            }
        }
    }

    /// Listens until the run is held again, and that has to be at this step.
    #[track_caller]
    fn until_held_at(&mut self, step: u32) {
        let before = self.held_at().len();
        self.until("the held step", |live| live.held_at().len() > before);
        assert_eq!(self.held_at().last(), Some(&step));
    }

    fn interrupt(&self) {
        rustix::io::write(&self.interrupt, &[0]).expect("the pipe takes a byte");
    }

    fn events(&self) -> impl Iterator<Item = &Event> {
        self.heard.iter().filter_map(|news| match news {
            News::Event(event) => Some(event),
            News::Waiting { .. } => None,
        })
    }

    /// The steps at which the run was held.
    fn held_at(&self) -> Vec<u32> {
        let step = |news: &News| match news {
            News::Waiting { step } => Some(*step),
            News::Event(_) => None,
        };
        self.heard.iter().filter_map(step).collect()
    }

    /// Hears the rest, and the outcome; gives a permit whenever the run is held.
    #[track_caller]
    fn step_to_the_end(mut self) -> (runner::Outcome, Vec<u32>) {
        loop {
            match self.news.recv_timeout(self.patience) {
                Ok(news) => {
                    if matches!(news, News::Waiting { .. }) {
                        self.steps.allow_next();
                    }
                    self.heard.push(news);
                }
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => panic!("no end came after {:#?}", self.heard),
            }
        }
        let held_at = self.held_at();
        let fed = self.events().cloned().collect();
        let outcome = self.thread.join().expect("the run does not panic");
        assert!(is_all(fed, &outcome.events), "the feed is not what the outcome tells");
        (outcome, held_at)
    }
}

/// Whether what was heard, brought into the order of time, is what happened.
fn is_all(mut heard: Vec<Event>, happened: &[Event]) -> bool {
    heard.sort_by_key(|event| event.at);
    heard == happened
}

fn plan(case: &Case) -> Plan {
    Plan::new(&case.scenario, &case.settings)
}

fn plan_of(text: &str) -> Plan {
    let scenario = read("mine.toml", text).expect("the scenario reads");
    Plan::new(&scenario, &scenario.defaults())
}

fn nagle() -> Plan {
    let cases = cases();
    let nagle = cases.iter().find(|case| case.scenario.id == "nagle");
    plan(nagle.expect("there is such a scenario"))
}

/// A receiver that comes too early, twice.
fn early_reader() -> Plan {
    let steps = r#"steps = [
  { receiver.recv = 5 },
  { receiver.recv = 5 },
  { sender.send = "hello" },
  { sender.send = "again" },
]

[[expect]]
reads = ["hello", "again"]
"#;
    plan_of(&scenario("tcp", steps))
}

/// The steps in the order in which they began.
fn begun(events: &[Event]) -> Vec<u32> {
    let step = |event: &Event| match event.what {
        What::Step { step } => Some(step),
        _ => None,
    };
    events.iter().filter_map(step).collect()
}

/// Whether each step that began had a permit, and each permit let one begin: the step that was told to wait for it. A call
/// that the kernel wakes just then may come first and take it; then that step is told to wait anew.
fn permits(told: &[u32], begun: &[u32]) -> bool {
    let anew = |at: usize| told[at + 1..].contains(&told[at]);
    let had = |(at, step): (usize, &u32)| told[at] == *step || anew(at);
    told.len() == begun.len() && begun.iter().enumerate().all(had)
}

#[test]
fn a_step_that_began_without_a_permit_would_be_noticed() {
    assert!(permits(&[0, 1, 2], &[0, 1, 2]));
    assert!(permits(&[0, 2, 2], &[0, 1, 2]), "another one took it");
    assert!(!permits(&[0, 2, 1], &[0, 1, 2]), "never told anew");
    assert!(!permits(&[0, 1], &[0, 1, 2]));
}

pub fn trace_of(case: &Case, outcome: runner::Outcome) -> Trace {
    let plan = plan(case);
    Trace {
        head: Head {
            link: plan.wire.map_or(Link::Loopback, |_| Link::Wire),
            no_wire: None,
            lab: String::new(),
            system: String::new(),
            transport: plan.transport.name().to_owned(),
            family: plan.family.name().to_owned(),
            endpoints: plan.endpoints.into_iter().map(|endpoint| endpoint.name).collect(),
            file: "mine.toml".to_owned(),
            scenario: case.scenario.source.clone(),
            knobs: case
                .settings
                .iter()
                .map(|(name, value)| (name.to_owned(), value.to_string()))
                .collect(),
            stepped: false,
        },
        events: outcome.events,
        ending: outcome.ending,
    }
}

#[test]
fn what_is_fed_is_what_happened() {
    for case in cases() {
        let (feed, news) = channel();
        let control = Control {
            feed: Some(feed),
            ..crate::support::control()
        };
        let plan = plan(&case);
        let outcome = run(&plan, &control).expect("the run begins");
        drop(control);
        let heard: Vec<Event> = news
            .iter()
            .map(|news| match news {
                News::Event(event) => event,
                News::Waiting { step } => panic!("nobody holds step {step}"),
            })
            .collect();
        assert!(is_all(heard, &outcome.events), "{}", case.args());
        ends_as_it_should(&case, &outcome);
    }
}

/// At its end, or at the standstill that is its lesson.
#[track_caller]
fn ends_as_it_should(case: &Case, outcome: &runner::Outcome) {
    let hangs = matches!(outcome.ending, Ending::Hang { .. });
    let finished = outcome.ending == Ending::Finished;
    let right = if case.hangs() { hangs } else { finished };
    assert!(right, "{}: {:?}", case.args(), outcome.ending);
}

#[test]
fn an_event_that_was_not_fed_would_be_noticed() {
    let outcome = run(&nagle(), &crate::support::control()).expect("the run begins");
    let whole = outcome.events.clone();
    assert!(is_all(whole.clone(), &outcome.events));
    for missing in 0..whole.len() {
        let mut heard = whole.clone();
        heard.remove(missing);
        assert!(!is_all(heard, &outcome.events));
    }
}

#[test]
fn nobody_need_listen() {
    let (feed, news) = channel();
    drop(news);
    let steps = Arc::new(Steps::new());
    steps.allow_all();
    let control = Control {
        feed: Some(feed),
        steps: Some(steps),
        ..crate::support::control()
    };
    let outcome = run(&nagle(), &control).expect("the run begins");
    assert_eq!(outcome.ending, Ending::Finished);
}

#[test]
fn every_call_belongs_to_the_step_that_began_last() {
    for case in cases() {
        let plan = plan(&case);
        let outcome = run(&plan, &crate::support::control()).expect("the run begins");
        let mut steps = vec![None; plan.endpoints.len()];
        for event in &outcome.events {
            let own = usize::from(event.endpoint.0);
            // A program that reads two ends belongs to a step of the one, and calls through the other as well.
            let with = |step: &&PlannedStep| matches!(step.task, Task::Run(Program::ReadBoth { with }) if with == own);
            let shared = plan.steps.iter().find(with).map(|step| &step.task);
            let task = steps[own].map(|step: usize| &plan.steps[step].task).or(shared);
            match event.what {
                What::Step { step } => {
                    let step = usize::try_from(step).expect("a small number");
                    assert_eq!(plan.steps[step].endpoint, own, "{}", case.args());
                    steps[own] = Some(step);
                    // This one reads the other endpoint too.
                    if let Task::Run(Program::ReadBoth { with }) = &plan.steps[step].task {
                        steps[*with] = Some(step);
                    }
                }
                What::SendCall { .. } => assert!(task.is_some_and(Task::sends), "{}", case.args()),
                // A sender may wait for the word that the reader is ready.
                What::RecvCall { .. } => match task {
                    Some(Task::SendFrames(step)) => assert!(step.handshake),
                    _ => assert!(matches!(
                        task,
                        Some(
                            Task::Recv(_)
                                | Task::ReadPacked(_)
                                | Task::Drain(_)
                                | Task::ReadText { .. }
                                | Task::ReadFrames(_)
                                | Task::Run(_)
                        )
                    )),
                },
                What::Frame { .. } => assert!(matches!(task, Some(Task::ReadFrames(_)))),
                What::Note { .. } => assert!(matches!(task, Some(Task::Run(_)))),
                What::Wait { .. } => assert!(matches!(
                    task,
                    Some(Task::UntilAcked | Task::UntilAllQueued | Task::UntilQueued(_) | Task::UntilHeld(_))
                )),
                _ => {}
            }
        }
    }
}

#[test]
fn the_delayed_ack_comes_while_the_next_step_is_held() {
    if !measures_everything() {
        return not_run("an ACK that is stamped", "this system does not stamp it");
    }
    let mut live = stepped(&nagle());
    live.until_held_at(0);
    live.steps.allow_next();
    live.until_held_at(1);
    let acked = |what: &What| *what == What::Acknowledged { start: 0, end: 5 };
    live.until("the ACK", |live| live.events().any(|event| acked(&event.what)));
    live.until("the empty send queue", |live| {
        let of_sender = live.events().filter(|event| event.endpoint == EndpointId(0));
        let sent = of_sender.skip_while(|event| !matches!(event.what, What::Send { .. }));
        let is_empty = |what: &What| {
            matches!(
                what,
                What::Queues {
                    unsent: Some(0),
                    unacknowledged: Some(0),
                    ..
                }
            )
        };
        sent.map(|event| &event.what).any(is_empty)
    });
    // All this while the second permit was not given.
    assert_eq!(live.held_at(), [0, 1]);
    live.steps.allow_next();
    let (outcome, held_at) = live.step_to_the_end();
    assert_eq!(outcome.ending, Ending::Finished);
    assert_eq!(held_at, [0, 1, 2, 3, 4]);
    assert_eq!(begun(&outcome.events), held_at);
    let position = |is_it: fn(&What) -> bool| outcome.events.iter().position(|event| is_it(&event.what));
    assert!(position(acked) < position(|what| *what == What::Step { step: 1 }));
}

#[test]
fn each_permit_lets_one_step_begin() {
    for case in cases() {
        let plan = plan(&case);
        let (outcome, told) = stepped(&plan).step_to_the_end();
        ends_as_it_should(&case, &outcome);
        let mut held_at = begun(&outcome.events);
        assert!(permits(&told, &held_at), "{}: {told:?} {held_at:?}", case.args());
        if outcome.ending != Ending::Finished {
            // The steps behind a hang never begin.
            continue;
        }
        // In the order of the plan; but a step that waits in the kernel is passed by the other endpoint's, and its own
        // endpoint's next one has to wait for it.
        for endpoint in 0..plan.endpoints.len() {
            let is_own = |step: &&u32| plan.steps[**step as usize].endpoint == endpoint;
            assert!(held_at.iter().filter(is_own).is_sorted(), "{}", case.args());
        }
        held_at.sort_unstable();
        // Who cannot pack its values gives up, and that ends the run; whoever waits for ever comes to no further step.
        let gives_up = |step: &PlannedStep| matches!(&step.task, Task::SendPacked(packed) if !packed.can_be_packed());
        let last = plan.steps.iter().position(gives_up);
        let all: Vec<u32> = (0..).take(last.map_or(plan.steps.len(), |last| last + 1)).collect();
        let is_as_far = if case.hangs() {
            all.starts_with(&held_at)
        } else {
            held_at == all
        };
        assert!(is_as_far, "{}: {held_at:?}", case.args());
    }
}

/// Reads that block behind what Nagle's algorithm holds, and go on by themselves when the delayed ACK comes.
const WOKEN_BY_THE_ACK: &str = r#"steps = [
  { receiver.recv = 5 },
  { sender.send = "hello" },
  { receiver.recv = 3 },
  { sender.send = "egg" },
  { receiver.recv = 1 },
  { sender.send = "x" },
  { sender.send = "y" },
]

[[expect]]
reads = ["hello", "egg", "x"]
"#;

#[test]
fn a_permit_that_an_earlier_step_took_is_asked_for_again() {
    let text = scenario("tcp", WOKEN_BY_THE_ACK)
        .replace("[endpoints.sender]", "[endpoints.sender]\nnodelay = false")
        .replace("[endpoints.receiver]", "[endpoints.receiver]\nquickack = false");
    let plan = plan_of(&text);
    // Whichever of the two comes first, the ACK or the permit: with a permit each time that is told, the run ends.
    for _ in 0..3 {
        let (outcome, held_at) = stepped(&plan).step_to_the_end();
        assert_eq!(outcome.ending, Ending::Finished, "{held_at:?}");
        assert_eq!(begun(&outcome.events).len(), plan.steps.len());
    }
}

/// Three short messages under Nagle's algorithm: run without pauses, the last two leave together.
const THREE: &str = r#"steps = [
  { sender.send = "hello" },
  { sender.send = "egg" },
  { sender.send = "world" },
  { receiver.until_queued = "all" },
  { receiver.recv = 100 },
]

[[expect]]
together = { from = 2 }

[[expect]]
left = ["m1", "m2+m3"]

[[expect]]
held = "none"

[[expect]]
reads = ["helloeggworld"]

[[predict]]
ask = { en = "When do m2 and m3 leave?", zh = "m2 和 m3 何时发出？" }

[[predict.options]]
text = { en = "At once", zh = "立刻" }
claim = { held = "none" }

[[predict.options]]
text = { en = "Together", zh = "一起" }
claim = { together = { from = 2 } }
"#;

/// How the claims of [`THREE`] and its question are decided after pauses in which each message was acknowledged.
fn decided_after_pauses(is_said_to_be_stepped: bool) -> (Vec<Outcome>, Vec<Vec<usize>>) {
    let text = scenario("tcp", THREE)
        .replace("[endpoints.sender]", "[endpoints.sender]\nnodelay = false")
        .replace("[endpoints.receiver]", "[endpoints.receiver]\nquickack = false");
    let scenario = read("mine.toml", &text).expect("the scenario reads");
    let settings = scenario.defaults();
    let case = Case { scenario, settings };
    let mut live = stepped(&plan(&case));
    live.until_held_at(0);
    for (step, end) in [(1, 5), (2, 8)] {
        live.steps.allow_next();
        live.until_held_at(step);
        let acked = |what: &What| matches!(what, What::Acknowledged { end: up_to, .. } if *up_to == end);
        live.until("the ACK", |live| live.events().any(|event| acked(&event.what)));
    }
    live.steps.allow_next();
    let (outcome, _) = live.step_to_the_end();
    let mut trace = trace_of(&case, outcome);
    trace.head.stepped = is_said_to_be_stepped;
    let verdict = Story::tell(trace).expect("the run can be told").verdict;
    let outcomes = verdict.findings.iter().map(|finding| finding.outcome).collect();
    (outcomes, verdict.answers)
}

#[test]
fn what_a_persons_pauses_made_is_neither_refuted_nor_an_answer() {
    if !measures_everything() {
        return not_run("departures", "this system does not stamp them");
    }
    let (unknown, seen) = (Outcome::NotMeasured, Outcome::Held);
    let (outcomes, answers) = decided_after_pauses(true);
    assert_eq!(outcomes, [unknown, unknown, unknown, seen, unknown]);
    assert_eq!(answers, [[0; 0]]);
}

#[test]
fn pauses_that_nobody_knew_of_are_the_labs_own() {
    if !measures_everything() {
        return not_run("departures", "this system does not stamp them");
    }
    let (outcomes, answers) = decided_after_pauses(false);
    // To the trace they look like a machine that did not let the lab run: nothing is refuted, nothing answered. That
    // nothing was held is as it was, whoever paused.
    let (unknown, seen) = (Outcome::NotMeasured, Outcome::Held);
    assert_eq!(outcomes, [unknown, unknown, seen, seen, unknown]);
    assert_eq!(answers, [[0; 0]]);
}

#[test]
fn permits_for_all_steps_are_as_good_as_none() {
    if !measures_everything() {
        return not_run("the verdicts", "this system does not measure everything");
    }
    for case in cases() {
        let live = stepped(&plan(&case));
        live.steps.allow_all();
        let (outcome, _) = live.step_to_the_end();
        let trace = trace_of(&case, outcome);
        let story = Story::tell(trace.clone()).expect("the run can be told");
        assert!(story.verdict.held(), "{}", case.args());
    }
}

#[test]
fn a_call_that_blocks_lets_the_next_permitted_step_go_on() {
    let mut live = stepped(&early_reader());
    live.until_held_at(0);
    live.steps.allow_next();
    // The second read cannot begin; what can is the first send.
    live.until_held_at(2);
    let blocked = What::Blocked { call: Call::Recv };
    assert!(live.events().any(|event| event.what == blocked));
    assert!(!live.events().any(|event| matches!(event.what, What::Recv { .. })));
    live.steps.allow_next();
    let (outcome, held_at) = live.step_to_the_end();
    assert_eq!(outcome.ending, Ending::Finished);
    assert_eq!(held_at, [0, 2, 1, 3]);
    assert_eq!(begun(&outcome.events), held_at);
}

#[test]
fn an_interrupt_ends_a_run_that_is_held() {
    for permits in 0..2 {
        let mut live = stepped(&early_reader());
        live.until_held_at(0);
        if permits == 1 {
            live.steps.allow_next();
            live.until_held_at(2);
        }
        live.interrupt();
        // No permit is asked for any more.
        let (outcome, held_at) = live.step_to_the_end();
        assert_eq!(outcome.ending, Ending::Interrupted);
        assert_eq!(held_at, [0, 2][..=permits]);
    }
}

#[test]
fn no_deadline_of_a_program_runs_while_a_step_is_held() {
    let steps = r#"steps = [
  { receiver.read_frames = 1 },
  { sender.send_frames = ["hello"] },
]

[framing]
deadline_ms = 100
[[expect]]
frames = ["hello"]
"#;
    let mut live = stepped(&plan_of(&scenario("tcp", steps)));
    live.until_held_at(0);
    live.steps.allow_next();
    // The sender's step waits for a person, four times as long as the reader has.
    live.until_held_at(1);
    while let Ok(news) = live.news.recv_timeout(Duration::from_millis(400)) {
        live.heard.push(news);
    }
    live.steps.allow_next();
    let (outcome, _) = live.step_to_the_end();
    assert_eq!(outcome.ending, Ending::Finished);
    let is_fault = |event: &Event| matches!(event.what, What::FrameFault { .. });
    assert!(!outcome.events.iter().any(is_fault));
    assert!(
        outcome
            .events
            .iter()
            .any(|event| matches!(event.what, What::Frame { .. }))
    );
}

#[test]
fn no_deadline_runs_while_a_step_is_held() {
    let mut plan = nagle();
    plan.deadline = Duration::from_millis(300);
    let mut live = stepped(&plan);
    live.until_held_at(0);
    live.steps.allow_next();
    live.until_held_at(1);
    // What the kernel does by itself is heard; then nothing is, for longer than the deadline, the end neither.
    while let Ok(news) = live.news.recv_timeout(2 * plan.deadline) {
        assert!(matches!(news, News::Event(_)));
        live.heard.push(news);
    }
    live.interrupt();
    let (outcome, _) = live.step_to_the_end();
    assert_eq!(outcome.ending, Ending::Interrupted);
}

#[test]
fn a_hang_is_named_in_a_stepped_run_too() {
    let plan = plan_of(&scenario("tcp", HANGS));
    let (outcome, held_at) = stepped(&plan).step_to_the_end();
    let hang = Ending::Hang {
        endpoint: "receiver".to_owned(),
        waiting: Waiting::Call(Call::Recv),
    };
    assert_eq!(outcome.ending, hang);
    assert_eq!(held_at, [0, 1, 2]);
}

#[test]
fn a_hang_is_named_while_steps_behind_it_are_not_permitted() {
    // Two are sent, but the first was read, so two never wait at once; the last step cannot come.
    let steps = r#"deadline_ms = 60000
steps = [
  { sender.send = "hello" },
  { receiver.recv = 5 },
  { sender.send = "egg" },
  { receiver.until_queued = 2 },
  { sender.send = "never" },
]

[[expect]]
read = { number = 1, text = "hello" }
"#;
    let (outcome, held_at) = stepped(&plan_of(&scenario("udp", steps))).step_to_the_end();
    assert!(matches!(outcome.ending, Ending::Hang { .. }), "{:?}", outcome.ending);
    assert_eq!(held_at, [0, 1, 2, 3]);
}

#[test]
#[should_panic(expected = "the second permit did not come")]
fn news_that_does_not_come_would_be_noticed() {
    let mut live = stepped(&nagle());
    live.until_held_at(0);
    live.patience = Duration::from_millis(50);
    live.until("the second permit", |live| live.held_at().contains(&1));
}
