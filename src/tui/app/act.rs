//! What each key does.

use super::super::input::{Code, Key, Next};
use super::super::keys::{Action, Place};
use super::knobs::{turned, variants};
use super::lab::{Byte, Lab, View};
use super::question::Commitment;
use super::show::Show;
use super::{App, Notice, ORDINARY, Popup, SPEEDS, Text, ThemeChoice};
use crate::code::Language;
use crate::story::peer;
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
            Action::Run | Action::RunStepped | Action::LetGo => return self.act_on_run(action),
            Action::Help => self.popup = Some(Popup::Text(Text::Help(self.place()), 0)),
            Action::Language => {
                self.look.lang = match self.look.lang {
                    Lang::En => Lang::Zh,
                    Lang::Zh => Lang::En,
                }
            }
            Action::Theme => {
                self.look.theme = match self.look.theme {
                    ThemeChoice::Dark => ThemeChoice::Light,
                    ThemeChoice::Light => ThemeChoice::Dark,
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
        if self.popup.take().is_some() {
            return Next::Draw;
        }
        match &mut self.lab {
            Some(lab) if lab.comparison.is_some() => lab.comparison = None,
            Some(lab) if lab.view == View::Presenter => lab.view = View::Calls,
            Some(_) => {
                self.stage.stop();
                if self.only_this {
                    return Next::Quit;
                }
                self.lab = None;
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
            show.go(show.last());
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
                        let settings = scenario.defaults();
                        let lab = Lab::new(entry.file, scenario, settings);
                        self.popup = lab.is_question_open().then_some(Popup::Question);
                        self.lab = Some(lab);
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
            Some(Popup::Text(_, scroll)) => (scroll, usize::MAX),
            Some(Popup::Variants(cursor)) => (cursor, variants.saturating_sub(1)),
            _ => return,
        };
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
            _ => {
                let Some(lab) = &mut self.lab else { return };
                if lab.comparison.is_some() {
                    act_on_pair(lab, action);
                } else {
                    act_on_lab(lab, action);
                    if action == Action::Journey && lab.byte.is_some() {
                        self.popup = Some(Popup::Text(Text::Journey, 0));
                    }
                }
            }
        }
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

    fn act_on_knobs(&mut self, action: Action) {
        let Some(lab) = &mut self.lab else { return };
        let knobs = lab.scenario.knobs.len();
        let Some(knob) = lab.scenario.knobs.get(lab.cursor.at).cloned() else {
            return;
        };
        match action {
            Action::Up => lab.cursor.move_by(-1, knobs),
            Action::Down => lab.cursor.move_by(1, knobs),
            Action::Less | Action::More => {
                lab.cursor.typed.clear();
                let value = turned(&knob, &lab.settings, action == Action::More);
                lab.set(&knob.name, value);
            }
            Action::Default => {
                lab.cursor.typed.clear();
                lab.set(&knob.name, knob.default());
            }
            Action::DeleteLast => {
                lab.cursor.typed.pop();
            }
            _ => {}
        }
    }

    fn act_on_question(&mut self, action: Action) {
        let Some(lab) = &mut self.lab else { return };
        let (is_fresh, stepped) = (lab.is_fresh(), lab.stepped);
        let Some(votes) = lab.votes_mut() else {
            self.popup = None;
            return;
        };
        let (cursor, last) = (votes.cursor, votes.options().saturating_sub(1));
        let is_open = votes.commitment == Commitment::Open;
        match action {
            Action::Up => votes.cursor = cursor.saturating_sub(1),
            Action::Down => votes.cursor = (cursor + 1).min(last),
            Action::More if is_open => votes.add(cursor),
            Action::TakeBack if is_open => votes.take_back(cursor),
            Action::DeleteLast if is_open => votes.delete_digit(cursor),
            Action::VoteAgain => votes.vote_again(),
            Action::Skip if is_open => {
                votes.commitment = Commitment::Skipped;
                self.popup = None;
                if is_fresh {
                    self.begin(stepped);
                }
            }
            Action::Commit if is_open && !votes.any() => self.notice = Some(Notice::NoVotes),
            Action::Commit if is_open => {
                votes.commitment = Commitment::Made;
                if is_fresh {
                    self.popup = None;
                    self.begin(stepped);
                }
            }
            Action::Commit => self.popup = None,
            _ => {}
        }
    }

    /// What comes after the question: the saved run is played, or one is made.
    fn begin(&mut self, stepped: bool) {
        match self.lab.as_mut().and_then(|lab| lab.show.as_mut()) {
            Some(show) => show.playing = true,
            None => {
                self.run(stepped);
            }
        }
    }

    /// A letter is a vote, a digit is a part of a number of votes.
    fn vote(&mut self, c: char) {
        let Some(votes) = self.lab.as_mut().and_then(Lab::votes_mut) else {
            return;
        };
        if votes.commitment != Commitment::Open {
            return;
        }
        if let Some(digit) = c.to_digit(10) {
            votes.type_digit(votes.cursor, digit);
            return;
        }
        let letter = u32::from(c.to_ascii_lowercase()).checked_sub(u32::from('a'));
        if let Some(option) = letter.and_then(|letter| usize::try_from(letter).ok())
            && option < votes.options()
        {
            votes.add(option);
        }
    }
}

/// What keys do to the run that is shown.
fn act_on_lab(lab: &mut Lab, action: Action) {
    match action {
        Action::Bytes => lab.hex = !lab.hex,
        Action::Scale => lab.evenly = !lab.evenly,
        Action::Presenter => {
            lab.view = match lab.view {
                View::Presenter => View::Calls,
                _ => View::Presenter,
            }
        }
        Action::Code => {
            lab.view = match lab.view {
                View::Code(_) => View::Calls,
                _ => View::Code(Language::Python),
            }
        }
        Action::CodeLanguage => {
            lab.view = match lab.view {
                View::Code(Language::Python) => View::Code(Language::Rust),
                _ => View::Code(Language::Python),
            }
        }
        Action::OtherPair => {
            let connections = lab.plan.endpoints.len().div_ceil(2).max(1);
            lab.connection = (lab.connection + 1) % connections;
        }
        _ => {}
    }
    let Some(show) = &mut lab.show else { return };
    match action {
        Action::Play => show.toggle_play(),
        Action::Next => show.go(show.playhead + 1),
        Action::Previous => show.go(show.playhead.saturating_sub(1)),
        Action::NextMessage => show.next_message(),
        Action::PreviousMessage => show.previous_message(),
        Action::First => show.go(0),
        Action::Last => show.go(show.last()),
        Action::Journey => lab.byte = next_byte(show, lab.byte),
        _ => {}
    }
}

/// The byte whose journey is told next: the first of the message that the event is about, then its next ones.
fn next_byte(show: &Show, now: Option<Byte>) -> Option<Byte> {
    let beat = show.story.beats.get(show.playhead.checked_sub(1)?)?;
    let (flow, start, end) = show.story.span_of(beat).unwrap_or_else(|| {
        let flow = show.story.flows.flow(beat.endpoint);
        let owner = if flow.is_empty() {
            peer(beat.endpoint)
        } else {
            beat.endpoint
        };
        (
            owner,
            0,
            show.story
                .flows
                .flow(owner)
                .last()
                .map_or(0, crate::story::pieces::Message::end),
        )
    });
    let after = now.filter(|byte| byte.flow == flow && (start..end).contains(&byte.offset));
    let offset = after.map_or(
        start,
        |byte| if byte.offset + 1 < end { byte.offset + 1 } else { start },
    );
    (start < end).then_some(Byte {
        flow,
        offset,
        other: false,
    })
}

/// What keys do to two runs side by side.
fn act_on_pair(lab: &mut Lab, action: Action) {
    if action == Action::EndCompare {
        lab.comparison = None;
        return;
    }
    if action == Action::Bytes {
        lab.hex = !lab.hex;
        return;
    }
    let mut over = false;
    if let Some(mut pair) = lab.pair() {
        over = pair.is_at_end();
        match action {
            Action::Next => pair.forwards(),
            Action::Previous => pair.backwards(),
            Action::Last => pair.to_end(),
            Action::First => {
                pair.one.go(0);
                pair.other.go(0);
            }
            Action::Play if over => {
                pair.one.go(0);
                pair.other.go(0);
            }
            _ => {}
        }
    }
    if let Some(comparison) = &mut lab.comparison {
        comparison.playing = action == Action::Play && (over || !comparison.playing);
    }
}

/// The ordinary speed is one of the speeds.
const _: () = assert!(ORDINARY < SPEEDS.len());
