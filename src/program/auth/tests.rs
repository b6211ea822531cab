//! What a server accepts, without sockets.

use super::*;
use crate::scenario::program::auth::Scheme;
use std::time::Duration;

const KEY: &str = "a key for teaching";
const EARLIER: [u8; CHALLENGE] = [6; CHALLENGE];
const SENT: [u8; CHALLENGE] = [7; CHALLENGE];
const SCHEMES: [Scheme; 3] = [Scheme::HmacSha256, Scheme::HmacMd5, Scheme::Md5SecretNonce];

/// A server that has sent [`SENT`] on this connection.
fn server(scheme: Scheme, checks: Checks) -> (Challenge, Memory) {
    let wants = Challenge {
        scheme,
        key: KEY.to_owned(),
        reader: AnswerReader::Exact,
        checks,
        deadline: Duration::from_secs(1),
    };
    let memory = Memory {
        challenges: vec![EARLIER, SENT],
        ..Memory::default()
    };
    (wants, memory)
}

fn answer_to(scheme: Scheme, key: &str, message: &[u8]) -> Answer {
    Answer {
        message: message.to_vec(),
        digest: digest::digest(scheme, key.as_bytes(), message),
    }
}

fn told(wants: &Challenge, answer: &Answer, memory: &mut Memory) -> &'static str {
    judge(wants, &SENT, &[&answer.message[..], &answer.digest].concat(), memory).name()
}

#[test]
fn only_the_challenge_of_this_connection_is_accepted() {
    for scheme in SCHEMES {
        let (wants, mut memory) = server(scheme, Checks::Own);
        let longer = [&SENT[..], b"&admin=yes"].concat();
        for message in [&EARLIER[..], &longer, &SENT[1..], b""] {
            let other = answer_to(scheme, KEY, message);
            assert_eq!(told(&wants, &other, &mut memory), "other-challenge", "{message:?}");
        }
        let wrong = answer_to(scheme, "another key", &SENT);
        assert_eq!(told(&wants, &wrong, &mut memory), "mac-differs");
        let right = answer_to(scheme, KEY, &SENT);
        assert_eq!(told(&wants, &right, &mut memory), "mac-equal");
    }
}

#[test]
fn an_answer_is_accepted_once() {
    for scheme in SCHEMES {
        let (wants, mut memory) = server(scheme, Checks::AnySent);
        let right = answer_to(scheme, KEY, &SENT);
        let wrong = answer_to(scheme, "another key", &SENT);
        assert_eq!(told(&wants, &wrong, &mut memory), "mac-differs");
        assert_eq!(told(&wants, &right, &mut memory), "mac-equal");
        assert_eq!(told(&wants, &right, &mut memory), "answered-before");
    }
}

#[test]
fn a_challenge_that_was_never_sent_is_refused_even_with_its_digest() {
    for scheme in SCHEMES {
        let (wants, mut memory) = server(scheme, Checks::AnySent);
        let other = answer_to(scheme, KEY, &[8; CHALLENGE]);
        assert_eq!(told(&wants, &other, &mut memory), "unknown-challenge");
        let nothing = answer_to(scheme, KEY, b"");
        assert_eq!(told(&wants, &nothing, &mut memory), "unknown-challenge");
    }
}

#[test]
fn every_bit_of_a_digest_counts_and_its_length_too() {
    for scheme in SCHEMES {
        let (wants, mut memory) = server(scheme, Checks::AnySent);
        let right = answer_to(scheme, KEY, &SENT);
        for bit in 0..8 * right.digest.len() {
            let mut wrong = right.clone();
            wrong.digest[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(told(&wants, &wrong, &mut memory), "mac-differs", "{scheme:?} bit {bit}");
        }
        for length in 0..right.digest.len() {
            assert!(!digest::verify(
                scheme,
                KEY.as_bytes(),
                &right.message,
                &right.digest[..length]
            ));
            assert_eq!(
                judge(&wants, &SENT, &right.digest[..length], &mut memory).name(),
                "mac-differs"
            );
        }
    }
}

#[test]
fn a_forger_needs_a_digest_that_can_be_taken_up() {
    for scheme in SCHEMES {
        let (wants, mut memory) = server(scheme, Checks::AnySent);
        let heard = answer_to(scheme, KEY, &SENT);
        assert_eq!(told(&wants, &heard, &mut memory), "mac-equal");
        let forged = extension::extend(&heard, KEY.len(), b"&admin=yes").expect("a digest of 16 or 32 bytes");
        assert!(forged.message.starts_with(&heard.message) && forged.message.ends_with(b"&admin=yes"));
        let expected = if scheme == Scheme::Md5SecretNonce {
            "mac-equal"
        } else {
            "mac-differs"
        };
        assert_eq!(told(&wants, &forged, &mut memory), expected, "{scheme:?}");
        // With a wrong guess of the key's length nothing comes of it.
        let missed = extension::extend(&heard, KEY.len() + 1, b"&admin=yes").expect("a digest");
        assert_eq!(told(&wants, &missed, &mut memory), "mac-differs");
    }
}

#[test]
fn the_extension_is_right_for_every_length_of_secret_and_message() {
    use md5::Digest as _;
    for length in 0..150 {
        for (split, sha) in [(length / 3, false), (length, false), (length / 2, true), (0, true)] {
            let all: Vec<u8> = (0_u8..).take(length).collect();
            let (secret, message) = all.split_at(split);
            let hash = |bytes: &[u8]| {
                if sha {
                    sha2::Sha256::digest(bytes).to_vec()
                } else {
                    md5::Md5::digest(bytes).to_vec()
                }
            };
            let heard = Answer {
                message: message.to_vec(),
                digest: hash(&all),
            };
            let longer = extension::extend(&heard, secret.len(), b"more").expect("a digest");
            assert_eq!(
                longer.digest,
                hash(&[secret, &longer.message].concat()),
                "{length} {split}"
            );
        }
    }
}
