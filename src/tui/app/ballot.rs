//! What keys do to the question: votes, commitment, a second vote.

use super::super::keys::Action;
use super::lab::Lab;
use super::question::Commitment;
use super::{App, Notice};

impl App {
    pub(super) fn act_on_question(&mut self, action: Action) {
        let Some(lab) = &mut self.lab else { return };
        let Some(votes) = lab.votes_mut() else {
            self.popup = None;
            return;
        };
        let cursor = votes.cursor;
        let is_open = votes.commitment == Commitment::Open;
        match action {
            Action::Up => votes.move_to(cursor.saturating_sub(1)),
            Action::Down => votes.move_to(cursor + 1),
            Action::More if is_open => votes.add(cursor),
            Action::TakeBack if is_open => votes.take_back(cursor),
            Action::DeleteLast if is_open => votes.delete_digit(cursor),
            Action::VoteAgain => votes.vote_again(),
            Action::Skip if is_open => {
                votes.commitment = Commitment::Skipped;
                self.popup = None;
                self.go_on();
            }
            Action::Commit if is_open && !votes.any() => self.notice = Some(Notice::NoVotes),
            Action::Commit if is_open => {
                votes.commitment = Commitment::Made;
                self.go_on();
            }
            Action::Commit => self.popup = None,
            _ => {}
        }
    }

    /// What comes after the question: the run that waited for it, or the saved run is played. After a second vote the
    /// question stays, and shows what came true.
    fn go_on(&mut self) {
        let Some(lab) = &mut self.lab else { return };
        let awaited = lab.awaited.take();
        let is_fresh = lab.is_fresh();
        match (awaited, &mut lab.show) {
            (None, Some(show)) if is_fresh => {
                show.play();
                self.popup = None;
            }
            (None, Some(_)) => {}
            (awaited, _) => {
                self.run(awaited.unwrap_or(false));
            }
        }
    }

    /// A letter is a vote, a digit is a part of a number of votes.
    pub(super) fn vote(&mut self, c: char) {
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
