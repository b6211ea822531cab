//! What a trace means: whose bytes each read returned, what each queue held, what left together, and whether what had
//! to be seen was seen. Computed from the trace alone; no socket and no clock is asked.

pub mod alike;
pub mod beats;
pub mod characters;
pub mod departures;
mod furthest;
pub mod journey;
pub mod lanes;
pub mod lateness;
mod moments;
pub mod on_wire;
pub mod packets;
pub mod picture;
pub mod pieces;
pub mod reads;
pub mod sends;
pub mod sentences;
pub mod stops;
pub mod transfer;
mod unread;
pub mod verdict;
pub mod waits;

use std::sync::Arc;

use crate::scenario::problem::Problems;
use crate::scenario::read::read;
use crate::scenario::{Family, Named, Plan, Scenario, Settings};
use crate::trace;
use crate::trace::{Call, Ending, EndpointId, Event, Trace, What};
use crate::words::{Lang, commands};

use beats::{Beat, BeatKind, CallOutcome};
use departures::Departures;
use lanes::Lane;
use lateness::Lateness;
use on_wire::{Direction, OnWire};
use packets::Packets;
use picture::{Picture, Pictures};
use pieces::Flows;
use reads::Read;
use sends::Sends;
use verdict::Verdict;

/// A trace and what it means.
#[derive(Debug)]
pub struct Story {
    /// What happened.
    pub trace: Trace,
    /// The scenario that was run.
    pub scenario: Arc<Scenario>,
    /// The scenario under the run's knobs.
    pub plan: Plan,
    /// The messages, and where each lies.
    pub flows: Flows,
    /// Every read that returned, in order.
    pub reads: Vec<Read>,
    /// Every departure, in order.
    pub departures: Departures,
    /// The moments that a face tells, in order.
    pub beats: Vec<Beat>,
    /// Every packet on the wire, in order.
    pub packets: Packets,
    /// Where playback halts, in order.
    pub stops: Vec<stops::Reached>,
    /// Whether what had to be seen was seen.
    pub verdict: Verdict,
    lanes: Vec<Lane>,
    pictures: Pictures,
    on_wire: OnWire,
}

/// Why a trace cannot be told.
#[derive(Debug, thiserror::Error)]
pub enum StoryError {
    /// The scenario inside it is not one that this program reads.
    #[error("the scenario inside the trace cannot be read:\n{0}")]
    Scenario(#[from] Box<Problems>),
    /// A knob of the trace is none of the scenario's.
    #[error("the trace sets the knob {name} to {value}, which its scenario does not allow")]
    Knob {
        /// Which.
        name: String,
        /// To what.
        value: String,
    },
    /// The trace was made over something else than its scenario says.
    #[error("the trace says {0}, the scenario inside it something else")]
    Transport(String),
    /// The trace and its scenario do not speak of the same endpoints.
    #[error("the trace and the scenario inside it name different endpoints")]
    Endpoints,
}

impl StoryError {
    /// Why, in a language.
    #[must_use]
    pub fn told(&self, lang: Lang) -> String {
        match self {
            Self::Scenario(problems) => commands::trace_scenario(lang, &problems.render(lang, false)),
            Self::Knob { name, value } => commands::trace_knob(lang, name, value),
            Self::Transport(transport) => commands::trace_transport(lang, transport),
            Self::Endpoints => commands::trace_endpoints(lang),
        }
    }
}

impl Story {
    /// Works out what a trace means, by the scenario inside it.
    ///
    /// # Errors
    /// If the scenario inside it cannot be read or does not belong to it.
    pub fn tell(trace: Trace) -> Result<Self, StoryError> {
        let scenario = read(&trace.head.file, &trace.head.scenario).map_err(Box::new)?;
        Self::with(scenario, trace)
    }

    /// Works out what a trace means, by a scenario that was read already: a live run is told again and again.
    ///
    /// # Errors
    /// If the scenario does not belong to it.
    pub fn with(scenario: impl Into<Arc<Scenario>>, trace: Trace) -> Result<Self, StoryError> {
        let scenario = scenario.into();
        let plan = plan(&scenario, &trace)?;
        Ok(Self::of(scenario, plan, trace))
    }

    /// The same for a plan that is known to be the trace's.
    pub(crate) fn of(scenario: Arc<Scenario>, plan: Plan, trace: Trace) -> Self {
        let flows = Flows::of(&trace).written(&plan);
        let reads = reads::reads(&trace, &flows);
        let sends = Sends::of(&trace);
        let departures = Departures::of(&trace, &flows, &sends);
        let packets = Packets::of(&trace);
        let verdict = verdict::judge(&verdict::Evidence {
            trace: &trace,
            plan: &plan,
            flows: &flows,
            reads: &reads,
            sends: &sends,
            departures: &departures,
            packets: &packets,
            lateness: &Lateness::of(&trace, &plan),
        });
        let beats = beats::beats(&trace, &flows, &departures);
        let mut story = Self {
            stops: Vec::new(),
            lanes: lanes::lanes(&trace, &beats, &reads),
            pictures: Pictures::of(&trace, &flows),
            on_wire: OnWire::of(&trace),
            trace,
            scenario,
            plan,
            flows,
            reads,
            departures,
            packets,
            beats,
            verdict,
        };
        for read in transfer::reads_of_files(&story) {
            story.reads[read].of_file = true;
        }
        story.stops = stops::stops(&story);
        story
    }

    /// Works out the same anew with more events, which need not come in the order of time, and with the ending if there
    /// is one by now.
    pub fn grow(&mut self, more: Vec<Event>, ending: Option<Ending>) {
        let mut events = std::mem::take(&mut self.trace.events);
        events.extend(more);
        // Stable: those that came first stay first among those of one time.
        events.sort_by_key(|event| event.at);
        let trace = Trace {
            head: self.trace.head.clone(),
            events,
            ending: ending.unwrap_or_else(|| self.trace.ending.clone()),
        };
        *self = Self::of(Arc::clone(&self.scenario), self.plan.clone(), trace);
    }

    /// What every buffer held after the first `events` events. Costs the same at every place.
    #[must_use]
    pub fn picture_at(&self, events: usize) -> Picture<'_> {
        self.pictures.at(&self.trace, &self.flows, events)
    }

    /// What every buffer holds when a playhead stands behind so many beats. A call is told with what it returned, so the
    /// bytes that a read took are gone from the queue, also where a stamp was made before the call had returned.
    #[must_use]
    pub fn picture_shown(&self, position: usize) -> Picture<'_> {
        let mut picture = self.picture_at(self.events_at(position));
        for lane in &self.lanes {
            let read = lanes::last_told(&lane.reads, position).and_then(|beat| match self.beats[beat].what {
                BeatKind::Recv { read, .. } => read,
                _ => None,
            });
            let event = read.and_then(|read| self.reads.get(read)).map(|read| read.event);
            // So it is with what a send did not take.
            let sent = lanes::last_told(&lane.send_calls, position).and_then(|beat| self.refused(beat));
            // And a call that is told to have blocked found nothing to read.
            let blocked = lanes::last_told(&lane.calls, position).and_then(|beat| self.blocks(beat));
            for event in [event, sent, blocked].into_iter().flatten() {
                if event >= picture.events() {
                    picture.foresee(&self.trace.events[event]);
                }
            }
        }
        picture
    }

    /// Where a send that took less than it was given returns, or fails.
    fn refused(&self, beat: usize) -> Option<usize> {
        let beat = &self.beats[beat];
        let BeatKind::Send {
            start, end, outcome, ..
        } = beat.what
        else {
            return None;
        };
        match outcome {
            CallOutcome::Returned(taken) if start + taken < end => {}
            CallOutcome::Failed => {}
            _ => return None,
        }
        let returns = |event: &Event| {
            let ends = matches!(event.what, What::Send { .. } | What::Failed { call: Call::Send, .. });
            ends && event.endpoint == beat.endpoint
        };
        let after = self.trace.events.get(beat.event..)?.iter().position(returns)?;
        Some(beat.event + after)
    }

    /// Where a recv blocks.
    fn blocks(&self, beat: usize) -> Option<usize> {
        let beat = &self.beats[beat];
        let BeatKind::Recv {
            outcome: CallOutcome::Blocked,
            ..
        } = beat.what
        else {
            return None;
        };
        let blocks =
            |event: &Event| event.endpoint == beat.endpoint && event.what == What::Blocked { call: Call::Recv };
        let after = self.trace.events.get(beat.event..)?.iter().position(blocks)?;
        Some(beat.event + after)
    }

    /// How many events have happened when a playhead stands behind so many beats; at 0 it is those of the opening.
    #[must_use]
    pub fn events_at(&self, position: usize) -> usize {
        match position.min(self.beats.len()).checked_sub(1) {
            Some(last) => self.beats[last].end,
            None => self.beats.first().map_or(self.trace.events.len(), |first| first.event),
        }
    }

    /// What was on the wire after the first `events` events: what ends 0 of the connections had sent, and what ends 1
    /// had. Costs the same at every place.
    #[must_use]
    pub fn on_wire_at(&self, events: usize) -> [Direction; 2] {
        self.on_wire.at(events)
    }

    /// Whether the run went over a wire.
    #[must_use]
    pub fn is_over_wire(&self) -> bool {
        self.trace.head.link == trace::Link::Wire
    }

    /// An endpoint's beats, kind by kind.
    #[must_use]
    pub fn lane(&self, endpoint: EndpointId) -> &Lane {
        lanes::lane(&self.lanes, endpoint)
    }

    /// The bytes that a beat is about: whose flow, from where to where. None if it is about no bytes.
    #[must_use]
    pub fn span_of(&self, beat: &Beat) -> Option<(EndpointId, u64, u64)> {
        let span = match beat.what {
            BeatKind::Send { start, end, .. }
            | BeatKind::SendReturned { start, end, .. }
            | BeatKind::Acknowledged { start, end, .. } => (beat.endpoint, start, end),
            BeatKind::Left { departure } => {
                let left = self.departures.get(departure)?;
                (beat.endpoint, left.start, left.end)
            }
            BeatKind::Recv { read: Some(read), .. } | BeatKind::RecvReturned { read, .. } => {
                let read = self.reads.get(read)?;
                (peer(beat.endpoint), read.start, read.start + read.returned)
            }
            BeatKind::Packet { packet } | BeatKind::Arrives { packet, .. } | BeatKind::Removed { packet, .. } => {
                let sighting = self.packets.get(packet)?;
                let packet = sighting.packet(&self.trace)?;
                (sighting.from, packet.start?, packet.start? + packet.payload)
            }
            _ => return None,
        };
        Some(span).filter(|(_, start, end)| start < end)
    }

    /// The knobs of the run.
    #[must_use]
    pub fn settings(&self) -> Settings {
        // They were checked when the story was begun.
        settings(&self.scenario, &self.trace).unwrap_or_else(|_| self.scenario.defaults())
    }

    /// An endpoint's name.
    #[must_use]
    pub fn name(&self, endpoint: EndpointId) -> &str {
        self.trace
            .head
            .endpoints
            .get(usize::from(endpoint.0))
            .map_or("?", String::as_str)
    }

    /// The endpoint of this name.
    #[must_use]
    pub fn endpoint(&self, name: &str) -> Option<EndpointId> {
        let index = self.trace.head.endpoints.iter().position(|other| other == name)?;
        u8::try_from(index).ok().map(EndpointId)
    }
}

/// The endpoint at the other end: 2k and 2k + 1 are the two ends of connection k.
#[must_use]
pub fn peer(endpoint: EndpointId) -> EndpointId {
    EndpointId(endpoint.0 ^ 1)
}

/// How many ends the connections of a trace have: its endpoints, and the peer that the last one may lack.
fn ends(trace: &Trace) -> usize {
    trace.head.endpoints.len().next_multiple_of(2)
}

/// What was to be done, if the scenario is the trace's own.
fn plan(scenario: &Scenario, trace: &Trace) -> Result<Plan, StoryError> {
    let settings = settings(scenario, trace)?;
    let mut plan = Plan::new(scenario, &settings);
    if plan.transport.name() != trace.head.transport {
        return Err(StoryError::Transport(trace.head.transport.clone()));
    }
    plan.family = if trace.head.family == "ipv6" {
        Family::Ipv6
    } else {
        Family::Ipv4
    };
    if plan.wire.is_some() != (trace.head.link == trace::Link::Wire) {
        return Err(StoryError::Transport("wire".to_owned()));
    }
    let named = plan.endpoints.iter().map(|endpoint| &endpoint.name);
    if !named.eq(&trace.head.endpoints) {
        return Err(StoryError::Endpoints);
    }
    Ok(plan)
}

fn settings(scenario: &Scenario, trace: &Trace) -> Result<Settings, StoryError> {
    let mut settings = scenario.defaults();
    let all = scenario.all_knobs();
    for (name, value) in &trace.head.knobs {
        let set = settings.set(&all, name, value);
        set.map_err(|_| StoryError::Knob {
            name: name.clone(),
            value: value.clone(),
        })?;
    }
    Ok(settings)
}
