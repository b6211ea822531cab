//! Digests of bytes that come in pieces. No files, no sockets.
//!
//! MD5 (RFC 1321) is here because other programs print it: two different files with one MD5 can be made on purpose, so it
//! compares copies, and protects against nobody. SHA-256 (FIPS 180-4) does both.

use std::fmt;

use md5::Md5;
use sha2::{Digest, Sha256};

/// Which digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// 16 bytes; only for comparing with what others print.
    Md5,
    /// 32 bytes.
    Sha256,
    /// Nothing is computed.
    None,
}

/// A digest while its bytes are coming in.
#[derive(Debug, Clone)]
pub struct Hasher(State);

#[derive(Debug, Clone)]
enum State {
    Md5(Md5),
    Sha256(Sha256),
    None,
}

impl Algorithm {
    /// Every algorithm, by its name.
    pub const ALL: [(&'static str, Self); 3] = [("md5", Self::Md5), ("sha256", Self::Sha256), ("none", Self::None)];

    /// The algorithm of a name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        let found = Self::ALL.into_iter().find(|(known, _)| *known == name);
        found.map(|(_, algorithm)| algorithm)
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let found = Self::ALL.into_iter().find(|(_, algorithm)| algorithm == self);
        f.write_str(found.map_or("?", |(name, _)| name))
    }
}

impl Hasher {
    /// A digest of no bytes so far.
    #[must_use]
    pub fn new(algorithm: Algorithm) -> Self {
        Self(match algorithm {
            Algorithm::Md5 => State::Md5(Md5::new()),
            Algorithm::Sha256 => State::Sha256(Sha256::new()),
            Algorithm::None => State::None,
        })
    }

    /// Takes the next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        match &mut self.0 {
            State::Md5(state) => state.update(bytes),
            State::Sha256(state) => state.update(bytes),
            State::None => {}
        }
    }

    /// The digest of all bytes that came, in lowercase hex; of [`Algorithm::None`] an empty text.
    #[must_use]
    pub fn finish(self) -> String {
        match self.0 {
            State::Md5(state) => hex::encode(state.finalize()),
            State::Sha256(state) => hex::encode(state.finalize()),
            State::None => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn digest(algorithm: Algorithm, pieces: &[&[u8]]) -> String {
        let mut hasher = Hasher::new(algorithm);
        for piece in pieces {
            hasher.update(piece);
        }
        hasher.finish()
    }

    #[test]
    fn the_vectors_of_the_standards() {
        // RFC 1321, A.5.
        let md5 = |text: &str| digest(Algorithm::Md5, &[text.as_bytes()]);
        assert_eq!(md5(""), "d41d8cd98f00b204e9800998ecf8427e");
        assert_eq!(md5("abc"), "900150983cd24fb0d6963f7d28e17f72");
        assert_eq!(md5("message digest"), "f96b697d7cb7938d525a2f31aaf161d0");
        // FIPS 180-4, examples of NIST.
        let sha256 = |text: &str| digest(Algorithm::Sha256, &[text.as_bytes()]);
        assert_eq!(
            sha256(""),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
        assert_eq!(
            sha256("abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert_eq!(
            sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        );
        assert_eq!(digest(Algorithm::None, &[b"abc"]), "");
    }

    #[test]
    fn every_algorithm_is_found_by_its_name() {
        for (name, algorithm) in Algorithm::ALL {
            assert_eq!(Algorithm::of(name), Some(algorithm));
            assert_eq!(algorithm.to_string(), name);
        }
        assert_eq!(Algorithm::of("MD5"), None);
    }

    proptest! {
        #[test]
        fn how_the_bytes_are_cut_makes_no_difference(pieces in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..200), 0..8)) {
            let slices: Vec<&[u8]> = pieces.iter().map(Vec::as_slice).collect();
            for (_, algorithm) in Algorithm::ALL {
                prop_assert_eq!(digest(algorithm, &slices), digest(algorithm, &[&pieces.concat()]));
            }
        }
    }
}
