use std::os::fd::{AsFd, OwnedFd};
use std::sync::mpsc::channel;
use std::thread;
use std::time::{Duration, Instant};

use lab::runner::{Control, News, RunError, run};
use lab::scenario::Plan;
use lab::scenario::plan::Task;
use lab::scenario::program::commands::{HARMLESS, ReplyHeader};
use lab::scenario::read::read;
use lab::scenario::{Commands, Program};
use lab::trace::{Ending, Note, What};
use proptest::prelude::*;
use serde_json::Value;

use super::support::{DEADLINE, Told, file, lab, measures_everything, not_run, refused, scenario, told};

/// A server with these commands, and a client that does this.
fn exchange(transport: &str, server: &str, client: &str, commands: &str) -> String {
    let steps = format!(
        "deadline_ms = 60000\nsteps = [\n{{ server.run = {{ program = \"command-server\"{server} }} }},\n{client}]\n"
    );
    let text = scenario(transport, &steps);
    text.replace("endpoints.sender", "endpoints.client")
        .replace("endpoints.receiver", "endpoints.server")
        + commands
}

/// The client names one command and leaves.
fn asks(command: &str) -> String {
    format!(
        "{{ client.run = {{ program = \"command-client\", command = \"{command}\" }} }},\n{{ client.close = true }},\n"
    )
}

fn notes<'t>(told: &'t Told, name: &str) -> Vec<&'t Value> {
    let mut notes = told.events("note");
    notes.retain(|note| note["note"] == name);
    notes
}

const TABLE: &str = "[commands.ls]\nrun = [\"ls\", \"notes.txt\"]\n[commands.silent]\nrun = [\"true\"]\n\
                     [commands.sleep]\nrun = [\"sleep\", \"1000\"]\n[commands.endless]\nrun = [\"seq\", \"1\", \"99999999999\"]\n\
                     [commands.false]\nrun = [\"false\"]\n[files]\n\"notes.txt\" = \"milk\"\n";

#[test]
fn what_is_no_name_in_the_table_runs_nothing() {
    let long = "ls ".repeat(330);
    let post = "POST / HTTP/1.1\\r\\nHost: localhost\\r\\n\\r\\nls";
    let hostile = [
        "ls; touch x",
        "ls\\u0000",
        "\\u0000ls",
        "../bin/ls",
        "/bin/ls",
        "./ls",
        "ls\\n",
        " ls",
        "LS",
        "$(ls)",
        "`ls`",
        "ls|ls",
        "ls notes.txt",
        "l",
        "lsls",
        &long,
        post,
        "粘包",
    ];
    for name in hostile {
        let client =
            format!("{{ client.send = \"{name}\" }},\n{{ client.recv = 1024 }},\n{{ client.close = true }},\n");
        let told = told(&exchange("tcp", "", &client, TABLE), 0);
        assert_eq!(notes(&told, "runs"), [&Value::Null; 0], "{name}");
        assert_eq!(notes(&told, "not-found").len(), 1, "{name}");
        let reply = told
            .events("recv")
            .into_iter()
            .find(|read| read["endpoint"] == "client");
        let bytes = hex::decode(reply.expect("a reply")["hex"].as_str().expect("hex")).expect("hex");
        let message = String::from_utf8_lossy(&bytes).into_owned();
        assert!(
            message.ends_with(": command not found\n") || bytes.len() == 1024,
            "{message}"
        );
    }
    // And the name itself does, so the table is there.
    let told = told(&exchange("tcp", "", &asks("ls"), TABLE), 0);
    assert_eq!(notes(&told, "runs").len(), 1);
}

#[test]
fn ten_kilobytes_of_noise_run_nothing_in_however_many_reads() {
    let client = "{ client.send = { letters = 10240 } },\n{ client.close = true },\n";
    // It leaves with its replies unread, so its side resets the connection.
    let bare = told(&exchange("tcp", "", client, TABLE), 1);
    assert!(notes(&bare, "runs").is_empty() && !notes(&bare, "not-found").is_empty());
    // Framed, the first four letters are a length, which is refused before anything is taken for it.
    let framed = told(&exchange("tcp", ", header = \"length\"", client, TABLE), 1);
    assert_eq!(framed.events("frame_fault")[0]["reason"], "over-limit");
    assert!(notes(&framed, "runs").is_empty());
    let post = "{ client.send = \"POST / HTTP/1.1\\r\\n\\r\\nls\" },\n{ client.close = true },\n";
    let posted = told(&exchange("tcp", ", header = \"json\"", post, TABLE), 1);
    assert_eq!(posted.events("frame_fault")[0]["reason"], "over-limit");
}

#[test]
fn a_command_without_output_hangs_its_client_and_a_header_helps() {
    let bare = told(
        &exchange("tcp", "", &asks("silent"), TABLE),
        i32::from(measures_everything()),
    );
    if measures_everything() {
        assert_eq!(bare.verdict()["ending"], "hang");
    } else {
        not_run("a standstill", "this system does not measure it");
    }
    for header in ["length", "json"] {
        let key = format!(", header = \"{header}\"");
        let client = asks("silent").replace(", command", &format!("{key}, command"));
        let told = told(&exchange("tcp", &key, &client, TABLE), 0);
        let reply = notes(&told, "reply");
        assert_eq!(
            (&reply[0]["out"], &reply[0]["err"], &reply[0]["status"]),
            (&0.into(), &0.into(), &0.into())
        );
    }
}

#[test]
fn the_exit_status_is_kept() {
    let client = asks("false").replace(", command", ", header = \"json\", command");
    let told = told(&exchange("tcp", ", header = \"json\"", &client, TABLE), 0);
    assert_eq!(notes(&told, "ended")[0]["status"], 1);
    assert_eq!(notes(&told, "reply")[0]["status"], 1);
}

#[test]
fn what_takes_too_long_is_killed_and_said_so() {
    let server = ", header = \"json\", deadline_ms = 150";
    let client = asks("sleep").replace(", command", ", header = \"json\", command");
    let began = Instant::now();
    let told = told(&exchange("tcp", server, &client, TABLE), 0);
    assert!(began.elapsed() < Duration::from_secs(60));
    assert_eq!(notes(&told, "killed")[0]["after_ms"], 150);
    assert_eq!(notes(&told, "reply")[0]["status"], 128 + 9);
}

#[test]
fn what_prints_too_much_is_killed_and_said_so() {
    let server = ", header = \"length\", limit = 5000, deadline_ms = 60000";
    let client = asks("endless").replace(", command", ", header = \"length\", command");
    let told = told(&exchange("tcp", server, &client, TABLE), 0);
    assert_eq!(notes(&told, "over-limit")[0]["limit"], 5000);
    assert_eq!(notes(&told, "reply")[0]["out"], 5000);
}

#[test]
fn two_commands_that_stick_are_one_that_nobody_knows() {
    // The server comes late: both lie in its queue.
    let client = "{ client.send = \"ls\" },\n{ client.send = \"ls\" },\n{ client.close = true },\n";
    let text = exchange("tcp", "", "", TABLE);
    let server = "{ server.run = { program = \"command-server\" } },\n";
    let text = text.replace(server, &format!("{client}{{ server.until_queued = 4 }},\n{server}"));
    let told = told(&text, 0);
    assert_eq!(notes(&told, "not-found")[0]["command"], "lsls");
    assert!(notes(&told, "runs").is_empty());
}

#[test]
fn a_server_that_lies_about_its_reply_makes_the_client_give_up() {
    let json = |json: &str| format!("{:08x}{}", json.len(), hex::encode(json));
    let replies = [
        ("json", json(r#"{"status":0,"out":99999999999,"err":0}"#), "over-limit"),
        (
            "json",
            json(r#"{"status":0,"out":18446744073709551615,"err":18446744073709551615}"#),
            "over-limit",
        ),
        ("json", json(r#"{"status":0,"out":-1,"err":0}"#), "bad-json"),
        ("json", json(r#"{"out":1,"err":0}"#), "bad-json"),
        ("json", "ffffffff".to_owned(), "over-limit"),
        ("json", json(r#"{"status":0,"out":3,"err":0}"#) + "61", "short-body"),
        ("json", "0000".to_owned(), "short-header"),
        ("length", "7fffffff".to_owned(), "over-limit"),
        ("length", "000000000000000000000000".to_owned(), "not-a-number"),
        ("length", "0000000000000000000000022d78".to_owned(), "not-a-number"),
    ];
    for (header, reply, reason) in replies {
        let steps = format!(
            "deadline_ms = 60000\nsteps = [\n{{ client.run = {{ program = \"command-client\", command = \"x\", \
             header = \"{header}\" }} }},\n{{ server.recv = 100 }},\n{{ server.send = {{ hex = \"{reply}\" }} }},\n\
             {{ server.close = true }},\n]\n"
        );
        let text = scenario("tcp", &steps).replace("endpoints.sender", "endpoints.client");
        let told = told(&text.replace("endpoints.receiver", "endpoints.server"), 1);
        assert_eq!(told.events("frame_fault")[0]["reason"], reason, "{reply}");
        assert!(notes(&told, "reply").is_empty());
    }
}

#[test]
fn claims_about_replies_and_hangs_that_do_not_come_true_fail() {
    let claim = |claim: &str| {
        let text = exchange("tcp", "", &asks("ls"), &format!("{TABLE}[[expect]]\n{claim}\n"));
        let told = told(&text, 1);
        told.verdict()["expectations"][0]["why"]["en"]
            .as_str()
            .expect("a text")
            .to_owned()
    };
    assert_eq!(claim("hangs = \"client\""), "nothing hung: the run came to its end");
    let replies = claim("replies = { endpoint = \"client\", of = [[1, 2]] }");
    assert_eq!(
        replies,
        "what client took for the replies: command 1 (ls): 10 bytes of its own; expected [1, 2]"
    );
}

#[test]
fn what_a_client_sends_steers_no_terminal() {
    let client =
        "{ client.send = \"\\u001b[31mls\\u0007\\u0000\\n\" },\n{ client.recv = 1024 },\n{ client.close = true },\n";
    let (_folder, path) = file("mine.toml", exchange("tcp", "", client, TABLE));
    for lang in ["en", "zh"] {
        let done = lab(["run", &path, "--no-tui", "--lang", lang]).exits(0).tame();
        assert!(done.stdout.contains("[31mls"), "{}", done.stdout);
    }
}

/// The processes whose arguments hold this word, as the system lists them.
fn running(marker: &str) -> Vec<u32> {
    let processes = std::fs::read_dir("/proc").expect("a list of processes").flatten();
    let has_it = |entry: &std::fs::DirEntry| {
        let words = std::fs::read(entry.path().join("cmdline")).unwrap_or_default();
        words.split(|byte| *byte == 0).any(|word| word == marker.as_bytes())
    };
    let numbers = processes.filter(has_it);
    numbers
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .collect()
}

/// Which of these processes have ended, and nobody has asked about them. Others of this process are other tests' business.
fn zombies(of: &[u32]) -> Vec<u32> {
    let is_one = |process: &u32| {
        let state = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
        let after_name = state.rsplit(')').next().unwrap_or_default();
        after_name.split_whitespace().next() == Some("Z")
    };
    of.iter().copied().filter(is_one).collect()
}

/// A run whose command sleeps, and says by its argument which one it is.
fn sleeping(marker: &str) -> Plan {
    let table = format!("[commands.sleep]\nrun = [\"sleep\", \"{marker}\"]\n");
    let text = exchange("tcp", ", deadline_ms = 60000", &asks("sleep"), &table);
    let scenario = read("mine.toml", &text).unwrap_or_else(|problems| panic!("{problems}"));
    Plan::new(&scenario, &scenario.defaults())
}

#[test]
fn nothing_is_left_running_when_a_run_is_interrupted() {
    if !cfg!(target_os = "linux") {
        return not_run("processes left running", "there is no /proc here");
    }
    let marker = format!("7{:06}", std::process::id());
    let plan = sleeping(&marker);
    let (feed, news) = channel();
    let (interrupted, interrupt) = std::io::pipe().expect("a pipe");
    let interrupted: OwnedFd = interrupted.into();
    let (outcome, children) = thread::scope(|scope| {
        let running_plan = scope.spawn(|| {
            let control = Control {
                interrupt: Some(interrupted.as_fd()),
                feed: Some(feed),
                ..crate::support::control()
            };
            run(&plan, &control).expect("the run begins")
        });
        // Once it says that it runs, and the system lists it.
        let runs = |news: News| matches!(news, News::Event(event) if matches!(event.what, What::Note { note: Note::Runs { .. } }));
        while !runs(news.recv_timeout(DEADLINE).expect("the command is run")) {}
        while running(&marker).is_empty() {
            thread::yield_now();
        }
        let children = running(&marker);
        rustix::io::write(&interrupt, &[0]).expect("the pipe takes a byte");
        (running_plan.join().expect("the run does not panic"), children)
    });
    assert_eq!(outcome.ending, Ending::Interrupted);
    assert_eq!(running(&marker), [0; 0], "the command was ended");
    assert_eq!(zombies(&children), [0; 0], "and waited for");
}

#[test]
fn nothing_is_left_running_when_the_deadline_of_the_run_passes() {
    if !cfg!(target_os = "linux") {
        return not_run("processes left running", "there is no /proc here");
    }
    let marker = format!("8{:06}", std::process::id());
    let mut plan = sleeping(&marker);
    plan.deadline = Duration::from_millis(200);
    let outcome = run(&plan, &crate::support::control()).expect("the run begins");
    assert!(
        matches!(outcome.ending, Ending::Deadline { .. }),
        "{:?}",
        outcome.ending
    );
    assert_eq!(running(&marker), [0; 0]);
}

#[test]
fn nothing_is_left_running_when_the_lab_is_killed() {
    if !cfg!(target_os = "linux") {
        return not_run("processes left running", "there is no PR_SET_PDEATHSIG here");
    }
    let marker = format!("9{:06}", std::process::id());
    let table = format!("[commands.sleep]\nrun = [\"sleep\", \"{marker}\"]\n");
    let (_folder, path) = file(
        "mine.toml",
        exchange("tcp", ", deadline_ms = 60000", &asks("sleep"), &table),
    );
    let mut lab = std::process::Command::new(env!("CARGO_BIN_EXE_lab"))
        .args(["run", &path, "--no-tui"])
        .stdout(std::process::Stdio::null())
        .spawn()
        .expect("the lab runs");
    while running(&marker).is_empty() {
        assert_eq!(lab.try_wait().expect("it is a child"), None, "it waits for the command");
        thread::yield_now();
    }
    // SIGKILL: nothing of the lab's own can run any more.
    lab.kill().expect("it can be killed");
    lab.wait().expect("it ends");
    let killed = std::time::Instant::now();
    while !running(&marker).is_empty() {
        assert!(killed.elapsed() < DEADLINE, "the command lives on");
        thread::yield_now();
    }
}

#[test]
fn a_program_that_is_not_here_keeps_the_run_from_beginning() {
    let mut plan = sleeping("1");
    let rows = plan.steps.iter_mut().find_map(|step| match &mut step.task {
        Task::Run(Program::CommandServer(server)) => Some(&mut server.commands.table),
        _ => None,
    });
    "nosuchprogram".clone_into(&mut rows.expect("a table")[0].run[0]);
    let refused = run(&plan, &crate::support::control());
    let Err(RunError::NoProgram { program, .. }) = refused else {
        panic!("{refused:?}");
    };
    assert_eq!(program, "nosuchprogram");
}

#[test]
fn a_table_that_could_do_harm_is_refused_with_a_way_out() {
    let table = |run: &str| exchange("tcp", "", &asks("x"), &format!("[commands.x]\nrun = {run}\n"));
    refused(&table("[\"rm\", \"-rf\", \"/\"]"), "a scenario may not run `rm`");
    refused(&table("[\"sh\", \"-c\", \"ls\"]"), "a scenario may not run `sh`");
    refused(&table("[\"/sbin/ls\"]"), "from /usr/bin or /bin");
    refused(&table("[\"sleeep\", \"1\"]"), "did you mean `sleep`?");
    refused(&table("[]"), "too few words of a command");
    refused(&table("[\"ls\", \"a\\u0000b\"]"), "no NUL");
    for outside in [
        "/etc/passwd",
        "/dev/tty",
        "../x",
        "..",
        "./notes.txt",
        "--x=/etc/passwd",
    ] {
        let run = format!("[\"head\", \"-c\", \"6\", \"{outside}\"]");
        refused(&table(&run), &format!("`{outside}` leads out of the folder"));
    }
    refused(
        &table("[\"/bin/wc\", \"--files0-from=list\"]"),
        "`--files0-from=list` leads out of the folder",
    );
    refused(
        &table(&format!("[\"ls\", \"{}\"]", "x".repeat(201))),
        "at most 200 bytes",
    );
    refused(
        &table(&format!("[\"ls\", {}]", "\"x\", ".repeat(16))),
        "too many words of a command",
    );
    refused(&table("\"ls\""), "expected a list, found a string");
    refused(&table("[\"ls\"]").replace("run =", "rum ="), "did you mean `run`?");
    for name in ["../x", "a/b", ".hidden", "-n", ""] {
        let files = format!("[files]\n\"{name}\" = \"x\"\n");
        refused(&exchange("tcp", "", &asks("x"), &files), "cannot name a file");
    }
    let long = format!("[files]\nx = \"{}\"\n", "x".repeat(4097));
    refused(&exchange("tcp", "", &asks("x"), &long), "a file has at most 4096 bytes");
    let unused = scenario(
        "tcp",
        "steps = [{ sender.send = \"x\" }]\n\n[commands.x]\nrun = [\"ls\"]\n",
    );
    refused(&unused, "no step runs a command");
    refused(
        &exchange(
            "udp",
            ", header = \"json\"",
            &asks("x").replace("{ client.close = true },\n", ""),
            TABLE,
        ),
        "`header` is for byte streams; this scenario runs over UDP",
    );
}

fn table(header: ReplyHeader, commands: &Commands) -> Plan {
    let mut plan = sleeping("1");
    for step in &mut plan.steps {
        match &mut step.task {
            Task::Run(Program::CommandServer(server)) => (server.commands, server.header) = (commands.clone(), header),
            Task::Run(Program::CommandClient { header: its, .. }) => *its = header,
            _ => {}
        }
    }
    plan
}

proptest! {
    // Each is a run over real sockets.
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_a_client_names_only_a_row_of_the_table_runs(
        asked in "[a-z;/. $|\\x00\n粘]{1,12}",
        json in any::<bool>(),
    ) {
        let commands = Commands::default();
        let mut plan = table(if json { ReplyHeader::Json } else { ReplyHeader::None }, &commands);
        for step in &mut plan.steps {
            if let Task::Run(Program::CommandClient { command, .. }) = &mut step.task {
                command.clone_from(&asked);
            }
        }
        let outcome = run(&plan, &crate::support::control()).expect("the run begins");
        prop_assert_eq!(outcome.ending, Ending::Finished);
        let runs = |what: &What| matches!(what, What::Note { note: Note::Runs { .. } });
        prop_assert!(!outcome.events.iter().any(|event| runs(&event.what)));
    }
}

#[test]
fn every_program_of_the_list_is_here() {
    // A list of programs that nobody has would let nothing run.
    for program in HARMLESS {
        let mut plan = sleeping("1");
        for step in &mut plan.steps {
            if let Task::Run(Program::CommandServer(server)) = &mut step.task {
                program.clone_into(&mut server.commands.table[0].run[0]);
            }
        }
        // Those that wait for nothing end at once; the others are ended with the run.
        plan.deadline = Duration::from_secs(5);
        if program != "sleep" {
            assert!(run(&plan, &crate::support::control()).is_ok(), "{program}");
        }
    }
}
