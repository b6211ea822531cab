use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::OnceLock;
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use lab::runner::Control;
use lab::scenario::catalogue::embedded;
use lab::scenario::read::read;
use lab::scenario::{Claim, Link, Scenario, Settings};
use lab::wire::{Ends, Kind, Order};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

/// Longest time anything may take before it counts as hung. Far more than anything takes, because the machine may be
/// busy with other work; nothing here depends on how much of it is used.
pub const DEADLINE: Duration = Duration::from_secs(100);

/// What the program said and how it ended.
#[derive(Debug)]
pub struct Done {
    pub stdout: String,
    pub stderr: String,
    pub code: i32,
}

/// The program, with an environment in which nothing is set but the locale.
pub fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lab"));
    command.env_clear().env("LANG", "C.UTF-8").stdin(Stdio::null());
    command
}

/// Runs the program with these arguments.
pub fn lab<S: AsRef<str>>(args: impl IntoIterator<Item = S>) -> Done {
    let mut command = command();
    for arg in args {
        command.arg(arg.as_ref());
    }
    run(command)
}

/// Runs the program with arguments that are separated by blanks.
pub fn lab_line(line: &str) -> Done {
    lab(line.split_whitespace())
}

/// Runs a command to its end, or fails.
pub fn run(mut command: Command) -> Done {
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    finish(child.expect("start the program"), &format!("{command:?}"))
}

/// Waits for the end of a program and takes what it said; kills it and fails if it does not end.
pub fn finish(child: Child, what: &str) -> Done {
    let id = child.id();
    let output: Output = within(id, what, move || {
        child.wait_with_output().expect("wait for the program")
    });
    Done {
        stdout: String::from_utf8(output.stdout).expect("standard output is UTF-8"),
        stderr: String::from_utf8(output.stderr).expect("standard error is UTF-8"),
        code: code(output.status, what),
    }
}

/// Does something that ends when the process ends, and ends the process if that takes too long.
pub fn within<T: Send + 'static>(process: u32, what: &str, work: impl FnOnce() -> T + Send + 'static) -> T {
    let (sender, receiver) = mpsc::channel();
    // If nobody receives any more, the test has already failed.
    thread::spawn(move || drop(sender.send(work())));
    receive(&receiver).unwrap_or_else(|| {
        signal(process, Signal::KILL);
        panic!("{what} did not end within {DEADLINE:?}, or could not be waited for");
    })
}

/// What comes out of a channel, if it comes in time.
pub fn receive<T>(receiver: &Receiver<T>) -> Option<T> {
    receiver.recv_timeout(DEADLINE).ok()
}

/// Sends a signal to a process that this test started.
pub fn signal(process: u32, signal: Signal) {
    let id = i32::try_from(process).ok().and_then(Pid::from_raw);
    // It may have ended meanwhile.
    let _ = kill_process(id.expect("a process has a positive id"), signal);
}

/// The exit code; being killed by a signal is never right.
pub fn code(status: ExitStatus, what: &str) -> i32 {
    status.code().unwrap_or_else(|| panic!("{what} ended with {status}"))
}

/// Says that a test was not run, and why, past the harness, which swallows what passing tests print.
pub fn not_run(test: &str, because: &str) {
    let _ = writeln!(std::io::stderr(), "{test}: not run, because {because}");
}

/// Whether there is a loopback address of IPv6 here.
pub fn has_ipv6() -> bool {
    std::net::TcpListener::bind("[::1]:0").is_ok()
}

/// Whether this machine measures and stages all that the scenarios need.
pub fn measures_everything() -> bool {
    cfg!(target_os = "linux")
}

impl Done {
    /// The lines of standard output as JSON.
    #[track_caller]
    pub fn json(&self) -> Told {
        let line = |line: &str| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        Told(self.stdout.lines().map(line).collect())
    }

    /// Checks the exit code, and shows everything if it is another.
    #[track_caller]
    pub fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{}{}", self.stdout, self.stderr);
        self
    }

    /// Checks that it could not run: exit code 2, nothing on standard output, and every one of `texts` on standard
    /// error.
    #[track_caller]
    pub fn refuses(self, texts: &[&str]) -> Self {
        let done = self.exits(2);
        assert_eq!(done.stdout, "", "{}", done.stderr);
        for text in texts {
            assert!(done.stderr.contains(text), "{text:?} is missing in\n{}", done.stderr);
        }
        done.tame()
    }

    /// Checks that nothing reached the output that could steer a terminal, and that nobody panicked.
    #[track_caller]
    pub fn tame(self) -> Self {
        for text in [&self.stdout, &self.stderr] {
            let wild = text.lines().find(|line| line.chars().any(char::is_control));
            assert_eq!(wild, None);
            assert!(!text.contains("panicked"), "{text}");
        }
        self
    }
}

/// A run told as JSON lines.
#[derive(Debug)]
pub struct Told(pub Vec<Value>);

impl Told {
    /// The lines of one kind, in order.
    pub fn events(&self, kind: &str) -> Vec<&Value> {
        self.0.iter().filter(|line| line["event"] == kind).collect()
    }

    /// The last line.
    #[track_caller]
    pub fn verdict(&self) -> &Value {
        let last = self.0.last().expect("at least one line");
        assert_eq!(last["event"], "verdict");
        last
    }
}

/// A scenario under one setting of its knobs.
#[derive(Debug, Clone)]
pub struct Case {
    pub scenario: Scenario,
    pub settings: Settings,
}

/// A run of which nothing is wanted but that it finds the program that makes a wire: the test's own file is none.
pub fn control() -> Control<'static> {
    Control {
        program: Some(Path::new(env!("CARGO_BIN_EXE_lab"))),
        ..Control::default()
    }
}

/// Why there is no wire here, if there is none.
pub fn no_wire() -> Option<&'static str> {
    static WHY: OnceLock<Option<String>> = OnceLock::new();
    let tried = WHY.get_or_init(|| {
        let order = Order {
            kind: Kind::Stream,
            connections: 1,
            mtu: 1500,
            rto_min_ms: None,
        };
        let program = Path::new(env!("CARGO_BIN_EXE_lab"));
        let made = Ends::make(order, Some(program), Duration::from_secs(10));
        made.err().map(|error| error.to_string())
    });
    tried.as_deref()
}

/// Every scenario that comes with the lab, under its defaults and under every contrast; where there is no wire, without
/// those that need one.
pub fn cases() -> Vec<Case> {
    let mut cases = all_cases();
    if let Some(why) = no_wire() {
        not_run("the scenarios on the wire", why);
        cases.retain(|case| case.scenario.link(&case.settings) == Link::Loopback);
    }
    cases
}

fn all_cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for embedded in embedded() {
        let scenario = read(embedded.file, embedded.text).expect("the scenarios read");
        let settings = std::iter::once(scenario.defaults()).chain(scenario.contrasts.iter().cloned());
        cases.extend(settings.map(|settings| Case {
            scenario: scenario.clone(),
            settings,
        }));
    }
    cases
}

impl Case {
    /// Whether the run is to come to a standstill: that is its lesson.
    pub fn hangs(&self) -> bool {
        let mut applying = self
            .scenario
            .expects
            .iter()
            .filter(|expect| expect.when.holds(&self.settings));
        applying.any(|expect| matches!(expect.claim, Claim::Hangs { .. }))
    }

    /// `ID --set KNOB=VALUE …`
    pub fn args(&self) -> String {
        let mut args = self.scenario.id.clone();
        let defaults = self.scenario.defaults();
        for (name, value) in self
            .settings
            .iter()
            .filter(|(name, value)| defaults.get(name) != Some(value))
        {
            write!(args, " --set {name}={value}").expect("a string takes everything");
        }
        args
    }
}

/// A folder of the repository.
pub fn root(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// A folder that goes away with the test, and a file of this name and content in it.
pub fn file(name: &str, content: impl AsRef<[u8]>) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().expect("make a folder");
    let path = folder.path().join(name);
    std::fs::write(&path, content).expect("write a file");
    let path = path.to_str().expect("the folder's name is UTF-8").to_owned();
    (folder, path)
}

/// What a run of a scenario tells that ends with this code.
#[track_caller]
pub fn told(text: &str, code: i32) -> Told {
    let (_folder, path) = file("mine.toml", text);
    lab(["run", &path, "--format", "json"]).exits(code).tame().json()
}

/// Checks that a scenario is refused, because of this.
#[track_caller]
pub fn refused(text: &str, because: &str) {
    let (_folder, path) = file("mine.toml", text);
    lab(["check", &path]).refuses(&[because]);
}

/// The head of a scenario file; steps, expectations and the rest are put behind it.
pub fn scenario(transport: &str, rest: &str) -> String {
    let listens = "[endpoints.sender]\n[endpoints.receiver]\nlistens = true\n";
    let (steps, tables) = rest.split_once("\n\n").unwrap_or((rest, ""));
    format!(
        "id = \"mine\"\norder = 900\ntransport = \"{transport}\"\ntitle = {{ en = \"Mine\", zh = \"我的\" }}\n\
         sees = {{ en = \"What happens\", zh = \"看看会怎样\" }}\nwhy = {{ en = \"Because\", zh = \"原因\" }}\n\
         {steps}\n{listens}\n{tables}\n"
    )
}

/// The same over TCP with two clients, and a server of one thread: `steps` name `client-1`, `server-1`, and so on.
pub fn two_clients(steps: &str) -> String {
    let usual = "[endpoints.sender]\n[endpoints.receiver]\nlistens = true\n";
    let ends = "[endpoints.client-1]\n[endpoints.server-1]\nlistens = true\nthread = \"server\"\n\
                [endpoints.client-2]\n[endpoints.server-2]\nlistens = true\nthread = \"server\"\n";
    scenario("tcp", steps).replace(usual, ends)
}
