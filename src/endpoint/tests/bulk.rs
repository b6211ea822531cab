//! Flows that become bulk transfers.

use std::sync::atomic::Ordering;
use std::thread;

use super::{assert_tiles, on_each_family, send};
use crate::endpoint::flow::Flow;
use crate::trace::{Until, What};

const WHOLE: usize = 8 << 20;
const PIECE: usize = 64 * 1024;

#[test]
fn a_bulk_transfer_keeps_every_byte_and_ends_its_stamps() {
    on_each_family(true, |bench| {
        let stamped = bench.is_stamped(0);
        let [alice, bob] = bench.ends();
        let pattern: Vec<u8> = (0..=250).cycle().take(WHOLE).collect();
        let mut read = Vec::with_capacity(WHOLE);
        thread::scope(|scope| {
            scope.spawn(|| {
                for piece in pattern.chunks(PIECE) {
                    send(&alice, piece).unwrap();
                }
            });
            let mut buffer = vec![0; PIECE];
            while read.len() < WHOLE {
                let count = bob.recv(&mut buffer).unwrap();
                read.extend_from_slice(&buffer[..count]);
            }
        });
        assert!(read == pattern, "other bytes arrived than were sent");
        alice.observe();
        let sent = bench.events(0);
        let calls = |what: &What| match what {
            What::Send { start, returned, .. } | What::Recv { start, returned, .. } => Some((*start, start + returned)),
            _ => None,
        };
        assert_tiles(sent.iter().filter_map(calls).collect(), WHOLE as u64);
        assert_tiles(bench.events(1).iter().filter_map(calls).collect(), WHOLE as u64);
        if stamped {
            let ends: Vec<_> = (0..sent.len()).filter(|at| sent[*at] == What::StampsEnd).collect();
            assert_eq!(ends.len(), 1);
            let later = &sent[ends[0]..];
            assert!(
                !later
                    .iter()
                    .any(|what| matches!(what, What::Left { .. } | What::Acknowledged { .. }))
            );
            // All that left before it was a bulk transfer is known, with no gap.
            let departures = bench.departures(0);
            let last = departures.last().map_or(0, |(_, end)| *end);
            assert!(last > 0);
            assert_tiles(departures, last);
        }
    });
}

#[test]
fn a_small_flow_is_observed_after_every_call() {
    on_each_family(true, |bench| {
        let [alice, bob] = bench.ends();
        if bench.receive_queue(1).0.is_none() {
            println!("not run, because this system does not tell what lies in a receive queue");
            return;
        }
        let calls = usize::try_from(Flow::BULK).unwrap() / PIECE;
        for number in 1..=calls {
            send(&alice, &vec![1; PIECE]).unwrap();
            let mut left = PIECE;
            while left > 0 {
                left -= bob.recv(&mut vec![0; left]).unwrap();
            }
            // Everything is read, and the event after the call says so.
            let queues = bench
                .events(1)
                .into_iter()
                .rfind(|what| matches!(what, What::Queues { .. }));
            assert!(
                matches!(queues, Some(What::Queues { waiting: Some(0), .. })),
                "call {number}: {queues:?}"
            );
        }
        assert!(!bench.events(0).contains(&What::StampsEnd));
    });
}

#[test]
fn stamps_that_come_after_their_end_do_not_keep_a_blocked_call_busy() {
    on_each_family(true, |bench| {
        if !bench.is_stamped(0) {
            return;
        }
        let [alice, bob] = bench.ends();
        let bytes = vec![7; WHOLE];
        thread::scope(|scope| {
            scope.spawn(|| send(&alice, &bytes).unwrap());
            // Stamping ends while much is still in the send queue: its acknowledgement is stamped later.
            bench.until("stamps end", || bench.events(0).contains(&What::StampsEnd));
            let mut buffer = vec![0; PIECE];
            let mut left = WHOLE;
            while left > 0 {
                left -= bob.recv(&mut buffer).unwrap();
            }
        });
        bench.until("the acknowledgement", || {
            bench.pair.sides[0].holds(Until::Acknowledged) == Some(true)
        });
        let before = bench.gate.resumed.load(Ordering::Relaxed);
        let blocked = |bench: &super::Bench| {
            let events = bench.events(0);
            let last = events.iter().rposition(|what| matches!(what, What::RecvCall { .. }));
            last.is_some_and(|at| events[at..].iter().any(|what| matches!(what, What::Blocked { .. })))
        };
        thread::scope(|scope| {
            let receiving = scope.spawn(|| alice.recv(&mut [0; 1]));
            bench.until("alice blocks", || blocked(bench));
            // Long enough for a busy loop to show.
            for _ in 0..2000 {
                let _ = bench.pair.is_quiet();
            }
            send(&bob, b"x").unwrap();
            assert_eq!(receiving.join().unwrap().unwrap(), 1);
        });
        let resumed = bench.gate.resumed.load(Ordering::Relaxed) - before;
        assert!(resumed <= 5, "the wait was interrupted {resumed} times");
    });
}
