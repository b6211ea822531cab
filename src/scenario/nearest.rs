//! Did you mean …?

/// Words longer than this are not compared: a key of a hundred kilobytes is no slip of the pen.
const LONGEST: usize = 64;

/// The candidate that `word` was probably meant to be, if one is near enough.
///
/// ```
/// # use lab::scenario::nearest::nearest;
/// assert_eq!(nearest("until_queue", ["recv", "until_queued"]), Some("until_queued"));
/// assert_eq!(nearest("banana", ["recv", "until_queued"]), None);
/// ```
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if word.len() > LONGEST {
        return None;
    }
    // Capitals and the choice between - and _ are not what distinguishes two names.
    let plain = |name: &str| name.to_lowercase().replace('-', "_");
    let word = plain(word);
    candidates
        .into_iter()
        .filter_map(|candidate| {
            let other = plain(candidate);
            let distance = strsim::osa_distance(&word, &other);
            let longer = word.chars().count().max(other.chars().count());
            (distance <= longer / 3).then_some((distance, candidate))
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_slip_is_understood_and_another_word_is_not() {
        let actions = ["send", "recv", "until_queued", "until_acked", "close"];
        assert_eq!(nearest("sned", actions), Some("send"));
        assert_eq!(nearest("Until-Queued", actions), Some("until_queued"));
        assert_eq!(nearest("until_ackd", actions), Some("until_acked"));
        assert_eq!(nearest("write", actions), None);
        assert_eq!(nearest("", actions), None);
        assert_eq!(nearest(&"s".repeat(1000), actions), None);
    }
}
