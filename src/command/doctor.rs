//! `lab doctor`: what this machine can measure and stage, found out by doing it, and what to do where it cannot.

use std::io::IsTerminal;
use std::time::Duration;

use unicode_width::UnicodeWidthStr;

use super::configuration::Configuration;
use super::output::Output;
use super::{Exit, Failure, no_wire};
use crate::report::line::{Line, Role, plain, span, wrap};
use crate::runner::{self, Control, Outcome};
use crate::scenario::plan::{PlannedEndpoint, PlannedStep, Task};
use crate::scenario::{Family, Plan, Texts, Transport};
use crate::trace::{Ending, What};
use crate::tui::draw::SMALLEST;
use crate::wire::{Ends, Kind, Order};
use crate::words::Lang;
use crate::words::commands as words;

/// A question, whether the answer is yes, and what to do if it is no.
struct Finding {
    question: String,
    works: bool,
    help: String,
}

/// Examines this machine and prints what was found.
pub fn doctor(configuration: &Configuration, output: &Output) -> Result<Exit, Failure> {
    let lang = output.lang();
    let tcp = attempt(Transport::Tcp, Family::Ipv4);
    let udp = attempt(Transport::Udp, Family::Ipv4);
    let ipv6 = [Transport::Tcp, Transport::Udp]
        .into_iter()
        .all(|transport| attempt(transport, Family::Ipv6).is_some());
    let mut findings = vec![
        Finding {
            question: words::ask_ipv4(lang),
            works: tcp.is_some() && udp.is_some(),
            help: words::fix_ipv4(lang),
        },
        Finding {
            question: words::ask_ipv6(lang),
            works: ipv6,
            help: words::fix_ipv6(lang),
        },
    ];
    findings.push(delayed_ack(tcp.as_ref(), lang));
    findings.push(wire(lang));
    let staged = findings.len();
    findings.extend(measurements(tcp.as_ref(), udp.as_ref(), lang));
    let missing = findings.iter().filter(|finding| !finding.works).count();

    let system = rustix::system::uname();
    let mut lines = vec![
        Line(vec![span(
            Role::Title,
            format!(
                "lab {} {} {} {}",
                env!("CARGO_PKG_VERSION"),
                output.look().glyphs.dot,
                system.sysname().to_string_lossy(),
                system.release().to_string_lossy()
            ),
        )]),
        Line::blank(),
        Line(vec![span(Role::Title, words::doctor_stage(lang))]),
    ];
    lines.extend(told(&findings[..staged], output));
    lines.extend([
        Line::blank(),
        Line(vec![span(Role::Title, words::doctor_measure(lang))]),
    ]);
    lines.extend(told(&findings[staged..], output));
    lines.extend([
        Line::blank(),
        Line(vec![span(Role::Title, words::doctor_terminal(lang))]),
    ]);
    lines.extend(shown(configuration, output));
    lines.push(Line::blank());
    let summary = match missing {
        0 => span(Role::Good, words::doctor_all_well(lang)),
        missing => span(
            Role::Notable,
            words::doctor_missing(lang, &crate::words::things(lang, missing as u64)),
        ),
    };
    lines.extend(wrap(Line::blank(), &[summary], output.look().width));
    output.lines(&lines, Duration::ZERO, None)?;
    let well = missing == 0 && !configuration.is_refused();
    Ok(if well { Exit::Held } else { Exit::CouldNotRun })
}

/// A small run over this transport: two messages, read late.
fn attempt(transport: Transport, family: Family) -> Option<Outcome> {
    let endpoint = |name: &str, listens| PlannedEndpoint {
        name: name.to_owned(),
        listens,
        quickack: (transport == Transport::Tcp && listens).then_some(false),
        ..PlannedEndpoint::default()
    };
    let step = |endpoint, task| PlannedStep { endpoint, task };
    let plan = Plan {
        transport,
        family,
        wire: None,
        deadline: Duration::from_secs(2),
        texts: Texts::default(),
        endpoints: vec![endpoint("sender", false), endpoint("receiver", true)],
        steps: vec![
            step(0, Task::Send(b"hello".to_vec())),
            step(0, Task::Send(b"egg".to_vec())),
            step(1, Task::Recv(1024)),
        ],
        claims: Vec::new(),
        predictions: Vec::new(),
        stops: Vec::new(),
    };
    let outcome = runner::run(&plan, &Control::default()).ok()?;
    (outcome.ending == Ending::Finished).then_some(outcome)
}

/// Whether two private networks can be made and joined.
fn wire(lang: Lang) -> Finding {
    let order = Order {
        kind: Kind::Stream,
        connections: 1,
        mtu: 1500,
        rto_min_ms: Some(1000),
    };
    let missing = Ends::make(order, None, Duration::from_secs(5)).err();
    Finding {
        question: match &missing {
            None => words::ask_wire(lang),
            Some(error) => words::ask_wire_failed(lang, &no_wire::why(error, lang)),
        },
        works: missing.is_none(),
        help: missing.map_or_else(String::new, |error| no_wire::remedy(&error, lang)),
    }
}

/// With the ACK delayed, the first message lies unacknowledged in the send queue once it has arrived.
fn delayed_ack(tcp: Option<&Outcome>, lang: Lang) -> Finding {
    let works = any(tcp, |what| {
        matches!(
            what,
            What::Queues {
                unacknowledged: Some(1..),
                ..
            }
        )
    });
    Finding {
        question: words::ask_delayed_ack(lang),
        works,
        help: fix(lang),
    }
}

fn measurements(tcp: Option<&Outcome>, udp: Option<&Outcome>, lang: Lang) -> Vec<Finding> {
    let finding = |question, works| Finding {
        question,
        works,
        help: fix(lang),
    };
    vec![
        finding(
            words::ask_receive_queue(lang),
            any(tcp, |what| matches!(what, What::Queues { waiting: Some(_), .. })),
        ),
        finding(
            words::ask_send_queue(lang),
            any(tcp, |what| {
                matches!(
                    what,
                    What::Queues {
                        unsent: Some(_),
                        unacknowledged: Some(_),
                        ..
                    }
                )
            }),
        ),
        finding(
            words::ask_segments(lang),
            any(tcp, |what| matches!(what, What::Segments { .. })),
        ),
        finding(
            words::ask_stamps_tcp(lang),
            any(tcp, |what| matches!(what, What::Left { .. })),
        ),
        finding(
            words::ask_stamps_udp(lang),
            any(udp, |what| matches!(what, What::Left { .. })),
        ),
        finding(
            words::ask_datagrams(lang),
            any(udp, |what| matches!(what, What::Queues { datagrams: Some(_), .. })),
        ),
        finding(
            words::ask_drops(lang),
            any(udp, |what| matches!(what, What::Queues { dropped: Some(_), .. })),
        ),
    ]
}

fn any(outcome: Option<&Outcome>, seen: impl Fn(&What) -> bool) -> bool {
    outcome.is_some_and(|outcome| outcome.events.iter().any(|event| seen(&event.what)))
}

fn fix(lang: Lang) -> String {
    if cfg!(target_os = "linux") {
        words::fix_kernel(lang)
    } else {
        words::fix_linux(lang)
    }
}

/// A line each; what to do stands below those that it mends.
fn told(findings: &[Finding], output: &Output) -> Vec<Line> {
    let width = output.look().width;
    let mut lines = Vec::new();
    for (index, finding) in findings.iter().enumerate() {
        let (role, word) = if finding.works {
            (Role::Good, words::yes(output.lang()))
        } else {
            (Role::Bad, words::no(output.lang()))
        };
        let blanks = " ".repeat(5_usize.saturating_sub(word.width()));
        let margin = Line(vec![plain("  "), span(role, word), plain(blanks)]);
        lines.extend(wrap(margin, &[plain(finding.question.as_str())], width));
        let mended_below = findings
            .get(index + 1)
            .is_some_and(|next| !next.works && next.help == finding.help);
        if !finding.works && !mended_below {
            lines.extend(wrap(
                Line(vec![plain(" ".repeat(7))]),
                &[span(Role::Notable, finding.help.as_str())],
                width,
            ));
        }
    }
    lines
}

/// Columns and rows for the screen, if there is a terminal for it.
fn screen_size(output: &Output) -> Option<(u16, u16)> {
    let dumb = std::env::var_os("TERM").is_none_or(|term| term.is_empty() || term == "dumb");
    let usable = output.is_terminal() && std::io::stdin().is_terminal() && !dumb;
    terminal_size::terminal_size()
        .filter(|_| usable)
        .map(|(width, height)| (width.0, height.0))
}

/// The terminal and the configuration.
fn shown(configuration: &Configuration, output: &Output) -> Vec<Line> {
    let lang = output.lang();
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .find_map(|name| std::env::var(name).ok());
    let mut facts = vec![words::doctor_width(lang, output.look().width)];
    facts.push(match screen_size(output) {
        None => words::doctor_pipe(lang),
        Some((width, height)) if width < SMALLEST.0 || height < SMALLEST.1 => {
            words::doctor_small(lang, width, height, SMALLEST.0, SMALLEST.1)
        }
        Some((width, height)) => words::doctor_screen(lang, width, height),
    });
    facts.push(if output.color() {
        words::doctor_color_on(lang)
    } else {
        words::doctor_color_off(lang)
    });
    facts.push(words::doctor_locale(lang, &locale.unwrap_or_else(|| "C".to_owned())));
    let role = if configuration.is_refused() {
        Role::Bad
    } else {
        Role::Plain
    };
    let facts = facts.into_iter().map(plain);
    facts
        .chain([span(role, configuration.told(lang))])
        .flat_map(|fact| wrap(Line(vec![plain("  ")]), &[fact], output.look().width))
        .collect()
}
