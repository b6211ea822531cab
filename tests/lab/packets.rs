//! Runs over the wire, through the binary: what is told of packets, and what is refused.

use serde_json::Value;

use super::support::{Told, lab, lab_line, no_wire, not_run};

/// Whether there is a wire here; says so if not.
fn has_wire(test: &str) -> bool {
    if let Some(why) = no_wire() {
        not_run(test, why);
    }
    no_wire().is_none()
}

/// A run of a scenario that comes with the lab, as JSON.
#[track_caller]
fn told(line: &str) -> Told {
    let words = ["run", "--format", "json"].into_iter().chain(line.split(' '));
    lab(words).exits(0).tame().json()
}

fn packets(line: &str) -> Vec<Value> {
    let told = told(line);
    told.events("packet").into_iter().cloned().collect()
}

#[test]
fn the_handshake_comes_first_and_counts_from_nothing() {
    if !has_wire("the handshake on the wire") {
        return;
    }
    let packets = packets("sticky --link wire");
    let flags = |at: usize| packets[at]["tcp"]["flags"].clone();
    assert_eq!(
        [flags(0), flags(1)],
        [serde_json::json!(["syn"]), serde_json::json!(["syn", "ack"])]
    );
    assert_eq!(packets[0]["tcp"]["sequence"], 0);
    assert_eq!(packets[1]["tcp"]["acknowledges"], 1);
    assert_eq!(packets[0]["tcp"]["mss"], 1460);
    let first = packets.iter().find(|packet| packet["payload"] == 5).expect("hello");
    assert_eq!((&first["tcp"]["sequence"], &first["start"]), (&1.into(), &0.into()));
}

#[test]
fn every_packet_that_passes_is_delivered_and_no_lost_one_is() {
    if !has_wire("what becomes of packets") {
        return;
    }
    let told = told("udp-loss");
    let delivered: Vec<&Value> = told.events("delivered").iter().map(|line| &line["packet"]).collect();
    for packet in told.events("packet") {
        let arrives = delivered.contains(&&packet["packet"]);
        assert_eq!(arrives, packet["fate"] == "passed", "{packet}");
    }
    assert_eq!(told.events("packet").len(), 3);
    assert_eq!(delivered.len(), 2);
}

#[test]
fn no_packet_is_longer_than_the_mtu() {
    if !has_wire("the MTU") {
        return;
    }
    for mtu in [576, 1500] {
        let packets = packets(&format!(
            "big-send --link wire --set wire.mtu={mtu} --set mode=blocking"
        ));
        let longest = packets.iter().filter_map(|packet| packet["size"].as_u64()).max();
        assert_eq!(longest, Some(mtu), "the longest packet fills it");
    }
}

#[test]
fn a_seed_loses_the_same_datagrams_again() {
    if !has_wire("chance by a seed") {
        return;
    }
    let fates = |seed: u64| -> Vec<Value> {
        let line = format!("udp-boundaries --link wire --set wire.loss=50 --set wire.seed={seed}");
        // What is lost is not read: such a run may wait for a datagram until it is named a hang.
        let mut words = vec!["run", "--format", "json"];
        words.extend(line.split(' '));
        let done = lab(words);
        let lines = done
            .stdout
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
        let packets = lines.filter(|line| line["event"] == "packet" && line["endpoint"] == "sender");
        packets.map(|line| line["fate"].clone()).collect()
    };
    let seeds: Vec<Vec<Value>> = (1..6).map(fates).collect();
    assert_eq!(seeds, (1..6).map(fates).collect::<Vec<_>>());
    assert!(
        seeds.iter().any(|one| *one != seeds[0]),
        "and another seed others: {seeds:?}"
    );
}

#[test]
fn duplicates_are_read_twice_and_late_ones_late() {
    if !has_wire("duplicates") {
        return;
    }
    let line = "udp-loss --set wire.duplicate=50 --set wire.seed=3";
    let mut words = vec!["run", "--format", "json"];
    words.extend(line.split(' '));
    let done = lab(words);
    assert!(done.stdout.contains("\"again\""), "{}", done.stdout);
    assert!(!done.stdout.contains("\"broken\""), "{}", done.stdout);
}

#[test]
fn a_delay_is_kept_in_each_direction() {
    if !has_wire("a delay") {
        return;
    }
    let told = told("sticky --link wire --set wire.delay_ms=20");
    let packets = told.events("packet");
    let at = |line: &Value| line["at_ns"].as_u64().expect("a time");
    for delivered in told.events("delivered") {
        let came = packets.iter().find(|packet| packet["packet"] == delivered["packet"]);
        assert!(at(delivered) - at(came.expect("it came")) >= 20_000_000, "{delivered}");
    }
}

#[test]
fn what_cannot_go_over_a_wire_is_refused_and_says_why() {
    for (line, why) in [
        ("run pipe-deadlock --no-tui --link wire", "does not go over a wire"),
        ("run sticky --no-tui --link wire --ipv6", "does not go over a wire"),
        ("run retransmit --no-tui --link loopback", "it runs over the wire only"),
        ("run sticky --no-tui --set wire.mtu=5", "576..65535"),
        ("run sticky --no-tui --link cable", "cable"),
    ] {
        let done = lab_line(line).exits(2).tame();
        assert!(done.stderr.contains(why), "{line}: {}", done.stderr);
    }
}

#[test]
fn a_saved_run_on_the_wire_tells_the_same_again() {
    if !has_wire("a saved run on the wire") {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("run.jsonl");
    let path = path.to_str().expect("UTF-8");
    let live = lab(["run", "retransmit", "--no-tui", "--save", path]).exits(0).tame();
    let again = lab(["replay", path, "--no-tui"]).exits(0).tame();
    assert_eq!(live.stdout, again.stdout);
    assert!(live.stdout.contains("retransmission"), "{}", live.stdout);
}
