//! What can be wrong with a table of commands.

use super::phrase::{listed, meant, said, word};
use crate::scenario::Text;
use crate::scenario::program::commands::HARMLESS;
use crate::scenario::read::{LONGEST_STAGED, LONGEST_WORD};

/// What can be wrong with a table of commands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CommandProblem {
    /// A program that could do harm, or that nobody knows.
    NotOffered {
        /// The program as written.
        program: String,
    },
    /// An argument that names a file outside the folder of the commands.
    Outside {
        /// The argument as written.
        argument: String,
    },
    /// A word that is too long, or that no program can be given.
    BadWord,
    /// A staged file that is too long.
    FileTooLong {
        /// How long it is, in bytes.
        bytes: usize,
    },
}

impl CommandProblem {
    pub(super) fn title(&self) -> Text {
        match self {
            Self::NotOffered { program } => said(
                format!("a scenario may not run {}", word(program)),
                format!("场景不能运行 {}", word(program)),
            ),
            Self::Outside { argument } => said(
                format!("{} leads out of the folder in which the command runs", word(argument)),
                format!("{} 指到了命令所在文件夹之外", word(argument)),
            ),
            Self::BadWord => said(
                format!("a word of a command has at most {LONGEST_WORD} bytes and no NUL"),
                format!("命令里的一个词最多 {LONGEST_WORD} 个字节，也不能含 NUL"),
            ),
            Self::FileTooLong { bytes } => said(
                format!("a file has at most {LONGEST_STAGED} bytes, and this one has {bytes}"),
                format!("一个文件最多 {LONGEST_STAGED} 字节，这个有 {bytes}"),
            ),
        }
    }

    pub(super) fn help(&self) -> Option<Text> {
        match self {
            Self::NotOffered { program } if program.contains('/') => {
                let known = listed(&HARMLESS);
                Some(said(
                    format!("programs that only read and print, from /usr/bin or /bin: {}", known.en),
                    format!("只有 /usr/bin 或 /bin 里只读、只打印的程序：{}", known.zh),
                ))
            }
            Self::NotOffered { program } => meant(
                program,
                &HARMLESS,
                &said(
                    "a file can come from anybody, so only what reads and prints is run",
                    "场景文件可能来自任何人，所以只运行只读、只打印的程序",
                ),
            ),
            Self::Outside { .. } => Some(said(
                "a command sees the files of [files] and no others, by their bare names: no / and no .., and no list of names in a file",
                "命令只看得到 [files] 里的文件，直接写文件名：不能有 /，不能是 ..，也不能从文件里读文件名",
            )),
            Self::BadWord | Self::FileTooLong { .. } => None,
        }
    }
}
