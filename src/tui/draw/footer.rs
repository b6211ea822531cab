//! The last row: the keys that work now, from the table of keys; or one line for whoever pressed the last key.

use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::super::app::lab::View;
use super::super::app::stage::NoGrip;
use super::super::app::{App, Notice};
use super::super::hits::Target;
use super::super::keys::{Action, Binding, Place, table};
use super::canvas::Canvas;
use crate::report::line::tame;
use crate::words::{Lang, screen as words};

/// Draws the footer.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, app: &App) {
    if let Some(notice) = &app.notice {
        let text = tame(notice_text(notice, canvas.lang()));
        canvas.text(
            area.x + 1,
            area.y,
            area.width.saturating_sub(2),
            &text,
            canvas.theme.bad,
        );
        return;
    }
    let place = app.place();
    let shown: Vec<&Binding> = table(place)
        .filter(|binding| is_useful(app, place, binding.action))
        .collect();
    // The way out and the help are there whatever else fits.
    let must = |binding: &&Binding| matches!(binding.action, Action::Help | Action::Back);
    let width =
        |binding: &Binding| label(app, binding, canvas).map_or(0, |(key, word)| key.width() + 1 + word.width() + 2);
    let mut room = usize::from(area.width.saturating_sub(2));
    let reserved: usize = shown
        .iter()
        .filter(|binding| must(binding))
        .map(|binding| width(binding))
        .sum();
    room = room.saturating_sub(reserved);
    let mut x = area.x + 1;
    for binding in shown {
        let Some((key, word)) = label(app, binding, canvas) else {
            continue;
        };
        let takes = key.width() + 1 + word.width() + 2;
        if !must(&binding) {
            if takes > room {
                continue;
            }
            room -= takes;
        }
        let from = x;
        x += canvas.text(x, area.y, area.right().saturating_sub(x), &key, canvas.theme.title);
        x += 1;
        x += canvas.text(x, area.y, area.right().saturating_sub(x), &word, canvas.theme.faint);
        let place = Rect {
            x: from,
            width: x - from,
            ..area
        };
        canvas.hit(place, Target::Key(binding.action));
        x += 2;
    }
}

fn label(app: &App, binding: &Binding, canvas: &Canvas<'_>) -> Option<(String, String)> {
    let lang = canvas.lang();
    // What has no word stands in the help only.
    let short = binding.short?;
    let word = match binding.action {
        // A terminal that has no lines may have no Chinese either.
        Action::Language if canvas.is_ascii() => words::key_language_ascii(lang),
        Action::Play if app.wait().is_some() => words::key_pause(lang),
        Action::Run if app.place() == Place::Show => words::key_run_again(lang),
        Action::Ladder if app.lab.as_ref().is_some_and(|lab| lab.view == View::Ladder) => words::key_lanes(lang),
        Action::OverWire if app.lab.as_ref().is_some_and(|lab| lab.plan.wire.is_some()) => words::key_off_wire(lang),
        _ => short(lang),
    };
    Some((canvas.key(*binding.keys.first()?), word))
}

/// Whether a key does something now.
fn is_useful(app: &App, place: Place, action: Action) -> bool {
    let Some(lab) = &app.lab else {
        return action != Action::Open || app.picker.chosen().is_some();
    };
    let show = lab.show.as_ref();
    match (place, action) {
        (_, Action::OtherPair) => show.is_some_and(|show| show.story.trace.head.endpoints.len() > 2),
        (_, Action::LetGo | Action::LetAllGo) => show.is_some_and(|show| show.held().is_some()),
        (Place::Show, Action::Run) => show.is_some_and(|show| show.held().is_none()),
        (_, Action::Knobs | Action::Compare) => !lab.scenario.knobs.is_empty() || place == Place::Compare,
        (Place::Intro | Place::Show | Place::Compare, Action::Question) => lab.question().is_some(),
        (Place::Intro, Action::Why) => false,
        (Place::Show, Action::Ladder) => show.is_some_and(|show| show.story.is_over_wire()),
        (Place::Show, Action::Hold) => show.is_some_and(|show| show.is_live() && show.story.is_over_wire()),
        (_, Action::OverWire) => lab.plan.wire.is_some() || lab.scenario.goes_over_wire(),
        (Place::Show, Action::Code) => lab.view != View::Presenter,
        (Place::Question, Action::VoteAgain) if lab.is_question_open() => {
            lab.votes().is_some_and(|votes| votes.rounds() == 1 && votes.any())
        }
        (Place::Question, Action::TakeBack) => {
            lab.is_question_open() && lab.votes().is_some_and(super::super::app::question::Votes::any)
        }
        (Place::Question, Action::VoteAgain) => lab.votes().is_some_and(|votes| votes.any() || votes.rounds() > 1),
        (Place::Question, Action::Commit | Action::Skip | Action::More) => lab.is_question_open(),
        _ => true,
    }
}

fn notice_text(notice: &Notice, lang: Lang) -> String {
    match notice {
        Notice::CannotRun(refusal) => words::cannot_run(lang, refusal.why.get(lang)),
        Notice::QuestionFirst => words::question_first(lang),
        Notice::NoVotes => words::no_votes(lang),
        Notice::NotAllowed(allowed) => words::not_allowed(lang, allowed),
        Notice::NotSaved(error) => words::not_saved(lang, error.get(lang)),
        Notice::NoKnobs => words::no_knobs(lang),
        Notice::StillRunning => words::still_running(lang),
        Notice::SharedId {
            id,
            files: [one, other],
        } => crate::words::commands::shared_id(lang, id, one, other),
        Notice::NotOverWire => words::not_over_wire(lang),
        Notice::OnlyOverWire => words::only_over_wire(lang),
        Notice::NoPackets | Notice::NoGrip(NoGrip::NoWire) => words::no_packets(lang),
        Notice::NoGrip(NoGrip::Early) => words::no_grip_early(lang),
        Notice::NoGrip(NoGrip::Over) => words::no_grip_over(lang),
        Notice::NoGrip(NoGrip::NothingHeld) => words::nothing_held(lang),
    }
}
