//! What a trace means: whose bytes each read returned, what each queue held, what left together, and whether what had
//! to be seen was seen. Computed from the trace alone; no socket and no clock is asked.

pub mod departures;
pub mod picture;
pub mod pieces;
pub mod reads;
pub mod sends;
pub mod sentences;
pub mod verdict;

use crate::scenario::problem::Problems;
use crate::scenario::read::read;
use crate::scenario::{Family, Named, Plan, Scenario, Settings};
use crate::trace::{EndpointId, Trace};

use departures::Departure;
use pieces::Flows;
use reads::Read;
use verdict::Verdict;

/// A trace and what it means.
#[derive(Debug)]
pub struct Story<'t> {
    /// What happened.
    pub trace: &'t Trace,
    /// The scenario that was run.
    pub scenario: Scenario,
    /// The scenario under the run's knobs.
    pub plan: Plan,
    /// The messages, and where each lies.
    pub flows: Flows,
    /// Every read that returned, in order.
    pub reads: Vec<Read>,
    /// Every departure, in order.
    pub departures: Vec<Departure>,
    /// Whether what had to be seen was seen.
    pub verdict: Verdict,
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

impl<'t> Story<'t> {
    /// Works out what a trace means.
    ///
    /// # Errors
    /// If the scenario inside it cannot be read or does not belong to it.
    pub fn tell(trace: &'t Trace) -> Result<Self, StoryError> {
        let scenario = read(&trace.head.file, &trace.head.scenario).map_err(Box::new)?;
        if scenario.transport.name() != trace.head.transport {
            return Err(StoryError::Transport(trace.head.transport.clone()));
        }
        let settings = settings(&scenario, trace)?;
        let mut plan = Plan::new(&scenario, &settings);
        plan.family = if trace.head.family == "ipv6" {
            Family::Ipv6
        } else {
            Family::Ipv4
        };
        let named = plan.endpoints.iter().map(|endpoint| &endpoint.name);
        if !named.eq(&trace.head.endpoints) {
            return Err(StoryError::Endpoints);
        }
        let flows = Flows::of(trace);
        let reads = reads::reads(trace, &flows);
        let sends = sends::sends(trace);
        let departures = departures::departures(trace, &flows, &sends);
        let verdict = verdict::judge(&verdict::Evidence {
            trace,
            plan: &plan,
            flows: &flows,
            reads: &reads,
            sends: &sends,
            departures: &departures,
        });
        Ok(Self {
            trace,
            scenario,
            plan,
            flows,
            reads,
            departures,
            verdict,
        })
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
}

/// The endpoint at the other end: a run has two.
#[must_use]
pub fn peer(endpoint: EndpointId) -> EndpointId {
    EndpointId(1 - endpoint.0.min(1))
}

fn settings(scenario: &Scenario, trace: &Trace) -> Result<Settings, StoryError> {
    let mut settings = scenario.defaults();
    for (name, value) in &trace.head.knobs {
        let set = settings.set(&scenario.knobs, name, value);
        set.map_err(|_| StoryError::Knob {
            name: name.clone(),
            value: value.clone(),
        })?;
    }
    Ok(settings)
}
