use std::io;
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use super::*;
use crate::runner::stage;
use crate::scenario::read::read;
use crate::trace::Call;

const SENDER: EndpointId = EndpointId(0);
const RECEIVER: EndpointId = EndpointId(1);

const TWO_READS: &str = r#"id = "mine"
order = 1
transport = "tcp"
title = { en = "Mine", zh = "我的" }
sees = { en = "-", zh = "-" }
why = { en = "-", zh = "-" }
steps = [
  { receiver.recv = 5 },
  { receiver.recv = 5 },
  { sender.send = "hello" },
  { sender.send = "again" },
]

[endpoints.sender]

[endpoints.receiver]
listens = true

[[expect]]
reads = ["hello", "again"]
"#;

/// Where the run is said to be held next; that nothing is said is a failure.
#[track_caller]
fn held_at(news: &Receiver<News>) -> u32 {
    match news.recv_timeout(Duration::from_secs(10)) {
        Ok(News::Waiting { step }) => step,
        other => panic!("the run is not said to be held: {other:?}"),
    }
}

/// Ends the waiting when it is dropped.
struct End<'a>(&'a Turns);

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.0.stop();
    }
}

#[test]
fn a_held_step_whose_permit_another_took_is_told_again() {
    let scenario = read("mine.toml", TWO_READS).expect("the scenario reads");
    let plan = Plan::new(&scenario, &scenario.defaults());
    let (stop, _stopper) = io::pipe().expect("a pipe");
    let (feed, news) = channel();
    let steps = Arc::new(Steps::new());
    let control = Control {
        feed: Some(feed),
        steps: Some(Arc::clone(&steps)),
        ..Control::default()
    };
    let pair = stage::join(&plan, None).expect("two sockets");
    let turns = Turns::new(&plan, pair, stop.into(), &control);
    let blocked = Waiting::Call(Call::Recv);
    // The receiver is blocked in its first step, and the sender is held.
    steps.allow_next();
    turns.begin_step(RECEIVER, 0).expect("it is permitted");
    turns.park(RECEIVER, blocked, None);
    thread::scope(|scope| {
        // Whatever fails, the sender does not wait for ever.
        let _end = End(&turns);
        let sender = scope.spawn(|| turns.begin_step(SENDER, 2));
        assert_eq!(held_at(&news), 2);
        // Before the permit is used the receiver goes on, and comes to a step that is before the held one.
        turns.resume(RECEIVER).expect("nobody has the turn");
        steps.allow_next();
        turns.leave(RECEIVER);
        turns.begin_step(RECEIVER, 1).expect("it is permitted");
        turns.park(RECEIVER, blocked, None);
        assert_eq!(held_at(&news), 2);
        steps.allow_next();
        let begun = sender.join().expect("the sender does not panic");
        assert!(begun.is_ok(), "the run was stopped");
    });
}
