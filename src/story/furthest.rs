//! How far something had come at each moment: the first event that reached a place is found without looking at all.

use crate::trace::EndpointId;

/// For each endpoint the events that came further than all before them, and how far.
#[derive(Debug, Clone, Default)]
pub(super) struct Furthest(Vec<Vec<(u64, usize)>>);

impl Furthest {
    /// Takes in the next event: the range that it ends, and what it is to be found as.
    pub fn push(&mut self, endpoint: EndpointId, end: u64, found_as: usize) {
        let own = usize::from(endpoint.0);
        if self.0.len() <= own {
            self.0.resize_with(own + 1, Vec::new);
        }
        if self.0[own].last().is_none_or(|(furthest, _)| *furthest < end) {
            self.0[own].push((end, found_as));
        }
    }

    /// The first event that came as far as `end`.
    pub fn first(&self, endpoint: EndpointId, end: u64) -> Option<usize> {
        let steps = self.0.get(usize::from(endpoint.0))?;
        let first = steps.partition_point(|(furthest, _)| *furthest < end);
        steps.get(first).map(|(_, found_as)| *found_as)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_first_is_the_one_that_a_search_from_the_start_finds(
            ends in prop::collection::vec((0_u8..3, 0_u64..20), 0..40),
            end in 0_u64..22,
        ) {
            let mut furthest = Furthest::default();
            for (index, (endpoint, end)) in ends.iter().enumerate() {
                furthest.push(EndpointId(*endpoint), *end, index);
            }
            for endpoint in 0..4 {
                let first = ends.iter().position(|(other, reached)| *other == endpoint && *reached >= end);
                prop_assert_eq!(furthest.first(EndpointId(endpoint), end), first);
            }
        }
    }
}
