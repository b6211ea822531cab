//! UDP.

use std::collections::VecDeque;
use std::sync::atomic::Ordering;
use std::thread;

use super::{Bench, assert_tiles, errno, on_each_family, send};
use crate::endpoint::Message;
use crate::link::{BeforeConnect, Carrier};
use crate::trace::{Call, What};

#[test]
fn the_receive_queue_holds_what_was_sent_and_not_read() {
    on_each_family(false, |bench| {
        if !can_count(bench) {
            return;
        }
        let [alice, bob] = bench.ends();
        // Empty datagrams count too, however often somebody has looked.
        let datagrams = [&b""[..], b"hello", b"", b"egg", b""];
        for bytes in datagrams {
            send(&alice, bytes).unwrap();
        }
        for read in 0..=datagrams.len() {
            let left = &datagrams[read..];
            let bytes: usize = left.iter().map(|bytes| bytes.len()).sum();
            let expected = (Some(bytes as u64), Some(left.len() as u64), Some(0));
            assert_eq!(bench.receive_queue(1), expected);
            assert_eq!(bench.receive_queue(1), expected);
            assert_eq!(bench.pair.is_quiet(), Some(true));
            if let Some(next) = left.first() {
                assert_eq!(bob.recv(&mut [0; 100]).unwrap(), next.len());
            }
        }
    });
}

#[test]
fn an_empty_datagram_that_nobody_looked_at_is_counted_off_too() {
    on_each_family(false, |bench| {
        if !can_count(bench) {
            return;
        }
        let [alice, bob] = bench.ends();
        thread::scope(|scope| {
            scope.spawn(|| {
                for _ in 0..500 {
                    assert_eq!(bob.recv(&mut [0; 4]).unwrap(), 0);
                }
            });
            for _ in 0..500 {
                send(&alice, b"").unwrap();
                // As many as fit into any buffer.
                bench.until("bob reads", || {
                    let flow = bench.pair.sides[0].flow();
                    flow.datagrams_sent() - flow.datagrams_taken < 50
                });
            }
        });
        assert_eq!(bench.receive_queue(1), (Some(0), Some(0), Some(0)));
        send(&alice, b"").unwrap();
        assert_eq!(bench.receive_queue(1), (Some(0), Some(1), Some(0)));
    });
}

#[test]
fn each_datagram_departs_once() {
    on_each_family(false, |bench| {
        if !bench.is_stamped(0) {
            return;
        }
        let [alice, _] = bench.ends();
        let mut sent = Vec::new();
        let mut at = 0;
        for bytes in [&b"hello"[..], b"", b"egg", &vec![7; 20_000]] {
            send(&alice, bytes).unwrap();
            sent.push((at, at + bytes.len() as u64));
            at += bytes.len() as u64;
        }
        bench.until("the stamps", || {
            alice.observe();
            bench.departures(0).len() >= sent.len()
        });
        assert_eq!(bench.departures(0), sent);
    });
}

#[test]
fn no_departure_is_lost_when_the_other_side_takes_the_stamps() {
    on_each_family(false, |bench| {
        if !bench.is_stamped(0) {
            return;
        }
        let [alice, bob] = bench.ends();
        let count = 2000;
        thread::scope(|scope| {
            scope.spawn(|| {
                for _ in 0..count {
                    bob.recv(&mut [0; 4]).unwrap();
                }
            });
            for number in 0..count {
                send(&alice, &u32::to_be_bytes(number)).unwrap();
                bench.until("bob reads", || {
                    let flow = bench.pair.sides[0].flow();
                    flow.datagrams_sent() - flow.datagrams_taken < 50
                });
            }
        });
        alice.observe();
        let departures = bench.departures(0);
        assert_eq!(departures.len(), count as usize);
        assert_tiles(departures, u64::from(count) * 4);
    });
}

#[test]
fn a_datagram_that_is_cut_tells_its_own_length() {
    on_each_family(false, |bench| {
        let [alice, bob] = bench.ends();
        send(&alice, b"hello, world").unwrap();
        send(&alice, b"egg").unwrap();
        let mut buffer = [0; 5];
        assert_eq!(bob.recv(&mut buffer).unwrap(), 5);
        assert_eq!(&buffer, b"hello");
        assert_eq!(bob.recv(&mut buffer).unwrap(), 3);
        let lengths = bench.events(1).into_iter().filter_map(|what| match what {
            What::Recv {
                returned,
                message,
                datagram,
                start,
                ..
            } => Some((returned, message, datagram, start)),
            _ => None,
        });
        let lengths: Vec<_> = lengths.collect();
        if lengths[0].2.is_none() {
            println!("not run, because this system does not tell the length of a datagram that was cut");
            return;
        }
        assert_eq!(
            lengths,
            [(5, Some(1), Some(12), 0), (3, Some(2), Some(3), 12)],
            "returned, message, datagram's own length, start"
        );
    });
}

#[test]
fn what_does_not_fit_is_dropped_and_counted() {
    for ipv6 in [false, true] {
        let small = BeforeConnect {
            receive_buffer: Some(8192),
            ..BeforeConnect::default()
        };
        let Some(bench) = Bench::new(false, ipv6, small) else {
            continue;
        };
        if !can_count(&bench) {
            return;
        }
        let [alice, bob] = bench.ends();
        let sent = 300_u32;
        for number in 0..sent {
            send(&alice, &[&number.to_be_bytes()[..], &[0; 500]].concat()).unwrap();
        }
        bench.until("all are read, waiting or dropped", || {
            bench.pair.is_quiet() == Some(true)
        });
        for read in 0..=3 {
            let (_, waiting, dropped) = bench.receive_queue(1);
            let (waiting, dropped) = (waiting.unwrap(), dropped.unwrap());
            assert!(dropped > 0);
            assert_eq!(waiting + dropped + read, u64::from(sent));
            bob.recv(&mut [0; 1000]).unwrap();
        }
    }
}

#[test]
fn parts_of_a_message_are_datagrams_of_their_own() {
    on_each_family(false, |bench| {
        let [alice, bob] = bench.ends();
        let mut message = Message::new(b"headbody", 4);
        alice.send(&mut message, 4).unwrap();
        alice.send(&mut message, 8).unwrap();
        let mut buffer = [0; 100];
        assert_eq!(bob.recv(&mut buffer).unwrap(), 4);
        assert_eq!(bob.recv(&mut buffer).unwrap(), 4);
        assert_eq!(&buffer[..4], b"body");
    });
}

#[test]
fn a_peer_that_is_gone_refuses_at_the_next_call_whoever_looked_before() {
    for call in [Call::Recv, Call::Send] {
        on_each_family(false, |bench| {
            let [alice, bob] = bench.ends();
            bob.close().unwrap();
            // The call asks the kernel afterwards, and the pair is asked once more: the error survives both.
            send(&alice, b"hello").unwrap();
            let _ = bench.pair.is_quiet();
            let error = match call {
                Call::Recv => alice.recv(&mut [0; 10]).map(|_| ()),
                Call::Send => send(&alice, b"again"),
            };
            let error = error.unwrap_err();
            assert_eq!(errno(&error), Some(libc::ECONNREFUSED), "{error}");
            // It is told once only, as the kernel does.
            send(&alice, b"and again").unwrap();
            // The ICMP message may come late, but it ends the wait: it does not turn it into a busy loop.
            assert!(bench.gate.resumed.load(Ordering::Relaxed) <= 1);
        });
    }
}

#[test]
fn an_error_that_another_thread_met_ends_a_blocked_recv() {
    on_each_family(false, |bench| {
        let [alice, _] = bench.ends();
        thread::scope(|scope| {
            let blocked = scope.spawn(|| alice.recv(&mut [0; 10]));
            bench.until("alice blocks", || bench.has_blocked(0));
            // Behind the endpoint's back: the peer goes, and its answer to a datagram is met by looking.
            drop(bench.pair.sides[1].socket.write().unwrap().take());
            bench.pair.sides[0].try_send(b"hello").unwrap();
            bench.pair.sides[0].waiting_datagrams();
            let error = blocked.join().unwrap().unwrap_err();
            assert_eq!(errno(&error), Some(libc::ECONNREFUSED), "{error}");
        });
    });
}

#[test]
fn a_refused_datagram_shifts_no_later_departure() {
    on_each_family(false, |bench| {
        if !bench.is_stamped(0) {
            return;
        }
        let [alice, bob] = bench.ends();
        send(&alice, b"one").unwrap();
        let error = send(&alice, &vec![0; 70_000]).unwrap_err();
        assert_eq!(errno(&error), Some(libc::EMSGSIZE), "{error}");
        send(&alice, b"three").unwrap();
        alice.observe();
        assert_eq!(bench.departures(0), [(0, 3), (3, 8)]);
        assert_eq!(bob.recv(&mut [0; 10]).unwrap(), 3);
        assert_eq!(bob.recv(&mut [0; 10]).unwrap(), 5);
    });
}

fn can_count(bench: &Bench) -> bool {
    let (_, waiting, dropped) = bench.receive_queue(1);
    let can = waiting.is_some() && dropped.is_some();
    if !can {
        println!("not run, because this system does not tell what lies in a receive queue of datagrams");
    }
    can
}

/// What a program does to a queue of datagrams.
#[derive(Debug, Clone, Copy)]
enum Act {
    Send(usize),
    Read,
    Look,
}

#[test]
fn whenever_somebody_looks_the_queue_holds_what_was_sent_and_not_read() {
    use Act::{Look, Read, Send};
    let acts = [
        &[
            Send(5),
            Look,
            Read,
            Look,
            Send(3),
            Send(0),
            Send(4),
            Look,
            Read,
            Send(2),
            Look,
        ][..],
        &[
            Read,
            Look,
            Read,
            Read,
            Look,
            Send(0),
            Send(0),
            Read,
            Send(6),
            Look,
            Look,
            Read,
            Read,
            Look,
        ],
        &[
            Send(900),
            Read,
            Send(7),
            Send(8),
            Look,
            Read,
            Send(9),
            Read,
            Look,
            Read,
            Look,
        ],
    ]
    .concat();
    let check = |bench: &Bench| {
        if !can_count(bench) {
            return;
        }
        let [alice, bob] = bench.ends();
        let mut model: VecDeque<usize> = VecDeque::new();
        for (at, act) in acts.iter().enumerate() {
            match *act {
                Send(length) => {
                    send(&alice, &vec![7; length]).unwrap();
                    model.push_back(length);
                }
                Read => {
                    let read = bob.recv(&mut [0; 100]).unwrap();
                    assert_eq!(model.pop_front().unwrap().min(100), read, "{at}");
                }
                Look => {
                    let (bytes, datagrams, _) = bench.receive_queue(1);
                    let waiting = model.iter().sum::<usize>() as u64;
                    assert_eq!((bytes, datagrams), (Some(waiting), Some(model.len() as u64)), "{at}");
                }
            }
        }
    };
    on_each_family(false, check);
    check(&Bench::of(Carrier::UnixDatagram));
}
