//! The programs run against each other, as a student would run them. Only what belongs to the lab is put in: the port
//! is one that the kernel picks, and where a comment says that the lab waits, the program does.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use lab::code::{Language, LineRole, Listing, Part, Side, listing};
use lab::framing::FaultName;
use lab::pack::{Code, Format};
use lab::scenario::plan::Task;
use lab::scenario::{Claim, Plan, Reader, Transport};
use lab::words::{Lang, code as say};

use super::super::support::{Case, Done, cases, finish, run, within};
use super::plan;

/// The programs in Python.
mod python;
/// The programs in Rust.
mod rust;

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
        Task::SendFrames { frames, .. } => {
            let frame = |(_, body): &(u32, Vec<u8>)| [&[0; 4][..], body].concat();
            frames.iter().map(frame).collect()
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
    if plan
        .steps
        .iter()
        .any(|step| matches!(step.task, Task::ReadFrames { .. }))
    {
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
    let mut waiting = match plan.transport {
        Transport::Tcp => vec![all_sent(plan).concat()],
        Transport::Udp => all_sent(plan),
    };
    let mut printed = Vec::new();
    for step in &plan.steps {
        if let Task::Recv(asked) = step.task {
            let mut read = waiting.remove(0);
            let rest = read.split_off(asked.min(read.len()));
            printed.push(read);
            if plan.transport == Transport::Tcp {
                waiting.insert(0, rest);
            }
        }
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
    /// What it says when it gives up.
    fn complaint(&self, reason: FaultName, reader: Reader) -> &'static str;
    /// The command; `port` is where the other side is.
    fn command(&self, text: &str, port: Option<&str>) -> Command;
}

/// A program with what the lab does put in.
fn staged(side: &Side, plan: &Plan, player: &dyn Player) -> String {
    let waits_for = (plan.transport == Transport::Tcp).then(|| all_sent(plan).concat().len());
    // Only who reads once gives up on a piece and goes, which can be waited for; for the others it is all the same.
    let reads_once = plan.steps.iter().any(|step| {
        matches!(
            step.task,
            Task::ReadFrames {
                reader: Reader::SingleRecv,
                ..
            }
        )
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
        } else if between && reads_once {
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
    let stream = plan.transport == Transport::Tcp;
    let first = player.first(&staged(first[0], plan, player), stream);
    [first, player.second(&staged(second[0], plan, player))]
}

/// Plays two programs: the first one is started, the other one runs to its end, then the first to its end. What the first
/// one did, and the other.
fn play([first, second]: &[String; 2], player: &dyn Player) -> (Done, Done) {
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
    // Whose reader has gone may fail in sending.
    assert!(done.code != 0 || other.code == 0, "{}", other.stderr);
    let done = Done {
        stdout: printed,
        ..done
    };
    (done, other)
}

/// What is not as expected.
fn difference(plan: &Plan, (done, other): &(Done, Done), player: &dyn Player) -> Option<String> {
    let Expected {
        printed,
        fails,
        cannot_pack,
    } = expected(plan);
    let line = |printed: &Printed| match printed {
        Printed::Bytes(bytes) => player.printed(bytes) + "\n",
        Printed::Number(number) => format!("{number}\n"),
    };
    let lines: String = printed.iter().map(line).collect();
    if cannot_pack != other.stderr.contains(player.refusal()) {
        return Some(format!("{other:?}\ncould not pack: {cannot_pack}"));
    }
    let reader = plan.steps.iter().find_map(|step| match step.task {
        Task::ReadFrames { reader, .. } => Some(reader),
        _ => None,
    });
    let complaint = fails.map(|reason| player.complaint(reason, reader.unwrap_or(Reader::Exact)));
    let as_expected = done.stdout == lines
        && (done.code != 0) == fails.is_some()
        && complaint.is_none_or(|complaint| done.stderr.contains(complaint));
    (!as_expected).then(|| format!("{done:?}\nexpected {lines:?}, {complaint:?}"))
}

/// Every case with its programs.
fn all_programs(player: &dyn Player) -> Vec<(Case, [String; 2])> {
    let listed = |case: Case| {
        let plan = plan(&case);
        let programs = programs(&plan, &listing(&plan, player.language(), Lang::En), player);
        (case, programs)
    };
    cases().into_iter().map(listed).collect()
}

#[track_caller]
fn every_case_plays(player: &dyn Player) {
    for (case, programs) in all_programs(player) {
        let done = play(&programs, player);
        assert_eq!(difference(&plan(&case), &done, player), None, "{}", case.args());
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
