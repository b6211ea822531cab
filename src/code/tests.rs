//! What no scenario that comes with the lab has: long and odd bytes, options, both directions.

use super::literal::{self, Content};
use super::*;
use crate::scenario::read::read;

fn listed(transport: &str, rest: &str, language: Language) -> [String; 2] {
    let text = format!(
        "id = \"t\"\norder = 1\ntransport = \"{transport}\"\ntitle = {{ en = \"t\", zh = \"题\" }}\n\
         sees = {{ en = \"t\", zh = \"题\" }}\nwhy = {{ en = \"t\", zh = \"题\" }}\n{rest}"
    );
    let scenario = read("t.toml", &text).unwrap_or_else(|problems| panic!("{problems}"));
    let plan = Plan::new(&scenario, &scenario.defaults());
    let sides = listing(&plan, language, Lang::En).sides;
    [sides[0].text(), sides[1].text()]
}

const ENDS: &str = "[endpoints.a]\n[endpoints.b]\nlistens = true\n[[expect]]\nreadings = [\"whole\"]\n";

#[track_caller]
fn has(text: &str, lines: &str) {
    assert!(text.contains(lines), "{lines}\nis missing in\n{text}");
}

#[test]
fn bytes_are_written_as_both_languages_read_them() {
    let cases: [(&[u8], &str, &str); 6] = [
        (b"egg", "b\"egg\"", "b\"egg\""),
        (b"it's", "b\"it's\"", "b\"it's\""),
        (b"a\"\\\n", r#"b"a\"\\\n""#, r#"b"a\"\\\n""#),
        (b"\x00\xff", r#"b"\x00\xff""#, r#"b"\x00\xff""#),
        ("粘包".as_bytes(), "\"粘包\".encode()", "\"粘包\".as_bytes()"),
        // A mark that turns the writing round must not do so in the listing.
        (
            "é\u{202e}\u{e0001}".as_bytes(),
            r#""é\u202e\U000e0001".encode()"#,
            r#""é\u{202e}\u{e0001}".as_bytes()"#,
        ),
    ];
    for (bytes, python, rust) in cases {
        assert_eq!(literal::bytes(Language::Python, bytes), python);
        assert_eq!(literal::bytes(Language::Rust, bytes), rust);
    }
}

#[test]
fn long_bytes_are_letters_or_a_beginning() {
    let letters = |count: usize| literal::ALPHABET.bytes().cycle().take(count).collect::<Vec<_>>();
    assert_eq!(literal::content(&letters(24)), Content::Whole(&letters(24)));
    assert_eq!(literal::content(&letters(1000)), Content::Letters(1000));
    let long = "粘包".repeat(100);
    let Content::Beginning(part, 600) = literal::content(long.as_bytes()) else {
        panic!("too long to be written");
    };
    assert!(
        !part.is_empty() && std::str::from_utf8(part).is_ok(),
        "whole characters"
    );
    assert_eq!(literal::content(&[0xff; 40]), Content::Beginning(&[0xff; 2], 40));
}

#[test]
fn a_long_message_is_shortened_and_says_so() {
    let long = "The quick brown fox jumps over the lazy dog";
    let steps = format!("steps = [{{ a.send = \"{long}\" }}, {{ a.send = {{ letters = 60 }} }}, {{ b.recv = 99 }}]");
    let [python, _] = listed("tcp", &format!("{steps}\n{ENDS}"), Language::Python);
    has(
        &python,
        "# shortened: the dots stand for the rest\ndata = b\"The quick br\"\nsock.sendall(data.ljust(43, b\".\"))\nsock.sendall(LETTERS[:60])\n",
    );
    has(&python, "LETTERS = b\"abcdefghijklmnopqrstuvwxyz\" * 3\n");
    let [rust, _] = listed("tcp", &format!("{steps}\n{ENDS}"), Language::Rust);
    has(
        &rust,
        "    let mut data = Vec::from(b\"The quick br\");\n    data.resize(43, b'.');\n    sock.write_all(&data)?;\n    sock.write_all(&letters[..60])?;\n",
    );
}

#[test]
fn options_stand_before_what_they_must_precede() {
    let rest = "steps = [{ a.send = \"x\" }, { b.recv = 9 }, { b.close = true }]\n[endpoints.a]\nmss = 536\n\
                [endpoints.b]\nlistens = true\nreceive_buffer = 4096\n[[expect]]\nreadings = [\"whole\"]\n";
    let [connects, accepts] = listed("tcp", rest, Language::Python);
    has(
        &connects,
        "sock = socket.socket()\nsock.setsockopt(IPPROTO_TCP, TCP_MAXSEG, 536)\nsock.connect((HOST, PORT))\n",
    );
    has(
        &accepts,
        "listener = socket.socket()\nlistener.setsockopt(\n    SOL_SOCKET, SO_REUSEADDR, 1,\n)\nlistener.setsockopt(\n    SOL_SOCKET, SO_RCVBUF, 4096,\n)\nlistener.bind((HOST, PORT))\n",
    );
    has(&accepts, "from socket import SOL_SOCKET, SO_REUSEADDR\n");
    has(&accepts, "print(sock.recv(9))\nsock.close()\n");
    let [_, accepts] = listed("tcp", rest, Language::Rust);
    has(&accepts, "    // SO_RCVBUF = 4096: needs crate socket2\n");
    has(&accepts, "    drop(sock);\n    Ok(())\n");
}

#[test]
fn of_datagrams_the_side_that_they_go_to_first_is_there_first() {
    let rest = "steps = [{ b.send = \"x\" }, { a.recv = 9 }, { a.send = \"y\" }, { b.recv = 9 }]\n[endpoints.a]\n\
                [endpoints.b]\nlistens = true\n[[expect]]\nreadings = [\"whole\", \"whole\"]\n";
    let [awaits, begins] = listed("udp", rest, Language::Python);
    has(&awaits, "# start this one first\n");
    has(&awaits, "sock.bind((HOST, PORT))\nsock.connect((HOST, PEER))\n");
    has(&begins, "sock.bind((HOST, PEER))\nsock.connect((HOST, PORT))\n");
    assert!(!begins.contains("first"), "{begins}");
}

#[test]
fn a_part_that_has_no_line_of_its_own_is_lit_where_it_happens() {
    let line = |call| Line {
        text: String::new(),
        role: LineRole::Code,
        lights: Some(Lights { step: 1, call }),
    };
    let lines = vec![line(Part::Short), line(Part::Recv), line(Part::RecvHeader)];
    let listing = Listing {
        sides: vec![Side { lines }],
    };
    assert_eq!(listing.line_of(0, 1, Part::RecvHeader), Some(2), "exactly");
    assert_eq!(listing.line_of(0, 1, Part::RecvBody), Some(1), "the read it belongs to");
    assert_eq!(listing.line_of(0, 1, Part::Close), Some(0), "any of the step");
    assert_eq!(listing.line_of(0, 0, Part::Recv), None, "no such step");
    assert_eq!(listing.line_of(1, 1, Part::Recv), None, "no such endpoint");
}
