use lab::code::{Language, Line, LineRole, Listing, Part, Side, listing};
use lab::framing::Kind;
use lab::scenario::framing::SenderFault;
use lab::scenario::plan::{OutFrame, ReadFrames, SendFrames, Task};
use lab::scenario::program::auth::{Answers, Cut};
use lab::scenario::program::commands::{CommandServer, ReplyHeader};
use lab::scenario::read::read;
use lab::scenario::{Plan, Program, Reader, Writes};
use lab::words::Lang;
use unicode_width::UnicodeWidthStr;

use super::support::{Case, cases, scenario};

/// The programs compile.
mod compiling;
/// The programs do what the scenario expects.
mod playing;

const LANGUAGES: [Language; 2] = [Language::Python, Language::Rust];
const LANGS: [Lang; 2] = [Lang::En, Lang::Zh];

/// Widest line, in columns.
const WIDTH: usize = 46;

fn plan(case: &Case) -> Plan {
    Plan::new(&case.scenario, &case.settings)
}

/// Plans with what no scenario that comes with the lab has.
fn odd_plans() -> Vec<Plan> {
    let options = "nodelay = true\nquickack = true\nmss = 536\nreceive_buffer = 4096\nsend_buffer = 8192";
    let both = format!("[endpoints.sender]\n{options}\n[endpoints.receiver]\nlistens = true\n{options}");
    let long = "The quick brown fox jumps over the lazy dog";
    let tcp = format!(
        "steps = [\n{{ sender.send = {{ letters = 1000 }} }},\n{{ sender.send = \"{long}\" }},\n\
         {{ sender.send = {{ hex = \"00ff0a22275c\" }} }},\n{{ sender.send = \"\\u202e 粘包 \\\"'\" }},\n\
         {{ sender.until_acked = true }},\n{{ receiver.until_queued = 9 }},\n{{ receiver.recv = 70000 }},\n\
         {{ receiver.recv = 2 }},\n{{ receiver.send = \"thanks\" }},\n{{ sender.recv = 9 }},\n{{ sender.close = true }},\n\
         {{ receiver.recv = 9 }},\n{{ receiver.close = true }},\n]"
    );
    let silent = "steps = [{ sender.close = true }, { receiver.recv = 1 }]";
    let unused = "steps = [{ receiver.close = true }, { sender.recv = 1 }]";
    let udp = format!(
        "steps = [\n{{ receiver.send = \"{long}\" }},\n{{ sender.until_queued = 1 }},\n{{ sender.recv = 9 }},\n\
         {{ sender.send = \"\" }},\n{{ receiver.recv = 9 }},\n]"
    );
    let frames = format!(
        "steps = [\n{{ sender.send_frames = [\"{long}\", \"粘包{long}\", \"ham\", \"spam\"] }},\n\
         {{ sender.send_frames = [\"{long}\"] }},\n{{ receiver.read_frames = 4 }},\n{{ receiver.read_frames = 1 }},\n\
         {{ receiver.send_frames = [\"ok\"] }},\n{{ sender.read_frames = 1 }},\n]\n[framing]\norder = \"little\"\n\
         counts = \"bytes\"\nwrites = \"bytes\"\nreader = \"READER\"\nlimit = 1024"
    );
    let usual = "[endpoints.sender]\n[endpoints.receiver]\nlistens = true";
    let structs = "steps = [\n{ sender.send_packed = \"all\" },\n{ sender.send_packed = \"odd\" },\n\
         { receiver.read_packed = \"all\" },\n{ receiver.read_packed = \"odd\" },\n{ receiver.send_packed = \"wide\" },\n\
         { sender.read_packed = \"wide\" },\n{ sender.send_packed = \"too-wide\" },\n]";
    let formats = "\n[formats.all]\nformat = \"<bBhHiIqQfd5s2xs0i\"\nread_as = \">bBhHiIqQfd5s2xs0i\"\n\
         values = [-1, 255, -2, 3, -4, 5, -9223372036854775808, 18446744073709551615, -0.5, \"-inf\", \"粘包\", \"\"]\n\
         [formats.odd]\nformat = \"bq3x2f\"\nvalues = [1, 2, \"nan\", 7]\n\
         [formats.wide]\nformat = \"=100s\"\nvalues = [\"The quick brown fox jumps over the lazy dog\"]\n\
         [formats.too-wide]\nformat = \"2Bx\"\nvalues = [1, -1]";
    let texts = [
        scenario_with("tcp", structs, &format!("{usual}{formats}")),
        scenario_with("tcp", &tcp, &both),
        scenario_with("tcp", silent, usual),
        scenario_with("tcp", unused, usual),
        scenario_with("udp", &udp, usual),
        scenario_with("tcp", &frames.replace("READER", "exact"), usual),
        scenario_with("tcp", &frames.replace("READER", "single-recv"), usual),
    ];
    let kinds = [
        "kind = \"length\"\norder = \"native\"\nsigned = true",
        "kind = \"digit\"",
        "kind = \"digit\"\nreader = \"single-recv\"\nwrites = \"two\"",
        "kind = \"decimal\"\nwrites = \"cut-header\"",
        "kind = \"decimal\"\nwrites = \"cut-header\"\nhandshake = true\nreader = \"single-recv\"",
        "kind = \"decimal\"\nwrites = \"bytes\"\nhandshake = true\nreader = \"running-total\"",
        "kind = \"json\"\nwrites = \"two\"\nreader = \"single-recv\"",
        "kind = \"json\"\norder = \"little\"\nsigned = true\nwrites = \"bytes\"",
        "kind = \"delimiter\"\nescape = true",
        "kind = \"delimiter\"\nwrites = \"bytes\"",
    ];
    let of_each_kind = kinds.iter().flat_map(|kind| {
        ["", "\ndeadline_ms = 200"].map(|deadline| {
            let steps = format!(
                "steps = [\n{{ sender.send_frames = [\"ham\", \"粘包\"] }},\n{{ receiver.read_frames = 2 }},\n\
                 {{ sender.send_frames = [{{ letters = 100 }}, \"egg\"] }},\n{{ receiver.read_frames = 2 }},\n\
                 {{ sender.send_frames = [{{ text = \"egg\", every_ms = 20 }}] }},\n\
                 {{ sender.send_frames = [{{ text = \"egg\", stop_after = 2 }}] }},\n\
                 {{ receiver.read_frames = 1 }},\n]\n[framing]\n{kind}{deadline}"
            );
            scenario_with("tcp", &steps, usual)
        })
    });
    let texts: Vec<String> = texts.into_iter().chain(of_each_kind).chain(programs()).collect();
    let plans = texts.iter().flat_map(|text| {
        let scenario = read("odd.toml", text).unwrap_or_else(|problems| panic!("{problems}"));
        let mut plan = Plan::new(&scenario, &scenario.defaults());
        let first = plan.clone();
        plan.family = lab::scenario::Family::Ipv6;
        [first, plan]
    });
    plans.collect()
}

/// A client that asks a server twice; and a server with three clients, one after another and all at once.
fn programs() -> Vec<String> {
    let ask = |number: usize| {
        format!(
            "{{ client-{number}.run = {{ program = \"ask\", text = \"tea\" }} }},\n\
             {{ client-{number}.run = {{ program = \"ask\", text = \"粘包\" }} }},\n"
        )
    };
    let serve = |number: usize| format!("{{ server-{number}.run = {{ program = \"serve\", limit = 100 }} }},\n");
    let close = |number: usize| format!("{{ client-{number}.close = true }},\n");
    let with = |ends: std::ops::RangeInclusive<usize>, server: &str| {
        let steps = [
            ends.clone().map(serve).collect::<String>(),
            ends.clone().map(ask).collect(),
            ends.clone().map(close).collect(),
        ];
        let ends = ends.map(|number| {
            format!(
                "[endpoints.server-{number}]\nlistens = true\n{server}\n[endpoints.client-{number}]\nnodelay = true"
            )
        });
        let ends: Vec<String> = ends.collect();
        scenario_with("tcp", &format!("steps = [\n{}]", steps.concat()), &ends.join("\n"))
    };
    vec![
        with(1..=1, "nodelay = true"),
        with(1..=3, "thread = \"serial\""),
        with(1..=3, "nodelay = true\nreceive_buffer = 9000"),
    ]
}

/// A scenario file with these endpoints instead of the usual ones.
fn scenario_with(transport: &str, steps: &str, endpoints: &str) -> String {
    let expects = "[[expect]]\nreadings = [\"whole\"]\n";
    let text = scenario(transport, &format!("{steps}\n\n{expects}"));
    text.replace(
        "[endpoints.sender]\n[endpoints.receiver]\nlistens = true\n",
        &format!("{endpoints}\n"),
    )
}

/// What of a step is to be seen in a program.
fn parts(task: &Task) -> Vec<Part> {
    match task {
        Task::Send(_) | Task::SendTimes { .. } | Task::TrySend { .. } | Task::SendText { .. } => vec![Part::Send],
        Task::Recv(_) | Task::Drain(_) | Task::ReadText { .. } | Task::Run(Program::ReadBoth { .. }) => {
            vec![Part::Recv]
        }
        Task::Cork(_) => vec![Part::Option],
        Task::SendFrames(step) => parts_of_sending(step),
        Task::ReadFrames(step) => parts_of_reading(step),
        Task::Run(Program::CommandServer(CommandServer { header, .. }) | Program::CommandClient { header, .. })
            if *header == ReplyHeader::None =>
        {
            let mut parts = vec![Part::Send, Part::Recv];
            if let Task::Run(Program::CommandClient { .. }) = task {
                parts.push(Part::Deliver);
            }
            parts
        }
        // The header goes ahead, and each piece of the body is a send of its own.
        Task::Run(program @ (Program::SendFile(_) | Program::Put(_))) => {
            let mut parts = vec![
                Part::Send,
                Part::RecvHeader,
                Part::Refuse,
                Part::RecvBody,
                Part::Recv,
                Part::Short,
            ];
            if let Program::SendFile(_) = program {
                parts.push(Part::SendHeader);
            }
            parts
        }
        Task::Run(program) => {
            let mut parts = vec![
                Part::RecvHeader,
                Part::Refuse,
                Part::RecvBody,
                Part::Send,
                Part::Recv,
                Part::Short,
            ];
            match program {
                Program::Ask { .. } | Program::CommandClient { .. } => parts.push(Part::Deliver),
                Program::Respond(how) => {
                    parts.push(Part::Deliver);
                    let framed = !matches!(how.answers, Answers::Noise | Answers::Stops);
                    if framed && how.cut == Cut::InTwo {
                        parts.retain(|part| *part != Part::Send);
                        parts.extend([Part::SendHeader, Part::SendBody]);
                    }
                }
                _ => {}
            }
            parts
        }
        Task::SendPacked(_) => vec![Part::Pack, Part::Send],
        Task::ReadPacked(_) => vec![Part::Recv, Part::Short, Part::Unpack],
        // What is done to the wire no program does, as no program waits for its queues.
        Task::UntilAllQueued
        | Task::UntilQueued(_)
        | Task::UntilAcked
        | Task::Hold
        | Task::Release(_)
        | Task::DropHeld
        | Task::Lose { .. }
        | Task::UntilHeld(_) => vec![Part::Wait],
        Task::Close | Task::ShutDown => vec![Part::Close],
        Task::Reset => vec![Part::Option, Part::Close],
    }
}

/// The same for a step of a plan: a program is written once, and lit there during the first step that runs it; a later
/// one lights its own line.
fn parts_of(plan: &Plan, number: usize) -> Vec<Part> {
    let step = &plan.steps[number];
    let runs = |task: &Task| match task {
        Task::Run(program) => Some(program.name()),
        _ => None,
    };
    let mut before = plan.steps[..number]
        .iter()
        .filter(|other| other.endpoint == step.endpoint);
    if runs(&step.task).is_some() && before.any(|other| runs(&other.task) == runs(&step.task)) {
        return vec![Part::Deliver];
    }
    parts(&step.task)
}

fn parts_of_sending(step: &SendFrames) -> Vec<Part> {
    let errs = |frame: &OutFrame| matches!(frame.fault, Some(SenderFault::StopsAfter(_) | SenderFault::Dribbles(_)));
    if step.frames.iter().any(errs) {
        return vec![Part::Send];
    }
    let mut parts = match step.writes {
        Writes::One if step.handshake => vec![Part::SendHeader, Part::SendBody],
        Writes::One | Writes::Bytes => vec![Part::Send],
        Writes::Two | Writes::CutHeader => vec![Part::SendHeader, Part::SendBody],
    };
    if step.handshake {
        parts.push(Part::Recv);
    }
    parts
}

fn parts_of_reading(step: &ReadFrames) -> Vec<Part> {
    if let Kind::Delimiter { .. } = step.codec.kind {
        let mut parts = vec![Part::Recv, Part::Deliver];
        if step.reader == Reader::Exact {
            parts.extend([Part::Refuse, Part::Short]);
        }
        return parts;
    }
    let mut parts = vec![Part::RecvHeader, Part::Refuse, Part::RecvBody, Part::Deliver];
    let unpacks = matches!(step.codec.kind, Kind::Length { .. } | Kind::Json { .. });
    match step.reader {
        Reader::Exact => parts.extend([Part::Recv, Part::Short]),
        Reader::RunningTotal => parts.push(Part::Short),
        // It believes whatever digits it gets.
        Reader::SingleRecv if unpacks => parts.push(Part::Short),
        Reader::SingleRecv => {}
    }
    if step.handshake {
        parts.push(Part::Send);
    }
    parts
}

/// Everything that is wrong with a listing.
fn faults(plan: &Plan, listing: &Listing, widest: usize) -> Vec<String> {
    let mut faults = Vec::new();
    if listing.sides.len() != plan.endpoints.len() {
        faults.push("not one program an endpoint".to_owned());
    }
    for (number, step) in plan.steps.iter().enumerate() {
        for part in parts_of(plan, number) {
            let line = listing.line_of(step.endpoint, number, part);
            let lights = line.and_then(|line| listing.sides[step.endpoint].lines[line].lights);
            if lights.is_none_or(|lights| lights.call != part || lights.step != number) {
                faults.push(format!("step {number}: nothing is lit for {part:?}"));
            }
        }
    }
    for (endpoint, side) in listing.sides.iter().enumerate() {
        for line in &side.lines {
            if let Some(lights) = line.lights {
                let step = plan.steps.get(lights.step);
                let own =
                    step.is_some_and(|step| step.endpoint == endpoint && parts(&step.task).contains(&lights.call));
                if !own || line.text.is_empty() {
                    faults.push(format!("lit without need: {line:?}"));
                }
            }
            let width = line.text.width();
            if width > widest || line.text.chars().any(char::is_control) || line.text.trim_end() != line.text {
                faults.push(format!("{width} columns: {line:?}"));
            }
            let is_comment = ["#", "//"].iter().any(|mark| line.text.trim_start().starts_with(mark));
            if is_comment != (line.role == LineRole::Comment) {
                faults.push(format!("comment or not: {line:?}"));
            }
        }
        let blanks = side
            .lines
            .windows(2)
            .filter(|pair| pair.iter().all(|line| line.text.is_empty()));
        let ends = [side.lines.first(), side.lines.last()];
        if blanks.count() > 0 || ends.iter().any(|line| line.is_none_or(|line| line.text.is_empty())) {
            faults.push("an empty line too many".to_owned());
        }
    }
    faults
}

/// Most lines of a program. Who reads JSON, decimal digits or lines, or has a deadline, needs a function more. Who runs
/// commands has a table of them, runs them and reads frames; who asks for them reads frames, and each reply in its
/// parts. Who runs another whole program has up to two functions.
fn longest(plan: &Plan, language: Language) -> usize {
    let usual = if language == Language::Python { 28 } else { 42 };
    let extra = plan.steps.iter().map(|step| match &step.task {
        Task::ReadFrames(step) => {
            let kind = match step.codec.kind {
                Kind::Digit | Kind::Length { .. } => 0,
                Kind::Decimal { .. } | Kind::Delimiter { .. } => 1,
                Kind::Json { .. } => 2,
            };
            kind + usize::from(step.deadline.is_some())
        }
        Task::Run(Program::CommandServer(CommandServer { header, .. }) | Program::CommandClient { header, .. }) => {
            match header {
                ReplyHeader::None => 2,
                ReplyHeader::Length => 4,
                ReplyHeader::Json => 5,
            }
        }
        // A digest, a judgement, frames both ways, and the exchange itself.
        Task::Run(Program::Challenge(_)) => 5,
        Task::Run(Program::Respond(_)) => 3,
        // A header with names in it, a body in pieces, a comparison, and a reply.
        Task::Run(Program::SendFile(_) | Program::Put(_)) => 4,
        Task::Run(Program::ReceiveFile(_) | Program::ServePuts(_)) => 7,
        Task::Run(_) => 2,
        _ => 0,
    });
    let a_function = if language == Language::Python { 9 } else { 16 };
    usual + a_function * extra.max().unwrap_or(0)
}

#[test]
fn every_call_of_every_scenario_has_its_line() {
    for case in cases() {
        let plan = plan(&case);
        for language in LANGUAGES {
            for lang in LANGS {
                let listing = listing(&plan, language, lang);
                let faults = faults(&plan, &listing, WIDTH);
                assert_eq!(faults, [""; 0], "{} {language:?} {lang:?}", case.args());
                let most = longest(&plan, language);
                for side in &listing.sides {
                    assert!(side.lines.len() <= most, "{} lines\n{}", side.lines.len(), side.text());
                }
            }
        }
    }
}

#[test]
fn only_the_comments_differ_between_the_languages_of_the_user() {
    let code = |lines: &[Line]| -> Vec<Line> {
        let code = lines.iter().filter(|line| line.role == LineRole::Code);
        code.cloned().collect()
    };
    for plan in cases().iter().map(plan).chain(odd_plans()) {
        for language in LANGUAGES {
            let [en, zh] = LANGS.map(|lang| listing(&plan, language, lang));
            for (en, zh) in en.sides.iter().zip(&zh.sides) {
                assert_eq!(code(&en.lines), code(&zh.lines));
                assert_eq!(en.lines.len(), zh.lines.len());
            }
        }
    }
}

#[test]
fn odd_plans_fit_as_well() {
    for plan in odd_plans() {
        for language in LANGUAGES {
            for lang in LANGS {
                let listing = listing(&plan, language, lang);
                let mut faults = faults(&plan, &listing, 54);
                // What two steps share is lit for the first.
                let shared = ["for Short", "for Recv", "for Refuse"];
                faults.retain(|fault| !shared.iter().any(|part| fault.ends_with(part)));
                let texts: String = listing.sides.iter().map(Side::text).collect();
                assert_eq!(faults, [""; 0], "{language:?}\n{texts}");
            }
        }
    }
}

#[test]
fn a_listing_that_is_wrong_would_be_noticed() {
    let case = &cases()[0];
    let plan = plan(case);
    let right = listing(&plan, Language::Python, Lang::En);
    let spoilt = |spoil: &dyn Fn(&mut Line)| {
        let mut listing = right.clone();
        for line in listing.sides.iter_mut().flat_map(|side| &mut side.lines) {
            spoil(line);
        }
        faults(&plan, &listing, WIDTH)
    };
    assert_eq!(spoilt(&|_| ()), [""; 0]);
    assert_ne!(spoilt(&|line| line.lights = None), [""; 0]);
    assert_ne!(spoilt(&|line| line.text.push_str(&" wide".repeat(10))), [""; 0]);
    assert_ne!(spoilt(&|line| line.role = LineRole::Code), [""; 0]);
    assert_ne!(
        spoilt(&|line| line.lights.iter_mut().for_each(|lights| lights.step += 1)),
        [""; 0]
    );
}

#[track_caller]
fn reads(case: &str, endpoint: usize, language: Language, lang: Lang, expected: &str) {
    let all = cases();
    let found = all.iter().find(|other| other.args() == case).expect("such a case");
    let listing = listing(&plan(found), language, lang);
    let text = listing.sides[endpoint].text();
    assert!(text == expected, "{text}");
}

#[test]
fn a_reader_of_frames_in_python() {
    reads("length-prefix", 1, Language::Python, Lang::En, READER_OF_FRAMES);
}

#[test]
fn a_mistaken_sender_of_frames_in_rust() {
    let case = "length-prefix --set counts=characters --set reader=single-recv";
    reads(case, 0, Language::Rust, Lang::Zh, MISTAKEN_SENDER);
}

#[test]
fn a_late_reader_in_rust() {
    reads("short-recv", 1, Language::Rust, Lang::En, LATE_READER);
}

const READER_OF_FRAMES: &str = r#"# start this one first
import socket
import struct

HOST, PORT = "127.0.0.1", 9999
LIMIT = 1024

def recv_exactly(sock, n):
    data = b""
    while len(data) < n:
        chunk = sock.recv(n - len(data))
        if not chunk:
            raise EOFError("stream ended")
        data += chunk
    return data

listener = socket.create_server((HOST, PORT))
sock, _ = listener.accept()
# lab: waits until everything is queued
for _ in range(3):
    header = recv_exactly(sock, 4)
    (length,) = struct.unpack("!I", header)
    if length > LIMIT:
        raise ValueError("over limit")
    body = recv_exactly(sock, length)
    print(body)
"#;

const MISTAKEN_SENDER: &str = r#"use std::io::{self, Write};
use std::net::TcpStream;

const ADDR: &str = "127.0.0.1:9999";

fn main() -> io::Result<()> {
    let mut sock = TcpStream::connect(ADDR)?;
    sock.set_nodelay(true)?;
    for text in ["hello", "粘包", "world"] {
        let body = text.as_bytes();
        // 错在：数的是字符，不是字节
        let len = text.chars().count() as u32;
        let header = len.to_be_bytes();
        let mut frame = header.to_vec();
        frame.extend_from_slice(body);
        sock.write_all(&frame)?;
    }
    // lab：双方都做完才关闭
    Ok(())
}
"#;

const LATE_READER: &str = r#"// start this one first
use std::io::{self, Read};
use std::net::TcpListener;

const ADDR: &str = "127.0.0.1:9999";

fn main() -> io::Result<()> {
    let listener = TcpListener::bind(ADDR)?;
    let (mut sock, _) = listener.accept()?;
    let mut buf = [0; 10];
    // lab: waits until everything is queued
    let n = sock.read(&mut buf[..2])?;
    println!("{}", buf[..n].escape_ascii());
    let n = sock.read(&mut buf)?;
    println!("{}", buf[..n].escape_ascii());
    Ok(())
}
"#;
