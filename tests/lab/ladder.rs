//! `LAB_BLESS=1 cargo test --test lab ladder` writes the diagrams anew; read the difference before it is kept.

use std::path::Path;

use lab::report::Look;
use lab::report::ladder::{Ladder, ladder};
use lab::runner::{Control, run};
use lab::scenario::catalogue::find;
use lab::scenario::read::read;
use lab::scenario::{Named, Plan};
use lab::story::Story;
use lab::trace::packet::{Fate, Flag, Handing, Packet, Removal, Segment, WireAct};
use lab::trace::{Call, Ending, EndpointId, Event, Evidence, Excerpt, Head, Link, Trace, What};
use lab::words::Lang;

use super::golden::compare;
use super::support::{lab_line, not_run, root};

const SENDER: EndpointId = EndpointId(0);
const RECEIVER: EndpointId = EndpointId(1);

/// A trace of a scenario over a wire, made by hand: each event 0.1 ms after the one before.
struct Made {
    events: Vec<Event>,
}

impl Made {
    fn happens(&mut self, endpoint: EndpointId, what: What) -> &mut Self {
        let at = 100_000 * (self.events.len() as u64 + 1);
        let evidence = match what {
            What::Wire { .. } => Evidence::Staged,
            _ => Evidence::Measured,
        };
        self.events.push(Event {
            at,
            endpoint,
            evidence,
            what,
        });
        self
    }

    /// A packet with as many bytes of the sender's flow as there are between these places.
    fn packet(&mut self, number: u32, from: EndpointId, flags: &[Flag], bytes: (u64, u64), fate: Fate) -> &mut Self {
        let payload = bytes.1 - bytes.0;
        let is_syn = flags.contains(&Flag::Syn);
        let packet = Packet {
            packet: number,
            size: 52 + payload,
            payload,
            start: (payload > 0).then_some(bytes.0),
            tcp: Some(Segment {
                sequence: if is_syn { 0 } else { bytes.0 + 1 },
                acknowledges: flags.contains(&Flag::Ack).then_some(if from == RECEIVER && !is_syn {
                    bytes.0 + 9
                } else {
                    1
                }),
                flags: flags.to_vec(),
                window: 64_512,
                mss: is_syn.then_some(1460),
                sack: Vec::new(),
            }),
            datagram: None,
            fragment: None,
            fate,
        };
        self.happens(from, What::Packet(Box::new(packet)));
        if fate == Fate::Passed {
            self.arrives(number, from, Handing::Whole);
        }
        self
    }

    fn arrives(&mut self, packet: u32, from: EndpointId, how: Handing) -> &mut Self {
        self.happens(EndpointId(1 - from.0), What::Delivered { packet, how })
    }

    fn by_hand(&mut self, endpoint: EndpointId, act: WireAct) -> &mut Self {
        self.happens(endpoint, What::Wire { act, by_hand: true })
    }

    fn sends(&mut self, message: u32, start: u64, text: &str) -> &mut Self {
        let length = text.len() as u64;
        let bytes = Excerpt {
            len: length,
            hex: text.as_bytes().to_vec(),
            tail: Vec::new(),
        };
        let (header, json, delimiter) = (0, 0, 0);
        self.happens(
            SENDER,
            What::Message {
                message,
                start,
                header,
                json,
                delimiter,
                bytes,
            },
        );
        let (asked, returned) = (length, length);
        self.happens(
            SENDER,
            What::SendCall {
                message,
                asked,
                nonblocking: false,
            },
        );
        self.happens(
            SENDER,
            What::Send {
                message,
                asked,
                returned,
                start,
            },
        )
    }
}

/// Everything that can become of a packet.
fn all_fates() -> Trace {
    let mut made = Made { events: Vec::new() };
    let data = [Flag::Psh, Flag::Ack];
    let packets = 1;
    made.packet(1, SENDER, &[Flag::Syn], (0, 0), Fate::Passed)
        .packet(2, RECEIVER, &[Flag::Syn, Flag::Ack], (0, 0), Fate::Passed)
        .packet(3, SENDER, &[Flag::Ack], (0, 0), Fate::Passed)
        .by_hand(SENDER, WireAct::Hold)
        .sends(1, 0, "hello")
        .packet(4, SENDER, &data, (0, 5), Fate::Held)
        .sends(2, 5, "egg")
        .packet(5, SENDER, &data, (5, 8), Fate::Held)
        .packet(6, SENDER, &data, (0, 8), Fate::Held)
        .by_hand(SENDER, WireAct::Swap)
        .by_hand(SENDER, WireAct::Duplicate)
        .arrives(5, SENDER, Handing::Again)
        .by_hand(SENDER, WireAct::AcknowledgeAlone)
        .arrives(4, SENDER, Handing::Acknowledgement)
        .by_hand(SENDER, WireAct::Drop)
        .happens(
            SENDER,
            What::Removed {
                packet: 5,
                why: Removal::Hand,
            },
        )
        .by_hand(SENDER, WireAct::Release { packets })
        .arrives(4, SENDER, Handing::Whole)
        .by_hand(SENDER, WireAct::Open { packets })
        .arrives(6, SENDER, Handing::Whole)
        .packet(7, RECEIVER, &[Flag::Ack], (0, 0), Fate::LostByChance)
        .packet(8, RECEIVER, &[Flag::Ack], (0, 0), Fate::LostByRule)
        .packet(9, RECEIVER, &[Flag::Ack], (0, 0), Fate::Late)
        .packet(10, RECEIVER, &[Flag::Ack], (0, 0), Fate::Delayed)
        .arrives(10, RECEIVER, Handing::Whole)
        .arrives(9, RECEIVER, Handing::Whole)
        .packet(11, RECEIVER, &[Flag::Fin, Flag::Ack], (0, 0), Fate::Duplicated)
        .arrives(11, RECEIVER, Handing::Whole)
        .arrives(11, RECEIVER, Handing::Again)
        .happens(RECEIVER, What::RecvCall { asked: 10 })
        .happens(RECEIVER, What::Blocked { call: Call::Recv });
    trace("sticky", made.events)
}

fn trace(id: &str, events: Vec<Event>) -> Trace {
    let embedded = find(id).expect("a scenario");
    let scenario = read(embedded.file, embedded.text).expect("it reads").over_wire();
    let plan = Plan::new(&scenario, &scenario.defaults());
    let names = plan.endpoints.iter().map(|endpoint| endpoint.name.clone());
    Trace {
        head: Head {
            no_wire: None,
            lab: String::new(),
            system: String::new(),
            transport: plan.transport.name().to_owned(),
            family: plan.family.name().to_owned(),
            endpoints: names.collect(),
            file: embedded.file.to_owned(),
            link: Link::Wire,
            scenario: scenario.source,
            knobs: [("link".to_owned(), "wire".to_owned())].into(),
            stepped: false,
        },
        events,
        ending: Ending::Interrupted,
    }
}

fn told(trace: Trace) -> Story {
    Story::tell(trace).expect("a run that can be told")
}

fn look(lang: Lang, ascii: bool, width: usize) -> Look {
    Look {
        width,
        ..Look::new(lang, ascii, width)
    }
}

fn drawn(story: &Story, look: &Look) -> String {
    let lines = ladder(story, look);
    lines.iter().map(|line| line.plain() + "\n").collect()
}

#[test]
fn whatever_becomes_of_a_packet_is_drawn_as_before() {
    let story = told(all_fates());
    for (lang, ascii, width) in [
        (Lang::En, false, 80),
        (Lang::Zh, false, 80),
        (Lang::En, false, 60),
        (Lang::En, true, 80),
        (Lang::Zh, true, 120),
    ] {
        let (language, set) = (
            if lang == Lang::En { "en" } else { "zh" },
            if ascii { ".ascii" } else { "" },
        );
        let name = format!("ladder/fates.{language}{set}.{width}.txt");
        compare(&name, &drawn(&story, &look(lang, ascii, width)));
    }
}

#[test]
fn lines_are_as_wide_as_they_are_wanted_and_lose_nothing() {
    let story = told(all_fates());
    for lang in [Lang::En, Lang::Zh] {
        for width in 60..=200 {
            let lines = ladder(&story, &look(lang, false, width));
            for line in &lines {
                assert_eq!(line.width(), width, "{}", line.plain());
            }
            let all: String = lines.iter().map(|line| line.plain() + "\n").collect();
            for number in 1..=11 {
                assert!(all.contains(&format!("#{number} ")), "#{number} at {width}:\n{all}");
            }
        }
    }
}

#[test]
fn a_blank_stands_before_every_time_however_late_it_is() {
    // The screen puts its mark there.
    for late in [0, 9_000_000_000, 98_000_000_000, 3_600_000_000_000] {
        let mut trace = all_fates();
        trace.events.iter_mut().for_each(|event| event.at += late);
        let story = told(trace);
        let look = look(Lang::En, false, 100);
        let ladder = lab::report::ladder::Ladder::of(&story, &look, 0);
        let widths: Vec<usize> = std::iter::once(ladder.heading())
            .chain(
                ladder
                    .rungs(story.beats.len(), usize::MAX)
                    .into_iter()
                    .flat_map(|rung| rung.lines),
            )
            .map(|line| {
                assert!(line.plain().starts_with(' '), "{late}: {}", line.plain());
                line.width()
            })
            .skip(1)
            .collect();
        assert!(widths.iter().all(|width| *width == widths[0]), "{widths:?}");
    }
}

#[test]
fn a_part_of_the_diagram_is_its_end() {
    let story = told(all_fates());
    let look = look(Lang::En, false, 100);
    let diagram = Ladder::of(&story, &look, 0);
    for position in 0..=story.beats.len() {
        let all = diagram.rungs(position, usize::MAX);
        assert!(all.iter().all(|rung| rung.beat < position));
        assert!(all.is_sorted_by_key(|rung| rung.beat));
        for rows in 0..12 {
            let part = diagram.rungs(position, rows);
            assert_eq!(part[..], all[all.len() - part.len()..], "{rows} before {position}");
            let drawn: usize = part.iter().map(|rung| rung.lines.len()).sum();
            assert!(drawn >= rows || part.len() == all.len(), "{rows} before {position}");
        }
    }
}

#[test]
fn a_real_run_is_drawn_packet_by_packet() {
    let embedded = find("sticky").expect("a scenario");
    let scenario = read(embedded.file, embedded.text).expect("it reads").over_wire();
    let plan = Plan::new(&scenario, &scenario.defaults());
    let control = Control {
        program: Some(Path::new(env!("CARGO_BIN_EXE_lab"))),
        ..Control::default()
    };
    let outcome = match run(&plan, &control) {
        Ok(outcome) => outcome,
        Err(error) => return not_run("a real run as a diagram", &error.to_string()),
    };
    let story = told(Trace {
        ending: outcome.ending,
        ..trace("sticky", outcome.events)
    });
    let lines = ladder(&story, &look(Lang::En, false, 100));
    let texts: Vec<String> = lines.iter().map(lab::report::line::Line::plain).collect();
    let arrows = |sign: char| texts.iter().filter(|line| line.contains(sign)).count();
    let from = |side: u8| {
        story
            .packets
            .all()
            .iter()
            .filter(|packet| packet.from.0 == side)
            .count()
    };
    assert_eq!((arrows('▶'), arrows('◀')), (from(0), from(1)), "{texts:#?}");
    let place = |what: &str| {
        let place = texts.iter().position(|line| line.contains(what));
        place.unwrap_or_else(|| panic!("{what} is missing in {texts:#?}"))
    };
    // The sender connects, so it stands on the left.
    assert!(texts[0].trim_end().ends_with("receiver") && texts[0].contains("sender"));
    assert!(place("│── #1 SYN seq 0") < place("#2 SYN ACK"));
    assert!(place("● m1 send \"hello\"") < place("m1 PSH ACK seq 1-6"));
    assert!(place("m2 PSH ACK seq 6-9") < place("recv(10) → 8"));
}

#[test]
fn it_is_printed_in_place_of_the_timeline() {
    let saved = root("tests/traces/nagle-wire.jsonl").display().to_string();
    let done = lab_line(&format!("replay {saved} --ladder")).exits(0);
    assert!(
        done.stdout.contains("│── #1 SYN seq 0") && done.stdout.contains("held ├─"),
        "{}",
        done.stdout
    );
    assert!(done.stdout.contains("Everything that had to be seen was seen"));
    assert!(
        !done.stdout.contains("waits for 13 bytes"),
        "the timeline is printed too"
    );
}

#[test]
fn a_run_without_packets_cannot_be_drawn() {
    let saved = root("tests/traces/nagle.jsonl").display().to_string();
    lab_line(&format!("replay {saved} --ladder")).refuses(&["no packets to draw", "--link wire"]);
    lab_line("run short-recv --ladder").refuses(&["no packets to draw", "--link wire"]);
    lab_line("run short-recv --ladder --format json").refuses(&["cannot be used with"]);
}
