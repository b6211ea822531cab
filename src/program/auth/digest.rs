//! Digests over a message under a key, made and compared.

use hmac::{Hmac, KeyInit, Mac};
use md5::Md5;
use md5::digest::{CtOutput, Digest, Output};
use sha2::Sha256;

use crate::scenario::program::auth::Scheme;

/// The digest over a message under a key.
#[must_use]
pub fn digest(scheme: Scheme, key: &[u8], message: &[u8]) -> Vec<u8> {
    match scheme {
        Scheme::HmacSha256 => mac::<Hmac<Sha256>>(key, message).map(made),
        Scheme::HmacMd5 => mac::<Hmac<Md5>>(key, message).map(made),
        Scheme::Md5SecretNonce => Some(secret_first(key, message).to_vec()),
    }
    .unwrap_or_default()
}

/// Whether a digest is the right one, in a time that does not depend on where it differs: else who measures the time
/// could find it byte by byte. That its length is another is no secret.
#[must_use]
pub fn verify(scheme: Scheme, key: &[u8], message: &[u8], digest: &[u8]) -> bool {
    match scheme {
        Scheme::HmacSha256 => mac::<Hmac<Sha256>>(key, message).is_some_and(|mac| mac.verify_slice(digest).is_ok()),
        Scheme::HmacMd5 => mac::<Hmac<Md5>>(key, message).is_some_and(|mac| mac.verify_slice(digest).is_ok()),
        Scheme::Md5SecretNonce => Output::<Md5>::try_from(digest)
            .is_ok_and(|given| CtOutput::<Md5>::new(secret_first(key, message)) == CtOutput::new(given)),
    }
}

/// A HMAC takes keys of every length, so there always is one.
fn mac<M: Mac + KeyInit>(key: &[u8], message: &[u8]) -> Option<M> {
    let mut mac = <M as KeyInit>::new_from_slice(key).ok()?;
    mac.update(message);
    Some(mac)
}

fn made(mac: impl Mac) -> Vec<u8> {
    mac.finalize().into_bytes().to_vec()
}

fn secret_first(key: &[u8], message: &[u8]) -> Output<Md5> {
    Md5::new().chain_update(key).chain_update(message).finalize()
}
