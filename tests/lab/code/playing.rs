//! The programs run against each other, as a student would run them. Only what belongs to the lab is put in: the port
//! is one that the kernel picks, and where a comment says that the lab waits, the program does.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use lab::code::{Language, LineRole, Listing, Part, Side, listing};
use lab::framing::FaultName;
use lab::pack::{Code, Format};
use lab::scenario::framing::SenderFault;
use lab::scenario::plan::{OutFrame, Task};
use lab::scenario::program::auth::Answers;
use lab::scenario::{Claim, Encoding, Link, Plan, Program, Reader};
use lab::words::{Lang, code as say};

use super::super::support::{Case, Done, cases, finish, not_run, run, within};
use super::plan;

/// Programs that run commands for each other.
mod commands;
/// Programs that keep files.
mod files;
/// Programs with several pipes.
mod pipes;
/// The programs in Python.
mod python;
/// The programs in Rust.
mod rust;
/// A server with several clients.
mod servers;

/// What a reader is to print, and why it is to give up.
#[derive(Debug, PartialEq, Eq)]
struct Expected {
    printed: Vec<Printed>,
    fails: Option<FaultName>,
    /// The other side gives up before it sends, because a value does not fit.
    cannot_pack: bool,
}

/// What is printed in a line.
#[derive(Debug, PartialEq, Eq)]
enum Printed {
    Bytes(Vec<u8>),
    Number(String),
}

/// Bytes that a step sends in all.
fn sent(task: &Task) -> Vec<Vec<u8>> {
    match task {
        Task::Send(bytes) => vec![bytes.clone()],
        Task::SendText { text, .. } => vec![text.clone().into_bytes()],
        Task::SendFrames(step) => {
            let frame = |frame: &OutFrame| frame.wire.bytes[..*frame.ends.last().expect("a call")].to_vec();
            step.frames.iter().map(frame).collect()
        }
        Task::SendPacked(packed) => packed.format.pack(&packed.values).into_iter().collect(),
        _ => Vec::new(),
    }
}

fn all_sent(plan: &Plan) -> Vec<Vec<u8>> {
    plan.steps.iter().flat_map(|step| sent(&step.task)).collect()
}

/// What follows from recv(2) once everything waits; and what the scenario expects of framing.
fn expected(plan: &Plan) -> Expected {
    let claimed = |find: &dyn Fn(&Claim) -> Option<Vec<Vec<u8>>>| plan.claims.iter().find_map(find);
    let fails = plan.claims.iter().find_map(|claim| match claim {
        Claim::Fails { reason, .. } => Some(*reason),
        _ => None,
    });
    let printed_bytes = |all: Vec<Vec<u8>>| all.into_iter().map(Printed::Bytes).collect();
    let unpacks = plan.steps.iter().find_map(|step| match &step.task {
        Task::ReadPacked(format) => Some(format),
        _ => None,
    });
    if let Some(format) = unpacks {
        return unpacked(plan, format);
    }
    if plan.steps.iter().any(|step| matches!(step.task, Task::ReadFrames(_))) {
        let frames = claimed(&|claim| match claim {
            Claim::Frames(frames) => Some(frames.clone()),
            _ => None,
        });
        assert!(
            frames.is_some() || fails.is_some(),
            "the scenario says what comes of it"
        );
        let printed = printed_bytes(frames.unwrap_or_default());
        return Expected {
            printed,
            fails,
            cannot_pack: false,
        };
    }
    let mut waiting = if plan.transport.is_stream() {
        vec![all_sent(plan).concat()]
    } else {
        all_sent(plan)
    };
    let mut printed = Vec::new();
    for step in &plan.steps {
        if let Task::Recv(asked) = step.task {
            let mut read = waiting.remove(0);
            let rest = read.split_off(asked.min(read.len()));
            printed.push(read);
            if plan.transport.is_stream() {
                waiting.insert(0, rest);
            }
        }
        if let Task::ReadText { asked, .. } = step.task {
            let bytes = waiting.concat();
            printed.extend(bytes.chunks(asked).map(<[u8]>::to_vec));
        }
    }
    if let Some(texts) = texts(plan) {
        return Expected {
            printed: printed_bytes(texts.into_iter().map(String::into_bytes).collect()),
            fails,
            cannot_pack: false,
        };
    }
    let reads = claimed(&|claim| match claim {
        Claim::Reads(reads) => Some(reads.clone()),
        _ => None,
    });
    assert!(
        reads.is_none_or(|reads| reads == printed),
        "the scenario expects this too"
    );
    Expected {
        printed: printed_bytes(printed),
        fails,
        cannot_pack: false,
    }
}

/// The values that the scenario expects, each in a line; or nothing, where they could not be packed.
fn unpacked(plan: &Plan, format: &Format) -> Expected {
    let values = plan.claims.iter().find_map(|claim| match claim {
        Claim::Values(values) => Some(values.clone()),
        _ => None,
    });
    let cannot_pack = plan.claims.iter().any(|claim| matches!(claim, Claim::PackFails { .. }));
    assert!(values.is_some() || cannot_pack, "the scenario says what comes of it");
    let printed = format.fields().zip(values.unwrap_or_default());
    let printed = printed.map(|(field, value)| match field.code {
        Code::Text => Printed::Bytes(value.into_bytes()),
        _ => Printed::Number(value),
    });
    Expected {
        printed: printed.collect(),
        // Its stream ends before there is a byte.
        fails: cannot_pack.then_some(FaultName::ShortBody),
        cannot_pack,
    }
}

/// What a reader of texts is to make of them.
fn texts(plan: &Plan) -> Option<Vec<String>> {
    plan.claims.iter().find_map(|claim| match claim {
        Claim::Texts(texts) => Some(texts.clone()),
        _ => None,
    })
}

/// Why two processes cannot be compared with the scenario: alone they race, or are not made for this harness.
fn not_compared(plan: &Plan) -> Option<&'static str> {
    let tasks = || plan.steps.iter().map(|step| &step.task);
    let reads = |task: &Task| {
        matches!(
            task,
            Task::Recv(_) | Task::ReadFrames { .. } | Task::ReadPacked(_) | Task::Drain(_) | Task::ReadText { .. }
        )
    };
    let sends = |task: &Task| {
        matches!(
            task,
            Task::Send(_) | Task::SendTimes { .. } | Task::TrySend { .. } | Task::SendText { .. } | Task::SendPacked(_)
        )
    };
    let late = tasks().skip_while(|task| !reads(task)).all(|task| !sends(task));
    let refused = plan
        .claims
        .iter()
        .any(|claim| matches!(claim, Claim::Errors(errors) if !errors.is_empty()));
    if !plan.transport.is_internet() {
        Some("they find each other by a path, and not by a port")
    } else if tasks().any(|task| matches!(task, Task::Run(Program::SendFile(_)))) {
        Some("they write a file, so they are played by themselves, in a folder of their own")
    } else if !late {
        Some("who reads between two sends races with them")
    } else if refused {
        Some("a call of theirs is to fail")
    } else if tasks().any(|task| matches!(task, Task::TrySend { .. } | Task::SendTimes { .. } | Task::Drain(_))) {
        Some("how much a queue takes is the kernel's to say")
    } else if tasks().any(|task| matches!(task, Task::ReadText { .. })) && texts(plan).is_none() {
        Some("how many marks stand for a broken character differs between decoders")
    } else if tasks().any(|task| {
        matches!(
            task,
            Task::ReadText {
                encoding: Encoding::Gbk,
                ..
            }
        )
    }) {
        Some("Rust's standard library does not decode GBK")
    } else {
        None
    }
}

/// How programs in a language are started, and what must be put into them.
trait Player {
    fn language(&self) -> Language;
    /// A program on a port that the kernel picks; it prints which.
    fn first(&self, text: &str, stream: bool) -> String;
    /// A program that finds the first one where it is told to.
    fn second(&self, text: &str) -> String;
    /// Waits until so many bytes can be read; of datagrams, until a line comes on standard input.
    fn wait(&self, bytes: Option<usize>) -> String;
    /// Waits until the other side has gone.
    fn wait_for_the_end(&self) -> String;
    /// What a reader prints of these bytes.
    fn printed(&self, bytes: &[u8]) -> String;
    /// What a sender says when a value does not fit.
    fn refusal(&self) -> &'static str;
    /// What it says when it gives up: one of these.
    fn complaint(&self, reason: FaultName, reader: Reader) -> &'static [&'static str];
    /// The command; `port` is where the other side is.
    fn command(&self, text: &str, port: Option<&str>) -> Command;
}

/// How the frames of a plan are read.
fn reader(plan: &Plan) -> Option<Reader> {
    plan.steps.iter().find_map(|step| match &step.task {
        Task::ReadFrames(step) => Some(step.reader),
        _ => None,
    })
}

/// A program with what the lab does put in.
fn staged(side: &Side, plan: &Plan, player: &dyn Player) -> String {
    let waits_for = plan.transport.is_stream().then(|| all_sent(plan).concat().len());
    // Only who reads once gives up on a piece and goes, which can be waited for; for the others it is all the same.
    let reads_once = reader(plan) == Some(Reader::SingleRecv);
    // A program that ends closes its socket; the peer that stops in the middle does not.
    let stops = plan.steps.iter().any(|step| match &step.task {
        Task::SendFrames(step) => step
            .frames
            .iter()
            .any(|frame| matches!(frame.fault, Some(SenderFault::StopsAfter(_)))),
        _ => false,
    });
    let pieces = [say::rest_when_read(Lang::En), say::next_when_read(Lang::En)];
    let mut text = String::new();
    for line in &side.lines {
        let all_queued = line.lights.is_some_and(|lights| {
            lights.call == Part::Wait && matches!(plan.steps[lights.step].task, Task::UntilAllQueued)
        });
        let between = line.role == LineRole::Comment && pieces.iter().any(|piece| line.text.ends_with(piece));
        let indent = line.text.len() - line.text.trim_start().len();
        let put_in = if all_queued {
            player.wait(waits_for)
        } else if (between && reads_once) || (stops && line.text.ends_with(&say::stays_open(Lang::En))) {
            player.wait_for_the_end()
        } else {
            line.text.trim_start().to_owned()
        };
        text.push_str(&line.text[..indent]);
        text.push_str(&put_in);
        text.push('\n');
    }
    text
}

struct Started {
    child: Child,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
    port: String,
}

fn start(mut command: Command) -> Started {
    let pipes = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = pipes.spawn().expect("start a program");
    let stdin = child.stdin.take().expect("its standard input");
    let mut stdout = BufReader::new(child.stdout.take().expect("its standard output"));
    let (port, stdout) = within(child.id(), "the port of the first program", move || {
        let mut port = String::new();
        stdout.read_line(&mut port).expect("read the port");
        (port.trim().to_owned(), stdout)
    });
    Started {
        child,
        stdin,
        stdout,
        port,
    }
}

/// The two programs of a listing, the one to be started first in front.
fn programs(plan: &Plan, listing: &Listing, player: &dyn Player) -> [String; 2] {
    let is_first = |side: &Side| side.lines[0].text.ends_with(&say::start_first(Lang::En));
    let (first, second): (Vec<&Side>, Vec<&Side>) = listing.sides.iter().partition(|side| is_first(side));
    let stream = plan.transport.is_stream();
    let first = player.first(&staged(first[0], plan, player), stream);
    [first, player.second(&staged(second[0], plan, player))]
}

/// Plays two programs: the first one is started, the other one runs to its end, then the first to its end. What the one
/// that reads did, and the other.
fn play(plan: &Plan, [first, second]: &[String; 2], player: &dyn Player) -> (Done, Done) {
    let Started {
        child,
        mut stdin,
        mut stdout,
        port,
    } = start(player.command(first, None));
    let other = run(player.command(second, Some(&port)));
    // It may have ended already.
    let _ = stdin.write_all(b"\n");
    drop(stdin);
    let printed = within(child.id(), "the first program", move || {
        let mut printed = String::new();
        stdout.read_to_string(&mut printed).expect("read what it prints");
        printed
    });
    let done = finish(child, "the first program");
    let done = Done {
        stdout: printed,
        ..done
    };
    let (reader, sender) = if second_reads(plan) {
        (other, done)
    } else {
        (done, other)
    };
    // Whose reader has gone may fail in sending.
    assert!(reader.code != 0 || sender.code == 0, "{}", sender.stderr);
    (reader, sender)
}

/// Whether it is the program that is started second that reads frames or structs.
fn second_reads(plan: &Plan) -> bool {
    let mut reading = plan
        .steps
        .iter()
        .filter(|step| matches!(step.task, Task::ReadFrames(_) | Task::ReadPacked(_)));
    reading.any(|step| !plan.endpoints[step.endpoint].listens)
}

/// What is not as expected.
fn difference(plan: &Plan, (done, other): &(Done, Done), player: &dyn Player) -> Option<String> {
    let Expected {
        printed,
        fails,
        cannot_pack,
    } = expected(plan);
    let is_text = texts(plan).is_some();
    let line = |printed: &Printed| match printed {
        Printed::Bytes(bytes) if is_text => String::from_utf8_lossy(bytes).into_owned() + "\n",
        Printed::Bytes(bytes) => player.printed(bytes) + "\n",
        Printed::Number(number) => format!("{number}\n"),
    };
    let lines: String = printed.iter().map(line).collect();
    if cannot_pack != other.stderr.contains(player.refusal()) {
        return Some(format!("{other:?}\ncould not pack: {cannot_pack}"));
    }
    let reader = reader(plan).unwrap_or(Reader::Exact);
    let complaint = fails.map(|reason| player.complaint(reason, reader));
    let as_expected = done.stdout == lines
        && (done.code != 0) == fails.is_some()
        && complaint.is_none_or(|complaint| complaint.iter().any(|words| done.stderr.contains(words)));
    (!as_expected).then(|| format!("{done:?}\nexpected {lines:?}, {complaint:?}"))
}

/// Every case with its programs.
fn all_programs(player: &dyn Player) -> Vec<(Case, [String; 2])> {
    let listed = |case: Case| {
        let plan = plan(&case);
        let programs = programs(&plan, &listing(&plan, player.language(), Lang::En), player);
        (case, programs)
    };
    // Those with several connections, and those that run commands, are played by themselves.
    // What a wire does to packets a program cannot.
    let alone = |case: &Case| case.scenario.link(&case.settings) == Link::Loopback;
    let pairs = cases()
        .into_iter()
        .filter(|case| case.scenario.endpoints.len() == 2 && alone(case));
    let pairs = pairs.filter(|case| !commands::are_run(&plan(case)));
    let (compared, others): (Vec<Case>, Vec<Case>) = pairs.partition(|case| not_compared(&plan(case)).is_none());
    let mut because: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for case in &others {
        because
            .entry(not_compared(&plan(case)).unwrap_or_default())
            .or_default()
            .push(case.args());
    }
    for (because, cases) in because {
        not_run(
            &format!("programs of {} settings ({} …)", cases.len(), cases[0]),
            because,
        );
    }
    assert!(compared.len() >= others.len(), "most of the programs are compared");
    compared.into_iter().map(listed).collect()
}

#[track_caller]
fn every_server_plays(player: &dyn Player) {
    let servers = servers::all(player);
    assert!(servers.len() > 2);
    for server in &servers {
        assert_eq!(server.difference(player), None, "{}", server.first);
    }
    // And what is wrong would be noticed.
    let mut wrong = servers::all(player).swap_remove(0);
    for step in &mut wrong.plan.steps {
        match &mut step.task {
            Task::Run(Program::Ask { text, .. }) => text.push('s'),
            // What is expected of it is told by how it answers.
            Task::Run(Program::Respond(how)) => how.answers = Answers::Replay,
            _ => {}
        }
    }
    assert!(wrong.difference(player).is_some());
}

#[track_caller]
fn every_case_plays(player: &dyn Player) {
    for (case, programs) in all_programs(player) {
        let plan = plan(&case);
        let done = play(&plan, &programs, player);
        assert_eq!(difference(&plan, &done, player), None, "{}", case.args());
    }
}

/// The programs of a case in which the reader takes two bytes first, with another number in its place.
fn spoilt(player: &dyn Player, right: &str, wrong: &str) -> (Plan, [String; 2]) {
    let is_short = |case: &Case| case.args() == "short-recv";
    let plan = plan(&cases().into_iter().find(is_short).expect("the scenario short-recv"));
    let [first, second] = programs(&plan, &listing(&plan, player.language(), Lang::En), player);
    assert!(first.contains(right), "{first}");
    (plan, [first.replace(right, wrong), second])
}
