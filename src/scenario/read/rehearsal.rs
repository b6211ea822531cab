//! Goes through the scenario under the defaults and under every contrast, without a socket, and finds what cannot
//! happen: a read that waits for ever, a claim about a message that nobody sends.

use std::collections::BTreeSet;
use std::ops::Range;

use super::fields::Notes;
use super::questions::PlacedExpect;
use super::stops::PlacedStop;
use crate::scenario::plan::{PlannedStep, READY, Task};
use crate::scenario::problem::{Impossible, ShapeProblem, What};
use crate::scenario::program::Sends;
use crate::scenario::{Claim, Condition, Mark, Named, NoteName, Plan, Program, Scenario, Settings, Transport};

/// Where the parts of the scenario stand in the file.
pub(super) struct Places<'p> {
    pub(super) steps: &'p [Range<usize>],
    pub(super) expects: &'p [PlacedExpect],
    /// The conditions of the questions.
    pub(super) questions: &'p [(Condition, Range<usize>)],
    pub(super) stops: &'p [PlacedStop],
    pub(super) reach: Reach,
}

/// How far the parts of the scenario are known. What depends on anything else is not told: it would be wrong one day.
pub(super) struct Reach {
    /// The endpoints that have a step of which it is not known what it does.
    pub(super) unread: Vec<bool>,
    /// No contrast is missing.
    pub(super) every_contrast: bool,
    /// It is known which thread serves which endpoint.
    pub(super) knows_threads: bool,
}

/// Notes everything that cannot happen, each place once: under the first settings in which it goes wrong.
pub(super) fn rehearse(scenario: &Scenario, places: &Places<'_>, notes: &mut Notes<'_>) {
    let mut all = vec![scenario.defaults()];
    all.extend(scenario.contrasts.iter().cloned());
    if places.reach.every_contrast {
        never(scenario, places, &all, notes);
    }
    let mut found = Found {
        seen: BTreeSet::new(),
        chooses_transport: scenario.transport.knob().is_some(),
        notes,
    };
    let mut unreached = vec![Passes::Never(None); places.stops.len()];
    for settings in &all {
        let plan = Plan::new(scenario, settings);
        let amounts: Vec<Sent> = amounts(&plan);
        let run = Run {
            plan: &plan,
            amounts: &amounts,
            reach: &places.reach,
        };
        let under = changed(scenario, settings);
        let applying = scenario.steps.iter().zip(places.steps);
        let applying: Vec<_> = applying.filter(|(step, _)| step.when.holds(settings)).collect();
        for (at, (written, span)) in applying.into_iter().enumerate().take(amounts.len()) {
            found.unoffered(span, written.action.name(), plan.transport);
            if written.action.needs_wire() && plan.wire.is_none() {
                let under = under.clone();
                found.note(span, Impossible::NoWire { under });
            }
            if let Some(impossible) = step(run, at, &under) {
                found.note(span, impossible);
            }
        }
        for expect in places.expects.iter().filter(|expect| expect.when.holds(settings)) {
            found.unoffered(&expect.claim.span, expect.claim.claim.name(), plan.transport);
            if matches!(expect.claim.claim, Claim::Packets(_)) && plan.wire.is_none() {
                let under = under.clone();
                found.note(&expect.claim.span, Impossible::NoWire { under });
            }
            claim(run, expect, &under, &mut found);
        }
        let stops = places.stops.iter().zip(&mut unreached);
        for (stop, reach) in stops.filter(|(stop, _)| stop.stop.when.holds(settings)) {
            found.unoffered(&stop.mark, stop.stop.after.name(), plan.transport);
            reach.add(missed(run, stop.stop.after, &under));
        }
    }
    for (stop, reach) in places.stops.iter().zip(unreached) {
        if let Passes::Never(Some(impossible)) = reach {
            found.note(&stop.mark, impossible);
        }
    }
}

/// Whether a stop is reached under some settings. Where it is not, playback just goes on; so only one that is never
/// reached is a mistake.
#[derive(Clone)]
enum Passes {
    Sometimes,
    /// Why not, under the first settings under which it applies.
    Never(Option<Impossible>),
}

impl Passes {
    fn add(&mut self, missed: Option<Impossible>) {
        match (&*self, missed) {
            (_, None) => *self = Self::Sometimes,
            (Self::Never(None), first) => *self = Self::Never(first),
            _ => {}
        }
    }
}

/// What has been noted already under other settings is not noted again.
struct Found<'n, 't> {
    seen: BTreeSet<(usize, usize)>,
    /// A knob says what joins the endpoints.
    chooses_transport: bool,
    notes: &'n mut Notes<'t>,
}

impl Found<'_, '_> {
    fn note(&mut self, span: &Range<usize>, what: impl Into<What>) {
        if self.seen.insert((span.start, span.end)) {
            self.notes.note::<()>(span.clone(), what);
        }
    }

    /// Notes what the transport does not have. One that is written in the file has been asked when the key was read.
    fn unoffered(&mut self, span: &Range<usize>, key: &str, transport: Transport) {
        let problem = ShapeProblem::not_over(key, transport).filter(|_| self.chooses_transport);
        if let Some(problem) = problem {
            self.note(span, problem);
        }
    }
}

/// What is never run is never checked, and what is never checked is wrong one day.
fn never(scenario: &Scenario, places: &Places<'_>, all: &[Settings], notes: &mut Notes<'_>) {
    let steps = scenario.steps.iter().map(|step| &step.when).zip(places.steps);
    let expects = places.expects.iter().map(|expect| (&expect.when, &expect.place));
    let questions = places.questions.iter().map(|(when, place)| (when, place));
    let halts = places.stops.iter().map(|stop| (&stop.stop.when, &stop.place));
    for (when, place) in steps.chain(expects).chain(questions).chain(halts) {
        if !all.iter().any(|settings| when.holds(settings)) {
            notes.note::<()>(place.clone(), Impossible::NeverApplies);
        }
    }
}

/// The knobs that differ from their defaults, for a person to read.
fn changed(scenario: &Scenario, settings: &Settings) -> String {
    let defaults = scenario.defaults();
    let changed: Vec<String> = settings
        .iter()
        .filter(|(name, value)| defaults.get(name) != Some(value))
        .map(|(name, value)| format!("{name} = {value}"))
        .collect();
    changed.join(", ")
}

/// A plan, and what each of its steps sends, up to one at which the run ends.
#[derive(Clone, Copy)]
struct Run<'p> {
    plan: &'p Plan,
    amounts: &'p [Sent],
    reach: &'p Reach,
}

/// What is sent.
#[derive(Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each adds up by itself")]
struct Sent {
    /// Messages; over UDP, datagrams.
    messages: usize,
    bytes: u64,
    closes: bool,
    /// It sends no more, and may still read.
    ends: bool,
    /// A program may send more; how much depends on what it reads. Or a step is not known.
    more: bool,
    /// A step is not known, which may close.
    unread: bool,
}

impl Sent {
    /// Whether the other side reads to an end.
    fn finishes(self) -> bool {
        self.closes || self.ends || self.unread
    }

    fn is_nothing(self) -> bool {
        self.messages == 0 && !self.more
    }
}

/// What each step sends. A program that cannot pack its values gives up, and ends the run there.
fn amounts(plan: &Plan) -> Vec<Sent> {
    let goes_on = |step: &&PlannedStep| !matches!(&step.task, Task::SendPacked(packed) if !packed.can_be_packed());
    plan.steps.iter().take_while(goes_on).map(amount).collect()
}

fn amount(step: &PlannedStep) -> Sent {
    let mut sent = Sent::default();
    match &step.task {
        Task::Send(bytes) | Task::TrySend { bytes, .. } => {
            sent.messages = 1;
            sent.bytes = bytes.len() as u64;
        }
        Task::SendTimes { bytes, times } => {
            sent.messages = *times;
            sent.bytes = (bytes.len() * times) as u64;
        }
        Task::SendText { text, .. } => {
            sent.messages = 1;
            // At least one byte a character, in every encoding.
            sent.bytes = text.chars().count() as u64;
        }
        Task::SendFrames(step) => {
            sent.messages = step.frames.len();
            let bytes = step.frames.iter().filter_map(|frame| frame.ends.last());
            sent.bytes = bytes.map(|bytes| *bytes as u64).sum();
        }
        // Once a frame it says that it is ready.
        Task::ReadFrames(step) if step.handshake => {
            sent.messages = step.count;
            sent.bytes = (step.count * READY.len()) as u64;
        }
        Task::Run(program) => {
            sent.closes = program.closes();
            match program.sends() {
                Sends::Known { messages, bytes } => (sent.messages, sent.bytes) = (messages, bytes),
                Sends::Depends => sent.more = true,
            }
        }
        Task::SendPacked(packed) => {
            sent.messages = 1;
            sent.bytes = packed.format.size() as u64;
        }
        Task::Close | Task::Reset => sent.closes = true,
        Task::ShutDown => sent.ends = true,
        _ => {}
    }
    sent
}

impl Run<'_> {
    /// What an endpoint sends in the first `until` steps.
    fn sent(self, endpoint: usize, until: usize) -> Sent {
        let unread = self.is_unread(endpoint);
        let mut all = Sent {
            more: unread,
            unread,
            ..Sent::default()
        };
        for (step, amount) in self.plan.steps.iter().zip(self.amounts).take(until) {
            if step.endpoint == endpoint {
                all.messages += amount.messages;
                all.bytes += amount.bytes;
                all.closes |= amount.closes;
                all.ends |= amount.ends;
                all.more |= amount.more;
            }
        }
        all
    }

    /// What an endpoint sends in all.
    fn sent_in_all(self, endpoint: usize) -> Sent {
        self.sent(endpoint, self.plan.steps.len())
    }

    /// Whether an endpoint has a step that is not known.
    fn is_unread(self, endpoint: usize) -> bool {
        self.reach.unread.get(endpoint).copied().unwrap_or(true)
    }

    /// Whether every step is known.
    fn knows_all(self) -> bool {
        !self.reach.unread.contains(&true)
    }

    /// How many messages all endpoints send, if that is known before.
    fn messages(self) -> Option<usize> {
        let known = self.knows_all() && !self.amounts.iter().any(|amount| amount.more);
        known.then(|| self.amounts.iter().map(|amount| amount.messages).sum())
    }

    /// Whether a program of this endpoint can make this note.
    fn can_note(self, endpoint: usize, note: NoteName) -> bool {
        let mut own = self.plan.steps.iter().filter(|step| step.endpoint == endpoint);
        self.is_unread(endpoint)
            || own.any(|step| match &step.task {
                Task::Run(program) => program.name().notes().contains(&note.name()),
                _ => false,
            })
    }

    /// How many reads there are. How many a frame or a program takes is for the run to show.
    fn reads(self) -> Option<usize> {
        let tasks = || self.plan.steps.iter().map(|step| &step.task);
        let many = |task: &Task| {
            matches!(
                task,
                Task::ReadFrames { .. } | Task::ReadText { .. } | Task::ReadPacked(_) | Task::Drain(_) | Task::Run(_)
            )
        };
        (self.knows_all() && !tasks().any(many)).then(|| tasks().filter(|task| matches!(task, Task::Recv(_))).count())
    }
}

/// The other end of the connection.
fn peer(endpoint: usize) -> usize {
    endpoint ^ 1
}

fn step(run: Run<'_>, at: usize, under: &str) -> Option<Impossible> {
    let plan = run.plan;
    let this = &plan.steps[at];
    let (me, other) = (this.endpoint, peer(this.endpoint));
    let under = under.to_owned();
    // What is on the wire can still be let go.
    let about_the_wire = matches!(
        this.task,
        Task::Hold | Task::Release(_) | Task::DropHeld | Task::UntilHeld(_)
    );
    if run.sent(me, at).closes && !about_the_wire {
        let endpoint = plan.endpoints[me].name.clone();
        return Some(Impossible::AfterClose { endpoint, under });
    }
    let datagrams = !plan.transport.is_stream();
    match &this.task {
        Task::Run(Program::ReadBoth { with }) => reads_both(run, me, *with, under),
        Task::Recv(_) | Task::ReadFrames { .. } | Task::ReadPacked(_) | Task::Run(_) => never_returns(run, at, under),
        Task::Drain(_) | Task::ReadText { .. } if !datagrams && !run.sent_in_all(peer(me)).finishes() => {
            let other = plan.endpoints[peer(me)].name.clone();
            Some(Impossible::NeverEnds { other, under })
        }
        Task::SendFrames(step) if step.handshake => never_returns(run, at, under),
        Task::UntilQueued(asked) => {
            let sent = run.sent(other, at);
            let more = sent.more;
            let sent = if datagrams { sent.messages as u64 } else { sent.bytes };
            (*asked > sent && !more).then_some(Impossible::NeverQueued {
                asked: *asked,
                sent,
                datagrams,
                under,
            })
        }
        Task::UntilAllQueued if run.sent(other, at).is_nothing() => Some(Impossible::NothingQueued { under }),
        // The end of a stream is acknowledged like its bytes.
        Task::UntilAcked if run.sent(me, at).is_nothing() && !run.sent(me, at).ends => {
            Some(Impossible::NothingSent { under })
        }
        _ => None,
    }
}

/// Two ends of different connections can be read together by the thread that serves both, and both must end.
fn reads_both(run: Run<'_>, me: usize, with: usize, under: String) -> Option<Impossible> {
    let plan = run.plan;
    let name = |endpoint: usize| plan.endpoints[endpoint].name.clone();
    let shared = plan
        .threads()
        .iter()
        .any(|served| served.contains(&me) && served.contains(&with));
    if !run.reach.knows_threads {
        return None;
    }
    if !shared || me / 2 == with / 2 {
        let [endpoint, other] = [me, with].map(name);
        return Some(Impossible::NotOneThread { endpoint, other, under });
    }
    let open = [me, with].into_iter().find(|end| {
        let from_other = run.sent_in_all(peer(*end));
        !from_other.closes && !from_other.unread
    })?;
    let other = name(peer(open));
    Some(Impossible::NeverEnds { other, under })
}

/// A read for which nothing ever comes. What comes may come later: a read that waits does not stop the other endpoint.
fn never_returns(run: Run<'_>, at: usize, under: String) -> Option<Impossible> {
    let plan = run.plan;
    let me = plan.steps[at].endpoint;
    let from_other = run.sent_in_all(peer(me));
    match plan.transport.is_stream() {
        true if from_other.is_nothing() && !from_other.finishes() => {
            let other = plan.endpoints[peer(me)].name.clone();
            Some(Impossible::NothingComes { other, under })
        }
        true => None,
        false => no_message_left(run, at).map(|read| Impossible::NoDatagramLeft {
            read,
            datagrams: from_other.messages,
            under,
        }),
    }
}

/// The how-manieth read this is, if no message is left for it and nothing else ends it, as the kernel does it:
///
/// - UDP: a datagram to a port where nobody is any more is answered, and the next call returns ECONNREFUSED at once, whether it
///   sends or reads; a datagram that waits is read after that. What was sent before the other side closed is not answered.
/// - Unix datagram sockets: a send to a peer that has closed fails at once, and takes with it what waits to be read.
/// - Unix seqpacket sockets: once the other side has closed or ended, and all it sent is read, every read returns at once.
fn no_message_left(run: Run<'_>, at: usize) -> Option<usize> {
    let plan = run.plan;
    let me = plan.steps[at].endpoint;
    let from_other = run.sent_in_all(peer(me));
    if from_other.more || run.is_unread(me) || (plan.transport == Transport::UnixSeqpacket && from_other.finishes()) {
        return None;
    }
    let (mut gone, mut refused) = (false, false);
    let (mut reads, mut taken) = (0, 0);
    let mut all = from_other.messages;
    for (step, amount) in plan.steps.iter().zip(run.amounts).take(at + 1) {
        if step.endpoint == peer(me) {
            gone |= amount.closes;
        } else if step.endpoint == me {
            if amount.more {
                return None;
            }
            match plan.transport {
                // Each call that is told of it takes the error away. A wire of the lab's own carries no such answer (ICMP).
                Transport::Udp if gone && plan.wire.is_none() => refused ^= amount.messages % 2 == 1,
                Transport::UnixDatagram if gone && amount.messages > 0 => all = all.min(taken),
                _ => {}
            }
            if matches!(step.task, Task::Recv(_)) {
                reads += 1;
                if !std::mem::take(&mut refused) {
                    taken += 1;
                }
            }
        }
    }
    (taken > all).then_some(reads)
}

fn claim(run: Run<'_>, expect: &PlacedExpect, under: &str, found: &mut Found<'_, '_>) {
    for (message, place) in &expect.claim.messages {
        if let Some(messages) = run.messages().filter(|messages| *message as usize > *messages) {
            let missing = Impossible::NoSuchMessage {
                message: *message,
                messages,
                under: under.to_owned(),
            };
            found.note(place, missing);
        }
    }
    for (endpoint, note) in noted(&expect.claim.claim) {
        if !run.can_note(endpoint, note) {
            let impossible = Impossible::NeverNotes {
                endpoint: run.plan.endpoints[endpoint].name.clone(),
                note: note.name().to_owned(),
                under: under.to_owned(),
            };
            found.note(&expect.claim.span, impossible);
        }
    }
    let Some(reads) = run.reads() else { return };
    let read = match &expect.claim.claim {
        Claim::Reads(all) => all.len(),
        Claim::Readings(all) => all.len(),
        Claim::Read { number, .. } => *number,
        _ => 0,
    };
    if read > reads {
        let under = under.to_owned();
        found.note(&expect.claim.span, Impossible::NoSuchRead { read, reads, under });
    }
}

/// The notes that a claim asks of endpoints.
fn noted(claim: &Claim) -> Vec<(usize, NoteName)> {
    match claim {
        Claim::Notes { endpoint, are } => are.iter().map(|note| (*endpoint, *note)).collect(),
        Claim::NotesOfAll(all) => all.clone(),
        Claim::Noted { endpoint, note } => vec![(*endpoint, *note)],
        _ => Vec::new(),
    }
}

/// Why a run does not come to this mark, if that can be told.
fn missed(run: Run<'_>, mark: Mark, under: &str) -> Option<Impossible> {
    let under = under.to_owned();
    match mark {
        Mark::Send(message) | Mark::Left(message) | Mark::Acked(message) => {
            let messages = run.messages()?;
            (message as usize > messages).then_some(Impossible::NoSuchMessage {
                message,
                messages,
                under,
            })
        }
        Mark::Read(read) => {
            let (read, reads) = (read as usize, run.reads()?);
            (read > reads).then_some(Impossible::NoSuchRead { read, reads, under })
        }
        Mark::Packet(_) => run.plan.wire.is_none().then_some(Impossible::NoWire { under }),
        Mark::Note(note) => {
            let mut makers = (0..run.plan.endpoints.len()).filter(|endpoint| run.can_note(*endpoint, note));
            let note = note.name().to_owned();
            makers
                .next()
                .is_none()
                .then_some(Impossible::NobodyNotes { note, under })
        }
        Mark::Blocked(endpoint) => {
            let mut own = run.plan.steps.iter().filter(|step| step.endpoint == endpoint);
            let calls = own.any(|step| {
                matches!(
                    step.task,
                    Task::Send(_)
                        | Task::SendTimes { .. }
                        | Task::TrySend { .. }
                        | Task::SendText { .. }
                        | Task::Recv(_)
                        | Task::Drain(_)
                        | Task::SendFrames { .. }
                        | Task::ReadFrames { .. }
                        | Task::ReadText { .. }
                        | Task::SendPacked(_)
                        | Task::ReadPacked(_)
                        | Task::Run(_)
                )
            });
            let calls = calls || run.is_unread(endpoint);
            let endpoint = run.plan.endpoints[endpoint].name.clone();
            (!calls).then_some(Impossible::NeverBlocks { endpoint, under })
        }
        Mark::Packed(endpoint) => {
            let packs = |step: &PlannedStep| step.endpoint == endpoint && matches!(step.task, Task::SendPacked(_));
            let packs = run.is_unread(endpoint) || run.plan.steps.iter().any(packs);
            let endpoint = run.plan.endpoints[endpoint].name.clone();
            (!packs).then_some(Impossible::NeverPacks { endpoint, under })
        }
    }
}
