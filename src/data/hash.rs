//! Hashes of numbers and texts that stay the same in every version: models know their rows by them. Not what is
//! hashed of a row: that is `keys`'.

use crate::tensor::{GOLDEN, scramble};

/// What `SplitMix64` gives after the state `z`: each bit of the result hangs on all bits of `z`.
#[inline]
pub(super) fn mix(z: u64) -> u64 {
    scramble(z.wrapping_add(GOLDEN))
}

/// Of a text, eight bytes at a time.
pub(super) fn of_text(text: &[u8]) -> u64 {
    let fold = |all: u64, chunk: &[u8]| {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        mix(all ^ u64::from_le_bytes(word))
    };
    text.chunks(8).fold(mix(text.len() as u64), fold)
}
