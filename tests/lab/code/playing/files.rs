//! Programs that keep files: each pair in a folder of its own, and what lies there afterwards.

use std::io::{Read as _, Write as _};

use lab::code::listing;
use lab::scenario::plan::Task;
use lab::scenario::program::{BodyReader, Dies, NameGiven, Put};
use lab::scenario::{Plan, Program};
use lab::words::Lang;

use super::super::super::support::{Case, Done, cases, finish, not_run, run, within};
use super::super::plan;
use super::{Player, Started, start};

/// Plays every case whose programs move files, one client after another.
#[track_caller]
pub(super) fn every_one_plays(player: &dyn Player) {
    let mut count = 0;
    for case in cases() {
        let plan = plan(&case);
        let Some(expected) = expected(&plan) else { continue };
        match expected {
            Ok(files) => play(&case, &plan, player, &files),
            Err(because) => not_run(&format!("the programs of {}", case.args()), because),
        }
        count += 1;
    }
    assert!(count > 10);
}

fn programs(plan: &Plan) -> impl Iterator<Item = &Program> {
    plan.steps.iter().filter_map(|step| match &step.task {
        Task::Run(program) => Some(program),
        _ => None,
    })
}

/// The files that are there in the end, with their lengths; or why it is not played. Nothing for other programs.
fn expected(plan: &Plan) -> Option<Result<Vec<(String, u64)>, &'static str>> {
    let fixed = programs(plan)
        .any(|program| matches!(program, Program::ServePuts(serving) if serving.reader == BodyReader::Fixed));
    let mut all = Vec::new();
    for program in programs(plan) {
        match program {
            // No byte is flipped there.
            Program::SendFile(_) => all.push(("letters.txt".to_owned(), 200_000)),
            Program::Put(put) if put.dies != Dies::No => return Some(Err("that a client is gone is the lab's doing")),
            Program::Put(put) if put.pipelined && fixed => {
                return Some(Err("how much lies there for one read is a race"));
            }
            Program::Put(Put {
                files, name, command, ..
            }) => {
                let kept = files.iter().enumerate().filter(|(index, _)| {
                    let good = *index > 0 || *name == NameGiven::Plain;
                    good && command == "put"
                });
                all.extend(kept.map(|(_, file)| (file.name.clone(), file.text.len() as u64)));
            }
            _ => {}
        }
    }
    let moves = programs(plan).any(|program| matches!(program, Program::SendFile(_) | Program::Put(_)));
    moves.then_some(Ok(all))
}

/// The programs: the one to be started first, which is a server's for all its ends, and each client's.
fn texts(plan: &Plan, player: &dyn Player) -> (String, Vec<String>) {
    let listing = listing(plan, player.language(), Lang::En);
    let sides = || listing.sides.iter().zip(&plan.endpoints);
    let texts = |listens: bool| -> Vec<String> {
        let those = sides().filter(|(_, planned)| planned.listens == listens);
        those.map(|(side, _)| side.text()).collect()
    };
    let servers = texts(true);
    assert!(
        servers.iter().all(|text| *text == servers[0]),
        "one program for all its ends"
    );
    let clients = texts(false);
    let clients = clients.iter().map(|text| player.second(text));
    (player.first(&servers[0], true), clients.collect())
}

/// All programs that are played.
pub(super) fn all(player: &dyn Player) -> Vec<String> {
    let plans = cases().into_iter().map(|case| plan(&case));
    let compared = plans.filter(|plan| matches!(expected(plan), Some(Ok(_))));
    let of = |plan: Plan| {
        let (first, clients) = texts(&plan, player);
        std::iter::once(first).chain(clients)
    };
    compared.flat_map(of).collect()
}

#[track_caller]
fn play(case: &Case, plan: &Plan, player: &dyn Player, expected: &[(String, u64)]) {
    let (first, clients) = texts(plan, player);
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = player.command(&first, None);
    command.current_dir(folder.path());
    let Started {
        child,
        mut stdin,
        mut stdout,
        port,
    } = start(command);
    let clients: Vec<_> = clients
        .iter()
        .map(|text| run(player.command(text, Some(&port))))
        .collect();
    let _ = stdin.write_all(b"\n");
    drop(stdin);
    within(child.id(), "the server", move || {
        let mut printed = String::new();
        stdout.read_to_string(&mut printed).expect("read what it prints");
    });
    let done = finish(child, "the server");
    let told = |done: &Done| format!("{}\n{}", done.stdout, done.stderr);
    let faults = format!(
        "{}\n{}\n{}",
        case.args(),
        done.stderr,
        clients.iter().map(told).collect::<String>()
    );
    let codes: Vec<_> = clients.iter().chain([&done]).map(|done| done.code).collect();
    assert!(codes.iter().all(|code| *code == 0), "{faults}");
    let mut found: Vec<(String, u64)> = std::fs::read_dir(folder.path())
        .expect("the folder")
        .map(|entry| {
            let entry = entry.expect("an entry");
            let name = entry.file_name().to_string_lossy().into_owned();
            (name, entry.metadata().expect("its length").len())
        })
        .collect();
    found.sort();
    assert_eq!(found, expected, "{faults}");
    let answers: usize = clients.iter().map(|client| client.stdout.matches("kept").count()).sum();
    assert_eq!(answers, expected.len(), "{faults}");
}
