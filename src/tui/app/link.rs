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
        let over_wire = self.plan.wire.is_none();
        if let Arg::Knob(name) = &self.scenario.link {
            let link = if over_wire { Link::Wire } else { Link::Loopback };
            let setting = Setting::Choice(link.name().to_owned());
            let name = name.clone();
            self.set(&name, setting);
            return Ok(());
        }
        let scenario = if over_wire {
            let internet = self.plan.transport.is_internet() && self.family == Family::Ipv4;
            if !internet || !self.scenario.goes_over_wire() {
                return Err(Notice::NotOverWire);
            }
            Scenario::clone(&self.scenario).over_wire()
        } else {
            // As its file has it.
            let written = read(&self.file, &self.scenario.source).map_err(|_| Notice::OnlyOverWire)?;
            if written.link == Arg::Fixed(Link::Wire) {
                return Err(Notice::OnlyOverWire);
            }
            written
        };
        let mut settings = scenario.defaults();
        for (name, value) in self.settings.iter() {
            if scenario.knobs.iter().any(|knob| knob.name == name) {
                settings.insert(name, value.clone());
            }
        }
        self.scenario = Arc::new(scenario);
        self.settings = settings;
        self.cursor = Default::default();
        self.decide();
        Ok(())
    }
}
