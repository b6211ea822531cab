//! The one table of keys. What a key does, the footer and the help are all made from it.

use super::input::{Code, Key};
use crate::words::{Lang, screen as words};

/// Where the keys go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// The list of scenarios. Characters go into the filter.
    Picker,
    /// A scenario that has not been run.
    Intro,
    /// A run.
    Show,
    /// A run whose wire is held by hand.
    Hold,
    /// Two runs side by side.
    Compare,
    /// The question. Characters vote.
    Question,
    /// The knobs. Digits are typed.
    Knobs,
    /// The choice of what to compare with.
    Variants,
    /// A text over the screen: help, the cause, a byte's journey, a file's mistakes.
    Text,
    /// The journey of a byte.
    Journey,
}

/// All places.
pub const PLACES: [Place; 10] = [
    Place::Picker,
    Place::Intro,
    Place::Show,
    Place::Hold,
    Place::Compare,
    Place::Question,
    Place::Knobs,
    Place::Variants,
    Place::Text,
    Place::Journey,
];

/// What a key asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the table below says what each does, in both languages")]
pub enum Action {
    Open,
    Up,
    Down,
    PageUp,
    PageDown,
    DeleteLast,
    Back,
    Quit,
    Help,
    Language,
    Theme,
    Glyphs,
    Play,
    Next,
    Previous,
    NextMessage,
    PreviousMessage,
    First,
    Last,
    Faster,
    Slower,
    Bytes,
    Scale,
    Code,
    CodeLanguage,
    Presenter,
    OtherPair,
    Knobs,
    Less,
    More,
    Default,
    Run,
    RunStepped,
    LetGo,
    LetAllGo,
    Question,
    Commit,
    TakeBack,
    VoteAgain,
    Skip,
    Why,
    Journey,
    Compare,
    EndCompare,
    Ladder,
    OverWire,
    Hold,
    HoldAll,
    ReleaseNext,
    ReleaseAll,
    OpenAll,
    DropNext,
    DuplicateNext,
    SwapNext,
    AckAlone,
    ToTheRight,
    ToTheLeft,
}

/// A line of the table.
#[derive(Debug)]
pub struct Binding {
    /// The keys that do it.
    pub keys: &'static [Key],
    /// Where.
    pub places: &'static [Place],
    /// What.
    pub action: Action,
    /// A word for the footer; those without one are in the help only.
    pub short: Option<fn(Lang) -> String>,
    /// A line for the help.
    pub long: fn(Lang) -> String,
}

/// What a key asks for in a place.
#[must_use]
pub fn action(place: Place, key: Key) -> Option<Action> {
    // Some terminals tell of Shift with capital letters, some do not.
    let key = match key.code {
        Code::Char(_) => Key { shift: false, ..key },
        _ => key,
    };
    let found = table(place).find(|binding| binding.keys.contains(&key))?;
    Some(found.action)
}

/// The lines of the table for one place, in order.
pub fn table(place: Place) -> impl Iterator<Item = &'static Binding> {
    TABLE.iter().filter(move |binding| binding.places.contains(&place))
}

impl Key {
    /// How the key is written in the footer and in the help.
    #[must_use]
    pub fn name(self, ascii: bool) -> String {
        let name = match self.code {
            Code::Char(' ') => "space".to_owned(),
            Code::Char(c) => c.to_string(),
            Code::Enter => "Enter".to_owned(),
            Code::Esc => "Esc".to_owned(),
            Code::Tab => "Tab".to_owned(),
            Code::BackTab => "Shift-Tab".to_owned(),
            Code::Backspace => "Backspace".to_owned(),
            Code::Delete => "Delete".to_owned(),
            Code::Left => if ascii { "Left" } else { "←" }.to_owned(),
            Code::Right => if ascii { "Right" } else { "→" }.to_owned(),
            Code::Up => if ascii { "Up" } else { "↑" }.to_owned(),
            Code::Down => if ascii { "Down" } else { "↓" }.to_owned(),
            Code::Home => "Home".to_owned(),
            Code::End => "End".to_owned(),
            Code::PageUp => "PgUp".to_owned(),
            Code::PageDown => "PgDn".to_owned(),
            Code::F(n) => format!("F{n}"),
        };
        let shift = if self.shift {
            if ascii { "Shift-" } else { "⇧" }
        } else {
            ""
        };
        let ctrl = if self.ctrl { "^" } else { "" };
        format!("{ctrl}{shift}{name}")
    }
}

const fn plain(code: Code) -> Key {
    Key {
        code,
        ctrl: false,
        alt: false,
        shift: false,
    }
}

const fn char(c: char) -> Key {
    plain(Code::Char(c))
}

const fn ctrl(c: char) -> Key {
    Key { ctrl: true, ..char(c) }
}

const fn shift(code: Code) -> Key {
    Key {
        shift: true,
        ..plain(code)
    }
}

use Place::{Compare, Hold, Intro, Journey, Knobs, Picker, Question, Show, Text, Variants};

macro_rules! bindings {
    ($([$($key:expr),+] in [$($place:expr),+] => $action:ident $(, $short:ident)?; $long:ident)*) => {
        &[$(Binding {
            keys: &[$($key),+],
            places: &[$($place),+],
            action: Action::$action,
            short: bindings!(@short $($short)?),
            long: words::$long,
        }),*]
    };
    (@short) => { None };
    (@short $short:ident) => { Some(words::$short) };
}

/// Every key. In the footer they stand in this order, as many as fit.
pub const TABLE: &[Binding] = bindings! {
    [plain(Code::Enter)] in [Picker] => Open, key_open; help_open
    [plain(Code::Up)] in [Picker, Question, Knobs, Variants, Text] => Up; help_up
    [plain(Code::Down)] in [Picker, Question, Knobs, Variants, Text] => Down; help_down
    [char('k')] in [Text] => Up; help_up
    [char('j')] in [Text] => Down; help_down
    [plain(Code::PageUp)] in [Picker, Text] => PageUp; help_page_up
    [plain(Code::PageDown), char(' ')] in [Text] => PageDown; help_page_down
    [plain(Code::PageDown)] in [Picker] => PageDown; help_page_down
    [plain(Code::Home)] in [Picker, Text] => First; help_top
    [plain(Code::End)] in [Picker, Text] => Last; help_bottom
    [plain(Code::Backspace)] in [Picker, Question, Knobs] => DeleteLast; help_delete

    [plain(Code::Enter)] in [Question] => Commit, key_commit; help_commit
    [plain(Code::Left), char('-')] in [Question] => TakeBack, key_less; help_vote_less
    [plain(Code::Right), char('+'), char('=')] in [Question] => More, key_more; help_vote_more
    [char('v')] in [Question] => VoteAgain, key_again; help_again
    [char('s')] in [Question] => Skip, key_skip; help_skip

    [plain(Code::Left), char('-')] in [Knobs] => Less; help_knob_less
    [plain(Code::Right), char(' '), char('+'), char('=')] in [Knobs] => More, key_turn; help_knob_more
    [char('d')] in [Knobs] => Default, key_default; help_default
    [plain(Code::Enter)] in [Knobs] => Run, key_run; help_run

    [plain(Code::Enter)] in [Variants] => Run, key_compare; help_variant

    [char(' ')] in [Show, Compare] => Play, key_play; help_play
    [char('h')] in [Hold] => HoldAll, key_hold_all; help_hold_all
    [plain(Code::Enter), char(' ')] in [Hold] => ReleaseNext, key_release; help_release
    [char('n')] in [Show, Hold] => LetGo, key_let_go; help_let_go
    [char('N')] in [Show, Hold] => LetAllGo, key_let_all_go; help_let_all_go
    [char('d')] in [Hold] => DropNext, key_drop; help_drop
    [char('u')] in [Hold] => DuplicateNext, key_duplicate; help_duplicate
    [char('x')] in [Hold] => SwapNext, key_swap; help_swap
    [char('k')] in [Hold] => AckAlone, key_ack_alone; help_ack_alone
    [char('a')] in [Hold] => ReleaseAll, key_release_all; help_release_all
    [char('A')] in [Hold] => OpenAll; help_open_all
    [plain(Code::Right), char('l')] in [Hold] => ToTheRight, key_to_the_right; help_to_the_right
    [plain(Code::Left)] in [Hold] => ToTheLeft; help_to_the_left
    [plain(Code::Right), char('l')] in [Show, Compare] => Next, key_event; help_next
    [plain(Code::Left), char('h')] in [Show, Compare] => Previous; help_previous
    [plain(Code::Enter), char('r')] in [Intro] => Run, key_run; help_run
    [char('k')] in [Intro, Show, Compare] => Knobs, key_knobs; help_knobs
    [char('c')] in [Intro, Show] => Compare, key_compare; help_compare
    [char('c'), plain(Code::Backspace)] in [Compare] => EndCompare, key_one; help_one
    [char('p')] in [Intro, Show, Compare] => Question, key_predict; help_predict
    [char('e')] in [Intro, Show, Compare] => Why, key_why; help_why
    [char('r'), plain(Code::Enter)] in [Show] => Run, key_run; help_run
    [char('s')] in [Intro, Show] => RunStepped, key_stepped; help_stepped
    [char('w')] in [Show, Hold] => Ladder, key_ladder; help_ladder
    [char('H')] in [Show] => Hold, key_hold; help_hold
    [char('x')] in [Show] => Code, key_code; help_code
    [char('b')] in [Show, Compare] => Bytes, key_bytes; help_bytes
    [char('P'), plain(Code::F(5))] in [Show] => Presenter, key_presenter; help_presenter
    [char('W')] in [Intro, Show] => OverWire, key_over_wire; help_over_wire
    [shift(Code::Right), plain(Code::Down), char('.')] in [Show] => NextMessage, key_message; help_next_message
    [shift(Code::Left), plain(Code::Up), char(',')] in [Show] => PreviousMessage; help_previous_message
    [plain(Code::Home), char('0')] in [Show, Compare] => First; help_first
    [plain(Code::End), char('$')] in [Show, Compare] => Last; help_last
    [char('+'), char('='), char(']')] in [Show, Compare] => Faster; help_faster
    [char('-'), char('[')] in [Show, Compare] => Slower; help_slower
    [char('X')] in [Show] => CodeLanguage; help_code_language
    [char('j')] in [Show] => Journey; help_journey
    [char('t')] in [Show] => Scale; help_scale
    [plain(Code::Tab)] in [Show, Compare] => OtherPair; help_pair

    [plain(Code::Right), char('j')] in [Journey] => Next, key_byte; help_byte
    [plain(Code::Left)] in [Journey] => Previous; help_byte_before
    [plain(Code::F(2)), ctrl('l')] in [Journey, Picker, Intro, Show, Hold, Compare, Question, Knobs, Variants, Text] => Language, key_language; help_language
    [char('L')] in [Journey, Intro, Show, Hold, Compare, Knobs, Variants, Text] => Language; help_language
    [plain(Code::F(3))] in [Journey, Picker, Intro, Show, Hold, Compare, Question, Knobs, Variants, Text] => Theme; help_theme
    [plain(Code::F(4))] in [Journey, Picker, Intro, Show, Hold, Compare, Question, Knobs, Variants, Text] => Glyphs; help_glyphs
    [char('?'), plain(Code::F(1))] in [Intro, Show, Hold, Compare, Question, Knobs, Variants] => Help, key_help; help_help
    [plain(Code::F(1))] in [Picker] => Help, key_help; help_help
    [plain(Code::Esc)] in [Picker] => Back, key_quit; help_quit_list
    [plain(Code::Esc), char('H')] in [Hold] => Back, key_hands_off; help_hands_off
    [plain(Code::Esc)] in [Intro, Show, Compare, Question, Knobs, Variants] => Back, key_back; help_back
    [plain(Code::Esc), plain(Code::Enter), char('q'), char('?'), plain(Code::F(1))] in [Journey, Text] => Back, key_close; help_close
    [char('q')] in [Intro, Show, Compare, Question, Knobs, Variants] => Back; help_back
    [ctrl('q')] in [Journey, Picker, Intro, Show, Hold, Compare, Question, Knobs, Variants, Text] => Quit; help_quit
};

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_key_means_two_things_in_one_place() {
        for place in PLACES {
            let mut seen = HashSet::new();
            for key in table(place).flat_map(|binding| binding.keys) {
                assert!(seen.insert(*key), "{place:?}: {}", key.name(true));
            }
        }
    }

    #[test]
    fn every_place_can_be_left_and_has_help() {
        for place in PLACES {
            let has = |action| table(place).any(|binding| binding.action == action);
            assert!(has(Action::Back) && has(Action::Quit), "{place:?}");
            assert!(
                has(Action::Help) || [Place::Text, Place::Journey].contains(&place),
                "{place:?}"
            );
            assert!(has(Action::Language), "{place:?}");
        }
    }

    #[test]
    fn a_capital_letter_is_the_same_with_and_without_shift() {
        let with = Key {
            shift: true,
            ..char('P')
        };
        assert_eq!(action(Place::Show, with), Some(Action::Presenter));
        assert_eq!(action(Place::Show, char('P')), Some(Action::Presenter));
        assert_eq!(action(Place::Show, char('p')), Some(Action::Question));
    }
}
