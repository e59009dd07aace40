//! Hashes of numbers and texts that stay the same in every version: models know their rows by them. Not what is hashed of
//! a row: that is `keys`'.

/// `SplitMix64`'s finalizer: each bit of the result hangs on all bits of `z`.
pub(super) fn mix(z: u64) -> u64 {
    let z = z.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
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
