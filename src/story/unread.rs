//! Which datagrams had not been read at a moment, found without going through those that had.

use std::collections::{HashMap, HashSet};

use super::peer;
use super::pieces::Flows;
use crate::trace::{EndpointId, Trace, What};

/// For each flow of datagrams a tree over its messages. A leaf holds the event that read its message, a node above the
/// latest of the two below it.
#[derive(Debug, Clone, Default)]
pub(super) struct Unread(Vec<Vec<usize>>);

impl Unread {
    /// When each datagram of a trace was read; of a stream there is nothing to tell.
    pub fn of(trace: &Trace, flows: &Flows) -> Self {
        if trace.head.is_stream() {
            return Self::default();
        }
        let mut read: HashMap<(EndpointId, u32), usize> = HashMap::new();
        // A datagram of which any packet never arrives is never there.
        let mut lost: HashSet<(EndpointId, u64)> = HashSet::new();
        let mut carried: HashMap<u32, u64> = HashMap::new();
        for (index, event) in trace.events.iter().enumerate() {
            match &event.what {
                What::Recv {
                    message: Some(number), ..
                } => {
                    read.entry((peer(event.endpoint), *number)).or_insert(index);
                }
                What::Packet(packet) => {
                    let Some(datagram) = packet.datagram else { continue };
                    carried.insert(packet.packet, datagram);
                    if packet.fate.is_lost() {
                        lost.insert((event.endpoint, datagram));
                    }
                }
                What::Removed { packet, .. } => {
                    lost.extend(carried.get(packet).map(|datagram| (event.endpoint, *datagram)));
                }
                _ => {}
            }
        }
        let endpoints = (0..trace.head.endpoints.len()).filter_map(|index| u8::try_from(index).ok().map(EndpointId));
        let tree = |sender: EndpointId| {
            let messages = flows.flow(sender).iter();
            let mut datagrams = 0..;
            let when = messages.map(|message| {
                // What the kernel did not take never waits, and what the wire has lost does not either.
                let datagram = if message.is_cut() { None } else { datagrams.next() };
                let never_came = datagram
                    .is_none_or(|datagram| lost.contains(&(sender, datagram)))
                    .then_some(0);
                let read = read.get(&(sender, message.number)).copied();
                never_came.or(read).unwrap_or(NEVER)
            });
            tree(when.collect())
        };
        Self(endpoints.map(tree).collect())
    }

    /// The messages of a flow, as places in it, that had not been read when an event came.
    pub fn at(&self, sender: EndpointId, event: usize) -> impl Iterator<Item = usize> {
        let tree = self.0.get(usize::from(sender.0)).map_or(&[][..], Vec::as_slice);
        let mut from = 0;
        std::iter::from_fn(move || {
            let found = next(tree, from, event)?;
            from = found + 1;
            Some(found)
        })
    }
}

/// The event that reads what is never read.
const NEVER: usize = usize::MAX;

fn tree(leaves: Vec<usize>) -> Vec<usize> {
    let size = leaves.len().next_power_of_two();
    let mut nodes = vec![0; size];
    nodes.extend(leaves);
    nodes.resize(2 * size, 0);
    for node in (1..size).rev() {
        nodes[node] = nodes[2 * node].max(nodes[2 * node + 1]);
    }
    nodes
}

/// The first leaf from `from` on that is later than `event`.
fn next(nodes: &[usize], from: usize, event: usize) -> Option<usize> {
    let size = nodes.len() / 2;
    if from >= size {
        return None;
    }
    let mut node = size + from;
    while nodes[node] <= event {
        // Up as long as there is nothing to the right under the same node, then to the right.
        while node % 2 == 1 {
            node /= 2;
        }
        if node == 0 {
            return None;
        }
        node += 1;
    }
    while node < size {
        node *= 2;
        node += usize::from(nodes[node] <= event);
    }
    Some(node - size)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_tree_finds_what_a_search_finds(read in prop::collection::vec(1_usize..30, 0..40), event in 0_usize..32) {
            let unread = Unread(vec![tree(read.clone())]);
            let found: Vec<usize> = unread.at(EndpointId(0), event).collect();
            let expected: Vec<usize> = (0..read.len()).filter(|index| read[*index] > event).collect();
            prop_assert_eq!(found, expected);
        }
    }
}
