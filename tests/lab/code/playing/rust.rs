use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use lab::code::Language;
use lab::framing::FaultName;
use lab::scenario::Reader;

use super::super::super::support::{not_run, run};
use super::super::compiling::{modules, rustc};
use super::{
    Player, all_programs, commands, difference, every_case_plays, every_server_plays, files, pipes, play, servers,
    spoilt,
};

/// All programs in one executable, which is told by number which of them to be.
struct Rust {
    programs: BTreeSet<String>,
    folder: tempfile::TempDir,
}

impl Rust {
    fn build(rustc: &Path) -> Self {
        let folder = tempfile::tempdir().expect("make a folder");
        let mut player = Self {
            programs: BTreeSet::new(),
            folder,
        };
        let wrong = spoilt(&player, RIGHT, WRONG).1;
        let all = all_programs(&player).into_iter().flat_map(|(_, programs)| programs);
        let servers = servers::all(&player).into_iter();
        let servers = servers.flat_map(|server| server.clients.into_values().chain([server.first]));
        let pipes = pipes::all(&player).into_iter().flat_map(|pipes| pipes.programs);
        let exchanges = commands::all(&player)
            .into_iter()
            .flat_map(|exchange| exchange.programs);
        let keepers = files::all(&player);
        let more = pipes.chain(exchanges).chain(keepers);
        player.programs = all.chain(wrong).chain(servers).chain(more).collect();
        let branch = |number| format!("\"{number}\" => p{number}::main().unwrap(),");
        let branches: Vec<String> = (0..player.programs.len()).map(branch).collect();
        let branches = branches.join("\n");
        let main = format!(
            "{}fn argument(number: usize) -> String {{ std::env::args().nth(number).unwrap() }}\n\
             fn main() {{ match argument(1).as_str() {{\n{branches}_ => panic!() }} }}\n",
            modules(&player.programs),
        );
        let source = player.folder.path().join("programs.rs");
        std::fs::write(&source, main).expect("write a file");
        let mut command = Command::new(rustc);
        command.current_dir(player.folder.path()).arg(&source);
        command.args(["--edition", "2024", "--cap-lints", "allow", "-C", "debuginfo=0"]);
        let done = run(command);
        assert_eq!(done.code, 0, "{}", done.stderr);
        player
    }
}

impl Player for Rust {
    fn language(&self) -> Language {
        Language::Rust
    }

    fn first(&self, text: &str, stream: bool) -> String {
        let name = if stream { "listener" } else { "sock" };
        let bound = "::bind(ADDR)?;\n";
        let told = format!("{bound}    println!(\"{{}}\", {name}.local_addr()?.port());\n");
        text.replace(":9999\"", ":0\"").replacen(bound, &told, 1)
    }

    fn wait(&self, bytes: Option<usize>) -> String {
        match bytes {
            Some(count) => format!("while sock.peek(&mut [0; {count}])? < {count} {{}}"),
            None => "std::io::stdin().read_line(&mut String::new())?;".to_owned(),
        }
    }

    fn wait_for_the_end(&self) -> String {
        "let _ = sock.peek(&mut [0]);".to_owned()
    }

    fn printed(&self, bytes: &[u8]) -> String {
        bytes.escape_ascii().to_string()
    }

    fn refusal(&self) -> &'static str {
        "TryFromIntError"
    }

    fn complaint(&self, reason: FaultName, reader: Reader) -> &'static [&'static str] {
        match (reason, reader) {
            (FaultName::TimedOut, _) => &["timed out", "WouldBlock"],
            (FaultName::NotANumber, _) => &["InvalidDigit"],
            (FaultName::MissingField | FaultName::BadJson | FaultName::BadSize, _) => &["no size"],
            (
                FaultName::EndOfStream | FaultName::ShortHeader | FaultName::ShortBody | FaultName::ShortLine,
                Reader::SingleRecv,
            ) => &["TryFromSliceError"],
            (FaultName::EndOfStream | FaultName::ShortHeader | FaultName::ShortBody | FaultName::ShortLine, _) => {
                &["stream ended"]
            }
            _ => &["over limit"],
        }
    }

    fn command(&self, text: &str, port: Option<&str>) -> Command {
        let number = self.programs.iter().position(|program| program == text);
        let mut command = Command::new(self.folder.path().join("programs"));
        command.arg(number.expect("one of the programs").to_string());
        command.args(port);
        command
    }

    fn second(&self, text: &str) -> String {
        text.replace(
            "connect(ADDR)",
            "connect(format!(\"127.0.0.1:{}\", crate::argument(2)))",
        )
    }
}

const RIGHT: &str = "buf[..2]";
const WRONG: &str = "buf[..3]";

#[test]
fn the_programs_in_rust_do_what_the_scenarios_expect() {
    let Some(rustc) = rustc() else {
        return not_run("the programs in Rust", "there is no rustc beside cargo");
    };
    let player = Rust::build(&rustc);
    every_case_plays(&player);
    every_server_plays(&player);
    pipes::all_play(&player);
    commands::every_exchange_plays(&player);
    files::every_one_plays(&player);
    // And the test would notice if they did not.
    let (plan, programs) = spoilt(&player, RIGHT, WRONG);
    let done = play(&plan, &programs, &player);
    assert!(difference(&plan, &done, &player).is_some(), "{done:?}");
}
