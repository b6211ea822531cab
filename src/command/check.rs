//! `lab check`: scenarios, under their defaults and every contrast, as often as wanted.

use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::thread;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use unicode_width::UnicodeWidthStr;

use super::interrupt::Interrupt;
use super::output::Output;
use super::{Exit, Failure, open, run};
use crate::cli::{CheckArgs, Link, Which};
use crate::report::line::{Line, Role, Span, plain, span, wrap};
use crate::runner::is_readable;
use crate::scenario::catalogue::embedded;
use crate::scenario::{Named, Scenario, Settings};
use crate::story::verdict::Outcome;
use crate::story::{Story, sentences};
use crate::trace::Ending;
use crate::words::{commands as words, errors, findings, runs, scenarios, settings, telling};

/// A scenario under one setting of its knobs.
struct Case {
    file: String,
    scenario: Arc<Scenario>,
    settings: Settings,
    /// What it is called in the report.
    name: String,
}

/// How often what was seen.
#[derive(Debug, Default)]
struct Tally {
    runs: u64,
    held: u64,
    undecided: u64,
    /// Runs that did not show what they had to, with the reasons: of the first few.
    failures: Vec<(u64, String)>,
    failed: u64,
    /// Why it could not run at all, or not to its end.
    not_run: Option<String>,
    /// Runs that this machine broke off.
    broke_off: u64,
    /// It is about the other address family, and was left out.
    other_family: bool,
    /// How many expectations applied.
    expectations: usize,
}

/// Failures told in full; of more only the number is given.
const MOST_TOLD: usize = 5;

/// Checks scenarios.
pub fn check(args: &CheckArgs, output: &Output, interrupt: &Interrupt) -> Result<Exit, Failure> {
    let all = || {
        embedded()
            .iter()
            .map(|embedded| Which::Id(embedded.id.to_owned()))
            .collect()
    };
    let which: Vec<Which> = if args.scenarios.is_empty() {
        all()
    } else {
        args.scenarios.clone()
    };
    let which: Vec<&Which> = which
        .iter()
        .enumerate()
        .filter(|(i, one)| !which[..*i].contains(one))
        .map(|(_, one)| one)
        .collect();
    // Everything is read before anything runs: a mistake in the last file shows at once.
    let mut cases = Vec::new();
    // Each scenario, and whether it has run.
    let mut ids: Vec<(String, bool)> = Vec::new();
    for which in which.iter().copied() {
        let (file, scenario) = open::scenario(which, output)?;
        if args.link == Some(Link::Wire) && !scenario.goes_over_wire() && args.scenarios.is_empty() {
            let text = format!("{}  {}", scenario.id, words::not_on_a_wire(output.lang(), &scenario.id));
            output.lines(&[Line(vec![span(Role::Notable, text)])], Duration::ZERO, None)?;
            ids.push((scenario.id.clone(), false));
            continue;
        }
        let scenario = open::linked(scenario, args.link, args.ipv6, output)?;
        ids.push((scenario.id.clone(), false));
        cases.extend(cases_of(&file, &Arc::new(scenario), output));
    }
    tell_apart(&mut cases, output)?;
    let progress = progress(cases.len() as u64 * u64::from(args.repeat));
    let width = cases.iter().map(|case| case.name.width()).max().unwrap_or(0);
    let mut total = Tally::default();
    let mut not_run = 0;
    let checking = Checking {
        args,
        output,
        interrupt,
        progress: &progress,
    };
    checking.all(&cases, &mut |case, tally| {
        progress.suspend(|| output.lines(&line(case, tally, width, output), Duration::ZERO, None))?;
        total.runs += tally.runs;
        total.held += tally.held;
        total.undecided += tally.undecided;
        total.failed += tally.failed;
        if tally.not_run.is_some() {
            not_run += 1;
        }
        let ran = ids.iter_mut().filter(|(id, _)| *id == case.scenario.id);
        ran.for_each(|(_, ran)| *ran |= tally.runs > 0);
        Ok(())
    })?;
    if is_readable(interrupt.fd()) {
        progress.finish_and_clear();
        let text = words::check_interrupted(output.lang(), &runs(output.lang(), total.runs));
        output.lines(&[Line(vec![span(Role::Notable, text)])], Duration::ZERO, None)?;
        return Ok(Exit::Interrupted);
    }
    progress.finish_and_clear();
    if not_run > 0 {
        let text = words::check_not_run(output.lang(), &settings(output.lang(), not_run));
        let lines = wrap(Line::blank(), &[span(Role::Notable, text)], output.look().width);
        output.lines(&lines, Duration::ZERO, None)?;
    }
    let exit = summary(&total, &ids, output)?;
    Ok(if not_run > 0 && exit == Exit::Held {
        Exit::CouldNotRun
    } else {
        exit
    })
}

/// Two files may have the same id: that is said, and then the file stands before it.
fn tell_apart(cases: &mut [Case], output: &Output) -> Result<(), Failure> {
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    let mut shared = BTreeMap::new();
    for case in cases.iter() {
        let (id, file) = (case.scenario.id.clone(), case.file.clone());
        let first = files.entry(id.clone()).or_insert_with(|| file.clone()).clone();
        if first != file {
            shared.entry(id).or_insert((first, file));
        }
    }
    for (id, (one, other)) in &shared {
        let text = words::shared_id(output.lang(), id, one, other);
        let lines = wrap(Line::blank(), &[span(Role::Notable, text)], output.look().width);
        output.lines(&lines, Duration::ZERO, None)?;
    }
    for case in cases.iter_mut().filter(|case| shared.contains_key(&case.scenario.id)) {
        case.name = format!("{}: {}", case.file, case.name);
    }
    Ok(())
}

fn cases_of(file: &str, scenario: &Arc<Scenario>, output: &Output) -> Vec<Case> {
    let defaults = scenario.defaults();
    let case = |settings: &Settings| {
        let changed = settings
            .iter()
            .filter(|(name, value)| defaults.get(name) != Some(value));
        let changed: Vec<String> = changed.map(|(name, value)| format!("{name}={value}")).collect();
        let name = if changed.is_empty() {
            words::defaults(output.lang())
        } else {
            changed.join(" ")
        };
        Case {
            file: file.to_owned(),
            scenario: Arc::clone(scenario),
            settings: settings.clone(),
            name: format!("{} {name}", scenario.id),
        }
    };
    std::iter::once(&defaults)
        .chain(&scenario.contrasts)
        .map(case)
        .collect()
}

/// What a check is made with.
struct Checking<'c> {
    args: &'c CheckArgs,
    output: &'c Output,
    interrupt: &'c Interrupt,
    progress: &'c ProgressBar,
}

/// So many cases are run at a time. Most of a run's time is waiting, and what is claimed holds on a busy machine too.
const AT_ONCE: usize = 2;

impl Checking<'_> {
    /// Runs all cases, and tells each in their order.
    fn all(&self, cases: &[Case], tell: &mut dyn FnMut(&Case, &Tally) -> Result<(), Failure>) -> Result<(), Failure> {
        let next = AtomicUsize::new(0);
        let over = AtomicBool::new(false);
        let work = |results: &Sender<(usize, Result<Tally, Failure>)>| {
            while !self.is_over(&over) {
                let index = next.fetch_add(1, Ordering::Relaxed);
                let Some(case) = cases.get(index) else { break };
                if results.send((index, self.repeat(case, &over))).is_err() {
                    break;
                }
            }
        };
        thread::scope(|scope| {
            let (sender, results) = channel();
            for _ in 0..AT_ONCE {
                let sender = sender.clone();
                scope.spawn(move || work(&sender));
            }
            drop(sender);
            let mut early = BTreeMap::new();
            let mut told = 0;
            for (index, result) in results {
                early.insert(index, result);
                while let Some(result) = early.remove(&told) {
                    let done = result.and_then(|tally| tell(&cases[told], &tally));
                    if let Err(failure) = done {
                        // The others go home before the scope ends.
                        over.store(true, Ordering::Relaxed);
                        return Err(failure);
                    }
                    told += 1;
                }
            }
            Ok(())
        })
    }

    fn is_over(&self, over: &AtomicBool) -> bool {
        over.load(Ordering::Relaxed) || is_readable(self.interrupt.fd())
    }

    fn repeat(&self, case: &Case, over: &AtomicBool) -> Result<Tally, Failure> {
        let mut tally = Tally::default();
        if self.args.ipv6 && open::is_other_family(&case.scenario) {
            tally.other_family = true;
            return Ok(tally);
        }
        self.progress.set_message(case.name.clone());
        let made = run::Made {
            name: &case.file,
            scenario: &case.scenario,
            settings: &case.settings,
            ipv6: self.args.ipv6,
            capture: None,
        };
        for _ in 0..self.args.repeat {
            let trace = match run::trace(&made, self.output, self.interrupt) {
                Ok(trace) => trace,
                // It would be so for each of them.
                Err(failure) if failure.is_about_this_machine => {
                    tally.not_run = Some(failure.message);
                    break;
                }
                Err(failure) => return Err(failure),
            };
            if trace.ending == Ending::Interrupted {
                break;
            }
            if let Ending::Broken { error } = &trace.ending {
                // What the machine kept from running is no failure of the scenario's; the next run may come to its end.
                tally.broke_off += 1;
                let why = || findings::broken(self.output.lang(), &errors::recorded(self.output.lang(), error));
                tally.not_run.get_or_insert_with(why);
                self.progress.inc(1);
                if self.is_over(over) {
                    break;
                }
                continue;
            }
            let story = Story::with(Arc::clone(&case.scenario), trace)
                .map_err(|error| Failure::new(error.told(self.output.lang())))?;
            tally.add(&story, self.output);
            self.progress.inc(1);
            if self.is_over(over) {
                break;
            }
        }
        Ok(tally)
    }
}

impl Tally {
    fn add(&mut self, story: &Story, output: &Output) {
        self.runs += 1;
        self.expectations = story.verdict.findings.len();
        if story.verdict.held() {
            self.held += 1;
            return;
        }
        if story.verdict.failed() {
            self.failed += 1;
        } else {
            self.undecided += 1;
        }
        let met = |outcome| outcome == Outcome::Held;
        for finding in story.verdict.findings.iter().filter(|finding| !met(finding.outcome)) {
            if self.failures.len() < MOST_TOLD {
                self.failures
                    .push((self.runs, sentences::finding(story, finding, output.lang())));
            }
        }
    }
}

fn line(case: &Case, tally: &Tally, width: usize, output: &Output) -> Vec<Line> {
    let lang = output.lang();
    let blanks = " ".repeat(width.saturating_sub(case.name.width()) + 2);
    let mut text: Vec<Span> = vec![plain(case.name.as_str()), plain(blanks)];
    if tally.other_family {
        let why = words::not_over_ipv6(lang, case.scenario.family.name());
        text.push(span(Role::Notable, why));
    } else if let Some(why) = tally.not_run.as_ref().filter(|_| tally.runs == 0) {
        text.push(span(Role::Notable, why.as_str()));
    } else {
        let role = if tally.held == tally.runs {
            Role::Good
        } else {
            Role::Bad
        };
        text.push(span(role, words::held_of(lang, tally.held, tally.runs)));
    }
    if let Some(why) = tally.not_run.as_ref().filter(|_| tally.runs > 0) {
        let why = words::broke_off_of(lang, tally.broke_off, why);
        text.push(span(Role::Notable, format!("  {why}")));
    }
    if tally.undecided > 0 {
        text.push(span(
            Role::Notable,
            format!("  {}", words::undecided_of(lang, tally.undecided)),
        ));
    }
    if tally.runs > 0 && tally.expectations == 0 {
        text.push(span(Role::Notable, format!("  {}", words::checks_nothing(lang))));
    }
    let mut lines = wrap(Line::blank(), &text, output.look().width);
    for (run, why) in &tally.failures {
        let first = Line(vec![
            plain("    "),
            span(Role::Bad, words::in_run(lang, *run)),
            plain("  "),
        ]);
        lines.extend(wrap(first, &[plain(why.as_str())], output.look().width));
    }
    lines
}

fn summary(total: &Tally, ids: &[(String, bool)], output: &Output) -> Result<Exit, Failure> {
    let lang = output.lang();
    let runs = runs(lang, total.runs);
    let (ran, left_out): (Vec<_>, Vec<_>) = ids.iter().partition(|(_, ran)| *ran);
    let (exit, role, text) = if total.failed > 0 {
        let text = words::check_failed(lang, total.failed, &runs);
        (Exit::NotHeld, Role::Bad, text)
    } else if total.undecided > 0 {
        let text = words::check_undecided(lang, total.undecided, &runs);
        (Exit::CouldNotRun, Role::Notable, text)
    } else if total.runs == 0 {
        (Exit::CouldNotRun, Role::Notable, words::check_nothing(lang))
    } else {
        let text = words::check_held(lang, &runs, &scenarios(lang, ran.len() as u64));
        (Exit::Held, Role::Good, text)
    };
    let mut texts = vec![span(role, text)];
    if !left_out.is_empty() {
        let names: Vec<String> = left_out.iter().map(|(id, _)| id.clone()).collect();
        let count = scenarios(lang, names.len() as u64);
        let text = words::check_left_out(lang, &count, &names.join(&telling::comma(lang)));
        texts.push(span(Role::Notable, text));
    }
    for text in texts {
        output.lines(&wrap(Line::blank(), &[text], output.look().width), Duration::ZERO, None)?;
    }
    Ok(exit)
}

/// A bar on standard error, on a terminal only.
fn progress(runs: u64) -> ProgressBar {
    if runs < 20 || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len}  {msg}");
    ProgressBar::new(runs).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
