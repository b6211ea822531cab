//! A server that runs commands, and its client: in a folder with the scenario's files, as the lab runs them.

use std::collections::VecDeque;
use std::io::Read as _;
use std::process::{Command, Stdio};

use lab::code::{Language, listing};
use lab::scenario::plan::Task;
use lab::scenario::program::commands::{ONE_READ, ReadsPerReply, ReplyHeader};
use lab::scenario::{Claim, Commands, Plan, Program, Reading};
use lab::words::Lang;

use super::super::super::support::{finish, not_run, run, within};
use super::super::plan;
use super::{Player, Started, cases, programs, start};

/// One case with its programs, the server's first.
pub(super) struct Exchange {
    name: String,
    plan: Plan,
    pub(super) programs: [String; 2],
}

/// Whether a plan has programs that run commands.
pub(super) fn are_run(plan: &Plan) -> bool {
    table(plan).is_some()
}

fn table(plan: &Plan) -> Option<(&Commands, ReplyHeader)> {
    plan.steps.iter().find_map(|step| match &step.task {
        Task::Run(Program::CommandServer(server)) => Some((&server.commands, server.header)),
        _ => None,
    })
}

/// Why two processes cannot be compared with the scenario.
fn not_compared(plan: &Plan) -> Option<&'static str> {
    let (_, header) = table(plan)?;
    let is_whole = |reading: &Reading| matches!(reading, Reading::Whole | Reading::EndOfStream);
    let no_luck = |claim: &Claim| matches!(claim, Claim::Readings(readings) if readings.iter().all(is_whole));
    if plan.claims.iter().any(|claim| matches!(claim, Claim::Hangs { .. })) {
        Some("they would wait for each other for ever")
    } else if header == ReplyHeader::None && plan.transport.is_stream() && !plan.claims.iter().any(no_luck) {
        Some("how much of a reply has come when its client reads is a race between two processes")
    } else {
        None
    }
}

/// As the language prints bytes: Python takes the quotes that need no escape.
fn printed(player: &dyn Player, bytes: &[u8]) -> String {
    let escaped = player.printed(bytes);
    if player.language() == Language::Python && bytes.contains(&b'\'') {
        return format!("b\"{}\"", escaped[2..escaped.len() - 1].replace("\\'", "'"));
    }
    escaped
}

/// Every case that can be compared, with its programs.
pub(super) fn all(player: &dyn Player) -> Vec<Exchange> {
    let mut exchanges = Vec::new();
    for case in cases() {
        let plan = plan(&case);
        if !are_run(&plan) {
            continue;
        }
        if let Some(because) = not_compared(&plan) {
            not_run(&format!("the programs of {}", case.args()), because);
            continue;
        }
        let programs = programs(&plan, &listing(&plan, player.language(), Lang::En), player);
        exchanges.push(Exchange {
            name: case.args(),
            programs: programs.map(|text| find_each_other(&text)),
            plan,
        });
    }
    exchanges
}

/// Over UDP each knows the other's port beforehand. Here the kernel picks both: the client says its own by sending.
fn find_each_other(text: &str) -> String {
    text.replace(
        "sock.connect((HOST, PEER))",
        "sock.connect(sock.recvfrom(1, socket.MSG_PEEK)[1])",
    )
    .replace(
        "HOST, PORT, PEER = \"127.0.0.1\", 9999, 9998\nCOMMANDS",
        "HOST, PORT, PEER = \"127.0.0.1\", 0, 0\nCOMMANDS",
    )
    .replace(
        "\"127.0.0.1\", 9999, 9998",
        "\"127.0.0.1\", int(__import__(\"sys\").argv[1]), 0",
    )
    .replace("sock.connect(PEER)?;", "sock.connect(sock.peek_from(&mut [0])?.1)?;")
    .replace(":9998\"", ":0\"")
}

#[track_caller]
pub(super) fn every_exchange_plays(player: &dyn Player) {
    let exchanges = all(player);
    assert!(exchanges.len() > 10, "{}", exchanges.len());
    for exchange in &exchanges {
        assert_eq!(exchange.difference(player), None, "{}", exchange.name);
    }
    // And what is wrong would be noticed.
    let mut wrong = all(player).swap_remove(0);
    for step in &mut wrong.plan.steps {
        if let Task::Run(Program::CommandClient { command, .. }) = &mut step.task {
            "bye".clone_into(command);
        }
    }
    assert!(wrong.difference(player).is_some());
}

impl Exchange {
    /// Plays it; what is not as the plan expects.
    fn difference(&self, player: &dyn Player) -> Option<String> {
        let (commands, _) = table(&self.plan)?;
        let folder = tempfile::tempdir().expect("make a folder");
        for file in &commands.files {
            std::fs::write(folder.path().join(&file.name), &file.text).expect("write a file");
        }
        let [server, client] = &self.programs;
        let here = |mut command: Command| {
            command.current_dir(folder.path()).env("LC_ALL", "C");
            command
        };
        let Started {
            child,
            stdin,
            mut stdout,
            port,
        } = start(here(player.command(server, None)));
        drop(stdin);
        let client = run(here(player.command(client, Some(&port))));
        let printed = within(child.id(), "the server", move || {
            let mut printed = String::new();
            stdout.read_to_string(&mut printed).expect("read what it prints");
            printed
        });
        let server = finish(child, "the server");
        let expected = self.expected(folder.path(), player);
        // Nobody takes a datagram for a client that has left, and the system says so to whoever sends it.
        let refused = !self.plan.transport.is_stream() && server.stderr.contains("onnection refused");
        let right = client.code == 0 && client.stdout == expected && printed.is_empty();
        let right = right && (server.code == 0 || refused);
        (!right).then(|| format!("{client:?}\nexpected {expected:?}\n{server:?} {printed}"))
    }

    /// What the client prints.
    fn expected(&self, folder: &std::path::Path, player: &dyn Player) -> String {
        let mut lines = String::new();
        let mut queue = VecDeque::new();
        for step in &self.plan.steps {
            let Task::Run(Program::CommandClient {
                command,
                also,
                header,
                reads,
            }) = &step.task
            else {
                continue;
            };
            if *header != ReplyHeader::None {
                for command in std::iter::once(command).chain(also) {
                    lines += &Self::framed(&self.reply(command, folder), player);
                }
                continue;
            }
            let (out, err, _) = self.reply(command, folder);
            if self.plan.transport.is_stream() {
                lines += &(printed(player, &[out, err].concat()) + "\n");
                continue;
            }
            queue.extend([out, err]);
            let times = if *reads == ReadsPerReply::One { 1 } else { 2 };
            let mut shown = Vec::new();
            for mut datagram in queue.drain(..times) {
                datagram.truncate(ONE_READ);
                shown.extend(datagram);
            }
            lines += &(printed(player, &shown) + "\n");
        }
        lines
    }

    /// What is printed of a reply in three parts.
    fn framed((out, err, status): &(Vec<u8>, Vec<u8>, i32), player: &dyn Player) -> String {
        let between = if player.language() == Language::Python {
            " "
        } else {
            "\n"
        };
        let parts = [printed(player, out), printed(player, err), status.to_string()];
        parts.join(between) + "\n"
    }

    fn reply(&self, command: &str, folder: &std::path::Path) -> (Vec<u8>, Vec<u8>, i32) {
        let (commands, _) = table(&self.plan).expect("a table");
        let Some(row) = commands.row(command.as_bytes()) else {
            return (Vec::new(), format!("{command}: command not found\n").into_bytes(), 127);
        };
        let done = Command::new(&row.run[0])
            .args(&row.run[1..])
            .env("LC_ALL", "C")
            .current_dir(folder)
            .stdin(Stdio::null())
            .output()
            .expect("run a command");
        (done.stdout, done.stderr, done.status.code().expect("a status"))
    }
}
