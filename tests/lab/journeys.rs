//! Every byte of every saved run is followed, and what a face looks up is compared with a search from the start.

use lab::report::line::Line;
use lab::report::{Look, journey};
use lab::story::beats::BeatKind;
use lab::story::journey::{Fate, Journey, journey as follow};
use lab::story::lanes::{between, last_told};
use lab::story::pieces::Message;
use lab::story::{Story, peer};
use lab::trace::{EndpointId, What, file};
use lab::words::Lang;

use super::support::root;

const SENDER: EndpointId = EndpointId(0);

fn story(name: &str) -> Story {
    let bytes = std::fs::read(root(&format!("tests/traces/{name}.jsonl"))).expect("read a saved run");
    Story::tell(file::read(&mut &bytes[..]).expect("a saved run")).expect("a run that can be told")
}

fn stories() -> impl Iterator<Item = (String, Story)> {
    let entries = std::fs::read_dir(root("tests/traces")).expect("the saved runs");
    let names = entries.map(|entry| entry.expect("an entry").path());
    names.map(|path| {
        let name = path
            .file_stem()
            .and_then(|name| name.to_str())
            .expect("UTF-8")
            .to_owned();
        let story = story(&name);
        (name, story)
    })
}

/// The byte's way as text.
fn told(story: &Story, offset: u64, lang: Lang) -> Vec<String> {
    let way = follow(story, SENDER, offset).expect("a message has it");
    let lines = journey::lines(story, &way, story.beats.len(), &Look::new(lang, false, 80));
    lines.into_iter().map(|spans| Line(spans).plain()).collect()
}

/// What became of a byte, found by looking at every read.
fn fate(story: &Story, way: &Journey) -> Fate {
    for (index, read) in story.reads.iter().enumerate() {
        let beat = (0..story.beats.len()).find(|beat| match story.beats[*beat].what {
            BeatKind::Recv { read, .. } => read == Some(index),
            BeatKind::RecvReturned { read, .. } => read == index,
            _ => false,
        });
        let place = way
            .offset
            .checked_sub(read.start)
            .filter(|_| read.endpoint == peer(way.flow));
        match place {
            Some(place) if place < read.returned => {
                return Fate::Taken {
                    beat,
                    read: index,
                    place,
                };
            }
            Some(place) if place < read.returned + read.lost => return Fate::CutOff { beat, read: index },
            _ => {}
        }
    }
    let Fate::NeverRead { waits } = way.fate else {
        panic!("nobody read it: {way:?}");
    };
    Fate::NeverRead { waits }
}

/// Whether a send returned with this byte taken.
fn took(story: &Story, flow: EndpointId, offset: u64) -> bool {
    story.trace.events.iter().any(|event| match event.what {
        What::Send { start, returned, .. } => event.endpoint == flow && (start..start + returned).contains(&offset),
        _ => false,
    })
}

#[test]
fn every_byte_went_where_a_search_says() {
    let (mut followed, mut cut) = (0, 0);
    for (name, story) in stories() {
        for flow in [SENDER, peer(SENDER)] {
            let end = story.flows.flow(flow).last().map_or(0, Message::end);
            assert_eq!(follow(&story, flow, end), None, "no message has it");
            for offset in 0..end {
                let way = follow(&story, flow, offset).expect("a message has it");
                let message = story.flows.message(way.message).expect("the message").1;
                assert_eq!((message.start + way.place, message.bytes.len), (offset, way.of));
                assert_eq!(way.fate, fate(&story, &way), "byte {offset} in {name}");
                cut += usize::from(matches!(way.fate, Fate::CutOff { .. }));
                match way.sent.map(|sent| story.beats[sent.beat].what) {
                    Some(BeatKind::Send { start, end, .. }) => assert!((start..end).contains(&offset)),
                    Some(other) => panic!("{other:?} is no send"),
                    // A program that gave up has not sent all of its last message.
                    None => assert!(!took(&story, flow, offset), "byte {offset} in {name}"),
                }
                let covers = |what: &What| matches!(what, What::Left { end, .. } if *end > offset);
                let left = story
                    .trace
                    .events
                    .iter()
                    .position(|event| event.endpoint == flow && covers(&event.what));
                assert_eq!(
                    way.left.map(|left| story.beats[left.beat].event),
                    left,
                    "byte {offset} in {name}"
                );
                followed += 1;
            }
        }
    }
    assert!(followed > 150, "{followed} bytes");
    assert_eq!(cut, 24, "12 bytes in each of two runs over UDP");
}

#[test]
fn a_byte_that_nagle_held_is_followed_in_both_languages() {
    let story = story("nagle");
    let expected = [
        "m2, byte 2 of 3 bytes: 67 'g'",
        "handed over by the send at 0.508 ms",
        "left at 42.000 ms",
        "acknowledged at 42.009 ms",
        "taken by the recv(1024) at 42.231 ms, as byte 7 of 13 bytes",
    ];
    assert_eq!(told(&story, 6, Lang::En), expected);
    let expected = [
        "m2 的第 2 个字节（共 3 字节）：67 'g'",
        "0.508 毫秒的 send 把它交给内核",
        "42.000 毫秒时发出",
        "42.009 毫秒时被确认",
        "42.231 毫秒的 recv(1024) 把它读走：读到的 13 字节里，它是第 7 个",
    ];
    assert_eq!(told(&story, 6, Lang::Zh), expected);
}

#[test]
fn a_byte_that_was_cut_off_is_gone() {
    let lines = told(&story("udp-truncation"), 8, Lang::En);
    let expected = "TRUNCATED: the recv(8) at 0.840 ms had no room for it, so it is gone";
    assert_eq!(lines.last().map(String::as_str), Some(expected));
    assert!(!lines.iter().any(|line| line.contains("acknowledged")), "{lines:?}");
}

#[test]
fn lanes_find_what_a_search_finds() {
    for (name, story) in stories() {
        for endpoint in [SENDER, peer(SENDER)] {
            let lane = story.lane(endpoint);
            let calls: Vec<usize> = (0..story.beats.len())
                .filter(|beat| story.beats[*beat].endpoint == endpoint)
                .filter(|beat| matches!(story.beats[*beat].what, BeatKind::Send { .. } | BeatKind::Recv { .. }))
                .collect();
            assert_eq!(lane.calls, calls, "{name}");
            for position in 0..=story.beats.len() {
                let last = calls.iter().rfind(|beat| **beat < position).copied();
                assert_eq!(last_told(&lane.calls, position), last, "{name}");
            }
            let times = || story.beats.iter().flat_map(|beat| [beat.at, beat.at + 1]);
            for (from, to) in times().flat_map(|from| times().map(move |to| (from, to))) {
                let inside = |beat: &&usize| (from..to).contains(&story.beats[**beat].at);
                let found: Vec<usize> = lane.departures.iter().filter(inside).copied().collect();
                assert_eq!(between(&lane.departures, &story.beats, from, to), found, "{name}");
            }
            let reads = story.reads.iter().filter(|read| read.endpoint == endpoint).count();
            assert_eq!(lane.reads.len(), reads, "every read of {name} is told once");
        }
    }
}

#[test]
fn a_playhead_behind_every_beat_has_seen_every_event() {
    for (name, story) in stories() {
        assert_eq!(story.events_at(story.beats.len()), story.trace.events.len(), "{name}");
        assert_eq!(story.events_at(usize::MAX), story.trace.events.len(), "{name}");
        for position in 1..=story.beats.len() {
            let event = story.beats[position - 1].event;
            assert_eq!(story.beat_of_event(event), Some(position - 1));
            assert!((event + 1..=story.trace.events.len()).contains(&story.events_at(position)));
            assert!(story.events_at(position - 1) <= event, "{name}");
        }
    }
}

#[test]
fn a_story_gives_its_trace_back_and_tells_it_again() {
    let story = story("nagle");
    let (scenario, beats) = (story.scenario.clone(), story.beats.clone());
    let mut trace = story.trace;
    let again = Story::with(scenario.clone(), trace.clone()).expect("the same scenario");
    assert_eq!(again.beats, beats);
    trace.head.transport = "udp".to_owned();
    Story::with(scenario, trace).expect_err("another transport");
}
