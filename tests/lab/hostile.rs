//! Peers that mean no good, over real sockets: whatever they send, and wherever they stop, a reader of frames gives up
//! with a name for it, in its time, without memory for what was only announced, and the next honest peer is served.

use std::process::Command;
use std::time::Duration;

use lab::framing::{Asks, Decoded, Decoder, FaultName};
use lab::runner::{Outcome, run};
use lab::scenario::plan::{PlannedStep, ReadFrames, Task};
use lab::scenario::read::read;
use lab::scenario::{Named as _, Plan, Reader};
use lab::trace::{Ending, FrameFault, What};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::support::{measures_everything, not_run, run as run_to_its_end};

/// In which a reader wants a whole frame, in milliseconds.
const PATIENCE: u64 = 200;

/// How much later it may say so on a machine that has other things to do.
const SLACK: Duration = Duration::from_secs(20);

/// Longest body and longest line that a reader accepts. Longer than any buffer it asks for by itself.
const LIMIT: u64 = 2000;

/// Every codec, as scenario files set it.
const CODECS: [&str; 9] = [
    "kind = \"length\"",
    "kind = \"length\"\norder = \"little\"\nsigned = true",
    "kind = \"length\"\norder = \"native\"",
    "kind = \"digit\"",
    "kind = \"decimal\"",
    "kind = \"decimal\"\nhandshake = true",
    "kind = \"json\"\nsigned = true\nheader_limit = 64",
    "kind = \"delimiter\"",
    "kind = \"delimiter\"\nescape = true",
];

/// A plan with these steps and this codec.
fn planned(codec: &str, steps: &str) -> Plan {
    let limit = if codec.contains("digit") {
        String::new()
    } else {
        format!("limit = {LIMIT}\n")
    };
    let text = format!(
        "id = \"mine\"\norder = 900\ntransport = \"tcp\"\ntitle = {{ en = \"Mine\", zh = \"我的\" }}\n\
         sees = {{ en = \"-\", zh = \"-\" }}\nwhy = {{ en = \"-\", zh = \"-\" }}\nsteps = [{steps}]\n\
         [endpoints.sender]\nnodelay = true\n[endpoints.receiver]\nlistens = true\n\
         [framing]\n{codec}\n{limit}deadline_ms = {PATIENCE}\n[[expect]]\nframes = []\n"
    );
    let scenario = read("mine.toml", &text).unwrap_or_else(|problems| panic!("{problems}"));
    Plan::new(&scenario, &scenario.defaults())
}

/// A plan in which an honest peer sends two frames, and the reader reads them.
fn honest(codec: &str) -> Plan {
    planned(
        codec,
        "{ sender.send_frames = [\"hello\", \"egg\"] }, { receiver.read_frames = 2 }",
    )
}

/// The same with a peer that sends these bytes and no more, and stays connected.
fn sends_only(codec: &str, bytes: &[u8]) -> Plan {
    let mut plan = honest(codec);
    if bytes.is_empty() {
        plan.steps.remove(0);
    } else {
        plan.steps[0].task = Task::Send(bytes.to_vec());
    }
    plan
}

fn reading(plan: &Plan) -> &ReadFrames {
    let reads = |step: &'_ PlannedStep| matches!(step.task, Task::ReadFrames(_));
    match plan.steps.iter().find(|step| reads(step)).map(|step| &step.task) {
        Some(Task::ReadFrames(step)) => step,
        _ => panic!("somebody reads frames"),
    }
}

/// What an honest peer sends, in one piece.
fn conversation(plan: &Plan) -> Vec<u8> {
    match &plan.steps[0].task {
        Task::SendFrames(step) => step.frames.iter().flat_map(|frame| frame.wire.bytes.clone()).collect(),
        other => panic!("frames are sent first: {other:?}"),
    }
}

/// The bodies that a reader delivered, and the name of what it gave up for.
type Seen = (Vec<Vec<u8>>, Option<String>);

/// Runs a plan, and checks what holds of every reader: it ended by itself and in time, and never asked for more than may
/// be.
#[track_caller]
fn seen(plan: &Plan) -> Seen {
    let outcome = run(plan, &crate::support::control()).expect("a run begins");
    check(plan, &outcome);
    let frames = outcome.events.iter().filter_map(|event| match &event.what {
        What::Frame { bytes } => Some(bytes.hex.clone()),
        _ => None,
    });
    let mut faults = outcome.events.iter().filter_map(|event| match event.what {
        What::FrameFault { fault } => Some(name(fault)),
        _ => None,
    });
    (frames.collect(), faults.next())
}

#[track_caller]
fn check(plan: &Plan, outcome: &Outcome) {
    assert_eq!(outcome.ending, Ending::Finished, "no hang, and nothing broke");
    let step = reading(plan);
    let most = step.codec.limit.max(1024);
    // Its clock begins to run after the one event and before the other.
    let (mut since, mut began) = (0, None);
    for event in outcome.events.iter().filter(|event| event.endpoint.0 == 1) {
        match event.what {
            What::RecvCall { asked } => {
                assert!(asked <= most, "a recv of {asked} bytes");
                began = began.or(Some(event.at));
            }
            What::Step { .. } => since = event.at,
            What::Frame { .. } => (since, began) = (event.at, None),
            What::FrameFault { fault } => {
                let took = Duration::from_nanos(event.at - began.unwrap_or(event.at));
                let patience = Duration::from_millis(PATIENCE);
                assert!(took < patience + SLACK, "{took:?} for a frame");
                let is_late = matches!(fault, FrameFault::TimedOut { .. });
                let took = Duration::from_nanos(event.at - since);
                assert!(!is_late || took >= patience, "it gave up after {took:?}");
            }
            _ => {}
        }
    }
}

/// A fault's name: what a trace calls it.
fn name(fault: FrameFault) -> String {
    let value = serde_json::to_value(fault).expect("plain data");
    value["reason"].as_str().expect("a name").to_owned()
}

/// What the codec alone makes of these bytes, as far as `count` frames: no sockets, no clock. A reader that waits for
/// more is late.
fn decoded(step: &ReadFrames, bytes: &[u8]) -> Seen {
    let mut decoder = Decoder::new(step.codec);
    let (mut frames, mut rest) = (Vec::new(), bytes);
    while frames.len() < step.count {
        match decoder.push(rest) {
            Err(fault) => return (frames, Some(fault.name().to_string())),
            Ok((taken, found)) => {
                rest = &rest[taken..];
                match found {
                    Some(Decoded::Frame(body)) => frames.push(body),
                    None if rest.is_empty() && decoder.asks() != Asks::AtMost(0) => {
                        return (frames, Some(FaultName::TimedOut.to_string()));
                    }
                    _ => {}
                }
            }
        }
    }
    (frames, None)
}

/// Runs many plans, some at a time: most of the time they wait.
pub fn each<T: Sync>(all: &[T], test: impl Fn(&T) + Sync) {
    let parts = all.len().div_ceil(8).max(1);
    std::thread::scope(|scope| {
        for part in all.chunks(parts) {
            let test = &test;
            scope.spawn(move || part.iter().for_each(test));
        }
    });
}

#[test]
fn a_peer_that_stops_at_any_byte_is_given_up_in_time() {
    let mut cases = Vec::new();
    for codec in CODECS {
        let bytes = conversation(&honest(codec));
        cases.extend((0..bytes.len()).map(|end| (codec, bytes[..end].to_vec())));
    }
    each(&cases, |(codec, bytes)| {
        let plan = sends_only(codec, bytes);
        let expected = decoded(reading(&plan), bytes);
        assert_eq!(seen(&plan), expected, "{codec}: {}", bytes.escape_ascii());
        assert!(expected.1.is_some(), "something is missing");
    });
}

#[test]
fn what_no_codec_may_believe_is_refused_by_each() {
    let attacks: [&[u8]; 8] = [
        b"\xff\xff\xff\xff",
        b"\x7f\xff\xff\xff",
        b"GET / HTTP/1.1\r\n\r\n",
        b"-1\n",
        b"99999999999999999999999\n",
        b"\0\0\0\x19{\"size\": 1000000000000}   ",
        b"\0\0\0\x0d{\"size\": -1} ",
        &[b'['; 4000],
    ];
    let cases: Vec<_> = CODECS
        .iter()
        .flat_map(|codec| attacks.map(|attack| (*codec, attack)))
        .collect();
    each(&cases, |(codec, attack)| {
        let plan = sends_only(codec, attack);
        let seen = seen(&plan);
        assert_eq!(seen, decoded(reading(&plan), attack), "{codec}");
        // Where any bytes are lines, and any digit is a length, some of this is read.
        let is_lenient = codec.contains("delimiter") || codec.contains("digit");
        assert!(seen.1.is_some() || is_lenient, "{codec}: {}", attack.escape_ascii());
    });
}

#[test]
fn a_peer_that_dribbles_is_given_up_in_time() {
    each(&CODECS, |codec| {
        // Half of a frame's time for each byte: the fourth one is too late on every machine.
        let dribble = "{ sender.send_frames = [{ text = \"hello\", every_ms = 100 }] }";
        let plan = planned(codec, &format!("{{ receiver.read_frames = 1 }}, {dribble}"));
        let (frames, fault) = seen(&plan);
        assert_eq!((frames.len(), fault.as_deref()), (0, Some("timed-out")), "{codec}");
    });
}

#[test]
fn noise_has_a_name_or_is_a_frame() {
    // Bytes of which frames of every kind can come.
    let likely = prop::sample::select(b"\0\0\0\0\0\x01\x02\x04\n\n0123\\n{}\"size: ".to_vec());
    let noise = prop_oneof![
        prop::collection::vec(likely, 1..120),
        prop::collection::vec(any::<u8>(), 1..120),
    ];
    let config = Config {
        cases: 60,
        failure_persistence: None,
        ..Config::default()
    };
    // The same noise each time: what is found can be found again.
    let mut runner = TestRunner::new_with_rng(
        config,
        proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
    );
    let codec = prop::sample::select(CODECS.to_vec());
    let found = runner.run(&(codec, noise), |(codec, bytes)| {
        let plan = sends_only(codec, &bytes);
        prop_assert_eq!(seen(&plan), decoded(reading(&plan), &bytes), "{}", codec);
        Ok(())
    });
    found.expect("real sockets and the codec alone agree");
}

#[test]
fn readers_that_believe_one_recv_give_up_with_a_name_too() {
    let mut cases = Vec::new();
    for codec in &CODECS[..7] {
        for reader in Reader::NAMES
            .iter()
            .map(|(name, _)| *name)
            .filter(|name| *name != "exact")
        {
            if reader == "running-total" && !codec.contains("decimal") {
                continue;
            }
            let codec = format!("{codec}\nreader = \"{reader}\"");
            let bytes = conversation(&honest(&codec));
            for end in 0..bytes.len() {
                cases.push((codec.clone(), bytes[..end].to_vec()));
            }
        }
    }
    each(&cases, |(codec, bytes)| {
        let (frames, fault) = seen(&sends_only(codec, bytes));
        assert!(
            frames.len() <= 2 && (fault.is_some() || frames.len() == 2),
            "{codec}: {frames:?}"
        );
    });
}

#[test]
fn after_every_attack_an_honest_peer_is_served() {
    for codec in CODECS {
        let served = (vec![b"hello".to_vec(), b"egg".to_vec()], None);
        assert!(seen(&sends_only(codec, &[0xff; 20])).1.is_some());
        assert_eq!(seen(&honest(codec)), served, "{codec}");
    }
}

/// The program with so little memory that it could not even begin with what is announced.
fn with_memory(kibibytes: u32, arguments: &[&str]) -> i32 {
    let mut command = Command::new("sh");
    command.args([
        "-c",
        &format!("ulimit -v {kibibytes}; \"$@\"; exit $?"),
        "sh",
        env!("CARGO_BIN_EXE_lab"),
    ]);
    command.args(arguments).env_clear().env("LANG", "C.UTF-8");
    run_to_its_end(command).code
}

#[test]
fn no_memory_is_taken_for_what_is_only_announced() {
    if !measures_everything() {
        return not_run("the limit on memory", "ulimit -v does nothing here");
    }
    for attack in ["http", "minus-one", "two-gigabytes", "terabyte", "none"] {
        let knob = format!("attack={attack}");
        let arguments = ["run", "hostile-length", "--no-tui", "--set", &knob];
        assert_eq!(with_memory(300_000, &arguments), 0, "{attack}");
    }
    assert_ne!(with_memory(3000, &["list"]), 0, "and the limit is one");
}

#[test]
fn a_reader_without_a_deadline_would_be_noticed() {
    let mut plan = sends_only(CODECS[0], b"\0\0");
    for step in &mut plan.steps {
        if let Task::ReadFrames(step) = &mut step.task {
            step.deadline = None;
        }
    }
    let outcome = run(&plan, &crate::support::control()).expect("a run begins");
    assert!(matches!(outcome.ending, Ending::Hang { .. }), "{:?}", outcome.ending);
}
