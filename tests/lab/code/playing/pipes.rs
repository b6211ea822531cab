//! Programs that have several pipes: the two threads of a plan as two programs, with named pipes between them.

use std::path::Path;
use std::process::Stdio;

use lab::code::listing;
use lab::scenario::plan::Task;
use lab::scenario::{Claim, Plan, Transport};
use lab::words::Lang;
use rustix::fs::{CWD, FileType, Mode, mknodat};

use super::super::super::support::{finish, not_run};
use super::super::plan;
use super::{Player, cases};

/// The two programs of a plan, and how many bytes the one that reads is to print in all.
pub(super) struct Pipes {
    pub(super) programs: Vec<String>,
    paths: usize,
    bytes: usize,
}

/// Every case with several pipes that comes to its end.
pub(super) fn all(player: &dyn Player) -> Vec<Pipes> {
    let plans = cases().iter().map(plan).collect::<Vec<_>>();
    let several = |plan: &&Plan| plan.transport == Transport::Pipe && plan.endpoints.len() > 2;
    let hangs = |claim: &Claim| matches!(claim, Claim::Hangs { .. });
    let (hang, end): (Vec<&Plan>, Vec<&Plan>) = plans
        .iter()
        .filter(several)
        .partition(|plan| plan.claims.iter().any(hangs));
    not_run(
        &format!("programs of {} settings with pipes", hang.len()),
        "they are to hang, and only a clock tells that from being slow",
    );
    assert!(!end.is_empty());
    end.into_iter().map(|plan| pipes(plan, player)).collect()
}

fn pipes(plan: &Plan, player: &dyn Player) -> Pipes {
    let listing = listing(plan, player.language(), Lang::En);
    let threads = plan.threads();
    let programs = threads.iter().map(|served| {
        let texts: Vec<String> = served.iter().map(|end| listing.sides[*end].text()).collect();
        // Where a line is lit is each end's own; the program is the same.
        assert!(texts.iter().all(|text| *text == texts[0]), "one program a thread");
        // The pipes are there before both: who is started first must not matter.
        let lines: Vec<&str> = texts[0]
            .lines()
            .filter(|line| !line.starts_with("os.mkfifo("))
            .collect();
        lines.join("\n") + "\n"
    });
    let sent = plan.steps.iter().map(|step| match &step.task {
        Task::Send(bytes) => bytes.len(),
        _ => 0,
    });
    Pipes {
        programs: programs.collect(),
        paths: plan.endpoints.len() / 2,
        bytes: sent.sum(),
    }
}

impl Pipes {
    /// Plays both; what is not as expected.
    pub(super) fn difference(&self, player: &dyn Player) -> Option<String> {
        let folder = tempfile::tempdir().expect("make a folder");
        for number in 1..=self.paths {
            make_pipe(&folder.path().join(format!("pipe{number}")));
        }
        let start = |text: &String| {
            let mut command = player.command(text, None);
            let pipes = command
                .stdin(Stdio::null())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped());
            pipes.current_dir(folder.path()).spawn().expect("start a program")
        };
        let started: Vec<_> = self.programs.iter().map(start).collect();
        let done: Vec<_> = started
            .into_iter()
            .map(|child| finish(child, "a program with pipes"))
            .collect();
        let numbers = done.iter().flat_map(|done| done.stdout.lines());
        let read: usize = numbers
            .map(|line| line.parse::<usize>().expect("a number of bytes"))
            .sum();
        let right = read == self.bytes && done.iter().all(|done| done.code == 0);
        (!right).then(|| format!("{read} of {} bytes: {done:?}", self.bytes))
    }
}

fn make_pipe(path: &Path) {
    mknodat(CWD, path, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).expect("make a named pipe");
}

#[track_caller]
pub(super) fn all_play(player: &dyn Player) {
    let mut all = all(player);
    for pipes in &all {
        assert_eq!(pipes.difference(player), None, "{:?}", pipes.programs);
    }
    // And what is missing would be noticed.
    all[0].bytes += 1;
    assert!(all[0].difference(player).is_some());
}
