//! The mouse: what lies below it was noted when it was drawn.

use super::super::hits::{Area, Target};
use super::super::input::{Mouse, MouseKind, Next};
use super::super::keys::Action;
use super::compare;
use super::lab::Byte;
use super::show::share;
use super::{App, Popup, Text};

impl App {
    pub(super) fn pointer(&mut self, mouse: Mouse) -> Next {
        match mouse.kind {
            MouseKind::Down => {
                self.notice = None;
                match self.hits.at(mouse.column, mouse.row) {
                    Some((area, target)) => self.click(area, target, mouse.column),
                    None => Next::Nothing,
                }
            }
            MouseKind::Drag if self.dragging => match self.hits.area_of(Target::Strip) {
                Some(area) => self.seek(area, mouse.column),
                None => Next::Nothing,
            },
            MouseKind::Drag => Next::Nothing,
            MouseKind::Up => {
                self.dragging = false;
                Next::Nothing
            }
            MouseKind::ScrollUp => self.scroll(Action::Up, Action::Previous),
            MouseKind::ScrollDown => self.scroll(Action::Down, Action::Next),
        }
    }

    fn scroll(&mut self, in_list: Action, in_run: Action) -> Next {
        if self.popup.is_none() && self.lab.is_some() {
            self.act(in_run)
        } else {
            self.act(in_list)
        }
    }

    fn click(&mut self, area: Area, target: Target, column: u16) -> Next {
        match target {
            Target::Strip => {
                self.dragging = true;
                self.seek(area, column)
            }
            Target::Entry(index) if self.picker.cursor == index => self.act(Action::Open),
            Target::Entry(index) => {
                self.picker.cursor = index;
                Next::Draw
            }
            Target::Byte { flow, offset, other } => {
                if let Some(lab) = &mut self.lab {
                    lab.byte = Some(Byte { flow, offset, other });
                    self.popup = Some(Popup::Text(Text::Journey, 0));
                }
                Next::Draw
            }
            Target::Answer(option) => {
                self.popup = Some(Popup::Question);
                if let Some(votes) = self.lab.as_mut().and_then(super::lab::Lab::votes_mut) {
                    votes.move_to(option);
                }
                self.act(Action::More)
            }
            Target::Knob(index) => {
                if let Some(lab) = &mut self.lab {
                    lab.cursor.typed.clear();
                    lab.cursor.at = index;
                }
                self.act(Action::More)
            }
            Target::Variant(index) => {
                self.popup = Some(Popup::Variants(index));
                self.act(Action::Run)
            }
            Target::Connection(index) => {
                if let Some(lab) = &mut self.lab {
                    lab.look_at(index);
                }
                Next::Draw
            }
            Target::Beat(position) => {
                if let Some(show) = self.lab.as_mut().and_then(|lab| lab.show.as_mut()) {
                    show.go(position);
                }
                Next::Draw
            }
            Target::Key(action) => self.act(action),
            Target::Nothing => Next::Nothing,
        }
    }

    /// Goes to the place of the time strip that a column stands for.
    fn seek(&mut self, area: Area, column: u16) -> Next {
        let Some(lab) = &mut self.lab else { return Next::Nothing };
        let last = u64::from(area.width.saturating_sub(1)).max(1);
        let at = u64::from(column.clamp(area.x, area.x + area.width.saturating_sub(1)) - area.x);
        if let Some(comparison) = &mut lab.comparison {
            comparison.playing = false;
            if let Some(mut pair) = lab.pair() {
                let length = compare::length(pair.one, pair.other);
                pair.go_to(share(length, at, last));
            }
            return Next::Draw;
        }
        let evenly = lab.evenly;
        if let Some(show) = &mut lab.show {
            show.seek(at, last, evenly);
        }
        Next::Draw
    }
}
