//! What a scenario does to the wire: to the packets that an endpoint sends.

use super::{Endpoint, EndpointError};
use crate::trace::packet::WireAct;
use crate::trace::{Evidence, Until, What};
use crate::wire::carry::{Grasp, Release, Rule};

impl Endpoint<'_> {
    /// From now on the packets that it sends are held; unless a person has taken them over.
    ///
    /// # Errors
    /// If there is no wire, or the run is over.
    pub fn hold(&self) -> Result<(), EndpointError> {
        self.unless_in_hand(|grasp, end| {
            grasp.hold(end);
            WireAct::Hold
        })
    }

    /// Lets packets go that are held.
    ///
    /// # Errors
    /// As [`Endpoint::hold`].
    pub fn release(&self, which: Release) -> Result<(), EndpointError> {
        self.unless_in_hand(|grasp, end| {
            let packets = grasp.release(end, which) as u64;
            match which {
                Release::Next(_) => WireAct::Release { packets },
                Release::All => WireAct::Open { packets },
                Release::Reversed => WireAct::Reverse { packets },
            }
        })
    }

    /// Takes the first packet that is held off the wire.
    ///
    /// # Errors
    /// As [`Endpoint::hold`].
    pub fn drop_held(&self) -> Result<(), EndpointError> {
        self.unless_in_hand(|grasp, end| {
            grasp.drop_next(end);
            WireAct::Drop
        })
    }

    /// Loses a packet that is still to come.
    ///
    /// # Errors
    /// As [`Endpoint::hold`].
    pub fn lose(&self, rule: Rule) -> Result<(), EndpointError> {
        self.at_wire(|grasp, end| {
            grasp.lose(end, rule);
            WireAct::Lose {
                nth: rule.nth.into(),
                data: rule.data,
            }
        })
    }

    /// Waits until so many of its packets are held; unless a person has taken them over, or does so meanwhile.
    ///
    /// # Errors
    /// As [`Endpoint::hold`].
    pub fn until_held(&self, count: u64) -> Result<(), EndpointError> {
        if self.own.is_in_hand() {
            return self.at_wire(|_, _| WireAct::LeftToHand);
        }
        self.wait(|_| Until::Held(count))
    }

    fn unless_in_hand(&self, act: impl FnOnce(&mut Grasp<'_>, usize) -> WireAct) -> Result<(), EndpointError> {
        self.at_wire(|grasp, end| {
            if grasp.is_in_hand(end) {
                WireAct::LeftToHand
            } else {
                act(grasp, end)
            }
        })
    }

    fn at_wire(&self, act: impl FnOnce(&mut Grasp<'_>, usize) -> WireAct) -> Result<(), EndpointError> {
        self.begin()?;
        let Some(cable) = self.own.cable() else {
            return Err(self.cannot("reach the wire", std::io::ErrorKind::NotFound.into()));
        };
        // It is told before the packets that it lets go, and behind those that came before.
        let mut grasp = cable.wire.grasp();
        let at = self.recorder.clock.now();
        let act = act(&mut grasp, cable.end);
        drop(grasp);
        let by_hand = false;
        self.recorder
            .at(at, self.own.id, Evidence::Staged, What::Wire { act, by_hand });
        self.end();
        Ok(())
    }
}
