use std::collections::BTreeSet;
use std::mem::discriminant;

use lab::scenario::catalogue::embedded;
use lab::scenario::claim::packets::PacketName;
use lab::scenario::read::read;
use lab::scenario::{CallKind, Claim, Named, NoteName, PieceRef, Reading};
use lab::story::Story;
use lab::story::sentences::finding;
use lab::story::verdict::{Added, Because, Finding, Outcome, Share, Subject, Taken, Upset};
use lab::trace::{Call, Ending, EndpointId, FrameFault, PackFault, Until, Waiting, file};
use lab::words::Lang;

use super::support::root;

const ONE: EndpointId = EndpointId(0);

/// The claims of all scenarios, one of each kind: every kind that a file can write is among them.
fn claims() -> Vec<Claim> {
    let mut all: Vec<Claim> = Vec::new();
    for embedded in embedded() {
        let scenario = read(embedded.file, embedded.text).unwrap_or_else(|problems| panic!("{problems}"));
        let asked = scenario.predictions.iter().flat_map(|question| &question.options);
        let claims = scenario.expects.iter().map(|expect| &expect.claim);
        for claim in claims.chain(asked.map(|option| &option.claim)) {
            if !all.iter().any(|known| discriminant(known) == discriminant(claim)) {
                all.push(claim.clone());
            }
        }
    }
    let names: BTreeSet<&str> = all.iter().map(Claim::name).collect();
    assert_eq!(names.len(), 25, "{names:?}");
    all
}

/// Every kind of reason, some of them in several ways.
#[expect(clippy::too_many_lines, reason = "one case for each kind")]
fn reasons() -> Vec<Because> {
    let piece = PieceRef { message: 1, part: None };
    let reset = || (ONE, Call::Recv, "ECONNRESET".to_owned());
    let short = || PackFault::ShortBytes {
        format: "i".to_owned(),
        got: 1,
        of: 4,
    };
    let share = Share {
        command: 1,
        bytes: 3,
        headers: 0,
    };
    let taken = Taken {
        command: "both".to_owned(),
        of: vec![share],
    };
    let hang = Ending::Hang {
        endpoint: "sender".to_owned(),
        waiting: Waiting::Until(Until::Acknowledged),
    };
    let all = vec![
        Because::Reads(vec![Some(b"he".to_vec()), None]),
        Because::Reads(Vec::new()),
        Because::Readings(vec![Reading::Stuck]),
        Because::Readings(Vec::new()),
        Because::Read(1, Some(b"he".to_vec())),
        Because::Read(1, None),
        Because::NotKept(1),
        Because::Departures(vec![vec![piece]]),
        Because::Departures(Vec::new()),
        Because::HeldUntilAck {
            messages: vec![2],
            until: 1,
            after: 1,
            at_least_ms: 1,
        },
        Because::NotHeld(1),
        Because::PartlyHeld {
            message: 1,
            unsent: 1,
            of: 2,
        },
        Because::AckCameFirst { message: 2, until: 1 },
        Because::OtherFlow(1, 2),
        Because::LeftBeforeAck { message: 2, until: 1 },
        Because::NothingHeld,
        Because::Unsent(1, 2),
        Because::Together(vec![1, 2], 3),
        Because::Together(vec![1], 3),
        Because::Apart(vec![1, 2], 2),
        Because::Acked {
            message: 1,
            after: 1,
            within_ms: None,
            at_least_ms: None,
            added: Added::default(),
        },
        Because::Acked {
            message: 1,
            after: 1,
            within_ms: Some(1),
            at_least_ms: None,
            added: Added {
                delay: 1,
                ..Added::default()
            },
        },
        Because::AskedTooLate { message: 2, until: 1 },
        Because::NothingToWaitFor { message: 2, until: 1 },
        Because::Upset {
            by: Upset::Late(1),
            seen: Box::new(Because::NothingHeld),
        },
        Because::Lost(0),
        Because::Lost(1),
        Because::Dropped(0),
        Because::Dropped(1),
        Because::Arrived {
            read: 1,
            of: 2,
            all: false,
        },
        Because::Arrived {
            read: 2,
            of: 2,
            all: true,
        },
        Because::Segments(ONE, 1),
        Because::Blocks {
            call: CallKind::Send,
            number: 1,
            blocked: true,
        },
        Because::BulkBlocks(CallKind::Recv),
        Because::NothingBlocks(CallKind::Send),
        Because::NoSuchCall(CallKind::Recv, 1),
        Because::Errors(vec![reset()]),
        Because::Errors(Vec::new()),
        Because::Texts(vec!["x".to_owned()]),
        Because::Texts(Vec::new()),
        Because::Malformed(0),
        Because::Malformed(1),
        Because::NotCounted,
        Because::Frames(vec![Some(Vec::new())]),
        Because::Frames(Vec::new()),
        Because::Fault(ONE, Some(FrameFault::BadJson)),
        Because::Fault(ONE, None),
        Because::Notes(ONE, vec!["served"]),
        Because::Notes(ONE, Vec::new()),
        Because::NotesOfAll(vec![(ONE, "served")]),
        Because::NotesOfAll(Vec::new()),
        Because::Noted(ONE, NoteName::NAMES[0].1),
        Because::RoundTrips(ONE, 0),
        Because::RoundTrips(ONE, 2),
        Because::Values(vec!["7".to_owned()]),
        Because::Values(Vec::new()),
        Because::PackFault(ONE, Some(Box::new(short()))),
        Because::PackFault(ONE, None),
        Because::Hangs(ONE, true),
        Because::Hangs(ONE, false),
        Because::Replies(ONE, vec![taken]),
        Because::Replies(ONE, Vec::new()),
        Because::Packets {
            from: ONE,
            are: PacketName::Any,
            count: 1,
        },
        Because::Lasted(1),
        Because::NoWire,
        Because::Ended(Ending::Finished),
        Because::Ended(hang),
        Because::Answers(Vec::new()),
        Because::Answers(vec![0, 1]),
        Because::MoreThanASegment(1),
        Because::NoMessage(1),
        Because::NoQueues,
        Because::NoStamps,
    ];
    let kinds: BTreeSet<usize> = all.iter().map(kind).collect();
    assert_eq!(kinds, (0..KINDS).collect(), "a kind of reason stands in no case");
    all
}

const KINDS: usize = 47;

/// A number for each kind: a new one does not compile before it has its own, and then its case is missed above.
#[rustfmt::skip]
fn kind(because: &Because) -> usize {
    match because {
        Because::Reads(_) => 0, Because::Readings(_) => 1, Because::Read(..) => 2, Because::NotKept(_) => 3,
        Because::Departures(_) => 4, Because::HeldUntilAck { .. } => 5, Because::NotHeld(_) => 6,
        Because::PartlyHeld { .. } => 7, Because::AckCameFirst { .. } => 8, Because::OtherFlow(..) => 9,
        Because::LeftBeforeAck { .. } => 10, Because::NothingHeld => 11, Because::Unsent(..) => 12,
        Because::Together(..) => 13, Because::Apart(..) => 14, Because::Acked { .. } => 15, Because::Lost(_) => 16,
        Because::Dropped(_) => 17, Because::Arrived { .. } => 18, Because::Segments(..) => 19,
        Because::Blocks { .. } => 20, Because::BulkBlocks(_) => 21, Because::NothingBlocks(_) => 22,
        Because::NoSuchCall(..) => 23, Because::Errors(_) => 24, Because::Texts(_) => 25, Because::Malformed(_) => 26,
        Because::NotCounted => 27, Because::Frames(_) => 28, Because::Fault(..) => 29, Because::Notes(..) => 30,
        Because::NotesOfAll(_) => 31, Because::Noted(..) => 32, Because::RoundTrips(..) => 33, Because::Values(_) => 34,
        Because::PackFault(..) => 35, Because::Hangs(..) => 36, Because::Replies(..) => 37,
        Because::Packets { .. } => 38, Because::Lasted(_) => 39, Because::NoWire => 40, Because::Ended(_) => 41,
        Because::Answers(_) => 42, Because::MoreThanASegment(_) | Because::NoMessage(_) | Because::NoQueues
        | Because::NoStamps => 43,
        Because::AskedTooLate { .. } => 44, Because::NothingToWaitFor { .. } => 45, Because::Upset { .. } => 46,
    }
}

#[test]
fn every_reason_beside_every_claim_has_a_sentence_of_its_own() {
    let bytes = std::fs::read(root("tests/traces/short-recv.jsonl")).expect("a saved run");
    let story = Story::tell(file::read(&mut &bytes[..]).expect("a trace")).expect("a story");
    let mut subjects: Vec<Subject> = claims().into_iter().map(Subject::Claim).collect();
    subjects.extend([Subject::Ending, Subject::Prediction(0), Subject::Prediction(99)]);
    for because in reasons() {
        for subject in &subjects {
            for outcome in [Outcome::Held, Outcome::Failed, Outcome::NotMeasured] {
                let found = Finding {
                    subject: subject.clone(),
                    outcome,
                    because: because.clone(),
                };
                let not_counted = [Lang::En, Lang::Zh].map(lab::words::findings::not_counted);
                for (lang, not_counted) in [Lang::En, Lang::Zh].into_iter().zip(not_counted) {
                    let said = finding(&story, &found, lang);
                    assert!(!said.trim().is_empty(), "{found:?}");
                    assert!(
                        said != not_counted || because == Because::NotCounted,
                        "{found:?}: {said}"
                    );
                }
            }
        }
    }
}
