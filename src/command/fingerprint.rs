//! `lab fingerprint`: size, times and digests of files, read once and in pieces.

use std::fs::{File, Metadata};
use std::io::{self, ErrorKind, IsTerminal, Read};
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::{Duration, UNIX_EPOCH};

use indicatif::{HumanBytes, ProgressBar, ProgressStyle};
use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr;

use super::interrupt::Interrupt;
use super::output::{Output, Printed};
use super::{Exit, Failure, open};
use crate::cli::FingerprintArgs;
use crate::digest::{Algorithm, Hasher};
use crate::report::line::{Line, Role, plain, span, wrap};
use crate::runner::is_readable;
use crate::words::fingerprint as text;
use crate::words::{self, Lang};

/// What was found out about a file.
struct Fingerprint {
    path: String,
    before: State,
    after: State,
    read: u64,
    md5: String,
    sha256: String,
}

/// A file as the system told of it at some moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct State {
    size: u64,
    modified: Moment,
    status_changed: Moment,
    born: Option<Moment>,
}

/// Seconds since 1970-01-01 UTC, and nanoseconds on top.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Moment {
    seconds: i64,
    nanos: u32,
}

/// Bytes read at a time.
const PIECE: usize = 256 << 10;

/// A file of fewer bytes is read before anybody has seen a bar.
const WORTH_A_BAR: u64 = 16 << 20;

/// Reads the files one after another and tells of each.
pub fn fingerprint(args: &FingerprintArgs, output: &Output, interrupt: &Interrupt) -> Result<Exit, Failure> {
    let lang = output.lang();
    let mut exit = Exit::Held;
    let mut described = Vec::new();
    let mut told_birth = true;
    let mut told = 0;
    for (index, path) in args.files.iter().enumerate() {
        let name = path.display().to_string();
        match of_file(path, &name, output, interrupt) {
            Ok(Some(found)) => {
                if found.has_changed() {
                    exit = Exit::CouldNotRun;
                }
                told_birth &= found.after.born.is_some();
                if args.json {
                    described.push(found.describe());
                } else {
                    let blank = (told > 0).then(Line::blank);
                    let lines: Vec<Line> = blank.into_iter().chain(found.told(output)).collect();
                    if output.lines(&lines, Duration::ZERO, None)? == Printed::NobodyReads {
                        return Ok(exit);
                    }
                }
                told += 1;
            }
            Ok(None) => {
                output.complain(&Failure::bare(text::interrupted(lang, index, args.files.len())));
                exit = Exit::Interrupted;
                break;
            }
            Err(failure) => {
                output.complain(&failure);
                described.push(json!({ "path": name, "error": failure.message }));
                exit = Exit::CouldNotRun;
            }
        }
    }
    if args.json {
        output.json(&described)?;
    } else if told > 0 {
        output.lines(&remarks(told_birth, output), Duration::ZERO, None)?;
    }
    Ok(exit)
}

/// Reads a file; `None` if interrupted.
fn of_file(path: &Path, name: &str, output: &Output, interrupt: &Interrupt) -> Result<Option<Fingerprint>, Failure> {
    let lang = output.lang();
    if name == "-" {
        let message = words::commands::cannot_read(lang, name, &text::no_stdin(lang));
        return Err(Failure::with_help(message, text::dash_file(lang)));
    }
    let failed = |error: &io::Error| {
        let why = open::why_unreadable(error, lang);
        Failure::new(words::commands::cannot_read(lang, name, &why))
    };
    let file = open::regular(path, lang).map_err(|error| failed(&error))?;
    let before = State::of(&file).map_err(|error| failed(&error))?;
    let progress = progress(before.size, name);
    let stop = || is_readable(interrupt.fd());
    let digests = digests(&file, &mut |piece| progress.inc(piece), &stop);
    progress.finish_and_clear();
    let Some((read, md5, sha256)) = digests.map_err(|error| failed(&error))? else {
        return Ok(None);
    };
    Ok(Some(Fingerprint {
        path: name.to_owned(),
        before,
        after: State::of(&file).map_err(|error| failed(&error))?,
        read,
        md5,
        sha256,
    }))
}

/// How many bytes there were, their MD5 and their SHA-256; `None` if stopped.
fn digests(
    mut from: impl Read,
    took: &mut dyn FnMut(u64),
    stop: &dyn Fn() -> bool,
) -> io::Result<Option<(u64, String, String)>> {
    let [mut md5, mut sha256] = [Algorithm::Md5, Algorithm::Sha256].map(Hasher::new);
    let mut piece = vec![0; PIECE];
    let mut read = 0;
    loop {
        if stop() {
            return Ok(None);
        }
        let count = match from.read(&mut piece) {
            Ok(0) => return Ok(Some((read, md5.finish(), sha256.finish()))),
            Ok(count) => count,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        md5.update(&piece[..count]);
        sha256.update(&piece[..count]);
        read += count as u64;
        took(count as u64);
    }
}

impl State {
    fn of(file: &File) -> io::Result<Self> {
        let about = file.metadata()?;
        Ok(Self {
            size: about.len(),
            modified: Moment::new(about.mtime(), about.mtime_nsec()),
            status_changed: Moment::new(about.ctime(), about.ctime_nsec()),
            born: born(&about),
        })
    }
}

/// When the file was created, if the system tells (statx(2), STATX_BTIME).
fn born(about: &Metadata) -> Option<Moment> {
    let since = about.created().ok()?.duration_since(UNIX_EPOCH).ok()?;
    Some(Moment {
        seconds: i64::try_from(since.as_secs()).ok()?,
        nanos: since.subsec_nanos(),
    })
}

impl Moment {
    fn new(seconds: i64, nanos: i64) -> Self {
        let nanos = u32::try_from(nanos).unwrap_or(0);
        Self { seconds, nanos }
    }

    /// As RFC 3339 writes it, with the nanoseconds if they are wanted; `None` before 1970 and after 9999.
    fn rfc3339(self, nanos: bool) -> Option<String> {
        use std::fmt::Write as _;
        let since = Duration::new(u64::try_from(self.seconds).ok()?, self.nanos);
        let time = UNIX_EPOCH.checked_add(since)?;
        let mut text = String::new();
        let written = if nanos {
            write!(text, "{}", humantime::format_rfc3339_nanos(time))
        } else {
            write!(text, "{}", humantime::format_rfc3339_seconds(time))
        };
        written.ok().map(|()| text)
    }

    fn told(self, lang: Lang) -> String {
        match self.rfc3339(false) {
            Some(time) => text::utc(lang, &time.trim_end_matches('Z').replace('T', " ")),
            None => text::seconds(lang, self.seconds),
        }
    }

    fn describe(self) -> Value {
        self.rfc3339(true).map_or_else(|| json!(self.seconds), Value::from)
    }
}

impl Fingerprint {
    /// Whether it was another file in the end than it was at the beginning.
    fn has_changed(&self) -> bool {
        let content = |state: &State| (state.size, state.modified);
        self.read != self.before.size || content(&self.before) != content(&self.after)
    }

    fn told(&self, output: &Output) -> Vec<Line> {
        let (lang, width) = (output.lang(), output.look().width);
        let exact = words::bytes(lang, self.read);
        let size = match self.read {
            0..1024 => exact,
            size => format!("{exact} ({})", HumanBytes(size)),
        };
        let mut facts = vec![
            (text::size(lang), size),
            (text::modified(lang), self.after.modified.told(lang)),
            (text::status_changed(lang), self.after.status_changed.told(lang)),
        ];
        facts.extend(self.after.born.map(|born| (text::born(lang), born.told(lang))));
        // Lined up by themselves: 64 hex digits go into 80 columns beside a short name only.
        let digests = [("MD5", &self.md5), ("SHA-256", &self.sha256)];
        let digests = digests.map(|(name, digest)| (name.to_owned(), digest.clone()));
        let mut lines = wrap(Line::blank(), &[span(Role::Title, self.path.as_str())], width);
        lines.extend(lined_up(&facts, width));
        lines.extend(lined_up(&digests, width));
        if self.has_changed() {
            let note = if self.read == self.before.size {
                text::written_to(lang)
            } else {
                let [said, read] = [self.before.size, self.read].map(|size| words::bytes(lang, size));
                text::other_length(lang, &said, &read)
            };
            lines.extend(wrap(Line(vec![plain("  ")]), &[span(Role::Bad, note)], width));
        }
        lines
    }

    fn describe(&self) -> Value {
        json!({
            "path": self.path,
            "size": self.read,
            "modified": self.after.modified.describe(),
            "status_changed": self.after.status_changed.describe(),
            "created": self.after.born.map(Moment::describe),
            "md5": self.md5,
            "sha256": self.sha256,
            "size_at_the_beginning": self.before.size,
            "changed_while_read": self.has_changed(),
        })
    }
}

/// Names, and what they stand for in a column of its own.
fn lined_up(facts: &[(String, String)], width: usize) -> Vec<Line> {
    let column = facts.iter().map(|(name, _)| name.width()).max().unwrap_or(0);
    let lines = facts.iter().flat_map(|(name, fact)| {
        let blanks = " ".repeat(column - name.width() + 2);
        let margin = vec![plain("  "), span(Role::Faint, name.as_str()), plain(blanks)];
        wrap(Line(margin), &[plain(fact.as_str())], width)
    });
    lines.collect()
}

/// What all these times and digests are, said once.
fn remarks(told_birth: bool, output: &Output) -> Vec<Line> {
    let lang = output.lang();
    let birth = (!told_birth).then(|| text::about_birth(lang));
    let remarks = [Some(text::about_status(lang)), birth, Some(text::about_md5(lang))];
    let lines = remarks
        .into_iter()
        .flatten()
        .flat_map(|remark| wrap(Line::blank(), &[span(Role::Faint, remark)], output.look().width));
    std::iter::once(Line::blank()).chain(lines).collect()
}

/// A bar on standard error, on a terminal only.
fn progress(size: u64, name: &str) -> ProgressBar {
    if size < WORTH_A_BAR || !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:30} {bytes}/{total_bytes}  {msg}");
    ProgressBar::new(size)
        .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
        .with_message(crate::report::line::tame(name.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives one byte at a time, interrupted by signals, and fails after so many.
    struct Slow(usize, bool);

    impl Read for Slow {
        fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
            self.1 = !self.1;
            match (self.1, self.0) {
                (true, _) => Err(ErrorKind::Interrupted.into()),
                (_, 0) => Err(io::Error::other("gone")),
                _ => {
                    self.0 -= 1;
                    room[0] = b'a';
                    Ok(1)
                }
            }
        }
    }

    fn moment(seconds: i64) -> Moment {
        Moment { seconds, nanos: 5 }
    }

    #[test]
    fn an_error_in_the_middle_of_a_file_is_an_error() {
        let mut took = 0;
        let failed = digests(Slow(3, false), &mut |count| took += count, &|| false);
        assert_eq!(failed.expect_err("an error").to_string(), "gone");
        assert_eq!(took, 3);
    }

    #[test]
    fn pieces_are_put_together_and_a_stop_is_obeyed() {
        let found = digests(&b"abc"[..], &mut |_| {}, &|| false).expect("read");
        let (read, md5, _) = found.expect("to the end");
        assert_eq!((read, md5.as_str()), (3, "900150983cd24fb0d6963f7d28e17f72"));
        assert_eq!(digests(&b"abc"[..], &mut |_| {}, &|| true).expect("read"), None);
    }

    #[test]
    fn a_file_that_is_another_one_in_the_end_has_changed() {
        let state = |size, modified| State {
            size,
            modified: moment(modified),
            status_changed: moment(0),
            born: None,
        };
        let changed = |before, read, after| {
            Fingerprint {
                path: String::new(),
                before,
                after,
                read,
                md5: String::new(),
                sha256: String::new(),
            }
            .has_changed()
        };
        assert!(!changed(state(5, 1), 5, state(5, 1)));
        assert!(changed(state(5, 1), 3, state(3, 2)), "it shrank");
        assert!(changed(state(5, 1), 9, state(9, 2)), "it grew");
        assert!(changed(state(5, 1), 5, state(9, 2)), "it grew behind the end");
        assert!(changed(state(5, 1), 5, state(5, 2)), "it was written over");
    }

    #[test]
    fn times_that_are_no_dates_are_seconds() {
        assert_eq!(moment(0).told(Lang::En), "1970-01-01 00:00:00 UTC");
        assert_eq!(moment(0).describe(), "1970-01-01T00:00:00.000000005Z");
        assert_eq!(moment(-1).told(Lang::En), "-1 s since 1970-01-01 UTC");
        assert_eq!(moment(i64::MAX).describe(), i64::MAX);
    }
}
