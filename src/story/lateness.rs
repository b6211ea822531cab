//! When the lab itself was late: it could have gone on, and did not, because the machine was busy with something else.
//!
//! The steps of a run follow one another at once, unless somebody waits for something; what that is, the trace tells:
//! a call that has blocked, a condition, a packet that is under way, a program that is busy (its note says with what).
//! Where an event of the lab's own comes later than that, the time between is the lab's, and no property of what it
//! shows. The kernel's timers do not stand still meanwhile: an acknowledgement that a step was to come before has come.

#[cfg(test)]
mod tests;

use std::collections::HashMap;

use super::peer;
use crate::scenario::Plan;
use crate::scenario::framing::SenderFault;
use crate::scenario::plan::{OutFrame, Task};
use crate::trace::packet::{Fate, Handing};
use crate::trace::{Call, EndpointId, Event, FrameFault, Link, Note, Trace, Until, What};

/// The times in which the lab was late.
#[derive(Debug, Clone, Default)]
pub struct Lateness {
    /// From when to when, in nanoseconds of the run; ascending by their ends.
    gaps: Vec<(u64, u64)>,
}

/// What follows at once takes less than this, in nanoseconds, even on a slow machine.
const AT_ONCE: u64 = 1_000_000;

impl Lateness {
    /// Finds them.
    #[must_use]
    pub fn of(trace: &Trace, plan: &Plan) -> Self {
        let by_hand = |event: &Event| matches!(event.what, What::Wire { by_hand: true, .. });
        if trace.head.stepped || trace.events.iter().any(by_hand) {
            // The time between two steps is a person's.
            return Self::default();
        }
        let mut looking = Looking::new(trace, plan);
        for event in &trace.events {
            looking.at(event);
        }
        Self { gaps: looking.gaps }
    }

    /// For how long the lab was late between two times, in nanoseconds.
    #[must_use]
    pub fn between(&self, from: u64, to: u64) -> u64 {
        let overlap = |(began, ended): &(u64, u64)| (*ended).min(to).saturating_sub((*began).max(from));
        self.gaps.iter().map(overlap).sum()
    }

    /// For how long in all.
    #[must_use]
    pub fn in_all(&self) -> u64 {
        self.between(0, u64::MAX)
    }
}

/// Goes through a trace.
struct Looking<'t> {
    trace: &'t Trace,
    plan: &'t Plan,
    /// When the lab did something last.
    since: u64,
    /// Since when nothing has been under way on the wire: whoever begins a step waits for that.
    quiet: u64,
    /// Times since the lab did something last in which nothing was under way on the wire.
    quiet_before: Vec<(u64, u64)>,
    /// What is under way on the wire, and how often it will still arrive.
    aboard: HashMap<u32, u8>,
    ends: HashMap<EndpointId, End>,
    /// When what ends at each place of a flow left the kernel and has not come onto the wire.
    left: HashMap<(EndpointId, u64), u64>,
    /// When each packet that is under way is due, where that can be told.
    due: HashMap<u32, u64>,
    gaps: Vec<(u64, u64)>,
}

/// What an endpoint is at.
#[derive(Debug, Clone, Copy, Default)]
struct End {
    /// What it waits for.
    waits: Option<Waits>,
    /// When something has happened that it waited for.
    woken: Option<u64>,
    /// Its program has said that it does something that takes its time, or its call has failed and it waits for room.
    is_busy: bool,
    /// Its step is to send slowly.
    dribbles: bool,
    /// It was asked about its queues since the last call.
    was_asked: bool,
    /// The step that it began last.
    step: Option<u32>,
}

/// From when on the lab could have gone on.
#[derive(Debug, Clone, Copy)]
enum Could {
    /// That cannot be told.
    NotTell,
    /// From this time on.
    From(u64),
    /// Since it did something last and since this time, but for the times in which something was under way on the wire.
    WhenQuiet(u64),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Waits {
    Call(Call),
    Until(Until),
}

impl<'t> Looking<'t> {
    fn new(trace: &'t Trace, plan: &'t Plan) -> Self {
        Self {
            trace,
            plan,
            since: trace.events.first().map_or(0, |first| first.at),
            quiet: 0,
            quiet_before: Vec::new(),
            aboard: HashMap::new(),
            ends: HashMap::new(),
            left: HashMap::new(),
            due: HashMap::new(),
            gaps: Vec::new(),
        }
    }

    fn at(&mut self, event: &Event) {
        match self.could_go_on(event) {
            Could::NotTell => {}
            Could::From(from) => self.was_late(from, event.at),
            Could::WhenQuiet(earliest) => {
                for (from, to) in std::mem::take(&mut self.quiet_before) {
                    self.was_late(from.max(earliest), to);
                }
                if self.aboard.is_empty() {
                    self.was_late(self.since.max(self.quiet).max(earliest), event.at);
                }
            }
        }
        if self.goes_on(event) {
            self.since = self.since.max(event.at);
            self.quiet_before.clear();
        }
        self.carries(event);
        self.takes_in(event);
    }

    fn was_late(&mut self, from: u64, to: u64) {
        let last = self.gaps.last().map_or(0, |(_, ended)| *ended);
        let from = from.max(last);
        if to > from.saturating_add(AT_ONCE) {
            self.gaps.push((from, to));
        }
    }

    /// From when on the lab could have made this event.
    fn could_go_on(&self, event: &Event) -> Could {
        let end = self.ends.get(&event.endpoint).copied().unwrap_or_default();
        let told = |from: Option<u64>| from.map_or(Could::NotTell, Could::From);
        let at_once = |if_so: bool| if if_so { Could::WhenQuiet(0) } else { Could::NotTell };
        match &event.what {
            // The kernel's own time.
            What::Left { .. }
            | What::Acknowledged { .. }
            | What::StampsEnd
            | What::PacketsEnd
            | What::Removed { .. }
            | What::Segments { .. }
            | What::Calls { .. } => Could::NotTell,
            // What the kernel has sent just now lies before the lab, which has to read it.
            What::Packet(packet) => {
                let ends = packet.start.map(|start| (event.endpoint, start + packet.payload));
                told(ends.and_then(|ends| self.left.get(&ends).copied()))
            }
            What::Delivered { packet, .. } => told(self.due.get(packet).copied()),
            // Looked at once more, when the run is over or while it is held: nobody waits for that.
            What::Queues { .. } => at_once(!end.was_asked && !end.is_busy),
            What::FrameFault {
                fault: FrameFault::TimedOut { .. },
            } => at_once(self.somebody_could_go_on(event.endpoint)),
            _ => match end.waits {
                Some(Waits::Call(Call::Send)) => Could::NotTell,
                Some(_) => end.woken.map_or(Could::NotTell, Could::WhenQuiet),
                None => at_once(!end.is_busy && !end.dribbles),
            },
        }
    }

    /// Whether the lab's own threads have made this event in the order of their steps: neither the kernel nor the wire nor
    /// somebody who looked once more.
    fn goes_on(&self, event: &Event) -> bool {
        match event.what {
            What::Left { .. }
            | What::Acknowledged { .. }
            | What::StampsEnd
            | What::Segments { .. }
            | What::Packet(_)
            | What::Delivered { .. }
            | What::Removed { .. }
            | What::PacketsEnd => false,
            What::Queues { .. } => !self.ends.get(&event.endpoint).is_some_and(|end| end.was_asked),
            _ => true,
        }
    }

    /// Follows what is under way on the wire.
    fn carries(&mut self, event: &Event) {
        match &event.what {
            What::Packet(packet) => {
                let times = match packet.fate {
                    Fate::Passed | Fate::Delayed | Fate::Late => 1,
                    Fate::Duplicated => 2,
                    Fate::Held | Fate::LostByChance | Fate::LostByRule => return,
                };
                if self.aboard.is_empty() {
                    self.quiet_before.push((self.since.max(self.quiet), event.at));
                }
                self.aboard.insert(packet.packet, times);
            }
            What::Delivered { packet, .. } | What::Removed { packet, .. } => {
                if let Some(times) = self.aboard.get_mut(packet) {
                    *times -= 1;
                    if *times == 0 {
                        self.aboard.remove(packet);
                    }
                }
                self.quiet = self.quiet.max(event.at);
            }
            _ => {}
        }
    }

    fn takes_in(&mut self, event: &Event) {
        self.wakes(event);
        let (wire, plan) = (self.plan.wire, self.plan);
        let end = self.ends.entry(event.endpoint).or_default();
        match &event.what {
            What::Blocked { call } => *end = end.waiting(Waits::Call(*call)),
            What::Wait { until } => *end = end.waiting(Waits::Until(*until)),
            What::Note { note } => end.is_busy = takes_time(note),
            What::Failed { .. } => {
                *end = End {
                    is_busy: true,
                    ..end.going_on()
                }
            }
            What::Queues { .. } => end.was_asked = true,
            What::Step { step } => {
                *end = End {
                    step: Some(*step),
                    dribbles: dribbles(plan, *step),
                    ..end.going_on()
                }
            }
            What::Left { end, .. } => drop(self.left.insert((event.endpoint, *end), event.at)),
            What::Packet(packet) => {
                if let Some(start) = packet.start {
                    self.left.remove(&(event.endpoint, start + packet.payload));
                }
                let is_told = matches!(packet.fate, Fate::Passed | Fate::Delayed);
                if let Some(wire) = wire.filter(|wire| is_told && wire.rate.is_none()) {
                    let delay = u64::try_from(wire.delay.as_nanos()).unwrap_or(u64::MAX);
                    self.due.insert(packet.packet, event.at.saturating_add(delay));
                }
            }
            What::Acknowledged { .. }
            | What::StampsEnd
            | What::PacketsEnd
            | What::Delivered { .. }
            | What::Removed { .. }
            | What::Wire { .. }
            | What::Segments { .. } => {}
            _ => *end = end.going_on(),
        }
    }

    /// Notes who has what it waited for.
    fn wakes(&mut self, event: &Event) {
        let over_wire = self.trace.head.link == Link::Wire;
        let other = peer(event.endpoint);
        let (who, for_what): (EndpointId, fn(Waits) -> bool) = match &event.what {
            What::Left { .. } | What::Send { .. } | What::Closed | What::HalfClosed if !over_wire => {
                (other, is_arrival)
            }
            What::Delivered {
                how: Handing::Whole | Handing::Again,
                ..
            } => (event.endpoint, is_arrival),
            What::Acknowledged { .. } => (event.endpoint, |waits| waits == Waits::Until(Until::Acknowledged)),
            What::Packet(packet) if packet.fate == Fate::Held => {
                (event.endpoint, |waits| matches!(waits, Waits::Until(Until::Held(_))))
            }
            _ => return,
        };
        if let Some(end) = self.ends.get_mut(&who)
            && end.waits.is_some_and(for_what)
        {
            end.woken = Some(event.at);
        }
    }

    /// Whether another one has steps to do and waits for nothing: it was not let run while this one lost its patience.
    fn somebody_could_go_on(&self, than: EndpointId) -> bool {
        let is_left = |end: &End, who: EndpointId| {
            let steps = self.plan.steps.iter().enumerate().rev();
            let last = steps
                .filter(|(_, step)| step.endpoint == usize::from(who.0))
                .map(|(last, _)| last);
            last.into_iter().next().and_then(|last| u32::try_from(last).ok()) > end.step
        };
        (0..self.plan.endpoints.len())
            .filter_map(|index| u8::try_from(index).ok().map(EndpointId))
            .filter(|who| *who != than)
            .any(|who| {
                let end = self.ends.get(&who).copied().unwrap_or_default();
                end.waits.is_none() && !end.is_busy && is_left(&end, who)
            })
    }
}

impl End {
    fn waiting(self, waits: Waits) -> Self {
        Self {
            waits: Some(waits),
            ..self.going_on()
        }
    }

    /// It has made a call, or begun one.
    fn going_on(self) -> Self {
        Self {
            step: self.step,
            dribbles: self.dribbles,
            ..Self::default()
        }
    }
}

/// Whether a step sends its frames piece by piece, with pauses that it does not tell.
fn dribbles(plan: &Plan, step: u32) -> bool {
    let task = usize::try_from(step).ok().and_then(|step| plan.steps.get(step));
    let slow = |frame: &OutFrame| matches!(frame.fault, Some(SenderFault::Dribbles(_)));
    matches!(task.map(|step| &step.task), Some(Task::SendFrames(sending)) if sending.frames.iter().any(slow))
}

/// Whether it waits for something to come.
fn is_arrival(waits: Waits) -> bool {
    matches!(
        waits,
        Waits::Call(Call::Recv) | Waits::Until(Until::Queued(_) | Until::DatagramsQueued(_))
    )
}

/// Whether a program that has said this does something next that takes its time: it runs a command, reads or hashes a
/// file, says nothing for a while.
fn takes_time(note: &Note) -> bool {
    !matches!(
        note,
        Note::Served { .. } | Note::ClientLeft { .. } | Note::WasAccepted | Note::WasRefused
    )
}
