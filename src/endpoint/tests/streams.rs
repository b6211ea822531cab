//! TCP.

use std::thread;

use super::{Bench, assert_tiles, errno, on_each_family, send};
use crate::endpoint::EndpointError;
use crate::link::BeforeConnect;
use crate::trace::{Call, Until, What};

#[test]
fn the_receive_queue_holds_what_was_sent_and_not_read() {
    on_each_family(true, |bench| {
        let [alice, bob] = bench.ends();
        if bench.receive_queue(1).0.is_none() {
            println!("not run, because this system does not tell what lies in a receive queue");
            return;
        }
        let mut sent = 0;
        for bytes in [&b"hello"[..], b"egg", b""] {
            send(&alice, bytes).unwrap();
            sent += bytes.len() as u64;
            bench.until("the bytes arrive", || {
                bench.pair.sides[1].holds(Until::Queued(sent)) == Some(true)
            });
            assert_eq!(bench.receive_queue(1).0, Some(sent));
        }
        let mut buffer = [0; 6];
        let read = bob.recv(&mut buffer).unwrap() as u64;
        assert_eq!(&buffer, b"helloe");
        assert_eq!(bench.receive_queue(1).0, Some(sent - read));
        let rest = bob.recv(&mut buffer).unwrap() as u64;
        assert_eq!((read + rest, bench.receive_queue(1).0), (sent, Some(0)));
    });
}

#[test]
fn the_send_queue_is_empty_once_all_is_acknowledged() {
    on_each_family(true, |bench| {
        let [alice, _] = bench.ends();
        send(&alice, b"hello").unwrap();
        if bench.pair.sides[0].holds(Until::Acknowledged).is_none() {
            println!("not run, because this system does not tell what lies in a send queue");
            return;
        }
        bench.until("the acknowledgement", || {
            bench.pair.sides[0].holds(Until::Acknowledged) == Some(true)
        });
        alice.observe();
        let last = bench.events(0).into_iter().rev().find_map(|what| match what {
            What::Queues {
                unsent, unacknowledged, ..
            } => Some((unsent, unacknowledged)),
            _ => None,
        });
        assert_eq!(last, Some((Some(0), Some(0))));
    });
}

#[test]
fn departures_and_acknowledgements_tile_the_flow() {
    on_each_family(true, |bench| {
        if !bench.is_stamped(0) {
            return;
        }
        let [alice, _] = bench.ends();
        let mut sent = 0;
        for bytes in [&b"hello"[..], b"egg", b"", &vec![7; 100_000], b"world"] {
            send(&alice, bytes).unwrap();
            sent += bytes.len() as u64;
        }
        let acknowledged = || {
            alice.observe();
            let spans = bench.events(0).into_iter().filter_map(|what| match what {
                What::Acknowledged { start, end } => Some((start, end)),
                _ => None,
            });
            spans.collect::<Vec<_>>()
        };
        bench.until("the last acknowledgement", || {
            acknowledged().last().is_some_and(|(_, end)| *end == sent)
        });
        assert_tiles(acknowledged(), sent);
        assert_tiles(bench.departures(0), sent);
    });
}

#[test]
fn a_blocked_recv_ends_when_the_run_is_stopped() {
    for stream in [true, false] {
        on_each_family(stream, |bench| {
            let [_, bob] = bench.ends();
            thread::scope(|scope| {
                let blocked = scope.spawn(|| bob.recv(&mut [0; 10]));
                bench.until("bob blocks", || bench.has_blocked(1));
                bench.gate.stop_the_run();
                let ended = blocked.join().unwrap();
                assert!(matches!(ended, Err(EndpointError::Stopped(_))), "{ended:?}");
            });
        });
    }
}

#[test]
fn a_blocked_send_ends_when_the_run_is_stopped() {
    on_each_family(true, |bench| {
        let [alice, _] = bench.ends();
        thread::scope(|scope| {
            let blocked = scope.spawn(|| send(&alice, &vec![0; 64 << 20]));
            bench.until("alice blocks", || bench.has_blocked(0));
            bench.gate.stop_the_run();
            let ended = blocked.join().unwrap();
            assert!(matches!(ended, Err(EndpointError::Stopped(_))), "{ended:?}");
        });
    });
}

#[test]
fn a_closed_peer_is_the_end_of_the_stream_and_then_an_error() {
    on_each_family(true, |bench| {
        let [alice, bob] = bench.ends();
        send(&bob, b"bye").unwrap();
        bob.close().unwrap();
        let mut buffer = [0; 10];
        assert_eq!(alice.recv(&mut buffer).unwrap(), 3);
        assert_eq!(alice.recv(&mut buffer).unwrap(), 0);
        // The first send is taken and answered with a reset; when that has come, sends fail.
        let mut error = None;
        bench.until("an error", || {
            error = send(&alice, b"are you there?").err();
            error.is_some()
        });
        let error = error.unwrap();
        assert!(error.to_string().starts_with("alice: send: "), "{error}");
        assert!(
            matches!(errno(&error), Some(libc::EPIPE | libc::ECONNRESET)),
            "{error:?}"
        );
        let failed = bench.events(0).into_iter().filter(|what| {
            matches!(
                what,
                What::Failed {
                    call: Call::Send,
                    errno: 1..,
                    ..
                }
            )
        });
        assert_eq!(failed.count(), 1);
    });
}

#[test]
fn a_reset_is_an_error_of_recv() {
    on_each_family(true, |bench| {
        let [alice, bob] = bench.ends();
        send(&alice, b"never read").unwrap();
        bench.until("the bytes arrive", || bench.pair.sides[1].is_ready(Call::Recv));
        // Closing with unread bytes resets the connection (RFC 1122, 4.2.2.13).
        bob.close().unwrap();
        let error = alice.recv(&mut [0; 10]).unwrap_err();
        assert_eq!(errno(&error), Some(libc::ECONNRESET), "{error}");
        assert!(error.to_string().starts_with("alice: recv: "), "{error}");
    });
}

#[test]
fn a_send_that_fails_half_way_tells_what_was_taken() {
    let small = BeforeConnect {
        send_buffer: Some(8192),
        receive_buffer: Some(8192),
        ..BeforeConnect::default()
    };
    let bench = Bench::new(true, false, small).unwrap();
    let [alice, bob] = bench.ends();
    let bytes = vec![7; 500_000];
    thread::scope(|scope| {
        let sending = scope.spawn(|| send(&alice, &bytes));
        bench.until("alice blocks", || bench.has_blocked(0));
        bob.close().unwrap();
        let error = sending.join().unwrap().unwrap_err();
        assert!(error.to_string().starts_with("alice: send: "), "{error}");
    });
    let told: Vec<_> = bench
        .events(0)
        .into_iter()
        .filter(|what| matches!(what, What::Send { .. } | What::Failed { .. }))
        .collect();
    assert!(
        matches!(
            &told[..],
            [
                What::Send {
                    asked: 500_000,
                    returned: 1..500_000,
                    start: 0,
                    ..
                },
                What::Failed { call: Call::Send, .. }
            ]
        ),
        "{told:?}"
    );
}

#[test]
fn other_bytes_than_were_sent_are_noticed() {
    on_each_family(true, |bench| {
        let [alice, bob] = bench.ends();
        send(&alice, b"hello").unwrap();
        assert_eq!(bob.recv(&mut [0; 10]).unwrap(), 5);
        // Behind the endpoint's back, something else is sent than is announced.
        bench.pair.sides[0].flow().announce(2, b"egg");
        bench.pair.sides[0].try_send(b"eGg").unwrap();
        let error = bob.recv(&mut [0; 10]).unwrap_err();
        assert!(
            matches!(&error, EndpointError::Mismatch { source, .. } if source.offset == 5),
            "{error:?}"
        );
        assert!(error.to_string().starts_with("bob: recv: "), "{error}");
    });
}
