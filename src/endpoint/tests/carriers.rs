//! Unix sockets and pipes: whether they keep messages apart, how their streams end, what their queues hold, and that a
//! full one blocks.

use std::thread;

use super::{Bench, errno, send};
use crate::link::Carrier;
use crate::trace::{Call, What};

const STREAMS: [Carrier; 2] = [Carrier::UnixStream, Carrier::Pipe];
const MESSAGES: [Carrier; 2] = [Carrier::UnixDatagram, Carrier::UnixSeqpacket];
const ALL: [Carrier; 4] = [
    Carrier::UnixStream,
    Carrier::Pipe,
    Carrier::UnixDatagram,
    Carrier::UnixSeqpacket,
];

#[test]
fn a_stream_keeps_no_boundary() {
    for carrier in STREAMS {
        let bench = Bench::of(carrier);
        let [alice, bob] = bench.ends();
        send(&alice, b"hello").unwrap();
        send(&alice, b"egg").unwrap();
        let mut buffer = [0; 100];
        assert_eq!(bob.recv(&mut buffer[..6]).unwrap(), 6, "{carrier:?}");
        assert_eq!(bob.recv(&mut buffer[6..]).unwrap(), 2, "{carrier:?}");
        assert_eq!(&buffer[..8], b"helloegg");
    }
}

#[test]
fn messages_are_kept_apart_and_cut_where_they_do_not_fit() {
    for carrier in MESSAGES {
        let bench = Bench::of(carrier);
        let [alice, bob] = bench.ends();
        for bytes in [&b"hello"[..], b"egg"] {
            send(&alice, bytes).unwrap();
        }
        let mut buffer = [0; 100];
        assert_eq!(bob.recv(&mut buffer[..2]).unwrap(), 2, "{carrier:?}");
        assert_eq!(bob.recv(&mut buffer[2..]).unwrap(), 3, "{carrier:?}");
        assert_eq!(&buffer[..5], b"heegg", "the tail of hello is gone");
        let datagrams = bench.events(1).into_iter().filter_map(|what| match what {
            What::Recv { datagram, message, .. } => Some((message, datagram)),
            _ => None,
        });
        let datagrams: Vec<_> = datagrams.collect();
        // Elsewhere it is only known that it was cut.
        let whole = cfg!(all(target_os = "linux", not(lab_portable))).then_some(5);
        assert_eq!(datagrams, [(Some(1), whole), (Some(2), Some(3))], "{carrier:?}");
    }
}

#[test]
fn a_closed_writer_is_the_end_of_the_stream() {
    for carrier in [Carrier::UnixStream, Carrier::Pipe, Carrier::UnixSeqpacket] {
        let bench = Bench::of(carrier);
        let [alice, bob] = bench.ends();
        send(&alice, b"bye").unwrap();
        alice.close().unwrap();
        let mut buffer = [0; 10];
        assert_eq!(bob.recv(&mut buffer).unwrap(), 3, "{carrier:?}");
        assert_eq!(bob.recv(&mut buffer).unwrap(), 0, "{carrier:?}");
        assert_eq!(bob.recv(&mut buffer).unwrap(), 0, "{carrier:?}: and it stays");
    }
}

#[test]
fn a_write_to_somebody_who_has_gone_fails() {
    for carrier in ALL {
        let bench = Bench::of(carrier);
        let [alice, bob] = bench.ends();
        bob.close().unwrap();
        let error = send(&alice, b"are you there?").unwrap_err();
        let gone = [
            Some(libc::EPIPE),
            Some(libc::ECONNRESET),
            Some(libc::ECONNREFUSED),
            Some(libc::ENOTCONN),
        ];
        assert!(gone.contains(&errno(&error)), "{carrier:?}: {error}");
        assert!(error.to_string().starts_with("alice: send: "), "{error}");
    }
}

#[test]
fn what_was_sent_lies_in_the_receive_queue_at_once() {
    for carrier in ALL {
        let bench = Bench::of(carrier);
        let [alice, bob] = bench.ends();
        for bytes in [&b"hello"[..], b"egg"] {
            send(&alice, bytes).unwrap();
        }
        assert_eq!(bench.pair.is_quiet(), Some(true), "{carrier:?}");
        let (bytes, datagrams, _) = bench.receive_queue(1);
        if bytes.is_none() {
            println!("not run, because this system does not tell what lies in a receive queue");
            continue;
        }
        let keeps_apart = MESSAGES.contains(&carrier);
        assert_eq!((bytes, datagrams), (Some(8), keeps_apart.then_some(2)), "{carrier:?}");
        bob.recv(&mut [0; 100]).unwrap();
        if keeps_apart {
            bob.recv(&mut [0; 100]).unwrap();
        }
        assert_eq!(bench.receive_queue(1).0, Some(0), "{carrier:?}");
    }
}

#[test]
fn a_pipe_has_a_queue_at_the_end_that_reads_only() {
    let bench = Bench::of(Carrier::Pipe);
    assert_eq!(
        [0, 1].map(|side| bench.pair.sides[side].has_receive_queue()),
        [false, true]
    );
    let sockets = Bench::of(Carrier::UnixStream);
    assert_eq!(
        [0, 1].map(|side| sockets.pair.sides[side].has_receive_queue()),
        [true, true]
    );
}

#[test]
fn a_full_stream_blocks_its_writer_until_somebody_reads() {
    for carrier in STREAMS {
        let bench = Bench::of(carrier);
        let [alice, bob] = bench.ends();
        // More than any of them holds: a pipe at most 1 MiB (pipe-max-size), a socket what wmem_max allows.
        let bytes = vec![7; 8 << 20];
        thread::scope(|scope| {
            let sending = scope.spawn(|| send(&alice, &bytes));
            bench.until("alice blocks", || bench.has_blocked(0));
            assert!(
                !bench.pair.sides[0].is_ready(Call::Send),
                "{carrier:?}: there is no room"
            );
            let (mut read, mut buffer) = (0, vec![0; 1 << 20]);
            while read < bytes.len() {
                read += bob.recv(&mut buffer).unwrap();
            }
            sending.join().unwrap().unwrap();
            assert_eq!(read, bytes.len(), "{carrier:?}");
        });
    }
}

#[test]
fn a_pipe_holds_what_it_was_told_to_and_not_a_byte_more() {
    let bench = Bench::of(Carrier::Pipe);
    let [alice, bob] = bench.ends();
    alice.set_pipe_capacity(65_536).expect("a pipe holds that much");
    let holds = bench.events(0).into_iter().find_map(|what| match what {
        What::OptionSet { option, value } if option == "F_SETPIPE_SZ" => Some(value),
        _ => None,
    });
    let Some(holds) = holds else {
        println!("not run, because this system does not set what a pipe holds");
        return;
    };
    assert!(holds >= 65_536, "the kernel rounds up");
    let bytes = vec![7; usize::try_from(holds).unwrap()];
    send(&alice, &bytes).unwrap();
    assert!(!bench.has_blocked(0), "just as much fits");
    thread::scope(|scope| {
        let one_more = scope.spawn(|| send(&alice, b"x"));
        bench.until("alice blocks", || bench.has_blocked(0));
        let mut buffer = vec![0; bytes.len() + 1];
        let mut read = 0;
        while read <= bytes.len() {
            read += bob.recv(&mut buffer).unwrap();
        }
        one_more.join().unwrap().unwrap();
    });
}
