//! What keys do while the wire of a run is in somebody's hand.

use super::super::keys::Action;
use super::lab::{Lab, View};
use super::sides::sides;
use super::stage::{Grip, NoGrip};
use super::{App, Notice};

impl App {
    /// From now on keys mean the packets on the wire, if there is a run whose packets can be held.
    pub(super) fn take_in_hand(&mut self) {
        let Some(lab) = &mut self.lab else { return };
        let Some(show) = &mut lab.show else { return };
        if !show.story.is_over_wire() {
            self.notice = Some(Notice::NoPackets);
        } else if show.is_live() {
            show.follow();
            if lab.view != View::Ladder {
                lab.view = View::Calls;
            }
            lab.hand = Some(lab.to_the_right());
        } else {
            self.notice = Some(Notice::NoGrip(NoGrip::Over));
        }
    }

    /// What a key does to the wire.
    pub(super) fn act_in_hand(&mut self, action: Action) {
        let Some(lab) = &mut self.lab else { return };
        let Some(end) = lab.hand else { return };
        let right = lab.to_the_right();
        match action {
            Action::ToTheRight => lab.hand = Some(right),
            Action::ToTheLeft => lab.hand = Some(1 - right),
            Action::Ladder => self.show_ladder(),
            Action::HoldAll => self.grip(&[0, 1], Grip::Hold),
            Action::OpenAll => self.grip(&[0, 1], Grip::Open),
            Action::ReleaseNext => self.grip(&[end], Grip::Release),
            Action::ReleaseAll => self.grip(&[end], Grip::Open),
            Action::DropNext => self.grip(&[end], Grip::Drop),
            Action::DuplicateNext => self.grip(&[end], Grip::Duplicate),
            Action::SwapNext => self.grip(&[end], Grip::Swap),
            Action::AckAlone => self.grip(&[end], Grip::AcknowledgeAlone),
            _ => {}
        }
    }

    /// The packets as a diagram, or calls and queues again.
    pub(super) fn show_ladder(&mut self) {
        let Some(lab) = &mut self.lab else { return };
        let over_wire = lab.show.as_ref().is_some_and(|show| show.story.is_over_wire());
        match lab.view {
            View::Ladder => lab.view = View::Calls,
            _ if over_wire => lab.view = View::Ladder,
            _ => self.notice = Some(Notice::NoPackets),
        }
    }

    fn grip(&mut self, ends: &[usize], grip: Grip) {
        let Some(show) = self.lab.as_mut().and_then(|lab| lab.show.as_mut()) else {
            return;
        };
        if !show.is_live() {
            self.notice = Some(Notice::NoGrip(NoGrip::Over));
            return;
        }
        // What comes of it is looked at.
        show.follow();
        for end in ends {
            if let Err(why) = self.stage.grip(*end, grip) {
                self.notice = Some(Notice::NoGrip(why));
            }
        }
    }
}

impl Lab {
    /// The end whose packets go to the right, as the two sides are shown.
    #[must_use]
    pub fn to_the_right(&self) -> usize {
        let Some(show) = &self.show else { return 0 };
        let [left, _] = sides(&show.story, self.connection(show));
        usize::from(left.0 % 2)
    }
}
