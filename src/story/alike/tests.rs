//! Which stretches are folded.

use proptest::prelude::*;

use super::{FEWEST, TOLD, folds};

#[test]
fn few_rounds_are_told_one_by_one() {
    let rounds = "ab".repeat(FEWEST - 1);
    assert_eq!(folds(rounds.as_bytes()), []);
}

#[test]
fn of_many_rounds_the_first_and_the_last_are_told() {
    let rounds = format!("x{}y", "ab".repeat(FEWEST));
    let from = 1 + 2 * TOLD;
    let times = FEWEST - TOLD - 1;
    assert_eq!(folds(rounds.as_bytes()), [(from..from + 2 * times, times)]);
}

#[test]
fn a_round_is_the_shortest_that_there_is() {
    let all = "a".repeat(100);
    assert_eq!(folds(all.as_bytes()), [(TOLD..99, 96)]);
}

#[test]
fn what_changes_is_not_folded_together() {
    let two = format!("{}{}", "a".repeat(20), "b".repeat(20));
    assert_eq!(folds(two.as_bytes()), [(3..19, 16), (23..39, 16)]);
}

proptest! {
    /// What is folded repeats what was told just before it, and again just behind.
    #[test]
    fn nothing_new_is_folded(shapes in prop::collection::vec(0_u8..2, 0..200)) {
        for (folded, times) in folds(&shapes) {
            prop_assert!(times > 0 && folded.len() % times == 0);
            let length = folded.len() / times;
            prop_assert!(folded.start >= TOLD * length && folded.end + length <= shapes.len());
            for at in folded.start..folded.end + length {
                prop_assert_eq!(shapes[at], shapes[at - length]);
            }
        }
    }
}
