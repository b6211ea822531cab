//! A server with several clients: one program for all its ends, and the clients all at once.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::process::Stdio;

use lab::code::{Language, listing};
use lab::scenario::plan::Task;
use lab::scenario::program::auth::{AnswerReader, Answers};
use lab::scenario::{Plan, Program, Transport};
use lab::words::Lang;

use super::super::super::support::{finish, not_run, within};
use super::super::{plan, programs};
use super::{Player, Started, cases, start};
use lab::scenario::read::read;

/// The server's program, and each client's by its endpoint.
pub(super) struct Server {
    pub(super) plan: Plan,
    pub(super) first: String,
    pub(super) clients: BTreeMap<usize, String>,
}

/// Every case with a server for several clients, and those that no scenario has.
pub(super) fn all(player: &dyn Player) -> Vec<Server> {
    let odd = programs().into_iter().map(|text| {
        let scenario = read("odd.toml", &text).unwrap_or_else(|problems| panic!("{problems}"));
        Plan::new(&scenario, &scenario.defaults())
    });
    let plans = cases().iter().map(plan).chain(odd).collect::<Vec<_>>();
    // Those that keep files are played by themselves.
    let keeps = |plan: &Plan| {
        let mut tasks = plan.steps.iter().map(|step| &step.task);
        tasks.any(|task| matches!(task, Task::Run(program) if program.keeps_files()))
    };
    let several = plans
        .into_iter()
        .filter(|plan| plan.endpoints.len() > 2 && plan.transport == Transport::Tcp && !keeps(plan));
    let (shown, silent): (Vec<_>, Vec<_>) = several.partition(|plan| not_played(plan, player.language()).is_none());
    let reasons = silent.iter().filter_map(|plan| not_played(plan, player.language()));
    for because in reasons.collect::<std::collections::BTreeSet<_>>() {
        not_run("some servers with several clients", because);
    }
    shown.into_iter().map(|plan| server(plan, player)).collect()
}

/// Why a server and its clients cannot be played.
fn not_played(plan: &Plan, language: Language) -> Option<&'static str> {
    let programs = || {
        plan.steps.iter().filter_map(|step| match &step.task {
            Task::Run(program) => Some(program),
            _ => None,
        })
    };
    let heard = |program: &Program| match program {
        Program::Respond(how) => matches!(how.answers, Answers::Replay | Answers::Forger),
        _ => false,
    };
    let believes = |program: &Program| match program {
        Program::Challenge(wants) => wants.reader == AnswerReader::SingleRecv,
        _ => false,
    };
    if programs().any(|program| matches!(program, Program::Challenge(_))) && language == Language::Rust {
        Some("Rust's standard library has no digests")
    } else if programs().any(heard) {
        Some("what was heard of another client is the lab's to give")
    } else if programs().any(believes) {
        Some("whether one recv returns everything is a race")
    } else {
        None
    }
}

fn server(plan: Plan, player: &dyn Player) -> Server {
    let listing = listing(&plan, player.language(), Lang::En);
    let acts = |endpoint: usize| plan.steps.iter().any(|step| step.endpoint == endpoint);
    let sides = listing.sides.iter().enumerate().filter(|(endpoint, _)| acts(*endpoint));
    let (ends, clients): (Vec<_>, Vec<_>) = sides.partition(|(endpoint, _)| plan.endpoints[*endpoint].listens);
    let texts: Vec<String> = ends.iter().map(|(_, side)| side.text()).collect();
    assert!(texts.len() > 1);
    // Where a line is lit is each end's own; the program is the same.
    assert!(
        texts.iter().all(|text| *text == texts[0]),
        "one program for all its ends"
    );
    let clients = clients
        .into_iter()
        .map(|(endpoint, side)| (endpoint, player.second(&side.text())));
    Server {
        clients: clients.collect(),
        first: player.first(&texts[0], true),
        plan,
    }
}

impl Server {
    /// Plays it with all its clients at once; what is not as the plan expects.
    pub(super) fn difference(&self, player: &dyn Player) -> Option<String> {
        let Started {
            child,
            stdin,
            mut stdout,
            port,
        } = start(player.command(&self.first, None));
        drop(stdin);
        let run = |(endpoint, text): (&usize, &String)| {
            let mut command = player.command(text, Some(&port));
            let pipes = command
                .stdin(Stdio::null())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped());
            (*endpoint, pipes.spawn().expect("start a client"))
        };
        let clients: Vec<_> = self.clients.iter().map(run).collect();
        let mut faults = Vec::new();
        for (endpoint, client) in clients {
            let done = finish(client, "a client");
            let expected = self.expected(endpoint, player);
            if done.code != 0 || done.stdout != expected {
                faults.push(format!("{endpoint}: {done:?}\nexpected {expected:?}"));
            }
        }
        let printed = within(child.id(), "the server", move || {
            let mut printed = String::new();
            stdout.read_to_string(&mut printed).expect("read what it prints");
            printed
        });
        let done = finish(child, "the server");
        if done.code != 0 || !printed.is_empty() {
            faults.push(format!("the server: {done:?} {printed}"));
        }
        faults.into_iter().next()
    }

    /// What a client prints: each answer.
    fn expected(&self, endpoint: usize, player: &dyn Player) -> String {
        let own = self.plan.steps.iter().filter(|step| step.endpoint == endpoint);
        let answers = own.filter_map(|step| match &step.task {
            Task::Run(Program::Ask { text, .. }) => Some(player.printed(text.to_uppercase().as_bytes()) + "\n"),
            Task::Run(Program::Respond(how)) => {
                let told: &[u8] = if how.answers == Answers::Legitimate {
                    b"accepted"
                } else {
                    b"refused"
                };
                Some(player.printed(told) + "\n")
            }
            _ => None,
        });
        answers.collect()
    }
}
