//! [`fingerprint`]: one number that stands for all weights of a machine. A model keeps that of each epoch, so that
//! `nn verify` can say in which one a second training went another way.

use crate::catalog::Precision;
use crate::engine::Machine;
use crate::tensor::{GOLDEN, scramble};

/// Of trained tensors and running statistics, to the bit. Another place of a number is another fingerprint.
pub fn fingerprint<R: Precision>(machine: &Machine<'_, R>) -> u64 {
    let numbers = machine.parameters.iter().chain(&machine.state).zip(1u64..);
    numbers.fold(0, |sum, (number, place)| sum.wrapping_add(scramble(number.bits() ^ GOLDEN.wrapping_mul(place))))
}

/// Fingerprints as sixteen hexadecimal digits each, in one text.
pub(super) mod text {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};
    use std::fmt::Write;

    pub(crate) fn serialize<S: Serializer>(values: &[u64], to: S) -> Result<S::Ok, S::Error> {
        let mut text = String::with_capacity(16 * values.len());
        for value in values {
            let _ = write!(text, "{value:016x}");
        }
        to.serialize_str(&text)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u64>, D::Error> {
        let text = String::deserialize(from)?;
        if !text.len().is_multiple_of(16) || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(D::Error::custom("fingerprints are sixteen hexadecimal digits each"));
        }
        let one = |at: usize| u64::from_str_radix(&text[16 * at..][..16], 16).map_err(D::Error::custom);
        (0..text.len() / 16).map(one).collect()
    }
}
