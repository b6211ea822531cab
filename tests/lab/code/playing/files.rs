//! Programs that keep files: each pair in a folder of its own, and what lies there afterwards.

use std::io::{Read as _, Write as _};

use lab::code::{Side, listing};
use lab::scenario::plan::Task;
use lab::scenario::program::{BodyReader, Dies, NameGiven, Put};
use lab::scenario::{Plan, Program};
use lab::words::Lang;

use super::super::super::support::{Case, cases, finish, not_run, run, within};
use super::super::plan;
use super::{Player, Started, start};

/// Plays the first connection of every case whose programs move files.
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
        Task::Run(program) if step.endpoint < 2 => Some(program),
        _ => None,
    })
}

/// The files that are there in the end, with their lengths; or why it is not played. Nothing for other programs.
fn expected(plan: &Plan) -> Option<Result<Vec<(String, u64)>, &'static str>> {
    let fixed = programs(plan)
        .any(|program| matches!(program, Program::ServePuts(serving) if serving.reader == BodyReader::Fixed));
    programs(plan).find_map(|program| match program {
        // No byte is flipped there.
        Program::SendFile(_) => Some(Ok(vec![("letters.txt".to_owned(), 200_000)])),
        Program::Put(put) if put.dies != Dies::No => Some(Err("that a client is gone is the lab's doing")),
        Program::Put(put) if put.pipelined && fixed => Some(Err("how much lies there for one read is a race")),
        Program::Put(Put {
            files, name, command, ..
        }) => {
            let kept = files.iter().enumerate().filter(|(index, _)| {
                let good = *index > 0 || *name == NameGiven::Plain;
                good && command == "put"
            });
            let kept = kept.map(|(_, file)| (file.name.clone(), file.text.len() as u64));
            Some(Ok(kept.collect()))
        }
        _ => None,
    })
}

/// The two programs, the one to be started first in front.
fn texts(plan: &Plan, player: &dyn Player) -> [String; 2] {
    let listing = listing(plan, player.language(), Lang::En);
    let server = usize::from(plan.endpoints[1].listens);
    let text = |side: &Side| side.text();
    [
        player.first(&text(&listing.sides[server]), true),
        player.second(&text(&listing.sides[1 - server])),
    ]
}

/// All programs that are played.
pub(super) fn all(player: &dyn Player) -> Vec<String> {
    let plans = cases().into_iter().map(|case| plan(&case));
    let compared = plans.filter(|plan| matches!(expected(plan), Some(Ok(_))));
    compared.flat_map(|plan| texts(&plan, player)).collect()
}

#[track_caller]
fn play(case: &Case, plan: &Plan, player: &dyn Player, expected: &[(String, u64)]) {
    let [first, second] = texts(plan, player);
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = player.command(&first, None);
    command.current_dir(folder.path());
    let Started {
        child,
        mut stdin,
        mut stdout,
        port,
    } = start(command);
    let client = run(player.command(&second, Some(&port)));
    let _ = stdin.write_all(b"\n");
    drop(stdin);
    within(child.id(), "the server", move || {
        let mut printed = String::new();
        stdout.read_to_string(&mut printed).expect("read what it prints");
    });
    let done = finish(child, "the server");
    let faults = format!("{}\n{}\n{}{}", case.args(), client.stdout, client.stderr, done.stderr);
    assert_eq!((client.code, done.code), (0, 0), "{faults}");
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
    let answers = client.stdout.matches("kept").count();
    assert_eq!(answers, expected.len(), "{faults}");
}
