use serde_json::{Value, json};

use super::{Numbered, altered, refused, replay, saved};
use crate::support::root;

/// A saved run, and behind its last event this one of the receiver, as often as it is wanted.
fn with_event(event: &str, fields: &Value, times: usize) -> String {
    altered("short-recv", |lines| {
        let last = lines.len() - 1;
        let mut line =
            json!({"at_ns": lines[last - 1]["at_ns"], "endpoint": "receiver", "evidence": "measured", "event": event});
        let object = line.as_object_mut().expect("an object");
        object.extend(fields.as_object().expect("an object").clone());
        lines.insert_events(last, vec![line; times]);
    })
}

#[test]
#[expect(clippy::too_many_lines, reason = "a list of cases")]
fn a_number_that_no_run_can_have_is_refused() {
    let huge = u64::MAX;
    let (many, long) = ((1_u64 << 50) + 1, 65_536);
    let packet = |more: Value| {
        let mut fields = json!({"packet": 1, "size": 100, "payload": 50, "fate": "passed"});
        let object = fields.as_object_mut().expect("an object");
        object.extend(more.as_object().expect("an object").clone());
        fields
    };
    let segment = |key: &str, value: Value| {
        let mut tcp = json!({"sequence": 1, "flags": ["ack"], "window": 1});
        tcp[key] = value;
        packet(json!({"tcp": tcp}))
    };
    let cases = [
        ("text", json!({"text": "x", "malformed": huge}), "no text"),
        ("text", json!({"text": "x", "malformed": 2}), "no text"),
        ("packet", packet(json!({"size": long})), "longer than any"),
        ("packet", packet(json!({"payload": 101})), "more than it has"),
        ("packet", packet(json!({"payload": huge})), "more than it has"),
        ("packet", packet(json!({"start": huge})), "no run"),
        ("packet", packet(json!({"start": many - 2})), "too late"),
        ("packet", packet(json!({"datagram": huge})), "no run"),
        ("packet", packet(json!({"packet": u32::MAX})), "no run"),
        (
            "packet",
            packet(json!({"fragment": {"offset": huge, "more": true}})),
            "fragment",
        ),
        ("packet", segment("sequence", json!(huge)), "no run"),
        ("packet", segment("acknowledges", json!(huge)), "no run"),
        ("packet", segment("window", json!((0xffff << 14) + 1)), "window"),
        ("packet", segment("mss", json!(huge)), "segment"),
        ("packet", segment("sack", json!([[0, huge]])), "no run"),
        ("packet", segment("sack", json!([[2, 1]])), "block"),
        (
            "packet",
            segment("sack", json!([[1, 2], [1, 2], [1, 2], [1, 2], [1, 2]])),
            "blocks",
        ),
        ("delivered", json!({"packet": u32::MAX, "how": "whole"}), "no run"),
        ("removed", json!({"packet": u32::MAX, "why": "hand"}), "no run"),
        ("wire", json!({"act": "release", "packets": huge}), "no run"),
        ("wire", json!({"act": "lose", "nth": huge, "data": true}), "no run"),
        (
            "queues",
            json!({"unsent": null, "unacknowledged": null, "waiting": 1, "datagrams": huge}),
            "no run",
        ),
        (
            "queues",
            json!({"unsent": null, "unacknowledged": null, "waiting": 1, "dropped": many}),
            "no run",
        ),
        (
            "segments",
            json!({"sent": 1, "received": 1, "data_sent": huge, "mss": 1}),
            "no run",
        ),
        ("option_set", json!({"option": "SO_RCVBUF", "value": huge}), "no run"),
        ("step", json!({"step": u32::MAX}), "no run"),
        ("send_call", json!({"message": u32::MAX, "asked": 1}), "no run"),
        ("recv_call", json!({"asked": huge}), "no run"),
        ("wait", json!({"until": {"queued": huge}}), "no run"),
        ("wait", json!({"until": {"datagrams_queued": huge}}), "no run"),
        ("wait", json!({"until": {"held": huge}}), "no run"),
        (
            "calls",
            json!({"call": "recv", "calls": huge, "largest": 1, "blocked": 0, "bytes": 0, "start": 9, "since_ns": 0}),
            "no run",
        ),
        (
            "frame_fault",
            json!({"reason": "over-limit", "length": huge, "limit": huge}),
            "no run",
        ),
        (
            "frame_fault",
            json!({"reason": "short-body", "got": huge, "of": huge}),
            "no run",
        ),
        (
            "frame_fault",
            json!({"reason": "timed-out", "got": 1, "after_ms": huge}),
            "no run",
        ),
        (
            "pack_fault",
            json!({"reason": "short-bytes", "format": "i", "got": huge, "of": 4}),
            "no run",
        ),
        (
            "note",
            json!({"note": "killed", "command": "x", "after_ms": huge}),
            "no run",
        ),
        ("note", json!({"note": "progress", "done": huge, "of": huge}), "no run"),
        (
            "note",
            json!({"note": "cost", "hashing_ns": huge, "telling_ns": 0, "of_ns": 1}),
            "no run",
        ),
        (
            "note",
            json!({"note": "mac-equal", "over": u32::MAX, "added": 1}),
            "no run",
        ),
        (
            "note",
            json!({"note": "ended", "command": "x", "status": 0, "out": huge, "err": 0}),
            "no run",
        ),
    ];
    for (event, fields, because) in cases {
        let error = replay(with_event(event, &fields, 1).as_bytes(), &[80]).expect_err("it must be refused");
        assert!(error.contains(because), "{event} {fields}: {error}");
    }
    let late = altered("hang", |lines| {
        let end = lines.last_mut().expect("an end");
        *end = json!({"event": "end", "events": end["events"], "ending": "deadline", "endpoint": "receiver",
            "waiting": "turn", "after_ms": huge});
    });
    refused(late, "no run");
}

#[test]
fn no_sum_over_the_numbers_of_a_run_overflows() {
    // Two places that are no text, of which one is announced as 2⁶⁴ − 1, were once none.
    refused(
        altered("length-prefix-characters", |lines| {
            let at = lines.len() - 1;
            let text = |malformed: u64| {
                json!({"at_ns": lines[at - 1]["at_ns"], "endpoint": "receiver", "evidence": "measured", "event": "text",
                    "text": "x", "malformed": malformed})
            };
            let both = [text(u64::MAX), text(1)];
            lines.insert_events(at, both);
        }),
        "no text",
    );
    // Every number of every kind of event, once in one event and once in all that have it.
    let mut looked_at = std::collections::BTreeSet::new();
    for entry in std::fs::read_dir(root("tests/traces")).expect("saved runs") {
        let path = entry.expect("a file").path();
        let name = path
            .file_stem()
            .and_then(|name| name.to_str())
            .expect("a name")
            .to_owned();
        let text = saved(&name);
        let lines = text
            .lines()
            .skip(1)
            .map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
        for line in lines {
            for path in numbers_of(&line, "") {
                if !looked_at.insert((line["event"].to_string(), path.clone())) {
                    continue;
                }
                for (number, all) in [(u64::MAX, false), (1 << 50, false), (1 << 50, true), (65_535, true)] {
                    let text = altered(&name, |lines| {
                        let those = lines.iter_mut().skip(1).filter(|other| other["event"] == line["event"]);
                        let numbers = those.filter_map(|other| other.pointer_mut(&path));
                        for old in numbers.take(if all { usize::MAX } else { 1 }) {
                            *old = json!(number);
                        }
                    });
                    // Whether it is refused or told does not matter here.
                    let _ = replay(text.as_bytes(), &[80]);
                }
            }
        }
    }
    assert!(looked_at.len() > 50, "{looked_at:?}");
}

/// Where numbers stand in a line.
fn numbers_of(value: &Value, path: &str) -> Vec<String> {
    match value {
        Value::Number(_) => vec![path.to_owned()],
        Value::Array(items) => (items.iter().enumerate())
            .flat_map(|(at, item)| numbers_of(item, &format!("{path}/{at}")))
            .collect(),
        Value::Object(fields) => (fields.iter())
            .flat_map(|(key, field)| numbers_of(field, &format!("{path}/{key}")))
            .collect(),
        _ => Vec::new(),
    }
}
