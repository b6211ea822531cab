//! Starting runs and hearing of them.

use super::super::input::Next;
use super::lab::{Comparison, View};
use super::show::Show;
use super::stage::{News, Refusal, RunNews, Wanted};
use super::{App, Notice, Popup};
use crate::scenario::{Setting, Settings};

impl App {
    /// Runs the scenario with the knobs as they are. The class predicts first, unless the teacher passes over it.
    pub(super) fn run(&mut self, stepped: bool) -> Next {
        let Some(lab) = &mut self.lab else { return Next::Nothing };
        if lab.is_question_open() {
            lab.awaited = Some(stepped);
            self.popup = Some(Popup::Question);
            self.notice = Some(Notice::QuestionFirst);
            return Next::Draw;
        }
        self.popup = None;
        self.stage.stop();
        let started = self.start(None, stepped);
        if let (Some(show), Some(lab)) = (started, &mut self.lab) {
            self.done.insert(lab.scenario.id.clone());
            lab.comparison = None;
            lab.byte = None;
            lab.hand = None;
            lab.show = Some(show);
        }
        Next::Draw
    }

    /// Runs the scenario once more with one knob changed, beside the run that is shown.
    pub(super) fn run_beside(&mut self, knob: String, value: Setting) -> Next {
        let Some(lab) = &self.lab else { return Next::Nothing };
        if lab.is_running() {
            self.notice = Some(Notice::StillRunning);
            return Next::Draw;
        }
        self.popup = None;
        let mut settings = lab.settings.clone();
        settings.insert(&knob, value);
        // The first run belongs to the knobs as they are; without one it is made now, and the second follows it.
        // A stepped run cannot be compared: a person's pauses are in it.
        let stepped = lab.show.as_ref().is_some_and(|show| show.story.trace.head.stepped);
        if lab.show.is_none() || lab.is_changed() || stepped {
            let Some(show) = self.start(None, false) else {
                return Next::Draw;
            };
            if let Some(lab) = &mut self.lab {
                lab.show = Some(show);
            }
        }
        if let Some(lab) = &mut self.lab {
            lab.view = View::Calls;
            lab.hand = None;
            lab.comparison = Some(Comparison {
                knob,
                settings,
                show: None,
                playing: true,
            });
        }
        self.start_second();
        Next::Draw
    }

    /// The second run begins when the first is over: two at once would disturb each other.
    fn start_second(&mut self) {
        let Some(lab) = &self.lab else { return };
        let Some(comparison) = lab.comparison.as_ref().filter(|comparison| comparison.show.is_none()) else {
            return;
        };
        if lab.is_running() {
            return;
        }
        let settings = comparison.settings.clone();
        let second = self.start(Some(&settings), false);
        let Some(lab) = &mut self.lab else { return };
        match second {
            Some(second) => {
                if let Some(show) = &mut lab.show {
                    show.go(0);
                }
                if let Some(comparison) = &mut lab.comparison {
                    comparison.show = Some(second);
                }
            }
            None => lab.comparison = None,
        }
    }

    /// Starts a run and makes a show of it; says so if that does not work.
    fn start(&mut self, settings: Option<&Settings>, stepped: bool) -> Option<Show> {
        let lab = self.lab.as_ref()?;
        self.last_run += 1;
        let wanted = Wanted {
            file: &lab.file,
            scenario: &lab.scenario,
            settings: settings.unwrap_or(&lab.settings),
            family: lab.family,
            stepped,
            beside: settings.is_some(),
        };
        let head = self.stage.start(self.last_run, &wanted);
        let show = head.and_then(|head| {
            let scenario = std::sync::Arc::clone(&lab.scenario);
            Show::live(self.last_run, scenario, head, stepped)
                .map_err(|error| Refusal::because(|lang| error.told(lang)))
        });
        match show {
            Ok(show) => Some(show),
            Err(error) => {
                self.notice = Some(Notice::CannotRun(error));
                None
            }
        }
    }

    /// Takes in news of a run.
    pub(super) fn hear(&mut self, news: &RunNews) -> Next {
        let Some(lab) = &mut self.lab else { return Next::Nothing };
        let Some(show) = lab.shows_mut().find(|show| show.is_run(news.run)) else {
            return Next::Nothing;
        };
        show.hear(&news.news);
        let is_seen = show.will_grow() || show.held().is_some();
        match &news.news {
            News::Broke(error) => self.notice = Some(Notice::CannotRun(error.clone())),
            News::NotSaved(error) => self.notice = Some(Notice::NotSaved(error.clone())),
            _ => {}
        }
        if matches!(news.news, News::Ended(_) | News::Broke(_)) {
            self.settle();
            self.start_second();
        }
        if is_seen { Next::Draw } else { Next::Nothing }
    }
}
