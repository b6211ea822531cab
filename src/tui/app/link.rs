//! The same scenario over a wire, and back.

use std::sync::Arc;

use super::lab::{Lab, View};
use super::{App, Notice};
use crate::scenario::read::read;
use crate::scenario::{Arg, Family, Link, Named, Scenario, Setting};

impl App {
    /// Joins the endpoints by what they are not joined by now, and runs anew.
    pub(super) fn switch_link(&mut self) {
        let Some(lab) = &mut self.lab else { return };
        if let Err(notice) = lab.switch_link() {
            self.notice = Some(notice);
            return;
        }
        let stepped = lab.show.as_ref().is_some_and(|show| show.story.trace.head.stepped);
        if lab.view == View::Ladder && lab.plan.wire.is_none() {
            lab.view = View::Calls;
        }
        self.run(stepped);
    }
}

impl Lab {
    fn switch_link(&mut self) -> Result<(), Notice> {
        let to = if self.plan.wire.is_none() {
            Link::Wire
        } else {
            Link::Loopback
        };
        let name = match &self.scenario.link {
            Arg::Fixed(Link::Wire) => return Err(Notice::OnlyOverWire),
            Arg::Fixed(Link::Loopback) => return Err(Notice::NotOverWire),
            Arg::Knob(name) => name.clone(),
        };
        if to == Link::Wire {
            let internet = self.plan.transport.is_internet() && self.family == Family::Ipv4;
            if !internet || !self.scenario.goes_over_wire() {
                return Err(Notice::NotOverWire);
            }
            // On a wire what it is like can be turned as well.
            self.become_scenario(Scenario::clone(&self.scenario).over_wire());
        } else if let Ok(written) = read(&self.file, &self.scenario.source) {
            self.become_scenario(written);
        }
        self.set(&name, Setting::Choice(to.name().to_owned()));
        Ok(())
    }

    /// The same scenario with other knobs: those that it has too stay as they are.
    fn become_scenario(&mut self, scenario: Scenario) {
        let mut settings = scenario.defaults();
        for (name, value) in self.settings.iter() {
            if scenario.knobs.iter().any(|knob| knob.name == name) {
                settings.insert(name, value.clone());
            }
        }
        self.scenario = Arc::new(scenario);
        self.settings = settings;
        self.cursor = super::knobs::KnobCursor::default();
    }
}
