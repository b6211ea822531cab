use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use lab::code::{Language, listing};
use lab::framing::FaultName;
use lab::scenario::Reader;
use lab::words::Lang;

use super::super::super::support::{cases, not_run, run};
use super::super::odd_plans;
use super::{Player, commands, difference, every_case_plays, every_server_plays, files, pipes, play, spoilt};

struct Python(PathBuf);

impl Python {
    /// The interpreter itself: what is found on the PATH may be a script that looks for one, each time anew.
    fn find() -> Result<Self, &'static str> {
        let ask = "import sys; print(sys.executable if sys.version_info >= (3, 8) else '')";
        let asked = Command::new("python3").args(["-c", ask]).output();
        let asked = asked.map_err(|_| "there is no python3")?;
        let path = String::from_utf8_lossy(&asked.stdout).trim().to_owned();
        if path.is_empty() {
            return Err("python3 does not run, or is older than 3.8");
        }
        Ok(Self(PathBuf::from(path)))
    }
}

impl Player for Python {
    fn language(&self) -> Language {
        Language::Python
    }

    fn first(&self, text: &str, stream: bool) -> String {
        let accepts = "\nsock, _ = listener.accept()\n";
        let (bound, name) = if stream && !text.contains(accepts) {
            // Several clients, in a loop.
            ("for _ in range(", "listener")
        } else if stream {
            ("sock, _ = listener.accept()\n", "listener")
        } else {
            ("sock.bind((HOST, PORT))\n", "sock")
        };
        let tell = format!("print({name}.getsockname()[1], flush=True)\n");
        let told = if stream { tell + bound } else { bound.to_owned() + &tell };
        text.replace(", 9999\n", ", 0\n").replacen(bound, &told, 1)
    }

    fn second(&self, text: &str) -> String {
        text.replace(", 9999\n", ", int(__import__(\"sys\").argv[1])\n")
    }

    fn wait(&self, bytes: Option<usize>) -> String {
        match bytes {
            Some(count) => format!("sock.recv({count}, socket.MSG_PEEK | socket.MSG_WAITALL)"),
            None => "input()".to_owned(),
        }
    }

    fn wait_for_the_end(&self) -> String {
        "sock.recv(1)".to_owned()
    }

    fn printed(&self, bytes: &[u8]) -> String {
        format!("b'{}'", bytes.escape_ascii())
    }

    fn refusal(&self) -> &'static str {
        "struct.error: "
    }

    fn complaint(&self, reason: FaultName, reader: Reader) -> &'static [&'static str] {
        match (reason, reader) {
            (FaultName::TimedOut, _) => &["timed out"],
            (FaultName::MissingField, _) => &["KeyError: "],
            (
                FaultName::EndOfStream | FaultName::ShortHeader | FaultName::ShortBody | FaultName::ShortLine,
                Reader::SingleRecv,
            ) => &["struct.error: "],
            (FaultName::EndOfStream | FaultName::ShortHeader | FaultName::ShortBody | FaultName::ShortLine, _) => {
                &["EOFError: "]
            }
            _ => &["ValueError: ", "JSONDecodeError: "],
        }
    }

    fn command(&self, text: &str, port: Option<&str>) -> Command {
        command(&self.0, text, &Vec::from_iter(port))
    }
}

/// The interpreter with a program and its arguments, and with nothing of the user's own.
fn command<S: AsRef<OsStr>>(python: &Path, text: &str, arguments: &[S]) -> Command {
    let mut command = Command::new(python);
    command
        .args(["-I", "-S", "-W", "error", "-X", "utf8", "-c", text])
        .args(arguments);
    command
}

#[test]
fn odd_programs_in_python_are_python() {
    let python = match Python::find() {
        Ok(python) => python,
        Err(because) => return not_run("odd programs in Python", because),
    };
    // Those of the scenarios too: not all of them are played.
    let listings = odd_plans()
        .into_iter()
        .chain(cases().into_iter().map(|case| super::plan(&case)))
        .map(|plan| listing(&plan, Language::Python, Lang::Zh));
    let texts: Vec<String> = listings
        .flat_map(|listing| listing.sides)
        .map(|side| side.text())
        .collect();
    let compiled = |texts: &[String]| {
        let compile = "import sys\nfor text in sys.argv[1:]: compile(text, 'program', 'exec')";
        run(command(&python.0, compile, texts)).code
    };
    assert_eq!(compiled(&texts), 0);
    assert_ne!(
        compiled(&[texts[0].replacen(')', "", 1)]),
        0,
        "and what is none is noticed"
    );
}

#[test]
fn the_programs_in_python_do_what_the_scenarios_expect() {
    match Python::find() {
        Ok(python) => every_case_plays(&python),
        Err(because) => not_run("the programs in Python", because),
    }
}

#[test]
fn the_programs_in_python_keep_the_files_that_they_should() {
    match Python::find() {
        Ok(python) => files::every_one_plays(&python),
        Err(because) => not_run("the programs in Python that keep files", because),
    }
}

#[test]
fn the_servers_in_python_serve_all_their_clients() {
    match Python::find() {
        Ok(python) => every_server_plays(&python),
        Err(because) => not_run("the servers in Python", because),
    }
}

#[test]
fn the_programs_in_python_read_their_pipes() {
    match Python::find() {
        Ok(python) => pipes::all_play(&python),
        Err(because) => not_run("the programs with pipes in Python", because),
    }
}

#[test]
fn the_servers_in_python_run_commands() {
    match Python::find() {
        Ok(python) => commands::every_exchange_plays(&python),
        Err(because) => not_run("commands in Python", because),
    }
}

#[test]
fn a_program_in_python_that_reads_something_else_would_be_noticed() {
    match Python::find() {
        Ok(python) => {
            let (plan, programs) = spoilt(&python, "recv(2)", "recv(3)");
            let done = play(&plan, &programs, &python);
            assert!(difference(&plan, &done, &python).is_some(), "{done:?}");
        }
        Err(because) => not_run("a wrong program in Python", because),
    }
}
