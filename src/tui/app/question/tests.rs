use super::*;

#[test]
fn votes_stay_within_what_a_class_can_have() {
    let mut votes = Votes::none(3);
    assert!(!votes.any());
    votes.take_back(0);
    assert_eq!(votes.round(0), Some(&[0, 0, 0][..]), "fewer than none there are not");
    for digit in [9, 9, 9, 9, 5] {
        votes.type_digit(1, digit);
    }
    assert_eq!(
        votes.round(0),
        Some(&[0, 5, 0][..]),
        "a number that is too long begins anew"
    );
    votes.type_digit(1, 7);
    votes.delete_digit(1);
    assert_eq!((votes.round(0), votes.cursor), (Some(&[0, 5, 0][..]), 1));
    for _ in 0..MOST_VOTES + 10 {
        votes.add(2);
    }
    assert_eq!(votes.round(0), Some(&[0, 5, MOST_VOTES][..]));
}

#[test]
fn an_option_that_is_not_there_gets_no_vote() {
    let mut votes = Votes::none(2);
    votes.add(7);
    assert!(!votes.any());
    assert_eq!(votes.cursor, 1);
    let mut none = Votes::none(0);
    none.add(0);
    assert_eq!((none.cursor, none.options(), none.any()), (0, 0, false));
}

#[test]
fn there_are_two_rounds_at_most_and_the_first_is_kept() {
    let mut votes = Votes::none(2);
    votes.add(0);
    votes.commitment = Commitment::Made;
    for _ in 0..3 {
        votes.vote_again();
        assert_eq!((votes.rounds(), votes.commitment), (2, Commitment::Open));
        assert_eq!((votes.round(0), votes.round(1)), (Some(&[1, 0][..]), Some(&[0, 0][..])));
        assert!(!votes.any(), "this round has none");
        votes.add(1);
        assert!(votes.any());
    }
    assert_eq!(votes.round(2), None);
}
