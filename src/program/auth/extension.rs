//! Length extension: who has the digest of a secret and a message can make that of a longer message, without the secret.
//!
//! MD5 and SHA-256 work through their input block by block, and the digest is what they hold after the last one. So a
//! digest can be taken up as the state in which to go on. What came before must end with a block: the padding that the
//! digest was made with is in the longer message now.

use md5::Md5;
use md5::digest::Digest;
use md5::digest::common::hazmat::{SerializableState, SerializedState};
use sha2::Sha256;

use super::Answer;

/// A longer message than was heard, and its digest; the secret before it has `secret` bytes. Nothing if the digest is of
/// no kind that could be taken up.
#[must_use]
pub fn extend(heard: &Answer, secret: usize, more: &[u8]) -> Option<Answer> {
    let before = secret + heard.message.len();
    let bits = (before as u64) * 8;
    let (length, state) = match heard.digest.len() {
        16 => (bits.to_le_bytes(), heard.digest.clone()),
        // SHA-256 writes its words with the highest byte first, and the library keeps them with the lowest first.
        32 => (
            bits.to_be_bytes(),
            heard
                .digest
                .chunks(4)
                .flat_map(|word| word.iter().rev().copied())
                .collect(),
        ),
        _ => return None,
    };
    let padding = padding(before, length);
    let blocks = ((before + padding.len()) / BLOCK) as u64;
    let digest = match state.len() {
        16 => take_up::<Md5>(&state, blocks)?.chain_update(more).finalize().to_vec(),
        _ => take_up::<Sha256>(&state, blocks)?
            .chain_update(more)
            .finalize()
            .to_vec(),
    };
    let message = [&heard.message[..], &padding, more].concat();
    Some(Answer { message, digest })
}

/// What both put behind their input (RFC 1321, section 3; RFC 6234, section 4): a one bit, zeros, and the length in bits.
fn padding(input: usize, length: [u8; 8]) -> Vec<u8> {
    let mut padding = vec![0x80];
    while (input + padding.len()) % BLOCK != BLOCK - length.len() {
        padding.push(0);
    }
    padding.extend(length);
    padding
}

/// A hasher that has worked through so many blocks and holds this state. The library keeps the state first, then the count
/// of blocks, then what does not fill a block, which is nothing here.
fn take_up<H: Digest + SerializableState>(state: &[u8], blocks: u64) -> Option<H> {
    let mut kept: SerializedState<H> = H::new().serialize();
    let count = blocks.to_le_bytes();
    kept.get_mut(..state.len())?.copy_from_slice(state);
    kept.get_mut(state.len()..state.len() + count.len())?
        .copy_from_slice(&count);
    H::deserialize(&kept).ok()
}

/// Bytes of a block.
const BLOCK: usize = 64;
