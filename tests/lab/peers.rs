//! Peers that stop at any byte, go, or talk noise, at each program that reads frames; and the next client at the same thread.

use super::hostile::each;
use super::support::{Told, file, lab, two_clients};

/// A server, what an honest client's request is byte by byte, and that client with the note it ends with.
struct Served {
    server: &'static str,
    request: Vec<u8>,
    client: &'static str,
    note: &'static str,
    /// The server speaks first, so a client that goes leaves something unread and resets the connection.
    speaks_first: bool,
}

fn all() -> Vec<Served> {
    let framed = |body: &[u8]| {
        let length = u32::try_from(body.len()).expect("short").to_be_bytes();
        [&length[..], body].concat()
    };
    let put = framed(br#"{"cmd": "put", "name": "a.txt", "size": 5}"#);
    let quiet = |server, request, client, note| Served {
        server,
        request,
        client,
        note,
        speaks_first: false,
    };
    vec![
        quiet(
            r#"program = "serve", limit = 100, patience_ms = 50"#,
            framed(b"tea"),
            r#"program = "ask", text = "milk""#,
            "answered",
        ),
        quiet(
            r#"program = "command-server", header = "length", patience_ms = 50"#,
            framed(b"hi"),
            r#"program = "command-client", command = "hi", header = "length""#,
            "reply",
        ),
        quiet(
            r#"program = "command-server", header = "json", patience_ms = 50"#,
            framed(b"hi"),
            r#"program = "command-client", command = "hi", header = "json""#,
            "reply",
        ),
        quiet(
            r#"program = "serve-puts", limit = 100, patience_ms = 50"#,
            [&put[..], b"hello"].concat(),
            r#"program = "put", files = [{ name = "c.txt", text = "CCC" }]"#,
            "answered",
        ),
        Served {
            speaks_first: true,
            ..quiet(
                r#"program = "challenge", scheme = "hmac-sha256", key = "k", deadline_ms = 200"#,
                framed(&[7; 64]),
                r#"program = "respond", as = "legitimate", scheme = "hmac-sha256", key = "k""#,
                "was-accepted",
            )
        },
    ]
}

impl Served {
    /// A client that sends these bytes and goes, or stays; then the honest one, at the same thread.
    fn after(&self, bytes: &[u8], goes: bool) -> Told {
        let Self { server, client, .. } = self;
        let close = if goes { "{ client-1.close = true },\n" } else { "" };
        let send = if bytes.is_empty() {
            String::new()
        } else {
            format!("{{ client-1.send = {{ hex = \"{}\" }} }},\n", hex::encode(bytes))
        };
        let steps = format!(
            "steps = [\n{send}{close}{{ server-1.run = {{ {server} }} }},\n{{ client-2.run = {{ {client} }} }},\n\
             {{ server-2.run = {{ {server} }} }},\n{{ client-2.close = true }},\n]\n\n"
        );
        let mut text = two_clients(&steps);
        if server.contains("command-server") {
            text += "[commands.hi]\nrun = [\"echo\", \"hi\"]\n";
        }
        let (_folder, path) = file("mine.toml", text);
        lab(["run", &path, "--format", "json"]).tame().json()
    }

    /// The server has named what was wrong, or has seen its client leave; and the honest client was served.
    #[track_caller]
    fn check(&self, bytes: &[u8], goes: bool, told: &Told) {
        let what = format!("{} {bytes:?} goes: {goes}", self.server);
        let of = |event: &str| {
            told.events(event)
                .iter()
                .filter(|line| line["endpoint"] == "server-1")
                .count()
        };
        let named = of("frame_fault") + of("failed") > 0;
        let notes: Vec<_> = told.events("note").into_iter().collect();
        let said = |endpoint: &str, note: &str| {
            notes
                .iter()
                .any(|line| line["endpoint"] == endpoint && line["note"] == note)
        };
        let answered = [
            "client-left",
            "mac-differs",
            "served",
            "not-found",
            "command-refused",
            "kept",
        ];
        assert!(named || answered.iter().any(|note| said("server-1", note)), "{what}");
        assert!(said("client-2", self.note), "{what}: the next client was not served");
        assert_eq!(told.verdict()["ending"], "finished", "{what}");
    }
}

#[test]
fn a_client_that_stops_at_any_byte_is_named_and_the_next_one_is_served() {
    for served in all() {
        let cuts: Vec<(usize, bool)> = (0..served.request.len())
            .flat_map(|end| [(end, true), (end, false)])
            .filter(|(_, goes)| !(*goes && served.speaks_first))
            // Who neither sends nor goes is no step of a scenario.
            .filter(|(end, goes)| *end > 0 || *goes)
            .collect();
        each(&cuts, |(end, goes)| {
            let bytes = &served.request[..*end];
            let told = served.after(bytes, *goes);
            served.check(bytes, *goes, &told);
            if !goes {
                let reason = &told.events("frame_fault")[0]["reason"];
                assert_eq!(reason, "timed-out", "{} {end}", served.server);
            }
        });
    }
}

#[test]
fn noise_is_named_and_the_next_client_is_served() {
    for served in all() {
        // The bytes are the same each time: multiples of a prime.
        let noises: Vec<Vec<u8>> = (1..24_u32)
            .map(|seed| {
                let byte = |at: u32| (seed.wrapping_mul(2_654_435_761).wrapping_mul(at + 1) >> 13).to_le_bytes()[0];
                (0..seed * 5).map(byte).collect()
            })
            .chain([vec![0xff; 64], vec![0; 64], b"GET / HTTP/1.1\r\n\r\n".to_vec()])
            .collect();
        each(&noises, |bytes| {
            let goes = !served.speaks_first && bytes.len() % 2 == 0;
            served.check(bytes, goes, &served.after(bytes, goes));
        });
    }
}

#[test]
#[should_panic(expected = "the next client was not served")]
fn a_server_that_did_not_go_on_would_be_noticed() {
    let served = &all()[0];
    let other = Served {
        note: "was-accepted",
        ..all().remove(0)
    };
    let told = served.after(&served.request[..2], true);
    other.check(&served.request[..2], true, &told);
}
