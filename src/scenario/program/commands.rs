//! Commands that a peer may choose from by name: a table, and the files that lie in the folder where they run.

use std::time::Duration;

use crate::scenario::Named;

/// What [`Program::CommandServer`](super::Program::CommandServer) does with the commands of its client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandServer {
    /// What may be run.
    pub commands: Commands,
    /// How a reply shows where it ends; requests have the same kind of frame.
    pub header: ReplyHeader,
    /// Most bytes of output, and of errors, that a command may print.
    pub limit: u64,
    /// How long a command may take.
    pub deadline: Duration,
    /// How long it waits for a whole request, if that is framed; without it as long as it takes.
    pub patience: Option<Duration>,
}

/// What may be run: a table. What arrives over a socket only selects a row of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Commands {
    /// The rows.
    pub table: Vec<Command>,
    /// The files that lie in the folder in which a command runs.
    pub files: Vec<StagedFile>,
}

/// One row of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// What a peer has to send, exactly.
    pub name: String,
    /// The program and its arguments, one each. No shell reads them.
    pub run: Vec<String>,
}

/// A file of the folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StagedFile {
    /// Its name, without a separator.
    pub name: String,
    /// What is in it.
    pub text: String,
}

/// How a reply shows where it ends, and what of it is what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReplyHeader {
    /// Nothing: output and errors in a `send` each, and nothing says how long they are.
    None,
    /// Three frames of 4 bytes of length: output, errors, exit status in decimal digits.
    Length,
    /// 4 bytes of length, a JSON object of that length with the exit status and the lengths of both, then both.
    Json,
}

/// How often a client reads for a reply that says nothing of its length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadsPerReply {
    /// Once.
    One,
    /// Twice, because two are sent.
    Two,
}

impl Commands {
    /// The row that these bytes select: the one whose name they are, byte for byte.
    #[must_use]
    pub fn row(&self, asked: &[u8]) -> Option<&Command> {
        self.table.iter().find(|row| row.name.as_bytes() == asked)
    }
}

impl Command {
    /// Program and arguments as one would type them.
    #[must_use]
    pub fn line(&self) -> String {
        self.run.join(" ")
    }
}

impl Named for ReplyHeader {
    const NAMES: &'static [(&'static str, Self)] =
        &[("none", Self::None), ("length", Self::Length), ("json", Self::Json)];
}

impl Named for ReadsPerReply {
    const NAMES: &'static [(&'static str, Self)] = &[("one", Self::One), ("two", Self::Two)];
}

/// The programs that a scenario may run. A scenario file can come from anybody, and to run it must do no harm: these
/// read and print, and nothing else.
pub const HARMLESS: [&str; 13] = [
    "cat", "echo", "false", "head", "ls", "printf", "pwd", "seq", "sleep", "tail", "true", "uname", "wc",
];

/// The folders in which they are looked for, in this order; they are all of PATH that a command sees.
pub const FOLDERS: [&str; 2] = ["/usr/bin", "/bin"];

/// Most bytes that a client asks for in one `recv`, and that a server takes for a command.
pub const ONE_READ: usize = 1024;

/// Longest command that a server takes from a frame, in bytes.
pub const LONGEST_COMMAND: u32 = 1024;

/// The name of a program of the table without its folder, if it may be run.
#[must_use]
pub fn harmless(program: &str) -> Option<&'static str> {
    let bare = FOLDERS
        .iter()
        .find_map(|folder| program.strip_prefix(folder)?.strip_prefix('/'))
        .unwrap_or(program);
    HARMLESS.into_iter().find(|harmless| *harmless == bare)
}

/// Those of them that open files which their arguments name.
const OPEN_FILES: [&str; 5] = ["cat", "head", "ls", "tail", "wc"];

/// Whether an argument names nothing outside the folder in which the program runs. All files there lie side by side, so
/// a path needs no separator, and no shell makes anything else of a name; wc can be told to take names from a file, and
/// what stands there nobody has looked at.
#[must_use]
pub fn stays_inside(program: &str, argument: &str) -> bool {
    let Some(bare) = harmless(program).filter(|bare| OPEN_FILES.contains(bare)) else {
        return true;
    };
    let from_a_file = bare == "wc" && argument.starts_with("--f");
    !argument.contains('/') && argument != ".." && !from_a_file
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn commands() -> Commands {
        let row = |name: &str, run: &[&str]| Command {
            name: name.to_owned(),
            run: run.iter().map(|arg| (*arg).to_owned()).collect(),
        };
        Commands {
            table: vec![row("ls", &["ls", "notes.txt"]), row("count", &["seq", "1", "9"])],
            files: Vec::new(),
        }
    }

    proptest! {
        #[test]
        fn nothing_but_its_exact_name_selects_a_row(asked in proptest::collection::vec(any::<u8>(), 0..12)) {
            let commands = commands();
            let row = commands.row(&asked).map(|row| row.name.as_bytes().to_vec());
            let known = asked == b"ls" || asked == b"count";
            prop_assert_eq!(row, known.then_some(asked));
        }

        #[test]
        fn a_name_with_anything_around_it_selects_nothing(
            before in proptest::collection::vec(any::<u8>(), 0..4),
            after in proptest::collection::vec(any::<u8>(), 0..4),
        ) {
            let asked = [&before[..], b"ls", &after[..]].concat();
            let whole = before.is_empty() && after.is_empty();
            prop_assert_eq!(commands().row(&asked).is_some(), whole);
        }

        #[test]
        fn only_the_programs_of_the_list_may_be_run(program in "(/usr/bin/|/bin/|/sbin/|\\./|\\.\\./)?[a-z]{1,6}") {
            let bare = program.rsplit('/').next().unwrap_or_default();
            let folder = program.strip_suffix(bare).unwrap_or_default();
            let right = HARMLESS.contains(&bare) && ["", "/usr/bin/", "/bin/"].contains(&folder);
            prop_assert_eq!(harmless(&program).is_some(), right);
        }
    }

    #[test]
    fn shells_and_what_writes_or_starts_others_may_not_be_run() {
        for program in [
            "sh",
            "bash",
            "env",
            "xargs",
            "find",
            "rm",
            "tee",
            "sort",
            "/bin/sh",
            "/bin/../bin/ls",
            "",
        ] {
            assert_eq!(harmless(program), None, "{program}");
        }
        assert_eq!(harmless("/usr/bin/seq"), Some("seq"));
    }

    #[test]
    fn a_program_that_opens_files_opens_none_outside_its_folder() {
        for outside in [
            "/etc/passwd",
            "/dev/tty",
            "../x",
            "..",
            "a/../../x",
            "./notes.txt",
            "--file=/etc/passwd",
            "-n1/etc/passwd",
        ] {
            for program in OPEN_FILES {
                assert!(!stays_inside(program, outside), "{program} {outside}");
                assert!(
                    !stays_inside(&format!("/usr/bin/{program}"), outside),
                    "{program} {outside}"
                );
            }
            // These print what they are given.
            assert!(stays_inside("echo", outside) && stays_inside("printf", outside));
        }
        for names in ["--files0-from=list", "--files0", "--f"] {
            assert!(!stays_inside("wc", names), "{names}");
        }
        for inside in ["notes.txt", "...", "~", "-l", "--lines=3", "a..b"] {
            assert!(
                OPEN_FILES.iter().all(|program| stays_inside(program, inside)),
                "{inside}"
            );
        }
    }
}
