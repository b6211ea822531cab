use std::sync::Arc;

use lab::framing::Codec;
use lab::program::auth::digest::{digest, verify};
use lab::runner::run;
use lab::scenario::catalogue::find;
use lab::scenario::plan::Task;
use lab::scenario::program::auth::{Answers, LONGEST_ANSWER, Scheme};
use lab::scenario::read::read;
use lab::scenario::{Plan, Program, Scenario, Settings};
use lab::trace::{Ending, Event, Note, What};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::support::lab_line;

fn hexed(text: &str) -> Vec<u8> {
    hex::decode(text).expect("hex")
}

/// Key, message and digest.
type Known = (Vec<u8>, Vec<u8>, &'static str);

/// RFC 4231, test cases 1 to 4, 6 and 7 (5 is a shortened digest).
fn of_rfc_4231() -> Vec<Known> {
    let long = vec![0xaa; 131];
    vec![
        (vec![0x0b; 20], b"Hi There".to_vec(), "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
        (
            b"Jefe".to_vec(),
            b"what do ya want for nothing?".to_vec(),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        ),
        (vec![0xaa; 20], vec![0xdd; 50], "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
        (
            (1..=25).collect(),
            vec![0xcd; 50],
            "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b",
        ),
        (
            long.clone(),
            b"Test Using Larger Than Block-Size Key - Hash Key First".to_vec(),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
        ),
        (
            long,
            b"This is a test using a larger than block-size key and a larger than block-size data. The key needs to be \
              hashed before being used by the HMAC algorithm."
                .to_vec(),
            "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
        ),
    ]
}

/// RFC 2202, section 2, test cases 1 to 4, 6 and 7.
fn of_rfc_2202() -> Vec<Known> {
    let long = vec![0xaa; 80];
    vec![
        (vec![0x0b; 16], b"Hi There".to_vec(), "9294727a3638bb1c13f48ef8158bfc9d"),
        (
            b"Jefe".to_vec(),
            b"what do ya want for nothing?".to_vec(),
            "750c783e6ab0b503eaa86e310a5db738",
        ),
        (vec![0xaa; 16], vec![0xdd; 50], "56be34521d144c88dbb8c733f0e8b3f6"),
        ((1..=25).collect(), vec![0xcd; 50], "697eaf0aca3a3aea3a75164746ffaa79"),
        (
            long.clone(),
            b"Test Using Larger Than Block-Size Key - Hash Key First".to_vec(),
            "6b1ab7fe4bd7bf8f0b62e6ce61b9d0cd",
        ),
        (
            long,
            b"Test Using Larger Than Block-Size Key and Larger Than One Block-Size Data".to_vec(),
            "6f630fad67cda0ee1fb1f562db3aa53e",
        ),
    ]
}

#[test]
fn digests_are_those_of_the_standards() {
    let of_md5: Vec<Known> = vec![(b"a".to_vec(), b"bc".to_vec(), "900150983cd24fb0d6963f7d28e17f72")]; // RFC 1321, A.5
    for (scheme, known) in [
        (Scheme::HmacSha256, of_rfc_4231()),
        (Scheme::HmacMd5, of_rfc_2202()),
        (Scheme::Md5SecretNonce, of_md5),
    ] {
        for (key, message, expected) in known {
            let expected = hexed(expected);
            assert_eq!(digest(scheme, &key, &message), expected, "{scheme:?}");
            assert!(verify(scheme, &key, &message, &expected));
            let mut other = expected.clone();
            other[0] ^= 1;
            assert!(!verify(scheme, &key, &message, &other));
            assert!(!verify(scheme, &key, &message, &expected[1..]));
        }
    }
}

fn scenario() -> Scenario {
    let embedded = find("auth").expect("a scenario of the lab");
    read(embedded.file, embedded.text).expect("it reads")
}

fn plan(set: &[(&str, &str)]) -> Plan {
    let scenario = scenario();
    let mut settings: Settings = scenario.defaults();
    for (name, value) in set {
        settings.set(&scenario.knobs, name, value).expect("such a knob");
    }
    Plan::new(&scenario, &settings)
}

fn finished(plan: &Plan) -> Vec<Event> {
    let outcome = run(plan, &crate::support::control()).expect("a run begins");
    assert_eq!(outcome.ending, Ending::Finished);
    outcome.events
}

/// The notes of one endpoint.
fn notes(events: &[Event], endpoint: u8) -> Vec<&'static str> {
    let own = events.iter().filter(|event| event.endpoint.0 == endpoint);
    let notes = own.filter_map(|event| match &event.what {
        What::Note { note } => Some(note.name()),
        _ => None,
    });
    notes.collect()
}

/// The challenges that were sent, as frames.
fn challenges(events: &[Event]) -> Vec<Vec<u8>> {
    let frames = events.iter().filter_map(|event| match &event.what {
        What::Message { bytes, .. } => Some(bytes.runs().flat_map(|(_, run)| run.to_vec()).collect::<Vec<u8>>()),
        _ => None,
    });
    frames.filter(|frame| frame.starts_with(&[0, 0, 0, 32])).collect()
}

#[test]
fn no_challenge_comes_twice() {
    let plan = plan(&[]);
    let all: Vec<Vec<u8>> = (0..5).flat_map(|_| challenges(&finished(&plan))).collect();
    assert_eq!(all.len(), 10);
    let different: std::collections::BTreeSet<_> = all.iter().collect();
    assert_eq!(different.len(), all.len());
}

#[test]
fn a_length_extension_is_accepted_under_md5_of_secret_and_message_alone_and_where_any_challenge_will_do() {
    for (scheme, checks, judged) in [
        ("md5-secret-nonce", "any-sent", "mac-equal"),
        ("md5-secret-nonce", "own", "other-challenge"),
        ("hmac-md5", "any-sent", "mac-differs"),
        ("hmac-sha256", "any-sent", "mac-differs"),
        ("hmac-sha256", "own", "mac-differs"),
    ] {
        let events = finished(&plan(&[("client", "forger"), ("scheme", scheme), ("checks", checks)]));
        let accepted = judged == "mac-equal";
        assert_eq!(notes(&events, 3), ["challenge-sent", judged], "{scheme}");
        let told = if accepted { "was-accepted" } else { "was-refused" };
        assert_eq!(notes(&events, 2), ["forges", told], "{scheme}");
        let added = events.iter().rev().find_map(|event| match &event.what {
            What::Note {
                note: Note::MacEqual { added, .. },
            } => Some(*added),
            _ => None,
        });
        assert_eq!(added.is_some_and(|added| added > 0), accepted, "{scheme}");
    }
}

/// The plan, with another first client: what it sends instead of an answer.
fn with_first_answer(bytes: &[u8]) -> Plan {
    let mut plan = plan(&[]);
    let position = plan
        .steps
        .iter()
        .position(|step| step.endpoint == 0)
        .expect("client-1's step");
    let mut answer = plan.steps[position].clone();
    // It reads the challenge, says this, and goes.
    answer.task = Task::Send(bytes.to_vec());
    plan.steps[position].task = Task::Recv(4 + 32);
    plan.steps.insert(position + 1, answer);
    plan
}

fn faults(events: &[Event]) -> Vec<String> {
    let faults = events.iter().filter_map(|event| match &event.what {
        What::FrameFault { fault } => Some(serde_json::to_value(fault).expect("plain data")["reason"].to_string()),
        _ => None,
    });
    faults.collect()
}

#[test]
fn noise_has_a_name_or_is_refused_and_the_next_client_is_served() {
    let config = Config {
        cases: 40,
        failure_persistence: None,
        ..Config::default()
    };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let likely = prop::sample::select(b"\0\0\0\0\0\x01\x02\x20\x40 ls".to_vec());
    let noise = prop_oneof![
        prop::collection::vec(likely, 1..120),
        prop::collection::vec(any::<u8>(), 1..120),
    ];
    let found = runner.run(&noise, |bytes| {
        let events = finished(&with_first_answer(&bytes));
        let first = notes(&events, 1);
        // A client that goes before the reply ends the stream, or its frame is whole and no answer.
        let named = !faults(&events).is_empty() || first.last() == Some(&"mac-differs");
        prop_assert!(named, "{:?} {:?}", bytes, first);
        prop_assert_eq!(notes(&events, 3), ["challenge-sent", "mac-equal"]);
        Ok(())
    });
    found.expect("whatever comes, the server goes on");
}

#[test]
fn an_answer_is_never_longer_than_its_limit() {
    let codec = Codec::network(u64::from(LONGEST_ANSWER) + 100);
    let long = codec.frame(
        &vec![7; LONGEST_ANSWER as usize + 1],
        i64::from(LONGEST_ANSWER) + 1,
        None,
    );
    let events = finished(&with_first_answer(&long.bytes));
    assert_eq!(faults(&events), ["\"over-limit\""]);
    assert_eq!(notes(&events, 3), ["challenge-sent", "mac-equal"]);
}

#[test]
fn a_client_that_stops_is_given_up_in_time_and_the_next_one_is_served() {
    let events = finished(&plan(&[("client", "stops")]));
    assert_eq!(faults(&events), ["\"timed-out\""]);
    assert_eq!(notes(&events, 0), ["was-refused"], "and it is told");
    assert_eq!(notes(&events, 3), ["challenge-sent", "mac-equal"]);
}

#[test]
fn a_server_that_believed_every_digest_would_be_noticed() {
    // The same client under another key than the server's: if this were accepted, the others would say nothing.
    let mut plan = plan(&[]);
    for step in &mut plan.steps {
        if let Task::Run(Program::Respond(how)) = &mut step.task {
            assert_eq!(how.answers, Answers::Legitimate);
            how.key.push('!');
        }
    }
    let events = finished(&plan);
    for server in [1, 3] {
        assert_eq!(notes(&events, server), ["challenge-sent", "mac-differs"]);
    }
}

#[test]
fn no_note_tells_the_key() {
    let key = "a key for teaching";
    for client in ["legitimate", "other-key", "replay", "forger"] {
        for scheme in ["hmac-sha256", "md5-secret-nonce"] {
            let events = finished(&plan(&[("client", client), ("scheme", scheme)]));
            let told = events.iter().filter(|event| matches!(event.what, What::Note { .. }));
            for event in told {
                let line = format!("{:?}", event.what);
                assert!(!line.contains(key) && !line.contains("password"), "{line}");
            }
            // Nor does anything that is sent hold it.
            let sent = events.iter().filter_map(|event| match &event.what {
                What::Message { bytes, .. } => {
                    Some(bytes.runs().flat_map(|(_, run)| run.to_vec()).collect::<Vec<u8>>())
                }
                _ => None,
            });
            for bytes in sent {
                assert!(!bytes.windows(key.len()).any(|window| window == key.as_bytes()));
            }
        }
    }
}

#[test]
fn a_key_that_is_too_long_is_refused_where_it_stands() {
    let text = find("auth")
        .expect("a scenario")
        .text
        .replace("a key for teaching", &"k".repeat(65));
    let problems = read("mine.toml", &text).expect_err("too long").to_string();
    assert!(
        problems.contains("this has 65 bytes; at most 64 are allowed"),
        "{problems}"
    );
}

#[test]
fn the_wrong_party_is_told_in_both_languages() {
    for (lang, checks, sentence) in [
        ("en", "own", "not for the challenge of this connection: refused"),
        ("zh", "own", "答的不是这条连接的挑战：拒绝"),
        ("en", "any-sent", "this answer was given before: refused"),
        ("zh", "any-sent", "这份回答以前用过：拒绝"),
    ] {
        let set = format!("--set client=replay --set checks={checks}");
        let done = lab_line(&format!("run auth --no-tui {set} --lang {lang}"))
            .exits(0)
            .tame();
        let flat: String = done.stdout.split_whitespace().collect();
        assert!(flat.contains(&sentence.replace(' ', "")), "{flat}");
    }
}

#[test]
fn several_runs_at_once_have_challenges_of_their_own() {
    let plan = Arc::new(plan(&[]));
    let threads: Vec<_> = (0..4)
        .map(|_| {
            let plan = Arc::clone(&plan);
            std::thread::spawn(move || challenges(&finished(&plan)))
        })
        .collect();
    let all: Vec<Vec<u8>> = threads
        .into_iter()
        .flat_map(|thread| thread.join().expect("a run"))
        .collect();
    let different: std::collections::BTreeSet<_> = all.iter().collect();
    assert_eq!(different.len(), 8);
}
