//! What a person can do to the packets on the wire of a run that goes on: one word for the screen that asks and the runner
//! that does it. What was done is a [`WireAct`](super::packet::WireAct) in the trace.

/// What a hand does to the packets that one end sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grip {
    /// Holds those that come from now on.
    Hold,
    /// Lets the first one go.
    Release,
    /// Lets all go, and holds no more.
    Open,
    /// Takes the first one off the wire.
    Drop,
    /// Sends the first one on, and keeps it.
    Duplicate,
    /// Has the first two change places.
    Swap,
    /// Delivers only the acknowledgement of the first one that has one beside data.
    AcknowledgeAlone,
}

/// Why a hand could do nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoGrip {
    /// The connections are not made yet.
    #[error("the run has not begun")]
    Early,
    /// The run goes over no wire.
    #[error("the run goes over no wire")]
    NoWire,
    /// The run is over.
    #[error("the run is over")]
    Over,
    /// No packet is held to which this could be done.
    #[error("no such packet is held")]
    NothingHeld,
}
