//! The question: options, votes, and when the class has committed itself and the run was watched, what came true.

use ratatui::layout::Rect;

use super::super::app::lab::Lab;
use super::super::app::question::{Commitment, Votes};
use super::super::hits::Target;
use super::super::input::{Code, Key};
use super::canvas::Canvas;
use super::popup::{open, over};
use crate::report::line::{Line, Role, Span, plain, span, wrap};
use crate::story::sentences::letter;
use crate::words::{self, Lang, screen, telling};

/// Widest question.
const WIDEST: u16 = 96;

/// The question over the screen.
pub fn popup(canvas: &mut Canvas<'_>, area: Rect, lab: &Lab) {
    let lines = lines(canvas, lab, room(area), true);
    let wanted = u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_add(2);
    let mut place = over(area, WIDEST, wanted);
    if lab.is_fresh() {
        // Before the run it stands below what to watch and the knobs; after it, over the lanes.
        place.height = rows(canvas, area, lab);
        place.y = area.bottom() - place.height;
    }
    let inner = open(canvas, place, telling::predict(canvas.lang()));
    let height = usize::from(inner.height);
    let top = top(lab, &lines, height);
    draw_lines(canvas, inner, &lines[top..]);
    if lines.len() > height {
        let keys = [Code::Up, Code::Down].map(|code| canvas.key(Key::plain(code))).concat();
        let more = screen::lines_of(canvas.lang(), top + 1, (top + height).min(lines.len()), lines.len());
        let row = Rect {
            width: place.width.saturating_sub(2),
            ..place
        };
        canvas.right(
            row,
            place.bottom() - 1,
            &format!(" {keys} {more} "),
            canvas.theme.notable,
        );
    }
}

/// Rows that it takes over a scenario that has not been run: what lies above keeps some.
pub fn rows(canvas: &Canvas<'_>, area: Rect, lab: &Lab) -> u16 {
    let lines = lines(canvas, lab, room(area), true).len();
    let wanted = u16::try_from(lines).unwrap_or(u16::MAX).saturating_add(2);
    wanted.min(area.height.saturating_sub(ABOVE))
}

/// Rows of a scenario that its question leaves free: its title, and a few of what to watch and of the knobs.
const ABOVE: u16 = 6;

fn room(area: Rect) -> u16 {
    area.width.min(WIDEST).saturating_sub(4)
}

/// The first line that is shown where not all have room: the cursor's option is seen, with the question if it is the
/// first one, with what to do next if it is the last.
fn top(lab: &Lab, lines: &[(Line, Option<usize>)], height: usize) -> usize {
    let cursor = lab.votes().map_or(0, |votes| votes.cursor);
    let end = lines.iter().position(|(_, option)| *option == Some(cursor + 1));
    match cursor {
        0 => 0,
        _ => end.unwrap_or(lines.len()).saturating_sub(height),
    }
}

/// Draws the question where nobody votes.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, lab: &Lab) {
    let mut lines = lines(canvas, lab, area.width, false);
    let ellipsis = canvas.look.glyphs.ellipsis;
    if lines.len() > usize::from(area.height) {
        lines.truncate(usize::from(area.height));
        if let Some((last, _)) = lines.last_mut() {
            *last = Line(vec![span(Role::Faint, ellipsis)]);
        }
    }
    draw_lines(canvas, area, &lines);
}

/// How many rows it takes there.
pub fn height(canvas: &Canvas<'_>, width: u16, lab: &Lab) -> usize {
    lines(canvas, lab, width, false).len()
}

fn draw_lines(canvas: &mut Canvas<'_>, area: Rect, lines: &[(Line, Option<usize>)]) {
    for ((line, option), y) in lines.iter().zip(area.top()..area.bottom()) {
        canvas.line(area.x, y, area.width, line);
        if let Some(option) = option {
            let row = Rect { y, height: 1, ..area };
            canvas.hit(row, Target::Answer(*option));
        }
    }
}

/// All lines, each with the option it belongs to.
fn lines(canvas: &Canvas<'_>, lab: &Lab, room: u16, voting: bool) -> Vec<(Line, Option<usize>)> {
    let lang = canvas.lang();
    let Some(question) = lab.question() else {
        return wrap(Line::blank(), &[plain(screen::no_question(lang))], usize::from(room))
            .into_iter()
            .map(|line| (line, None))
            .collect();
    };
    let none = Votes::none(question.options.len());
    let votes = lab.votes().unwrap_or(&none);
    let answer = lab.answer();
    let mut lines: Vec<(Line, Option<usize>)> = Vec::new();
    let ask = wrap(
        Line::blank(),
        &[span(Role::Title, question.ask.get(lang))],
        usize::from(room),
    );
    lines.extend(ask.into_iter().map(|line| (line, None)));
    lines.push((Line::blank(), None));
    for (index, option) in question.options.iter().enumerate() {
        let is_right = answer.map(|right| right.contains(&index));
        let at_cursor = voting && votes.cursor == index && votes.commitment == Commitment::Open;
        let sign = if at_cursor { canvas.cursor_sign() } else { " " };
        let mark = match (is_right, canvas.is_ascii()) {
            (Some(true), true) => "* ",
            (Some(true), false) => "✓ ",
            _ => "",
        };
        let role = match (is_right, at_cursor) {
            (Some(true), _) => Role::Good,
            (_, true) => Role::Title,
            _ => Role::Plain,
        };
        let first = Line(vec![
            span(Role::Notable, sign),
            plain(" "),
            span(role, format!("{}  {mark}", letter(index))),
        ]);
        let mut text: Vec<Span> = vec![span(role, option.text.get(lang))];
        text.extend(tally(canvas, votes, index));
        lines.extend(
            wrap(first, &text, usize::from(room))
                .into_iter()
                .map(|line| (line, Some(index))),
        );
        if let (Some(false), Some(belief)) = (is_right, &option.belief) {
            let margin = Line(vec![plain("     ")]);
            let belief = wrap(margin, &[span(Role::Faint, belief.get(lang))], usize::from(room));
            lines.extend(belief.into_iter().map(|line| (line, None)));
        }
    }
    // The first vote moves nothing: the line is there before.
    let totals = totals(votes, lang).map_or(Line::blank(), |totals| Line(vec![span(Role::Notable, totals)]));
    lines.push((totals, None));
    let state = wrap(Line::blank(), &[state(canvas, lab, votes)], usize::from(room));
    lines.extend(state.into_iter().map(|line| (line, None)));
    lines
}

/// Cells of the longest bar.
const BAR: u64 = 10;

/// The most votes that an option has in any round: the bars of all rounds are of one scale.
fn largest(votes: &Votes) -> u32 {
    let rounds = (0..votes.rounds()).filter_map(|round| votes.round(round));
    rounds.flatten().copied().max().unwrap_or(0)
}

/// The length of a bar. Few votes take a cell each; any vote takes one.
fn bar(count: u32, largest: u32) -> usize {
    let most = u64::from(largest).max(BAR);
    usize::try_from((u64::from(count) * BAR).div_ceil(most)).unwrap_or(0)
}

/// How many voted, in each round.
fn totals(votes: &Votes, lang: Lang) -> Option<String> {
    let rounds = (0..votes.rounds()).filter_map(|round| votes.round(round));
    let sums: Vec<u64> = rounds.map(|all| all.iter().copied().map(u64::from).sum()).collect();
    let sums_to = |sum: u64| words::votes(lang, sum);
    match sums.as_slice() {
        [] | [0] => None,
        [one] => Some(screen::votes_in_all(lang, &sums_to(*one))),
        several => {
            let one = |(round, sum): (usize, &u64)| screen::votes_in_round(lang, round + 1, &sums_to(*sum));
            let all: Vec<String> = several.iter().enumerate().map(one).collect();
            Some(all.join(&telling::semicolon(lang)))
        }
    }
}

/// The votes of each round behind an option, as a number and as a bar.
fn tally(canvas: &Canvas<'_>, votes: &Votes, option: usize) -> Vec<Span> {
    let mut spans = Vec::new();
    let unit = if canvas.is_ascii() { "#" } else { "■" };
    for round in 0..votes.rounds() {
        let Some(all) = votes.round(round) else { continue };
        let count = all.get(option).copied().unwrap_or(0);
        if all.iter().all(|count| *count == 0) && votes.rounds() == 1 {
            continue;
        }
        let bar = unit.repeat(bar(count, largest(votes)));
        let word = if votes.rounds() > 1 {
            screen::round(canvas.lang(), round + 1)
        } else {
            String::new()
        };
        spans.push(span(Role::Faint, format!("   {word}{bar} ")));
        spans.push(span(Role::Notable, words::votes(canvas.lang(), count.into())));
    }
    spans
}

/// What to do next.
fn state(canvas: &Canvas<'_>, lab: &Lab, votes: &Votes) -> Span {
    let lang = canvas.lang();
    let ran = lab.show.as_ref();
    match (votes.commitment, lab.answer(), ran) {
        (Commitment::Open, ..) if lab.is_fresh() => span(Role::Faint, screen::how_to_vote(lang)),
        (Commitment::Open, ..) => span(Role::Faint, screen::how_to_vote_after(lang)),
        (_, Some([_]), _) => span(Role::Notable, screen::answered_by_this_run(lang)),
        (_, Some(_), _) => span(Role::Notable, screen::not_answered(lang)),
        (_, None, Some(show)) if !show.was_watched() => span(Role::Faint, screen::watch_to_the_end(lang)),
        (_, None, _) => span(Role::Faint, screen::run_to_see(lang)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_of_all_rounds_have_one_scale_and_every_vote_is_seen() {
        let mut votes = Votes::none(3);
        (0..15).for_each(|_| votes.add(0));
        votes.add(2);
        let first = votes.round(0).expect("a round")[0];
        assert_eq!(bar(first, largest(&votes)), 10);
        votes.vote_again();
        (0..26).for_each(|_| votes.add(1));
        let largest = largest(&votes);
        assert_eq!(largest, 26);
        // 15 of 26 are not as long as 26 of 26.
        assert_eq!([15, 26, 1, 0].map(|count| bar(count, largest)), [6, 10, 1, 0]);
        assert_eq!(
            totals(&votes, Lang::En).as_deref(),
            Some("round 1: 16 votes; round 2: 26 votes")
        );
        assert_eq!(totals(&Votes::none(2), Lang::En), None);
        let mut one = Votes::none(2);
        one.add(1);
        assert_eq!(totals(&one, Lang::Zh).as_deref(), Some("共 1 票"));
    }
}
