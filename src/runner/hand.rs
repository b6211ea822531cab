//! A person's hand on the wire of a run that goes on: holds its packets and lets them go, one by one. From the first time
//! that it does something to the packets of an end, the scenario's steps that hold, wait for and let go packets of
//! that end do nothing: they are left to the person.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::id;
use crate::endpoint::recorder::Recorder;
use crate::trace::hand::{Grip, NoGrip};
use crate::trace::packet::WireAct;
use crate::trace::{Evidence, What};
use crate::wire::carry::{Release, Wire};

/// Whoever has it may hold the packets of a run. What it does is recorded as done by hand.
#[derive(Debug, Default)]
pub struct Hand(Mutex<At>);

/// Where a hand is.
#[derive(Default)]
enum At {
    #[default]
    Before,
    NoWire,
    Wire(Held),
    After,
}

struct Held {
    wire: Arc<Wire>,
    recorder: Arc<Recorder>,
    /// Which ends' packets it holds.
    holds: [bool; 2],
}

impl std::fmt::Debug for At {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Before => "Before",
            Self::NoWire => "NoWire",
            Self::Wire(_) => "Wire",
            Self::After => "After",
        })
    }
}

/// A run that a hand may reach into; when this is dropped it no longer can, and the wire is nobody's.
pub(super) struct Reach<'h>(&'h Hand);

impl Hand {
    /// A hand that reaches nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Does something to the packets that an end (0 or 1) of every connection sends.
    ///
    /// # Errors
    /// Why nothing was done.
    pub fn act(&self, end: usize, grip: Grip) -> Result<(), NoGrip> {
        let mut at = self.lock();
        let held = match &mut *at {
            At::Before => return Err(NoGrip::Early),
            At::NoWire => return Err(NoGrip::NoWire),
            At::After => return Err(NoGrip::Over),
            At::Wire(held) => held,
        };
        let end = end.min(1);
        let (time, act) = held.act(end, grip).ok_or(NoGrip::NothingHeld)?;
        let by_hand = true;
        held.recorder
            .at(time, id(end), Evidence::Staged, What::Wire { act, by_hand });
        Ok(())
    }

    /// Whether it holds packets, or would hold those that come. What the scenario has let go on meanwhile it does not.
    #[must_use]
    pub fn holds(&self) -> bool {
        match &*self.lock() {
            At::Wire(held) => (0..2).any(|end| held.holds[end] && held.wire.holds(end)),
            _ => false,
        }
    }

    /// The run has a wire now, or none.
    pub(super) fn take_hold(&self, wire: Option<Arc<Wire>>, recorder: &Arc<Recorder>) -> Reach<'_> {
        *self.lock() = wire.map_or(At::NoWire, |wire| {
            At::Wire(Held {
                wire,
                recorder: Arc::clone(recorder),
                holds: [false; 2],
            })
        });
        Reach(self)
    }

    fn lock(&self) -> MutexGuard<'_, At> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Held {
    /// When that was, and what.
    fn act(&mut self, end: usize, grip: Grip) -> Option<(u64, WireAct)> {
        let mut wire = self.wire.grasp();
        // It is told before the packets that it lets go, and behind those that came before.
        let time = self.recorder.clock.now();
        let act = match grip {
            Grip::Hold => {
                wire.hold(end);
                WireAct::Hold
            }
            Grip::Release => match wire.release(end, Release::Next(1)) as u64 {
                0 => return None,
                packets => WireAct::Release { packets },
            },
            Grip::Open => {
                let packets = wire.release(end, Release::All) as u64;
                WireAct::Open { packets }
            }
            Grip::Drop => wire.drop_next(end).then_some(WireAct::Drop)?,
            Grip::Duplicate => wire.duplicate_next(end).then_some(WireAct::Duplicate)?,
            Grip::Swap => wire.swap_next(end).then_some(WireAct::Swap)?,
            Grip::AcknowledgeAlone => wire.acknowledge_alone(end).then_some(WireAct::AcknowledgeAlone)?,
        };
        // What the scenario had held is the person's now, and what its steps would do to it is left to the person.
        wire.take_over(end);
        self.holds[end] = wire.holds(end);
        Some((time, act))
    }
}

impl Drop for Reach<'_> {
    fn drop(&mut self) {
        *self.0.lock() = At::After;
    }
}
