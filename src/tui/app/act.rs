//! What each key does.

use super::super::input::{Code, Key, Next};
use super::super::keys::{Action, Place};
use super::knobs::variants;
use super::lab::{Lab, View};
use super::{App, Notice, Popup, SPEEDS, Text, playback};
use crate::config::Theme;
use crate::words::Lang;

/// Lines that a page key scrolls by.
const PAGE: usize = 10;

impl App {
    /// Does what a key or a click asks for.
    pub(super) fn act(&mut self, action: Action) -> Next {
        match action {
            Action::Quit => {
                self.stage.stop();
                return Next::Quit;
            }
            Action::Back => return self.back(),
            Action::Run | Action::RunStepped | Action::LetGo | Action::LetAllGo => return self.act_on_run(action),
            Action::Help => self.popup = Some(Popup::Text(Text::Help(self.place()), 0)),
            Action::Language => {
                self.look.lang = match self.look.lang {
                    Lang::En => Lang::Zh,
                    Lang::Zh => Lang::En,
                }
            }
            Action::Theme => {
                self.look.theme = match self.look.theme {
                    Theme::Dark => Theme::Light,
                    Theme::Light => Theme::Dark,
                }
            }
            Action::Glyphs => self.look.ascii = !self.look.ascii,
            Action::Faster => self.speed = (self.speed + 1).min(SPEEDS.len() - 1),
            Action::Slower => self.speed = self.speed.saturating_sub(1),
            _ => match self.place() {
                Place::Picker => self.act_in_list(action),
                Place::Question => self.act_on_question(action),
                Place::Knobs => self.act_on_knobs(action),
                Place::Variants | Place::Text => self.act_in_popup(action),
                Place::Journey => playback::follow_byte(&mut self.lab, action),
                Place::Hold => self.act_in_hand(action),
                Place::Intro | Place::Show | Place::Compare => self.act_on_show(action),
            },
        }
        Next::Draw
    }

    /// A key without a meaning of its own: text where text is typed.
    pub(super) fn typed(&mut self, key: Key) -> Next {
        let Code::Char(c) = key.code else { return Next::Nothing };
        if key.ctrl || key.alt {
            return Next::Nothing;
        }
        match self.place() {
            Place::Picker => self.picker.type_text(c.encode_utf8(&mut [0; 4])),
            Place::Question => self.vote(c),
            Place::Knobs if c.is_ascii_digit() => {
                if let Some(lab) = &mut self.lab
                    && let Some(knob) = lab.scenario.knobs.get(lab.cursor.at)
                {
                    lab.cursor.type_digit(knob, &mut lab.settings, c);
                    lab.decide();
                }
            }
            _ => return Next::Nothing,
        }
        Next::Draw
    }

    /// One step back: out of what lies on top, then out of the scenario, then out of the lab.
    fn back(&mut self) -> Next {
        if let Some(popup) = self.popup.take() {
            // Behind the help lies what it was asked about.
            self.popup = match popup {
                Popup::Text(Text::Help(Place::Question), _) => Some(Popup::Question),
                Popup::Text(Text::Help(Place::Knobs), _) => Some(Popup::Knobs),
                Popup::Text(Text::Help(Place::Variants), _) => Some(Popup::Variants(0)),
                _ => None,
            };
            if let Some(lab) = self.lab.as_mut().filter(|_| popup == Popup::Question) {
                lab.awaited = None;
            }
            return Next::Draw;
        }
        match &mut self.lab {
            Some(lab) if lab.comparison.is_some() => self.end_comparison(),
            Some(lab) if lab.hand.is_some() => lab.hand = None,
            Some(lab) if lab.view == View::Presenter => lab.view = View::Calls,
            Some(_) => {
                self.stage.stop();
                if let Some(mut lab) = self.lab.take() {
                    // A run that is broken off by leaving it shows nothing any more.
                    if lab.is_running() {
                        lab.show = None;
                    }
                    self.shelf.insert(lab.file.clone(), lab);
                }
            }
            None if !self.picker.filter.is_empty() => self.picker.clear_filter(),
            None => return Next::Quit,
        }
        Next::Draw
    }

    fn act_on_run(&mut self, action: Action) -> Next {
        match (self.place(), action) {
            (Place::Variants, _) => {
                let Some(Popup::Variants(cursor)) = self.popup else {
                    return Next::Nothing;
                };
                let Some(lab) = &self.lab else { return Next::Nothing };
                let all = variants(&lab.scenario.knobs, &lab.scenario.contrasts, &lab.settings);
                match all.into_iter().nth(cursor) {
                    Some((knob, value)) => self.run_beside(knob, value),
                    None => Next::Nothing,
                }
            }
            (Place::Knobs, _) => {
                let Some(lab) = &self.lab else { return Next::Nothing };
                let knob = lab.scenario.knobs.get(lab.cursor.at);
                if let Some(knob) = knob.filter(|knob| lab.cursor.is_unfinished(knob)) {
                    self.notice = Some(Notice::NotAllowed(knob.allowed()));
                    return Next::Draw;
                }
                self.run(false)
            }
            (_, Action::LetGo) => {
                self.let_go();
                Next::Draw
            }
            (_, Action::LetAllGo) => {
                if self.held() {
                    self.let_go();
                    self.stage.all_steps();
                }
                Next::Draw
            }
            // A run that waits for a key goes on with it.
            (Place::Show, Action::Run) if self.held() => {
                self.let_go();
                Next::Draw
            }
            (_, action) => self.run(action == Action::RunStepped),
        }
    }

    fn held(&self) -> bool {
        let show = self.lab.as_ref().and_then(|lab| lab.show.as_ref());
        show.is_some_and(|show| show.held().is_some())
    }

    /// Lets the next step of a stepped run happen, and goes to what comes of it.
    fn let_go(&mut self) {
        if let Some(show) = self.lab.as_mut().and_then(|lab| lab.show.as_mut())
            && show.held().is_some()
        {
            show.let_go();
            self.stage.next_step();
        }
    }

    fn act_in_list(&mut self, action: Action) {
        let all = isize::try_from(self.picker.entries.len()).unwrap_or(isize::MAX);
        let page = isize::try_from(PAGE).unwrap_or(isize::MAX);
        match action {
            Action::Up => self.picker.move_by(-1),
            Action::Down => self.picker.move_by(1),
            Action::PageUp => self.picker.move_by(-page),
            Action::PageDown => self.picker.move_by(page),
            Action::First => self.picker.move_by(-all),
            Action::Last => self.picker.move_by(all),
            Action::DeleteLast => self.picker.delete_last(),
            Action::Open => {
                let Some(entry) = self.picker.chosen().cloned() else {
                    return;
                };
                match entry.read {
                    Ok(scenario) => {
                        let left = self.shelf.remove(&entry.file);
                        let lab = left.unwrap_or_else(|| {
                            let settings = scenario.defaults();
                            Lab::new(entry.file, scenario, settings)
                        });
                        self.enter(lab);
                    }
                    Err(_) => self.popup = Some(Popup::Text(Text::Mistakes, 0)),
                }
            }
            _ => {}
        }
    }

    fn act_in_popup(&mut self, action: Action) {
        let variants = self.lab.as_ref().map_or(0, |lab| {
            variants(&lab.scenario.knobs, &lab.scenario.contrasts, &lab.settings).len()
        });
        let (cursor, last) = match &mut self.popup {
            Some(Popup::Text(_, scroll)) => (scroll, self.hits.scrolled),
            Some(Popup::Variants(cursor)) => (cursor, variants.saturating_sub(1)),
            _ => return,
        };
        *cursor = (*cursor).min(last);
        let moved = match action {
            Action::Up => cursor.saturating_sub(1),
            Action::Down => cursor.saturating_add(1),
            Action::PageUp => cursor.saturating_sub(PAGE),
            Action::PageDown => cursor.saturating_add(PAGE),
            Action::First => 0,
            Action::Last => last,
            _ => *cursor,
        };
        *cursor = moved.min(last);
    }

    fn act_on_show(&mut self, action: Action) {
        match action {
            Action::Knobs => self.open_knobs(),
            Action::Question => self.popup = Some(Popup::Question),
            Action::Why => self.popup = Some(Popup::Text(Text::Why, 0)),
            Action::Compare => self.open_variants(),
            Action::EndCompare => self.end_comparison(),
            Action::Hold => self.take_in_hand(),
            Action::OverWire => self.switch_link(),
            Action::Ladder => self.show_ladder(),
            _ => {
                let Some(lab) = &mut self.lab else { return };
                if lab.comparison.is_some() {
                    playback::act_on_pair(lab, action);
                } else {
                    playback::act_on_lab(lab, action);
                    if action == Action::Journey && lab.byte.is_some() {
                        self.popup = Some(Popup::Text(Text::Journey, 0));
                    }
                }
            }
        }
    }

    /// Back to the one run; if the second goes on, it ends.
    fn end_comparison(&mut self) {
        let Some(lab) = &mut self.lab else { return };
        if lab.is_running() {
            self.stage.stop();
        }
        lab.comparison = None;
    }

    fn open_knobs(&mut self) {
        let Some(lab) = &mut self.lab else { return };
        if lab.scenario.knobs.is_empty() {
            self.notice = Some(Notice::NoKnobs);
        } else {
            lab.cursor.typed.clear();
            self.popup = Some(Popup::Knobs);
        }
    }

    fn open_variants(&mut self) {
        let Some(lab) = &self.lab else { return };
        if lab.scenario.knobs.is_empty() {
            self.notice = Some(Notice::NoKnobs);
        } else if lab.is_running() {
            self.notice = Some(Notice::StillRunning);
        } else if lab.is_question_open() {
            self.popup = Some(Popup::Question);
            self.notice = Some(Notice::QuestionFirst);
        } else {
            self.popup = Some(Popup::Variants(0));
        }
    }
}
